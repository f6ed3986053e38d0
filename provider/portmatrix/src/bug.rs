//! What cannot be, made loud.
//!
//! In a firewall tool a bug must not become a rule that is missing, a name that is empty or a count of nought. So where a
//! value is there because of how everything else was built, its absence ends the answer: whoever hosts the library
//! catches the panic and asks for a bug report.

/// For what is there unless there is a bug.
///
/// Never for anything that the user wrote, however unlikely: that is a [problem](crate::problem).
pub trait OrBug<T> {
    /// The value. `what` names what would be wrong: "an endpoint of another deployment".
    #[track_caller]
    fn or_bug(self, what: &str) -> T;
}

impl<T> OrBug<T> for Option<T> {
    #[track_caller]
    fn or_bug(self, what: &str) -> T {
        match self {
            Some(value) => value,
            None => bug(what),
        }
    }
}

/// Ends the answer with a panic that says what cannot be.
///
/// # Panics
///
/// Always.
#[cold]
#[track_caller]
#[expect(
    clippy::panic,
    reason = "only for states that construction rules out; the host reports it as a bug"
)]
pub fn bug(what: &str) -> ! {
    panic!("{what}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_given() {
        assert_eq!(Some(7).or_bug("never said"), 7);
    }

    #[test]
    #[should_panic(expected = "an endpoint of another deployment")]
    fn what_cannot_be_ends_the_answer() {
        None::<()>.or_bug("an endpoint of another deployment");
    }
}
