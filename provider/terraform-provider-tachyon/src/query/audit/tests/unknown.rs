//! What is not known yet: the whole answer waits for it, and mistakes beside it are told all the same.

use tfplugin::Value;

use super::{AWS, AZURE};
use crate::answer::call;

fn deployment() -> Value {
    value!({ "endpoints": {
        "sql": { "roles": ["sql_responses"], "security_group_id": "sg-sql", "application_security_group_ids": ["/x/sql"] },
        "response": { "roles": ["response_stack"], "cidrs": ["10.0.0.0/24"] },
    } })
}

fn aws_rule() -> Value {
    value!({ "id": "sgr-1", "is_egress": false, "ip_protocol": "tcp", "from_port": 1433, "to_port": 1433, "cidr_ipv4": "10.0.0.0/24" })
}

fn azure_rule() -> Value {
    value!({
        "name": "sql", "priority": 300, "direction": "Inbound", "access": "Allow", "protocol": "Tcp", "source_port_range": "*",
        "destination_port_range": "1433", "source_address_prefix": "10.0.0.0/24", "destination_application_security_group_ids": ["/x/sql"],
    })
}

/// Every way to make one value inside of `value` unknown, itself included.
fn with_an_unknown(value: &Value) -> Vec<Value> {
    let mut variants = vec![Value::UNKNOWN];
    match value {
        Value::List(elements) => {
            for (index, element) in elements.iter().enumerate() {
                variants.extend(with_an_unknown(element).into_iter().map(|variant| {
                    let mut elements = elements.clone();
                    elements[index] = variant;
                    Value::List(elements)
                }));
            }
        }
        Value::Map(elements) => {
            for (key, element) in elements {
                variants.extend(with_an_unknown(element).into_iter().map(|variant| {
                    let mut elements = elements.clone();
                    elements.insert(key.clone(), variant);
                    Value::Map(elements)
                }));
            }
        }
        _ => {}
    }
    variants
}

#[test]
fn one_unknown_anywhere_leaves_the_whole_answer_unknown() {
    for (function, actual) in [
        (AWS, value!([(aws_rule())])),
        (
            AWS,
            value!({ "SecurityGroupRules": [{ "SecurityGroupRuleId": "sgr-1", "IsEgress": true, "IpProtocol": "-1", "ReferencedGroupInfo": { "GroupId": "sg-1" } }] }),
        ),
        (AZURE, value!({ "id": "/nsg", "security_rule": [(azure_rule())] })),
        (AZURE, value!([(azure_rule())])),
    ] {
        let rule = if function == AWS { aws_rule() } else { azure_rule() };
        let settings = value!({ "accepted": ["sgr-9", (rule)] });
        let known = vec![deployment(), "sql".into(), actual, settings];
        assert!(call(function, &known).expect("an answer").is_wholly_known());
        for variant in with_an_unknown(&Value::List(known)) {
            // All arguments at once can't be unknown as one value.
            let Value::List(arguments) = &variant else { continue };
            let answer = call(function, arguments)
                .unwrap_or_else(|error| panic!("{error} for {arguments:?}"));
            let Value::Unknown(promised) = answer else { panic!("{answer:?} for {arguments:?}") };
            assert!(promised.is_not_null(), "{arguments:?}");
        }
    }
}

#[test]
fn mistakes_beside_an_unknown_are_told() {
    let arguments = [
        deployment(),
        "sqll".into(),
        value!([{ "id": unknown, "ip_protocol": "tpc", "is_egress": 1, "cidr_ipv4": unknown }]),
    ];
    let error = call(AWS, &arguments).expect_err("mistakes").text;
    for part in
        ["endpoint: ", "Did you mean \"sql\"?", "actual[0].ip_protocol", "actual[0].is_egress"]
    {
        assert!(error.contains(part), "{error}");
    }
    assert!(!error.contains("actual[0].id:") && !error.contains("cidr_ipv4:"), "{error}");
}
