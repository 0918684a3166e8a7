//! May this vehicle pass? What speaks against a passage, asked before the barrier lifts. It only reads: the passage itself
//! is recorded whatever the answer was, because the gate reports what happened (`RULES.md` 8.3).

use crate::book::Book;
use crate::code::{BookNo, DeclarationNo, DocumentNo, ListNo, PassNo, SlipNo};
use crate::direction::{Direction, Mark};
use crate::document::LinkedType;
use crate::error::Fault;
use crate::hold::{HeldKind, Step};
use crate::item::ItemKey;
use crate::movement::DocumentState;
use crate::pass::Pass;
use crate::query;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::rules::{holds, standing};
use crate::state::{Books, Items, Key, Lines, Movements, Order, Passes, Read, Slips, VehiclePasses, get};
use compact_str::CompactString;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The answer for one pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassageAdvice {
    /// The pass.
    pub pass_no: PassNo,
    /// The pass as it stands.
    pub pass: Arc<Pass>,
    /// What speaks against the passage, each as the refusal that a filing would meet now. Without any it may pass.
    pub obstacles: Vec<Refusal>,
    /// Declarations of the lists on it that customs has not released: they keep the lists from being posted, not the
    /// vehicle from passing (`RULES.md` 5.6).
    pub unreleased: Vec<DeclarationNo>,
}

/// The answer for a pass; `None` if there is no such pass.
///
/// # Errors
/// The state could not be read.
pub fn advise(state: &dyn Read, pass_no: &PassNo) -> Result<Option<PassageAdvice>, Fault> {
    let Some(pass) = get::<Passes>(state, pass_no.clone())? else { return Ok(None) };
    let mut advice = PassageAdvice {
        pass_no: pass_no.clone(),
        pass: Arc::clone(&pass),
        obstacles: Vec::new(),
        unreleased: Vec::new(),
    };
    if !matches!(pass.state, DocumentState::Filed | DocumentState::GateOne) {
        let refusal = Refusal::new(Reason::LinkedDocState).field("stucd", pass.state).document(pass_no);
        advice.obstacles.push(refusal.expected("FILED or GATE_ONE"));
    }
    advice.not_held(state, HeldKind::Pass, pass_no.into(), Step::Passage)?;
    match pass.linked_type {
        LinkedType::Bill => {
            let items = pass.items.iter().map(|number| (Mark::Goods, *number));
            advice.goods(state, pass.book_no.as_ref(), pass.direction, items)?;
        }
        LinkedType::List => pass.linked.iter().try_for_each(|number| advice.list(state, number))?,
        LinkedType::Slip => pass.linked.iter().try_for_each(|number| advice.slip(state, number))?,
    }
    Ok(Some(advice))
}

/// The answers for all passes on which a vehicle may still go through, at most `count_max`, in order of number.
///
/// # Errors
/// The state could not be read.
pub fn advise_vehicle(
    state: &dyn Read,
    vehicle_no: &str,
    count_max: usize,
) -> Result<Vec<PassageAdvice>, Fault> {
    let vehicle = CompactString::new(vehicle_no);
    let (from, to) = ((vehicle.clone(), PassNo::lowest()), (vehicle, PassNo::highest()));
    let found =
        query::collect::<VehiclePasses, _>(
            state,
            from,
            to,
            Order::Forward,
            count_max,
            |key, ()| match key {
                Key::VehiclePass((_, pass_no)) => Some(pass_no),
                _ => None,
            },
        )?;
    let advised: Result<Vec<_>, Fault> = found.iter().map(|pass_no| advise(state, pass_no)).collect();
    Ok(advised?.into_iter().flatten().collect())
}

impl PassageAdvice {
    fn state(&mut self, number: &DocumentNo, found: DocumentState, expected: DocumentState) {
        if found != expected {
            let refusal = Refusal::new(Reason::LinkedDocState).field("rltNo", found).expected(expected);
            self.obstacles.push(refusal.document(number));
        }
    }

    /// Customs stops it.
    fn not_held(
        &mut self,
        state: &dyn Read,
        kind: HeldKind,
        number: DocumentNo,
        step: Step,
    ) -> Result<(), Fault> {
        self.obstacles.extend(holds::stopped(state, kind, number, step)?);
        Ok(())
    }

    fn missing(&mut self, number: &DocumentNo) {
        let refusal = Refusal::new(Reason::DocumentUnknown).field("rltNo", number).document(number);
        self.obstacles.push(refusal);
    }

    fn list(&mut self, state: &dyn Read, number: &DocumentNo) -> Result<(), Fault> {
        let list = match ListNo::new(number.as_str()) {
            Ok(list_no) => get::<Movements>(state, list_no)?,
            Err(_) => None,
        };
        let Some(list) = list else {
            self.missing(number);
            return Ok(());
        };
        self.state(number, list.state, DocumentState::PrePosted);
        self.obstacles.extend(standing::held(&list));
        if list.declared && list.release_time.is_none() {
            self.unreleased.extend(list.declaration_no.clone());
        }
        let lines = get::<Lines>(state, (list.list_no.clone(), list.content_version))?.unwrap_or_default();
        let goods = lines.iter().map(|line| (list.mark, line.filed.number));
        self.goods(state, Some(&list.book_no), list.direction, goods)
    }

    fn slip(&mut self, state: &dyn Read, number: &DocumentNo) -> Result<(), Fault> {
        let slip = match SlipNo::new(number.as_str()) {
            Ok(slip_no) => get::<Slips>(state, slip_no)?,
            Err(_) => None,
        };
        let Some(slip) = slip else {
            self.missing(number);
            return Ok(());
        };
        self.state(number, slip.state, DocumentState::Approved);
        self.not_held(state, HeldKind::Slip, number.clone(), Step::Passage)?;
        self.not_held(state, HeldKind::Permit, (&slip.permit_no).into(), Step::Use)?;
        let goods = slip.lines.iter().map(|line| (line.mark, line.filed.number));
        self.goods(state, Some(&slip.book_no), slip.direction, goods)
    }

    /// Stops of customs on the book and on its items, set after the document was accepted perhaps.
    fn goods(
        &mut self,
        state: &dyn Read,
        book_no: Option<&BookNo>,
        direction: Direction,
        goods: impl Iterator<Item = (Mark, u64)>,
    ) -> Result<(), Fault> {
        let Some(book_no) = book_no else { return Ok(()) };
        let Some(book) = get::<Books>(state, book_no.clone())? else { return Ok(()) };
        self.book(&book, direction);
        for (mark, number) in goods.collect::<BTreeSet<_>>() {
            let key = ItemKey { book_no: book_no.clone(), mark, number };
            if get::<Items>(state, key)?.is_some_and(|item| item.stops.stops(direction)) {
                let refusal = Refusal::new(Reason::ItemPaused).field("putrecSeqno", number);
                self.obstacles.push(refusal.document(book_no));
            }
        }
        Ok(())
    }

    fn book(&mut self, book: &Book, direction: Direction) {
        if book.faulted {
            self.obstacles.push(Refusal::new(Reason::BookFaulted).document(&book.book_no));
        }
        if book.stops.stops(direction) {
            let refusal = Refusal::new(Reason::BookPaused).field("impexpMarkcd", direction);
            self.obstacles.push(refusal.document(&book.book_no));
        }
    }
}
