//! Whom rules of security groups hold, and which of them are about some traffic.

use std::collections::BTreeSet;

use portmatrix::deployment::EndpointId;
use portmatrix::known::Known;

use super::address::{Sources, sources};
use super::rule::Remote;
use super::{Renderer, rules};
use crate::platform::Remarks;
use crate::platform::traffic::{Held, Traffic};
use crate::platform::view::{Direction, View};

/// Which machines of `other` the rules of `at` for `peer` hold. Groups and lists are of one endpoint, so they hold no
/// other's.
pub(super) fn held<'a>(
    view: &View<'a>,
    at: EndpointId,
    peer: EndpointId,
    other: EndpointId,
) -> Held<'a> {
    match sources(view.addresses(peer), rules::reach(view, at, peer)) {
        Sources::Group(_) | Sources::Lists(_) if peer == other => Held::All,
        Sources::Group(_) | Sources::Lists(_) => Held::Nothing,
        Sources::Cidrs(blocks) => Held::Addresses(blocks),
        Sources::Unknown => Held::Unknown,
        Sources::None => Held::Unaddressed,
    }
}

/// The keys of the rules that are about the traffic.
pub(super) fn keys(
    view: &View<'_>,
    endpoint: EndpointId,
    direction: Direction,
    traffic: &Traffic<'_>,
) -> Known<BTreeSet<String>> {
    let part = view.part(endpoint, direction, |seen| traffic.is_port_of(seen));
    // What there is to say of these rules is told where they are asked for.
    let Known::Known(side) = rules::plan(&part, endpoint, direction, &mut Remarks::default())
    else {
        return Known::Unknown;
    };
    let mut renderer = Renderer::of(&side);
    let about = side.rules().iter().filter(|rule| {
        let peers = side.asked(rule).iter().map(|asked| asked.peer);
        traffic.meets(rule.ports, peers)
            && match rule.remote {
                Remote::Cidr(block) => traffic.meets_addresses([block]),
                Remote::Entries(_, blocks) => traffic.meets_addresses(blocks),
                Remote::Group(..) | Remote::List(..) => true,
            }
    });
    Known::Known(about.map(|rule| renderer.key(rule).to_owned()).collect())
}
