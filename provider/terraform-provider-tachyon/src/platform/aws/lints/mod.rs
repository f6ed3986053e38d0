//! The lints of AWS.

mod network_untold;
mod quota_headroom_low;

use super::Aws;
use crate::platform::lint::PlatformLint;

/// All of them.
pub(super) const LINTS: &[PlatformLint<Aws>] = &[network_untold::LINT, quota_headroom_low::LINT];
