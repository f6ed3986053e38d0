//! The one line on standard output: where and how the host can reach us.

use super::settings::{PROTOCOL, Settings};

/// The version of go-plugin's own handshake.
const HANDSHAKE: u32 = 1;

/// The handshake line, without its end. Without TLS its sixth field is empty; the seventh is there only for a host that
/// asks whether connections can be shared. Source: `server.go` of hashicorp/go-plugin.
pub(super) fn handshake(
    settings: &Settings,
    (network, address): (&str, &str),
    certificate: Option<&[u8]>,
) -> String {
    let certificate = certificate.map(base64).unwrap_or_default();
    let multiplexing = if settings.asks_for_multiplexing { "|false" } else { "" };
    format!("{HANDSHAKE}|{PROTOCOL}|{network}|{address}|grpc|{certificate}{multiplexing}")
}

/// Base64 in the standard alphabet without padding, which the host would refuse.
fn base64(bytes: &[u8]) -> String {
    let digit = |value: u32| {
        char::from(match value & 63 {
            value @ 0..=25 => b'A'.wrapping_add(low_byte(value)),
            value @ 26..=51 => b'a'.wrapping_add(low_byte(value - 26)),
            value @ 52..=61 => b'0'.wrapping_add(low_byte(value - 52)),
            62 => b'+',
            _ => b'/',
        })
    };
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = group.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte))
            << (8 * (3 - group.len()));
        text.extend(
            [18, 12, 6, 0].into_iter().take(group.len() + 1).map(|shift| digit(bits >> shift)),
        );
    }
    text
}

fn low_byte(value: u32) -> u8 {
    let [.., low] = value.to_be_bytes();
    low
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serve::settings::Environment;

    #[test]
    fn base64_is_that_of_rfc_4648_without_padding() {
        let samples = [
            ("", ""),
            ("f", "Zg"),
            ("fo", "Zm8"),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg"),
            ("fooba", "Zm9vYmE"),
        ];
        for (bytes, text) in samples {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
        assert_eq!(base64(&[0xfb, 0xff, 0xbf]), "+/+/");
        assert_eq!(base64(&[0x00, 0x10, 0x83, 0xd3, 0x5d, 0xb7]), "ABCD0123");
    }

    #[test]
    fn fields_stand_in_the_order_of_go_plugin() {
        let plain = Settings::read(&Environment::new());
        assert_eq!(handshake(&plain, ("unix", "/s"), None), "1|6|unix|/s|grpc|");
        let asking = Settings { asks_for_multiplexing: true, ..plain };
        assert_eq!(
            handshake(&asking, ("tcp", "127.0.0.1:1"), Some(b"foo")),
            "1|6|tcp|127.0.0.1:1|grpc|Zm9v|false"
        );
    }
}
