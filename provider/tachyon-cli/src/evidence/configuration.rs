//! Where a value of a plan comes from, by what its configuration refers to.
//!
//! A plan lists the references of an expression, and neither the expression nor locals. So one thing alone can be told: of an
//! attribute that takes one id and refers to the id of one resource and to nothing else, that it will be this. Of a list that can't be
//! told, since nobody sees what stands in it besides.

use tfplugin::Value;

use super::{get, list, text};

/// A module as it is called once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Module<'m, 'v> {
    /// Its address, such as `module.tachyon["eu"]`; empty for the root.
    pub(super) address: &'m str,
    /// Its configuration; null where the file has none, as that of a state.
    pub(super) configuration: &'v Value,
    /// Who calls it, and how.
    pub(super) caller: Option<(&'m Module<'m, 'v>, &'v Value)>,
}

/// How deep references are followed: more than modules call each other, and less than a file could ask for.
const DEEPEST: usize = 64;

/// What else references begin with than the type of a resource.
const OTHERS: [&str; 7] = ["count", "data", "each", "local", "path", "self", "terraform"];

impl<'v> Module<'_, 'v> {
    /// What calls a module by the name that begins with its own in this one's address.
    pub(super) fn call(&self, name: &str) -> &'v Value {
        get(get(self.configuration, "module_calls"), name)
    }

    /// The configuration of a resource: its expressions by the names of attributes.
    pub(super) fn expressions(&self, kind: &str, name: &str) -> &'v Value {
        let resources = list(self.configuration, "resources").iter();
        let mut found = resources.filter(|it| {
            (text(it, "mode"), text(it, "type"), text(it, "name"))
                == (Some("managed"), Some(kind), Some(name))
        });
        found.next().map_or(&Value::Null, |resource| get(resource, "expressions"))
    }

    /// The address of the one resource that an expression's value is the id of, if that can be told.
    pub(super) fn resource_of(&self, expression: &Value) -> Option<String> {
        self.followed(expression, DEEPEST)
    }

    fn followed(&self, expression: &Value, left: usize) -> Option<String> {
        let left = left.checked_sub(1)?;
        let reference = only(expression)?;
        if let Some(name) = reference.strip_prefix("var.") {
            let (caller, call) = self.caller?;
            return caller.followed(get(get(call, "expressions"), name), left);
        }
        if let Some(rest) = reference.strip_prefix("module.") {
            let (name, output) = rest.split_once('.')?;
            let call = self.call(name);
            let is_one = ["for_each_expression", "count_expression"];
            if !is_one.iter().all(|name| get(call, name).is_null()) {
                return None;
            }
            let address = self.within(&format!("module.{name}"));
            let configuration = get(call, "module");
            let called = Module { address: &address, configuration, caller: Some((self, call)) };
            let output = get(get(configuration, "outputs"), output);
            return called.followed(get(output, "expression"), left);
        }
        let resource = reference.strip_suffix(".id")?;
        let (kind, _) = resource.split_once('.')?;
        (!OTHERS.contains(&kind)).then(|| self.within(resource))
    }

    /// An address in this module.
    fn within(&self, address: &str) -> String {
        if self.address.is_empty() {
            address.to_owned()
        } else {
            format!("{}.{address}", self.address)
        }
    }
}

/// The one thing that an expression refers to: the longest of references of which each goes on where another ends.
fn only(expression: &Value) -> Option<&str> {
    let references = list(expression, "references").iter().map(|it| match it {
        Value::String(text) => Some(text.as_str()),
        _ => None,
    });
    let references: Vec<&str> = references.collect::<Option<_>>()?;
    let longest = references.iter().copied().max_by_key(|reference| reference.len())?;
    let is_part = |part: &str| {
        longest
            .strip_prefix(part)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    references.into_iter().all(is_part).then_some(longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn references(names: &[&str]) -> Value {
        Value::from([(
            "references",
            names.iter().copied().map(Value::from).collect::<Vec<_>>().into(),
        )])
    }

    fn root(configuration: &Value) -> Module<'_, '_> {
        Module { address: "", configuration, caller: None }
    }

    #[test]
    fn one_id_and_nothing_else_is_told() {
        let nothing = Value::Null;
        let told = |names: &[&str]| root(&nothing).resource_of(&references(names));
        let some = |address: &str| Some(address.to_owned());
        assert_eq!(told(&["aws_x.a.id", "aws_x.a"]), some("aws_x.a"));
        assert_eq!(
            told(&["aws_x.a[\"k.id\"].id", "aws_x.a[\"k.id\"]", "aws_x.a"]),
            some("aws_x.a[\"k.id\"]")
        );
        for names in [
            &["aws_x.a", "each.key"][..],
            &["aws_x.a.id", "aws_x.a", "aws_x.b.id", "aws_x.b"],
            &["aws_x.a.id", "aws_x.a", "var.is_old"],
            &["aws_x.a.arn", "aws_x.a"],
            &["each.value.id", "each.value"],
            &["data.aws_x.a.id", "data.aws_x.a"],
            &["local.id"],
            &["aws_x.ab.id", "aws_x.a"],
            &[],
        ] {
            assert_eq!(told(names), None, "{names:?}");
        }
    }

    #[test]
    fn references_are_followed_through_modules() {
        let inner = |more: (&'static str, Value)| {
            let output = Value::from([("expression", references(&["aws_x.a.id", "aws_x.a"]))]);
            Value::from([
                (
                    "expressions",
                    Value::from([("given", references(&["aws_x.outer.id", "aws_x.outer"]))]),
                ),
                ("module", Value::from([("outputs", Value::from([("id", output)]))])),
                more,
            ])
        };
        let calling = |call| Value::from([("module_calls", Value::from([("lists", call)]))]);
        let once = calling(inner(("source", "./lists".into())));
        let told = root(&once).resource_of(&references(&["module.lists.id", "module.lists"]));
        assert_eq!(told.as_deref(), Some("module.lists.aws_x.a"));
        // Of which instance it is the output, nobody sees.
        let each = calling(inner(("for_each_expression", references(&["var.regions"]))));
        assert_eq!(
            root(&each).resource_of(&references(&["module.lists.id", "module.lists"])),
            None
        );
        let outer = root(&once);
        let call = outer.call("lists");
        let called = Module {
            address: "module.lists",
            configuration: get(call, "module"),
            caller: Some((&outer, call)),
        };
        assert_eq!(called.resource_of(&references(&["var.given"])).as_deref(), Some("aws_x.outer"));
        assert_eq!(called.resource_of(&references(&["var.other"])), None);
        assert_eq!(outer.resource_of(&references(&["var.given"])), None);
    }

    #[test]
    fn a_file_that_refers_in_a_circle_ends() {
        let output = Value::from([("expression", references(&["var.given"]))]);
        let call = Value::from([
            ("expressions", Value::from([("given", references(&["module.a.id", "module.a"]))])),
            ("module", Value::from([("outputs", Value::from([("id", output)]))])),
        ]);
        let circle = Value::from([("module_calls", Value::from([("a", call)]))]);
        assert_eq!(root(&circle).resource_of(&references(&["module.a.id", "module.a"])), None);
    }
}
