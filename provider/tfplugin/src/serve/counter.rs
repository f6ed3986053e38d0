//! Who is connected: how many, and how many there ever were.

use tokio::sync::watch;

/// The connections of all hosts, counted; those that have not shown yet that they are a host's are not among them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counter(watch::Sender<Counted>);

/// What was counted at one time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Counted {
    /// Open now.
    pub(super) open: usize,
    /// Opened since the start.
    pub(super) ever: u64,
}

/// One connection, counted until this is dropped.
#[derive(Debug)]
pub(super) struct Open(Counter);

impl Counter {
    pub(super) fn enter(&self) -> Open {
        self.0.send_modify(|count| {
            count.open += 1;
            count.ever += 1;
        });
        Open(self.clone())
    }

    pub(super) fn count(&self) -> Counted {
        *self.0.borrow()
    }

    /// Waits until no connection is open.
    pub(super) async fn nobody_is_there(&self) -> Counted {
        let mut counts = self.0.subscribe();
        // Fails only when there is no sender any more, and this is one.
        counts.wait_for(|count| count.open == 0).await.map_or_else(|_| self.count(), |count| *count)
    }

    /// Waits until a connection has been opened since; it may have ended already.
    pub(super) async fn somebody_came_after(&self, seen: Counted) {
        let _ = self.0.subscribe().wait_for(|count| count.ever != seen.ever).await;
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.0.send_modify(|count| count.open = count.open.saturating_sub(1));
    }
}
