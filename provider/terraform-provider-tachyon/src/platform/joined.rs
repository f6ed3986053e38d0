//! What stands before and after a change, one beside the other.

use std::cmp::Ordering;
use std::iter::{Peekable, from_fn};

/// What is told where a list is not what it must be. Looked at by tests alone: it would cost as much as the rest.
const OUT_OF_ORDER: &str = "a list that is not in the order of its keys";

/// What two lists have under one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joined<T> {
    /// The first alone has it.
    Before(T),
    /// The second alone has it.
    After(T),
    /// Both have it.
    Both(T, T),
}

/// Two lists as one, in the order of their keys; each is in that order, and has no key twice.
pub fn joined<K: Ord, T>(
    before: impl IntoIterator<Item = (K, T)>,
    after: impl IntoIterator<Item = (K, T)>,
) -> impl Iterator<Item = Joined<T>> {
    let (mut before, mut after) = (before.into_iter().peekable(), after.into_iter().peekable());
    from_fn(move || {
        let order = match (before.peek(), after.peek()) {
            (Some((one, _)), Some((other, _))) => one.cmp(other),
            (_, None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
        };
        match order {
            Ordering::Less => next(&mut before).map(Joined::Before),
            Ordering::Greater => next(&mut after).map(Joined::After),
            Ordering::Equal => Some(Joined::Both(next(&mut before)?, next(&mut after)?)),
        }
    })
}

fn next<K: Ord, T>(list: &mut Peekable<impl Iterator<Item = (K, T)>>) -> Option<T> {
    let (key, element) = list.next()?;
    debug_assert!(list.peek().is_none_or(|(next, _)| key < *next), "{OUT_OF_ORDER}");
    Some(element)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_comes_once_in_order() {
        let list = |keys: &'static str| keys.chars().map(|key| (key, key));
        let found: Vec<Joined<char>> = joined(list("abdg"), list("bcde")).collect();
        assert_eq!(
            found,
            [
                Joined::Before('a'),
                Joined::Both('b', 'b'),
                Joined::After('c'),
                Joined::Both('d', 'd'),
                Joined::After('e'),
                Joined::Before('g'),
            ]
        );
        assert_eq!(joined(list(""), list("")).count(), 0);
        assert_eq!(joined(list("x"), list("")).count(), 1);
        assert_eq!(joined(list(""), list("xy")).count(), 2);
    }
}
