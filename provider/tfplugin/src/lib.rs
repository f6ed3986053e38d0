//! Terraform's plugin protocol, version 6, served from Rust; what is served is the caller's.
//!
//! Read [`ty`] and [`value`] first: what Terraform says. Then [`attribute`] and [`object`]: how Rust types answer.
//! Then [`data_source`], [`function`] and [`provider`]: what an author implements. [`serve`] does the rest, [`docs`]
//! writes the pages, and [`direct`] is for programs that ask without Terraform.

mod answer;
pub mod attribute;
mod bug;
mod catalogue;
pub mod config;
pub mod data_source;
pub mod diagnostic;
pub mod direct;
pub mod docs;
pub mod function;
mod generated;
pub mod json;
mod kept;
mod log;
mod memo;
pub mod msgpack;
pub mod number;
pub mod object;
pub mod path;
pub mod promise;
pub mod provider;
pub mod refinement;
pub mod schema;
pub mod serve;
mod server;

pub mod shape;
pub mod state;
mod text;
pub mod ty;
mod type_text;
mod unknown_name;
pub mod value;

pub use attribute::{Attribute, Object, encode};
pub use config::Config;
pub use data_source::{DataSource, Read};
pub use diagnostic::{Diagnostic, Severity};
pub use function::{Function, FunctionError, Mistake, Parameter, Replied, Reply, Signature};
pub use msgpack::Writer;
pub use number::Number;
pub use path::{AttributePath, Step};
pub use provider::Provider;
pub use refinement::{Bound, Refinement};
pub use schema::{Presence, Schema, SchemaAttribute};
pub use shape::{Field, Shape};
pub use state::State;
pub use ty::Type;
pub use value::Value;
