variable "client_networks" {
  description = "The networks with managed devices, by site. Each site becomes an endpoint."
  type        = map(list(string))
  default = {
    emea = ["10.32.0.0/12"]
    us   = ["10.64.0.0/12", "2001:db8:64::/48"]
  }
}

variable "switch_ports" {
  description = "The ports of the Tachyon server's Switches; each is followed by a poke port that must stay free."
  type        = list(number)
  default     = [4000]
}

variable "sql_port" {
  description = "The port of the SQL Server instance."
  type        = number
  default     = 1433
}

variable "accepted_warnings" {
  description = "Warnings that someone has looked into, as \"<id>/<endpoint>\"."
  type        = set(string)
  default     = []
}
