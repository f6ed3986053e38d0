//! TLS of the floor: a certificate of its own, and a host that has the one it announced.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use rcgen::{CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, version};
use tachyon_bench::Outcome;
use tachyon_bench::host::line;
use tachyon_bench::verify::{KnownHost, ring};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::UnixStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tonic::transport::server::Connected;

/// What accepts the host, and the certificate as the handshake line has it.
pub(crate) struct Security {
    pub(crate) acceptor: TlsAcceptor,
    pub(crate) certificate: String,
}

/// For a host that announced this certificate, in PEM.
pub(crate) fn for_host(certificate: &str) -> Outcome<Security> {
    let expected = CertificateDer::from_pem_slice(certificate.as_bytes())?;
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    let ours = CertificateParams::new(["localhost".to_owned()])?.self_signed(&key)?;
    let mut config = ServerConfig::builder_with_provider(ring())
        .with_protocol_versions(&[&version::TLS13, &version::TLS12])?
        .with_client_cert_verifier(Arc::new(KnownHost(expected)))
        .with_single_cert(
            vec![ours.der().clone()],
            PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
        )?;
    config.alpn_protocols = vec![b"h2".to_vec()];
    config.send_tls13_tickets = 0;
    Ok(Security {
        acceptor: TlsAcceptor::from(Arc::new(config)),
        certificate: line::base64(ours.der()),
    })
}

/// A secured connection, as tonic wants it.
pub(crate) struct Connection(pub(crate) TlsStream<UnixStream>);

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
