//! Ids of a cloud that two endpoints share.

use std::borrow::Cow;
use std::collections::BTreeMap;

use portmatrix::deployment::Endpoint;
use portmatrix::known::Truth;
use portmatrix::matrix::Matrix;
use portmatrix::path::{At, Path, quoted};
use portmatrix::problem::Problems;

use super::{Id, Input, Platform, RuleMistake};

/// Reports ids that two endpoints share, or one has twice.
///
/// Two endpoints with one id are one to the cloud: their rules would be the same, and of two equal rules it refuses
/// the second. They can't be folded either, since ids may be unknown at plan and keys must not depend on them.
pub(super) fn report<P: Platform>(input: &Input<'_>, problems: &mut Problems) {
    let mut owners: BTreeMap<Cow<'_, str>, (&Endpoint<'_>, &str, Path)> = BTreeMap::new();
    for ((_, endpoint), addresses) in input.deployment.endpoints().zip(&input.addresses) {
        for Id { kind, id, identity, place } in P::ids(addresses) {
            let mut path = At::ROOT.name("endpoints").key(endpoint.name).path();
            path.0.extend(place);
            let first = owners.insert(identity, (endpoint, id, path.clone()));
            let Some((owner, spelling, other_place)) = first else { continue };
            let other = if spelling == id {
                String::new()
            } else {
                format!(", there written {}", quoted(spelling))
            };
            let detail = if owner.name == endpoint.name {
                format!("The {kind} {} is given twice{other}.", quoted(id))
            } else {
                format!(
                    "The {kind} {} is that of the endpoint {} as well{other}. {}",
                    quoted(id),
                    quoted(owner.name),
                    advice(input.matrix(), owner, endpoint, kind)
                )
            };
            problems.add_at(path, Some(other_place), RuleMistake::SharedId, detail);
        }
    }
}

/// What to do about two endpoints with one id: what can be done with these.
fn advice(matrix: &Matrix, one: &Endpoint<'_>, other: &Endpoint<'_>, kind: &str) -> String {
    if one.hop.is_some() || other.hop.is_some() {
        return format!(
            "What stands between two ends can't be joined with another endpoint: give each a {kind} of its own, or give one of the two `cidrs` in its place."
        );
    }
    let plays = |endpoint: &Endpoint<'_>, role| endpoint.roles.plays(role) == Truth::Yes;
    let ids = || matrix.role_ids();
    let share = ids().any(|role| plays(one, role) && plays(other, role));
    let differ = ids().any(|role| plays(one, role) != plays(other, role));
    let mut advice = "Join the two into one endpoint with the roles of both.".to_owned();
    if differ {
        advice.push_str(" Where their ports differ, give them by role: `ports = { SETTING = { ROLE = PORT } }`.");
    }
    if share {
        advice.push_str(
            " Where ports of one role differ, list them: `ports = { SETTING = [PORT, PORT] }`.",
        );
    }
    advice
}
