//! Canonical bytes of values, and SHA-256 over them.
//!
//! The form is of values, not of table bytes (`design.md` 6): integers little-endian in their width, texts and
//! sequences with their length in front, options and variants by number, fields in order. It never changes; a new
//! kind of value is a new variant.

use crate::message::Sha256;
use serde::ser::{self, Serialize};
use sha2::Digest;
use std::fmt;

/// The canonical bytes of a value. Empty only for a value without content.
///
/// The types of this crate serialise without failing; what a foreign type fails to serialise is left out.
#[must_use]
pub fn canonical(value: &(impl Serialize + ?Sized)) -> Vec<u8> {
    let mut writer = Canonical(Vec::with_capacity(256));
    match value.serialize(&mut writer) {
        Ok(()) | Err(Unsupported) => writer.0,
    }
}

/// SHA-256 of the canonical bytes of a value.
#[must_use]
pub fn fingerprint(value: &(impl Serialize + ?Sized)) -> Sha256 {
    sha256(&canonical(value))
}

/// SHA-256 of bytes.
#[must_use]
pub fn sha256(bytes: &[u8]) -> Sha256 {
    sha2::Sha256::digest(bytes).into()
}

struct Canonical(Vec<u8>);

#[derive(Debug)]
struct Unsupported;

impl fmt::Display for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value without canonical form")
    }
}

impl std::error::Error for Unsupported {}

impl ser::Error for Unsupported {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

impl Canonical {
    fn length(&mut self, length: usize) {
        self.0.extend_from_slice(&(length as u64).to_le_bytes());
    }
}

macro_rules! integers {
    ($($method:ident: $type:ty),*) => {$(
        fn $method(self, value: $type) -> Result<(), Unsupported> {
            self.0.extend_from_slice(&value.to_le_bytes());
            Ok(())
        }
    )*};
}

impl ser::Serializer for &mut Canonical {
    type Ok = ();
    type Error = Unsupported;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    integers!(
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_i128: i128,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_u128: u128
    );

    fn is_human_readable(&self) -> bool {
        false
    }
    fn serialize_bool(self, value: bool) -> Result<(), Unsupported> {
        self.serialize_u8(u8::from(value))
    }
    fn serialize_f32(self, _: f32) -> Result<(), Unsupported> {
        Err(Unsupported)
    }
    fn serialize_f64(self, _: f64) -> Result<(), Unsupported> {
        Err(Unsupported)
    }
    fn serialize_char(self, value: char) -> Result<(), Unsupported> {
        self.serialize_u32(u32::from(value))
    }
    fn serialize_str(self, value: &str) -> Result<(), Unsupported> {
        self.serialize_bytes(value.as_bytes())
    }
    fn serialize_bytes(self, value: &[u8]) -> Result<(), Unsupported> {
        self.length(value.len());
        self.0.extend_from_slice(value);
        Ok(())
    }
    fn serialize_none(self) -> Result<(), Unsupported> {
        self.serialize_u8(0)
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Unsupported> {
        self.0.push(1);
        value.serialize(self)
    }
    fn serialize_unit(self) -> Result<(), Unsupported> {
        Ok(())
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Unsupported> {
        Ok(())
    }
    fn serialize_unit_variant(self, _: &'static str, index: u32, _: &'static str) -> Result<(), Unsupported> {
        self.serialize_u32(index)
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Unsupported> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        index: u32,
        _: &'static str,
        value: &T,
    ) -> Result<(), Unsupported> {
        self.0.extend_from_slice(&index.to_le_bytes());
        value.serialize(self)
    }
    fn serialize_seq(self, length: Option<usize>) -> Result<Self, Unsupported> {
        self.length(length.ok_or(Unsupported)?);
        Ok(self)
    }
    fn serialize_tuple(self, _: usize) -> Result<Self, Unsupported> {
        Ok(self)
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, Unsupported> {
        Ok(self)
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        index: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self, Unsupported> {
        self.0.extend_from_slice(&index.to_le_bytes());
        Ok(self)
    }
    fn serialize_map(self, length: Option<usize>) -> Result<Self, Unsupported> {
        self.serialize_seq(length)
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Unsupported> {
        Ok(self)
    }
    fn serialize_struct_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Self, Unsupported> {
        self.serialize_tuple_variant(name, index, variant, length)
    }
}

macro_rules! compounds {
    ($($trait:ident { $($method:ident($($key:ident: $key_type:ty),*)),* })*) => {$(
        impl ser::$trait for &mut Canonical {
            type Ok = ();
            type Error = Unsupported;
            $(fn $method<T: Serialize + ?Sized>(&mut self, $($key: $key_type,)* value: &T) -> Result<(), Unsupported> {
                value.serialize(&mut **self)
            })*
            fn end(self) -> Result<(), Unsupported> {
                Ok(())
            }
        }
    )*};
}

compounds! {
    SerializeSeq { serialize_element() }
    SerializeTuple { serialize_element() }
    SerializeTupleStruct { serialize_field() }
    SerializeTupleVariant { serialize_field() }
    SerializeMap { serialize_key(), serialize_value() }
    SerializeStruct { serialize_field(_name: &'static str) }
    SerializeStructVariant { serialize_field(_name: &'static str) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_differ_have_other_bytes() {
        assert_ne!(canonical(&("ab", "c")), canonical(&("a", "bc")));
        assert_ne!(canonical(&(Some(0_u8), None::<u8>)), canonical(&(None::<u8>, Some(0_u8))));
        assert_ne!(canonical(&vec![1_u8, 2]), canonical(&vec![1_u8]));
        assert_eq!(canonical(&(1_u16, true)), [1, 0, 1]);
    }
}
