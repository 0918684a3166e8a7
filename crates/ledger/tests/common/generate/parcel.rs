//! Parcels that chance files, cancels and gathers.

use super::list::{finished, free_number, goods_of, taken, zone_of};
use super::scribe::choose;
use super::{Intent, Scribe};
use crate::common::build::{Amount, list as blank, list_line, quantity};
use crate::common::model::ParcelCopy;
use crate::common::papers::{parcel as blank_parcel, parcel_no};
use crate::common::world::{Goods, NO_BOOK, PARCELS};
use zonebook_ledger::book::Usage;
use zonebook_ledger::direction::Direction;
use zonebook_ledger::document::{Document, List, ParcelFiling};
use zonebook_ledger::movement::DocumentState;

/// A new parcel of what is available; now and then one that is dear, or of a book without commerce.
pub fn file(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [pick, amount, odd, ..] = intent.picks;
    let shelf = &scribe.model.shelf;
    let book = shelf.books.iter().find(|book| book.filing.usage == Usage::ECommerce)?;
    let there = |row: &&crate::common::model::Row| shelf.figures(&zone_of(book, row)).available()[0] > 0;
    let stocked: Vec<_> = book.goods().filter(there).collect();
    let row = choose(&stocked, pick)?;
    let free = PARCELS.into_iter().find(|number| shelf.parcel(&parcel_no(number)).is_none());
    let number = free.unwrap_or(PARCELS[0]);
    let amounts = taken(&row.units, shelf.figures(&zone_of(book, row)).available(), amount);
    let price = if odd % 8 == 1 { "5000.01" } else { "100" };
    let in_book = if odd % 16 == 2 { NO_BOOK } else { book.filing.book_no.as_str() };
    let mut parcel = blank_parcel(number, in_book, row.number, &goods_of(row), amounts, price);
    if odd % 16 == 3 {
        parcel.lines.iter_mut().for_each(|line| line.declared = quantity("0"));
    }
    Some(Document::Parcels(ParcelFiling::File(vec![parcel])))
}

/// Parcels taken back.
pub fn cancel(scribe: &Scribe, intent: &Intent) -> Document {
    let [pick, twice, ..] = intent.picks;
    let number = parcel_no(PARCELS[usize::from(pick) % 4]);
    let again = (twice % 4 == 0 && scribe.model.shelf.parcel(&number).is_some()).then(|| number.clone());
    Document::Parcels(ParcelFiling::Cancel([number].into_iter().chain(again).collect()))
}

/// A list that gathers parcels, mostly those that are reserved.
pub fn gather(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [pick, odd, ..] = intent.picks;
    let open = |parcel: &&ParcelCopy| parcel.state == DocumentState::Reserved || odd.is_multiple_of(8);
    let parcels: Vec<_> = scribe.model.shelf.parcels.iter().filter(open).map(|copy| &copy.parcel).collect();
    let first = choose(&parcels, pick)?;
    let mut named = vec![first];
    named.extend(parcels.into_iter().find(|other| odd % 2 == 1 && other.parcel_no != first.parcel_no));
    let mut list = blank(free_number(scribe, pick), first.book_no.as_str(), Direction::Out);
    for (at, line) in named.iter().flat_map(|parcel| &parcel.lines).enumerate() {
        let row =
            scribe.model.shelf.book(first.book_no.as_str())?.goods().find(|row| row.number == line.number)?;
        let goods: Goods = goods_of(row);
        let amount =
            Amount { declared: line.declared, statutory1: line.statutory1, statutory2: line.statutory2 };
        list.lines.push(list_line(at as u64 + 1, line.number, &goods, amount));
    }
    list.parcels = named.iter().map(|parcel| parcel.parcel_no.clone()).collect();
    if odd % 16 == 2 {
        list.lines.pop();
    }
    Some(finished(List { kind: "8".into(), ..list }, intent))
}
