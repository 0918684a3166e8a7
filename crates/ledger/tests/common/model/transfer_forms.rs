//! Transfer forms, and what lists at either end have of their lines (`domain.md` 3.4 row 7).

use super::checks::goes_through_transit;
use super::permits::today;
use super::shelf::{Shelf, named_twice};
use super::{ListCopy, Now, Shown};
use zonebook_ledger::book::{BookingMode, Usage};
use zonebook_ledger::code::TransferFormNo;
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{List, ListLine, TransferFormContent, TransferFormFiling, TransferFormLine};
use zonebook_ledger::limits::LINES_MAX;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::time::Instant;

/// An accepted form.
#[derive(Clone, Debug)]
pub struct FormCopy {
    /// The content in force.
    pub content: TransferFormContent,
    pub version: u64,
    pub closed: bool,
    pub filed: Instant,
}

/// What a line of a list took of a line of a form when it was filed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnForm {
    pub form_no: TransferFormNo,
    pub line: u64,
    pub form_line: u64,
    pub quantity: i128,
}

/// The goods of a line, at the end of lists of a direction.
fn goods_at(line: &TransferFormLine, direction: Direction) -> (Mark, Option<u64>) {
    if direction == Direction::Out {
        (line.sender_mark, Some(line.sender_number))
    } else {
        (line.receiver_mark, line.receiver_number)
    }
}

impl Shelf {
    pub fn form(&self, form_no: &TransferFormNo) -> Option<&FormCopy> {
        self.forms.iter().find(|copy| copy.content.form_no == *form_no)
    }

    /// The form that a list names, if it is one.
    pub fn form_named(&self, list: &List) -> Option<&FormCopy> {
        let named = list.permit_no.as_ref().filter(|_| goes_through_transit(list))?;
        self.forms.iter().find(|copy| copy.content.form_no.as_str() == named.as_str())
    }

    /// What a list still has of its form, draw by draw: what was undone of a line is missing at its end.
    fn still_on_form<'s>(&'s self, list: &'s ListCopy) -> impl Iterator<Item = (&'s OnForm, i128)> {
        let number = &list.content.list_no;
        list.on_form.iter().enumerate().map(move |(at, drawn)| {
            let of_line = |other: &&OnForm| other.line == drawn.line;
            let all: i128 = list.on_form.iter().filter(of_line).map(|other| other.quantity).sum();
            let before: i128 = list.on_form[..at].iter().filter(of_line).map(|other| other.quantity).sum();
            let undone = self.parts_of(number, drawn.line, |state| state == DocumentState::Posted)[0];
            (drawn, (all - undone - before).clamp(0, drawn.quantity))
        })
    }

    /// Lists that have something of a form.
    pub fn lists_on<'s>(&'s self, form_no: &'s TransferFormNo) -> impl Iterator<Item = &'s ListCopy> {
        self.lists.iter().filter(move |list| {
            let left = |(drawn, quantity): (&OnForm, i128)| drawn.form_no == *form_no && quantity > 0;
            !list.is_gone() && self.still_on_form(list).any(left)
        })
    }

    /// What lists of a direction have of a line of a form.
    pub fn listed_on(&self, form_no: &TransferFormNo, form_line: u64, direction: Direction) -> i128 {
        let lists = self.lists_on(form_no).filter(|list| list.content.direction == direction);
        let of_line = |(drawn, quantity): (&OnForm, i128)| {
            if drawn.form_line == form_line { quantity } else { 0 }
        };
        lists.flat_map(|list| self.still_on_form(list)).map(of_line).sum()
    }

    /// Of that, what went through the gate.
    pub fn passed_on(&self, form_no: &TransferFormNo, form_line: u64, direction: Direction) -> i128 {
        let mut sum = 0;
        for list in self.lists_on(form_no).filter(|list| list.content.direction == direction) {
            for line in &list.content.lines {
                let number = list.content.list_no.as_str();
                let whole = line.declared.raw();
                let mut left = if list.gate_forced { whole } else { self.gated(number, line) };
                for (drawn, quantity) in self.still_on_form(list).filter(|(drawn, _)| drawn.line == line.line)
                {
                    let part = quantity.min(left);
                    left -= part;
                    sum += if drawn.form_line == form_line { part } else { 0 };
                }
            }
        }
        sum
    }

    fn may_amend_form(&self, form_no: &TransferFormNo, change_no: u64) -> Result<&FormCopy, Reason> {
        let copy = self.form(form_no).ok_or(Reason::DocumentUnknown)?;
        match copy {
            copy if copy.closed => Err(Reason::TransferFormClosed),
            copy if change_no != copy.version + 1 => Err(Reason::ChangeCountMismatch),
            copy => Ok(copy),
        }
    }

    pub(super) fn file_form(&mut self, filing: &TransferFormFiling, now: Now) -> Result<Shown, Reason> {
        let shown = |state| Ok(Shown { state: Some(state), ..Shown::default() });
        match filing {
            TransferFormFiling::File(content) => {
                if self.form(&content.form_no).is_some() {
                    return Err(Reason::DocumentExists);
                }
                self.check_form(content, now)?;
                let (content, filed) = (content.clone(), now.ledger_time);
                self.forms.push(FormCopy { content, version: 0, closed: false, filed });
                shown(DocumentState::Open)
            }
            TransferFormFiling::Change { change_no, content } => {
                let old = self.may_amend_form(&content.form_no, *change_no)?.content.clone();
                self.may_replace_form(&old, content)?;
                self.check_form(content, now)?;
                let copy =
                    self.forms.iter_mut().find(|copy| copy.content.form_no == content.form_no).unwrap();
                (copy.content, copy.version) = (content.clone(), *change_no);
                shown(DocumentState::Open)
            }
            TransferFormFiling::Close { change_no, form_no } => {
                self.may_amend_form(form_no, *change_no)?;
                let done =
                    |list: &ListCopy| matches!(list.state, DocumentState::Posted | DocumentState::Verified);
                if !self.lists_on(form_no).all(done) {
                    return Err(Reason::TransferFormInUse);
                }
                let copy = self.forms.iter_mut().find(|copy| copy.content.form_no == *form_no).unwrap();
                (copy.closed, copy.version) = (true, *change_no);
                shown(DocumentState::Closed)
            }
        }
    }

    /// The ends stay, and so do the goods and the quantity that lists have.
    fn may_replace_form(&self, old: &TransferFormContent, new: &TransferFormContent) -> Result<(), Reason> {
        if (&old.sender, &old.receiver) != (&new.sender, &new.receiver) {
            return Err(Reason::EditNotAllowed);
        }
        for line in &old.lines {
            let out = self.listed_on(&old.form_no, line.line, Direction::Out);
            let least = out.max(self.listed_on(&old.form_no, line.line, Direction::In));
            if least == 0 {
                continue;
            }
            let same = |other: &&TransferFormLine| {
                TransferFormLine { declared: line.declared, ..(*other).clone() } == *line
            };
            let kept = new.lines.iter().find(same).ok_or(Reason::EditNotAllowed)?;
            if kept.declared.raw() < least {
                return Err(Reason::TransferFormExceeded);
            }
        }
        Ok(())
    }

    fn check_form(&self, content: &TransferFormContent, now: Now) -> Result<(), Reason> {
        if content.lines.len() > LINES_MAX {
            return Err(Reason::TooLarge);
        }
        if content.lines.is_empty() {
            return Err(Reason::InvalidField);
        }
        if named_twice(content.lines.iter().map(|line| line.line)) {
            return Err(Reason::NamedTwice);
        }
        for end in [&content.sender, &content.receiver] {
            let book = &self.free_book(end.book_no.as_str())?.filing;
            if book.usage == Usage::NonBonded {
                return Err(Reason::NonBondedBook);
            }
            if end.owner != book.owner {
                return Err(Reason::BookOwnerMismatch);
            }
            if end.office != book.office {
                return Err(Reason::InvalidField);
            }
            let over = |day| day > book.valid_until;
            if over(content.declared_at.date()) || (now.live && over(today(now))) {
                return Err(Reason::BookExpired);
            }
        }
        if content.sender.book_no == content.receiver.book_no {
            return Err(Reason::InvalidField);
        }
        for line in &content.lines {
            if line.declared.raw() <= 0 {
                return Err(Reason::NonPositiveQty);
            }
            for direction in [Direction::Out, Direction::In] {
                self.check_form_item(content, line, direction)?;
            }
        }
        Ok(())
    }

    fn check_form_item(
        &self,
        content: &TransferFormContent,
        line: &TransferFormLine,
        direction: Direction,
    ) -> Result<(), Reason> {
        let book = self.book(content.end(direction).book_no.as_str()).unwrap();
        let (mark, number) = goods_at(line, direction);
        let by_receipt = book.filing.booking_mode == BookingMode::RowPerReceipt;
        if direction == Direction::In && by_receipt && mark == Mark::Goods {
            return if number.is_none() { Ok(()) } else { Err(Reason::InvalidField) };
        }
        let row = book.row(mark, number.ok_or(Reason::InvalidField)?).ok_or(Reason::ItemNotFiled)?;
        if row.units.declared != line.unit {
            return Err(Reason::UnitMismatch);
        }
        if row.tariff == line.tariff_code { Ok(()) } else { Err(Reason::HsMismatch) }
    }

    /// What the lines of a list take of the form that it names.
    pub(super) fn taken_of_form(&self, list: &List, now: Now) -> Result<Vec<OnForm>, Reason> {
        if !goes_through_transit(list) {
            return Ok(Vec::new());
        }
        let Some(form) = self.form_named(list) else {
            let asked = self.parameter_on("TRANSFER_FORM_REQUIRED", 0, today(now)) != 0;
            return match &list.permit_no {
                Some(_) if asked && !self.is_outsourced(list) => Err(Reason::DocumentUnknown),
                None if asked => Err(Reason::TransferFormMissing),
                _ => Ok(Vec::new()),
            };
        };
        if form.closed {
            return Err(Reason::TransferFormClosed);
        }
        let out = list.direction == Direction::Out;
        let content = &form.content;
        let (ours, theirs) =
            if out { (&content.sender, &content.receiver) } else { (&content.receiver, &content.sender) };
        let fits = ours.book_no == list.book_no
            && ours.owner == list.owner
            && list.related_book.as_ref() == Some(&theirs.book_no);
        if !fits {
            return Err(Reason::TransferFormMismatch);
        }
        let over = |day| day > content.valid_until;
        if over(list.declared_at.date()) || (now.live && over(today(now))) {
            return Err(Reason::TransferFormExpired);
        }
        let mut all = Vec::new();
        for line in &list.lines {
            self.take_line(content, list, line, &mut all)?;
        }
        Ok(all)
    }

    fn take_line(
        &self,
        form: &TransferFormContent,
        list: &List,
        line: &ListLine,
        all: &mut Vec<OnForm>,
    ) -> Result<(), Reason> {
        let fits = |of: &&TransferFormLine| {
            let (mark, number) = goods_at(of, list.direction);
            let goods = number.map_or(of.tariff_code == line.tariff_code, |number| number == line.number);
            mark == list.mark && goods && of.unit == line.units.declared
        };
        let lines: Vec<&TransferFormLine> = form.lines.iter().filter(fits).collect();
        if lines.is_empty() {
            return Err(Reason::ItemNotFiled);
        }
        let mut wanted = line.declared.raw();
        for of in lines {
            let taken = all.iter().filter(|other| other.form_line == of.line);
            let taken: i128 = taken.map(|other| other.quantity).sum();
            let listed = self.listed_on(&form.form_no, of.line, list.direction);
            let quantity = wanted.min(Quantity::raw(of.declared) - listed - taken);
            if quantity > 0 {
                wanted -= quantity;
                let form_no = form.form_no.clone();
                all.push(OnForm { form_no, line: line.line, form_line: of.line, quantity });
            }
        }
        if wanted == 0 { Ok(()) } else { Err(Reason::TransferFormExceeded) }
    }
}
