//! What may be wrong with a document: one table for each type. A twist may also turn out to be harmless.

use super::book::half;
use super::list::another_book;
use crate::common::build::{self, quantity};
use crate::common::world::{self, goods};
use zonebook_ledger::code::{DocumentNo, PartNo, TariffCode};
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{
    Binding, BookFiling, DeclarationType, LinkedType, List, ListLine, PassFiling, PassLine,
};
use zonebook_ledger::document::{PermitFiling, PermitKind, SlipFiling, SlipLine};
use zonebook_ledger::limits::{LINES_MAX, LINKED_MAX, ROWS_MAX};
use zonebook_ledger::quantity::{Factor, Quantity};
use zonebook_ledger::zone::ZoneKind;

/// What is wrong, and how it comes about.
pub type Twist<T> = (&'static str, fn(&mut T));

/// Makes one thing wrong.
pub fn twist<T>(twists: &[Twist<T>], document: &mut T, which: Option<u8>) {
    if let Some(which) = which {
        twists[usize::from(which) % twists.len()].1(document);
    }
}

fn last(list: &mut List, change: impl FnOnce(&mut ListLine)) {
    if let Some(line) = list.lines.last_mut() {
        change(line);
    }
}

fn more(of: Quantity, by: &str) -> Quantity {
    Quantity::from_raw(of.raw() + quantity(by).raw())
}

/// More in the declared unit, and in those that are the same.
fn declare_more(line: &mut ListLine, by: &str) {
    line.declared = more(line.declared, by);
    if line.units.statutory1 == line.units.declared {
        line.statutory1 = line.declared;
    }
    if line.units.statutory2.as_ref() == Some(&line.units.declared) {
        line.statutory2 = Some(line.declared);
    }
}

/// Lists.
pub const LIST_TWISTS: &[Twist<List>] = &[
    ("nothing declared", |list| last(list, |line| line.declared = Quantity::ZERO)),
    ("less than nothing in the first unit", |list| last(list, |line| line.statutory1 = quantity("-1"))),
    ("nothing in the second unit", |list| last(list, |line| line.statutory2 = Some(Quantity::ZERO))),
    ("net above gross", |list| last(list, |line| line.net = more(line.gross, "0.00001"))),
    ("item that is not filed", |list| last(list, |line| line.number = 77)),
    ("other tariff code", |list| {
        last(list, |line| line.tariff_code = TariffCode::new("9999999999").unwrap())
    }),
    ("other units", |list| last(list, |line| line.units = build::units("011", "035", None))),
    ("second quantity left out", |list| last(list, |line| line.statutory2 = None)),
    ("second quantity too many", |list| last(list, |line| line.statutory2 = Some(line.declared))),
    ("first statutory quantity off", |list| {
        last(list, |line| line.statutory1 = more(line.statutory1, "0.5"))
    }),
    ("second statutory quantity off", |list| {
        last(list, |line| line.statutory2 = line.statutory2.map(|given| more(given, "0.5")));
    }),
    ("owner of another book", |list| list.owner = build::customs_no("2217960009")),
    ("declared late", |list| list.declared_at = world::local("2027-01-01T00:00:00")),
    ("book that is not there", |list| list.book_no = build::book_no(world::NO_BOOK)),
    ("other book", |list| list.book_no = build::book_no(another_book(list.book_no.as_str()))),
    ("kind that is not there", |list| list.kind = "7".into()),
    ("kind in the wrong direction", |list| {
        list.kind = if list.direction == Direction::In { "1" } else { "3" }.into();
    }),
    ("company of the other declaration missing", |list| {
        list.declared = true;
        list.declaration_type = Some(DeclarationType::Related);
        list.related_company_complete = false;
    }),
    ("line twice", |list| list.lines.extend(list.lines.first().cloned())),
    ("mark of products", |list| list.mark = Mark::Product),
    ("transfer between zones", |list| list.related_book = Some(build::book_no("Z9"))),
    ("value below nothing", |list| last(list, |line| line.value_usd = quantity("-0.01"))),
    ("number that is taken", |list| list.list_no = build::list_no("L01")),
    ("other direction", |list| {
        list.direction = if list.direction == Direction::In { Direction::Out } else { Direction::In };
    }),
    ("no bill, no other list", |list| {
        list.bill_no = None;
        list.related_list = None;
    }),
    ("list of nobody", |list| list.related_list = Some(build::list_no("L99"))),
    ("not declared after all", |list| list.declared = !list.declared),
    ("destroyed", |list| list.mode = build::mode("0400")),
    ("more lines than a step may have", |list| {
        let line = list_line_of(list);
        list.lines =
            (1..=LINES_MAX as u64 + 1).map(|number| ListLine { line: number, ..line.clone() }).collect();
    }),
];

fn list_line_of(list: &List) -> ListLine {
    let blank = || build::list_line(1, 1, &goods(1), build::amount("1", "1", None));
    list.lines.first().cloned().unwrap_or_else(blank)
}

fn last_part(pass: &mut PassFiling, change: impl FnOnce(&mut PassLine)) {
    if let Some(line) = pass.lines.last_mut() {
        change(line);
    }
}

fn link(pass: &mut PassFiling, number: &str) {
    pass.linked.push(DocumentNo::new(number).unwrap());
}

/// Lists that take from stock, against what is there.
pub const STOCK_TWISTS: &[Twist<List>] = &[
    ("more than there is", |list| last(list, |line| declare_more(line, "500"))),
    ("a little more than there is", |list| last(list, |line| declare_more(line, "0.00001"))),
    ("first statutory quantity a little short", |list| {
        last(list, |line| line.statutory1 = more(line.statutory1, "-0.00001"));
    }),
    ("first statutory quantity far off", |list| {
        last(list, |line| line.statutory1 = more(line.statutory1, "1000"));
    }),
];

/// Lists of a transferor, against the list of the transferee.
pub const TRANSFER_TWISTS: &[Twist<List>] = &[
    ("no other list", |list| list.related_list = None),
    ("list of nobody", |list| list.related_list = Some(build::list_no("L99"))),
    ("list that came first", |list| list.related_list = Some(build::list_no("L01"))),
    ("no form", |list| list.permit_no = None),
    ("form of nobody", |list| list.permit_no = Some(crate::common::papers::permit_no("E98"))),
    ("no other book", |list| list.related_book = None),
    ("book of nobody", |list| list.related_book = Some(build::book_no(world::NO_BOOK))),
    ("less than the other list", |list| {
        last(list, |line| {
            line.declared = half(line.declared);
            line.statutory1 = half(line.statutory1);
            line.statutory2 = line.statutory2.map(half);
        });
    }),
    ("first unit not as in the other list", |list| {
        last(list, |line| line.statutory1 = more(line.statutory1, "-0.00001"));
    }),
    ("second unit not as in the other list", |list| {
        last(list, |line| line.statutory2 = line.statutory2.map(|given| more(given, "-0.00001")));
    }),
    ("line of another number", |list| last(list, |line| line.line += 50)),
    ("line too few", |list| {
        list.lines.pop();
    }),
    ("line too many", |list| {
        let line = list_line_of(list);
        list.lines.push(ListLine { line: 60, declared: quantity("0.00001"), ..line });
    }),
    ("other book", |list| {
        list.book_no = build::book_no(another_book(list.book_no.as_str()));
        list.owner = build::customs_no(world::owner(list.book_no.as_str()));
    }),
];

/// Passes.
pub const PASS_TWISTS: &[Twist<PassFiling>] = &[
    ("number that is taken", |pass| pass.pass_no = build::pass_no("P01")),
    ("two documents on a pass for one", |pass| {
        pass.binding = Binding::OneToOne;
        link(pass, "L99");
    }),
    ("one named twice", |pass| pass.linked.extend(pass.linked.first().cloned())),
    ("no lines that say which part", |pass| {
        pass.binding = Binding::ManyVehicles;
        pass.lines.clear();
    }),
    ("list of nobody", |pass| {
        pass.linked.clear();
        link(pass, "L99");
    }),
    ("list that came first", |pass| {
        pass.linked.clear();
        link(pass, "L01");
    }),
    ("no document", |pass| pass.linked.clear()),
    ("other direction", |pass| {
        pass.direction = if pass.direction == Direction::In { Direction::Out } else { Direction::In };
    }),
    ("nothing declared", |pass| last_part(pass, |line| line.declared = Quantity::ZERO)),
    ("more than the line", |pass| last_part(pass, |line| line.declared = more(line.declared, "50"))),
    ("line that is not there", |pass| last_part(pass, |line| line.linked_line = Some(99))),
    ("line of no number", |pass| last_part(pass, |line| line.linked_line = None)),
    ("part that is not filed", |pass| last_part(pass, |line| line.part_no = PartNo::new("NONE").ok())),
    ("other unit", |pass| last_part(pass, |line| line.unit = None)),
    ("slips that nobody filed", |pass| pass.linked_type = LinkedType::Slip),
    ("list as a bill", |pass| pass.linked_type = LinkedType::Bill),
    ("book that is not there", |pass| pass.book_no = Some(build::book_no(world::NO_BOOK))),
    ("book kept by receipt", |pass| pass.book_no = Some(build::book_no("R1"))),
    ("two bills", |pass| {
        pass.binding = Binding::ManyDocuments;
        link(pass, "BL9");
    }),
    ("more documents than a pass may name", |pass| {
        pass.linked = (0..=LINKED_MAX).map(|at| DocumentNo::new(&format!("L{at}")).unwrap()).collect();
    }),
];

/// Books.
pub const BOOK_TWISTS: &[Twist<BookFiling>] = &[
    ("number that is taken", |book| book.book_no = build::book_no("A1")),
    ("kind of another zone", |book| book.zone_kind = Some(ZoneKind::Bonded)),
    ("office that is no zone", |book| book.office = build::office(world::NO_OFFICE)),
    ("change out of turn", |book| book.change_no = book.change_no.map(|number| number + 1)),
    ("change of a book that is not there", |book| {
        book.book_no = build::book_no(world::NO_BOOK);
        book.change_no = Some(1);
    }),
    ("rows without receipt", |book| book.rows.iter_mut().for_each(|row| row.lot = None)),
    ("rows without serial", |book| book.rows.iter_mut().for_each(|row| row.serial = None)),
    ("opening value below nothing", |book| {
        book.rows.iter_mut().for_each(|row| row.opening_value = quantity("-5"));
    }),
    ("opening statutory quantity below nothing", |book| {
        book.rows.iter_mut().for_each(|row| row.opening_statutory1 = quantity("-5"));
    }),
    ("opening balance below nothing", |book| {
        book.rows.iter_mut().for_each(|row| row.opening_declared = quantity("-5"));
    }),
    ("row twice", |book| book.rows.extend(book.rows.first().cloned())),
    ("more rows than a step may have", |book| {
        let row = build::book_row(1, &goods(1), build::Amount::default());
        let rows = (1..=ROWS_MAX as u64 + 1)
            .map(|number| zonebook_ledger::document::BookRow { number, ..row.clone() });
        book.rows = rows.collect();
    }),
    ("not bonded", |book| {
        book.usage = zonebook_ledger::book::Usage::NonBonded;
    }),
    ("by slip", |book| book.regime = Some(zonebook_ledger::book::Regime::Slip)),
];

/// Permits.
pub const PERMIT_TWISTS: &[Twist<PermitFiling>] = &[
    ("number that is taken", |permit| permit.permit_no = crate::common::papers::permit_no("F01")),
    ("kind for other books, and without slips", |permit| permit.kind = PermitKind::SimpleProcessing),
    ("owner of another book", |permit| permit.owner = build::customs_no("2217960009")),
    ("book that is not there", |permit| permit.book_no = build::book_no(world::NO_BOOK)),
    ("declared late", |permit| permit.declared_at = world::local("2027-01-01T00:00:00")),
    ("over soon", |permit| permit.valid_until = world::local("2026-06-01T00:00:00").date()),
    ("item that is not filed", |permit| permit.lines.iter_mut().for_each(|line| line.number = 77)),
    ("nothing declared", |permit| permit.lines.iter_mut().for_each(|line| line.declared = Quantity::ZERO)),
    ("other unit", |permit| {
        permit.lines.iter_mut().for_each(|line| line.unit = build::units("011", "011", None).declared);
    }),
    ("made of nothing", |permit| permit.bom.clear()),
    ("made of itself", |permit| {
        permit.bom.iter_mut().for_each(|part| part.material_line = part.product_line);
    }),
    ("made with more lost than there is", |permit| {
        permit.bom.iter_mut().for_each(|part| part.loss = Factor::parse("100").unwrap());
    }),
    ("made of the same twice", |permit| permit.bom.extend(permit.bom.first().cloned())),
    ("made, which it is not for", |permit| {
        permit.bom.push(crate::common::papers::permit_part(1, 1, "1", "0"));
    }),
    ("guarantee of less than nothing", |permit| permit.guarantee_amount = quantity("-1")),
    ("guarantee of much", |permit| {
        permit.guarantee_no = "G01".into();
        permit.guarantee_amount = quantity("100.00001");
    }),
    ("line twice", |permit| permit.lines.extend(permit.lines.first().cloned())),
    ("next to nothing", |permit| {
        permit.lines.iter_mut().for_each(|line| line.declared = quantity("0.5"));
    }),
];

fn last_of(slip: &mut SlipFiling, change: impl FnOnce(&mut SlipLine)) {
    if let Some(line) = slip.lines.last_mut() {
        change(line);
    }
}

/// Slips.
pub const SLIP_TWISTS: &[Twist<SlipFiling>] = &[
    ("number that is taken", |slip| slip.slip_no = crate::common::papers::slip_no("S01")),
    ("permit of nobody", |slip| slip.permit_no = crate::common::papers::permit_no("F99")),
    ("declared late", |slip| slip.declared_at = world::local("2027-01-01T00:00:00")),
    ("nothing declared", |slip| last_of(slip, |line| line.declared = Quantity::ZERO)),
    ("line that the permit lacks", |slip| last_of(slip, |line| line.permit_line = 9)),
    ("item of another line", |slip| last_of(slip, |line| line.number += 1)),
    ("other tariff code", |slip| {
        last_of(slip, |line| line.tariff_code = TariffCode::new("9999999999").unwrap());
    }),
    ("other units", |slip| last_of(slip, |line| line.units = build::units("011", "035", None))),
    ("second quantity too many", |slip| last_of(slip, |line| line.statutory2 = Some(line.declared))),
    ("first statutory quantity off", |slip| {
        last_of(slip, |line| line.statutory1 = more(line.statutory1, "0.5"));
    }),
    ("duty below nothing", |slip| slip.levy_amount = quantity("-1")),
    ("names the line of no slip", |slip| {
        slip.related_slip = None;
        last_of(slip, |line| line.related_line = Some(1));
    }),
    ("comes back from nobody", |slip| {
        slip.related_slip = Some(crate::common::papers::slip_no("S99"));
    }),
    ("comes back from the first", |slip| {
        slip.related_slip = Some(crate::common::papers::slip_no("S01"));
        last_of(slip, |line| line.related_line = Some(2));
    }),
    ("value below nothing", |slip| last_of(slip, |line| line.value_usd = quantity("-1"))),
    ("far too much", |slip| last_of(slip, |line| line.declared = more(line.declared, "500"))),
    ("line twice", |slip| slip.lines.extend(slip.lines.first().cloned())),
    ("other direction", |slip| {
        slip.direction = if slip.direction == Direction::In { Direction::Out } else { Direction::In };
    }),
    ("half", super::permit::less),
];
