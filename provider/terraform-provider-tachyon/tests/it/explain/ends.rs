//! What may stand for an end, mistakes in it, and what is unknown.

use tfplugin::{Number, Value, promise};

use super::{ask, call, explained, installation};
use crate::answer::Read;
use crate::tree::{replaced, ways};

fn refused(arguments: &[Value]) -> String {
    call(arguments).expect_err("a mistake")
}

#[test]
fn mistakes_in_all_arguments_are_reported_together() {
    let mut deployment = installation();
    let error = refused(&[
        deployment.clone(),
        "cleints".into(),
        "10.1.2.3/16".into(),
        "TCP".into(),
        Value::from(70000),
    ]);
    for part in [
        "found 4 mistakes",
        "source: There is no endpoint \"cleints\". Did you mean \"clients\"?",
        "destination: Found \"10.1.2.3/16\"",
        "Write \"10.1.0.0/16\"",
        "protocol: There is no protocol \"TCP\". Did you mean \"tcp\"?",
        "port: Found 70000",
    ] {
        assert!(error.contains(part), "{part} is missing in {error}");
    }
    if let Value::Map(parts) = &mut deployment {
        parts.insert("exclude_flow".to_owned(), Value::Null);
    }
    let error = refused(&[
        deployment,
        "tachyon".into(),
        "10.0.0.300".into(),
        Value::Null,
        Value::Number(Number::parse("0").expect("a number")),
    ]);
    for part in [
        "exclude_flow",
        "destination: There is no endpoint \"10.0.0.300\"",
        "protocol: It is missing",
        "port: Found 0",
    ] {
        assert!(error.contains(part), "{part} is missing in {error}");
    }
}

#[test]
fn addresses_of_two_families_never_meet() {
    let error = ask(&installation(), ("10.8.0.1", "2001:db8:8::1", "tcp", 443)).expect_err("mixed");
    assert!(error.contains("destination: Found \"2001:db8:8::1/128\""), "{error}");
    assert!(error.contains("IPv4"), "{error}");
}

#[test]
fn a_name_that_looks_like_an_address_is_a_name() {
    let deployment = value!({
        "endpoints": {
            "10.0.0.1": { "roles": ["client"], "cidrs": ["10.8.0.0/16"] },
            "server": { "roles": ["response_stack", "master_stack"], "cidrs": ["10.0.0.1/32"] },
        },
    });
    let told = explained(&deployment, ("10.0.0.1", "server", "tcp", 4000));
    assert_eq!(told.at("connections").texts(), ["client_to_switch/10.0.0.1/server"]);
    assert_eq!(told.at("exact"), &Value::from(true));
}

#[test]
fn an_end_without_an_address_on_a_platform_has_no_rules_there() {
    let deployment = value!({
        "endpoints": {
            "pc": { "roles": ["client"], "security_group_id": "sg-0pc" },
            "server": {
                "roles": ["response_stack", "master_stack"],
                "security_group_id": "sg-0server",
                "service_tag": "AzureCloud",
            },
        },
    });
    let told = explained(&deployment, ("pc", "server", "tcp", 4000));
    let keys = |platform: &str, end: &str| {
        let keys = told.at("rules").at(platform).at(end).optional();
        keys.map(|keys| keys.texts().into_iter().map(str::to_owned).collect::<Vec<_>>())
    };
    assert_eq!(keys("aws", "egress"), Some(vec!["tcp-4000/server".to_owned()]));
    assert_eq!(keys("aws", "ingress"), Some(vec!["tcp-4000/pc".to_owned()]));
    let outbound = "outbound/client_to_switch/4000/tag-azurecloud".to_owned();
    assert_eq!(keys("azure", "egress"), Some(vec![outbound]));
    assert_eq!(keys("azure", "ingress"), None, "the source has no address on Azure");
}

#[test]
fn ids_may_be_unknown() {
    let deployment = installation();
    let asked = ("clients", "tachyon", "tcp", 4000);
    let mut masked = deployment.clone();
    for (way, _) in ways(&deployment) {
        let is_id = way.iter().any(|step| step == "security_group_id")
            || way.len() > 3 && way.iter().any(|step| step == "application_security_group_ids");
        if is_id {
            masked = replaced(&masked, &way, &Value::UNKNOWN);
        }
    }
    assert_ne!(masked, deployment);
    assert_eq!(explained(&masked, asked), explained(&deployment, asked));
}

/// Whatever decides an answer may be unknown: then it is unknown as a whole, and what it says once known was not promised
/// otherwise.
#[test]
fn what_decides_an_answer_leaves_it_unknown() {
    let deployment = installation();
    let questions = [
        ("clients", "tachyon", "tcp", 4000),
        ("kiosks", "catalog", "tcp", 80),
        ("10.1.0.0/16", "catalog", "tcp", 80),
        ("crl", "sql", "tcp", 443),
    ];
    let mut unknown = 0;
    for (way, _) in ways(&deployment) {
        let masked = replaced(&deployment, &way, &Value::UNKNOWN);
        for asked in questions {
            let told = ask(&masked, asked).unwrap_or_else(|error| panic!("{way:?}: {error}"));
            unknown += u32::from(told.is_unknown());
            promise::kept(&told, &explained(&deployment, asked)).expect("what was promised");
            let decides = ["roles", "cidrs", "talks_to"];
            let is_decisive = way.iter().any(|step| decides.contains(&step.as_str()));
            assert!(told.is_unknown() || !is_decisive, "{way:?} does not decide {asked:?}");
        }
    }
    assert!(unknown > 100, "{unknown}");
    for position in 0..5 {
        let mut arguments = vec![
            deployment.clone(),
            Value::from("clients"),
            Value::from("tachyon"),
            Value::from("tcp"),
            Value::from(4000),
        ];
        arguments[position] = Value::UNKNOWN;
        assert!(call(&arguments).expect("no mistake").is_unknown(), "argument {position}");
    }
}
