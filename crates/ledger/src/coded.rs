//! Code lists: enums that carry the code of the wire or the name of a table.

use crate::error::CodeError;

/// Declares an enum whose variants have one stable text each, with `code()`, `from_code()` and `Display`.
#[macro_export]
macro_rules! code_list {
    ($(#[$doc:meta])* $name:ident, $kind:literal { $($(#[$vdoc:meta])* $variant:ident = $code:literal,)* }) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
        )]
        #[repr(u8)]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The code.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// From the code.
            ///
            /// # Errors
            /// The code is not in the list.
            pub fn from_code(code: &str) -> Result<Self, $crate::error::CodeError> {
                match code {
                    $($code => Ok(Self::$variant),)*
                    _ => Err($crate::coded::unknown($kind, code, concat!($($code, " "),*))),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.code())
            }
        }
    };
}
pub use crate::code_list;

/// The error of a code that a list does not have.
#[must_use]
pub fn unknown(kind: &'static str, code: &str, known: &'static str) -> CodeError {
    CodeError::Unknown { kind, value: code.chars().take(40).collect(), known: known.trim_end() }
}
