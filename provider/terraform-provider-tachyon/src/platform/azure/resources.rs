//! The resources that our module makes of network security rules.
//!
//! What makes Terraform replace an `azurerm_network_security_rule`: its name, that of its group and of the resource group
//! (terraform-provider-azurerm, `internal/services/network/network_security_rule_resource.go`).

use std::borrow::Cow;

use tfplugin::encode;

use super::record::{Renderer, RuleRecord};
use super::rule::RuleSet;
use super::{Azure, NetworkSecurityRules};
use crate::leaf::Leaf;
use crate::platform::Answer;
use crate::platform::resource::{Arguments, Resource, Resources};
use crate::platform::view::View;

/// Those of the endpoints that have application security groups, and of the groups that endpoints share; or of all. None while
/// they depend on something unknown.
pub(super) fn of(view: &View<'_>, answer: &Answer<'_, Azure>, of_all: bool) -> Option<Resources> {
    let mut resources = Resources::new();
    for id in view.ids() {
        let (name, azure) = (view.name(id), &view.addresses(id).platforms.azure);
        let is_placed = azure.security_group.is_none() && (azure.groups.is_some() || of_all);
        if is_placed {
            let NetworkSecurityRules { rules } = answer.endpoints.get(name)?;
            add(name, rules, &mut resources)?;
        }
    }
    let Leaf::Known(shared) = &answer.shared else { return None };
    for (name, group) in shared {
        add(name, &group.rules, &mut resources)?;
    }
    Some(resources)
}

fn add(holder: &str, rules: &Leaf<RuleSet<'_>>, resources: &mut Resources) -> Option<()> {
    let Leaf::Known(set) = rules else { return None };
    let mut renderer = Renderer::of(set);
    for (key, rule) in set.rules() {
        let record = renderer.record(rule);
        let are_known = is_known(&record);
        let forcing = Arguments { written: encode(&record.name), are_known: true };
        // Without what is no argument of the resource.
        let none = || Cow::Borrowed(&[][..]);
        let bare = RuleRecord { peers: none(), documented: false, flows: none(), ..record };
        let others = Arguments { written: encode(&bare), are_known };
        resources.insert(format!("{holder}/{key}"), Resource { forcing, others });
    }
    Some(())
}

fn is_known(record: &RuleRecord<'_, '_>) -> bool {
    record.priority.value().is_some()
        && record.source_address_prefix.value().is_some()
        && record.source_address_prefixes.value().is_some()
        && record.source_application_security_group_ids.value().is_some()
        && record.destination_address_prefix.value().is_some()
        && record.destination_address_prefixes.value().is_some()
        && record.destination_application_security_group_ids.value().is_some()
}
