//! The secured connection: who is let in and who is not.

use std::sync::Arc;

use hyper_util::rt::TokioIo;
use p521::ecdsa::signature::Signer as _;
use p521::ecdsa::{DerSignature, SigningKey as P521Key};
use p521::pkcs8::DecodePrivateKey;
use rustls::client::ResolvesClientCert;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer, ServerName};
use rustls::sign::{CertifiedKey, Signer, SigningKey};
use rustls::{
    ClientConfig, RootCertStore, SignatureAlgorithm, SignatureScheme, SupportedProtocolVersion,
    version,
};
use tokio_rustls::TlsConnector;
use tonic::transport::Channel;
use tower::service_fn;

use crate::host::{Plugin, client, endpoint};
use crate::wire::tfplugin6::get_metadata;

/// In whose name a connection is made.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Identity {
    /// The host that started the provider.
    Host,
    /// Somebody with the host's certificate and not its key.
    Impostor,
    /// Somebody with a certificate and a key of their own.
    Stranger,
    /// Somebody who shows nothing.
    Nobody,
}

/// The certificate that the host announces.
pub(crate) fn host_certificate() -> &'static str {
    include_str!("certificate/certificate.pem")
}

/// Connects to a provider that announced its own certificate.
pub(crate) async fn connect(
    plugin: &Plugin,
    identity: Identity,
) -> Result<Channel, tonic::transport::Error> {
    connect_with(plugin, identity, &version::TLS13).await
}

async fn connect_with(
    plugin: &Plugin,
    identity: Identity,
    version: &'static SupportedProtocolVersion,
) -> Result<Channel, tonic::transport::Error> {
    connect_as(plugin, certified(identity), version).await
}

/// Connects with a key, or without one.
pub(crate) async fn connect_as(
    plugin: &Plugin,
    key: Option<CertifiedKey>,
    version: &'static SupportedProtocolVersion,
) -> Result<Channel, tonic::transport::Error> {
    let connector = TlsConnector::from(Arc::new(config(plugin.field(5), key, version)));
    // The one connection that is made; there is no second with what has been asked on the first.
    let mut stream = Some(plugin.open().await.expect("it listens"));
    let connect = service_fn(move |_| {
        let (connector, stream) = (connector.clone(), stream.take());
        async move {
            let name = ServerName::try_from("localhost").expect("a name");
            let stream = stream.ok_or(std::io::ErrorKind::NotConnected)?;
            connector.connect(name, stream).await.map(TokioIo::new)
        }
    });
    endpoint().connect_with_connector(connect).await
}

/// Trusts the one certificate of the handshake line and looks for the name in it, as Go does.
fn config(
    certificate: &str,
    key: Option<CertifiedKey>,
    version: &'static SupportedProtocolVersion,
) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from(unpadded_base64(certificate)))
        .expect("the line has a certificate");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[version])
        .expect("ring has both")
        .with_root_certificates(roots);
    let mut config = match key {
        Some(key) => builder.with_client_cert_resolver(Arc::new(Always(Arc::new(key)))),
        None => builder.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"h2".to_vec()];
    config
}

fn certified(identity: Identity) -> Option<CertifiedKey> {
    let key = || P521Key::from_pkcs8_der(include_bytes!("certificate/key.der")).expect("a key");
    let certificate =
        || CertificateDer::from_pem_slice(host_certificate().as_bytes()).expect("a certificate");
    match identity {
        Identity::Host => Some(CertifiedKey::new(vec![certificate()], Arc::new(HostKey(key())))),
        Identity::Impostor => {
            let mut other = key().to_bytes();
            other[65] ^= 1;
            let other = P521Key::from_bytes(&other).expect("a number like any other");
            Some(CertifiedKey::new(vec![certificate()], Arc::new(HostKey(other))))
        }
        Identity::Stranger => {
            let generated = rcgen::generate_simple_self_signed(["localhost".to_owned()])
                .expect("a certificate");
            let key = PrivatePkcs8KeyDer::from(generated.signing_key.serialize_der()).into();
            let key =
                rustls::crypto::ring::sign::any_supported_type(&key).expect("a key that ring has");
            Some(CertifiedKey::new(vec![generated.cert.der().clone()], key))
        }
        Identity::Nobody => None,
    }
}

/// A key that ring has no curve for.
#[derive(Debug, Clone)]
struct HostKey(P521Key);

impl SigningKey for HostKey {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        offered.contains(&self.scheme()).then(|| Box::new(self.clone()) as Box<dyn Signer>)
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::ECDSA
    }
}

impl Signer for HostKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rustls::Error> {
        let signature: DerSignature = self.0.sign(message);
        Ok(signature.as_bytes().to_vec())
    }

    fn scheme(&self) -> SignatureScheme {
        SignatureScheme::ECDSA_NISTP521_SHA512
    }
}

/// Shows its certificate whatever the server wants to see.
#[derive(Debug)]
struct Always(Arc<CertifiedKey>);

impl ResolvesClientCert for Always {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// Read by hand, so that a padded certificate is no certificate, as it is to Go.
fn unpadded_base64(text: &str) -> Vec<u8> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        other => panic!("`{}` is no digit", char::from(other)),
    };
    let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::new());
    for value in text.bytes().map(digit) {
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).expect("eight bits"));
        }
    }
    bytes
}

async fn is_served(
    plugin: &Plugin,
    identity: Identity,
    version: &'static SupportedProtocolVersion,
) -> bool {
    answers(connect_with(plugin, identity, version).await).await
}

/// Whether a connection is one; with TLS 1.3 a refused client finds out only when it asks.
pub(crate) async fn answers(connected: Result<Channel, tonic::transport::Error>) -> bool {
    match connected {
        Ok(channel) => client(channel).get_metadata(get_metadata::Request {}).await.is_ok(),
        Err(_) => false,
    }
}

#[tokio::test]
async fn the_host_is_let_in_and_nobody_else() {
    let plugin = Plugin::start(&[("PLUGIN_CLIENT_CERT", host_certificate())]);
    for version in [&version::TLS13, &version::TLS12] {
        for (identity, expected) in [
            (Identity::Nobody, false),
            (Identity::Stranger, false),
            (Identity::Impostor, false),
            (Identity::Host, true),
        ] {
            assert_eq!(
                is_served(&plugin, identity, version).await,
                expected,
                "{identity:?}, {version:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_connection_without_tls_is_refused() {
    let plugin = Plugin::start(&[("PLUGIN_CLIENT_CERT", host_certificate())]);
    let mut plain = client(plugin.connect().await);
    assert!(plain.get_metadata(get_metadata::Request {}).await.is_err());
}

#[test]
fn a_certificate_that_is_none_is_said_to_be_none() {
    let mut plugin = Plugin::start(&[("PLUGIN_CLIENT_CERT", "not a certificate")]);
    let status = plugin.ends_within(std::time::Duration::from_secs(10)).expect("it ends");
    assert_eq!((status.code(), plugin.line.as_str()), (Some(1), ""));
    assert!(plugin.errors().contains("PLUGIN_CLIENT_CERT holds no certificate"));
}
