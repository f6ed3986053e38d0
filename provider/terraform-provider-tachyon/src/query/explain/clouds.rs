//! What is asked of every platform about a question.

use std::collections::BTreeSet;

use portmatrix::deployment::EndpointId;
use portmatrix::known::Known;

use crate::platform::traffic::{Held, Traffic};
use crate::platform::view::{Direction, View};
use crate::platform::{self, Platform, with_platforms};

/// One platform.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cloud {
    /// Its name in answers.
    pub(super) name: &'static str,
    /// Its name for people.
    pub(super) title: &'static str,
    /// Which machines of an endpoint, the last, the rules of one direction of another one for a peer hold.
    pub(super) held: Holding,
    /// The keys of the rules that are about some traffic.
    pub(super) keys: Keys,
}

type Holding = for<'a> fn(&View<'a>, EndpointId, Direction, EndpointId, EndpointId) -> Held<'a>;
type Keys = fn(&View<'_>, EndpointId, Direction, &Traffic<'_>) -> Known<BTreeSet<String>>;

/// Every platform.
pub(super) fn all() -> Vec<Cloud> {
    fn cloud<P: Platform>() -> Cloud {
        Cloud { name: P::NAME, title: P::TITLE, held: P::held, keys: P::keys }
    }
    macro_rules! of_each {
        ($($name:ident: $platform:ident),* $(,)?) => {
            vec![$(cloud::<platform::$name::$platform>()),*]
        };
    }
    with_platforms!(of_each)
}

impl Cloud {
    /// Whether the peer has an address here that rules of one direction of the endpoint may name.
    pub(super) fn reaches(
        &self,
        view: &View<'_>,
        endpoint: EndpointId,
        direction: Direction,
        peer: EndpointId,
    ) -> bool {
        !matches!((self.held)(view, endpoint, direction, peer, peer), Held::Unaddressed)
    }
}
