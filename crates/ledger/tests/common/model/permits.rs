//! Permits and slips, and the lists that answer to them (`RULES.md` 9); verification (13.4).

use super::bom::usage_of_permit;
use super::checks::{Leg, check_quantities, stock_test};
use super::lots::Wishes;
use super::shelf::{Row, Shelf, Status, named_twice};
use super::{Model, Now, Shown};
use std::collections::BTreeMap;
use zonebook_ledger::book::{BookKind, BookingMode, Usage};
use zonebook_ledger::code::PermitNo;
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{
    LeftOutside, List, PermitClosing, PermitFiling, PermitKind, PermitLine, SlipFiling, SlipLine, SlipVoid,
    VerificationFiling,
};
use zonebook_ledger::hold::HeldKind;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::time::Date;

/// An accepted permit.
#[derive(Clone, Debug)]
pub struct PermitCopy {
    /// The content in force.
    pub filing: PermitFiling,
    pub version: u64,
    pub closed: bool,
    /// The day of the first filing.
    pub first_day: Date,
    pub extensions: u64,
    /// What stayed outside when it was closed.
    pub left: Vec<LeftOutside>,
}

/// An accepted slip.
#[derive(Clone, Debug)]
pub struct SlipCopy {
    pub filing: SlipFiling,
    pub state: DocumentState,
    pub version: u64,
    /// What its lines use of materials that are out, line by line: the material and how much.
    pub uses: Vec<Vec<(u64, i128)>>,
    /// What it drew on the guarantee of its permit.
    pub drawn: i128,
}

impl SlipCopy {
    fn is_gone(&self) -> bool {
        self.state == DocumentState::Cancelled
    }
}

/// Permits whose slips are declared later.
pub(super) fn declared_later(kind: PermitKind) -> bool {
    matches!(kind, PermitKind::BatchedDelivery | PermitKind::GeneralTaxpayer)
}

/// Whether a line of a permit is for something that is made under it.
fn is_made(permit: &PermitFiling, line: &PermitLine) -> bool {
    let makes = matches!(permit.kind, PermitKind::OutsourcedProcessing | PermitKind::SimpleProcessing);
    makes && line.mark == Mark::Product
}

fn line_of(permit: &PermitFiling, number: u64) -> Option<&PermitLine> {
    permit.lines.iter().find(|line| line.line == number)
}

impl Shelf {
    pub fn permit(&self, number: &PermitNo) -> Option<&PermitFiling> {
        self.permit_copy(number).map(|copy| &copy.filing)
    }

    pub fn permit_copy(&self, number: &PermitNo) -> Option<&PermitCopy> {
        self.permits.iter().find(|copy| copy.filing.permit_no == *number)
    }

    fn permit_mut(&mut self, number: &PermitNo) -> &mut PermitCopy {
        self.permits.iter_mut().find(|copy| copy.filing.permit_no == *number).unwrap()
    }

    pub fn slip(&self, number: &str) -> Option<&SlipCopy> {
        self.slips.iter().find(|slip| slip.filing.slip_no.as_str() == number)
    }

    pub(super) fn slip_mut(&mut self, number: &str) -> &mut SlipCopy {
        self.slips.iter_mut().find(|slip| slip.filing.slip_no.as_str() == number).unwrap()
    }

    /// Why a permit can no longer be changed or closed.
    fn may_amend_permit(&self, number: &PermitNo, change_no: u64) -> Result<&PermitCopy, Reason> {
        let copy = self.permit_copy(number).ok_or(Reason::DocumentUnknown)?;
        self.in_use(copy)?;
        if change_no != copy.version + 1 { Err(Reason::ChangeCountMismatch) } else { Ok(copy) }
    }

    /// 9.1, and changes.
    pub(super) fn file_permit(&mut self, filing: &PermitFiling, now: Now) -> Result<Shown, Reason> {
        if named_twice(filing.lines.iter().map(|line| line.line)) {
            return Err(Reason::NamedTwice);
        }
        let old = match filing.change_no {
            Some(change_no) => Some(self.may_amend_permit(&filing.permit_no, change_no)?.clone()),
            None if self.permit(&filing.permit_no).is_some() => return Err(Reason::DocumentExists),
            None if self.direct_exit(&filing.permit_no).is_some() => return Err(Reason::DocumentExists),
            None => None,
        };
        if let Some(old) = &old {
            self.may_replace(&old.filing, filing)?;
        }
        self.check_permit(filing, now)?;
        let first_day = old.as_ref().map_or(filing.declared_at.date(), |old| old.first_day);
        let extended = old.as_ref().is_some_and(|old| filing.valid_until > old.filing.valid_until);
        let extensions = old.as_ref().map_or(0, |old| old.extensions) + u64::from(extended);
        self.check_days(filing, first_day, extensions, now)?;
        if filing.guarantee_amount.raw() < 0 {
            return Err(Reason::InvalidField);
        }
        let before = old.as_ref().map_or(0, |old| old.filing.guarantee_amount.raw());
        self.permits.retain(|copy| copy.filing.permit_no != filing.permit_no);
        self.permits.push(PermitCopy {
            filing: PermitFiling { change_no: None, ..filing.clone() },
            version: filing.change_no.unwrap_or(0),
            closed: false,
            first_day,
            extensions,
            left: Vec::new(),
        });
        let amount = filing.guarantee_amount.raw();
        if amount != before {
            if before != 0 {
                self.set_all_free(&filing.permit_no);
            }
            if amount != 0 {
                let drawn = self.draw_for(&filing.permit_no, amount, now)?;
                drawn.ok_or(Reason::GuaranteeUnknown)?;
            }
        }
        Ok(Shown { state: Some(DocumentState::Open), ..Shown::default() })
    }

    /// What a change may not touch.
    fn may_replace(&self, old: &PermitFiling, new: &PermitFiling) -> Result<(), Reason> {
        if old.kind != new.kind || old.book_no != new.book_no || old.owner != new.owner {
            return Err(Reason::EditNotAllowed);
        }
        let drawn = self.drawn_for(&old.permit_no);
        if drawn != 0 && old.guarantee_no != new.guarantee_no {
            return Err(Reason::EditNotAllowed);
        }
        if drawn != 0 && old.guarantee_amount.is_zero() && !new.guarantee_amount.is_zero() {
            return Err(Reason::EditNotAllowed);
        }
        for line in &old.lines {
            let out = self.moved(old, line, Direction::Out);
            let back = self.moved(old, line, Direction::In);
            if out == 0 && back == 0 {
                continue;
            }
            let same = |other: &&PermitLine| {
                (other.line, other.mark, other.number) == (line.line, line.mark, line.number)
            };
            let kept = new.lines.iter().find(same).ok_or(Reason::EditNotAllowed)?;
            if kept.declared.raw() < if is_made(old, line) { back } else { out } {
                return Err(Reason::FormQuotaExceeded);
            }
        }
        Ok(())
    }

    /// How much moved on a line of a permit, pending or not: on slips, or by simple processing.
    fn moved(&self, permit: &PermitFiling, line: &PermitLine, direction: Direction) -> i128 {
        if permit.kind == PermitKind::SimpleProcessing {
            return match direction {
                Direction::Out => self.taken_by_processing(permit, line),
                Direction::In => self.made_by_processing(permit, line),
            };
        }
        match direction {
            Direction::Out => self.on_slips(&permit.permit_no, line.line, direction),
            Direction::In => self.made_under(&permit.permit_no, line.line),
        }
    }

    /// How much came back on a line of a permit, or left from where it was made.
    pub(super) fn made_under(&self, permit_no: &PermitNo, line: u64) -> i128 {
        self.on_slips(permit_no, line, Direction::In) + self.exits_under(permit_no, line)
    }

    fn check_permit(&self, filing: &PermitFiling, now: Now) -> Result<(), Reason> {
        let book = self.free_book(filing.book_no.as_str())?;
        if book.filing.usage == Usage::NonBonded {
            return Err(Reason::NonBondedBook);
        }
        if filing.owner != book.filing.owner {
            return Err(Reason::BookOwnerMismatch);
        }
        let last_day = book.filing.valid_until;
        if filing.declared_at.date() > last_day || (now.live && today(now) > last_day) {
            return Err(Reason::BookExpired);
        }
        let simple = filing.kind == PermitKind::SimpleProcessing;
        let plain = book.filing.kind == BookKind::Logistics
            && matches!(book.filing.usage, Usage::Store | Usage::ECommerce);
        if simple && !plain {
            return Err(Reason::FormBookMismatch);
        }
        self.check_zone_of_permit(filing, now)?;
        let shown = filing.kind != PermitKind::Display || !filing.exhibition_place.trim().is_empty();
        if !shown && self.parameter_on("DISPLAY_PLACE_REQUIRED", 0, today(now)) != 0 {
            return Err(Reason::InvalidField);
        }
        if declared_later(filing.kind) && self.is_discredited(&filing.owner, now) {
            return Err(Reason::CreditLevelForbids);
        }
        for line in &filing.lines {
            if line.declared.raw() <= 0 {
                return Err(Reason::NonPositiveQty);
            }
            let by_receipt = book.filing.booking_mode == BookingMode::RowPerReceipt;
            if simple && line.mark == Mark::Product && by_receipt {
                continue;
            }
            let mark = if simple { Mark::Goods } else { line.mark };
            let row = book.row(mark, line.number);
            if row.ok_or(Reason::ItemNotFiled)?.units.declared != line.unit {
                return Err(Reason::UnitMismatch);
            }
        }
        check_bom(filing)
    }

    fn check_days(
        &self,
        filing: &PermitFiling,
        first_day: Date,
        extensions: u64,
        now: Now,
    ) -> Result<(), Reason> {
        use PermitKind::{EquipmentRepair, EquipmentTest, Mould};
        let once = matches!(filing.kind, EquipmentTest | EquipmentRepair | Mould);
        if once && extensions > 1 {
            return Err(Reason::PermitTooLong);
        }
        let name = format!("PERMIT_DAYS_{}", filing.kind);
        let mut days = self.parameter_on(&name, 0, today(now));
        if days == 0 {
            return Ok(());
        }
        if once && extensions > 0 {
            days += self.parameter_on("PERMIT_EXTENSION_DAYS", 0, today(now));
        }
        let lasts = i128::from(filing.valid_until.0) - i128::from(first_day.0);
        if lasts * 100_000 > days { Err(Reason::PermitTooLong) } else { Ok(()) }
    }

    /// The end of a permit.
    pub(super) fn close_permit(&mut self, closing: &PermitClosing, now: Now) -> Result<Shown, Reason> {
        let copy = self.may_amend_permit(&closing.permit_no, closing.change_no)?.clone();
        let permit = &copy.filing;
        let waits = |list: &&super::ListCopy| {
            let named = list.content.permit_no.clone();
            let named = named.filter(|_| matches!(list.content.kind.as_str(), "4" | "5"));
            let of = named.or_else(|| self.exit_permit_no(&list.content));
            of.as_ref() == Some(&permit.permit_no) && list.state == DocumentState::PrePosted
        };
        if self.lists.iter().any(|list| waits(&list)) {
            return Err(Reason::FormStockOut);
        }
        let of_permit =
            |slip: &&SlipCopy| slip.filing.permit_no == permit.permit_no && !slip.filing.lines.is_empty();
        if self.slips.iter().filter(of_permit).any(|slip| slip.state == DocumentState::Approved) {
            return Err(Reason::FormStockOut);
        }
        let mut legs = Vec::new();
        let mut left: BTreeMap<(Mark, u64), i128> = BTreeMap::new();
        for line in &closing.left {
            let (key, leg) = self.check_left(permit, line)?;
            let sum = left.entry(key).or_default();
            *sum += line.declared.raw();
            let on_form = !declared_later(permit.kind) && permit.kind != PermitKind::SimpleProcessing;
            let there = if on_form { self.out_on_form(&permit.permit_no, key) } else { 0 };
            if *sum > there {
                return Err(Reason::FormStockExceeded);
            }
            legs.push((line.line, leg));
        }
        for line in &permit.lines {
            let still = if declared_later(permit.kind) {
                self.undeclared(permit, line)
            } else if is_made(permit, line) || permit.kind == PermitKind::SimpleProcessing {
                0
            } else {
                let key = (line.mark, line.number);
                self.out_on_form(&permit.permit_no, key) - left.get(&key).copied().unwrap_or(0)
            };
            if still != 0 {
                return Err(Reason::FormStockOut);
            }
        }
        stock_test(self, legs.iter().map(|(_, leg)| leg.clone()))?;
        let wishes = Wishes::on_account(closing.permit_no.as_str());
        for (line, leg) in legs {
            self.post_at_once((closing.permit_no.as_str(), line), leg, now, &wishes)?;
        }
        self.set_all_free(&closing.permit_no);
        let copy = self.permit_mut(&closing.permit_no);
        copy.version = closing.change_no;
        copy.closed = true;
        copy.left = closing.left.clone();
        Ok(Shown { state: Some(DocumentState::Closed), ..Shown::default() })
    }

    fn check_left(&self, permit: &PermitFiling, line: &LeftOutside) -> Result<((Mark, u64), Leg), Reason> {
        let permitted = line_of(permit, line.line).ok_or(Reason::ItemNotFiled)?;
        let key = (permitted.mark, permitted.number);
        let book = self.book(permit.book_no.as_str()).unwrap();
        let row = book.row(key.0, key.1).ok_or(Reason::ItemNotFiled)?;
        let given = [Some(line.declared), Some(line.statutory1), line.statutory2];
        if given.iter().flatten().any(|given| given.raw() <= 0) {
            return Err(Reason::NonPositiveQty);
        }
        check_quantities(&row.units, line.declared, line.statutory1, line.statutory2)?;
        if line.value_usd.raw() < 0 || line.reference.is_empty() {
            return Err(Reason::InvalidField);
        }
        let away = position(permit, key, row, Place::OutOnForm);
        let [declared, first, second] = three(line.declared, line.statutory1, line.statutory2);
        Ok((key, (away.clone(), away.at(Place::Outside), [declared, first, second, line.value_usd.raw()])))
    }

    /// Shipped on a line and neither back nor declared by a list of kind 1.
    fn undeclared(&self, permit: &PermitFiling, line: &PermitLine) -> i128 {
        let out = self.on_slips(&permit.permit_no, line.line, Direction::Out);
        let back = self.on_slips(&permit.permit_no, line.line, Direction::In);
        let declared = self.slips.iter().filter(|slip| {
            slip.filing.permit_no == permit.permit_no && slip.state == DocumentState::Consolidated
        });
        let of_line = |slip: &SlipCopy| -> i128 {
            let lines = slip.filing.lines.iter().filter(|other| other.permit_line == line.line);
            lines.map(|other| other.declared.raw() - self.returned(&slip.filing, other)[0]).sum()
        };
        out - back - declared.map(of_line).sum::<i128>()
    }

    /// What slips I that name a line of a slip E bring back of it.
    pub fn returned(&self, sent: &SlipFiling, line: &SlipLine) -> [i128; 3] {
        let naming = self
            .slips
            .iter()
            .filter(|slip| !slip.is_gone() && slip.filing.related_slip.as_ref() == Some(&sent.slip_no));
        let lines = naming.flat_map(|slip| &slip.filing.lines);
        let back = lines.filter(|other| other.related_line == Some(line.line));
        back.fold([0; 3], |sum, other| {
            let [a, b, c] = three(other.declared, other.statutory1, other.statutory2);
            [sum[0] + a, sum[1] + b, sum[2] + c]
        })
    }

    /// 5.7, for slips.
    fn may_amend_slip(&self, number: &str, change_no: u64) -> Result<&SlipCopy, Reason> {
        let slip = self.slip(number).ok_or(Reason::DocumentUnknown)?;
        match slip.state {
            DocumentState::Cancelled => return Err(Reason::AlreadyWithdrawn),
            DocumentState::Approved => {}
            _ => return Err(Reason::AlreadyPosted),
        }
        if self.passes.iter().any(|pass| pass.carries_slips(|other| other == number)) {
            return Err(Reason::SlipOnPass);
        }
        self.free_after_inspection(HeldKind::Slip, number)?;
        if change_no != slip.version + 1 { Err(Reason::ChangeCountMismatch) } else { Ok(slip) }
    }

    /// Takes back what a slip reserved and drew.
    fn cancel_slip(&mut self, number: &str, now: Now) -> Result<(), Reason> {
        let slip = self.slip(number).unwrap().clone();
        if let Some(sent) = &slip.filing.related_slip
            && self.slip(sent.as_str()).unwrap().state != DocumentState::Passed
        {
            return Err(Reason::SlipNotOpen);
        }
        self.end_pending(number, Status::Cancelled(now.revision));
        if self.permit(&slip.filing.permit_no).unwrap().guarantee_amount.is_zero() {
            let free = slip.drawn.min(self.drawn_for(&slip.filing.permit_no));
            self.set_free(&slip.filing.permit_no, free);
        }
        let slip = self.slip_mut(number);
        slip.state = DocumentState::Cancelled;
        slip.drawn = 0;
        Ok(())
    }

    pub(super) fn void_slip(&mut self, void: &SlipVoid, now: Now) -> Result<Shown, Reason> {
        let number = void.slip_no.as_str();
        let permit_no = self.may_amend_slip(number, void.change_no)?.filing.permit_no.clone();
        self.cancel_slip(number, now)?;
        self.check_returns(&permit_no)?;
        self.slip_mut(number).version = void.change_no;
        let state = DocumentState::Cancelled;
        Ok(Shown { state: Some(state), changed: BTreeMap::from([(number.into(), state)]) })
    }

    /// Not more came back than still goes out.
    fn check_returns(&self, permit_no: &PermitNo) -> Result<(), Reason> {
        let permit = self.permit(permit_no).unwrap();
        let more_back = |line: &&PermitLine| {
            self.on_slips(permit_no, line.line, Direction::In)
                > self.on_slips(permit_no, line.line, Direction::Out)
        };
        let mut lines = permit.lines.iter().filter(|line| !is_made(permit, line));
        if lines.any(|line| more_back(&line)) { Err(Reason::ReturnExceedsOut) } else { Ok(()) }
    }

    /// 9.2 and 9.3
    pub(super) fn file_slip(&mut self, filing: &SlipFiling, now: Now) -> Result<Shown, Reason> {
        if named_twice(filing.lines.iter().map(|line| line.line)) {
            return Err(Reason::NamedTwice);
        }
        let number = filing.slip_no.as_str();
        if let Some(change_no) = filing.change_no {
            let old = self.may_amend_slip(number, change_no)?.filing.clone();
            if old.permit_no != filing.permit_no || old.direction != filing.direction {
                return Err(Reason::EditNotAllowed);
            }
            self.cancel_slip(number, now)?;
            self.slips.retain(|slip| slip.filing.slip_no != filing.slip_no);
        } else if self.slip(number).is_some() {
            return Err(Reason::DocumentExists);
        }
        let copy = self.permit_copy(&filing.permit_no).ok_or(Reason::DocumentUnknown)?.clone();
        let permit = copy.filing.clone();
        self.may_send(&copy, filing, now)?;
        let mut legs = Vec::new();
        let mut uses = Vec::new();
        for line in &filing.lines {
            let row = self.check_slip_line(&permit, filing.direction, line)?.clone();
            let used = uses_of(&permit, filing.direction, line);
            let of_line = self.slip_legs(&permit, filing.direction, line, &row, &used);
            legs.extend(of_line.into_iter().map(|leg| (line.line, leg)));
            uses.push(used);
        }
        let mut slip =
            SlipCopy { filing: filing.clone(), state: DocumentState::Approved, version: 0, uses, drawn: 0 };
        slip.version = filing.change_no.unwrap_or(0);
        slip.filing.change_no = None;
        self.check_quota(&permit, &slip)?;
        self.slips.push(slip);
        self.check_returns(&filing.permit_no)?;
        self.check_related(filing)?;
        let lines: Vec<u64> = filing.lines.iter().map(|line| line.line).collect();
        let from = match filing.direction {
            Direction::Out => Place::Zone,
            Direction::In => Place::OutOnForm,
        };
        self.may_name(permit.book_no.as_str(), &filing.lots, &[from], &lines)?;
        stock_test(self, legs.iter().map(|(_, leg)| leg.clone()))?;
        let wishes = self.wishes_of_slip(filing);
        for (line, leg) in legs {
            self.moves((number, line), leg, (Status::Pending, now), &wishes)?;
        }
        if filing.direction == Direction::Out
            && permit.guarantee_amount.is_zero()
            && filing.levy_amount.raw() > 0
        {
            let drawn = self.draw_for(&filing.permit_no, filing.levy_amount.raw(), now)?;
            self.slip_mut(number).drawn = drawn.unwrap_or(0);
        }
        let mut shown = Shown { state: Some(DocumentState::Approved), ..Shown::default() };
        if filing.change_no.is_some() {
            shown.changed.insert(number.into(), DocumentState::Approved);
        }
        Ok(shown)
    }

    fn may_send(&self, copy: &PermitCopy, filing: &SlipFiling, now: Now) -> Result<(), Reason> {
        self.free_book(copy.filing.book_no.as_str())?;
        self.in_use(copy)?;
        let permit = &copy.filing;
        let last_day = permit.valid_until;
        if filing.declared_at.date() > last_day || (now.live && today(now) > last_day) {
            return Err(Reason::FormExpired);
        }
        let book = self.book(permit.book_no.as_str()).unwrap();
        if book.stops.stops(filing.direction) {
            return Err(Reason::BookPaused);
        }
        let sends_later = declared_later(permit.kind) && filing.direction == Direction::Out;
        if sends_later && self.is_discredited(&permit.owner, now) {
            return Err(Reason::CreditLevelForbids);
        }
        if filing.levy_amount.raw() < 0 {
            return Err(Reason::InvalidField);
        }
        if permit.kind == PermitKind::SimpleProcessing { Err(Reason::DocumentUnknown) } else { Ok(()) }
    }

    /// A slip I that names the slip E whose goods come back.
    fn check_related(&self, filing: &SlipFiling) -> Result<(), Reason> {
        let Some(number) = &filing.related_slip else {
            let names_line = filing.lines.iter().any(|line| line.related_line.is_some());
            return if names_line { Err(Reason::ItemNotFiled) } else { Ok(()) };
        };
        // A slip that names itself names one that is known once it was filed, and not open then.
        let known = |sent: &&SlipCopy| sent.filing.slip_no != filing.slip_no || filing.change_no.is_some();
        let sent = self.slip(number.as_str()).filter(known);
        let Some(sent) = sent else { return Err(Reason::DocumentUnknown) };
        let fits = filing.direction == Direction::In
            && sent.filing.direction == Direction::Out
            && sent.filing.permit_no == filing.permit_no
            && sent.state == DocumentState::Passed;
        if !fits {
            return Err(Reason::SlipNotOpen);
        }
        let mut before: Vec<&SlipLine> = Vec::new();
        for line in &filing.lines {
            let of = sent.filing.lines.iter().find(|other| Some(other.line) == line.related_line);
            let same =
                |other: &&SlipLine| (other.permit_line, other.number) == (line.permit_line, line.number);
            let of = of.filter(same).ok_or(Reason::ItemNotFiled)?;
            before.push(line);
            let here = before.iter().filter(|other| other.related_line == Some(of.line));
            let here = here.fold([0; 3], |sum, other| {
                let [a, b, c] = three(other.declared, other.statutory1, other.statutory2);
                [sum[0] + a, sum[1] + b, sum[2] + c]
            });
            // What all slips return of the line, this one whole, less what of this one is still to come.
            let all = self.returned(&sent.filing, of);
            let own = filing.lines.iter().filter(|other| other.related_line == Some(of.line));
            let own = own.fold([0; 3], |sum, other| {
                let [a, b, c] = three(other.declared, other.statutory1, other.statutory2);
                [sum[0] + a, sum[1] + b, sum[2] + c]
            });
            let went = three(of.declared, of.statutory1, of.statutory2);
            if (0..3).any(|unit| all[unit] - own[unit] + here[unit] > went[unit]) {
                return Err(Reason::ReturnExceedsOut);
            }
        }
        Ok(())
    }

    fn check_slip_line(
        &self,
        permit: &PermitFiling,
        direction: Direction,
        line: &SlipLine,
    ) -> Result<&Row, Reason> {
        let given = [Some(line.declared), Some(line.statutory1), line.statutory2];
        if given.iter().flatten().any(|given| given.raw() <= 0) {
            return Err(Reason::NonPositiveQty);
        }
        let permitted = permit.lines.iter().find(|permitted| permitted.line == line.permit_line);
        let permitted = permitted.filter(|permitted| permitted.number == line.number);
        let permitted = permitted.ok_or(Reason::ItemNotFiled)?;
        let book = self.book(permit.book_no.as_str()).unwrap();
        let row = book.row(permitted.mark, line.number).ok_or(Reason::ItemNotFiled)?;
        if row.tariff != line.tariff_code {
            return Err(Reason::HsMismatch);
        }
        if row.units != line.units {
            return Err(Reason::UnitMismatch);
        }
        check_quantities(&row.units, line.declared, line.statutory1, line.statutory2)?;
        if row.stops.stops(direction) {
            return Err(Reason::ItemPaused);
        }
        if line.value_usd.raw() < 0 {
            return Err(Reason::InvalidField);
        }
        // What is made under the permit only comes in.
        let leaves = is_made(permit, permitted) && direction == Direction::Out;
        if leaves { Err(Reason::FormQuotaExceeded) } else { Ok(row) }
    }

    /// How much accepted slips move on a line of a permit.
    fn on_slips(&self, permit: &PermitNo, line: u64, direction: Direction) -> i128 {
        let slips = self.slips.iter().filter(|slip| !slip.is_gone()).map(|slip| &slip.filing);
        let of_permit = slips.filter(|slip| slip.permit_no == *permit && slip.direction == direction);
        of_permit.map(|slip| on_line(slip, line)).sum()
    }

    /// Line by line, each with those before it.
    fn check_quota(&self, permit: &PermitFiling, slip: &SlipCopy) -> Result<(), Reason> {
        let lines = &slip.filing.lines;
        for (at, line) in lines.iter().enumerate() {
            let permitted = line_of(permit, line.permit_line).unwrap();
            let on_line = lines[..=at].iter().filter(|other| other.permit_line == line.permit_line);
            let here: i128 = on_line.map(|other| other.declared.raw()).sum();
            let out = self.on_slips(&permit.permit_no, line.permit_line, Direction::Out);
            let back = self.on_slips(&permit.permit_no, line.permit_line, Direction::In);
            match slip.filing.direction {
                Direction::Out if out + here > permitted.declared.raw() => {
                    return Err(Reason::FormQuotaExceeded);
                }
                Direction::Out => {}
                Direction::In if is_made(permit, permitted) => {
                    let back = self.made_under(&permit.permit_no, line.permit_line);
                    if back + here > permitted.declared.raw() {
                        return Err(Reason::FormQuotaExceeded);
                    }
                    self.check_uses(permit, slip, at)?;
                }
                Direction::In if back + here > out => return Err(Reason::ReturnExceedsOut),
                Direction::In if declared_later(permit.kind) => {}
                Direction::In => {
                    let key = (permitted.mark, permitted.number);
                    let taken = taken_of(permit, slip, at + 1, key);
                    if taken > self.out_on_form(&permit.permit_no, key) {
                        return Err(Reason::ReturnExceedsOut);
                    }
                }
            }
        }
        Ok(())
    }

    /// The materials of a product, one after the other.
    fn check_uses(&self, permit: &PermitFiling, slip: &SlipCopy, at: usize) -> Result<(), Reason> {
        for (nth, (material, _)) in slip.uses[at].iter().enumerate() {
            let key = (Mark::Goods, *material);
            let before = taken_of(permit, slip, at, key);
            let here: i128 = slip.uses[at][..=nth]
                .iter()
                .filter(|(other, _)| other == material)
                .map(|(_, used)| used)
                .sum();
            if before + here > self.out_on_form(&permit.permit_no, key) {
                return Err(Reason::FormStockExceeded);
            }
        }
        Ok(())
    }

    /// 9.5, less what products that came back use.
    pub fn out_on_form(&self, permit_no: &PermitNo, key: (Mark, u64)) -> i128 {
        let permit = self.permit(permit_no).unwrap();
        let of_permit =
            self.slips.iter().filter(|slip| slip.filing.permit_no == *permit_no && !slip.is_gone());
        let on_slips: i128 = of_permit
            .map(|slip| match (slip.filing.direction, slip.state) {
                (Direction::Out, DocumentState::Approved) => 0,
                (Direction::Out, _) => taken_of(permit, slip, slip.filing.lines.len(), key),
                (Direction::In, _) => -taken_of(permit, slip, slip.filing.lines.len(), key),
            })
            .sum();
        let sold = self.lists.iter().filter(|list| {
            list.content.kind == "5"
                && !list.is_gone()
                && !self.is_undone(list)
                && list.content.mark == key.0
                && list.content.permit_no.as_ref() == Some(permit_no)
        });
        let lines = sold.flat_map(|list| &list.content.lines).filter(|line| line.number == key.1);
        let outside = if key.0 == Mark::Goods { self.used_outside(permit_no, key.1) } else { 0 };
        on_slips - lines.map(|line| line.declared.raw()).sum::<i128>() - outside
    }

    /// An open permit of a kind that a list names in `applyNo`.
    pub(super) fn named_permit(&self, list: &List, kind: PermitKind) -> Result<&PermitFiling, Reason> {
        let copy = list.permit_no.as_ref().and_then(|number| self.permit_copy(number));
        let fits = |copy: &&PermitCopy| copy.filing.book_no == list.book_no && copy.filing.kind == kind;
        let copy = copy.filter(fits).ok_or(Reason::DocumentUnknown)?;
        self.in_use(copy)?;
        Ok(&copy.filing)
    }

    /// 9.5
    pub(super) fn check_sale(&self, list: &List) -> Result<(), Reason> {
        let permit = self.named_permit(list, PermitKind::Display)?;
        for line in &list.lines {
            let of_item = list.lines.iter().filter(|other| other.number == line.number);
            let sum: i128 = of_item.map(|line| line.declared.raw()).sum();
            if sum > self.out_on_form(&permit.permit_no, (list.mark, line.number)) {
                return Err(Reason::FormStockExceeded);
            }
        }
        Ok(())
    }

    /// 9.4
    pub(super) fn check_slips(&self, list: &List) -> Result<(), Reason> {
        let mut named = Vec::new();
        for (at, number) in list.slips.iter().enumerate() {
            let slip = self.slip(number.as_str()).ok_or(Reason::DocumentUnknown)?;
            let of_book = self.permit(&slip.filing.permit_no).unwrap().book_no == list.book_no;
            let once = !list.slips.iter().take(at).any(|other| other == number);
            let out = slip.filing.direction == Direction::Out;
            if !(of_book && once && out && slip.state == DocumentState::Passed) {
                return Err(Reason::SlipNotOpen);
            }
            self.free_after_inspection(HeldKind::Slip, number.as_str())?;
            self.free_to_pass(HeldKind::Permit, slip.filing.permit_no.as_str())?;
            for line in &slip.filing.lines {
                let went = three(line.declared, line.statutory1, line.statutory2);
                let back = self.returned(&slip.filing, line);
                named.push((line.number, [went[0] - back[0], went[1] - back[1], went[2] - back[2]]));
            }
        }
        if same_sums(list, &named) { Ok(()) } else { Err(Reason::ConsolidationMismatch) }
    }

    fn slip_legs(
        &self,
        permit: &PermitFiling,
        direction: Direction,
        line: &SlipLine,
        row: &Row,
        uses: &[(u64, i128)],
    ) -> Vec<Leg> {
        let permitted = line_of(permit, line.permit_line).unwrap();
        let key = (permitted.mark, permitted.number);
        let zone = position(permit, key, row, Place::Zone);
        let away =
            zone.at(if declared_later(permit.kind) { Place::ShippedUndeclared } else { Place::OutOnForm });
        let [declared, first, second] = three(line.declared, line.statutory1, line.statutory2);
        let moved = [declared, first, second, line.value_usd.raw()];
        if direction == Direction::Out {
            return vec![(zone, away, moved)];
        }
        if !is_made(permit, permitted) {
            return vec![(away, zone, moved)];
        }
        let book = self.book(permit.book_no.as_str()).unwrap();
        let materials = uses.iter().map(|(material, used)| {
            let row = book.row(Mark::Goods, *material).unwrap();
            let away = position(permit, (Mark::Goods, *material), row, Place::OutOnForm);
            let moved = book.undocumented(Mark::Goods, *material, *used);
            (away.clone(), away.at(Place::Consumed), moved)
        });
        std::iter::once((zone.at(Place::Made), zone.clone(), moved)).chain(materials).collect()
    }
}

pub(super) fn today(now: Now) -> zonebook_ledger::time::Date {
    Model::zone_clock().local(now.ledger_time).date()
}

fn on_line(slip: &SlipFiling, permit_line: u64) -> i128 {
    let lines = slip.lines.iter().filter(|line| line.permit_line == permit_line);
    lines.map(|line| line.declared.raw()).sum()
}

/// A position of goods of a permit.
fn position(permit: &PermitFiling, (mark, number): (Mark, u64), row: &Row, place: Place) -> PositionKey {
    PositionKey {
        book_no: permit.book_no.clone(),
        mark,
        number,
        lot: row.lot.clone(),
        serial: row.serial.clone(),
        place,
    }
}

/// What a line of a slip uses of materials, where it brings a product.
fn uses_of(permit: &PermitFiling, direction: Direction, line: &SlipLine) -> Vec<(u64, i128)> {
    let made = line_of(permit, line.permit_line).is_some_and(|permitted| is_made(permit, permitted));
    if !made || direction == Direction::Out {
        return Vec::new();
    }
    let parts = permit.bom.iter().filter(|part| part.product_line == line.permit_line);
    let uses = parts.map(|part| {
        let material = line_of(permit, part.material_line).unwrap().number;
        (material, usage_of_permit(part, line.declared.raw()))
    });
    uses.filter(|(_, used)| *used != 0).collect()
}

/// What the first lines of a slip take or bring of an item: themselves, or used for products.
fn taken_of(permit: &PermitFiling, slip: &SlipCopy, lines: usize, (mark, number): (Mark, u64)) -> i128 {
    let of = |(line, uses): (&SlipLine, &Vec<(u64, i128)>)| -> i128 {
        let permitted = line_of(permit, line.permit_line);
        let itself = permitted.is_some_and(|permitted| (permitted.mark, permitted.number) == (mark, number));
        let used: i128 = uses.iter().filter(|(other, _)| *other == number).map(|(_, used)| used).sum();
        (if itself { line.declared.raw() } else { 0 }) + if mark == Mark::Goods { used } else { 0 }
    };
    slip.filing.lines.iter().zip(&slip.uses).take(lines).map(of).sum()
}

/// Products of the permit are made of its materials, of each once.
fn check_bom(filing: &PermitFiling) -> Result<(), Reason> {
    let makes = matches!(filing.kind, PermitKind::OutsourcedProcessing | PermitKind::SimpleProcessing);
    let is = |number: u64, mark: Mark| line_of(filing, number).is_some_and(|line| line.mark == mark);
    for (at, part) in filing.bom.iter().enumerate() {
        let pair = |part: &zonebook_ledger::document::PermitBomLine| (part.product_line, part.material_line);
        let again = filing.bom[..at].iter().any(|other| pair(other) == pair(part));
        let figures = part.net.raw() > 0 && part.loss.raw() >= 0 && part.loss.raw() < 100_000_000_000;
        let sound = is(part.product_line, Mark::Product) && is(part.material_line, Mark::Goods) && figures;
        if !makes || again || !sound {
            return Err(Reason::BomInvalid);
        }
    }
    let made = filing.lines.iter().filter(|line| is_made(filing, line));
    let mut made = made.map(|line| line.line);
    if made.any(|line| !filing.bom.iter().any(|part| part.product_line == line)) {
        return Err(Reason::BomInvalid);
    }
    Ok(())
}

pub(super) fn three(declared: Quantity, first: Quantity, second: Option<Quantity>) -> [i128; 3] {
    [declared.raw(), first.raw(), second.map_or(0, Quantity::raw)]
}

/// Whether the lines of a list are the sums of what it names, item by item; a row is an item.
pub(super) fn same_sums(list: &List, named: &[(u64, [i128; 3])]) -> bool {
    let of_list = list.lines.iter().map(|line| {
        let number = if list.mark == Mark::Goods { line.number } else { u64::MAX - line.number };
        (number, three(line.declared, line.statutory1, line.statutory2))
    });
    let all: Vec<_> =
        of_list.chain(named.iter().map(|(number, [a, b, c])| (*number, [-a, -b, -c]))).collect();
    all.iter().all(|(number, _)| {
        let of_item = all.iter().filter(|(other, _)| other == number);
        of_item.fold([0; 3], |sum, (_, [a, b, c])| [sum[0] + a, sum[1] + b, sum[2] + c]) == [0; 3]
    })
}
