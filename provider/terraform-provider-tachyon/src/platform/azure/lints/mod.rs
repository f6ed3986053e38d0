//! The lints of Azure.

mod azure_default_open;
mod quota_headroom_low;

use super::Azure;
use crate::platform::lint::PlatformLint;

/// All of them.
pub(super) const LINTS: &[PlatformLint<Azure>] =
    &[azure_default_open::LINT, quota_headroom_low::LINT];
