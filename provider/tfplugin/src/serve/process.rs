//! The runtime, the signals, and the end of the process.
//!
//! One thread serves the connections and a few others compute: a call is computation alone, so more would not be faster, and
//! a second worker thread is a millisecond at the start of every process.

use std::fmt;
use std::future::Future;
use std::hint::black_box;
use std::io;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

use super::accept::{Limits, accept};
use super::counter::Counter;
use super::ending::Ending;
use super::orphan::Host;
use super::settings::{PROTOCOL, Settings};
use super::socket::Socket;
use super::tls::Tls;
use super::{announce, line, person};
use crate::bug;
use crate::catalogue::Catalogue;
use crate::log::{Level, Log};
use crate::provider::Provider;
use crate::server;

/// How many calls are computed at a time; Terraform makes up to ten.
const COMPUTING: usize = 10;

/// How long a connection may take to end after the host has asked for the end of the process: a host closes it as soon as
/// it has its answer, and waits two seconds for the process.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// Up to which size memory that was freed is kept for the next call, in bytes: more than a large answer and all that goes with
/// it. Nothing of it is taken before it is needed.
const KEPT: usize = 16 << 20;

/// Why the process could not serve.
#[derive(Debug)]
pub(super) struct Failure(String);

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self(format!("The provider cannot be reached: {error}"))
    }
}

/// Serves the host that started the process.
pub(super) fn serve(
    settings: &Settings,
    provider: impl FnOnce() -> Provider,
) -> Result<(), Failure> {
    let host = Host::that_started_us();
    let tls = settings.client_certificate.as_deref().map(Tls::for_host).transpose();
    let tls = tls.map_err(|error| Failure(error.to_string()))?;
    run(async {
        let socket = Socket::bind(settings)?;
        let ending = Ending::new();
        // Before the host can know of us, so that no signal finds us unprepared.
        end_on_signals(&ending, HostSignals::Present)?;
        let (network, address) = socket.address()?;
        let certificate = tls.as_ref().map(|tls| tls.certificate.as_slice());
        announce(&line::handshake(settings, (network, &address), certificate))?;
        let catalogue = bug::catch(|| Catalogue::new(provider()))
            .map_err(|panic| Failure(format!("A bug in the provider: {}", panic.text)))?;
        let log = log(settings, &catalogue.provider);
        log.write(
            Level::Debug,
            "Serving",
            &[("network", network.into()), ("protocol", PROTOCOL.into())],
        );
        if settings.speaks_another_protocol() {
            log.write(
                Level::Error,
                "The host speaks no version of the protocol that this provider does",
                &[],
            );
        }
        let counter = Counter::default();
        end_without_host(host, &counter, &ending, log);
        let (connections, accepting) =
            accept(socket, tls.map(|tls| tls.acceptor), counter, Limits::USUAL, log);
        let serving = server::serve(catalogue, connections, ending.clone(), log);
        until_ended(serving, &ending, accepting).await
    })
}

/// Serves whoever connects, without TLS, until a person ends it.
pub(super) fn debug(settings: &Settings, provider: Provider) -> Result<(), Failure> {
    run(async {
        let socket = Socket::bind(settings)?;
        let ending = Ending::new();
        end_on_signals(&ending, HostSignals::Absent)?;
        let (network, address) = socket.address()?;
        announce(&person::reattach(&provider, (network, &address)))?;
        let log = log(settings, &provider);
        let (connections, accepting) =
            accept(socket, None, Counter::default(), Limits::DEBUGGED, log);
        let serving = server::serve(Catalogue::new(provider), connections, ending.clone(), log);
        until_ended(serving, &ending, accepting).await
    })
}

fn log(settings: &Settings, provider: &Provider) -> Log {
    Log { level: settings.level_for(provider.name()), address: provider.address }
}

/// Begins the ending when nobody is there any more who could ask for it.
fn end_without_host(host: Host<fn() -> Option<u32>>, counter: &Counter, ending: &Ending, log: Log) {
    let (counter, ending) = (counter.clone(), ending.clone());
    tokio::spawn(async move {
        host.gone(&counter).await;
        log.write(Level::Info, "The host is gone", &[]);
        ending.begin();
    });
}

fn run(future: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime: Runtime =
        Builder::new_current_thread().enable_all().max_blocking_threads(COMPUTING).build()?;
    keep_large_buffers();
    let result = runtime.block_on(future);
    // The process ends, and with it everything at once. To put away threads and memory one by one would only take the host's
    // time, which waits for the end; and what is still computed is for nobody any more.
    std::mem::forget(runtime);
    result
}

/// Has the allocator keep what large answers were made in. glibc gives 128 KiB and more back to the system at once, which then
/// has to find and clear new pages for the next answer, for a fifth of a call's time; but once something larger was freed, it
/// keeps all that is smaller. Source: `M_MMAP_THRESHOLD` and `M_TRIM_THRESHOLD` in mallopt(3). Other allocators think nothing
/// of it.
fn keep_large_buffers() {
    drop(black_box(Vec::<u8>::with_capacity(KEPT)));
}

/// Serves until the end, at which the socket is removed.
async fn until_ended<E: fmt::Display>(
    serving: impl Future<Output = Result<(), E>>,
    ending: &Ending,
    accepting: JoinHandle<()>,
) -> Result<(), Failure> {
    let too_long = async {
        ending.begun().await;
        tokio::time::sleep(LAST_WORDS).await;
    };
    let served = tokio::select! {
        served = serving => served.map_err(|error| Failure(format!("The provider cannot serve: {error}"))),
        () = too_long => Ok(()),
    };
    accepting.abort();
    // It has ended now, one way or the other, and let go of the socket.
    let _ = accepting.await;
    served
}

/// Whether Ctrl-C reaches a host too, which then decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HostSignals {
    Present,
    Absent,
}

/// Begins the ending on the signals that mean it. A terminal sends Ctrl-C to the host and to us; the host then asks us to
/// stop and still wants its answers, so we follow it only where there is no host.
#[cfg(unix)]
fn end_on_signals(ending: &Ending, host: HostSignals) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    // A terminal that is closed says so to the host and to us. If that ends the host, its end is ours, and a clean one; if
    // not, as under `nohup`, it still wants its answers. Once listened to, the signal no longer kills.
    let mut hung_up = signal(SignalKind::hangup())?;
    let ending = ending.clone();
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = terminated.recv() => break,
                _ = interrupted.recv() => if host == HostSignals::Absent { break },
                _ = hung_up.recv() => if host == HostSignals::Absent { break },
            }
        }
        ending.begin();
    });
    Ok(())
}

#[cfg(windows)]
fn end_on_signals(ending: &Ending, host: HostSignals) -> io::Result<()> {
    let mut interrupted = tokio::signal::windows::ctrl_c()?;
    let ending = ending.clone();
    tokio::spawn(async move {
        while interrupted.recv().await.is_some() {
            if host == HostSignals::Absent {
                return ending.begin();
            }
        }
    });
    Ok(())
}
