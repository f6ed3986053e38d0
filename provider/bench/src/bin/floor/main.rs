//! The floor: the least that a plugin of Terraform can be, with the same answers as the provider.
//!
//! One thread, one Unix socket, TLS with the host's certificate checked, gRPC. It uses nothing of `tfplugin`, reads no
//! request beyond the name of what is asked, and replays answers that were recorded from the provider. What the provider
//! takes longer is what it computes, and what its framework costs.

mod security;
mod service;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{Write, stdout};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tachyon_bench::recording::{self, Recording};
use tachyon_bench::{Outcome, raw};
use tokio::net::UnixListener;
use tokio::sync::{Notify, mpsc};
use tokio_rustls::TlsAcceptor;
use tokio_stream::wrappers::ReceiverStream;

/// How long the host's connection may stay open after it asked for the end.
const LAST_WORDS: Duration = Duration::from_millis(200);

fn main() -> Outcome<()> {
    let environment: BTreeMap<OsString, OsString> = std::env::vars_os().collect();
    let variable = |name: &str| {
        let value = environment.get(&OsString::from(name));
        value.and_then(|value| value.to_str()).ok_or_else(|| format!("{name} is not set"))
    };
    let answers = PathBuf::from(variable(recording::VARIABLE)?);
    let security = security::for_host(variable("PLUGIN_CLIENT_CERT")?)?;
    let socket = Path::new(variable("TMPDIR").unwrap_or("/tmp"))
        .join(format!("floor-{}.socket", std::process::id()));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let served = runtime.block_on(serve(&socket, security, &answers));
    std::fs::remove_file(&socket)?;
    served
}

async fn serve(socket: &Path, security: security::Security, answers: &Path) -> Outcome<()> {
    let listener = UnixListener::bind(socket)?;
    let mut output = stdout().lock();
    writeln!(output, "1|6|unix|{}|grpc|{}", socket.display(), security.certificate)?;
    output.flush()?;
    drop(output);
    let ending = Arc::new(Notify::new());
    let services = service::Services::new(Recording::read(answers)?, Arc::clone(&ending));
    let begun = Arc::new(Notify::new());
    let shutdown = {
        let begun = Arc::clone(&begun);
        async move {
            ending.notified().await;
            begun.notify_one();
        }
    };
    let window = u32::try_from(raw::LARGEST_MESSAGE >> 6)?;
    let serving = tonic::transport::Server::builder()
        .initial_stream_window_size(window)
        .initial_connection_window_size(window)
        .add_service(services.provider())
        .add_service(services.controller())
        .serve_with_incoming_shutdown(accept(listener, security.acceptor), shutdown);
    tokio::select! {
        served = serving => Ok(served?),
        () = async { begun.notified().await; tokio::time::sleep(LAST_WORDS).await } => Ok(()),
    }
}

/// The host's one connection, and whoever else comes with its certificate.
fn accept(
    listener: UnixListener,
    acceptor: TlsAcceptor,
) -> ReceiverStream<std::io::Result<security::Connection>> {
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        while let Ok((plain, _)) = listener.accept().await {
            if let Ok(secured) = acceptor.accept(plain).await
                && sender.send(Ok(security::Connection(secured))).await.is_err()
            {
                return;
            }
        }
    });
    ReceiverStream::new(receiver)
}
