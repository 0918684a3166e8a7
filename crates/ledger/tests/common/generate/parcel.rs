//! Parcels that chance files, cancels and gathers.

use super::list::{finished, free_number, goods_of, taken, zone_of};
use super::sale::citation;
use super::scribe::choose;
use super::{Intent, Scribe};
use crate::common::build::{Amount, list as blank, list_line, quantity};
use crate::common::model::ParcelCopy;
use crate::common::papers::{parcel as blank_parcel, parcel_no, parcel_return, return_no};
use crate::common::world::{Goods, NO_BOOK, PARCELS, RETURNS};
use zonebook_ledger::book::Usage;
use zonebook_ledger::direction::Direction;
use zonebook_ledger::document::{BuyerHash, CitedParcel, Document, List, ParcelFiling, ReturnedLine};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::parameter::Parameter;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::time::Date;

/// A new parcel of what is available; now and then one that is dear, or of a book without commerce.
pub fn file(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [pick, amount, odd, buyer, ..] = intent.picks;
    let shelf = &scribe.model.shelf;
    let book = shelf.books.iter().find(|book| book.filing.usage == Usage::ECommerce)?;
    let there = |row: &&crate::common::model::Row| shelf.figures(&zone_of(book, row)).available()[0] > 0;
    let stocked: Vec<_> = book.goods().filter(there).collect();
    let row = choose(&stocked, pick)?;
    let free = PARCELS.into_iter().find(|number| shelf.parcel(&parcel_no(number)).is_none());
    let number = free.unwrap_or(PARCELS[0]);
    let amounts = taken(&row.units, shelf.figures(&zone_of(book, row)).available(), amount);
    // Where a year is short, one buyer goes for more than is left of it.
    let short_year = shelf.parameters.keys().any(|(parameter, _)| *parameter == Parameter::BuyerYearMax);
    let price = match odd % 8 {
        1 => "5000.01",
        _ if short_year => "160",
        _ => "100",
    };
    let in_book = if odd % 16 == 2 { NO_BOOK } else { book.filing.book_no.as_str() };
    let mut parcel = blank_parcel(number, in_book, row.number, &goods_of(row), amounts, price);
    if odd % 16 == 3 {
        parcel.lines.iter_mut().for_each(|line| line.declared = quantity("0"));
    }
    // Most buyers are known, and there are few of them.
    let of_few = if short_year { 0 } else { buyer % 3 };
    parcel.buyer = (buyer % 4 > 0).then_some(BuyerHash([of_few; 32]));
    // Most say of which sale they are.
    let sale = (odd % 4 > 0).then(|| citation(pick));
    Some(Document::Parcels(ParcelFiling::of(vec![CitedParcel { parcel, sale }])))
}

/// Goods of a delivered parcel that came back, all or part; now and then more than there were, or of another parcel.
pub fn give_back(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [pick, amount, odd, days, ..] = intent.picks;
    let shelf = &scribe.model.shelf;
    let back = |parcel: &&ParcelCopy| parcel.delivered_on.is_some() || odd % 16 == 1;
    let parcels: Vec<&ParcelCopy> = shelf.parcels.iter().filter(back).collect();
    let copy = choose(&parcels, pick)?;
    let free = RETURNS.into_iter().find(|number| shelf.parcel_return(&return_no(number)).is_none());
    let mut filing = parcel_return(free.unwrap_or(RETURNS[0]), copy.parcel.parcel_no.as_str());
    let today = scribe.clock().date();
    filing.arrived_on = Date(today.0 - i32::from(days % 2) + i32::from(odd % 16 == 2));
    filing.applied_on = copy.delivered_on.filter(|_| days % 4 < 3).unwrap_or(filing.arrived_on);
    for line in &copy.parcel.lines {
        let whole = amount.is_multiple_of(2);
        // A half of each, which is not always possible in every unit.
        let part = |given: Quantity| Quantity::from_raw(if whole { given.raw() } else { given.raw() / 2 });
        filing.lines.push(ReturnedLine {
            line: line.line + u64::from(odd % 16 == 3),
            declared: if odd % 16 == 4 { Quantity::ZERO } else { part(line.declared) },
            statutory1: part(line.statutory1),
            statutory2: line.statutory2.map(part),
        });
    }
    Some(Document::ParcelReturn(filing))
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
