//! Mistakes as Terraform shows them: a function has text only, a data source has diagnostics with places.

use portmatrix::bug::OrBug;
use portmatrix::path::{At, Path, Step};
use portmatrix::problem::{Problem, Problems};
use tfplugin::{AttributePath, Diagnostic, FunctionError, Mistake, Severity};

use crate::output::Warning;

/// Why there is no answer.
#[derive(Debug)]
pub struct Failure {
    problems: Vec<Problem>,
    omitted: usize,
}

impl Failure {
    /// The mistakes, if there are any.
    pub fn of(problems: Problems) -> Option<Self> {
        if problems.is_empty() {
            return None;
        }
        let (problems, omitted) = problems.into_sorted();
        Some(Self { problems, omitted })
    }

    /// The mistakes with their places changed by `place`.
    pub(crate) fn moved(mut self, place: impl Fn(Path) -> Path) -> Self {
        for path in self.problems.iter_mut().flat_map(Problem::places) {
            *path = place(std::mem::take(path));
        }
        self.problems.sort();
        self
    }

    /// All mistakes in one text, about the argument at a position; `place` says for each in which argument it is.
    pub(crate) fn into_function_error(
        self,
        argument: i64,
        place: impl Fn(&Problem) -> usize,
    ) -> FunctionError {
        let count = self.problems.len() + self.omitted;
        let mut text = if count == 1 { String::new() } else { format!("found {count} mistakes.") };
        for problem in &self.problems {
            if count > 1 {
                text.push_str("\n\n  - ");
            }
            text.push_str(&told(problem));
        }
        text.push_str(&self.rest());
        let mistakes = self.problems.into_iter().map(|problem| Mistake {
            argument: place(&problem),
            path: whole(&problem.path),
            other: problem.other.as_ref().map(whole),
            is_of_name: problem.is_of_name,
            id: problem.kind.id,
            text: problem.detail,
        });
        FunctionError { mistakes: mistakes.collect(), ..FunctionError::argument(argument, text) }
    }

    /// One diagnostic a mistake.
    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        let rest = self.rest();
        let mut diagnostics: Vec<Diagnostic> = (self.problems.into_iter())
            .map(|problem| Diagnostic {
                severity: Severity::Error,
                summary: problem.kind.title.to_owned(),
                detail: told(&problem),
                path: resolvable(&problem.path),
            })
            .collect();
        if let Some(last) = diagnostics.last_mut() {
            last.detail.push_str(&rest);
        }
        diagnostics
    }

    fn rest(&self) -> String {
        match self.omitted {
            0 => String::new(),
            more => format!("\n\n{more} more mistakes are not shown."),
        }
    }
}

fn told(problem: &Problem) -> String {
    let mut text = match problem.path.to_string() {
        place if place.is_empty() => problem.detail.clone(),
        place => format!("{place}: {}", problem.detail),
    };
    if let Some(other) = &problem.other {
        text.push_str(&format!(" See also {other}."));
    }
    text
}

/// A place in the words of the protocol.
fn whole(path: &Path) -> AttributePath {
    let step = |step: &Step| match step {
        Step::Name(name) => tfplugin::Step::Attribute(name.clone()),
        Step::Key(key) => tfplugin::Step::Key(key.clone()),
        Step::Index(index) => {
            tfplugin::Step::Index(i64::try_from(*index).ok().or_bug("an index beyond all memory"))
        }
    };
    AttributePath { steps: path.0.iter().map(step).collect() }
}

/// The part of a place that every supported Terraform finds in the configuration: an attribute, and one element of it.
/// Given more, versions before 1.15 show the head of the block instead.
fn resolvable(path: &Path) -> Option<AttributePath> {
    let steps = path.0.iter().enumerate().map_while(|(position, step)| match (position, step) {
        (0, Step::Name(name)) => Some(tfplugin::Step::Attribute(name.clone())),
        (1, Step::Key(key) | Step::Name(key)) => Some(tfplugin::Step::Key(key.clone())),
        (1, Step::Index(index)) => i64::try_from(*index).ok().map(tfplugin::Step::Index),
        _ => None,
    });
    let steps: Vec<tfplugin::Step> = steps.collect();
    if steps.is_empty() { None } else { Some(AttributePath { steps }) }
}

/// A warning as Terraform shows it.
pub fn warning_diagnostic(warning: &Warning, endpoints: &str) -> Diagnostic {
    let (root, endpoint) = (At::ROOT, warning.endpoint.as_str());
    let place = root.name(endpoints).key(endpoint).path();
    let detail = format!("{place}: {}", warning.detail);
    let warned = Diagnostic::warning(warning.summary.as_str(), detail);
    Diagnostic { path: resolvable(&place), ..warned }
}
