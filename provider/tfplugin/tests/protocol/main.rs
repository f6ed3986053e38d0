//! The protocol from outside: its definitions, the code generated from them, and a host that talks to a provider.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "what a test calls fails as the test does"
)]

mod calls;
mod crowd;
mod definitions;
mod every_call;
mod generated;
mod given_up;
mod handshake;
mod host;
mod hostile;
mod keys;
#[cfg(unix)]
mod life;
mod logs;
mod opentofu;
#[cfg(unix)]
mod orphan;
mod raw;
mod secured;
#[cfg(unix)]
mod socket;
mod wire;
