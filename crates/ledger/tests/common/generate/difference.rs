//! Differences of counts, as chance records them, decides on them and takes them into the book.

use super::Intent;
use super::disposal::{ADJUSTMENT_TWISTS, goods_of, stocked};
use super::scribe::{Scribe, choose};
use super::twist::{Twist, twist};
use crate::common::build::{self, quantity};
use crate::common::counting::campaign_no;
use crate::common::differing::{assign, decide, desk, difference, difference_no, report, says, tolerates};
use crate::common::dispose::{citing, evidence};
use crate::common::model::{BookCopy, CampaignCopy, DifferenceCopy, Row};
use crate::common::papers::serial;
use crate::common::world::{self, ADJUSTMENTS, CAMPAIGNS, REPORTS};
use zonebook_ledger::command::Command;
use zonebook_ledger::difference::Class;
use zonebook_ledger::direction::Mark;
use zonebook_ledger::document::{
    Difference, DifferenceDecision, DifferenceFiling, DifferenceLine, DifferenceOrder, DifferenceOutcome,
    DifferenceStep, Document, EvidenceKind, Stake,
};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::time::Date;

fn last(filing: &mut DifferenceFiling, change: impl FnOnce(&mut DifferenceLine)) {
    if let Some(line) = filing.lines.last_mut() {
        change(line);
    }
}

/// What reports have wrong.
const REPORT_TWISTS: &[Twist<DifferenceFiling>] = &[
    ("number that is taken", |filing| filing.difference_no = difference_no(REPORTS[0])),
    ("a part too far", |filing| filing.part += 1),
    ("book that is not there", |filing| filing.book_no = build::book_no(world::NO_BOOK)),
    ("owner of another book", |filing| filing.owner = build::customs_no("2217960009")),
    ("no differences", |filing| filing.lines.clear()),
    ("a revision to come", |filing| filing.revision.0 += 1_000),
    ("an earlier revision", |filing| filing.revision.0 = filing.revision.0.saturating_sub(20)),
    ("digest of another ledger", |filing| filing.digest = Some([9; 32])),
    ("tolerance of its own", |filing| filing.tolerance.ppm = quantity("77")),
    ("campaign of nobody", |filing| filing.campaign_no = Some(campaign_no("D99"))),
    ("some campaign", |filing| filing.campaign_no = Some(campaign_no(CAMPAIGNS[0]))),
    ("line twice", |filing| filing.lines.extend(filing.lines.first().cloned())),
    ("goods twice", |filing| {
        let again = filing.lines.first().cloned().map(|line| DifferenceLine { line: 99, ..line });
        filing.lines.extend(again);
    }),
    ("item that is not filed", |filing| last(filing, |line| line.number = 77)),
    ("another unit", |filing| last(filing, |line| line.unit = build::units("011", "035", None).declared)),
    ("less than nothing", |filing| last(filing, |line| line.counted = quantity("-1"))),
    ("no difference", |filing| last(filing, |line| line.counted = line.book)),
    ("another side", |filing| last(filing, |line| line.class = Class::RemovedPartUnbooked)),
    ("agreed", |filing| last(filing, |line| line.class = Class::ExplainedTiming)),
    ("a value below nothing", |filing| last(filing, |line| line.stake.value_usd = Some(quantity("-1")))),
    ("of next to nothing", |filing| {
        last(filing, |line| line.counted = Quantity::from_raw(line.book.raw() + 1));
    }),
];

/// A report about a book that has something, or the next part of one.
pub fn record(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [pick, which, _, how, ..] = intent.picks;
    let shelf = &scribe.model.shelf;
    let closed = |copy: &&CampaignCopy| copy.state == DocumentState::Closed;
    let campaigns: Vec<&CampaignCopy> = shelf.campaigns.iter().filter(closed).collect();
    let campaign = choose(&campaigns, pick).filter(|_| how.is_multiple_of(3));
    let books: Vec<&BookCopy> = shelf.books.iter().filter(|book| !stocked(scribe, book).is_empty()).collect();
    let book = match campaign {
        Some(campaign) => shelf.book(campaign.opening.book_no.as_str())?,
        None => choose(&books, pick)?,
    };
    let free = REPORTS.into_iter().find(|number| shelf.differences_of(&difference_no(number)).is_none());
    let before = shelf.reports.last().filter(|_| how % 8 == 7 || free.is_none());
    let revision = campaign.map_or(scribe.model.revision(), |campaign| campaign.cut_off.0);
    let mut filing = report(free.unwrap_or(REPORTS[0]), book.filing.book_no.as_str(), revision, Vec::new());
    filing.campaign_no = campaign.map(|campaign| campaign.campaign_no.clone());
    let time = shelf.times.get(usize::try_from(revision).ok()?.checked_sub(1)?)?;
    let day = crate::common::model::Model::zone_clock().local(*time).date();
    filing.tolerance = shelf.tolerance_on(&book.filing.office, day);
    let mut first = 1;
    let mut book = book;
    if let Some(before) = before {
        let parts = shelf.reports.iter().filter(|other| other.difference_no == before.difference_no);
        let parts: Vec<_> = parts.collect();
        first += parts.iter().map(|part| part.lines.len() as u64).sum::<u64>();
        filing = DifferenceFiling { part: parts.len() as u64 + 1, lines: Vec::new(), ..before.clone() };
        book = shelf.book(filing.book_no.as_str())?;
    }
    let there = stocked(scribe, book);
    let start = usize::from(which) % there.len().max(1);
    let some = there.iter().skip(start).take(1 + usize::from(how % 2)).zip(first..);
    filing.lines = some.map(|((row, stock, there), at)| line(at, row, stock, there[0], intent)).collect();
    twist(REPORT_TWISTS, &mut filing, intent.twist);
    Some(Document::Differences(filing))
}

fn line(at: u64, row: &Row, stock: &PositionKey, there: i128, intent: &Intent) -> DifferenceLine {
    let [_, which, amount, _, more, _] = intent.picks;
    let less = (u64::from(more) + at).is_multiple_of(2);
    let size = if stock.serial.is_some() { 100_000 } else { (1 + i128::from(amount % 4)) * 50_000 };
    let size = if less { size.min(there) } else { size };
    let book = Quantity::from_raw(there);
    let value = Quantity::from_raw(size);
    DifferenceLine {
        line: at,
        mark: row.mark,
        number: row.number,
        serial: stock.serial.clone().filter(|_| row.mark == Mark::Goods),
        unit: row.units.declared.clone(),
        book,
        counted: Quantity::from_raw(if less { there - size } else { there + size }),
        explained: Quantity::ZERO,
        inflow: Quantity::from_raw(size * 50),
        class: if less { Class::Shortage } else { Class::Surplus },
        stake: Stake { value_usd: (which % 4 != 0).then_some(value), duty: None, tax: None },
        owner: (which % 2 == 0).then(|| desk("desk 1")),
        due: (which % 3 == 0).then(|| Date(world::local("2026-06-05T00:00:00").date().0)),
    }
}

/// What decisions have wrong.
const DECISION_TWISTS: &[Twist<DifferenceDecision>] = &[
    ("taken long ago", |decision| decision.decided_on = Date(decision.decided_on.0 - 100)),
    ("taken tomorrow", |decision| decision.decided_on = Date(decision.decided_on.0 + 1)),
    ("no reason", |decision| decision.reason = " ".into()),
    ("rates of another day", |decision| decision.rates_on = Some(Date(decision.decided_on.0 - 9))),
    ("a value below nothing", |decision| decision.dutiable_value = Some(quantity("-3"))),
    ("a value", |decision| decision.dutiable_value = Some(quantity("3"))),
    ("no value", |decision| decision.dutiable_value = None),
    ("of the other side", |decision| decision.outcome = DifferenceOutcome::ReEntered),
    ("too many papers", |decision| decision.evidence = vec![evidence(EvidenceKind::Photo); 101]),
];

/// The next step of a difference; now and then one that its state does not allow.
pub fn next(scribe: &Scribe, intent: &Intent) -> Option<Command> {
    let [pick, step, odd, how, amount, _] = intent.picks;
    let shelf = &scribe.model.shelf;
    let waits = |copy: &&DifferenceCopy| copy.is_undecided() || odd.is_multiple_of(8);
    let some: Vec<&DifferenceCopy> = shelf.differences.iter().filter(waits).collect();
    let Some(copy) = choose(&some, pick) else {
        return odd.is_multiple_of(32).then(|| assign(REPORTS[0], 99, "desk 2", None));
    };
    let (number, line) = (copy.key.0.as_str(), copy.key.1);
    if step % 8 == 7 {
        return Some(assign(number, line, "desk 2", (how % 2 == 0).then_some("2026-06-06")));
    }
    let outcome = match (step % 8, copy.side()) {
        (0, _) => DifferenceOutcome::PenaltyCase,
        (1, _) => DifferenceOutcome::Recount,
        (2 | 3, Difference::Shortage) => DifferenceOutcome::AcceptedAsLoss,
        (_, Difference::Shortage) => DifferenceOutcome::Taxed,
        (_, Difference::Surplus) => DifferenceOutcome::ReEntered,
    };
    let taken = scribe.written.len();
    let mut decision = says(&format!("E{}", if how % 4 == 0 { 0 } else { taken }), outcome);
    decision.decided_on = scribe.clock().date();
    if outcome == DifferenceOutcome::Taxed {
        decision.dutiable_value = (amount % 2 == 0).then(|| quantity("7.5"));
        decision.rates_on = (amount % 3 == 0).then_some(Date(decision.decided_on.0 - 2));
    }
    twist(DECISION_TWISTS, &mut decision, intent.twist);
    Some(decide(number, line, decision))
}

/// What adjustments that cite have wrong beside what all have.
const CITATION_TWISTS: &[Twist<zonebook_ledger::document::AdjustmentFiling>] = &[
    ("cites another line", |filing| {
        for cites in filing.lines.iter_mut().filter_map(|line| line.cites.as_mut()) {
            cites.line += 1;
        }
    }),
    ("cites none", |filing| filing.lines.iter_mut().for_each(|line| line.cites = None)),
    ("of another unit", |filing| {
        filing.lines.iter_mut().for_each(|line| line.goods.serial = Some(serial("SN9")));
    }),
    ("cites another report", |filing| {
        filing.lines.iter_mut().for_each(|line| line.cites = Some(difference(REPORTS[1], 1)));
    }),
];

/// An adjustment that carries out what was decided on some differences of a book.
pub fn settle(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [pick, which, amount, part, more, _] = intent.picks;
    let shelf = &scribe.model.shelf;
    let decided: Vec<&DifferenceCopy> =
        shelf.differences.iter().filter(|copy| copy.waits_for_adjustment()).collect();
    let first = choose(&decided, pick).filter(|_| which % 8 != 0)?;
    let book = shelf.book(first.book_no.as_str())?;
    let there = stocked(scribe, book);
    let mut lines = Vec::new();
    let of_book = decided.iter().filter(|copy| copy.book_no == first.book_no);
    for copy in of_book.take(1 + usize::from(more % 3)) {
        let same = |(row, stock, _): &&(&Row, PositionKey, [i128; 4])| {
            (row.mark, row.number) == (copy.filed.mark, copy.filed.number)
                && (copy.filed.serial.is_none() || copy.filed.serial == stock.serial)
        };
        let Some((row, stock, available)) = there.iter().find(same) else { continue };
        let left = if part % 4 == 1 { (copy.left() / 2).max(1) } else { copy.left() };
        let mut goods = goods_of(lines.len() as u64 + 1, row, stock, *available, amount);
        let all = goods.declared.raw().max(1);
        let share = |of: Quantity| Quantity::from_raw((of.raw() * left / all).max(1));
        let unit = |unit: &zonebook_ledger::code::UnitCode, of: Quantity| {
            if *unit == row.units.declared { Quantity::from_raw(left) } else { share(of) }
        };
        goods.statutory1 = unit(&row.units.statutory1, goods.statutory1);
        goods.statutory2 = row.units.statutory2.as_ref().zip(goods.statutory2).map(|(is, of)| unit(is, of));
        goods.declared = Quantity::from_raw(left);
        goods.value_usd = goods.declared;
        lines.push((difference(&copy.key.0, copy.key.1), copy.side(), goods));
    }
    let lines: Vec<_> = lines.iter().map(|(cites, side, goods)| (cites, *side, goods.clone())).collect();
    let free = ADJUSTMENTS.into_iter().find(|number| shelf.adjustment(number).is_none());
    let number = free.unwrap_or(ADJUSTMENTS[usize::from(pick) % ADJUSTMENTS.len()]);
    let mut filing = citing(number, first.book_no.as_str(), lines);
    match intent.twist {
        Some(which) if which.is_multiple_of(2) => twist(CITATION_TWISTS, &mut filing, Some(which / 2)),
        other => twist(ADJUSTMENT_TWISTS, &mut filing, other),
    }
    Some(Document::Adjustment(filing))
}

/// What an office tolerates; now and then what none may.
pub fn tolerance(scribe: &Scribe, intent: &Intent) -> Command {
    let [pick, ppm, declared, value, day, _] = intent.picks;
    let office =
        [world::OFFICE, world::PARK, "9999"][usize::from(pick % 16).min(2) * usize::from(pick % 3 == 1)];
    let from = Date(scribe.clock().date().0 + i32::from(day % 4) - 2).to_string();
    let ppm = ["0", "100", "1000001", "20000"][usize::from(ppm % 4)];
    let declared = ["0", "0.5", "-1", "0"][usize::from(declared % 4)];
    let value = ["0", "0.5", "0", "1"][usize::from(value % 4)];
    tolerates(office, &from, [ppm, declared, value])
}
