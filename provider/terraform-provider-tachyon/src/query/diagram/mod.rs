//! `diagram`: a deployment as a picture, from the same connections as its rules.

pub(super) mod drawing;

use portmatrix::known::Known;
use tfplugin::{Attribute, Function, FunctionError, Replied, Reply, Signature, Value};

use super::arguments::Arguments;
use super::deployment;
use super::format;

/// A format: its name, and what makes the text of it.
type Format = (&'static str, fn(&pictures::Drawing) -> String);

/// The formats, in the order of the documentation.
const FORMATS: [Format; 4] = [
    ("svg", pictures::ladder),
    ("grid", pictures::grid),
    ("mermaid", pictures::mermaid),
    ("dot", pictures::dot),
];

/// The function `diagram`.
#[derive(Debug)]
pub struct Diagram;

impl Function for Diagram {
    fn name(&self) -> &'static str {
        "diagram"
    }

    fn signature(&self) -> Signature {
        let format = "`\"svg\"`, `\"grid\"` (a table of sources and destinations, as SVG), `\"mermaid\"` or `\"dot\"`.";
        Signature {
            summary: "A picture of who talks to whom in a deployment".to_owned(),
            description: DESCRIPTION.to_owned(),
            parameters: vec![deployment::parameter(), format::parameter(format)],
            variadic: None,
            returns: String::shape(),
            deprecation: None,
        }
    }

    fn call(&self, arguments: &[Value], reply: Reply<'_>) -> Result<Replied, FunctionError> {
        let mut arguments = Arguments::new(arguments);
        let (argument, reader) = arguments.at(0);
        let reading = deployment::of_argument(argument, reader);
        let drawing = match reading.view(reader) {
            Known::Known(view) if view.is_decided => drawing::of(view.input, &view.connections),
            _ => Known::Unknown,
        };
        let (argument, reader) = arguments.at(1);
        let picture = match (drawing, format::read(&FORMATS, argument, reader)) {
            (Known::Known(drawing), Known::Known(draw)) => Known::Known(draw(&drawing)),
            _ => Known::Unknown,
        };
        arguments.answer(picture, reply)
    }
}

const DESCRIPTION: &str = "Draws a deployment: its endpoints in lanes by zone, and an arrow with its ports for what each initiates. The picture comes from the same \
    connections as the rules, so it is always up to date: write it with `local_file`, show it in an output, or compare it in a pull request.\n\n\
    `svg` has a line from top to bottom for each endpoint and a row for each arrow, so that nothing crosses a label; it follows the reader's light or dark setting and needs no font or \
    script from elsewhere. `grid` is the table that network teams ask for. `mermaid` is shown by GitHub and GitLab inside Markdown; `dot` is for Graphviz. Of more than 60 \
    endpoints the zones are drawn, and for Mermaid also of what it refuses: more than 500 arrows, or 50,000 characters. Where even the zones have more, the text says so.\n\nThe zone of an endpoint is its attribute `zone`, else the one where its first role usually stands. A zone decides no rule.";
