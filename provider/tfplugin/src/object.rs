//! The macro that makes a struct an object: one definition for the Rust type, the schema and the encoding.

/// Defines a struct as it is written and implements [`Attribute`](crate::Attribute) and [`Object`](crate::Object) for
/// it. Every field must have a doc comment: it is the description that users read.
///
/// ```ignore
/// object! {
///     /// A rule.
///     #[derive(Debug, Clone)]
///     pub struct Rule<'a> {
///         /// The protocol, in lower case.
///         pub ip_protocol: &'a str,
///     }
/// }
/// ```
///
/// Lifetimes are written as usual; type parameters too, without bounds: each is bound to `Attribute`.
#[macro_export]
macro_rules! object {
    (
        $(#[$attribute:meta])*
        $visibility:vis struct $name:ident $(<$($lifetime:lifetime),* $(,)? $($parameter:ident),* $(,)?>)? {
            $(
                $(#[doc = $documentation:literal])+
                $field_visibility:vis $field:ident: $field_type:ty
            ),* $(,)?
        }
    ) => {
        $(#[$attribute])*
        $visibility struct $name $(<$($lifetime,)* $($parameter),*>)? {
            $($(#[doc = $documentation])+ $field_visibility $field: $field_type,)*
        }

        impl $(<$($lifetime,)* $($parameter: $crate::Attribute),*>)? $crate::Attribute
            for $name $(<$($lifetime,)* $($parameter),*>)?
        {
            fn shape() -> $crate::Shape {
                $crate::Shape::Object(<Self as $crate::Object>::fields())
            }

            fn encode(&self, writer: &mut $crate::Writer) {
                const NAMES: &[&str] = &[$($crate::object::name(stringify!($field))),*];
                writer.map(NAMES.len());
                $(
                    writer.append(const {
                        const NAME: &str = $crate::object::name(stringify!($field));
                        const WRITTEN: [u8; 2 + NAME.len()] = $crate::object::written(NAME);
                        $crate::object::without_room(&WRITTEN)
                    });
                    $crate::Attribute::encode(&self.$field, writer);
                )*
            }
        }

        impl $(<$($lifetime,)* $($parameter: $crate::Attribute),*>)? $crate::Object
            for $name $(<$($lifetime,)* $($parameter),*>)?
        {
            fn fields() -> ::std::vec::Vec<$crate::Field> {
                ::std::vec![$($crate::Field {
                    name: const { $crate::object::name(stringify!($field)) },
                    description: {
                        const COMMENT: &str = concat!($($documentation, "\n"),+);
                        const LENGTH: usize = $crate::object::length_without_margin(COMMENT);
                        const BYTES: [u8; LENGTH] = $crate::object::without_margin(COMMENT);
                        const { $crate::object::text(&BYTES) }
                    },
                    shape: <$field_type as $crate::Attribute>::shape(),
                }),*]
            }

            fn encode_fields(
                &self,
            ) -> ::std::collections::BTreeMap<&'static str, ::std::vec::Vec<u8>> {
                ::std::collections::BTreeMap::from([$((
                    const { $crate::object::name(stringify!($field)) },
                    $crate::encode(&self.$field),
                )),*])
            }
        }
    };
}

/// The name of an attribute: that of the field, without what lets a keyword be a field.
#[doc(hidden)]
pub const fn name(field: &'static str) -> &'static str {
    match field.as_bytes() {
        [b'r', b'#', name @ ..] => text(name),
        _ => field,
    }
}

/// A name as [`Writer::str`](crate::Writer::str) writes it, so that this is done while compiling: behind one byte of room
/// where its length takes a single byte.
#[doc(hidden)]
#[expect(
    clippy::indexing_slicing,
    reason = "runs in the compiler alone, where a wrong index is a compile error"
)]
pub const fn written<const LENGTH: usize>(name: &str) -> [u8; LENGTH] {
    let name = name.as_bytes();
    assert!(name.len() < 256, "no attribute has so long a name");
    let mut written = [0; LENGTH];
    #[expect(clippy::cast_possible_truncation, reason = "asserted above")]
    let length = name.len() as u8;
    written[1] = if length < 32 { 0xa0 | length } else { length };
    if length >= 32 {
        written[0] = 0xd9;
    }
    let mut position = 0;
    while position < name.len() {
        written[2 + position] = name[position];
        position += 1;
    }
    written
}

/// What was written, without the byte of room.
#[doc(hidden)]
pub const fn without_room(written: &'static [u8]) -> &'static [u8] {
    match written {
        [0, rest @ ..] => rest,
        whole => whole,
    }
}

/// The bytes of a doc comment as text; they are text, since they were cut from one at line ends.
#[doc(hidden)]
pub const fn text(bytes: &'static [u8]) -> &'static str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => "",
    }
}

/// How long a doc comment is without the space that each line begins with, and without the last line's end.
#[doc(hidden)]
pub const fn length_without_margin(comment: &str) -> usize {
    walk::<0>(comment).1
}

/// A doc comment without the space that each line begins with, and without the last line's end.
#[doc(hidden)]
pub const fn without_margin<const LENGTH: usize>(comment: &str) -> [u8; LENGTH] {
    walk(comment).0
}

/// The first `LENGTH` bytes of the comment without its margin, and how many there are altogether.
#[expect(
    clippy::indexing_slicing,
    reason = "runs in the compiler alone, where a wrong index is a compile error"
)]
const fn walk<const LENGTH: usize>(comment: &str) -> ([u8; LENGTH], usize) {
    let comment = comment.as_bytes();
    let mut kept = [0; LENGTH];
    let (mut read, mut written) = (0, 0);
    while read + 1 < comment.len() {
        let begins_line = read == 0 || comment[read - 1] == b'\n';
        if !(begins_line && comment[read] == b' ') {
            if written < LENGTH {
                kept[written] = comment[read];
            }
            written += 1;
        }
        read += 1;
    }
    (kept, written)
}

#[cfg(test)]
mod tests {
    use crate::{Attribute, Field, Object, Shape, Type, encode};

    object! {
        /// Something with everything that a struct can have.
        #[derive(Debug, Clone, PartialEq)]
        pub(crate) struct Peer<'a, T> {
            /// Its name.
            pub(crate) name: &'a str,
            /// First line,
            /// second line.
            ///
            /// - an entry
            pub(crate) r#type: Option<T>,
        }
    }

    object! {
        struct Plain {
            /// Ports.
            ports: Vec<u16>,
        }
    }

    #[test]
    fn fields_come_from_the_struct() {
        let expected = vec![
            Field { name: "name", description: "Its name.", shape: Shape::Plain(Type::String) },
            Field {
                name: "type",
                description: "First line,\nsecond line.\n\n- an entry",
                shape: Shape::Plain(Type::Bool),
            },
        ];
        assert_eq!(Peer::<bool>::fields(), expected);
        assert_eq!(Plain::shape().ty(), Type::object([("ports", Type::list(Type::Number))]));
    }

    #[test]
    fn encoding_comes_from_the_struct() {
        let peer = Peer { name: "a", r#type: Some(true) };
        assert_eq!(encode(&peer), b"\x82\xa4name\xa1a\xa4type\xc3");
        assert_eq!(
            encode(&Peer::<u16> { r#type: None, name: "a" }),
            b"\x82\xa4name\xa1a\xa4type\xc0"
        );
        assert_eq!(encode(&Plain { ports: vec![1, 443] }), b"\x81\xa5ports\x92\x01\xcd\x01\xbb");
    }

    object! {
        struct Long {
            /// A name with a length of one byte, as Azure has them.
            destination_application_security_group_ids: bool,
            /// The longest name with a length of less.
            a_name_of_thirty_one_characters: bool,
        }
    }

    #[test]
    fn long_names_are_written_as_the_writer_writes_them() {
        let long = Long {
            destination_application_security_group_ids: true,
            a_name_of_thirty_one_characters: false,
        };
        let mut writer = crate::Writer::new();
        writer.map(2);
        writer.str("destination_application_security_group_ids");
        writer.bool(true);
        writer.str("a_name_of_thirty_one_characters");
        writer.bool(false);
        assert_eq!(encode(&long), writer.into_bytes());
    }

    #[test]
    fn fields_can_be_encoded_one_by_one() {
        let peer = Peer { name: "a", r#type: Some(7_u16) };
        let fields: Vec<_> = peer.encode_fields().into_iter().collect();
        assert_eq!(fields, [("name", b"\xa1a".to_vec()), ("type", b"\x07".to_vec())]);
    }
}
