//! Where the host connects: a Unix socket that only its user can reach, or else a port of this machine.

use std::io;
use std::net::Ipv4Addr;

use tokio::net::{TcpListener, TcpStream};

use super::settings::Settings;
#[cfg(unix)]
use super::unix::UnixSocket;

/// Something that the host can connect to. A Unix socket is removed when this is dropped.
pub(crate) enum Socket {
    Tcp(TcpListener),
    #[cfg(unix)]
    Unix(UnixSocket),
}

/// A connection before anything was said on it.
pub(crate) enum Stream {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(tokio::net::UnixStream),
}

impl Socket {
    /// Binds a Unix socket where there are such, or the first free port where not, or where its path would be too long.
    pub(crate) fn bind(settings: &Settings) -> io::Result<Self> {
        #[cfg(unix)]
        if let Some(socket) = UnixSocket::bind(settings)? {
            return Ok(Self::Unix(socket));
        }
        Self::bind_port(settings)
    }

    fn bind_port(settings: &Settings) -> io::Result<Self> {
        let mut last = io::Error::other(format!("no port in {}", settings.describe_ports()));
        for port in settings.ports.clone() {
            match std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
                Ok(listener) => {
                    listener.set_nonblocking(true)?;
                    return TcpListener::from_std(listener).map(Self::Tcp);
                }
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// The kind of network and the address, as the handshake names them.
    pub(crate) fn address(&self) -> io::Result<(&'static str, String)> {
        match self {
            Self::Tcp(listener) => Ok(("tcp", listener.local_addr()?.to_string())),
            #[cfg(unix)]
            Self::Unix(socket) => Ok(("unix", socket.path.display().to_string())),
        }
    }

    pub(crate) async fn accept(&self) -> io::Result<Stream> {
        match self {
            Self::Tcp(listener) => {
                let (stream, _) = listener.accept().await?;
                // Without this an answer of more than one packet waits some 40 ms for the host's acknowledgement.
                stream.set_nodelay(true)?;
                Ok(Stream::Tcp(stream))
            }
            #[cfg(unix)]
            Self::Unix(socket) => Ok(Stream::Unix(socket.listener.accept().await?.0)),
        }
    }
}
