//! Every endpoint against the groups that are its own: which are, and what the provider's audit says of them.

use std::collections::{BTreeMap, BTreeSet};

use tfplugin::Value;

use super::{Cloud, Group, aws, azure, get};
use crate::catalogue::{Answer, Argument, call};
use crate::console::{Console, Failure};
use crate::input::File;

/// What is the same for every cloud, and differs between them.
pub(crate) struct Platform {
    /// Its name in answers.
    pub(crate) name: &'static str,
    /// The function that audits.
    function: &'static str,
    /// What is the same for every spelling of a group's id.
    identity: fn(&str) -> String,
    /// The rules of a group as the function takes them.
    rules: fn(&Group) -> Vec<Value>,
}

pub(crate) const AWS: Platform = Platform {
    name: "aws",
    function: "audit_security_group",
    identity: aws::identity,
    rules: Group::security_group_rules,
};

pub(crate) const AZURE: Platform = Platform {
    name: "azure",
    function: "audit_network_security_group",
    identity: azure::identity,
    rules: Group::network_security_rules,
};

/// What was said of one endpoint, or of a group that several share.
pub(crate) struct Judged {
    pub(crate) platform: &'static str,
    pub(crate) holder: String,
    /// The ids of its groups.
    pub(crate) groups: Vec<String>,
    pub(crate) answer: Answer,
}

/// Everything that was said.
#[derive(Default)]
pub(crate) struct Verdicts {
    pub(crate) judged: Vec<Judged>,
    /// Who has groups, and could not be judged: cloud, name, why.
    pub(crate) undecided: Vec<[String; 3]>,
    /// Groups in the evidence that are nobody's: cloud, id, name.
    pub(crate) others: Vec<[String; 3]>,
}

/// What the user says besides.
pub(crate) struct Wishes {
    /// Groups by endpoint, in the order of their numbers: ids, or names.
    pub(crate) groups: BTreeMap<String, Vec<String>>,
    /// The endpoints that are looked at; all, if there are none.
    pub(crate) only: BTreeSet<String>,
    /// What the user accepts, as the function takes it.
    pub(crate) accepted: Value,
}

/// Judges everyone who has a group.
pub(crate) fn judge(
    platform: &Platform,
    cloud: &Cloud,
    file: &File,
    wishes: &Wishes,
    verdicts: &mut Verdicts,
    console: &mut Console,
) -> Result<(), Failure> {
    if !cloud.is_shown {
        return Ok(());
    }
    let deployment = file.value();
    let found = Found::of(platform, cloud, &deployment, wishes);
    let addressed = found.addressed(cloud, &deployment);
    let mut used = BTreeSet::new();
    for (holder, identities) in &found.by_holder {
        used.extend(identities);
        if !(wishes.only.is_empty() || wishes.only.contains(holder)) {
            continue;
        }
        let groups: Vec<&Group> = identities.iter().filter_map(|id| cloud.groups.get(id)).collect();
        // What the cloud itself shows leaves nothing open.
        let planned = groups.iter().filter(|group| !group.is_fresh);
        let undecided: usize = planned.map(|group| group.undecided).sum();
        if undecided > 0 {
            let why = format!(
                "{undecided} of its rules refer to what only apply will know: apply, and audit the state"
            );
            verdicts.undecided.push([platform.name.to_owned(), holder.clone(), why]);
            continue;
        }
        let ids: Vec<String> = identities.iter().map(|identity| cloud.id(identity)).collect();
        let rules: Vec<Value> = groups.iter().flat_map(|group| (platform.rules)(group)).collect();
        let are_known = groups.iter().all(|group| group.id.is_some());
        let settings = settings(&ids, are_known, &cloud.lists, wishes);
        let arguments = [
            Argument::Changed(file, addressed.clone()),
            Argument::Given(holder.as_str().into()),
            Argument::Given(Value::List(rules)),
            Argument::Given(settings),
        ];
        let answer = call(platform.function, &arguments, console)?;
        console.progress(&format!("audited {holder}"));
        let (platform, holder) = (platform.name, holder.clone());
        verdicts.judged.push(Judged { platform, holder, groups: ids, answer });
    }
    console.end_progress();
    for (identity, group) in &cloud.groups {
        if !used.contains(identity) {
            let name = group.name.clone().unwrap_or_default();
            let id = group.id.clone().unwrap_or_else(|| identity.clone());
            verdicts.others.push([platform.name.to_owned(), id, name]);
        }
    }
    Ok(())
}

fn settings(
    ids: &[String],
    are_known: bool,
    lists: &BTreeMap<String, Vec<Value>>,
    wishes: &Wishes,
) -> Value {
    let mut settings = BTreeMap::from([("accepted".to_owned(), wishes.accepted.clone())]);
    if !lists.is_empty() {
        let lists = lists.iter().map(|(id, held)| (id.clone(), Value::List(held.clone())));
        settings.insert("prefix_lists".to_owned(), Value::Map(lists.collect()));
    }
    if are_known && !ids.is_empty() {
        let ids = ids.iter().map(|id| id.as_str().into()).collect();
        settings.insert("groups".to_owned(), Value::List(ids));
    }
    Value::Map(settings)
}

/// Whose the groups are.
struct Found {
    /// The groups' identities by endpoint or shared group, in the order of their numbers.
    by_holder: BTreeMap<String, Vec<String>>,
    is_aws: bool,
}

impl Found {
    fn of(platform: &Platform, cloud: &Cloud, deployment: &Value, wishes: &Wishes) -> Self {
        let is_aws = platform.name == AWS.name;
        let mut by_holder = BTreeMap::new();
        for holder in holders(deployment, is_aws) {
            let groups = if let Some(named) = wishes.groups.get(&holder) {
                named.iter().map(|name| by_name(platform, cloud, name)).collect()
            } else {
                Self::own(platform, cloud, deployment, &holder)
            };
            if !groups.is_empty() {
                by_holder.insert(holder, groups);
            }
        }
        Self { by_holder, is_aws }
    }

    /// The groups that the deployment, the keys of resources, or names say are somebody's.
    fn own(platform: &Platform, cloud: &Cloud, deployment: &Value, holder: &str) -> Vec<String> {
        let mut numbered: Vec<(u32, &String)> = (cloud.groups.iter())
            .filter_map(|(identity, group)| {
                let (name, number) = group.holder.as_ref()?;
                (name == holder).then_some((*number, identity))
            })
            .collect();
        numbered.sort_unstable();
        let mut groups: Vec<String> = numbered.into_iter().map(|(_, id)| id.clone()).collect();
        let endpoint = get(get(deployment, "endpoints"), holder);
        if let (true, Value::String(id)) =
            (platform.name == AWS.name, get(endpoint, "security_group_id"))
        {
            let first = (platform.identity)(id);
            groups.retain(|group| *group != first);
            groups.insert(0, first);
        }
        if groups.is_empty() && platform.name != AWS.name {
            let named = by_name(platform, cloud, holder);
            groups.extend(cloud.groups.contains_key(&named).then_some(named));
        }
        groups
    }

    /// The deployment with the ids of groups that were found, as our modules give them to the provider: where an endpoint has
    /// none of its own.
    fn addressed(&self, cloud: &Cloud, deployment: &Value) -> Value {
        let mut deployment = deployment.clone();
        let Value::Map(parts) = &mut deployment else { return deployment };
        let Some(Value::Map(endpoints)) = parts.get_mut("endpoints") else { return deployment };
        for (name, endpoint) in endpoints.iter_mut() {
            let Value::Map(endpoint) = endpoint else { continue };
            let (attribute, value) = if self.is_aws {
                let Some(first) = self.by_holder.get(name).and_then(|groups| groups.first()) else {
                    continue;
                };
                ("security_group_id", cloud.id(first).into())
            } else {
                let Some(id) = cloud.members.get(name) else { continue };
                ("application_security_group_ids", vec![id.as_str()].into())
            };
            let given = endpoint.entry(attribute.to_owned()).or_default();
            if given.is_null() {
                *given = value;
            }
        }
        deployment
    }
}

/// Who can have groups: endpoints, and on Azure the names of groups that they share.
fn holders(deployment: &Value, is_aws: bool) -> BTreeSet<String> {
    let Value::Map(endpoints) = get(deployment, "endpoints") else { return BTreeSet::new() };
    let holder = |(name, endpoint): (&String, &Value)| match get(endpoint, "network_security_group")
    {
        Value::String(shared) if !is_aws => shared.clone(),
        _ => name.clone(),
    };
    endpoints.iter().map(holder).collect()
}

/// The identity of a group that is given by its id, by the address of its resource in Terraform, or by a name that only one has.
fn by_name(platform: &Platform, cloud: &Cloud, name: &str) -> String {
    let identity = (platform.identity)(name);
    if cloud.groups.contains_key(&identity) {
        return identity;
    }
    if let Some(place) = cloud.addresses.get(name) {
        return (platform.identity)(place);
    }
    let is_it =
        |group: &Group| group.name.as_deref().is_some_and(|known| known.eq_ignore_ascii_case(name));
    let mut named = cloud.groups.iter().filter(|(_, group)| is_it(group));
    match (named.next(), named.next()) {
        (Some((one, _)), None) => one.clone(),
        _ => identity,
    }
}
