//! The facts of the published schemas (2017 exchange schemas of the special-zone system), as a table of our own and a
//! streaming interpreter for it.
//!
//! The table in `table` says of each element what the schema says: name, order, occurrence, whether it may be nil,
//! type, length, digits, pattern, attributes. It reads like the schema, and a test holds it against the schema files.
//! The interpreter in `validate` looks at each event of the document once and keeps nothing but the values of the
//! business records, so its memory is bounded by the document.
//!
//! Why our own. Of the validators in pure Rust, `xmlschema` 0.0.11 is the furthest: a young single-author crate whose
//! published versions each replace the last; it builds a tree through a parser of its own (no limits on depth,
//! no line and column in its findings), and it skips schema constructs that it does not know instead of refusing them.
//! The mature way is `libxml2` through a C binding: unsafe code that reads hostile bytes inside the node. The published
//! schemas use few of XML Schema's constructs, so an interpreter for just these is small, and its verdict is compared
//! with `xmllint` on mutated messages in the tests. Where `libxml2` reads XML Schema in its own way on a value that
//! the trade could send (24 digits at most in a decimal), the interpreter follows it, because that is what the
//! counterparties validate with.

mod lexical;
mod record;
mod table;
mod validate;

pub use record::{Record, Records, Value};
pub use validate::{Failure, Invalid, validate};

/// No upper bound.
pub const UNBOUNDED: u32 = u32::MAX;

/// An element where the schema expects one.
#[derive(Debug)]
pub struct Element {
    /// Local name.
    pub name: &'static str,
    /// What stands inside.
    pub content: Content,
    /// `minOccurs`
    pub min: u32,
    /// `maxOccurs`
    pub max: u32,
    /// `nillable`
    pub nillable: bool,
    /// Attributes that it may or must have.
    pub attributes: &'static [Attribute],
    /// The name of its type, when it has one.
    pub type_name: Option<TypeName>,
}

/// What stands inside of an element.
#[derive(Debug)]
pub enum Content {
    /// Nothing, not even white space.
    Empty,
    /// A value.
    Value(Simple),
    /// Elements in this order.
    Sequence(&'static [Element]),
    /// Elements in any order, each at most once.
    All(&'static [Element]),
    /// The element of the message's own type, once.
    Business,
    /// Anything.
    Any,
}

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Simple {
    /// Characters, between these many.
    Text {
        /// `minLength` or `length`
        min: u32,
        /// `maxLength` or `length`
        max: u32,
    },
    /// One of these.
    OneOf(&'static [&'static str]),
    /// The schemas' own `Date`: `YYYY-MM-DD` or empty ([`DATE_PATTERN`]).
    Date,
    /// The schemas' own `DateTime`: `YYYY-MM-DD hh:mm:ss` or empty ([`DATE_TIME_PATTERN`]).
    DateTime,
    /// `xs:decimal` with `totalDigits` and `fractionDigits`.
    Decimal {
        /// `totalDigits`
        total: u32,
        /// `fractionDigits`
        fraction: u32,
    },
    /// `xs:long` with `totalDigits`.
    Long {
        /// `totalDigits`
        total: u32,
    },
    /// `xs:int`
    Int,
    /// `xs:double`
    Double,
    /// `xs:date`
    CalendarDate,
    /// `xs:dateTime`
    CalendarDateTime,
}

/// The pattern that the schemas give their type `Date`.
pub const DATE_PATTERN: &str = "([0-9]{4}-(0[1-9]|1[0-2])-[0-3][0-9])?";
/// The pattern that the schemas give their type `DateTime`.
pub const DATE_TIME_PATTERN: &str = "([0-9]{4}-(0[1-9]|1[0-2])-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9])?";

/// An attribute without a namespace.
#[derive(Debug)]
pub struct Attribute {
    /// Its name.
    pub name: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// The type of its value.
    pub simple: Simple,
}

/// A type that `xsi:type` can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypeName {
    /// Of XML Schema itself.
    BuiltIn(&'static str),
    /// Of the published schemas.
    Own(&'static str),
}

/// The schema of one message type.
#[derive(Debug)]
pub struct Schema {
    /// The message type: the name of the element inside of `BussinessData`.
    pub message: &'static str,
    /// The namespace of all its elements.
    pub namespace: Option<&'static str>,
    /// The elements that a document may begin with.
    pub roots: &'static [Element],
    /// The element inside of `BussinessData`.
    pub business: Element,
}

impl Schema {
    /// The schema of a filed message (`RULES.md` 2.1).
    #[must_use]
    pub fn of(message: &str) -> Option<&'static Self> {
        table::SCHEMAS.iter().copied().find(|schema| schema.message == message)
    }

    /// The schema of a message that this side writes: a receipt, or a request for receipts.
    #[must_use]
    pub fn written(message: &str) -> Option<&'static Self> {
        table::WRITTEN.iter().copied().find(|schema| schema.message == message)
    }

    /// All schemas of messages that this side writes.
    #[must_use]
    pub fn all_written() -> &'static [&'static Self] {
        table::WRITTEN
    }

    /// The schemas of all filed messages.
    #[must_use]
    pub fn all() -> &'static [&'static Self] {
        table::SCHEMAS
    }
}

impl Element {
    /// The records of this element: elements inside of it, when it has any.
    #[must_use]
    pub fn children(&self) -> &'static [Self] {
        match self.content {
            Content::Sequence(children) | Content::All(children) => children,
            _ => &[],
        }
    }
}
