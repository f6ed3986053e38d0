//! The JSON that names a type on the wire, read as it comes: beside a dynamic value its type is half of what there is to read.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::ty::{Type, TypeError};

/// The name of the type of text.
const STRING: &[u8] = b"\"string\"";

/// How deep a type may be nested.
const LARGEST_DEPTH: usize = 128;

/// Text of which types are read, one after the other.
#[derive(Debug)]
pub(crate) struct TypeText<'a> {
    bytes: &'a [u8],
    position: usize,
}

impl<'a> TypeText<'a> {
    /// A text from its beginning.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, position: 0 }
    }

    /// The type that all of the text names.
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Type, TypeError> {
        let mut text = Self::new(bytes);
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

    /// The names of an object type, each with what `read` makes of the type behind it; none, and nothing is read, if the next
    /// type is no object.
    pub(crate) fn object<T>(
        &mut self,
        read: impl FnMut(&mut Self, &str) -> Result<T, TypeError>,
    ) -> Result<Option<BTreeMap<String, T>>, TypeError> {
        let start = self.position;
        if self.peek() == Some(b'[') {
            self.position += 1;
            if self.string()? == "object" {
                let attributes = self.attributes(read)?;
                return Ok(Some(attributes));
            }
        }
        self.position = start;
        Ok(None)
    }

    /// One type.
    pub(crate) fn ty(&mut self, depth: usize) -> Result<Type, TypeError> {
        if depth > LARGEST_DEPTH {
            return Err(error(format!("it is nested deeper than {LARGEST_DEPTH} levels")));
        }
        // What nearly every type ends in.
        if self.rest().starts_with(STRING) {
            self.position += STRING.len();
            return Ok(Type::String);
        }
        if self.peek() == Some(b'"') {
            let name = self.string()?;
            return match &*name {
                "bool" => Ok(Type::Bool),
                "number" => Ok(Type::Number),
                "string" => Ok(Type::String),
                "dynamic" => Ok(Type::Dynamic),
                _ => Err(error(format!("`{name:?}` names no type"))),
            };
        }
        self.expect(b'[')?;
        let kind = self.string()?;
        if kind == "object" {
            let mut last = None;
            return self.attributes(|text, _| text.ty_like(&mut last, depth + 1)).map(Type::Object);
        }
        self.expect(b',')?;
        let ty = match &*kind {
            "list" => Type::list(self.ty(depth + 1)?),
            "set" => Type::set(self.ty(depth + 1)?),
            "map" => Type::map(self.ty(depth + 1)?),
            "tuple" => {
                let mut elements = Vec::new();
                self.expect(b'[')?;
                self.each(b']', |text| {
                    elements.push(text.ty(depth + 1)?);
                    Ok(())
                })?;
                Type::Tuple(elements)
            }
            _ => return Err(error(format!("`{kind:?}` names no type that has others inside"))),
        };
        self.expect(b']')?;
        Ok(ty)
    }

    /// One type, beside the last one and its text: the attributes of an object are often written alike, such as thirty endpoints.
    fn ty_like(
        &mut self,
        last: &mut Option<(&'a [u8], Type)>,
        depth: usize,
    ) -> Result<Type, TypeError> {
        let rest = self.rest();
        if let Some((same, ty)) = last
            && rest.starts_with(same)
        {
            self.position += same.len();
            return Ok(ty.clone());
        }
        let ty = self.ty(depth)?;
        // Its own bracket or quote ends it: what begins with its text is the same type.
        let read = rest.get(..rest.len() - self.rest().len()).unwrap_or_default();
        if read.starts_with(b"[") {
            *last = Some((read, ty.clone()));
        }
        Ok(ty)
    }

    /// The rest of an object type, behind its kind. Which attributes are optional stands behind them and is dropped: one that
    /// was left out arrives as null.
    fn attributes<T>(
        &mut self,
        mut read: impl FnMut(&mut Self, &str) -> Result<T, TypeError>,
    ) -> Result<BTreeMap<String, T>, TypeError> {
        let mut attributes = BTreeMap::new();
        self.expect(b',')?;
        self.expect(b'{')?;
        self.each(b'}', |text| {
            let name = text.string()?;
            text.expect(b':')?;
            let ty = read(text, &name)?;
            attributes.insert(name.into_owned(), ty);
            Ok(())
        })?;
        if self.peek() == Some(b',') {
            self.position += 1;
            self.expect(b'[')?;
            self.each(b']', |text| text.string().map(drop))?;
        }
        self.expect(b']')?;
        Ok(attributes)
    }

    /// Reads elements with commas between them up to what ends them.
    fn each(
        &mut self,
        end: u8,
        mut read: impl FnMut(&mut Self) -> Result<(), TypeError>,
    ) -> Result<(), TypeError> {
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

    /// Of attributes that are written alike the first is read, and the others are like it; one that only begins alike is not.
    #[test]
    fn attributes_that_are_written_alike_have_one_type() {
        let text = br#"["object",{"a":["tuple",["string"]],"b":["tuple",["string"]],"c":["tuple",["string","bool"]],"d":["tuple",["string"]],"e":"string","f":["list","string"] , "g":["list","string"]}]"#;
        let tuple = || Type::Tuple(vec![Type::String]);
        let expected = Type::object([
            ("a", tuple()),
            ("b", tuple()),
            ("c", Type::Tuple(vec![Type::String, Type::Bool])),
            ("d", tuple()),
            ("e", Type::String),
            ("f", Type::list(Type::String)),
            ("g", Type::list(Type::String)),
        ]);
        assert_eq!(TypeText::read(text), Ok(expected));
    }

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
