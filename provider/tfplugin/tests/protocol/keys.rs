//! Hosts with other keys than go-plugin's, and a secured connection by a port.

use std::path::Path;
use std::sync::Arc;

use rcgen::{CertificateParams, KeyPair};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::sign::CertifiedKey;
use rustls::version;

use crate::host::Plugin;
use crate::secured::{self, Identity};

/// A certificate in PEM, and its key.
fn identity(algorithm: &'static rcgen::SignatureAlgorithm) -> (String, CertifiedKey) {
    let key = KeyPair::generate_for(algorithm).expect("ring has it");
    let params = CertificateParams::new(["localhost".to_owned()]).expect("a name");
    let certificate = params.self_signed(&key).expect("a certificate").der().clone();
    let pem = format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        base64(&certificate)
    );
    let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
    let key = rustls::crypto::ring::sign::any_supported_type(&key).expect("a key that ring has");
    (pem, CertifiedKey::new(vec![certificate], key))
}

/// Base64 with padding, as PEM has it.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let mut bits = [0; 4];
        bits[1..=group.len()].copy_from_slice(group);
        let bits = u32::from_be_bytes(bits);
        for place in 0..4_u32 {
            let digit = usize::try_from(bits >> (18 - 6 * place) & 63).expect("six bits");
            let is_padding = usize::try_from(place).expect("small") > group.len();
            text.push(if is_padding { '=' } else { char::from(DIGITS[digit]) });
        }
    }
    text
}

#[tokio::test]
async fn a_host_may_have_any_key_that_go_has() {
    let algorithms =
        [&rcgen::PKCS_ECDSA_P256_SHA256, &rcgen::PKCS_ECDSA_P384_SHA384, &rcgen::PKCS_ED25519];
    for algorithm in algorithms {
        let (pem, key) = identity(algorithm);
        let (_, stranger) = identity(algorithm);
        let impostor = CertifiedKey::new(key.cert.clone(), Arc::clone(&stranger.key));
        let plugin = Plugin::start(&[("PLUGIN_CLIENT_CERT", &pem)]);
        for version in [&version::TLS13, &version::TLS12] {
            for (key, expected) in [(&key, true), (&stranger, false), (&impostor, false)] {
                let connected = secured::connect_as(&plugin, Some(key.clone()), version).await;
                assert_eq!(
                    secured::answers(connected).await,
                    expected,
                    "{algorithm:?}, {version:?}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_port_is_secured_like_a_socket() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("secured".repeat(30));
    std::fs::create_dir_all(&folder).expect("cargo's own folder can be written to");
    let plugin = Plugin::start(&[
        ("TMPDIR", folder.to_str().expect("a path in text")),
        ("PLUGIN_MIN_PORT", "32000"),
        ("PLUGIN_MAX_PORT", "32999"),
        ("PLUGIN_CLIENT_CERT", secured::host_certificate()),
    ]);
    assert_eq!(plugin.field(2), "tcp");
    for (identity, expected) in
        [(Identity::Nobody, false), (Identity::Stranger, false), (Identity::Host, true)]
    {
        let connected = secured::connect(&plugin, identity).await;
        assert_eq!(secured::answers(connected).await, expected, "{identity:?}");
    }
}
