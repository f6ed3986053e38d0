//! Microsoft Azure: network security group rules, augmented over peers, with permanent priorities.

mod address;
mod end;
mod limits;
mod lints;
pub mod mistake;
mod name;
mod options;
mod own;
mod part;
pub(crate) mod priority;
mod quota;
mod record;
mod resources;
mod rule;
mod rules;
mod shared;
pub(crate) mod site;
mod traffic;

use std::collections::BTreeSet;

pub use address::{Address, identity};
pub use end::End;
pub use mistake::{AzureMistake, AzureWarning};
pub use options::Options;
pub use part::Part;
use portmatrix::deployment::EndpointId;
use portmatrix::kind::Kind;
use portmatrix::known::Known;
use portmatrix::matrix::Matrix;
use portmatrix::problem::Problems;
pub(crate) use record::Words;
pub use record::{Renderer, RuleRecord, direction};
pub use rule::{Rule, RuleSet, Subject};
pub use shared::{SharedGroup, SharedGroups};
use tfplugin::object;

use super::help::Trial;
use super::lint::PlatformLint;
use super::resource::{Changes, Planned};
use super::standing::Standing;
use super::traffic::{Held, Traffic};
use super::view::{Direction, View};
use super::{Id, Input, Platform, Remarks};
use crate::leaf::Leaf;
use crate::platform::{Addresses, Reach};

/// Microsoft Azure.
#[derive(Debug)]
pub struct Azure;

object! {
    /// The network security rules of one endpoint.
    #[derive(Debug)]
    pub struct NetworkSecurityRules<'a> {
        /// Rules of both directions, by `<inbound|outbound>/<flow>/<port or range>/<part>`.
        pub rules: Leaf<RuleSet<'a>>,
    }
}

impl Platform for Azure {
    const NAME: &'static str = "azure";
    const TITLE: &'static str = "Azure";
    const QUERY: &'static str = "network_security_rules";
    const DATA_SOURCE: &'static str = "tachyon_network_security_rules";
    const SUMMARY: &'static str = "Network security group rules for every endpoint of a deployment";
    const DESCRIPTION: &'static str = "Expands a deployment into the rules of Azure network security groups, for each endpoint the inbound and outbound rules that the communication \
        matrix asks for. Each rule has the arguments of `azurerm_network_security_rule` and cites the rows of the document in its description. Priorities are permanent: no rule's \
        priority changes because another endpoint, peer, port or flow is added or removed.\n\nIds of application security groups may be unknown: the keys of the map are known all the same, \
        so that groups and the rules that refer to them are created in one apply.";
    const ADDRESSES: &'static [&'static str] =
        &["application_security_group_ids", "service_tag", "cidrs"];

    const SHARED: (&'static str, &'static str) = (
        "groups",
        "The rules of network security groups that several endpoints share, by the endpoints' `network_security_group`.",
    );

    const MISTAKES: &'static [Kind] = AzureMistake::KINDS;
    const WARNINGS: &'static [Kind] = AzureWarning::KINDS;
    const REMEDIES: &'static [(&'static str, &'static str)] = mistake::REMEDIES;
    const LINTS: &'static [PlatformLint<Self>] = lints::LINTS;

    type Rules<'a> = NetworkSecurityRules<'a>;
    type Shared<'a> = SharedGroups<'a>;
    type RoleRules<'a> = Leaf<RuleSet<'a>>;

    fn rules<'a>(
        view: &View<'a>,
        position: EndpointId,
        remarks: &mut Remarks,
    ) -> NetworkSecurityRules<'a> {
        NetworkSecurityRules { rules: rules::plan(view, position, remarks) }
    }

    fn shared<'a>(view: &View<'a>, remarks: &mut Remarks) -> Leaf<SharedGroups<'a>> {
        let groups = shared::all(view, remarks);
        limits::check_spellings(view, remarks);
        limits::check_names(view, remarks);
        limits::check_pins(view, remarks);
        groups
    }

    fn of_role(rules: Self::Rules<'_>) -> Self::RoleRules<'_> {
        rules.rules
    }

    fn reach(view: &View<'_>, endpoint: EndpointId, peer: EndpointId) -> Reach {
        address::reach(view, endpoint, peer)
    }

    fn held<'a>(
        view: &View<'a>,
        at: EndpointId,
        _: Direction,
        peer: EndpointId,
        other: EndpointId,
    ) -> Held<'a> {
        traffic::held(view, at, peer, other)
    }

    fn keys(
        view: &View<'_>,
        endpoint: EndpointId,
        direction: Direction,
        traffic: &Traffic<'_>,
    ) -> Known<BTreeSet<String>> {
        traffic::keys(view, endpoint, direction, traffic)
    }

    fn trials(_: &Input<'_>) -> Vec<Trial> {
        Vec::new()
    }

    fn check_matrix(matrix: &Matrix, problems: &mut Problems) {
        site::check(matrix, problems);
    }

    fn check(view: &View<'_>, remarks: &mut Remarks) {
        site::check_complete(view.input.matrix(), &mut remarks.problems);
    }

    fn is_addressed(addresses: &Addresses<'_>) -> bool {
        let address = &addresses.platforms.azure;
        address.groups.is_some() || address.service_tag.is_some()
    }

    fn standing<'a>(addresses: &'a Addresses<'a>, reach: Reach) -> Standing<'a> {
        address::standing(addresses, reach)
    }

    fn changes(
        before: &Planned<'_, '_, Self>,
        after: &Planned<'_, '_, Self>,
        of_all: bool,
    ) -> Option<Changes> {
        resources::changes(before, after, of_all)
    }

    fn ids<'a>(addresses: &Addresses<'a>) -> Vec<Id<'a>> {
        addresses.platforms.azure.ids()
    }
}
