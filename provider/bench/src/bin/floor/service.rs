//! The two services of the floor: a provider that replays, and the controller that ends the process.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::Arc;
use std::task::{Context, Poll};

use prost::bytes::Bytes;
use tachyon_bench::raw::{LARGEST_MESSAGE, RawCodec};
use tachyon_bench::recording::Recording;
use tokio::sync::Notify;
use tonic::body::Body;
use tonic::codegen::{BoxFuture, Service, http};
use tonic::server::{Grpc, NamedService, UnaryService};
use tonic::{Request, Response, Status};

/// The methods that are answered with an empty message; what is neither here nor recorded is not implemented.
const EMPTY: [&str; 5] = [
    "ValidateProviderConfig",
    "ConfigureProvider",
    "ValidateDataResourceConfig",
    "GetResourceIdentitySchemas",
    "StopProvider",
];

/// What both services share.
#[derive(Clone)]
pub(crate) struct Services {
    recording: Arc<Recording>,
    ending: Arc<Notify>,
}

impl Services {
    pub(crate) fn new(recording: Recording, ending: Arc<Notify>) -> Self {
        Self { recording: Arc::new(recording), ending }
    }

    pub(crate) fn provider(&self) -> Provider {
        Provider(self.clone())
    }

    pub(crate) fn controller(&self) -> Controller {
        Controller(self.clone())
    }

    fn answer(&self, path: &str, request: &Bytes) -> Result<Response<Bytes>, Status> {
        let method = path.rsplit('/').next().unwrap_or_default();
        if method == "Shutdown" {
            self.ending.notify_one();
            return Ok(Response::new(Bytes::new()));
        }
        match self.recording.answer(method, request) {
            Some(answer) => Ok(Response::new(answer)),
            None if EMPTY.contains(&method) => Ok(Response::new(Bytes::new())),
            None => Err(Status::unimplemented(method.to_owned())),
        }
    }

    fn serve(&self, request: http::Request<Body>) -> BoxFuture<http::Response<Body>, Infallible> {
        let path = request.uri().path().to_owned();
        let call = Call { services: self.clone(), path };
        Box::pin(async move {
            let mut grpc = Grpc::new(RawCodec)
                .max_decoding_message_size(LARGEST_MESSAGE)
                .max_encoding_message_size(LARGEST_MESSAGE);
            Ok(grpc.unary(call, request).await)
        })
    }
}

/// One call.
struct Call {
    services: Services,
    path: String,
}

impl UnaryService<Bytes> for Call {
    type Response = Bytes;
    type Future = Ready<Result<Response<Bytes>, Status>>;

    fn call(&mut self, request: Request<Bytes>) -> Self::Future {
        ready(self.services.answer(&self.path, request.get_ref()))
    }
}

/// The provider's service.
#[derive(Clone)]
pub(crate) struct Provider(Services);

/// go-plugin's own service.
#[derive(Clone)]
pub(crate) struct Controller(Services);

impl NamedService for Provider {
    const NAME: &'static str = "tfplugin6.Provider";
}

impl NamedService for Controller {
    const NAME: &'static str = "plugin.GRPCController";
}

impl Service<http::Request<Body>> for Provider {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<Self::Response, Infallible>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        self.0.serve(request)
    }
}

impl Service<http::Request<Body>> for Controller {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<Self::Response, Infallible>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        self.0.serve(request)
    }
}
