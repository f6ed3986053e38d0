//! Cells that can't be read, or are read as something else.

use expect_test::expect;

use super::{CLOUD, DOCUMENT, LAST, POKE, SWITCHES, check, found};

#[test]
fn no_sha_256() {
    check(
        "[source]",
        "0712cf3c",
        "0712CF3C",
        expect![[r#"
            sound: source, `sha256`: "0712CF3C04db3245f69a01d5d264de2b41c0449f6a41dfc7c60e9ebecc373679" is no SHA-256; give 64 lower-case hexadecimal digits
        "#]],
    );
}

#[test]
fn no_version() {
    check(
        "version =",
        "8.1",
        "",
        expect![[r#"
            sound: version: it is empty; give the product's version
        "#]],
    );
}

#[test]
fn a_port_read_as_another() {
    check(
        POKE,
        "port = \"TCP 400n\"",
        "port = \"TCP 500n\"",
        expect![[r#"
            sound: row dmz/4, `reading.ports`: "TCP 500n" is read as tcp 4001; read what is printed
        "#]],
    );
}

#[test]
fn a_port_that_cannot_be_read() {
    check(
        POKE,
        "port = \"TCP 400n\"",
        "port = \"TCP four thousand\"",
        expect![[r#"
            sound: row dmz/4, `port`: the port "TCP four thousand" can't be read; such as `TCP 443`, `TCP 135 and 445`, `TCP 400n` or `TCP`
        "#]],
    );
}

#[test]
fn a_port_without_a_number() {
    check(
        POKE,
        "port = \"TCP 400n\"",
        "port = \"TCP\"",
        expect![[r#"
            sound: row dmz/4, `port`: its port has no number, and is not lost; print it, or name it in `damaged`
        "#]],
    );
}

#[test]
fn no_port() {
    check(
        POKE,
        "port = \"TCP 400n\"",
        "",
        expect![[r#"
            sound: row dmz/4, `port`: no port; print it, or name it in `damaged`
        "#]],
    );
}

#[test]
fn a_port_printed_and_lost() {
    check(
        POKE,
        "damaged = [\"usage\"]",
        "damaged = [\"usage\", \"port\"]",
        expect![[r#"
            sound: row dmz/4, `port`: its port is printed, and lost; print it, or name it in `damaged`
        "#]],
    );
}

#[test]
fn a_device_printed_and_lost() {
    check(
        POKE,
        "damaged = [\"usage\"]",
        "damaged = [\"usage\", \"device\"]",
        expect![[r#"
            sound: row dmz/4, `device`: its device is printed, and lost; it is one or the other
            honest: row dmz/4, `reading.because`: nothing says why it is read as dmz_server; give `because`
        "#]],
    );
}

#[test]
fn no_device() {
    check(
        POKE,
        "device = \"DMZ Server\"",
        "",
        expect![[r#"
            sound: row dmz/4, `device`: no device; print it, or name it in `damaged`
        "#]],
    );
}

#[test]
fn a_device_without_a_spelling() {
    check(
        POKE,
        "device = \"DMZ Server\"",
        "device = \"DMZ server\"",
        expect![[r#"
            sound: row dmz/4, `device`: the device "DMZ server" has no spelling; say what it means in a spelling
        "#]],
    );
}

#[test]
fn a_direction_read_as_another() {
    check(
        POKE,
        "direction = \"Incoming\"",
        "direction = \"Outgoing\"",
        expect![[r#"
            sound: row dmz/4, `reading.direction`: the direction "Outgoing" means out, and is read as in; mend the reading or the spelling
        "#]],
    );
}

#[test]
fn a_row_without_a_purpose() {
    check(
        POKE,
        "purpose = \"",
        "purpose = \"\"#",
        expect![[r#"
            sound: row dmz/4, `reading.purpose`: no purpose; say what it is for, or that it is not known
        "#]],
    );
}

#[test]
fn a_cell_without_a_column() {
    check(
        LAST,
        "protocol",
        "device = \"Clients\"\nprotocol",
        expect![[r#"
            sound: row internal/7, `device`: a device, which its table has no column for; take it out
            sound: row internal/7, `reading.role`: the device "Clients" means client, and is read as master_stack; mend the reading or the spelling
        "#]],
    );
}

#[test]
fn a_lost_cell_without_a_column() {
    check(
        LAST,
        "\"configurable\"]",
        "\"device\"]",
        expect![[r#"
            sound: row internal/7, `damaged[1]`: it lost its device, which its table has no column for; take it out
        "#]],
    );
}

#[test]
fn a_direction_without_a_column() {
    check(
        LAST,
        "direction = \"none\"",
        "direction = \"in\"",
        expect![[r#"
            sound: row internal/7, `reading.direction`: its direction is read as in; there is one where the table has the column, and none where it hasn't
        "#]],
    );
}

#[test]
fn ports_of_a_flag() {
    check(
        SWITCHES,
        "kind = \"ports\"",
        "kind = \"flag\"",
        expect![[r#"
            closed: parameter response_stack.switch_ports: no flow to its role depends on it; name it in the flow, or take it out
            closed: parameter dmz_server.switch_ports, `kind`: its kind is ports, that of response_stack.switch_ports is flag; parameters that share an attribute have one kind
            closed: flow client_to_switch, `parameter`: its ports come from response_stack.switch_ports; ports are set by what listens: response_stack
            sound: parameter response_stack.switch_ports, `default`: its default does not fit its kind, flag; one port, a list of ports, one range, or nothing for a flag
        "#]],
    );
}

#[test]
fn no_ports() {
    check(
        CLOUD,
        "ports = [\"443\"]",
        "ports = []",
        expect![[r#"
            double entry: flow master_to_cloud, `ports`: its port is none, that of row single-server/servers/4 is 443; compare both with the page
            sound: flow master_to_cloud, `ports`: it arrives on no port; give ports that there are
        "#]],
    );
}

#[test]
fn ports_and_a_parameter() {
    check(
        CLOUD,
        "ports = [\"443\"]",
        "ports = [\"443\"]\nparameter = \"smtp_server.port\"",
        expect![[r#"
            sound: flow master_to_cloud, `ports`: both ports and a parameter; give `ports`, or the `parameter` that they come from
            double entry: flow master_to_cloud, `parameter`: its port is 25, that of row single-server/servers/4 is 443; compare both with the page
            closed: flow master_to_cloud, `parameter`: its ports come from smtp_server.port; ports are set by what listens: cloud_1e
        "#]],
    );
}

#[test]
fn an_offset_without_a_parameter() {
    check(
        CLOUD,
        "ports = [\"443\"]",
        "offset = 1",
        expect![[r#"
            sound: flow master_to_cloud: neither ports nor a parameter; give `ports`, or the `parameter` that they come from
            sound: flow master_to_cloud, `offset`: an offset of 1 without a parameter; give the ports as they are
            double entry: flow master_to_cloud, `ports`: its port is none, that of row single-server/servers/4 is 443; compare both with the page
            sound: flow master_to_cloud, `ports`: it arrives on no port; give ports that there are
        "#]],
    );
}

#[test]
fn an_offset_beyond_the_ports() {
    check(
        "id = \"response_to_dmz_switch_poke\"",
        "offset = 1",
        "offset = 65000",
        expect![[r#"
            double entry: flow response_to_dmz_switch_poke, `parameter`: its port is none, that of row dmz/9 is 4001; compare both with the page
            double entry: flow response_to_dmz_switch_poke, `parameter`: its port is none, that of row dmz/4 is 4001; compare both with the page
            sound: flow response_to_dmz_switch_poke, `offset`: it arrives on a port over 65535; give ports that there are
        "#]],
    );
}

#[test]
fn a_flow_without_a_purpose() {
    check(
        CLOUD,
        "purpose = \"",
        "purpose = \"\"#",
        expect![[r#"
            sound: flow master_to_cloud, `purpose`: no purpose; say what it is for
        "#]],
    );
}

#[test]
fn a_listener_without_a_port() {
    check(
        "[[silent]]\nrow = \"internal/6\"",
        "internal/6",
        "internal/8",
        expect![[r#"
            sound: silent internal/8, `listener`: a listener without a port; name a row whose reading has a port
            complete: row internal/6: no flow uses it, and it is not silent; add a flow, or a silent row that says why
            closed: silent internal/8, `row`: there is no row "internal/8"; did you mean `internal/1`?
        "#]],
    );
}

#[test]
fn more_roles_than_an_endpoint_could_play() {
    let role = |number| format!("[[role]]\nid = \"r{number}\"\ntitle = \"\"\nmeans = \"\"\n");
    let roles: Vec<String> = (0..70).map(role).collect();
    let many = found(&format!("{DOCUMENT}\n{}", roles.concat()));
    expect!["sound: role: there are 85 roles; a matrix has at most 64"]
        .assert_eq(many.lines().next().unwrap_or_default());
}
