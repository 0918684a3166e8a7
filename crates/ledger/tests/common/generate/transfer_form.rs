//! Transfer forms that chance files, changes and closes, and lists that name them.

use super::book::half;
use super::list::goods_of;
use super::scribe::choose;
use super::twist::{Twist, twist};
use super::{Intent, Scribe};
use crate::common::build::{self, quantity};
use crate::common::model::{BookCopy, FormCopy, Row};
use crate::common::papers::{permit_no, transfer_form, transfer_form_no};
use crate::common::world::{self, FORMS};
use zonebook_ledger::book::BookingMode;
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{Document, List, TransferFormContent, TransferFormFiling, TransferFormLine};
use zonebook_ledger::quantity::Quantity;

const TWISTS: &[Twist<TransferFormContent>] = &[
    ("number that is taken", |form| form.form_no = transfer_form_no(FORMS[0])),
    ("nobody's number", |form| form.form_no = transfer_form_no("E99")),
    ("owner of another book", |form| form.sender.owner = build::customs_no("2217960009")),
    ("office of another book", |form| form.receiver.office = build::office(world::PARK)),
    ("book that is not there", |form| form.receiver.book_no = build::book_no(world::NO_BOOK)),
    ("from a book to itself", |form| form.receiver = form.sender.clone()),
    ("declared late", |form| form.declared_at = world::local("2027-01-01T00:00:00")),
    ("over soon", |form| form.valid_until = world::local("2026-06-01T00:00:00").date()),
    ("nothing", |form| form.lines.clear()),
    ("line twice", |form| form.lines.extend(form.lines.first().cloned())),
    ("nothing declared", |form| each(form, |line| line.declared = Quantity::ZERO)),
    ("item that is not filed", |form| each(form, |line| line.sender_number = 77)),
    ("other unit", |form| each(form, |line| line.unit = build::units("011", "011", None).declared)),
    ("row that a list opens", |form| {
        each(form, |line| line.receiver_number = line.receiver_number.map_or(Some(1), |_| None));
    }),
    ("of what is left", |form| each(form, |line| line.receiver_mark = Mark::Residue)),
    ("of other goods", |form| {
        each(form, |line| line.tariff_code = zonebook_ledger::code::TariffCode::new("9999999999").unwrap());
    }),
];

fn each(form: &mut TransferFormContent, change: impl Fn(&mut TransferFormLine)) {
    form.lines.iter_mut().for_each(change);
}

/// A new form between two books that know the same goods; or new content for one, or its end.
pub fn next(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [pick, how, ..] = intent.picks;
    let known = choose(&scribe.model.shelf.forms, pick);
    let filing = match (how % 8, known) {
        (0, Some(copy)) => TransferFormFiling::Close {
            change_no: next_change(&copy, intent),
            form_no: copy.content.form_no.clone(),
        },
        (1 | 2, Some(copy)) => changed(&copy, intent),
        _ => TransferFormFiling::File(new(scribe, intent)?),
    };
    Some(Document::TransferForm(filing))
}

fn next_change(copy: &FormCopy, intent: &Intent) -> u64 {
    copy.version + if intent.way == 7 { 2 } else { 1 }
}

fn changed(copy: &FormCopy, intent: &Intent) -> TransferFormFiling {
    let [.., how, amount, _] = intent.picks;
    let mut content = copy.content.clone();
    match how % 4 {
        0 => each(&mut content, |line| line.declared = half(line.declared)),
        1 => content.valid_until.0 += i32::from(amount % 4) - 1,
        2 => {
            content.lines.pop();
        }
        _ => each(&mut content, |line| line.declared = quantity("1000")),
    }
    twist(TWISTS, &mut content, intent.twist);
    TransferFormFiling::Change { change_no: next_change(copy, intent), content }
}

fn new(scribe: &Scribe, intent: &Intent) -> Option<TransferFormContent> {
    let [from, _, to, amount, days, _] = intent.picks;
    let shelf = &scribe.model.shelf;
    let taken = |number: &&str| shelf.form(&transfer_form_no(number)).is_none();
    let number =
        FORMS.into_iter().find(|number| taken(number)).unwrap_or(FORMS[usize::from(to) % FORMS.len()]);
    let from = choose(&shelf.books, from)?;
    let others: Vec<BookCopy> = shelf
        .books
        .iter()
        .filter(|book| book.filing.book_no != from.filing.book_no && !lines(&from, book, amount).is_empty())
        .cloned()
        .collect();
    let to = choose(&others, to)?;
    let ends = [from.filing.book_no.as_str(), to.filing.book_no.as_str()];
    let mut content = transfer_form(number, ends, lines(&from, &to, amount));
    let last = world::local("2026-06-02T00:00:00").date();
    content.valid_until.0 = last.0 + [1, 3, 30, 200][usize::from(days) % 4];
    twist(TWISTS, &mut content, intent.twist);
    Some(content)
}

/// What one book has and another takes: materials and products, each as an item or a row to be opened.
fn lines(from: &BookCopy, to: &BookCopy, amount: u8) -> Vec<TransferFormLine> {
    let by_receipt = to.filing.booking_mode == BookingMode::RowPerReceipt;
    let mut lines = Vec::new();
    for row in from.rows.iter().filter(|row| row.mark != Mark::Residue) {
        let same = |other: &&Row| other.tariff == row.tariff && other.units == row.units;
        let number = to.goods().find(same).map(|row| row.number).filter(|_| !by_receipt);
        if number.is_none() && !by_receipt {
            continue;
        }
        let goods = goods_of(row);
        lines.push(TransferFormLine {
            line: lines.len() as u64 + 1,
            sender_mark: row.mark,
            sender_number: row.number,
            receiver_mark: Mark::Goods,
            receiver_number: number,
            tariff_code: row.tariff.clone(),
            unit: goods.units.declared,
            declared: Quantity::whole(i64::from(amount % 48) + 4),
        });
    }
    lines.truncate(4);
    lines
}

/// The transferee's list, which names the form of its two books, mostly; now and then another form, or none.
pub fn named(scribe: &Scribe, list: List, intent: &Intent) -> List {
    let [.., which, odd, _] = intent.picks;
    let forms = &scribe.model.shelf.forms;
    let fits = |copy: &&FormCopy| {
        let (ours, theirs) = match list.direction {
            Direction::In => (&copy.content.receiver, &copy.content.sender),
            Direction::Out => (&copy.content.sender, &copy.content.receiver),
        };
        ours.book_no == list.book_no && Some(&theirs.book_no) == list.related_book.as_ref()
    };
    let fitting: Vec<FormCopy> = forms.iter().filter(fits).cloned().collect();
    let form = match odd % 16 {
        0 => None,
        1 => choose(forms, which),
        _ => choose(&fitting, which),
    };
    match form.filter(|_| list.kind == "0") {
        Some(form) => List { permit_no: Some(permit_no(form.content.form_no.as_str())), ..list },
        None => list,
    }
}

/// The ends of a form that lists may name, mostly one that is open.
pub fn ends(scribe: &Scribe, intent: &Intent) -> Option<(BookCopy, BookCopy)> {
    let [pick, ..] = intent.picks;
    let shelf = &scribe.model.shelf;
    let open: Vec<FormCopy> = shelf.forms.iter().filter(|copy| !copy.closed).cloned().collect();
    let form = choose(&open, pick)?.content;
    let book = |number: &zonebook_ledger::code::BookNo| shelf.book(number.as_str()).cloned();
    Some((book(&form.sender.book_no)?, book(&form.receiver.book_no)?))
}
