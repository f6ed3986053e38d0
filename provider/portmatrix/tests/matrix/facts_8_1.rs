//! What must be true of the 8.1 document, said apart from it.

use std::collections::BTreeSet;

use portmatrix::matrix::{CautionWhen, Column, Flow, Matrix, RoleId};

use crate::second_reading::{extracts, read, shifted};

fn matrix() -> &'static Matrix {
    Matrix::of("8.1").expect("8.1 is embedded")
}

fn role(id: &str) -> RoleId {
    matrix().role(id).expect(id)
}

/// Whether any of a flow's default ports is this one.
fn arrives_on(flow: &Flow, port: u16) -> bool {
    matrix().default_ports(flow).iter().any(|range| range.contains(port))
}

/// All flows that can leave a host.
fn travelling() -> impl Iterator<Item = &'static Flow> {
    matrix().flows.iter().filter(|flow| !flow.host_local)
}

fn between(from: &str, to: &str) -> Vec<&'static str> {
    let ends = (role(from), role(to));
    travelling().filter(|flow| (flow.from, flow.to) == ends).map(|flow| flow.id.as_str()).collect()
}

#[test]
fn the_counts_are_those_of_the_page() {
    let matrix = matrix();
    assert_eq!(matrix.rows.len(), 49);
    assert_eq!(
        matrix.tables.iter().map(|table| table.rows).collect::<Vec<_>>(),
        [13, 5, 6, 6, 12, 7]
    );
    let lost = |column| matrix.rows.iter().filter(|row| row.damaged.contains(&column)).count();
    assert_eq!((lost(Column::Device), lost(Column::Port), lost(Column::Usage)), (17, 2, 49));
    let out = matrix.rows.iter().filter(|row| row.reading.direction.goes_out()).count();
    let into = matrix.rows.iter().filter(|row| row.reading.direction.comes_in()).count();
    assert_eq!((out, into), (26, 18));
    let derived = matrix.flows.iter().filter(|flow| flow.derived_from.is_some()).count();
    assert_eq!((matrix.flows.len() - derived, derived), (26, 6));
}

#[test]
fn seventeen_rows_of_the_copy_are_shifted() {
    let (_, extract) = extracts().find(|(matrix, _)| matrix.version == "8.1").expect("8.1");
    assert_eq!(shifted(&read(&extract).expect("the extract")), 17);
}

#[test]
fn six_outputs_have_no_input_and_all_of_them_leave_the_product() {
    let open: Vec<&str> = (matrix().flows.iter())
        .filter(|flow| flow.derived_from.is_none() && flow.in_rows.is_empty())
        .flat_map(Flow::citations)
        .collect();
    assert_eq!(
        open,
        [
            "single-server/servers/4",
            "single-server/servers/7",
            "single-server/servers/9",
            "single-server/servers/10",
            "remote-catalog/3",
            "dmz/6",
        ]
    );
}

#[test]
fn two_inputs_serve_two_outputs_each() {
    let inputs: Vec<&String> = matrix().flows.iter().flat_map(|flow| &flow.in_rows).collect();
    let shared: BTreeSet<&str> = (inputs.iter())
        .filter(|row| inputs.iter().filter(|other| other == row).count() > 1)
        .map(|row| row.as_str())
        .collect();
    assert_eq!(shared, BTreeSet::from(["remote-catalog/2", "dmz/1"]));
}

#[test]
fn nothing_in_the_dmz_reaches_sql() {
    for flow in
        travelling().filter(|flow| flow.citations().iter().any(|row| row.starts_with("dmz/")))
    {
        assert!(!arrives_on(flow, 1433) && !arrives_on(flow, 1434), "{}", flow.id);
    }
    for sql in ["sql_master", "sql_responses", "sql_catalog"] {
        assert_eq!(between("dmz_server", sql), Vec::<&str>::new());
    }
}

#[test]
fn the_dmz_reaches_the_master_on_the_coordinator_alone() {
    assert_eq!(between("dmz_server", "master_stack"), ["dmz_to_coordinator"]);
    assert_eq!(
        matrix().default_ports(matrix().flow("dmz_to_coordinator").expect("flow")),
        [3901.into()]
    );
}

#[test]
fn clients_and_browsers_never_reach_sql() {
    let sql = ["sql_master", "sql_responses", "sql_catalog", "inventory_source"];
    for from in ["client", "internet_client", "browser"] {
        for to in sql {
            assert_eq!(between(from, to), Vec::<&str>::new());
        }
    }
}

#[test]
fn internet_clients_reach_the_dmz_alone() {
    let reached: BTreeSet<&str> = travelling()
        .filter(|flow| flow.from == role("internet_client"))
        .map(|flow| matrix().role_id(flow.to))
        .collect();
    assert_eq!(reached, BTreeSet::from(["dmz_server"]));
}

#[test]
fn the_master_never_connects_to_a_switch() {
    for flow in travelling().filter(|flow| flow.from == role("master_stack")) {
        assert!(!arrives_on(flow, 4000) && !arrives_on(flow, 4001), "{}", flow.id);
    }
}

#[test]
fn a_response_stack_never_reaches_the_masters_website() {
    let to_master = between("response_stack", "master_stack");
    assert_eq!(to_master, ["remote_response_to_coordinator"]);
    assert!(!arrives_on(matrix().flow("remote_response_to_coordinator").expect("flow"), 443));
}

#[test]
fn host_local_listeners_never_leave_a_host() {
    let ports: BTreeSet<u16> =
        matrix().listeners().map(|(_, listener)| listener.ports.from).collect();
    assert_eq!(ports, BTreeSet::from([3900, 6002, 8081]));
    for (silent, listener) in matrix().listeners() {
        assert_eq!(matrix().role_id(listener.role), "master_stack", "{}", silent.row);
        for flow in travelling().filter(|flow| flow.to == listener.role) {
            assert!(!arrives_on(flow, listener.ports.from), "{} on {}", flow.id, listener.ports);
        }
    }
}

#[test]
fn internal_rows_give_no_flow() {
    for flow in &matrix().flows {
        assert!(!flow.citations().iter().any(|row| row.starts_with("internal/")), "{}", flow.id);
    }
}

#[test]
fn the_poke_port_follows_the_switch() {
    let poke = matrix().flow("response_to_dmz_switch_poke").expect("flow");
    assert_eq!(matrix().default_ports(poke), [4001.into()]);
    assert_eq!(poke.fixed_ports(), None);
}

#[test]
fn what_the_document_does_not_say_is_marked_as_inferred() {
    let inferred: Vec<&str> = matrix()
        .flows
        .iter()
        .filter(|flow| !flow.is_documented())
        .map(|flow| flow.id.as_str())
        .collect();
    assert_eq!(
        inferred,
        [
            "master_to_cloud",
            "master_to_configmgr_wmi",
            "dmz_to_crl",
            "sql_browser_catalog",
            "sql_browser_inventory",
            "configmgr_rpc_dynamic",
        ]
    );
}

#[test]
fn the_document_warns_of_these_settings() {
    let cautions: Vec<String> = (matrix().parameters.iter())
        .flat_map(|parameter| {
            parameter.cautions.iter().map(|caution| match &caution.when {
                CautionWhen::NotDefault => format!("{}: any but the default", parameter.id),
                CautionWhen::NotDefaultUnlessFlag(flag) => {
                    format!("{}: any but the default without {flag}", parameter.id)
                }
                CautionWhen::MoreThan(count) => format!("{}: more than {count}", parameter.id),
                CautionWhen::SetWithout(other) => format!("{}: set without {other}", parameter.id),
            })
        })
        .collect();
    assert_eq!(
        cautions,
        [
            "master_stack.coordinator_ws_port: any but the default",
            "response_stack.switch_ports: any but the default",
            "response_stack.switch_ports: more than 5",
            "dmz_server.switch_ports: any but the default",
            "dmz_server.switch_ports: more than 5",
            "catalog_server.http_port: any but the default",
            "sql_master.port: any but the default without sql_named_instance",
            "sql_master.named_instance: set without sql",
            "sql_responses.port: any but the default without sql_named_instance",
            "sql_responses.named_instance: set without sql",
            "sql_catalog.named_instance: set without sql",
            "inventory_source.named_instance: set without sql",
        ]
    );
}

#[test]
fn every_attribute_of_the_contract_sets_something() {
    let attributes: BTreeSet<&str> = matrix().attributes().into_iter().collect();
    let contract = [
        "https",
        "http",
        "switches",
        "coordinator",
        "client_interaction",
        "sql",
        "sql_named_instance",
        "smtp",
        "crl",
        "rpc_dynamic",
    ];
    assert_eq!(attributes, BTreeSet::from(contract));
}
