//! Attributes that are the same from call to call, and as large as a document: decoded once.
//!
//! A type and a value each say themselves where they end. So where the bytes that come begin with those of one that was decoded
//! before, it is that one, and there is nothing to read.

use std::sync::{Arc, Mutex, PoisonError};

use crate::value::Value;

/// What is smaller is decoded as soon as it is compared.
const SMALLEST: usize = 4 << 10;
/// What is larger is no document.
const LARGEST: usize = 1 << 20;
/// How many are kept.
const MOST: usize = 4;

/// The attributes that were decoded last, the last one first.
#[derive(Debug)]
pub(crate) struct Kept {
    /// The fewest bytes of one, with its type.
    smallest: usize,
    last: Mutex<Vec<Arc<Attribute>>>,
}

impl Default for Kept {
    fn default() -> Self {
        Self::of_size(SMALLEST)
    }
}

/// An attribute as it came, and its value.
#[derive(Debug)]
pub(crate) struct Attribute {
    /// The JSON of its type.
    pub(crate) ty: Box<[u8]>,
    /// The MessagePack of its value.
    pub(crate) bytes: Box<[u8]>,
    pub(crate) value: Arc<Value>,
}

impl Kept {
    /// One that keeps what has so many bytes at least.
    pub(crate) fn of_size(smallest: usize) -> Self {
        Self { smallest, last: Mutex::default() }
    }

    /// The one whose type a text begins with, and whose value some bytes do.
    pub(crate) fn find(&self, text: &[u8], bytes: &[u8]) -> Option<Arc<Attribute>> {
        let kept = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |it: &&Arc<Attribute>| text.starts_with(&it.ty) && bytes.starts_with(&it.bytes);
        kept.iter().find(same).map(Arc::clone)
    }

    /// Keeps a value for calls to come. What is unknown in part is another in the next call, and stays as it is.
    pub(crate) fn keep(&self, ty: &[u8], bytes: &[u8], value: Value) -> Value {
        let size = ty.len() + bytes.len();
        if !(self.smallest..=LARGEST).contains(&size) || !value.is_wholly_known() {
            return value;
        }
        let value = Arc::new(value);
        let attribute = Attribute { ty: ty.into(), bytes: bytes.into(), value: Arc::clone(&value) };
        let mut kept = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        kept.truncate(MOST - 1);
        kept.insert(0, Arc::new(attribute));
        Value::Shared(value)
    }
}
