//! What is asked of every platform about a question.

use std::collections::BTreeSet;

use portmatrix::deployment::EndpointId;
use portmatrix::known::Known;

use crate::platform::traffic::{Held, Traffic};
use crate::platform::view::{Direction, View};
use crate::platform::{self, Addresses, Platform, with_platforms};

/// One platform.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cloud {
    /// Its name in answers.
    pub(super) name: &'static str,
    /// Its name for people.
    pub(super) title: &'static str,
    /// Which machines of an endpoint the rules for another one hold.
    pub(super) held: for<'a> fn(&View<'a>, EndpointId, EndpointId) -> Held<'a>,
    /// The keys of the rules that are about some traffic.
    pub(super) keys: Keys,
    /// Whether an endpoint has an address that only this platform has.
    is_addressed: fn(&Addresses<'_>) -> bool,
}

type Keys = fn(&View<'_>, EndpointId, Direction, &Traffic<'_>) -> Known<BTreeSet<String>>;

/// Every platform.
pub(super) fn all() -> Vec<Cloud> {
    fn cloud<P: Platform>() -> Cloud {
        Cloud {
            name: P::NAME,
            title: P::TITLE,
            held: P::held,
            keys: P::keys,
            is_addressed: P::is_addressed,
        }
    }
    macro_rules! of_each {
        ($($name:ident: $platform:ident),* $(,)?) => {
            vec![$(cloud::<platform::$name::$platform>()),*]
        };
    }
    with_platforms!(of_each)
}

impl Cloud {
    /// Whether the endpoint has an address here.
    pub(super) fn reaches(&self, view: &View<'_>, endpoint: EndpointId) -> bool {
        !matches!((self.held)(view, endpoint, endpoint), Held::Unaddressed)
    }
}

/// The platforms that a deployment is on: those of which some endpoint has an address of its own, else all.
///
/// With groups of one cloud alone, rules of the other are nobody's, and what they would let pass says nothing.
pub(super) fn in_use(view: &View<'_>, all: &[Cloud]) -> Vec<Cloud> {
    let is_used = |cloud: &&Cloud| view.ids().any(|id| (cloud.is_addressed)(view.addresses(id)));
    let used: Vec<Cloud> = all.iter().filter(is_used).copied().collect();
    if used.is_empty() { all.to_vec() } else { used }
}
