variable "groups" {
  description = "Security groups with the ids of all the rules that they may have: the output ownership of the module aws-security-groups."
  type = map(object({
    security_group_id = string
    ingress_rule_ids  = set(string)
    egress_rule_ids   = set(string)
  }))
  nullable = false
}
