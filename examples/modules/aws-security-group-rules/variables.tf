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

variable "create_for" {
  description = "Names of the endpoints for which security groups are created. How many: the endpoint's security_groups, else options.aws.groups, else one."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "existing" {
  description = "Security groups that exist and get the rules of an endpoint: their ids by the endpoint's name, at least one. Peers refer to the first."
  type        = map(list(string))
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for ids in values(var.existing) : length(ids) > 0])
    error_message = "No ids are given for ${join(", ", [for name, ids in var.existing : "\"${name}\"" if length(ids) == 0])}. Each endpoint in existing has at least one security group; leave out those that have none."
  }
  validation {
    # Of ids that are known after the apply alone this is found out then.
    condition     = alltrue([for ids in values(var.existing) : alltrue([for id in ids : id != null])])
    error_message = "Ids in existing are null, for ${join(", ", [for name, ids in var.existing : "\"${name}\"" if !alltrue([for id in ids : id != null])])}. Which rules there are depends on whether an endpoint has a group: leave out those that have none."
  }
}

variable "members_only" {
  description = "Whether to create only the group that peers refer to, one for each endpoint, because the caller has groups of its own for the rules."
  type        = bool
  default     = false
  nullable    = false
}

variable "vpc_id" {
  description = "The VPC of the groups that are created. May be null if none is."
  type        = string
}

variable "name_prefix" {
  description = "What the names of the groups and prefix lists that are created begin with."
  type        = string
  nullable    = false

  validation {
    # The rest of a name has at most 70 of EC2's 255 characters.
    condition     = length(var.name_prefix) <= 180
    error_message = "The prefix has ${length(var.name_prefix)} characters; at most 180 leave room for the names of endpoints in EC2's 255."
  }
  validation {
    condition     = can(regex("^[A-Za-z0-9 ._:/()#,@\\[\\]+=&;{}!$*-]*$", var.name_prefix))
    error_message = "EC2 takes letters, digits, spaces and ._-:/()#,@[]+=&;{}!$* in the name of a security group."
  }
}

variable "group_descriptions" {
  description = "What the groups that are created are described as, by endpoint, where not \"1E Tachyon endpoint <name>\". A group that is there keeps its own: EC2 can't change it."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for text in values(var.group_descriptions) : can(regex("^[A-Za-z0-9 ._:/()#,@\\[\\]+=&;{}!$*-]{1,255}$", text))])
    error_message = "The description of a group has 1 to 255 of the characters that EC2 takes: letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*."
  }
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
  # What is wrong with a rule is reported by the output rules.
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

  validation {
    condition     = length(distinct(values(var.renamed))) == length(var.renamed)
    error_message = "Two endpoints of renamed have the same new name. Give each old name a new one of its own."
  }
}

variable "module_address" {
  description = "What the caller is called where it is used, for the output moved."
  type        = string
  default     = "module.tachyon"
  nullable    = false
}

variable "addresses" {
  description = "The resources of the caller for the output moved: with the groups and prefix lists of this module, with the rules by direction, and with groups of its own for the rules (holders)."
  type = object({
    groups       = optional(string, "module.plan.aws_security_group.this")
    prefix_lists = optional(string, "module.plan.aws_ec2_managed_prefix_list.this")
    ingress      = optional(string)
    egress       = optional(string)
    holders      = optional(string)
  })
  default  = {}
  nullable = false
}
