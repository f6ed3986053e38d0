//! What can be chosen for Azure: closing what is not documented, and pinned priorities.

use std::collections::BTreeMap;

use portmatrix::known::Known;
use portmatrix::path::{At, quoted};
use tfplugin::Value;

use super::address::known_tag;
use super::priority::{HIGHEST, LOWEST_OF_USERS};
use crate::platform::ReadOptions;
use crate::platform::azure::AzureMistake;
use crate::reader::{Reader, attribute};

/// The options of Azure.
#[derive(Debug, Clone)]
pub struct Options {
    /// Whether everything that no rule admits is denied, in both directions.
    pub deny_all: Known<bool>,
    /// Whether the load balancer's health probes are admitted all the same.
    pub allow_azure_load_balancer: Known<bool>,
    /// Service tags of platform services that machines reach by HTTPS all the same; sorted, none twice.
    pub allow_services: Known<Vec<String>>,
    /// Priorities chosen by the user, by the key of the rule.
    pub priorities: Known<BTreeMap<String, Known<u16>>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            deny_all: Known::Known(false),
            allow_azure_load_balancer: Known::Known(true),
            allow_services: Known::Known(Vec::new()),
            priorities: Known::Known(BTreeMap::new()),
        }
    }
}

impl ReadOptions for Options {
    fn unknown() -> Self {
        Self {
            deny_all: Known::Unknown,
            allow_azure_load_balancer: Known::Unknown,
            allow_services: Known::Unknown,
            priorities: Known::Unknown,
        }
    }

    fn read(value: &Value, at: &At<'_>, reader: &mut Reader) -> Self {
        const NAMES: [&str; 4] =
            ["deny_all", "allow_azure_load_balancer", "allow_services", "priorities"];
        let object = match reader.object(value, at, &NAMES) {
            None => return Self::default(),
            Some(Known::Unknown) => return Self::unknown(),
            Some(Known::Known(object)) => object,
        };
        let [deny, balancer, services, priorities] = NAMES;
        Self {
            deny_all: reader
                .flag(attribute(object, deny), &at.name(deny))
                .unwrap_or(Known::Known(false)),
            allow_azure_load_balancer: (reader
                .flag(attribute(object, balancer), &at.name(balancer)))
            .unwrap_or(Known::Known(true)),
            allow_services: tags(attribute(object, services), &at.name(services), reader),
            priorities: pins(attribute(object, priorities), &at.name(priorities), reader),
        }
    }
}

/// Service tags, sorted. One that is unknown or mistaken leaves the list unknown.
fn tags(value: &Value, at: &At<'_>, reader: &mut Reader) -> Known<Vec<String>> {
    let Known::Known(texts) = reader.texts(value, at).unwrap_or(Known::Known(Vec::new())) else {
        return Known::Unknown;
    };
    let mut tags = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut complete = true;
    for (index, text) in texts.into_iter().enumerate() {
        let here = at.index(index);
        let Some(tag) = text.value().and_then(|text| known_tag(text, &here, reader)) else {
            complete = false;
            continue;
        };
        if let Some(first) = places.insert(tag.to_ascii_lowercase(), index) {
            reader.problems.add_between(
                (&here, &at.index(first)),
                AzureMistake::RepeatedServiceTag,
                format!("{} is given twice; Azure does not tell capitals apart.", quoted(tag)),
            );
        } else {
            tags.push(tag.to_owned());
        }
    }
    tags.sort();
    if complete { Known::Known(tags) } else { Known::Unknown }
}

fn pins(value: &Value, at: &At<'_>, reader: &mut Reader) -> Known<BTreeMap<String, Known<u16>>> {
    let pins = reader.map(value, at, "an object of priorities by rule key").unwrap_or_else(|| {
        static NONE: BTreeMap<String, Value> = BTreeMap::new();
        Known::Known(&NONE)
    });
    pins.map(|pins| {
        (pins.iter())
            .filter_map(|(key, value)| {
                let number = reader.whole(
                    value,
                    &at.key(key),
                    u32::from(HIGHEST),
                    u32::from(LOWEST_OF_USERS),
                )?;
                let number = match number.map(u16::try_from) {
                    Known::Known(Ok(number)) => Known::Known(number),
                    Known::Known(Err(_)) | Known::Unknown => Known::Unknown,
                };
                Some((key.clone(), number))
            })
            .collect()
    })
}
