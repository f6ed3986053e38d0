//! Reads the port cell as the document prints it.

use super::port::{PortRange, Transport};

/// What a port cell says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Printed {
    pub transport: Transport,
    pub ports: PrintedPorts,
}

/// The part of a port cell after the transport.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PrintedPorts {
    /// The ports themselves.
    Numbers(Vec<PortRange>),
    /// Digits with a letter for one of them: `400n`.
    Shorthand(String),
    /// Nothing: the number is lost.
    Lost,
}

impl Printed {
    /// Reads `TCP 443`, `TCP 135 and 445 (initially)`, `TCP 400n` or `TCP`. Remarks in brackets say nothing of ports.
    pub(super) fn read(cell: &str) -> Option<Self> {
        let (cell, _remark) = cell.split_once('(').unwrap_or((cell, ""));
        let mut words = cell.split([' ', ',']).filter(|word| !word.is_empty() && *word != "and");
        let transport = match words.next()? {
            "TCP" => Transport::Tcp,
            "UDP" => Transport::Udp,
            _ => return None,
        };
        let words: Vec<&str> = words.collect();
        let ports = match words.as_slice() {
            [] => PrintedPorts::Lost,
            [word] if is_shorthand(word) => PrintedPorts::Shorthand((*word).to_owned()),
            words => PrintedPorts::Numbers(
                words.iter().map(|word| word.parse().ok()).collect::<Option<_>>()?,
            ),
        };
        Some(Self { transport, ports })
    }
}

impl PrintedPorts {
    /// Whether ports can be what was printed.
    pub(super) fn admits(&self, ports: &[PortRange]) -> bool {
        match self {
            Self::Numbers(printed) => printed == ports,
            Self::Shorthand(printed) => {
                !ports.is_empty() && ports.iter().all(|range| fits(printed, *range))
            }
            Self::Lost => !ports.is_empty(),
        }
    }
}

fn is_shorthand(word: &str) -> bool {
    word.strip_suffix('n').is_some_and(|digits| {
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// `4001` fits `400n`.
fn fits(shorthand: &str, range: PortRange) -> bool {
    let port = range.to_string();
    port.len() == shorthand.len()
        && port
            .bytes()
            .zip(shorthand.bytes())
            .all(|(port, printed)| printed == b'n' || printed == port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cells_of_the_document_can_be_read() {
        let numbers = |ports: &[u16]| {
            PrintedPorts::Numbers(ports.iter().copied().map(PortRange::from).collect())
        };
        for (cell, ports) in [
            ("TCP 443", numbers(&[443])),
            ("TCP 135 and 445 (initially)", numbers(&[135, 445])),
            ("TCP 80, 443", numbers(&[80, 443])),
            ("TCP 400n", PrintedPorts::Shorthand("400n".to_owned())),
            ("TCP", PrintedPorts::Lost),
        ] {
            assert_eq!(
                Printed::read(cell),
                Some(Printed { transport: Transport::Tcp, ports }),
                "{cell}"
            );
        }
        for cell in ["", "443", "SCTP 443", "TCP n", "TCP 70000", "TCP 400n 443", "TCP 9-8"] {
            assert_eq!(Printed::read(cell), None, "{cell}");
        }
    }

    #[test]
    fn a_shorthand_admits_what_it_abbreviates() {
        let shorthand = PrintedPorts::Shorthand("400n".to_owned());
        assert!(shorthand.admits(&[4001.into()]));
        for port in [400, 4010, 40010] {
            assert!(!shorthand.admits(&[port.into()]), "{port}");
        }
        assert!(!shorthand.admits(&[]));
    }
}
