//! What Azure alone can refuse, and warn of.

use portmatrix::kinds;

kinds! {
    /// Mistakes that Azure alone can have.
    pub enum AzureMistake {
        UnusableServiceTag = "unusable_service_tag", "Unusable service tag",
            "`service_tag = \"10.0.0.0/8\"`. Write `cidrs = [\"10.0.0.0/8\"]`, or a tag such as `service_tag = \"Internet\"`.";
        UnusableGroupId = "unusable_group_id", "Unusable group id",
            "`application_security_group_ids = [azurerm_network_security_group.servers.id]`, which is the id of something else, or text with blanks. Give ids of application security groups, as `azurerm_application_security_group` has them.";
        NameTooLong = "name_too_long", "Name too long",
            "a `network_security_group` of more than 80 characters. Shorten it.";
        TwoSpellingsOfAServiceTag = "two_spellings_of_a_service_tag", "Two spellings of a service tag",
            "`service_tag = \"Internet\"` on one endpoint and `\"internet\"` on another. Azure does not tell them apart: write one of them.";
        TwoSpellingsOfANetworkSecurityGroup = "two_spellings_of_a_network_security_group", "Two spellings of a network security group",
            "`network_security_group = \"nsg-servers\"` on one endpoint and `\"NSG-Servers\"` on another. Azure does not tell them apart: write one of them.";
        GroupNamedLikeAnEndpoint = "group_named_like_an_endpoint", "Group named like an endpoint",
            "`network_security_group = \"sql\"` beside an endpoint `sql` that is not in that group. Rules are kept by these names: write another, such as `\"nsg-sql\"`.";
        TooManyNetworkSecurityRules = "too_many_network_security_rules", "Too many network security rules",
            "an endpoint or shared group needs more than 1000 rules. The text says which flows have most, and which endpoints of a shared group to take out: `network_security_group = null`.";
        TooManyPrefixesInARule = "too_many_prefixes_in_a_rule", "Too many prefixes in a rule",
            "a rule has more than 4000 prefixes at one end. The text says whether `options = { merge_cidrs = true }` is enough, and else to how many prefixes `summarize_cidrs` would have to bring which endpoints.";
        RepeatedServiceTag = "repeated_service_tag", "Repeated service tag",
            "`allow_services = [\"AzureMonitor\", \"AzureMonitor\"]`. Write it once.";
        TooManyApplicationSecurityGroups = "too_many_application_security_groups", "Too many application security groups",
            "the rules of a group name more than 100. The text says which endpoints of a shared group to take out, and how many would be named if each endpoint had one alone. Give machines that are treated alike the same group.";
        RuleForAnybodyInASharedGroup = "rule_for_anybody_in_a_shared_group", "Rule for anybody in a shared group",
            "an endpoint with `network_security_group` has no address of its own that fits a rule, so the rule would be open to the others in the group. Give it `application_security_group_ids`, or the `cidrs` that the text names: peers that are groups or tags need those of one family.";
        PinOfNoRule = "pin_of_no_rule", "Pin of no rule",
            "`priorities = { \"inbound/client_to_switch/4000\" = 4000 }` is the key of no rule. Copy the whole key: `\"inbound/client_to_switch/4000/ipv4\"`.";
        PinnedTwice = "pinned_twice", "Pinned twice",
            "two rules of one direction and group are pinned to one number. Give each its own.";
        NoPriority = "no_priority", "No priority",
            "a flow in `additions` without `priority`, where Azure's rules are asked for. Give the first of 20 that are free: `priority = 3400`.";
        PriorityOutOfRange = "priority_out_of_range", "Priority out of range",
            "`priority = 300` of a flow in `additions`, which are the numbers of a documented flow. The text says which are free beside the document: with 8.1 a row begins at 3400 to 4076.";
        OverlappingPriorities = "overlapping_priorities", "Overlapping priorities",
            "`priority = 3400` and `priority = 3410` of two flows in `additions`. Each has 20 numbers: write 3400 and 3420.";
        NoPriorityLeft = "no_priority_left", "No priority left",
            "a band is full. Pin the rule to the number above the last band that the text names: `options = { azure = { priorities = { \"inbound/client_to_switch/4105/ipv4\" = 4000 } } }`.";
    }
}

kinds! {
    /// What Azure alone warns of.
    pub enum AzureWarning {
        PriorityCollision = "priority_collision", "Two rules want one priority",
            "Azure: two rules of one flow want one priority. One of them got the next free one; it may change when the other goes. Pin one of them.";
        OwnGroupsOverTen = "own_groups_over_ten", "More groups than fit at the own end of a rule",
            "Azure: an endpoint has more application security groups than fit at its own end of a rule. Its own end is its CIDRs, or `*`. Give its network security group to its own interfaces alone, or split it.";
    }
}

/// What to do about each warning.
pub(super) const REMEDIES: &[(&str, &str)] = &[
    (
        AzureWarning::PriorityCollision.kind().id,
        "Pin one of the two rules by `options.azure.priorities`.",
    ),
    (
        AzureWarning::OwnGroupsOverTen.kind().id,
        "Split the endpoint, or attach its network security group to its own interfaces alone.",
    ),
];
