variable "endpoints" {
  description = "Endpoints besides those of deployment.json, or instead of those with the same name."
  type        = any
  default     = {}
  nullable    = false
}

variable "options" {
  description = "Options of the tachyon provider besides those of deployment.json, or instead of them."
  type        = any
  default     = {}
  nullable    = false
}

variable "exclusive" {
  description = "Whether rules that are not of this configuration are removed from the groups."
  type        = bool
  default     = true
  nullable    = false
}
