//! Amazon Web Services: security group rules, one source a rule.

mod address;
mod description;
mod lints;
mod lists;
pub mod mistake;
mod options;
mod overflow;
mod record;
mod resources;
mod rule;
mod rules;
mod spread;
mod traffic;
mod usage;

pub use address::{Address, PrefixList, identity};
pub(crate) use description::Words;
pub use lists::{Entry, ManagedPrefixList, ManagedPrefixLists, key as list_key};
pub use mistake::{AwsMistake, AwsWarning};
pub use options::Options;
pub use record::{Renderer, RuleRecord};
pub use rule::{Remote, Rule, Side};
pub use usage::{FamilyUsage, GroupUsage, Usage};

use std::collections::BTreeSet;

use portmatrix::deployment::EndpointId;
use portmatrix::kind::Kind;
use portmatrix::known::Known;
use portmatrix::path::At;
use tfplugin::object;

use super::help::Trial;
use super::lint::PlatformLint;
use super::resource::{Changes, Planned};
use super::standing::Standing;
use super::traffic::{Held, Traffic};
use super::view::{Direction, View};
use super::{Input, Platform, Remarks};
use crate::leaf::Leaf;
use crate::platform::{Addresses, Reach};

/// Amazon Web Services.
#[derive(Debug)]
pub struct Aws;

object! {
    /// The security group rules of one endpoint.
    #[derive(Debug)]
    pub struct SecurityGroupRules<'a> {
        /// Rules for traffic that the endpoint accepts, by `<protocol>-<from>[-<to>]/<CIDR>`, and where the
        /// peer is no CIDR by `<protocol>-<from>[-<to>]/<peer>[/<prefix list>]`: what EC2 tells rules apart by.
        pub ingress: Leaf<Side<'a>>,
        /// Rules for traffic that the endpoint initiates, with keys of the same form.
        pub egress: Leaf<Side<'a>>,
        /// What the rules use of the quota, as EC2 counts.
        pub usage: Leaf<Usage>,
    }
}

impl Platform for Aws {
    const NAME: &'static str = "aws";
    const TITLE: &'static str = "AWS";
    const QUERY: &'static str = "security_group_rules";
    const DATA_SOURCE: &'static str = "tachyon_security_group_rules";
    const SUMMARY: &'static str = "Security group rules for every endpoint of a deployment";
    const DESCRIPTION: &'static str = "Expands a deployment into the rules of AWS security groups, for each endpoint the ingress and egress rules that the communication \
        matrix asks for. Each rule has the arguments of `aws_vpc_security_group_ingress_rule` and `aws_vpc_security_group_egress_rule`, one source a rule, and cites the rows \
        of the document in its description.\n\nIds of security groups and prefix lists may be unknown: the keys of the maps are known all the same, so that groups and the rules \
        that refer to them are created in one apply.";
    const ADDRESSES: &'static [&'static str] = &["security_group_id", "prefix_lists", "cidrs"];

    const SHARED: (&'static str, &'static str) = (
        "prefix_lists",
        "With `options.aws.prefix_lists`, the prefix lists to create, by `<endpoint>/<ipv4|ipv6>`; rules name theirs in `prefix_list`.",
    );

    const MISTAKES: &'static [Kind] = AwsMistake::KINDS;
    const WARNINGS: &'static [Kind] = AwsWarning::KINDS;
    const REMEDIES: &'static [(&'static str, &'static str)] = mistake::REMEDIES;
    const LINTS: &'static [PlatformLint<Self>] = lints::LINTS;

    type Rules<'a> = SecurityGroupRules<'a>;
    type Shared<'a> = ManagedPrefixLists<'a>;
    type RoleRules<'a> = SecurityGroupRules<'a>;

    fn rules<'a>(
        view: &View<'a>,
        endpoint: EndpointId,
        remarks: &mut Remarks,
    ) -> SecurityGroupRules<'a> {
        let ingress = rules::plan(view, endpoint, Direction::Ingress, remarks);
        let egress = rules::plan(view, endpoint, Direction::Egress, remarks);
        usage::settle(view, endpoint, ingress, egress, remarks)
    }

    fn of_role(rules: Self::Rules<'_>) -> Self::RoleRules<'_> {
        rules
    }

    fn shared<'a>(view: &View<'a>, remarks: &mut Remarks) -> Leaf<ManagedPrefixLists<'a>> {
        options::check_peered(view, remarks);
        lists::all(view, remarks)
    }

    fn reach(view: &View<'_>, endpoint: EndpointId, peer: EndpointId) -> Reach {
        rules::reach(view, endpoint, peer)
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

    fn trials(input: &Input<'_>) -> Vec<Trial> {
        let root = At::ROOT;
        let options = root.name("options");
        let aws = options.name("aws");
        let Known::Known(lists) = input.options.aws.prefix_lists else { return Vec::new() };
        let flip = |input: &mut Input<'_>| {
            let lists = &mut input.options.aws.prefix_lists;
            *lists = lists.map(|lists| !lists);
        };
        vec![Trial::new(&aws.name("prefix_lists"), !lists, flip)]
    }

    fn is_addressed(addresses: &Addresses<'_>) -> bool {
        let address = &addresses.platforms.aws;
        address.security_group_id.is_some() || address.prefix_lists.is_some()
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

    fn ids<'a>(addresses: &Addresses<'a>) -> Vec<super::Id<'a>> {
        addresses.platforms.aws.ids()
    }
}
