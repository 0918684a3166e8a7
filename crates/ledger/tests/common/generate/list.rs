//! Lists that chance files, changes and takes back.

use super::book::{half, received};
use super::scribe::choose;
use super::twist::{LIST_TWISTS, STOCK_TWISTS, TRANSFER_TWISTS, Twist, twist};
use super::{Intent, Scribe, processing, transfer_form};
use crate::common::build::{
    self, Amount, declared, declared_by_partner, filed, list as blank, list_line, mode,
};
use crate::common::model::{BookCopy, ListCopy, Row, stock_place};
use crate::common::world::{BILLS, BOOKS, DECLARATIONS, Goods, LISTS, goods_in};
use zonebook_ledger::book::{BookingMode, Usage};
use zonebook_ledger::code::UnitCode;
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{Document, List, ListLine};
use zonebook_ledger::item::Units;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::Quantity;

/// The next list number that is free; when all are taken, any.
pub fn free_number(scribe: &Scribe, pick: u8) -> &'static str {
    let free = LISTS.into_iter().find(|number| scribe.model.shelf.list(number).is_none());
    free.unwrap_or(LISTS[usize::from(pick) % LISTS.len()])
}

/// Lists that still wait, mostly; else one that does not, or that nobody filed.
pub fn any_number(scribe: &Scribe, pick: u8, other: u8) -> String {
    let numbers = |state: fn(DocumentState) -> bool| -> Vec<String> {
        let lists = scribe.model.shelf.lists.iter().filter(|list| state(list.state));
        lists.map(|list| list.content.list_no.to_string()).collect()
    };
    let found = match other % 8 {
        0 => None,
        1 | 2 => choose(&numbers(|state| state != DocumentState::PrePosted), pick),
        _ => choose(&numbers(|state| state == DocumentState::PrePosted), pick),
    };
    found.unwrap_or_else(|| LISTS[usize::from(pick) % LISTS.len()].to_owned())
}

fn a_book(scribe: &Scribe, pick: u8) -> &BookCopy {
    let books = &scribe.model.shelf.books;
    // A plain line says nothing of the asset of a leasing book; goods that are not bonded have no lists.
    let plain = |book: &&BookCopy| match book.filing.usage {
        Usage::Lease => false,
        Usage::NonBonded => pick >= 250,
        _ => true,
    };
    choose(&books.iter().filter(plain).collect::<Vec<_>>(), pick).unwrap_or(&books[0])
}

/// Transport and mode, and whether and with whose declaration.
pub fn dressed(list: List, intent: &Intent) -> List {
    let [.., dress, declaration] = intent.picks;
    let list = List {
        transport: if dress & 1 == 0 { "2" } else { "9" }.into(),
        mode: mode(["5034", "5034", "5000", "0400", "0200", "4600"][usize::from(dress >> 1) % 6]),
        ..list
    };
    // What one kind of zone is for and another is not.
    let list = match dress {
        232..244 => List { mode: mode(["1234", "1239", "5014", "5015"][usize::from(dress) % 4]), ..list },
        244.. => List { transport: ["7", "X", "Y", "Z"][usize::from(dress) % 4].into(), ..list },
        _ => list,
    };
    let number = DECLARATIONS[usize::from(declaration) % DECLARATIONS.len()];
    match declaration % 4 {
        0 => list,
        1 => declared_by_partner(list, number),
        // Its declaration is made later, and customs says its number then.
        2 if declaration % 3 == 0 => List { declaration_no: None, ..declared(list, number) },
        _ => declared(list, number),
    }
}

pub fn finished(mut list: List, intent: &Intent) -> Document {
    twist(LIST_TWISTS, &mut list, intent.twist);
    filed(list)
}

/// Half of what is wrong is what lists of that sort have wrong.
pub fn finished_with(twists: &[Twist<List>], mut list: List, intent: &Intent) -> Document {
    match intent.twist {
        Some(which) if which.is_multiple_of(2) => {
            twist(twists, &mut list, Some(which / 2));
            filed(list)
        }
        _ => finished(list, intent),
    }
}

/// A receipt of one or two lines.
pub fn inward(scribe: &Scribe, intent: &Intent) -> Document {
    let [pick, item, amount, ..] = intent.picks;
    let book = a_book(scribe, pick);
    let mut list = blank(free_number(scribe, pick), book.filing.book_no.as_str(), Direction::In);
    let dangerous = pick.is_multiple_of(3);
    for line in 1..=u64::from(item % 2) + 1 {
        let number = u64::from(item / 2) % 3 + line;
        let number = (number - 1) % 3 + 1;
        let goods = goods_in(book.filing.book_no.as_str(), number);
        let line = list_line(line, number, &goods, received(&goods.units, amount));
        list.lines.push(ListLine { dangerous, ..line });
    }
    finished(dressed(list, intent), intent)
}

/// Where the goods of a row stand when in stock.
pub fn zone_of(book: &BookCopy, row: &Row) -> PositionKey {
    PositionKey {
        book_no: book.filing.book_no.clone(),
        mark: row.mark,
        number: row.number,
        lot: row.lot.clone(),
        serial: row.serial.clone(),
        place: stock_place(book.filing.usage, row.mark),
    }
}

/// Some of what is available, or all of it: the rest in every unit.
pub fn taken(units: &Units, available: [i128; 4], pick: u8) -> Amount {
    let whole = available[0] / 100_000;
    let declared = match i128::from(pick % 20) + 1 {
        part if pick.is_multiple_of(3) || part >= whole => available[0],
        part => part * 100_000,
    };
    let share = |of: i128| if declared == available[0] { of } else { (of * declared / available[0]).max(1) };
    let same = |unit: &UnitCode| *unit == units.declared;
    let first = if same(&units.statutory1) { declared } else { share(available[1]) };
    let second =
        units.statutory2.as_ref().map(|unit| if same(unit) { declared } else { share(available[2]) });
    Amount {
        declared: Quantity::from_raw(declared),
        statutory1: Quantity::from_raw(first),
        statutory2: second.map(Quantity::from_raw),
    }
}

pub fn goods_of(row: &Row) -> Goods {
    Goods { part: row.part.to_string(), tariff: row.tariff.to_string(), units: row.units.clone() }
}

/// Lines that take from what a book has available; from what is on hand, reserved or not, when two go for the same goods.
fn taking(scribe: &Scribe, book: &BookCopy, intent: &Intent) -> Vec<ListLine> {
    let [_, pick, amount, race, ..] = intent.picks;
    let there = |row: &Row| {
        let figures = scribe.model.shelf.figures(&zone_of(book, row));
        if race.is_multiple_of(8) { figures.on_hand() } else { figures.available() }
    };
    let stocked: Vec<&Row> = book.goods().filter(|row| there(row)[0] > 0).collect();
    let Some(first) = choose(&stocked, pick) else { return Vec::new() };
    let mut rows = vec![first];
    rows.extend(
        stocked.into_iter().filter(|row| row.number != first.number).take(usize::from(pick / 16) % 2),
    );
    let line = |(at, row): (usize, &Row)| {
        list_line(at as u64 + 1, row.number, &goods_of(row), taken(&row.units, there(row), amount))
    };
    rows.into_iter().enumerate().map(line).collect()
}

/// A delivery of what is available.
pub fn outward(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let pick = intent.picks[0];
    let book = a_book(scribe, pick);
    let lines = taking(scribe, book, intent);
    let list = blank(free_number(scribe, pick), book.filing.book_no.as_str(), Direction::Out);
    let list = List { lines, ..list };
    (!list.lines.is_empty()).then(|| finished_with(STOCK_TWISTS, dressed(list, intent), intent))
}

/// The list for goods that came in on a bill of lading; now and then on another bill than they came on.
pub fn from_bill(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [pick, which, amount, bill, ..] = intent.picks;
    let shelf = &scribe.model.shelf;
    let mut brought = Vec::new();
    for pass in shelf.passes.iter().filter(|pass| pass.state == DocumentState::Passed) {
        for number in &pass.items {
            brought.push((pass.filing.book_no.clone()?, pass.filing.linked.first()?.to_string(), *number));
        }
    }
    let (book, on_bill, number) = choose(&brought, which)?;
    let suspense =
        PositionKey { place: Place::SuspenseIn, ..build::position(book.as_str(), number, Place::Zone) };
    let there = shelf.figures(&suspense).available()[0];
    let goods = goods_in(book.as_str(), number);
    let mut amounts = received(&goods.units, amount);
    if pick % 4 > 0 && amounts.declared.raw() > there && there > 0 {
        amounts = taken(&goods.units, [there, there * 2, there * 3, 0], 0);
    }
    let named =
        if bill.is_multiple_of(8) { BILLS[usize::from(bill / 8) % BILLS.len()].to_owned() } else { on_bill };
    let list = blank(free_number(scribe, pick), book.as_str(), Direction::In);
    let lines = vec![list_line(1, number, &goods, amounts)];
    let list = List { kind: "3".into(), bill_no: Some(build::bill_no(&named)), lines, ..list };
    Some(finished(dressed(list, intent), intent))
}

/// Inside the zone, or between zones with a declaration of its own.
pub fn inside_or_between(list: List, intent: &Intent) -> List {
    let [.., dress, declaration] = intent.picks;
    match dress % 2 {
        0 => List { kind: "6".into(), ..list },
        _ => match DECLARATIONS.get(usize::from(declaration) % 8) {
            Some(number) => declared(list, number),
            None => list,
        },
    }
}

/// The transferee's list of a transfer.
pub fn transfer_in(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [pick, _, _, to, ..] = intent.picks;
    // Where there is a form, mostly between its ends.
    let ends = transfer_form::ends(scribe, intent).filter(|_| !to.is_multiple_of(4));
    let (from, to) = ends.unwrap_or_else(|| (a_book(scribe, pick).clone(), a_book(scribe, to).clone()));
    let mut lines = taking(scribe, &from, intent);
    for line in &mut lines {
        if to.filing.booking_mode == BookingMode::Accumulating {
            let same = |row: &&Row| row.tariff == line.tariff_code && row.units == line.units;
            line.number = to.goods().find(same)?.number;
        }
    }
    let list = blank(free_number(scribe, pick), to.filing.book_no.as_str(), Direction::In);
    let related_book = Some(from.filing.book_no.clone());
    let list = List { related_book, lines, ..list };
    let list = transfer_form::named(scribe, inside_or_between(list, intent), intent);
    (!list.lines.is_empty()).then(|| finished(list, intent))
}

/// The transferor's list, which ends the transfer.
pub fn transfer_out(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [pick, which, ..] = intent.picks;
    let shelf = &scribe.model.shelf;
    let waits = |list: &&ListCopy| {
        let content = &list.content;
        let open = list.partner.is_none() || intent.who.is_multiple_of(8);
        let transfer = content.direction == Direction::In && content.related_book.is_some();
        transfer && open && list.state == DocumentState::PrePosted
    };
    let waiting: Vec<_> = shelf.lists.iter().filter(waits).collect();
    let other = &choose(&waiting, which)?.content;
    let from = shelf.book(other.related_book.as_ref()?.as_str())?;
    let mut lines = other.lines.clone();
    let product = processing::as_products(from, &mut lines);
    for line in lines.iter_mut().filter(|_| !product) {
        let fits = |row: &&Row| {
            row.tariff == line.tariff_code
                && row.units == line.units
                && shelf.figures(&zone_of(from, row)).available()[0] >= line.declared.raw()
        };
        line.number = from.goods().find(fits).map_or(line.number, |row| row.number);
    }
    let list = blank(free_number(scribe, pick), from.filing.book_no.as_str(), Direction::Out);
    let list = List {
        mark: if product { Mark::Product } else { Mark::Goods },
        related_list: Some(other.list_no.clone()),
        related_book: Some(other.book_no.clone()),
        permit_no: other.permit_no.clone(),
        lines,
        ..list
    };
    let list = match other.kind.as_str() {
        "6" => List { kind: "6".into(), ..list },
        _ => match DECLARATIONS.get(usize::from(intent.picks[5]) % 8) {
            Some(number) => declared(list, number),
            None => list,
        },
    };
    Some(finished_with(TRANSFER_TWISTS, list, intent))
}

/// New content for a list that waits.
pub fn change(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [pick, which, how, ..] = intent.picks;
    let editable = |list: &&ListCopy| {
        let rigid = list.content.kind != "0" || !list.content.declared || list.release_time.is_some();
        list.state == DocumentState::PrePosted && (!rigid || pick.is_multiple_of(8))
    };
    let lists: Vec<_> = scribe.model.shelf.lists.iter().filter(editable).collect();
    let old = choose(&lists, which)?;
    let mut list = old.content.clone();
    for line in &mut list.lines {
        line.declared = half(line.declared);
        line.statutory1 = half(line.statutory1);
        line.statutory2 = line.statutory2.map(half);
    }
    match how % 4 {
        0 if list.lines.len() > 1 => {
            list.lines.pop();
        }
        1 if list.direction == Direction::In => {
            // A number that no earlier content had.
            let number = u64::from(how / 4) % 3 + 1;
            let line = (old.version + 1) * 100;
            let goods = goods_in(list.book_no.as_str(), number);
            list.lines.push(list_line(line, number, &goods, received(&goods.units, how)));
        }
        2 => list.transport = if list.transport == "2" { "9" } else { "2" }.into(),
        _ => {}
    }
    let change_no = old.version + if intent.way == 7 { 2 } else { 1 };
    if intent.way != 7 {
        twist(LIST_TWISTS, &mut list, intent.twist);
    }
    Some(build::change(list, change_no))
}

/// The end of a list.
pub fn withdraw(scribe: &Scribe, intent: &Intent) -> Document {
    let [pick, other, ..] = intent.picks;
    // A list that another answers to cannot be taken back alone; chance would seldom try.
    let lists = scribe.model.shelf.lists.iter();
    let paired = |list: &&ListCopy| {
        list.state == DocumentState::PrePosted
            && list.partner.is_some()
            && list.content.direction == Direction::In
    };
    let waiting: Vec<String> = lists.filter(paired).map(|list| list.content.list_no.to_string()).collect();
    let number = match choose(&waiting, pick).filter(|_| other % 4 == 3) {
        Some(number) => number,
        None => any_number(scribe, pick, other),
    };
    let version = scribe.model.shelf.list(&number).map_or(0, |list| list.version);
    build::withdrawal(&number, version + if intent.twist.is_some() { 2 } else { 1 })
}

/// A book other than the one named.
pub fn another_book(number: &str) -> &'static str {
    BOOKS.into_iter().find(|other| *other != number).unwrap_or(BOOKS[0])
}
