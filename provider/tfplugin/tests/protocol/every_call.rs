//! Every call that the definitions have, with nothing and with garbage: each is answered, and in words.

use std::collections::BTreeMap;

use prost::Message;
use prost::bytes::Buf;
use prost::encoding::{DecodeContext, WireType, decode_key, encode_key, encode_varint, skip_field};
use prost_types::field_descriptor_proto::Type;
use prost_types::{DescriptorProto, MethodDescriptorProto};

use crate::generated::definitions;
use crate::host::Plugin;
use crate::raw::ask;
use crate::wire::tfplugin6::{Diagnostic, FunctionError, diagnostic::Severity};

/// The calls that have an answer whatever they are asked with. Every other one must say what is wrong: a new one too.
const ANSWERED: [&str; 7] = [
    "ConfigureProvider",
    "GetFunctions",
    "GetMetadata",
    "GetProviderSchema",
    "GetResourceIdentitySchemas",
    "StopProvider",
    "ValidateProviderConfig",
];

/// What stands in a request: names, and the two encodings of a value.
type Filling = (&'static [&'static str], &'static [u8], &'static [u8]);

const UNKNOWN: &[&str] = &["", "nothing\u{1}", "greeter_greeting"];
const KNOWN: &[&str] = &["greet", "greeter_greetings"];

const FILLINGS: [Filling; 6] = [
    (UNKNOWN, b"\xc1\xff", b""),
    (UNKNOWN, b"", b"{{{"),
    (KNOWN, b"\xc1\xff", b""),
    (KNOWN, b"\xdf\xff\xff\xff\xff", b"]"),
    (KNOWN, b"", b"\xff\xfe"),
    (KNOWN, b"\x92\xc4\x09\"dynamic\"", b""),
];

/// The messages of the protocol, by their whole names, and the calls.
struct Protocol {
    messages: BTreeMap<String, DescriptorProto>,
    calls: Vec<MethodDescriptorProto>,
}

impl Protocol {
    fn read() -> Self {
        let mut protocol = Self { messages: BTreeMap::new(), calls: Vec::new() };
        for file in definitions().file {
            for message in &file.message_type {
                protocol.add(&format!(".{}.{}", file.package(), message.name()), message);
            }
            if file.package() == "tfplugin6" {
                protocol.calls = file.service.into_iter().flat_map(|it| it.method).collect();
            }
        }
        protocol
    }

    fn add(&mut self, name: &str, message: &DescriptorProto) {
        for nested in &message.nested_type {
            self.add(&format!("{name}.{}", nested.name()), nested);
        }
        self.messages.insert(name.to_owned(), message.clone());
    }

    /// A message with every field set, those of its messages too.
    fn filled(&self, message: &str, name: &str, (_, msgpack, json): Filling) -> Vec<u8> {
        let mut bytes = Vec::new();
        for field in &self.messages[message].field {
            let tag = u32::try_from(field.number()).expect("a number");
            let content = match (field.r#type(), field.name()) {
                (Type::Message, _) => self.filled(field.type_name(), name, (&[], msgpack, json)),
                (Type::Bytes, "msgpack") => msgpack.to_vec(),
                (Type::Bytes, "json") => json.to_vec(),
                (Type::Bytes, _) => b"\xff\x00\xfe".to_vec(),
                (Type::String, _) => name.into(),
                _ => {
                    encode_key(tag, WireType::Varint, &mut bytes);
                    encode_varint(u64::MAX, &mut bytes);
                    continue;
                }
            };
            encode_key(tag, WireType::LengthDelimited, &mut bytes);
            encode_varint(content.len().try_into().expect("a length"), &mut bytes);
            bytes.extend(content);
        }
        bytes
    }

    /// What an answer says is wrong, wherever it says so.
    fn complaints(&self, message: &str, mut bytes: &[u8]) -> Vec<String> {
        let mut found = Vec::new();
        while bytes.has_remaining() {
            let (tag, wire) = decode_key(&mut bytes).expect("a field");
            let field =
                self.messages[message].field.iter().find(|it| it.number().cast_unsigned() == tag);
            let field = field.expect("a field of the message");
            if field.r#type() != Type::Message {
                skip_field(wire, tag, &mut bytes, DecodeContext::default()).expect("whole");
                continue;
            }
            let length = prost::decode_length_delimiter(&mut bytes).expect("a length");
            let content = bytes.copy_to_bytes(length);
            match field.type_name() {
                ".tfplugin6.Diagnostic" => {
                    let diagnostic = Diagnostic::decode(content).expect("a diagnostic");
                    assert_eq!(diagnostic.severity(), Severity::Error, "{diagnostic:?}");
                    assert!(!diagnostic.detail.is_empty(), "{diagnostic:?}");
                    found.push(diagnostic.summary);
                }
                ".tfplugin6.FunctionError" => {
                    found.push(FunctionError::decode(content).expect("an error").text);
                }
                other => found.extend(self.complaints(other, &content)),
            }
        }
        found
    }
}

#[tokio::test]
async fn every_call_is_answered_in_words() {
    let mut plugin = Plugin::start(&[]);
    let channel = plugin.connect().await;
    let protocol = Protocol::read();
    let mut asked = 0;
    for call in &protocol.calls {
        let mut messages = vec![Vec::new()];
        for filling in FILLINGS {
            messages.extend(
                filling.0.iter().map(|name| protocol.filled(call.input_type(), name, filling)),
            );
        }
        for message in messages {
            let answer = ask(&channel, call.name(), message.clone()).await;
            let answer =
                answer.unwrap_or_else(|status| panic!("{} of {message:?}: {status}", call.name()));
            assert_eq!(answer.len(), 1, "{}", call.name());
            let complaints = protocol.complaints(call.output_type(), &answer[0]);
            let expected = usize::from(!ANSWERED.contains(&call.name()));
            assert_eq!(
                complaints.len(),
                expected,
                "{} of {message:?}: {complaints:?}",
                call.name()
            );
            assert!(complaints.iter().all(|it| !it.is_empty()), "{} of {message:?}", call.name());
            asked += 1;
        }
    }
    assert_eq!(asked, 36 * 15);
    assert_eq!(plugin.ends_within(std::time::Duration::ZERO), None);
    assert!(plugin.answers().await);
}
