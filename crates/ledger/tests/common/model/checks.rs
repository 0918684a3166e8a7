//! Why a list is refused (`RULES.md` 5.2 to 5.4 and 5.7, 7.2, 8.6, 3.7), and what its lines move (5.5).

use super::shelf::{Row, Shelf, named_twice, stock_place};
use super::{Model, Now};
use std::collections::BTreeMap;
use zonebook_ledger::book::{BookingMode, Usage};
use zonebook_ledger::code::ListNo;
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{DeclarationType, List, ListLine, PermitKind};
use zonebook_ledger::item::Units;
use zonebook_ledger::limits::LINES_MAX;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::standing::TallyResult;

/// From where to where, and how much.
pub(super) type Leg = (PositionKey, PositionKey, [i128; 4]);

impl Shelf {
    /// 5.7
    pub(super) fn may_amend(&self, list_no: &ListNo, change_no: Option<u64>) -> Result<(), Reason> {
        let list = self.list(list_no.as_str()).ok_or(Reason::DocumentUnknown)?;
        match list.state {
            DocumentState::Withdrawn => return Err(Reason::AlreadyWithdrawn),
            DocumentState::Returned => return Err(Reason::AlreadyReturned),
            DocumentState::Verified => return Err(Reason::PeriodVerified),
            DocumentState::Posted | DocumentState::InTransit => return Err(Reason::AlreadyPosted),
            _ => {}
        }
        let partner = list.partner.as_ref().and_then(|partner| self.list(partner.as_str()));
        if partner.is_some_and(|partner| partner.state == DocumentState::InTransit) {
            return Err(Reason::AlreadyPosted);
        }
        list.may_go_on()?;
        if list.release_time.is_some() || list.let_go() {
            return Err(Reason::AlreadyReleased);
        }
        if list.gate_forced {
            return Err(Reason::ListOnPass);
        }
        let names_it = |number: &str| number == list_no.as_str();
        if self.passes.iter().any(|pass| pass.carries_lists(names_it)) {
            return Err(Reason::ListOnPass);
        }
        if list.partner.is_some() && list.content.direction == Direction::In {
            return Err(Reason::ListPaired);
        }
        match change_no {
            Some(number) if number != list.version + 1 => Err(Reason::ChangeCountMismatch),
            _ => Ok(()),
        }
    }

    /// 5.2 to 5.4: header, lines, the rules of the kind, stock. Gives the other list of a transfer between books, and
    /// what is overdrawn.
    pub(super) fn check(&self, list: &List, now: Now) -> Result<(Option<ListNo>, Vec<PositionKey>), Reason> {
        if list.lines.len() > LINES_MAX {
            return Err(Reason::TooLarge);
        }
        if named_twice(list.lines.iter().map(|line| line.line)) {
            return Err(Reason::NamedTwice);
        }
        self.check_header(list, now)?;
        for line in &list.lines {
            self.check_line(list, line, now)?;
        }
        self.check_exchange(list)?;
        self.check_outsourced(list)?;
        self.check_direct_exit(list, now)?;
        let lines: Vec<u64> = list.lines.iter().map(|line| line.line).collect();
        self.may_name(list.book_no.as_str(), &list.lots, &self.sources(list), &lines)?;
        let partner = self.check_transfer(list)?;
        self.check_bill(list)?;
        match list.kind.as_str() {
            "1" => self.check_slips(list)?,
            "4" => self.check_processing(list, now)?,
            "5" => self.check_sale(list)?,
            "8" => self.check_parcels(list)?,
            _ if self.direct_exit_of(list).is_some() => self.check_exit_quota(list)?,
            _ => {
                self.check_return(list, now)?;
                self.taken_of_form(list, now)?;
            }
        }
        let allowed = |position: &PositionKey| self.may_overdraw(list, position, now);
        let legs = list.lines.iter().flat_map(|line| self.legs(list, line));
        Ok((partner, stock_test_with(self, legs, allowed)?))
    }

    /// 5.2
    fn check_header(&self, list: &List, now: Now) -> Result<(), Reason> {
        let book = self.free_book(list.book_no.as_str())?;
        if book.filing.usage == Usage::NonBonded {
            return Err(Reason::NonBondedBook);
        }
        if list.owner != book.filing.owner {
            return Err(Reason::BookOwnerMismatch);
        }
        let today = Model::zone_clock().local(now.ledger_time).date();
        let last_day = book.filing.valid_until;
        if list.declared_at.date() > last_day || (now.live && today > last_day) {
            return Err(Reason::BookExpired);
        }
        if book.stops.stops(list.direction) {
            return Err(Reason::BookPaused);
        }
        let related = list.declaration_type == Some(DeclarationType::Related);
        if list.declared && related && !list.related_company_complete {
            return Err(Reason::RelatedCompanyMissing);
        }
        match (list.kind.as_str(), list.direction) {
            ("0" | "6", _) | ("3", Direction::In) | ("1" | "4" | "5" | "8", Direction::Out) => Ok(()),
            ("9", _) if self.is_taxpayer_sale(list) => Ok(()),
            _ => Err(Reason::ListKindUnknown),
        }
    }

    /// 4.6; items of storage books are of kind `I`.
    pub(super) fn opens_rows(&self, list: &List) -> bool {
        let by_receipt = self
            .book(list.book_no.as_str())
            .is_some_and(|book| book.filing.booking_mode == BookingMode::RowPerReceipt);
        let inward = list.direction == Direction::In && list.mark == Mark::Goods;
        by_receipt && inward && !self.is_lease(list)
    }

    fn row_of(&self, list: &List, line: &ListLine) -> Option<&Row> {
        self.book(list.book_no.as_str())?.row(list.mark, line.number)
    }

    /// The row that a line of an accepted list opened.
    fn row_opened(&self, list: &List, line: &ListLine) -> Option<&Row> {
        let before = self.list(list.list_no.as_str())?;
        let before = before.content.lines.iter().find(|before| before.line == line.line)?;
        self.row_of(list, before)
    }

    /// 5.3
    fn check_line(&self, list: &List, line: &ListLine, now: Now) -> Result<(), Reason> {
        let second = line.statutory2;
        if [Some(line.declared), Some(line.statutory1), second].iter().flatten().any(|given| given.raw() <= 0)
        {
            return Err(Reason::NonPositiveQty);
        }
        if line.net.raw() <= 0 || line.net > line.gross {
            return Err(Reason::NetExceedsGross);
        }
        let row = if self.opens_rows(list) {
            self.row_opened(list, line)
        } else {
            let row = self.row_of(list, line).ok_or(Reason::ItemNotFiled)?;
            if row.tariff != line.tariff_code {
                return Err(Reason::HsMismatch);
            }
            if row.units != line.units {
                return Err(Reason::UnitMismatch);
            }
            Some(row)
        };
        check_quantities(&line.units, line.declared, line.statutory1, line.statutory2)?;
        if row.is_some_and(|row| row.stops.stops(list.direction)) {
            return Err(Reason::ItemPaused);
        }
        if let Some(row) = row.filter(|_| !self.opens_rows(list)) {
            self.check_unit(list, line, row)?;
        }
        self.check_asset(list, line, row)?;
        self.check_version(list, line, now)?;
        // Counters only grow by what a line moves; its value is no guard, but it is a value.
        if line.value_usd.raw() < 0 { Err(Reason::InvalidField) } else { Ok(()) }
    }

    /// Products made outside: the permit is of their book and makes them.
    fn check_outsourced(&self, list: &List) -> Result<(), Reason> {
        if !self.is_outsourced(list) {
            return Ok(());
        }
        let named = list.permit_no.as_ref().and_then(|number| self.permit(number));
        let permit = named.filter(|permit| {
            permit.kind == PermitKind::OutsourcedProcessing && permit.book_no == list.book_no
        });
        let permit = permit.ok_or(Reason::DocumentUnknown)?;
        let makes = |line: &ListLine| {
            permit.lines.iter().any(|made| (made.mark, made.number) == (Mark::Product, line.number))
        };
        if list.lines.iter().all(makes) { Ok(()) } else { Err(Reason::ItemNotFiled) }
    }

    /// Products that replace others: the list named brought as many of each back, for which none went out before.
    fn check_exchange(&self, list: &List) -> Result<(), Reason> {
        let Some(cited) = &list.exchanged_list else { return Ok(()) };
        let sum = |lines: &[ListLine], number: u64| -> i128 {
            lines.iter().filter(|line| line.number == number).map(|line| line.declared.raw()).sum()
        };
        let came_back = self.list(cited.as_str()).filter(|other| {
            let content = &other.content;
            content.book_no == list.book_no
                && (content.direction, content.mark) == (Direction::In, Mark::Product)
                && matches!(content.mode.as_str(), "4400" | "4600")
                && matches!(other.state, DocumentState::Posted | DocumentState::Verified)
        });
        let came_back = came_back.filter(|_| self.is_exchange(list)).ok_or(Reason::ExchangeMismatch)?;
        let covered =
            |line: &ListLine| sum(&list.lines, line.number) <= self.left_to_exchange(came_back, line.number);
        if list.lines.iter().all(covered) { Ok(()) } else { Err(Reason::ExchangeMismatch) }
    }

    /// 7.1 and 7.2
    fn check_transfer(&self, list: &List) -> Result<Option<ListNo>, Reason> {
        if !is_transfer(list) || list.direction == Direction::In {
            return Ok(None);
        }
        let named = list.related_list.as_ref().and_then(|number| self.list(number.as_str()));
        let other = named.ok_or(Reason::TransferMismatch)?;
        let numbers = |list: &List| list.lines.iter().map(|line| line.line).collect::<Vec<_>>();
        let (mut ours, mut theirs) = (numbers(list), numbers(&other.content));
        ours.sort_unstable();
        theirs.sort_unstable();
        let agrees = |line: &ListLine| {
            other.content.lines.iter().any(|their| {
                their.line == line.line
                    && their.declared == line.declared
                    && their.statutory1 == line.statutory1
                    && their.statutory2 == line.statutory2
                    && their.tariff_code == line.tariff_code
                    && their.units.declared == line.units.declared
            })
        };
        if other.content.direction == Direction::In && other.state == DocumentState::PrePosted {
            other.may_go_on()?;
        }
        let office = |list: &List| self.book(list.book_no.as_str()).map(|book| &book.filing.office);
        let form = self.form_named(list).map(|form| &form.content.form_no);
        let fits = form == other.on_form.first().map(|drawn| &drawn.form_no)
            && other.content.direction == Direction::In
            && other.state == DocumentState::PrePosted
            && other.partner.is_none()
            && !(list.kind == "6" && matches!(other.tally, Some((_, TallyResult::Differs))))
            && other.content.kind == list.kind
            && (list.kind != "6" || office(list) == office(&other.content))
            && list.related_book.as_ref() == Some(&other.content.book_no)
            && other.content.related_book.as_ref() == Some(&list.book_no)
            && self.is_trade(list) == self.is_trade(&other.content)
            && (!self.is_trade(list) || list.lines.iter().all(|line| same_asset(line, &other.content)))
            && ours == theirs
            && list.lines.iter().all(agrees);
        if fits { Ok(Some(other.content.list_no.clone())) } else { Err(Reason::TransferMismatch) }
    }

    /// 8.6: what entered on the bill, less what other lists that are not taken back claim.
    fn check_bill(&self, list: &List) -> Result<(), Reason> {
        if list.kind != "3" {
            return Ok(());
        }
        let book = self.book(list.book_no.as_str()).ok_or(Reason::BookUnknown)?;
        if book.filing.booking_mode == BookingMode::RowPerReceipt {
            return Err(Reason::Unsupported);
        }
        let bill = list.bill_no.as_ref().ok_or(Reason::SuspenseExceeded)?;
        let of_item = |lines: &[ListLine], number: u64| -> i128 {
            lines.iter().filter(|line| line.number == number).map(|line| line.declared.raw()).sum()
        };
        for line in &list.lines {
            let claimed: i128 = self
                .lists
                .iter()
                .filter(|other| {
                    other.content.kind == "3"
                        && !other.is_gone()
                        && !self.is_undone(other)
                        && other.content.book_no == list.book_no
                        && other.content.bill_no.as_ref() == Some(bill)
                })
                .map(|other| of_item(&other.content.lines, line.number))
                .sum();
            let entered = self.entered_on_bill(&list.book_no, bill, line.number);
            if claimed + of_item(&list.lines, line.number) > entered {
                return Err(Reason::SuspenseExceeded);
            }
        }
        Ok(())
    }

    /// 5.5: what a line moves from where to where. Value goes with the statutory quantities, as the document says it.
    pub(super) fn legs(&self, list: &List, line: &ListLine) -> Vec<Leg> {
        let row = self.row_of(list, line);
        let tracked = row.and_then(|row| self.unit_of_line(list, line, row).ok());
        let (lot, serial) = tracked.unwrap_or_default();
        let usage = self.book(list.book_no.as_str()).map_or(Usage::Store, |book| book.filing.usage);
        let zone = PositionKey {
            book_no: list.book_no.clone(),
            mark: list.mark,
            number: line.number,
            lot,
            serial,
            place: stock_place(usage, list.mark),
        };
        let second = line.statutory2.map_or(0, Quantity::raw);
        let (declared, first, value) = (line.declared.raw(), line.statutory1.raw(), line.value_usd.raw());
        let outside = zone.at(Place::Outside);
        match (list.kind.as_str(), list.direction) {
            ("3", _) => vec![
                (zone.at(Place::SuspenseIn), zone.clone(), [declared, 0, 0, 0]),
                (outside, zone, [0, first, second, value]),
            ],
            ("8", _) => Vec::new(),
            ("4", _) => vec![(zone.clone(), zone.at(Place::Consumed), [declared, first, second, value])],
            (_, Direction::In) if self.is_lease(list) => {
                vec![(zone.at(Place::LeasedOut), zone, [declared, first, second, value])]
            }
            (_, Direction::In) if self.is_trade(list) => {
                vec![(outside, zone.at(Place::LeasedOut), [declared, first, second, value])]
            }
            (_, Direction::In) => vec![(outside, zone, [declared, first, second, value])],
            (_, Direction::Out) => {
                let to = if goes_through_transit(list) { zone.at(Place::InTransit) } else { outside };
                let to = if self.is_lease(list) { zone.at(Place::LeasedOut) } else { to };
                let from = match list.kind.as_str() {
                    "1" => zone.at(Place::ShippedUndeclared),
                    "5" => zone.at(Place::OutOnForm),
                    _ if self.is_buy_out(list) || self.is_trade(list) => zone.at(Place::LeasedOut),
                    _ if self.leaves_as_product(list) => zone.at(Place::Made),
                    _ => zone,
                };
                let product = (from, to, [declared, first, second, value]);
                std::iter::once(product).chain(self.material_legs(list, line)).collect()
            }
        }
    }
}

/// A line of another list is of the same asset.
fn same_asset(line: &ListLine, other: &List) -> bool {
    other.lines.iter().any(|their| their.line == line.line && their.serial == line.serial)
}

/// By a transport that crosses the border (`domain.md` 5.5).
pub(super) fn is_abroad(list: &List) -> bool {
    ["2", "3", "4", "5", "6", "L", "G"].contains(&list.transport.as_str())
}

/// 7: between two books.
pub(super) fn is_transfer(list: &List) -> bool {
    list.kind == "6" || goes_through_transit(list)
}

/// 7.4: between two zones.
pub(super) fn goes_through_transit(list: &List) -> bool {
    list.kind == "0" && list.related_book.is_some()
}

/// 2.8
pub(super) fn check_quantities(
    units: &Units,
    declared: Quantity,
    first: Quantity,
    second: Option<Quantity>,
) -> Result<(), Reason> {
    if second.is_some() != units.statutory2.is_some() {
        return Err(Reason::SecondQtyMismatch);
    }
    let first_differs = units.statutory1 == units.declared && first != declared;
    let second_differs = units.statutory2.as_ref() == Some(&units.declared) && second != Some(declared);
    if first_differs || second_differs { Err(Reason::StatutoryQtyMismatch) } else { Ok(()) }
}

/// 3.3
pub(super) fn inside(place: Place) -> bool {
    let ours = [Place::Outside, Place::Opening, Place::Consumed, Place::Made];
    let ended = [Place::Destroyed, Place::Lost, Place::Found];
    !ours.contains(&place) && !ended.contains(&place)
}

/// 3.7, over the whole message: first the declared quantity of each position, then the statutory remainders.
pub(super) fn stock_test(shelf: &Shelf, legs: impl Iterator<Item = Leg>) -> Result<(), Reason> {
    stock_test_with(shelf, legs, |_| 0).map(|_| ())
}

/// The same where customs allows to take more than there is: as much more as it says. Gives what is overdrawn.
fn stock_test_with(
    shelf: &Shelf,
    legs: impl Iterator<Item = Leg>,
    allowed: impl Fn(&PositionKey) -> i128,
) -> Result<Vec<PositionKey>, Reason> {
    // Where several fall short, the first of them by key gives the reason, whatever the order of the lines.
    let mut taken: BTreeMap<PositionKey, [i128; 4]> = BTreeMap::new();
    for (from, _, moved) in legs.filter(|(from, ..)| inside(from.place)) {
        let sum = taken.entry(from).or_default();
        sum.iter_mut().zip(moved).for_each(|(sum, moved)| *sum += moved);
    }
    let mut overdrawn = Vec::new();
    for (position, sum) in &taken {
        let there = shelf.figures(position).available()[0];
        let beyond = sum[0] - there.max(0);
        if there < sum[0] && beyond <= allowed(position) {
            overdrawn.push(position.clone());
        } else if there < sum[0] {
            let tracked = position.serial.is_some();
            return Err(if tracked { Reason::SerialNotInPlace } else { Reason::ShortStock });
        }
    }
    for (position, sum) in taken.iter().filter(|(position, _)| position.place != Place::SuspenseIn) {
        let available = shelf.figures(position).available();
        for unit in 1..=2 {
            let left = available[unit] - sum[unit];
            let takes_the_rest = available[0] == sum[0];
            let sound = if available[0] < sum[0] {
                available[unit] <= 0 || left < 0
            } else if shelf.overdrawn.contains(position) && available[unit] <= 0 {
                true
            } else {
                left >= 0 && (available[unit] == 0 || (left == 0) == takes_the_rest)
            };
            if !sound {
                return Err(Reason::StatutoryRemainder);
            }
        }
    }
    Ok(overdrawn)
}
