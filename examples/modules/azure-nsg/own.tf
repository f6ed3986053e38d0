locals {
  # How the description of a rule of the user's own begins. That of a documented rule begins with "1E Tachyon".
  own_mark = "Own rule: "

  # By endpoint or shared name, and by "<inbound|outbound>/own/<name>": where "own" stands, the key of a documented rule has its
  # flow. Rules for groups that are not there and malformed ones are left out here and reported with the outputs.
  own = {
    for holder in local.placed : holder => {
      for name, rule in lookup(local.wanted.extra_rules, holder, {}) : "${lower(rule.direction)}/own/${name}" => merge(rule, {
        name              = "own-${name}"
        description       = "${local.own_mark}${rule.description}"
        source_port_range = "*"
        peers             = tolist([])
        documented        = false
        flows             = tolist([])
      }) if !contains(keys(local.own_malformed), "${holder}/${name}")
    }
  }
}
