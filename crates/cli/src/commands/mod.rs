//! One file for each noun.

pub mod backup;
pub mod balance;
pub mod book;
pub mod check;
pub mod cluster;
pub mod compare;
pub mod correction;
pub mod correspondence;
pub mod count;
pub mod deadline;
pub mod demo;
pub mod difference;
pub mod disposal;
pub mod doctor;
pub mod duty;
pub mod export;
pub mod gate;
pub mod goods_status;
pub mod guarantee;
pub mod import;
pub mod lease;
pub mod licence;
pub mod movement;
pub mod offline;
pub mod parameter;
pub mod parcel;
pub mod permit;
pub mod production;
pub mod reconcile;
pub mod reference;
pub mod regime;
pub mod sale;
pub mod serve;
pub mod settlement;
pub mod statement;
pub mod stock;
pub mod transfer_form;
pub mod verification;
pub mod zone;

use crate::arguments::Online;
use crate::failure::{Failure, explain};
use crate::json;
use crate::output::{self, Column};
use std::io::Read;
use std::path::Path;
use zonebook_api::v1::{Outcome, Verdict};

/// The bytes of a file, such as a sheet, which may be a workbook; `-` is standard input.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    std::fs::read(path).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
}

/// The text of a file; `-` is standard input.
pub fn read_text(path: &Path) -> Result<String, Failure> {
    String::from_utf8(read_bytes(path)?)
        .map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
}

/// The message of the contract that a file holds as JSON.
pub fn message<M: prost::Message + Default>(name: &str, file: &Path) -> Result<M, Failure> {
    json::message(name, &file.display().to_string(), &read_text(file)?)
}

/// What a file describes, as JSON of a message in the contract.
pub fn filed<M: prost::Message + Default>(name: &str, file: &Path) -> Result<Option<M>, Failure> {
    message(name, file).map(Some)
}

const OUTCOME: &[Column<'static>] = &[
    Column("revision", "/revision"),
    Column("verdict", "/verdict"),
    Column("document", "/document"),
    Column("state", "/state"),
    Column("repeated", "/repeated_request"),
];

/// Shows what became of a change.
pub fn show_outcome(online: &Online, outcome: Option<Outcome>) -> Result<(), Failure> {
    let outcome = outcome.unwrap_or_default();
    output::one(online.output, OUTCOME, "Outcome", &outcome)?;
    match &outcome.refusal {
        Some(refusal) if outcome.verdict() == Verdict::Refused => {
            Err(Failure::new(crate::failure::code::REFUSED, explain(refusal)))
        }
        _ => Ok(()),
    }
}

/// Fetches page after page.
macro_rules! all_pages {
    ($client:expr, $method:ident, $request:expr, $rows:ident) => {{
        let mut request = $request;
        let mut found = Vec::new();
        loop {
            let page = $client.$method(request.clone()).await?;
            found.extend(page.$rows);
            if page.next_page_token.is_empty() {
                break;
            }
            request.page_token = page.next_page_token;
        }
        found
    }};
}
pub(crate) use all_pages;
