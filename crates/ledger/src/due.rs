//! What is due and what is overdue: which deadlines a document has, and what can be asked of the index.

use crate::book::{Book, BookKind, Usage};
use crate::calendar::{Calendar, days_after};
use crate::code::{BookNo, CustomsNo, DocumentNo, ListNo, OfficeCode, ParcelNo};
use crate::deadline::{
    DeadlineKey, DeadlineKind, DeadlineRow, OverdueRecord, Running, Standing, Stopped, Term,
};
use crate::difference::{DifferenceRef, KeptDifference};
use crate::disposal::{Adjustment, Disposal};
use crate::error::Fault;
use crate::lease::Lease;
use crate::matrix::rule_of_row;
use crate::movement::{DocumentState, Movement};
use crate::outcome::Revision;
use crate::parameter::Parameter;
use crate::permit::{Permit, Slip};
use crate::place::Place;
use crate::position::PositionKey;
use crate::quantity::Quantity;
use crate::query::{self, Moment, collect};
use crate::state::{
    Books, Calendars, Deadlines, DocumentHolds, Key, Lines, Movements, Order, OverdueRecords, Parcels, Read,
    Row, Visit, Zones, get,
};
use crate::time::{Date, Instant, UtcOffset};
use crate::transfer_form::TransferForm;
use compact_str::CompactString;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Whether rows of a table are documents that have deadlines.
#[must_use]
pub const fn has_deadlines(key: &Key) -> bool {
    matches!(
        key,
        Key::Movement(_)
            | Key::Slip(_)
            | Key::Permit(_)
            | Key::Parcel(_)
            | Key::Book(_)
            | Key::Bill(_)
            | Key::Lease(_)
            | Key::Difference(_)
            | Key::Tally(_)
            | Key::TransferForm(_)
            | Key::Disposal(_)
            | Key::Adjustment(_)
    )
}

/// The deadlines of a document as it stands: a function of its row, and for goods in storage of its book.
///
/// # Errors
/// The state could not be read.
pub fn running(state: &dyn Read, key: &Key, row: &Row, offset: UtcOffset) -> Result<Vec<Running>, Fault> {
    let on = |time: Instant| offset.local(time).date();
    Ok(match (key, row) {
        (Key::Movement(_), Row::Movement(list)) => of_list(state, list, &on)?,
        (Key::Slip(number), Row::Slip(slip)) => of_slip(number.into(), slip, &on),
        (Key::Permit(number), Row::Permit(permit)) => of_permit(&DocumentNo::from(number), permit, &on),
        (Key::Parcel(number), Row::Parcel(parcel)) if parcel.state == DocumentState::Reserved => {
            let known = on(parcel.reserved_time);
            let term = Term::Days { parameter: Parameter::ParcelListDays, known };
            let kind = DeadlineKind::ParcelNotListed;
            let (book_no, document) = (parcel.book_no.clone(), number.into());
            vec![Running { kind, book_no, document, part: 0, since: known, term }]
        }
        (Key::Book(_), Row::Book(book)) => of_book(book, &on),
        (Key::Bill((book_no, bill_no, number)), Row::Bill(bill)) => match bill.since {
            Some(since) if bill.claimed < bill.entered => {
                let known = on(since);
                let term = Term::Days { parameter: Parameter::SuspenseDays, known };
                let kind = DeadlineKind::SuspenseNotDeclared;
                let (book_no, document) = (book_no.clone(), bill_no.into());
                vec![Running { kind, book_no, document, part: *number, since: known, term }]
            }
            _ => Vec::new(),
        },
        (Key::Lease(number), Row::Lease(lease)) => of_lease(&DocumentNo::from(number), lease),
        (Key::TransferForm(number), Row::TransferForm(form)) => of_transfer_form(number.into(), form, &on),
        (Key::Difference(number), Row::Difference(row)) => of_difference(number, row, &on),
        (Key::Tally(number), Row::Tally(tally)) if tally.is_open() => {
            let list = get::<Movements>(state, tally.filed.list_no.clone())?;
            list.and_then(|list| of_tally(number.into(), &list, &on)).into_iter().collect()
        }
        (Key::Disposal(_), Row::Disposal(disposal)) => of_disposal(disposal, &on).into_iter().collect(),
        (Key::Adjustment(_), Row::Adjustment(adjustment)) => {
            of_adjustment(adjustment, &on).into_iter().collect()
        }
        _ => Vec::new(),
    })
}

fn of_list(state: &dyn Read, list: &Movement, on: &dyn Fn(Instant) -> Date) -> Result<Vec<Running>, Fault> {
    let known = on(list.prevd_time);
    let of = |kind, since, parameter| Running {
        kind,
        book_no: list.book_no.clone(),
        document: (&list.list_no).into(),
        part: 0,
        since,
        term: Term::Days { parameter, known },
    };
    let runs = |kind| rule_of_row(list.row).is_some_and(|rule| rule.runs(kind));
    Ok(match list.state {
        DocumentState::PrePosted => {
            let mut all = vec![of(DeadlineKind::ListNotPosted, known, Parameter::ListPostDays)];
            if let (true, Some(since)) = (runs(DeadlineKind::ReturnNotBack), original_posted(state, list)?) {
                all.push(of(DeadlineKind::ReturnNotBack, on(since), Parameter::ReturnDays));
            }
            all
        }
        DocumentState::InTransit => {
            let since = list.gate_time.map_or(known, |time| time.date());
            vec![of(DeadlineKind::Transit, since, Parameter::TransitDays)]
        }
        DocumentState::Posted | DocumentState::Verified => {
            let Some(posted) = list.posted_time.map(on) else { return Ok(Vec::new()) };
            let mut all = Vec::new();
            let stored = runs(DeadlineKind::StorageLimit);
            if let Some(book) = get::<Books>(state, list.book_no.clone())?.filter(|_| stored)
                && let Some(parameter) = stored_in(state, &book, posted)?
            {
                all.push(of(DeadlineKind::StorageLimit, posted, parameter));
            }
            if list.dangerous && runs(DeadlineKind::DangerousDwell) {
                all.push(of(DeadlineKind::DangerousDwell, posted, Parameter::DangerousDays));
            }
            all
        }
        _ => Vec::new(),
    })
}

/// When the list was posted whose goods a list brings back. It is posted before anything of it can come back.
fn original_posted(state: &dyn Read, list: &Movement) -> Result<Option<Instant>, Fault> {
    let Some(original) = &list.original else { return Ok(None) };
    Ok(get::<Movements>(state, original.clone())?.and_then(|original| original.posted_time))
}

/// Goods are in storage in books that are for it, for as long as the kind of the zone on the day they came in says.
fn stored_in(state: &dyn Read, book: &Book, day: Date) -> Result<Option<Parameter>, Fault> {
    let for_storage =
        book.kind == BookKind::Logistics && matches!(book.usage, Usage::Store | Usage::ECommerce);
    if !for_storage {
        return Ok(None);
    }
    let zone = get::<Zones>(state, book.office.clone())?;
    Ok(zone.map(|zone| zone.kind_on(day).rule().storage))
}

fn of_slip(document: DocumentNo, slip: &Slip, on: &dyn Fn(Instant) -> Date) -> Vec<Running> {
    let known = on(slip.approved_time);
    let book_no = slip.book_no.clone();
    let runs = |kind| rule_of_row(slip.row).is_some_and(|rule| rule.runs(kind));
    match (slip.state, slip.posted_time) {
        (DocumentState::Approved, _) => {
            let term = Term::Days { parameter: Parameter::SlipPassDays, known };
            let kind = DeadlineKind::SlipNotPassed;
            vec![Running { kind, book_no, document, part: 0, since: known, term }]
        }
        (DocumentState::Passed, Some(posted)) if runs(DeadlineKind::BatchNotDeclared) => {
            let kind = DeadlineKind::BatchNotDeclared;
            vec![Running { kind, book_no, document, part: 0, since: on(posted), term: Term::Batch { known } }]
        }
        _ => Vec::new(),
    }
}

/// A permit runs until it is closed, as it must be when it ends (`domain.md` 3.0).
fn of_permit(document: &DocumentNo, permit: &Permit, on: &dyn Fn(Instant) -> Date) -> Vec<Running> {
    let known = on(permit.filed_time);
    let of = |kind, since, term| Running {
        kind,
        book_no: permit.book_no.clone(),
        document: document.clone(),
        part: 0,
        since,
        term,
    };
    if permit.state == DocumentState::Closed {
        return Vec::new();
    }
    let mut all = vec![of(DeadlineKind::PermitExpiry, known, Term::On(permit.valid_until))];
    // A batch that left has a deadline of its own.
    let out = permit.keeps_goods_on_form() && permit.anything_out();
    if let (true, Some(since)) = (out, permit.out_since) {
        let until = permit.valid_until;
        let term = match permit.kind.rule().out_for {
            Some(parameter) => Term::DaysWithin { parameter, known, more: permit.days_more, until },
            None => Term::On(until),
        };
        all.push(of(DeadlineKind::TemporaryExit, on(since), term));
    }
    all
}

fn of_book(book: &Book, on: &dyn Fn(Instant) -> Date) -> Vec<Running> {
    if book.cancelled.is_some() {
        return Vec::new();
    }
    let known = on(book.filed_time);
    let of = |kind, since, term| Running {
        kind,
        book_no: book.book_no.clone(),
        document: (&book.book_no).into(),
        part: 0,
        since,
        term,
    };
    let mut all = vec![of(DeadlineKind::BookExpiry, known, Term::On(book.valid_until))];
    if book.kind == BookKind::Processing {
        // Each cycle has the days in force when it began.
        let since = book.verified_time.map_or(known, on);
        let term = Term::Days { parameter: Parameter::VerificationDays, known: since };
        all.push(of(DeadlineKind::VerificationCycle, since, term));
    }
    all
}

fn of_lease(document: &DocumentNo, lease: &Lease) -> Vec<Running> {
    if lease.state != DocumentState::Open {
        return Vec::new();
    }
    let of = |kind, part, since, until| Running {
        kind,
        book_no: lease.book_no.clone(),
        document: document.clone(),
        part,
        since,
        term: Term::On(until),
    };
    let undeclared = lease.rents.iter().filter(|rent| rent.declared.is_none());
    let rents = undeclared.filter_map(|rent| {
        Some(of(DeadlineKind::LeaseRent, rent.filed.number, rent.filed.paid_on, rent.declare_by?))
    });
    let end = lease.close_by.map(|until| of(DeadlineKind::LeaseEnd, 0, lease.end, until));
    rents.chain(end).collect()
}

/// A form runs until it is closed; both ends are told.
fn of_transfer_form(document: DocumentNo, form: &TransferForm, on: &dyn Fn(Instant) -> Date) -> Vec<Running> {
    if form.state == DocumentState::Closed {
        return Vec::new();
    }
    let (kind, since) = (DeadlineKind::TransferFormExpiry, on(form.filed_time));
    let term = Term::On(form.content.valid_until);
    let of = |book_no: &BookNo| {
        let (book_no, document) = (book_no.clone(), document.clone());
        Running { kind, book_no, document, part: 0, since, term }
    };
    vec![of(&form.content.sender.book_no), of(&form.content.receiver.book_no)]
}

/// A difference runs until customs has decided on it: by the day that was set last, or for the days in force when it was
/// recorded.
fn of_difference(
    number: &DifferenceRef,
    difference: &KeptDifference,
    on: &dyn Fn(Instant) -> Date,
) -> Vec<Running> {
    let (true, Some(recorded)) = (difference.state.is_undecided(), difference.assignments.first()) else {
        return Vec::new();
    };
    let known = on(recorded.time);
    let set = difference.assignments.iter().rev().find_map(|assigned| assigned.due);
    let term = set.map_or(Term::Days { parameter: Parameter::DifferenceDays, known }, Term::On);
    vec![Running {
        kind: DeadlineKind::DifferenceUndecided,
        book_no: difference.book_no.clone(),
        document: (&number.difference_no).into(),
        part: number.line,
        since: known,
        term,
    }]
}

/// What is short stands in the place of differences since the list was posted.
fn of_tally(document: DocumentNo, list: &Movement, on: &dyn Fn(Instant) -> Date) -> Option<Running> {
    let since = on(list.posted_time?);
    let term = Term::Days { parameter: Parameter::TallyDecisionDays, known: since };
    let kind = DeadlineKind::TallyNotDecided;
    Some(Running { kind, book_no: list.book_no.clone(), document, part: 0, since, term })
}

/// A disposal runs while customs has something to say of it; an approved destruction while it may be carried out.
fn of_disposal(disposal: &Disposal, on: &dyn Fn(Instant) -> Date) -> Option<Running> {
    let approved = disposal.approvals.last().map(|approval| on(approval.time));
    let within = |since| Term::Days { parameter: Parameter::DisposalDecisionDays, known: since };
    let (kind, since, term) = match disposal.state {
        DocumentState::Filed => {
            let since = on(disposal.filed_time);
            (DeadlineKind::DisposalNotDecided, since, within(since))
        }
        DocumentState::Approved => match disposal.approved_until {
            Some(until) => (DeadlineKind::DestructionNotDone, approved?, Term::On(until)),
            None => (DeadlineKind::DisposalNotDecided, approved?, within(approved?)),
        },
        _ => return None,
    };
    let (book_no, document) = (disposal.filed.book_no.clone(), (&disposal.filed.disposal_no).into());
    Some(Running { kind, book_no, document, part: 0, since, term })
}

/// An adjustment runs until nothing is left to decide on.
fn of_adjustment(adjustment: &Adjustment, on: &dyn Fn(Instant) -> Date) -> Option<Running> {
    if adjustment.state != DocumentState::Filed {
        return None;
    }
    let since = on(adjustment.filed_time);
    let term = Term::Days { parameter: Parameter::AdjustmentDecisionDays, known: since };
    let (book_no, document) = (adjustment.filed.book_no.clone(), (&adjustment.filed.adjustment_no).into());
    Some(Running { kind: DeadlineKind::AdjustmentNotDecided, book_no, document, part: 0, since, term })
}

/// A number of days as a whole number; a part of a day does not count.
#[must_use]
pub fn whole(value: Quantity) -> i64 {
    i64::try_from(value.raw() / Quantity::whole(1).raw()).unwrap_or(0)
}

/// All years of the calendar that were set.
///
/// # Errors
/// The state could not be read.
pub fn calendar(state: &dyn Read) -> Result<Calendar, Fault> {
    let years =
        collect::<Calendars, _>(state, 0, u64::MAX, Order::Forward, usize::MAX, |_, year| Some(year))?;
    Ok(Calendar::new(years.iter().map(|year| &**year)))
}

/// The calendar by which deadlines move on a day; `None` where they are plain days.
///
/// # Errors
/// The state could not be read.
pub fn moving_calendar(state: &dyn Read, on: Date) -> Result<Option<Calendar>, Fault> {
    let moves = whole(query::parameter_on(state, Parameter::DeadlinesMove, on)?) > 0;
    moves.then(|| calendar(state)).transpose()
}

/// Up to which plain day deadlines fall before a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    plain: Date,
    moved: Date,
}

impl Thresholds {
    /// What fell before a day. What moves and falls on a day without work has not fallen while no working day has come
    /// since.
    #[must_use]
    pub fn before(day: Date, calendar: Option<&Calendar>) -> Self {
        let plain = days_after(day, -1);
        Self { plain, moved: calendar.map_or(plain, |calendar| calendar.last_working_day_before(day)) }
    }

    fn passed(&self, key: &DeadlineKey) -> bool {
        key.due <= if key.kind.rule().moves { self.moved } else { self.plain }
    }
}

/// What is overdue and not written down yet, in order, at most so many.
///
/// # Errors
/// The state could not be read.
pub fn overdue_and_running(
    state: &dyn Read,
    thresholds: &Thresholds,
    count_max: usize,
) -> Result<Vec<(DeadlineKey, DeadlineRow)>, Fault> {
    let from = DeadlineKey::from(Standing::Running, Date(i32::MIN));
    let to = DeadlineKey::up_to(Standing::Running, thresholds.plain);
    collect::<Deadlines, _>(state, from, to, Order::Forward, count_max, |key, row| match key {
        Key::Deadline(key) if thresholds.passed(&key) => Some((key, row)),
        _ => None,
    })
}

/// Whether a tick at a time would find something that it does not know yet: never in a migration (`design.md` 6).
///
/// # Errors
/// The state could not be read.
pub fn awaits_tick(state: &dyn Read, now: Instant) -> Result<bool, Fault> {
    let Some(head) = query::head(state)?.filter(|head| !head.in_migration) else { return Ok(false) };
    let today = head.utc_offset.local(now.max(head.ledger_time)).date();
    let calendar = moving_calendar(state, today)?;
    let found = overdue_and_running(state, &Thresholds::before(today, calendar.as_ref()), 1)?;
    Ok(!found.is_empty())
}

/// Whether there is still something to do: of goods in storage, whether some of them are there.
///
/// # Errors
/// The state could not be read.
pub fn is_open(state: &dyn Read, key: &DeadlineKey) -> Result<bool, Fault> {
    if !key.kind.rule().until_gone {
        return Ok(true);
    }
    let Ok(list_no) = ListNo::new(key.document.as_str()) else { return Ok(false) };
    let Some(list) = get::<Movements>(state, list_no)? else { return Ok(false) };
    anything_left(state, &list, key.kind == DeadlineKind::DangerousDwell)
}

/// Whether some of what a list brought is still there: first in, first out within each position, so of what came with
/// the list there is left what is on hand less all that came later. In a book kept by receipt nothing comes later.
fn anything_left(state: &dyn Read, list: &Movement, dangerous: bool) -> Result<bool, Fault> {
    let Some(book) = get::<Books>(state, list.book_no.clone())? else { return Ok(false) };
    let lines = get::<Lines>(state, (list.list_no.clone(), list.content_version))?.unwrap_or_default();
    let posted = list.posted_time.unwrap_or(list.prevd_time);
    let after = query::revision_at(state, Moment::Before(Instant(posted.0.saturating_add(1))))?;
    for line in lines.iter().filter(|line| line.filed.dangerous || !dangerous) {
        let position = PositionKey {
            book_no: list.book_no.clone(),
            mark: list.mark,
            number: line.filed.number,
            lot: line.lot.clone(),
            serial: line.serial.clone(),
            place: Place::stock(book.usage, list.mark),
        };
        let now = query::counters(state, &position, Moment::Now)?;
        let Some(on_hand) = now.on_hand() else { return Ok(true) };
        if !on_hand.declared().is_positive() {
            continue;
        }
        let then = query::counters(state, &position, Moment::After(after))?;
        let later = now.increase_posted.declared().checked_sub(then.increase_posted.declared());
        if later.is_none_or(|later| on_hand.declared() > later) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Which deadlines are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DueFilter {
    /// Of one kind.
    pub kind: Option<DeadlineKind>,
    /// Of books of one zone.
    pub office: Option<OfficeCode>,
    /// Of books of one owner.
    pub party: Option<CustomsNo>,
    /// Of one book.
    pub book_no: Option<BookNo>,
}

/// A deadline as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// Its key in the index.
    pub key: DeadlineKey,
    /// Its row.
    pub row: DeadlineRow,
    /// The last day on which it is kept, by the calendar.
    pub falls_on: Date,
    /// The zone of the book.
    pub office: OfficeCode,
    /// The owner of the book.
    pub party: CustomsNo,
    /// Why customs stops the document, while it does: nobody can go on with it meanwhile.
    pub held: Option<CompactString>,
}

/// Deadlines that fall from a day on to another one, both included, in order of their plain days, from behind `after` on,
/// at most `count_max`.
///
/// # Errors
/// The state could not be read.
pub fn due(
    state: &dyn Read,
    filter: &DueFilter,
    (first, last): (Date, Date),
    after: Option<&DeadlineKey>,
    count_max: usize,
) -> Result<Vec<Deadline>, Fault> {
    let calendar = moving_calendar(state, first)?;
    // What moves to the first day lies before it, after the working day before.
    let from = calendar.as_ref().map_or(first, |calendar| calendar.last_working_day_before(first));
    let range = (after.cloned().unwrap_or_else(|| DeadlineKey::from(Standing::Running, from)), last);
    let within = |deadline: &Deadline| (first..=last).contains(&deadline.falls_on);
    scan(state, filter, calendar.as_ref(), range, after, count_max, &within)
}

/// Deadlines that fell before a day and are still open, written down or not: the written ones first, each in order of
/// their plain days, from behind `after` on, at most `count_max`. What ended since is not among them.
///
/// # Errors
/// The state could not be read.
pub fn overdue(
    state: &dyn Read,
    filter: &DueFilter,
    as_of: Date,
    after: Option<&DeadlineKey>,
    count_max: usize,
) -> Result<Vec<Deadline>, Fault> {
    let calendar = moving_calendar(state, as_of)?;
    let thresholds = Thresholds::before(as_of, calendar.as_ref());
    let passed = |deadline: &Deadline| thresholds.passed(&deadline.key);
    let last = thresholds.plain;
    let lowest = |standing| DeadlineKey::from(standing, Date(i32::MIN));
    let begins = after.cloned().unwrap_or_else(|| lowest(Standing::Overdue));
    let mut found = Vec::new();
    if begins.standing == Standing::Overdue {
        found = scan(state, filter, calendar.as_ref(), (begins, last), after, count_max, &passed)?;
    }
    if found.len() < count_max {
        let from = after.filter(|after| after.standing == Standing::Running);
        let range = (from.cloned().unwrap_or_else(|| lowest(Standing::Running)), last);
        let left = count_max - found.len();
        found.extend(scan(state, filter, calendar.as_ref(), range, from, left, &passed)?);
    }
    Ok(found)
}

fn scan(
    state: &dyn Read,
    filter: &DueFilter,
    calendar: Option<&Calendar>,
    (from, last): (DeadlineKey, Date),
    after: Option<&DeadlineKey>,
    count_max: usize,
    wanted: &dyn Fn(&Deadline) -> bool,
) -> Result<Vec<Deadline>, Fault> {
    let to = DeadlineKey::up_to(from.standing, last);
    let mut books: BTreeMap<BookNo, Option<Arc<Book>>> = BTreeMap::new();
    let mut found = Vec::new();
    let mut fault = None;
    if from > to || count_max == 0 {
        return Ok(found);
    }
    let mut visit = |key: Key, row: Row| {
        let (Key::Deadline(key), Row::Deadline(row)) = (key, row) else { return Visit::Continue(()) };
        if after == Some(&key) || !fits(filter, &key) {
            return Visit::Continue(());
        }
        match shown(state, filter, calendar, &mut books, key, row) {
            Ok(Some(deadline)) if wanted(&deadline) => match is_open(state, &deadline.key) {
                Ok(true) => found.push(deadline),
                Ok(false) => {}
                Err(error) => fault = Some(error),
            },
            Ok(_) => {}
            Err(error) => fault = Some(error),
        }
        if fault.is_some() || found.len() >= count_max { Visit::Break(()) } else { Visit::Continue(()) }
    };
    state.scan(&Key::Deadline(from), &Key::Deadline(to), Order::Forward, &mut visit)?;
    fault.map_or(Ok(found), Err)
}

fn fits(filter: &DueFilter, key: &DeadlineKey) -> bool {
    filter.kind.is_none_or(|kind| kind == key.kind)
        && filter.book_no.as_ref().is_none_or(|book_no| *book_no == key.book_no)
}

fn shown(
    state: &dyn Read,
    filter: &DueFilter,
    calendar: Option<&Calendar>,
    books: &mut BTreeMap<BookNo, Option<Arc<Book>>>,
    key: DeadlineKey,
    row: DeadlineRow,
) -> Result<Option<Deadline>, Fault> {
    let book = match books.get(&key.book_no) {
        Some(book) => book.clone(),
        None => {
            let book = get::<Books>(state, key.book_no.clone())?;
            books.insert(key.book_no.clone(), book.clone());
            book
        }
    };
    let Some(book) = book else {
        return Err(Fault(format!("deadline {} {} of a book that is not there", key.kind, key.document)));
    };
    let wanted = filter.office.as_ref().is_none_or(|office| *office == book.office)
        && filter.party.as_ref().is_none_or(|party| *party == book.owner);
    if !wanted {
        return Ok(None);
    }
    let (falls_on, held) = (key.falls_on(calendar), held(state, &key)?);
    let (office, party) = (book.office.clone(), book.owner.clone());
    Ok(Some(Deadline { key, row, falls_on, office, party, held }))
}

/// Why customs stops the document of a deadline.
fn held(state: &dyn Read, key: &DeadlineKey) -> Result<Option<CompactString>, Fault> {
    Ok(match key.kind.rule().stopped {
        None => None,
        Some(Stopped::List) => match ListNo::new(key.document.as_str()) {
            Ok(list_no) => {
                get::<Movements>(state, list_no)?.and_then(|list| list.held().map(CompactString::new))
            }
            Err(_) => None,
        },
        Some(Stopped::Document(kind)) => {
            let hold = get::<DocumentHolds>(state, (kind, key.document.clone()))?;
            hold.and_then(|hold| hold.held.clone())
        }
    })
}

/// What a tick wrote down, under its revision and its place in that tick.
pub type NumberedRecord = ((Revision, u32), Arc<OverdueRecord>);

/// What ticks wrote down, in order, from behind `after` on, at most `count_max`.
///
/// # Errors
/// The state could not be read.
pub fn overdue_records(
    state: &dyn Read,
    after: Option<(Revision, u32)>,
    count_max: usize,
) -> Result<Vec<NumberedRecord>, Fault> {
    let from = after.unwrap_or((Revision(0), 0));
    let to = (Revision(u64::MAX), u32::MAX);
    collect::<OverdueRecords, _>(state, from, to, Order::Forward, count_max, |key, row| match key {
        Key::OverdueRecord(key) if after != Some(key) => Some((key, row)),
        _ => None,
    })
}

/// The days of a return of electronic commerce (`domain.md` 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReturnWindow {
    /// The day on which the parcel was delivered.
    pub delivered: Date,
    /// The last day to apply; `None` if no day is set.
    pub apply_by: Option<Date>,
    /// The last day on which what comes back has arrived; `None` if no day is set.
    pub arrive_by: Option<Date>,
}

/// The days of a return of a parcel, by the days in force when it was delivered; `None` for one that was not.
///
/// It is a right and no duty, so it stands in no index.
///
/// # Errors
/// The state could not be read.
pub fn return_window(state: &dyn Read, parcel_no: &ParcelNo) -> Result<Option<ReturnWindow>, Fault> {
    let parcel = get::<Parcels>(state, parcel_no.clone())?;
    let Some(parcel) = parcel.filter(|parcel| parcel.state == DocumentState::Delivered) else {
        return Ok(None);
    };
    let (Some(ended), Some(head)) = (parcel.ended_time, query::head(state)?) else { return Ok(None) };
    let delivered = head.utc_offset.local(ended).date();
    let by = |parameter| -> Result<Option<Date>, Fault> {
        let days = whole(query::parameter_on(state, parameter, delivered)?);
        Ok((days > 0).then(|| days_after(delivered, days)))
    };
    let (apply_by, arrive_by) = (by(Parameter::ReturnApplyDays)?, by(Parameter::ReturnArriveDays)?);
    Ok(Some(ReturnWindow { delivered, apply_by, arrive_by }))
}
