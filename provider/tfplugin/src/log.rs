//! Log lines on the error stream, as Terraform reads them: JSON in the form of go-hclog.
//!
//! Terraform shows a line with its level only if `@level`, `@message` and `@timestamp` are strings and the time has six
//! digits after the point; a line of 64 KiB or more it cuts. Source: `log_entry.go` and `client.go` of
//! hashicorp/go-plugin. Values of the user's are never logged.

use std::io::Write;
use std::time::SystemTime;

use serde_json::{Map, Value as Json};
use time::OffsetDateTime;

use crate::text::cut;

/// The longest text in a line, in bytes. JSON may write one byte in six, and few enough fields have texts for a line to stay
/// short even so.
const LONGEST_TEXT: usize = 1024;

/// How much a line matters; a log shows its own level and those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

impl Level {
    /// The level of a `TF_LOG` variable. Terraform takes `JSON` and every word that it does not know for the most detail.
    pub(crate) fn of(text: &str) -> Option<Self> {
        match text.to_ascii_uppercase().as_str() {
            "" | "OFF" => None,
            "ERROR" => Some(Self::Error),
            "WARN" => Some(Self::Warn),
            "INFO" => Some(Self::Info),
            "DEBUG" => Some(Self::Debug),
            _ => Some(Self::Trace),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}

/// Where log lines go, if anywhere.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Log {
    /// The last level that is written; none if none is.
    pub(crate) level: Option<Level>,
    /// The provider, for the lines to name.
    pub(crate) address: &'static str,
}

impl Log {
    /// Writes a line, if its level is wanted.
    pub(crate) fn write(self, level: Level, message: &str, fields: &[(&str, Json)]) {
        if self.level.is_some_and(|wanted| level <= wanted) {
            let mut line = self.line(level, message, fields, SystemTime::now());
            line.push('\n');
            // A log that cannot be written is no reason to fail.
            let _ = std::io::stderr().lock().write_all(line.as_bytes());
        }
    }

    fn line(self, level: Level, message: &str, fields: &[(&str, Json)], now: SystemTime) -> String {
        let mut entry = Map::new();
        for (name, value) in fields {
            let value = match value {
                Json::String(text) => Json::from(cut(text, LONGEST_TEXT)),
                other => other.clone(),
            };
            entry.insert((*name).to_owned(), value);
        }
        entry.insert("@level".to_owned(), Json::from(level.name()));
        entry.insert("@message".to_owned(), Json::from(cut(message, LONGEST_TEXT)));
        entry.insert("@module".to_owned(), Json::from("provider"));
        entry.insert("@timestamp".to_owned(), Json::from(timestamp(now)));
        entry.insert("tf_provider_addr".to_owned(), Json::from(self.address));
        Json::Object(entry).to_string()
    }
}

/// The time in UTC by RFC 3339, with exactly six digits after the point.
fn timestamp(now: SystemTime) -> String {
    let now = OffsetDateTime::from(now);
    let (year, month, day) = (now.year(), u8::from(now.month()), now.day());
    let (hour, minute, second, microsecond) = now.to_hms_micro();
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{microsecond:06}Z")
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[test]
    fn a_line_is_what_terraform_parses() {
        let log = Log { level: Some(Level::Debug), address: "example.org/a/b" };
        let now = UNIX_EPOCH + Duration::from_millis(1_795_409_317_150);
        let line =
            log.line(Level::Warn, "one\ntwo", &[("tf_rpc", Json::from("CallFunction"))], now);
        let expected = concat!(
            r#"{"@level":"warn","@message":"one\ntwo","@module":"provider","#,
            r#""@timestamp":"2026-11-23T04:48:37.150000Z","tf_provider_addr":"example.org/a/b","tf_rpc":"CallFunction"}"#
        );
        assert_eq!(line, expected);
        let text = Json::from("\u{1}".repeat(100_000));
        let fields = ["a", "b", "c", "d", "e", "f"].map(|name| (name, text.clone()));
        for message in ["é", "\u{1}", "\""] {
            let line = log.line(Level::Warn, &message.repeat(100_000), &fields, now);
            assert!(line.len() < 64 * 1024, "{}", line.len());
        }
    }

    #[test]
    fn a_time_has_all_its_digits() {
        let at = |micros| timestamp(UNIX_EPOCH + Duration::from_micros(micros));
        assert_eq!(at(0), "1970-01-01T00:00:00.000000Z");
        assert_eq!(at(951_782_400_000_007), "2000-02-29T00:00:00.000007Z");
        assert_eq!(at(4_107_542_399_999_999), "2100-02-28T23:59:59.999999Z");
    }

    #[test]
    fn levels_are_those_of_terraform() {
        assert_eq!(Level::of("warn"), Some(Level::Warn));
        assert_eq!(Level::of("JSON"), Some(Level::Trace));
        assert_eq!(Level::of("off"), None);
        assert_eq!(Level::of(""), None);
    }
}
