//! Ports and transports, in the one spelling used everywhere.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

/// The transport protocol of a flow. Shown as `tcp` or `udp`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// Transmission Control Protocol.
    Tcp,
    /// User Datagram Protocol.
    Udp,
}

impl Transport {
    /// Every transport, in order.
    pub const ALL: [Self; 2] = [Self::Tcp, Self::Udp];

    /// The transport that [is called](Self::as_str) so.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|transport| transport.as_str() == name)
    }

    /// `tcp` or `udp`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
        }
    }
}

impl fmt::Display for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Consecutive ports, both ends included. Shown as `443` or `49152-65535`.
///
/// Whoever parses one may rely on `1 <= from <= to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct PortRange {
    /// The lowest port.
    pub from: u16,
    /// The highest port.
    pub to: u16,
}

impl PortRange {
    /// One port.
    pub const fn single(port: u16) -> Self {
        Self { from: port, to: port }
    }

    /// Whether a port lies in the range.
    pub const fn contains(self, port: u16) -> bool {
        self.from <= port && port <= self.to
    }

    /// Whether a port lies in both ranges.
    pub const fn overlaps(self, other: Self) -> bool {
        self.from <= other.to && other.from <= self.to
    }

    /// The range moved up by `offset`, unless it would leave the ports there are.
    pub fn checked_add(self, offset: u16) -> Option<Self> {
        Some(Self { from: self.from.checked_add(offset)?, to: self.to.checked_add(offset)? })
    }

    /// Adds what it is shown as to a text: faster than formatting, which every rule would do several times.
    pub fn push(self, text: &mut String) {
        push_number(text, self.from);
        if self.from != self.to {
            text.push('-');
            push_number(text, self.to);
        }
    }
}

fn push_number(text: &mut String, number: u16) {
    let mut unit = 1;
    while number / unit >= 10 {
        unit *= 10;
    }
    while unit > 0 {
        text.extend(char::from_digit(u32::from(number / unit % 10), 10));
        unit /= 10;
    }
}

impl From<u16> for PortRange {
    fn from(port: u16) -> Self {
        Self::single(port)
    }
}

impl fmt::Display for PortRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.from)?;
        if self.from != self.to {
            write!(f, "-{}", self.to)?;
        }
        Ok(())
    }
}

/// Text that names no ports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidPortRange {
    found: String,
    reason: &'static str,
}

impl fmt::Display for InvalidPortRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { found, reason } = self;
        let shown: String = found.chars().take(40).collect();
        write!(f, "`{}` {reason}", shown.escape_debug())
    }
}

impl std::error::Error for InvalidPortRange {}

impl FromStr for PortRange {
    type Err = InvalidPortRange;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = |reason| InvalidPortRange { found: text.to_owned(), reason };
        let (from, to) = text.split_once('-').unwrap_or((text, text));
        let (Some(from), Some(to)) = (port(from), port(to)) else {
            return Err(invalid(
                "is neither a port (1 to 65535) nor a range such as `49152-65535`",
            ));
        };
        if from > to {
            return Err(invalid("is an empty range: the lower port comes first"));
        }
        Ok(Self { from, to })
    }
}

impl TryFrom<String> for PortRange {
    type Error = InvalidPortRange;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// Digits alone: `u16::from_str` would take `+443` and `0443` too, and one range must have one spelling.
fn port(text: &str) -> Option<u16> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    if plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_reads_back_as_it_is_shown() {
        for text in ["1", "10", "443", "1000", "65535", "9-10", "49152-65535"] {
            let range = text.parse::<PortRange>().expect(text);
            let mut pushed = String::from("tcp/");
            range.push(&mut pushed);
            assert_eq!(
                (range.to_string().as_str(), pushed.strip_prefix("tcp/")),
                (text, Some(text))
            );
        }
        assert_eq!("443-443".parse::<PortRange>().expect("one port").to_string(), "443");
    }

    #[test]
    fn what_is_no_port_is_refused() {
        for text in
            ["", "0", "65536", "84430", "+443", "0443", "443 ", "-", "1-", "-1", "1-2-3", "400n"]
        {
            let error = text.parse::<PortRange>().expect_err(text).to_string();
            assert!(error.starts_with(&format!("`{text}` is neither a port")), "{error}");
        }
        let error = "9-8".parse::<PortRange>().expect_err("backwards").to_string();
        assert_eq!(error, "`9-8` is an empty range: the lower port comes first");
    }

    #[test]
    fn a_range_is_never_moved_out_of_the_ports() {
        assert_eq!(PortRange::single(4000).checked_add(1), Some(PortRange::single(4001)));
        assert_eq!(PortRange { from: 1, to: 65535 }.checked_add(1), None);
    }
}
