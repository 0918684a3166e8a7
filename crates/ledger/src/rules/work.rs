//! The work on one command: an overlay, the positions it touches, and what it will tell.

use super::layers::{self, Change, ROWS_PER_LAYER, Stack, Wishes};
use crate::behaviour::BehaviourChange;
use crate::book::Book;
use crate::code::{BookNo, LotNo, SerialNo};
use crate::counters::{Counter, Counters};
use crate::direction::Mark;
use crate::error::Fault;
use crate::event::{Action, JournalKey, JournalRow, Step};
use crate::item::ItemKey;
use crate::layer::{
    Allocation, AllocationKey, Layer, LayerId, LayerKey, LayerMoment, LotMethod, LotShare, LotsTaken,
    StackKey,
};
use crate::measure::{Measure, Unit};
use crate::movement::DocumentState;
use crate::mover::Mover;
use crate::outcome::{Changed, Revision};
use crate::place::Place;
use crate::position::PositionKey;
use crate::quantity::Quantity;
use crate::query;
use crate::refusal::Refusal;
use crate::state::{
    Allocations, Books, Head, Journal, Key, LayerMoments, Layers, Lots, Order, OverdrawnPositions, Overlay,
    Positions, Read, Row, Table, Visit, Writes, get,
};
use crate::time::{Date, Instant};
use compact_str::CompactString;
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What ends the work on a command early.
#[derive(Debug)]
pub(crate) enum Stop {
    /// A rule says no.
    Refused(Box<Refusal>),
    /// The state cannot be read.
    Fault(Fault),
    /// The ledger found its own work wrong.
    Broken(String),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl Stop {
    pub(crate) fn overflow() -> Self {
        Self::Broken("a sum is beyond the range of a number".into())
    }
}

/// Which line of which document moves goods.
#[derive(Clone, Copy)]
pub(crate) struct Cause<'a> {
    pub(crate) mover: &'a Mover,
    pub(crate) line: u64,
}

/// A position before and after this command.
#[derive(Clone, Copy)]
struct Touched {
    before: Counters,
    after: Counters,
    changed: bool,
}

/// The work on one command.
pub(crate) struct Work<'a> {
    overlay: Overlay<'a>,
    /// The ledger before this command, with the revision and times of this one.
    pub(crate) head: Head,
    /// Carried at a ledger time of the past.
    pub(crate) migrating: bool,
    /// The document came as a message, which has no field for what only calls can say.
    pub(crate) by_message: bool,
    positions: IndexMap<PositionKey, Touched, FxBuildHasher>,
    ordinal: u32,
    /// The transfers made.
    pub(crate) steps: Vec<Step>,
    changed: BTreeMap<CompactString, DocumentState>,
    /// The document the command is about, and its state.
    pub(crate) document: Option<CompactString>,
    /// The state of that document, or of the report or notice itself.
    pub(crate) state: Option<DocumentState>,
    touched_books: BTreeSet<BookNo>,
    /// Those of them that are kept by lot.
    methods: BTreeMap<BookNo, (LotMethod, Revision)>,
    stacks: BTreeMap<StackKey, Stack>,
    /// Rows of layers that were read, and that will be written.
    layer_rows: usize,
    lots: Vec<LotsTaken>,
}

impl<'a> Work<'a> {
    pub(crate) fn new(base: &'a dyn Read, head: Head, migrating: bool) -> Self {
        Self {
            overlay: Overlay::new(base),
            head,
            migrating,
            by_message: false,
            positions: IndexMap::default(),
            ordinal: 0,
            steps: Vec::new(),
            changed: BTreeMap::new(),
            document: None,
            state: None,
            touched_books: BTreeSet::new(),
            methods: BTreeMap::new(),
            stacks: BTreeMap::new(),
            layer_rows: 0,
            lots: Vec::new(),
        }
    }

    /// Whether a change of what is decided is in force.
    pub(crate) fn has(&self, change: BehaviourChange) -> bool {
        change.holds(self.head.behaviour)
    }

    pub(crate) fn get<T: Table>(&self, key: T::Key) -> Result<Option<T::Value>, Fault> {
        get::<T>(&self.overlay, key)
    }

    /// The first key of a table from one key to another, both included.
    pub(crate) fn first_key<T: Table>(&self, from: T::Key, to: T::Key) -> Result<Option<Key>, Fault> {
        let mut first = None;
        self.overlay.scan(&T::key(from), &T::key(to), Order::Forward, &mut |key, _| {
            first = Some(key);
            Visit::Break(())
        })?;
        Ok(first)
    }

    /// The state as this command leaves it so far, without its positions and layers.
    pub(crate) fn state(&self) -> &dyn Read {
        &self.overlay
    }

    /// The positions in a place that this command has changed so far.
    pub(crate) fn changed_in(&self, place: Place) -> Vec<PositionKey> {
        let changed = self.positions.iter().filter(|(key, touched)| touched.changed && key.place == place);
        changed.map(|(key, _)| key.clone()).collect()
    }

    /// What was written so far.
    pub(crate) fn writes(&self) -> &Writes {
        self.overlay.writes()
    }

    /// A row as it was before this command.
    pub(crate) fn row_before(&self, key: &Key) -> Result<Option<Row>, Fault> {
        self.overlay.before(key)
    }

    pub(crate) fn put<T: Table>(&mut self, key: T::Key, value: T::Value) {
        self.overlay.put::<T>(key, value);
    }

    pub(crate) fn remove<T: Table>(&mut self, key: T::Key) {
        self.overlay.remove::<T>(key);
    }

    pub(crate) fn remove_if_there<T: Table<Key: Clone>>(&mut self, key: T::Key) -> Result<(), Fault> {
        if self.get::<T>(key.clone())?.is_some() {
            self.remove::<T>(key);
        }
        Ok(())
    }

    /// Whether a position of products of a book has goods in stock: the first one, as it was before this command.
    pub(crate) fn product_in_stock(
        &self,
        book_no: &BookNo,
    ) -> Result<Option<(PositionKey, Quantity)>, Fault> {
        let key = |number, upper: bool| PositionKey {
            book_no: book_no.clone(),
            mark: Mark::Product,
            number,
            lot: upper.then(LotNo::highest),
            serial: upper.then(SerialNo::highest),
            place: Place::Zone,
        };
        let (from, to) = (key(0, false), key(u64::MAX, true));
        let there = |key: Key, counters: Counters| match (key, counters.on_hand()) {
            (Key::Position(key), Some(on_hand)) if key.place == Place::Zone => {
                on_hand.declared().is_positive().then(|| (key, on_hand.declared()))
            }
            _ => None,
        };
        let found = query::collect::<Positions, _>(&self.overlay, from, to, Order::Forward, 1, there)?;
        Ok(found.into_iter().next())
    }

    pub(crate) fn now(&self) -> Instant {
        self.head.ledger_time
    }

    /// The day of the ledger's clock.
    pub(crate) fn today(&self) -> Date {
        self.head.utc_offset.local(self.now()).date()
    }

    /// Today by the ledger's clock; `None` in a migration, where only the document's own date counts.
    pub(crate) fn live_date(&self) -> Option<Date> {
        (!self.migrating).then(|| self.today())
    }

    /// Works on a book from here on.
    pub(crate) fn enters(&mut self, book: &Book) {
        if !self.touched_books.contains(&book.book_no) {
            self.touched_books.insert(book.book_no.clone());
        }
        match book.lot_method {
            LotMethod::None => {}
            method => {
                self.methods.insert(book.book_no.clone(), (method, book.lots_since));
            }
        }
    }

    /// Works on a book that no guard has looked at yet.
    fn touches_book(&mut self, book_no: &BookNo) -> Result<(), Fault> {
        if !self.touched_books.contains(book_no) {
            self.touched_books.insert(book_no.clone());
            if let Some(book) = self.get::<Books>(book_no.clone())? {
                self.enters(&book);
            }
        }
        Ok(())
    }

    /// The lot method of a book; `None` for one that keeps no lots.
    pub(crate) fn lot_method(&self, book_no: &BookNo) -> Option<LotMethod> {
        self.methods.get(book_no).map(|(method, _)| *method)
    }

    /// The lots that a line took, if they have left and its book keeps lots since then.
    pub(crate) fn lots_left(&self, key: &AllocationKey) -> Result<Option<Arc<Allocation>>, Fault> {
        let since = self.methods.get(&key.from.book_no).map(|(_, since)| *since);
        let Some(since) = since else { return Ok(None) };
        let found = self.get::<Allocations>(key.clone())?;
        Ok(found.filter(|found| found.posted && found.since >= since))
    }

    /// A lot of a book, if its goods have come in and the book keeps lots since then.
    pub(crate) fn lot_received(&self, item: &ItemKey, lot: &LotNo) -> Result<bool, Fault> {
        let since = self.methods.get(&item.book_no).map(|(_, since)| *since);
        let received = self.get::<Lots>((item.clone(), lot.clone()))?.and_then(|known| known.received_at);
        Ok(received.zip(since).is_some_and(|((received, _), since)| received >= since))
    }

    /// The layers of a place, as they are now.
    pub(crate) fn stack(&mut self, key: &StackKey) -> Result<&mut Stack, Fault> {
        if !self.stacks.contains_key(key) {
            let stack = Stack::read(&self.overlay, key)?;
            self.layer_rows = self.layer_rows.saturating_add(stack.count());
            self.stacks.insert(key.clone(), stack);
        }
        self.stacks.get_mut(key).ok_or_else(|| Fault(format!("layers of {key:?} vanished")))
    }

    /// Changes a layer. One that this command changes for the first time is a row more, and a row more of its history.
    pub(crate) fn change_layer(
        &mut self,
        key: &StackKey,
        id: &LayerId,
        share: &LotShare,
        by: Change,
    ) -> Result<(), Stop> {
        let first = self.stack(key)?.change(id, share, by).ok_or_else(Stop::overflow)?;
        self.layer_rows = self.layer_rows.saturating_add(if first { ROWS_PER_LAYER } else { 0 });
        Ok(())
    }

    /// A place is no longer kept by lot.
    pub(crate) fn empty_stack(&mut self, key: &StackKey) -> Result<(), Stop> {
        let gone = self.stack(key)?.empty();
        self.layer_rows = self.layer_rows.saturating_add(gone.saturating_mul(ROWS_PER_LAYER));
        Ok(())
    }

    /// A reservation will give lots to a place when it is posted: its rows are touched then.
    pub(crate) fn will_give(&mut self, key: &StackKey, lots: usize) -> Result<(), Stop> {
        self.stack(key)?;
        self.layer_rows = self.layer_rows.saturating_add(lots.saturating_mul(ROWS_PER_LAYER));
        Ok(())
    }

    /// Rows that the command has touched so far, those included that it will write at its end.
    pub(crate) fn rows_touched(&self) -> usize {
        let rows = self.overlay.writes().len().saturating_add(self.positions.len());
        rows.saturating_add(self.layer_rows)
    }

    /// Notes for the answer which lots were taken.
    pub(crate) fn take_lots(&mut self, taken: LotsTaken) {
        self.lots.push(taken);
    }

    /// Names a document that was filed or changed.
    pub(crate) fn names(&mut self, document: &str, state: DocumentState) {
        self.changed.insert(document.into(), state);
    }

    /// The documents named so far.
    pub(crate) fn named(&self) -> &BTreeMap<CompactString, DocumentState> {
        &self.changed
    }

    fn touched(&mut self, key: &PositionKey) -> Result<&mut Touched, Fault> {
        if !self.positions.contains_key(key) {
            let counters = get::<Positions>(&self.overlay, key.clone())?.unwrap_or_default();
            let touched = Touched { before: counters, after: counters, changed: false };
            self.positions.insert(key.clone(), touched);
        }
        self.positions.get_mut(key).ok_or_else(|| Fault(format!("position {key:?} vanished")))
    }

    /// The counters of a position as they are now.
    pub(crate) fn counters(&mut self, key: &PositionKey) -> Result<Counters, Fault> {
        self.touched(key).map(|touched| touched.after)
    }

    /// Moves goods from one position to another (`RULES.md` 3.4) and writes the journal of both.
    pub(crate) fn transfer(
        &mut self,
        cause: Cause<'_>,
        action: Action,
        from: &PositionKey,
        to: &PositionKey,
        measure: &Measure,
    ) -> Result<(), Stop> {
        self.transfer_lots(cause, Wishes::default(), action, (from, to), measure)
    }

    /// The same, with what the document says of the lots.
    pub(crate) fn transfer_lots(
        &mut self,
        cause: Cause<'_>,
        wishes: Wishes<'_>,
        action: Action,
        (from, to): (&PositionKey, &PositionKey),
        measure: &Measure,
    ) -> Result<(), Stop> {
        use Counter::{DecreasePending, DecreasePosted, IncreasePending, IncreasePosted};
        let (taken, given): (&[_], &[_]) = match action {
            Action::Reserve => (&[(DecreasePending, false)], &[(IncreasePending, false)]),
            Action::Cancel => (&[(DecreasePending, true)], &[(IncreasePending, true)]),
            Action::Post => (
                &[(DecreasePending, true), (DecreasePosted, false)],
                &[(IncreasePending, true), (IncreasePosted, false)],
            ),
            Action::PostAtOnce => (&[(DecreasePosted, false)], &[(IncreasePosted, false)]),
        };
        self.change(cause, action, from, taken, measure)?;
        self.change(cause, action, to, given, measure)?;
        if self.methods.is_empty() {
            return Ok(());
        }
        layers::follow(self, cause, wishes, action, (from, to), measure)
    }

    fn change(
        &mut self,
        cause: Cause<'_>,
        action: Action,
        key: &PositionKey,
        changes: &[(Counter, bool)],
        measure: &Measure,
    ) -> Result<(), Stop> {
        self.touches_book(&key.book_no)?;
        let touched = self.touched(key)?;
        for (counter, negative) in changes {
            touched.after = touched.after.changed(*counter, measure, *negative).ok_or_else(Stop::overflow)?;
        }
        touched.changed = true;
        let after = touched.after;
        self.ordinal = self.ordinal.checked_add(1).ok_or_else(Stop::overflow)?;
        let journal_key =
            JournalKey { position: key.clone(), revision: self.head.revision, ordinal: self.ordinal };
        let row = JournalRow { action, document: cause.mover.number.clone(), line: cause.line, after };
        self.overlay.put::<Journal>(journal_key, Arc::new(row));
        Ok(())
    }

    /// Checks the work itself: conservation, and no overdraft inside a book (`design.md` 2, `RULES.md` 3.5).
    pub(crate) fn audit(&self) -> Result<(), Stop> {
        let mut moved: IndexMap<_, Measure, FxBuildHasher> = IndexMap::default();
        for (key, touched) in self.positions.iter().filter(|(_, touched)| touched.changed) {
            audit_position(key, &touched.after, || self.get::<OverdrawnPositions>(key.clone()))?;
            let gain = touched
                .after
                .on_hand()
                .zip(touched.before.on_hand())
                .and_then(|(after, before)| after.checked_sub(&before))
                .ok_or_else(Stop::overflow)?;
            let sum = moved.entry((&key.book_no, key.mark, key.number)).or_default();
            *sum = sum.checked_add(&gain).ok_or_else(Stop::overflow)?;
        }
        self.audit_stacks()?;
        match moved.iter().find(|(_, sum)| !sum.is_zero()) {
            Some((item, sum)) => Err(Stop::Broken(format!("{item:?} is not conserved: {sum:?}"))),
            None => Ok(()),
        }
    }

    /// The layers of a place add up to its position.
    fn audit_stacks(&self) -> Result<(), Stop> {
        for (key, stack) in &self.stacks {
            let Some(touched) = self.positions.get(&key.position()) else { continue };
            let (remaining, reserved) =
                stack.sums().ok_or_else(|| Stop::Broken(format!("a lot is overdrawn in {key:?}")))?;
            let on_hand = touched.after.on_hand().ok_or_else(Stop::overflow)?;
            let pending = touched.after.decrease_pending;
            let same = |a: Measure, b: Measure| a.only(&Unit::QUANTITIES) == b.only(&Unit::QUANTITIES);
            if !same(remaining, on_hand) || !same(reserved, pending) {
                return Err(Stop::Broken(format!(
                    "lots of {key:?} have {remaining:?} and {reserved:?}, the position {on_hand:?} and {pending:?}"
                )));
            }
        }
        Ok(())
    }

    /// What was done, for the event, the digest, the answer and the store.
    pub(crate) fn finish(mut self) -> Finished {
        let mut balances = Vec::new();
        let mut counters_after = Vec::new();
        for (key, touched) in self.positions {
            if !touched.changed {
                continue;
            }
            self.overlay.put::<Positions>(key.clone(), touched.after);
            if key.place.is_inside() {
                balances.push((key.clone(), touched.after));
            }
            counters_after.push((key, touched.after));
        }
        let mut layers_after = Vec::new();
        for (stack, changed) in &self.stacks {
            for (id, layer) in changed.changes() {
                let key = LayerKey { stack: stack.clone(), id: id.clone() };
                let moment = LayerMoment { layer: key.clone(), revision: self.head.revision };
                self.overlay.put::<LayerMoments>(moment, layer.unwrap_or_default());
                match layer {
                    Some(layer) => self.overlay.put::<Layers>(key.clone(), layer),
                    None => self.overlay.remove::<Layers>(key.clone()),
                }
                layers_after.push((key, layer));
            }
        }
        Finished {
            document: self.document,
            state: self.state,
            changed: self.changed.into_iter().map(|(document, state)| Changed { document, state }).collect(),
            steps: self.steps,
            balances,
            lots: self.lots,
            counters_after,
            layers_after,
            writes: self.overlay.into_writes(),
        }
    }

    /// The books it touched so far.
    pub(crate) fn books(&self) -> &BTreeSet<BookNo> {
        &self.touched_books
    }
}

/// The results of the work on one command.
#[derive(Default)]
pub(crate) struct Finished {
    pub(crate) document: Option<CompactString>,
    pub(crate) state: Option<DocumentState>,
    pub(crate) changed: Vec<Changed>,
    pub(crate) steps: Vec<Step>,
    pub(crate) balances: Vec<(PositionKey, Counters)>,
    /// Lots taken.
    pub(crate) lots: Vec<LotsTaken>,
    pub(crate) counters_after: Vec<(PositionKey, Counters)>,
    pub(crate) layers_after: Vec<(LayerKey, Option<Layer>)>,
    pub(crate) writes: Writes,
}

/// `overdrawn` says how much lists took that was not there, by override of customs; of such a position the statutory
/// quantities are what documents left.
fn audit_position(
    key: &PositionKey,
    counters: &Counters,
    overdrawn: impl Fn() -> Result<Option<Quantity>, Fault>,
) -> Result<(), Stop> {
    let broken = |what: &str| Err(Stop::Broken(format!("{what} in {key:?}: {counters:?}")));
    for unit in Unit::ALL {
        if counters.of_unit(unit).iter().any(|counter| counter.is_negative()) {
            return broken("negative counter");
        }
    }
    if !key.place.is_inside() {
        return Ok(());
    }
    let (Some(on_hand), Some(available)) = (counters.on_hand(), counters.available()) else {
        return Err(Stop::overflow());
    };
    let negative = |unit: &Unit| on_hand.get(*unit).is_negative() || available.get(*unit).is_negative();
    let wrong = if Unit::QUANTITIES.iter().any(negative) {
        "overdraft"
    } else if on_hand.declared().is_zero() && !on_hand.only(&[Unit::Statutory1, Unit::Statutory2]).is_zero() {
        "statutory quantity without declared quantity"
    } else {
        return Ok(());
    };
    let Some(allowed) = overdrawn()? else { return broken(wrong) };
    let lowest = on_hand.declared().min(available.declared());
    match lowest.checked_add(allowed) {
        Some(sum) if !sum.is_negative() => Ok(()),
        _ => broken("overdraft beyond what customs allowed"),
    }
}
