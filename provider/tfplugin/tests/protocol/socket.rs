//! Sockets and signals of Unix: where the provider listens, who may connect, and what ends it. Elsewhere it listens on a port.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tfplugin::{Type, Value};

use crate::host::{self, Plugin, call, client, command, text};

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).expect("it is there").permissions().mode() & 0o7777
}

#[tokio::test]
async fn without_a_certificate_the_connection_is_plain() {
    let plugin = Plugin::start(&[("PLUGIN_PROTOCOL_VERSIONS", "5,6")]);
    let path = Path::new(plugin.field(3));
    assert_eq!(plugin.line, format!("1|6|unix|{}|grpc|", path.display()));
    assert_eq!((mode(path), mode(path.parent().expect("a folder"))), (0o600, 0o700));
    let answer =
        call(&mut client(plugin.connect().await), "greet", &Value::from("you"), &Type::String)
            .await;
    assert_eq!(text(answer), "Hello, you! (1)");
}

#[test]
fn the_socket_goes_where_the_host_says() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    // Which may itself be too long for a socket; a link to it is not.
    let link = std::env::temp_dir().join(format!("tfplugin-test-{}", std::process::id()));
    std::os::unix::fs::symlink(folder, &link).expect("links can be made");
    let name = link.to_str().expect("a path in text");
    let group = String::from_utf8(
        std::process::Command::new("id").arg("-g").output().expect("id runs").stdout,
    );
    let group = group.expect("a number").trim().to_owned();
    let plugin =
        Plugin::start(&[("PLUGIN_UNIX_SOCKET_DIR", name), ("PLUGIN_UNIX_SOCKET_GROUP", &group)]);
    let path = Path::new(plugin.field(3)).to_owned();
    let modes = (path.starts_with(&link), mode(&path), mode(path.parent().expect("a folder")));
    std::fs::remove_file(&link).expect("the link is ours");
    assert_eq!(modes, (true, 0o660, 0o710));
}

#[test]
fn a_group_that_is_none_is_said_to_be_none() {
    let folder = std::env::temp_dir().join(format!("tfplugin-group-{}", std::process::id()));
    std::fs::create_dir(&folder).expect("it is not there");
    let name = folder.to_str().expect("a path in text");
    let variables = [("TMPDIR", name), ("PLUGIN_UNIX_SOCKET_GROUP", "no such group")];
    let mut plugin = Plugin::start(&variables);
    let status = plugin.ends_within(std::time::Duration::from_secs(10)).expect("it ends");
    assert_eq!((status.code(), plugin.line.as_str()), (Some(1), ""));
    assert!(plugin.errors().contains("there is no group `no such group`"));
    std::fs::remove_dir(&folder).expect("nothing was left in it");
}

#[tokio::test]
async fn a_folder_with_a_long_name_means_a_port() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("long".repeat(50));
    std::fs::create_dir_all(&folder).expect("cargo's own folder can be written to");
    let long = folder.to_str().expect("a path in text");
    let plugin = Plugin::start(&[
        ("TMPDIR", long),
        ("PLUGIN_MIN_PORT", "31000"),
        ("PLUGIN_MAX_PORT", "31999"),
    ]);
    assert_eq!(plugin.field(2), "tcp");
    let port: u16 =
        plugin.field(3).strip_prefix("127.0.0.1:").expect("this machine").parse().expect("a port");
    assert!((31000..=31999).contains(&port));
    let answer =
        call(&mut client(plugin.connect().await), "greet", &Value::from("you"), &Type::String)
            .await;
    assert_eq!(text(answer), "Hello, you! (1)");
}

/// A process that is debugged, and what it tells Terraform of itself.
fn debugged() -> (Plugin, serde_json::Value) {
    use std::io::BufRead;
    let mut plugin = Plugin::spawn(command().arg("-debug"));
    let mut line = String::new();
    let mut output = std::io::BufReader::with_capacity(1, plugin.output());
    while !line.contains("TF_REATTACH_PROVIDERS") {
        line.clear();
        output.read_line(&mut line).expect("it writes a line");
    }
    let json = line
        .trim()
        .strip_prefix("TF_REATTACH_PROVIDERS='")
        .and_then(|rest| rest.strip_suffix('\''));
    let json = serde_json::from_str(json.expect("a quoted value")).expect("JSON");
    (plugin, json)
}

#[tokio::test]
async fn debugging_serves_until_ctrl_c() {
    let (mut plugin, json) = debugged();
    let reattach = &json["registry.terraform.io/example/greeter"];
    assert_eq!(reattach["Protocol"], "grpc");
    assert_eq!(reattach["ProtocolVersion"], 6);
    assert_eq!(reattach["Pid"], plugin.id());
    assert_eq!(reattach["Test"], true);
    assert_eq!(reattach["Addr"]["Network"], "unix");
    let path = reattach["Addr"]["String"].as_str().expect("a path").to_owned();
    // Terraform leaves a connection behind for each instance of the provider in each walk.
    let mut held = Vec::new();
    for number in 1..=100 {
        held.push(host::connect_unix(&path).await);
        let mut latest = client(held[number - 1].clone());
        let answer = call(&mut latest, "greet", &number.to_string().into(), &Type::String).await;
        assert_eq!(text(answer), format!("Hello, {number}! ({number})"));
    }
    plugin.signal("INT");
    let status = plugin.ends_within(std::time::Duration::from_secs(10)).expect("it ends");
    assert_eq!((status.code(), Path::new(&path).exists()), (Some(0), false));
}

#[tokio::test]
async fn debugging_ends_with_its_terminal() {
    let (mut plugin, json) = debugged();
    let address = &json["registry.terraform.io/example/greeter"]["Addr"]["String"];
    plugin.signal("HUP");
    let status = plugin.ends_within(std::time::Duration::from_secs(10)).expect("it ends");
    let path = Path::new(address.as_str().expect("a path"));
    assert_eq!((status.code(), path.exists()), (Some(0), false));
}
