//! The embedded documents: that they hold together, that the checks would notice if they didn't, and that they say what
//! the vendor's page says.

#![expect(clippy::expect_used, clippy::panic, reason = "what the tests share may fail as they do")]

mod broken;
mod embedded;
mod facts_8_1;
mod ledger;
mod page;
mod recipe;
mod second_reading;
mod slips;
