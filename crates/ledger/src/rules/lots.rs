//! The lot method of a book: customs approves it, and the book begins or ends to keep its lots (`domain.md` 4.3).

use super::work::{Stop, Work};
use super::{guards, layers};
use crate::book::{Book, BookingMode};
use crate::command::LotMethodOrder;
use crate::layer::{LayerId, LotMethod, LotShare, StackKey};
use crate::limits::ROWS_MAX;
use crate::measure::{Measure, Unit};
use crate::movement::DocumentState;
use crate::mover::Mover;
use crate::position::PositionKey;
use crate::quantity::Quantity;
use crate::query::{self, Moment, PositionFilter};
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{Books, Items, Lots};
use std::sync::Arc;

/// One method for another is a change of order alone. A book begins to keep lots, or ends it, with nothing pending; what
/// is on hand when it begins becomes one opening lot for each item and place, where the order says so.
pub(crate) fn set_method(work: &mut Work<'_>, order: &LotMethodOrder) -> Result<(), Stop> {
    let mut book = (*guards::book(work, &order.book_no, "book_no")?).clone();
    work.document = Some(book.book_no.as_str().into());
    if book.booking_mode == BookingMode::RowPerReceipt {
        return Err(Refusal::new(Reason::InvalidField)
            .field("method", order.method)
            .expected("an accumulating book: in a book kept by receipt each row is a lot")
            .document(&book.book_no)
            .into());
    }
    let before = std::mem::replace(&mut book.lot_method, order.method);
    if (before == LotMethod::None) != (order.method == LotMethod::None) {
        book.lots_since = work.head.revision;
        let positions = settled(work, &book)?;
        match order.method {
            LotMethod::None => positions.iter().try_for_each(|(stack, _)| layers::clear(work, stack))?,
            _ => begin(work, order, &positions)?,
        }
    }
    work.put::<Books>(book.book_no.clone(), Arc::new(book));
    work.state = Some(DocumentState::Filed);
    Ok(())
}

/// The places of a book in which goods are or are kept by lot, none of them with anything pending.
fn settled(work: &Work<'_>, book: &Book) -> Result<Vec<(StackKey, Measure)>, Stop> {
    let filter = PositionFilter { book_no: Some(book.book_no.clone()), ..PositionFilter::default() };
    let all = query::positions(work.state(), &filter, None, ROWS_MAX.saturating_add(1), Moment::Now)?;
    guards::at_most("positions of the book", all.len(), ROWS_MAX)?;
    let mut found = Vec::new();
    for (key, counters) in all {
        if !key.place.keeps_lots() || key.lot.is_some() || key.serial.is_some() {
            continue;
        }
        let PositionKey { book_no, mark, number, place, .. } = key;
        let stack = StackKey { book_no, mark, number, place };
        let pending = [counters.increase_pending, counters.decrease_pending];
        if let Some(pending) = pending.iter().find(|pending| !pending.is_zero()) {
            return Err(not_empty(&stack, "nothing pending", pending.declared()).into());
        }
        let on_hand = counters.on_hand().ok_or_else(Stop::overflow)?;
        // What customs let be overdrawn is in no lot.
        if let Some(unit) = Unit::QUANTITIES.into_iter().find(|unit| on_hand.get(*unit).is_negative()) {
            return Err(not_empty(&stack, "nothing overdrawn", on_hand.get(unit)).into());
        }
        found.push((stack, on_hand));
    }
    Ok(found)
}

fn not_empty(stack: &StackKey, expected: &str, found: Quantity) -> Refusal {
    Refusal::new(Reason::BookNotEmpty)
        .field("number", format!("{} {}", stack.mark, stack.number))
        .expected(expected)
        .document(&stack.book_no)
        .short(Some(stack.place), Unit::Declared, Quantity::ZERO, found)
}

fn begin(work: &mut Work<'_>, order: &LotMethodOrder, positions: &[(StackKey, Measure)]) -> Result<(), Stop> {
    for (stack, on_hand) in positions.iter().filter(|(_, on_hand)| !on_hand.only(&Unit::QUANTITIES).is_zero())
    {
        if !order.take_over {
            return Err(not_empty(stack, "nothing on hand, or take_over", on_hand.declared()).into());
        }
        take_over(work, stack, on_hand)?;
    }
    Ok(())
}

/// What is on hand becomes one lot, `BOOK:NUMBER/REVISION/ITEM`. Its value is what the documents so far left, if anything.
fn take_over(work: &mut Work<'_>, stack: &StackKey, on_hand: &Measure) -> Result<(), Stop> {
    let Some(item) = work.get::<Items>(stack.item())? else {
        return Err(Stop::Broken(format!("{stack:?} has goods and is not filed")));
    };
    let [declared, statutory1, statutory2, value] = on_hand.0;
    let measure = Measure::new(declared, statutory1, statutory2, value.max(Quantity::ZERO));
    let mover = Mover::from(&stack.book_no).at(work.head.revision.0);
    let number = layers::lot_of(&mover, stack.number)?;
    let key = (stack.item(), number.clone());
    // The same goods may stand in several places.
    let mut lot = work.get::<Lots>(key.clone())?.unwrap_or_else(|| {
        Arc::new(layers::bare(&mover, stack.number, item.tariff_code.clone(), item.part_no.clone()))
    });
    let new = Arc::make_mut(&mut lot);
    new.received = new.received.checked_add(&measure).ok_or_else(Stop::overflow)?;
    new.received_at = Some((work.head.revision, work.now()));
    work.put::<Lots>(key, lot);
    let layer = LayerId { received: work.head.revision, line: stack.number, lot: number, holder: None };
    layers::open(work, stack, &LotShare { layer, expires: None, measure })
}
