//! Lists and transfers between books (`RULES.md` 5 and 7).

use super::checks::goes_through_transit;
use super::lots::Wishes;
use super::shelf::{Row, Shelf, Status, Transfer};
use super::{Drawn, Now, OnForm, Shown};
use std::collections::BTreeMap;
use zonebook_ledger::book::Usage;
use zonebook_ledger::code::{ListNo, LotNo, ParcelNo, SlipNo, TallyNo};
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::List;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::place::Place;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::standing::{Conditional, TallyResult};
use zonebook_ledger::time::{Instant, LocalTime};

/// An accepted list.
#[derive(Clone, Debug)]
pub struct ListCopy {
    /// The content in force; `number` of a line that opened a row is that row.
    pub content: List,
    pub version: u64,
    pub state: DocumentState,
    pub prevd_time: Instant,
    pub release_time: Option<LocalTime>,
    pub gate_time: Option<LocalTime>,
    pub posted_time: Option<Instant>,
    pub withdrawn_time: Option<Instant>,
    pub verified_time: Option<Instant>,
    /// The other list of a transfer between books.
    pub partner: Option<ListNo>,
    pub held: bool,
    pub conditional: Option<Conditional>,
    pub gate_forced: bool,
    pub release_forced: bool,
    pub tally: Option<(TallyNo, TallyResult)>,
    /// Lines and how much of each the accepted tally showed short.
    pub short: Vec<(u64, [i128; 4])>,
    /// Of a return: line, item of the original, declared quantity.
    pub returned: Vec<(u64, u64, i128)>,
    /// The licences that its lines draw on.
    pub licences: Vec<Drawn>,
    /// What its lines took of its transfer form.
    pub on_form: Vec<OnForm>,
}

impl ListCopy {
    /// Taken back by its party, or sent back by customs.
    pub fn is_gone(&self) -> bool {
        matches!(self.state, DocumentState::Withdrawn | DocumentState::Returned)
    }

    /// By customs, where it is declared.
    fn is_released(&self) -> bool {
        !self.content.declared || self.release_time.is_some() || self.let_go()
    }
}

impl Shelf {
    /// 5.1
    pub(super) fn file_list(&mut self, list: &List, now: Now) -> Result<Shown, Reason> {
        if self.list(list.list_no.as_str()).is_some() {
            return Err(Reason::DocumentExists);
        }
        let (partner, overdrawn) = self.check(list, now)?;
        self.check_repair(list, now)?;
        self.check_contract(list, now)?;
        let licences = self.licences_for(list, now)?;
        let on_form = self.taken_of_form(list, now)?;
        self.overdrawn.extend(overdrawn);
        self.lists.push(ListCopy {
            content: list.clone(),
            version: 0,
            state: DocumentState::PrePosted,
            prevd_time: now.ledger_time,
            release_time: None,
            gate_time: None,
            posted_time: None,
            withdrawn_time: None,
            verified_time: None,
            partner: None,
            held: false,
            conditional: None,
            gate_forced: false,
            release_forced: false,
            tally: None,
            short: Vec::new(),
            returned: self.returned_by(list),
            licences,
            on_form,
        });
        self.note_units(list);
        self.reserve(list, partner, now)
    }

    /// 5.9
    pub(super) fn change_list(&mut self, change_no: u64, list: &List, now: Now) -> Result<Shown, Reason> {
        self.may_amend(&list.list_no, Some(change_no))?;
        let old = self.list(list.list_no.as_str()).unwrap().content.clone();
        let same = old.book_no == list.book_no
            && old.direction == list.direction
            && old.mark == list.mark
            && old.kind == list.kind
            && old.mode == list.mode
            && old.declared == list.declared
            && old.declaration_type == list.declaration_type
            && old.declaration_no == list.declaration_no
            && old.exchanged_list == list.exchanged_list
            && old.permit_no == list.permit_no
            && old.related_book == list.related_book;
        if !(old.declared && old.kind == "0" && old.related_book.is_none() && same) {
            return Err(Reason::EditNotAllowed);
        }
        self.end_pending(list.list_no.as_str(), Status::Cancelled(now.revision));
        let copy = self.list_mut(list.list_no.as_str());
        (copy.returned, copy.licences) = (Vec::new(), Vec::new());
        let (partner, overdrawn) = self.check(list, now)?;
        self.check_repair(list, now)?;
        self.check_contract(list, now)?;
        let licences = self.licences_for(list, now)?;
        self.overdrawn.extend(overdrawn);
        let copy = self.list_mut(list.list_no.as_str());
        copy.version = change_no;
        copy.content = list.clone();
        copy.returned = Vec::new();
        copy.licences = licences;
        let returned = self.returned_by(list);
        self.list_mut(list.list_no.as_str()).returned = returned;
        self.note_units(list);
        self.compare_tally(list.list_no.as_str());
        self.reserve(list, partner, now)
    }

    /// 5.7 and 5.8; customs sends a list back without a change number.
    pub(super) fn give_back(
        &mut self,
        list_no: &ListNo,
        change_no: Option<u64>,
        now: Now,
    ) -> Result<Shown, Reason> {
        self.may_amend(list_no, change_no)?;
        self.end_pending(list_no.as_str(), Status::Cancelled(now.revision));
        if let Some(partner) = self.list_mut(list_no.as_str()).partner.take() {
            self.list_mut(partner.as_str()).partner = None;
        }
        let list = self.list_mut(list_no.as_str());
        list.state = if change_no.is_some() { DocumentState::Withdrawn } else { DocumentState::Returned };
        list.version = change_no.unwrap_or(list.version);
        list.withdrawn_time = Some(now.ledger_time);
        list.returned = Vec::new();
        let (state, slips) = (list.state, list.content.slips.clone());
        let mut changed = BTreeMap::from([(list_no.to_string(), state)]);
        if self.list_mut(list_no.as_str()).content.kind == "1" {
            self.mark_slips(&slips, DocumentState::Passed, &mut changed);
        }
        self.move_parcels(list_no.as_str(), DocumentState::Reserved, now, &mut changed);
        Ok(Shown { state: Some(state), changed })
    }

    /// 5.4: opens rows, makes the transfers pending, and posts what has nothing to wait for.
    fn reserve(&mut self, list: &List, partner: Option<ListNo>, now: Now) -> Result<Shown, Reason> {
        let number = list.list_no.to_string();
        if self.opens_rows(list) {
            self.open_rows(list)?;
        }
        self.open_rows_of_results(list)?;
        let content = self.list_mut(&number).content.clone();
        self.may_expire(&content)?;
        let wishes = self.wishes_of_list(&content);
        for line in &content.lines {
            for leg in self.legs(&content, line) {
                self.moves((&number, line.line), leg, (Status::Pending, now), &wishes)?;
            }
        }
        for (result, leg) in content.results.iter().zip(self.result_legs(&content)) {
            self.moves((&number, result.goods.line), leg, (Status::Pending, now), &wishes)?;
        }
        let mut changed = BTreeMap::from([(number.clone(), DocumentState::PrePosted)]);
        if content.kind == "1" {
            self.mark_slips(&content.slips, DocumentState::Consolidated, &mut changed);
        }
        self.move_parcels(&number, DocumentState::Listed, now, &mut changed);
        self.list_mut(&number).release_time =
            content.declaration_no.as_ref().and_then(|declaration| self.release_of(declaration));
        match partner {
            Some(partner) => {
                self.list_mut(&number).partner = Some(partner.clone());
                self.list_mut(partner.as_str()).partner = Some(content.list_no.clone());
                if goes_through_transit(&content) {
                    self.post_if_ready(&number, now, &mut changed);
                } else {
                    // The goods leave before they come in, with their lots.
                    self.post(&number, now, &mut changed);
                    self.post(partner.as_str(), now, &mut changed);
                }
            }
            None => self.post_if_ready(&number, now, &mut changed),
        }
        Ok(Shown { state: self.list(&number).map(|list| list.state), changed })
    }

    /// 12.3: the parcels of a list of kind 8.
    fn move_parcels(
        &mut self,
        number: &str,
        state: DocumentState,
        now: Now,
        changed: &mut BTreeMap<String, DocumentState>,
    ) -> Vec<ParcelNo> {
        let content = &self.list_mut(number).content;
        let parcels = if content.kind == "8" { content.parcels.clone() } else { Vec::new() };
        self.mark_parcels(&parcels, state, now, changed);
        parcels
    }

    pub(super) fn mark_slips(
        &mut self,
        slips: &[SlipNo],
        state: DocumentState,
        changed: &mut BTreeMap<String, DocumentState>,
    ) {
        for number in slips {
            self.slip_mut(number.as_str()).state = state;
            changed.insert(number.to_string(), state);
        }
    }

    /// 4.6; the lot of a row is its other name, so a line finds the row that it opened before.
    fn open_rows(&mut self, list: &List) -> Result<(), Reason> {
        for (at, line) in list.lines.iter().enumerate() {
            let lot =
                LotNo::new(&format!("{}/{}", list.list_no, line.line)).map_err(|_| Reason::InvalidField)?;
            let book = self.book_mut(list.book_no.as_str())?;
            let leasing = book.filing.usage == Usage::Lease;
            let serial = line.serial.clone().filter(|_| leasing);
            let known = book.rows.iter_mut().find(|row| row.lot.as_ref() == Some(&lot));
            let number = match known {
                Some(row) => {
                    row.part = line.part_no.clone();
                    row.tariff = line.tariff_code.clone();
                    row.units = line.units.clone();
                    row.serial = serial;
                    row.number
                }
                None => {
                    // What is left of destroyed goods is no receipt.
                    let receipts = book.rows.iter().filter(|row| row.mark != Mark::Residue);
                    let number = receipts.map(|row| row.number).max().unwrap_or(0) + 1;
                    book.rows.push(Row {
                        mark: Mark::Goods,
                        number,
                        part: line.part_no.clone(),
                        tariff: line.tariff_code.clone(),
                        units: line.units.clone(),
                        lot: Some(lot),
                        tracked: false,
                        serial,
                        kind: None,
                        stops: Default::default(),
                    });
                    number
                }
            };
            self.list_mut(list.list_no.as_str()).content.lines[at].number = number;
        }
        Ok(())
    }

    /// 5.6
    pub(super) fn post_if_ready(
        &mut self,
        number: &str,
        now: Now,
        changed: &mut BTreeMap<String, DocumentState>,
    ) {
        let Some(list) = self.list(number) else { return };
        let content = &list.content;
        if goes_through_transit(content) {
            return self.go_through_transit(number, now, changed);
        }
        let gated = !self.passes_a_gate(content) || self.is_gated(list);
        let ready = list.is_clear() && list.is_released() && gated;
        if list.state == DocumentState::PrePosted && content.kind != "6" && ready {
            self.post(number, now, changed);
        }
    }

    fn is_gated(&self, list: &ListCopy) -> bool {
        let number = list.content.list_no.as_str();
        let all = list.content.lines.iter().all(|line| self.gated(number, line) == line.declared.raw());
        all || list.gate_forced || self.never_enter(&list.content) || self.counted_is_gated(list)
    }

    /// 7.4
    fn go_through_transit(&mut self, number: &str, now: Now, changed: &mut BTreeMap<String, DocumentState>) {
        let list = self.list(number).unwrap().clone();
        let leaves = list.content.direction == Direction::Out && list.state == DocumentState::PrePosted;
        if leaves && list.is_clear() && self.is_gated(&list) {
            self.end_pending(number, Status::Posted(now.revision));
            self.list_mut(number).state = DocumentState::InTransit;
            changed.insert(number.into(), DocumentState::InTransit);
        }
        let Some(partner) = list.partner else { return };
        let (out, into) = match list.content.direction {
            Direction::Out => (list.content.list_no, partner),
            Direction::In => (partner, list.content.list_no),
        };
        let (out, into) = (self.list(out.as_str()).unwrap(), self.list(into.as_str()).unwrap());
        let on_the_way = out.state == DocumentState::InTransit
            && into.state == DocumentState::PrePosted
            && out.is_clear()
            && into.is_clear();
        if on_the_way && self.is_gated(into) && out.is_released() && into.is_released() {
            let (out, into) = (out.content.list_no.to_string(), into.content.list_no.to_string());
            self.arrive(&out, now);
            self.post(&out, now, changed);
            self.post(&into, now, changed);
        }
    }

    /// The second leg, which is never pending.
    fn arrive(&mut self, out: &str, now: Now) {
        let under_way =
            |transfer: &&Transfer| transfer.document == out && transfer.to.place == Place::InTransit;
        let legs: Vec<Transfer> = self.transfers.iter().filter(under_way).cloned().collect();
        for leg in legs.into_iter().filter(|leg| matches!(leg.status, Status::Posted(_))) {
            let outside = leg.to.at(Place::Outside);
            let wishes = Wishes { accounts: vec![out.into()], ..Wishes::default() };
            let leg_on = (leg.to, outside, leg.moved);
            self.post_at_once((out, leg.line), leg_on, now, &wishes).unwrap();
        }
    }

    fn post(&mut self, number: &str, now: Now, changed: &mut BTreeMap<String, DocumentState>) {
        self.end_pending(number, Status::Posted(now.revision));
        for parcel in self.move_parcels(number, DocumentState::Delivered, now, changed) {
            self.end_pending(parcel.as_str(), Status::Posted(now.revision));
        }
        self.settle_tally(number, now);
        let list = self.list_mut(number);
        list.state = DocumentState::Posted;
        list.posted_time = Some(now.ledger_time);
        changed.insert(number.into(), DocumentState::Posted);
    }

    /// A list that is known to be there.
    pub(super) fn list_mut(&mut self, number: &str) -> &mut ListCopy {
        self.lists.iter_mut().find(|list| list.content.list_no.as_str() == number).unwrap()
    }
}
