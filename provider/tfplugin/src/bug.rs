//! Panics in an author's code, as messages that say where to report them.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};

use crate::provider::Provider;

thread_local! {
    /// Where this thread panicked last, for [`catch`] on the same thread.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// A panic that was caught: what it said, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Panic {
    pub(crate) text: String,
}

/// Runs an author's code. The process goes on whatever it does.
pub(crate) fn catch<T>(answer: impl FnOnce() -> T) -> Result<T, Panic> {
    // Nothing that the closure borrows is used after a panic but what it only reads.
    catch_unwind(AssertUnwindSafe(answer)).map_err(|payload| {
        let place = PLACE.take().map(|place| format!(" at {place}")).unwrap_or_default();
        Panic { text: format!("{}{place}", said(payload.as_ref())) }
    })
}

/// To be the process's panic hook: remembers the place, and writes nothing, since Terraform takes a panic on the error
/// stream for the end of the process.
pub(crate) fn remember(info: &PanicHookInfo<'_>) {
    PLACE.set(info.location().map(ToString::to_string));
}

fn said(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("a panic without a message")
}

/// The whole message about a defect in the provider: `what` is where it showed, `text` what is known of it.
pub(crate) fn report(provider: &Provider, what: &str, text: &str) -> String {
    format!(
        "This is a bug in the provider, not in the configuration. In {what}: {text}.\n\nPlease report it at {}, with the \
         version of the provider ({}) and the part of the configuration that it happened with.",
        provider.bug_reports, provider.version
    )
}
