terraform {
  required_providers {
    tachyon = {
      source = "tachyon-iac/tachyon"
    }
  }
}

# What a DMZ Server needs, and its rules with these peers.
data "tachyon_role" "dmz" {
  name      = "dmz_server"
  platforms = ["aws"]

  peers = {
    tachyon = { roles = ["master_stack", "response_stack"], security_group_id = "sg-0a11c0ffee0000001" }
    roaming = { roles = ["internet_client"], cidrs = ["0.0.0.0/0", "::/0"] }
    crl     = { roles = ["crl_distribution_point"], cidrs = ["198.51.100.80/32"] }
  }
}

# What the document says about the role, whatever its peers are.
output "flows" {
  value = { for flow in data.tachyon_role.dmz.flows : flow.id => flow.purpose }
}

# Ready for: for_each = data.tachyon_role.dmz.security_group_rules.ingress
output "ingress" {
  value = { for key, rule in data.tachyon_role.dmz.security_group_rules.ingress : key => rule.description }
}
