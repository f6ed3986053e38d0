//! What OpenTofu says otherwise than Terraform, replayed as its releases say it.
//!
//! Source: opentofu/opentofu, `internal/plugin6/grpc_provider.go` and `internal/providers/functions.go`, at the tags that each test names.

use tfplugin::{Type, Value, msgpack};
use tonic::transport::Channel;

use crate::calls::config;
use crate::host::{PATIENCE, Plugin, call, client, dynamic, secured_client, text};
use crate::secured;
use crate::wire::plugin::Empty;
use crate::wire::plugin::grpc_controller_client::GrpcControllerClient;
use crate::wire::tfplugin6 as wire;
use crate::wire::tfplugin6::provider_client::ProviderClient;

/// How every release writes a null that a parameter takes: a value in neither encoding.
fn nothing() -> wire::DynamicValue {
    wire::DynamicValue::default()
}

async fn call_with(
    client: &mut ProviderClient<Channel>,
    name: &str,
    arguments: Vec<wire::DynamicValue>,
) -> wire::call_function::Response {
    let request = wire::call_function::Request { name: name.to_owned(), arguments };
    client.call_function(request).await.expect("functions answer").into_inner()
}

#[tokio::test]
async fn a_null_is_a_value_in_no_encoding() {
    let (_plugin, mut client) = secured_client(&[]).await;
    let order = || dynamic(&Value::from("nulls"), &Type::Dynamic);
    let seven = || dynamic(&Value::from(7), &Type::Number);
    let null = || dynamic(&Value::Null, &Type::Number);
    for (further, expected) in [
        (vec![], "0"),
        (vec![nothing()], "1"),
        (vec![seven(), nothing(), seven(), nothing()], "2"),
        // Terraform's null among OpenTofu's: one meaning.
        (vec![nothing(), null()], "2"),
    ] {
        let arguments = [vec![order()], further].concat();
        assert_eq!(text(call_with(&mut client, "obey", arguments).await), expected);
    }
}

/// What the other nulls are to a parameter that takes none: OpenTofu notes the mistake, and calls all the same.
#[tokio::test]
async fn a_null_that_is_not_taken_is_refused_in_either_form() {
    let (_plugin, mut client) = secured_client(&[]).await;
    for argument in [nothing(), dynamic(&Value::Null, &Type::String)] {
        let answer = call_with(&mut client, "greet", vec![argument]).await;
        let error = answer.error.expect("an error");
        assert_eq!(
            (error.text.as_str(), error.function_argument, answer.result),
            ("`name` must not be null", Some(0), None)
        );
    }
}

/// 1.7.0 to 1.7.4 and 1.8.0 to 1.8.4 look at the outside of an argument alone, and call with what is unknown inside.
#[tokio::test]
async fn what_is_not_known_yet_may_come_unasked_and_gives_an_unknown_answer() {
    let (_plugin, mut client) = secured_client(&[]).await;
    let unknown = || dynamic(&Value::UNKNOWN, &Type::Number);
    let order = dynamic(&Value::from("say so"), &Type::Dynamic);
    for (name, arguments) in [
        ("greet", vec![dynamic(&Value::UNKNOWN, &Type::String)]),
        ("obey", vec![order.clone(), unknown()]),
        ("obey", vec![order, nothing(), unknown()]),
    ] {
        let answer = call_with(&mut client, name, arguments).await;
        assert_eq!(answer.error, None);
        let result = msgpack::decode(&answer.result.expect("a result").msgpack, &Type::String);
        assert_eq!(result, Ok(Value::UNKNOWN), "{name}");
    }
}

/// An error that names no argument is shown as one of the first, so its text must say by itself what it is about.
#[tokio::test]
async fn an_error_of_no_argument_says_what_it_is_about() {
    let (_plugin, mut client) = secured_client(&[]).await;
    let error = call_with(&mut client, "greet", Vec::new()).await.error.expect("an error");
    assert_eq!(error.function_argument, None);
    assert_eq!(error.text, "`greet` takes 1 argument; 0 were given");
}

/// A plan of 1.11.0: one process that is configured first and then asked for everything, its functions included. Up to 1.11.3 OpenTofu
/// says that a provider may put off its answers.
#[tokio::test]
async fn a_plan_asks_one_configured_process_for_everything() {
    let mut plugin = Plugin::start(&[
        ("PLUGIN_CLIENT_CERT", secured::host_certificate()),
        ("PLUGIN_PROTOCOL_VERSIONS", "6,5"),
        ("PLUGIN_MIN_PORT", "10000"),
        ("PLUGIN_MAX_PORT", "25000"),
    ]);
    let channel =
        secured::connect(&plugin, secured::Identity::Host).await.expect("the host is let in");
    let mut client = client(channel.clone());
    let client_capabilities = Some(wire::ClientCapabilities {
        deferral_allowed: true,
        write_only_attributes_allowed: true,
        ..Default::default()
    });
    let schema = client.get_provider_schema(wire::get_provider_schema::Request {}).await;
    let schema = schema.expect("answered").into_inner();
    assert!(schema.server_capabilities.expect("said").get_provider_schema_optional);
    client
        .get_resource_identity_schemas(wire::get_resource_identity_schemas::Request {})
        .await
        .expect("answered");
    let empty = Type::object(std::iter::empty::<(&str, Type)>());
    let settings = dynamic(&Value::Map(std::collections::BTreeMap::new()), &empty);
    let validated = client
        .validate_provider_config(wire::validate_provider_config::Request {
            config: Some(settings.clone()),
        })
        .await;
    assert_eq!(validated.expect("answered").into_inner().diagnostics, []);
    let configured = client
        .configure_provider(wire::configure_provider::Request {
            terraform_version: "1.11.0".into(),
            config: Some(settings),
            client_capabilities,
        })
        .await;
    assert_eq!(configured.expect("answered").into_inner().diagnostics, []);
    // A function that the schema does not have may be one that the configuration brought: it asks once more.
    let functions = client.get_functions(wire::get_functions::Request {}).await.expect("answered");
    let functions = functions.into_inner();
    assert_eq!((functions.functions, functions.diagnostics), (schema.functions, Vec::new()));
    let answer = call(&mut client, "greet", &Value::from("Ada"), &Type::String).await;
    assert_eq!(text(answer), "Hello, Ada! (1)");
    let config = config(Value::from(vec!["Ada"]), Value::Null);
    let read = client
        .read_data_source(wire::read_data_source::Request {
            type_name: "greeter_greetings".into(),
            config: Some(config),
            client_capabilities,
            ..Default::default()
        })
        .await
        .expect("answered")
        .into_inner();
    assert_eq!((read.deferred, read.diagnostics.len()), (None, 0));
    assert!(read.state.is_some());
    client.stop_provider(wire::stop_provider::Request {}).await.expect("answered");
    GrpcControllerClient::new(channel).shutdown(Empty {}).await.expect("answered");
    let status = plugin.ends_within(PATIENCE).expect("it ends");
    assert_eq!((status.code(), plugin.errors()), (Some(0), String::new()));
}
