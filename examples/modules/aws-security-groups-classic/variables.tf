variable "endpoints" {
  description = "The endpoints of the installation, as the functions of the tachyon provider take them: roles and addresses by name. Leave security_group_id out of those in create_for and existing."
  # Not an object type: Terraform would silently drop misspelt attributes.
  type     = any
  nullable = false
}

variable "create" {
  description = "Whether the module does anything, true or false: with false it creates nothing, and every output is empty."
  # A bool. Any, as the error can then say where the names of endpoints go, which stood here before.
  type     = any
  default  = true
  nullable = false

  validation {
    condition     = can(tobool(var.create))
    error_message = "create is true or false: whether the module creates anything. The names of the endpoints for which groups are created stand in create_for."
  }
}

variable "create_for" {
  description = "Names of the endpoints for which security groups are created. How many: the endpoint's security_groups, else options.aws.groups, else one."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "existing" {
  description = "Security groups that exist and get the rules of an endpoint: their ids by the endpoint's name, at least one. Peers refer to the first. Rules that are there already stay."
  type        = map(list(string))
  default     = {}
  nullable    = false
}

variable "vpc_id" {
  description = "The VPC of the groups that are created; needed if there are any."
  type        = string
  default     = null
}

variable "name_prefix" {
  description = "What the names of the groups and prefix lists that are created begin with; the endpoint's name follows."
  type        = string
  default     = "tachyon-"
  nullable    = false
}

variable "group_descriptions" {
  description = "What the groups that are created are described as, by endpoint, where not \"1E Tachyon endpoint <name>\". A group that is there keeps its own: EC2 can't change it."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "timeouts" {
  description = "How long hashicorp/aws waits for a group to be created and deleted, such as { delete = \"30m\" }; what is left out is the provider's own. It knows none for rules and prefix lists."
  type        = object({ create = optional(string), delete = optional(string) })
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

variable "extra_rules" {
  description = "Rules of your own beside the documented ones, by the name of an endpoint in create_for or existing and a name of yours for each. Exactly one of the four peers; max_entries is that of the prefix list. No ports with the protocol \"-1\" (all traffic), type and code with \"icmp\" and \"icmpv6\". Of several groups of the endpoint, group is the number of the one that holds the rule."
  type = map(map(object({
    direction                    = string
    ip_protocol                  = string
    from_port                    = optional(number)
    to_port                      = optional(number)
    cidr_ipv4                    = optional(string)
    cidr_ipv6                    = optional(string)
    prefix_list_id               = optional(string)
    max_entries                  = optional(number)
    referenced_security_group_id = optional(string)
    description                  = string
    group                        = optional(number, 0)
  })))
  default  = {}
  nullable = false
}

variable "options" {
  description = "Options of the tachyon provider, such as { merge_cidrs = true } or { aws = { prefix_lists = true } }."
  type        = any
  default     = {}
  nullable    = false
}

variable "matrix_version" {
  description = "The version of the communication matrix, such as \"8.1\"; null for the newest that the provider has."
  type        = string
  default     = null
}

variable "additions" {
  description = "Rows of your own on top of the document, as the functions of the tachyon provider take them: { roles = {...}, flows = {...} }."
  type        = any
  default     = null
}

variable "matrix" {
  description = "A whole document of your own, such as yamldecode(file(\"matrix.yaml\")), instead of one that the provider has. Leave matrix_version out then."
  type        = any
  default     = null
}

variable "tags" {
  description = "Tags of the groups and prefix lists that are created."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "renamed" {
  description = "Endpoints that have another name now: the new name by the old one. The output moved has the blocks for them."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "module_address" {
  description = "What this module is called where it is used, for the output moved."
  type        = string
  default     = "module.tachyon"
  nullable    = false
}

variable "revoke_last" {
  description = "Whether rules that are no longer wanted are revoked after all that are new have been created, so that what is allowed before and after is never refused in between. Both count for EC2's quota until then: with false, in no order, where a group has no room for that."
  type        = bool
  default     = true
  nullable    = false
}
