//! Ports that cannot be: each refused where it stands, with what to do about it.

use tfplugin::{Number, Value};

use crate::answer::{Read, answer, ask};
use crate::refusals::{alone, refused_anywhere};

#[test]
fn ports_must_be_ports() {
    for port in
        [value!(0), value!(65536), value!(-1), value!("4a3"), value!(true), value!([443, 0])]
    {
        let deployment = alone(value!({ "roles": ["master_stack"], "ports": { "https": (port) } }));
        refused_anywhere(&deployment, &[r#"endpoints["a"].ports.https"#]);
    }
    let fraction = Value::Number(Number::parse("443.5").expect("a number"));
    let deployment = alone(value!({ "roles": ["master_stack"], "ports": { "https": (fraction) } }));
    refused_anywhere(&deployment, &[r#"endpoints["a"].ports.https"#, "443.5"]);
    for range in ["50000-49152", "49152", "a-b", "0-5", "49152-65536", ""] {
        let deployment =
            alone(value!({ "roles": ["configmgr_provider"], "ports": { "rpc_dynamic": range } }));
        let told = ask("connections", &deployment);
        let single = range == "49152";
        assert!(single || told.is_err(), "{range} was taken");
        if let Err(error) = told {
            assert!(error.text.contains(r#"endpoints["a"].ports.rpc_dynamic"#), "{}", error.text);
        }
    }
}

#[test]
fn switches_must_leave_room_for_their_poke_ports() {
    let with = |switches: Value| {
        alone(value!({ "roles": ["dmz_server"], "ports": { "switches": (switches) } }))
    };
    for (switches, place) in
        [(value!([4000, 4000]), "switches[1]"), (value!([65535]), "65535"), (value!([442]), "443")]
    {
        refused_anywhere(&with(switches), &[r#"endpoints["a"].ports"#, place]);
    }
    refused_anywhere(&with(value!([])), &[r#"endpoints["a"].ports.switches"#]);
    for switches in [value!([4000, 4002]), value!([4000, 4001]), value!(4002)] {
        assert!(ask("connections", &with(switches)).is_ok());
    }
}

#[test]
fn listeners_of_one_endpoint_must_not_meet() {
    let cases = [
        value!({ "roles": ["master_stack"], "ports": { "https": 80 } }),
        value!({ "roles": ["master_stack"], "ports": { "coordinator": 443 } }),
        value!({ "roles": ["browser", "sql_master", "smtp_server"], "ports": { "smtp": 1433 } }),
    ];
    for endpoint in cases {
        refused_anywhere(&alone(endpoint), &[r#"endpoints["a"].ports"#]);
    }
}

#[test]
fn a_port_needs_a_role_that_listens_there() {
    let deployment = alone(value!({ "roles": ["browser"], "ports": { "https": 8443 } }));
    refused_anywhere(&deployment, &[r#"endpoints["a"].ports.https"#, "single-server/servers/1"]);
    let named = alone(value!({ "roles": ["browser"], "ports": { "sql_named_instance": true } }));
    refused_anywhere(&named, &[r#"endpoints["a"].ports.sql_named_instance"#]);
}

/// The ports of the connections of one flow.
fn ports_of(deployment: &Value, flow: &str) -> Vec<String> {
    let told = answer("connections", deployment);
    let of_flow = told.at("connections").map().values().find(|it| it.at("flow").text() == flow);
    let ports = of_flow.unwrap_or_else(|| panic!("no {flow} in {told:?}")).at("ports").clone();
    ports.texts().into_iter().map(str::to_owned).collect()
}

fn beside_sql(ports: Value) -> Value {
    value!({
        "endpoints": {
            "master": { "roles": ["master_stack", "response_stack"], "cidrs": ["10.0.0.1/32"] },
            "sql": { "roles": ["sql_master", "sql_responses"], "cidrs": ["10.0.0.2/32"], "ports": (ports) },
        },
    })
}

#[test]
fn a_setting_is_a_port_a_range_or_a_list_of_them() {
    for (sql, expected) in [
        (value!(50011), &["50011"][..]),
        (value!("50011"), &["50011"]),
        (value!("49152-65535"), &["49152-65535"]),
        (value!([1433, 50011]), &["1433", "50011"]),
        (value!([50011, "1000-2000"]), &["1000-2000", "50011"]),
    ] {
        let deployment = beside_sql(value!({ "sql": (sql) }));
        assert_eq!(ports_of(&deployment, "master_to_sql_master"), expected);
        assert_eq!(ports_of(&deployment, "response_to_sql_responses"), expected);
    }
    let moving = alone(value!({ "roles": ["master_stack"], "ports": { "https": [443, 8443] } }));
    assert!(ask("connections", &moving).is_ok());
    // A range makes sense where the product takes any port of it, and nowhere else.
    let wide = alone(value!({ "roles": ["master_stack"], "ports": { "https": "443-8443" } }));
    refused_anywhere(&wide, &[r#"endpoints["a"].ports.https"#, "443-8443"]);
    let twice = beside_sql(value!({ "sql": [50011, "50000-50099"] }));
    refused_anywhere(&twice, &[r#"endpoints["sql"].ports.sql[1]"#, "50000-50099", "50011"]);
}

#[test]
fn roles_of_one_endpoint_may_have_ports_of_their_own() {
    let deployment = beside_sql(value!({
        "sql": { "sql_master": 50011, "sql_responses": [50012, 50013] },
        "sql_named_instance": { "sql_master": true },
    }));
    assert_eq!(ports_of(&deployment, "master_to_sql_master"), ["50011"]);
    assert_eq!(ports_of(&deployment, "response_to_sql_responses"), ["50012", "50013"]);
    assert_eq!(ports_of(&deployment, "sql_browser_master").len(), 1);
    let told = answer("connections", &deployment);
    let flows = told.at("connections").map().values().map(|it| it.at("flow").text());
    assert!(!flows.into_iter().any(|flow| flow == "sql_browser_responses"));
    // A role that is not named keeps the documented default.
    let one = beside_sql(value!({ "sql": { "sql_responses": 50012, "sql_master": null } }));
    assert_eq!(ports_of(&one, "response_to_sql_responses"), ["50012"]);
    assert_ne!(ports_of(&one, "master_to_sql_master"), ["50012"]);
}

#[test]
fn mistakes_by_role_are_refused_where_they_stand() {
    let unknown = beside_sql(value!({ "sql": { "sql_mastr": 50011 } }));
    refused_anywhere(&unknown, &[r#"endpoints["sql"].ports.sql.sql_mastr"#, r#""sql_master""#]);
    let elsewhere = beside_sql(value!({ "sql": { "sql_catalog": 50011 } }));
    refused_anywhere(&elsewhere, &[r#"endpoints["sql"].ports.sql.sql_catalog"#, "does not play"]);
    let nested = beside_sql(value!({ "sql": { "sql_master": { "a": 1 } } }));
    refused_anywhere(&nested, &[r#"endpoints["sql"].ports.sql.sql_master"#, "an object"]);
}
