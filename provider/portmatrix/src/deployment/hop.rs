//! What stands between two ends: a balancer, a proxy, address translation.

use std::collections::BTreeMap;

use super::talks_to::Bound;
use super::{EndpointDraft, EndpointId, Forwarding, Names, Roles, Setting};
use crate::known::{Known, Truth};
use crate::matrix::{Matrix, PortRange, RoleId};
use crate::mistake::HopMistake;
use crate::path::{At, quoted};
use crate::problem::Problems;

/// Where it listens, by where what is behind it does.
type Translated = BTreeMap<PortRange, PortRange>;

/// An endpoint without roles: the traffic of others goes through it.
#[derive(Debug, Clone)]
pub struct Hop {
    /// Whether it certainly is one; an endpoint of which nothing is known may yet be.
    certain: bool,
    /// What is behind it.
    pub(super) behind: Bound,
    /// The roles whose traffic comes this way; none for all.
    pub(super) from_roles: Option<Roles>,
    /// Those that were named, each with its index in the user's list.
    pub(super) named_roles: Vec<(usize, RoleId)>,
    pub(super) ports: Known<Translated>,
    /// Whether who is behind it sees it instead of who asked.
    pub hides_source: Known<bool>,
    /// Whether who asks addresses it instead of who is behind it. What does not is transparent: it has no rules.
    pub hides_destination: Known<bool>,
}

impl Hop {
    /// It may be one, and then anything may be behind it.
    pub(super) fn unknown() -> Self {
        Self {
            certain: false,
            behind: Bound { named: BTreeMap::new(), open: true },
            from_roles: Some(Roles::UNKNOWN),
            named_roles: Vec::new(),
            ports: Known::Unknown,
            hides_source: Known::Unknown,
            hides_destination: Known::Unknown,
        }
    }

    /// Reads an endpoint that has `forwards_to`; `names` are those of all endpoints in order.
    pub(super) fn check(
        matrix: &Matrix,
        draft: &EndpointDraft<'_>,
        forwarding: &Forwarding<'_>,
        names: &[&str],
        at: &At<'_>,
        problems: &mut Problems,
    ) -> Self {
        refuse_what_ends_have(draft, at, problems);
        let to_at = at.name("forwards_to");
        let mut behind = Bound::check(&forwarding.to, names, &to_at, problems);
        if matches!(&forwarding.to, Known::Known(names) if names.is_empty()) {
            let detail = "Found an empty list. Accepted are names of endpoints, at least one.";
            problems.add(&to_at, HopMistake::NothingBehind, detail);
            behind.open = true;
        }
        let roles_at = at.name("from_roles");
        let given = forwarding.from_roles.as_ref();
        let from_roles = given.map(|names| from_roles_of(matrix, names, &roles_at, problems));
        let named_roles = given.map_or(Vec::new(), |names| named_roles(matrix, names));
        let Forwarding { mut hides_source, mut hides_destination, .. } = *forwarding;
        if hides_source == Known::Known(false) && hides_destination == Known::Known(false) {
            let detail = "Found `hides_source` and `hides_destination` both false: no rule would see it. \
                          A balancer hides the destination, source address translation the source, a proxy both.";
            let places = (&at.name("hides_destination"), &at.name("hides_source"));
            problems.add_between(places, HopMistake::HidesNeither, detail);
            (hides_source, hides_destination) = (Known::Unknown, Known::Unknown);
        }
        let ports = translated(draft, hides_destination, &at.name("ports"), problems);
        Self {
            certain: true,
            behind,
            from_roles,
            named_roles,
            ports,
            hides_source,
            hides_destination,
        }
    }

    /// Whether `endpoint` is right behind it.
    pub fn forwards_to(&self, endpoint: EndpointId) -> Truth {
        if self.behind.named.contains_key(&endpoint) {
            Truth::from(self.certain).or(Truth::Maybe)
        } else if self.behind.open {
            Truth::Maybe
        } else {
            Truth::No
        }
    }

    /// What is certainly right behind it, as far as it is named.
    pub fn behind(&self) -> impl Iterator<Item = EndpointId> + '_ {
        self.behind.named.keys().copied()
    }

    /// Whether traffic of `role` towards what is behind it comes this way.
    pub fn takes(&self, role: RoleId) -> Truth {
        self.from_roles.map_or(Truth::Yes, |roles| roles.plays(role))
    }

    /// Where it listens for what goes to `ports` of what is behind it.
    pub fn listens(&self, ports: PortRange) -> Known<PortRange> {
        self.ports.as_ref().map(|own| *own.get(&ports).unwrap_or(&ports))
    }

    /// Whether it is known which ends it hides.
    pub(crate) fn hides_are_known(&self) -> bool {
        self.hides_source.is_known() && self.hides_destination.is_known()
    }

    /// Whether everything about it is known.
    pub(super) fn is_known(&self) -> bool {
        self.certain
            && !self.behind.open
            && self.from_roles.is_none_or(Roles::are_known)
            && self.ports.is_known()
            && self.hides_are_known()
    }
}

/// What stands between two ends has no role and no bounds of its own.
fn refuse_what_ends_have(draft: &EndpointDraft<'_>, at: &At<'_>, problems: &mut Problems) {
    let has_roles = matches!(&draft.roles, Known::Known(roles) if !roles.is_empty());
    let has_bounds = matches!(&draft.talks_to, Known::Known(bounds) if !bounds.is_empty());
    for (name, is_there) in [("roles", has_roles), ("talks_to", has_bounds)] {
        if is_there {
            let detail = format!(
                "Found `{name}` beside `forwards_to`: what stands between two ends is none itself. Leave one of the two out; \
                 a machine that does both is two endpoints."
            );
            problems.add(&at.name(name), HopMistake::NotOfWhatForwards, detail);
        }
    }
}

fn from_roles_of(
    matrix: &Matrix,
    names: &Names<'_>,
    at: &At<'_>,
    problems: &mut Problems,
) -> Roles {
    if matches!(names, Known::Known(names) if names.is_empty()) {
        let detail =
            "Found an empty list. Accepted are roles, at least one; leave it out for all traffic.";
        problems.add(at, HopMistake::TakesNoTraffic, detail);
        return Roles::UNKNOWN;
    }
    Roles::check(matrix, names, at, problems)
}

/// The roles among names, each with its index.
fn named_roles(matrix: &Matrix, names: &Names<'_>) -> Vec<(usize, RoleId)> {
    let names = names.as_ref().value().into_iter().flatten().enumerate();
    names.filter_map(|(index, name)| Some((index, matrix.role(name.value()?)?))).collect()
}

/// Reads `ports` of what forwards: theirs, and its own. A mistaken one leaves all unknown.
fn translated(
    draft: &EndpointDraft<'_>,
    hides_destination: Known<bool>,
    at: &At<'_>,
    problems: &mut Problems,
) -> Known<Translated> {
    let Known::Known(settings) = &draft.ports else { return Known::Unknown };
    let given = settings.iter().filter_map(|(theirs, own)| Some((*theirs, own.as_ref()?)));
    let mut ports = Translated::new();
    let (mut is_empty, mut is_whole) = (true, true);
    for (theirs, own) in given {
        is_empty = false;
        let own = own.as_ref().value();
        let at = at.key(theirs);
        match own.and_then(|own| pair(theirs, own, &at, problems)) {
            Some((theirs, own)) => {
                if ports.insert(theirs, own).is_some() {
                    let detail = format!(
                        "{theirs} has its port already, in another spelling. Give it once."
                    );
                    problems.add(&at.its_name(), HopMistake::UnusableForwardedPort, detail);
                    is_whole = false;
                }
            }
            None => is_whole = false,
        }
    }
    if !is_empty && hides_destination == Known::Known(false) {
        let detail = "Found `ports` beside `hides_destination = false`: who asks addresses the end behind it, so it listens \
                      on no port of its own. Leave `ports` out.";
        problems.add(at, HopMistake::ListensWithoutHiding, detail);
        return Known::Unknown;
    }
    if is_whole { Known::Known(ports) } else { Known::Unknown }
}

/// A port of what is behind it, and its own for it; as many of one as of the other.
fn pair(
    theirs: &str,
    own: &Setting<'_>,
    at: &At<'_>,
    problems: &mut Problems,
) -> Option<(PortRange, PortRange)> {
    const ACCEPTED: &str = "Accepted is a port or range of the endpoint behind it, and where it listens itself for it: `{ \"443\" = 8443 }`";
    let found = match own {
        Setting::Number(text) => Some(text.as_ref()),
        Setting::Text(text) => Some(*text),
        Setting::Flag(_) | Setting::List(_) | Setting::ByRole(_) | Setting::Other(_) => None,
    };
    let ranges = (theirs.parse::<PortRange>(), found.map(str::parse::<PortRange>));
    let is_of_name = ranges.0.is_err();
    let detail = match ranges {
        (Ok(theirs), Some(Ok(own))) if theirs.to - theirs.from == own.to - own.from => {
            return Some((theirs, own));
        }
        (Ok(theirs), Some(Ok(own))) => {
            format!("Found {own} for {theirs}, which are not as many ports. {ACCEPTED}.")
        }
        (Err(error), _) => format!("Found {}: {error}. {ACCEPTED}.", quoted(theirs)),
        (Ok(_), Some(Err(error))) => {
            format!("Found {}: {error}. {ACCEPTED}.", quoted(found.unwrap_or_default()))
        }
        (Ok(_), None) => format!("Found no port. {ACCEPTED}."),
    };
    let at = if is_of_name { at.its_name() } else { *at };
    problems.add(&at, HopMistake::UnusableForwardedPort, detail);
    None
}
