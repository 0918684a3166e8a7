//! Destruction, loss, abandonment and adjustments, as chance files them and decides on them.

use super::list::{taken, zone_of};
use super::scribe::choose;
use super::twist::{Twist, twist};
use super::{Intent, Scribe};
use crate::common::build::{self, quantity};
use crate::common::differing::difference;
use crate::common::dispose::{
    adjustment as blank_adjustment, approve, decide, decide_adjustment, decide_tally, decision,
    disposal as blank, disposal_no, evidence, execute, left_over, named, of_unit, reject, rest, withdraw,
};
use crate::common::model::{AdjustmentCopy, BookCopy, DisposalCopy, MissingCopy, Row};
use crate::common::papers::{disposed, serial, verification};
use crate::common::world::{self, ADJUSTMENTS, DISPOSALS, TALLIES};
use zonebook_ledger::book::Usage;
use zonebook_ledger::command::Command;
use zonebook_ledger::direction::Mark;
use zonebook_ledger::document::{
    AdjustmentFiling, Decision, DecisionLine, DecisionOutcome, Difference, DisposalFiling, DisposalKind,
    DisposalStep, Document, EvidenceKind, Execution, NamedGoods,
};
use zonebook_ledger::measure::Measure;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::time::Date;

fn last(filing: &mut DisposalFiling, change: impl FnOnce(&mut NamedGoods)) {
    if let Some(line) = filing.lines.last_mut() {
        change(&mut line.goods);
    }
}

/// What disposals have wrong.
const DISPOSAL_TWISTS: &[Twist<DisposalFiling>] = &[
    ("number that is taken", |filing| filing.disposal_no = disposal_no("Q01")),
    ("book that is not there", |filing| filing.book_no = build::book_no(world::NO_BOOK)),
    ("owner of another book", |filing| filing.owner = build::customs_no("2217960009")),
    ("declared late", |filing| filing.declared_at = world::local("2027-01-01T00:00:00")),
    ("no goods", |filing| filing.lines.clear()),
    ("no cause", |filing| filing.cause = " ".into()),
    ("no day", |filing| filing.event_on = None),
    ("a day to come", |filing| filing.event_on = Some(Date(filing.declared_at.date().0 + 1))),
    ("no proof", |filing| filing.evidence.clear()),
    ("no official proof", |filing| filing.evidence = vec![evidence(EvidenceKind::Photo)]),
    ("dangerous", |filing| filing.lines.iter_mut().for_each(|line| line.dangerous = true)),
    ("line twice", |filing| filing.lines.extend(filing.lines.first().cloned())),
    ("goods twice", |filing| {
        let again = filing.lines.first().cloned();
        filing.lines.extend(again);
        last(filing, |goods| goods.line = 9);
    }),
    ("item that is not filed", |filing| last(filing, |goods| goods.number = 77)),
    ("nothing", |filing| last(filing, |goods| goods.declared = Quantity::ZERO)),
    ("more than there is", |filing| {
        last(filing, |goods| {
            goods.declared = quantity("5000");
            goods.statutory1 = quantity("5000");
            goods.statutory2 = goods.statutory2.map(|_| quantity("5000"));
        });
    }),
    ("first statutory quantity off", |filing| {
        last(filing, |goods| goods.statutory1 = Quantity::from_raw(goods.statutory1.raw() + 1));
    }),
    ("nothing in the first unit", |filing| last(filing, |goods| goods.statutory1 = Quantity::ZERO)),
    ("second quantity too many", |filing| last(filing, |goods| goods.statutory2 = Some(goods.declared))),
    ("value below nothing", |filing| last(filing, |goods| goods.value_usd = quantity("-1"))),
    ("unit of nobody", |filing| last(filing, |goods| goods.serial = Some(serial("SN9")))),
    ("no unit", |filing| last(filing, |goods| goods.serial = None)),
    ("mark of products", |filing| last(filing, |goods| goods.mark = Mark::Product)),
];

/// Goods that a book has in stock, units and parts of units included, and how much may be taken.
pub fn stocked<'a>(scribe: &'a Scribe, book: &'a BookCopy) -> Vec<(&'a Row, PositionKey, [i128; 4])> {
    let shelf = &scribe.model.shelf;
    let mut found = Vec::new();
    for row in &book.rows {
        let part = book.filing.usage == Usage::Repair && row.mark == Mark::Residue;
        let stock = zone_of(book, row);
        if !part && !row.tracked {
            found.push((row, stock.clone(), shelf.figures(&stock).available()));
            continue;
        }
        for receipt in shelf.receipts(&book.filing.book_no) {
            let of = receipt.position(&book.filing.book_no, row.mark, row.number, stock.place);
            if !found.iter().any(|(_, other, _)| *other == of) {
                found.push((row, of.clone(), shelf.figures(&of).available()));
            }
        }
    }
    found.retain(|(.., available)| available[0] > 0);
    found
}

pub fn goods_of(line: u64, row: &Row, stock: &PositionKey, available: [i128; 4], pick: u8) -> NamedGoods {
    let mut amount = taken(&row.units, available, pick);
    // What the stock has nothing of is left out.
    if available[1] == 0 && row.units.statutory1 != row.units.declared {
        amount.statutory1 = Quantity::ZERO;
    }
    let goods = named(line, row.mark, row.number, amount);
    match &stock.serial {
        Some(unit) => of_unit(goods, unit.as_str()),
        None => goods,
    }
}

/// A new disposal of something that is in stock.
pub fn file(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [pick, which, amount, kind, more, _] = intent.picks;
    let shelf = &scribe.model.shelf;
    let books: Vec<&BookCopy> = shelf.books.iter().filter(|book| !stocked(scribe, book).is_empty()).collect();
    let book = choose(&books, pick)?;
    let there = stocked(scribe, book);
    let free = DISPOSALS.into_iter().find(|number| shelf.disposal(number).is_none());
    let kinds = DisposalKind::ALL;
    let first = usize::from(which) % there.len();
    let mut goods = Vec::new();
    for (at, (row, stock, available)) in
        there.iter().cycle().skip(first).take(1 + usize::from(more % 2)).enumerate()
    {
        if at < there.len() {
            goods.push(goods_of(at as u64 + 1, row, stock, *available, amount));
        }
    }
    let number = free.unwrap_or(DISPOSALS[usize::from(pick) % DISPOSALS.len()]);
    let kind = kinds[usize::from(kind) % kinds.len()];
    let mut filing = blank(number, kind, book.filing.book_no.as_str(), goods);
    twist(DISPOSAL_TWISTS, &mut filing, intent.twist);
    Some(Document::Disposal(filing))
}

/// What executions have wrong.
const EXECUTION_TWISTS: &[Twist<Execution>] = &[
    ("no evidence", |execution| execution.evidence.clear()),
    ("too late", |execution| execution.executed_on = Date(execution.executed_on.0 + 400)),
    ("too early", |execution| execution.executed_on = Date(execution.executed_on.0 - 400)),
    ("left of no line", |execution| execution.residues.iter_mut().for_each(|left| left.from_line = 8)),
    ("nothing left", |execution| {
        execution.residues.iter_mut().for_each(|left| left.declared = Quantity::ZERO);
    }),
    ("left and worth less than nothing", |execution| {
        execution.residues.iter_mut().for_each(|left| left.value_usd = quantity("-1"));
    }),
    ("left twice", |execution| execution.residues.extend(execution.residues.first().cloned())),
    ("left under a number", |execution| {
        execution.residues.iter_mut().for_each(|left| left.number = 1);
    }),
];

/// The next step of a disposal; now and then one that its state does not allow.
pub fn next(scribe: &Scribe, intent: &Intent) -> Option<Command> {
    let [pick, step, odd, ..] = intent.picks;
    let shelf = &scribe.model.shelf;
    let waits = |copy: &&DisposalCopy| matches!(copy.state, DocumentState::Filed | DocumentState::Approved);
    let open: Vec<&DisposalCopy> = shelf.disposals.iter().filter(waits).collect();
    let any: Vec<&DisposalCopy> = shelf.disposals.iter().collect();
    let Some(copy) = (if odd.is_multiple_of(16) { choose(&any, pick) } else { choose(&open, pick) }) else {
        return odd.is_multiple_of(32).then(|| approve(DISPOSALS[0], 1));
    };
    let number = copy.filing.disposal_no.as_str();
    let level = copy.approved_by.len() as u64 + 1;
    let kind = copy.filing.kind;
    Some(match (kind, copy.state) {
        _ if odd % 16 == 1 => withdraw(number),
        _ if odd % 16 == 2 => reject(number),
        _ if odd % 16 == 3 => approve(number, level + u64::from(step % 2)),
        (DisposalKind::Destruction, DocumentState::Approved) => carried_out(scribe, copy, intent),
        (DisposalKind::Destruction | DisposalKind::Abandonment, DocumentState::Filed) => {
            approve(number, level)
        }
        _ => {
            let goods: Vec<_> = copy.cases.iter().map(|case| (&case.named, case.left())).collect();
            let outcomes = match kind {
                DisposalKind::Abandonment => [DecisionOutcome::TakenOver, DecisionOutcome::Returned],
                _ if step % 2 == 0 => [DecisionOutcome::Taxed, DecisionOutcome::Returned],
                _ => [DecisionOutcome::Taxed, DecisionOutcome::WrittenOff],
            };
            decide(number, decided(scribe, intent, &goods, outcomes))
        }
    })
}

fn carried_out(scribe: &Scribe, copy: &DisposalCopy, intent: &Intent) -> Command {
    let [_, residues, _, how, ..] = intent.picks;
    let mut left = Vec::new();
    if let (Some(case), true) = (copy.cases.first(), residues % 2 == 0) {
        let number = if how % 4 == 0 { case.named.number } else { 90 + u64::from(how % 3) };
        left.push(left_over(1, case.named.line, number, quantity("0.5")));
        if how % 8 == 5 {
            left.iter_mut().for_each(|left| left.unit = build::units("007", "007", None).declared);
        }
    }
    let today = scribe.clock().date();
    let Command::OrderDisposal(mut order) =
        execute(copy.filing.disposal_no.as_str(), &today.to_string(), left)
    else {
        unreachable!()
    };
    if let DisposalStep::Execute(execution) = &mut order.step {
        twist(EXECUTION_TWISTS, execution, intent.twist);
    }
    Command::OrderDisposal(order)
}

/// What decisions have wrong.
const DECISION_TWISTS: &[Twist<Decision>] = &[
    ("number that is taken", |decision| {
        decision.decision_no = zonebook_ledger::code::DecisionNo::new("K0").unwrap();
    }),
    ("about nothing", |decision| decision.lines.clear()),
    ("taken long ago", |decision| decision.decided_on = Date(decision.decided_on.0 - 100)),
    ("taken tomorrow", |decision| decision.decided_on = Date(decision.decided_on.0 + 1)),
    ("rates of another day", |decision| decision.rates_on = Some(Date(decision.decided_on.0 - 9))),
    ("line that is not there", |decision| decision.lines.iter_mut().for_each(|line| line.line = 8)),
    ("outcome of another matter", |decision| {
        decision.lines.iter_mut().for_each(|line| line.outcome = DecisionOutcome::WrittenOff);
    }),
    ("outcome of a surplus", |decision| {
        decision.lines.iter_mut().for_each(|line| line.outcome = DecisionOutcome::Entered);
    }),
    ("no value", |decision| decision.lines.iter_mut().for_each(|line| line.dutiable_value = None)),
    ("a value", |decision| {
        decision.lines.iter_mut().for_each(|line| line.dutiable_value = Some(quantity("3")));
    }),
    ("a value below nothing", |decision| {
        decision.lines.iter_mut().for_each(|line| line.dutiable_value = Some(quantity("-3")));
    }),
    ("line twice", |decision| decision.lines.extend(decision.lines.first().cloned())),
    ("a little more", |decision| change_part(decision, 0, 1)),
    ("a little less in the first unit", |decision| change_part(decision, 1, -1)),
    ("a little more in the second unit", |decision| change_part(decision, 2, 1)),
    ("a little more value", |decision| change_part(decision, 3, 1)),
    ("value below nothing", |decision| change_part(decision, 3, -100_000_000)),
    ("nothing declared", |decision| {
        decision.lines.iter_mut().for_each(|line| line.measure = Some(Measure::ZERO));
    }),
];

fn change_part(decision: &mut Decision, unit: usize, by: i128) {
    for measure in decision.lines.iter_mut().filter_map(|line| line.measure.as_mut()) {
        measure.0[unit] = Quantity::from_raw(measure.0[unit].raw() + by);
    }
}

/// A decision on what is left of some lines: all of it, or half first.
fn decided(
    scribe: &Scribe,
    intent: &Intent,
    goods: &[(&NamedGoods, [i128; 4])],
    outcomes: [DecisionOutcome; 2],
) -> Decision {
    let [.., which, how, way] = intent.picks;
    let mut lines = Vec::new();
    for (at, (named, left)) in goods.iter().filter(|(_, left)| left[0] > 0 || way % 32 == 1).enumerate() {
        let outcome = outcomes[(usize::from(which) + at) % 2];
        let mut line = rest(named.line, outcome);
        // A unit is decided on whole, and so is what has too little of a unit to be halved.
        let halves = left.iter().take(3).all(|unit| *unit == 0 || *unit > 1);
        let unit = named.serial.is_some() && named.mark == Mark::Goods;
        if how % 2 == 1 && halves && (!unit || way % 16 == 3) {
            line.measure = Some(Measure(left.map(|unit| Quantity::from_raw(unit / 2))));
        } else if how % 4 == 2 {
            line.measure = Some(Measure(left.map(Quantity::from_raw)));
        }
        line.dutiable_value = (outcome == DecisionOutcome::Taxed).then(|| quantity("7.5"));
        lines.push(line);
        if way % 4 == 0 {
            break;
        }
    }
    let number = format!("K{}", if way % 16 == 5 { 0 } else { scribe.written.len() });
    let mut decision = decision(&number, lines);
    decision.decided_on = scribe.clock().date();
    twist(DECISION_TWISTS, &mut decision, intent.twist);
    decision
}

/// What adjustments have wrong.
pub const ADJUSTMENT_TWISTS: &[Twist<AdjustmentFiling>] = &[
    ("number that is taken", |filing| {
        filing.adjustment_no = crate::common::dispose::adjustment_no(ADJUSTMENTS[0]);
    }),
    ("book that is not there", |filing| filing.book_no = build::book_no(world::NO_BOOK)),
    ("owner of another book", |filing| filing.owner = build::customs_no("2217960009")),
    ("verification of nobody", |filing| {
        filing.verification = filing.verification.map(|sequence| sequence + 1_000)
    }),
    ("no verification", |filing| filing.verification = None),
    ("difference of nobody", |filing| {
        filing.lines.iter_mut().for_each(|line| line.cites = Some(difference("V9", 1)));
    }),
    ("no differences", |filing| filing.lines.clear()),
    ("no cause", |filing| filing.lines.iter_mut().for_each(|line| line.cause = "".into())),
    ("line twice", |filing| filing.lines.extend(filing.lines.first().cloned())),
    ("goods twice", |filing| {
        let again = filing.lines.first().cloned();
        filing.lines.extend(again);
        filing.lines.iter_mut().zip(1..).for_each(|(line, at)| line.goods.line = at);
    }),
    ("less instead of more", |filing| {
        filing.lines.iter_mut().for_each(|line| {
            line.difference = match line.difference {
                Difference::Shortage => Difference::Surplus,
                Difference::Surplus => Difference::Shortage,
            };
        });
    }),
    ("more than there is", |filing| {
        filing.lines.iter_mut().for_each(|line| {
            line.goods.declared = quantity("5000");
            line.goods.statutory1 = quantity("5000");
            line.goods.statutory2 = line.goods.statutory2.map(|_| quantity("5000"));
        });
    }),
    ("nothing", |filing| {
        filing.lines.iter_mut().for_each(|line| line.goods.declared = Quantity::ZERO);
    }),
    ("value below nothing", |filing| {
        filing.lines.iter_mut().for_each(|line| line.goods.value_usd = quantity("-1"));
    }),
    ("unit of nobody", |filing| {
        filing.lines.iter_mut().for_each(|line| line.goods.serial = Some(serial("SN9")));
    }),
    ("item that is not filed", |filing| filing.lines.iter_mut().for_each(|line| line.goods.number = 77)),
];

/// A new adjustment of a book that was verified, or its decision.
pub fn adjust(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [pick, which, amount, less, more, _] = intent.picks;
    let shelf = &scribe.model.shelf;
    let (book_no, sequence, _) = choose(&shelf.verifications, pick)?;
    let book = shelf.book(book_no.as_str())?;
    let there = stocked(scribe, book);
    let free = ADJUSTMENTS.into_iter().find(|number| shelf.adjustment(number).is_none());
    let first = usize::from(which) % there.len().max(1);
    let mut lines = Vec::new();
    for (at, (row, stock, available)) in there.iter().skip(first).take(1 + usize::from(more % 2)).enumerate()
    {
        let mut goods = goods_of(at as u64 + 1, row, stock, *available, amount);
        let difference = Difference::ALL[(usize::from(less) + at) % 2];
        if difference == Difference::Surplus && goods.statutory1.is_zero() {
            goods.statutory1 = quantity("1.5");
        }
        lines.push((difference, goods));
    }
    let number = free.unwrap_or(ADJUSTMENTS[usize::from(pick) % ADJUSTMENTS.len()]);
    let mut filing = blank_adjustment(number, book_no.as_str(), sequence, lines);
    twist(ADJUSTMENT_TWISTS, &mut filing, intent.twist);
    Some(Document::Adjustment(filing))
}

/// A verification that covers no list, of a book that has something to be adjusted.
pub fn verify(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let books: Vec<&BookCopy> =
        scribe.model.shelf.books.iter().filter(|book| !stocked(scribe, book).is_empty()).collect();
    let book = choose(&books, intent.picks[0])?;
    let sequence = scribe.written.len() as u64;
    let book_no = book.filing.book_no.as_str();
    // Now and then one on which customs has not said a word.
    let declared = intent.picks[1].is_multiple_of(8);
    let filing = if declared { verification(book_no, sequence, &[]) } else { disposed(book_no, sequence) };
    Some(Document::Verification(filing))
}

/// A decision on an adjustment.
pub fn judge(scribe: &Scribe, intent: &Intent) -> Option<Command> {
    let [pick, step, odd, ..] = intent.picks;
    let shelf = &scribe.model.shelf;
    let waits = |copy: &&AdjustmentCopy| copy.state == DocumentState::Filed || odd.is_multiple_of(16);
    let open: Vec<&AdjustmentCopy> = shelf.adjustments.iter().filter(waits).collect();
    let Some(copy) = choose(&open, pick) else {
        let lines: Vec<DecisionLine> = vec![rest(1, DecisionOutcome::Taxed)];
        return odd.is_multiple_of(32).then(|| decide_adjustment(ADJUSTMENTS[0], decision("K1", lines)));
    };
    // Of one side in each decision: the outcomes of the two are not the same.
    let side = if step % 2 == 0 { Difference::Shortage } else { Difference::Surplus };
    let of_side = |difference: Difference| copy.filing.lines.iter().any(|line| line.difference == difference);
    let side = if of_side(side) { side } else { copy.filing.lines.first()?.difference };
    let lines = copy.filing.lines.iter().zip(&copy.cases).filter(|(line, _)| line.difference == side);
    let goods: Vec<_> = lines.map(|(_, case)| (&case.named, case.left())).collect();
    let outcomes = match (side, step % 4) {
        (Difference::Surplus, _) => [DecisionOutcome::Entered, DecisionOutcome::Rejected],
        (Difference::Shortage, 0) => [DecisionOutcome::Taxed, DecisionOutcome::WrittenOff],
        (Difference::Shortage, _) => [DecisionOutcome::Returned, DecisionOutcome::WrittenOff],
    };
    let number = copy.filing.adjustment_no.as_str();
    Some(decide_adjustment(number, decided(scribe, intent, &goods, outcomes)))
}

/// A decision on what an accepted tally did not find.
pub fn judge_tally(scribe: &Scribe, intent: &Intent) -> Option<Command> {
    let [pick, step, odd, ..] = intent.picks;
    let missing = &scribe.model.shelf.missing;
    let waits = |copy: &&MissingCopy| copy.is_open() || odd.is_multiple_of(16);
    let open: Vec<&MissingCopy> = missing.iter().filter(waits).collect();
    let Some(copy) = choose(&open, pick) else {
        let lines = vec![rest(1, DecisionOutcome::Taxed)];
        return odd.is_multiple_of(8).then(|| decide_tally(TALLIES[0], decision("K1", lines)));
    };
    let goods: Vec<_> = copy.cases.iter().map(|case| (&case.named, case.left())).collect();
    let outcomes = match step % 4 {
        0 => [DecisionOutcome::Taxed, DecisionOutcome::WrittenOff],
        1 => [DecisionOutcome::Returned, DecisionOutcome::TakenOver],
        _ => [DecisionOutcome::Returned, DecisionOutcome::WrittenOff],
    };
    Some(decide_tally(copy.tally_no.as_str(), decided(scribe, intent, &goods, outcomes)))
}
