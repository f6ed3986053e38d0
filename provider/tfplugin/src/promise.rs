//! Whether what came is what was promised: an answer with unknown parts, and the answer when they had become known.

use std::fmt;

use crate::path::{AttributePath, Step};
use crate::refinement::{Bound, Refinement};
use crate::value::Value;

/// A promise that was not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Where in the value.
    pub path: AttributePath,
    /// What was promised there, which may itself be unknown with promises.
    pub promised: Value,
    /// What came.
    pub actual: Value,
}

impl fmt::Display for Broken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, promised, actual } = self;
        write!(formatter, "{path}: promised {promised:?}, came {actual:?}")
    }
}

impl std::error::Error for Broken {}

/// Compares what apply gave with what a plan said. Terraform holds a provider to it: known parts must be equal, an unknown
/// part may become anything that its promises allow, and no map may have other keys. What is still unknown breaks no
/// promise yet.
///
/// The error is the first promise that was broken.
pub fn kept(promised: &Value, actual: &Value) -> Result<(), Broken> {
    let broken = || Broken {
        path: AttributePath::default(),
        promised: promised.clone(),
        actual: actual.clone(),
    };
    match (promised.own(), actual.own()) {
        (Value::Unknown(refinement), actual) if allows(refinement, actual) => Ok(()),
        (Value::List(promised), Value::List(actual)) if promised.len() == actual.len() => {
            promised.iter().zip(actual).zip(0..).try_for_each(|((promised, actual), index)| {
                kept(promised, actual).map_err(|error| error.inside(Step::Index(index)))
            })
        }
        (Value::Set(promised), actual)
            if actual.elements().is_some_and(|it| fits(promised, it)) =>
        {
            Ok(())
        }
        (Value::Map(promised), Value::Map(actual)) if promised.keys().eq(actual.keys()) => {
            promised.iter().zip(actual.values()).try_for_each(|((key, promised), actual)| {
                kept(promised, actual).map_err(|error| error.inside(Step::Key(key.clone())))
            })
        }
        (promised, actual) if promised == actual => Ok(()),
        _ => Err(broken()),
    }
}

impl Broken {
    fn inside(mut self, step: Step) -> Self {
        self.path.steps.insert(0, step);
        self
    }
}

/// Whether a set may have become another: what was known is there, and no more than was promised.
fn fits(promised: &[Value], actual: &[Value]) -> bool {
    let known = promised.iter().filter(|element| element.is_wholly_known());
    actual.len() <= promised.len()
        && (promised.is_empty() || !actual.is_empty())
        && known.into_iter().all(|element| actual.contains(element))
}

/// Whether a value is one of those that the promises leave open; a value that is unknown still may become one.
fn allows(refinement: &Refinement, actual: &Value) -> bool {
    let length = match actual {
        Value::Unknown(_) => return true,
        Value::Null => return !refinement.is_not_null(),
        Value::List(elements) | Value::Set(elements) => u64::try_from(elements.len()).ok(),
        Value::Map(elements) => u64::try_from(elements.len()).ok(),
        _ => None,
    };
    let prefix = refinement
        .prefix()
        .is_none_or(|prefix| matches!(actual, Value::String(text) if text.starts_with(prefix)));
    let within = |least: bool, bound: Option<&Bound>| {
        bound.is_none_or(|bound| match actual {
            Value::Number(number) => {
                if *number == bound.number {
                    return bound.inclusive;
                }
                let (number, end) = (number.as_f64(), bound.number.as_f64());
                let inside = if least { number > end } else { number < end };
                // Equal floats may stand for numbers that differ beyond a float's digits: no broken promise is seen there.
                inside || number.total_cmp(&end).is_eq()
            }
            _ => false,
        })
    };
    prefix
        && within(true, refinement.lower())
        && within(false, refinement.upper())
        && refinement.minimum_length().is_none_or(|least| length.is_some_and(|it| it >= least))
        && refinement.maximum_length().is_none_or(|most| length.is_some_and(|it| it <= most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(promised: impl Into<Value>, actual: impl Into<Value>, broken_at: Option<&str>) {
        let path = kept(&promised.into(), &actual.into()).err().map(|error| error.path.to_string());
        assert_eq!(path.as_deref(), broken_at);
    }

    fn unknown(refinement: Refinement) -> Value {
        Value::Unknown(refinement)
    }

    #[test]
    fn known_parts_stay_and_keys_are_final() {
        let promised = || Value::from([("a", Value::List(vec!["x".into(), Value::UNKNOWN]))]);
        check(promised(), Value::from([("a", vec!["x", "y"].into())]), None);
        check(promised(), Value::from([("a", vec!["z", "y"].into())]), Some("[\"a\"][0]"));
        check(promised(), Value::from([("a", vec!["x"].into())]), Some("[\"a\"]"));
        check(promised(), Value::from([("b", vec!["x", "y"].into())]), Some(""));
        let more = Value::from([("a", vec!["x", "y"].into()), ("b", 1.into())]);
        check(promised(), more, Some(""));
        check(promised(), Value::Map(std::collections::BTreeMap::new()), Some(""));
        check(promised(), Value::Null, Some(""));
    }

    #[test]
    fn promises_of_unknown_parts_are_held_to() {
        let bound = |number: i64| Some(Bound { number: number.into(), inclusive: true });
        check(unknown(Refinement::NONE), Value::Null, None);
        check(unknown(Refinement::not_null()), Value::Null, Some(""));
        check(unknown(Refinement::not_null()), Value::UNKNOWN, None);
        let prefix = || unknown(Refinement::NONE.with_prefix("sg-"));
        check(prefix(), "sg-1", None);
        check(prefix(), "pl-1", Some(""));
        let length = || unknown(Refinement::NONE.with_length(Some(1), Some(2)));
        check(length(), vec!["a"], None);
        check(length(), Value::List(Vec::new()), Some(""));
        check(length(), vec!["a", "b", "c"], Some(""));
        let range = || unknown(Refinement::NONE.with_bounds(bound(1), bound(5)));
        check(range(), 5, None);
        check(range(), 6, Some(""));
        check(range(), 0, Some(""));
        check(range(), "1", Some(""));
        let below = Some(Bound { number: 5.into(), inclusive: false });
        let below = || unknown(Refinement::NONE.with_bounds(None, below.clone()));
        check(below(), 4, None);
        check(below(), 5, Some(""));
    }

    #[test]
    fn a_set_keeps_what_is_known_and_has_no_more() {
        let promised = || Value::Set(vec!["x".into(), Value::UNKNOWN, Value::UNKNOWN]);
        check(promised(), vec!["x", "y", "z"], None);
        check(promised(), vec!["x"], None);
        check(promised(), promised(), None);
        check(promised(), vec!["y", "z"], Some(""));
        check(promised(), vec!["w", "x", "y", "z"], Some(""));
        check(promised(), Value::List(Vec::new()), Some(""));
        check(promised(), Value::Null, Some(""));
    }
}
