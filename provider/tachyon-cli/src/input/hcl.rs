//! HCL: a `.tfvars` file, or a file with the attributes of a deployment. Values only: whatever would have to be computed is
//! reported.

use std::collections::BTreeMap;

use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, ObjectKey, UnaryOperator};
use hcl_edit::parser::{parse_body, parse_expr};
use hcl_edit::structure::{Body, Structure};
use hcl_edit::template::{Element, Template};
use tachyon::bug::OrBug;
use tfplugin::{Number, Value};

use super::node::{Content, Entry, Node, Span, Trouble};

/// Reads a text as attributes, or as one object in braces, such as a deployment that was copied from a configuration.
pub(crate) fn read(text: &str) -> Result<Node, Vec<Trouble>> {
    let inner = text.trim();
    let start = if inner.starts_with('{') { text.len() - text.trim_start().len() } else { 0 };
    let mut reading = Reading { text, start, troubles: Vec::new() };
    let syntax = |error| vec![syntax(text, start, &error)];
    let node = if inner.starts_with('{') {
        reading.node(&parse_expr(inner).map_err(syntax)?)
    } else {
        reading.body(&parse_body(text).map_err(syntax)?)
    };
    if reading.troubles.is_empty() { Ok(node) } else { Err(reading.troubles) }
}

fn syntax(text: &str, start: usize, error: &hcl_edit::parser::Error) -> Trouble {
    // The parser may stop within a character.
    let mut at = (start + error.location().offset()).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let said = error.message().trim_end_matches('.');
    Trouble::new(at..at, format!("This is not HCL: {said}."))
}

struct Reading<'t> {
    text: &'t str,
    /// Where what is parsed begins in the text.
    start: usize,
    troubles: Vec<Trouble>,
}

impl Reading<'_> {
    /// What the parser has read has a place.
    fn place(&self, span: Option<Span>) -> Span {
        let span = span.or_bug("a part of an HCL text that stands nowhere");
        self.start + span.start..self.start + span.end
    }

    fn refuse(&mut self, span: Span, text: impl Into<String>) -> Node {
        self.troubles.push(Trouble::new(span.clone(), text));
        Node::scalar(Value::Null, span)
    }

    fn body(&mut self, body: &Body) -> Node {
        let mut entries = BTreeMap::new();
        for structure in body {
            match structure {
                Structure::Attribute(attribute) => {
                    let name = self.place(attribute.key.span());
                    let node = self.node(&attribute.value);
                    self.add(&mut entries, attribute.key.as_str().to_owned(), name, node);
                }
                Structure::Block(block) => {
                    let text = format!(
                        "Found a block `{}`. Accepted are attributes with values, as in a `.tfvars` file: `endpoints = {{ ... }}`.",
                        block.ident.as_str()
                    );
                    let span = self.place(block.ident.span());
                    self.refuse(span, text);
                }
            }
        }
        Node { span: 0..self.text.len(), content: Content::Map(entries) }
    }

    fn add(&mut self, entries: &mut BTreeMap<String, Entry>, key: String, name: Span, node: Node) {
        let entry = Entry { name, node };
        self.troubles.extend(Trouble::add(entries, key, entry));
    }

    fn node(&mut self, expression: &Expression) -> Node {
        let span = self.place(expression.span());
        match expression {
            Expression::Null(_) => Node::scalar(Value::Null, span),
            Expression::Bool(flag) => Node::scalar(*flag.value(), span),
            Expression::Number(number) => match Number::parse(&number.value().to_string()) {
                Some(number) => Node::scalar(Value::Number(number), span),
                None => self.refuse(span, "This number can't be read."),
            },
            Expression::String(text) => Node::scalar(text.value().as_str(), span),
            Expression::Array(array) => {
                let elements = array.iter().map(|element| self.node(element)).collect();
                Node { span, content: Content::List(elements) }
            }
            Expression::Object(object) => {
                let mut entries = BTreeMap::new();
                for (key, value) in object {
                    let node = self.node(value.expr());
                    if let Some((key, name)) = self.key(key) {
                        self.add(&mut entries, key, name, node);
                    }
                }
                Node { span, content: Content::Map(entries) }
            }
            Expression::Parenthesis(inner) => {
                let mut node = self.node(inner.inner());
                node.span = span;
                node
            }
            Expression::StringTemplate(template) => self.template(template.iter(), span),
            Expression::HeredocTemplate(heredoc) => {
                let mut heredoc = heredoc.as_ref().clone();
                heredoc.dedent();
                let template: &Template = &heredoc.template;
                self.template(template.iter(), span)
            }
            Expression::UnaryOp(operation) => {
                let node = self.node(&operation.expr);
                match (*operation.operator.value(), &node.content) {
                    (UnaryOperator::Neg, Content::Scalar(Value::Number(number))) => {
                        let negated = Number::parse(&format!("-{number}"));
                        match negated {
                            Some(number) => Node::scalar(Value::Number(number), span),
                            None => self.computed(span),
                        }
                    }
                    _ => self.computed(span),
                }
            }
            _ => self.computed(span),
        }
    }

    fn key(&mut self, key: &ObjectKey) -> Option<(String, Span)> {
        match key {
            ObjectKey::Ident(name) => Some((name.as_str().to_owned(), self.place(name.span()))),
            ObjectKey::Expression(expression) => {
                let node = self.node(expression);
                match node.content {
                    Content::Scalar(Value::String(name)) => Some((name, node.span)),
                    Content::Scalar(Value::Number(number)) => Some((number.to_string(), node.span)),
                    Content::Scalar(Value::Bool(flag)) => Some((flag.to_string(), node.span)),
                    _ => {
                        self.refuse(node.span, "This is no name. Accepted is a text.");
                        None
                    }
                }
            }
        }
    }

    /// A text in parts, of which none may be computed.
    fn template<'e>(&mut self, elements: impl Iterator<Item = &'e Element>, span: Span) -> Node {
        let mut text = String::new();
        for element in elements {
            match element {
                Element::Literal(literal) => text.push_str(literal.value()),
                Element::Interpolation(_) | Element::Directive(_) => return self.computed(span),
            }
        }
        Node::scalar(text, span)
    }

    fn computed(&mut self, span: Span) -> Node {
        let text = "This would have to be computed, which only Terraform can: a variable, a function or an operation. Accepted are values.";
        self.refuse(span, text)
    }
}
