//! The clouds, one module each; [`list`] names them.
//!
//! A platform reads its own address attributes of an endpoint and its own options, and turns the connections of a
//! deployment into the rules of each endpoint in the words of its own Terraform resources.

pub mod aws;
pub mod azure;
mod endpoint;
pub mod help;
pub mod joined;
pub mod lint;
mod list;
mod mistake;
mod remarks;
pub mod resource;
mod shared_ids;
pub mod standing;
pub mod text;
pub mod traffic;
pub mod view;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use portmatrix::deployment::EndpointId;
use portmatrix::kind::Kind;
use portmatrix::known::Known;
use portmatrix::matrix::Matrix;
use portmatrix::path::{At, Step};
use portmatrix::problem::Problems;
use tfplugin::{Attribute, Value};

use crate::leaf::Leaf;
use crate::reader::Reader;
pub(crate) use endpoint::is_same_network;
pub use endpoint::{Addresses, Input, Reach};
use help::Trial;
use lint::PlatformLint;
pub(crate) use list::with_platforms;
pub use mistake::RuleMistake;
pub use remarks::{Beyond, Remarks};
use resource::{Changes, Planned};
use standing::Standing;
use traffic::{Held, Traffic};
use view::{Direction, View};

/// A cloud.
pub trait Platform: Sized + 'static {
    /// Its name in `options` and in `platforms`, such as `aws`.
    const NAME: &'static str;
    /// Its name for people.
    const TITLE: &'static str;
    /// The name of the function that answers for it.
    const QUERY: &'static str;
    /// The name of the data source that does.
    const DATA_SOURCE: &'static str;
    /// What that function answers, in a line.
    const SUMMARY: &'static str;
    /// What it answers and how to use it, in Markdown.
    const DESCRIPTION: &'static str;
    /// The attributes of an endpoint that are addresses on this platform, in the order in which they are preferred.
    const ADDRESSES: &'static [&'static str];
    /// The attribute of the answer that belongs to no endpoint alone, and what it is.
    const SHARED: (&'static str, &'static str);
    /// The directions in which rules may refer to the groups of a peer. In the others they name its addresses alone.
    const REFERRING: &'static [Direction] = &[Direction::Ingress, Direction::Egress];

    /// The mistakes that this platform alone reports.
    const MISTAKES: &'static [Kind];
    /// What this platform alone warns of.
    const WARNINGS: &'static [Kind];
    /// What to do about each of its warnings, by id.
    const REMEDIES: &'static [(&'static str, &'static str)];
    /// The lints that look at the rules of this platform.
    const LINTS: &'static [PlatformLint<Self>];

    /// The rules of one endpoint.
    type Rules<'a>: Attribute;
    /// The same as the data source `tachyon_role` shows them.
    type RoleRules<'a>: Attribute;
    /// What belongs to no endpoint alone.
    type Shared<'a>: Attribute;

    /// The rules of an endpoint; problems and warnings are added to what `view` collects.
    fn rules<'a>(view: &View<'a>, endpoint: EndpointId, remarks: &mut Remarks) -> Self::Rules<'a>;

    /// The rules as `tachyon_role` shows them.
    fn of_role(rules: Self::Rules<'_>) -> Self::RoleRules<'_>;

    /// What belongs to no endpoint alone; called when the rules of every endpoint are there.
    fn shared<'a>(view: &View<'a>, remarks: &mut Remarks) -> Leaf<Self::Shared<'a>>;

    /// Whether a rule of an endpoint may refer to the groups of a peer, in a direction in which rules do at all.
    fn reach(view: &View<'_>, endpoint: EndpointId, peer: EndpointId) -> Reach;

    /// Which machines of `other` the rules of one direction of `at` for `peer` hold.
    fn held<'a>(
        view: &View<'a>,
        at: EndpointId,
        direction: Direction,
        peer: EndpointId,
        other: EndpointId,
    ) -> Held<'a>;

    /// The keys of the rules of one direction of an endpoint that are about some traffic. Unknown while they are.
    fn keys(
        view: &View<'_>,
        endpoint: EndpointId,
        direction: Direction,
        traffic: &Traffic<'_>,
    ) -> Known<BTreeSet<String>>;

    /// Options of its own that may make rules fit which do not.
    fn trials(input: &Input<'_>) -> Vec<Trial>;

    /// Reports what this platform can't take of the rows of the user's own in a matrix.
    fn check_matrix(_matrix: &Matrix, _problems: &mut Problems) {}

    /// Reports, once for an answer, what this platform needs and the deployment does not say.
    fn check(_view: &View<'_>, _remarks: &mut Remarks) {}

    /// Whether the endpoint has an address that only this platform has.
    fn is_addressed(addresses: &Addresses<'_>) -> bool;

    /// What stands for the endpoint in the rules of a peer, of which `reach` says whether they may refer to its groups.
    fn standing<'a>(addresses: &'a Addresses<'a>, reach: Reach) -> Standing<'a>;

    /// What becomes of the resources of Terraform that our modules make of an answer: those of the endpoints that have a group
    /// of their own, or of all. None while there may be others, which depends on something unknown.
    fn changes(
        before: &Planned<'_, '_, Self>,
        after: &Planned<'_, '_, Self>,
        of_all: bool,
    ) -> Option<Changes>;

    /// The ids by which the endpoint is reached, as far as they are known.
    fn ids<'a>(addresses: &Addresses<'a>) -> Vec<Id<'a>>;
}

/// An id that the user gave.
#[derive(Debug)]
pub struct Id<'a> {
    /// What it is the id of, in words.
    pub kind: &'static str,
    /// The id, as it was given.
    pub id: &'a str,
    /// The same for every spelling of the id.
    pub identity: Cow<'a, str>,
    /// Where it stands in its endpoint.
    pub place: Vec<Step>,
}

/// What a platform answers for a deployment.
#[derive(Debug)]
pub struct Answer<'a, P: Platform> {
    /// The rules of each endpoint that was asked for, by name.
    pub endpoints: BTreeMap<&'a str, P::Rules<'a>>,
    /// What belongs to no endpoint alone.
    pub shared: Leaf<P::Shared<'a>>,
    /// What else there is to say.
    pub remarks: Remarks,
}

/// The rules of the endpoint `view` is about, or of all; where a limit is met, with what would help.
pub fn answer<'a, P: Platform>(view: &View<'a>) -> Answer<'a, P> {
    let mut answer = plan(view);
    help::report::<P>(view, &mut answer.remarks);
    answer
}

/// The rules as [`answer`] gives them, and the limits that they meet.
pub(crate) fn plan<'a, P: Platform>(view: &View<'a>) -> Answer<'a, P> {
    let mut remarks = Remarks::default();
    shared_ids::report::<P>(view.input, &mut remarks.problems);
    P::check(view, &mut remarks);
    let asked_for = |endpoint: &EndpointId| view.subject.is_none_or(|subject| subject == *endpoint);
    let endpoints = (view.ids().filter(asked_for))
        .map(|endpoint| (view.name(endpoint), P::rules(view, endpoint, &mut remarks)))
        .collect();
    // One machine shares nothing: its peers are not planned.
    let shared = if view.subject.is_some() { Leaf::Unknown } else { P::shared(view, &mut remarks) };
    remarks.report_unaddressed(view, P::TITLE, P::ADDRESSES);
    Answer { endpoints, shared, remarks }
}

/// Whether a rule of one direction of an endpoint may refer to the groups of a peer.
pub(crate) fn reach<P: Platform>(
    view: &View<'_>,
    endpoint: EndpointId,
    direction: Direction,
    peer: EndpointId,
) -> Reach {
    if P::REFERRING.contains(&direction) { P::reach(view, endpoint, peer) } else { Reach::Across }
}

/// How an endpoint is reached on one platform, apart from its CIDRs.
pub(crate) trait ReadAddress<'v>: Sized {
    /// The attributes of an endpoint that it is read from.
    const ATTRIBUTES: &'static [&'static str];

    /// Reads the attributes of an endpoint.
    fn read(object: &'v BTreeMap<String, Value>, at: &At<'_>, reader: &mut Reader) -> Self;

    /// Nothing is known of it.
    fn unknown() -> Self;
}

/// What the user chose for one platform; what was not chosen has its default.
pub(crate) trait ReadOptions: Default {
    /// Reads `options.NAME`.
    fn read(value: &Value, at: &At<'_>, reader: &mut Reader) -> Self;

    /// Nothing is known of it.
    fn unknown() -> Self;
}

/// Declares what an endpoint and the options hold for each platform, and what is asked of all.
macro_rules! platforms {
    ($($name:ident: $platform:ident),* $(,)?) => {
        /// How an endpoint is reached on each platform, apart from its CIDRs.
        #[derive(Debug, Clone)]
        pub struct PlatformAddresses<'a> {
            $(
                #[doc = concat!("On ", stringify!($platform), ".")]
                pub $name: $name::Address<'a>,
            )*
        }

        impl<'v> PlatformAddresses<'v> {
            /// The attributes of an endpoint that belong to some platform.
            pub fn attributes() -> Vec<&'static str> {
                [$(<$name::Address<'_> as ReadAddress<'_>>::ATTRIBUTES,)*].concat()
            }

            /// Reads the attributes of an endpoint.
            pub(crate) fn read(object: &'v BTreeMap<String, Value>, at: &At<'_>, reader: &mut Reader) -> Self {
                Self { $($name: ReadAddress::read(object, at, reader),)* }
            }

            /// Nothing is known.
            pub fn unknown() -> Self {
                Self { $($name: ReadAddress::unknown(),)* }
            }
        }

        /// What the user chose for each platform.
        #[derive(Debug, Clone, Default)]
        pub struct PlatformOptions {
            $(
                #[doc = concat!("For ", stringify!($platform), ".")]
                pub $name: $name::Options,
            )*
        }

        /// What the rules of each platform say again and again, put into words once for an answer.
        #[derive(Debug, Clone, Default)]
        pub struct PlatformWords {
            $(
                #[doc = concat!("On ", stringify!($platform), ".")]
                pub(crate) $name: $name::Words,
            )*
        }

        impl PlatformOptions {
            /// The names under which platforms have options.
            pub const NAMES: [&'static str; [$(stringify!($name)),*].len()] = [$(stringify!($name)),*];

            /// Reads the options of each platform.
            pub(crate) fn read(object: &BTreeMap<String, Value>, at: &At<'_>, reader: &mut Reader) -> Self {
                Self {
                    $($name: ReadOptions::read(
                        object.get(stringify!($name)).unwrap_or(&Value::Null),
                        &at.name(stringify!($name)),
                        reader,
                    ),)*
                }
            }

            /// Nothing is known.
            pub fn unknown() -> Self {
                Self { $($name: ReadOptions::unknown(),)* }
            }
        }

        /// Each platform's title, its mistakes and its warnings, for the documentation.
        #[cfg(test)]
        pub(crate) const KINDS: &[(&str, &[Kind], &[Kind])] = &[
            $((
                $name::$platform::TITLE,
                $name::$platform::MISTAKES,
                $name::$platform::WARNINGS,
            ),)*
        ];

        /// Reports what some platform can't take of the rows of the user's own in a matrix.
        pub(crate) fn check_matrix(matrix: &Matrix, problems: &mut Problems) {
            $($name::$platform::check_matrix(matrix, problems);)*
        }

        /// The platforms of which the endpoint has an address of its own.
        pub(crate) fn addressed(addresses: &Addresses<'_>) -> Vec<&'static str> {
            let mut names = Vec::new();
            $(if $name::$platform::is_addressed(addresses) {
                names.push($name::$platform::NAME);
            })*
            names
        }

        /// Whether rules of a platform may refer to groups in both directions.
        pub(crate) fn refers_both_ways(platform: &str) -> bool {
            let both = |referring: &[Direction]| {
                [Direction::Ingress, Direction::Egress].iter().all(|it| referring.contains(it))
            };
            [$(($name::$platform::NAME, $name::$platform::REFERRING)),*]
                .into_iter()
                .any(|(name, referring)| name == platform && both(referring))
        }
    };
}

with_platforms!(platforms);

/// The platforms that a deployment is for: those of which some endpoint has an address of its own, else all.
///
/// With groups of one cloud alone, rules of the other are nobody's.
pub(crate) fn in_use(addressed: impl IntoIterator<Item = &'static str>) -> Vec<&'static str> {
    let named: BTreeSet<&str> = addressed.into_iter().collect();
    let is_used = |platform: &&str| named.is_empty() || named.contains(platform);
    PlatformOptions::NAMES.into_iter().filter(is_used).collect()
}
