//! Rules that are the user's own on purpose: what is accepted, what stays, and what matches nothing.

use std::collections::BTreeSet;

use expect_test::expect_file;
use proptest::prelude::*;
use proptest::sample::select;
use tfplugin::Value;

use super::golden::{check, nsg, on_aws, on_azure, rule};
use super::packets::Rule;
use super::{AWS, AZURE, audit, audit_accepting, aws_oracle, azure_oracle};
use crate::answer::{Read, call};

#[test]
fn rules_of_ones_own_in_a_security_group() {
    let actual = value!([
        { "id": "sgr-01", "is_egress": false, "ip_protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_ipv4": "10.0.0.0/8" },
        { "id": "sgr-02", "is_egress": false, "ip_protocol": "tcp", "from_port": 3389, "to_port": 3389, "cidr_ipv4": "10.3.0.0/24" },
        { "id": "sgr-03", "is_egress": false, "ip_protocol": "tcp", "from_port": 3389, "to_port": 3389, "cidr_ipv4": "0.0.0.0/0" },
        { "id": "sgr-04", "is_egress": false, "ip_protocol": "icmp", "from_port": 8, "to_port": (-1), "cidr_ipv4": "10.3.0.0/24" },
        { "id": "sgr-05", "is_egress": false, "ip_protocol": "icmp", "from_port": (-1), "to_port": (-1), "cidr_ipv4": "10.3.0.0/24" },
        { "id": "sgr-06", "is_egress": true, "ip_protocol": "-1", "cidr_ipv4": "0.0.0.0/0" },
    ]);
    let accepted = vec![
        // Documented already, so it stays where it is.
        value!("sgr-01"),
        value!("sgr-06"),
        value!("sgr-99"),
        // Host bits, another spelling, and a port range that is one port.
        value!({ "IsEgress": false, "IpProtocol": "6", "FromPort": 3389, "ToPort": 3389, "CidrIpv4": "10.3.0.7/24", "Description": "RDP" }),
        // One type of ICMP does not accept all.
        value!({ "is_egress": false, "ip_protocol": "icmp", "from_port": 8, "to_port": (-1), "cidr_ipv4": "10.3.0.0/24" }),
        // The other direction is another rule.
        value!({ "is_egress": true, "ip_protocol": "tcp", "from_port": 3389, "to_port": 3389, "cidr_ipv4": "10.3.0.0/24" }),
    ];
    check(
        &audit_accepting(AWS, on_aws(), "response", actual, accepted),
        expect_file!["golden/accepted_in_a_security_group.txt"],
    );
}

#[test]
fn rules_of_ones_own_in_a_network_security_group() {
    let inbound = |name, priority, access, source: &str, port| {
        rule(name, priority, ["Inbound", access, "Tcp"], source.into(), port, "*")
    };
    let actual = nsg(vec![
        inbound("no-guests", 110, "Deny", "10.1.7.0/24", "4000"),
        inbound("ssh", 120, "Allow", "VirtualNetwork", "22"),
        inbound("switch", 125, "Allow", "10.0.0.0/15", "4000"),
        inbound("remote-desktop", 130, "Allow", "10.3.0.0/24", "3389"),
        inbound("agents", 140, "Allow", "10.4.0.0/24", "8443"),
    ]);
    let accepted = vec![
        // The id in another case, as azurerm writes some.
        value!(
            "/subscriptions/1/resourcegroups/NET/providers/Microsoft.Network/networkSecurityGroups/response/securityRules/SSH"
        ),
        // The name alone is no id where there are ids.
        value!("agents"),
        // Neither name nor priority, and the tag in another case.
        value!({
            "direction": "inbound", "access": "allow", "protocol": "TCP", "source_port_range": "*", "source_address_prefix": "10.3.0.0/24",
            "destination_port_ranges": ["3389"], "destination_address_prefix": "*",
        }),
        // To accept a deny hides nothing: what it shadows is reported.
        inbound("theirs", 4000, "Deny", "10.1.7.0/24", "4000"),
        // A rule that allows is not accepted by one that denies.
        inbound("agents", 140, "Deny", "10.4.0.0/24", "8443"),
    ];
    check(
        &audit_accepting(AZURE, on_azure(), "response", actual, accepted),
        expect_file!["golden/accepted_in_a_network_security_group.txt"],
    );
}

#[test]
fn where_the_answer_has_names_for_ids_a_name_is_one() {
    let ssh = rule("SSH", 120, ["Inbound", "Allow", "Tcp"], value!("VirtualNetwork"), "22", "*");
    let answer = audit_accepting(AZURE, on_azure(), "response", value!([ssh]), vec![value!("ssh")]);
    assert_eq!(answer.at("accepted").list()[0].at("id").text(), "SSH");
    assert!(answer.at("extra").list().is_empty());
}

#[test]
fn a_rule_for_a_list_that_is_still_to_be_created_is_accepted_by_what_the_list_will_hold() {
    let deployment = || {
        value!({
            "options": { "aws": { "prefix_lists": true } },
            "endpoints": {
                "response": { "roles": ["response_stack"], "security_group_id": "sg-response" },
                "clients": { "roles": ["client"], "cidrs": ["10.0.0.0/24", "10.2.0.0/24", "10.4.0.0/24"] },
            },
        })
    };
    let answer = call("security_group_rules", &[deployment()]).expect("rules");
    let ingress = answer.at("endpoints").map()["response"].at("ingress").map();
    let rule = ingress.values().find(|rule| !rule.at("prefix_list").is_null()).expect("a list");
    let mut rule = rule.map().clone();
    for (name, value) in
        [("is_egress", value!(false)), ("from_port", 22.into()), ("to_port", 22.into())]
    {
        rule.insert(name.to_owned(), value);
    }
    let rule = Value::Map(rule);
    let told = audit_accepting(
        AWS,
        deployment(),
        "response",
        value!([(rule.clone())]),
        vec![rule.clone()],
    );
    assert_eq!((told.at("accepted").list().len(), told.at("extra").list().len()), (1, 0));
    assert!(told.at("accepted_unmatched").list().is_empty());
    // Where there is no such rule, the entry is told in the same words.
    let told = audit_accepting(AWS, deployment(), "response", value!([]), vec![rule]);
    let entry = told.at("accepted_unmatched").list()[0].at("entry").text();
    assert!(entry.starts_with("ingress: tcp 22 from prefix list clients"), "{entry}");
}

#[test]
fn to_accept_nothing_changes_nothing() {
    let actual = || value!([{ "id": "sgr-1", "is_egress": true, "ip_protocol": "-1", "cidr_ipv4": "0.0.0.0/0" }]);
    let without = audit(AWS, on_aws(), "response", actual());
    for settings in [value!({}), value!({ "accepted": [] }), value!({ "accepted": null })] {
        let with =
            call(AWS, &[on_aws(), "response".into(), actual(), settings]).expect("an answer");
        assert_eq!(with, without);
    }
}

/// How a rule is accepted in a random case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Nothing,
    Id,
    Rule,
}

/// Which of at most 14 rules are accepted, and by what; now and then all of them.
fn choice() -> impl Strategy<Value = Vec<By>> {
    let some = select(vec![By::Nothing, By::Id, By::Rule]);
    let each = select(vec![By::Id, By::Rule]);
    prop_oneof![3 => prop::collection::vec(some, 14), 1 => prop::collection::vec(each, 14)]
}

/// A rule of a random case: its id in the answer, how it is accepted, and what it says, for which rules that say the
/// same have the same text.
struct Case {
    id: String,
    by: By,
    says: String,
}

/// What must come of an answer when some rules are accepted, and besides the entries those that match nothing.
fn compare(
    without: &Value,
    with: &Value,
    cases: &[Case],
    unmatched: &[(String, &str)],
) -> Result<(), TestCaseError> {
    let (without, with) = (without.map(), with.map());
    let rules: BTreeSet<&str> =
        (cases.iter().filter(|case| case.by == By::Rule)).map(|case| case.says.as_str()).collect();
    let accepted = |rule: &&Value| {
        let id = rule.at("id").text();
        let case = cases.iter().find(|case| case.id == id).expect("a rule that was given");
        case.by == By::Id || rules.contains(case.says.as_str())
    };
    let (expected, rest): (Vec<&Value>, Vec<&Value>) =
        without["extra"].list().iter().partition(accepted);
    prop_assert_eq!(with["accepted"].list().iter().collect::<Vec<_>>(), expected);
    prop_assert_eq!(with["extra"].list().iter().collect::<Vec<_>>(), rest);
    for (name, value) in without {
        if !["extra", "accepted", "accepted_unmatched", "compliant"].contains(&name.as_str()) {
            prop_assert_eq!(&with[name], value, "{} changed", name);
        }
    }
    prop_assert!(without["accepted"].list().is_empty());
    let kinds = ["missing", "shadowed", "extra"];
    let is_empty = |kind: &str| with.get(kind).is_none_or(|rules: &Value| rules.list().is_empty());
    prop_assert_eq!(with["compliant"].flag(), kinds.into_iter().all(is_empty));
    let found: Vec<(String, &str)> = (with["accepted_unmatched"].list().iter().map(Read::map))
        .map(|entry| (entry["place"].text().to_owned(), entry["entry"].text()))
        .collect();
    prop_assert_eq!(&found, unmatched);
    Ok(())
}

/// The entries for the cases, in their order, with one in front that matches nothing.
fn entries(cases: &[Case], whole: impl Fn(usize) -> Value) -> Vec<Value> {
    let entry = |(position, case): (usize, &Case)| match case.by {
        By::Nothing => None,
        By::Id => Some(case.id.as_str().into()),
        By::Rule => Some(whole(position)),
    };
    std::iter::once("nothing".into()).chain(cases.iter().enumerate().filter_map(entry)).collect()
}

fn nothing() -> Vec<(String, &'static str)> {
    vec![("settings.accepted[0]".to_owned(), "nothing")]
}

/// A rule without some attributes.
fn without(rule: &Value, names: &[&str]) -> Value {
    let mut rule = rule.map().clone();
    rule.retain(|name, _| !names.contains(&name.as_str()));
    Value::Map(rule)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn in_security_groups_accepted_rules_leave_extra_and_nothing_else_changes(
        deployment in aws_oracle::deployment(),
        origins in prop::collection::vec(aws_oracle::origin(), 0..14),
        choice in choice(),
        api in any::<bool>(),
    ) {
        let documented = aws_oracle::documented(&deployment, "server");
        let actual = aws_oracle::actual(&origins, &documented);
        let case = |(rule, by): (&Value, &By)| {
            let attributes = rule.map();
            let masks: Rule = aws_oracle::masks(!attributes["is_egress"].flag(), rule);
            // The small world has no types of ICMP.
            let is_icmp = attributes["ip_protocol"].text() == "icmp";
            let types = is_icmp.then(|| (&attributes["from_port"], &attributes["to_port"]));
            Case { id: attributes["id"].text().to_owned(), by: *by, says: format!("{masks:?} {types:?}") }
        };
        let cases: Vec<Case> = actual.iter().zip(&choice).map(case).collect();
        let whole = |position: usize| {
            let rule = without(&actual[position], &["id"]);
            if api { aws_oracle::in_api(&rule) } else { rule }
        };
        let given: Value = actual.clone().into();
        let plain = audit(AWS, deployment.clone(), "server", given.clone());
        let with = audit_accepting(AWS, deployment, "server", given, entries(&cases, whole));
        compare(&plain, &with, &cases, &nothing())?;
    }

    #[test]
    fn in_network_security_groups_accepted_rules_leave_extra_and_nothing_else_changes(
        deployment in azure_oracle::deployment(),
        origins in prop::collection::vec(azure_oracle::origin(), 0..14),
        choice in choice(),
        group in any::<bool>(),
    ) {
        let documented = azure_oracle::documented(&deployment, "server");
        let actual = azure_oracle::actual(&origins, &documented);
        let case = |(rule, by): (&Value, &By)| {
            let name = rule.at("name").text();
            let id = if group { format!("{}/securityRules/{name}", azure_oracle::GROUP) } else { name.to_owned() };
            Case { id, by: *by, says: format!("{:?}", azure_oracle::masks(rule).identity()) }
        };
        let cases: Vec<Case> = actual.iter().zip(&choice).map(case).collect();
        let whole = |position: usize| without(&actual[position], &["name", "priority"]);
        let given = if group { value!({ "id": (azure_oracle::GROUP), "security_rule": (actual.clone()) }) } else { actual.clone().into() };
        let plain = audit(AZURE, deployment.clone(), "server", given.clone());
        let with = audit_accepting(AZURE, deployment, "server", given, entries(&cases, whole));
        compare(&plain, &with, &cases, &nothing())?;
    }
}
