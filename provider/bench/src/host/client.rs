//! A connection to a plugin, on which bytes are asked and answered.

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use hyper_util::rt::TokioIo;
use prost::bytes::Bytes;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::net::UnixStream;
use tokio_rustls::TlsConnector;
use tonic::Request;
use tonic::client::Grpc;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::transport::{Channel, Endpoint};
use tower::service_fn;

use crate::Outcome;
use crate::raw::{LARGEST_MESSAGE, RawCodec};

/// The call by which Terraform ends a plugin.
const SHUTDOWN: &str = "/plugin.GRPCController/Shutdown";

/// A connected host.
pub struct Client {
    grpc: Grpc<Channel>,
    protocol: u32,
}

impl Client {
    /// Connects to a socket.
    pub async fn connect(socket: &Path, config: ClientConfig, protocol: u32) -> Outcome<Self> {
        let connector = TlsConnector::from(Arc::new(config));
        let socket = socket.to_owned();
        let connect = service_fn(move |_| {
            let (connector, socket) = (connector.clone(), socket.clone());
            async move {
                let name = ServerName::try_from("localhost").map_err(std::io::Error::other)?;
                connector.connect(name, UnixStream::connect(socket).await?).await.map(TokioIo::new)
            }
        });
        let endpoint = Endpoint::from_static("http://localhost")
            .initial_stream_window_size(u32::try_from(LARGEST_MESSAGE >> 6)?)
            .initial_connection_window_size(u32::try_from(LARGEST_MESSAGE >> 6)?);
        let grpc = Grpc::new(endpoint.connect_with_connector(connect).await?)
            .max_decoding_message_size(LARGEST_MESSAGE)
            .max_encoding_message_size(LARGEST_MESSAGE);
        Ok(Self { grpc, protocol })
    }

    /// The path of a method, by its name in protocol 6.
    pub fn path(&self, method: &str) -> Outcome<PathAndQuery> {
        let path = match (self.protocol, method) {
            (5, "GetProviderSchema") => "/tfplugin5.Provider/GetSchema".to_owned(),
            (protocol, method) => format!("/tfplugin{protocol}.Provider/{method}"),
        };
        Ok(PathAndQuery::from_str(&path)?)
    }

    /// Asks, and waits for the answer.
    pub async fn ask(&mut self, path: PathAndQuery, request: Bytes) -> Outcome<Bytes> {
        self.grpc.ready().await?;
        Ok(self.grpc.unary(Request::new(request), path, RawCodec).await?.into_inner())
    }

    /// Asks the plugin to end.
    pub async fn shutdown(&mut self) -> Outcome<()> {
        // The plugin may be gone before its answer is here, which is what was asked for.
        let _ = self.ask(PathAndQuery::from_static(SHUTDOWN), Bytes::new()).await;
        Ok(())
    }
}
