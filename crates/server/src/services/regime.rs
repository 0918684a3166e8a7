//! Other regimes: the year of a US foreign-trade zone, the bill of discharge of a special procedure; the closing rule of
//! repair.

use super::number;
use crate::gateway::Gateway;
use crate::page;
use std::collections::BTreeSet;
use tonic::Status;
use zonebook_api::field::FieldError;
use zonebook_api::{reckoning, regime, status, v1};
use zonebook_ledger::book::Usage;
use zonebook_ledger::code::BookNo;
use zonebook_ledger::direction::Mark;
use zonebook_ledger::error::Fault;
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::query;
use zonebook_ledger::state::{Books, Read, get};
use zonebook_ledger::time::{Date, UtcOffset};
use zonebook_reconcile::count::problems;
use zonebook_reconcile::regime::annual::{self, Deadlines};
use zonebook_reconcile::regime::discharge::{self, Days};
use zonebook_reconcile::regime::repair;
use zonebook_reconcile::verification::Failure;

/// Where a page of a year ends: the revision that all pages are of, and the last item.
type YearPage = (Revision, Mark, u64);
/// Where a page of a bill ends.
type BillPage = (Revision, u64);

/// The revision that is asked for, no later than the last one.
fn known(view: &dyn Read, asked: Option<Revision>) -> Result<Revision, Fault> {
    let last = query::revision(view)?;
    Ok(asked.map_or(last, |asked| asked.min(last)))
}

pub async fn reconcile_year(
    gateway: &Gateway,
    request: v1::ReconcileYearRequest,
) -> Result<v1::ReconcileYearResponse, Status> {
    let invalid = |error: FieldError| status::invalid(&error);
    let book_no = number("book_no", &request.book_no, BookNo::new)?;
    let year = regime::year(&request).map_err(invalid)?;
    let counted = reckoning::counted(&request.counted).map_err(invalid)?;
    if let Some(other) = counted.iter().find(|goods| goods.book_no != book_no) {
        let rule = "goods of the book that is reconciled";
        return Err(invalid(FieldError::new("counted.book_no", &other.book_no, rule)));
    }
    let statuses = regime::statuses(&request.statuses).map_err(invalid)?;
    let reported = match request.reported_on.as_str() {
        "" => None,
        day => Some(number("reported_on", day, Date::parse)?),
    };
    let (rows, after) = (page::rows(request.page_size), page::after::<YearPage>(&request.page_token)?);
    let asked_revision = (request.as_of_revision != 0).then_some(Revision(request.as_of_revision));
    let found = gateway.read(request.consistency.as_ref(), move |view| {
        if get::<Books>(view, book_no.clone())?.is_none() {
            return Ok(None);
        }
        let as_of = known(view, after.map(|(revision, ..)| revision).or(asked_revision))?;
        if let Some(problem) = problems(view, &counted)?.into_iter().next() {
            let line = u64::try_from(problem.row).unwrap_or(u64::MAX).saturating_add(1);
            let refusal = problem.refusal.line(line);
            return Ok(Some(Err(status::refused(&(&refusal).into(), query::revision(view)?))));
        }
        let asked = annual::Asked {
            book_no: &book_no,
            year,
            counted: &counted,
            statuses: &statuses,
            as_of: Some(as_of),
        };
        let after = after.map(|(_, mark, number)| (mark, number));
        let found = match annual::of_items(view, &asked, after, rows) {
            Ok(found) => found,
            Err(Failure::Fault(fault)) => return Err(fault),
            Err(range) => {
                return Ok(Some(Err(status::invalid(&FieldError::new("book_no", &book_no, range)))));
            }
        };
        let offset = query::head(view)?.map_or(UtcOffset::CHINA, |head| head.utc_offset);
        let lines: Result<Vec<_>, Fault> = found.iter().map(|row| regime::annual_line(row, offset)).collect();
        let last = found.last().map(|row| (as_of, row.item.mark, row.item.number));
        let days = Deadlines::of(view, year.end, reported)?;
        Ok(Some(Ok((query::revision(view)?, days, lines?, last))))
    });
    let found = found.await?.ok_or_else(|| status::not_found("book", &request.book_no))?;
    let (revision, days, lines, last) = found?;
    Ok(v1::ReconcileYearResponse {
        revision: revision.0,
        begin: year.begin.to_string(),
        end: year.end.to_string(),
        report_due: days.report.to_string(),
        letter_due: days.letter.to_string(),
        next_page_token: page::next(lines.len(), rows, last),
        lines,
    })
}

pub async fn compute_discharge(
    gateway: &Gateway,
    request: v1::ComputeDischargeRequest,
) -> Result<v1::ComputeDischargeResponse, Status> {
    let book_no = number("book_no", &request.book_no, BookNo::new)?;
    let (placed, aggregation, months) = regime::bill(&request).map_err(|error| status::invalid(&error))?;
    let (rows, after) = (page::rows(request.page_size), page::after::<BillPage>(&request.page_token)?);
    let asked_revision = (request.as_of_revision != 0).then_some(Revision(request.as_of_revision));
    let found = gateway.read(request.consistency.as_ref(), move |view| {
        if get::<Books>(view, book_no.clone())?.is_none() {
            return Ok(None);
        }
        let as_of = known(view, after.map(|(revision, _)| revision).or(asked_revision))?;
        let days = Days::of(view, placed, aggregation, months)?;
        let asked = discharge::Asked { book_no: &book_no, days, as_of: Some(as_of) };
        let found = discharge::of_items(view, &asked, after.map(|(_, number)| number), rows)?;
        let lines: Result<Vec<_>, Fault> = found.iter().map(regime::discharge_line).collect();
        let last = found.last().map(|row| (as_of, row.item.number));
        Ok(Some((query::revision(view)?, days, lines?, last)))
    });
    let (revision, days, lines, last) =
        found.await?.ok_or_else(|| status::not_found("book", &request.book_no))?;
    Ok(v1::ComputeDischargeResponse {
        revision: revision.0,
        placed_from: days.placed_from.to_string(),
        begins: days.begins.to_string(),
        ends: days.ends.to_string(),
        due: days.due.to_string(),
        due_extended: days.due_extended.to_string(),
        next_page_token: page::next(lines.len(), rows, last),
        lines,
    })
}

pub async fn reconcile_repairs(
    gateway: &Gateway,
    request: v1::ReconcileRepairsRequest,
) -> Result<v1::ReconcileRepairsResponse, Status> {
    let book_no = number("book_no", &request.book_no, BookNo::new)?;
    let (rows, after) = (page::rows(request.page_size), page::after::<YearPage>(&request.page_token)?);
    let asked_revision = (request.as_of_revision != 0).then_some(Revision(request.as_of_revision));
    let found = gateway.read(request.consistency.as_ref(), move |view| {
        let Some(book) = get::<Books>(view, book_no.clone())? else { return Ok(None) };
        if book.usage != Usage::Repair {
            let given = format!("{book_no} is for {}", book.usage);
            let error = FieldError::new("book_no", given, "a book of usage REPAIR");
            return Ok(Some(Err(status::invalid(&error))));
        }
        let as_of = known(view, after.map(|(revision, ..)| revision).or(asked_revision))?;
        let after = after.map(|(_, mark, number)| (mark, number));
        let found = repair::of_items(view, &book_no, as_of, after, rows)?;
        let items: BTreeSet<_> = found.iter().map(|row| (row.item.mark, row.item.number)).collect();
        let lines: Result<Vec<_>, Fault> = found.iter().map(regime::repair_line).collect();
        let last = items.last().map(|(mark, number)| (as_of, *mark, *number));
        Ok(Some(Ok((query::revision(view)?, lines?, items.len(), last))))
    });
    let found = found.await?.ok_or_else(|| status::not_found("book", &request.book_no))?;
    let (revision, lines, items, last) = found?;
    let next_page_token = page::next(items, rows, last);
    Ok(v1::ReconcileRepairsResponse { revision: revision.0, lines, next_page_token })
}
