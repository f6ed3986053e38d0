//! `rpc_range_wide`: a connection to thousands of ports of one machine.

use portmatrix::known::Known;
use portmatrix::matrix::FlowPorts;
use portmatrix::path::quoted;

use super::listened::by_listener;
use crate::platform::lint::{About, Findings, Lint, Look, Severity, Subject};

/// The most ports of a range that is no wide one.
const WIDE: u32 = 1024;

pub(super) const LINT: Lint = Lint {
    about: About {
        id: "rpc_range_wide",
        severity: Severity::Warning,
        title: "A wide range of ports",
        reports: "A connection goes to a range of more than 1024 ports, such as the dynamic RPC range of Windows. A range of 1024 ports is not reported.",
        why: "Everything that listens in the range is open as well, whatever it is.",
        remedy: "Set a smaller range on that machine (a few hundred ports serve), and the same under `ports`.",
        example: r#"tachyon = {
  roles = ["master_stack", "response_stack"]
  cidrs = ["10.20.1.10/32"]
}
configmgr = {
  roles = ["configmgr_provider"]
  cidrs = ["10.20.40.10/32"] # and no ports.rpc_dynamic
}"#,
    },
    check,
};

fn check(look: &Look<'_, '_>, findings: &mut Findings) {
    let Known::Known(connections) = look.connections() else { return findings.leave_undecided() };
    let is_wide = |(from, to): (u16, u16)| u32::from(to) - u32::from(from) >= WIDE;
    let wide = connections.iter().filter(|connection| {
        let ports = connection.ports.as_ref().value();
        ports.is_some_and(|ports| ports.iter().any(|range| is_wide((range.from, range.to))))
    });
    for (listener, flow, connections) in by_listener(wide.collect()) {
        let Some(ports) = connections.first().and_then(|it| it.ports.as_ref().value()) else {
            continue;
        };
        let wide = ports.iter().filter(|range| is_wide((range.from, range.to)));
        let wide: Vec<String> = wide.map(ToString::to_string).collect();
        let name = look.name(listener);
        let mut summary = format!("{} goes to {} of {}.", flow.id, wide.join(", "), quoted(name));
        if let FlowPorts::Parameter { parameter, .. } = flow.ports {
            let attribute = &look.view.input.matrix().parameter(parameter).attribute;
            summary.push_str(&format!(" `ports.{attribute}` sets it."));
        }
        findings.add(look, Subject::endpoint(name), summary, connections);
    }
}

#[cfg(test)]
mod tests {
    use crate::query::lint::tests::{Case, check};

    #[test]
    fn ranges_of_many_ports() {
        let provider = |range: &str| {
            value!({
                "sccm": { "roles": ["configmgr_provider"], "cidrs": ["10.4.0.1/32"], "ports": { "rpc_dynamic": range } },
            })
        };
        let documented =
            value!({ "sccm": { "roles": ["configmgr_provider"], "cidrs": ["10.4.0.1/32"] } });
        check(
            "rpc_range_wide",
            &[
                Case::found("as documented", documented, &["sccm"]),
                Case::found("1025 ports", provider("50000-51024"), &["sccm"]),
                Case::silent("1024 ports", provider("50000-51023")),
                Case::undecided(
                    "a range to come",
                    value!({ "sccm": { "roles": ["configmgr_provider"], "cidrs": ["10.4.0.1/32"], "ports": unknown } }),
                ),
            ],
        );
    }
}
