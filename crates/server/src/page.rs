//! Pages: how many, and where the next one begins.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tonic::Status;
use zonebook_api::field::FieldError;
use zonebook_api::status;
use zonebook_codec::plain;

/// Rows on a page, at most.
const ROWS_MAX: u32 = 1_000;

/// How many rows were asked for.
pub fn rows(page_size: u32) -> usize {
    let rows = if page_size == 0 { ROWS_MAX } else { page_size.min(ROWS_MAX) };
    usize::try_from(rows).unwrap_or(1)
}

/// A token that names the last row of a full page; none for the last page.
pub fn next<T: Serialize>(found: usize, asked: usize, last: Option<T>) -> String {
    match last {
        Some(last) if found >= asked => {
            plain::encode(&last).map(|bytes| URL_SAFE_NO_PAD.encode(bytes)).unwrap_or_default()
        }
        _ => String::new(),
    }
}

/// What a token names.
pub fn after<T: DeserializeOwned>(token: &str) -> Result<Option<T>, Status> {
    if token.is_empty() {
        return Ok(None);
    }
    let wrong =
        || status::invalid(&FieldError::new("page_token", token, "must come from the last reply, unchanged"));
    let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| wrong())?;
    plain::decode(&bytes).map(Some).map_err(|_| wrong())
}
