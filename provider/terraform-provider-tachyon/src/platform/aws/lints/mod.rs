//! The lints of AWS.

mod quota_headroom_low;

use super::Aws;
use crate::platform::lint::PlatformLint;

/// All of them.
pub(super) const LINTS: &[PlatformLint<Aws>] = &[quota_headroom_low::LINT];
