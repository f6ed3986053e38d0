//! Validation and reads of data sources.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use super::encoded::Encoded;
use crate::bug;
use crate::catalogue::{Catalogue, KnownSchema};
use crate::config::Config;
use crate::data_source::{DataSource, Read};
use crate::diagnostic::Diagnostic;
use crate::json;
use crate::msgpack::{self, WireError, Writer};
use crate::state::State;
use crate::ty::Type;
use crate::unknown_name::unknown_name;
use crate::value::Value;

/// The MessagePack of a state, if there is one, and what to tell the user.
pub(crate) type Answer = (Option<Vec<u8>>, Vec<Diagnostic>);

/// What can be said of a configuration already.
pub(crate) fn validate(catalogue: &Catalogue, name: &str, config: Encoded<'_>) -> Vec<Diagnostic> {
    let validated =
        asked(catalogue, name, config, |source, _, given| source.validate(&given.config));
    validated.unwrap_or_else(|diagnostic| vec![diagnostic])
}

/// The answer of a data source, laid over its configuration.
pub(crate) fn read(catalogue: &Catalogue, name: &str, config: Encoded<'_>) -> Answer {
    let answered = asked(catalogue, name, config, |source, known, given| {
        let Read { state, mut diagnostics } = source.read(&given.config);
        let Some(state) = state else {
            if !diagnostics.iter().any(Diagnostic::is_error) {
                diagnostics.push(defect(catalogue, name, "it gave neither an answer nor an error"));
            }
            return (None, diagnostics);
        };
        match lay_over(&given, known, &state) {
            Ok(bytes) => (Some(bytes), diagnostics),
            Err(text) => {
                diagnostics.push(defect(catalogue, name, &text));
                (None, diagnostics)
            }
        }
    });
    answered.unwrap_or_else(|diagnostic| (None, vec![diagnostic]))
}

/// Finds the data source, decodes the configuration and asks; each of these can fail with a diagnostic.
fn asked<T>(
    catalogue: &Catalogue,
    name: &str,
    config: Encoded<'_>,
    ask: impl FnOnce(&dyn DataSource, &KnownSchema, Given<'_>) -> T,
) -> Result<T, Diagnostic> {
    let answered = bug::catch(|| {
        let Some((source, known)) = catalogue.data_source(name) else {
            let detail = unknown_name("data source", name, &catalogue.data_source_names());
            return Err(Diagnostic::error("Unknown data source", detail));
        };
        let given = Given::decode(config, &known.types).map_err(|error| {
            defect(catalogue, name, &format!("its configuration is unreadable: {error}"))
        })?;
        Ok(ask(source, known, given))
    });
    answered.unwrap_or_else(|panic| Err(defect(catalogue, name, &panic.text)))
}

fn defect(catalogue: &Catalogue, name: &str, text: &str) -> Diagnostic {
    let what = format!("the data source `{name}`");
    Diagnostic::error("Provider defect", bug::report(&catalogue.provider, &what, text))
}

/// A configuration, and the bytes that it came in.
struct Given<'a> {
    config: Config,
    bytes: Cow<'a, [u8]>,
    /// Where in the bytes each attribute is.
    ranges: BTreeMap<String, Range<usize>>,
}

impl<'a> Given<'a> {
    fn decode(config: Encoded<'a>, types: &BTreeMap<String, Type>) -> Result<Self, WireError> {
        let bytes: Cow<'_, [u8]> = match config {
            Encoded::MessagePack(bytes) => bytes.into(),
            Encoded::Json(bytes) => {
                let ty = Type::Object(types.clone());
                msgpack::encode(&json::decode(bytes, &ty)?, &ty)?.into()
            }
            Encoded::Nothing => msgpack::encode(&Value::Null, &Type::Dynamic)?.into(),
        };
        let mut ranges = BTreeMap::new();
        let mut attributes = BTreeMap::new();
        for (name, (value, range)) in msgpack::decode_attributes(&bytes, types)? {
            ranges.insert(name.clone(), range);
            attributes.insert(name, value);
        }
        Ok(Self { config: attributes.into_iter().collect(), bytes, ranges })
    }

    /// The bytes of an attribute that the user set.
    fn set_by_user(&self, name: &str) -> Option<&[u8]> {
        let range = self.ranges.get(name).filter(|_| !self.config.get(name).is_null())?;
        self.bytes.get(range.clone())
    }
}

/// The whole state. Terraform wants what the user configured back as it was, so that comes from the configuration byte
/// for byte and no author can change it.
fn lay_over(given: &Given<'_>, known: &KnownSchema, state: &State) -> Result<Vec<u8>, String> {
    for name in state.names() {
        match known.schema.attribute(name) {
            Some(attribute) if attribute.presence.is_computed() => {}
            _ => {
                return Err(format!(
                    "it answers `{name}`, which is no computed attribute of its schema"
                ));
            }
        }
    }
    let mut writer = Writer::with_capacity(given.bytes.len() + state.size());
    writer.map(known.schema.attributes.len());
    for attribute in &known.schema.attributes {
        writer.str(attribute.name);
        match given.set_by_user(attribute.name).or_else(|| state.get(attribute.name)) {
            Some(bytes) => writer.append(bytes),
            None => writer.nil(),
        }
    }
    Ok(writer.into_bytes())
}
