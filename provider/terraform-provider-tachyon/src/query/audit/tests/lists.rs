//! What prefix lists hold, where the user says it: rules that refer to them admit that.

use expect_test::expect;
use tfplugin::Value;

use super::AWS;
use crate::answer::{Read, call};

const LISTED: [&str; 3] = ["10.0.0.0/24", "10.2.0.0/24", "10.4.0.0/24"];

fn deployment() -> Value {
    value!({
        "endpoints": {
            "response": { "roles": ["response_stack"], "security_group_id": "sg-response" },
            "clients": { "roles": ["client"], "cidrs": ["10.0.0.0/24", "10.2.0.0/24", "10.4.0.0/24"] },
        },
        "options": { "aws": { "prefix_lists": true } },
    })
}

/// The documented rules as they are once the list is there, with its id.
fn applied() -> Value {
    let rule = |id: &str, port: i32| value!({ "id": id, "security_group_id": "sg-response", "is_egress": false, "ip_protocol": "tcp", "from_port": port, "to_port": port, "prefix_list_id": "pl-1" });
    value!([(rule("sgr-1", 443)), (rule("sgr-2", 4000))])
}

fn audited(deployment: Value, prefix_lists: Value) -> Value {
    let settings = value!({ "prefix_lists": (prefix_lists) });
    call(AWS, &[deployment, "response".into(), applied(), settings]).expect("an answer")
}

/// How many rules are equal, missing and extra.
fn counts(answer: &Value) -> [usize; 3] {
    ["equal", "missing", "extra"].map(|name| answer.at(name).list().len())
}

fn holding(cidrs: &[&str]) -> Value {
    Value::List(cidrs.iter().map(|cidr| (*cidr).into()).collect())
}

#[test]
fn a_rule_for_a_list_is_the_documented_one_if_the_list_holds_what_it_should() {
    let [first, second, third] = LISTED;
    for cidrs in [&LISTED[..], &[third, first, second, "10.2.0.0/25"]] {
        for id in ["pl-1", "123456789012/pl-1"] {
            let lists = Value::Map([(id.to_owned(), holding(cidrs))].into());
            assert_eq!(counts(&audited(deployment(), lists)), [2, 0, 0], "{id}: {cidrs:?}");
        }
    }
    let told = |cidrs: &[&str]| audited(deployment(), value!({ "pl-1": (holding(cidrs)) }));
    assert_eq!(counts(&told(&[first, second])), [0, 2, 0]);
    assert_eq!(counts(&told(&[first, second, third, "10.6.0.0/24"])), [0, 0, 2]);
    // Nothing is documented about a list in which nothing stands.
    assert_eq!(counts(&told(&[])), [0, 2, 2]);
    let wide = told(&[first, second, third, "10.6.0.0/24"]);
    assert_eq!(wide.at("extra").list()[0].at("admits").text(), "tcp 443 from pl-1");
}

#[test]
fn of_other_lists_nothing_is_known() {
    for lists in [value!({}), value!({ "pl-2": ["10.0.0.0/8"] }), Value::Null] {
        assert_eq!(counts(&audited(deployment(), lists)), [0, 2, 2]);
    }
}

/// A list that the deployment names is compared by its id: what it holds is not the document's to say.
#[test]
fn a_list_that_is_documented_by_its_id_stays_what_it_is() {
    let named = value!({ "endpoints": {
        "response": { "roles": ["response_stack"], "security_group_id": "sg-response" },
        "clients": { "roles": ["client"], "prefix_lists": { "all": { "id": "pl-1", "max_entries": 3 } } },
    } });
    assert_eq!(counts(&audited(named, value!({ "pl-1": ["0.0.0.0/0"] }))), [2, 0, 0]);
}

#[test]
fn an_accepted_rule_for_a_list_is_the_one_that_is_there() {
    let accepted = value!({ "is_egress": false, "ip_protocol": "tcp", "from_port": 22, "to_port": 22, "prefix_list_id": "pl-9" });
    let mut actual = applied().list().to_vec();
    actual.push(value!({ "id": "sgr-9", "security_group_id": "sg-response", "is_egress": false, "ip_protocol": "tcp", "from_port": 22, "to_port": 22, "prefix_list_id": "pl-9" }));
    let settings = value!({ "accepted": [accepted], "prefix_lists": { "pl-1": (holding(&LISTED)), "pl-9": ["192.0.2.0/24"] } });
    let answer = call(AWS, &[deployment(), "response".into(), Value::List(actual), settings]);
    let answer = answer.expect("an answer");
    assert_eq!(counts(&answer), [2, 0, 0]);
    assert_eq!(answer.at("accepted").list().len(), 1);
}

#[test]
fn every_mistake_in_lists_is_told() {
    let settings = value!({ "prefix_lists": {
        "pl-1": ["10.0.0.0/33", 7, "10.0.0.0/8"], "1/pl-1": [], "pl-2": null, "pl-3": "10.0.0.0/8",
    } });
    let error = call(AWS, &[deployment(), "response".into(), applied(), settings]);
    expect![[r#"
        found 5 mistakes.

          - settings.prefix_lists["pl-1"]: The prefix list "pl-1" stands at settings.prefix_lists["1/pl-1"] already. Leave one of the two out.

          - settings.prefix_lists["pl-1"][0]: Found "10.0.0.0/33": the prefix length 33 is not from 0 to 32.

          - settings.prefix_lists["pl-1"][1]: Found a number. Accepted is a string.

          - settings.prefix_lists["pl-2"]: It is missing. Accepted is a list of CIDRs.

          - settings.prefix_lists["pl-3"]: Found a string. Accepted is a list of strings."#]].assert_eq(&error.expect_err("mistakes").text);
}
