//! Rules that no flow asks for: what closes the group, and what the platform needs when it is closed.
//!
//! Azure's default rules admit the whole virtual network in both directions and everything towards the Internet. A
//! group that shall admit only what is documented must deny the rest itself; that hides the default rule for the load
//! balancer's health probes too, which is why these are admitted apart; and it cuts the machine off from platform
//! services such as monitoring and backup, which the user names by their service tags.

use portmatrix::known::Known;

use super::Options;
use super::end::End;
use super::record::LOAD_BALANCER;
use super::rule::{Rule, Subject};
use crate::platform::view::Direction;

/// The rules that the options ask for; unknown while the options are.
pub(super) fn rules(options: &Options) -> Known<Vec<Rule<'_>>> {
    let (Known::Known(deny_all), Known::Known(services)) =
        (options.deny_all, &options.allow_services)
    else {
        return Known::Unknown;
    };
    let mut rules: Vec<Rule<'_>> = services.iter().map(|tag| allow_service(tag)).collect();
    if deny_all {
        let of_direction = |direction| Rule::new(Subject::Rest, direction);
        rules.extend([Direction::Ingress, Direction::Egress].map(of_direction));
        match options.allow_azure_load_balancer {
            Known::Known(true) => rules.push(allow_load_balancer()),
            Known::Known(false) => {}
            Known::Unknown => return Known::Unknown,
        }
    }
    Known::Known(rules)
}

fn allow_load_balancer<'a>() -> Rule<'a> {
    let peer = End::Tag(LOAD_BALANCER);
    Rule { peer, ..Rule::new(Subject::LoadBalancer, Direction::Ingress) }
}

fn allow_service(tag: &str) -> Rule<'_> {
    Rule { peer: End::Tag(tag), ..Rule::new(Subject::Service(tag), Direction::Egress) }
}
