//! Network security groups: what `az network nsg` prints, and the resources of hashicorp/azurerm.

use std::collections::{BTreeMap, BTreeSet};

use tachyon::bug::OrBug;
pub(crate) use tachyon::platform::azure::identity;
use tfplugin::Value;

use super::terraform::Resource;
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
pub(super) fn resource(cloud: &mut Cloud, resource: &Resource<'_, '_>) {
    let values = resource.values;
    match resource.kind {
        "azurerm_network_security_group" => {
            let place = match (text(values, "id"), text(values, "name")) {
                (Some(id), _) => identity(id),
                (None, Some(name)) => planned(text(values, "resource_group_name"), name),
                (None, None) => unnamed(resource, holder(resource.key, false)),
            };
            cloud.addresses.insert(resource.address.to_owned(), place.clone());
            let group = cloud.group(place);
            group.id = group.id.take().or_else(|| text(values, "id").map(str::to_owned));
            group.name = text(values, "name").map(str::to_owned);
            group.holder = Some((resource.key.to_owned(), 0));
            for rule in list(values, "security_rule") {
                group.add(rule, true);
            }
        }
        "azurerm_application_security_group" => {
            // Without an id one stands for it, so that rules that don't name it can be judged.
            let id = text(values, "id")
                .map_or_else(|| format!("planned:{}", resource.address), str::to_owned);
            cloud.members.insert(resource.key.to_owned(), id);
        }
        "azurerm_network_security_rule" => {
            let id = group_of(values);
            let name = text(values, "network_security_group_name");
            let holder = holder(resource.key, id.is_some() || name.is_some());
            let place = match (id, name) {
                (Some(id), _) => identity(id),
                (None, Some(name)) => planned(text(values, "resource_group_name"), name),
                (None, None) => unnamed(resource, holder),
            };
            let group = cloud.group(place);
            group.id = group.id.take().or_else(|| id.map(str::to_owned));
            group.name = group.name.take().or_else(|| name.map(str::to_owned));
            if let Some(holder) = holder {
                group.holder.get_or_insert((holder.to_owned(), 0));
            }
            if group.is_fresh {
                return;
            }
            group.add(values, false);
        }
        _ => {}
    }
}

/// The id of the group that a rule is in: its own begins with that.
fn group_of(rule: &Value) -> Option<&str> {
    let (parent, _) = text(rule, "id")?.rsplit_once('/')?;
    parent.rsplit_once('/').map(|(group, _)| group)
}

/// Notes a rule as it is before a plan changes or removes it.
pub(super) fn gone(cloud: &mut Cloud, kind: &str, before: &Value) {
    if let (Some(id), "azurerm_network_security_rule") = (group_of(before), kind)
        && let Some(group) = cloud.groups.get_mut(&identity(id))
    {
        group.gone.push(before.clone());
    }
}

/// Whether a rule is known: a plan leaves out what only apply will know, such as the ids of groups. One without a name can't be told from
/// others.
fn is_decided(rule: &Value) -> bool {
    let has_end = |end: &str| {
        let names = ["address_prefix", "address_prefixes", "application_security_group_ids"];
        names.into_iter().any(|name| match get(rule, &format!("{end}_{name}")) {
            Value::Null => false,
            Value::String(text) => !text.is_empty(),
            other => other.elements().is_some_and(|elements| {
                !elements.is_empty() && elements.iter().all(|element| !element.is_null())
            }),
        })
    };
    text(rule, "name").is_some() && has_end("source") && has_end("destination")
}

/// Whose group a rule is in, by a key as in our modules: `<holder>/<inbound|outbound>/…`. Of a group of which nothing else is known, by
/// what the key begins with.
fn holder(key: &str, is_known: bool) -> Option<&str> {
    let mut parts = key.split('/');
    let holder = parts.next().filter(|holder| !holder.is_empty())?;
    (!is_known || matches!(parts.next(), Some("inbound" | "outbound"))).then_some(holder)
}

/// What stands for a group that has no id yet. Its resource group may be known as late.
fn planned(resource_group: Option<&str>, name: &str) -> String {
    identity(&format!("planned:{}/{name}", resource_group.unwrap_or_default()))
}

/// What stands for a group of which not even the name is known yet: whose it is, else where it stands.
fn unnamed(resource: &Resource<'_, '_>, holder: Option<&str>) -> String {
    match holder {
        Some(holder) => format!("key:{holder}"),
        None => format!("address:{}", resource.address),
    }
}

impl Group {
    /// Adds a rule, which stands in the group itself or beside it.
    fn add(&mut self, rule: &Value, is_inline: bool) {
        match is_decided(rule) {
            true if is_inline => self.inline.push(rule.clone()),
            true => self.rules.push(rule.clone()),
            false => self.undecided += 1,
        }
    }

    /// The rules of a network security group, each name once.
    pub(crate) fn network_security_rules(&self) -> Vec<Value> {
        if self.is_fresh {
            return self.rules.clone();
        }
        let mut rules: BTreeMap<String, Value> = BTreeMap::new();
        // What stands later counts: a resource of its own has an id.
        let name = |rule: &Value| {
            identity(text(rule, "name").or_bug("a rule without the name that it is told by"))
        };
        let gone = self.gone.iter().filter_map(|rule| Some(identity(text(rule, "name")?)));
        let gone: BTreeSet<String> = gone.collect();
        let inline = self.inline.iter().filter(|rule| !gone.contains(&name(rule)));
        for rule in inline.chain(&self.rules) {
            rules.insert(name(rule), rule.clone());
        }
        rules.into_values().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Evidence;

    #[test]
    fn what_has_no_name_yet_is_taken_for_nothing_else() {
        let kind = "azurerm_network_security_group";
        let rule = Value::from([("priority", Value::from(100))]);
        let group = |name: &str| {
            Value::from([
                ("mode", "managed".into()),
                ("type", kind.into()),
                ("address", format!("{kind}.{name}").as_str().into()),
                ("values", [("security_rule", vec![rule.clone(), rule.clone()].into())].into()),
            ])
        };
        let module = Value::from([("resources", vec![group("a"), group("b")].into())]);
        let shown = Value::from([
            ("format_version", "1.0".into()),
            ("values", [("root_module", module)].into()),
        ]);
        let mut evidence = Evidence::default();
        assert_eq!(evidence.add(&shown), Ok(()));
        let groups = evidence.azure.groups.values();
        assert_eq!(groups.clone().map(|group| group.undecided).collect::<Vec<_>>(), [2, 2]);
        assert!(groups.clone().all(|group| group.network_security_rules().is_empty()));
    }
}
