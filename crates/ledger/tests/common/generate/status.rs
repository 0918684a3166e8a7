//! Goods by status, as chance registers and changes it.

use super::book::received;
use super::list::{goods_of, taken, zone_of};
use super::scribe::choose;
use super::twist::{Twist, twist};
use super::{Intent, Scribe, book, gate};
use crate::common::build::{self, quantity};
use crate::common::model::{BookCopy, Row};
use crate::common::papers::{registration, status_change, status_line};
use crate::common::world::{self, DECLARATIONS, NO_BOOK, REGISTRATIONS, STATUS_CHANGES, goods_in};
use zonebook_ledger::book::Usage;
use zonebook_ledger::code::{DeclarationNo, TariffCode};
use zonebook_ledger::direction::Direction;
use zonebook_ledger::document::{
    Document, PassType, RegistrationFiling, StatusChangeFiling, StatusChangeLine, StatusLine,
};
use zonebook_ledger::quantity::Quantity;

/// What is wrong with the goods of a line.
const LINE_TWISTS: &[Twist<StatusLine>] = &[
    ("nothing", |line| line.declared = Quantity::ZERO),
    ("other code", |line| line.tariff_code = TariffCode::new("9999999999").unwrap()),
    ("other units", |line| line.units = build::units("011", "035", None)),
    ("item that is not filed", |line| line.number = 77),
    ("second quantity left out", |line| line.statutory2 = None),
    ("second quantity too many", |line| line.statutory2 = Some(line.declared)),
    ("first statutory quantity off", |line| line.statutory1 = quantity("0.123")),
    ("value below nothing", |line| line.value_usd = quantity("-1")),
    ("more than there is", |line| {
        line.declared = quantity("5000");
        line.statutory1 = quantity("5000");
    }),
];

/// What is wrong with a registration.
const REGISTRATION_TWISTS: &[Twist<RegistrationFiling>] = &[
    ("number that is taken", |filing| {
        filing.registration_no = zonebook_ledger::code::RegistrationNo::new("G01").unwrap();
    }),
    ("book that is not there", |filing| filing.book_no = build::book_no(NO_BOOK)),
    ("bonded book", |filing| filing.book_no = build::book_no("A1")),
    ("owner of another book", |filing| filing.owner = build::customs_no("2217960009")),
    ("passed late", |filing| filing.passed_at = world::local("2027-01-01T00:00:00")),
    ("no lines", |filing| filing.lines.clear()),
    ("line twice", |filing| filing.lines.extend(filing.lines.first().cloned())),
    ("other direction", |filing| {
        filing.direction = if filing.direction == Direction::In { Direction::Out } else { Direction::In };
    }),
];

/// What is wrong with a change of status.
const CHANGE_TWISTS: &[Twist<StatusChangeFiling>] = &[
    ("number that is taken", |filing| {
        filing.status_change_no = zonebook_ledger::code::StatusChangeNo::new("H01").unwrap();
    }),
    ("from a book that is not there", |filing| filing.from_book = build::book_no(NO_BOOK)),
    ("to a book that is not there", |filing| filing.to_book = build::book_no(NO_BOOK)),
    ("of the same status", |filing| filing.to_book = filing.from_book.clone()),
    ("to a book of assets", |filing| filing.to_book = build::book_no("Y1")),
    ("owner of another book", |filing| filing.owner = build::customs_no("2217960009")),
    ("declared late", |filing| filing.declared_at = world::local("2027-01-01T00:00:00")),
    ("declaration of nobody", |filing| filing.declaration_no = DeclarationNo::new("D99").unwrap()),
    ("no lines", |filing| filing.lines.clear()),
    ("line twice", |filing| filing.lines.extend(filing.lines.first().cloned())),
    ("into an item that is not filed", |filing| {
        filing.lines.iter_mut().for_each(|line| line.to_number = 77);
    }),
];

/// What comes next for goods that are not bonded; where there is no book for them, the book.
pub fn next(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let Some(book) = scribe.model.shelf.book("B1") else {
        return Some(book::file_number(scribe, "B1", intent));
    };
    match intent.picks[0] % 5 {
        0 | 1 => Some(registered_in(scribe, intent)),
        2 => registered_out(scribe, book, intent).or_else(|| Some(registered_in(scribe, intent))),
        _ => changed(scribe, intent).or_else(|| Some(registered_in(scribe, intent))),
    }
}

fn free_registration(scribe: &Scribe) -> &'static str {
    let taken = &scribe.model.shelf.registrations;
    let free = |number: &&&str| taken.iter().all(|filing| filing.registration_no.as_str() != **number);
    REGISTRATIONS.iter().find(free).copied().unwrap_or(REGISTRATIONS[0])
}

fn finished(mut filing: RegistrationFiling, intent: &Intent) -> Document {
    filing.pass_type = PassType::ALL[usize::from(intent.picks[4]) % PassType::ALL.len()];
    match intent.twist {
        Some(which) if which.is_multiple_of(2) => {
            if let Some(line) = filing.lines.last_mut() {
                twist(LINE_TWISTS, line, Some(which / 2));
            }
        }
        which => twist(REGISTRATION_TWISTS, &mut filing, which.map(|which| which / 2)),
    }
    Document::Registration(filing)
}

fn registered_in(scribe: &Scribe, intent: &Intent) -> Document {
    let [_, which, amount, ..] = intent.picks;
    let number = u64::from(which) % 3 + 1;
    let goods = goods_in("B1", number);
    let line = status_line(1, number, &goods, received(&goods.units, amount));
    finished(registration(free_registration(scribe), "B1", Direction::In, vec![line]), intent)
}

pub fn stocked<'b>(scribe: &Scribe, book: &'b BookCopy) -> Vec<(&'b Row, [i128; 4])> {
    let there = |row: &'b Row| (row, scribe.model.shelf.figures(&zone_of(book, row)).available());
    book.goods().map(there).filter(|(_, available)| available[0] > 0).collect()
}

fn registered_out(scribe: &Scribe, book: &BookCopy, intent: &Intent) -> Option<Document> {
    let [_, which, amount, ..] = intent.picks;
    let (row, available) = choose(&stocked(scribe, book), which)?;
    let line = status_line(1, row.number, &goods_of(row), taken(&row.units, available, amount));
    let filing = registration(free_registration(scribe), "B1", Direction::Out, vec![line]);
    Some(finished(filing, intent))
}

/// Goods become bonded, or cease to be: between `B1` and another book of its owner.
fn changed(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [_, which, amount, pick, way, declaration] = intent.picks;
    let shelf = &scribe.model.shelf;
    let others: Vec<&BookCopy> = shelf
        .books
        .iter()
        .filter(|book| {
            world::owner(book.filing.book_no.as_str()) == world::owner("B1")
                && !matches!(book.filing.usage, Usage::NonBonded | Usage::Lease)
        })
        .collect();
    let (plain, other) = (shelf.book("B1")?, choose(&others, pick)?);
    let (from, to) = if way.is_multiple_of(2) { (plain, other) } else { (other, plain) };
    let (row, available) = choose(&stocked(scribe, from), which)?;
    let same = |other: &&Row| other.tariff == row.tariff && other.units == row.units;
    let to_number = to.goods().find(same).map_or(1, |row| row.number);
    let goods = status_line(1, row.number, &goods_of(row), taken(&row.units, available, amount));
    let released: Vec<&str> = shelf.released.iter().map(|(number, _)| number.as_str()).collect();
    let declarations = match (released.is_empty(), declaration.is_multiple_of(8)) {
        (_, true) => DECLARATIONS.to_vec(),
        // Customs releases one first.
        (true, false) => return Some(gate::notice(scribe, intent)),
        (false, false) => released,
    };
    let declared = choose(&declarations, declaration)?;
    let numbers = &shelf.status_changes;
    let free = STATUS_CHANGES
        .iter()
        .find(|number| numbers.iter().all(|filing| filing.status_change_no.as_str() != **number));
    let books = (from.filing.book_no.as_str(), to.filing.book_no.as_str());
    let lines = vec![StatusChangeLine { goods, to_number }];
    let mut filing = status_change(free.copied().unwrap_or(STATUS_CHANGES[0]), books, declared, lines);
    match intent.twist {
        Some(which) if which.is_multiple_of(4) => {
            if let Some(line) = filing.lines.last_mut() {
                twist(LINE_TWISTS, &mut line.goods, Some(which / 4));
            }
        }
        which => twist(CHANGE_TWISTS, &mut filing, which.map(|which| which / 4)),
    }
    Some(Document::StatusChange(filing))
}
