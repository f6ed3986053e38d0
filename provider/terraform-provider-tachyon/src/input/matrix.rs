//! The matrix that a deployment is read against: an embedded one or the user's own, with the user's own rows on top of it.

use std::sync::{Arc, Mutex, PoisonError};

use portmatrix::additions::{Extended, extended};
use portmatrix::known::Known;
use portmatrix::matrix::Matrix;
use portmatrix::mistake::MatrixMistake;
use portmatrix::path::{At, quoted};
use tfplugin::Value;

use super::additions;
use super::deployment::option_names;
use crate::platform;
use crate::reader::{ReadMistake, Reader};

/// What decides the matrix, as it came.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MatrixParts<'v> {
    /// The version of an embedded matrix; the newest if null.
    pub(crate) version: &'v Value,
    /// A whole document of the user's own.
    pub(crate) document: &'v Value,
    /// Rows of the user's own.
    pub(crate) additions: &'v Value,
}

impl MatrixParts<'_> {
    /// The matrix. Not whole where something of it is mistaken, or not known yet.
    pub(crate) fn read(self, reader: &mut Reader) -> Known<Extended> {
        let Self { version, document, additions: added } = self;
        if document.is_null() && added.is_null() {
            return embedded(version, reader).map(|it| Extended::whole(Arc::clone(it)));
        }
        let key = [version, document, added];
        if let Some(matrix) = REMEMBERED.get(key) {
            return Known::Known(Extended::whole(matrix));
        }
        let before = reader.problems.len();
        let base = if document.is_null() {
            embedded(version, reader).map(Arc::clone)
        } else {
            given(document.own(), version, reader)
        };
        let draft = additions::read(added, reader);
        let Known::Known(base) = base else { return Known::Unknown };
        let mut found = if added.is_null() {
            Extended::whole(base)
        } else {
            extended(&base, &draft, &mut reader.problems)
        };
        platform::check_matrix(&found.matrix, &mut reader.problems);
        found.is_whole &= reader.problems.len() == before;
        if found.is_whole {
            REMEMBERED.keep(key, &found.matrix);
        }
        if found.names_are_known { Known::Known(found) } else { Known::Unknown }
    }
}

/// The matrix of a document of the user's own; unknown while something of it is, or where it is mistaken.
fn given(document: &Value, version: &Value, reader: &mut Reader) -> Known<Arc<Matrix>> {
    let root = At::ROOT;
    // What is unknown may turn out null.
    let is_given = |value: &Value| !value.is_null() && !value.is_unknown();
    if is_given(version) && is_given(document) {
        let detail =
            "It stands beside `matrix`, which says its own version. Leave one of the two out.";
        let places = (&root.name("matrix_version"), &root.name("matrix"));
        reader.problems.add_between(places, ReadMistake::TwoMatrices, detail);
    }
    let at = root.name("matrix");
    let Some(Known::Known(_)) = reader.map(document, &at, "a document as an object") else {
        return Known::Unknown;
    };
    let Some(json) = json(document, 0) else { return Known::Unknown };
    let Some(matrix) = Matrix::read(&json, &at, &mut reader.problems) else {
        return Known::Unknown;
    };
    check_options(&matrix, &at, reader);
    Known::Known(Arc::new(matrix))
}

/// Options of a document's overlays must not be called like those that there are anyway.
fn check_options(matrix: &Matrix, at: &At<'_>, reader: &mut Reader) {
    let taken = option_names();
    for (index, flow) in matrix.flows.iter().enumerate() {
        let option = flow.replaced_in.as_ref().map(|replaced| replaced.keep_option.as_str());
        if let Some(option) = option.filter(|option| taken.contains(option)) {
            let at = at.name("flow");
            let at = at.index(index);
            let at = at.name("replaced_in");
            let detail = format!("The option {} is another. Choose another name.", quoted(option));
            reader.problems.add(&at.name("keep_option"), MatrixMistake::UnsoundDocument, detail);
        }
    }
}

/// How deep a document is nested at most.
const DEEPEST: usize = 16;

/// The value as JSON; none while something of it is unknown. What is deeper than any document stays away, and is
/// reported as missing or mistyped.
fn json(value: &Value, depth: usize) -> Option<serde_json::Value> {
    Some(match value {
        Value::Unknown(_) => return None,
        Value::Null => serde_json::Value::Null,
        Value::List(_) | Value::Set(_) | Value::Map(_) if depth > DEEPEST => {
            serde_json::Value::Null
        }
        Value::Bool(flag) => serde_json::Value::Bool(*flag),
        Value::Number(number) => match number.as_u32() {
            Some(whole) => whole.into(),
            // Something that no document has: the reader says so.
            None => number.as_f64().into(),
        },
        Value::String(text) => serde_json::Value::String(text.clone()),
        Value::List(elements) | Value::Set(elements) => serde_json::Value::Array(
            elements.iter().map(|element| json(element, depth + 1)).collect::<Option<_>>()?,
        ),
        Value::Map(fields) => serde_json::Value::Object(
            (fields.iter())
                .map(|(name, value)| Some((name.clone(), json(value, depth + 1)?)))
                .collect::<Option<_>>()?,
        ),
        Value::Shared(value) => return json(value, depth),
    })
}

/// The matrix of a version, the newest if none is given.
fn embedded(value: &Value, reader: &mut Reader) -> Known<&'static Arc<Matrix>> {
    let root = At::ROOT;
    let at = root.name("matrix_version");
    let Some(version) = reader.text(value, &at) else { return Known::Known(Matrix::newest()) };
    let Known::Known(version) = version else { return Known::Unknown };
    Matrix::of(version).map_or_else(
        |_| {
            let known = portmatrix::matrix::versions();
            reader.problems.add_unknown_name(
                &at,
                ReadMistake::UnknownMatrixVersion,
                "matrix version",
                version,
                known,
            );
            // The other mistakes are told by the newest: there is no answer anyway.
            Known::Known(Matrix::newest())
        },
        Known::Known,
    )
}

/// How many matrices are remembered. A run of Terraform asks with few, but hundreds of times.
const MOST_REMEMBERED: usize = 8;

/// The matrices that were made last: equal parts always make an equal matrix, so it is no matter who asked for it before.
static REMEMBERED: Memo = Memo(Mutex::new(Vec::new()));

/// Matrices by what they were made of, the last one first.
struct Memo(Mutex<Vec<([Value; 3], Arc<Matrix>)>>);

impl Memo {
    fn get(&self, key: [&Value; 3]) -> Option<Arc<Matrix>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = kept.iter().position(|(made_of, _)| made_of.each_ref() == key)?;
        let found = kept.remove(place);
        let matrix = Arc::clone(&found.1);
        kept.insert(0, found);
        Some(matrix)
    }

    fn keep(&self, key: [&Value; 3], matrix: &Arc<Matrix>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.truncate(MOST_REMEMBERED - 1);
        kept.insert(0, (key.map(Value::clone), Arc::clone(matrix)));
    }
}
