//! What would help where a limit of a cloud is met: found by planning again with something changed, never by arithmetic
//! beside the plan.

use std::collections::BTreeMap;
use std::fmt;

use portmatrix::kind::Kind;
use portmatrix::known::Known;
use portmatrix::path::{At, Path};
use portmatrix::problem::Problems;

use super::view::View;
use super::{Input, Platform, Remarks, plan};

/// A setting with another value, as the user would write it: `endpoints["a"].security_groups = 3`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    path: Path,
    value: String,
    /// What else it does, in a few words; empty if nothing.
    effect: &'static str,
}

impl Change {
    /// The setting at a place, with a value.
    pub fn new(at: &At<'_>, value: impl Into<String>) -> Self {
        Self { path: at.path(), value: value.into(), effect: "" }
    }

    /// The networks of an endpoint, summarized to so many. Nothing if that are too few for both families.
    pub fn summarized(endpoint: &str, most: usize) -> Option<Self> {
        let root = At::ROOT;
        let endpoints = root.name("endpoints");
        let value = format!("provider::tachyon::summarize_cidrs([…], {most}).cidrs");
        let change = Self::new(&endpoints.key(endpoint).name("cidrs"), value);
        (most > 1).then_some(Self { effect: " (admits further addresses)", ..change })
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{} = {}`{}", self.path, self.value, self.effect)
    }
}

/// A limit of a cloud that the deployment does not keep.
#[derive(Debug, Clone)]
pub struct Limit {
    /// Where it is reported.
    pub path: Path,
    /// What kind of mistake it is.
    pub kind: Kind,
    /// What is over the limit, where a place has several of a kind: the key of a rule, say.
    pub what: String,
    /// The arithmetic, in full sentences.
    pub detail: String,
    /// How much of how much, in a few words.
    pub measure: String,
    /// Whether options of the whole deployment may help: those are tried.
    pub tries_options: bool,
    /// Changes that touch nothing else and together make it fit; none if there are no such.
    pub own: Vec<Change>,
    /// How much they cost, compared with those of another try.
    pub cost: usize,
    /// What was tried for it alone and does not make it fit, as the user would write it.
    pub useless: Vec<String>,
    /// What there is to say where nothing that was tried helps; empty if nothing.
    pub otherwise: String,
}

/// Limits that are met, by what each has in common with the same limit in another try.
type Met<'l> = BTreeMap<(&'l Path, Kind, &'l str), &'l Limit>;

fn met(limits: &[Limit]) -> Met<'_> {
    limits.iter().map(|limit| (limit.key(), limit)).collect()
}

impl Limit {
    fn key(&self) -> (&Path, Kind, &str) {
        (&self.path, self.kind, &self.what)
    }
}

/// An option of the whole deployment with another value, to be tried.
#[derive(Debug, Clone)]
pub struct Trial {
    change: Change,
    set: fn(&mut Input<'_>),
}

impl Trial {
    /// The option at a place, its other value, and how that is set.
    pub fn new(at: &At<'_>, value: bool, set: fn(&mut Input<'_>)) -> Self {
        Self { change: Change::new(at, value.to_string()), set }
    }

    /// CIDRs merged exactly, unless they are.
    fn merged(input: &Input<'_>) -> Option<Self> {
        let root = At::ROOT;
        let at = root.name("options");
        let set = |input: &mut Input<'_>| input.merge_cidrs(Known::Known(true));
        (input.merge_cidrs == Known::Known(false))
            .then(|| Self::new(&at.name("merge_cidrs"), true, set))
    }
}

/// Some options together, and the limits that are met with them.
struct Tried {
    trials: Vec<Trial>,
    limits: Vec<Limit>,
}

impl Tried {
    fn of<P: Platform>(view: &View<'_>, trials: Vec<Trial>) -> Self {
        let mut input = view.input.clone();
        for trial in &trials {
            (trial.set)(&mut input);
        }
        let mut again = View::new(&input, &mut Problems::default());
        if let Some(subject) = view.subject {
            again.narrow(subject);
        }
        Self { trials, limits: plan::<P>(&again).remarks.limits }
    }
}

/// Some options together, against how it is without them.
struct Outcome<'t> {
    trials: &'t [Trial],
    /// The limits that are met with them.
    still: Met<'t>,
    /// One of these that is not met without them.
    harmed: Option<&'t Limit>,
}

impl<'t> Outcome<'t> {
    fn of(tried: &'t Tried, now: &Met<'_>) -> Self {
        let harmed = tried.limits.iter().find(|limit| !now.contains_key(&limit.key()));
        Self { trials: &tried.trials, still: met(&tried.limits), harmed }
    }

    fn is_enough_for(&self, limit: &Limit) -> bool {
        self.harmed.is_none() && !self.still.contains_key(&limit.key())
    }

    fn changes(&self) -> impl Iterator<Item = &Change> {
        self.trials.iter().map(|trial| &trial.change)
    }
}

/// Adds the limits that are met to the problems, each with what makes it fit and what does not.
pub(super) fn report<P: Platform>(view: &View<'_>, remarks: &mut Remarks) {
    let limits = std::mem::take(&mut remarks.limits);
    if limits.is_empty() {
        return;
    }
    let mut single = Vec::new();
    if limits.iter().any(|limit| limit.tries_options) {
        single = P::trials(view.input);
        single.extend(Trial::merged(view.input));
    }
    let both = (single.len() > 1).then(|| single.clone());
    let tried: Vec<Tried> =
        single.into_iter().map(|trial| Tried::of::<P>(view, vec![trial])).collect();
    let now = met(&limits);
    let mut outcomes: Vec<Outcome<'_>> =
        tried.iter().map(|tried| Outcome::of(tried, &now)).collect();
    // More than one at once is worth a try only where one alone is not enough.
    let is_stuck = |limit: &Limit| {
        limit.tries_options
            && limit.own.is_empty()
            && !outcomes.iter().any(|one| one.is_enough_for(limit))
    };
    let both = both.filter(|_| limits.iter().any(is_stuck));
    let both = both.map(|both| Tried::of::<P>(view, both));
    outcomes.extend(both.iter().map(|both| Outcome::of(both, &now)));
    for limit in &limits {
        let text = format!("{}{}", limit.detail, help(limit, &outcomes));
        remarks.problems.add_at(limit.path.clone(), None, limit.kind, text);
    }
}

/// What makes a limit fit, and what does not.
fn help(limit: &Limit, outcomes: &[Outcome<'_>]) -> String {
    let mut helps = Vec::new();
    let mut useless = limit.useless.clone();
    if !limit.own.is_empty() {
        helps.push(together(&limit.own));
    }
    for one in outcomes.iter().filter(|_| limit.tries_options) {
        let changes = together(one.changes());
        if let Some(harmed) = one.harmed {
            useless.push(format!("{changes} (then {} does not fit)", harmed.path));
            continue;
        }
        let Some(still) = one.still.get(&limit.key()) else {
            helps.push(changes);
            continue;
        };
        if !still.own.is_empty() && (limit.own.is_empty() || still.cost < limit.cost) {
            helps.push(together(one.changes().chain(&still.own)));
        }
        useless.push(format!("{changes} (then {})", still.measure));
    }
    let mut text = match helps.as_slice() {
        [] => String::new(),
        [one] => format!(" This makes it fit: {one}."),
        several => format!(" Any of these makes it fit: {}.", several.join("; ")),
    };
    match useless.as_slice() {
        [] => {}
        [one] => text.push_str(&format!(" This alone does not: {one}.")),
        several => text.push_str(&format!(" None of these alone does: {}.", several.join("; "))),
    }
    if helps.is_empty() && !limit.otherwise.is_empty() {
        text.push(' ');
        text.push_str(&limit.otherwise);
    }
    text
}

fn together<'c>(changes: impl IntoIterator<Item = &'c Change>) -> String {
    changes.into_iter().map(Change::to_string).collect::<Vec<_>>().join(" with ")
}
