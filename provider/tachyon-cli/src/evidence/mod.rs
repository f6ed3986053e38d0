//! What is there, from what Terraform and the clouds' command lines print: groups with their rules, in the words that the
//! provider's audits take.
//!
//! Nothing is judged here, and no rule is read: what a rule admits is the audit's to say.

pub(crate) mod aws;
pub(crate) mod azure;
mod configuration;
pub(crate) mod judge;
mod sources;
mod terraform;

use std::collections::BTreeMap;

use tfplugin::Value;

/// A group of rules as some file shows it.
#[derive(Debug, Default, Clone)]
pub(crate) struct Group {
    /// The cloud's id; none while Terraform does not know it yet.
    pub(crate) id: Option<String>,
    /// What it is called, where that is known.
    pub(crate) name: Option<String>,
    /// The endpoint, or the shared group, that the key of the resource in Terraform names, and the number of the group.
    pub(crate) holder: Option<(String, u32)>,
    /// Its rules: resources of their own, or what the cloud lists.
    pub(crate) rules: Vec<Value>,
    /// Its rules as the group itself shows them; they may be the same ones.
    pub(crate) inline: Vec<Value>,
    /// Rules as they are before a plan changes or removes them: the group itself may still show them.
    pub(crate) gone: Vec<Value>,
    /// How many of its rules say something that only apply will know.
    pub(crate) undecided: usize,
    /// Whether the cloud itself was asked, and not Terraform, which remembers what it last saw.
    pub(crate) is_fresh: bool,
}

/// What files show of one cloud.
#[derive(Debug, Default)]
pub(crate) struct Cloud {
    /// By the identity of the group, or by what stands for one that has none yet.
    pub(crate) groups: BTreeMap<String, Group>,
    /// What stands for a group or a prefix list by the address of its resource in Terraform.
    pub(crate) addresses: BTreeMap<String, String>,
    /// The CIDRs of prefix lists, by id, or by what stands for one that only apply will know.
    pub(crate) lists: BTreeMap<String, Vec<Value>>,
    /// Application security groups by the key of their resource in Terraform.
    pub(crate) members: BTreeMap<String, String>,
    /// Whether some file was about this cloud.
    pub(crate) is_shown: bool,
}

/// Everything that the files show.
#[derive(Debug, Default)]
pub(crate) struct Evidence {
    pub(crate) aws: Cloud,
    pub(crate) azure: Cloud,
}

impl Evidence {
    /// Adds what a file shows, or says why it can't.
    pub(crate) fn add(&mut self, value: &Value) -> Result<(), String> {
        if !get(value, "format_version").is_null() {
            return terraform::add(self, value);
        }
        if aws::add(&mut self.aws, value)? || azure::add(&mut self.azure, value)? {
            return Ok(());
        }
        Err("This is nothing that is known here. Accepted is what these print: `terraform show -json` (of a plan or a state), `aws ec2 describe-security-group-rules`, `aws ec2 describe-security-groups`, `az network nsg list` or `az network nsg show`.".to_owned())
    }
}

impl Cloud {
    /// The id of a group, or what stands for it.
    fn id(&self, identity: &str) -> String {
        let group = self.groups.get(identity);
        group.and_then(|group| group.id.clone()).unwrap_or_else(|| identity.to_owned())
    }

    /// The group of an identity, which may be new.
    fn group(&mut self, identity: String) -> &mut Group {
        self.is_shown = true;
        self.groups.entry(identity).or_default()
    }
}

/// An attribute of something that others wrote; null where there is none.
pub(crate) fn get<'v>(value: &'v Value, name: &str) -> &'v Value {
    match value {
        Value::Map(attributes) => attributes.get(name).unwrap_or(&Value::Null),
        _ => &Value::Null,
    }
}

/// The elements of such an attribute; none where it is no list.
fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    get(value, name).elements().unwrap_or_default()
}

/// An attribute that is text, and not empty.
fn text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    match get(value, name) {
        Value::String(text) if !text.is_empty() => Some(text),
        _ => None,
    }
}
