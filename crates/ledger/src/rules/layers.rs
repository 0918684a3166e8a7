//! Layers of accumulating books: what a transfer takes from which lots, and where they go (`domain.md` 4.3, 8.11).
//!
//! [`Work::transfer`] calls [`follow`] for every transfer, so no document has to know of lots. What a document may say
//! beyond its quantities, which lots and on whose account, stands in its [`Wishes`].
//!
//! How a quantity is split. Declared: lot by lot in order. Statutory: the document's figure exactly, as the position
//! moves by it; a lot that is emptied gives all it has, a lot that is not gives its part in proportion, rounded down,
//! and what is left over goes to the last lot taken, then to those before it, then to those that were not taken. Where
//! the document says less than the emptied lots hold, the last of them keep a rest, which is the first to leave with
//! the next withdrawal. Value: that of the receipt in proportion to the declared quantity, rounded down, all of it when
//! the lot is emptied. No lot ever gives more than it has of anything.

use super::work::{Cause, Stop, Work};
use super::{direct_exits, guards};
use crate::book::Book;
use crate::code::{BookNo, DocumentNo, LotNo, PartNo, TariffCode};
use crate::direction::Mark;
use crate::document::List;
use crate::error::Fault;
use crate::event::Action;
use crate::item::ItemKey;
use crate::layer::{
    Allocation, AllocationKey, Layer, LayerId, Lot, LotMethod, LotShare, LotSource, LotsTaken, NamedLot,
    StackKey,
};
use crate::limits::{KEYS_MAX, LOTS_MAX, TRANSFERS_MAX};
use crate::matrix::{Claim, Rule};
use crate::measure::{Measure, Unit};
use crate::movement::{Movement, MovementLine};
use crate::mover::Mover;
use crate::place::Place;
use crate::position::PositionKey;
use crate::quantity::Quantity;
use crate::query;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{Allocations, Items, Key, Lots, Order, Read, Row, Visit};
use crate::time::Date;
use num_bigint::BigInt;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a document says of the lots that it moves.
#[derive(Clone, Copy, Default)]
pub(crate) struct Wishes<'a> {
    /// The lots that its lines name. `None` where a document takes all there is, puts back, or takes what is set aside
    /// already: then even the method that has lots named takes what came first.
    pub(crate) named: Option<&'a [NamedLot]>,
    /// On whose account the goods are out that it takes; others are taken when these do not suffice.
    pub(crate) of: &'a [DocumentNo],
    /// On whose account the goods are out that it gives.
    pub(crate) holder: Option<&'a DocumentNo>,
    /// The document whose lines it undoes, number by number: it takes the lots that they brought, and puts back those
    /// that they took.
    pub(crate) undoes: Option<&'a Mover>,
    /// Its lines take again what they have set aside, each its own before that of others.
    pub(crate) own: bool,
    /// The document that let go, in another book, of the goods that its lines bring, number by number: their lots go on.
    pub(crate) continues: Option<&'a Mover>,
}

impl<'a> Wishes<'a> {
    /// Of a document on whose own account goods are set aside and taken again.
    pub(crate) fn on_account(document: &'a DocumentNo) -> Self {
        Self { of: std::slice::from_ref(document), holder: Some(document), own: true, ..Self::default() }
    }

    /// Of a document that undoes another.
    pub(crate) fn undoing(undone: &'a Mover) -> Self {
        Self { undoes: Some(undone), own: false, ..Self::on_account(&undone.number) }
    }
}

/// The layers of one place while a command is at work.
#[derive(Default)]
pub(crate) struct Stack {
    layers: BTreeMap<LayerId, Layer>,
    changed: BTreeMap<LayerId, ()>,
}

impl Stack {
    pub(crate) fn read(state: &impl Read, key: &StackKey) -> Result<Self, Fault> {
        let mut stack = Self::default();
        state.scan(
            &Key::Layer(key.lowest()),
            &Key::Layer(key.highest()),
            Order::Forward,
            &mut |key, row| {
                if let (Key::Layer(key), Row::Layer(layer)) = (key, row) {
                    stack.layers.insert(key.id, layer);
                }
                Visit::Continue(())
            },
        )?;
        Ok(stack)
    }

    /// How many layers there are.
    pub(crate) fn count(&self) -> usize {
        self.layers.len()
    }

    /// Changes a figure of a layer by an amount that is taken off or put on. Whether it is the first change of the layer;
    /// `None` beyond the range of a number.
    pub(crate) fn change(&mut self, id: &LayerId, share: &LotShare, by: Change) -> Option<bool> {
        let layer =
            self.layers.entry(id.clone()).or_insert(Layer { expires: share.expires, ..Layer::default() });
        match by {
            Change::Reserve => layer.reserved = layer.reserved.checked_add(&share.measure)?,
            Change::Release => layer.reserved = layer.reserved.checked_sub(&share.measure)?,
            Change::Give => layer.remaining = layer.remaining.checked_add(&share.measure)?,
            Change::Take => layer.remaining = layer.remaining.checked_sub(&share.measure)?,
        }
        Some(self.changed.insert(id.clone(), ()).is_none())
    }

    /// Takes all layers away; how many are changed by it for the first time.
    pub(crate) fn empty(&mut self) -> usize {
        let layers = std::mem::take(&mut self.layers);
        layers.into_keys().filter(|id| self.changed.insert(id.clone(), ()).is_none()).count()
    }

    /// The layers that the command changed; `None` for one that is empty now.
    pub(crate) fn changes(&self) -> impl Iterator<Item = (&LayerId, Option<Layer>)> {
        self.changed.keys().map(|id| {
            let empty = |layer: &&Layer| layer.remaining.is_zero() && layer.reserved.is_zero();
            (id, self.layers.get(id).filter(|layer| !empty(layer)).copied())
        })
    }

    /// Sums of what remains and of what is reserved; `None` if a layer is below nothing anywhere.
    pub(crate) fn sums(&self) -> Option<(Measure, Measure)> {
        let mut sums = (Measure::ZERO, Measure::ZERO);
        for layer in self.layers.values() {
            let free = layer.remaining.checked_sub(&layer.reserved)?;
            if Unit::ALL
                .iter()
                .any(|unit| free.get(*unit).is_negative() || layer.reserved.get(*unit).is_negative())
            {
                return None;
            }
            sums = (sums.0.checked_add(&layer.remaining)?, sums.1.checked_add(&layer.reserved)?);
        }
        Some(sums)
    }
}

/// A layer is a row and a row of its history.
pub(crate) const ROWS_PER_LAYER: usize = 2;

/// What happens to a layer.
#[derive(Clone, Copy)]
pub(crate) enum Change {
    Reserve,
    Release,
    Give,
    Take,
}

/// Where a position is kept by lot: a place of an accumulating book with a method, of goods that have neither lot nor
/// serial number of their own.
fn stack_of(work: &Work<'_>, position: &PositionKey) -> Option<(StackKey, LotMethod)> {
    if position.lot.is_some() || position.serial.is_some() || !position.place.keeps_lots() {
        return None;
    }
    let method = work.lot_method(&position.book_no)?;
    Some((
        StackKey {
            book_no: position.book_no.clone(),
            mark: position.mark,
            number: position.number,
            place: position.place,
        },
        method,
    ))
}

/// On whose account goods are in a place, what came last first.
pub(crate) fn holders(work: &mut Work<'_>, position: &PositionKey) -> Result<Vec<DocumentNo>, Stop> {
    let Some((key, _)) = stack_of(work, position) else { return Ok(Vec::new()) };
    let stack = work.stack(&key)?;
    Ok(stack.layers.keys().rev().filter_map(|id| id.holder.clone()).collect())
}

/// Lets the layers follow a transfer that the counters have made.
///
/// `TOO_LARGE`: no command touches more rows than [`KEYS_MAX`], those of lots included. What reserves is counted as if it
/// gave already, so that it can be posted later.
pub(crate) fn follow(
    work: &mut Work<'_>,
    cause: Cause<'_>,
    wishes: Wishes<'_>,
    action: Action,
    positions: (&PositionKey, &PositionKey),
    measure: &Measure,
) -> Result<(), Stop> {
    move_lots(work, cause, wishes, action, positions, measure)?;
    bounded(work, Some(cause.line), &positions.0.book_no)
}

fn bounded(work: &Work<'_>, line: Option<u64>, book_no: &BookNo) -> Result<(), Stop> {
    let rows = work.rows_touched();
    if rows <= KEYS_MAX {
        return Ok(());
    }
    let mut refusal = Refusal::new(Reason::TooLarge).field("lots", rows).document(book_no);
    refusal.line = line;
    let expected = format!("at most {KEYS_MAX} rows that one step touches, those of lots included");
    Err(refusal.expected(expected).into())
}

fn move_lots(
    work: &mut Work<'_>,
    cause: Cause<'_>,
    wishes: Wishes<'_>,
    action: Action,
    (from, to): (&PositionKey, &PositionKey),
    measure: &Measure,
) -> Result<(), Stop> {
    let target = stack_of(work, to).map(|(stack, _)| stack);
    let source = stack_of(work, from);
    if let (Some(target), None, Action::Reserve | Action::PostAtOnce) = (&target, &source, action) {
        room(work, cause, target)?;
    }
    // What was reserved within the book goes as it was reserved.
    let goes_back = action == Action::PostAtOnce || (action == Action::Post && source.is_none());
    if let (Some(target), true) = (&target, goes_back) {
        let within = source.as_ref().map(|(source, _)| source);
        if restore(work, cause, wishes, (from.place, within), target, measure)? {
            return Ok(());
        }
    }
    let Some((source, method)) = source else {
        return match target.filter(|_| goes_back) {
            Some(target) if go_on(work, cause, wishes, from.place, &target, measure)? => Ok(()),
            Some(target) => receive(work, cause, wishes, &target, measure),
            None => Ok(()),
        };
    };
    let key = AllocationKey { mover: cause.mover.clone(), line: cause.line, from: source, to: to.place };
    let allocation = match action {
        Action::Reserve | Action::PostAtOnce => {
            let holder = wishes.holder.filter(|_| !to.place.is_stock()).cloned();
            let shares = choose(work, &key, method, wishes, measure)?;
            let (posted, shares_count) = (action == Action::PostAtOnce, shares.len());
            let allocation = Arc::new(Allocation { holder, posted, since: work.head.revision, shares });
            if let (Some(target), Action::Reserve) = (&target, action) {
                work.will_give(target, shares_count)?;
            }
            work.take_lots(LotsTaken { key: key.clone(), allocation: (*allocation).clone() });
            allocation
        }
        Action::Cancel | Action::Post => {
            let allocation = work.get::<Allocations>(key.clone())?;
            allocation.ok_or_else(|| Stop::Broken(format!("{key:?} has no lots")))?
        }
    };
    let changes: &[Change] = match action {
        Action::Reserve => &[Change::Reserve],
        Action::Cancel => &[Change::Release],
        Action::Post => &[Change::Release, Change::Take],
        Action::PostAtOnce => &[Change::Take],
    };
    for share in &allocation.shares {
        for change in changes {
            work.change_layer(&key.from, &share.layer, share, *change)?;
        }
    }
    if let (Some(target), Action::Post | Action::PostAtOnce) = (target, action) {
        give(work, &target, &allocation)?;
    }
    match action {
        Action::Cancel => work.remove::<Allocations>(key),
        Action::Reserve => work.put::<Allocations>(key, allocation),
        Action::Post => {
            work.put::<Allocations>(key, Arc::new(Allocation { posted: true, ..(*allocation).clone() }));
        }
        Action::PostAtOnce => {
            let sum = with_earlier(work, &key, &allocation)?;
            work.put::<Allocations>(key, Arc::new(sum));
        }
    }
    Ok(())
}

/// What a line takes at once comes to what it took before: a decision is about part of one.
fn with_earlier(work: &Work<'_>, key: &AllocationKey, now: &Allocation) -> Result<Allocation, Stop> {
    let Some(earlier) = work.lots_left(key)? else { return Ok(now.clone()) };
    let mut sum = (*earlier).clone();
    sum.holder.clone_from(&now.holder);
    for share in &now.shares {
        match sum.shares.iter_mut().find(|other| other.layer == share.layer) {
            Some(other) => {
                other.measure = other.measure.checked_add(&share.measure).ok_or_else(Stop::overflow)?;
            }
            None => sum.shares.push(share.clone()),
        }
    }
    Ok(sum)
}

/// Puts back the lots that a line of the document took that is undone, where they were and on whose account, those first
/// that it took last. `false` where it took none of that much: its book kept no lots then, or it brought them.
fn restore(
    work: &mut Work<'_>,
    cause: Cause<'_>,
    wishes: Wishes<'_>,
    (place, source): (Place, Option<&StackKey>),
    target: &StackKey,
    measure: &Measure,
) -> Result<bool, Stop> {
    let Some(mover) = wishes.undoes else { return Ok(false) };
    let key = |to| AllocationKey { mover: mover.clone(), line: cause.line, from: target.clone(), to };
    // Through transit goods went in two steps, and come back in one.
    let (first, onward) = match work.lots_left(&key(place))? {
        Some(_) => (key(place), None),
        None => {
            let from = StackKey { place: Place::InTransit, ..target.clone() };
            (key(Place::InTransit), Some(AllocationKey { from, ..key(place) }))
        }
    };
    let Some(allocation) = work.lots_left(&first)? else { return Ok(false) };
    let Some(back) = part_of(&allocation.shares, measure) else { return Ok(false) };
    if let Some(source) = source {
        leave(work, cause, source, (target.place, allocation.holder.as_ref()), &back)?;
    }
    for share in &back {
        work.change_layer(target, &share.layer, share, Change::Give)?;
    }
    for key in std::iter::once(first).chain(onward) {
        untake(work, key, &back)?;
    }
    Ok(true)
}

/// Lots that go back leave the place that they went to, where they stand on an account.
fn leave(
    work: &mut Work<'_>,
    cause: Cause<'_>,
    source: &StackKey,
    (to, holder): (Place, Option<&DocumentNo>),
    back: &[LotShare],
) -> Result<(), Stop> {
    let there = |share: &LotShare| LayerId { holder: holder.cloned(), ..share.layer.clone() };
    for share in back {
        let id = there(share);
        let layer = work.stack(source)?.layers.get(&id).copied().unwrap_or_default();
        still_there(cause.line, source, layer, share)?;
        work.change_layer(source, &id, share, Change::Take)?;
    }
    let shares = back.iter().map(|share| LotShare { layer: there(share), ..share.clone() }).collect();
    let allocation = Allocation { holder: None, posted: true, since: work.head.revision, shares };
    let key = AllocationKey { mover: cause.mover.clone(), line: cause.line, from: source.clone(), to };
    work.take_lots(LotsTaken { key: key.clone(), allocation: allocation.clone() });
    work.put::<Allocations>(key, Arc::new(allocation));
    Ok(())
}

/// `LOT_SHORT`: what went there of a lot is still there, and free; else a later event has to be taken back first.
fn still_there(line: u64, source: &StackKey, layer: Layer, share: &LotShare) -> Result<(), Stop> {
    let free = layer.remaining.checked_sub(&layer.reserved).ok_or_else(Stop::overflow)?;
    let Some(unit) = Unit::ALL.into_iter().find(|unit| free.get(*unit) < share.measure.get(*unit)) else {
        return Ok(());
    };
    Err(Refusal::new(Reason::LotShort)
        .line(line)
        .field("lot", &share.layer.lot)
        .expected("the lots that are taken back, where they went: what took them since is taken back first")
        .document(&source.book_no)
        .short(Some(source.place), unit, share.measure.get(unit), free.get(unit))
        .into())
}

/// What is back is no longer taken.
fn untake(work: &mut Work<'_>, key: AllocationKey, back: &[LotShare]) -> Result<(), Stop> {
    let Some(allocation) = work.get::<Allocations>(key.clone())? else { return Ok(()) };
    let mut left = (*allocation).clone();
    for share in back {
        let same = |other: &&mut LotShare| {
            (&other.layer.lot, other.layer.received) == (&share.layer.lot, share.layer.received)
        };
        if let Some(other) = left.shares.iter_mut().find(same) {
            other.measure = other.measure.checked_sub(&share.measure).ok_or_else(Stop::overflow)?;
        }
    }
    left.shares.retain(|share| !share.measure.is_zero());
    if left.shares.is_empty() {
        work.remove::<Allocations>(key);
    } else {
        work.put::<Allocations>(key, Arc::new(left));
    }
    Ok(())
}

fn shares(taken: Vec<Free>) -> Vec<LotShare> {
    let taken = taken.into_iter().filter(|layer| !layer.taken.is_zero());
    taken.map(|layer| LotShare { layer: layer.id, expires: layer.expires, measure: layer.taken }).collect()
}

/// Lots go where the goods go.
fn give(work: &mut Work<'_>, target: &StackKey, allocation: &Allocation) -> Result<(), Stop> {
    for share in &allocation.shares {
        let id = LayerId { holder: allocation.holder.clone(), ..share.layer.clone() };
        work.change_layer(target, &id, share, Change::Give)?;
    }
    Ok(())
}

/// A lot begins with what is on hand.
pub(crate) fn open(work: &mut Work<'_>, stack: &StackKey, share: &LotShare) -> Result<(), Stop> {
    work.counters(&stack.position())?;
    work.change_layer(stack, &share.layer, share, Change::Give)?;
    bounded(work, None, &stack.book_no)
}

/// A place is no longer kept by lot.
pub(crate) fn clear(work: &mut Work<'_>, key: &StackKey) -> Result<(), Stop> {
    work.empty_stack(key)?;
    bounded(work, None, &key.book_no)
}

/// Lots of another book go on here: the same lots in the order in which they were received there, with all that is known
/// of them. `false` where that book kept none, or goods came out of it that were in none.
fn go_on(
    work: &mut Work<'_>,
    cause: Cause<'_>,
    wishes: Wishes<'_>,
    place: Place,
    target: &StackKey,
    measure: &Measure,
) -> Result<bool, Stop> {
    let Some(mover) = wishes.continues else { return Ok(false) };
    let Some((source, came)) = let_go(work, mover, cause.line)? else { return Ok(false) };
    let sum = came.iter().try_fold(Measure::ZERO, |sum, share| sum.checked_add(&share.measure));
    let all = sum.ok_or_else(Stop::overflow)?.only(&Unit::QUANTITIES) == measure.only(&Unit::QUANTITIES);
    if !all {
        return Ok(false);
    }
    let own = (target.item(), lot_of(cause.mover, cause.line)?);
    let mut shares = Vec::with_capacity(came.len());
    for share in came {
        room(work, cause, target)?;
        let share = LotShare { layer: LayerId { holder: None, ..share.layer }, ..share };
        carry_on(work, &source, target, &share.layer.lot)?;
        work.change_layer(target, &share.layer, &share, Change::Give)?;
        shares.push(share);
    }
    // What the list said of a lot of its own is of none.
    work.remove_if_there::<Lots>(own)?;
    let from = StackKey { place, ..target.clone() };
    let key = AllocationKey { mover: cause.mover.clone(), line: cause.line, from, to: target.place };
    let allocation = Allocation { holder: None, posted: true, since: work.head.revision, shares };
    work.put::<Allocations>(key, Arc::new(allocation));
    Ok(true)
}

/// The lots that a line of a document let go out of its book, and of which item.
fn let_go(work: &Work<'_>, mover: &Mover, line: u64) -> Result<Option<(ItemKey, Vec<LotShare>)>, Stop> {
    let taken = query::lots_of_line(work.state(), mover, line)?;
    let gone = |(key, taken): (AllocationKey, Arc<Allocation>)| {
        let out = key.to == Place::Outside && key.from.place.keeps_lots() && taken.posted;
        out.then(|| (key.from.item(), taken.shares.clone()))
    };
    Ok(taken.into_iter().find_map(gone))
}

/// What is known of a lot goes with it; where it is known already, it stays.
fn carry_on(work: &mut Work<'_>, source: &ItemKey, target: &StackKey, lot: &LotNo) -> Result<(), Stop> {
    let key = (target.item(), lot.clone());
    if work.get::<Lots>(key.clone())?.is_some() {
        return Ok(());
    }
    let Some(known) = work.get::<Lots>((source.clone(), lot.clone()))? else {
        return Err(Stop::Broken(format!("lot {lot} of {source:?} is not known")));
    };
    work.put::<Lots>(key, Arc::new(Lot { carried_from: Some(source.clone()), ..(*known).clone() }));
    Ok(())
}

/// Goods that come in from outside are a new lot, or more of the one that the same line brought.
fn receive(
    work: &mut Work<'_>,
    cause: Cause<'_>,
    wishes: Wishes<'_>,
    target: &StackKey,
    measure: &Measure,
) -> Result<(), Stop> {
    let number = lot_of(cause.mover, cause.line)?;
    let key = (target.item(), number.clone());
    let mut lot = match work.get::<Lots>(key.clone())? {
        Some(lot) => lot,
        None => Arc::new(undocumented(work, cause, &target.item())?),
    };
    let (received, _) = lot.received_at.unwrap_or((work.head.revision, work.now()));
    let new = Arc::make_mut(&mut lot);
    new.received_at = new.received_at.or(Some((work.head.revision, work.now())));
    new.received = new.received.checked_add(measure).ok_or_else(Stop::overflow)?;
    let holder = wishes.holder.filter(|_| !target.place.is_stock()).cloned();
    let layer = LayerId { received, line: cause.line, lot: number, holder };
    let share = LotShare { layer, expires: lot.expires, measure: *measure };
    work.put::<Lots>(key, lot);
    work.change_layer(target, &share.layer, &share, Change::Give)
}

pub(crate) fn lot_of(mover: &Mover, line: u64) -> Result<LotNo, Stop> {
    mover.lot(line).map_err(|error| Stop::Broken(error.to_string()))
}

/// What is known of a lot whose document tells neither origin nor price.
fn undocumented(work: &Work<'_>, cause: Cause<'_>, item: &ItemKey) -> Result<Lot, Stop> {
    let Some(filed) = work.get::<Items>(item.clone())? else {
        return Err(Stop::Broken(format!("{item:?} moves and is not filed")));
    };
    Ok(bare(cause.mover, cause.line, filed.tariff_code.clone(), filed.part_no.clone()))
}

pub(crate) fn bare(mover: &Mover, line: u64, tariff_code: TariffCode, part_no: PartNo) -> Lot {
    Lot {
        mover: mover.clone(),
        line,
        carried_from: None,
        tariff_code,
        part_no,
        origin: "".into(),
        mode: None,
        price: Quantity::ZERO,
        currency: "".into(),
        expires: None,
        received: Measure::ZERO,
        received_at: None,
    }
}

/// Not more lots of an item in one place than one command can look through.
fn room(work: &mut Work<'_>, cause: Cause<'_>, target: &StackKey) -> Result<(), Stop> {
    let count = work.stack(target)?.layers.len();
    if count < LOTS_MAX {
        return Ok(());
    }
    Err(Refusal::new(Reason::TooLarge)
        .line(cause.line)
        .field("lot", count)
        .expected(format!("less than {LOTS_MAX} lots of item {} in {}", target.number, target.place))
        .document(&target.book_no)
        .into())
}

/// Keeps what an inbound line says of its lot until the goods are in.
pub(crate) fn announce(
    work: &mut Work<'_>,
    book: &Book,
    list: &List,
    rule: &Rule,
    lines: &[MovementLine],
) -> Result<(), Stop> {
    let comes_in = rule.brings_goods();
    for expiry in &list.expiries {
        let of_list = lines.iter().any(|line| line.filed.line == expiry.line);
        if comes_in && of_list && book.lot_method != LotMethod::None {
            continue;
        }
        return Err(Refusal::new(Reason::InvalidField)
            .line(expiry.line)
            .field("expires", expiry.date)
            .expected("a line of the list that brings goods into a book with lots")
            .document(&book.book_no)
            .into());
    }
    if book.lot_method == LotMethod::None || !comes_in {
        return Ok(());
    }
    let mover = Mover::from(&list.list_no);
    for line in lines.iter().filter(|line| line.lot.is_none()) {
        let filed = &line.filed;
        let expiry = list.expiries.iter().find(|expiry| expiry.line == filed.line);
        let lot = Lot {
            origin: filed.origin.clone(),
            mode: Some(list.mode.clone()),
            price: filed.price,
            currency: filed.currency.clone(),
            expires: expiry.map(|expiry| expiry.date),
            ..bare(&mover, filed.line, filed.tariff_code.clone(), filed.part_no.clone())
        };
        let item = ItemKey { book_no: book.book_no.clone(), mark: list.mark, number: filed.number };
        work.put::<Lots>((item, lot_of(&mover, filed.line)?), Arc::new(lot));
    }
    Ok(())
}

/// On whose account goods are out that a list sells or declares: its permit, or the slips that it names.
pub(crate) fn accounts_of(work: &Work<'_>, list: &List, rule: &Rule) -> Result<Vec<DocumentNo>, Stop> {
    Ok(match rule.claim {
        Claim::Permit | Claim::Processing => list.permit_no.iter().map(DocumentNo::from).collect(),
        Claim::Slips => list.slips.iter().map(DocumentNo::from).collect(),
        Claim::DirectExit => vec![direct_exits::account(work, list)?],
        Claim::None
        | Claim::Bill
        | Claim::Parcels
        | Claim::Original
        | Claim::Exchange
        | Claim::TransferForm => Vec::new(),
    })
}

/// Forgets the lots of lines that are taken back before their goods came in.
pub(crate) fn forget(
    work: &mut Work<'_>,
    book: &Book,
    movement: &Movement,
    rule: &Rule,
    lines: &[MovementLine],
) -> Result<(), Stop> {
    if book.lot_method == LotMethod::None || !rule.brings_goods() {
        return Ok(());
    }
    let mover = Mover::from(&movement.list_no);
    for line in lines.iter().filter(|line| line.lot.is_none()) {
        let item = ItemKey { book_no: book.book_no.clone(), mark: movement.mark, number: line.filed.number };
        work.remove_if_there::<Lots>((item, lot_of(&mover, line.filed.line)?))?;
    }
    Ok(())
}

/// `INVALID_FIELD`: lots may be named by lines of the document, where the book lets them choose; outside of stock, where
/// no method rules, in any book with lots.
pub(crate) fn may_name(
    book: &Book,
    named: &[NamedLot],
    source: LotSource,
    lines: impl Iterator<Item = u64> + Clone,
) -> Result<(), Stop> {
    guards::at_most("lots", named.len(), TRANSFERS_MAX)?;
    let method = book.lot_method;
    for name in named {
        let allowed = match source {
            LotSource::Nowhere => false,
            LotSource::Stock => method == LotMethod::Specific,
            LotSource::Elsewhere => method != LotMethod::None,
        };
        if allowed && lines.clone().any(|line| line == name.line) {
            continue;
        }
        let expected = match (allowed, method) {
            (true, _) => "the lot of a line of the document".to_owned(),
            (false, _) if source == LotSource::Nowhere => {
                "none: the document takes nothing from a lot".into()
            }
            (false, method) => format!("none: the lot method of the book is {method}"),
        };
        return Err(Refusal::new(Reason::InvalidField)
            .line(name.line)
            .field("lot", &name.lot)
            .expected(expected)
            .document(&book.book_no)
            .into());
    }
    Ok(())
}

/// A layer, and how much of it is free.
struct Free {
    id: LayerId,
    expires: Option<Date>,
    free: Measure,
    taken: Measure,
}

/// Which lots a line takes, and how much of each.
fn choose(
    work: &mut Work<'_>,
    key: &AllocationKey,
    method: LotMethod,
    wishes: Wishes<'_>,
    measure: &Measure,
) -> Result<Vec<LotShare>, Stop> {
    if let Some(shares) = went_on(work, key, wishes, measure)? {
        return Ok(shares);
    }
    let mut free = free_layers(work, key)?;
    if let Some(shares) = set_aside(work, key, method, wishes, (&free, measure))? {
        return Ok(shares);
    }
    let brought = brought(work, key, wishes)?;
    let named = brought.as_ref().map_or_else(|| names(key, wishes), |lot| vec![lot.clone()]);
    let must_name = key.from.place.is_stock() && method == LotMethod::Specific && wishes.named.is_some();
    if named.is_empty() && must_name && measure.declared().is_positive() {
        return Err(Refusal::new(Reason::LotNotNamed)
            .line(key.line)
            .field("lot", "")
            .expected("the lot that is taken, as LISTNO/LINE")
            .document(&key.from.book_no)
            .short(Some(key.from.place), Unit::Declared, measure.declared(), Quantity::ZERO)
            .into());
    }
    order(&mut free, key, method, wishes, &named);
    let named_only = !named.is_empty();
    if named_only {
        known(key, &named, &free)?;
        // What a line brought goes as it came; rests of others make up for what is missing of it.
        let as_it_came = brought.is_some() && suffices(&free, &named, measure).ok_or_else(Stop::overflow)?;
        let rest = |layer: &Free| !as_it_came && layer.free.declared().is_zero();
        free.retain(|layer| named.contains(&layer.id.lot) || rest(layer));
    }
    let short = |unit, wanted: Quantity, available: Quantity| -> Stop {
        if !named_only {
            return Stop::Broken(format!("the lots of {:?} do not add up", key.from));
        }
        let lots: Vec<&str> = named.iter().map(LotNo::as_str).collect();
        Refusal::new(Reason::LotShort)
            .line(key.line)
            .field("lot", lots.join(", "))
            .document(&key.from.book_no)
            .short(Some(key.from.place), unit, wanted, available)
            .into()
    };
    split(&mut free, measure).map_err(|missing| match missing {
        Some((unit, available)) => short(unit, measure.get(unit), available),
        None => Stop::overflow(),
    })?;
    Ok(shares(free))
}

/// How much of which lot makes up a measure. Of which unit there is too little and how much there is; `None` where it
/// cannot be added up.
fn split(free: &mut [Free], measure: &Measure) -> Result<(), Option<(Unit, Quantity)>> {
    let of = |unit| move |available: Option<Quantity>| available.map(|available| (unit, available));
    take_declared(free, measure.declared()).map_err(of(Unit::Declared))?;
    for unit in [Unit::Statutory1, Unit::Statutory2] {
        take_statutory(free, unit, measure.get(unit)).map_err(of(unit))?;
    }
    free.iter_mut().try_for_each(take_value).ok_or(None)
}

/// The lots of another book that a line let go on here which is undone: these go, or `LOT_SHORT`.
fn went_on(
    work: &mut Work<'_>,
    key: &AllocationKey,
    wishes: Wishes<'_>,
    measure: &Measure,
) -> Result<Option<Vec<LotShare>>, Stop> {
    let Some(mover) = wishes.undoes.filter(|_| !key.to.keeps_lots()) else { return Ok(None) };
    let from = StackKey { place: key.to, ..key.from.clone() };
    let there = AllocationKey { mover: mover.clone(), line: key.line, from, to: key.from.place };
    let Some(allocation) = work.lots_left(&there)? else { return Ok(None) };
    let Some(back) = part_of(&allocation.shares, measure) else { return Ok(None) };
    for share in &back {
        let layer = work.stack(&key.from)?.layers.get(&share.layer).copied().unwrap_or_default();
        still_there(key.line, &key.from, layer, share)?;
    }
    Ok(Some(back))
}

/// What a line has set aside here and not taken since: of two lines about one item each takes its own. `None` where that
/// is not all there, or was set aside before the book kept lots.
fn set_aside(
    work: &Work<'_>,
    key: &AllocationKey,
    method: LotMethod,
    wishes: Wishes<'_>,
    (free, measure): (&[Free], &Measure),
) -> Result<Option<Vec<LotShare>>, Stop> {
    if !wishes.own || key.from.place.is_stock() {
        return Ok(None);
    }
    let brought = lot_of(&key.mover, key.line)?;
    let mut own: Vec<LotShare> = Vec::new();
    let (mut taken, places) = (Vec::new(), (key.from.item(), key.from.place));
    for (other, _) in query::lots_of_line(work.state(), &key.mover, key.line)? {
        let Some(allocation) = work.lots_left(&other)?.filter(|_| other.from.item() == places.0) else {
            continue;
        };
        if other.to == places.1 {
            own.extend(allocation.shares.iter().cloned());
        } else if other.from.place == places.1 {
            taken.extend(allocation.shares.iter().cloned());
        }
    }
    let mut mine = Vec::new();
    for layer in free.iter().filter(|layer| layer.id.holder.as_ref() == wishes.holder) {
        let same = |share: &&LotShare| {
            let (a, b) = (&share.layer, &layer.id);
            (a.received, a.line, &a.lot) == (b.received, b.line, &b.lot)
        };
        let sum = |shares: &[LotShare]| {
            shares
                .iter()
                .filter(same)
                .try_fold(Measure::ZERO, |sum, share| sum.checked_add(&share.measure))
                .ok_or_else(Stop::overflow)
        };
        let left = if layer.id.lot == brought {
            layer.free
        } else {
            sum(&own)?.checked_sub(&sum(&taken)?).ok_or_else(Stop::overflow)?
        };
        let share = |unit| left.get(unit).min(layer.free.get(unit)).max(Quantity::ZERO);
        mine.push(Free {
            id: layer.id.clone(),
            expires: layer.expires,
            free: Measure(Unit::ALL.map(share)),
            taken: Measure::ZERO,
        });
    }
    order(&mut mine, key, method, wishes, &[]);
    match split(&mut mine, measure) {
        Ok(()) => Ok(Some(shares(mine))),
        Err(Some(_)) => Ok(None),
        Err(None) => Err(Stop::overflow()),
    }
}

/// A part of what was taken, those first that were taken last; `None` where it was not that much.
fn part_of(shares_taken: &[LotShare], measure: &Measure) -> Option<Vec<LotShare>> {
    let free = |share: &LotShare| Free {
        id: share.layer.clone(),
        expires: share.expires,
        free: share.measure,
        taken: Measure::ZERO,
    };
    let mut taken: Vec<Free> = shares_taken.iter().rev().map(free).collect();
    taken.sort_by_key(|layer| !layer.free.declared().is_zero());
    split(&mut taken, measure).ok()?;
    Some(shares(taken))
}

/// The lot that a line brought which is undone.
fn brought(work: &Work<'_>, key: &AllocationKey, wishes: Wishes<'_>) -> Result<Option<LotNo>, Stop> {
    let Some(mover) = wishes.undoes else { return Ok(None) };
    let lot = lot_of(mover, key.line)?;
    Ok(work.lot_received(&key.from.item(), &lot)?.then_some(lot))
}

/// Whether lots have a measure by themselves; `None` where they cannot be added up.
fn suffices(free: &[Free], named: &[LotNo], measure: &Measure) -> Option<bool> {
    let mut sum = Measure::ZERO;
    for layer in free.iter().filter(|layer| named.contains(&layer.id.lot)) {
        sum = sum.checked_add(&layer.free)?;
    }
    Some(Unit::QUANTITIES.iter().all(|unit| sum.get(*unit) >= measure.get(*unit)))
}

fn free_layers(work: &mut Work<'_>, key: &AllocationKey) -> Result<Vec<Free>, Stop> {
    let mut free = Vec::new();
    for (id, layer) in &work.stack(&key.from)?.layers {
        let left = layer.remaining.checked_sub(&layer.reserved).ok_or_else(Stop::overflow)?;
        if !left.is_zero() {
            free.push(Free { id: id.clone(), expires: layer.expires, free: left, taken: Measure::ZERO });
        }
    }
    Ok(free)
}

/// The lots that a line names for what it takes: of its own goods, or of this material.
fn names(key: &AllocationKey, wishes: Wishes<'_>) -> Vec<LotNo> {
    let of_line: Vec<_> =
        wishes.named.unwrap_or_default().iter().filter(|named| named.line == key.line).collect();
    let material = key.from.mark == Mark::Goods && key.to == Place::Consumed;
    let of_material = |named: &&&NamedLot| material && named.material == Some(key.from.number);
    let mut lots: Vec<LotNo> = of_line.iter().filter(of_material).map(|named| named.lot.clone()).collect();
    if lots.is_empty() {
        let own = of_line.iter().filter(|named| named.material.is_none());
        lots = own.map(|named| named.lot.clone()).collect();
    }
    lots
}

/// `LOT_SHORT`: a lot that is named is there at all.
fn known(key: &AllocationKey, named: &[LotNo], free: &[Free]) -> Result<(), Stop> {
    match named.iter().find(|lot| free.iter().all(|layer| layer.id.lot != **lot)) {
        None => Ok(()),
        Some(lot) => Err(Refusal::new(Reason::LotShort)
            .line(key.line)
            .field("lot", lot)
            .expected(format!("a lot of item {} with something left", key.from.number))
            .document(&key.from.book_no)
            .short(Some(key.from.place), Unit::Declared, Quantity::ZERO, Quantity::ZERO)
            .into()),
    }
}

/// Rests without a declared quantity first. Then lots in the order in which they are named; in stock by the method;
/// elsewhere those on the right account first, and what comes back to stock is what left it last.
fn order(free: &mut [Free], key: &AllocationKey, method: LotMethod, wishes: Wishes<'_>, named: &[LotNo]) {
    let returns = !key.from.place.is_stock() && key.to.is_stock();
    if returns {
        free.reverse();
    }
    let by_expiry = key.from.place.is_stock() && method == LotMethod::NearestExpiry;
    let rank = |layer: &Free| {
        let rest = !layer.free.declared().is_zero();
        let name = named.iter().position(|lot| *lot == layer.id.lot).unwrap_or(usize::MAX);
        let account =
            wishes.of.iter().position(|of| layer.id.holder.as_ref() == Some(of)).unwrap_or(usize::MAX);
        let expires = layer.expires.filter(|_| by_expiry).map_or(i32::MAX, |date| date.0);
        (rest, name, account, expires)
    };
    free.sort_by_key(rank);
}

/// Lot by lot. What there is, where that is too little; `None` where it cannot be added up.
fn take_declared(free: &mut [Free], wanted: Quantity) -> Result<(), Option<Quantity>> {
    let mut left = wanted;
    for layer in &mut *free {
        let part = left.min(layer.free.declared());
        layer.taken = put(layer.taken, Unit::Declared, part);
        left = left.checked_sub(part).ok_or(None)?;
    }
    if left.is_zero() { Ok(()) } else { Err(wanted.checked_sub(left)) }
}

/// The document's figure, exactly.
fn take_statutory(free: &mut [Free], unit: Unit, wanted: Quantity) -> Result<(), Option<Quantity>> {
    let mut left = wanted;
    for layer in &mut *free {
        let part = left.min(fair(layer, unit).ok_or(None)?);
        layer.taken = put(layer.taken, unit, part);
        left = left.checked_sub(part).ok_or(None)?;
    }
    let is_taken = |layer: &Free| !layer.taken.declared().is_zero();
    for taken in [true, false] {
        let count = free.len();
        for at in 0..count {
            // The last lot taken first; those not taken in their order.
            let at = if taken { count.saturating_sub(1).saturating_sub(at) } else { at };
            let Some(layer) = free.get_mut(at).filter(|layer| is_taken(layer) == taken) else { continue };
            let more = layer.free.get(unit).checked_sub(layer.taken.get(unit)).ok_or(None)?.min(left);
            let sum = layer.taken.get(unit).checked_add(more).ok_or(None)?;
            layer.taken = put(layer.taken, unit, sum);
            left = left.checked_sub(more).ok_or(None)?;
        }
    }
    if left.is_zero() { Ok(()) } else { Err(wanted.checked_sub(left)) }
}

fn take_value(layer: &mut Free) -> Option<()> {
    let part =
        if layer.free.declared().is_zero() { layer.free.get(Unit::Value) } else { fair(layer, Unit::Value)? };
    layer.taken = put(layer.taken, Unit::Value, part);
    Some(())
}

/// All of a lot that is emptied in its declared unit, a part in proportion of one that is not.
fn fair(layer: &Free, unit: Unit) -> Option<Quantity> {
    let (all, there, taken) = (layer.free.get(unit), layer.free.declared(), layer.taken.declared());
    if taken == there {
        return Some(all);
    }
    let part = BigInt::from(all.raw()) * taken.raw() / there.raw();
    i128::try_from(part).ok().map(Quantity::from_raw)
}

fn put(measure: Measure, unit: Unit, quantity: Quantity) -> Measure {
    let [declared, statutory1, statutory2, value] = measure.0;
    Measure(match unit {
        Unit::Declared => [quantity, statutory1, statutory2, value],
        Unit::Statutory1 => [declared, quantity, statutory2, value],
        Unit::Statutory2 => [declared, statutory1, quantity, value],
        Unit::Value => [declared, statutory1, statutory2, quantity],
    })
}
