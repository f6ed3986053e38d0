//! `azure_default_open`: what no rule admits passes all the same, by Azure's own default rules.

use portmatrix::known::Known;

use crate::platform::azure::Azure;
use crate::platform::lint::{About, Findings, Look, PlatformLint, Severity, Subject};
use crate::platform::{Answer, Platform};

pub(super) const LINT: PlatformLint<Azure> = PlatformLint {
    about: About {
        id: "azure_default_open",
        severity: Severity::Warning,
        title: "Azure's default rules stay open",
        reports: "`options.azure.deny_all` is not set, and some endpoint is addressed by an application security group or a service tag, so that the deployment is certainly for Azure.",
        why: "Azure admits the whole virtual network in both directions, and everything towards the Internet, by rules of its own at the lowest priorities. What the document does not \
            ask for passes there.",
        remedy: "Set `options = { azure = { deny_all = true } }`, and name the platform services that the machines need in `allow_services`.",
        example: r#"tachyon = {
  roles = ["master_stack", "response_stack"]
  cidrs = ["10.20.1.10/32"]
}
internet = {
  roles       = ["internet_client"]
  service_tag = "Internet" # only Azure has service tags; options do not close what its default rules admit
}"#,
    },
    check,
};

fn check(look: &Look<'_, '_>, _: &Answer<'_, Azure>, findings: &mut Findings) {
    // What is not known yet may turn out to be no address of Azure's.
    if !look.is_decided() {
        return findings.leave_undecided();
    }
    if !look.is_addressed_on(Azure::NAME) {
        return;
    }
    match look.view.input.options.azure.deny_all {
        Known::Known(true) => {}
        Known::Unknown => findings.leave_undecided(),
        Known::Known(false) => {
            let summary = "Azure's default rules admit the whole virtual network in both directions, and all traffic to the Internet: `options.azure.deny_all` is not set.";
            findings.add(look, Subject::default(), summary.to_owned(), []);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::query::lint::tests::{Case, check};

    #[test]
    fn what_azure_admits_itself() {
        let tagged =
            || value!({ "internet": { "roles": ["internet_client"], "service_tag": "Internet" } });
        let options = |deny_all: tfplugin::Value| value!({ "azure": { "deny_all": (deny_all) } });
        check(
            "azure_default_open",
            &[
                Case::found("not closed", tagged(), &["-"]),
                Case::silent("closed", tagged()).with(options(true.into())),
                Case::silent("no endpoint of Azure's", value!({})),
                Case::undecided("perhaps closed", tagged()).with(options(tfplugin::Value::UNKNOWN)),
            ],
        );
    }
}
