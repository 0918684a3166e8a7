//! Products of outsourced processing that leave by list (外发加工成品出区; `domain.md` 3.4 rows 2, 5 to 7 and 17).
//!
//! They came back under their permit, which took their materials then, and are in stock. A list that names the permit
//! takes them from there; a list that does not makes its products as they leave, by the BOM of the book. Those that do
//! not come back leave by [`super::direct_exits`]; what products take of a permit, whichever way they go, stands here. A
//! message has no field for it: `applyNo` names a permit of lists of kinds 4 and 5 alone, and the transfer form between
//! zones.

use super::work::{Stop, Work};
use super::{lines, permits, sums, transfer_forms};
use crate::book::{Book, Usage};
use crate::code::PermitNo;
use crate::direction::{Direction, Mark};
use crate::document::{List, PermitKind};
use crate::matrix::{Claim, Rule};
use crate::measure::Unit;
use crate::movement::MaterialUse;
use crate::permit::{Permit, PermitUse};
use crate::place::Place;
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;

/// Whether a list says that its products were made outside, under a permit.
pub(crate) fn says_so(book: &Book, list: &List) -> bool {
    let product =
        (book.usage, list.direction, list.mark) == (Usage::Processing, Direction::Out, Mark::Product);
    product && list.permit_no.is_some() && matches!(list.kind.as_str(), "0" | "6" | "9")
}

/// `DOCUMENT_UNKNOWN`, `ITEM_NOT_FILED`: the permit is one of outsourced processing of this book, be it closed by now,
/// and makes the products of the lines.
pub(crate) fn made_under_permit(work: &Work<'_>, book: &Book, list: &List, rule: &Rule) -> Result<(), Stop> {
    let made = rule.claim != Claim::DirectExit && says_so(book, list);
    if !made || transfer_forms::named_by(work, list)?.is_some() {
        return Ok(());
    }
    let (number, permit) = permits::of_book(work, book, list, PermitKind::OutsourcedProcessing)?;
    for line in &list.lines {
        let made = |mark: Mark, item: u64| (mark, item) == (Mark::Product, line.number);
        if !permit.lines.iter().any(|used| made(used.filed.mark, used.filed.number)) {
            return Err(Refusal::new(Reason::ItemNotFiled)
                .line(line.line)
                .field("putrecSeqno", line.number)
                .expected("a product of the permit")
                .document(&number)
                .into());
        }
    }
    Ok(())
}

/// A product on a line of a slip or list, made outside.
pub(crate) struct Product<'l> {
    /// The line of the slip or list.
    pub line: u64,
    /// `sasDclSeqno`: the line of the permit.
    pub permit_line: u64,
    /// In the declared unit.
    pub declared: Quantity,
    /// What it uses of what is out under the permit.
    pub uses: &'l [MaterialUse],
}

/// What a product uses of the materials that are out, by the BOM of the permit; rounded once for each line and material
/// (as `RULES.md` 6.1).
pub(crate) fn uses(
    work: &Work<'_>,
    book: &Book,
    permit: &Permit,
    permit_line: u64,
    declared: Quantity,
) -> Result<Vec<MaterialUse>, Stop> {
    let mut uses = Vec::new();
    for part in permit.bom.iter().filter(|part| part.product_line == permit_line) {
        let material = permit.lines.iter().find(|used| used.filed.line == part.material_line);
        let material = material.ok_or_else(|| {
            Stop::Broken(format!("line {} of a permit, a material of its BOM, vanished", part.material_line))
        })?;
        let used = part.as_bom().usage(declared).ok_or_else(Stop::overflow)?;
        if !used.is_zero() {
            let number = material.filed.number;
            let statutory1 = lines::undocumented(work, book, Mark::Goods, number, used)?;
            uses.push(MaterialUse { material: number, declared: used, statutory1 });
        }
    }
    Ok(uses)
}

/// `FORM_QUOTA_EXCEEDED`, `FORM_STOCK_EXCEEDED`: not more is made than the permit says, nor of more than is out under it.
pub(crate) fn make(permit: &mut Permit, permit_no: &PermitNo, product: &Product<'_>) -> Result<(), Stop> {
    let short = |reason, field: &str, value: u64, place, (wanted, there)| {
        Refusal::new(reason).line(product.line).field(field, value).document(permit_no).short(
            place,
            Unit::Declared,
            wanted,
            there,
        )
    };
    let used = line_of(permit, product.permit_line)?;
    let left = used.filed.declared.checked_sub(used.approved_in).ok_or_else(Stop::overflow)?;
    if product.declared > left {
        let figures = (product.declared, left);
        return Err(
            short(Reason::FormQuotaExceeded, "sasDclSeqno", product.permit_line, None, figures).into()
        );
    }
    sums::grow(&mut used.approved_in, product.declared)?;
    for part in product.uses {
        let out = permit.out(Mark::Goods, part.material).ok_or_else(Stop::overflow)?;
        if part.declared > out {
            let (place, figures) = (Some(Place::OutOnForm), (part.declared, out));
            return Err(short(Reason::FormStockExceeded, "mtpckSeqno", part.material, place, figures).into());
        }
        sums::grow(permit.used.entry((Mark::Goods, part.material)).or_default(), part.declared)?;
    }
    Ok(())
}

/// Gives a permit back what a product took of it.
pub(crate) fn unmake(permit: &mut Permit, product: &Product<'_>) -> Result<(), Stop> {
    let used = line_of(permit, product.permit_line)?;
    used.approved_in = used.approved_in.checked_sub(product.declared).ok_or_else(Stop::overflow)?;
    for part in product.uses {
        let sum = permit.used.entry((Mark::Goods, part.material)).or_default();
        *sum = sum.checked_sub(part.declared).ok_or_else(Stop::overflow)?;
    }
    Ok(())
}

/// A line of a permit that is known to be there.
pub(crate) fn line_of(permit: &mut Permit, line: u64) -> Result<&mut PermitUse, Stop> {
    let found = permit.lines.iter_mut().find(|used| used.filed.line == line);
    found.ok_or_else(|| Stop::Broken(format!("line {line} of a permit vanished")))
}
