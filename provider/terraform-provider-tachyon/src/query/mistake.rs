//! What can be wrong with what single functions and data sources take besides a deployment.

use portmatrix::kinds;

kinds! {
    /// Mistakes in what single functions and data sources take besides a deployment.
    pub enum QueryMistake {
        UnknownPlatform = "unknown_platform", "Unknown platform",
            "`platforms = [\"gcp\"]` in `tachyon_role`. Write `\"aws\"` or `\"azure\"`.";
        ReservedName = "reserved_name", "Reserved name",
            "a peer named `self` in `tachyon_role`. That is the machine itself; call the peer something else.";
        UnknownFormat = "unknown_format", "Unknown format",
            "`diagram(local.deployment, \"png\")`. Write `\"svg\"`, `\"grid\"`, `\"mermaid\"` or `\"dot\"`. For `report` the text lists others.";
        TooLongReport = "too_long_report", "Too long a report",
            "the networks of two endpoints with hundreds of them, each with each, in `report`. Merge or summarize CIDRs, or ask for `only_across_zones`.";
        UnknownProtocol = "unknown_protocol", "Unknown protocol",
            "`explain(local.deployment, \"clients\", \"tachyon\", \"TCP\", 443)`. Write `\"tcp\"` or `\"udp\"`.";
        FamiliesDiffer = "families_differ", "Addresses of different families",
            "`explain(local.deployment, \"10.0.0.1\", \"2001:db8::1\", \"tcp\", 443)`. Traffic stays within IPv4 or IPv6: ask about two addresses of one of them.";
        UnknownTable = "unknown_table", "Unknown table",
            "`table = \"dms\"` in `tachyon_matrix`. Write `table = \"dmz\"`.";
        TooFewPrefixes = "too_few_prefixes", "Too few prefixes",
            "`summarize_cidrs([\"10.0.0.0/8\", \"2001:db8::/32\"], 1)`. Each address family needs at least one: write 2.";
        UnknownWord = "unknown_word", "Unknown word",
            "a protocol, direction or access in `actual` or `accepted` of an audit function that no cloud has, such as `ip_protocol = \"tpc\"`. Write `\"tcp\"`.";
        NotExactlyOne = "not_exactly_one", "Not exactly one",
            "a rule in `actual` or `accepted` with no source, or with several. A rule as the cloud gives it has one.";
        RepeatedRule = "repeated_rule", "Repeated rule",
            "one rule stands in `actual` twice. Leave one of the two out.";
        RepeatedList = "repeated_list", "Repeated prefix list",
            "`{ prefix_lists = { \"pl-1\" = [...], \"123456789012/pl-1\" = [...] } }` of an audit: two spellings of one id. Leave one of the two out.";
        IncompleteAnswer = "incomplete_answer", "Incomplete answer",
            "`actual` is the first page of an answer of several, with a `NextToken`. Give the rules of all pages as one list.";
        TooManyActualRules = "too_many_actual_rules", "Too many actual rules",
            "`actual` or `accepted` has more rules than one endpoint can have. Give those of one endpoint only.";
        UnclearGroups = "unclear_groups", "Unclear groups",
            "an audit of an endpoint with `security_groups = 2` and rules of three groups, or `groups` that say something else than the deployment. Name the endpoint's own groups in the last argument: `{ groups = [\"sg-1\", \"sg-2\"] }`.";
        OtherShape = "other_shape", "Other shape",
            "`actual` is something else that clouds or Terraform show, such as the data source `aws_vpc_security_group_rules`, which has ids only. The text says what to give instead, such as `data.aws_vpc_security_group_rule`.";
        EntangledRules = "entangled_rules", "Entangled rules",
            "hundreds of denies that cross each other in ports, sources and destinations at once, so that what they leave can't be told in bounded time. Give ranges that hold each other or lie apart.";
        RepeatedArgument = "repeated_argument", "Repeated argument",
            "a function with two arguments that it takes once, such as `{ accepted = [\"sgr-1\"] }, { accepted = [\"sgr-2\"] }` of an audit. Write `{ accepted = [\"sgr-1\", \"sgr-2\"] }`.";
        UnknownLint = "unknown_lint", "Unknown lint",
            "`lint(local.deployment, { disable = [\"unreachd\"] })`. Write `\"unreached\"`; the text lists the ids.";
        TooManyDifferences = "too_many_differences", "Too many differences",
            "the two deployments of `compare` differ in so much that what is opened can't be found in reasonable time. Compare parts of them.";
        UnknownSeverity = "unknown_severity", "Unknown severity",
            "`{ severities = { unreached = \"errr\" } }` in `lint`. Write `\"error\"`, `\"warning\"` or `\"info\"`.";
    }
}
