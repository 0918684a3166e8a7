//! bincode 2, little-endian, fixed width, with a limit; the same bytes as bincode 1 and `wincode` write.

use crate::Error;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// No stored value takes more memory than this when decoded.
pub const VALUE_BYTES_MAX: usize = 256 << 20;

fn configuration() -> impl bincode::config::Config {
    bincode::config::legacy().with_limit::<VALUE_BYTES_MAX>()
}

/// Appends the bytes of a value.
///
/// # Errors
/// The value has no such form.
pub fn encode_into(value: &impl Serialize, bytes: &mut Vec<u8>) -> Result<(), Error> {
    bincode::serde::encode_into_std_write(value, bytes, configuration())
        .map(|_| ())
        .map_err(|error| Error::Value(error.to_string()))
}

/// The bytes of a value.
///
/// # Errors
/// As [`encode_into`].
pub fn encode(value: &impl Serialize) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    encode_into(value, &mut bytes)?;
    Ok(bytes)
}

/// The value of bytes, all of them.
///
/// # Errors
/// The bytes are not exactly one value.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    let (value, used) = bincode::serde::decode_from_slice(bytes, configuration())
        .map_err(|error| Error::Value(error.to_string()))?;
    if used != bytes.len() {
        return Err(Error::Length { declared: used, found: bytes.len() });
    }
    Ok(value)
}
