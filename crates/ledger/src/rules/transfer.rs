//! Transfers between books: a list E answers to a list I in another book (`RULES.md` 7).

use super::work::{Stop, Work};
use super::{lists, standing, transfer_forms};
use crate::code::{BookNo, TransferFormNo};
use crate::direction::Direction;
use crate::document::{List, ListKind, ListLine};
use crate::matrix::Rule;
use crate::movement::{DocumentState, Movement};
use crate::place::Place;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::standing::TallyResult;
use crate::state::{Books, Movements};
use std::collections::BTreeMap;
use std::sync::Arc;

/// 7.2: the transferee's list that a transferor's list is paired with. The transferee's own list waits.
pub(crate) fn partner_of(
    work: &Work<'_>,
    list: &List,
    rule: &Rule,
    kind: ListKind,
) -> Result<Option<Arc<Movement>>, Stop> {
    if list.direction == Direction::In {
        return Ok(None);
    }
    let named = list.related_list.as_ref().map_or("", |number| number.as_str());
    let mismatch = |field: &str, value: &dyn std::fmt::Display, expected: String| -> Stop {
        Refusal::new(Reason::TransferMismatch).field(field, value).expected(expected).document(named).into()
    };
    let partner = match &list.related_list {
        Some(number) => work.get::<Movements>(number.clone())?,
        None => None,
    };
    let Some(partner) = partner.filter(|partner| partner.direction == Direction::In) else {
        return Err(mismatch("rltInvtNo", &named, "an accepted list I of the transferee".into()));
    };
    if partner.state != DocumentState::PrePosted {
        return Err(mismatch("rltInvtNo", &partner.state, "PRE_POSTED".into()));
    }
    standing::not_held(&partner)?;
    if let Some(other) = &partner.partner {
        return Err(mismatch("rltInvtNo", other, "a list that is not paired yet".into()));
    }
    if partner.kind != kind {
        return Err(mismatch("bondInvtTypecd", &kind, partner.kind.to_string()));
    }
    if kind == ListKind::IntraZoneTransfer {
        same_zone(work, list, &partner)?;
        // Both are posted in this step, so that what was counted is decided on before.
        let tally = partner.standing.as_deref().and_then(|standing| standing.tally.as_ref());
        if let Some((_, result @ TallyResult::Differs)) = tally {
            return Err(mismatch("tally", result, "a list whose tally customs has decided on".into()));
        }
    }
    if list.related_book.as_ref() != Some(&partner.book_no) {
        let named_book = list.related_book.as_ref().map_or("", |number| number.as_str());
        return Err(mismatch("rltPutrecNo", &named_book, partner.book_no.to_string()));
    }
    if partner.related_book.as_ref() != Some(&list.book_no) {
        let named_book = partner.related_book.as_ref().map_or("none", |number| number.as_str());
        return Err(mismatch(
            "putrecNo",
            &list.book_no,
            format!("{named_book}, which the transferee's list names"),
        ));
    }
    let form = transfer_forms::named_by(work, list)?.map(|form| form.content.form_no.clone());
    let theirs = transfer_forms::of_movement(work, &partner)?;
    if form != theirs {
        let shown =
            |number: Option<TransferFormNo>| number.map_or("none".into(), |number| number.to_string());
        return Err(mismatch("applyNo", &shown(form), shown(theirs)));
    }
    // Goods that stay with a lessee do so in both books, or in neither.
    let stay = |rule: &Rule| rule.touches(Place::LeasedOut);
    if stay(rule) != stay(lists::rule_of(&partner)?) {
        let expected = format!("{}, as {} has it", partner.mode, partner.list_no);
        return Err(mismatch("supvModecd", &list.mode, expected));
    }
    same_lines(work, list, rule, &partner)?;
    Ok(Some(partner))
}

/// 7.3: kind 6 passes no gate, so that both books lie in one zone.
fn same_zone(work: &Work<'_>, list: &List, partner: &Movement) -> Result<(), Stop> {
    let office =
        |book_no: &BookNo| Ok::<_, Stop>(work.get::<Books>(book_no.clone())?.map(|book| book.office.clone()));
    let (ours, theirs) = (office(&list.book_no)?, office(&partner.book_no)?);
    if ours == theirs {
        return Ok(());
    }
    let theirs = theirs.map_or_else(String::new, |office| office.to_string());
    Err(Refusal::new(Reason::TransferMismatch)
        .field("bondInvtTypecd", ListKind::IntraZoneTransfer)
        .expected(format!("kind 0, as {} lies in the zone of office {theirs}", partner.book_no))
        .document(&partner.list_no)
        .into())
}

fn same_lines(work: &Work<'_>, list: &List, rule: &Rule, partner: &Movement) -> Result<(), Stop> {
    let theirs = lists::content(work, partner)?;
    let by_line: BTreeMap<u64, &ListLine> =
        theirs.iter().map(|line| (line.filed.line, &line.filed)).collect();
    let mismatch = |line: u64, field: &str, value: String, expected: String| -> Result<(), Stop> {
        Err(Refusal::new(Reason::TransferMismatch)
            .line(line)
            .field(field, value)
            .expected(expected)
            .document(&partner.list_no)
            .into())
    };
    for ours in &list.lines {
        let Some(other) = by_line.get(&ours.line) else {
            return mismatch(
                ours.line,
                "gdsSeqno",
                ours.line.to_string(),
                "a line of the transferee's list".into(),
            );
        };
        // Which asset changes hands does not depend on the numbers of its rows.
        let assets = rule.touches(Place::LeasedOut);
        let serial = |line: &ListLine| {
            line.serial.as_ref().filter(|_| assets).map_or(String::new(), ToString::to_string)
        };
        let second = |line: &ListLine| line.statutory2.unwrap_or_default().to_string();
        let fields = [
            ("dclQty", ours.declared.to_string(), other.declared.to_string()),
            ("lawfQty", ours.statutory1.to_string(), other.statutory1.to_string()),
            ("secdLawfQty", second(ours), second(other)),
            ("gdecd", ours.tariff_code.to_string(), other.tariff_code.to_string()),
            ("dclUnitcd", ours.units.declared.to_string(), other.units.declared.to_string()),
            ("param2", serial(ours), serial(other)),
        ];
        if let Some((field, value, expected)) = fields.into_iter().find(|(_, a, b)| a != b) {
            return mismatch(ours.line, field, value, expected);
        }
    }
    match theirs.iter().find(|line| list.lines.iter().all(|ours| ours.line != line.filed.line)) {
        Some(line) => mismatch(line.filed.line, "gdsSeqno", "none".into(), line.filed.line.to_string()),
        None => Ok(()),
    }
}

/// 5.8: the partner of a list that is taken back is unpaired again.
pub(crate) fn unpair(work: &mut Work<'_>, movement: &Movement) -> Result<(), Stop> {
    let Some(number) = &movement.partner else { return Ok(()) };
    let Some(partner) = work.get::<Movements>(number.clone())? else {
        return Err(Stop::Broken(format!("list {number}, the partner of {}, vanished", movement.list_no)));
    };
    work.put::<Movements>(number.clone(), Arc::new(Movement { partner: None, ..(*partner).clone() }));
    Ok(())
}
