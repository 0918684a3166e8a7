//! Verifications that chance declares, and what is done with them.

use super::scribe::choose;
use super::{Intent, Scribe, disposal, permit};
use crate::common::build::{book_no, quantity};
use crate::common::model::{BookCopy, PeriodCopy};
use crate::common::papers::verification;
use crate::common::world::NO_BOOK;
use zonebook_ledger::command::Command;
use zonebook_ledger::direction::Mark;
use zonebook_ledger::document::{
    DeclaredItem, Document, Figure, VerificationFiling, VerificationKind, VerificationOrder, VerificationStep,
};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::time::Date;

/// A declaration: of a list that is posted, of nothing but days and figures, or what customs still asks for.
pub fn declare(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [pick, which, days, first, items, kind] = intent.picks;
    let asked =
        |period: &&PeriodCopy| period.state == DocumentState::SupplementAsked || which.is_multiple_of(16);
    let asked: Vec<&PeriodCopy> = scribe.model.shelf.periods.iter().filter(asked).collect();
    if let Some(period) = choose(&asked, pick)
        && which.is_multiple_of(2)
    {
        let blank = verification(period.book_no.as_str(), period.sequence, &[]);
        let filing = VerificationFiling { kind: VerificationKind::Supplementary, ..blank };
        return Some(Document::Verification(with_items(filing, items)));
    }
    let found =
        if which % 4 == 1 { permit::verify(scribe, intent) } else { disposal::verify(scribe, intent) };
    let Document::Verification(filing) = found? else { return None };
    let today = scribe.clock().date();
    let next = scribe.model.shelf.last_closed(&filing.book_no).and_then(|closed| closed.end);
    let begin = match first % 8 {
        0..3 => None,
        3..7 => next.map(|end| Date(end.0 + 1)),
        _ => Some(Date(today.0 - 1)),
    };
    let kind = match kind % 8 {
        0 => VerificationKind::CustomsDisposal,
        1 if items.is_multiple_of(4) => VerificationKind::Supplementary,
        _ => VerificationKind::Normal,
    };
    // Mostly over already.
    let end = (days % 8 != 7).then_some(Date(today.0 - i32::from((days % 4).div_ceil(2))));
    Some(Document::Verification(with_items(VerificationFiling { kind, begin, end, ..filing }, items)))
}

/// Some figures of some items.
fn with_items(filing: VerificationFiling, pick: u8) -> VerificationFiling {
    let item = |line: u64, number: u64| DeclaredItem {
        line,
        mark: Mark::ALL[usize::from(pick) % Mark::ALL.len()],
        number,
        figures: [(Figure::ActualRemain, quantity("7.5")), (Figure::Opening, quantity("10"))].into(),
    };
    let items = match pick % 8 {
        0 => vec![item(1, 1), item(2, 1)],
        few => (1..=u64::from(few % 3)).map(|line| item(line, line)).collect(),
    };
    VerificationFiling { items, ..filing }
}

/// The next step of a verification, mostly.
pub fn order(scribe: &Scribe, intent: &Intent) -> Option<Command> {
    let [pick, which, odd, ..] = intent.picks;
    let shelf = &scribe.model.shelf;
    let open = |period: &&PeriodCopy| period.closed.is_none() || odd.is_multiple_of(16);
    let open: Vec<&PeriodCopy> = shelf.periods.iter().filter(open).collect();
    // What is confirmed is mostly closed, so that periods follow each other.
    let confirmed = |period: &&PeriodCopy| period.state == DocumentState::Confirmed;
    let ready: Vec<&PeriodCopy> = shelf.periods.iter().filter(confirmed).collect();
    let ready = if which.is_multiple_of(4) { None } else { choose(&ready, pick) };
    let period = ready.or_else(|| choose(&open, pick))?;
    let text = |text: &str| text.into();
    let ask =
        || VerificationStep::AskSupplement { reason: text(if odd % 8 == 5 { " " } else { "the scrap" }) };
    let confirm = || VerificationStep::Confirm { remark: text("") };
    let close = || VerificationStep::Close { remark: text("as counted") };
    let step = match (period.state, which % 8) {
        (_, 0) => close(),
        (_, 1) => confirm(),
        (DocumentState::Filed, 2..7) => confirm(),
        (DocumentState::Confirmed, 2..7) => close(),
        _ => ask(),
    };
    let sequence = if odd % 32 == 3 { period.sequence + 1_000 } else { period.sequence };
    let book_no = if odd % 32 == 4 { book_no(NO_BOOK) } else { period.book_no.clone() };
    Some(Command::OrderVerification(VerificationOrder { book_no, sequence, step }))
}
