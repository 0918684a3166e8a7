//! Count campaigns: opened on a book that goes on moving, counted sheet by sheet, closed (`domain.md` 4.2).
//!
//! Whether counts agree, and what is to be counted again, is no rule of the ledger: it follows from the counts, and is asked
//! of a view (`zonebook-reconcile`). A count changes no book.

use super::work::{Stop, Work};
use super::{boms, guards};
use crate::book::{Act, Book, Paper};
use crate::campaign::{Campaign, CountKey, Counted, SheetKey, TakenSheet};
use crate::code::{CampaignNo, DocumentNo};
use crate::direction::Mark;
use crate::document::{
    CampaignClosing, CampaignFiling, CampaignOpening, CampaignStep, CountLine, CountScope, CountSheet,
};
use crate::item::{Item, ItemKey};
use crate::limits::{CAMPAIGNS_OPEN_MAX, COUNT_ROUNDS_MAX, COUNTERS_MAX, LINES_MAX};
use crate::movement::DocumentState;
use crate::quantity::Quantity;
use crate::query;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{
    BookCampaigns, Campaigns, CountSheets, Counts, Key, Lots, OpenCampaigns, OpenPapers, Order,
};
use compact_str::CompactString;
use std::sync::Arc;

/// A step in the life of a campaign.
pub(crate) fn file(work: &mut Work<'_>, filing: &CampaignFiling) -> Result<(), Stop> {
    let number = &filing.campaign_no;
    match &filing.step {
        CampaignStep::Open(opening) => open(work, number, opening),
        CampaignStep::Record(sheet) => record(work, number, sheet),
        CampaignStep::Close { closing, reason } => close(work, number, *closing, reason),
        CampaignStep::Cancel { reason } if reason.trim().is_empty() => {
            Err(guards::invalid("reason", "none", "why, in words"))
        }
        CampaignStep::Cancel { reason } => end(work, number, DocumentState::Cancelled, None, reason),
    }
}

fn open(work: &mut Work<'_>, number: &CampaignNo, opening: &CampaignOpening) -> Result<(), Stop> {
    guards::at_most("items", opening.scope.items.len(), LINES_MAX)?;
    if work.get::<Campaigns>(number.clone())?.is_some() {
        return Err(Refusal::new(Reason::DocumentExists).field("campaign_no", number).into());
    }
    let book = guards::book_for(work, &opening.book_no, "book_no", Act::Count)?;
    guards::owned_by(&book, &opening.owner, "owner")?;
    within("counters", opening.counters, COUNTERS_MAX)?;
    sound(&opening.scope)?;
    free(work, opening)?;
    work.put::<OpenPapers>((book.book_no.clone(), Paper::Campaign, number.into()), ());
    work.put::<OpenCampaigns>((book.book_no.clone(), number.clone()), ());
    work.put::<BookCampaigns>((book.book_no.clone(), number.clone()), ());
    keep(
        work,
        Campaign {
            campaign_no: number.clone(),
            opening: opening.clone(),
            state: DocumentState::Open,
            cut_off: work.head.revision,
            cut_off_time: work.now(),
            sheets: 0,
            lines: 0,
            ended_time: None,
            end_reason: CompactString::const_new(""),
            closing: None,
        },
    );
    Ok(())
}

fn within(field: &str, value: u64, max: u64) -> Result<(), Stop> {
    if (1..=max).contains(&value) {
        return Ok(());
    }
    Err(guards::invalid(field, value, format!("1 to {max}")))
}

/// Each range runs upwards.
fn sound(scope: &CountScope) -> Result<(), Stop> {
    match scope.items.iter().find(|range| range.first > range.last) {
        None => Ok(()),
        Some(range) => {
            Err(guards::invalid("items", format!("{} to {}", range.first, range.last), "a range upwards"))
        }
    }
}

/// `CAMPAIGN_OVERLAPS`: no item is under two open campaigns at a time.
fn free(work: &Work<'_>, opening: &CampaignOpening) -> Result<(), Stop> {
    let bound = |number| (opening.book_no.clone(), number);
    let (from, to) = (bound(CampaignNo::lowest()), bound(CampaignNo::highest()));
    let max = CAMPAIGNS_OPEN_MAX;
    let open =
        query::collect::<OpenCampaigns, _>(
            work.state(),
            from,
            to,
            Order::Forward,
            max,
            |key, ()| match key {
                Key::OpenCampaign((_, number)) => Some(number),
                _ => None,
            },
        )?;
    guards::at_most("open campaigns of the book", open.len().saturating_add(1), max)?;
    for number in open {
        let campaign = known(work, &number)?;
        if campaign.opening.scope.meets(&opening.scope) {
            return Err(Refusal::new(Reason::CampaignOverlaps)
                .field("scope", &opening.book_no)
                .expected("items that no open campaign counts")
                .document(&number)
                .into());
        }
    }
    Ok(())
}

fn known(work: &Work<'_>, number: &CampaignNo) -> Result<Arc<Campaign>, Stop> {
    work.get::<Campaigns>(number.clone())?
        .ok_or_else(|| Refusal::new(Reason::DocumentUnknown).field("campaign_no", number).into())
}

/// `CAMPAIGN_NOT_OPEN`: counts are taken, and the end comes, while it is open.
fn opened(work: &Work<'_>, number: &CampaignNo) -> Result<Campaign, Stop> {
    let campaign = known(work, number)?;
    if campaign.state == DocumentState::Open {
        return Ok((*campaign).clone());
    }
    Err(Refusal::new(Reason::CampaignNotOpen)
        .field("state", campaign.state)
        .expected(DocumentState::Open)
        .document(number)
        .into())
}

fn record(work: &mut Work<'_>, number: &CampaignNo, sheet: &CountSheet) -> Result<(), Stop> {
    guards::at_most("lines", sheet.lines.len(), LINES_MAX)?;
    let key = SheetKey {
        campaign_no: number.clone(),
        counter: sheet.counter.clone(),
        sheet_no: sheet.sheet_no.clone(),
    };
    if work.get::<CountSheets>(key.clone())?.is_some() {
        return Err(Refusal::new(Reason::DocumentExists)
            .field("sheet_no", &sheet.sheet_no)
            .expected("a sheet that this counter has not sent")
            .document(number)
            .into());
    }
    let campaign = opened(work, number)?;
    let book = guards::book(work, &campaign.opening.book_no, "book_no")?;
    within("round", sheet.round, COUNT_ROUNDS_MAX)?;
    if sheet.lines.is_empty() {
        return Err(guards::invalid("lines", "none", "a count at least"));
    }
    guards::once_each("line", sheet.lines.iter().map(|line| line.line))?;
    for line in &sheet.lines {
        counted(work, &campaign, &book, line)?;
        let declared = Counted { declared: line.declared, counted_at: line.counted_at };
        work.put::<Counts>(count_key(number, sheet, line), declared);
    }
    let lines = sheet.lines.len() as u64;
    let taken =
        TakenSheet { round: sheet.round, lines, taken_at: work.head.revision, taken_time: work.now() };
    work.put::<CountSheets>(key, Arc::new(taken));
    let sum = |a: u64, b: u64| a.checked_add(b).ok_or_else(Stop::overflow);
    let (sheets, lines) = (sum(campaign.sheets, 1)?, sum(campaign.lines, lines)?);
    keep(work, Campaign { sheets, lines, ..campaign });
    Ok(())
}

fn count_key(number: &CampaignNo, sheet: &CountSheet, line: &CountLine) -> CountKey {
    CountKey {
        campaign_no: number.clone(),
        mark: line.mark,
        number: line.number,
        serial: line.serial.clone(),
        lot: line.lot.clone(),
        place: line.place,
        bom_version: line.bom_version.clone(),
        area: line.area.clone(),
        round: sheet.round,
        counter: sheet.counter.clone(),
        sheet_no: sheet.sheet_no.clone(),
        line: line.line,
    }
}

/// A count is of filed goods in scope, in their unit, and of a time since the cut-off.
fn counted(work: &Work<'_>, campaign: &Campaign, book: &Book, line: &CountLine) -> Result<(), Stop> {
    if !campaign.opening.scope.has(line.mark, line.number) {
        return Err(Refusal::new(Reason::CountOutOfScope)
            .line(line.line)
            .field("number", line.number)
            .expected("an item that the campaign counts")
            .document(&campaign.campaign_no)
            .into());
    }
    let key = ItemKey { book_no: book.book_no.clone(), mark: line.mark, number: line.number };
    let item = guards::item(work, key.clone(), line.line, "number")?;
    guards::same_declared_unit(line.line, &line.unit, &item)?;
    guards::not_negative(line.line, "quantity_declared", line.declared)?;
    tracked(&item, line)?;
    of_lot(work, &item, key, line)?;
    of_version(work, book, line)?;
    in_time(work, campaign, line)
}

/// Units are counted one by one where the book tracks them, and only there (`RULES.md` 14.4).
fn tracked(item: &Item, line: &CountLine) -> Result<(), Stop> {
    let refused = |reason, field: &str, value: &dyn std::fmt::Display, expected: &str| {
        Err(Refusal::new(reason).line(line.line).field(field, value).expected(expected).into())
    };
    let is_tracked = line.mark == Mark::Goods && (item.tracked_by_serial || item.serial.is_some());
    match (&line.serial, is_tracked) {
        (None, false) => Ok(()),
        (None, true) => refused(Reason::InvalidField, "serial", &"none", "a serial number"),
        (Some(serial), false) => refused(Reason::InvalidField, "serial", serial, "none"),
        (Some(serial), true) if item.serial.as_ref().is_some_and(|own| own != serial) => {
            refused(Reason::SerialNotInPlace, "serial", serial, "the unit of the row")
        }
        (Some(_), true) if line.declared != Quantity::ZERO && line.declared != Quantity::whole(1) => {
            let expected = "0 or 1: one unit on a line";
            refused(Reason::InvalidField, "quantity_declared", &line.declared, expected)
        }
        (Some(_), true) => Ok(()),
    }
}

fn of_lot(work: &Work<'_>, item: &Item, key: ItemKey, line: &CountLine) -> Result<(), Stop> {
    let Some(lot) = &line.lot else { return Ok(()) };
    if item.lot.as_ref() == Some(lot) || work.get::<Lots>((key, lot.clone()))?.is_some() {
        return Ok(());
    }
    Err(Refusal::new(Reason::InvalidField)
        .line(line.line)
        .field("lot", lot)
        .expected("a lot of the item")
        .into())
}

fn of_version(work: &Work<'_>, book: &Book, line: &CountLine) -> Result<(), Stop> {
    let version = line.bom_version.as_ref();
    if version.is_none() {
        return Ok(());
    }
    let named = boms::Named { line: Some(line.line), field: "bom_version", product: line.number, version };
    match line.mark {
        // Products of a version that customs doubts are counted like any other.
        Mark::Product => boms::filed(work, book, named).map(|_| ()),
        _ => Err(named.unknown(book)),
    }
}

fn in_time(work: &Work<'_>, campaign: &Campaign, line: &CountLine) -> Result<(), Stop> {
    let Some(at) = line.counted_at else { return Ok(()) };
    let local = |instant| work.head.utc_offset.local(instant);
    let (first, last) = (local(campaign.cut_off_time), local(work.now()));
    if (first..=last).contains(&at) {
        return Ok(());
    }
    Err(Refusal::new(Reason::InvalidField)
        .line(line.line)
        .field("counted_at", at)
        .expected(format!("{first}, the cut-off, to {last}"))
        .into())
}

/// `CAMPAIGN_INCOMPLETE`: what was not agreed on stays so only for a reason. How much that is follows from the sheets and
/// from the book at the cut-off, which nothing changes any more: it holds while no other sheet has come.
fn close(
    work: &mut Work<'_>,
    number: &CampaignNo,
    closing: CampaignClosing,
    reason: &str,
) -> Result<(), Stop> {
    let campaign = opened(work, number)?;
    if closing.sheets != campaign.sheets {
        return Err(Refusal::new(Reason::BasisMismatch)
            .field("sheets", closing.sheets)
            .expected(campaign.sheets)
            .document(number)
            .into());
    }
    if closing.open_items > 0 && reason.trim().is_empty() {
        return Err(Refusal::new(Reason::CampaignIncomplete)
            .field("open_items", closing.open_items)
            .expected("all items in scope counted and agreed on, or a reason why not")
            .document(number)
            .into());
    }
    end(work, number, DocumentState::Closed, Some(closing), reason)
}

fn end(
    work: &mut Work<'_>,
    number: &CampaignNo,
    state: DocumentState,
    closing: Option<CampaignClosing>,
    reason: &str,
) -> Result<(), Stop> {
    let campaign = opened(work, number)?;
    let book_no = campaign.opening.book_no.clone();
    work.remove::<OpenCampaigns>((book_no.clone(), number.clone()));
    work.remove::<OpenPapers>((book_no, Paper::Campaign, DocumentNo::from(number)));
    let (ended_time, end_reason) = (Some(work.now()), reason.into());
    keep(work, Campaign { state, closing, ended_time, end_reason, ..campaign });
    Ok(())
}

fn keep(work: &mut Work<'_>, campaign: Campaign) {
    let number = campaign.campaign_no.clone();
    work.names(number.as_str(), campaign.state);
    work.state = Some(campaign.state);
    work.put::<Campaigns>(number, Arc::new(campaign));
}
