//! Books that chance files and changes.

use super::scribe::choose;
use super::twist::{BOOK_TWISTS, twist};
use super::{Intent, Scribe, processing};
use crate::common::build::{Amount, book as blank, book_row, quantity};
use crate::common::papers::serial;
use crate::common::world::{BOOKS, goods_in, is_processing, usage};
use zonebook_ledger::book::Usage;
use zonebook_ledger::direction::Stops;
use zonebook_ledger::document::{BookFiling, BookRow, Document};
use zonebook_ledger::item::Units;
use zonebook_ledger::quantity::Quantity;

/// Quantities of receipts: statutory ones follow the declared one, as far as units say, and a little by chance.
pub fn received(units: &Units, pick: u8) -> Amount {
    let declared = Quantity::whole(i64::from(pick % 20) + 1);
    let scaled = |tenths: i128| Quantity::from_raw(declared.raw() * tenths / 10);
    let same = |unit: &zonebook_ledger::code::UnitCode| *unit == units.declared;
    let statutory1 = if same(&units.statutory1) { declared } else { scaled(15 + i128::from(pick % 3)) };
    let statutory2 = units.statutory2.as_ref().map(|unit| if same(unit) { declared } else { scaled(25) });
    Amount { declared, statutory1, statutory2 }
}

/// A new book; with more chance one that is not there yet.
pub fn file(scribe: &Scribe, intent: &Intent) -> Document {
    let pick = intent.picks[0];
    let missing: Vec<&str> =
        BOOKS.into_iter().filter(|number| scribe.model.shelf.book(number).is_none()).collect();
    let number = choose(&missing, pick).unwrap_or(BOOKS[usize::from(pick) % BOOKS.len()]);
    file_number(scribe, number, intent)
}

/// A book of a number.
pub fn file_number(_: &Scribe, number: &str, intent: &Intent) -> Document {
    let opening = intent.picks[1];
    if is_processing(number) {
        return processing::file(number, intent);
    }
    let mut filing = blank(number);
    filing.rows = rows(number, opening);
    Document::Book(twisted(filing, intent))
}

/// A row of a leasing book has an asset.
fn with_serial(book_no: &str, row: BookRow) -> BookRow {
    let asset = serial(&format!("OLD-{}", row.number));
    BookRow { serial: (usage(book_no) == Usage::Lease).then_some(asset), ..row }
}

/// The first three items of a book, with opening balances as chance has it.
pub fn rows(book_no: &str, opening: u8) -> Vec<BookRow> {
    let row = |number: u64| {
        let goods = goods_in(book_no, number);
        let amount = match (opening >> number) % 2 {
            0 => Amount::default(),
            _ => received(&goods.units, opening),
        };
        with_serial(book_no, book_row(number, &goods, amount))
    };
    (1..=3).map(row).collect()
}

/// A change of a book: stops of known items, new items, and rows that do not count.
pub fn change(scribe: &Scribe, intent: &Intent) -> Document {
    let [pick, number, opening, marks, ..] = intent.picks;
    let known: Vec<_> = scribe.model.shelf.books.iter().collect();
    let Some(book) = choose(&known, pick) else { return file(scribe, intent) };
    if is_processing(book.filing.book_no.as_str()) {
        return processing::change(book, intent);
    }
    let mut filing = blank(book.filing.book_no.as_str());
    filing.change_no = Some(book.change_no + 1);
    let first = u64::from(number % 5) + 1;
    for row in [first, first + 1] {
        let goods = goods_in(book.filing.book_no.as_str(), row);
        let row = book_row(row, &goods, received(&goods.units, opening));
        let mut row = with_serial(book.filing.book_no.as_str(), row);
        let mark = ["1", "1", "1", "4", "5", "6", "7"][usize::from(marks) % 7];
        row.stops = Stops::from_execution_mark(mark);
        row.amended = row.number == first || marks % 2 == 0;
        filing.rows.push(row);
    }
    Document::Book(twisted(filing, intent))
}

pub fn twisted(mut filing: BookFiling, intent: &Intent) -> BookFiling {
    twist(BOOK_TWISTS, &mut filing, intent.twist);
    filing
}

/// Half of a quantity, and at least the least there is.
pub fn half(of: Quantity) -> Quantity {
    Quantity::from_raw((of.raw() / 2).max(quantity("0.00001").raw()))
}
