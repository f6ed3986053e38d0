//! Ids of a cloud that two endpoints share.

use std::borrow::Cow;
use std::collections::BTreeMap;

use portmatrix::path::{At, Path, quoted};
use portmatrix::problem::Problems;

use super::{Id, Input, Platform, RuleMistake};

/// Reports ids that two endpoints share, or one has twice.
///
/// Two endpoints with one id are one to the cloud: their rules would be the same, and of two equal rules it refuses
/// the second. They can't be folded either, since ids may be unknown at plan and keys must not depend on them.
pub(super) fn report<P: Platform>(input: &Input<'_>, problems: &mut Problems) {
    let mut owners: BTreeMap<Cow<'_, str>, (&str, &str, Path)> = BTreeMap::new();
    for ((_, endpoint), addresses) in input.deployment.endpoints().zip(&input.addresses) {
        for Id { kind, id, identity, place } in P::ids(addresses) {
            let mut path = At::ROOT.name("endpoints").key(endpoint.name).path();
            path.0.extend(place);
            let first = owners.insert(identity, (endpoint.name, id, path.clone()));
            let Some((owner, spelling, other_place)) = first else { continue };
            let other = if spelling == id {
                String::new()
            } else {
                format!(", there written {}", quoted(spelling))
            };
            let detail = if owner == endpoint.name {
                format!("The {kind} {} is given twice{other}.", quoted(id))
            } else {
                format!(
                    "The {kind} {} is that of the endpoint {} as well{other}. Join the two into one endpoint with the roles of both. Where their ports differ, give them by role: `ports = {{ SETTING = {{ ROLE = PORT }} }}`.",
                    quoted(id),
                    quoted(owner)
                )
            };
            problems.add_at(path, Some(other_place), RuleMistake::SharedId, detail);
        }
    }
}
