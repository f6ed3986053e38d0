//! Messages and services as generated from `proto/`, which says how; only [`crate::server`] may name them.
#![expect(
    clippy::all,
    clippy::pedantic,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    unreachable_pub,
    reason = "written by the generator, whose style is not ours; a test holds the files to what it writes"
)]
#![allow(
    dead_code,
    reason = "the compiler takes an expectation of dead code for a use of it, and so never fulfilled"
)]

#[rustfmt::skip]
pub(crate) mod grpc_health_v1;
#[rustfmt::skip]
pub(crate) mod plugin;
#[rustfmt::skip]
pub(crate) mod tfplugin6;
