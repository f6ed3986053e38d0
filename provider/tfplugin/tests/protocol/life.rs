//! The life of the process: signals, the end, what is logged, and several calls at a time.

use std::path::Path;
use std::time::{Duration, Instant};

use tfplugin::{Type, Value};
use tokio_stream::StreamExt;

use crate::host::{PATIENCE, Plugin, call, client, secured_client, text};
use crate::secured;
use crate::wire::grpc_health_v1::HealthCheckRequest;
use crate::wire::grpc_health_v1::health_client::HealthClient;
use crate::wire::plugin::Empty;
use crate::wire::plugin::grpc_broker_client::GrpcBrokerClient;
use crate::wire::plugin::grpc_controller_client::GrpcControllerClient;
use crate::wire::plugin::grpc_stdio_client::GrpcStdioClient;
use crate::wire::tfplugin6::{get_metadata, stop_provider};

#[tokio::test]
async fn shutdown_is_answered_and_then_the_process_ends() {
    let mut plugin = Plugin::start(&[("PLUGIN_CLIENT_CERT", secured::host_certificate())]);
    let folder = Path::new(plugin.field(3)).parent().expect("a folder").to_owned();
    let channel =
        secured::connect(&plugin, secured::Identity::Host).await.expect("the host is let in");
    // What a host opens when it connects, and leaves open.
    let stdio =
        GrpcStdioClient::new(channel.clone()).stream_stdio(()).await.expect("opened").into_inner();
    let broker = GrpcBrokerClient::new(channel.clone())
        .start_stream(tokio_stream::pending())
        .await
        .expect("opened");
    // And a call that nobody will wait for.
    let mut busy = client(channel.clone());
    let call = tokio::spawn(async move {
        call(&mut busy, "obey", &Value::from("sleep"), &Type::Dynamic).await
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    GrpcControllerClient::new(channel).shutdown(Empty {}).await.expect("answered");
    let asked = Instant::now();
    let status = plugin.ends_within(PATIENCE).expect("it ends");
    assert!(
        asked.elapsed() < Duration::from_millis(900),
        "it waited for the call: {:?}",
        asked.elapsed()
    );
    assert_eq!((status.code(), folder.exists()), (Some(0), false));
    assert_eq!((plugin.rest_of_output(), plugin.errors()), (String::new(), String::new()));
    call.abort();
    drop((stdio, broker));
}

#[tokio::test]
async fn streams_stay_open() {
    let plugin = Plugin::start(&[]);
    let channel = plugin.connect().await;
    let mut stdio =
        GrpcStdioClient::new(channel.clone()).stream_stdio(()).await.expect("opened").into_inner();
    let offers = tokio_stream::pending();
    let mut broker =
        GrpcBrokerClient::new(channel).start_stream(offers).await.expect("opened").into_inner();
    let waited = tokio::time::timeout(Duration::from_millis(200), async {
        tokio::select! { message = stdio.next() => message.is_none(), message = broker.next() => message.is_none() }
    });
    assert!(waited.await.is_err(), "a stream ended");
}

#[tokio::test]
async fn health_is_that_of_the_plugin() {
    let plugin = Plugin::start(&[]);
    let mut health = HealthClient::new(plugin.connect().await);
    let request = |service: &str| HealthCheckRequest { service: service.to_owned() };
    assert_eq!(health.check(request("plugin")).await.expect("known").into_inner().status, 1);
    assert_eq!(
        health.check(request("other")).await.expect_err("unknown").code(),
        tonic::Code::NotFound
    );
    let mut watched = health.watch(request("plugin")).await.expect("known").into_inner();
    assert_eq!(watched.message().await.expect("a message").map(|message| message.status), Some(1));
}

#[tokio::test]
async fn ctrl_c_is_the_hosts_affair() {
    let (mut plugin, mut client) = secured_client(&[]).await;
    plugin.signal("INT");
    assert_eq!(
        client.stop_provider(stop_provider::Request {}).await.expect("answered").into_inner().error,
        ""
    );
    let answer = call(&mut client, "greet", &Value::from("you"), &Type::String).await;
    assert_eq!(text(answer), "Hello, you! (1)");
    assert_eq!(plugin.ends_within(Duration::from_millis(50)), None);
}

#[tokio::test]
async fn a_request_to_terminate_is_a_clean_end() {
    let mut plugin = Plugin::start(&[]);
    let folder = Path::new(plugin.field(3)).parent().expect("a folder").to_owned();
    plugin.signal("TERM");
    let status = plugin.ends_within(PATIENCE).expect("it ends");
    assert_eq!((status.code(), folder.exists()), (Some(0), false));
}

#[tokio::test]
async fn a_host_that_keeps_its_connection_does_not_keep_the_process() {
    let mut plugin = Plugin::start(&[("PLUGIN_CLIENT_CERT", secured::host_certificate())]);
    let folder = Path::new(plugin.field(3)).parent().expect("a folder").to_owned();
    let channel =
        secured::connect(&plugin, secured::Identity::Host).await.expect("the host is let in");
    let stdio = GrpcStdioClient::new(channel.clone()).stream_stdio(()).await.expect("opened");
    plugin.signal("TERM");
    let status = plugin.ends_within(PATIENCE).expect("it ends");
    assert_eq!((status.code(), folder.exists()), (Some(0), false));
    drop(stdio);
}

#[tokio::test]
async fn a_closed_terminal_is_the_hosts_affair() {
    let (mut plugin, mut client) = secured_client(&[]).await;
    for _ in 0..3 {
        plugin.signal("HUP");
        client.get_metadata(get_metadata::Request {}).await.expect("answered");
    }
    assert_eq!(plugin.ends_within(Duration::from_millis(50)), None);
}

#[tokio::test]
async fn a_long_call_does_not_hold_up_the_others() {
    let (_plugin, client) = secured_client(&[]).await;
    let started = Instant::now();
    let mut slow = client.clone();
    let sleeping = tokio::spawn(async move {
        call(&mut slow, "obey", &Value::from("sleep"), &Type::Dynamic).await
    });
    let mut quick = client.clone();
    for _ in 0..10 {
        quick.stop_provider(stop_provider::Request {}).await.expect("answered");
        quick.get_metadata(get_metadata::Request {}).await.expect("answered");
    }
    assert!(!sleeping.is_finished(), "the others took {:?}", started.elapsed());
    assert_eq!(text(sleeping.await.expect("it ends")), "slept");
}
