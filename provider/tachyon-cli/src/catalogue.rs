//! The provider's functions by name: arguments from files and from the command line, answers and mistakes back.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use tachyon::bug::OrBug;
use tfplugin::{AttributePath, Config, FunctionError, Provider, Shape, Value, direct};

use crate::console::{Console, Failure};
use crate::input::File;
use crate::mistakes::Mistake;

static PROVIDER: LazyLock<Provider> = LazyLock::new(tachyon::provider);

/// The data source of the document.
const MATRIX: &str = "tachyon_matrix";

/// An argument of a call.
pub(crate) enum Argument<'f> {
    /// What is in a file; mistakes are shown there. The name is that of the parameter, if the function puts it before places.
    File(&'f File, Option<&'static str>),
    /// The same with something that was found out; mistakes are shown where they stand in the file.
    Changed(&'f File, Value),
    /// What was said on the command line.
    Given(Value),
}

/// What a function answered, with the type that it promises.
pub(crate) struct Answer {
    pub(crate) value: Value,
    pub(crate) shape: Shape,
}

/// Whether the provider has a function.
pub(crate) fn has(function: &str) -> bool {
    PROVIDER.function(function).is_some()
}

/// Does what a command does; a panic in it asks for a report, as one in a function does.
pub(crate) fn guarded<T>(run: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    direct::guard(&PROVIDER, "the command line", run).map_err(Failure::usage)?
}

/// Calls a function.
pub(crate) fn call(
    function: &str,
    arguments: &[Argument<'_>],
    console: &Console,
) -> Result<Answer, Failure> {
    let values: Vec<Value> = arguments.iter().map(Argument::value).collect();
    match direct::call(&PROVIDER, function, &values) {
        Ok(value) => {
            let function = PROVIDER.function(function).or_bug("an answer of no function");
            Ok(Answer { value, shape: function.signature().returns })
        }
        Err(error) => Err(failure(error, arguments, console)),
    }
}

/// Reads the data source of the document.
pub(crate) fn matrix(config: Config) -> Result<BTreeMap<String, Value>, Failure> {
    direct::read(&PROVIDER, MATRIX, &config).map_err(|diagnostics| {
        let texts: Vec<String> = diagnostics.into_iter().map(|it| it.detail).collect();
        Failure::usage(texts.join("\nerror: "))
    })
}

/// The type of an attribute of that data source.
pub(crate) fn matrix_shape(attribute: &str) -> Shape {
    let source = PROVIDER.data_source(MATRIX).or_bug("a provider without its document");
    let schema = source.schema();
    schema.attribute(attribute).or_bug("an attribute that the document does not have").shape.clone()
}

impl Argument<'_> {
    fn value(&self) -> Value {
        match self {
            Self::File(file, _) => file.value(),
            Self::Changed(_, value) | Self::Given(value) => value.clone(),
        }
    }
}

/// Mistakes at their places, or what else the function says.
fn failure(error: FunctionError, arguments: &[Argument<'_>], console: &Console) -> Failure {
    if error.mistakes.is_empty() {
        return Failure::usage(error.text);
    }
    let mistakes: Vec<Mistake<'_>> = (error.mistakes.into_iter())
        .map(|mistake| {
            let argument = arguments.get(mistake.argument);
            let file = match argument {
                Some(Argument::File(file, prefix)) => Some((file, *prefix)),
                Some(Argument::Changed(file, _)) => Some((file, None)),
                Some(Argument::Given(_)) | None => None,
            };
            let marked = |path: AttributePath, is_of_name| match file {
                Some((file, prefix)) => {
                    let path = without(path, prefix);
                    (file.node.place(&path, &file.text, is_of_name), path.to_string())
                }
                None => (0..0, path.to_string()),
            };
            let (span, place) = marked(mistake.path, mistake.is_of_name);
            let other = mistake.other.map(|other| marked(other, false));
            let file = file.map(|(file, _)| (file.name.as_str(), file.text.as_str()));
            Mistake { file, span, id: Some(mistake.id), place, text: mistake.text, other }
        })
        .collect();
    Failure::mistakes(&mistakes, console)
}

/// A path without the name of the parameter at its head.
fn without(mut path: AttributePath, prefix: Option<&str>) -> AttributePath {
    if let Some(prefix) = prefix
        && matches!(path.steps.first(), Some(tfplugin::Step::Attribute(name)) if name == prefix)
    {
        path.steps.remove(0);
    }
    path
}
