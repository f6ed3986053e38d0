//! Network security groups: what `az network nsg` prints, and the resources of hashicorp/azurerm.

use std::collections::BTreeMap;

use tachyon::bug::OrBug;
pub(crate) use tachyon::platform::azure::identity;
use tfplugin::Value;

use super::aws::Resource;
use super::{Cloud, Group, get, list, text};

/// Adds what `az network nsg list` or `az network nsg show` prints. False if it is neither.
pub(super) fn add(cloud: &mut Cloud, value: &Value) -> Result<bool, String> {
    let groups = match value {
        Value::List(groups) => groups.as_slice(),
        Value::Map(_) if !get(value, "value").is_null() => list(value, "value"),
        other => std::slice::from_ref(other),
    };
    let rules = |group: &Value| {
        let own = get(group, "securityRules");
        if own.is_null() {
            get(get(group, "properties"), "securityRules").clone()
        } else {
            own.clone()
        }
    };
    if groups.iter().any(|group| rules(group).is_null()) {
        return Ok(false);
    }
    cloud.is_shown = true;
    for shown in groups {
        let id = text(shown, "id").ok_or("A group has no `id`.")?;
        let group = cloud.group(identity(id));
        group.id.get_or_insert_with(|| id.to_owned());
        group.name = text(shown, "name").map(str::to_owned);
        group.is_fresh = true;
        group.rules.retain(is_fresh);
        let rules = rules(shown);
        let rules = rules.elements().ok_or("The `securityRules` of a group are no list.")?;
        group.rules.extend(rules.iter().cloned());
    }
    Ok(true)
}

/// Whether a rule is as Azure's own tools show it.
fn is_fresh(rule: &Value) -> bool {
    let names = ["sourceAddressPrefix", "sourceAddressPrefixes", "properties"];
    names.iter().any(|name| !get(rule, name).is_null())
}

/// Adds a resource, if it is about network security groups.
pub(super) fn resource(cloud: &mut Cloud, resource: &Resource<'_>) {
    let values = resource.values;
    match resource.kind {
        "azurerm_network_security_group" => {
            let place = match (text(values, "id"), text(values, "name")) {
                (Some(id), _) => identity(id),
                (None, Some(name)) => planned(text(values, "resource_group_name"), name),
                (None, None) => unnamed(resource),
            };
            let group = cloud.group(place);
            group.id = group.id.take().or_else(|| text(values, "id").map(str::to_owned));
            group.name = text(values, "name").map(str::to_owned);
            group.holder = Some((resource.key.to_owned(), 0));
            for rule in list(values, "security_rule") {
                group.add(rule, true);
            }
        }
        "azurerm_application_security_group" => {
            if let Some(id) = text(values, "id") {
                cloud.members.insert(resource.key.to_owned(), id.to_owned());
            }
        }
        "azurerm_network_security_rule" => {
            let id = text(values, "id").and_then(|id| id.rsplit_once('/'));
            let id = id.and_then(|(parent, _)| parent.rsplit_once('/')).map(|(group, _)| group);
            let name = text(values, "network_security_group_name");
            let place = match (id, name) {
                (Some(id), _) => identity(id),
                (None, Some(name)) => planned(text(values, "resource_group_name"), name),
                (None, None) => unnamed(resource),
            };
            let group = cloud.group(place);
            group.id = group.id.take().or_else(|| id.map(str::to_owned));
            group.name = group.name.take().or_else(|| name.map(str::to_owned));
            if id.is_none() && name.is_none() {
                group.holder =
                    group.holder.take().or_else(|| Some((holder(resource)?.to_owned(), 0)));
            }
            let has_end = |end: &str| {
                let names = ["prefix", "prefixes"].map(|it| format!("{end}_address_{it}"));
                let names =
                    names.into_iter().chain([format!("{end}_application_security_group_ids")]);
                names.into_iter().any(|name| match get(values, &name) {
                    Value::Null => false,
                    Value::String(text) => !text.is_empty(),
                    other => other.elements().is_some_and(|elements| !elements.is_empty()),
                })
            };
            if group.is_fresh {
                return;
            }
            if has_end("source") && has_end("destination") {
                group.add(values, false);
            } else {
                group.undecided += 1;
            }
        }
        _ => {}
    }
}

/// What stands for a group that has no id yet. Its resource group may be known as late.
fn planned(resource_group: Option<&str>, name: &str) -> String {
    identity(&format!("planned:{}/{name}", resource_group.unwrap_or_default()))
}

/// What stands for a group of which not even the name is known yet: whose it is, else where it stands.
fn unnamed(resource: &Resource<'_>) -> String {
    match holder(resource) {
        Some(holder) => format!("key:{holder}"),
        None => format!("address:{}", resource.address),
    }
}

/// Whose group a resource is or belongs to: its key begins with that, as in our modules. None without a key.
fn holder<'r>(resource: &Resource<'r>) -> Option<&'r str> {
    resource.key.split('/').next().filter(|holder| !holder.is_empty())
}

impl Group {
    /// Adds a rule, which stands in the group itself or beside it. One whose name only apply will know can't be told from others.
    fn add(&mut self, rule: &Value, is_inline: bool) {
        match text(rule, "name") {
            Some(_) if is_inline => self.inline.push(rule.clone()),
            Some(_) => self.rules.push(rule.clone()),
            None => self.undecided += 1,
        }
    }

    /// The rules of a network security group, each name once.
    pub(crate) fn network_security_rules(&self) -> Vec<Value> {
        if self.is_fresh {
            return self.rules.clone();
        }
        let mut rules: BTreeMap<String, Value> = BTreeMap::new();
        // What stands later counts: a resource of its own has an id.
        for rule in self.inline.iter().chain(&self.rules) {
            let name = text(rule, "name").or_bug("a rule without the name that it is told by");
            rules.insert(identity(name), rule.clone());
        }
        rules.into_values().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_name_yet_is_taken_for_nothing_else() {
        let rule = Value::from([("priority", Value::from(100))]);
        let values = Value::from([("security_rule", Value::List(vec![rule.clone(), rule]))]);
        let mut cloud = Cloud::default();
        for address in ["azurerm_network_security_group.a", "azurerm_network_security_group.b"] {
            let kind = "azurerm_network_security_group";
            resource(&mut cloud, &Resource { kind, key: "", address, values: &values });
        }
        let undecided: Vec<usize> = cloud.groups.values().map(|group| group.undecided).collect();
        assert_eq!(undecided, [2, 2]);
        assert!(cloud.groups.values().all(|group| group.network_security_rules().is_empty()));
    }
}
