//! Absurd sizes: an answer or an error with a place, within bounded memory. A program of its own, so that what it takes can
//! be told from what other tests take.
#![expect(clippy::expect_used, reason = "what a test calls fails as the test does")]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use tfplugin::{Function, Provider, Value};

static PROVIDER: LazyLock<Provider> = LazyLock::new(tachyon::provider);

/// The functions that take a deployment alone: those for which a data source answers too.
static FUNCTIONS: LazyLock<Vec<&'static dyn Function>> = LazyLock::new(|| {
    let has_twin = |function: &&'static dyn Function| {
        PROVIDER.data_source(&format!("tachyon_{}", function.name())).is_some()
    };
    PROVIDER.functions.iter().map(AsRef::as_ref).filter(has_twin).collect()
});

const MANY: usize = 100_000;

/// What the process may take at most, in MiB: a few hundred bytes for each of a million connections, and as much again for
/// the answer, beside the argument itself.
const MOST_MEMORY: u64 = 1024;

fn texts<const COUNT: usize>(texts: [&str; COUNT]) -> Value {
    Value::List(texts.into_iter().map(Value::from).collect())
}

fn endpoint(role: &str, number: usize) -> Value {
    let cidr = format!("10.{}.{}.{}/32", number >> 16 & 255, number >> 8 & 255, number & 255);
    Value::from([("roles", texts([role])), ("cidrs", texts([&cidr]))])
}

/// So many endpoints, the role of each by its number.
fn endpoints(count: usize, role: impl Fn(usize) -> &'static str) -> BTreeMap<String, Value> {
    (0..count).map(|number| (format!("e{number:06}"), endpoint(role(number), number))).collect()
}

fn deployment(endpoints: BTreeMap<String, Value>) -> Value {
    Value::from([("endpoints", Value::Map(endpoints))])
}

/// Asks every function; those that refuse name a place and what is wrong.
fn ask(deployment: &Value) -> Vec<Result<usize, String>> {
    let deployment = std::slice::from_ref(deployment);
    let answers: Vec<Result<usize, String>> = (FUNCTIONS.iter())
        .map(|function| function.answer(deployment).map(|bytes| bytes.len()).map_err(|it| it.text))
        .collect();
    for error in answers.iter().filter_map(|answer| answer.as_ref().err()) {
        assert!(error.contains("endpoints"), "no place in {error:.300}");
        for line in error.lines() {
            assert!(line.len() < 4096, "a line of {} bytes: {line:.300}", line.len());
        }
    }
    answers
}

#[test]
fn a_hundred_thousand_clients_are_answered_or_refused_for_their_number() {
    for answer in ask(&deployment(endpoints(MANY, |number| match number {
        0 => "master_stack",
        1 => "response_stack",
        _ => "client",
    }))) {
        if let Err(error) = answer {
            assert!(error.contains("more than"), "{error:.300}");
        }
    }
}

#[test]
fn a_square_of_connections_is_refused_at_once() {
    let both = |number: usize| if number.is_multiple_of(2) { "master_stack" } else { "client" };
    for answer in ask(&deployment(endpoints(MANY, both))) {
        assert!(answer.expect_err("too many").contains("Join endpoints that are treated alike"));
    }
}

/// As many clients as Response Stacks, and whom each client talks to.
fn square(side: usize, talks_to: Option<&Value>) -> Value {
    let role = |number: usize| if number < side { "response_stack" } else { "client" };
    let mut all = endpoints(2 * side, role);
    for (_, endpoint) in all.iter_mut().skip(side) {
        if let (Value::Map(attributes), Some(bound)) = (endpoint, talks_to) {
            let bounds = Value::from([("response_stack", bound.clone())]);
            attributes.insert("talks_to".to_owned(), bounds);
        }
    }
    deployment(all)
}

#[test]
fn what_bounds_leave_out_is_found_without_looking_at_every_pair_again() {
    let nobody = Value::List(Vec::new());
    let bounds = [None, Some(nobody), Some(texts(["e000000"]))];
    for bound in &bounds {
        // Few enough pairs to be looked at, and so many that nobody may: an answer, or an error that says so.
        for answer in ask(&square(2_000, bound.as_ref())) {
            if let Err(error) = answer {
                assert!(error.contains("more than"), "{error:.300}");
            }
        }
        for answer in ask(&square(MANY / 2, bound.as_ref())) {
            assert!(
                answer.expect_err("too many").contains("Join endpoints that are treated alike")
            );
        }
    }
}

#[test]
fn a_hundred_thousand_mistakes_are_counted_and_the_first_are_shown() {
    for answer in ask(&deployment(endpoints(MANY, |_| "clint"))) {
        let error = answer.expect_err("no role is called so");
        assert!(error.starts_with("found 100000 mistakes"), "{error:.300}");
        assert!(error.contains("more mistakes are not shown"));
    }
}

#[test]
fn a_hundred_thousand_unknown_endpoints_are_unknown() {
    let unknown = Value::from([("roles", Value::UNKNOWN), ("cidrs", Value::UNKNOWN)]);
    let all = (0..MANY).map(|number| (format!("e{number}"), unknown.clone())).collect();
    for answer in ask(&deployment(all)) {
        // At most a key and an unknown value for each.
        assert!(answer.expect("nothing is wrong yet") < MANY * 100);
    }
}

#[test]
fn long_lists_and_texts_are_read_once() {
    let long = "n".repeat(10 << 20);
    let cidrs = (0..MANY)
        .map(|number| Value::from(format!("10.{}.{}.0/24", number >> 8 & 255, number & 255)));
    let names = (0..MANY).map(|number| Value::from(format!("e{number}")));
    let roles = vec![Value::from("client"); MANY];
    let client = |name: &str, value: Value| {
        let mut attributes = BTreeMap::from([
            ("roles".to_owned(), texts(["client"])),
            ("cidrs".to_owned(), texts(["10.0.0.0/8"])),
        ]);
        attributes.insert(name.to_owned(), value);
        Value::Map(attributes)
    };
    let everything = BTreeMap::from([
        ("cidrs".to_owned(), client("cidrs", Value::List(cidrs.collect()))),
        (
            "names".to_owned(),
            client("talks_to", Value::from([("response_stack", Value::List(names.collect()))])),
        ),
        ("roles".to_owned(), client("roles", Value::List(roles))),
        ("text".to_owned(), client("cidrs", texts([&long]))),
        ("attribute".to_owned(), client(&long, Value::Null)),
        (long.clone(), client("service_tag", long.as_str().into())),
    ]);
    for answer in ask(&deployment(everything)) {
        answer.expect_err("hardly any of it is right");
    }
}

/// Asks an audit about an endpoint `server`.
fn audit(function: &str, actual: Vec<Value>) -> Result<usize, String> {
    let mut server = endpoint("response_stack", 1);
    if let Value::Map(attributes) = &mut server {
        attributes.insert("security_group_id".to_owned(), "sg-server".into());
    }
    // As many documented rules as one group holds with the quota raised as far as it goes.
    let clients =
        (0..490).map(|number| (format!("clients{number}"), endpoint("client", 256 * number)));
    let all = clients.chain([("server".to_owned(), server)]).collect();
    let quota = Value::from([("rules_per_group", 1000.into()), ("groups_per_interface", 1.into())]);
    let mut deployment = deployment(all);
    if let Value::Map(attributes) = &mut deployment {
        attributes.insert("options".to_owned(), Value::from([("aws", quota)]));
    }
    let arguments = [deployment, "server".into(), Value::List(actual)];
    let function = PROVIDER.function(function).expect("an audit");
    function.answer(&arguments).map(|bytes| bytes.len()).map_err(|error| error.text)
}

/// A rule of Azure: source ports, ports, sources, destinations.
fn network_rule(
    number: usize,
    access: &str,
    [source_port, port, source, destination]: [&str; 4],
) -> Value {
    Value::from([
        ("name", format!("rule-{number}").into()),
        ("priority", i64::try_from(100 + number).expect("few rules").into()),
        ("direction", "Inbound".into()),
        ("access", access.into()),
        ("protocol", "Tcp".into()),
        ("source_port_range", source_port.into()),
        ("destination_port_range", port.into()),
        ("source_address_prefix", source.into()),
        ("destination_address_prefix", destination.into()),
    ])
}

/// Denies that cross each other in four dimensions, and one allow of everything behind them.
fn crossing(count: usize) -> Vec<Value> {
    let mut rules: Vec<Value> = (0..count)
        .map(|number| {
            let ports = |from: usize| format!("{}-{}", from, from + 30_000);
            let block = |place: usize| format!("10.{}.0.0/{}", (place * 37) % 256, 10 + place % 7);
            let terms = [
                ports(number * 31),
                ports(33_000 - number * 29),
                block(number),
                block(number * 7 + 3),
            ];
            network_rule(number, "Deny", terms.each_ref().map(String::as_str))
        })
        .collect();
    rules.push(network_rule(count, "Allow", ["*", "*", "*", "*"]));
    rules
}

/// Work is counted, so that what takes too long on a slow machine is refused on a fast one too: an answer is one everywhere.
#[test]
fn crossing_rules_are_audited_within_bounds() {
    for count in [160, 320, 999] {
        audit("audit_network_security_group", crossing(count)).expect("what is open is soon found");
    }
    // A whole that is covered by many small parts alone: ports and addresses in fifths, each combination a rule.
    let fifth = |number: usize, dimension: u32| number / 5_usize.pow(dimension) % 5;
    let range = |place: usize| format!("{}-{}", place * 13_107, place * 13_107 + 13_107);
    let blocks = ["0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/3", "224.0.0.0/4", "240.0.0.0/4"];
    let mut rules: Vec<Value> = (0..625)
        .map(|number| {
            let (source_port, port) = (range(fifth(number, 0)), range(fifth(number, 1)));
            let ends = [blocks[fifth(number, 2)], blocks[fifth(number, 3)]];
            network_rule(number, "Deny", [&source_port, &port, ends[0], ends[1]])
        })
        .collect();
    rules.push(network_rule(625, "Allow", ["*", "*", "0.0.0.0/0", "0.0.0.0/0"]));
    audit("audit_network_security_group", rules).expect("parts that lie apart");
}

#[test]
fn as_many_rules_as_an_interface_has_are_audited() {
    let rule = |number: usize| {
        Value::from([
            ("id", format!("sgr-{number}").into()),
            ("security_group_id", "sg-server".into()),
            ("is_egress", number.is_multiple_of(2).into()),
            ("ip_protocol", "tcp".into()),
            ("from_port", 4000.into()),
            ("to_port", 4000.into()),
            ("cidr_ipv4", format!("10.{}.{}.0/24", number >> 8, number & 255).into()),
        ])
    };
    audit("audit_security_group", (0..4_000).map(rule).collect()).expect("as many as there can be");
}

/// Every network of one endpoint beside every network of every other: none is looked at once for each of them.
#[test]
fn a_block_in_which_many_endpoints_have_many_networks_is_explained() {
    let clients = (0..300).map(|number| {
        let cidrs = (0..256).map(|place| format!("10.{place}.{}.0/24", number % 256).into());
        let client =
            Value::from([("roles", texts(["client"])), ("cidrs", Value::List(cidrs.collect()))]);
        (format!("clients{number}"), client)
    });
    let server =
        Value::from([("roles", texts(["response_stack"])), ("cidrs", texts(["10.0.0.0/8"]))]);
    let deployment = deployment(clients.chain([("server".to_owned(), server)]).collect());
    for destination in ["server", "10.0.0.0/8"] {
        let arguments = [
            deployment.clone(),
            "10.0.0.0/8".into(),
            destination.into(),
            "tcp".into(),
            4000.into(),
        ];
        let explain = PROVIDER.function("explain").expect("a function");
        explain.answer(&arguments).expect("an answer");
    }
}

/// The largest answer of all, and whatever other tests have taken until then.
#[cfg(target_os = "linux")]
#[test]
fn memory_is_bounded() {
    a_hundred_thousand_clients_are_answered_or_refused_for_their_number();
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux tells");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    let peak: u64 = peak.trim().trim_end_matches(" kB").parse().expect("a number");
    assert!(peak / 1024 < MOST_MEMORY, "{} MiB were taken", peak / 1024);
}
