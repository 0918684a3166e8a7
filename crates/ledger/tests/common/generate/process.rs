//! Simple processing as chance does it: a permit, then lists that make one item of another.

use super::list::{dressed, finished_with, free_number, goods_of, taken, zone_of};
use super::permit::free_permit;
use super::scribe::choose;
use super::twist::Twist;
use super::{Intent, Scribe};
use crate::common::build::{Amount, list as blank, list_line};
use crate::common::model::{BookCopy, permit_usage};
use crate::common::papers::{permit as blank_permit, permit_part};
use crate::common::world::{Goods, goods};
use zonebook_ledger::book::{BookKind, BookingMode, Usage};
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{
    Document, List, ListLine, PermitBomLine, PermitFiling, PermitKind, ResultLine,
};
use zonebook_ledger::quantity::Quantity;

/// What a list of results has wrong.
const RESULT_TWISTS: &[Twist<List>] = &[
    ("a little more made", |list| each(list, |made| made.goods.declared = more(made.goods.declared))),
    ("nothing made", |list| list.results.clear()),
    ("value made", |list| each(list, |made| made.goods.value_usd = more(made.goods.value_usd))),
    ("line of nobody", |list| each(list, |made| made.permit_line = 9)),
    ("line of a material", |list| each(list, |made| made.permit_line = 1)),
    ("another item", |list| each(list, |made| made.goods.number += 1)),
    ("made twice in one line", |list| list.results.extend(list.results.first().cloned())),
    ("nothing declared", |list| each(list, |made| made.goods.declared = Quantity::ZERO)),
    ("other unit", |list| {
        each(list, |made| made.goods.units = crate::common::build::units("011", "035", None))
    }),
    ("value below nothing", |list| each(list, |made| made.goods.value_usd = Quantity::from_raw(-1))),
    ("net above gross", |list| each(list, |made| made.goods.net = more(made.goods.gross))),
    ("permit of nobody", |list| list.permit_no = None),
    ("declared late", |list| list.declared_at = crate::common::world::local("2027-03-01T00:00:00")),
    ("a little less taken", |list| {
        list.lines.iter_mut().for_each(|line| line.declared = Quantity::from_raw(line.declared.raw() - 1));
    }),
];

fn each(list: &mut List, change: impl FnMut(&mut ResultLine)) {
    list.results.iter_mut().for_each(change);
}

fn more(of: Quantity) -> Quantity {
    Quantity::from_raw(of.raw() + 1)
}

/// The item that is made: by weight alone, like the first.
fn made(book: &BookCopy) -> (u64, Goods) {
    match book.filing.booking_mode {
        BookingMode::RowPerReceipt => (40, goods(1)),
        BookingMode::Accumulating => (3, goods(3)),
    }
}

/// A permit to make one item of two others.
fn permit(scribe: &Scribe, book: &BookCopy, intent: &Intent) -> Document {
    let [_, amount, figures, ..] = intent.picks;
    let much = Quantity::whole(i64::from(amount % 16) + 8);
    let (item, product) = made(book);
    let lines = [(1, goods(1), much), (2, goods(2), much), (item, product, much)];
    let number = free_permit(scribe);
    let filing = blank_permit(number, PermitKind::SimpleProcessing, book.filing.book_no.as_str(), &lines);
    let net = ["0.5", "0.333333333", "1", "0.00001"][usize::from(figures) % 4];
    let loss = ["0", "4", "2.5"][usize::from(figures / 4) % 3];
    let mut filing = PermitFiling { bom: vec![permit_part(3, 1, net, loss)], ..filing };
    if figures.is_multiple_of(5) {
        filing.bom.push(permit_part(3, 2, "1", "0"));
    }
    filing.lines[2].mark = Mark::Product;
    super::twist::twist(super::twist::PERMIT_TWISTS, &mut filing, intent.twist);
    Document::Permit(filing)
}

/// A line that takes what is needed.
fn taking(scribe: &Scribe, book: &BookCopy, item: u64, needed: i128) -> Option<ListLine> {
    let row = book.row(Mark::Goods, item)?;
    let there = scribe.model.shelf.figures(&zone_of(book, row)).available();
    let declared = Quantity::from_raw(needed);
    let whole = there[0] == needed;
    let share = |of: i128| if there[0] > 0 && !whole { (of * needed / there[0]).max(1) } else { of };
    let amount = if there[0] <= 0 {
        taken(&row.units, [needed, needed, needed, 0], 0)
    } else {
        let first = if row.units.statutory1 == row.units.declared { needed } else { share(there[1]) };
        let second = row.units.statutory2.as_ref().map(|unit| {
            Quantity::from_raw(if *unit == row.units.declared { needed } else { share(there[2]) })
        });
        Amount { declared, statutory1: Quantity::from_raw(first), statutory2: second }
    };
    Some(list_line(item, item, &goods_of(row), amount))
}

fn process(scribe: &Scribe, permit: &PermitFiling, intent: &Intent) -> Option<Document> {
    let [pick, amounts, ..] = intent.picks;
    let book = scribe.model.shelf.book(permit.book_no.as_str())?;
    let declared = match amounts % 4 {
        0 => Quantity::from_raw(i128::from(amounts) * 4_321 + 1),
        _ => Quantity::whole(i64::from(amounts % 4) + 1),
    };
    let (item, product) = made(book);
    let needed = |part: &PermitBomLine| {
        let item = permit.lines.iter().find(|line| line.line == part.material_line)?.number;
        taking(scribe, book, item, permit_usage(part, declared.raw()))
    };
    let lines: Option<Vec<_>> = permit.bom.iter().map(needed).collect();
    let lines: Vec<_> = lines?.into_iter().filter(|line| !line.declared.is_zero()).collect();
    let units = &product.units;
    let same = |unit: &Option<zonebook_ledger::code::UnitCode>| unit.as_ref() == Some(&units.declared);
    let second =
        units.statutory2.is_some().then_some(if same(&units.statutory2) { declared } else { more(declared) });
    let first = if units.statutory1 == units.declared { declared } else { more(declared) };
    let goods = list_line(1, item, &product, Amount { declared, statutory1: first, statutory2: second });
    let value = lines.iter().map(|line| line.value_usd.raw()).sum();
    let goods = ListLine { value_usd: Quantity::from_raw(value), ..goods };
    let list = blank(free_number(scribe, pick), permit.book_no.as_str(), Direction::Out);
    let results = vec![ResultLine { permit_line: 3, goods }];
    let permit_no = Some(permit.permit_no.clone());
    let list = List { kind: "4".into(), permit_no, lines, results, ..list };
    Some(finished_with(RESULT_TWISTS, dressed(list, intent), intent))
}

/// The next step of simple processing in some book.
pub fn next(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [pick, ..] = intent.picks;
    let shelf = &scribe.model.shelf;
    let open: Vec<PermitFiling> = shelf
        .permits
        .iter()
        .filter(|copy| copy.filing.kind == PermitKind::SimpleProcessing && (!copy.closed || pick % 8 == 0))
        .map(|copy| copy.filing.clone())
        .collect();
    if let Some(permit) = choose(&open, pick)
        && !pick.is_multiple_of(9)
    {
        return process(scribe, &permit, intent);
    }
    let plain = |book: &&BookCopy| {
        book.filing.kind == BookKind::Logistics
            && matches!(book.filing.usage, Usage::Store | Usage::ECommerce)
    };
    let books: Vec<_> = shelf.books.iter().filter(plain).collect();
    Some(permit(scribe, choose(&books, pick)?, intent))
}
