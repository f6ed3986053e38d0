//! The handshake line: where a plugin is and which certificate it has.

use std::path::PathBuf;

use crate::Outcome;

/// What a plugin's line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The version of Terraform's protocol.
    pub protocol: u32,
    /// The Unix socket.
    pub path: PathBuf,
    /// The plugin's certificate.
    pub certificate: Vec<u8>,
}

impl Line {
    /// Reads a line; only a Unix socket with TLS will do, which is what Terraform gets on Linux.
    pub fn read(text: &str) -> Outcome<Self> {
        let fields: Vec<_> = text.trim_end().split('|').collect();
        let [_, protocol, "unix", path, "grpc", certificate, ..] = fields.as_slice() else {
            return Err(format!("no handshake for a Unix socket with TLS: {text:?}").into());
        };
        Ok(Self {
            protocol: protocol.parse()?,
            path: PathBuf::from(path),
            certificate: bytes(certificate).ok_or("the certificate is no base64")?,
        })
    }
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Base64 without padding, as the line has it.
pub fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = group.iter().fold(0, |bits, byte| bits << 8 | usize::from(*byte))
            << (8 * (3 - group.len()));
        let digits = [18, 12, 6, 0].map(|shift| DIGITS.get(bits >> shift & 63).copied());
        text.extend(digits.iter().take(group.len() + 1).flatten().copied().map(char::from));
    }
    text
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::new());
    // Older Go plugins pad.
    for digit in text.trim_end_matches('=').bytes() {
        let value = DIGITS.iter().position(|it| *it == digit)?;
        bits = bits << 6 | u32::try_from(value).ok()?;
        count += 6;
        if count >= 8 {
            count -= 8;
            let [.., low] = (bits >> count).to_be_bytes();
            bytes.push(low);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_goes_and_comes_back() {
        for (raw, text) in
            [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg")]
        {
            assert_eq!((base64(raw.as_bytes()), bytes(text)), (text.to_owned(), Some(raw.into())));
        }
        assert_eq!((bytes("Zg=="), bytes("?")), (Some(b"f".to_vec()), None));
    }

    #[test]
    fn a_line_without_tls_will_not_do() {
        let line = Line { protocol: 5, path: "/s".into(), certificate: b"foo".to_vec() };
        assert_eq!(Line::read("1|5|unix|/s|grpc|Zm9v\n").expect("a line"), line);
        assert!(Line::read("1|5|unix|/s|grpc\n").is_err());
        assert!(Line::read("1|5|tcp|127.0.0.1:1|grpc|Zm9v").is_err());
    }
}
