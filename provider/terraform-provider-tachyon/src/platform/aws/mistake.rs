//! What AWS alone can refuse, and warn of.

use portmatrix::kinds;

kinds! {
    /// Mistakes that AWS alone can have.
    pub enum AwsMistake {
        UnusablePrefixListName = "unusable_prefix_list_name", "Unusable prefix list name",
            "`prefix_lists = { \"head office\" = { … } }`. Write `head-office`.";
        UnusableId = "unusable_id", "Unusable id",
            "`security_group_id = \"web-servers\"` is a name, and `\"pl-0123456789abcdef0\"` another kind of id. Give the id of a security group, not its ARN; a prefix list belongs into `prefix_lists`.";
        UnknownAddressFamily = "unknown_address_family", "Unknown address family",
            "`address_family = \"ipv4\"`. Write `address_family = \"IPv4\"`.";
        TooManySecurityGroupRules = "too_many_security_group_rules", "Too many security group rules",
            "the rules of an endpoint do not fit into its groups. The text says how many there are, which peers cause them, and which of these make them fit: `security_groups = 2`, `options = { merge_cidrs = true }`, both, or no `prefix_lists`. Each was tried.";
        TooManyPrefixListEntries = "too_many_prefix_list_entries", "Too many prefix list entries",
            "with `options.aws.prefix_lists`, a peer has more than 100 CIDRs of one family, and EC2 creates a list with at most 100. The text says whether `options = { merge_cidrs = true, … }` is enough; `summarize_cidrs` makes any list fit.";
        QuotasThatEc2DoesNotGrantTogether = "quotas_that_ec2_does_not_grant_together", "Quotas that EC2 does not grant together",
            "`options = { aws = { rules_per_group = 250, groups_per_interface = 5 } }` is 1250; EC2 allows 1000. Write `groups_per_interface = 4`.";
        PeeredWithNobody = "peered_with_nobody", "Peered with nobody",
            "`peered_networks = [[\"vpc-eu\"]]`. Write all networks that are peered: `[[\"vpc-eu\", \"vpc-eu-2\"]]`.";
        UnknownNetwork = "unknown_network", "Unknown network",
            "`peered_networks` names a network that no endpoint tells in `network`. The text has the nearest.";
        MoreGroupsThanAnInterfaceHas = "more_groups_than_an_interface_has", "More groups than an interface has",
            "`options = { aws = { groups = 6 } }`. Write at most `groups_per_interface`, or raise that to the quota of your account.";
    }
}

kinds! {
    /// What AWS alone warns of.
    pub enum AwsWarning {
        RulesOverLimit = "rules_over_limit", "More rules than a security group holds",
            "AWS: more rules than the groups of an endpoint hold, but it has no security group here. It matters only if the endpoint gets one. Where it has one, this is an error.";
    }
}

/// What to do about each warning.
pub(super) const REMEDIES: &[(&str, &str)] = &[(
    AwsWarning::RulesOverLimit.kind().id,
    "If the endpoint gets security groups, give it enough of them, or merge the CIDRs of its peers.",
)];
