//! `tachyon audit` of plans: ids that only apply will know, prefix lists, and what a plan takes away.

use serde_json::{Value as Json, json};

use crate::fed;

/// Clients with so many networks that a prefix list stands for them.
fn deployment() -> Json {
    json!({
        "endpoints": {
            "tachyon": { "roles": ["response_stack"] },
            "clients": { "roles": ["client"], "cidrs": ["10.0.0.0/16", "10.2.0.0/16", "10.4.0.0/16"] },
        },
        "options": { "aws": { "prefix_lists": true } },
        "exclude_flows": ["client_p2p"],
    })
}

/// The audit of evidence for that deployment: the exit status, and what was said.
fn audit(evidence: &Json, more: &[&str]) -> (i32, Json) {
    let text = evidence.to_string();
    let name =
        format!("tachyon-plan-{}-{:?}.json", std::process::id(), std::thread::current().id());
    let path = std::env::temp_dir().join(name);
    std::fs::write(&path, &text).expect("a file");
    let arguments = ["audit", "-", path.to_str().expect("a path"), "--format", "json"];
    let run = fed(&[&arguments[..], more].concat(), deployment().to_string().as_bytes());
    std::fs::remove_file(path).expect("a file");
    assert!(run.status < 2, "{}", run.messages);
    (run.status, serde_json::from_str(&run.output).expect("JSON"))
}

fn count(told: &Json, list: &str) -> usize {
    told["endpoints"][0]["audit"][list].as_array().expect("a list").len()
}

fn resource(kind: &str, address: &str, index: &str, values: Json) -> Json {
    let mut shown = json!({ "mode": "managed", "type": kind, "name": "this", "address": address, "values": values });
    if !index.is_empty() {
        shown["index"] = json!(index);
    }
    shown
}

const RULE: &str = "aws_vpc_security_group_ingress_rule";
const LIST: &str = "aws_ec2_managed_prefix_list";

/// A plan of our module that creates a group, a list with these entries, and the rules for it.
fn plan(cidrs: &[&str]) -> Json {
    let rules: Vec<(String, Json)> = [443, 4000].iter().map(|port| {
        let key = format!("tachyon/ingress/tcp-{port}/clients/ipv4");
        let values = json!({ "ip_protocol": "tcp", "from_port": port, "to_port": port, "description": "" });
        let address = format!("module.tachyon.{RULE}.this[\"{key}\"]");
        (address.clone(), resource(RULE, &address, &key, values))
    }).collect();
    let unknown = json!({ "id": true, "security_group_id": true, "prefix_list_id": true });
    let changes: Vec<Json> = (rules.iter())
        .map(|(address, _)| json!({ "address": address, "type": RULE, "change": { "actions": ["create"], "before": null, "after_unknown": unknown } }))
        .collect();
    let entries: Vec<Json> =
        cidrs.iter().map(|cidr| json!({ "cidr": cidr, "description": "" })).collect();
    let within = "module.tachyon.module.plan";
    json!({
        "format_version": "1.2",
        "planned_values": { "root_module": { "child_modules": [{
            "address": "module.tachyon",
            "resources": rules.into_iter().map(|(_, rule)| rule).collect::<Vec<_>>(),
            "child_modules": [{ "address": within, "resources": [
                resource("aws_security_group", &format!("{within}.aws_security_group.this[\"tachyon/0\"]"), "tachyon/0", json!({})),
                resource(LIST, &format!("{within}.{LIST}.this[\"clients/ipv4\"]"), "clients/ipv4", json!({ "entry": entries })),
            ] }],
        }] } },
        "resource_changes": changes,
    })
}

#[test]
fn a_planned_list_is_judged_by_what_it_will_hold() {
    let (status, told) = audit(&plan(&["10.0.0.0/16", "10.2.0.0/16", "10.4.0.0/16"]), &[]);
    assert_eq!((status, count(&told, "missing"), count(&told, "extra")), (0, 0, 0), "{told:#}");
    let (status, told) = audit(&plan(&["10.0.0.0/16", "10.2.0.0/16"]), &[]);
    assert_eq!((status, count(&told, "missing")), (1, 2));
    let (status, told) = audit(&plan(&["10.0.0.0/8"]), &[]);
    assert_eq!((status, count(&told, "extra")), (1, 2));
}

#[test]
fn what_a_plan_does_not_tell_is_not_judged() {
    let mut open = plan(&["10.0.0.0/16"]);
    let list = "/planned_values/root_module/child_modules/0/child_modules/0/resources/1";
    open.pointer_mut(list).expect("the list")["index"] = json!("clients/other");
    let address = format!("module.tachyon.module.plan.{LIST}.this[\"clients/other\"]");
    open.pointer_mut(list).expect("the list")["address"] = json!(address);
    let (status, told) = audit(&open, &[]);
    assert_eq!((status, told["endpoints"].as_array().map(Vec::len)), (1, Some(0)));
    let why = told["not_judged"][0]["why"].as_str().expect("why");
    assert!(
        why.starts_with("2 of its rules") && why.contains("apply, and audit the state"),
        "{why}"
    );
    // A network that only apply will know is none of the list.
    let mut open = plan(&["10.0.0.0/16", "10.2.0.0/16", "10.4.0.0/16"]);
    open["resource_changes"][0]["change"]["after_unknown"]["cidr_ipv4"] = json!(true);
    let (status, told) = audit(&open, &[]);
    assert_eq!((status, told["not_judged"].as_array().map(Vec::len)), (1, Some(1)));
}

/// A group shows its rules as they are, and so those that a plan takes away.
#[test]
fn a_rule_that_a_plan_takes_away_counts_no_more() {
    let group = "sg-0a11c0ffee0000001";
    let block = |cidrs: &[&str], port: i32| json!({ "cidr_blocks": cidrs, "ipv6_cidr_blocks": [], "prefix_list_ids": [], "security_groups": [], "self": false, "protocol": "tcp", "from_port": port, "to_port": port, "description": "" });
    let rule = |cidr: &str, port: i32| json!({ "id": format!("sgr-{port}"), "security_group_id": group, "ip_protocol": "tcp", "from_port": port, "to_port": port, "cidr_ipv4": cidr });
    let all = ["10.0.0.0/16", "10.2.0.0/16", "10.4.0.0/16"];
    let planned = |more: &[Json], changes: Json| {
        let mut ingress = vec![block(&all, 443), block(&all, 4000)];
        ingress.extend_from_slice(more);
        let shown = resource(
            "aws_security_group",
            "aws_security_group.this[\"tachyon\"]",
            "tachyon",
            json!({ "id": group, "ingress": ingress }),
        );
        json!({ "format_version": "1.2", "planned_values": { "root_module": { "resources": [shown] } }, "resource_changes": changes })
    };
    let change = |actions: &[&str], before: &Json| json!([{ "address": format!("{RULE}.old"), "type": RULE, "change": { "actions": actions, "before": before, "after_unknown": {} } }]);
    let old = rule("192.0.2.0/24", 22);
    let still = [block(&["192.0.2.0/24"], 22)];
    assert_eq!(audit(&planned(&[], json!([])), &[]).0, 0);
    for actions in [&["delete"][..], &["delete", "create"], &["update"]] {
        let (status, told) = audit(&planned(&still, change(actions, &old)), &[]);
        assert_eq!(status, 0, "{actions:?}: {told:#}");
    }
    // What stays, and what is another rule, counts.
    for (actions, before) in [(&["no-op"][..], &old), (&["delete"], &rule("192.0.2.0/24", 23))] {
        let (status, told) = audit(&planned(&still, change(actions, before)), &[]);
        assert_eq!((status, count(&told, "extra")), (1, 1), "{actions:?}");
    }
}
