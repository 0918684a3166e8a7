//! Transfers between books whose two sides differ.

use crate::v1;
use crate::value::text;
use zonebook_ledger::time::Date;
use zonebook_ledger::transfers::{Finding, Transfer};

/// A transfer with what differs, as of a day.
#[must_use]
pub fn differences(transfer: &Transfer, today: Date) -> v1::TransferDifferences {
    let (into, out) = (&transfer.into, transfer.out.as_deref());
    v1::TransferDifferences {
        list_in: into.list_no.to_string(),
        book_in: into.book_no.to_string(),
        state_in: into.state.to_string(),
        list_out: text(out.map(|out| &out.list_no)),
        book_out: text(into.related_book.as_ref()),
        state_out: text(out.map(|out| &out.state)),
        differences: transfer.findings.iter().map(|finding| difference(finding, today)).collect(),
    }
}

fn difference(finding: &Finding, today: Date) -> v1::TransferDifference {
    v1::TransferDifference {
        difference: finding.difference.to_string(),
        line: finding.line,
        transferor: finding.transferor.to_string(),
        transferee: finding.transferee.to_string(),
        quantity: finding.quantity.to_string(),
        since: finding.since.to_string(),
        age_days: i64::from(today.0) - i64::from(finding.since.0),
    }
}
