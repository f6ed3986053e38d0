//! Rules in the arguments of Terraform's resource, written when everything about them is settled.

use std::borrow::Cow;
use std::rc::Rc;

use portmatrix::bug::OrBug;
use portmatrix::deployment::EndpointId;
use portmatrix::matrix::{Flow, Transport};
use tfplugin::{Attribute, Shape, Writer, object};

use super::end::End;
use super::name;
use super::part::Part;
use super::rule::{Rule, RuleSet, Subject};
use crate::leaf::Leaf;
use crate::platform::Input;
use crate::platform::text::{counted, grounds, identity, way_in_words};
use crate::platform::view::{Direction, Hops, Said, citations};

/// More than nearly every key has.
const LONGEST_USUAL_KEY: usize = 64;
/// The longest description, in characters. Source: Azure, "Network security groups", rule properties.
const LONGEST_DESCRIPTION: usize = 140;
/// What Azure takes for every protocol, port and address.
const ANY: &str = "*";
/// The tag that stands for Azure's load balancer. Source: Azure, "Virtual network service tags".
pub(super) const LOAD_BALANCER: &str = "AzureLoadBalancer";

object! {
    /// A network security rule, in the arguments of `azurerm_network_security_rule`.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct RuleRecord<'a, 't> {
        /// Unique in the group, at most 80 characters.
        pub name: Cow<'t, str>,
        /// From 100 to 4096; permanent.
        pub priority: Leaf<u16>,
        /// `Inbound` or `Outbound`.
        pub direction: &'static str,
        /// `Allow` or `Deny`.
        pub access: &'static str,
        /// `Tcp`, `Udp` or `*`.
        pub protocol: &'static str,
        /// Always `*`: a connection can come from any port.
        pub source_port_range: &'static str,
        /// One port or range.
        pub destination_port_range: Cow<'t, str>,
        /// One CIDR, a service tag or `*`; null where another form is used. Exactly one of the three forms is not null.
        pub source_address_prefix: Leaf<Option<&'a str>>,
        /// Several CIDRs of one family, sorted; null where another form is used.
        pub source_address_prefixes: Leaf<Option<Cow<'t, [&'a str]>>>,
        /// Ids of application security groups, sorted; null where another form is used.
        pub source_application_security_group_ids: Leaf<Option<Cow<'t, [&'a str]>>>,
        /// One CIDR, a service tag or `*`; null where another form is used. Exactly one of the three forms is not null.
        pub destination_address_prefix: Leaf<Option<&'a str>>,
        /// Several CIDRs of one family, sorted; null where another form is used.
        pub destination_address_prefixes: Leaf<Option<Cow<'t, [&'a str]>>>,
        /// Ids of application security groups, sorted; null where another form is used.
        pub destination_application_security_group_ids: Leaf<Option<Cow<'t, [&'a str]>>>,
        /// What the rule is for, with the rows of the document that ask for it; at most 140 characters.
        pub description: Cow<'t, str>,
        /// The endpoints at the other end, by name.
        pub peers: Cow<'t, [&'a str]>,
        /// Whether the document asks for it; false if it is inferred, and then the description says so, or if an option
        /// asks for it.
        pub documented: bool,
        /// Ids of the flows that the rule carries.
        pub flows: Cow<'t, [&'a str]>,
    }
}

impl<'a> RuleRecord<'a, '_> {
    /// The same with texts of its own.
    pub fn into_owned(self) -> RuleRecord<'a, 'a> {
        let owned = |texts: Leaf<Option<Cow<'_, [&'a str]>>>| {
            texts.map(|texts| texts.map(|texts| Cow::Owned(texts.into_owned())))
        };
        RuleRecord {
            name: Cow::Owned(self.name.into_owned()),
            destination_port_range: Cow::Owned(self.destination_port_range.into_owned()),
            source_address_prefixes: owned(self.source_address_prefixes),
            source_application_security_group_ids: owned(
                self.source_application_security_group_ids,
            ),
            destination_address_prefixes: owned(self.destination_address_prefixes),
            destination_application_security_group_ids: owned(
                self.destination_application_security_group_ids,
            ),
            description: Cow::Owned(self.description.into_owned()),
            peers: Cow::Owned(self.peers.into_owned()),
            flows: Cow::Owned(self.flows.into_owned()),
            ..self
        }
    }
}

/// A map of records by key.
impl Attribute for RuleSet<'_> {
    fn shape() -> Shape {
        std::collections::BTreeMap::<String, RuleRecord<'_, '_>>::shape()
    }

    fn encode(&self, writer: &mut Writer) {
        // About what a rule takes, so that the bytes are not moved again and again.
        writer.reserve(700 * self.rules.len());
        writer.map(self.rules.len());
        let mut renderer = Renderer::of(self);
        for (key, rule) in &self.rules {
            writer.str(key);
            renderer.record(rule).encode(writer);
        }
    }
}

/// The direction in Azure's words.
pub const fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Ingress => "Inbound",
        Direction::Egress => "Outbound",
    }
}

/// The direction in keys.
const fn key_word(direction: Direction) -> &'static str {
    match direction {
        Direction::Ingress => "inbound",
        Direction::Egress => "outbound",
    }
}

/// The direction in names.
const fn name_word(direction: Direction) -> &'static str {
    match direction {
        Direction::Ingress => "in",
        Direction::Egress => "out",
    }
}

impl Rule<'_> {
    /// The key: `<inbound|outbound>/<flow>/<port or range>/<part>`, behind it the endpoint in a group that several share.
    pub(super) fn key(&self, input: &Input<'_>) -> String {
        let mut key = String::with_capacity(LONGEST_USUAL_KEY);
        key.push_str(key_word(self.direction));
        key.push('/');
        let (what, part) = match &self.subject {
            Subject::Flow { flow, part, .. } => (flow.id.as_str(), Some(*part)),
            Subject::Service(tag) => ("allow_service", Some(Part::Tag(tag))),
            Subject::LoadBalancer => ("allow_azure_load_balancer", None),
            Subject::Rest => ("deny_all", None),
        };
        key.push_str(what);
        if let (Some(ports), Some(part)) = (self.subject.ports(), part) {
            key.push('/');
            ports.push(&mut key);
            key.push('/');
            part.push(&mut key, '-');
        }
        if let Some(member) = self.member {
            key.push('/');
            key.push_str(input.deployment.endpoint(member).name);
        }
        key
    }
}

/// The three forms of an end; exactly one is not null.
struct Forms<'a, 't> {
    prefix: Leaf<Option<&'a str>>,
    prefixes: Leaf<Option<Cow<'t, [&'a str]>>>,
    groups: Leaf<Option<Cow<'t, [&'a str]>>>,
}

impl<'a, 't> Forms<'a, 't> {
    const NOTHING: Self =
        Self { prefix: Leaf::Known(None), prefixes: Leaf::Known(None), groups: Leaf::Known(None) };

    /// One value stands in the singular form, more in the plural; `texts` are those of several CIDRs.
    fn of(end: &'t End<'a>, texts: &'t [&'a str]) -> Self {
        let one = |prefix| Self { prefix: Leaf::Known(Some(prefix)), ..Self::NOTHING };
        match end {
            End::Any => one(ANY),
            End::Tag(tag) => one(tag),
            End::Cidr(block) => one(&block.text),
            End::Cidrs(_) => {
                Self { prefixes: Leaf::Known(Some(Cow::Borrowed(texts))), ..Self::NOTHING }
            }
            End::Groups(ids) => {
                Self { groups: Leaf::Known(Some(Cow::Borrowed(ids))), ..Self::NOTHING }
            }
            End::UnknownGroups => Self { groups: Leaf::Unknown, ..Self::NOTHING },
            End::UnknownCidrs => Self { prefix: Leaf::Open, prefixes: Leaf::Open, ..Self::NOTHING },
            End::Unknown => Self { prefix: Leaf::Open, prefixes: Leaf::Open, groups: Leaf::Open },
        }
    }
}

/// The descriptions of rules that a flow asks for, by direction, place of the flow, and what stands on the ways.
pub(crate) type Words = Said<(Direction, u16, Rc<[Hops]>), Rc<str>>;

/// Puts rules into words, one after the other, and keeps what the next may say again.
#[derive(Debug)]
pub struct Renderer<'s, 'a> {
    input: &'s Input<'a>,
    /// The description of the last rule, its ports, name, peers and flow.
    description: Rc<str>,
    ports: String,
    name: String,
    peers: Vec<&'a str>,
    flow: Option<&'a str>,
    /// The CIDRs at its ends, where there are several.
    source: Vec<&'a str>,
    destination: Vec<&'a str>,
}

impl<'s, 'a> Renderer<'s, 'a> {
    /// One for rules of `set`.
    pub fn of(set: &'s RuleSet<'a>) -> Self {
        Self {
            input: set.input,
            description: Rc::default(),
            ports: String::new(),
            name: String::with_capacity(name::LONGEST),
            peers: Vec::new(),
            flow: None,
            source: Vec::new(),
            destination: Vec::new(),
        }
    }

    /// The record of a rule.
    pub fn record<'t>(&'t mut self, rule: &'t Rule<'a>) -> RuleRecord<'a, 't> {
        for (end, texts) in
            [(rule.source(), &mut self.source), (rule.destination(), &mut self.destination)]
        {
            texts.clear();
            if let End::Cidrs(blocks) = end {
                texts.extend(blocks.iter().map(|block| &*block.text));
            }
        }
        self.ports.clear();
        match rule.subject.ports() {
            Some(ports) => ports.push(&mut self.ports),
            None => self.ports.push_str(ANY),
        }
        self.description = self.describe(rule);
        self.set_name(rule);
        let flow = match rule.subject {
            Subject::Flow { flow, .. } => Some(flow),
            Subject::Service(_) | Subject::LoadBalancer | Subject::Rest => None,
        };
        self.flow = flow.map(|flow| flow.id.as_str());
        self.peers.clear();
        let name = |id: &_| self.input.deployment.endpoint(*id).name;
        self.peers.extend(rule.peers().iter().map(name));
        let source = Forms::of(rule.source(), &self.source);
        let destination = Forms::of(rule.destination(), &self.destination);
        RuleRecord {
            name: Cow::Borrowed(&self.name),
            priority: rule.priority,
            direction: direction(rule.direction),
            access: if rule.subject.allows() { "Allow" } else { "Deny" },
            protocol: match rule.subject.transport() {
                Some(Transport::Tcp) => "Tcp",
                Some(Transport::Udp) => "Udp",
                None => ANY,
            },
            source_port_range: ANY,
            destination_port_range: Cow::Borrowed(&self.ports),
            source_address_prefix: source.prefix,
            source_address_prefixes: source.prefixes,
            source_application_security_group_ids: source.groups,
            destination_address_prefix: destination.prefix,
            destination_address_prefixes: destination.prefixes,
            destination_application_security_group_ids: destination.groups,
            description: Cow::Borrowed(&self.description),
            peers: Cow::Borrowed(&self.peers),
            documented: flow.is_some_and(Flow::is_documented),
            flows: Cow::Borrowed(self.flow.as_slice()),
        }
    }

    fn set_name(&mut self, rule: &Rule<'_>) {
        let word = name_word(rule.direction);
        self.name.clear();
        match &rule.subject {
            Subject::Flow { flow, part, .. } => {
                name::push_rule(&mut self.name, word, &flow.id, &self.ports, *part);
            }
            Subject::Service(tag) => {
                let part = Part::Tag(tag);
                name::push_rule(&mut self.name, word, "allow_service", &self.ports, part);
            }
            Subject::LoadBalancer => {
                self.name.extend([word, "-allow_azure_load_balancer"]);
            }
            Subject::Rest => self.name.extend([word, "-deny_all"]),
        }
        if let Some(member) = rule.member {
            self.name = name::of_member(&self.name, self.input.deployment.endpoint(member).name);
        }
    }

    fn describe(&self, rule: &Rule<'a>) -> Rc<str> {
        match &rule.subject {
            Subject::Flow { flow, ways, .. } => {
                let about = (rule.direction, flow.place, Rc::clone(ways));
                let say = || self.description_of(flow, rule.direction, ways).into();
                self.input.words.azure.of(about, say)
            }
            Subject::Service(tag) => format!("Admits HTTPS to the platform service {tag}.").into(),
            Subject::LoadBalancer => {
                "Admits the health probes of Azure load balancers, which deny_all would hide."
                    .into()
            }
            Subject::Rest => "Denies what no other rule admits.".into(),
        }
    }

    /// At most [`LONGEST_DESCRIPTION`] characters: rows that don't fit are counted. The name of a document and ids are
    /// bounded, so that the last form fits.
    fn description_of(&self, flow: &Flow, direction: Direction, ways: &[Hops]) -> String {
        let rows = self.input.cited.of(flow, direction);
        let via = self.via(ways);
        let mut text = String::with_capacity(LONGEST_DESCRIPTION);
        text.extend([&*self.input.matrix().name(), grounds(&[flow]), ": ", &flow.id]);
        let length = text.len();
        text.extend([&*via, " [", &rows, "]"]);
        if fits(&text) {
            return text;
        }
        text.truncate(length);
        let head = text;
        let all = citations(flow, direction);
        let others = match via.as_str() {
            "" => String::new(),
            via => format!(" via others #{}", identity(via)),
        };
        let shorter = [
            format!("{head}{others} [{rows}]"),
            format!("{head}{others} [{}]", counted(&all)),
            format!("{head}{others} [{} rows]", all.len()),
            format!("{head} [{} rows]", all.len()),
        ];
        let fitting = shorter.into_iter().find(|text| fits(text));
        fitting.or_bug("a description that is too long however much is counted")
    }

    /// What stands on the ways, in words.
    fn via(&self, ways: &[Hops]) -> String {
        let name = |id: &EndpointId| self.input.deployment.endpoint(*id).name;
        let ways: Vec<String> = ways.iter().map(|way| way_in_words(way.iter().map(name))).collect();
        if ways.is_empty() { String::new() } else { format!(" via {}", ways.join(" or ")) }
    }
}

/// Whether Azure takes it as a description.
fn fits(description: &str) -> bool {
    description.chars().count() <= LONGEST_DESCRIPTION
}
