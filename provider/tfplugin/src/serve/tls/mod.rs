//! The secured connection: a certificate of our own for this process, and a host that must have the one it announced.
//!
//! The cryptography is *ring* with the pure-Rust `p521` for one signature, because Terraform's certificate has a P-521 key
//! and *ring* has no such curve. aws-lc-rs has it, but seeds itself at each start of a process: 44 ms from start to
//! handshake as it comes, 1.7 ms with its source of entropy switched off at build time, against 1.4 ms with *ring* (medians
//! on two cores of an AMD EPYC). Terraform starts a provider three times for one plan. The signature is checked once a
//! connection, in about 2 ms.

mod certificate;
mod client;
mod p521;

use std::fmt;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::server::NoServerSessionStorage;
use rustls::{ServerConfig, version};
use tokio_rustls::TlsAcceptor;

/// What is needed to accept the host: the acceptor, and our certificate as the handshake names it.
pub(crate) struct Tls {
    pub(crate) acceptor: TlsAcceptor,
    /// The DER of our certificate.
    pub(crate) certificate: Vec<u8>,
}

/// Why there can be no secured connection.
#[derive(Debug)]
pub(crate) struct TlsError(String);

impl fmt::Display for TlsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Tls {
    /// For a host that announced this certificate, in PEM.
    pub(crate) fn for_host(certificate: &str) -> Result<Self, TlsError> {
        let expected = CertificateDer::from_pem_slice(certificate.as_bytes()).map_err(|error| {
            TlsError(format!("PLUGIN_CLIENT_CERT holds no certificate: {error}"))
        })?;
        let (ours, key) = certificate::generate().map_err(|error| TlsError(error.to_string()))?;
        let ring = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(Arc::clone(&ring))
            .with_protocol_versions(&[&version::TLS13, &version::TLS12])
            .map_err(|error| TlsError(error.to_string()))?
            .with_client_cert_verifier(Arc::new(client::PinnedClient::new(expected, &ring)))
            .with_single_cert(vec![ours.clone()], key)
            .map_err(|error| TlsError(error.to_string()))?;
        // gRPC for Go insists on it.
        config.alpn_protocols = vec![b"h2".to_vec()];
        // A connection that takes up an earlier one would not show its certificate; the host never does so.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), certificate: ours.to_vec() })
    }
}
