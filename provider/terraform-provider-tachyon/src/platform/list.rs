//! The list of the platforms.

/// Calls a macro with every platform: its module, and the type in it that implements `Platform`.
///
/// This is the one place that names them. Whatever is done for each, here or by a question, is a macro that takes this
/// list, so a platform that lacks a part of it does not compile.
macro_rules! with_platforms {
    ($use_it:ident) => {
        $use_it! {
            aws: Aws,
            azure: Azure,
        }
    };
}

pub(crate) use with_platforms;
