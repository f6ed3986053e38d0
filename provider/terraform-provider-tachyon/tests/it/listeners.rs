//! Ports that cannot be: each refused where it stands, with what to do about it.

use tfplugin::{Number, Value};

use crate::answer::ask;
use crate::refusals::{alone, refused_anywhere};

#[test]
fn ports_must_be_ports() {
    for port in [value!(0), value!(65536), value!(-1), value!("4a3"), value!(true), value!([443])] {
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
    for (switches, place) in [
        (value!([4000, 4001]), "4001"),
        (value!([4001, 4000]), "4001"),
        (value!([4000, 4000]), "switches[1]"),
        (value!([65535]), "65535"),
        (value!([442]), "443"),
    ] {
        refused_anywhere(&with(switches), &[r#"endpoints["a"].ports"#, place]);
    }
    refused_anywhere(&with(value!([])), &[r#"endpoints["a"].ports.switches"#]);
    assert!(ask("connections", &with(value!([4000, 4002]))).is_ok());
}

#[test]
fn listeners_of_one_endpoint_must_not_meet() {
    let cases = [
        value!({ "roles": ["master_stack"], "ports": { "https": 80 } }),
        value!({ "roles": ["master_stack"], "ports": { "coordinator": 443 } }),
        value!({ "roles": ["master_stack", "response_stack"], "ports": { "switches": [3900] } }),
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
