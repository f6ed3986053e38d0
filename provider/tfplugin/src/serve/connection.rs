//! Connections from the host, whatever carries them.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::server::Connected;

use super::socket::Socket;
use crate::log::{Level, Log};

/// How many connections may wait to be served; a host makes one.
const WAITING: usize = 16;

/// Both directions of a connection.
trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

/// A connection that may be served: with TLS, only once the host has proved who it is.
pub(crate) struct Connection(Box<dyn Duplex>);

/// Accepts connections for as long as somebody takes them.
pub(crate) fn accept(
    socket: Arc<Socket>,
    tls: Option<TlsAcceptor>,
    log: Log,
) -> ReceiverStream<io::Result<Connection>> {
    let (sender, receiver) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        loop {
            let accepted = tokio::select! {
                accepted = socket.accept() => accepted,
                () = sender.closed() => return,
            };
            // A connection that failed before it was one is its maker's affair; it must not end the others.
            let Ok(plain) = accepted else {
                tokio::task::yield_now().await;
                continue;
            };
            let (sender, tls) = (sender.clone(), tls.clone());
            // Apart from the loop, so that one that says nothing does not keep the others waiting.
            tokio::spawn(async move {
                match secure(plain, tls).await {
                    Ok(connection) => drop(sender.send(Ok(connection)).await),
                    Err(error) => log.write(
                        Level::Warn,
                        "Refused a connection",
                        &[("error", error.to_string().into())],
                    ),
                }
            });
        }
    });
    ReceiverStream::new(receiver)
}

async fn secure(plain: super::socket::Stream, tls: Option<TlsAcceptor>) -> io::Result<Connection> {
    use super::socket::Stream;
    Ok(Connection(match (plain, tls) {
        (Stream::Tcp(stream), None) => Box::new(stream),
        (Stream::Tcp(stream), Some(tls)) => Box::new(tls.accept(stream).await?),
        #[cfg(unix)]
        (Stream::Unix(stream), None) => Box::new(stream),
        #[cfg(unix)]
        (Stream::Unix(stream), Some(tls)) => Box::new(tls.accept(stream).await?),
    }))
}

impl Connected for Connection {
    type ConnectInfo = ();

    fn connect_info(&self) -> Self::ConnectInfo {}
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.0.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}
