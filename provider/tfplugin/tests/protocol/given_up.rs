//! Calls that the host gives up, and the request to stop.

use tfplugin::{Type, Value};
use tokio::task::JoinSet;
use tonic::transport::Channel;

use crate::crowd::Gate;
use crate::host::{PATIENCE, Plugin, call, client, secured_client, text};
use crate::wire::tfplugin6::call_function::Response;
use crate::wire::tfplugin6::provider_client::ProviderClient;
use crate::wire::tfplugin6::{get_metadata, stop_provider};

/// As many calls as are computed at a time.
const THREADS: usize = 10;

type Client = ProviderClient<Channel>;

/// As many calls as there are threads, each waiting at a gate.
async fn all_threads_wait(client: &mut Client, gate: &Gate) -> JoinSet<Response> {
    let mut waiting = JoinSet::new();
    for number in 0..THREADS {
        let (mut client, order) = (client.clone(), gate.wait(number));
        waiting.spawn(async move { call(&mut client, "obey", &order, &Type::Dynamic).await });
    }
    settle(client).await;
    waiting
}

/// Waits until the provider has seen what was sent before: it reads one connection in order.
async fn settle(client: &mut Client) {
    for _ in 0..10 {
        client.get_metadata(get_metadata::Request {}).await.expect("answered");
        tokio::task::yield_now().await;
    }
}

fn greet(client: &Client, names: std::ops::Range<usize>) -> JoinSet<Response> {
    let mut greeting = JoinSet::new();
    for name in names {
        let mut client = client.clone();
        greeting.spawn(async move {
            call(&mut client, "greet", &Value::from(name.to_string()), &Type::String).await
        });
    }
    greeting
}

async fn texts(calls: JoinSet<Response>) -> Vec<String> {
    let answers = tokio::time::timeout(PATIENCE, calls.join_all()).await.expect("in time");
    answers.into_iter().map(text).collect()
}

#[tokio::test]
async fn what_is_given_up_before_its_turn_is_never_computed() {
    let (_plugin, mut client) = secured_client(&[]).await;
    let gate = Gate::new("queued");
    let waiting = all_threads_wait(&mut client, &gate).await;
    let mut queued = greet(&client, 0..20);
    settle(&mut client).await;
    queued.shutdown().await;
    settle(&mut client).await;
    gate.open();
    assert_eq!(texts(waiting).await, ["waited"; THREADS]);
    // The greeter says how often it has been asked.
    let answer = call(&mut client, "greet", &Value::from("you"), &Type::String).await;
    assert_eq!(text(answer), "Hello, you! (1)");
}

#[tokio::test]
async fn what_is_given_up_while_computing_disturbs_nobody() {
    let (_plugin, mut client) = secured_client(&[]).await;
    let gate = Gate::new("computing");
    let mut waiting = all_threads_wait(&mut client, &gate).await;
    waiting.shutdown().await;
    let queued = greet(&client, 0..20);
    settle(&mut client).await;
    gate.open();
    assert_eq!(texts(queued).await.len(), 20);
    // The same call again: nothing was remembered of the one that was given up but, perhaps, its answer.
    let again = call(&mut client, "obey", &gate.wait(0), &Type::Dynamic).await;
    assert_eq!(text(again), "waited");
}

#[cfg(unix)]
#[tokio::test]
async fn giving_up_many_at_once_does_not_cost_the_connection() {
    let (plugin, mut client) = secured_client(&[]).await;
    // Stopped, so that it sees all the calls and their ends at once.
    plugin.signal("STOP");
    let mut calls = greet(&client, 0..100);
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    calls.shutdown().await;
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    plugin.signal("CONT");
    settle(&mut client).await;
}

#[tokio::test]
async fn stopping_is_answered_at_once_and_stops_no_answer() {
    let plugin = Plugin::start(&[]);
    let mut host = client(plugin.connect().await);
    let gate = Gate::new("stopped");
    let waiting = all_threads_wait(&mut host, &gate).await;
    let queued = greet(&host, 0..20);
    settle(&mut host).await;
    for _ in 0..2 {
        let stopped = host.stop_provider(stop_provider::Request {});
        let stopped = tokio::time::timeout(PATIENCE, stopped).await.expect("the calls still wait");
        assert_eq!(stopped.expect("answered").into_inner().error, "");
    }
    gate.open();
    assert_eq!((texts(waiting).await.len(), texts(queued).await.len()), (THREADS, 20));
    assert!(plugin.answers().await);
}
