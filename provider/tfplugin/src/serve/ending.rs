//! The one signal that the process is to end.

use tokio::sync::watch;

/// Begun once, by the host or by a signal; seen by everything that waits.
#[derive(Debug, Clone)]
pub(crate) struct Ending(watch::Sender<bool>);

impl Ending {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(false))
    }

    pub(crate) fn begin(&self) {
        self.0.send_replace(true);
    }

    /// Waits until it has begun.
    pub(crate) async fn begun(&self) {
        // Fails only when there is no sender any more, and this is one.
        let _ = self.0.subscribe().wait_for(|begun| *begun).await;
    }
}
