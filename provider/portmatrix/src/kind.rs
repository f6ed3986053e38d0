//! Kinds of mistakes and warnings: each has an id, a title and a text, and documentation is made of them.

/// A kind of mistake or warning, as users meet it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kind {
    /// A few words without the user's values, such as `Unknown role`: what is printed first.
    pub title: &'static str,
    /// A name for filters and assertions, such as `unknown_role`. It never changes.
    pub id: &'static str,
    /// What brings it about and what to do, in Markdown.
    pub text: &'static str,
}

/// Declares an enumeration of kinds: for each variant its id, its title and its text.
///
/// `ALL` and `KINDS` list them in their order, `kind` says what one is, and each variant becomes a [`Kind`](crate::kind::Kind)
/// where one is wanted.
#[macro_export]
macro_rules! kinds {
    (
        $(#[$about:meta])*
        pub enum $name:ident {
            $($variant:ident = $id:literal, $title:literal, $text:literal;)+
        }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name {
            $(#[doc = $title] $variant,)+
        }

        impl $name {
            /// Each of them, in their order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// What each of them is.
            pub const KINDS: &'static [$crate::kind::Kind] = &[$(Self::$variant.kind()),+];

            /// Its id, title and text.
            pub const fn kind(self) -> $crate::kind::Kind {
                match self {
                    $(Self::$variant => $crate::kind::Kind { id: $id, title: $title, text: $text },)+
                }
            }
        }

        impl From<$name> for $crate::kind::Kind {
            fn from(of: $name) -> Self {
                of.kind()
            }
        }
    };
}
