//! Plain data to and from messages.

use crate::answer::Encoded;
use crate::diagnostic::{Diagnostic, Severity};
use crate::function::FunctionError;
use crate::generated::tfplugin6 as wire;
use crate::generated::tfplugin6::attribute_path::Step as WireStep;
use crate::generated::tfplugin6::attribute_path::step::Selector;
use crate::path::{AttributePath, Step};

/// The bytes of a value as it came; nothing where there is no message at all.
pub(super) fn encoded(value: Option<&wire::DynamicValue>) -> Encoded<'_> {
    match value {
        Some(value) if !value.msgpack.is_empty() => Encoded::MessagePack(&value.msgpack),
        Some(value) if !value.json.is_empty() => Encoded::Json(&value.json),
        _ => Encoded::Nothing,
    }
}

/// A value of ours, which is MessagePack always.
pub(super) fn dynamic_value(msgpack: Vec<u8>) -> wire::DynamicValue {
    wire::DynamicValue { msgpack: msgpack.into(), ..wire::DynamicValue::default() }
}

pub(super) fn diagnostics(diagnostics: Vec<Diagnostic>) -> Vec<wire::Diagnostic> {
    diagnostics.into_iter().map(diagnostic).collect()
}

pub(super) fn diagnostic(diagnostic: Diagnostic) -> wire::Diagnostic {
    let severity = match diagnostic.severity {
        Severity::Error => wire::diagnostic::Severity::Error,
        Severity::Warning => wire::diagnostic::Severity::Warning,
    };
    wire::Diagnostic {
        severity: severity.into(),
        summary: diagnostic.summary,
        detail: diagnostic.detail,
        attribute: diagnostic.path.filter(|path| !path.is_empty()).map(path),
    }
}

fn path(path: AttributePath) -> wire::AttributePath {
    let step = |step| match step {
        Step::Attribute(name) => Selector::AttributeName(name),
        Step::Key(key) => Selector::ElementKeyString(key),
        Step::Index(index) => Selector::ElementKeyInt(index),
    };
    let steps = path.steps.into_iter().map(|it| WireStep { selector: Some(step(it)) }).collect();
    wire::AttributePath { steps }
}

/// Terraform puts the text into a sentence of its own and ends that with a full stop.
pub(super) fn function_error(error: FunctionError) -> wire::FunctionError {
    let text = error.text.strip_suffix('.').map(str::to_owned).unwrap_or(error.text);
    wire::FunctionError { text, function_argument: error.argument }
}
