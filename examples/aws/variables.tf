variable "client_networks" {
  description = "The networks with managed devices, by site. Each site becomes an endpoint."
  type        = map(list(string))
  default = {
    emea = ["10.32.0.0/12"]
    us   = ["10.64.0.0/12", "2001:db8:64::/48"]
  }
}

variable "admin_networks" {
  description = "The networks from which people use the portal and the API."
  type        = list(string)
  default     = ["10.20.100.0/24"]
}

variable "https_port" {
  description = "The HTTPS port of the Tachyon server's website."
  type        = number
  default     = 443
}

variable "switch_ports" {
  description = "The ports of the Tachyon server's Switches; each is followed by a poke port that must stay free."
  type        = list(number)
  default     = [4000]
}
