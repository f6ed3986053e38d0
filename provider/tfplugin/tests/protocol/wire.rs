//! The messages and clients, from the same files as the server's.
#![expect(
    clippy::all,
    clippy::pedantic,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    unreachable_pub,
    reason = "written by the generator, whose style is not ours"
)]
#![allow(
    dead_code,
    reason = "a host uses few of the messages, and which of them changes with the tests"
)]

#[rustfmt::skip]
#[path = "../../src/generated/grpc_health_v1.rs"]
pub(crate) mod grpc_health_v1;
#[rustfmt::skip]
#[path = "../../src/generated/plugin.rs"]
pub(crate) mod plugin;
#[rustfmt::skip]
#[path = "../../src/generated/tfplugin6.rs"]
pub(crate) mod tfplugin6;
