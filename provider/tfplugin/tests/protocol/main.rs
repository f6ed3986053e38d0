//! The protocol from outside: its definitions, the code generated from them, and a host that talks to a provider.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "what a test calls fails as the test does"
)]

mod calls;
mod definitions;
mod generated;
mod handshake;
mod host;
mod life;
mod secured;
mod wire;
