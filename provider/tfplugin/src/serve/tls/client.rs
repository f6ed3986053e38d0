//! The host, known by its certificate.
//!
//! go-plugin's certificate is its own authority and has a P-521 key, and the usual verification refuses the one for being an
//! authority and the other for its curve. Here it is compared byte for byte with the one that the host announced when it
//! started us, and the host must prove that it has the key.

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature,
};
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{CertificateError, DigitallySignedStruct, DistinguishedName, Error, SignatureScheme};

use super::p521;

/// Accepts the one certificate that the host announced.
#[derive(Debug)]
pub(super) struct PinnedClient {
    expected: CertificateDer<'static>,
    /// For hosts with another key than go-plugin's.
    others: WebPkiSupportedAlgorithms,
}

impl PinnedClient {
    pub(super) fn new(expected: CertificateDer<'static>, provider: &CryptoProvider) -> Self {
        Self { expected, others: provider.signature_verification_algorithms }
    }

    fn algorithms(&self, scheme: SignatureScheme) -> &WebPkiSupportedAlgorithms {
        match scheme {
            SignatureScheme::ECDSA_NISTP521_SHA512 => &p521::ALGORITHMS,
            _ => &self.others,
        }
    }
}

impl ClientCertVerifier for PinnedClient {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    /// The time does not matter: the announcement is as new as this process.
    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        if *end_entity == self.expected {
            Ok(ClientCertVerified::assertion())
        } else {
            Err(Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure))
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, self.algorithms(signature.scheme))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, self.algorithms(signature.scheme))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let mut schemes = vec![SignatureScheme::ECDSA_NISTP521_SHA512];
        schemes.extend(self.others.supported_schemes());
        schemes
    }
}
