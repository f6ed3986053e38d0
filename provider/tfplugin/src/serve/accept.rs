//! Accepting connections, so that none keeps the others waiting and none is kept for nothing.

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use tokio::sync::mpsc::{self, Sender};
use tokio::task::{AbortHandle, JoinHandle};
use tokio_rustls::TlsAcceptor;
use tokio_stream::wrappers::ReceiverStream;

use super::connection::{Connection, Introduced};
use super::counter::Counter;
use super::socket::{Socket, Stream};
use crate::log::{Level, Log};

/// How many connections there may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// How long a connection may take to show whose it is: as long as go-plugin waits for a plugin to start, since the
    /// host's machine may be as busy as ours.
    introduction: Duration,
    /// How many may be doing so at a time. Beyond, the oldest must go: it is the least likely to be a host's.
    strangers: usize,
    /// How many may be open; the host that started us makes one.
    open: usize,
}

impl Limits {
    pub(super) const USUAL: Self =
        Self { introduction: Duration::from_secs(60), strangers: 64, open: 64 };

    /// For a process that is debugged: each Terraform that is told of it makes a connection for each instance of the provider in
    /// each walk of its graph, and closes none before its end. Source: `reattach` and `Kill` in `client.go` of
    /// hashicorp/go-plugin.
    pub(super) const DEBUGGED: Self = Self { open: 65_536, ..Self::USUAL };
}

/// How long to wait after the system could not accept: as a rule the process has too many files open, and asking again
/// at once would change nothing but the load.
const PAUSE: Duration = Duration::from_millis(100);

/// Accepts connections for as long as somebody takes them. The task that does has the socket.
pub(super) fn accept(
    socket: Socket,
    tls: Option<TlsAcceptor>,
    counter: Counter,
    limits: Limits,
    log: Log,
) -> (ReceiverStream<io::Result<Connection>>, JoinHandle<()>) {
    let (sender, receiver) = mpsc::channel(limits.open);
    let reception = Reception { tls, counter, limits, log, sender };
    let accepting = tokio::spawn(async move {
        let mut strangers = Strangers(VecDeque::new());
        loop {
            let accepted = tokio::select! {
                accepted = socket.accept() => accepted,
                () = reception.sender.closed() => return,
            };
            match accepted {
                // Apart from the loop, so that one that says nothing does not keep the others waiting.
                Ok(stream) => strangers.push(&reception, stream),
                // A connection that failed before it was one is its maker's affair; it must not end the others.
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    });
    (ReceiverStream::new(receiver), accepting)
}

/// What a connection goes through before it is served.
#[derive(Clone)]
struct Reception {
    tls: Option<TlsAcceptor>,
    counter: Counter,
    limits: Limits,
    log: Log,
    sender: Sender<io::Result<Connection>>,
}

impl Reception {
    async fn receive(self, stream: Stream) {
        let introduced = Introduced::by(stream, self.tls);
        let refusal = match tokio::time::timeout(self.limits.introduction, introduced).await {
            Ok(Ok(_)) if self.counter.count().open >= self.limits.open => {
                "too many are open".to_owned()
            }
            Ok(Ok(introduced)) => {
                let connection = introduced.counted(self.counter.enter());
                return drop(self.sender.send(Ok(connection)).await);
            }
            // It only looked whether somebody is there, as a host does before it comes to a process that is debugged.
            Ok(Err(error)) if error.kind() == io::ErrorKind::UnexpectedEof => return,
            Ok(Err(error)) => error.to_string(),
            Err(_) => "it took too long to show whose it is".to_owned(),
        };
        self.log.write(Level::Warn, "Refused a connection", &[("error", refusal.into())]);
    }
}

/// Connections that have not shown yet whose they are, the oldest first.
struct Strangers(VecDeque<AbortHandle>);

impl Strangers {
    fn push(&mut self, reception: &Reception, stream: Stream) {
        self.0.retain(|stranger| !stranger.is_finished());
        if self.0.len() >= reception.limits.strangers
            && let Some(oldest) = self.0.pop_front()
        {
            oldest.abort();
        }
        self.0.push_back(tokio::spawn(reception.clone().receive(stream)).abort_handle());
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::UnixStream;
    use tokio_stream::StreamExt;

    use super::*;
    use crate::serve::connection::PREFACE;
    use crate::serve::settings::{Environment, Settings};
    use crate::serve::tls::Tls;

    const NEVER: Duration = Duration::from_secs(3600);
    const PATIENCE: Duration = Duration::from_secs(20);

    /// A socket that accepts within these limits, and where it is.
    fn accepting(
        limits: Limits,
        tls: Option<TlsAcceptor>,
    ) -> (ReceiverStream<io::Result<Connection>>, String) {
        let socket = Socket::bind(&Settings::read(&Environment::new())).unwrap();
        let (_, path) = socket.address().unwrap();
        let log = Log { level: None, address: "example.org/a/b" };
        (accept(socket, tls, Counter::default(), limits, log).0, path)
    }

    /// Connects and begins to speak.
    async fn speaking(path: &str) -> UnixStream {
        let mut stream = UnixStream::connect(path).await.unwrap();
        stream.write_all(&PREFACE).await.unwrap();
        stream
    }

    /// Whether it is closed, after whatever is said first.
    async fn is_closed(stream: &mut UnixStream) -> bool {
        tokio::time::timeout(PATIENCE, stream.read_to_end(&mut Vec::new())).await.is_ok()
    }

    async fn next(connections: &mut ReceiverStream<io::Result<Connection>>) -> Connection {
        let next = tokio::time::timeout(PATIENCE, connections.next()).await;
        next.expect("in time").expect("one more").unwrap()
    }

    #[tokio::test]
    async fn who_says_nothing_is_dropped_in_time() {
        let certificate = include_str!("../../tests/protocol/certificate/certificate.pem");
        for tls in [None, Some(Tls::for_host(certificate).unwrap().acceptor)] {
            let limits = Limits { introduction: Duration::from_millis(50), ..Limits::USUAL };
            let (_connections, path) = accepting(limits, tls);
            let mut silent = UnixStream::connect(&path).await.unwrap();
            let mut stops = UnixStream::connect(&path).await.unwrap();
            stops.write_all(PREFACE.split_last().unwrap().1).await.unwrap();
            assert!(is_closed(&mut silent).await && is_closed(&mut stops).await);
        }
    }

    #[tokio::test]
    async fn what_was_read_early_is_read_again() {
        let (mut connections, path) = accepting(Limits::USUAL, None);
        let mut host = speaking(&path).await;
        host.write_all(b"and more").await.unwrap();
        let mut connection = next(&mut connections).await;
        let mut read: Vec<u8> = Vec::new();
        while read.len() < PREFACE.len() + 8 {
            let mut some = [0; 7];
            let length = connection.read(&mut some).await.unwrap();
            read.extend(&some[..length]);
        }
        assert_eq!(read, [&PREFACE[..], b"and more"].concat());
    }

    #[tokio::test]
    async fn the_oldest_stranger_makes_room() {
        let limits = Limits { introduction: NEVER, strangers: 2, open: 8 };
        let (mut connections, path) = accepting(limits, None);
        let mut oldest = UnixStream::connect(&path).await.unwrap();
        let mut second = UnixStream::connect(&path).await.unwrap();
        let _host = speaking(&path).await;
        next(&mut connections).await;
        assert!(is_closed(&mut oldest).await);
        second.write_all(&PREFACE).await.unwrap();
        next(&mut connections).await;
    }

    #[tokio::test]
    async fn no_more_are_open_than_may_be() {
        let limits = Limits { introduction: NEVER, strangers: 8, open: 2 };
        let (mut connections, path) = accepting(limits, None);
        let (_one, _two) = (speaking(&path).await, speaking(&path).await);
        let served = (next(&mut connections).await, next(&mut connections).await);
        assert!(is_closed(&mut speaking(&path).await).await);
        drop(served);
        let _three = speaking(&path).await;
        next(&mut connections).await;
    }
}
