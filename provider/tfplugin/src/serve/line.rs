//! The one line on standard output: where and how the host can reach us.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

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
    // With padding the host would refuse it.
    let certificate = certificate.map(|der| STANDARD_NO_PAD.encode(der)).unwrap_or_default();
    let multiplexing = if settings.asks_for_multiplexing { "|false" } else { "" };
    format!("{HANDSHAKE}|{PROTOCOL}|{network}|{address}|grpc|{certificate}{multiplexing}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serve::settings::Environment;

    #[test]
    fn fields_stand_in_the_order_of_go_plugin() {
        let plain = Settings::read(&Environment::new());
        assert_eq!(handshake(&plain, ("unix", "/s"), None), "1|6|unix|/s|grpc|");
        let asking = Settings { asks_for_multiplexing: true, ..plain };
        assert_eq!(
            handshake(&asking, ("tcp", "127.0.0.1:1"), Some(b"foo\xfb\xff\xbfb")),
            "1|6|tcp|127.0.0.1:1|grpc|Zm9v+/+/Yg|false"
        );
    }
}
