//! Permits, slips, the lists that answer to them, and verifications that chance files.

use super::book::received;
use super::list::{finished, free_number, goods_of, taken, zone_of};
use super::scribe::choose;
use super::twist::{PERMIT_TWISTS, SLIP_TWISTS, twist};
use super::{Intent, Scribe};
use crate::common::build::{Amount, list as blank, list_line, passage, quantity};
use crate::common::model::{PassCopy, SlipCopy};
use crate::common::papers::{
    closing, left, permit as blank_permit, slip as blank_slip, slip_line, slip_pass, slip_void, verification,
};
use crate::common::world::{PASSES, PERMITS, SLIPS};
use zonebook_ledger::code::PermitNo;
use zonebook_ledger::direction::Direction;
use zonebook_ledger::document::{
    Document, List, ListLine, PassageStage, PermitFiling, PermitKind, SlipFiling, SlipLine,
};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::place::Place;
use zonebook_ledger::quantity::Quantity;

/// A permit for the first items of a book.
pub fn permit(scribe: &Scribe, intent: &Intent) -> Document {
    let [pick, kind, amount, guarantee, ..] = intent.picks;
    let kinds = [
        PermitKind::BatchedDelivery,
        PermitKind::Display,
        PermitKind::GeneralTaxpayer,
        PermitKind::Mould,
        PermitKind::BatchedDelivery,
        PermitKind::Display,
        PermitKind::Other,
        PermitKind::OutsourcedProcessing,
    ];
    let shelf = &scribe.model.shelf;
    let number = free_permit(scribe);
    let book = &shelf.books[usize::from(pick) % shelf.books.len()];
    let kind = kinds[usize::from(kind) % 8];
    let lines: Vec<_> = book
        .goods()
        .take(3)
        .map(|row| (row.number, goods_of(row), Quantity::whole(i64::from(amount % 32) + 4)))
        .collect();
    let filing = blank_permit(number, kind, book.filing.book_no.as_str(), &lines);
    let place = if guarantee.is_multiple_of(4) { " " } else { "hall 3" };
    let mut filing = PermitFiling { exhibition_place: place.into(), ..secured(filing, guarantee) };
    twist(PERMIT_TWISTS, &mut filing, intent.twist);
    Document::Permit(filing)
}

/// The next permit number that is free.
pub fn free_permit(scribe: &Scribe) -> &'static str {
    let permits = &scribe.model.shelf.permits;
    let free =
        PERMITS.iter().find(|number| permits.iter().all(|copy| copy.filing.permit_no.as_str() != **number));
    free.copied().unwrap_or(PERMITS[0])
}

/// With a guarantee, now and then, and with the duty at stake, now and then.
pub fn secured(filing: PermitFiling, pick: u8) -> PermitFiling {
    let number = ["G01", "G01", "G02", "G99", ""][usize::from(pick) % 5];
    let amount = ["0", "0", "0", "10", "0", "33.33333", "0", "0", "0", "0"][usize::from(pick / 5) % 10];
    PermitFiling { guarantee_no: number.into(), guarantee_amount: quantity(amount), ..filing }
}

/// The duty at stake of a slip.
pub fn levy(pick: u8) -> Quantity {
    quantity(["0", "5", "12.34567", "99.9"][usize::from(pick) % 4])
}

/// New content for a permit: more or less, longer, a line less, another guarantee.
pub fn change(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [pick, how, amount, guarantee, ..] = intent.picks;
    let copies = &scribe.model.shelf.permits;
    let open: Vec<_> = copies.iter().filter(|copy| !copy.closed || pick.is_multiple_of(8)).collect();
    let copy = choose(&open, pick)?;
    let change_no = copy.version + if intent.way == 7 { 2 } else { 1 };
    let mut filing = PermitFiling { change_no: Some(change_no), ..copy.filing.clone() };
    match how % 8 {
        0..=2 => filing.valid_until.0 += i32::from(amount % 4) * 15,
        3 if amount.is_multiple_of(2) => filing
            .lines
            .iter_mut()
            .for_each(|line| line.declared = Quantity::whole(i64::from(amount % 8) + 1)),
        3 => {
            filing.lines.pop();
        }
        4 => filing.lines.iter_mut().for_each(|line| line.declared = Quantity::whole(50)),
        5 => filing = secured(filing, guarantee),
        6 if amount.is_multiple_of(4) => filing.kind = PermitKind::Display,
        6 => filing.guarantee_amount = quantity(["0", "20", "50"][usize::from(amount) % 3]),
        _ => twist(PERMIT_TWISTS, &mut filing, intent.twist),
    }
    Some(Document::Permit(filing))
}

/// The end of a permit; what is out is written off, now and then.
pub fn close(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [pick, ..] = intent.picks;
    let copies = &scribe.model.shelf.permits;
    let open: Vec<_> = copies.iter().filter(|copy| !copy.closed || pick.is_multiple_of(8)).collect();
    close_one(scribe, &choose(&open, pick)?.filing.permit_no, intent)
}

/// The end of one permit.
pub fn close_one(scribe: &Scribe, permit_no: &PermitNo, intent: &Intent) -> Option<Document> {
    let [_, how, ..] = intent.picks;
    let shelf = &scribe.model.shelf;
    let copy = shelf.permit_copy(permit_no)?;
    let book = shelf.book(copy.filing.book_no.as_str())?;
    let mut all = Vec::new();
    for line in &copy.filing.lines {
        let out = shelf.out_on_form(permit_no, (line.mark, line.number));
        let Some(row) = book.row(line.mark, line.number) else { continue };
        if out <= 0 || how % 4 == 0 {
            continue;
        }
        let form = zone_of(book, row).at(Place::OutOnForm);
        let there = shelf.figures(&form).available();
        let share = |of: i128| if there[0] == out { of } else { (of * out / there[0].max(1)).max(1) };
        let same = |unit: &zonebook_ledger::code::UnitCode| *unit == row.units.declared;
        let first = if same(&row.units.statutory1) { out } else { share(there[1]) };
        let second = row.units.statutory2.as_ref().map(|unit| if same(unit) { out } else { share(there[2]) });
        let amount = Amount {
            declared: Quantity::from_raw(out),
            statutory1: Quantity::from_raw(first),
            statutory2: second.map(Quantity::from_raw),
        };
        all.push(left(line.line, amount));
    }
    let change_no = copy.version + if intent.way == 7 { 2 } else { 1 };
    if let (Some(which), Some(line)) = (intent.twist, all.last_mut()) {
        match which % 5 {
            0 => line.declared = Quantity::from_raw(line.declared.raw() + 1),
            1 => line.line = 9,
            2 => line.reference = "".into(),
            3 => line.statutory1 = Quantity::ZERO,
            _ => line.value_usd = Quantity::from_raw(-1),
        }
    }
    Some(closing(permit_no.as_str(), change_no, all))
}

/// New content for a slip that waits, or its end.
pub fn change_slip(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [pick, how, amount, ..] = intent.picks;
    let slips = &scribe.model.shelf.slips;
    let waits = |slip: &&SlipCopy| slip.state == DocumentState::Approved || pick.is_multiple_of(4);
    let waiting: Vec<_> = slips.iter().filter(waits).collect();
    let slip = choose(&waiting, pick)?;
    let change_no = slip.version + if intent.way == 7 { 2 } else { 1 };
    if how.is_multiple_of(2) {
        return Some(slip_void(slip.filing.slip_no.as_str(), change_no));
    }
    let mut filing = SlipFiling { change_no: Some(change_no), ..slip.filing.clone() };
    match how / 2 % 4 {
        0 => less(&mut filing),
        1 => filing.levy_amount = levy(amount),
        2 => filing.permit_no = crate::common::papers::permit_no(PERMITS[usize::from(amount) % 3]),
        _ => twist(SLIP_TWISTS, &mut filing, intent.twist),
    }
    Some(Document::Slip(filing))
}

/// The next slip number that is free.
pub fn free_slip(scribe: &Scribe) -> &'static str {
    SLIPS.into_iter().find(|number| scribe.model.shelf.slip(number).is_none()).unwrap_or(SLIPS[0])
}

/// A batch out, or some of an earlier one back.
pub fn slip(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [pick, way, amount, related, ..] = intent.picks;
    let shelf = &scribe.model.shelf;
    let sent = |permit: &PermitFiling| {
        let out = |slip: &&SlipCopy| {
            let gone = slip.state == DocumentState::Cancelled;
            !gone && slip.filing.permit_no == permit.permit_no && slip.filing.direction == Direction::Out
        };
        shelf.slips.iter().filter(out).collect::<Vec<_>>()
    };
    let permit = choose(&shelf.permits, pick)?.filing;
    let book = shelf.book(permit.book_no.as_str())?;
    let rows: Vec<_> =
        book.goods().filter(|row| permit.lines.iter().any(|line| line.number == row.number)).collect();
    let stocked: Vec<_> =
        rows.iter().copied().filter(|row| shelf.figures(&zone_of(book, row)).available()[0] > 0).collect();
    let row = choose(&stocked, amount).or_else(|| choose(&rows, amount))?;
    let line = permit.lines.iter().find(|line| line.number == row.number)?;
    // What is through the gate comes back, mostly.
    let away: Vec<_> =
        sent(&permit).into_iter().filter(|slip| slip.state == DocumentState::Passed || way > 240).collect();
    let back = !way.is_multiple_of(2) && !away.is_empty();
    let direction = if back { Direction::In } else { Direction::Out };
    let mut filing = blank_slip(free_slip(scribe), permit.permit_no.as_str(), direction);
    filing.levy_amount = levy(related);
    match direction {
        Direction::Out => {
            let there = shelf.figures(&zone_of(book, row)).available();
            let amounts =
                if there[0] > 0 { taken(&row.units, there, amount) } else { received(&row.units, amount) };
            filing.lines.push(slip_line(1, line.line, line.number, &goods_of(row), amounts));
        }
        Direction::In => {
            let slip = choose(&away, way / 2)?;
            filing.lines = slip.filing.lines.clone();
            if !related.is_multiple_of(4) {
                filing.related_slip = Some(slip.filing.slip_no.clone());
                filing.lines.iter_mut().for_each(|line| line.related_line = Some(line.line));
            }
            // Half of it, so that the batch may still be declared.
            if related % 4 > 1 {
                less(&mut filing);
            }
        }
    }
    twist(SLIP_TWISTS, &mut filing, intent.twist);
    Some(Document::Slip(filing))
}

/// A report for a pass of a slip that is on its way, mostly.
pub fn through(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [pick, which, ..] = intent.picks;
    let passes = scribe.model.shelf.passes.iter();
    let open = passes.filter(|pass| pass.state == DocumentState::Filed && pass.carries_slips(|_| true));
    let open: Vec<_> = open.map(|pass| pass.filing.pass_no.to_string()).collect();
    if pick.is_multiple_of(4) {
        return None;
    }
    let at = crate::common::world::local("2026-06-02T12:00:00");
    Some(Document::Passage(passage(&choose(&open, which)?, PassageStage::Passed, at)))
}

/// A pass for a slip that waits.
pub fn pass(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let shelf = &scribe.model.shelf;
    let on_pass = |slip: &&SlipCopy| {
        let named =
            |number: &zonebook_ledger::code::DocumentNo| number.as_str() == slip.filing.slip_no.as_str();
        let there = |pass: &&PassCopy| pass.state != DocumentState::Cancelled;
        shelf.passes.iter().filter(there).any(|pass| pass.filing.linked.iter().any(named))
    };
    let waits = |slip: &&SlipCopy| slip.state == DocumentState::Approved && !on_pass(slip);
    let waiting: Vec<_> = shelf.slips.iter().filter(waits).collect();
    pass_for(scribe, choose(&waiting, intent.picks[0])?)
}

/// A pass for a slip.
pub fn pass_for(scribe: &Scribe, slip: &SlipCopy) -> Option<Document> {
    let shelf = &scribe.model.shelf;
    let number = PASSES.into_iter().find(|number| shelf.pass(number).is_none())?;
    Some(Document::Pass(slip_pass(number, slip.filing.direction, slip.filing.slip_no.as_str())))
}

fn as_list_line(at: u64, line: &SlipLine) -> ListLine {
    let amount = Amount { declared: line.declared, statutory1: line.statutory1, statutory2: line.statutory2 };
    let goods = crate::common::world::Goods {
        part: line.part_no.to_string(),
        tariff: line.tariff_code.to_string(),
        units: line.units.clone(),
    };
    list_line(at, line.number, &goods, amount)
}

/// A list that declares slips, or sells what is on display.
pub fn declare(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [pick, more, ..] = intent.picks;
    let shelf = &scribe.model.shelf;
    let passed = |slip: &&SlipCopy| {
        let open = slip.state == DocumentState::Passed || more.is_multiple_of(8);
        open && slip.filing.direction == Direction::Out
    };
    let slips: Vec<&SlipFiling> = shelf.slips.iter().filter(passed).map(|slip| &slip.filing).collect();
    let first = choose(&slips, pick)?;
    let permit = shelf.permit(&first.permit_no)?;
    let list = blank(free_number(scribe, pick), permit.book_no.as_str(), Direction::Out);
    let declared_later = matches!(permit.kind, PermitKind::BatchedDelivery | PermitKind::GeneralTaxpayer);
    let list = if declared_later {
        let mut named = vec![first];
        named.extend(slips.into_iter().find(|other| {
            more % 2 == 1 && other.permit_no == first.permit_no && other.slip_no != first.slip_no
        }));
        let lines = named.iter().flat_map(|slip| &slip.lines);
        let rest = |line: &SlipLine| {
            let of = |slip: &&&SlipFiling| slip.lines.iter().any(|other| std::ptr::eq(other, line));
            let slip = named.iter().find(of)?;
            let back = shelf.returned(slip, line);
            let mut rest = line.clone();
            rest.declared = Quantity::from_raw(rest.declared.raw() - back[0]);
            rest.statutory1 = Quantity::from_raw(rest.statutory1.raw() - back[1]);
            rest.statutory2 = rest.statutory2.map(|second| Quantity::from_raw(second.raw() - back[2]));
            Some(rest)
        };
        let lines: Vec<_> = lines.filter_map(rest).filter(|line| !line.declared.is_zero()).collect();
        let lines = lines.iter().enumerate().map(|(at, line)| as_list_line(at as u64 + 1, line)).collect();
        let slips = named.iter().map(|slip| slip.slip_no.clone()).collect();
        List { kind: "1".into(), slips, lines, ..list }
    } else {
        let line = first.lines.first()?;
        let lines = vec![as_list_line(1, line)];
        List { kind: "5".into(), permit_no: Some(first.permit_no.clone()), lines, ..list }
    };
    let list = match more {
        16..24 => List { slips: [list.slips.clone(), list.slips].concat(), ..list },
        24..80 => List { lines: Vec::new(), ..list },
        _ => list,
    };
    Some(finished(list, intent))
}

/// A verification of what is posted in a book.
pub fn verify(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [pick, which, ..] = intent.picks;
    let lists = &scribe.model.shelf.lists;
    let posted = lists.iter().filter(|list| list.state == DocumentState::Posted);
    let posted: Vec<_> = posted.map(|list| &list.content).collect();
    let all: Vec<_> = lists.iter().map(|list| &list.content).collect();
    let list = if which.is_multiple_of(4) { choose(&all, pick) } else { choose(&posted, pick) }?;
    let sequence = scribe.written.len() as u64;
    let book = if which == 5 { crate::common::world::NO_BOOK } else { list.book_no.as_str() };
    Some(Document::Verification(verification(book, sequence, &[list.list_no.as_str()])))
}

/// Half of a batch.
pub fn less(slip: &mut SlipFiling) {
    for line in &mut slip.lines {
        let half = |of: Quantity| Quantity::from_raw((of.raw() / 2).max(1));
        line.declared = half(line.declared);
        line.statutory1 = half(line.statutory1);
        line.statutory2 = line.statutory2.map(half);
    }
}
