//! Values of Terraform's language written as literals: for the tests in here, and for those in `tests/it`, which include this file.

/// A [`Value`](tfplugin::Value) as JSON would write it, with `unknown` beside `null`; other expressions stand in
/// parentheses or are single tokens.
macro_rules! value {
    (null) => { tfplugin::Value::Null };
    (unknown) => { tfplugin::Value::UNKNOWN };
    ([ $($element:tt),* $(,)? ]) => { tfplugin::Value::List(vec![$(value!($element)),*]) };
    ({ $($key:tt : $element:tt),* $(,)? }) => {
        tfplugin::Value::Map(std::collections::BTreeMap::from([$((String::from($key), value!($element))),*]))
    };
    ($expression:expr) => { tfplugin::Value::from($expression) };
}
