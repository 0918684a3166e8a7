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
use crate::book::Book;
use crate::code::{DocumentNo, LotNo, PartNo, TariffCode};
use crate::direction::Mark;
use crate::document::List;
use crate::error::Fault;
use crate::event::Action;
use crate::item::ItemKey;
use crate::layer::{
    Allocation, AllocationKey, Layer, LayerId, Lot, LotMethod, LotShare, LotSource, LotsTaken, NamedLot,
    StackKey,
};
use crate::limits::LOTS_MAX;
use crate::matrix::{Claim, Rule};
use crate::measure::{Measure, Unit};
use crate::movement::{Movement, MovementLine};
use crate::place::Place;
use crate::position::PositionKey;
use crate::quantity::Quantity;
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
    /// The lots that its lines name. `None` where its lines cannot: then even the method that has lots named takes what
    /// came first.
    pub(crate) named: Option<&'a [NamedLot]>,
    /// On whose account the goods are out that it takes; others are taken when these do not suffice.
    pub(crate) of: &'a [DocumentNo],
    /// On whose account the goods are out that it gives.
    pub(crate) holder: Option<&'a DocumentNo>,
    /// The document whose lines it undoes, number by number: it takes the lots that they brought, and puts back those
    /// that they took.
    pub(crate) undoes: Option<&'a DocumentNo>,
}

impl<'a> Wishes<'a> {
    /// Of a document on whose own account goods are set aside and taken again.
    pub(crate) fn on_account(document: &'a DocumentNo) -> Self {
        Self { of: std::slice::from_ref(document), holder: Some(document), ..Self::default() }
    }

    /// Of a document that undoes another.
    pub(crate) fn undoing(document: &'a DocumentNo) -> Self {
        Self { undoes: Some(document), ..Self::on_account(document) }
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

    /// Changes both figures of a layer, each by an amount that is taken off or put on.
    fn change(&mut self, share: &LotShare, id: &LayerId, by: Change) -> Option<()> {
        let layer =
            self.layers.entry(id.clone()).or_insert(Layer { expires: share.expires, ..Layer::default() });
        match by {
            Change::Reserve => layer.reserved = layer.reserved.checked_add(&share.measure)?,
            Change::Release => layer.reserved = layer.reserved.checked_sub(&share.measure)?,
            Change::Give => layer.remaining = layer.remaining.checked_add(&share.measure)?,
            Change::Take => layer.remaining = layer.remaining.checked_sub(&share.measure)?,
        }
        self.changed.insert(id.clone(), ());
        Some(())
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

#[derive(Clone, Copy)]
enum Change {
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
pub(crate) fn follow(
    work: &mut Work<'_>,
    cause: Cause<'_>,
    wishes: Wishes<'_>,
    action: Action,
    (from, to): (&PositionKey, &PositionKey),
    measure: &Measure,
) -> Result<(), Stop> {
    let target = stack_of(work, to).map(|(stack, _)| stack);
    let Some((source, method)) = stack_of(work, from) else {
        let Some(target) = target else { return Ok(()) };
        if matches!(action, Action::Reserve | Action::PostAtOnce) {
            room(work, cause, &target)?;
        }
        if matches!(action, Action::Reserve | Action::Cancel)
            || restore(work, cause, wishes, from.place, &target, measure)?
        {
            return Ok(());
        }
        return receive(work, cause, wishes, &target, measure);
    };
    let key =
        AllocationKey { document: cause.document.clone(), line: cause.line, from: source, to: to.place };
    let allocation = match action {
        Action::Reserve | Action::PostAtOnce => {
            let holder = wishes.holder.filter(|_| !to.place.is_stock()).cloned();
            let shares = choose(work, &key, method, wishes, measure)?;
            let posted = action == Action::PostAtOnce;
            let allocation = Arc::new(Allocation { holder, posted, shares });
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
    let stack = work.stack(&key.from)?;
    for share in &allocation.shares {
        for change in changes {
            stack.change(share, &share.layer, *change).ok_or_else(Stop::overflow)?;
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

/// What a line takes at once comes to what it took before: an order reports the same line again, a decision is about part
/// of one.
fn with_earlier(work: &Work<'_>, key: &AllocationKey, now: &Allocation) -> Result<Allocation, Stop> {
    let Some(earlier) = work.get::<Allocations>(key.clone())?.filter(|earlier| earlier.posted) else {
        return Ok(now.clone());
    };
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

/// Puts back the lots that a line of the document took that is undone, those first that it took last. `false` where it
/// took none of that much: its book kept no lots then.
fn restore(
    work: &mut Work<'_>,
    cause: Cause<'_>,
    wishes: Wishes<'_>,
    place: Place,
    target: &StackKey,
    measure: &Measure,
) -> Result<bool, Stop> {
    let Some(document) = wishes.undoes else { return Ok(false) };
    let key = |to| AllocationKey { document: document.clone(), line: cause.line, from: target.clone(), to };
    // Through transit goods went in two steps, and come back in one.
    let (first, onward) = match work.get::<Allocations>(key(place))? {
        Some(_) => (key(place), None),
        None => {
            let from = StackKey { place: Place::InTransit, ..target.clone() };
            (key(Place::InTransit), Some(AllocationKey { from, ..key(place) }))
        }
    };
    let Some(allocation) = work.get::<Allocations>(first.clone())?.filter(|found| found.posted) else {
        return Ok(false);
    };
    let free = |share: &LotShare| Free {
        id: share.layer.clone(),
        expires: share.expires,
        free: share.measure,
        taken: Measure::ZERO,
    };
    let mut taken: Vec<Free> = allocation.shares.iter().rev().map(free).collect();
    taken.sort_by_key(|layer| !layer.free.declared().is_zero());
    if split(&mut taken, measure).is_err() {
        return Ok(false);
    }
    let back: Vec<LotShare> = shares(taken);
    for share in &back {
        work.stack(target)?.change(share, &share.layer, Change::Give).ok_or_else(Stop::overflow)?;
    }
    for key in std::iter::once(first).chain(onward) {
        untake(work, key, &back)?;
    }
    Ok(true)
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
    let stack = work.stack(target)?;
    for share in &allocation.shares {
        let id = LayerId { holder: allocation.holder.clone(), ..share.layer.clone() };
        stack.change(share, &id, Change::Give).ok_or_else(Stop::overflow)?;
    }
    Ok(())
}

/// A lot begins with what is on hand.
pub(crate) fn open(work: &mut Work<'_>, stack: &StackKey, share: &LotShare) -> Result<(), Stop> {
    work.counters(&stack.position())?;
    work.stack(stack)?.change(share, &share.layer, Change::Give).ok_or_else(Stop::overflow)
}

/// A place is no longer kept by lot.
pub(crate) fn clear(work: &mut Work<'_>, key: &StackKey) -> Result<(), Stop> {
    let stack = work.stack(key)?;
    let ids: Vec<LayerId> = stack.layers.keys().cloned().collect();
    stack.layers.clear();
    stack.changed.extend(ids.into_iter().map(|id| (id, ())));
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
    let number = lot_of(cause.document, cause.line)?;
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
    work.stack(target)?.change(&share, &share.layer, Change::Give).ok_or_else(Stop::overflow)
}

fn lot_of(document: &DocumentNo, line: u64) -> Result<LotNo, Stop> {
    LotNo::of_receipt(document, line).map_err(|error| Stop::Broken(error.to_string()))
}

/// What is known of a lot whose document tells neither origin nor price.
fn undocumented(work: &Work<'_>, cause: Cause<'_>, item: &ItemKey) -> Result<Lot, Stop> {
    let Some(filed) = work.get::<Items>(item.clone())? else {
        return Err(Stop::Broken(format!("{item:?} moves and is not filed")));
    };
    Ok(bare(cause.document, cause.line, filed.tariff_code.clone(), filed.part_no.clone()))
}

pub(crate) fn bare(document: &DocumentNo, line: u64, tariff_code: TariffCode, part_no: PartNo) -> Lot {
    Lot {
        document: document.clone(),
        line,
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
    let comes_in = rule.brings_into_stock();
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
    let document = DocumentNo::from(&list.list_no);
    for line in lines.iter().filter(|line| line.lot.is_none()) {
        let filed = &line.filed;
        let expiry = list.expiries.iter().find(|expiry| expiry.line == filed.line);
        let lot = Lot {
            origin: filed.origin.clone(),
            mode: Some(list.mode.clone()),
            price: filed.price,
            currency: filed.currency.clone(),
            expires: expiry.map(|expiry| expiry.date),
            ..bare(&document, filed.line, filed.tariff_code.clone(), filed.part_no.clone())
        };
        let item = ItemKey { book_no: book.book_no.clone(), mark: list.mark, number: filed.number };
        work.put::<Lots>((item, lot_of(&document, filed.line)?), Arc::new(lot));
    }
    Ok(())
}

/// On whose account goods are out that a list sells or declares: its permit, or the slips that it names.
pub(crate) fn accounts_of(list: &List, rule: &Rule) -> Vec<DocumentNo> {
    match rule.claim {
        Claim::Permit | Claim::Processing => list.permit_no.iter().map(DocumentNo::from).collect(),
        Claim::Slips => list.slips.iter().map(DocumentNo::from).collect(),
        Claim::None | Claim::Bill | Claim::Parcels | Claim::Original => Vec::new(),
    }
}

/// Forgets the lots of lines that are taken back before their goods came in.
pub(crate) fn forget(
    work: &mut Work<'_>,
    book: &Book,
    movement: &Movement,
    rule: &Rule,
    lines: &[MovementLine],
) -> Result<(), Stop> {
    if book.lot_method == LotMethod::None || !rule.brings_into_stock() {
        return Ok(());
    }
    let document = DocumentNo::from(&movement.list_no);
    for line in lines.iter().filter(|line| line.lot.is_none()) {
        let item = ItemKey { book_no: book.book_no.clone(), mark: movement.mark, number: line.filed.number };
        work.remove_if_there::<Lots>((item, lot_of(&document, line.filed.line)?))?;
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
    let mut free = free_layers(work, key)?;
    let named = match undone_lots(work, key, wishes)? {
        undone if undone.is_empty() => names(key, wishes),
        undone => undone,
    };
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
        free.retain(|layer| named.contains(&layer.id.lot) || layer.free.declared().is_zero());
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

/// The lots that go the other way where a line is undone: the one that it brought, or those that it moved within the book.
fn undone_lots(work: &Work<'_>, key: &AllocationKey, wishes: Wishes<'_>) -> Result<Vec<LotNo>, Stop> {
    let Some(document) = wishes.undoes else { return Ok(Vec::new()) };
    let lot = lot_of(document, key.line)?;
    let known = work.get::<Lots>((key.from.item(), lot.clone()))?;
    if known.is_some_and(|known| known.received_at.is_some()) {
        return Ok(vec![lot]);
    }
    let from = StackKey { place: key.to, ..key.from.clone() };
    let there = AllocationKey { document: document.clone(), from, to: key.from.place, ..key.clone() };
    let moved = work.get::<Allocations>(there)?;
    Ok(moved
        .iter()
        .flat_map(|moved| moved.shares.iter().rev())
        .map(|share| share.layer.lot.clone())
        .collect())
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
