//! What a person reads who starts the program by hand.

use crate::provider::Provider;

/// What the arguments ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Command {
    /// Serve the host that started us.
    Serve,
    /// Serve whoever has the address that is printed.
    Debug,
    /// Say the version.
    Version,
    /// Say what this is.
    Help,
    /// An argument that means nothing here.
    Unknown(String),
}

impl Command {
    /// Reads the arguments, without the program's name. As with Go's own plugins, one dash will do.
    pub(super) fn read(arguments: &[String]) -> Self {
        let command = |argument: &str| match argument
            .strip_prefix("--")
            .or_else(|| argument.strip_prefix('-'))
        {
            Some("debug") => Self::Debug,
            Some("version") => Self::Version,
            Some("help" | "h") => Self::Help,
            _ => Self::Unknown(argument.to_owned()),
        };
        arguments.first().map_or(Self::Serve, |first| command(first))
    }
}

/// The version, for a line of its own.
pub(super) fn version(provider: &Provider) -> String {
    format!("{} {} (plugin protocol 6)", provider.address, provider.version)
}

/// What this is and how to use it.
pub(super) fn help(provider: &Provider) -> String {
    let (name, short) = (provider.name(), provider.short_address());
    let documentation = provider.documentation();
    format!(
        "This is a provider for Terraform and OpenTofu, {name} {version}. They start it themselves; it does nothing when it\n\
         is started by hand.\n\
         \n\
         To install it, name it in a configuration and run `terraform init`:\n\
         \n\
         \x20 terraform {{\n\
         \x20   required_providers {{\n\
         \x20     {name} = {{\n\
         \x20       source  = \"{short}\"\n\
         \x20       version = \"~> {version}\"\n\
         \x20     }}\n\
         \x20   }}\n\
         \x20 }}\n\
         \n\
         Documentation: {documentation}\n\
         Bug reports:   {bugs}\n\
         \n\
         Options:\n\
         \x20 --version  the version of the provider\n\
         \x20 --help     this text\n\
         \x20 --debug    serve until Ctrl-C, and print what to set so that Terraform uses this very process\n",
        version = provider.version,
        bugs = provider.bug_reports,
    )
}

/// What to set so that Terraform uses this process, which it then does not start or end.
/// Source: `internal/getproviders/reattach/reattach.go` of hashicorp/terraform.
pub(super) fn reattach(provider: &Provider, (network, address): (&str, &str)) -> String {
    let json = serde_json::json!({
        provider.address: {
            "Protocol": "grpc",
            "ProtocolVersion": super::settings::PROTOCOL,
            "Pid": std::process::id(),
            "Test": true,
            "Addr": { "Network": network, "String": address },
        }
    });
    // In the quotes of a shell, which know no escape but to end them.
    let quoted = json.to_string().replace('\'', r"'\''");
    format!(
        "The provider is running. To use it, set this where Terraform runs; Ctrl-C here ends it:\n\n\
         \tTF_REATTACH_PROVIDERS='{quoted}'\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_dash_or_two() {
        let read = |argument: &str| Command::read(&[argument.to_owned()]);
        assert_eq!(Command::read(&[]), Command::Serve);
        assert_eq!((read("-debug"), read("--debug")), (Command::Debug, Command::Debug));
        assert_eq!((read("--version"), read("-h")), (Command::Version, Command::Help));
        assert_eq!(read("serve"), Command::Unknown("serve".to_owned()));
    }
}
