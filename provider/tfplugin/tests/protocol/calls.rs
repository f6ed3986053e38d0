//! The calls of the protocol, over a secured connection.

use expect_test::expect;
use tfplugin::{Type, Value, msgpack};
use tonic::transport::Channel;

use crate::crowd::Gate;
use crate::host::{PATIENCE, Plugin, call, dynamic, secured_client, text};
use crate::wire::tfplugin6 as wire;
use crate::wire::tfplugin6::attribute_path::step::Selector;
use crate::wire::tfplugin6::provider_client::ProviderClient;

fn config_type() -> Type {
    let greeting = Type::object([("name", Type::String), ("words", Type::String)]);
    Type::object([
        ("names", Type::Dynamic),
        ("word", Type::String),
        ("greetings", Type::map(greeting)),
    ])
}

pub(crate) fn config(names: Value, word: Value) -> wire::DynamicValue {
    dynamic(&Value::from([("names", names), ("word", word)]), &config_type())
}

#[tokio::test]
async fn the_schema_is_everything() {
    let (_plugin, mut client) = secured_client(&[]).await;
    let schema =
        client.get_provider_schema(wire::get_provider_schema::Request {}).await.expect("answered");
    let schema = schema.into_inner();
    expect![[r#"
        provider: Greets people. []
        data greeter_greetings: Greets everyone on a list.
          greetings  (false, false, true) The greetings, by name.
            (4) name "string" Whom it greets.
            (4) words "string" What is said, or null where words fail.
          names "dynamic" (true, false, false) Whom to greet: a list of strings.
          word "string" (false, true, false) What to say. Default: `Hello`.
        function greet: Greets someone | Greets someone.
          name "string" (false, false) Whom to greet.
          -> "string"
        function obey: Does as it is told | Does as it is told.
          deprecated: Be kind and use `greet`.
          order "dynamic" (false, true) `panic`, `regret` (panic when it is said), `sleep` (for a second), `wait FILE` (until it is there), `linger FILE` (the same when it is said), `say WORDS`, `nulls` (how many of the rest are null), or anything else.
          also "number" (true, false) Only `nulls` looks at these.
          -> "string"
        ServerCapabilities { plan_destroy: false, get_provider_schema_optional: true, move_resource_state: false, generate_resource_config: false }
    "#]].assert_eq(&outline(&schema));
    let functions =
        client.get_functions(wire::get_functions::Request {}).await.expect("answered").into_inner();
    assert_eq!(functions.functions, schema.functions);
    let metadata =
        client.get_metadata(wire::get_metadata::Request {}).await.expect("answered").into_inner();
    assert_eq!(metadata.server_capabilities, schema.server_capabilities);
    let names = |functions: &[wire::get_metadata::FunctionMetadata]| {
        functions.iter().map(|function| function.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(names(&metadata.functions), ["greet", "obey"]);
    assert_eq!(metadata.data_sources[0].type_name, "greeter_greetings");
}

/// A schema in a few lines: what a reader can check.
fn outline(schema: &wire::get_provider_schema::Response) -> String {
    use std::fmt::Write;
    let json = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("JSON");
    let mut lines = String::new();
    let provider =
        schema.provider.as_ref().and_then(|provider| provider.block.as_ref()).expect("a provider");
    writeln!(lines, "provider: {} {:?}", provider.description, provider.attributes)
        .expect("memory");
    for (name, schema) in &schema.data_source_schemas {
        let block = schema.block.as_ref().expect("a block");
        writeln!(lines, "data {name}: {}", block.description).expect("memory");
        for it in &block.attributes {
            let given = (it.required, it.optional, it.computed);
            writeln!(lines, "  {} {} {given:?} {}", it.name, json(&it.r#type), it.description)
                .expect("memory");
            for nested in it.nested_type.iter().flat_map(|object| &object.attributes) {
                let mode = it.nested_type.as_ref().map(|object| object.nesting).expect("nested");
                let ty = json(&nested.r#type);
                writeln!(lines, "    ({mode}) {} {ty} {}", nested.name, nested.description)
                    .expect("memory");
            }
        }
    }
    for (name, function) in &schema.functions {
        writeln!(lines, "function {name}: {} | {}", function.summary, function.description)
            .expect("memory");
        if !function.deprecation_message.is_empty() {
            writeln!(lines, "  deprecated: {}", function.deprecation_message).expect("memory");
        }
        for it in function.parameters.iter().chain(&function.variadic_parameter) {
            let allows = (it.allow_null_value, it.allow_unknown_values);
            writeln!(lines, "  {} {} {allows:?} {}", it.name, json(&it.r#type), it.description)
                .expect("memory");
        }
        writeln!(lines, "  -> {}", json(&function.r#return.as_ref().expect("a type").r#type))
            .expect("memory");
    }
    writeln!(lines, "{:?}", schema.server_capabilities.expect("some")).expect("memory");
    lines
}

#[tokio::test]
async fn a_process_that_gave_no_schema_answers_all_the_same() {
    let (_plugin, mut client) = secured_client(&[]).await;
    let names = Value::from(vec!["Ada", "Grace"]);
    let config = Some(config(names.clone(), Value::Null));
    let request = wire::read_data_source::Request {
        type_name: "greeter_greetings".into(),
        config,
        ..Default::default()
    };
    let answer = client.read_data_source(request).await.expect("answered").into_inner();
    assert_eq!(answer.diagnostics, []);
    let state = msgpack::decode(&answer.state.expect("a state").msgpack, &config_type())
        .expect("of the schema's type");
    let greeting = |name: &str| {
        Value::from([("name", name.into()), ("words", format!("Hello, {name}!").into())])
    };
    let greetings = Value::from([("Ada", greeting("Ada")), ("Grace", greeting("Grace"))]);
    assert_eq!(
        state,
        Value::from([("names", names), ("word", Value::Null), ("greetings", greetings)])
    );
}

async fn validate(client: &mut ProviderClient<Channel>, names: Value) -> Vec<wire::Diagnostic> {
    let config = Some(config(names, Value::UNKNOWN));
    let request = wire::validate_data_resource_config::Request {
        type_name: "greeter_greetings".into(),
        config,
    };
    client.validate_data_resource_config(request).await.expect("answered").into_inner().diagnostics
}

#[tokio::test]
async fn validation_says_where() {
    let (_plugin, mut client) = secured_client(&[]).await;
    assert_eq!(validate(&mut client, Value::UNKNOWN).await, []);
    assert_eq!(validate(&mut client, Value::List(vec!["Ada".into(), Value::UNKNOWN])).await, []);
    let found = validate(&mut client, Value::List(vec!["Ada".into(), 7.into()])).await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].severity, i32::from(wire::diagnostic::Severity::Error));
    assert_eq!(found[0].detail, "`names[1]` is a number; a name is a string.");
    let steps: Vec<_> = found[0]
        .attribute
        .clone()
        .expect("a path")
        .steps
        .into_iter()
        .map(|it| it.selector)
        .collect();
    assert_eq!(
        steps,
        [Some(Selector::AttributeName("names".into())), Some(Selector::ElementKeyInt(1))]
    );
}

#[tokio::test]
async fn a_warning_goes_with_the_state() {
    let (_plugin, mut client) = secured_client(&[]).await;
    let config = Some(config(Value::List(Vec::new()), Value::from("")));
    let request = wire::read_data_source::Request {
        type_name: "greeter_greetings".into(),
        config,
        ..Default::default()
    };
    let answer = client.read_data_source(request).await.expect("answered").into_inner();
    assert!(answer.state.is_some());
    assert_eq!(answer.diagnostics[0].severity, i32::from(wire::diagnostic::Severity::Warning));
}

#[tokio::test]
async fn equal_calls_are_answered_once() {
    let (_plugin, mut client) = secured_client(&[]).await;
    for (name, expected) in [("a", 1), ("a", 1), ("b", 2), ("a", 1), ("b", 2), ("c", 3)] {
        let answer = text(call(&mut client, "greet", &Value::from(name), &Type::String).await);
        assert_eq!(answer, format!("Hello, {name}! ({expected})"));
    }
}

#[tokio::test]
async fn a_panic_is_reported_and_survived() {
    let (_plugin, mut client) = secured_client(&[]).await;
    let answer = call(&mut client, "obey", &Value::from("panic"), &Type::Dynamic).await;
    let text_of_error = answer.error.expect("an error").text;
    assert!(
        text_of_error.contains("as ordered at") && text_of_error.contains("greeter.rs"),
        "{text_of_error}"
    );
    assert!(text_of_error.contains("https://example.org/greeter/issues"), "{text_of_error}");
    let answer = call(&mut client, "obey", &Value::UNKNOWN, &Type::Dynamic).await;
    assert_eq!(text(answer), "a value that is not known yet");
}

#[tokio::test]
async fn an_answer_waits_for_nothing_that_comes_after_it() {
    let (_plugin, mut client) = secured_client(&[]).await;
    let gate = Gate::new("after");
    let order = gate.linger();
    let lingers = call(&mut client, "obey", &order, &Type::Dynamic);
    let answer = tokio::time::timeout(PATIENCE, lingers).await.expect("before the gate is open");
    assert_eq!(text(answer), "said");
    gate.open();
    // Whatever happens then.
    let answer = call(&mut client, "obey", &Value::from("regret"), &Type::Dynamic).await;
    assert_eq!(text(answer), "said");
    let answer = call(&mut client, "obey", &Value::from("say so"), &Type::Dynamic).await;
    assert_eq!(text(answer), "so");
}

#[tokio::test]
async fn an_error_names_its_argument() {
    let (_plugin, mut client) = secured_client(&[]).await;
    let error =
        call(&mut client, "greet", &Value::Null, &Type::String).await.error.expect("an error");
    assert_eq!(
        (error.text.as_str(), error.function_argument),
        ("`name` must not be null", Some(0))
    );
    let error =
        call(&mut client, "great", &Value::Null, &Type::String).await.error.expect("an error");
    assert!(error.text.contains("Did you mean `greet`?"), "{}", error.text);
}

#[tokio::test]
async fn large_messages_pass_in_both_directions() {
    let (_plugin, mut client) = secured_client(&[]).await;
    let name = "n".repeat(20 << 20);
    let answer = text(call(&mut client, "greet", &Value::from(name.as_str()), &Type::String).await);
    assert_eq!(answer.len(), name.len() + "Hello, ! (1)".len());
}

#[tokio::test]
async fn what_needs_no_answer_gets_an_empty_one() {
    let (_plugin, mut client) = secured_client(&[]).await;
    let identities =
        client.get_resource_identity_schemas(wire::get_resource_identity_schemas::Request {}).await;
    assert_eq!(
        identities.expect("answered").into_inner(),
        wire::get_resource_identity_schemas::Response::default()
    );
    let validated =
        client.validate_provider_config(wire::validate_provider_config::Request::default()).await;
    assert_eq!(
        validated.expect("answered").into_inner(),
        wire::validate_provider_config::Response::default()
    );
    for _ in 0..2 {
        let configured =
            client.configure_provider(wire::configure_provider::Request::default()).await;
        assert_eq!(
            configured.expect("answered").into_inner(),
            wire::configure_provider::Response::default()
        );
    }
}

#[tokio::test]
async fn what_is_not_offered_is_said_not_to_be() {
    let (_plugin, mut client) = secured_client(&[]).await;
    let request = wire::plan_resource_change::Request {
        type_name: "greeter_greeting".into(),
        ..Default::default()
    };
    let answer = client.plan_resource_change(request).await.expect("answered").into_inner();
    expect![[r#"
        Resource not offered
        This provider has no resources, and so none called `greeter_greeting`. There is a data source `greeter_greetings`: write `data "greeter_greetings"`. It offers data sources (greeter_greetings) and functions (greet, obey).
    "#]].assert_eq(&format!("{}\n{}\n", answer.diagnostics[0].summary, answer.diagnostics[0].detail));

    let mut list = client
        .list_resource(wire::list_resource::Request::default())
        .await
        .expect("answered")
        .into_inner();
    assert_eq!(
        list.message().await.expect("an event").expect("one").diagnostic[0].summary,
        "List resource not offered"
    );
    assert_eq!(list.message().await.expect("the end"), None);
    let mut bytes = client
        .read_state_bytes(wire::read_state_bytes::Request::default())
        .await
        .expect("answered");
    assert_eq!(bytes.get_mut().message().await.expect("one").expect("one").diagnostics.len(), 1);
    let chunks = tokio_stream::once(wire::write_state_bytes::RequestChunk::default());
    let written = client.write_state_bytes(chunks).await.expect("answered").into_inner();
    assert_eq!(written.diagnostics[0].summary, "State store not offered");
    let mut action =
        client.invoke_action(wire::invoke_action::Request::default()).await.expect("answered");
    let event = action.get_mut().message().await.expect("one").expect("one").r#type;
    let Some(wire::invoke_action::event::Type::Completed(completed)) = event else {
        panic!("{event:?} is no end")
    };
    assert_eq!(completed.diagnostics[0].summary, "Action not offered");
}

#[tokio::test]
async fn an_unknown_data_source_gets_the_nearest_known_one() {
    let (_plugin, mut client) = secured_client(&[]).await;
    let request = wire::read_data_source::Request {
        type_name: "greeter_greeting".into(),
        ..Default::default()
    };
    let answer = client.read_data_source(request).await.expect("answered").into_inner();
    assert!(
        answer.diagnostics[0].detail.contains("Did you mean `greeter_greetings`?"),
        "{answer:?}"
    );
}

#[tokio::test]
async fn an_unknown_call_is_unimplemented() {
    let plugin = Plugin::start(&[]);
    let mut grpc = tonic::client::Grpc::new(plugin.connect().await);
    grpc.ready().await.expect("connected");
    let codec = tonic_prost::ProstCodec::<
        wire::stop_provider::Request,
        wire::stop_provider::Response,
    >::default();
    let path = tonic::codegen::http::uri::PathAndQuery::from_static("/tfplugin6.Provider/Tomorrow");
    let request = tonic::Request::new(wire::stop_provider::Request {});
    let answer = grpc.unary(request, path, codec).await;
    assert_eq!(answer.expect_err("there is no such call").code(), tonic::Code::Unimplemented);
}

#[tokio::test]
async fn garbage_is_answered_with_a_message() {
    let (_plugin, mut client) = secured_client(&[]).await;
    for bytes in [
        &b"\xc1"[..],
        b"\xdf\xff\xff\xff\xff",
        b"\x92\x92\x92\x92",
        b"\x81\xa5names\xdd\xff\xff\xff\xff",
    ] {
        let config =
            Some(wire::DynamicValue { msgpack: bytes.to_vec().into(), ..Default::default() });
        let request = wire::read_data_source::Request {
            type_name: "greeter_greetings".into(),
            config,
            ..Default::default()
        };
        let answer = client.read_data_source(request).await.expect("answered").into_inner();
        assert_eq!((answer.state, answer.diagnostics.len()), (None, 1));
    }
}
