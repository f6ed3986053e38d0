//! The line on standard output, and what a person sees instead.

use crate::host::{Plugin, command};

#[test]
fn a_host_that_asks_hears_that_connections_are_not_shared() {
    let plugin = Plugin::start(&[("PLUGIN_MULTIPLEX_GRPC", "true")]);
    assert!(plugin.line.ends_with("|grpc||false"), "{}", plugin.line);
}

#[test]
fn the_certificate_is_raw_base64() {
    let plugin = Plugin::start(&[("PLUGIN_CLIENT_CERT", crate::secured::host_certificate())]);
    assert!(plugin.field(5).len() > 50 && !plugin.field(5).contains('='), "{}", plugin.line);
}

#[test]
fn a_person_is_told_what_this_is() {
    let output = command().output().expect("it runs");
    let text = String::from_utf8(output.stderr).expect("text");
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(1), b"".as_slice()));
    assert!(
        text.contains("source  = \"example/greeter\"")
            && text.contains("registry.terraform.io/providers"),
        "{text}"
    );
}

#[test]
fn a_person_can_ask() {
    let output = command().arg("--version").output().expect("it runs");
    assert_eq!(output.stdout, b"registry.terraform.io/example/greeter 1.2.3 (plugin protocol 6)\n");
    let output = command().arg("--help").output().expect("it runs");
    assert!(output.status.success() && output.stderr.is_empty() && !output.stdout.is_empty());
    let output = command().arg("serve").output().expect("it runs");
    assert_eq!((output.status.code(), output.stdout.is_empty()), (Some(1), true));
    assert!(output.stderr.starts_with(b"There is no option `serve`."));
}
