//! `tachyon audit`: every endpoint at once, from what Terraform and the clouds' command lines print.

use serde_json::{Map, Value as Json, json};

use crate::{fed, json, tachyon};

const DEPLOYMENT: &str = "examples/command-line/deployment.yaml";
/// Endpoints that have a group.
const HOLDERS: [&str; 3] = ["dmz", "sql", "tachyon"];

/// The documented rules of every endpoint, as (endpoint, is egress, rule).
fn documented() -> Vec<(String, bool, Json)> {
    let answer = json(&["rules", "aws", DEPLOYMENT]);
    let mut all = Vec::new();
    for name in HOLDERS {
        for (side, is_egress) in [("ingress", false), ("egress", true)] {
            let rules = answer["endpoints"][name][side].as_object().expect("rules");
            all.extend(rules.values().map(|rule| (name.to_owned(), is_egress, rule.clone())));
        }
    }
    assert!(all.len() > 15);
    all
}

fn id(endpoint: &str) -> &'static str {
    match endpoint {
        "tachyon" => "sg-0a11c0ffee0000001",
        "sql" => "sg-0a11c0ffee0000002",
        _ => "sg-0a11c0ffee0000003",
    }
}

/// A rule as `aws ec2 describe-security-group-rules` prints it.
fn printed(number: usize, endpoint: &str, is_egress: bool, rule: &Json) -> Json {
    let mut shown = Map::new();
    shown.insert("SecurityGroupRuleId".into(), json!(format!("sgr-{number:017x}")));
    shown.insert("GroupId".into(), json!(id(endpoint)));
    shown.insert("GroupOwnerId".into(), json!("123456789012"));
    shown.insert("IsEgress".into(), json!(is_egress));
    shown.insert("Tags".into(), json!([]));
    for (name, of) in [
        ("IpProtocol", "ip_protocol"),
        ("FromPort", "from_port"),
        ("ToPort", "to_port"),
        ("CidrIpv4", "cidr_ipv4"),
        ("CidrIpv6", "cidr_ipv6"),
        ("PrefixListId", "prefix_list_id"),
        ("Description", "description"),
    ] {
        if !rule[of].is_null() {
            shown.insert(name.into(), rule[of].clone());
        }
    }
    if let Some(group) = rule["referenced_security_group_id"].as_str() {
        let info = json!({ "GroupId": group, "UserId": "123456789012" });
        shown.insert("ReferencedGroupInfo".into(), info);
    }
    Json::Object(shown)
}

fn evidence() -> Vec<Json> {
    let all = documented();
    let shown = all.iter().enumerate();
    shown.map(|(number, (name, is_egress, rule))| printed(number, name, *is_egress, rule)).collect()
}

/// The audit of some evidence, and its exit status.
fn audit(evidence: &Json, more: &[&str]) -> (i32, Json) {
    let arguments = [&["audit", DEPLOYMENT, "-", "--format", "json"], more].concat();
    let run = fed(&arguments, evidence.to_string().as_bytes());
    assert!(run.status < 2, "{}", run.messages);
    (run.status, serde_json::from_str(&run.output).expect("JSON"))
}

fn of<'a>(audit: &'a Json, endpoint: &str) -> &'a Json {
    let all = audit["endpoints"].as_array().expect("endpoints");
    let found = all.iter().find(|one| one["endpoint"] == endpoint);
    &found.expect("an endpoint that was audited")["audit"]
}

fn count(audit: &Json, list: &str) -> usize {
    audit[list].as_array().expect("a list").len()
}

#[test]
fn what_is_as_documented_is_compliant() {
    let (status, told) = audit(&json!({ "SecurityGroupRules": evidence() }), &[]);
    assert_eq!((status, &told["compliant"]), (0, &json!(true)), "{told:#}");
    let all = documented();
    for name in HOLDERS {
        let rules = all.iter().filter(|(of, ..)| of == name).count();
        let audit = of(&told, name);
        assert_eq!(
            (count(audit, "equal"), count(audit, "missing"), count(audit, "extra")),
            (rules, 0, 0)
        );
    }
}

#[test]
fn every_rule_that_is_taken_away_is_missing_where_it_was() {
    let all = evidence();
    for number in 0..all.len() {
        let mut less = all.clone();
        let taken = less.remove(number);
        let (status, told) = audit(&json!({ "SecurityGroupRules": less }), &[]);
        assert_eq!(status, 1);
        let missing: Vec<&str> =
            HOLDERS.into_iter().filter(|name| count(of(&told, name), "missing") > 0).collect();
        let holder = HOLDERS.into_iter().find(|name| taken["GroupId"] == id(name));
        assert_eq!(missing, Vec::from_iter(holder), "{taken}");
    }
}

#[test]
fn a_rule_too_many_is_extra_unless_it_is_accepted() {
    let mut all = evidence();
    let more = json!({ "SecurityGroupRuleId": "sgr-0ffffffffffffffff", "GroupId": id("sql"), "IsEgress": false, "IpProtocol": "tcp", "FromPort": 3389, "ToPort": 3389, "CidrIpv4": "10.0.0.0/8" });
    all.push(more);
    let shown = json!({ "SecurityGroupRules": all });
    let (status, told) = audit(&shown, &[]);
    assert_eq!((status, count(of(&told, "sql"), "extra")), (1, 1));
    let (status, _) = audit(&shown, &["--endpoint", "dmz"]);
    assert_eq!(status, 0);
    let accepted =
        std::env::temp_dir().join(format!("tachyon-accepted-{}.yaml", std::process::id()));
    std::fs::write(&accepted, "accepted:\n  - sgr-0ffffffffffffffff\n").expect("a file");
    let (status, told) = audit(&shown, &["--accepted", accepted.to_str().expect("a path")]);
    std::fs::remove_file(accepted).expect("a file");
    assert_eq!((status, count(of(&told, "sql"), "accepted")), (0, 1));
}

/// The same rules inside of groups, as `aws ec2 describe-security-groups` prints them.
#[test]
fn groups_with_their_rules_are_read_too() {
    let side = |name: &str, wanted: bool| -> Vec<Json> {
        let all = documented();
        let own = all.iter().filter(|(of, is_egress, _)| of == name && *is_egress == wanted);
        let permission = |rule: &Json| {
            let mut permission = json!({
                "IpProtocol": rule["ip_protocol"], "FromPort": rule["from_port"], "ToPort": rule["to_port"],
                "IpRanges": [], "Ipv6Ranges": [], "PrefixListIds": [], "UserIdGroupPairs": [],
            });
            if let Some(cidr) = rule["cidr_ipv4"].as_str() {
                permission["IpRanges"] =
                    json!([{ "CidrIp": cidr, "Description": rule["description"] }]);
            } else {
                permission["UserIdGroupPairs"] = json!([{ "GroupId": rule["referenced_security_group_id"], "UserId": "123456789012" }]);
            }
            permission
        };
        own.map(|(_, _, rule)| permission(rule)).collect()
    };
    let group = |name: &&str| {
        json!({
            "GroupId": id(name), "GroupName": name, "Description": "", "OwnerId": "123456789012", "VpcId": "vpc-1", "Tags": [],
            "IpPermissions": side(name, false), "IpPermissionsEgress": side(name, true),
        })
    };
    let mut groups: Vec<Json> = HOLDERS.iter().map(group).collect();
    groups.push(json!({ "GroupId": "sg-0ther", "GroupName": "other", "IpPermissions": [], "IpPermissionsEgress": [] }));
    let (status, told) = audit(&json!({ "SecurityGroups": groups }), &[]);
    assert_eq!(status, 0, "{told:#}");
    assert_eq!(
        told["other_groups"],
        json!([{ "platform": "aws", "group": "sg-0ther", "name": "other" }])
    );
}

/// What `terraform show -json` prints of modules with resources, of a state or of a plan.
fn shown_by_terraform(resources: &[Json], is_plan: bool) -> Json {
    let root = json!({
        "resources": [],
        "child_modules": [{ "address": "module.tachyon", "resources": resources }],
    });
    if is_plan {
        json!({ "format_version": "1.2", "planned_values": { "root_module": root }, "prior_state": {} })
    } else {
        json!({ "format_version": "1.0", "values": { "root_module": root } })
    }
}

fn resource(kind: &str, key: &str, values: Json) -> Json {
    json!({ "mode": "managed", "type": kind, "name": "this", "index": key, "address": format!("module.tachyon.{kind}.this[\"{key}\"]"), "values": values })
}

/// Resources as our module makes them; without ids, as a plan that creates everything has them.
fn resources(has_ids: bool) -> Vec<Json> {
    let mut all: Vec<Json> = (HOLDERS.iter())
        .map(|name| {
            let mut values = json!({ "name_prefix": name, "tags": {} });
            if has_ids {
                values["id"] = json!(id(name));
            }
            resource("aws_security_group", &format!("{name}/0"), values)
        })
        .collect();
    for (number, (name, is_egress, rule)) in documented().iter().enumerate() {
        let side = if *is_egress { "egress" } else { "ingress" };
        let mut values = rule.clone();
        let fields = values.as_object_mut().expect("a rule");
        for field in ["peer", "documented", "flows", "group", "prefix_list"] {
            fields.remove(field);
        }
        if !has_ids && !fields["referenced_security_group_id"].is_null() {
            fields.remove("referenced_security_group_id");
        }
        if has_ids {
            fields.insert("id".into(), json!(format!("sgr-{number:017x}")));
            fields.insert("security_group_id".into(), json!(id(name)));
        }
        let end = rule["cidr_ipv4"].as_str().or(rule["peer"].as_str()).expect("an end");
        let key = format!(
            "{name}/{side}/{}-{}/{end}",
            rule["ip_protocol"].as_str().expect("text"),
            rule["from_port"]
        );
        all.push(resource(&format!("aws_vpc_security_group_{side}_rule"), &key, values));
    }
    all
}

#[test]
fn a_state_and_a_plan_of_terraform_are_read() {
    for (has_ids, is_plan) in [(true, false), (true, true), (false, true)] {
        let (status, told) = audit_own(&shown_by_terraform(&resources(has_ids), is_plan));
        assert_eq!(status, 0, "{has_ids}, {is_plan}: {told:#}");
        assert_eq!(told["endpoints"].as_array().expect("endpoints").len(), 3);
        assert_eq!(told["not_judged"], json!([]));
    }
    let mut less = resources(false);
    less.pop();
    let (status, _) = audit_own(&shown_by_terraform(&less, true));
    assert_eq!(status, 1);
}

/// The audit of a deployment that leaves the groups to Terraform.
fn audit_own(evidence: &Json) -> (i32, Json) {
    let text = std::fs::read_to_string(crate::root().join(DEPLOYMENT)).expect("the example");
    let lines = text.lines().filter(|line| !line.contains("security_group_id"));
    let own = lines.collect::<Vec<_>>().join("\n");
    let name = std::env::temp_dir().join(format!(
        "tachyon-shown-{}-{}.json",
        std::process::id(),
        evidence.to_string().len()
    ));
    std::fs::write(&name, evidence.to_string()).expect("a file");
    let arguments = ["audit", "-", name.to_str().expect("a path"), "--format", "json"];
    let run = fed(&arguments, own.as_bytes());
    std::fs::remove_file(name).expect("a file");
    assert!(run.status < 2, "{}", run.messages);
    (run.status, serde_json::from_str(&run.output).expect("JSON"))
}

/// Azure's groups as `az network nsg list` prints them, by their names.
#[test]
fn groups_of_azure_are_found_by_name_or_as_they_are_told() {
    let answer = json(&["rules", "azure", DEPLOYMENT]);
    let rule = |rule: &Json| {
        let mut shown = Map::new();
        for (name, of) in [
            ("name", "name"),
            ("priority", "priority"),
            ("direction", "direction"),
            ("access", "access"),
            ("protocol", "protocol"),
            ("description", "description"),
            ("sourcePortRange", "source_port_range"),
            ("destinationPortRange", "destination_port_range"),
            ("sourceAddressPrefix", "source_address_prefix"),
            ("sourceAddressPrefixes", "source_address_prefixes"),
            ("destinationAddressPrefix", "destination_address_prefix"),
            ("destinationAddressPrefixes", "destination_address_prefixes"),
        ] {
            if !rule[of].is_null() {
                shown.insert(name.into(), rule[of].clone());
            }
        }
        Json::Object(shown)
    };
    let group = |endpoint: &str, name: &str| {
        let rules = answer["endpoints"][endpoint]["rules"].as_object().expect("rules");
        let rules: Vec<Json> = rules.values().map(rule).collect();
        json!({
            "id": format!("/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkSecurityGroups/{name}"),
            "name": name, "location": "westeurope", "securityRules": rules, "defaultSecurityRules": [],
        })
    };
    let shown =
        json!([group("dmz", "DMZ"), group("sql", "nsg-sql"), group("clients", "nsg-other")]);
    let (status, told) = audit(&shown, &["--group", "sql=nsg-sql"]);
    assert_eq!(status, 0, "{told:#}");
    let audited: Vec<&str> = told["endpoints"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|it| it["endpoint"].as_str().expect("a name"))
        .collect();
    assert_eq!(audited, ["dmz", "sql"]);
    assert_eq!(count(&told, "other_groups"), 1);
    let (status, told) = audit(&group("clients", "dmz"), &[]);
    assert_eq!(status, 1);
    assert!(count(of(&told, "dmz"), "missing") > 0 && count(of(&told, "dmz"), "extra") > 0);
}

#[test]
fn what_is_no_evidence_is_refused() {
    for (evidence, said) in [
        ("{}", "nothing that is known here"),
        ("[1]", "nothing that is known here"),
        ("{\"format_version\": \"1.0\"}", "no resources"),
        ("{\"SecurityGroupRules\": [{}]}", "GroupId"),
        ("{\"SecurityGroupRules\": [], \"NextToken\": \"x\"}", "first page"),
        ("{\"SecurityGroupRules\"", "not JSON"),
        ("[{\"securityRules\": [], \"id\": \"/x\", \"name\": \"nobody's\"}]", "--group"),
    ] {
        let run = fed(&["audit", DEPLOYMENT, "-"], evidence.as_bytes());
        // The groups of AWS are named in the deployment; those of Azure are not.
        assert_eq!(run.status, 2, "{evidence}: {}", run.output);
        assert!(run.messages.contains(said), "{evidence}: {}", run.messages);
    }
    let run = tachyon(&["audit", DEPLOYMENT, "-", "--group", "dmy=sg-1"]);
    assert!(run.status == 2 && run.messages.contains("no endpoint `dmy`"), "{}", run.messages);
    assert_eq!(tachyon(&["audit", "-", "-"]).status, 2);
}
