//! Network security groups: what `az network nsg` prints, and the resources of hashicorp/azurerm.

use std::collections::BTreeMap;

pub(crate) use tachyon::platform::azure::identity;
use tfplugin::Value;

use super::aws::Resource;
use super::{Cloud, Group, text};
use crate::output::{get, list};

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
        group.rules.extend(rules(shown).elements().unwrap_or_default().iter().cloned());
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
            let place = match text(values, "id") {
                Some(id) => identity(id),
                None => planned(text(values, "resource_group_name"), text(values, "name")),
            };
            let group = cloud.group(place);
            group.id = group.id.take().or_else(|| text(values, "id").map(str::to_owned));
            group.name = text(values, "name").map(str::to_owned);
            group.holder = Some((resource.key.to_owned(), 0));
            group.inline.extend(list(values, "security_rule").iter().cloned());
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
                (None, Some(_)) => planned(text(values, "resource_group_name"), name),
                // As in our modules: the key begins with whose group it is.
                (None, None) => {
                    format!("key:{}", resource.key.split('/').next().unwrap_or_default())
                }
            };
            let group = cloud.group(place);
            group.id = group.id.take().or_else(|| id.map(str::to_owned));
            group.name = group.name.take().or_else(|| name.map(str::to_owned));
            if id.is_none() && name.is_none() {
                let holder = resource.key.split('/').next().unwrap_or_default().to_owned();
                group.holder.get_or_insert((holder, 0));
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
                group.rules.push(values.clone());
            } else {
                group.undecided += 1;
            }
        }
        _ => {}
    }
}

/// What stands for a group that has no id yet.
fn planned(resource_group: Option<&str>, name: Option<&str>) -> String {
    identity(&format!(
        "planned:{}/{}",
        resource_group.unwrap_or_default(),
        name.unwrap_or_default()
    ))
}

impl Group {
    /// The rules of a network security group, each name once.
    pub(crate) fn network_security_rules(&self) -> Vec<Value> {
        if self.is_fresh {
            return self.rules.clone();
        }
        let name = |rule: &Value| identity(text(rule, "name").unwrap_or_default());
        let mut rules: BTreeMap<String, Value> = BTreeMap::new();
        // What stands later counts: a resource of its own has an id.
        for rule in self.inline.iter().chain(&self.rules) {
            rules.insert(name(rule), rule.clone());
        }
        rules.into_values().collect()
    }
}
