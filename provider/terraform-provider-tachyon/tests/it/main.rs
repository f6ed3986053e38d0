//! The provider as its users meet it: functions and data sources called with whole deployments.
//!
//! Read [`facts`] and [`expansion`] first: a second reading of the document, made by hand and on purpose without a look
//! at the provider's. Then [`packets`], which evaluates rendered rules as the clouds do, and [`agreement`], which holds
//! the two against each other.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by a panic, wherever it stands; clippy.toml allows that in test functions alone"
)]

#[macro_use]
#[path = "../../src/literal.rs"]
mod literal;

#[path = "../../src/answer.rs"]
mod answer;

mod address;
mod addresses;
mod advice;
mod agreement;
mod audits;
mod between;
mod cases;
mod citations;
mod clouds;
mod compare;
mod compare_evaluator;
mod compare_random;
mod compare_rules;
mod compare_twists;
mod crowds;
mod diagram;
mod document_places;
mod documents;
mod expansion;
mod explain;
mod facts;
mod functions;
mod generate;
mod generate_between;
mod golden;
mod help;
mod hops;
mod hosts;
mod lint;
mod listeners;
mod lists;
mod masking;
mod mistakes;
mod model;
mod network_security;
mod networks;
mod own;
mod own_rows;
mod packets;
mod places;
mod quotas;
mod refusals;
mod report;
mod report_cases;
mod robustness;
mod rows;
mod security_groups;
mod sequence;
mod settings;
mod shared;
mod small_world;
mod stability;
mod tree;
mod walk;
mod warnings;

use tachyon::provider;
