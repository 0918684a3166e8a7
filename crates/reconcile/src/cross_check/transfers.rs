//! The two lists of a transfer between books: what one gave is what the other took.

use super::{Asking, Break, Check, Judge, Walked, number, walk};
use zonebook_ledger::code::ListNo;
use zonebook_ledger::direction::Direction;
use zonebook_ledger::error::Fault;
use zonebook_ledger::matrix::rule_of_row;
use zonebook_ledger::movement::{DocumentState, Movement};
use zonebook_ledger::state::{Lines, Movements, get};
use zonebook_ledger::transfers::{LineField, Otherwise, paired};

pub(super) fn lists(asking: &Asking<'_>, after: &str, count_max: usize) -> Result<Walked, Fault> {
    walk!(asking, Movements, Movement(ListNo), after, count_max, |_: &ListNo, list: &Movement| judge(
        asking, list
    ))
}

/// Whether the list still counts.
pub(super) const fn counts(state: DocumentState) -> bool {
    !matches!(state, DocumentState::Withdrawn | DocumentState::Returned)
}

const fn is_posted(state: DocumentState) -> bool {
    matches!(state, DocumentState::Posted | DocumentState::Verified)
}

fn judge(asking: &Asking<'_>, list: &Movement) -> Result<Vec<Break>, Fault> {
    let paired = rule_of_row(list.row).is_some_and(|rule| rule.is_paired());
    if !paired || !counts(list.state) || !asking.wants(&list.book_no)? {
        return Ok(Vec::new());
    }
    let mut judge = Judge::new(asking, Check::Transfers, &list.list_no, Some(&list.book_no), list.prevd_time);
    let wanted = match list.direction {
        Direction::In => "a list E of the transferor",
        Direction::Out => "a list I of the transferee",
    };
    let Some(partner) = &list.partner else {
        if list.state == DocumentState::PrePosted {
            judge.waits(asking.day(list.prevd_time), "partner", wanted, "none");
        } else {
            judge.broken("", "partner", wanted, "none");
        }
        return Ok(judge.breaks);
    };
    let Some(other) = get::<Movements>(asking.state, partner.clone())? else {
        judge.broken(partner, "partner", wanted, "no such list");
        return Ok(judge.breaks);
    };
    let back = other.partner.as_ref().map_or("none", ListNo::as_str);
    judge.same(partner, "partner of the partner", &list.list_no, back);
    judge.same(partner, "partner still counts", true, counts(other.state));
    let book = list.related_book.as_ref().map_or("", |book| book.as_str());
    judge.same(partner, "book of the partner", book, &other.book_no);
    // Said once of each pair, by the list that takes.
    if list.direction == Direction::In && counts(other.state) {
        judge.same(partner, "posted", is_posted(list.state), is_posted(other.state));
        lines(asking, &mut judge, list, &other)?;
    }
    Ok(judge.breaks)
}

/// What two lists of a transfer must agree on; each party has part numbers of its own.
const fn must_agree(field: LineField) -> bool {
    !matches!(field, LineField::PartNo)
}

/// Line by line: what the transferor gave is expected, what the transferee takes is found.
fn lines(asking: &Asking<'_>, judge: &mut Judge<'_>, list: &Movement, other: &Movement) -> Result<(), Fault> {
    let of = |list: &Movement| {
        get::<Lines>(asking.state, (list.list_no.clone(), list.content_version))
            .map(Option::unwrap_or_default)
    };
    let (taken, given) = (of(list)?, of(other)?);
    judge.same(&other.list_no, "lines", given.len(), taken.len());
    for pair in paired(&given, &taken) {
        let line = pair.given.line;
        if pair.taken.is_none() {
            judge.broken(&other.list_no, format_args!("line {line}"), "as given", "none");
        }
        for Otherwise { field, given, taken } in pair.otherwise().filter(|other| must_agree(other.field)) {
            judge.broken(&other.list_no, format_args!("line {line} {field}"), given, taken);
        }
    }
    Ok(())
}
