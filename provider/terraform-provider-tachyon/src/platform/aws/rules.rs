//! From connections to rules: one for each transport, port range and remote, however many flows ask for it.

use portmatrix::deployment::EndpointId;
use portmatrix::known::{Known, Truth};

use super::address::{Sources, sources};
use super::lists;
use super::rule::{Asked, Remote, Side};
use crate::platform::view::{Direction, Seen, View};
use crate::platform::{Beyond, Reach, Remarks};

/// The rules of one side of an endpoint. Unknown while they depend on something unknown.
pub(super) fn plan<'a>(
    view: &View<'a>,
    endpoint: EndpointId,
    direction: Direction,
    remarks: &mut Remarks,
) -> Known<Side<'a>> {
    let mut asked: Vec<Asked<'a>> = Vec::with_capacity(view.side(endpoint, direction).len());
    let mut remotes: Vec<Remote<'a>> = Vec::new();
    let mut decided = view.is_decided_at(endpoint);
    for Seen { connection, peer, ports, way } in view.side(endpoint, direction) {
        let reach = reach(view, endpoint, peer);
        let sources = sources(view.addresses(peer), reach);
        if matches!(sources, Sources::None) && connection.exists == Truth::Yes {
            if reach == Reach::Across
                && view.addresses(peer).platforms.aws.security_group_id.is_some()
            {
                remarks.needs_address_beyond(peer, &connection.flow.id, Beyond::Network);
            } else {
                remarks.needs_address(peer, &connection.flow.id);
            }
            continue;
        }
        let Known::Known(ports) = ports else {
            decided = false;
            continue;
        };
        if !remarks.can_name(ports.len().saturating_mul(sources.count()), view.name(endpoint)) {
            return Known::Unknown;
        }
        remotes.clear();
        decided &= add_remotes(view, peer, &sources, &mut remotes);
        for ports in ports {
            asked.extend(remotes.iter().map(|remote| Asked {
                transport: connection.flow.transport,
                ports: *ports,
                remote: *remote,
                peer,
                flow: connection.flow,
                way: way.cloned(),
            }));
        }
    }
    if decided { Known::Known(Side::of(view.input, direction, asked)) } else { Known::Unknown }
}

/// Whether a rule of an endpoint may refer to the group of a peer: in one VPC, or in peered ones.
/// Source: Amazon VPC User Guide, "Security group referencing"; across Regions it is not supported.
pub(super) fn reach(view: &View<'_>, endpoint: EndpointId, peer: EndpointId) -> Reach {
    let options = &view.input.options.aws;
    let is_peered = |one: &str, other: &str| options.is_peered(one, other);
    view.addresses(endpoint).reach(view.addresses(peer), is_peered)
}

/// What stands for a peer in rules. False if that is not known yet.
fn add_remotes<'a>(
    view: &View<'a>,
    peer: EndpointId,
    sources: &Sources<'a>,
    remotes: &mut Vec<Remote<'a>>,
) -> bool {
    match *sources {
        Sources::Group(id) => remotes.push(Remote::Group(peer, id)),
        Sources::Lists(lists) => {
            remotes.extend(lists.iter().map(|(name, list)| Remote::List(peer, name, list)));
        }
        Sources::Cidrs(blocks) => match view.input.options.aws.prefix_lists {
            Known::Known(false) => remotes.extend(blocks.iter().map(Remote::Cidr)),
            Known::Known(true) => {
                remotes.extend(lists::families(blocks).map(|of_family| match of_family {
                    [block] => Remote::Cidr(block),
                    blocks => Remote::Entries(peer, blocks),
                }));
            }
            Known::Unknown => return false,
        },
        Sources::Unknown | Sources::None => return false,
    }
    true
}
