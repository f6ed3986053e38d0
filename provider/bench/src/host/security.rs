//! The host's half of the secured connection, with a P-521 key as go-plugin makes it.

use std::sync::{Arc, OnceLock};

use p521::ecdsa::signature::Signer as _;
use p521::ecdsa::{DerSignature, SigningKey as P521Key};
use p521::pkcs8::DecodePrivateKey;
use rustls::client::ResolvesClientCert;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::sign::{CertifiedKey, Signer, SigningKey};
use rustls::{ClientConfig, SignatureAlgorithm, SignatureScheme, version};

use crate::Outcome;
use crate::verify::{KnownPlugin, ring};

/// The certificate that the host announces: the one of the protocol's tests, made once, as is its key.
pub(super) const CERTIFICATE: &str =
    include_str!("../../../tfplugin/tests/protocol/certificate/certificate.pem");
const KEY: &[u8] = include_bytes!("../../../tfplugin/tests/protocol/certificate/key.der");

/// For a plugin with this certificate.
pub(super) fn config(certificate: &[u8]) -> Outcome<ClientConfig> {
    let expected = CertificateDer::from(certificate.to_vec());
    let mut config = ClientConfig::builder_with_provider(ring())
        .with_protocol_versions(&[&version::TLS13, &version::TLS12])?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(KnownPlugin(expected)))
        .with_client_cert_resolver(Arc::new(Always(own()?)));
    config.alpn_protocols = vec![b"h2".to_vec()];
    Ok(config)
}

/// Our own certificate and key, read once, so that no plugin's time has the reading in it.
fn own() -> Outcome<Arc<CertifiedKey>> {
    static OWN: OnceLock<Arc<CertifiedKey>> = OnceLock::new();
    if let Some(own) = OWN.get() {
        return Ok(Arc::clone(own));
    }
    let certificate = CertificateDer::from_pem_slice(CERTIFICATE.as_bytes())?;
    let key = P521Key::from_pkcs8_der(KEY)?;
    let own = Arc::new(CertifiedKey::new(vec![certificate], Arc::new(HostKey(key))));
    Ok(Arc::clone(OWN.get_or_init(|| own)))
}

/// A key that *ring* has no curve for.
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

/// Shows its certificate whatever the plugin wants to see.
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
