//! What `terraform show -json` prints, of a state or of a plan: the resources of all modules.

use std::collections::BTreeMap;

use tfplugin::Value;

use super::configuration::Module;
use super::{Evidence, aws, azure, get, list, text};

/// A resource, as `terraform show -json` has it.
pub(super) struct Resource<'m, 'v> {
    pub(super) kind: &'v str,
    /// The key of the instance in its `for_each`; empty without one.
    pub(super) key: &'v str,
    pub(super) address: &'v str,
    pub(super) values: &'v Value,
    /// What of its values only apply will know, in their shape; none where the file does not say.
    pub(super) unknown: Option<&'v Value>,
    /// Its configuration, by attribute; null where the file has none.
    expressions: &'v Value,
    pub(super) module: &'m Module<'m, 'v>,
}

impl Resource<'_, '_> {
    /// Whether all of an attribute is still unknown. Where the file does not say, whatever is not there may be.
    pub(super) fn is_unknown(&self, name: &str) -> bool {
        match self.unknown {
            Some(unknown) => *get(unknown, name) == Value::Bool(true),
            None => get(self.values, name).is_null(),
        }
    }

    /// Whether somebody wrote the attribute: of what nobody wrote, the cloud decides. Where the file does not say, somebody may have.
    pub(super) fn is_written(&self, name: &str) -> bool {
        self.expressions.is_null() || !get(self.expressions, name).is_null()
    }

    /// The address of the resource whose id an attribute will be, if the configuration tells.
    pub(super) fn refers_to(&self, name: &str) -> Option<String> {
        self.module.resource_of(get(self.expressions, name))
    }
}

/// What is the same for all resources of a file.
struct File<'v> {
    /// What only apply will know, by address.
    unknown: BTreeMap<&'v str, &'v Value>,
    is_plan: bool,
}

/// Adds every resource that is about groups. Of a plan, those as they will be.
pub(super) fn add(evidence: &mut Evidence, shown: &Value) -> Result<(), String> {
    let planned = get(get(shown, "planned_values"), "root_module");
    let is_plan = !planned.is_null();
    let root = if is_plan { planned } else { get(get(shown, "values"), "root_module") };
    if root.is_null() {
        return Err(
            "Found what `terraform show -json` prints, but with no resources in it.".to_owned()
        );
    }
    // What was replaced and could not be destroyed has the address of what is in its place.
    let changes = list(shown, "resource_changes").iter().filter(|it| get(it, "deposed").is_null());
    let unknown = changes
        .filter_map(|it| Some((text(it, "address")?, get(get(it, "change"), "after_unknown"))));
    let file = File { unknown: unknown.collect(), is_plan };
    let configuration = get(get(shown, "configuration"), "root_module");
    let called = Module { address: "", configuration, caller: None };
    // What rules refer to first.
    for kinds in [HOLDERS, RULES] {
        module(evidence, root, &file, &called, kinds)?;
    }
    for change in list(shown, "resource_changes") {
        let kind = text(change, "type").filter(|kind| RULES.contains(kind));
        let change = get(change, "change");
        let is_kept = list(change, "actions")
            .iter()
            .all(|it| KEPT.iter().any(|kept| *it == Value::from(*kept)));
        if let (Some(kind), false) = (kind, is_kept) {
            aws::gone(&mut evidence.aws, kind, get(change, "before"));
            azure::gone(&mut evidence.azure, kind, get(change, "before"));
        }
    }
    Ok(())
}

/// What rules refer to, and stand in.
const HOLDERS: &[&str] = &[
    "aws_security_group",
    "aws_ec2_managed_prefix_list",
    "azurerm_network_security_group",
    "azurerm_application_security_group",
];

/// What a plan does to a resource that leaves what was there as it is.
const KEPT: [&str; 4] = ["no-op", "read", "create", "forget"];

const RULES: &[&str] = &[
    "aws_vpc_security_group_ingress_rule",
    "aws_vpc_security_group_egress_rule",
    "aws_security_group_rule",
    "azurerm_network_security_rule",
];

fn module<'v>(
    evidence: &mut Evidence,
    shown: &'v Value,
    file: &File<'v>,
    called: &Module<'_, 'v>,
    kinds: &[&str],
) -> Result<(), String> {
    for resource in list(shown, "resources") {
        let is_managed = text(resource, "mode") == Some("managed");
        let (Some(kind), true) = (text(resource, "type"), is_managed) else { continue };
        if !kinds.contains(&kind) {
            continue;
        }
        let address = text(resource, "address").ok_or("A resource has no `address`.")?;
        let unknown =
            if file.is_plan { file.unknown.get(address).copied() } else { Some(&Value::Null) };
        let resource = Resource {
            kind,
            key: text(resource, "index").unwrap_or_default(),
            address,
            values: get(resource, "values"),
            unknown,
            expressions: called.expressions(kind, text(resource, "name").unwrap_or_default()),
            module: called,
        };
        aws::resource(&mut evidence.aws, &resource);
        azure::resource(&mut evidence.azure, &resource);
    }
    for child in list(shown, "child_modules") {
        let address = text(child, "address").unwrap_or_default();
        let name = address.strip_prefix(called.address).unwrap_or_default();
        let name = name.trim_start_matches('.').strip_prefix("module.").unwrap_or_default();
        let call = called.call(name.split('[').next().unwrap_or_default());
        let within =
            Module { address, configuration: get(call, "module"), caller: Some((called, call)) };
        module(evidence, child, file, &within, kinds)?;
    }
    Ok(())
}
