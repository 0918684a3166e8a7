//! What keeps a value of the outside from becoming a word of the ledger.

use thiserror::Error;

/// A text is not the number it should be.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NumberError {
    /// Not `[-+]digits[.digits]`.
    #[error("`{0}` is not a plain decimal number")]
    NotANumber(String),
    /// More fraction digits than the ledger keeps.
    #[error("`{0}` has more than {1} fraction digits")]
    TooManyFractionDigits(String, u32),
    /// Too large.
    #[error("`{0}` has more than {1} digits")]
    TooManyDigits(String, u32),
}

/// A text is not the code it should be.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CodeError {
    /// Nothing there.
    #[error("{kind} is empty")]
    Empty {
        /// Which code.
        kind: &'static str,
    },
    /// Longer than the published schemas allow.
    #[error("{kind} `{value}` is longer than {characters_max} characters")]
    TooLong {
        /// Which code.
        kind: &'static str,
        /// The value, cut to a readable length.
        value: String,
        /// The limit.
        characters_max: usize,
    },
    /// Holds a control character.
    #[error("{kind} `{value}` holds a control character")]
    ControlCharacter {
        /// Which code.
        kind: &'static str,
        /// The value with control characters escaped.
        value: String,
    },
    /// Not in the code list.
    #[error("`{value}` is not a {kind}; known are {known}")]
    Unknown {
        /// Which code list.
        kind: &'static str,
        /// The value.
        value: String,
        /// The list.
        known: &'static str,
    },
    /// Not a date or time.
    #[error("`{value}` is not a {kind}")]
    NotATime {
        /// Date or time.
        kind: &'static str,
        /// The value.
        value: String,
    },
}

/// The state could not be read or written, or what was read is not what was written.
///
/// A fault stops the node without effect (`design.md` 5); it is never an outcome.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("state fault: {0}")]
pub struct Fault(pub String);
