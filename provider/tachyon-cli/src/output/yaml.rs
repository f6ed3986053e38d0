//! Values as YAML: maps and lists in block style, texts as JSON writes them, which YAML reads the same way.

use tfplugin::{Shape, Value};

use super::json::{element, entries, line};

/// The text of a value.
pub(super) fn text(value: &Value, shape: &Shape) -> String {
    let mut text = String::new();
    block(&mut text, value, shape, 0);
    text
}

/// Writes a value that begins a line.
fn block(text: &mut String, value: &Value, shape: &Shape, depth: usize) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Map(map) if !map.is_empty() => {
            for (name, value, shape) in entries(value, shape) {
                text.push_str(&format!("{indent}{}:", key(name)));
                after(text, value, shape, depth + 1);
            }
        }
        Value::List(elements) | Value::Set(elements) if !elements.is_empty() => {
            for value in elements {
                text.push_str(&format!("{indent}-"));
                let begins = text.len();
                match value {
                    // The first line of a map stands behind the dash.
                    Value::Map(map) if !map.is_empty() => {
                        block(text, value, element(shape), depth + 1);
                        let until = begins + 2 * (depth + 1);
                        text.replace_range(begins..until, " ");
                    }
                    _ => after(text, value, element(shape), depth + 1),
                }
            }
        }
        _ => text.push_str(&format!("{indent}{}\n", line(value))),
    }
}

/// Writes a value behind a name or a dash.
fn after(text: &mut String, value: &Value, shape: &Shape, depth: usize) {
    let is_block = match value {
        Value::Map(map) => !map.is_empty(),
        Value::List(elements) | Value::Set(elements) => !elements.is_empty(),
        _ => false,
    };
    if is_block {
        text.push('\n');
        block(text, value, shape, depth);
    } else {
        text.push_str(&format!(" {}\n", line(value)));
    }
}

/// A name, in quotes unless it can be nothing but a name.
fn key(name: &str) -> String {
    const WORDS: [&str; 12] =
        ["null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf", "infinity"];
    let begins_well = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    let is_plain = begins_well
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-'))
        && !WORDS.contains(&name.to_ascii_lowercase().as_str());
    if is_plain { name.to_owned() } else { line(&Value::from(name)) }
}
