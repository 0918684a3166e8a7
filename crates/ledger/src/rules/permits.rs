//! Permits: what may move across the fence without a declaration each, and what is out under them (`RULES.md` 9.1, 9.5).

use super::guards;
use super::work::{Stop, Work};
use crate::book::Book;
use crate::code::PermitNo;
use crate::direction::{Direction, Mark};
use crate::document::{List, PermitFiling, PermitKind, PermitLine};
use crate::item::ItemKey;
use crate::limits::LINES_MAX;
use crate::matrix::rule_of_slip;
use crate::measure::Unit;
use crate::movement::{DocumentState, Movement, MovementLine};
use crate::permit::{Permit, PermitUse};
use crate::place::Place;
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::Permits;
use std::collections::BTreeMap;
use std::sync::Arc;

/// `SAS101`
pub(crate) fn file(work: &mut Work<'_>, filing: &PermitFiling) -> Result<(), Stop> {
    guards::at_most("SasDclDt", filing.lines.len(), LINES_MAX)?;
    guards::once_each("sasDclSeqno", filing.lines.iter().map(|line| line.line))?;
    if work.get::<Permits>(filing.permit_no.clone())?.is_some() {
        return Err(Refusal::new(Reason::DocumentExists).field("sasDclNo", &filing.permit_no).into());
    }
    let has_slips = |kind: &&PermitKind| rule_of_slip(**kind, Direction::Out).is_some();
    if !has_slips(&&filing.kind) {
        let known = PermitKind::ALL.iter().filter(has_slips);
        let known: Vec<&str> = known.map(|kind| kind.code()).collect();
        return Err(Refusal::new(Reason::Unsupported)
            .field("businessTypecd", filing.kind)
            .expected(known.join(" "))
            .into());
    }
    let book = guards::book(work, &filing.book_no, "areainOriactNo")?;
    guards::bonded(&book)?;
    guards::owned_by(&book, &filing.owner, "areainEtpsno")?;
    guards::book_in_validity(work, &book, filing.declared_at, "dclTime")?;
    for line in &filing.lines {
        guards::positive(line.line, "dclQty", Unit::Declared, line.declared)?;
        let key = ItemKey { book_no: book.book_no.clone(), mark: line.mark, number: line.number };
        let item = guards::item(work, key, line.line, "oriactGdsSeqno")?;
        guards::same_declared_unit(line.line, &line.unit, &item)?;
    }
    let unused = |filed: &PermitLine| PermitUse {
        filed: filed.clone(),
        approved_out: Quantity::ZERO,
        approved_in: Quantity::ZERO,
        passed_out: Quantity::ZERO,
    };
    let permit = Permit {
        kind: filing.kind,
        book_no: filing.book_no.clone(),
        owner: filing.owner.clone(),
        valid_until: filing.valid_until,
        guarantee_no: filing.guarantee_no.clone(),
        exhibition_place: filing.exhibition_place.clone(),
        lines: filing.lines.iter().map(unused).collect(),
        sold: BTreeMap::new(),
        filed_time: work.now(),
        out_since: None,
    };
    work.put::<Permits>(filing.permit_no.clone(), Arc::new(permit));
    work.state = Some(DocumentState::Open);
    Ok(())
}

/// The permit that a slip names.
pub(crate) fn permit(work: &Work<'_>, permit_no: &PermitNo) -> Result<Arc<Permit>, Stop> {
    work.get::<Permits>(permit_no.clone())?.ok_or_else(|| {
        Refusal::new(Reason::DocumentUnknown).field("sasDclNo", permit_no).document(permit_no).into()
    })
}

/// 9.5: a list of kind 5 takes of each item not more than is out under its permit.
pub(crate) fn sell(
    work: &mut Work<'_>,
    book: &Book,
    list: &List,
    lines: &[MovementLine],
) -> Result<(), Stop> {
    let named = list.permit_no.as_ref().map_or("", |number| number.as_str());
    let found = match &list.permit_no {
        Some(number) => work.get::<Permits>(number.clone())?.map(|permit| (number.clone(), permit)),
        None => None,
    };
    let fits = |permit: &Permit| permit.book_no == book.book_no && permit.kind == PermitKind::Display;
    let Some((number, mut permit)) = found.filter(|(_, permit)| fits(permit)) else {
        return Err(Refusal::new(Reason::DocumentUnknown)
            .field("applyNo", named)
            .expected(format!("a permit of type C of book {}", book.book_no))
            .into());
    };
    for line in lines {
        let key = (list.mark, line.filed.number);
        let out = permit.out(key.0, key.1).ok_or_else(Stop::overflow)?;
        if line.filed.declared > out {
            return Err(Refusal::new(Reason::FormStockExceeded)
                .line(line.filed.line)
                .field("applyNo", named)
                .document(&number)
                .short(Some(Place::OutOnForm), Unit::Declared, line.filed.declared, out)
                .into());
        }
        let sold = Arc::make_mut(&mut permit).sold.entry(key).or_default();
        *sold = sold.checked_add(line.filed.declared).ok_or_else(Stop::overflow)?;
    }
    work.put::<Permits>(number, permit);
    Ok(())
}

/// Gives back what a withdrawn list of kind 5 took.
pub(crate) fn unsell(work: &mut Work<'_>, movement: &Movement, lines: &[MovementLine]) -> Result<(), Stop> {
    let Some(number) = &movement.permit_no else { return Ok(()) };
    let mut permit = permit(work, number)?;
    for line in lines {
        let key: (Mark, u64) = (movement.mark, line.filed.number);
        let sold = Arc::make_mut(&mut permit).sold.entry(key).or_default();
        *sold = sold
            .checked_sub(line.filed.declared)
            .filter(|sold| !sold.is_negative())
            .ok_or_else(|| Stop::Broken(format!("permit {number} gives back more than was sold")))?;
    }
    work.put::<Permits>(number.clone(), permit);
    Ok(())
}
