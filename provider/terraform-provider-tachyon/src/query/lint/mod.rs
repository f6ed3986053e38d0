//! `lint`: what may be wrong with a design that can be read without a mistake.
//!
//! Each lint is one file and one line of [`list`]; those of a cloud stand with its platform.

mod addresses_overlap;
mod cleartext_across_boundary;
mod dmz_shares_sql_network;
mod families_disjoint;
mod inferred_flow_used;
mod list;
mod listened;
mod rpc_range_wide;
pub(crate) mod settings;
mod special_purpose_range;
#[cfg(test)]
pub(crate) mod tests;
mod undocumented_need;
mod unreached;
mod very_wide_source;
mod warned;
mod wide;
mod world_open_internal;

use std::collections::{BTreeMap, BTreeSet};

use cidrs::Cidr;
use portmatrix::bug::OrBug;
use portmatrix::connection;
use portmatrix::known::Known;
use portmatrix::matrix::Matrix;
use tfplugin::{Attribute, Function, FunctionError, Replied, Reply, Signature, Value, object};

use self::list::LINTS;
use self::settings::Settings;
use super::arguments::Arguments;
use super::deployment;
use crate::leaf::Leaf;
use crate::output::Warning;
#[cfg(test)]
use crate::platform::lint::About;
use crate::platform::lint::{Finding, Findings, Look, Severity};
use crate::platform::view::View;
use crate::platform::{self, Platform, with_platforms};
use crate::reader::Block;

object! {
    /// What the lints found.
    #[derive(Debug)]
    pub struct LintAnswer {
        /// What was found, the gravest first; then by id and endpoint.
        pub findings: Vec<Finding>,
        /// How many findings there are of each severity. Unknown while a lint is undecided.
        pub counts: Leaf<BTreeMap<String, i64>>,
        /// Whether there is no error and no warning. Unknown while a lint that may find one is undecided.
        pub clean: Leaf<bool>,
        /// Ids of the lints that can't be decided while something is unknown; they find nothing until it is known.
        pub undecided: Vec<String>,
    }
}

/// The function `lint`.
#[derive(Debug)]
pub struct LintFunction;

impl Function for LintFunction {
    fn name(&self) -> &'static str {
        "lint"
    }

    fn signature(&self) -> Signature {
        Signature {
            summary: "What may be wrong with the design of a deployment".to_owned(),
            description: DESCRIPTION.to_owned(),
            parameters: vec![deployment::parameter()],
            variadic: Some(settings::parameter()),
            returns: LintAnswer::shape(),
            deprecation: None,
        }
    }

    fn call(&self, arguments: &[Value], reply: Reply<'_>) -> Result<Replied, FunctionError> {
        let mut arguments = Arguments::new(arguments);
        let (argument, reader) = arguments.at(0);
        let reading = deployment::of_argument(argument, reader);
        let view = reading.view(reader);
        let matrix = view.as_ref().value().map_or(&**Matrix::newest(), |view| view.input.matrix());
        let settings = Settings::read(&mut arguments, 1, &ids(matrix));
        let answer = match (&view, &settings) {
            (Known::Known(view), Known::Known(settings)) => Known::Known(answer(view, settings)),
            _ => Known::Unknown,
        };
        arguments.answer(answer, reply)
    }
}

/// The ids of everything that can be found in a deployment of this matrix.
fn ids(matrix: &Matrix) -> BTreeSet<&str> {
    macro_rules! of_each {
        ($($name:ident: $platform:ident),* $(,)?) => {
            [$(of_platform::<platform::$name::$platform>()),*].concat()
        };
    }
    let own = LINTS.iter().map(|lint| lint.about.id);
    own.chain(with_platforms!(of_each)).chain(warned::ids(matrix)).collect()
}

/// The ids of what a platform can find.
fn of_platform<P: Platform>() -> Vec<&'static str> {
    let lints = P::LINTS.iter().map(|lint| lint.about.id);
    lints.chain(P::WARNINGS.iter().map(|kind| kind.id)).collect()
}

/// Every lint that needs no warning of a document: what it is, and the title of its platform, if it has one.
#[cfg(test)]
pub(crate) fn every() -> Vec<(About, Option<&'static str>)> {
    fn of_platform<P: Platform>() -> Vec<(About, Option<&'static str>)> {
        P::LINTS.iter().map(|lint| (lint.about, Some(P::TITLE))).collect()
    }
    macro_rules! of_each {
        ($($name:ident: $platform:ident),* $(,)?) => {
            [$(of_platform::<platform::$name::$platform>()),*].concat()
        };
    }
    let own = LINTS.iter().map(|lint| (lint.about, None));
    own.chain(with_platforms!(of_each)).collect()
}

/// What to do about each kind of warning, by id.
#[cfg(test)]
pub(crate) fn remedies() -> BTreeMap<&'static str, &'static str> {
    let mut remedies = BTreeMap::new();
    for kind in connection::WarningKind::ALL {
        remedies.insert(kind.kind().id, warned::remedy(*kind));
    }
    macro_rules! of_each {
        ($($name:ident: $platform:ident),* $(,)?) => {
            $(remedies.extend(platform::$name::$platform::REMEDIES.iter().copied());)*
        };
    }
    with_platforms!(of_each);
    remedies
}

/// What is found so far.
struct Gathered<'s, 'v> {
    settings: &'s Settings<'v>,
    findings: Vec<Finding>,
    undecided: BTreeMap<String, Severity>,
}

impl Gathered<'_, '_> {
    /// Adds what a lint found; nothing, but its id, if that is not decided.
    fn add(&mut self, id: &str, usual: Severity, found: Option<Vec<Finding>>) {
        if !self.settings.wants(id) {
            return;
        }
        let severity = self.settings.severity(id, usual);
        match found {
            None => _ = self.undecided.insert(id.to_owned(), severity),
            Some(found) => {
                let found = found.into_iter();
                let found = found.map(|one| Finding { severity: severity.as_str(), ..one });
                self.findings.extend(found);
            }
        }
    }

    /// Adds warnings as findings. `ids` are those that there can be, of which none is decided while these are not.
    fn add_warnings<'i>(
        &mut self,
        matrix: &Matrix,
        ids: impl Iterator<Item = &'i str>,
        warnings: Option<Vec<Warning>>,
        remedies: &[(&'static str, &'static str)],
    ) {
        match warnings {
            None => ids.for_each(|id| self.add(id, warned::SEVERITY, None)),
            Some(warnings) => {
                for warning in warnings {
                    let finding = warned::finding(matrix, warning, remedies);
                    self.add(&finding.id.clone(), warned::SEVERITY, Some(vec![finding]));
                }
            }
        }
    }
}

pub(crate) fn answer(view: &View<'_>, settings: &Settings<'_>) -> LintAnswer {
    let matrix = view.input.matrix();
    let look = Look::at(view);
    let mut gathered = Gathered { settings, findings: Vec::new(), undecided: BTreeMap::new() };
    for lint in LINTS.iter().filter(|lint| settings.wants(lint.about.id)) {
        let mut findings = Findings::of(lint.about);
        (lint.check)(&look, &mut findings);
        gathered.add(lint.about.id, lint.about.severity, findings.into_found());
    }
    let warnings = connection::warnings(&view.input.deployment, &view.left_out);
    let warnings = warnings.value().map(|all| all.into_iter().map(Warning::from).collect());
    gathered.add_warnings(matrix, warned::ids(matrix), warnings, &[]);
    macro_rules! of_each {
        ($($name:ident: $platform:ident),* $(,)?) => {
            $(check_platform::<platform::$name::$platform>(&look, &mut gathered);)*
        };
    }
    with_platforms!(of_each);
    let Gathered { mut findings, undecided, .. } = gathered;
    findings.sort();
    findings.dedup();
    let counts = Severity::ALL.map(|severity| {
        let count = findings.iter().filter(|it| it.severity == severity.as_str()).count();
        (
            severity.as_str().to_owned(),
            i64::try_from(count).ok().or_bug("more findings than numbers"),
        )
    });
    let is_clean = findings.iter().all(|it| it.severity == Severity::Info.as_str());
    let may_change = undecided.values().any(|severity| *severity != Severity::Info);
    LintAnswer {
        counts: if undecided.is_empty() { Leaf::Known(counts.into()) } else { Leaf::Unknown },
        clean: if is_clean && may_change { Leaf::Unknown } else { Leaf::Known(is_clean) },
        undecided: undecided.into_keys().collect(),
        findings,
    }
}

/// The lints and the warnings of a platform, if the deployment is for it.
fn check_platform<P: Platform>(look: &Look<'_, '_>, gathered: &mut Gathered<'_, '_>) {
    let wanted = of_platform::<P>().into_iter().any(|id| gathered.settings.wants(id));
    if !wanted || !look.is_for(P::NAME) {
        return;
    }
    let mut answer = platform::plan::<P>(look.view);
    let warnings = std::mem::take(&mut answer.remarks.warnings);
    let warnings = (!answer.remarks.undecided).then_some(warnings);
    let ids = P::WARNINGS.iter().map(|kind| kind.id);
    gathered.add_warnings(look.view.input.matrix(), ids, warnings, P::REMEDIES);
    for lint in P::LINTS.iter().filter(|lint| gathered.settings.wants(lint.about.id)) {
        let mut findings = Findings::of(lint.about);
        (lint.check)(look, &answer, &mut findings);
        gathered.add(lint.about.id, lint.about.severity, findings.into_found());
    }
}

/// A block of the one that overlaps with one of the other: the wider of the two, and the other.
fn overlap(one: &[Block<'_>], other: &[Block<'_>]) -> Option<(Cidr, Cidr)> {
    let pairs = one.iter().flat_map(|a| other.iter().map(move |b| (a.cidr, b.cidr)));
    let ordered = pairs.filter_map(|(a, b)| {
        if a.contains(&b) { Some((a, b)) } else { b.contains(&a).then_some((b, a)) }
    });
    ordered.min()
}

/// `1 connection`, `2 connections`.
fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

const DESCRIPTION: &str = "Looks for what may be wrong with a deployment that has no mistake: networks that overlap or are open to the world, databases in the DMZ, cleartext between zones, \
    quotas that are nearly full, and whatever the other functions give under `warnings`, each under the same id. The [guide to the lints](../guides/lints.md) says of each what it \
    reports, why, and what to do.\n\nWhat depends on the cloud is looked at for those of which some endpoint has an address of its own (a security group, a service tag, …), else for all. Mistakes \
    that make a function fail are no findings.\n\nUnknown ids decide nothing here. While something else is unknown, the lints that depend on it find nothing and stand under `undecided`; \
    so `findings` may have more at apply than at plan. Use it in outputs, checks and preconditions, not as an argument of a resource.";
