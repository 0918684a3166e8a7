//! Deadlines, computed from scratch each time over everything that was accepted (`domain.md` 3.1, 3.2.5, 3.4).
//!
//! The model keeps no index. It only remembers when it first saw a document in a state, and what ticks found.

use super::permits::today;
use super::shelf::{Shelf, Status};
use super::{ListCopy, Model, Now, Shown};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use zonebook_ledger::behaviour::BEHAVIOUR_FIRST;
use zonebook_ledger::book::{BookKind, Usage};
use zonebook_ledger::code::PermitNo;
use zonebook_ledger::command::CalendarOrder;
use zonebook_ledger::deadline::DeadlineKind;
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{DisposalKind, LinkedType, PermitFiling, PermitKind};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::parameter::{Parameter, ParameterValue};
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::time::{Date, Instant};

/// An open deadline: last day, kind, book, document, part, first day.
pub type Expected = (Date, DeadlineKind, String, String, u64, Date);

/// Takes a deadline: kind, book, document, part, first day, last day if there is one.
type Add<'a> = &'a mut dyn FnMut(DeadlineKind, &str, &str, u64, Date, Option<Date>);

/// What must be remembered beside the documents.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    /// When a document was first seen in a state.
    first: BTreeMap<(String, DocumentState), Instant>,
    /// Since when something is out under a permit.
    out_since: BTreeMap<PermitNo, Instant>,
    out: BTreeSet<PermitNo>,
    /// The last day of a permit, as it was, and how many days it moved while something was out.
    last_days: BTreeMap<PermitNo, (Date, i128)>,
    /// Days by parameter and the day from which they hold.
    pub(super) terms: BTreeMap<(Parameter, Date), i128>,
    calendar: BTreeMap<u64, CalendarOrder>,
    /// When each revision counts.
    times: Vec<(u64, Instant)>,
    /// Found overdue by a tick.
    pub recorded: BTreeSet<Expected>,
    /// What there was before papers fell due, which does not.
    missed: BTreeSet<Expected>,
    /// Goods that a tick found gone.
    pub gone: BTreeSet<Expected>,
}

fn default_days(parameter: Parameter) -> i128 {
    match parameter.code() {
        "LIST_POST_DAYS"
        | "SUSPENSE_DAYS"
        | "SLIP_PASS_DAYS"
        | "TRANSIT_DAYS"
        | "PARCEL_LIST_DAYS"
        | "TALLY_DECISION_DAYS" => 14,
        "BATCH_PERIOD_MONTHS" | "BATCH_AFTER_MONTHS" | "BATCH_WITHIN_YEAR" => 1,
        "DISPLAY_DAYS" => 180,
        "EQUIPMENT_DAYS" => 60,
        "STORAGE_DAYS_Z" => 730,
        "DANGEROUS_DAYS" => 10,
        "VERIFICATION_DAYS" | "RETURN_DAYS" => 365,
        "LEASE_RENT_DAYS" => 15,
        "LEASE_END_DAYS" | "DIFFERENCE_DAYS" | "DISPOSAL_DECISION_DAYS" | "ADJUSTMENT_DECISION_DAYS" => 30,
        _ => 0,
    }
}

fn later(day: Date, days: i128) -> Date {
    Date(day.0 + i32::try_from(days).unwrap())
}

fn month(day: Date) -> u32 {
    day.civil().1
}

/// Day by day to the last one of its month.
fn month_end(mut day: Date) -> Date {
    while month(later(day, 1)) == month(day) {
        day = later(day, 1);
    }
    day
}

fn on(time: Instant) -> Date {
    Model::zone_clock().local(time).date()
}

/// What falls due since the second behaviour only.
const PAPERS: [DeadlineKind; 4] = [
    DeadlineKind::ReturnNotBack,
    DeadlineKind::DestructionNotDone,
    DeadlineKind::DisposalNotDecided,
    DeadlineKind::AdjustmentNotDecided,
];

impl Watch {
    fn days(&self, parameter: Parameter, day: Date) -> i128 {
        let set = self.terms.range((parameter, Date(i32::MIN))..=(parameter, day)).next_back();
        set.map_or(default_days(parameter), |(_, days)| *days)
    }

    fn seen(&self, number: &str, state: DocumentState) -> Option<Date> {
        self.first.get(&(number.to_owned(), state)).copied().map(on)
    }

    fn falls_on(&self, expected: &Expected, now: Date) -> Date {
        use DeadlineKind::{
            BatchNotDeclared, DifferenceUndecided, LeaseEnd, LeaseRent, ListNotPosted, ParcelNotListed,
            SuspenseNotDeclared, VerificationCycle,
        };
        let filings = [
            ListNotPosted,
            SuspenseNotDeclared,
            BatchNotDeclared,
            VerificationCycle,
            ParcelNotListed,
            LeaseRent,
            LeaseEnd,
            DifferenceUndecided,
        ];
        let mut day = expected.0;
        if self.days(Parameter::DeadlinesMove, now) > 0 && filings.contains(&expected.1) {
            while !self.is_worked(day) {
                day = later(day, 1);
            }
        }
        day
    }

    fn is_worked(&self, day: Date) -> bool {
        // 2026-06-06 was a Saturday.
        let saturday = Date::from_civil(2026, 6, 6).unwrap();
        let weekend = (day.0 - saturday.0).rem_euclid(7) < 2;
        match self.calendar.get(&u64::try_from(day.civil().0).unwrap()) {
            Some(year) if year.holidays.contains(&day) => false,
            Some(year) if year.working_days.contains(&day) => true,
            _ => !weekend,
        }
    }

    fn batch_due(&self, left: Date, known: Date) -> Option<Date> {
        let period = u32::try_from(self.days(Parameter::BatchPeriodMonths, known)).unwrap().min(12);
        if period == 0 {
            return None;
        }
        let mut due = month_end(left);
        while !month(due).is_multiple_of(period) && month(due) != 12 {
            due = month_end(later(due, 1));
        }
        for _ in 0..self.days(Parameter::BatchAfterMonths, known) {
            due = month_end(later(due, 1));
        }
        let due = later(due, self.days(Parameter::BatchGraceDays, known));
        let year_end = Date::from_civil(i32::try_from(left.civil().0).unwrap(), 12, 31).unwrap();
        Some(if self.days(Parameter::BatchWithinYear, known) > 0 { due.min(year_end) } else { due })
    }
}

impl Model {
    /// Notes what a command changed. Called after each one that took a revision.
    pub(super) fn watch(&mut self) {
        self.shelf.times.push(self.ledger_time);
        let (now, shelf) = (self.ledger_time, &self.shelf);
        let watch = &mut self.watch;
        watch.times.push((self.past.len() as u64, now));
        let states = shelf.slips.iter().map(|slip| (slip.filing.slip_no.to_string(), slip.state));
        let states = states
            .chain(shelf.parcels.iter().map(|copy| (copy.parcel.parcel_no.to_string(), copy.state)))
            .chain(shelf.passes.iter().map(|pass| (pass.filing.pass_no.to_string(), pass.state)))
            .chain(
                shelf.permits.iter().map(|permit| (permit.filing.permit_no.to_string(), DocumentState::Open)),
            )
            .chain(shelf.books.iter().map(|book| (book.filing.book_no.to_string(), DocumentState::Filed)));
        let mut left = BTreeSet::new();
        for (number, state) in states {
            if let Entry::Vacant(unseen) = watch.first.entry((number.clone(), state)) {
                unseen.insert(now);
                let slip = shelf.slip(&number).filter(|slip| slip.filing.direction == Direction::Out);
                if let (DocumentState::Passed, Some(slip)) = (state, slip) {
                    left.insert(slip.filing.permit_no.clone());
                }
            }
        }
        for copy in &shelf.permits {
            let (permit, until) = (&copy.filing.permit_no, copy.filing.valid_until);
            let (before, more) = watch.last_days.get(permit).copied().unwrap_or((until, 0));
            let longer = if watch.out.contains(permit) { i128::from((until.0 - before.0).max(0)) } else { 0 };
            watch.last_days.insert(permit.clone(), (until, more + longer));
        }
        for permit in left.difference(&watch.out.clone()) {
            watch.out_since.insert(permit.clone(), now);
            watch.last_days.entry(permit.clone()).and_modify(|(_, more)| *more = 0);
        }
        let permits = shelf.permits.iter().map(|copy| &copy.filing);
        let is_out = |permit: &&PermitFiling| shelf.is_out(permit);
        watch.out = permits.filter(is_out).map(|permit| permit.permit_no.clone()).collect();
        if self.shelf.behaviour == BEHAVIOUR_FIRST {
            let missed = self.expected().into_iter().filter(|expected| PAPERS.contains(&expected.1));
            self.watch.missed.extend(missed.collect::<Vec<_>>());
        }
        let open: BTreeSet<Expected> = self.expected().into_iter().collect();
        self.watch.recorded.retain(|expected| open.contains(expected));
        self.watch.gone.retain(|expected| open.contains(expected));
    }
    pub(super) fn set_calendar(&mut self, order: &CalendarOrder) -> Result<Shown, Reason> {
        if order.holidays.len().max(order.working_days.len()) > 366 {
            return Err(Reason::TooLarge);
        }
        let year = i64::try_from(order.year).unwrap();
        if !(1..=9999).contains(&year) {
            return Err(Reason::InvalidField);
        }
        let mut seen = BTreeSet::new();
        for (day, is_worked) in order
            .holidays
            .iter()
            .map(|day| (day, false))
            .chain(order.working_days.iter().map(|day| (day, true)))
        {
            let weekend = !Watch::default().is_worked(*day);
            if day.civil().0 != year || (is_worked && !weekend) {
                return Err(Reason::InvalidField);
            }
            if !seen.insert(*day) {
                return Err(Reason::NamedTwice);
            }
        }
        self.watch.calendar.insert(order.year, order.clone());
        Ok(Shown::default())
    }

    /// The tick.
    pub(super) fn record_overdue(&mut self, now: Now) -> Result<Shown, Reason> {
        if self.in_migration {
            return Err(Reason::MigrationUnderWay);
        }
        let mut shown = Shown::default();
        for expected in self.expected() {
            let open = !self.watch.recorded.contains(&expected) && !self.watch.gone.contains(&expected);
            if !open || self.watch.falls_on(&expected, today(now)) >= today(now) {
                continue;
            }
            let dangerous = expected.1 == DeadlineKind::DangerousDwell;
            if (dangerous || expected.1 == DeadlineKind::StorageLimit)
                && !self.some_left(&expected.3, dangerous)
            {
                self.watch.gone.insert(expected);
                continue;
            }
            shown.changed.insert(expected.3.clone(), DocumentState::Overdue);
            self.watch.recorded.insert(expected);
        }
        Ok(shown)
    }

    /// First in, first out: some of what a list brought is there while more is there than came after it.
    fn some_left(&self, number: &str, dangerous: bool) -> bool {
        let list = self.shelf.list(number).unwrap();
        let book = self.shelf.book(list.content.book_no.as_str()).unwrap();
        let posted = list.posted_time.unwrap();
        let until =
            self.watch.times.iter().filter(|(_, time)| *time <= posted).map(|(revision, _)| *revision);
        let until = until.max().unwrap();
        list.content.lines.iter().filter(|line| line.dangerous || !dangerous).any(|line| {
            let row = book.row(list.content.mark, line.number);
            let goods = list.content.mark == Mark::Goods;
            let at = |transfer: &&super::shelf::Transfer| {
                transfer.document == number
                    && transfer.to.number == line.number
                    && transfer.to.place == if goods { Place::Zone } else { transfer.to.place }
                    && matches!(transfer.status, Status::Posted(_))
            };
            let position: Option<PositionKey> =
                self.shelf.transfers.iter().find(at).map(|transfer| transfer.to.clone());
            let Some(position) = position.filter(|_| row.is_some()) else { return false };
            let (now, then) = (self.shelf.figures(&position), self.shelf.figures_after(&position, until));
            now.on_hand()[0] > now.increase_posted[0] - then.increase_posted[0]
        })
    }

    /// Every open deadline, in order, those too whose goods are gone.
    pub fn expected(&self) -> Vec<Expected> {
        let mut all = Vec::new();
        let mut add = |kind, book: &str, document: &str, part, since, due: Option<Date>| {
            all.extend(due.map(|due| (due, kind, book.to_owned(), document.to_owned(), part, since)));
        };
        self.of_lists(&mut add);
        self.of_papers(&mut add);
        self.of_bills(&mut add);
        for lease in self.shelf.leases.iter().filter(|lease| lease.state == DocumentState::Open) {
            let book = lease.contract.book_no.as_str();
            for (rent, agreed, _) in lease.rents.iter().filter(|(.., declared)| !declared) {
                let due = self.after(rent.paid_on, Parameter::LeaseRentDays, *agreed);
                add(DeadlineKind::LeaseRent, book, &lease.lease_no, rent.number, rent.paid_on, due);
            }
            let end = lease.contract.end;
            let due = self.after(end, Parameter::LeaseEndDays, lease.end_agreed);
            add(DeadlineKind::LeaseEnd, book, &lease.lease_no, 0, end, due);
        }
        for copy in self.shelf.differences.iter().filter(|copy| copy.is_undecided()) {
            let known = on(copy.recorded);
            let due = copy.due.or_else(|| self.after(known, Parameter::DifferenceDays, known));
            let (book, number) = (copy.book_no.as_str(), copy.key.0.as_str());
            add(DeadlineKind::DifferenceUndecided, book, number, copy.key.1, known, due);
        }
        self.of_decisions(&mut add);
        all.retain(|expected| !self.watch.missed.contains(expected));
        all.sort();
        all
    }

    /// What customs has to decide on, and what may be destroyed for some days yet.
    fn of_decisions(&self, add: Add<'_>) {
        for copy in &self.shelf.disposals {
            let (book, number) = (copy.filing.book_no.as_str(), copy.filing.disposal_no.as_str());
            let since = match (copy.state, copy.approved) {
                (DocumentState::Filed, _) => copy.filed_on,
                (DocumentState::Approved, Some((day, until))) => {
                    if copy.filing.kind == DisposalKind::Destruction {
                        add(DeadlineKind::DestructionNotDone, book, number, 0, day, Some(until));
                        continue;
                    }
                    day
                }
                _ => continue,
            };
            let due = self.after(since, Parameter::DisposalDecisionDays, since);
            add(DeadlineKind::DisposalNotDecided, book, number, 0, since, due);
        }
        for copy in self.shelf.adjustments.iter().filter(|copy| copy.state == DocumentState::Filed) {
            let (book, number) = (copy.filing.book_no.as_str(), copy.filing.adjustment_no.as_str());
            let due = self.after(copy.filed_on, Parameter::AdjustmentDecisionDays, copy.filed_on);
            add(DeadlineKind::AdjustmentNotDecided, book, number, 0, copy.filed_on, due);
        }
    }

    fn after(&self, since: Date, parameter: Parameter, known: Date) -> Option<Date> {
        let days = self.watch.days(parameter, known);
        (days > 0).then(|| later(since, days))
    }

    fn of_lists(&self, add: Add<'_>) {
        for list in &self.shelf.lists {
            let (book, number) = (list.content.book_no.as_str(), list.content.list_no.as_str());
            let known = on(list.prevd_time);
            let due = |since, parameter| self.after(since, parameter, known);
            match list.state {
                DocumentState::PrePosted => {
                    add(
                        DeadlineKind::ListNotPosted,
                        book,
                        number,
                        0,
                        known,
                        due(known, Parameter::ListPostDays),
                    );
                    let returns = self.shelf.is_return(&list.content);
                    let original = list.content.related_list.as_ref().filter(|_| returns);
                    if let Some(original) = original {
                        let since = on(self.shelf.list(original.as_str()).unwrap().posted_time.unwrap());
                        add(
                            DeadlineKind::ReturnNotBack,
                            book,
                            number,
                            0,
                            since,
                            due(since, Parameter::ReturnDays),
                        );
                    }
                }
                DocumentState::InTransit => {
                    let since = list.gate_time.map_or(known, |time| time.date());
                    add(DeadlineKind::Transit, book, number, 0, since, due(since, Parameter::TransitDays));
                }
                DocumentState::Posted | DocumentState::Verified => self.of_goods(list, known, add),
                _ => {}
            }
        }
    }

    fn of_goods(&self, list: &ListCopy, known: Date, add: Add<'_>) {
        let Some(posted) = list.posted_time.map(on).filter(|_| list.content.direction == Direction::In)
        else {
            return;
        };
        let (book, number) = (list.content.book_no.as_str(), list.content.list_no.as_str());
        let filing = &self.shelf.book(book).unwrap().filing;
        if filing.kind == BookKind::Logistics && matches!(filing.usage, Usage::Store | Usage::ECommerce) {
            // As long as the kind that the zone was of on the day they came in says.
            let kind = self.shelf.kind_of_zone(&filing.office, posted).unwrap();
            let days = Parameter::from_code(&format!("STORAGE_DAYS_{kind}")).unwrap();
            let due = self.after(posted, days, known);
            add(DeadlineKind::StorageLimit, book, number, 0, posted, due);
        }
        if list.content.lines.iter().any(|line| line.dangerous) {
            let due = self.after(posted, Parameter::DangerousDays, known);
            add(DeadlineKind::DangerousDwell, book, number, 0, posted, due);
        }
    }

    fn of_papers(&self, add: Add<'_>) {
        let watch = &self.watch;
        for slip in &self.shelf.slips {
            let number = slip.filing.slip_no.as_str();
            let permit = self.shelf.permit(&slip.filing.permit_no).unwrap();
            let book = permit.book_no.as_str();
            let Some(known) = watch.seen(number, DocumentState::Approved) else { continue };
            let shipped = matches!(permit.kind, PermitKind::BatchedDelivery | PermitKind::GeneralTaxpayer);
            let batch = shipped && slip.filing.direction == Direction::Out;
            if slip.state == DocumentState::Approved {
                let due = self.after(known, Parameter::SlipPassDays, known);
                add(DeadlineKind::SlipNotPassed, book, number, 0, known, due);
            } else if slip.state == DocumentState::Passed && batch {
                let Some(left) = watch.seen(number, DocumentState::Passed) else { continue };
                add(DeadlineKind::BatchNotDeclared, book, number, 0, left, watch.batch_due(left, known));
            }
        }
        for form in self.shelf.forms.iter().filter(|form| !form.closed) {
            let (since, content) = (on(form.filed), &form.content);
            for end in [&content.sender, &content.receiver] {
                let (book, number) = (end.book_no.as_str(), content.form_no.as_str());
                add(DeadlineKind::TransferFormExpiry, book, number, 0, since, Some(content.valid_until));
            }
        }
        for permit in self.shelf.permits.iter().filter(|permit| !permit.closed) {
            self.of_permit(&permit.filing, add);
        }
        for copy in self.shelf.parcels.iter().filter(|copy| copy.state == DocumentState::Reserved) {
            let number = copy.parcel.parcel_no.as_str();
            let Some(since) = watch.seen(number, DocumentState::Reserved) else { continue };
            let due = self.after(since, Parameter::ParcelListDays, since);
            add(DeadlineKind::ParcelNotListed, copy.parcel.book_no.as_str(), number, 0, since, due);
        }
        for missing in self.shelf.missing.iter().filter(|missing| missing.is_open()) {
            let tally = self.shelf.tallies.iter().find(|tally| tally.tally_no == missing.tally_no).unwrap();
            let list = self.shelf.list(tally.list_no.as_str()).unwrap();
            let since = on(list.posted_time.unwrap());
            let due = self.after(since, Parameter::TallyDecisionDays, since);
            let book = list.content.book_no.as_str();
            add(DeadlineKind::TallyNotDecided, book, tally.tally_no.as_str(), 0, since, due);
        }
        for book in &self.shelf.books {
            let number = book.filing.book_no.as_str();
            let Some(filed) = watch.seen(number, DocumentState::Filed) else { continue };
            add(DeadlineKind::BookExpiry, number, number, 0, filed, Some(book.filing.valid_until));
            if book.filing.kind == BookKind::Processing {
                let verified = self.shelf.verifications.iter();
                let of_book = verified.filter(|(number, ..)| *number == book.filing.book_no);
                let closed = self.shelf.last_closed(&book.filing.book_no).and_then(|period| period.closed);
                let since = of_book.map(|(.., when)| *when).chain(closed).max().map_or(filed, on);
                let due = self.after(since, Parameter::VerificationDays, since);
                add(DeadlineKind::VerificationCycle, number, number, 0, since, due);
            }
        }
    }

    fn of_permit(&self, permit: &PermitFiling, add: Add<'_>) {
        let (number, book) = (permit.permit_no.as_str(), permit.book_no.as_str());
        let Some(known) = self.watch.seen(number, DocumentState::Open) else { return };
        let shipped = matches!(permit.kind, PermitKind::BatchedDelivery | PermitKind::GeneralTaxpayer);
        let out = self.shelf.is_out(permit) && !shipped && permit.kind != PermitKind::SimpleProcessing;
        add(DeadlineKind::PermitExpiry, book, number, 0, known, Some(permit.valid_until));
        if let Some(since) = self.watch.out_since.get(&permit.permit_no).filter(|_| out) {
            let since = on(*since);
            let parameter = match permit.kind {
                PermitKind::Display => Some(Parameter::DisplayDays),
                PermitKind::OutsourcedProcessing => Some(Parameter::OutsourcedDays),
                PermitKind::Other => None,
                _ => Some(Parameter::EquipmentDays),
            };
            let more = self.watch.last_days.get(&permit.permit_no).map_or(0, |(_, more)| *more);
            let due = parameter
                .and_then(|parameter| self.after(since, parameter, known))
                .map(|due| later(due, more))
                .map_or(permit.valid_until, |due| due.min(permit.valid_until));
            add(DeadlineKind::TemporaryExit, book, number, 0, since, Some(due));
        }
    }

    fn of_bills(&self, add: Add<'_>) {
        let mut bills = BTreeMap::new();
        for pass in &self.shelf.passes {
            if pass.filing.linked_type != LinkedType::Bill || pass.state != DocumentState::Passed {
                continue;
            }
            let (Some(book), Some(bill)) = (&pass.filing.book_no, pass.filing.linked.first()) else {
                continue;
            };
            let Some(since) = self.watch.seen(pass.filing.pass_no.as_str(), DocumentState::Passed) else {
                continue;
            };
            for (line, item) in pass.filing.lines.iter().zip(&pass.items) {
                let key = (book.to_string(), bill.to_string(), *item);
                let (entered, first) = bills.entry(key).or_insert((0, since));
                *entered += line.declared.raw();
                *first = since.min(*first);
            }
        }
        for ((book, bill, item), (entered, since)) in bills {
            let claims = self.shelf.lists.iter().filter(|list| {
                list.content.kind == "3"
                    && !list.is_gone()
                    && list.content.book_no.as_str() == book
                    && list.content.bill_no.as_ref().is_some_and(|number| number.as_str() == bill)
            });
            let lines = claims.flat_map(|list| &list.content.lines).filter(|line| line.number == item);
            if lines.map(|line| line.declared.raw()).sum::<i128>() < entered {
                let due = self.after(since, Parameter::SuspenseDays, since);
                add(DeadlineKind::SuspenseNotDeclared, &book, &bill, item, since, due);
            }
        }
    }
}

impl Shelf {
    fn is_out(&self, permit: &PermitFiling) -> bool {
        permit.lines.iter().any(|line| self.out_on_form(&permit.permit_no, (line.mark, line.number)) > 0)
    }
}
