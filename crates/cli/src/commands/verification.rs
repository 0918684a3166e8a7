//! `verification`.

use super::{all_pages, filed, show_outcome};
use crate::arguments::{Online, Verification, VerifiedPeriod};
use crate::failure::Failure;
use crate::output::{self, Column};
use std::path::Path;
use zonebook_api::v1;

const VERIFICATIONS: &[Column<'static>] = &[
    Column("book", "/verification/book_no"),
    Column("sequence", "/verification/sequence"),
    Column("kind", "/verification/kind"),
    Column("begin", "/verification/begin"),
    Column("end", "/verification/end"),
    Column("lists", "/verification/lists"),
    Column("items", "/item_count"),
    Column("revision", "/accepted_revision"),
    Column("verified", "/verified_time"),
];

const PERIOD: &[Column<'static>] = &[
    Column("book", "/book_no"),
    Column("sequence", "/sequence"),
    Column("kind", "/kind"),
    Column("begin", "/begin"),
    Column("end", "/end"),
    Column("state", "/state"),
    Column("revision", "/filed_revision"),
    Column("filed", "/filed_time"),
];

const LINES: &[Column<'static>] = &[
    Column("mark", "/mark"),
    Column("item", "/number"),
    Column("opening", "/computed/vclrPridInitQty"),
    Column("in/out", "/computed/impOrExpTotalQty"),
    Column("used", "/computed/csmTotalQty"),
    Column("sold", "/computed/sdinQty"),
    Column("re-exported", "/computed/reexpQty"),
    Column("destroyed", "/computed/mtpckEndprdDstryQty"),
    Column("adjusted", "/computed/vrfredQty"),
    Column("should", "/computed/shdRemainQty"),
    Column("actual", "/computed/actlRemainQty"),
    Column("difference", "/computed/dsmlQty"),
    Column("rate_%", "/computed/dsmlRate"),
    Column("usd", "/computed/dsmlAmt"),
    Column("differing", "/differing"),
];

/// What was counted of a book, by a table like `count.csv`; nothing without one.
pub(super) fn counted(book_no: &str, file: Option<&Path>) -> Result<Vec<v1::CountedItem>, Failure> {
    let Some(file) = file else { return Ok(Vec::new()) };
    let name = file.display().to_string();
    let rows = zonebook_exchange::count::counted(&name, &super::read_bytes(file)?)
        .map_err(|error| Failure::usage(error.to_string()))?;
    let of_book = rows.into_iter().filter(|goods| goods.book_no.as_str() == book_no);
    let item = |goods: zonebook_reconcile::count::CountedGoods| v1::CountedItem {
        mark: goods.mark.to_string(),
        number: goods.number,
        quantity: goods.declared.to_string(),
    };
    Ok(of_book.map(item).collect())
}

/// Prints figures as they come, and on a terminal how far the work is. Who interrupts the command ends the work.
async fn compute(online: &Online, request: v1::StreamVerificationRequest) -> Result<(), Failure> {
    let client = online.client();
    let bar = output::bar(online.quiet, 0, "items");
    let (mut known, mut done) = (0, v1::VerificationProgress::default());
    let mut gathered = output::Gathered::new(online.output, LINES, "VerificationLine");
    let received = client.receive_verification(request, |reply| {
        (known, done) = (reply.as_of_revision, reply.progress.unwrap_or_default());
        bar.set_length(done.items_total);
        bar.set_position(done.items);
        bar.set_message(format!("{} rows of history", done.history_rows));
        gathered.add(&reply.lines)
    });
    received.await?;
    bar.finish_and_clear();
    if !online.quiet {
        eprintln!("figures after revision {known}: {} rows of history read", done.history_rows);
    }
    gathered.finish()
}

pub async fn verification(online: &Online, command: Verification) -> Result<(), Failure> {
    let client = online.client();
    match command {
        Verification::Compute { book_no, period, revision } => {
            let VerifiedPeriod { sequence, begin, end, counted: file } = period;
            let request = v1::StreamVerificationRequest {
                counted: counted(&book_no, file.as_deref())?,
                book_no,
                sequence: sequence.unwrap_or(0),
                begin: begin.unwrap_or_default(),
                end: end.unwrap_or_default(),
                as_of_revision: revision.unwrap_or(0),
                ..Default::default()
            };
            compute(online, request).await
        }
        Verification::File { file, change } => {
            let verification = filed("Verification", &file)?;
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::FileVerificationRequest { request_id, validate_only, verification };
            show_outcome(online, client.file_verification(request).await?.outcome)
        }
        Verification::Show { book_no, sequence } => {
            let request = v1::GetVerificationRequest { book_no, sequence, consistency: None };
            let found = client.get_verification(request).await?.period.unwrap_or_default();
            output::one(online.output, PERIOD, "VerificationPeriod", &found)
        }
        Verification::List { book_no, items } => {
            let request = v1::ListVerificationsRequest { book_no, with_items: items, ..Default::default() };
            let found = all_pages!(client, list_verifications, request, verifications);
            output::many(online.output, VERIFICATIONS, "AcceptedVerification", &found)
        }
        Verification::Supplement { book_no, sequence, reason, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::AskSupplementRequest { request_id, validate_only, book_no, sequence, reason };
            show_outcome(online, client.ask_supplement(request).await?.outcome)
        }
        Verification::Confirm { book_no, sequence, remark, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request =
                v1::ConfirmVerificationRequest { request_id, validate_only, book_no, sequence, remark };
            show_outcome(online, client.confirm_verification(request).await?.outcome)
        }
        Verification::Close { book_no, sequence, remark, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request =
                v1::CloseVerificationRequest { request_id, validate_only, book_no, sequence, remark };
            show_outcome(online, client.close_verification(request).await?.outcome)
        }
        Verification::Message { book_no, sequence, begin, end, counted: file, sent_at, folder } => {
            let mut request = v1::GetVerificationMessageRequest {
                counted: counted(&book_no, file.as_deref())?,
                book_no,
                sequence,
                begin: begin.unwrap_or_default(),
                end: end.unwrap_or_default(),
                sent_at,
                ..Default::default()
            };
            loop {
                let part = client.get_verification_message(request.clone()).await?;
                super::correspondence::write_file(&folder, &part.file_name, &part.content)?;
                if !online.quiet {
                    eprintln!("{}", folder.join(&part.file_name).display());
                }
                if part.next_page_token.is_empty() {
                    return Ok(());
                }
                request.page_token = part.next_page_token;
            }
        }
    }
}
