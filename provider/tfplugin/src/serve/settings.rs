//! What the host says in the environment, read once.
//!
//! Source: `client.go` and `server.go` of hashicorp/go-plugin, `internal/plugin6/serve.go` of hashicorp/terraform.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use crate::log::Level;

/// The version of Terraform's protocol that is spoken here.
pub(crate) const PROTOCOL: u32 = 6;

const COOKIE: (&str, &str) =
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2");

/// The ports that Terraform names, for a host that names none.
const PORTS: RangeInclusive<u16> = 10_000..=25_000;

/// What the variable begins with that says how much one provider logs.
const LEVEL_OF_ONE: &str = "TF_LOG_PROVIDER_";

/// The environment as a value.
pub(crate) type Environment = BTreeMap<OsString, OsString>;

/// What the environment asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settings {
    /// Whether a plugin host started the process, and not a person.
    pub(crate) started_by_host: bool,
    /// The versions of the protocol that the host speaks; empty if it does not say.
    pub(crate) versions: Vec<u32>,
    /// The host's certificate in PEM, if the connection is to be secured.
    pub(crate) client_certificate: Option<String>,
    /// The ports to choose from where there are no Unix sockets.
    pub(crate) ports: RangeInclusive<u16>,
    /// Where temporary files go.
    pub(crate) temporary_folder: PathBuf,
    /// Where the socket goes, if elsewhere.
    pub(crate) socket_folder: Option<PathBuf>,
    /// The group that may connect, by name or number, if one but the user's.
    pub(crate) socket_group: Option<String>,
    /// Whether the host asks if connections can be shared. They can't.
    pub(crate) asks_for_multiplexing: bool,
    /// How much is logged, if nothing is said of the one provider.
    pub(super) level: Option<Level>,
    /// How much one provider logs, by the name in its variable.
    pub(super) levels: BTreeMap<String, Option<Level>>,
}

impl Settings {
    pub(crate) fn read(environment: &Environment) -> Self {
        // An empty variable is one that is not set, as Go's own programs have it.
        let path =
            |name: &str| environment.get(&OsString::from(name)).filter(|value| !value.is_empty());
        let text = |name: &str| path(name).map(|value| value.to_string_lossy().into_owned());
        let port =
            |name: &str, other: u16| text(name).and_then(|port| port.parse().ok()).unwrap_or(other);
        let versions = text("PLUGIN_PROTOCOL_VERSIONS").unwrap_or_default();
        Self {
            started_by_host: text(COOKIE.0).as_deref() == Some(COOKIE.1),
            versions: versions
                .split(',')
                .filter_map(|version| version.trim().parse().ok())
                .collect(),
            client_certificate: text("PLUGIN_CLIENT_CERT"),
            ports: port("PLUGIN_MIN_PORT", *PORTS.start())..=port("PLUGIN_MAX_PORT", *PORTS.end()),
            temporary_folder: path("TMPDIR").map_or_else(|| PathBuf::from("/tmp"), PathBuf::from),
            socket_folder: path("PLUGIN_UNIX_SOCKET_DIR").map(PathBuf::from),
            socket_group: text("PLUGIN_UNIX_SOCKET_GROUP"),
            asks_for_multiplexing: path("PLUGIN_MULTIPLEX_GRPC").is_some(),
            level: text("TF_LOG_PROVIDER")
                .or_else(|| text("TF_LOG"))
                .and_then(|level| Level::of(&level)),
            levels: environment
                .iter()
                .filter_map(|(name, level)| {
                    let provider = name.to_str()?.strip_prefix(LEVEL_OF_ONE)?.to_owned();
                    let level = level.to_str().filter(|level| !level.is_empty())?;
                    Some((provider, Level::of(level)))
                })
                .collect(),
        }
    }

    /// How much a provider logs that users call so. Source: `WithLevelFromEnv` in `tflog/options.go` of
    /// hashicorp/terraform-plugin-log.
    pub(crate) fn level_for(&self, provider: &str) -> Option<Level> {
        let name = provider.to_ascii_uppercase().replace('-', "_");
        self.levels.get(&name).copied().unwrap_or(self.level)
    }

    /// Whether the host is known not to speak our version of the protocol.
    pub(crate) fn speaks_another_protocol(&self) -> bool {
        !self.versions.is_empty() && !self.versions.contains(&PROTOCOL)
    }

    pub(super) fn describe_ports(&self) -> String {
        format!(
            "{} to {} is free (PLUGIN_MIN_PORT, PLUGIN_MAX_PORT)",
            self.ports.start(),
            self.ports.end()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Settings {
        Settings::read(
            &variables
                .iter()
                .map(|(name, value)| (OsString::from(name), OsString::from(value)))
                .collect(),
        )
    }

    #[test]
    fn a_person_sets_nothing() {
        let settings = read(&[]);
        assert!(
            !settings.started_by_host
                && !settings.asks_for_multiplexing
                && !settings.speaks_another_protocol()
        );
        assert_eq!((settings.level_for("any"), settings.client_certificate), (None, None));
        assert_eq!(settings.temporary_folder, PathBuf::from("/tmp"));
    }

    #[test]
    fn terraform_sets_these() {
        let settings = read(&[
            COOKIE,
            ("PLUGIN_PROTOCOL_VERSIONS", "6,5"),
            ("PLUGIN_MIN_PORT", "20000"),
            ("PLUGIN_CLIENT_CERT", "certificate"),
            ("TMPDIR", "/var/tmp"),
            ("TF_LOG", "debug"),
        ]);
        assert!(settings.started_by_host && !settings.speaks_another_protocol());
        assert_eq!(settings.client_certificate.as_deref(), Some("certificate"));
        assert_eq!(settings.ports, 20_000..=25_000);
        assert_eq!(settings.temporary_folder, PathBuf::from("/var/tmp"));
        assert_eq!(settings.level_for("any"), Some(Level::Debug));
    }

    #[test]
    fn the_nearest_level_counts() {
        let all = ("TF_LOG", "trace");
        let providers = ("TF_LOG_PROVIDER", "error");
        let one = ("TF_LOG_PROVIDER_NULL_DATA", "info");
        let level = |variables: &[_], provider| read(variables).level_for(provider);
        assert_eq!(level(&[all, providers], "null-data"), Some(Level::Error));
        assert_eq!(level(&[all, providers, one], "null-data"), Some(Level::Info));
        assert_eq!(level(&[all, providers, one], "null"), Some(Level::Error));
        assert_eq!(level(&[one], "null-data"), Some(Level::Info));
        assert_eq!(level(&[all, ("TF_LOG_PROVIDER_NULL_DATA", "off")], "null-data"), None);
        assert_eq!(
            level(&[all, ("TF_LOG_PROVIDER_NULL_DATA", "")], "null-data"),
            Some(Level::Trace)
        );
    }

    #[test]
    fn another_cookie_or_protocol_is_noticed() {
        assert!(!read(&[(COOKIE.0, "d602")]).started_by_host);
        assert!(read(&[("PLUGIN_PROTOCOL_VERSIONS", "5")]).speaks_another_protocol());
    }
}
