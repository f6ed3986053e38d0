//! Many at a time: calls, connections, and answers that nobody reads.

use std::path::PathBuf;
use std::time::Duration;

use prost::Message;
use tfplugin::{Type, Value};
use tokio::task::JoinSet;
use tonic::transport::Channel;

#[cfg(unix)]
use crate::host::program;
use crate::host::{COOKIE, Duplex, PATIENCE, Plugin, client, command, dynamic};
use crate::raw::{ask, begin};
use crate::secured::{self, Identity};
use crate::wire::tfplugin6 as wire;

const MANY: usize = 64;

/// The calls of a host that asks for much, each with its message; no two alike.
fn calls() -> Vec<(&'static str, Vec<u8>)> {
    let greeting = Type::object([("name", Type::String), ("words", Type::String)]);
    let config = Type::object([
        ("names", Type::Dynamic),
        ("word", Type::String),
        ("greetings", Type::map(greeting)),
    ]);
    let call = |number: usize| {
        let names = (0..=number).map(|name| Value::from(format!("{number}-{name}"))).collect();
        let given = Value::from([("names", Value::List(names)), ("word", Value::Null)]);
        let config = Some(dynamic(&given, &config));
        let type_name = "greeter_greetings".to_owned();
        match number % 3 {
            0 => ("CallFunction", say(&format!("{number} ").repeat(number * 50))),
            1 => {
                let read =
                    wire::read_data_source::Request { type_name, config, ..Default::default() };
                ("ReadDataSource", read.encode_to_vec())
            }
            _ => {
                let validate = wire::validate_data_resource_config::Request { type_name, config };
                ("ValidateDataResourceConfig", validate.encode_to_vec())
            }
        }
    };
    (0..MANY).map(call).collect()
}

fn say(words: &str) -> Vec<u8> {
    let order = dynamic(&Value::from(format!("say {words}")), &Type::Dynamic);
    wire::call_function::Request { name: "obey".into(), arguments: vec![order] }.encode_to_vec()
}

async fn host(plugin: &Plugin) -> Channel {
    secured::connect(plugin, Identity::Host).await.expect("the host is let in")
}

fn secured_plugin() -> Plugin {
    Plugin::start(&[("PLUGIN_CLIENT_CERT", secured::host_certificate())])
}

#[tokio::test]
async fn answers_are_the_same_in_a_crowd() {
    let (alone, crowded) = (secured_plugin(), secured_plugin());
    let channel = host(&alone).await;
    let mut expected = Vec::new();
    for (call, message) in calls() {
        expected.push(ask(&channel, call, message).await.expect("answered"));
    }
    // Two hosts, as a provider has them that is debugged.
    let channels = [host(&crowded).await, host(&crowded).await];
    let mut asking = JoinSet::new();
    for (number, (call, message)) in calls().into_iter().enumerate() {
        for channel in channels.clone() {
            let message = message.clone();
            asking.spawn(async move { (number, ask(&channel, call, message).await) });
        }
    }
    let mut answered = 0;
    while let Some(answer) = asking.join_next().await {
        let (number, answer) = answer.expect("it ends");
        assert_eq!(answer.expect("answered"), expected[number], "call {number}");
        answered += 1;
    }
    assert_eq!(answered, 2 * MANY);
}

/// How much memory a process has, in bytes.
#[cfg(target_os = "linux")]
fn memory(plugin: &Plugin) -> usize {
    let status =
        std::fs::read_to_string(format!("/proc/{}/status", plugin.id())).expect("it lives");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a line");
    let kilobytes: usize = line.trim().trim_end_matches(" kB").parse().expect("a number");
    kilobytes << 10
}

#[tokio::test]
async fn who_does_not_read_keeps_nobody_waiting() {
    const SIZE: usize = 1 << 20;
    let plugin = secured_plugin();
    let lazy = host(&plugin).await;
    let mut unread = Vec::new();
    for number in 0..MANY {
        let words = format!("{number} ").repeat(SIZE / 3);
        unread.push(begin(&lazy, "CallFunction", say(&words)).await.expect("it begins to answer"));
    }
    let other = host(&plugin).await;
    for (call, message) in calls() {
        ask(&other, call, message).await.expect("answered");
    }
    // The answers, each once more while it is written, and what is remembered.
    #[cfg(target_os = "linux")]
    assert!(memory(&plugin) < 3 * MANY * SIZE + (64 << 20), "{} MB", memory(&plugin) >> 20);
    // And when it reads in the end, it is all there.
    let mut reading = JoinSet::new();
    for mut answer in unread {
        reading.spawn(async move { answer.message().await });
    }
    let answers = tokio::time::timeout(PATIENCE, reading.join_all()).await.expect("in time");
    for answer in answers {
        assert!(answer.expect("answered").expect("a message").len() > SIZE / 2);
    }
}

/// Connections that say nothing.
async fn silent(plugin: &Plugin, many: usize) -> Vec<Box<dyn Duplex>> {
    let mut connections = Vec::new();
    for _ in 0..many {
        connections.push(plugin.open().await.expect("it listens"));
    }
    connections
}

#[tokio::test]
async fn who_says_nothing_keeps_nobody_waiting() {
    for plugin in [secured_plugin(), Plugin::start(&[])] {
        let _silent = silent(&plugin, 200).await;
        match plugin.field(5) {
            "" => assert!(plugin.answers().await),
            _ => assert!(secured::answers(secured::connect(&plugin, Identity::Host).await).await),
        }
    }
}

/// The processor time that a process has used.
#[cfg(target_os = "linux")]
fn busy(plugin: &Plugin) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", plugin.id())).expect("it lives");
    let (_, fields) = stat.rsplit_once(") ").expect("a name");
    let ticks = fields.split(' ').skip(11).take(2).map(|it| it.parse::<u64>().expect("a number"));
    Duration::from_millis(10 * ticks.sum::<u64>())
}

#[cfg(unix)]
#[tokio::test]
async fn having_no_files_left_passes() {
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", "ulimit -n 32; exec \"$0\""]).arg(program()).env_clear().envs([COOKIE]);
    shell.stdin(std::process::Stdio::null());
    shell.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let plugin = Plugin::spawn(&mut shell);
    let mut early = client(plugin.connect().await);
    early.get_metadata(wire::get_metadata::Request {}).await.expect("answered");
    let silent = silent(&plugin, 48).await;
    #[cfg(target_os = "linux")]
    {
        let before = busy(&plugin);
        tokio::time::sleep(Duration::from_millis(600)).await;
        let used = busy(&plugin).checked_sub(before).expect("time passes");
        assert!(used < Duration::from_millis(100), "it asks again and again: {used:?}");
    }
    early.get_metadata(wire::get_metadata::Request {}).await.expect("answered");
    drop(silent);
    assert!(plugin.answers().await);
}

/// A file whose coming lets calls go on that wait for it.
pub(crate) struct Gate {
    folder: PathBuf,
    name: String,
}

impl Gate {
    pub(crate) fn new(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
        let gate = Self { folder, name: format!("gate-{name}-{}", std::process::id()) };
        let _ = std::fs::remove_file(gate.path());
        gate
    }

    fn path(&self) -> PathBuf {
        self.folder.join(&self.name)
    }

    /// The order to answer, and then to wait for it.
    pub(crate) fn linger(&self) -> Value {
        Value::from(format!("linger {}", self.path().display()))
    }

    /// The order to wait for it; no two are alike, so that none is remembered.
    pub(crate) fn wait(&self, number: usize) -> Value {
        let Self { folder, name } = self;
        let path = folder.join("./".repeat(number)).join(name);
        Value::from(format!("wait {}", path.display()))
    }

    pub(crate) fn open(&self) {
        std::fs::write(self.path(), "").expect("cargo's own folder can be written to");
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(self.path());
    }
}

#[tokio::test]
async fn a_second_host_can_be_served_while_the_first_waits() {
    let mut plugin = Plugin::spawn(command().envs([COOKIE]));
    let gate = Gate::new("second");
    let mut first = client(plugin.connect().await);
    let order = gate.wait(0);
    let waiting = tokio::spawn(async move {
        crate::host::text(crate::host::call(&mut first, "obey", &order, &Type::Dynamic).await)
    });
    assert!(plugin.answers().await && !waiting.is_finished());
    gate.open();
    let waited = tokio::time::timeout(PATIENCE, waiting).await.expect("in time");
    assert_eq!(waited.expect("it ends"), "waited");
    assert_eq!(plugin.ends_within(Duration::ZERO), None);
}
