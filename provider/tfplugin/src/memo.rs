//! The last answers, by what was asked.
//!
//! Terraform calls a function once per instance when it stands in `for_each` itself: 52 times for 50 instances in a plan,
//! with the same bytes each time. Equal bytes get the answer that they got before.

/// The answers that are kept, at most `entries` of them and at most `bytes` with what was asked; the one that was not
/// asked for the longest goes first.
#[derive(Debug)]
pub(crate) struct Memo<Q, A> {
    /// The last one asked for stands last. Few enough that comparing beats hashing: bytes differ early or not at all.
    kept: Vec<Kept<Q, A>>,
    entries: usize,
    bytes: usize,
}

#[derive(Debug)]
struct Kept<Q, A> {
    question: Q,
    answer: A,
    bytes: usize,
}

impl<Q: PartialEq, A: Clone> Memo<Q, A> {
    pub(crate) fn new(entries: usize, bytes: usize) -> Self {
        Self { kept: Vec::new(), entries, bytes }
    }

    /// The answer to the same question, if it is kept.
    pub(crate) fn get(&mut self, question: &Q) -> Option<A> {
        let position = self.kept.iter().position(|kept| kept.question == *question)?;
        let kept = self.kept.remove(position);
        let answer = kept.answer.clone();
        self.kept.push(kept);
        Some(answer)
    }

    /// Keeps an answer that takes so many bytes with its question, unless it alone would be too many.
    pub(crate) fn keep(&mut self, question: Q, answer: A, bytes: usize) {
        if bytes > self.bytes || self.kept.iter().any(|kept| kept.question == question) {
            return;
        }
        self.kept.push(Kept { question, answer, bytes });
        while self.kept.len() > self.entries
            || self.kept.iter().map(|kept| kept.bytes).sum::<usize>() > self.bytes
        {
            self.kept.remove(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_not_asked_for_the_longest_goes_first() {
        let mut memo = Memo::new(2, 100);
        memo.keep("a", 1, 1);
        memo.keep("b", 2, 1);
        assert_eq!(memo.get(&"a"), Some(1));
        memo.keep("c", 3, 1);
        assert_eq!((memo.get(&"a"), memo.get(&"b"), memo.get(&"c")), (Some(1), None, Some(3)));
    }

    #[test]
    fn bytes_are_bounded() {
        let mut memo = Memo::new(16, 100);
        memo.keep("a", 1, 60);
        memo.keep("too much", 2, 101);
        assert_eq!((memo.get(&"a"), memo.get(&"too much")), (Some(1), None));
        memo.keep("b", 3, 41);
        assert_eq!((memo.get(&"a"), memo.get(&"b")), (None, Some(3)));
    }
}
