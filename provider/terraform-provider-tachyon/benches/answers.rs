//! How long an answer takes, from the bytes that Terraform sends to the bytes that it gets.
//!
//! `cargo bench -p terraform-provider-tachyon`. Each function is measured on an installation of 30 endpoints, and the data
//! source of a role on a machine with 40 rules; beside them what any answer costs: reading the argument alone.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use tfplugin::{Config, Function, Provider, Type, Value, msgpack};

/// An endpoint with roles and an address of a kind that both clouds take.
fn endpoint(roles: &[&str], cidrs: &[String]) -> Value {
    let texts = |texts: &[&str]| Value::List(texts.iter().map(|text| Value::from(*text)).collect());
    let cidrs = Value::List(cidrs.iter().map(|cidr| Value::from(cidr.as_str())).collect());
    Value::from([("roles", texts(roles)), ("cidrs", cidrs)])
}

/// One of everything, and clients and Response Stacks up to `count` endpoints.
fn installation(count: usize) -> Value {
    let own = |number: usize| vec![format!("10.255.{}.{}/32", number / 256, number % 256)];
    let mut endpoints = vec![
        ("master".to_owned(), endpoint(&["master_stack"], &own(1))),
        ("sql".to_owned(), endpoint(&["sql_master", "sql_responses"], &own(2))),
        ("dmz".to_owned(), endpoint(&["dmz_server"], &own(3))),
        ("internet".to_owned(), endpoint(&["internet_client"], &["0.0.0.0/0".to_owned()])),
        ("admins".to_owned(), endpoint(&["browser"], &own(4))),
        ("cloud".to_owned(), endpoint(&["cloud_1e"], &own(5))),
        ("mail".to_owned(), endpoint(&["smtp_server"], &own(6))),
    ];
    for number in 0..count.saturating_sub(endpoints.len()) {
        let (name, roles) = if number % 8 == 0 {
            (format!("response-{number}"), ["response_stack"])
        } else {
            (format!("clients-{number}"), ["client"])
        };
        endpoints.push((name, endpoint(&roles, &[format!("10.{number}.0.0/16")])));
    }
    Value::from([("endpoints", Value::Map(endpoints.into_iter().collect()))])
}

/// The functions that take a deployment alone: those for which a data source answers too.
fn expansions(provider: &Provider) -> impl Iterator<Item = &dyn Function> {
    let functions = provider.functions.iter().map(AsRef::as_ref);
    functions.filter(|it| provider.data_source(&format!("tachyon_{}", it.name())).is_some())
}

fn functions(criterion: &mut Criterion) {
    let provider = tachyon::provider();
    let deployment = installation(30);
    let argument = msgpack::encode(&deployment, &Type::Dynamic).unwrap_or_default();
    let mut group = criterion.benchmark_group("30 endpoints");
    group.bench_function("argument read", |bencher| {
        bencher.iter(|| {
            msgpack::decode(black_box(&argument), &Type::Dynamic).map(|value| value.is_null())
        });
    });
    for function in expansions(&provider) {
        let answer = |argument: &[u8]| {
            let value = msgpack::decode(argument, &Type::Dynamic).unwrap_or_default();
            function.answer(&[value]).map(|bytes| bytes.len())
        };
        assert!(answer(&argument).is_ok(), "an answer without errors");
        group.bench_function(function.name(), |bencher| {
            bencher.iter(|| answer(black_box(&argument)));
        });
    }
    group.finish();
}

/// The deployment with one more attribute.
fn with(deployment: &Value, name: &str, attribute: Value) -> Value {
    let Value::Map(mut attributes) = deployment.clone() else { return Value::Null };
    attributes.insert(name.to_owned(), attribute);
    Value::Map(attributes)
}

/// Rows of one's own that no endpoint has a part in but the Master and the clients.
fn additions() -> Value {
    let flow = |number: i64| {
        Value::from([
            ("source", Value::from("client")),
            ("destination", Value::from("directory")),
            ("protocol", Value::from("tcp")),
            ("ports", Value::List(vec![Value::from(389 + number)])),
            ("purpose", Value::from("Look-ups")),
            ("citation", Value::from("site/ad-1")),
            ("priority", Value::from(3400 + 20 * number)),
        ])
    };
    let flows = (0..5).map(|number| (format!("own_{number}"), flow(number)));
    let role = Value::from([("title", Value::from("Directory"))]);
    Value::from([
        ("roles", Value::from([("directory", role)])),
        ("flows", Value::Map(flows.collect())),
    ])
}

/// The same installation without more, with rows of one's own, and with the embedded document as one's own: read from bytes
/// each time, and the matrix remembered from the first.
fn own(criterion: &mut Criterion) {
    let provider = tachyon::provider();
    let Some(source) = provider.data_source("tachyon_matrix") else { return };
    let state = source.read(&Config::default()).state.unwrap_or_default();
    let document = msgpack::decode(state.get("document").unwrap_or_default(), &Type::Dynamic);
    let plain = installation(30);
    for (name, deployment) in [
        ("plain", plain.clone()),
        ("own rows", with(&plain, "additions", additions())),
        ("own document", with(&plain, "matrix", document.unwrap_or_default())),
    ] {
        let argument = msgpack::encode(&deployment, &Type::Dynamic).unwrap_or_default();
        let mut group = criterion.benchmark_group(name);
        for function in expansions(&provider) {
            let answer = |argument: &[u8]| {
                let value = msgpack::decode(argument, &Type::Dynamic).unwrap_or_default();
                function.answer(&[value]).map(|bytes| bytes.len())
            };
            assert!(answer(&argument).is_ok(), "an answer without errors");
            group.bench_function(function.name(), |bencher| {
                bencher.iter(|| answer(black_box(&argument)));
            });
        }
        group.finish();
    }
}

fn role(criterion: &mut Criterion) {
    let provider = tachyon::provider();
    let Some(source) = provider.data_source("tachyon_role") else { return };
    // Eighteen networks of clients on two ports, and what a Response Stack has besides.
    let networks: Vec<String> = (0..18).map(|number| format!("10.{number}.0.0/16")).collect();
    let own = |number: usize| vec![format!("10.255.0.{number}/32")];
    let peers = Value::from([
        ("clients", endpoint(&["client"], &networks)),
        ("master", endpoint(&["master_stack"], &own(1))),
        ("sql", endpoint(&["sql_master", "sql_responses"], &own(2))),
    ]);
    let config: Config = [
        ("name", Value::from("response_stack")),
        ("peers", peers),
        ("platforms", Value::List(vec![Value::from("aws")])),
    ]
    .into_iter()
    .collect();
    assert!(source.read(&config).state.is_some(), "an answer without errors");
    criterion.bench_function("role with 40 rules", |bencher| {
        bencher.iter(|| source.read(black_box(&config)).state.is_some());
    });
}

criterion_group!(answers, functions, own, role);
criterion_main!(answers);
