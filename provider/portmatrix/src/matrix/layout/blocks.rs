//! The blocks of a document: which attributes each must have, and which it may have.

use serde_json::Value;

use super::{Fields, Layout};
use crate::matrix::document::{
    Document, FlowEntry, ParameterEntry, ReadingEntry, ReplacementEntry, RowEntry, SilentEntry,
    TopologyEntry,
};
use crate::matrix::{
    Ambiguity, Caution, Configurable, Evidence, Need, NotCovered, Role, Source, Spelling, Table,
    Zone,
};
use crate::path::At;
use crate::problem::Problems;

/// For each block the attributes that must be there, and behind `;` those that may.
macro_rules! blocks {
    ($($name:ident { $($needed:ident),*; $($optional:ident),* })*) => { $(
        impl Layout for $name {
            fn read(value: &Value, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
                const NAMES: &[&str] =
                    &[$(stringify!($needed),)* $(stringify!($optional),)*];
                // What does not belong there does not keep the rest from being read.
                let before = problems.len();
                let fields = Fields::of(value, NAMES, at, problems)?;
                let has_strangers = problems.len() > before;
                $(let $needed = fields.needed(stringify!($needed), at, problems);)*
                $(let $optional = fields.optional(stringify!($optional), at, problems);)*
                let read = Self { $($needed: $needed?,)* $($optional: $optional?,)* };
                (!has_strangers).then_some(read)
            }
        }
    )* };
}

blocks! {
    Document {
        version, source;
        evidence, spelling, zone, role, need, topology, table, row, parameter, flow, silent,
        not_covered, ambiguity
    }
    Source { title, product; edition, url, sha256, size, retrieved, damage, scope }
    Evidence { id, title, url, shows; }
    Spelling { column, printed, means; }
    Zone { id, means; public, exposed, sensitive }
    Role { id, title, means; zone, bound_to, outside, single }
    Need { roles, why; }
    TopologyEntry { id, title, means; base, role, unless }
    Table { id, title, rows, columns; }
    RowEntry { id, line, protocol, reading; device, port, direction, damaged }
    ReadingEntry {
        role, counterparts, transport, ports, application, direction, purpose, configurable,
        confidence;
        components, because, evidence, notes
    }
    Configurable { when; how, property, inferred }
    ParameterEntry { id, role, attribute, kind, configurable, rows; ranges, default, caution }
    Caution { id, when, summary, detail; remedy }
    FlowEntry {
        id, number, from, to, transport, application, topology, basis, confidence, purpose;
        encrypted, ports, parameter, offset, out_rows, in_rows, prose_rows, why, evidence,
        optional, host_local, inside_endpoint, when, derived_from, replaced_in, note
    }
    ReplacementEntry { topology, keep_option; }
    SilentEntry { row, why; listener }
    NotCovered { id, need, ports, why; roles, evidence }
    Ambiguity { id, rows, printed, readings, question, reading, otherwise; flows, evidence }
}
