//! XML as the outside sends it: untrusted, UTF-8, without a document type.
//!
//! [`Reader`] is a pull reader. Whoever reads to the end without a [`Malformed`] has read a well-formed document; the
//! verdict is that of a conforming parser on every document without a document type, but for the limits below. `quick-xml`
//! finds the tokens; what it leaves to its users is checked here: characters, names, attributes, references, the one
//! root, comments, the XML declaration. A document type is refused, so there are no entities but the five of XML, and
//! nothing expands. Memory is bounded by the size of the document and the limits.
//!
//! Breaches of XML namespaces (a prefix that is not declared) do not make a document malformed: such a name is its
//! own, so no schema knows it.

mod attribute;
mod character;
mod declaration;
mod location;
mod malformed;
mod namespace;
mod reader;
mod reference;

pub(crate) use character::is_space;
pub use location::Location;
pub use malformed::Malformed;
pub use reader::{Attribute, Event, NamedType, Reader, Tag};

/// The most bytes that a message may have (`design.md` 10).
pub const BYTES_MAX: usize = 4 * 1024 * 1024;
/// How deep elements may be nested.
pub const DEPTH_MAX: usize = 256;
/// How many attributes an element may have.
pub const ATTRIBUTES_MAX: usize = 128;
/// How many namespace declarations may be in force at once.
pub const NAMESPACES_MAX: usize = 128;

/// The namespace of `xsi:nil` and its kin.
pub const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

// A hostile document must not cost more than its size times these.
const _: () = assert!(DEPTH_MAX <= 4096 && ATTRIBUTES_MAX <= 256 && NAMESPACES_MAX <= 256);
