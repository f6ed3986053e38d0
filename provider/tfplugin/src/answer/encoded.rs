//! A value that is still bytes, in whichever encoding the host chose.

use crate::function::Parameter;
use crate::json;
use crate::kept::Kept;
use crate::msgpack::{self, WireError};
use crate::ty::Type;
use crate::value::Value;

/// The bytes of a value.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Encoded<'a> {
    /// As Terraform and OpenTofu send it.
    MessagePack(&'a [u8]),
    /// As the protocol also allows.
    Json(&'a [u8]),
    /// OpenTofu sends null as a function's argument so.
    Nothing,
}

impl Encoded<'_> {
    pub(crate) fn decode(self, ty: &Type) -> Result<Value, WireError> {
        match self {
            Self::MessagePack(bytes) => msgpack::decode(bytes, ty),
            Self::Json(bytes) => json::decode(bytes, ty),
            Self::Nothing => Ok(Value::Null),
        }
    }

    /// As a parameter takes it, of which large attributes may be kept from earlier calls.
    pub(crate) fn decode_for(self, parameter: &Parameter, kept: &Kept) -> Result<Value, WireError> {
        match self {
            Self::MessagePack(bytes)
                if parameter.ty == Type::Dynamic && !parameter.same.is_empty() =>
            {
                msgpack::decode_keeping(bytes, parameter.same, kept)
            }
            other => other.decode(&parameter.ty),
        }
    }
}
