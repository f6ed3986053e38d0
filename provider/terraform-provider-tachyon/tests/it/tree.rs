//! Finding and replacing parts of a value.

use tfplugin::Value;

/// The way from a value to a part of it: names, and positions as text.
pub(crate) type Way = Vec<String>;

/// Every part of a value, however deep, with the way there; the value itself is none of them.
pub(crate) fn ways(value: &Value) -> Vec<(Way, Value)> {
    let mut found = Vec::new();
    walk(value, &mut Vec::new(), &mut found);
    found
}

fn walk(value: &Value, way: &mut Way, found: &mut Vec<(Way, Value)>) {
    let mut inside = |step: String, part: &Value| {
        way.push(step);
        found.push((way.clone(), part.clone()));
        walk(part, way, found);
        way.pop();
    };
    match value {
        Value::List(parts) => {
            parts.iter().enumerate().for_each(|(index, part)| inside(index.to_string(), part));
        }
        Value::Map(parts) => parts.iter().for_each(|(key, part)| inside(key.clone(), part)),
        _ => {}
    }
}

/// The value with another part at the end of a way. A way that leads nowhere changes nothing.
pub(crate) fn replaced(value: &Value, way: &[String], part: &Value) -> Value {
    let Some((step, rest)) = way.split_first() else { return part.clone() };
    let mut value = value.clone();
    let place = match &mut value {
        Value::List(parts) => step.parse().ok().and_then(|index: usize| parts.get_mut(index)),
        Value::Map(parts) => parts.get_mut(step),
        _ => None,
    };
    if let Some(place) = place {
        *place = replaced(place, rest, part);
    }
    value
}

/// The value with the name at the end of a way changed.
pub(crate) fn renamed(value: &Value, way: &[String], name: &str) -> Value {
    let Some((last, start)) = way.split_last() else { return value.clone() };
    let mut parent = start.iter().try_fold(value, |value, step| match value {
        Value::List(parts) => parts.get(step.parse::<usize>().ok()?),
        Value::Map(parts) => parts.get(step),
        _ => None,
    });
    let Some(Value::Map(parts)) = parent.take() else { return value.clone() };
    let mut parts = parts.clone();
    if let Some(part) = parts.remove(last) {
        parts.insert(name.to_owned(), part);
    }
    replaced(value, start, &Value::Map(parts))
}
