//! The resources that our modules make of security group rules.
//!
//! What makes Terraform replace one: of `aws_vpc_security_group_ingress_rule` and its sibling `security_group_id`, and another
//! kind of source, which a key never changes (terraform-provider-aws, `internal/service/ec2/vpc_security_group_ingress_rule.go`).
//! Of `aws_security_group_rule` everything but the description; a key fixes all of that too, except the ids. Of
//! `aws_ec2_managed_prefix_list` the family, which its key names.

use std::borrow::Cow;
use std::collections::BTreeSet;

use portmatrix::known::Known;
use tfplugin::encode;

use super::record::{Renderer, RuleRecord};
use super::rule::Side;
use super::{Aws, SecurityGroupRules};
use crate::leaf::Leaf;
use crate::platform::Answer;
use crate::platform::resource::{Arguments, Resource, Resources};
use crate::platform::view::View;

/// Those of the endpoints that have a security group, or of all. None while they depend on something unknown.
pub(super) fn of(view: &View<'_>, answer: &Answer<'_, Aws>, of_all: bool) -> Option<Resources> {
    let mut resources = Resources::new();
    let mut lists = BTreeSet::new();
    for id in view.ids() {
        let name = view.name(id);
        let group = view.addresses(id).platforms.aws.security_group_id;
        if group.is_none() && !of_all {
            continue;
        }
        let SecurityGroupRules { ingress, egress, .. } = answer.endpoints.get(name)?;
        for (direction, side) in [("ingress", ingress), ("egress", egress)] {
            let Leaf::Known(side) = side else { return None };
            add(name, direction, group, side, &mut resources, &mut lists);
        }
    }
    let Leaf::Known(created) = &answer.shared else { return None };
    for (key, list) in created.iter().filter(|(key, _)| lists.contains(key.as_str())) {
        let forcing = Arguments { written: encode(&list.address_family), are_known: true };
        let others = Arguments { written: encode(list), are_known: true };
        resources.insert(format!("prefix list {key}"), Resource { forcing, others });
    }
    Some(resources)
}

fn add(
    endpoint: &str,
    direction: &str,
    group: Option<Known<&str>>,
    side: &Side<'_>,
    resources: &mut Resources,
    lists: &mut BTreeSet<String>,
) {
    let mut renderer = Renderer::of(side);
    for rule in side.rules() {
        let key = format!("{endpoint}/{direction}/{}", renderer.key(rule));
        let record = renderer.record(rule);
        lists.extend(record.prefix_list.clone());
        let number = record.group.value().copied();
        let group = match group {
            Some(Known::Known(id)) => Some(id),
            Some(Known::Unknown) => None,
            None => Some(""),
        };
        let forcing = match (group, number) {
            (Some(id), Some(number)) => {
                Arguments { written: format!("{number} {id}").into_bytes(), are_known: true }
            }
            _ => Arguments { written: Vec::new(), are_known: false },
        };
        let is_known = |id: &Option<Leaf<&str>>| id.as_ref().is_none_or(|id| id.value().is_some());
        let are_known =
            is_known(&record.prefix_list_id) && is_known(&record.referenced_security_group_id);
        // Without what is no argument of the resource.
        let bare = RuleRecord {
            group: Leaf::Known(0),
            peer: "",
            documented: false,
            flows: Cow::Borrowed(&[]),
            ..record
        };
        let others = Arguments { written: encode(&bare), are_known };
        resources.insert(key, Resource { forcing, others });
    }
}
