//! Drives the target `deployments`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::run("deployments", data));
