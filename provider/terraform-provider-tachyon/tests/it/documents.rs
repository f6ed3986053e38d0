//! Whole documents of the user's own: the embedded one given back, random small ones, and mistaken ones.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use portmatrix::matrix::Matrix;
use proptest::collection::vec;
use proptest::prelude::*;
use tfplugin::{Config, Number, Value, msgpack, promise};

use crate::answer::{PROVIDER, Read, answer, ask, bytes};
use crate::cases::cases;
use crate::clouds::{CLOUDS, rules_agree};
use crate::facts::{Ports, VERSION};
use crate::functions::FUNCTIONS;
use crate::generate::{deployments, direct_deployments};
use crate::model::{Deployment, Listeners, Options};
use crate::own::{SETTINGS, rows, small_drafts};
use crate::tree::replaced;

/// The embedded document as a value.
fn embedded() -> Value {
    let json = Matrix::document(VERSION).expect("an embedded document");
    value(&serde_json::from_str(json).expect("JSON"))
}

fn value(json: &serde_json::Value) -> Value {
    use serde_json::Value as Json;
    match json {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Bool(*flag),
        Json::Number(number) => {
            Value::Number(Number::parse(&number.to_string()).expect("a number"))
        }
        Json::String(text) => Value::String(text.clone()),
        Json::Array(elements) => Value::List(elements.iter().map(value).collect()),
        Json::Object(fields) => {
            Value::Map(fields.iter().map(|(name, field)| (name.clone(), value(field))).collect())
        }
    }
}

/// The deployment with one more attribute.
fn with(deployment: &Value, name: &str, attribute: &Value) -> Value {
    let mut deployment = deployment.map().clone();
    deployment.remove("matrix_version");
    deployment.insert(name.to_owned(), attribute.clone());
    Value::Map(deployment)
}

proptest! {
    #![proptest_config(cases(1000))]

    #[test]
    fn the_embedded_document_given_back_answers_byte_for_byte(deployment in deployments()) {
        let value = deployment.value();
        let by_version = with(&value, "matrix_version", &VERSION.into());
        let [given, shared] = [&*EMBEDDED, &*SHARED].map(|document| with(&value, "matrix", document));
        for function in FUNCTIONS.iter().copied() {
            let expected = bytes(function, std::slice::from_ref(&by_version)).expect("a valid deployment");
            for document in [&given, &shared] {
                let found = bytes(function, std::slice::from_ref(document)).expect("a valid deployment");
                prop_assert!(expected == found, "{} differs", function);
            }
        }
        let name = Value::from(deployment.endpoints.keys().next().expect("one").as_str());
        let format = Value::from("mermaid");
        let none = Value::List(Vec::new());
        let (tcp, https) = (Value::from("tcp"), Value::from(443));
        let others = [("diagram", vec![&format]), ("explain", vec![&name, &name, &tcp, &https])];
        let audits = CLOUDS.iter().map(|cloud| (cloud.audit, vec![&name, &none]));
        for (function, more) in others.into_iter().chain(audits) {
            let call = |deployment: &Value| {
                let arguments: Vec<Value> =
                    std::iter::once(deployment).chain(more.iter().copied()).cloned().collect();
                PROVIDER.function(function).expect(function).answer(&arguments).expect("an answer")
            };
            prop_assert!(call(&by_version) == call(&given), "{} differs", function);
        }
    }
}

/// The document of the newest version.
pub(crate) static EMBEDDED: LazyLock<Value> = LazyLock::new(embedded);

/// The same as it arrives from the second call on.
static SHARED: LazyLock<Value> = LazyLock::new(|| Value::Shared(Arc::new(embedded())));

#[test]
fn the_data_source_gives_the_document_that_it_takes() {
    let source = PROVIDER.data_source("tachyon_matrix").expect("it");
    let read = |config: Vec<(String, Value)>| {
        let state = source.read(&Config::from_iter(config)).state.expect("a state");
        let document = state.get("document").expect("an attribute").to_vec();
        let flows = state.get("flows").expect("an attribute").to_vec();
        (msgpack::decode(&document, &tfplugin::Type::Dynamic).expect("a value"), flows)
    };
    let (document, flows) = read(Vec::new());
    assert_eq!(document, *EMBEDDED);
    assert_eq!(read(vec![("matrix".to_owned(), document.clone())]), (document, flows));
}

/// A document of these rows alone: each is printed twice, as an output and as an input.
fn document(deployment: &Deployment) -> serde_json::Value {
    let facts: Vec<_> = deployment.own.iter().map(|own| (own.fact, own.inside_endpoint)).collect();
    let roles: BTreeSet<&str> = facts.iter().flat_map(|(fact, _)| [fact.from, fact.to]).collect();
    let written = |(from, to): (u16, u16)| {
        if from == to { from.to_string() } else { format!("{from}-{to}") }
    };
    let (mut rows, mut flows) = (Vec::new(), Vec::new());
    let mut parameters = BTreeMap::new();
    for (place, (fact, inside_endpoint)) in facts.iter().enumerate() {
        let ports: Vec<String> = match fact.ports {
            Ports::Fixed(ports) => ports.iter().copied().map(written).collect(),
            Ports::Of(_, port) => vec![written(port)],
            Ports::Poke => unreachable!("only the embedded document derives ports"),
        };
        let [out, into] = [2 * place + 1, 2 * place + 2].map(|number| format!("rows/{number}"));
        for (id, line, role, other, direction) in [
            (&out, 2 * place, fact.from, fact.to, "out"),
            (&into, 2 * place + 1, fact.to, fact.from, "in"),
        ] {
            rows.push(serde_json::json!({
                "id": id, "line": line + 1, "device": format!("The {role}"), "protocol": "Own", "direction": direction,
                "port": format!("{} {}", fact.transport.to_uppercase(), ports.join(", ")),
                "reading": {
                    "role": role, "counterparts": [other], "transport": fact.transport, "ports": ports,
                    "application": "own", "direction": direction, "purpose": "It is asked for",
                    "configurable": { "when": "unknown" }, "confidence": "high",
                },
            }));
        }
        let mut flow = serde_json::json!({
            "id": fact.flow, "number": place + 1, "from": fact.from, "to": fact.to, "transport": fact.transport,
            "application": "own", "topology": "all", "out_rows": [out], "in_rows": [into.clone()], "basis": "paired",
            "confidence": "high", "inside_endpoint": inside_endpoint, "purpose": "It is asked for",
        });
        match fact.ports {
            Ports::Of(setting, _) => {
                let id = format!("{}.{setting}", fact.to);
                flow["parameter"] = id.clone().into();
                parameters.insert(id.clone(), serde_json::json!({
                    "id": id, "role": fact.to, "attribute": setting, "kind": "port", "default": ports,
                    "configurable": { "when": "unknown" }, "rows": [into],
                }));
            }
            _ => flow["ports"] = ports.into(),
        }
        flows.push(flow);
    }
    let devices = roles.iter().map(|role| {
        serde_json::json!({ "column": "device", "printed": [format!("The {role}")], "means": role })
    });
    let plain =
        [("protocol", "Own", "own"), ("direction", "in", "in"), ("direction", "out", "out")];
    let plain = plain.map(|(column, printed, means)| {
        serde_json::json!({ "column": column, "printed": [printed], "means": means })
    });
    serde_json::json!({
        "version": "1", "source": { "title": "Ports", "product": "Made up" },
        "zone": [{ "id": "all", "means": "Everything." }],
        "role": roles.iter().map(|role| serde_json::json!({
            "id": role, "title": role, "means": "A machine.", "zone": "all",
        })).collect::<Vec<_>>(),
        "topology": [{ "id": "all", "title": "All", "means": "All there is.", "base": true }],
        "table": [{
            "id": "rows", "title": "Rows", "rows": rows.len(),
            "columns": ["device", "port", "protocol", "direction"],
        }],
        "spelling": devices.chain(plain).collect::<Vec<_>>(),
        "row": rows, "flow": flows, "parameter": parameters.into_values().collect::<Vec<_>>(),
    })
}

/// Deployments of random small documents.
fn small() -> impl Strategy<Value = Deployment> {
    let picks = vec((any::<prop::sample::Index>(), any::<bool>()), 12);
    (direct_deployments(), small_drafts(), picks).prop_map(|(mut deployment, drafts, picks)| {
        deployment.own = rows(&drafts);
        deployment.exclude_flows.clear();
        deployment.nulls = false;
        deployment.options = Options { aws: Some((1000, 1, 1)), ..deployment.options };
        deployment.options.keep_master_catalog_ui = None;
        let ends = deployment.own.iter().flat_map(|own| [own.fact.from, own.fact.to]);
        let roles: Vec<&'static str> = ends.collect::<BTreeSet<_>>().into_iter().collect();
        let own = deployment.own.clone();
        for (endpoint, (pick, sets)) in deployment.endpoints.values_mut().zip(picks.iter().cycle())
        {
            endpoint.security_groups = None;
            endpoint.talks_to.clear();
            endpoint.ports = Listeners::default();
            endpoint.roles = BTreeSet::from([*pick.get(&roles)]);
            for own in own.iter().filter(|own| *sets && endpoint.roles.contains(own.fact.to)) {
                if let Ports::Of(setting, _) = own.fact.ports {
                    let port = SETTINGS.iter().find(|(name, _)| *name == setting).expect("one").1;
                    endpoint.ports.single.insert(setting, port);
                }
            }
        }
        deployment.document = Some(value(&document(&deployment)));
        deployment
    })
}

proptest! {
    #![proptest_config(cases(1000))]

    #[test]
    fn rules_of_small_documents_are_those_of_the_second_reading(deployment in small()) {
        rules_agree(&deployment);
        let told = answer("connections", &deployment.value());
        let expected = deployment.connections();
        prop_assert_eq!(
            told.at("connections").map().keys().collect::<Vec<_>>(),
            expected.keys().collect::<Vec<_>>()
        );
        prop_assert_eq!(told.at("matrix_version").text(), "1");
    }
}

/// A deployment of one endpoint, read against a document.
pub(crate) fn small_deployment(document: &Value) -> Value {
    with(
        &value!({ "endpoints": { "a": { "roles": ["browser"], "cidrs": ["10.0.0.0/8"] } } }),
        "matrix",
        document,
    )
}

/// The embedded document with parts replaced, each by its way.
fn changed(changes: &[(&str, Value)]) -> Value {
    changes.iter().fold(EMBEDDED.clone(), |document, (way, part)| {
        let way: Vec<String> = way.split('/').map(str::to_owned).collect();
        replaced(&document, &way, part)
    })
}

/// That a document has exactly these mistakes: each the head of what is told, and what is in it.
fn mistaken(document: &Value, expected: &[(&str, &str)]) {
    let deployment = small_deployment(document);
    for function in FUNCTIONS.iter().copied() {
        let error = ask(function, &deployment).expect_err("mistakes");
        let told: Vec<&str> = error.text.split("\n\n  - ").skip(1).collect();
        for (place, word) in expected {
            let found = told
                .iter()
                .any(|told| told.starts_with(&format!("{place}: ")) && told.contains(word));
            assert!(found, "no {word:?} at {place}: {error}");
        }
        assert_eq!(told.len(), expected.len(), "{error}");
        let source = PROVIDER.data_source(&format!("tachyon_{function}")).expect("it");
        let found = source.validate(&Config::from_iter(deployment.map().clone()));
        assert_eq!(found.len(), expected.len(), "{found:?}");
        assert!(found.iter().all(|one| one.path.is_some()), "{found:?}");
    }
}

#[test]
fn twenty_mistakes_of_shape_are_twenty_errors() {
    let cases = [
        ("version", value!(8), "matrix.version", "in quotes"),
        ("source/product", Value::Null, "matrix.source.product", "missing"),
        ("source/size", value!("x"), "matrix.source.size", "a whole number"),
        ("zone/0", value!("users"), "matrix.zone[0]", "an object"),
        ("role/0/title", value!(1), "matrix.role[0].title", "text"),
        ("role/0/single", value!("yes"), "matrix.role[0].single", "true or false"),
        ("need/0/roles", value!("browser"), "matrix.need[0].roles", "a list"),
        ("topology/0/base", value!(1), "matrix.topology[0].base", "true or false"),
        ("table/0/columns/0", value!("devise"), "matrix.table[0].columns[0]", "device"),
        ("row/0/line", value!("x"), "matrix.row[0].line", "a whole number"),
        ("row/1/reading/transport", value!("tpc"), "matrix.row[1].reading.transport", "tcp"),
        ("row/2/reading/confidence", value!("hgh"), "matrix.row[2].reading.confidence", "high"),
        ("row/3/reading/ports/0", value!("70000"), "matrix.row[3].reading.ports[0]", "65535"),
        (
            "row/4/reading/configurable/when",
            value!("instal"),
            "matrix.row[4].reading.configurable.when",
            "install",
        ),
        ("parameter/0/kind", value!("prt"), "matrix.parameter[0].kind", "port"),
        ("flow/0/number", value!(70000), "matrix.flow[0].number", "65535"),
        ("flow/1/basis", value!("pared"), "matrix.flow[1].basis", "paired"),
        ("flow/2/optional", value!(1), "matrix.flow[2].optional", "true or false"),
        ("silent/0/why", Value::Null, "matrix.silent[0].why", "missing"),
        ("ambiguity/0/readings", value!(1), "matrix.ambiguity[0].readings", "a list"),
    ];
    let changes: Vec<(&str, Value)> =
        cases.iter().map(|(way, part, ..)| (*way, part.clone())).collect();
    let expected: Vec<(&str, &str)> =
        cases.iter().map(|(.., place, word)| (*place, *word)).collect();
    mistaken(&changed(&changes), &expected);
}

#[test]
fn misspelt_blocks_and_attributes_are_told_with_the_nearest() {
    let mut document = EMBEDDED.map().clone();
    let flows = document["flow"].clone();
    document.insert("flows".to_owned(), flows);
    let Value::Map(mut zone) = document["zone"].list()[0].clone() else { unreachable!() };
    zone.insert("mean".to_owned(), Value::from("x"));
    let document =
        replaced(&Value::Map(document), &["zone", "0"].map(str::to_owned), &Value::Map(zone));
    mistaken(&document, &[("matrix.flows", "flow"), ("matrix.zone[0].mean", "means")]);
}

#[test]
fn what_does_not_fit_together_is_told_with_its_place() {
    let cases = [
        ("flow/0/from", value!("clent"), "matrix.flow[0].from", "client"),
        ("flow/2/purpose", value!(""), "matrix.flow[2].purpose", "no purpose"),
        ("flow/3/id", value!("A b"), "matrix.flow[3].id", "lower-case"),
        ("source/product", value!("“x”"), "matrix.source.product", "descriptions"),
        ("evidence/0/id", value!("nobody-cites-it"), "matrix.evidence[0]", "nothing cites it"),
    ];
    let changes: Vec<(&str, Value)> =
        cases.iter().map(|(way, part, ..)| (*way, part.clone())).collect();
    let error = ask("connections", &small_deployment(&changed(&changes))).expect_err("mistakes");
    for (.., place, word) in cases {
        let found = (error.text.split("\n\n  - "))
            .any(|told| told.starts_with(&format!("{place}: ")) && told.contains(word));
        assert!(found, "no {word:?} at {place}: {error}");
    }
}

#[test]
fn a_document_beside_a_version_is_refused() {
    let both = with(&small_deployment(&EMBEDDED), "matrix_version", &VERSION.into());
    let both = with(&both, "matrix", &EMBEDDED);
    let mut both = both.map().clone();
    both.insert("matrix_version".to_owned(), VERSION.into());
    let error = ask("connections", &Value::Map(both)).expect_err("two matrices");
    assert!(error.text.starts_with("matrix_version: "), "{error}");
}

#[test]
fn an_unknown_document_is_never_a_mistake() {
    let known = small_deployment(&EMBEDDED);
    for way in [vec!["matrix"], vec!["matrix", "version"], vec!["matrix", "flow", "3", "purpose"]] {
        let way: Vec<String> = way.into_iter().map(str::to_owned).collect();
        let masked = replaced(&known, &way, &Value::UNKNOWN);
        for function in FUNCTIONS.iter().copied() {
            let promised =
                ask(function, &masked).unwrap_or_else(|error| panic!("{way:?}: {error}"));
            if let Err(broken) = promise::kept(&promised, &answer(function, &known)) {
                panic!("{function}: {broken}: {way:?}");
            }
        }
    }
}
