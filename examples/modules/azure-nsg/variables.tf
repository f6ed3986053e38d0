variable "endpoints" {
  description = "The endpoints of the installation, as the functions of the tachyon provider take them: roles and addresses by name. Every attribute reaches the provider, which refuses the names that it does not know."
  # Not an object type: Terraform would silently drop misspelt attributes.
  type     = any
  nullable = false
}

variable "create" {
  description = "Whether the module does anything, true or false: with false it creates nothing, and every output is empty."
  type        = bool
  default     = true
  nullable    = false
}

variable "application_security_groups" {
  description = "Application security groups to create: the group's name, by the endpoint that is addressed by it. Endpoints with groups that exist name those in application_security_group_ids instead."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in values(var.application_security_groups) : can(regex("^[A-Za-z0-9]([A-Za-z0-9_.-]{0,78}[A-Za-z0-9_])?$", name))])
    error_message = "The name of an application security group has 1 to 80 letters, digits, '_', '.' and '-'; it begins with a letter or digit and does not end with '.' or '-'."
  }
  validation {
    condition     = length(distinct([for name in values(var.application_security_groups) : lower(name)])) == length(var.application_security_groups)
    error_message = "Two endpoints share the name of an application security group, in which case does not count. Join the endpoints, or give each its own group."
  }
}

variable "network_security_groups" {
  description = "Network security groups to create: the group's name, by the endpoint whose rules it holds, or by the network_security_group that endpoints share."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in values(var.network_security_groups) : can(regex("^[A-Za-z0-9]([A-Za-z0-9_.-]{0,78}[A-Za-z0-9_])?$", name))])
    error_message = "The name of a network security group has 1 to 80 letters, digits, '_', '.' and '-'; it begins with a letter or digit and does not end with '.' or '-'."
  }
  validation {
    condition     = length(distinct([for name in values(var.network_security_groups) : lower(name)])) == length(var.network_security_groups)
    error_message = "Two keys share the name of a network security group, in which case does not count. Give endpoints that shall share a group one network_security_group, and name the group by that."
  }
}

variable "existing_network_security_groups" {
  description = "Network security groups that exist: name and resource group, by the endpoint whose rules are added, or by the network_security_group that endpoints share. Rules that are there already should keep to the priorities above the provider's bands."
  type        = map(object({ name = string, resource_group_name = string }))
  default     = {}
  nullable    = false

  validation {
    condition = length(distinct([
      for group in values(var.existing_network_security_groups) : lower("${group.resource_group_name}/${group.name}")
    ])) == length(var.existing_network_security_groups)
    error_message = "Two keys name one existing network security group: their rules would share names and priorities. Give endpoints that shall share a group one network_security_group, and name the group by that."
  }
}

variable "extra_rules" {
  description = "Rules of your own beside the documented ones, by the endpoint or shared name of a group and a name of yours for each. Each end has exactly one of its three forms. No two rules of one direction have one priority; 4000 to 4095 are never used by documented rules."
  type = map(map(object({
    direction                                  = string
    access                                     = optional(string, "Allow")
    protocol                                   = string
    priority                                   = number
    destination_port_range                     = optional(string, "*")
    source_address_prefix                      = optional(string)
    source_address_prefixes                    = optional(list(string))
    source_application_security_group_ids      = optional(list(string))
    destination_address_prefix                 = optional(string)
    destination_address_prefixes               = optional(list(string))
    destination_application_security_group_ids = optional(list(string))
    description                                = string
  })))
  default  = {}
  nullable = false
}

variable "resource_group_name" {
  description = "The resource group in which groups are created."
  type        = string
}

variable "location" {
  description = "The region of the groups that are created, such as \"westeurope\": the region of the machines."
  type        = string
}

variable "rules_as" {
  description = "What becomes of the rules: \"resources\" (one azurerm_network_security_rule each), \"inline\" (the security_rule of each group: one request, foreign rules removed) or \"none\" (the groups are emptied, the step between the other two)."
  type        = string
  default     = "resources"
  nullable    = false

  validation {
    condition     = contains(["resources", "inline", "none"], var.rules_as)
    error_message = "Accepted are \"resources\", \"inline\" and \"none\"."
  }
}

variable "matrix_version" {
  description = "The version of the communication matrix, such as \"8.1\"; null for the newest that the provider has."
  type        = string
  default     = null
}

variable "additions" {
  description = "Rows of your own on top of the document, as the functions of the tachyon provider take them: { roles = {...}, flows = {...} }; each flow with a priority."
  type        = any
  default     = null
}

variable "matrix" {
  description = "A whole document of your own, such as yamldecode(file(\"matrix.yaml\")), instead of one that the provider has. Leave matrix_version out then."
  type        = any
  default     = null
}

variable "exclude_flows" {
  description = "Ids of documented flows that get no rule, such as \"client_p2p\"."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "include_flows" {
  description = "Ids of documented flows that are wanted on purpose, though the document leaves them in doubt, such as \"client_p2p\"."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "options" {
  description = "Options of the tachyon provider, such as { azure = { deny_all = true } }, without which Azure's default rules admit the whole virtual network."
  type        = any
  default     = {}
  nullable    = false
}

variable "tags" {
  description = "Tags of the groups that are created."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "timeouts" {
  description = "How long azurerm waits for each group and rule, such as { create = \"45m\" }; what is left out is the provider's own."
  type = object({
    create = optional(string)
    read   = optional(string)
    update = optional(string)
    delete = optional(string)
  })
  default = null
}
