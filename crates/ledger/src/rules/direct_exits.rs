//! Products of outsourced processing that leave from where they were made (外发加工成品不运回; `domain.md` 3.1 and 3.4 row
//! 17): customs approves how much, and a list that names the approval takes them from there, with the materials that are
//! out under the permit. Nothing of them passes a gate of the zone, so the list is posted on release.
//!
//! The permit counts them as made under it, like products that come back, so that its quantities limit both together.

use super::outsourced::{self, Product};
use super::work::{Stop, Work};
use super::{guards, permits, sums};
use crate::book::{Act, Book};
use crate::code::{DocumentNo, PermitNo};
use crate::direct_exit::{DirectExit, DirectExitAction, DirectExitGrant, DirectExitOrder, Revocation};
use crate::direction::Mark;
use crate::document::{List, PermitKind};
use crate::limits::LINES_MAX;
use crate::matrix::{Claim, Rule};
use crate::measure::Unit;
use crate::movement::{Movement, MovementLine};
use crate::permit::Permit;
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{DirectExits, Permits};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Customs gives an approval, or revokes one.
pub(crate) fn order(work: &mut Work<'_>, order: &DirectExitOrder) -> Result<(), Stop> {
    let number = &order.approval_no;
    work.document = Some(number.as_str().into());
    if order.reason.trim().is_empty() {
        return Err(guards::invalid("reason", "", "why"));
    }
    let reason = order.reason.clone();
    let approval = match &order.action {
        DirectExitAction::Approve(grant) => {
            approve(work, number, grant)?;
            let (grant, used, approved_time) = (grant.clone(), BTreeMap::new(), work.now());
            DirectExit { grant, reason, used, approved_time, revoked: None }
        }
        DirectExitAction::Revoke => {
            let Some(known) = work.get::<DirectExits>(number.clone())? else {
                return Err(Refusal::new(Reason::DocumentUnknown).field("approval_no", number).into());
            };
            let permit = permits::permit(work, &known.grant.permit_no)?;
            guards::book(work, &permit.book_no, "areainOriactNo")?;
            not_revoked(&known, number)?;
            DirectExit { revoked: Some(Revocation { time: work.now(), reason }), ..(*known).clone() }
        }
    };
    work.put::<DirectExits>(number.clone(), Arc::new(approval));
    Ok(())
}

/// All checks of a new approval: its number is nobody's, its permit is open and makes what it names.
fn approve(work: &mut Work<'_>, number: &PermitNo, grant: &DirectExitGrant) -> Result<(), Stop> {
    guards::at_most("lines", grant.lines.len(), LINES_MAX)?;
    guards::once_each("oriactGdsSeqno", grant.lines.iter().map(|line| line.number))?;
    let taken = work.get::<DirectExits>(number.clone())?.is_some();
    if taken || work.get::<Permits>(number.clone())?.is_some() {
        return Err(Refusal::new(Reason::DocumentExists).field("approval_no", number).into());
    }
    let permit = permits::permit(work, &grant.permit_no)?;
    if permit.kind != PermitKind::OutsourcedProcessing {
        return Err(Refusal::new(Reason::DocumentUnknown)
            .field("sasDclNo", &grant.permit_no)
            .expected(format!("a permit of type {}", PermitKind::OutsourcedProcessing))
            .document(&grant.permit_no)
            .into());
    }
    guards::book_for(work, &permit.book_no, "areainOriactNo", Act::Permit)?;
    permits::open(work, &permit, &grant.permit_no)?;
    let today = work.today();
    if grant.valid_until < today {
        return Err(guards::invalid("valid_until", grant.valid_until, format!("not before {today}")));
    }
    if grant.lines.is_empty() {
        return Err(guards::invalid("lines", 0, "at least one product"));
    }
    for line in &grant.lines {
        guards::positive(line.permit_line, "quantity", Unit::Declared, line.quantity)?;
        if product_line(&permit, line.permit_line, line.number).is_none() {
            return Err(Refusal::new(Reason::ItemNotFiled)
                .line(line.permit_line)
                .field("oriactGdsSeqno", line.number)
                .expected("a product of that line of the permit")
                .document(&grant.permit_no)
                .into());
        }
    }
    Ok(())
}

fn product_line(permit: &Permit, line: u64, number: u64) -> Option<u64> {
    let wanted = (line, Mark::Product, number);
    let mut lines = permit.lines.iter().map(|used| &used.filed);
    lines.any(|filed| (filed.line, filed.mark, filed.number) == wanted).then_some(line)
}

/// `FORM_CLOSED`
fn not_revoked(approval: &DirectExit, number: &PermitNo) -> Result<(), Stop> {
    match &approval.revoked {
        None => Ok(()),
        Some(revocation) => Err(Refusal::new(Reason::FormClosed)
            .field("applyNo", number)
            .expected(format!("an approval that is not revoked; {}", revocation.reason))
            .document(number)
            .into()),
    }
}

/// Whether a list names an approval where lists name a permit.
pub(crate) fn is_named(work: &Work<'_>, list: &List) -> Result<bool, Stop> {
    match &list.permit_no {
        Some(number) => Ok(work.get::<DirectExits>(number.clone())?.is_some()),
        None => Ok(false),
    }
}

/// An approval that is known to be there.
fn known(work: &Work<'_>, number: &PermitNo) -> Result<Arc<DirectExit>, Stop> {
    work.get::<DirectExits>(number.clone())?
        .ok_or_else(|| Stop::Broken(format!("approval {number} vanished")))
}

/// The permit of an approval that a list names.
pub(crate) fn permit_no(work: &Work<'_>, number: &PermitNo) -> Result<PermitNo, Stop> {
    Ok(known(work, number)?.grant.permit_no.clone())
}

/// What a list uses.
struct Used {
    number: PermitNo,
    approval: DirectExit,
    permit: Permit,
}

fn used(work: &Work<'_>, number: Option<&PermitNo>) -> Result<Used, Stop> {
    let number = number.ok_or_else(|| Stop::Broken("a list lost its approval".into()))?.clone();
    let approval = (*known(work, &number)?).clone();
    let permit = (*permits::permit(work, &approval.grant.permit_no)?).clone();
    Ok(Used { number, approval, permit })
}

impl Used {
    fn keep(self, work: &mut Work<'_>) {
        work.put::<Permits>(self.approval.grant.permit_no.clone(), Arc::new(self.permit));
        work.put::<DirectExits>(self.number, Arc::new(self.approval));
    }

    /// `ITEM_NOT_FILED`: the approval has the product of a line, and its permit makes it still.
    fn line(&self, line: &MovementLine) -> Result<u64, Stop> {
        let number = line.filed.number;
        let approved = self.approval.line_of(number);
        approved.and_then(|approved| product_line(&self.permit, approved.permit_line, number)).ok_or_else(
            || {
                Refusal::new(Reason::ItemNotFiled)
                    .line(line.filed.line)
                    .field("putrecSeqno", number)
                    .expected("a product of the approval")
                    .document(&self.number)
                    .into()
            },
        )
    }

    /// `FORM_QUOTA_EXCEEDED`: counts down what is approved.
    fn count_down(&mut self, line: &MovementLine) -> Result<(), Stop> {
        let declared = line.filed.declared;
        let approved = self.approval.line_of(line.filed.number).cloned();
        let approved = approved.ok_or_else(|| Stop::Broken("a line of an approval vanished".into()))?;
        let left = self.approval.left(&approved).ok_or_else(Stop::overflow)?;
        if declared > left {
            return Err(Refusal::new(Reason::FormQuotaExceeded)
                .line(line.filed.line)
                .field("applyNo", &self.number)
                .document(&self.number)
                .short(None, Unit::Declared, declared, left)
                .into());
        }
        sums::grow(self.approval.used.entry(approved.permit_line).or_default(), declared)
    }
}

/// Says of each line of a list which materials it takes of what is out, by the BOM of the permit; of the approval, that it
/// is for goods of this book and may still be used.
pub(crate) fn say_materials(
    work: &Work<'_>,
    book: &Book,
    list: &List,
    rule: &Rule,
    lines: &mut [MovementLine],
) -> Result<(), Stop> {
    if rule.claim != Claim::DirectExit {
        return Ok(());
    }
    let used = used(work, list.permit_no.as_ref())?;
    if used.permit.book_no != book.book_no {
        return Err(Refusal::new(Reason::DocumentUnknown)
            .field("applyNo", &used.number)
            .expected(format!("an approval for a permit of book {}", book.book_no))
            .into());
    }
    not_revoked(&used.approval, &used.number)?;
    permits::open(work, &used.permit, &used.approval.grant.permit_no)?;
    let (late, until) = (Reason::FormExpired, used.approval.grant.valid_until);
    guards::in_validity(work, list.declared_at, until, late, "invtDclTime", &used.number)?;
    for line in lines {
        no_version(line)?;
        let at = used.line(line)?;
        line.uses = outsourced::uses(work, book, &used.permit, at, line.filed.declared)?;
    }
    Ok(())
}

/// The BOM of the permit says what the products are made of: a version of the book would say something else of them.
fn no_version(line: &MovementLine) -> Result<(), Stop> {
    match &line.filed.bom_version {
        None => Ok(()),
        Some(version) => Err(Refusal::new(Reason::InvalidField)
            .line(line.filed.line)
            .field("ucnsVerno", version)
            .expected("none: the permit says what its products are made of")
            .into()),
    }
}

/// Takes the products of a list from what is approved, and from what the permit may make of what is out.
pub(crate) fn claim(work: &mut Work<'_>, list: &List, lines: &[MovementLine]) -> Result<(), Stop> {
    let mut used = used(work, list.permit_no.as_ref())?;
    for line in lines {
        used.count_down(line)?;
        let product = product(used.line(line)?, line);
        outsourced::make(&mut used.permit, &used.approval.grant.permit_no, &product)?;
    }
    let waiting = &mut used.permit.waiting_lists;
    *waiting = waiting.checked_add(1).ok_or_else(Stop::overflow)?;
    used.keep(work);
    Ok(())
}

const fn product(permit_line: u64, line: &MovementLine) -> Product<'_> {
    let (number, declared) = (line.filed.line, line.filed.declared);
    Product { line: number, permit_line, declared, uses: line.uses.as_slice() }
}

/// The list is posted: its products are through, and it keeps the permit open no longer.
pub(crate) fn posted(work: &mut Work<'_>, movement: &Movement, lines: &[MovementLine]) -> Result<(), Stop> {
    let mut used = used(work, movement.permit_no.as_ref())?;
    for line in lines {
        let at = used.line(line)?;
        sums::grow(&mut outsourced::line_of(&mut used.permit, at)?.passed_in, line.filed.declared)?;
    }
    permits::no_longer_waits(&mut used.permit)?;
    used.keep(work);
    Ok(())
}

/// The list is taken back, or a correction undoes it: the approval and the permit have its goods again.
pub(crate) fn free(work: &mut Work<'_>, movement: &Movement, lines: &[MovementLine]) -> Result<(), Stop> {
    let mut used = used(work, movement.permit_no.as_ref())?;
    let was_posted = movement.posted_time.is_some();
    for line in lines {
        let at = used.line(line)?;
        let product = product(at, line);
        outsourced::unmake(&mut used.permit, &product)?;
        let taken = used.approval.used.entry(at).or_default();
        *taken = less(*taken, line.filed.declared)?;
        if was_posted {
            let passed = &mut outsourced::line_of(&mut used.permit, at)?.passed_in;
            *passed = less(*passed, line.filed.declared)?;
        }
    }
    if !was_posted {
        permits::no_longer_waits(&mut used.permit)?;
    }
    used.keep(work);
    Ok(())
}

fn less(sum: Quantity, part: Quantity) -> Result<Quantity, Stop> {
    let left = sum.checked_sub(part).filter(|left| !left.is_negative());
    left.ok_or_else(|| Stop::Broken("an approval gives back more than was taken".into()))
}

/// On whose account the materials of a list are out: that of its permit.
pub(crate) fn account(work: &Work<'_>, list: &List) -> Result<DocumentNo, Stop> {
    Ok(DocumentNo::from(&used(work, list.permit_no.as_ref())?.approval.grant.permit_no))
}
