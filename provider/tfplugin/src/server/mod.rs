//! gRPC to the rest of the crate and back: the only place that knows tonic and the generated messages.

mod convert;
mod plugin;
mod rpc;
mod schema;
mod service;
mod unoffered;

use tokio_stream::Stream;
use tonic::transport::server::Router;

use crate::catalogue::Catalogue;
use crate::generated::grpc_health_v1::health_server::HealthServer;
use crate::generated::plugin::grpc_broker_server::GrpcBrokerServer;
use crate::generated::plugin::grpc_controller_server::GrpcControllerServer;
use crate::generated::plugin::grpc_stdio_server::GrpcStdioServer;
use crate::generated::tfplugin6::provider_server::ProviderServer;
use crate::log::Log;
use crate::serve::connection::Connection;
use crate::serve::ending::Ending;

/// The largest message in either direction, in bytes: what Terraform's own Go servers allow (`grpcMaxMessageSize` in
/// `tf6server/server.go` of hashicorp/terraform-plugin-go).
const LARGEST_MESSAGE: usize = 256 << 20;

/// How much of one message may be on its way before the host must wait for us, in bytes. HTTP/2's default of 64 KiB would
/// make a large configuration go back and forth many times.
const WINDOW: u32 = 4 << 20;

/// How many calls one connection may have at a time, answers that nobody has read yet among them: the bound on how many
/// answers a host that reads none can make us keep. Terraform makes ten, unless `-parallelism` says another number;
/// beyond, its gRPC waits.
const CALLS: u32 = 128;

/// Serves a provider on the connections that come, until the ending begins and what was asked before it is answered.
pub(crate) async fn serve(
    catalogue: Catalogue,
    connections: impl Stream<Item = std::io::Result<Connection>>,
    ending: Ending,
    log: Log,
) -> Result<(), tonic::transport::Error> {
    let begun = ending.clone();
    router(catalogue, &ending, log)
        .serve_with_incoming_shutdown(connections, async move { begun.begun().await })
        .await
}

fn router(catalogue: Catalogue, ending: &Ending, log: Log) -> Router {
    let provider = ProviderServer::new(service::Service::new(catalogue, log))
        .max_decoding_message_size(LARGEST_MESSAGE)
        .max_encoding_message_size(LARGEST_MESSAGE);
    tonic::transport::Server::builder()
        .initial_stream_window_size(WINDOW)
        .initial_connection_window_size(WINDOW)
        .max_concurrent_streams(CALLS)
        // A host may give up all of its calls at once; taken for an attack, that would cost it the connection.
        .http2_max_pending_accept_reset_streams(CALLS.try_into().ok())
        .add_service(provider)
        .add_service(GrpcControllerServer::new(plugin::Controller(ending.clone())))
        .add_service(GrpcStdioServer::new(plugin::Stdio(ending.clone())))
        .add_service(GrpcBrokerServer::new(plugin::Broker(ending.clone())))
        .add_service(HealthServer::new(plugin::Health(ending.clone())))
}
