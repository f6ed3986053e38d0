//! The end of a process whose host is gone: killed, so that it could not say so.
//!
//! Standard input that is closed is no sign: hosts hand on their own, which ends early in a pipe and at once with
//! `</dev/null`. A host is gone when the process that started us is no longer our parent and no connection is open. One
//! without the other is not enough: a host may disconnect and come again, and who started us may only have been a script.

use std::time::Duration;

use super::counter::Counter;

/// How long each sign is waited for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// Between two looks at the parent; nobody looks while a connection is open.
    look: Duration,
    /// From the loss of the parent to the first connection, which a host makes as soon as it has read where. It waits a
    /// minute for that, which a busy machine may need, and a script that started us for it may be long gone by then.
    first: Duration,
    /// From the start, or from the last connection, on where there is no parent to look at. A host connects within a minute,
    /// and keeps its connection as long as it lives.
    quiet: Duration,
}

impl Patience {
    pub(super) const USUAL: Self = Self {
        look: Duration::from_millis(250),
        first: Duration::from_secs(60),
        quiet: Duration::from_secs(15 * 60),
    };
}

/// Who started us, looked at again and again.
pub(super) struct Host<L> {
    look: L,
    /// None where it can't be seen.
    parent: Option<u32>,
    patience: Patience,
}

impl Host<fn() -> Option<u32>> {
    /// To be called at the very start, while the parent is still there.
    pub(super) fn that_started_us() -> Self {
        Self::seen_by(parent, Patience::USUAL)
    }
}

impl<L: Fn() -> Option<u32>> Host<L> {
    fn seen_by(look: L, patience: Patience) -> Self {
        let parent = look();
        Self { look, parent, patience }
    }

    /// Waits until the host is gone.
    pub(super) async fn gone(&self, counter: &Counter) {
        loop {
            let seen = counter.nobody_is_there().await;
            tokio::select! {
                () = counter.somebody_came_after(seen) => {}
                () = self.gone_for_good(seen.ever > 0) => return,
            }
        }
    }

    /// Waits until the host is gone if nobody connects in the meantime.
    async fn gone_for_good(&self, was_connected: bool) {
        if self.parent.is_none() {
            return tokio::time::sleep(self.patience.quiet).await;
        }
        while (self.look)() == self.parent {
            tokio::time::sleep(self.patience.look).await;
        }
        // Another host of a parent that is gone may be on its way in: it counts once it has shown itself.
        let patience = if was_connected { self.patience.look } else { self.patience.first };
        tokio::time::sleep(patience).await;
    }
}

/// The parent's number, if it says anything: zero stands for a parent outside of our container, and one takes in the
/// children of those that are gone.
#[cfg(unix)]
fn parent() -> Option<u32> {
    Some(std::os::unix::process::parent_id()).filter(|number| *number > 1)
}

#[cfg(not(unix))]
fn parent() -> Option<u32> {
    None
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    const SOON: Patience = Patience {
        look: Duration::from_millis(1),
        first: Duration::from_millis(200),
        quiet: Duration::from_millis(200),
    };
    /// Long enough for any of these to have shown.
    const LONG: Duration = Duration::from_millis(400);
    const EVER: Duration = Duration::from_secs(20);

    async fn ends_within(
        limit: Duration,
        host: &Host<impl Fn() -> Option<u32>>,
        by: &Counter,
    ) -> bool {
        tokio::time::timeout(limit, host.gone(by)).await.is_ok()
    }

    #[tokio::test]
    async fn both_signs_are_needed() {
        let (parent, counter) = (AtomicU32::new(7), Counter::default());
        let host = Host::seen_by(|| Some(parent.load(Ordering::Relaxed)), SOON);
        let open = counter.enter();
        assert!(!ends_within(LONG, &host, &counter).await, "connected, and the parent is there");
        drop(open);
        assert!(!ends_within(LONG, &host, &counter).await, "the parent is there");
        let open = counter.enter();
        parent.store(1, Ordering::Relaxed);
        assert!(!ends_within(LONG, &host, &counter).await, "connected");
        drop(open);
        assert!(ends_within(EVER, &host, &counter).await);
    }

    #[tokio::test]
    async fn a_first_connection_is_waited_for() {
        let (parent, counter) = (AtomicU32::new(7), Counter::default());
        let long = Patience { first: Duration::from_secs(3600), ..SOON };
        let host = Host::seen_by(|| Some(parent.load(Ordering::Relaxed)), long);
        parent.store(1, Ordering::Relaxed);
        let comes = async {
            tokio::time::sleep(LONG).await;
            drop(counter.enter());
            std::future::pending::<()>().await;
        };
        let ended = async { tokio::join!(ends_within(EVER, &host, &counter)) };
        tokio::select! { ended = ended => assert!(ended.0), () = comes => {} }

        let (host, nobody) =
            (Host { parent: Some(7), look: || Some(1), patience: SOON }, Counter::default());
        assert!(ends_within(EVER, &host, &nobody).await, "nobody ever came");
    }

    #[tokio::test]
    async fn where_no_parent_is_seen_silence_is_the_sign() {
        let (host, counter) = (Host::seen_by(|| None, SOON), Counter::default());
        let open = counter.enter();
        assert!(!ends_within(LONG, &host, &counter).await, "connected");
        drop(open);
        assert!(ends_within(EVER, &host, &counter).await);
        assert!(ends_within(EVER, &host, &Counter::default()).await, "nobody ever came");
    }
}
