//! What `explain` says where something stands between the two ends.

use expect_test::expect_file;
use tfplugin::Value;

use super::{explained, written};
use crate::answer::Read;

/// A balancer before two DMZ Servers, one that keeps the source, and a proxy before a firewall that translates.
fn installation() -> Value {
    value!({
        "endpoints": {
            "tachyon": { "roles": ["master_stack", "response_stack"], "cidrs": ["10.0.0.1/32"], "security_group_id": "sg-1" },
            "dmz": { "roles": ["dmz_server"], "cidrs": ["192.0.2.16/32"], "security_group_id": "sg-2" },
            "internet": { "roles": ["internet_client"], "cidrs": ["203.0.113.0/24"] },
            "cloud": { "roles": ["cloud_1e"], "cidrs": ["198.51.100.0/24"] },
            "balancer": {
                "forwards_to": ["dmz"], "from_roles": ["internet_client"], "ports": { "443": 8443 },
                "cidrs": ["192.0.2.1/32"], "security_group_id": "sg-3",
            },
            "switch": {
                "forwards_to": ["tachyon"], "from_roles": ["dmz_server"], "hides_source": false, "cidrs": ["10.0.0.9/32"],
            },
            "proxy": { "forwards_to": ["firewall"], "ports": { "443": 3128 }, "cidrs": ["10.0.9.1/32"] },
            "firewall": {
                "forwards_to": ["cloud"], "from_roles": ["master_stack"], "hides_destination": false, "cidrs": ["10.0.9.2/32"],
            },
        },
    })
}

const QUESTIONS: [(&str, super::Asked<'_>); 17] = [
    // From end to end, on the port of the end.
    ("documented", ("internet", "dmz", "tcp", 443)),
    ("documented", ("203.0.113.7", "192.0.2.16", "tcp", 443)),
    ("documented", ("internet", "dmz", "tcp", 4000)),
    ("port_differs", ("internet", "dmz", "tcp", 8443)),
    // The steps, on the ports of the steps.
    ("documented", ("internet", "balancer", "tcp", 8443)),
    ("port_differs", ("internet", "balancer", "tcp", 443)),
    ("documented", ("balancer", "dmz", "tcp", 443)),
    ("port_differs", ("balancer", "dmz", "tcp", 8443)),
    ("reversed", ("dmz", "balancer", "tcp", 443)),
    ("protocol_differs", ("internet", "balancer", "udp", 8443)),
    // One that keeps the source is not seen behind it.
    ("documented", ("dmz", "tachyon", "tcp", 443)),
    ("documented", ("dmz", "switch", "tcp", 443)),
    ("not_documented", ("switch", "tachyon", "tcp", 443)),
    // A proxy, and a firewall that only the end sees.
    ("inferred", ("tachyon", "cloud", "tcp", 443)),
    ("inferred", ("tachyon", "proxy", "tcp", 3128)),
    ("not_documented", ("proxy", "cloud", "tcp", 443)),
    ("not_documented", ("tachyon", "firewall", "tcp", 443)),
];

#[test]
fn what_stands_between_is_explained() {
    let deployment = installation();
    let text: String = QUESTIONS.iter().map(|(_, asked)| written(&deployment, *asked)).collect();
    expect_file!["../golden/explain-between.txt"].assert_eq(&text);
    for (reason, asked) in QUESTIONS {
        assert_eq!(explained(&deployment, asked).at("reason").text(), reason, "{asked:?}");
    }
}

/// Rules of everything on the way, each where it is.
#[test]
fn rules_of_all_that_is_between_are_named() {
    let told = explained(&installation(), ("internet", "dmz", "tcp", 443));
    assert_eq!(told.at("via").texts(), ["balancer"]);
    let keys = |end: &str| told.at("rules").at("aws").at(end).texts();
    assert_eq!(keys("egress"), ["balancer/tcp-443/dmz", "tcp-8443/balancer"]);
    assert_eq!(keys("ingress"), ["balancer/tcp-8443/203.0.113.0/24", "tcp-443/balancer"]);
    let told = explained(&installation(), ("internet", "balancer", "tcp", 8443));
    let keys = |end: &str| told.at("rules").at("aws").at(end).texts();
    assert_eq!(keys("egress"), ["tcp-8443/balancer"]);
    assert_eq!(keys("ingress"), ["tcp-8443/203.0.113.0/24"]);
    assert!(told.at("via").texts().is_empty());
}
