//! Types by name, and the parts of a page about what is nested in them.

use super::page::{Page, item};
use crate::shape::{Field, Shape};
use crate::ty::Type;

/// The nested objects that a page has yet to describe; each may add more.
#[derive(Debug, Default)]
pub(super) struct Nested {
    waiting: Vec<Object>,
    /// All that the page describes somewhere, so that equal objects are described once.
    known: Vec<Object>,
}

/// An object in a page: where it stands, its attributes, and who gives them.
#[derive(Debug, Clone)]
struct Object {
    path: Vec<String>,
    fields: Vec<Field>,
    heading: &'static str,
}

impl Nested {
    /// The link from a value to the description of the object in it, which is then to be written unless an equal one is
    /// described already; empty if there is no object in it, however deep in collections. `heading` says what its attributes are.
    pub(super) fn link(&mut self, path: &[&str], shape: &Shape, heading: &'static str) -> String {
        let Some(fields) = object_in(shape) else { return String::new() };
        if let Some(same) =
            self.known.iter().find(|it| it.fields == fields && it.heading == heading)
        {
            return format!(
                " (as {}: see [its schema](#{}))",
                title(&same.path),
                anchor(&same.path)
            );
        }
        let path: Vec<_> = path.iter().map(|&name| name.to_owned()).collect();
        let link = format!(" (see [below for nested schema](#{}))", anchor(&path));
        let object = Object { path, fields: fields.to_vec(), heading };
        self.known.push(object.clone());
        self.waiting.push(object);
        link
    }

    /// Writes what waits, each object with all that is nested in it before the next.
    pub(super) fn write(mut self, page: &mut Page) {
        self.write_waiting(page);
    }

    fn write_waiting(&mut self, page: &mut Page) {
        for Object { path, fields, heading } in std::mem::take(&mut self.waiting) {
            page.heading(&format!(
                "<a id=\"{}\"></a>\n### Nested Schema for {}",
                anchor(&path),
                title(&path)
            ));
            page.paragraph(heading);
            let items: Vec<_> = fields
                .iter()
                .map(|field| {
                    let path: Vec<_> =
                        path.iter().map(String::as_str).chain([field.name]).collect();
                    let below = self.link(&path, &field.shape, heading);
                    item("-", field.name, &type_name(&field.shape), field.description, &below)
                })
                .collect();
            page.items(items.into_iter());
            self.write_waiting(page);
        }
    }
}

/// The result of a function has no name of its own.
fn title(path: &[String]) -> String {
    match path {
        [] => "the result".to_owned(),
        path => format!("`{}`", path.join(".")),
    }
}

fn anchor(path: &[String]) -> String {
    ["nestedatt"].into_iter().chain(path.iter().map(String::as_str)).collect::<Vec<_>>().join("--")
}

/// The object in a value: the value itself, or what its collections are of.
fn object_in(shape: &Shape) -> Option<&[Field]> {
    match shape {
        Shape::Object(fields) => Some(fields),
        Shape::List(element) | Shape::Set(element) | Shape::Map(element) => object_in(element),
        Shape::Plain(_) => None,
    }
}

/// A type as the Registry names it: `String`, `List of String`, `Attributes Map`.
pub(super) fn type_name(shape: &Shape) -> String {
    let is_object = |shape: &Shape| matches!(shape, Shape::Object(_));
    match shape {
        Shape::Object(_) => "Attributes".to_owned(),
        Shape::List(element) if is_object(element) => "Attributes List".to_owned(),
        Shape::Set(element) if is_object(element) => "Attributes Set".to_owned(),
        Shape::Map(element) if is_object(element) => "Attributes Map".to_owned(),
        _ => plain_name(&shape.ty()),
    }
}

/// The same in the middle of a line of code: `string`, `list of string`.
pub(super) fn lower_name(ty: &Type) -> String {
    match ty {
        Type::Bool => "bool".to_owned(),
        ty => plain_name(ty).to_lowercase(),
    }
}

fn plain_name(ty: &Type) -> String {
    match ty {
        Type::Bool => "Boolean".to_owned(),
        Type::Number => "Number".to_owned(),
        Type::String => "String".to_owned(),
        Type::Dynamic => "Dynamic".to_owned(),
        Type::List(element) => format!("List of {}", plain_name(element)),
        Type::Set(element) => format!("Set of {}", plain_name(element)),
        Type::Map(element) => format!("Map of {}", plain_name(element)),
        Type::Object(_) => "Object".to_owned(),
        Type::Tuple(_) => "Tuple".to_owned(),
    }
}
