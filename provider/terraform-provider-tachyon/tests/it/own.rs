//! Rows of the user's own: random ones beside random deployments, and what they promise like documented ones.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use tfplugin::{Value, promise};

use crate::agreement::connections_agree;
use crate::answer::{Read, answer, ask};
use crate::cases::cases;
use crate::clouds::rules_agree;
use crate::facts::{FACTS, Fact, Overlay, Ports, ROLES};
use crate::functions::FUNCTIONS;
use crate::generate::direct_deployments;
use crate::model::{Deployment, Own};
use crate::tree::replaced;

/// Roles that no document has; one sorts before those of the document, one behind.
const OWN_ROLES: [&str; 3] = ["a_directory", "ntp", "zz_agent"];
/// Names of flows.
const FLOWS: [&str; 6] =
    ["a_first", "client_to_switch_2", "directory", "m", "time_for_all_who_ask", "zz9"];
/// Settings, each with the port that an endpoint may set for it; no two share one.
pub(crate) const SETTINGS: [(&str, u16); 3] =
    [("ldap", 20389), ("ntp_port", 20123), ("agent", 20999)];
/// Where own rows arrive: also where documented ones do.
const PORTS: [(u16, u16); 7] =
    [(443, 443), (1433, 1433), (389, 389), (53, 53), (636, 636), (10000, 10100), (9, 9)];

#[derive(Debug, Clone)]
pub(crate) struct Draft {
    flow: usize,
    from: usize,
    to: usize,
    udp: bool,
    ports: BTreeSet<usize>,
    setting: Option<usize>,
    inside_endpoint: bool,
}

/// A role: of the document, or of the user's own.
fn role(pick: usize) -> &'static str {
    OWN_ROLES.get(pick).copied().unwrap_or_else(|| ROLES[(pick - OWN_ROLES.len()) % ROLES.len()])
}

fn drafts() -> impl Strategy<Value = Vec<Draft>> {
    // Own roles and servers of the installation more often than what is around it.
    let role = || prop_oneof![2 => 0..OWN_ROLES.len() + 3, 1 => 0..OWN_ROLES.len() + ROLES.len()];
    let ports = proptest::collection::btree_set(0..PORTS.len(), 1..=3);
    let one = (
        (0..FLOWS.len(), role(), role(), any::<bool>()),
        (ports, option::weighted(0.4, 0..SETTINGS.len()), any::<bool>()),
    );
    let draft = one.prop_map(|((flow, from, to, udp), (ports, setting, inside_endpoint))| Draft {
        flow,
        from,
        to,
        udp,
        ports,
        setting,
        inside_endpoint,
    });
    vec(draft, 1..=4)
}

/// Drafts between few roles.
pub(crate) fn small_drafts() -> impl Strategy<Value = Vec<Draft>> {
    drafts().prop_map(|mut drafts| {
        for draft in &mut drafts {
            draft.from %= OWN_ROLES.len();
            draft.to %= OWN_ROLES.len();
        }
        drafts
    })
}

/// The rows, each name once, and each setting of a role with one default.
pub(crate) fn rows(drafts: &[Draft]) -> Vec<Own> {
    let mut rows: BTreeMap<&str, Own> = BTreeMap::new();
    let mut settings: BTreeSet<(&str, &str)> = BTreeSet::new();
    for (place, draft) in drafts.iter().enumerate() {
        let flow = FLOWS[draft.flow];
        let to = role(draft.to);
        let ranges: Vec<(u16, u16)> = draft.ports.iter().map(|pick| PORTS[*pick]).collect();
        let setting = draft.setting.map(|pick| SETTINGS[pick].0);
        let ports = match setting {
            Some(setting) if ranges[0].0 == ranges[0].1 && settings.insert((to, setting)) => {
                Ports::Of(setting, ranges[0])
            }
            _ => Ports::Fixed(Box::leak(ranges.into_boxed_slice())),
        };
        let citation: &'static str = Box::leak(format!("site/row-{place}").into_boxed_str());
        let fact = Fact {
            flow,
            ordinal: 0,
            from: role(draft.from),
            to,
            transport: if draft.udp { "udp" } else { "tcp" },
            application: "own",
            ports,
            overlay: Overlay::Base,
            outgoing: Box::leak(Box::new([citation])),
            incoming: &[],
            follows: None,
        };
        let own = Own { fact: Box::leak(Box::new(fact)), inside_endpoint: draft.inside_endpoint };
        rows.entry(flow).or_insert(own);
    }
    rows.into_values().collect()
}

/// Deployments with rows of their own, and endpoints that play their roles and set their ports.
pub(crate) fn extended() -> impl Strategy<Value = Deployment> {
    let players = vec((any::<prop::sample::Index>(), 0..OWN_ROLES.len(), any::<bool>()), 0..=4);
    (direct_deployments(), drafts(), players).prop_map(|(mut deployment, drafts, players)| {
        deployment.own = rows(&drafts);
        let declared: BTreeSet<&str> =
            deployment.own.iter().flat_map(|own| [own.fact.from, own.fact.to]).collect();
        let names: Vec<String> = deployment.endpoints.keys().cloned().collect();
        for (who, pick, sets) in players {
            let endpoint = deployment.endpoints.get_mut(who.get(&names)).expect("its name");
            let role = OWN_ROLES[pick];
            if !declared.contains(role) {
                continue;
            }
            endpoint.roles.insert(role);
            let settings = deployment.own.iter().filter(|own| own.fact.to == role);
            for own in settings.filter(|_| sets) {
                if let Ports::Of(setting, _) = own.fact.ports {
                    let port = SETTINGS.iter().find(|(name, _)| *name == setting).expect("one").1;
                    endpoint.ports.single.insert(setting, port);
                }
            }
        }
        // Quotas were fitted to the deployment without the rows.
        deployment.options.aws = Some((1000, 1, 1));
        for endpoint in deployment.endpoints.values_mut() {
            endpoint.security_groups = None;
        }
        deployment
    })
}

proptest! {
    #![proptest_config(cases(1000))]

    #[test]
    fn connections_of_own_rows_are_those_of_the_second_reading(deployment in extended()) {
        connections_agree(&deployment);
    }

    #[test]
    fn rules_admit_own_rows_and_nothing_else(deployment in extended()) {
        rules_agree(&deployment);
    }
}

proptest! {
    #![proptest_config(cases(64))]

    /// What rests on documented rows alone stays as it is, on every cloud: keys, priorities, descriptions.
    #[test]
    fn own_rows_change_no_documented_rule(deployment in extended()) {
        let without = Deployment { own: Vec::new(), ..bare(&deployment) };
        let with = Deployment { own: deployment.own.clone(), ..without.clone() };
        let [before, after] = [&without, &with].map(|it| answer("network_security_rules", &it.value()));
        for (name, rules) in before.at("endpoints").map() {
            for (key, rule) in rules.at("rules").map() {
                prop_assert_eq!(after.at("endpoints").at(name).at("rules").at(key), rule, "{} of {}", key, name);
            }
        }
        let [before, after] = [&without, &with].map(|it| answer("security_group_rules", &it.value()));
        for (name, rules) in before.at("endpoints").map() {
            for direction in ["ingress", "egress"] {
                for key in rules.at(direction).map().keys() {
                    prop_assert!(after.at("endpoints").at(name).at(direction).map().contains_key(key), "{} of {}", key, name);
                }
            }
        }
    }

    /// Rows that are not known yet leave the maps unknown as a whole, and what is promised is kept.
    #[test]
    fn unknown_rows_are_never_a_mistake(deployment in extended(), part in any::<prop::sample::Index>()) {
        let value = deployment.value();
        let flows = value.at("additions").at("flows").map();
        let flow = part.get(&flows.keys().cloned().collect::<Vec<_>>()).clone();
        let attribute = part.get(&flows[&flow].map().keys().cloned().collect::<Vec<_>>()).clone();
        let ways = [vec!["additions"], vec!["additions", "flows"], vec!["additions", "roles"],
            vec!["additions", "flows", &flow], vec!["additions", "flows", &flow, &attribute]];
        for way in ways {
            let way: Vec<String> = way.into_iter().map(str::to_owned).collect();
            let masked = replaced(&value, &way, &Value::UNKNOWN);
            for function in FUNCTIONS.iter().copied() {
                let promised = ask(function, &masked).unwrap_or_else(|error| panic!("{way:?}: {error}"));
                let actual = answer(function, &value);
                if let Err(broken) = promise::kept(&promised, &actual) {
                    panic!("{function}: {broken}: {way:?}");
                }
            }
        }
    }
}

/// The deployment without what belongs to rows of its own.
fn bare(deployment: &Deployment) -> Deployment {
    let mut deployment = deployment.clone();
    deployment.endpoints.retain(|_, endpoint| {
        endpoint.roles.retain(|role| ROLES.contains(role));
        endpoint.ports.single.retain(|name, _| SETTINGS.iter().all(|(own, _)| own != name));
        !endpoint.roles.is_empty()
    });
    deployment
}

#[test]
fn no_flow_of_the_document_is_called_like_one_of_these() {
    assert!(FACTS.iter().all(|fact| !FLOWS.contains(&fact.flow)));
}
