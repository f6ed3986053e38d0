//! The services that every go-plugin has beside its own.

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming};

use crate::generated::grpc_health_v1::health_check_response::ServingStatus;
use crate::generated::grpc_health_v1::health_server;
use crate::generated::grpc_health_v1::{HealthCheckRequest, HealthCheckResponse};
use crate::generated::plugin::grpc_broker_server::GrpcBroker;
use crate::generated::plugin::grpc_controller_server::GrpcController;
use crate::generated::plugin::grpc_stdio_server::GrpcStdio;
use crate::generated::plugin::{ConnInfo, Empty, StdioData};
use crate::serve::ending::Ending;

/// Ends the process when the host asks.
pub(super) struct Controller(pub(super) Ending);

/// Would carry what is written to the standard streams; nothing is.
pub(super) struct Stdio(pub(super) Ending);

/// Would arrange further connections; Terraform makes none.
pub(super) struct Broker(pub(super) Ending);

/// Whether the provider answers: as long as the process lives.
pub(super) struct Health(pub(super) Ending);

/// A stream that says `first`, if anything, and then stays open and silent until the end: hosts take an early end for a
/// failure.
type Silence<T> = ReceiverStream<Result<T, Status>>;

fn silence<T: Send + 'static>(ending: &Ending, first: Option<T>) -> Response<Silence<T>> {
    let (sender, receiver) = mpsc::channel(1);
    if let Some(message) = first {
        // There is room for one, and the receiver is right here.
        let _ = sender.try_send(Ok(message));
    }
    let ending = ending.clone();
    tokio::spawn(async move {
        tokio::select! {
            () = ending.begun() => {}
            () = sender.closed() => {}
        }
    });
    Response::new(ReceiverStream::new(receiver))
}

#[tonic::async_trait]
impl GrpcController for Controller {
    async fn shutdown(&self, _: Request<Empty>) -> Result<Response<Empty>, Status> {
        self.0.begin();
        Ok(Response::new(Empty {}))
    }
}

#[tonic::async_trait]
impl GrpcStdio for Stdio {
    type StreamStdioStream = Silence<StdioData>;

    async fn stream_stdio(
        &self,
        _: Request<()>,
    ) -> Result<Response<Self::StreamStdioStream>, Status> {
        Ok(silence(&self.0, None))
    }
}

#[tonic::async_trait]
impl GrpcBroker for Broker {
    type StartStreamStream = Silence<ConnInfo>;

    async fn start_stream(
        &self,
        request: Request<Streaming<ConnInfo>>,
    ) -> Result<Response<Self::StartStreamStream>, Status> {
        // Read to its end, so that the host's half of the stream stays open as well.
        let (mut offers, ending) = (request.into_inner(), self.0.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = ending.begun() => {}
                () = async { while let Ok(Some(_)) = offers.message().await {} } => {}
            }
        });
        Ok(silence(&self.0, None))
    }
}

#[tonic::async_trait]
impl health_server::Health for Health {
    type WatchStream = Silence<HealthCheckResponse>;

    async fn check(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<HealthCheckResponse>, Status> {
        match status(&request.get_ref().service) {
            ServingStatus::ServiceUnknown => Err(Status::not_found("unknown service")),
            status => Ok(Response::new(HealthCheckResponse { status: status.into() })),
        }
    }

    async fn watch(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<Self::WatchStream>, Status> {
        let status = status(&request.get_ref().service).into();
        Ok(silence(&self.0, Some(HealthCheckResponse { status })))
    }
}

/// The whole process is asked for by no name, and go-plugin asks for `plugin`.
fn status(service: &str) -> ServingStatus {
    match service {
        "" | "plugin" => ServingStatus::Serving,
        _ => ServingStatus::ServiceUnknown,
    }
}
