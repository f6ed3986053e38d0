//! What `terraform show -json` prints, of a state or of a plan: the resources of all modules.

use tfplugin::Value;

use super::aws::Resource;
use super::{Evidence, aws, azure, get, list, text};

/// Adds every resource that is about groups. Of a plan, those as they will be.
pub(super) fn add(evidence: &mut Evidence, shown: &Value) -> Result<(), String> {
    let planned = get(get(shown, "planned_values"), "root_module");
    let root = if planned.is_null() { get(get(shown, "values"), "root_module") } else { planned };
    if root.is_null() {
        return Err(
            "Found what `terraform show -json` prints, but with no resources in it.".to_owned()
        );
    }
    module(evidence, root)
}

fn module(evidence: &mut Evidence, shown: &Value) -> Result<(), String> {
    for resource in list(shown, "resources") {
        let is_managed = text(resource, "mode") == Some("managed");
        let (Some(kind), true) = (text(resource, "type"), is_managed) else { continue };
        let resource = Resource {
            kind,
            key: text(resource, "index").unwrap_or_default(),
            address: text(resource, "address").ok_or("A resource has no `address`.")?,
            values: get(resource, "values"),
        };
        aws::resource(&mut evidence.aws, &resource);
        azure::resource(&mut evidence.azure, &resource);
    }
    for child in list(shown, "child_modules") {
        module(evidence, child)?;
    }
    Ok(())
}
