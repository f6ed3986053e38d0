//! `compare`: what a change of a deployment opens and closes, why, and what the next apply does.

mod difference;
mod matched;
mod passing;
mod rules;
mod set;
mod sets;

use portmatrix::known::Known;
use portmatrix::path::At;
use tfplugin::{
    Attribute, Function, FunctionError, Parameter, Replied, Reply, Signature, Value, object,
};

pub use self::difference::Difference;
use self::difference::{Both, Found};
pub use self::rules::{Numbers, RuleChanges};
use super::arguments::Arguments;
use super::deployment;
use crate::leaf::Leaf;
use crate::platform::lint::Look;
use crate::platform::view::View;
use crate::query::QueryMistake;

object! {
    /// What a change opens and closes.
    #[derive(Debug)]
    pub struct Comparison<'a> {
        /// Connections that come, by key.
        pub opened: Leaf<Vec<Difference<'a>>>,
        /// Connections that go, by key.
        pub closed: Leaf<Vec<Difference<'a>>>,
        /// Connections that stay with other ports or other addresses, by key.
        pub changed: Leaf<Vec<Difference<'a>>>,
        /// What the next apply does, by cloud (`aws`, `azure`). Null for a cloud whose function refuses one of the deployments.
        pub rules: Leaf<Numbers>,
        /// Whether no connection comes, goes or changes.
        pub equal: Leaf<bool>,
        /// Whether something passes that did not.
        pub widens: Leaf<bool>,
    }
}

/// The function `compare`.
#[derive(Debug)]
pub struct CompareFunction;

/// The names of the parameters, which stand before the paths of mistakes.
const NAMES: [&str; 2] = ["before", "after"];

impl Function for CompareFunction {
    fn name(&self) -> &'static str {
        "compare"
    }

    fn signature(&self) -> Signature {
        let parameter = |name| Parameter { name, ..deployment::parameter() };
        Signature {
            summary: "What a change of a deployment opens and closes".to_owned(),
            description: DESCRIPTION.to_owned(),
            parameters: NAMES.map(parameter).into(),
            variadic: None,
            returns: Comparison::shape(),
            deprecation: None,
        }
    }

    fn call(&self, arguments: &[Value], reply: Reply<'_>) -> Result<Replied, FunctionError> {
        let mut arguments = Arguments::new(arguments);
        let (argument, reader) = arguments.at(0);
        let before = deployment::of_argument(argument, reader);
        let before = before.view(reader);
        let (argument, reader) = arguments.at(1);
        let after = deployment::of_argument(argument, reader);
        let after = after.view(reader);
        let comparison = match (&before, &after) {
            (Known::Known(before), Known::Known(after)) => compare(before, after, &mut arguments),
            _ => Known::Unknown,
        };
        for (position, name) in NAMES.into_iter().enumerate() {
            let problems = &mut arguments.at(position).1.problems;
            *problems = std::mem::take(problems).below(name);
        }
        arguments.answer(comparison, reply)
    }
}

fn compare<'a>(
    before: &View<'a>,
    after: &View<'a>,
    arguments: &mut Arguments<'_>,
) -> Known<Comparison<'a>> {
    let looks = [before, after].map(Look::at);
    let [one, other] = &looks;
    if !(one.is_decided() && other.is_decided()) {
        let (equal, widens) = (Leaf::Unknown, Leaf::Unknown);
        let (opened, closed, changed) = (Leaf::Unknown, Leaf::Unknown, Leaf::Unknown);
        let rules = Leaf::Unknown;
        return Known::Known(Comparison { opened, closed, changed, rules, equal, widens });
    }
    let Ok(found) = Both::of(&looks).differences() else {
        let detail = "The two deployments differ in so much that what is opened can't be found in reasonable time. Compare parts of them, or merge CIDRs (`options.merge_cidrs`).";
        let problems = &mut arguments.at(1).1.problems;
        problems.add(&At::ROOT, QueryMistake::TooManyDifferences, detail);
        return Known::Unknown;
    };
    let Found { opened, closed, changed } = found;
    let is_still = opened.is_empty() && closed.is_empty();
    let equal = match &changed {
        _ if !is_still => Leaf::Known(false),
        Some(changed) => Leaf::Known(changed.is_empty()),
        None => Leaf::Unknown,
    };
    let widening: Vec<&Leaf<bool>> =
        opened.iter().chain(changed.iter().flatten()).map(|it| &it.widens).collect();
    let widens = if widening.contains(&&Leaf::Known(true)) {
        Leaf::Known(true)
    } else if changed.is_none() || widening.iter().any(|it| it.value().is_none()) {
        Leaf::Unknown
    } else {
        Leaf::Known(false)
    };
    Known::Known(Comparison {
        opened: Leaf::Known(opened),
        closed: Leaf::Known(closed),
        changed: changed.map_or(Leaf::Unknown, Leaf::Known),
        rules: Leaf::Known(rules::of(&looks)),
        equal,
        widens,
    })
}

const DESCRIPTION: &str = "Compares two deployments: which connections come, go or change, why, and how many resources the next apply of our modules touches. Each may have a matrix version and \
    options of its own.\n\n`widens` is about packets, not about names: it is false where everything that a new connection lets pass passed before, so renaming an endpoint widens nothing, although \
    its connections are `closed` under the old name and `opened` under the new. `equal` is true where the three lists are empty.\n\n`rules` counts rules, and the prefix lists of \
    `options.aws.prefix_lists`, of the endpoints with a group of their own: on AWS with a `security_group_id`, on Azure with `application_security_group_ids` or a `network_security_group`; where no endpoint has \
    one on any cloud, of all. Give the endpoints the ids that the module gives them. Groups themselves are not counted. The numbers are those of `aws-security-groups` and `azure-nsg`; where the id of a peer's \
    group changes, `aws-security-groups-classic` replaces the rules that the other updates.\n\nUnknown ids: connections that come and go are known, and so are the numbers `added` and `removed`, since \
    they stand on keys; what depends on an id is unknown. While something else is unknown (networks, roles, ports), so is everything that depends on it.";
