//! A connection from the host, whatever carries it.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};
use tokio_rustls::TlsAcceptor;
use tonic::transport::server::Connected;

use super::counter::Open;
use super::socket::Stream;

/// Both directions of a connection.
trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

/// What every connection for HTTP/2 begins with.
pub(super) const PREFACE: [u8; 24] = *b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// One whose maker has shown itself: has proved who it is, with TLS, and has begun to speak.
pub(super) struct Introduced(Box<dyn Duplex>);

/// A connection that may be served.
pub(crate) struct Connection {
    /// What was read already and has to be read again.
    read: &'static [u8],
    stream: Box<dyn Duplex>,
    /// Held for its drop.
    _open: Open,
}

impl Introduced {
    /// Waits for the maker of a connection to show itself, however long it takes.
    pub(super) async fn by(stream: Stream, tls: Option<TlsAcceptor>) -> io::Result<Self> {
        let mut stream: Box<dyn Duplex> = match (stream, tls) {
            (Stream::Tcp(stream), None) => Box::new(stream),
            (Stream::Tcp(stream), Some(tls)) => Box::new(tls.accept(stream).await?),
            #[cfg(unix)]
            (Stream::Unix(stream), None) => Box::new(stream),
            #[cfg(unix)]
            (Stream::Unix(stream), Some(tls)) => Box::new(tls.accept(stream).await?),
        };
        let mut preface = [0; PREFACE.len()];
        stream.read_exact(&mut preface).await?;
        if preface == PREFACE {
            Ok(Self(stream))
        } else {
            Err(io::Error::new(io::ErrorKind::InvalidData, "it does not speak HTTP/2"))
        }
    }

    pub(super) fn counted(self, open: Open) -> Connection {
        Connection { read: &PREFACE, stream: self.0, _open: open }
    }
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
        if self.read.is_empty() {
            return Pin::new(&mut self.stream).poll_read(context, buffer);
        }
        let (now, later) = self.read.split_at(self.read.len().min(buffer.remaining()));
        buffer.put_slice(now);
        self.read = later;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
