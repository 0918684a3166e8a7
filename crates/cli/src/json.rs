//! Messages of the contract as JSON, in protobuf's canonical mapping.

use crate::failure::{Failure, code};
use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor, SerializeOptions};
use serde_json::Value;
use std::sync::OnceLock;

fn descriptor(name: &str) -> Result<MessageDescriptor, Failure> {
    static POOL: OnceLock<Option<DescriptorPool>> = OnceLock::new();
    let pool = POOL.get_or_init(|| DescriptorPool::decode(zonebook_api::DESCRIPTORS).ok());
    let found = pool.as_ref().and_then(|pool| pool.get_message_by_name(&format!("zonebook.v1.{name}")));
    found.ok_or_else(|| Failure::new(code::FAILED, format!("the contract has no message {name}")))
}

/// A message, under its name in the contract.
pub fn value(name: &str, message: &impl Message) -> Result<Value, Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::new(code::FAILED, error);
    let dynamic = DynamicMessage::decode(descriptor(name)?, message.encode_to_vec().as_slice())
        .map_err(|error| failed(&error))?;
    let options = SerializeOptions::new()
        .skip_default_fields(false)
        .use_proto_field_name(true)
        .stringify_64_bit_integers(false);
    dynamic.serialize_with_options(serde_json::value::Serializer, &options).map_err(|error| failed(&error))
}

/// The message that a JSON text describes; names the line and column of a mistake.
pub fn message<M: Message + Default>(name: &str, source: &str, text: &str) -> Result<M, Failure> {
    let wrong = |error: &dyn std::fmt::Display| Failure::usage(format!("{source}: {error}"));
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let dynamic =
        DynamicMessage::deserialize(descriptor(name)?, &mut deserializer).map_err(|error| wrong(&error))?;
    deserializer.end().map_err(|error| wrong(&error))?;
    M::decode(dynamic.encode_to_vec().as_slice()).map_err(|error| wrong(&error))
}
