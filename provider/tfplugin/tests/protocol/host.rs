//! A host, as Terraform is one: starts the example provider, reads its line, connects and asks.

use std::io::{BufRead, BufReader, Read};
#[cfg(unix)]
use std::path::Path;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use hyper_util::rt::TokioIo;
use tfplugin::{Type, Value, msgpack};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
#[cfg(unix)]
use tokio::net::UnixStream;
use tonic::transport::{Channel, Endpoint};
use tower::service_fn;

use crate::secured;
use crate::wire::tfplugin6 as wire;
use crate::wire::tfplugin6::provider_client::ProviderClient;

/// Long enough for a machine that is busy with something else.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) const COOKIE: (&str, &str) =
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2");

/// The example provider, as `cargo test` builds it; with `--test protocol` alone cargo would leave an old one in place.
pub(crate) fn program() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows where it is");
    let folder = test.ancestors().nth(2).expect("a test is two folders down");
    let program = folder.join(format!("examples/greeter{}", std::env::consts::EXE_SUFFIX));
    assert!(
        program.exists(),
        "{} is missing: cargo build -p tfplugin --example greeter",
        program.display()
    );
    program
}

/// The provider's program with nothing in its environment, and nothing on its standard input.
pub(crate) fn command() -> Command {
    let mut command = Command::new(program());
    command.env_clear();
    if cfg!(windows) {
        // Without it no socket is opened there.
        command.env("SYSTEMROOT", r"C:\Windows");
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A provider that runs and has said where it is. Ended when dropped.
pub(crate) struct Plugin {
    child: Child,
    pub(crate) line: String,
}

impl Plugin {
    /// Started as a host starts it, with further variables.
    pub(crate) fn start(variables: &[(&str, &str)]) -> Self {
        Self::spawn(command().envs([COOKIE]).envs(variables.iter().copied()))
    }

    /// Started so, and its first line read.
    pub(crate) fn spawn(command: &mut Command) -> Self {
        let mut child = command.spawn().expect("the provider starts");
        let mut line = String::new();
        // One byte at a time, so that what follows the line is not lost with the reader.
        let output = child.stdout.as_mut().expect("its output is ours");
        BufReader::with_capacity(1, output).read_line(&mut line).expect("it writes a line");
        Self { child, line: line.trim_end().to_owned() }
    }

    pub(crate) fn field(&self, position: usize) -> &str {
        self.line.split('|').nth(position).expect("the line has so many fields")
    }

    /// Ends it as a host does that asks first, where a process can be asked.
    pub(crate) fn end(&mut self) {
        #[cfg(unix)]
        self.signal("TERM");
        #[cfg(not(unix))]
        self.child.kill().expect("the child is ours");
    }

    /// Waits for the end of the process, for at most so long.
    pub(crate) fn ends_within(&mut self, limit: Duration) -> Option<ExitStatus> {
        let started = Instant::now();
        while started.elapsed() < limit {
            if let Some(status) = self.child.try_wait().expect("the child is ours") {
                return Some(status);
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        None
    }

    /// Everything on the error stream of a process that has ended.
    pub(crate) fn errors(&mut self) -> String {
        let mut text = String::new();
        self.child
            .stderr
            .take()
            .expect("read once")
            .read_to_string(&mut text)
            .expect("it writes text");
        text
    }

    /// Whether it answers on a new connection without TLS.
    pub(crate) async fn answers(&self) -> bool {
        let call = async {
            let mut client = client(self.connect().await);
            client.get_metadata(wire::get_metadata::Request {}).await.is_ok()
        };
        tokio::time::timeout(PATIENCE, call).await.is_ok_and(|answered| answered)
    }

    /// Bytes both ways, to where the line says.
    pub(crate) async fn open(&self) -> std::io::Result<Box<dyn Duplex>> {
        Ok(match self.field(2) {
            #[cfg(unix)]
            "unix" => Box::new(UnixStream::connect(self.field(3)).await?),
            _ => Box::new(TcpStream::connect(self.field(3)).await?),
        })
    }

    /// A connection without TLS, to where the line says.
    pub(crate) async fn connect(&self) -> Channel {
        match self.field(2) {
            #[cfg(unix)]
            "unix" => connect_unix(self.field(3)).await,
            _ => connect_tcp(self.field(3)).await,
        }
    }
}

/// What is asked of processes of Unix alone.
#[cfg(unix)]
impl Plugin {
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal by its name.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([format!("-{name}"), self.id().to_string()]).status();
        assert!(sent.expect("kill runs").success());
    }

    /// The output of a process that still runs.
    pub(crate) fn output(&mut self) -> &mut std::process::ChildStdout {
        self.child.stdout.as_mut().expect("its output is ours")
    }

    pub(crate) fn close_input(&mut self) {
        drop(self.child.stdin.take());
    }

    /// The output, for another thread to read to its end.
    pub(crate) fn take_output(&mut self) -> std::process::ChildStdout {
        self.child.stdout.take().expect("taken once")
    }

    /// The error stream of a process that still runs.
    pub(crate) fn error_stream(&mut self) -> &mut std::process::ChildStderr {
        self.child.stderr.as_mut().expect("its errors are ours")
    }

    /// The rest of the output of a process that has ended.
    pub(crate) fn rest_of_output(&mut self) -> String {
        let mut text = String::new();
        self.child
            .stdout
            .take()
            .expect("read once")
            .read_to_string(&mut text)
            .expect("it writes text");
        text
    }
}

/// Both directions of a connection.
pub(crate) trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

impl Drop for Plugin {
    fn drop(&mut self) {
        // Asked first, so that it removes its socket. It may have ended already, which is as good.
        if matches!(self.child.try_wait(), Ok(None)) {
            self.end();
        }
        if self.ends_within(Duration::from_secs(2)).is_none() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

#[cfg(unix)]
pub(crate) async fn connect_unix(path: impl AsRef<Path>) -> Channel {
    let path = path.as_ref().to_owned();
    let connector = service_fn(move |_| {
        let path = path.clone();
        async move { UnixStream::connect(path).await.map(TokioIo::new) }
    });
    endpoint().connect_with_connector(connector).await.expect("the socket is there")
}

async fn connect_tcp(address: &str) -> Channel {
    let address = address.to_owned();
    let connector = service_fn(move |_| {
        let address = address.clone();
        async move { TcpStream::connect(address).await.map(TokioIo::new) }
    });
    endpoint().connect_with_connector(connector).await.expect("the port is open")
}

pub(crate) fn endpoint() -> Endpoint {
    Endpoint::from_static("http://localhost")
}

/// A client of the provider, started with these variables; secured as Terraform does it.
pub(crate) async fn secured_client(
    variables: &[(&str, &str)],
) -> (Plugin, ProviderClient<Channel>) {
    let certificate = secured::host_certificate();
    let variables: Vec<_> =
        variables.iter().copied().chain([("PLUGIN_CLIENT_CERT", certificate)]).collect();
    let plugin = Plugin::start(&variables);
    let channel =
        secured::connect(&plugin, secured::Identity::Host).await.expect("the host is let in");
    (plugin, client(channel))
}

pub(crate) fn client(channel: Channel) -> ProviderClient<Channel> {
    ProviderClient::new(channel)
        .max_decoding_message_size(256 << 20)
        .max_encoding_message_size(256 << 20)
}

/// A value of dynamic type, or of another, as a host sends it.
pub(crate) fn dynamic(value: &Value, ty: &Type) -> wire::DynamicValue {
    wire::DynamicValue {
        msgpack: msgpack::encode(value, ty).expect("it fits").into(),
        ..Default::default()
    }
}

/// Calls a function with one argument.
pub(crate) async fn call(
    client: &mut ProviderClient<Channel>,
    function: &str,
    argument: &Value,
    ty: &Type,
) -> wire::call_function::Response {
    let request = wire::call_function::Request {
        name: function.to_owned(),
        arguments: vec![dynamic(argument, ty)],
    };
    client.call_function(request).await.expect("functions answer").into_inner()
}

/// The text that a function returned.
pub(crate) fn text(response: wire::call_function::Response) -> String {
    assert_eq!(response.error, None);
    match msgpack::decode(&response.result.expect("a result or an error").msgpack, &Type::String) {
        Ok(Value::String(text)) => text,
        other => panic!("{other:?} is no text"),
    }
}
