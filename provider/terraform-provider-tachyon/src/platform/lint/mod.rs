//! Lints: what may be wrong with a design that can be read without a mistake.
//!
//! A lint says of itself what readers need; the guide to them is written from that. Those that need no cloud are listed by
//! `query::lint`, those of a cloud by its platform.

mod finding;
mod look;

pub use finding::{Finding, Findings, Subject};
pub use look::Look;

use super::{Answer, Platform};

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It should not be built like this.
    Error,
    /// It should be looked at.
    Warning,
    /// It is good to know.
    Info,
}

impl Severity {
    /// All, the gravest first.
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Info];

    /// `error`, `warning` or `info`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

/// What a lint is.
#[derive(Debug, Clone, Copy)]
pub struct About {
    /// Its name in settings and findings. It never changes.
    pub id: &'static str,
    /// How much its findings matter, unless the user says otherwise.
    pub severity: Severity,
    /// A few words.
    pub title: &'static str,
    /// What it reports, and what it barely does not, in Markdown.
    pub reports: &'static str,
    /// Why that is bad, in Markdown.
    pub why: &'static str,
    /// What to do about a finding: full sentences.
    pub remedy: &'static str,
    /// Endpoints of a deployment that it reports something of, as Terraform has them.
    pub example: &'static str,
}

/// A lint that needs no cloud.
#[derive(Debug, Clone, Copy)]
pub struct Lint {
    /// What it is.
    pub about: About,
    /// Adds what it finds.
    pub check: fn(&Look<'_, '_>, &mut Findings),
}

/// A lint of one cloud, which looks at its rules.
#[derive(Debug, Clone, Copy)]
pub struct PlatformLint<P: Platform> {
    /// What it is; two clouds may have one lint, each in its own way.
    pub about: About,
    /// Adds what it finds.
    pub check: for<'a> fn(&Look<'_, 'a>, &Answer<'a, P>, &mut Findings),
}

/// The lint of every cloud that has quotas: those of a rule set are nearly used up.
pub const QUOTA_HEADROOM_LOW: About = About {
    id: "quota_headroom_low",
    severity: Severity::Warning,
    title: "Little room in a quota",
    reports: "Rules use more than nine tenths of what a cloud takes: on AWS of the rules that an endpoint's security groups hold in one direction, on Azure of the 1000 \
        rules of a network security group. It counts endpoints with a security group on AWS, and on Azure all.",
    why: "The next network, port or peer may not fit, and then the whole plan fails.",
    remedy: "Merge or summarize CIDRs, use prefix lists or groups for peers with many, or give the endpoint another security group, while there is still room.",
    example: r#"tachyon = {
  roles             = ["response_stack"]
  security_group_id = "sg-0a11c0ffee0000001"
}
clients = {
  roles = ["client"]
  cidrs = [for number in range(28) : "10.${number}.0.0/16"] # 28 networks on 443 and on 4000: 56 rules of 60
}"#,
};
