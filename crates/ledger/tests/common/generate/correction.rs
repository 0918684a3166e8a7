//! What goes wrong with lists after they were filed: corrections, returns, tallies, orders of customs, late declaration
//! numbers.

use super::book::half;
use super::list::{finished, free_number, goods_of, taken, zone_of};
use super::scribe::choose;
use super::twist::{Twist, twist};
use super::{Intent, Scribe};
use crate::common::build::{self, declared, list as blank, list_line, mode};
use crate::common::model::ListCopy;
use crate::common::world::{self, CORRECTIONS, DECLARATIONS, LISTS, TALLIES};
use zonebook_ledger::book::Usage;
use zonebook_ledger::code::{CorrectionNo, TallyNo};
use zonebook_ledger::command::{Command, CorrectionDecision};
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{
    CorrectionFiling, DeclarationAssignment, Document, LinePart, List, ListLine, TallyFiling,
};
use zonebook_ledger::limits::LINES_MAX;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::standing::{Conditional, ListOrder, Order, TallyResult};

fn some_list(scribe: &Scribe, pick: u8, apt: impl Fn(&ListCopy) -> bool) -> Option<&ListCopy> {
    let lists = &scribe.model.shelf.lists;
    let fitting: Vec<&ListCopy> = lists.iter().filter(|list| apt(list)).collect();
    if pick.is_multiple_of(12) {
        lists.get(usize::from(pick / 12) % lists.len().max(1))
    } else {
        choose(&fitting, pick)
    }
}

fn whole(line: &ListLine) -> LinePart {
    LinePart {
        line: line.line,
        declared: line.declared,
        statutory1: line.statutory1,
        statutory2: line.statutory2,
        value_usd: line.value_usd,
    }
}

fn less(part: &LinePart, by: [i128; 4]) -> LinePart {
    let minus = |of: Quantity, by: i128| Quantity::from_raw(of.raw() - by);
    LinePart {
        line: part.line,
        declared: minus(part.declared, by[0]),
        statutory1: minus(part.statutory1, by[1]),
        statutory2: part.statutory2.map(|second| minus(second, by[2])),
        value_usd: minus(part.value_usd, by[3]),
    }
}

fn halved(part: &LinePart) -> LinePart {
    LinePart {
        line: part.line,
        declared: half(part.declared),
        statutory1: half(part.statutory1),
        statutory2: part.statutory2.map(half),
        value_usd: half(part.value_usd),
    }
}

fn last(filing: &mut CorrectionFiling, change: impl FnOnce(&mut LinePart)) {
    if let Some(part) = filing.lines.last_mut() {
        change(part);
    }
}

fn more(of: Quantity) -> Quantity {
    Quantity::from_raw(of.raw() + 1)
}

const CORRECTION_TWISTS: &[Twist<CorrectionFiling>] = &[
    ("number that is taken", |filing| filing.correction_no = CorrectionNo::new("K01").unwrap()),
    ("list of nobody", |filing| filing.list_no = build::list_no("L99")),
    ("without a reason", |filing| filing.reason = " ".into()),
    ("owner of another book", |filing| filing.owner = build::customs_no("2217960009")),
    ("line twice", |filing| filing.lines.extend(filing.lines.first().cloned())),
    ("line that is not there", |filing| last(filing, |part| part.line = 99)),
    ("nothing declared", |filing| last(filing, |part| part.declared = Quantity::ZERO)),
    ("a little more", |filing| {
        last(filing, |part| {
            part.declared = more(part.declared);
            part.statutory1 = more(part.statutory1);
            part.statutory2 = part.statutory2.map(more);
        });
    }),
    ("first statutory quantity off", |filing| last(filing, |part| part.statutory1 = more(part.statutory1))),
    ("second quantity left out", |filing| last(filing, |part| part.statutory2 = None)),
    ("value left behind", |filing| last(filing, |part| part.value_usd = Quantity::ZERO)),
    ("value below nothing", |filing| last(filing, |part| part.value_usd = build::quantity("-1"))),
    ("list that came first", |filing| filing.list_no = build::list_no("L01")),
    ("more lines than a step may have", |filing| {
        let part = LinePart {
            line: 1,
            declared: Quantity::ZERO,
            statutory1: Quantity::ZERO,
            statutory2: None,
            value_usd: Quantity::ZERO,
        };
        filing.lines = (1..=LINES_MAX as u64 + 1).map(|line| LinePart { line, ..part.clone() }).collect();
    }),
];

/// A correction of a posted list: of all that is left, of a line, or of half a line.
pub fn file(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [pick, which, how, ..] = intent.picks;
    let shelf = &scribe.model.shelf;
    let free = CORRECTIONS
        .into_iter()
        .find(|number| shelf.correction(&CorrectionNo::new(number).unwrap()).is_none());
    let list = some_list(scribe, which, |list| list.state == DocumentState::Posted)?;
    let content = &list.content;
    let number = free.unwrap_or(CORRECTIONS[usize::from(pick) % CORRECTIONS.len()]);
    let line = content.lines.get(usize::from(how / 4) % content.lines.len().max(1))?;
    let left = less(&whole(line), shelf.undone(list, line.line));
    let lines = match how % 4 {
        0 => Vec::new(),
        1 => vec![left],
        _ => vec![halved(&left)],
    };
    let mut filing = CorrectionFiling {
        correction_no: CorrectionNo::new(number).unwrap(),
        list_no: content.list_no.clone(),
        owner: build::customs_no(world::owner(content.book_no.as_str())),
        declared_at: world::local("2026-06-03T09:00:00"),
        reason: "wrong item".into(),
        lines,
    };
    twist(CORRECTION_TWISTS, &mut filing, intent.twist);
    Some(Document::Correction(filing))
}

/// Customs decides about a correction, mostly one that waits.
pub fn decide(scribe: &Scribe, intent: &Intent) -> Command {
    let [pick, how, ..] = intent.picks;
    let open: Vec<CorrectionNo> = scribe
        .model
        .shelf
        .corrections
        .iter()
        .filter(|copy| copy.state == DocumentState::PrePosted || pick.is_multiple_of(8))
        .map(|copy| copy.filing.correction_no.clone())
        .collect();
    let corrections = &scribe.model.shelf.corrections;
    let all: Vec<CorrectionNo> = corrections.iter().map(|copy| copy.filing.correction_no.clone()).collect();
    let nobody = || CorrectionNo::new("K99").unwrap();
    Command::DecideCorrection(CorrectionDecision {
        correction_no: choose(&open, pick).or_else(|| choose(&all, pick)).unwrap_or_else(nobody),
        approved: !how.is_multiple_of(4),
        reason: if how.is_multiple_of(16) { "" } else { "checked" }.into(),
    })
}

/// Customs orders something about a list; what it stopped it mostly frees again, and a tally it mostly accepts.
pub fn order(scribe: &Scribe, intent: &Intent) -> Command {
    let [pick, which, how, ..] = intent.picks;
    let lists = &scribe.model.shelf.lists;
    let waits = |list: &&ListCopy| list.state == DocumentState::PrePosted && !list.held;
    let tallied = |list: &&ListCopy| matches!(list.tally, Some((_, TallyResult::Differs)));
    let accepted = |list: &&ListCopy| matches!(list.tally, Some((_, TallyResult::Accepted)));
    let open: Vec<&ListCopy> = lists.iter().filter(waits).filter(tallied).collect();
    let stuck: Vec<&ListCopy> = lists.iter().filter(waits).filter(accepted).collect();
    let found = match pick % 4 {
        0 | 1 if !open.is_empty() => choose(&open, which).map(|list| {
            let amend = list.content.related_book.is_some() && !how.is_multiple_of(3);
            (list, if amend { Order::AmendToTally } else { Order::AcceptTally })
        }),
        2 if !stuck.is_empty() => choose(&stuck, which).map(|list| {
            let unreleased = list.content.declared && list.release_time.is_none();
            (list, if unreleased && how % 2 == 0 { Order::ForceRelease } else { Order::ForceGate })
        }),
        _ => some_list(scribe, which, |list| {
            let posted = list.state == DocumentState::Posted && pick.is_multiple_of(5);
            list.held || list.state == DocumentState::PrePosted || posted
        })
        .map(|list| (list, apt(list, how))),
    };
    let (list_no, order) = match found {
        Some((list, order)) => (list.content.list_no.clone(), order),
        None => (build::list_no("L99"), Order::Hold),
    };
    let reason = if intent.twist.is_some_and(|which| which < 20) { "" } else { "inspection" };
    Command::OrderList(ListOrder { list_no, order, reason: reason.into() })
}

fn apt(list: &ListCopy, how: u8) -> Order {
    let inspected = matches!(list.conditional, Some(Conditional::Usable | Conditional::Passable));
    match how % 4 {
        0 => Order::ALL[usize::from(how / 4) % Order::ALL.len()],
        _ if list.held => Order::Free,
        1 if inspected => Order::InspectionFailed,
        _ if inspected => Order::InspectionPassed,
        _ => Order::ALL[usize::from(how / 4) % Order::ALL.len()],
    }
}

const TALLY_TWISTS: &[Twist<TallyFiling>] = &[
    ("number that is taken", |tally| tally.tally_no = TallyNo::new("Q01").unwrap()),
    ("list of nobody", |tally| tally.list_no = build::list_no("L99")),
    ("line twice", |tally| tally.lines.extend(tally.lines.first().cloned())),
    ("line that is not there", |tally| tally.lines.iter_mut().for_each(|part| part.line += 50)),
    ("line left out", |tally| {
        tally.lines.pop();
    }),
    ("all that is listed in the first unit", |tally| {
        for part in &mut tally.lines {
            part.statutory1 = build::quantity("5000");
        }
    }),
    ("nothing in one unit", |tally| {
        tally.lines.iter_mut().for_each(|part| part.statutory1 = Quantity::ZERO);
    }),
    ("value below nothing", |tally| {
        tally.lines.iter_mut().for_each(|part| part.value_usd = build::quantity("-1"));
    }),
    ("second quantity left out", |tally| tally.lines.iter_mut().for_each(|part| part.statutory2 = None)),
];

/// A tally of goods that wait: as listed, less, nothing, or more.
pub fn tally(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [pick, which, how, ..] = intent.picks;
    let shelf = &scribe.model.shelf;
    let free = TALLIES.into_iter().find(|number| shelf.tally(&TallyNo::new(number).unwrap()).is_none());
    let apt = |list: &ListCopy| {
        list.state == DocumentState::PrePosted
            && list.content.related_book.is_none()
            && list.content.kind == "0"
    };
    let outward = |list: &ListCopy| apt(list) && list.content.direction == Direction::Out;
    let between = |list: &ListCopy| {
        let waits = list.state == DocumentState::PrePosted;
        waits && (list.content.related_book.is_some() || list.content.kind == "6")
    };
    let list = match pick.is_multiple_of(2) {
        _ if pick % 4 == 1 => some_list(scribe, which, between).or_else(|| some_list(scribe, which, apt)),
        true => some_list(scribe, which, outward).or_else(|| some_list(scribe, which, apt)),
        false => some_list(scribe, which, apt),
    }?;
    let counted = |(at, line): (usize, &ListLine)| {
        let full = whole(line);
        match usize::from(how) + at {
            how if how % 8 == 0 => {
                let nothing = [full.declared, full.statutory1, Quantity::ZERO, full.value_usd];
                let mut none = less(&full, nothing.map(Quantity::raw));
                none.statutory2 = None;
                none
            }
            how if how % 8 < 4 => halved(&full),
            how if how % 8 == 4 => LinePart { declared: more(full.declared), ..full },
            _ => full,
        }
    };
    let number = free.unwrap_or(TALLIES[usize::from(pick) % TALLIES.len()]);
    let mut filing = TallyFiling {
        tally_no: TallyNo::new(number).unwrap(),
        list_no: list.content.list_no.clone(),
        counted_at: world::local("2026-06-03T11:00:00"),
        lines: list.content.lines.iter().enumerate().map(counted).collect(),
    };
    twist(TALLY_TWISTS, &mut filing, intent.twist);
    Some(Document::Tally(filing))
}

/// The declaration number of a list, mostly of one that waits for it.
pub fn assign(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [pick, which, ..] = intent.picks;
    let list = some_list(scribe, which, |list| {
        list.state == DocumentState::PrePosted && list.content.declared && list.release_time.is_none()
    });
    let number = match list {
        Some(list) if intent.twist != Some(0) => list.content.list_no.as_str(),
        _ => LISTS[usize::from(pick) % LISTS.len()],
    };
    Some(Document::Assignment(DeclarationAssignment {
        list_no: build::list_no(number),
        declaration_no: build::declaration_no(DECLARATIONS[usize::from(pick) % DECLARATIONS.len()]),
    }))
}

const RETURN_TWISTS: &[Twist<List>] = &[
    ("list of nobody", |list| list.related_list = Some(build::list_no("L99"))),
    ("list that came first", |list| list.related_list = Some(build::list_no("L01"))),
    ("no original", |list| list.related_list = None),
    ("itself", |list| list.related_list = Some(list.list_no.clone())),
];

/// Goods of a posted list on their way back: some, all, or more than there were.
pub fn back(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [pick, which, how, ..] = intent.picks;
    let shelf = &scribe.model.shelf;
    let plain = |list: &ListCopy| {
        let book = shelf.book(list.content.book_no.as_str());
        book.is_some_and(|book| matches!(book.filing.usage, Usage::Store | Usage::Processing))
            && list.content.kind == "0"
            && matches!(list.state, DocumentState::Posted | DocumentState::Verified)
    };
    // What came back in part comes back again, until there is too much of it.
    let begun = |list: &ListCopy| {
        let names_it = |other: &ListCopy| {
            other.content.related_list.as_ref() == Some(&list.content.list_no) && !other.returned.is_empty()
        };
        plain(list) && shelf.lists.iter().any(names_it)
    };
    let original = some_list(scribe, which, begun).or_else(|| some_list(scribe, which, plain))?;
    let content = &original.content;
    let book = shelf.book(content.book_no.as_str())?;
    let direction = match content.direction {
        Direction::In => Direction::Out,
        Direction::Out => Direction::In,
    };
    let mut list = blank(free_number(scribe, pick), content.book_no.as_str(), direction);
    let line = content.lines.get(usize::from(how / 8) % content.lines.len().max(1))?;
    let row = book.row(content.mark, line.number)?;
    let there = shelf.figures(&zone_of(book, row)).available();
    let amount = if direction == Direction::Out && there[0] > 0 && how % 4 > 0 {
        taken(&row.units, there, how)
    } else {
        let part = if how % 2 == 0 { whole(line) } else { halved(&whole(line)) };
        build::Amount { declared: part.declared, statutory1: part.statutory1, statutory2: part.statutory2 }
    };
    list.lines = vec![ListLine {
        bom_version: line.bom_version.clone(),
        ..list_line(1, line.number, &goods_of(row), amount)
    }];
    list.mark = content.mark;
    list.mode = mode(["4561", "4600", "0300", "4400", "0700"][usize::from(how) % 5]);
    list.related_list = Some(content.list_no.clone());
    if content.mark == Mark::Product && how.is_multiple_of(4) {
        // Exchanged: another one goes the same way, on its own.
        list.direction = content.direction;
        list.related_list = None;
    }
    let mut list = match pick % 3 {
        0 => declared(list, DECLARATIONS[usize::from(pick) % DECLARATIONS.len()]),
        _ => list,
    };
    match intent.twist {
        Some(which) if which.is_multiple_of(2) => twist(RETURN_TWISTS, &mut list, Some(which / 2)),
        Some(_) => return Some(finished(list, intent)),
        None => {}
    }
    Some(build::filed(list))
}
