//! Corrections of posted lists (`domain.md` 3.4 row 31, `design.md` 2.8).

use super::checks::{Leg, check_quantities, stock_test};
use super::lots::Wishes;
use super::shelf::{Shelf, Status, Transfer, named_twice};
use super::tallies::four;
use super::{ListCopy, Now, PermitCopy, Shown};
use std::collections::BTreeMap;
use zonebook_ledger::book::Usage;
use zonebook_ledger::code::{CorrectionNo, ListNo, LotNo, ParcelNo};
use zonebook_ledger::command::CorrectionDecision;
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{CorrectionFiling, LinePart, List, ListLine};
use zonebook_ledger::limits::LINES_MAX;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::place::Place;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::reason::Reason;

/// A line and how much of it.
type Part = (u64, [i128; 4]);

/// An accepted correction.
#[derive(Clone, Debug)]
pub struct CorrectionCopy {
    pub filing: CorrectionFiling,
    pub state: DocumentState,
    /// What it undoes, list by list.
    pub sides: Vec<(ListNo, Vec<Part>)>,
}

pub(super) fn listed(line: &ListLine) -> [i128; 4] {
    let second = line.statutory2.map_or(0, Quantity::raw);
    [line.declared.raw(), line.statutory1.raw(), second, line.value_usd.raw()]
}

fn less(a: [i128; 4], b: [i128; 4]) -> [i128; 4] {
    [0, 1, 2, 3].map(|unit: usize| a[unit] - b[unit])
}

fn plus(a: [i128; 4], b: [i128; 4]) -> [i128; 4] {
    [0, 1, 2, 3].map(|unit: usize| a[unit] + b[unit])
}

/// It is posted, not settled by a verification, and not stopped.
fn may_be_undone(list: &ListCopy) -> Result<(), Reason> {
    match list.state {
        DocumentState::Posted => list.may_go_on(),
        DocumentState::Verified => Err(Reason::PeriodVerified),
        _ => Err(Reason::ListNotPosted),
    }
}

impl Shelf {
    pub fn correction(&self, number: &CorrectionNo) -> Option<&CorrectionCopy> {
        self.corrections.iter().find(|copy| copy.filing.correction_no == *number)
    }

    /// What corrections in some states undo of a line.
    pub(super) fn parts_of(
        &self,
        list_no: &ListNo,
        line: u64,
        counts: impl Fn(DocumentState) -> bool,
    ) -> [i128; 4] {
        let copies = self.corrections.iter().filter(|copy| counts(copy.state));
        let sides = copies.flat_map(|copy| &copy.sides).filter(|(of, _)| of == list_no);
        let parts = sides.flat_map(|(_, parts)| parts).filter(|(of, _)| *of == line);
        parts.fold([0; 4], |sum, (_, part)| plus(sum, *part))
    }

    /// What is undone of a line: by corrections that are not rejected, and by the accepted tally.
    pub fn undone(&self, list: &ListCopy, line: u64) -> [i128; 4] {
        let number = &list.content.list_no;
        let corrected = self.parts_of(number, line, |state| state != DocumentState::Returned);
        let short = list.short.iter().filter(|(of, _)| *of == line);
        short.fold(corrected, |sum, (_, part)| plus(sum, *part))
    }

    /// A list that an approved correction undid, so that it answers to nothing any more. Only lists that answer to
    /// something are asked.
    pub(super) fn is_undone(&self, list: &ListCopy) -> bool {
        let number = &list.content.list_no;
        self.corrections
            .iter()
            .any(|copy| copy.state == DocumentState::Posted && copy.sides.iter().any(|(of, _)| of == number))
    }

    pub(super) fn file_correction(&mut self, filing: &CorrectionFiling, now: Now) -> Result<Shown, Reason> {
        if filing.lines.len() > LINES_MAX {
            return Err(Reason::TooLarge);
        }
        if named_twice(filing.lines.iter().map(|line| line.line)) {
            return Err(Reason::NamedTwice);
        }
        if self.correction(&filing.correction_no).is_some() {
            return Err(Reason::DocumentExists);
        }
        if filing.reason.trim().is_empty() {
            return Err(Reason::InvalidField);
        }
        let first = self.correctable(&filing.list_no)?;
        let mut lists = vec![first.clone()];
        if let Some(partner) = &first.partner {
            lists.push(self.correctable(partner)?);
        }
        let book = self.book(first.content.book_no.as_str()).unwrap();
        if book.filing.owner != filing.owner {
            return Err(Reason::BookOwnerMismatch);
        }
        let mut sides = Vec::new();
        for list in &lists {
            let is_partner = list.content.list_no != first.content.list_no;
            let parts = self.parts_wanted(list, &filing.lines, is_partner, lists.len() > 1)?;
            sides.push((list.content.list_no.clone(), parts));
        }
        // What left and was not found where it came is undone of neither list.
        if let [(_, ours), (_, theirs)] = &sides[..] {
            let declared = |parts: &[Part]| -> BTreeMap<u64, i128> {
                parts.iter().map(|(line, part)| (*line, part[0])).collect()
            };
            if declared(ours) != declared(theirs) {
                return Err(Reason::CorrectionNotWhole);
            }
        }
        let mut legs: Vec<(String, u64, Leg)> = Vec::new();
        for (list, (_, parts)) in lists.iter().zip(&sides) {
            self.check_back(list, parts)?;
            legs.extend(self.side_legs(list, parts));
        }
        stock_test(self, legs.iter().map(|(.., leg)| leg.clone()))?;
        let state = DocumentState::PrePosted;
        let mut changed = BTreeMap::from([(filing.correction_no.to_string(), state)]);
        for (list_no, _) in &sides {
            changed.insert(list_no.to_string(), DocumentState::Posted);
        }
        self.corrections.push(CorrectionCopy { filing: filing.clone(), state, sides });
        for (undone, line, leg) in legs {
            let of = (filing.correction_no.as_str(), line);
            self.moves(of, leg, (Status::Pending, now), &Wishes::undoing(&undone))?;
        }
        Ok(Shown { state: Some(state), changed })
    }

    fn correctable(&self, number: &ListNo) -> Result<ListCopy, Reason> {
        let list = self.list(number.as_str()).ok_or(Reason::DocumentUnknown)?;
        self.free_book(list.content.book_no.as_str())?;
        may_be_undone(list)?;
        Ok(list.clone())
    }

    fn parts_wanted(
        &self,
        list: &ListCopy,
        wanted: &[LinePart],
        is_partner: bool,
        paired: bool,
    ) -> Result<Vec<Part>, Reason> {
        let lines = &list.content.lines;
        if wanted.iter().any(|part| lines.iter().all(|line| line.line != part.line)) {
            return Err(Reason::InvalidField);
        }
        let mut parts = Vec::new();
        for line in lines {
            let left = less(listed(line), self.undone(list, line.line));
            let part = match wanted.iter().find(|part| part.line == line.line) {
                None if !wanted.is_empty() => continue,
                Some(part) if !is_partner => {
                    self.check_part(list, line, left, part, paired)?;
                    four(part)
                }
                _ => left,
            };
            if part[0] != 0 {
                parts.push((line.line, part));
            }
        }
        if parts.is_empty() {
            return Err(Reason::CorrectionExceedsList);
        }
        let whole = |line: &ListLine| parts.contains(&(line.line, listed(line)));
        if self.is_exact(&list.content) && !lines.iter().all(whole) {
            return Err(Reason::CorrectionNotWhole);
        }
        for line in lines {
            let of_item: i128 = lines
                .iter()
                .filter(|other| other.number == line.number)
                .filter_map(|other| parts.iter().find(|(of, _)| *of == other.line))
                .map(|(_, part)| part[0])
                .sum();
            let left = self.left_to_return(list, line.number).min(self.left_to_exchange(list, line.number));
            if of_item > 0 && of_item > left {
                return Err(Reason::CorrectionExceedsList);
            }
        }
        Ok(parts)
    }

    fn check_part(
        &self,
        list: &ListCopy,
        line: &ListLine,
        left: [i128; 4],
        part: &LinePart,
        paired: bool,
    ) -> Result<(), Reason> {
        let given = [Some(part.declared), Some(part.statutory1), part.statutory2];
        if given.iter().flatten().any(|given| given.raw() <= 0) {
            return Err(Reason::NonPositiveQty);
        }
        check_quantities(&line.units, part.declared, part.statutory1, part.statutory2)?;
        if part.value_usd.raw() < 0 {
            return Err(Reason::InvalidField);
        }
        let taken = four(part);
        if (0..4).any(|unit| taken[unit] > left[unit]) {
            return Err(Reason::CorrectionExceedsList);
        }
        let tracked = self.posted_of(list, line.line).iter().any(|made| made.from.serial.is_some());
        let last = taken[0] == left[0];
        if (paired || tracked) && !last {
            return Err(Reason::CorrectionNotWhole);
        }
        for unit in 1..4 {
            let all = taken[unit] == left[unit];
            let fits = if last { all } else { left[unit] == 0 || !all || unit == 3 };
            if !fits {
                return Err(Reason::StatutoryRemainder);
            }
        }
        Ok(())
    }

    /// The transfers that posted a line.
    fn posted_of(&self, list: &ListCopy, line: u64) -> Vec<Transfer> {
        let number = list.content.list_no.as_str();
        let posted = |transfer: &&Transfer| {
            // What a list of kind 4 makes has lines of its own.
            let result = list.content.kind == "4" && transfer.from.place == Place::Made;
            // The second leg through transit does not go back by itself: the first goes back past it.
            let second = transfer.from.place == Place::InTransit;
            let own = transfer.document == number && transfer.line == line && !result && !second;
            own && matches!(transfer.status, Status::Posted(_))
        };
        self.transfers.iter().filter(posted).cloned().collect()
    }

    /// The way back of part of a line of which `rest` stays: the goods, and the materials that the rest does not use.
    pub(super) fn undoing(&self, list: &ListCopy, line: u64, part: [i128; 4], rest: i128) -> Vec<Leg> {
        let content = &list.content;
        let filed = content.lines.iter().find(|filed| filed.line == line).unwrap();
        let stays =
            self.material_legs(content, &ListLine { declared: Quantity::from_raw(rest), ..filed.clone() });
        let mut legs = Vec::new();
        for made in self.posted_of(list, line) {
            // Materials of products; what a list of kind 4 processes is on its lines, and comes back like goods.
            if made.to.place == Place::Consumed && content.kind != "4" {
                let stays: i128 =
                    stays.iter().filter(|(from, ..)| *from == made.from).map(|(.., used)| used[0]).sum();
                let back = made.moved[0] - self.materials_back(list, line, &made) - stays;
                if back > 0 {
                    let first = if made.moved[1] == 0 { 0 } else { back };
                    legs.push((made.to, made.from, [back, first, 0, 0]));
                }
                continue;
            }
            let moved = [0, 1, 2, 3].map(|unit: usize| if made.moved[unit] == 0 { 0 } else { part[unit] });
            let end = if made.to.place == Place::InTransit { made.to.at(Place::Outside) } else { made.to };
            if moved != [0; 4] {
                legs.push((end, made.from, moved));
            }
        }
        legs
    }

    /// What of a material went back with other parts of the line.
    fn materials_back(&self, list: &ListCopy, line: u64, made: &Transfer) -> i128 {
        let number = &list.content.list_no;
        let of_list = |document: &str| {
            let corrects = |copy: &CorrectionCopy| {
                copy.filing.correction_no.as_str() == document
                    && copy.sides.iter().any(|(of, _)| of == number)
            };
            self.corrections.iter().any(corrects)
                || list.tally.as_ref().is_some_and(|(tally_no, _)| tally_no.as_str() == document)
        };
        let back = |transfer: &&Transfer| {
            transfer.from == made.to
                && transfer.to == made.from
                && transfer.line == line
                && !matches!(transfer.status, Status::Cancelled(_))
                && of_list(&transfer.document)
        };
        self.transfers.iter().filter(back).map(|transfer| transfer.moved[0]).sum()
    }

    fn side_legs(&self, list: &ListCopy, parts: &[Part]) -> Vec<(String, u64, Leg)> {
        if list.content.kind == "8" {
            return self.parcels_back(list);
        }
        let mut legs = Vec::new();
        for (line, part) in parts {
            let filed = list.content.lines.iter().find(|filed| filed.line == *line).unwrap();
            let rest = filed.declared.raw() - self.undone(list, *line)[0] - part[0];
            let undone = list.content.list_no.to_string();
            let back = self.undoing(list, *line, *part, rest).into_iter();
            legs.extend(back.map(|leg| (undone.clone(), *line, leg)));
        }
        let undone = list.content.list_no.to_string();
        let lines = list.content.results.iter().map(|result| result.goods.line);
        for (line, (from, to, moved)) in lines.zip(self.result_legs(&list.content)) {
            legs.push((undone.clone(), line, (to, from, moved)));
        }
        legs
    }

    fn parcel_legs(&self, list: &ListCopy) -> Vec<(String, u64, Leg)> {
        let mut legs = Vec::new();
        for number in &list.content.parcels {
            let parcel = &self.parcel(number).unwrap().parcel;
            for (at, line) in parcel.lines.iter().enumerate() {
                let made: Vec<&Transfer> =
                    self.transfers.iter().filter(|made| made.document == number.as_str()).collect();
                let made = made[at];
                let second = line.statutory2.map_or(0, Quantity::raw);
                let moved = [line.declared.raw(), line.statutory1.raw(), second, 0];
                legs.push((number.to_string(), line.line, (made.from.clone(), made.to.clone(), moved)));
            }
        }
        legs
    }

    fn parcels_back(&self, list: &ListCopy) -> Vec<(String, u64, Leg)> {
        let back = |(number, line, (from, to, moved)): (String, u64, Leg)| (number, line, (to, from, moved));
        self.parcel_legs(list).into_iter().map(back).collect()
    }

    /// A unit that comes back has not come in again, and what the list answered to takes it back.
    fn check_back(&self, list: &ListCopy, parts: &[Part]) -> Result<(), Reason> {
        let content = &list.content;
        let book = self.book(content.book_no.as_str()).unwrap();
        let unit_back = book.filing.usage == Usage::Repair
            && (content.direction, content.mark) == (Direction::Out, Mark::Goods);
        for (line, _) in parts.iter().filter(|_| unit_back) {
            for made in self.posted_of(list, *line) {
                if made.from.serial.is_some() && self.is_in(&content.book_no, made.from.serial.as_ref()) {
                    return Err(Reason::SerialExists);
                }
            }
        }
        self.check_claim(list)
    }

    /// Nothing became of its parcels, and its permit is open: when a correction is filed, and when it is approved.
    fn check_claim(&self, list: &ListCopy) -> Result<(), Reason> {
        let content = &list.content;
        let came_back = |number: &ParcelNo| self.returns.iter().any(|copy| copy.filing.parcel_no == *number);
        let delivered = |number: &ParcelNo| {
            let parcel = self.parcel(number);
            parcel.is_some_and(|parcel| parcel.state == DocumentState::Delivered) && !came_back(number)
        };
        if content.kind == "8" && !content.parcels.iter().all(delivered) {
            return Err(Reason::ParcelNotOpen);
        }
        self.permit_of_correction(list).map_or(Ok(()), |permit| self.in_use(permit))
    }

    /// Lists that answer to slips, a permit, parcels or a bill.
    fn is_exact(&self, list: &List) -> bool {
        matches!(list.kind.as_str(), "1" | "3" | "4" | "5" | "8") || self.direct_exit_of(list).is_some()
    }

    /// The permit that gets back what a list took of it.
    fn permit_of_correction(&self, list: &ListCopy) -> Option<&PermitCopy> {
        let named = list.content.permit_no.clone();
        let named = named.filter(|_| matches!(list.content.kind.as_str(), "4" | "5"));
        let permit = named.or_else(|| self.exit_permit_no(&list.content));
        permit.as_ref().and_then(|number| self.permit_copy(number))
    }

    pub(super) fn decide_correction(
        &mut self,
        decision: &CorrectionDecision,
        now: Now,
    ) -> Result<Shown, Reason> {
        let copy = self.correction(&decision.correction_no).ok_or(Reason::DocumentUnknown)?.clone();
        if copy.state != DocumentState::PrePosted {
            return Err(Reason::CorrectionNotOpen);
        }
        if !decision.approved && decision.reason.trim().is_empty() {
            return Err(Reason::InvalidField);
        }
        let number = decision.correction_no.as_str();
        let mut changed = BTreeMap::new();
        let state = if decision.approved { DocumentState::Posted } else { DocumentState::Returned };
        if decision.approved {
            // A case that was opened meanwhile stops nothing that customs was asked before.
            let lists: Vec<_> =
                copy.sides.iter().map(|(list_no, _)| self.list(list_no.as_str()).unwrap()).collect();
            lists.iter().try_for_each(|list| may_be_undone(list))?;
            lists.iter().try_for_each(|list| self.check_claim(list))?;
            self.end_pending(number, Status::Posted(now.revision));
        } else {
            self.end_pending(number, Status::Cancelled(now.revision));
        }
        for (list_no, parts) in &copy.sides {
            let list = self.list(list_no.as_str()).unwrap().clone();
            changed.insert(list_no.to_string(), list.state);
            if decision.approved {
                self.give_claims_back(&list, now, &mut changed)?;
                self.reorder_units(&list, parts);
            }
        }
        changed.insert(number.into(), state);
        let kept = self.corrections.iter_mut().find(|kept| kept.filing.correction_no.as_str() == number);
        kept.unwrap().state = state;
        Ok(Shown { state: Some(state), changed })
    }

    /// Slips are open, and parcels reserved, as before the list.
    fn give_claims_back(
        &mut self,
        list: &ListCopy,
        now: Now,
        changed: &mut BTreeMap<String, DocumentState>,
    ) -> Result<(), Reason> {
        if list.content.kind == "1" {
            self.mark_slips(&list.content.slips, DocumentState::Passed, changed);
        }
        if list.content.kind == "8" {
            for (document, line, leg) in self.parcel_legs(list) {
                // The lots that are back, as the lines would name them.
                let had = self.had(&document, line);
                let wishes = Wishes { named: (!had.is_empty()).then_some(had), ..Wishes::default() };
                self.moves((&document, line), leg, (Status::Pending, now), &wishes)?;
            }
            self.mark_parcels(&list.content.parcels, DocumentState::Reserved, now, changed);
        }
        Ok(())
    }

    /// What left and is back counts as the latest receipt of its unit, what never should have come in as the first.
    fn reorder_units(&mut self, list: &ListCopy, parts: &[Part]) {
        for (line, _) in parts {
            let lots: Vec<LotNo> = self
                .posted_of(list, *line)
                .into_iter()
                .filter(|made| made.from.serial.is_some() && made.from.mark == Mark::Goods)
                .filter_map(|made| made.from.lot)
                .collect();
            for lot in lots {
                self.unit_order.retain(|other| *other != lot);
                match list.content.direction {
                    Direction::In => self.unit_order.insert(0, lot),
                    Direction::Out => self.unit_order.push(lot),
                }
            }
        }
    }
}
