//! What no host says: each is refused or answered, in bounded time and memory, and the process lives.

use prost::Message;
use prost::encoding::{WireType, encode_key, encode_varint};
use tfplugin::{Type, Value};
use tonic::Code;
use tonic::codegen::http::Method;

use crate::host::{Plugin, dynamic};
use crate::raw::{ask, post};
use crate::wire::tfplugin6 as wire;

/// A body with one message of gRPC's: its length as it is claimed to be, and its content.
fn framed(claimed: u32, content: &str) -> String {
    let mut body = vec![0];
    body.extend(claimed.to_be_bytes());
    body.extend(content.bytes());
    String::from_utf8(body).expect("lengths of small digits")
}

/// Bodies that are no call, and what each gets; nothing is as good as a status that refuses.
#[tokio::test]
async fn what_is_no_call_is_refused() {
    const GRPC: &str = "application/grpc";
    let plugin = Plugin::start(&[]);
    let channel = plugin.connect().await;
    let cases = [
        ("longer than may be", Method::POST, GRPC, framed(0x1100_0000, ""), Some(Code::OutOfRange)),
        ("far longer", Method::POST, GRPC, framed(0x7f00_0000, "abc"), Some(Code::OutOfRange)),
        ("cut short", Method::POST, GRPC, framed(0x0f7f_0000, "abc"), Some(Code::Internal)),
        ("cut in its length", Method::POST, GRPC, "\0\0".to_owned(), Some(Code::Internal)),
        ("cut within a field", Method::POST, GRPC, framed(3, "\n\x7fa"), Some(Code::Internal)),
        (
            "compressed",
            Method::POST,
            GRPC,
            format!("\u{1}{}", &framed(0, "")[1..]),
            Some(Code::Internal),
        ),
        ("no message", Method::POST, GRPC, String::new(), Some(Code::Internal)),
        ("plain text", Method::POST, "text/plain", "hello".to_owned(), Some(Code::Internal)),
        ("a page", Method::GET, "text/html", String::new(), Some(Code::Internal)),
    ];
    for (what, method, content, body, expected) in cases {
        assert_eq!(post(&channel, method, content, body).await, expected, "{what}");
    }
    assert!(plugin.answers().await);
}

/// A request to call a function whose name is these bytes.
fn named(name: &[u8]) -> Vec<u8> {
    let mut request = Vec::new();
    encode_key(1, WireType::LengthDelimited, &mut request);
    encode_varint(name.len().try_into().expect("a length"), &mut request);
    request.extend(name);
    request
}

#[tokio::test]
async fn names_that_are_no_names_are_not_repeated_in_full() {
    let plugin = Plugin::start(&[("TF_LOG", "trace")]);
    let channel = plugin.connect().await;
    let refused = ask(&channel, "CallFunction", named(b"greet\xff")).await.expect_err("no text");
    assert_eq!(refused.code(), Code::Internal);
    let long = "é".repeat(1 << 19);
    for call in
        ["CallFunction", "ReadDataSource", "ValidateDataResourceConfig", "PlanResourceChange"]
    {
        let answer = ask(&channel, call, named(long.as_bytes())).await.expect("answered");
        assert!(answer[0].len() < 1000, "{call} answers with {} bytes", answer[0].len());
    }
    assert!(plugin.answers().await);
}

fn called(function: &str, arguments: Vec<wire::DynamicValue>) -> Vec<u8> {
    wire::call_function::Request { name: function.into(), arguments }.encode_to_vec()
}

#[tokio::test]
async fn arguments_may_be_many_or_none_or_empty() {
    let plugin = Plugin::start(&[]);
    let channel = plugin.connect().await;
    let number = dynamic(&Value::from(7), &Type::Number);
    let order = dynamic(&Value::from("say so"), &Type::Dynamic);
    let answer = async |function: &str, arguments| {
        let answer = ask(&channel, "CallFunction", called(function, arguments)).await;
        wire::call_function::Response::decode(answer.expect("answered")[0].as_slice())
            .expect("whole")
    };
    let mut many = vec![number; 10_000];
    let error = answer("greet", many.clone()).await.error.expect("too many");
    assert!(error.text.contains("10000 were given"), "{}", error.text);
    many.insert(0, order);
    assert_eq!(crate::host::text(answer("obey", many.clone()).await), "so");
    many.push(wire::DynamicValue { msgpack: b"\xc1".to_vec().into(), ..Default::default() });
    let error = answer("obey", many).await.error.expect("no value");
    assert_eq!(error.function_argument, Some(10_001));
    for (function, arguments) in [("greet", 0), ("greet", 1), ("obey", 0), ("obey", 10_000)] {
        let answer = answer(function, vec![wire::DynamicValue::default(); arguments]).await;
        assert!(answer.error.is_some_and(|error| !error.text.is_empty()), "{function} {arguments}");
    }
}
