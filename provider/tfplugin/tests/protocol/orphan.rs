//! A provider whose host was killed ends by itself; one whose host is there does not.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use tfplugin::{Type, Value};

use crate::host::{COOKIE, PATIENCE, Plugin, call, client, command, connect_unix, program, text};
use crate::secured;
use crate::wire::tfplugin6::get_metadata;

/// Long enough for a process that looks for its host to have looked several times.
const LOOKS: Duration = Duration::from_millis(600);

/// A provider that another process started, which can be killed without it.
struct Raised {
    /// The process that started it, with the provider's line.
    host: Plugin,
    /// The provider's number.
    id: String,
}

impl Raised {
    fn start(arguments: &str) -> Self {
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("\"$0\" {arguments} & echo $! >&2; wait")]).arg(program());
        shell.env_clear().envs([COOKIE, ("PLUGIN_CLIENT_CERT", secured::host_certificate())]);
        shell.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut host = Plugin::spawn(&mut shell);
        let mut id = String::new();
        BufReader::with_capacity(1, host.error_stream()).read_line(&mut id).expect("its number");
        Self { host, id: id.trim().to_owned() }
    }

    fn kill_host(&mut self) {
        self.host.signal("KILL");
        self.host.ends_within(PATIENCE).expect("it is killed");
    }

    /// Waits for the provider's end, which closes its streams: it is nobody's child who would tell.
    async fn ends(&mut self) -> bool {
        let mut output = self.host.take_output();
        let closed = tokio::task::spawn_blocking(move || output.read_to_end(&mut Vec::new()));
        let ends = tokio::time::timeout(PATIENCE, closed).await.is_ok();
        if ends {
            self.id.clear();
        }
        ends
    }
}

impl Drop for Raised {
    fn drop(&mut self) {
        if !self.id.is_empty() {
            let _ = Command::new("kill").args(["-TERM", &self.id]).status();
        }
    }
}

fn folder(plugin: &Plugin) -> PathBuf {
    Path::new(plugin.field(3)).parent().expect("a folder").to_owned()
}

#[tokio::test]
async fn a_provider_lives_as_long_as_its_last_connection_and_no_longer() {
    let mut raised = Raised::start("");
    let folder = folder(&raised.host);
    let channel = secured::connect(&raised.host, secured::Identity::Host).await;
    let mut client = client(channel.expect("the host is let in"));
    client.get_metadata(get_metadata::Request {}).await.expect("answered");
    raised.kill_host();
    tokio::time::sleep(LOOKS).await;
    let answer = call(&mut client, "greet", &Value::from("you"), &Type::String).await;
    assert_eq!(text(answer), "Hello, you! (1)");
    drop(client);
    assert!(raised.ends().await && !folder.exists());
}

#[tokio::test]
async fn a_host_may_go_and_come_again() {
    let plugin = Plugin::start(&[("PLUGIN_CLIENT_CERT", secured::host_certificate())]);
    for _ in 0..3 {
        let channel = secured::connect(&plugin, secured::Identity::Host).await;
        assert!(secured::answers(channel).await);
        tokio::time::sleep(LOOKS / 2).await;
    }
}

#[tokio::test]
async fn a_host_may_take_its_time() {
    // The shell ends as soon as the provider runs, as a script does that starts it for another process.
    let mut shell = Command::new("sh");
    shell
        .args(["-c", "\"$0\" & echo $! >&2; read ready"])
        .arg(program())
        .env_clear()
        .envs([COOKIE]);
    shell.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut host = Plugin::spawn(&mut shell);
    let mut id = String::new();
    BufReader::with_capacity(1, host.error_stream()).read_line(&mut id).expect("its number");
    let mut raised = Raised { host, id: id.trim().to_owned() };
    raised.host.close_input();
    raised.host.ends_within(PATIENCE).expect("the script ends");
    let folder = folder(&raised.host);
    tokio::time::sleep(LOOKS).await;
    assert!(raised.host.answers().await);
    assert!(raised.ends().await && !folder.exists());
}

#[tokio::test]
async fn a_host_that_is_gone_before_the_line_is_noticed() {
    let folder = std::env::temp_dir().join(format!("tfplugin-gone-{}", std::process::id()));
    std::fs::create_dir(&folder).expect("it is not there");
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let mut child = command()
        .envs([COOKIE, ("TMPDIR", folder.to_str().expect("a path in text"))])
        .stdout(writer)
        .spawn()
        .expect("the provider starts");
    let waiting = tokio::task::spawn_blocking(move || child.wait());
    let ended =
        tokio::time::timeout(PATIENCE, waiting).await.expect("it ends").expect("waited for");
    assert_eq!(ended.expect("a status").code(), Some(1));
    std::fs::remove_dir(&folder).expect("nothing was left in it");
}

#[tokio::test]
async fn a_provider_that_is_debugged_has_no_host() {
    let mut raised = Raised::start("--debug");
    let mut output = BufReader::with_capacity(1, raised.host.output());
    let mut line = String::new();
    while !line.contains("TF_REATTACH_PROVIDERS") {
        line.clear();
        output.read_line(&mut line).expect("it writes a line");
    }
    let (_, rest) = line.split_once(r#""String":""#).expect("an address");
    let path = rest.split('"').next().expect("a path").to_owned();
    raised.kill_host();
    for _ in 0..2 {
        let mut client = client(connect_unix(&path).await);
        client.get_metadata(get_metadata::Request {}).await.expect("answered");
        drop(client);
        tokio::time::sleep(LOOKS).await;
    }
    assert!(Path::new(&path).exists());
}
