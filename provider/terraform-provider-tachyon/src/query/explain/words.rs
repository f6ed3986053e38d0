//! Sentences about what rules for others let pass, which only platforms know.

use std::collections::BTreeSet;

use cidrs::{Cidr, covers, merge};
use portmatrix::deployment::EndpointId;
use portmatrix::question::listed;

use super::inquiry::{Asked, Inquiry, Verdict, Way};
use crate::platform::view::View;

/// How many names or networks a sentence has.
const MOST: usize = 3;

/// That all of it passes although no row asks for all of it.
pub(super) fn shared(
    inquiry: &Inquiry<'_, '_>,
    asked: &Asked<'_>,
    verdict: &Verdict<'_, '_>,
) -> String {
    let question = asked.question();
    let (source, destination) = (question.source.name, question.destination.name);
    format!(
        "No row asks for {} {} from {source} to {destination}, but {}; give them addresses of their own to keep them apart.",
        question.transport,
        question.port,
        because(inquiry.view, verdict)
    )
}

/// That some of it passes and some does not.
pub(super) fn partial(
    inquiry: &Inquiry<'_, '_>,
    asked: &Asked<'_>,
    verdict: &Verdict<'_, '_>,
) -> String {
    let question = asked.question();
    let ways = || verdict.by.iter().flat_map(|passage| &passage.ways);
    let part = |whole: &[Cidr], passes: Vec<Cidr>, name: &str| {
        let passes = merge(passes);
        if passes.is_empty() || covers(&passes, whole) {
            name.to_owned()
        } else {
            let networks: Vec<String> = passes.iter().map(ToString::to_string).collect();
            format!("{} of {name}", listed(&networks, MOST))
        }
    };
    let sources = ways().flat_map(|way| way.product.sources.iter().copied()).collect();
    let destinations = ways().flat_map(|way| way.product.destinations.iter().copied()).collect();
    let source = part(asked.source.addresses(), sources, question.source.name);
    let destination = part(asked.destination.addresses(), destinations, question.destination.name);
    let on = format!("on {} {}", question.transport, question.port);
    if verdict.legs.is_empty() {
        format!(
            "No row asks for {} {} from {} to {}, but {}; not all of it passes: from {source} to {destination}.",
            question.transport,
            question.port,
            question.source.name,
            question.destination.name,
            because(inquiry.view, verdict)
        )
    } else {
        let flows: BTreeSet<&str> =
            verdict.legs.iter().map(|leg| leg.connection.flow.id.as_str()).collect();
        let flows: Vec<&str> = flows.into_iter().collect();
        format!(
            "Only a part of it passes {on}: from {source} to {destination} ({}).",
            flows.join(", ")
        )
    }
}

/// Whose rules let it pass, and where.
fn because(view: &View<'_>, verdict: &Verdict<'_, '_>) -> String {
    let titles: Vec<&str> = verdict.by.iter().map(|passage| passage.cloud.title).collect();
    let ways: Vec<&Way> = verdict.by.iter().flat_map(|passage| &passage.ways).collect();
    // Who stands for the source at the destination, and for the destination at the source.
    let at = |own: fn(&Way) -> EndpointId,
              peers: fn(&Way) -> &BTreeSet<EndpointId>,
              other: fn(&Way) -> EndpointId| {
        let (mut owners, mut foreign) = (BTreeSet::new(), BTreeSet::new());
        for way in &ways {
            let others: Vec<EndpointId> =
                peers(way).iter().copied().filter(|peer| *peer != other(way)).collect();
            if !others.is_empty() && !peers(way).contains(&other(way)) {
                owners.insert(own(way));
                foreign.extend(others);
            }
        }
        (!owners.is_empty()).then(|| (names(view, &owners), names(view, &foreign)))
    };
    let incoming = at(|way| way.destination, |way| &way.from, |way| way.source);
    let outgoing = at(|way| way.source, |way| &way.towards, |way| way.destination);
    let mut reasons = Vec::new();
    if let Some((owners, foreign)) = incoming {
        reasons.push(format!("rules of {owners} for {foreign} hold the source too"));
    }
    if let Some((owners, foreign)) = outgoing {
        reasons.push(format!("rules of {owners} for {foreign} hold the destination too"));
    }
    if reasons.is_empty() {
        reasons.push("several rules together let it pass".to_owned());
    }
    format!("on {} {}", titles.join(" and "), reasons.join(", and "))
}

fn names(view: &View<'_>, endpoints: &BTreeSet<EndpointId>) -> String {
    let names: Vec<String> = endpoints.iter().map(|id| format!("`{}`", view.name(*id))).collect();
    listed(&names, MOST)
}
