//! Calls with bytes of the test's own in place of messages, and with bodies of its own in place of gRPC's.

use prost::bytes::{Buf, BufMut};
use tonic::body::Body;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::codegen::http::uri::PathAndQuery;
use tonic::codegen::http::{Method, Request};
use tonic::transport::Channel;
use tonic::{Code, Status, Streaming};
use tower::ServiceExt;

use crate::host::PATIENCE;

/// Messages as they are.
#[derive(Debug, Clone, Copy, Default)]
struct Raw;

impl Codec for Raw {
    type Encode = Vec<u8>;
    type Decode = Vec<u8>;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Raw {
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(&mut self, message: Vec<u8>, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put_slice(&message);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = Vec<u8>;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Vec<u8>>, Status> {
        let length = buffer.remaining();
        Ok(Some(buffer.copy_to_bytes(length).to_vec()))
    }
}

/// Makes a call of the provider's, whatever it streams; the answer is not read yet.
pub(crate) async fn begin(
    channel: &Channel,
    call: &str,
    message: Vec<u8>,
) -> Result<Streaming<Vec<u8>>, Status> {
    let mut grpc = tonic::client::Grpc::new(channel.clone())
        .max_encoding_message_size(usize::MAX)
        .max_decoding_message_size(usize::MAX);
    grpc.ready().await.expect("connected");
    let path = PathAndQuery::try_from(format!("/tfplugin6.Provider/{call}")).expect("a path");
    let request = tonic::Request::new(tokio_stream::once(message));
    grpc.streaming(request, path, Raw).await.map(tonic::Response::into_inner)
}

/// Makes a call and reads its answer to the end; one that hangs fails the test.
pub(crate) async fn ask(
    channel: &Channel,
    call: &str,
    message: Vec<u8>,
) -> Result<Vec<Vec<u8>>, Status> {
    let asked = async {
        let mut answer = begin(channel, call, message).await?;
        let mut messages = Vec::new();
        while let Some(message) = answer.message().await? {
            messages.push(message);
        }
        Ok(messages)
    };
    tokio::time::timeout(PATIENCE, asked).await.unwrap_or_else(|_| panic!("{call} hangs"))
}

/// Sends a body as it is; the answer is gRPC's status, or none if there is not even that.
pub(crate) async fn post(
    channel: &Channel,
    method: Method,
    content: &str,
    body: String,
) -> Option<Code> {
    let request = Request::builder()
        .method(method)
        .uri("/tfplugin6.Provider/CallFunction")
        .header("content-type", content)
        .body(Body::new(body))
        .expect("a request");
    let answered = tokio::time::timeout(PATIENCE, channel.clone().oneshot(request)).await;
    let response = answered.expect("it does not hang").expect("the connection lives");
    Status::from_header_map(response.headers()).map(|status| status.code())
}
