//! `receipts` and `message`: what was said to whom, and what came in.

use super::{all_pages, show_outcome};
use crate::arguments::{Message, MessageName, Online, Receipts};
use crate::failure::{Failure, code};
use crate::output::{self, Column, Format};
use std::io::Write;
use std::path::Path;
use zonebook_api::v1;
use zonebook_api::v1::get_original_request::Name;
use zonebook_api::v1::get_printout_request::Document;

const RECEIPTS: &[Column<'static>] = &[
    Column("sequence", "/sequence"),
    Column("type", "/type"),
    Column("document", "/document"),
    Column("change", "/change_no"),
    Column("ruling", "/ruling"),
    Column("revision", "/decided_revision"),
    Column("file", "/file_name"),
];

const MAILBOX: &[Column<'static>] = &[Column("last", "/last"), Column("acknowledged", "/acknowledged")];
const GAPS: &[Column<'static>] = &[Column("first", "/first"), Column("last", "/last")];

const DELIVERY: &[Column<'static>] = &[
    Column("source", "/source"),
    Column("sequence", "/sequence"),
    Column("file", "/name"),
    Column("type", "/type"),
    Column("key", "/business_id"),
    Column("verdict", "/outcome/verdict"),
    Column("reason", "/outcome/refusal/reason"),
    Column("document", "/outcome/document"),
    Column("state", "/outcome/state"),
    Column("revision", "/outcome/revision"),
];

const DIFFERENCES: &[Column<'static>] = &[
    Column("revision", "/taken_revision"),
    Column("type", "/type"),
    Column("document", "/document"),
    Column("result", "/result"),
    Column("managed_at", "/managed_at"),
    Column("declaration", "/declaration_no"),
    Column("expected", "/expected"),
    Column("found", "/found"),
    Column("found_declaration", "/found_declaration_no"),
];

/// A name that cannot lead out of the folder.
fn plain(name: &str) -> String {
    let fit = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' };
    let name: String = name.chars().map(fit).collect();
    name.trim_start_matches('.').to_owned()
}

/// Writes a file whole or not at all: whoever watches the folder never sees half of one.
pub fn write_file(folder: &Path, name: &str, content: &[u8]) -> Result<(), Failure> {
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    file.persist(folder.join(plain(name))).map_err(|error| Failure::from(error.error))?;
    Ok(())
}

fn write_bytes(content: &[u8]) -> Result<(), Failure> {
    match std::io::stdout().lock().write_all(content) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Shows receipts, or writes them into a folder and says how many.
fn show(online: &Online, receipts: &[v1::Receipt], folder: Option<&Path>) -> Result<(), Failure> {
    let Some(folder) = folder else { return output::many(online.output, RECEIPTS, "Receipt", receipts) };
    for receipt in receipts {
        write_file(folder, &receipt.file_name, &receipt.content)?;
    }
    if !online.quiet {
        eprintln!("{} receipts written to {}", receipts.len(), folder.display());
    }
    Ok(())
}

pub async fn receipts(online: &Online, command: Receipts) -> Result<(), Failure> {
    let client = online.client();
    match command {
        Receipts::Stream { recipient, after, follow, folder } => {
            stream(online, &recipient, after, follow, folder.as_deref()).await
        }
        Receipts::Ack { recipient, up_to, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::AcknowledgeReceiptsRequest { request_id, validate_only, recipient, up_to };
            show_outcome(online, client.acknowledge_receipts(request).await?.outcome)
        }
        Receipts::Again { recipient, from, to, document, folder } => {
            let document = document.unwrap_or_default();
            let request = v1::ListReceiptsRequest { recipient, from, to, document, ..Default::default() };
            let found = all_pages!(client, list_receipts, request, receipts);
            show(online, &found, folder.as_deref())
        }
        Receipts::Mailbox { recipient } => {
            let found = client.get_mailbox(v1::GetMailboxRequest { recipient, consistency: None }).await?;
            output::one(online.output, MAILBOX, "GetMailboxResponse", &found)
        }
        Receipts::Gaps { source } => {
            let request = v1::ListGapsRequest { source, ..Default::default() };
            let found = all_pages!(client, list_gaps, request, gaps);
            output::many(online.output, GAPS, "Gap", &found)
        }
        Receipts::Remind { sender, document, pre_entry_no, folder } => {
            let request = v1::GetReminderRequest { sender, document, pre_entry_no, consistency: None };
            let found = client.get_reminder(request).await?;
            match folder {
                Some(folder) => write_file(&folder, &found.file_name, &found.content),
                None => write_bytes(&found.content),
            }
        }
        Receipts::Differences => {
            let request = v1::ListReceiptDifferencesRequest::default();
            let found = all_pages!(client, list_receipt_differences, request, differences);
            output::many(online.output, DIFFERENCES, "ReceiptDifference", &found)
        }
    }
}

/// A table needs all rows for its widths, so each is shown when the stream ends; one that follows is shown row by row.
async fn stream(
    online: &Online,
    recipient: &str,
    after: Option<u64>,
    follow: bool,
    folder: Option<&Path>,
) -> Result<(), Failure> {
    let client = online.client();
    let after = match after {
        Some(after) => after,
        None => {
            let request = v1::GetMailboxRequest { recipient: recipient.into(), consistency: None };
            client.get_mailbox(request).await?.acknowledged
        }
    };
    let mut shown = Vec::new();
    let take = |receipt: v1::Receipt| -> Result<(), Failure> {
        match folder {
            Some(folder) => {
                write_file(folder, &receipt.file_name, &receipt.content)?;
                if !online.quiet {
                    eprintln!("{} {} {}", receipt.sequence, receipt.r#type, receipt.document);
                }
                Ok(())
            }
            None if follow => output::one(online.output, RECEIPTS, "Receipt", &receipt),
            None => {
                shown.push(receipt);
                Ok(())
            }
        }
    };
    let last = client.receive_receipts(recipient, after, follow, take).await?;
    if folder.is_none() {
        return output::many(online.output, RECEIPTS, "Receipt", &shown);
    }
    if !online.quiet {
        eprintln!("up to {last}; acknowledge with: zonebook receipts ack {recipient} {last}");
    }
    Ok(())
}

fn hexadecimal(text: &str) -> Result<Vec<u8>, Failure> {
    let wrong = || Failure::usage(format!("--sha256 {text}: 64 hexadecimal digits"));
    let digits: Vec<u8> = text
        .chars()
        .map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok()))
        .collect::<Option<_>>()
        .ok_or_else(wrong)?;
    if digits.len() != 64 {
        return Err(wrong());
    }
    Ok(digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect())
}

fn name(wanted: MessageName) -> Result<Name, Failure> {
    let delivery = wanted.source.zip(wanted.sequence);
    Ok(match (wanted.document, wanted.sha256, wanted.key, delivery) {
        (Some(document), ..) => Name::Document(document),
        (_, Some(sha256), ..) => Name::Sha256(hexadecimal(&sha256)?),
        (_, _, Some(key), _) => Name::MessageKey(key),
        (.., Some((source, sequence))) => Name::Delivery(v1::DeliveryName { source, sequence }),
        _ => return Err(Failure::usage("a document, --sha256, --key, or --source with --sequence")),
    })
}

/// What became of a delivery.
async fn outcome(online: &Online, source: String, sequence: u64) -> Result<(), Failure> {
    let request = v1::GetMessageOutcomeRequest { source, sequence, consistency: None };
    let found = online.client().get_message_outcome(request).await?.outcome.unwrap_or_default();
    output::one(online.output, DELIVERY, "MessageOutcome", &found)
}

pub async fn message(online: &Online, command: Message) -> Result<(), Failure> {
    let (wanted, file) = match command {
        Message::Outcome { source, sequence } => return outcome(online, source, sequence).await,
        Message::Get { name, file } => (name, file),
    };
    let request = v1::GetOriginalRequest { name: Some(name(wanted)?), consistency: None };
    let found = online.client().get_original(request).await?;
    let kept = found.original.clone().unwrap_or_default();
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    if online.output == Format::Json {
        return output::one(online.output, &[], "GetOriginalResponse", &found);
    }
    if !kept.kept {
        let text = format!("the message came, its bytes are not kept; SHA-256 {}", hex(&kept.sha256));
        return Err(Failure::new(code::NOT_FOUND, text));
    }
    if kept.redacted && !online.quiet {
        eprintln!("personal data was taken out; SHA-256 of the true original {}", hex(&kept.sha256));
    }
    match file {
        Some(file) => Ok(std::fs::write(file, &found.content)?),
        None => write_bytes(&found.content),
    }
}

/// `movement print`, `gate print`
pub async fn print(online: &Online, document: Document, file: Option<&Path>) -> Result<(), Failure> {
    let request = v1::GetPrintoutRequest { document: Some(document), consistency: None };
    let found = online.client().get_printout(request).await?;
    match file {
        Some(file) => Ok(std::fs::write(file, found.html)?),
        None => output::write(&found.html),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_stay_in_their_folder() {
        assert_eq!(plain("../a/b.SAS"), "_a_b.SAS");
        assert_eq!(plain("CUS0000E010000.INV"), "CUS0000E010000.INV");
    }

    #[test]
    fn hashes_are_read() {
        assert_eq!(hexadecimal(&"0f".repeat(32)).unwrap(), [15; 32]);
        assert!(hexadecimal("0f").is_err() && hexadecimal(&"zz".repeat(32)).is_err());
    }

    #[test]
    fn a_file_is_written_whole() {
        let folder = tempfile::tempdir().unwrap();
        write_file(folder.path(), "a.xml", b"<a/>").unwrap();
        assert_eq!(std::fs::read(folder.path().join("a.xml")).unwrap(), b"<a/>");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
