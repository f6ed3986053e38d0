//! The roles that an endpoint plays.

use std::collections::BTreeMap;

use super::Names;
use crate::bug::OrBug;
use crate::known::{Known, Truth};
use crate::matrix::{Matrix, RoleId};
use crate::mistake::EndpointMistake;
use crate::path::{At, quoted};
use crate::problem::Problems;

/// The roles of one endpoint: those that it certainly plays, and whether others may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Roles {
    /// One bit for each role that is certain.
    certain: u64,
    /// Whether some of the roles are not known yet: it may then play any.
    open: bool,
}

impl Roles {
    /// Nothing is known: it may play any role.
    pub const UNKNOWN: Self = Self { certain: 0, open: true };

    /// It plays none.
    pub const NONE: Self = Self { certain: 0, open: false };

    /// Reads the names of roles. A mistaken one leaves the roles open.
    pub(super) fn check(
        matrix: &Matrix,
        names: &Names<'_>,
        at: &At<'_>,
        problems: &mut Problems,
    ) -> Self {
        let Known::Known(names) = names else { return Self::UNKNOWN };
        let mut roles = Self { certain: 0, open: false };
        let mut places: BTreeMap<RoleId, usize> = BTreeMap::new();
        if names.is_empty() {
            problems.add(
                at,
                EndpointMistake::NoRole,
                "An endpoint plays at least one role; found none.",
            );
            roles.open = true;
        }
        for (index, name) in names.iter().enumerate() {
            let Known::Known(name) = name else {
                roles.open = true;
                continue;
            };
            let Some(role) = matrix.role(name) else {
                let known = matrix.roles.iter().map(|role| role.id.as_str());
                problems.add_unknown_name(
                    &at.index(index),
                    EndpointMistake::UnknownRole,
                    "role",
                    name,
                    known,
                );
                roles.open = true;
                continue;
            };
            if let Some(first) = places.get(&role) {
                problems.add_between(
                    (&at.index(index), &at.index(*first)),
                    EndpointMistake::RepeatedRole,
                    format!("The role {} is given twice.", quoted(name)),
                );
            }
            places.entry(role).or_insert(index);
            roles.certain |= bit(role);
        }
        roles
    }

    /// Whether `role` is one of them.
    pub fn plays(self, role: RoleId) -> Truth {
        if self.certain & bit(role) != 0 {
            Truth::Yes
        } else if self.open {
            Truth::Maybe
        } else {
            Truth::No
        }
    }

    /// Whether all of them are known.
    pub fn are_known(self) -> bool {
        !self.open
    }
}

/// The bit that stands for a role.
fn bit(role: RoleId) -> u64 {
    let place = u32::from(role.place());
    1_u64.checked_shl(place).or_bug("a matrix with more than 64 roles, which does not parse")
}
