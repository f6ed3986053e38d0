//! Whom network security rules hold, and which of them are about some traffic.

use std::collections::BTreeSet;

use portmatrix::deployment::EndpointId;
use portmatrix::known::Known;

use super::End;
use super::address::{Means, reach};
use super::rule::Subject;
use super::rules::sides;
use crate::platform::Remarks;
use crate::platform::traffic::{Held, Traffic};
use crate::platform::view::{Direction, View};

/// Which machines of `other` the rules of `at` for `peer` hold. Groups are of one endpoint; a service tag may be that of
/// several, and Azure does not tell its capitals apart.
pub(super) fn held<'a>(
    view: &View<'a>,
    at: EndpointId,
    peer: EndpointId,
    other: EndpointId,
) -> Held<'a> {
    match Means::of(view.addresses(peer), reach(view, at, peer)) {
        Some(Known::Known(Means::Groups(_))) if peer == other => Held::All,
        Some(Known::Known(Means::Groups(_))) => Held::Nothing,
        Some(Known::Known(Means::Tag(tag))) => {
            match view.addresses(other).platforms.azure.service_tag {
                Some(Known::Known(other)) if other.eq_ignore_ascii_case(tag) => Held::All,
                Some(Known::Unknown) => Held::Unknown,
                Some(Known::Known(_)) | None => Held::Nothing,
            }
        }
        Some(Known::Known(Means::Cidrs(blocks))) => Held::Addresses(blocks),
        Some(Known::Unknown) => Held::Unknown,
        None => Held::Unaddressed,
    }
}

/// The keys of the rules that are about the traffic. All peers on the port count: they are told together.
pub(super) fn keys(
    view: &View<'_>,
    endpoint: EndpointId,
    direction: Direction,
    traffic: &Traffic<'_>,
) -> Known<BTreeSet<String>> {
    let part = view.part(endpoint, direction, |seen| traffic.is_port_of(seen));
    // What there is to say of these rules is told where they are asked for.
    let Known::Known(rules) = sides(&part, endpoint, &mut Remarks::default()) else {
        return Known::Unknown;
    };
    let about = rules.iter().filter(|rule| {
        let Subject::Flow { ports, peers, .. } = &rule.subject else { return false };
        rule.direction == direction
            && traffic.meets(*ports, peers.iter().copied())
            && match &rule.peer {
                End::Cidr(block) => traffic.meets_addresses(std::iter::once(*block)),
                End::Cidrs(blocks) => traffic.meets_addresses(blocks.iter().copied()),
                End::Any
                | End::Tag(_)
                | End::Groups(_)
                | End::UnknownGroups
                | End::UnknownCidrs
                | End::Unknown => true,
            }
    });
    Known::Known(about.map(|rule| rule.key(view.input)).collect())
}
