//! The JSON that names a type on the wire, read as it comes: beside a dynamic value its type is half of what there is to read.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::ty::{Type, TypeError};

/// The name of the type of text.
const STRING: &[u8] = b"\"string\"";

/// How deep a type may be nested.
const LARGEST_DEPTH: usize = 128;

/// How a type begins: as all of it, or as one that has others inside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Begin {
    /// Nothing is inside.
    Plain(Type),
    /// Names and types follow.
    Object,
    /// The type of the elements follows.
    List,
    /// The type of the elements follows.
    Set,
    /// The type of the elements follows.
    Map,
    /// The types of the elements follow.
    Tuple,
}

/// Text of which types are read, one after the other.
#[derive(Debug)]
pub(crate) struct TypeText<'a> {
    bytes: &'a [u8],
    position: usize,
    /// How many bytes more may be read a second time.
    again: usize,
}

impl<'a> TypeText<'a> {
    /// A text from its beginning, of which so many bytes in all may be read a second time, a third, and so on.
    pub(crate) fn new(bytes: &'a [u8], again: usize) -> Self {
        Self { bytes, position: 0, again }
    }

    /// The type that all of the text names.
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Type, TypeError> {
        let mut text = Self::new(bytes, 0);
        let ty = text.ty(0)?;
        text.end()?;
        Ok(ty)
    }

    /// What was not read yet.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.position..).unwrap_or_default()
    }

    /// Takes so many bytes for read.
    pub(crate) fn skip(&mut self, bytes: usize) {
        self.position += bytes;
    }

    /// Where the reading is.
    pub(crate) fn position(&self) -> usize {
        self.position
    }

    /// Goes back to where the reading was.
    pub(crate) fn back_to(&mut self, position: usize) -> Result<(), TypeError> {
        let left = self.again.checked_sub(self.position.saturating_sub(position));
        self.again = left.ok_or_else(|| error("it is read too often"))?;
        self.position = position;
        Ok(())
    }

    /// How the next type begins. What is inside comes next.
    pub(crate) fn begin(&mut self) -> Result<Begin, TypeError> {
        // What nearly every type ends in.
        if self.rest().starts_with(STRING) {
            self.position += STRING.len();
            return Ok(Begin::Plain(Type::String));
        }
        if self.peek() == Some(b'"') {
            let name = self.string()?;
            return match &*name {
                "bool" => Ok(Begin::Plain(Type::Bool)),
                "number" => Ok(Begin::Plain(Type::Number)),
                "string" => Ok(Begin::Plain(Type::String)),
                "dynamic" => Ok(Begin::Plain(Type::Dynamic)),
                _ => Err(error(format!("`{name:?}` names no type"))),
            };
        }
        self.expect(b'[')?;
        let kind = self.string()?;
        let begin = match &*kind {
            "object" => Begin::Object,
            "list" => Begin::List,
            "set" => Begin::Set,
            "map" => Begin::Map,
            "tuple" => Begin::Tuple,
            _ => return Err(error(format!("`{kind:?}` names no type that has others inside"))),
        };
        self.expect(b',')?;
        Ok(begin)
    }

    /// One type.
    pub(crate) fn ty(&mut self, depth: usize) -> Result<Type, TypeError> {
        if depth > LARGEST_DEPTH {
            return Err(error(format!("it is nested deeper than {LARGEST_DEPTH} levels")));
        }
        let ty = match self.begin()? {
            Begin::Plain(ty) => return Ok(ty),
            Begin::Object => Type::Object(self.attributes(|text, _| text.ty(depth + 1))?),
            Begin::List => Type::list(self.ty(depth + 1)?),
            Begin::Set => Type::set(self.ty(depth + 1)?),
            Begin::Map => Type::map(self.ty(depth + 1)?),
            Begin::Tuple => {
                let mut elements = Vec::new();
                self.tuple(|text| {
                    elements.push(text.ty(depth + 1)?);
                    Ok::<(), TypeError>(())
                })?;
                Type::Tuple(elements)
            }
        };
        self.finish()?;
        Ok(ty)
    }

    /// Ends a type that has others inside.
    pub(crate) fn finish(&mut self) -> Result<(), TypeError> {
        self.expect(b']')
    }

    /// The attributes of an object type that has begun, each with what `read` makes of the type behind its name. Which of them
    /// are optional stands behind them and is dropped: one that was left out arrives as null.
    pub(crate) fn attributes<T, E: From<TypeError>>(
        &mut self,
        mut read: impl FnMut(&mut Self, &str) -> Result<T, E>,
    ) -> Result<BTreeMap<String, T>, E> {
        let mut attributes = BTreeMap::new();
        self.expect(b'{')?;
        self.each(b'}', |text| {
            let name = text.string()?;
            text.expect(b':')?;
            let ty = read(text, &name)?;
            attributes.insert(name.into_owned(), ty);
            Ok::<(), E>(())
        })?;
        if self.peek() == Some(b',') {
            self.position += 1;
            self.expect(b'[')?;
            self.each(b']', |text| text.string().map(drop))?;
        }
        Ok(attributes)
    }

    /// The types of a tuple type that has begun.
    pub(crate) fn tuple<E: From<TypeError>>(
        &mut self,
        read: impl FnMut(&mut Self) -> Result<(), E>,
    ) -> Result<(), E> {
        self.expect(b'[')?;
        self.each(b']', read)
    }

    /// Reads elements with commas between them up to what ends them.
    fn each<E: From<TypeError>>(
        &mut self,
        end: u8,
        mut read: impl FnMut(&mut Self) -> Result<(), E>,
    ) -> Result<(), E> {
        if self.peek() == Some(end) {
            self.position += 1;
            return Ok(());
        }
        loop {
            read(self)?;
            if self.peek() == Some(end) {
                self.position += 1;
                return Ok(());
            }
            self.expect(b',')?;
        }
    }

    /// A string, without its quotes.
    fn string(&mut self) -> Result<Cow<'a, str>, TypeError> {
        self.expect(b'"')?;
        let rest = self.rest();
        let mut is_plain = true;
        let mut length = 0;
        loop {
            let after = rest.get(length..).unwrap_or_default();
            let ends = |byte: &u8| matches!(*byte, b'"' | b'\\' | ..0x20);
            length += after.iter().position(ends).ok_or_else(|| error("it ends in the middle"))?;
            match rest.get(length) {
                Some(b'"') => break,
                Some(b'\\') => {
                    is_plain = false;
                    length += 2;
                }
                _ => return Err(error("a name has a control character")),
            }
        }
        self.position += length + 1;
        if is_plain {
            let text = std::str::from_utf8(rest.get(..length).unwrap_or_default());
            return text.map(Cow::Borrowed).map_err(|_| error("a name is not UTF-8"));
        }
        // The quote before it is there: it was just read.
        let quoted = self.bytes.get(self.position - length - 2..self.position);
        let text = serde_json::from_slice(quoted.unwrap_or_default());
        text.map(Cow::Owned).map_err(|problem| error(problem.to_string()))
    }

    /// Nothing but blanks is left.
    pub(crate) fn end(&mut self) -> Result<(), TypeError> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(error("there is more than one type")),
        }
    }

    /// The next byte that is no blank; it stays unread.
    fn peek(&mut self) -> Option<u8> {
        loop {
            let next = self.bytes.get(self.position).copied()?;
            if !matches!(next, b' ' | b'\t' | b'\n' | b'\r') {
                return Some(next);
            }
            self.position += 1;
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), TypeError> {
        match self.peek() {
            Some(next) if next == byte => {
                self.position += 1;
                Ok(())
            }
            Some(_) => {
                Err(error(format!("expected `{}` at byte {}", char::from(byte), self.position)))
            }
            None => Err(error("it ends in the middle")),
        }
    }
}

fn error(text: impl Into<String>) -> TypeError {
    TypeError { text: text.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_escapes_and_optional_attributes_are_read() {
        let text = br#" [ "object" , { "a\"\u00e9" : [ "list" , "string" ] , "b" : [ "tuple" , [ ] ] } , [ "b" ] ] "#;
        let expected =
            Type::object([("a\"é", Type::list(Type::String)), ("b", Type::Tuple(Vec::new()))]);
        assert_eq!(TypeText::read(text), Ok(expected));
    }

    #[test]
    fn what_names_no_type_is_refused() {
        let deep = [r#"["list","#.repeat(200), "\"string\"".to_owned(), "]".repeat(200)].concat();
        for text in [
            "",
            "\"",
            "\"text\"",
            "string",
            "[\"list\"]",
            "[\"list\",\"string\",\"string\"]",
            "[\"bool\",\"string\"]",
            "[\"object\",{\"a\"}]",
            "[\"object\",{\"a\":\"string\",}]",
            "[\"tuple\",[\"string\"]",
            "\"string\" x",
            "\"str\ning\"",
            "[\"object\",{},{}]",
            deep.as_str(),
        ] {
            assert!(TypeText::read(text.as_bytes()).is_err(), "{text}");
        }
        assert!(TypeText::read(b"\"\xff\"").is_err());
    }
}
