//! What stands in the log, and what never does.

use prost::Message;
use tfplugin::{Type, Value};

use crate::host::{PATIENCE, Plugin, call, dynamic, secured_client};
use crate::raw::ask;
use crate::secured::{self, Identity};
use crate::wire::tfplugin6 as wire;

/// As long as a line may be for Terraform to read it whole.
const LONGEST: usize = 64 * 1024;

/// The lines of a provider that is ended for them, each as Terraform takes it.
fn lines(mut plugin: Plugin) -> Vec<serde_json::Value> {
    plugin.end();
    assert!(plugin.ends_within(PATIENCE).is_some());
    let log = plugin.errors();
    let read = |line: &str| {
        assert!(line.len() < LONGEST, "{} bytes", line.len());
        let entry: serde_json::Value = serde_json::from_str(line).expect("each line is JSON");
        for key in ["@level", "@message", "@module", "@timestamp"] {
            assert!(entry[key].is_string(), "{line}");
        }
        entry
    };
    log.lines().map(read).collect()
}

fn has(lines: &[serde_json::Value], key: &str, value: &str) -> bool {
    lines.iter().any(|line| line[key] == value)
}

#[tokio::test]
async fn lines_are_what_terraform_reads_and_have_nothing_of_the_users() {
    let (plugin, mut client) =
        secured_client(&[("TF_LOG", "trace"), ("TF_LOG_PROVIDER", "debug")]).await;
    let secret = "a-value-of-the-users";
    for (function, argument, ty) in [
        ("greet", Value::from(secret), Type::String),
        ("obey", Value::from("panic"), Type::Dynamic),
        // Names that are none are the user's words too.
        (secret, Value::from(secret), Type::String),
        ("obey", Value::List(vec![secret.into(), Value::UNKNOWN]), Type::Dynamic),
    ] {
        call(&mut client, function, &argument, &ty).await;
    }
    let request = wire::read_data_source::Request {
        type_name: secret.into(),
        config: Some(dynamic(&Value::from(secret), &Type::Dynamic)),
        ..Default::default()
    };
    client.read_data_source(request).await.expect("answered");
    let lines = lines(plugin);
    assert!(
        has(&lines, "tf_name", "greet") && has(&lines, "tf_rpc", "ReadDataSource"),
        "{lines:#?}"
    );
    assert!(lines.iter().all(|line| !line.to_string().contains(secret)), "{lines:#?}");
}

#[tokio::test]
async fn lines_are_short_whatever_is_asked() {
    let plugin = Plugin::start(&[("TF_LOG", "trace")]);
    let channel = plugin.connect().await;
    let name = "\u{1}".repeat(1 << 20);
    for _ in 0..2 {
        let request = wire::call_function::Request { name: name.clone(), arguments: Vec::new() };
        ask(&channel, "CallFunction", request.encode_to_vec()).await.expect("answered");
    }
    assert!(has(&lines(plugin), "tf_rpc", "CallFunction"));
}

#[tokio::test]
async fn who_is_refused_is_in_the_log() {
    let variables = [("PLUGIN_CLIENT_CERT", secured::host_certificate()), ("TF_LOG", "warn")];
    let plugin = Plugin::start(&variables);
    for identity in [Identity::Nobody, Identity::Stranger, Identity::Impostor] {
        assert!(!secured::answers(secured::connect(&plugin, identity).await).await);
    }
    assert!(secured::answers(secured::connect(&plugin, Identity::Host).await).await);
    let lines = lines(plugin);
    assert_eq!(lines.len(), 3, "{lines:#?}");
    assert!(lines.iter().all(|line| line["@message"] == "Refused a connection"), "{lines:#?}");
}

#[tokio::test]
async fn the_level_is_the_nearest_that_is_set() {
    for (variables, expected) in [
        (vec![], false),
        (vec![("TF_LOG_PROVIDER_GREETER", "debug")], true),
        (vec![("TF_LOG", "debug"), ("TF_LOG_PROVIDER_OTHER", "off")], true),
        (vec![("TF_LOG", "debug"), ("TF_LOG_PROVIDER_GREETER", "warn")], false),
    ] {
        let plugin = Plugin::start(&variables);
        assert!(plugin.answers().await);
        assert_eq!(has(&lines(plugin), "@message", "Serving"), expected, "{variables:?}");
    }
}

#[tokio::test]
async fn a_host_of_another_protocol_gets_its_line_and_the_log_says_why() {
    let plugin = Plugin::start(&[("PLUGIN_PROTOCOL_VERSIONS", "4,5"), ("TF_LOG", "error")]);
    let network = if cfg!(unix) { "unix" } else { "tcp" };
    assert!(plugin.line.starts_with(&format!("1|6|{network}|")), "{}", plugin.line);
    assert!(plugin.answers().await);
    let lines = lines(plugin);
    assert!(
        lines[0]["@message"].as_str().is_some_and(|it| it.contains("no version")),
        "{lines:#?}"
    );
}
