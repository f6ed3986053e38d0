//! The list of the lints that need no cloud.

use super::{
    addresses_overlap, cleartext_across_boundary, dmz_shares_sql_network, families_disjoint,
    inferred_flow_used, rpc_range_wide, special_purpose_range, undocumented_need, unreached,
    very_wide_source, world_open_internal,
};
use crate::platform::lint::Lint;

/// Each lint is one file, and one line here.
pub(super) const LINTS: &[Lint] = &[
    world_open_internal::LINT,
    dmz_shares_sql_network::LINT,
    addresses_overlap::LINT,
    cleartext_across_boundary::LINT,
    families_disjoint::LINT,
    special_purpose_range::LINT,
    rpc_range_wide::LINT,
    unreached::LINT,
    inferred_flow_used::LINT,
    undocumented_need::LINT,
    very_wide_source::LINT,
];
