//! Consumption slips: materials used, scrap made, parts swapped (`RULES.md` 13.1 to 13.3).

use super::goods::{self, Goods, Transfer, along, carry_lots};
use super::layers::{self, Wishes};
use super::work::{Stop, Work};
use super::{guards, lines, order_lines, residues, stock, units};
use crate::book::{Act, Book, Regime, Usage};
use crate::code::{LotNo, SerialNo};
use crate::direction::{Direction, Mark};
use crate::document::{ConsumptionFiling, Research, Residue};
use crate::event::{Action, Step};
use crate::item::{Item, ItemKey, ResidueKind};
use crate::layer::{LotSource, NamedLot};
use crate::limits::LINES_MAX;
use crate::matrix::{MatrixRow, Provenance, Rule};
use crate::measure::{Measure, Unit};
use crate::movement::DocumentState;
use crate::mover::Mover;
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::settlement::Consumption;
use crate::state::{Consumptions, Movements, ProjectUses};
use std::sync::Arc;

/// `CMB101`
pub(crate) fn file(work: &mut Work<'_>, filing: &ConsumptionFiling) -> Result<(), Stop> {
    guards::at_most("SasCmbImg", filing.materials.len(), LINES_MAX)?;
    guards::at_most("SasCmbRbg", filing.residues.len(), LINES_MAX)?;
    if work.get::<Consumptions>(filing.consumption_no.clone())?.is_some() {
        return Err(Refusal::new(Reason::DocumentExists).field("cmbNo", &filing.consumption_no).into());
    }
    let book = guards::book_for(work, &filing.book_no, "emsNo", Act::Consumption)?;
    guards::bonded(&book)?;
    guards::owned_by(&book, &filing.owner, "bizopEtpsno")?;
    guards::book_in_validity(work, &book, filing.declared_at, "dclTime")?;
    guards::book_not_stopped(&book, Direction::Out)?;
    by_slip(&book)?;
    research_said(work, &book, filing)?;
    lists_not_verified(work, &book, filing)?;
    let mover = Mover::from(&filing.consumption_no);
    use_materials(work, &book, filing, &mover)?;
    make_residues(work, &book, filing, &mover)?;
    if let Some(research) = &filing.research {
        make_prototypes(work, &book, research, &mover)?;
        let key = (book.book_no.clone(), research.project.clone(), work.head.revision);
        work.put::<ProjectUses>(key, filing.consumption_no.clone());
    }
    let slip = Consumption { filed: filing.clone(), posted_time: work.now() };
    work.put::<Consumptions>(filing.consumption_no.clone(), Arc::new(slip));
    work.state = Some(DocumentState::Posted);
    Ok(())
}

/// What work orders account for is not accounted for a second time.
fn by_slip(book: &Book) -> Result<(), Stop> {
    if book.regime != Regime::WorkOrder {
        return Ok(());
    }
    Err(Refusal::new(Reason::RegimeForbids)
        .field("regime", book.regime)
        .expected(format!("{} or {}", Regime::Bom, Regime::Slip))
        .document(&book.book_no)
        .into())
}

/// Use in a research book names its project and evidence (`domain.md` 3.4 row 11). A message has no field for them.
fn research_said(work: &Work<'_>, book: &Book, filing: &ConsumptionFiling) -> Result<(), Stop> {
    match (&filing.research, book.usage) {
        (None, Usage::Research) if !work.by_message => Err(Refusal::new(Reason::ProjectMissing)
            .field("research", "")
            .expected("the project and the evidence of the use")
            .document(&book.book_no)
            .into()),
        (Some(research), usage) if usage != Usage::Research || filing.part_swap => {
            Err(Refusal::new(Reason::InvalidField)
                .field("research", &research.project)
                .expected(format!("none, but in a book of usage {} and without part swap", Usage::Research))
                .document(&book.book_no)
                .into())
        }
        _ => Ok(()),
    }
}

/// 13.1: the lists are of the same book, and no verification covers them.
fn lists_not_verified(work: &Work<'_>, book: &Book, filing: &ConsumptionFiling) -> Result<(), Stop> {
    for number in &filing.lists {
        let list = work.get::<Movements>(number.clone())?.filter(|list| list.book_no == book.book_no);
        let refuse = |reason| Err(Refusal::new(reason).field("bondInvtNo", number).document(number).into());
        match list {
            None => return refuse(Reason::DocumentUnknown),
            Some(list) if list.state_in(book) == DocumentState::Verified => {
                return refuse(Reason::PeriodVerified);
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// Rows of a consumption slip by what the book is for: of its materials, of its residues.
fn rows(book: &Book, filing: &ConsumptionFiling) -> (MatrixRow, MatrixRow) {
    match (filing.part_swap, book.usage) {
        (true, _) => (MatrixRow::PartFitted, MatrixRow::PartRemoved),
        (false, Usage::Research) => (MatrixRow::ResearchUse, MatrixRow::ScrapMade),
        (false, _) => (MatrixRow::SlipUse, MatrixRow::ScrapMade),
    }
}

fn use_materials(
    work: &mut Work<'_>,
    book: &Book,
    filing: &ConsumptionFiling,
    mover: &Mover,
) -> Result<(), Stop> {
    let rule = goods::rule(rows(book, filing).0)?;
    let mut transfers = Vec::with_capacity(filing.materials.len());
    for line in &filing.materials {
        guards::positive(line.line, "ucnsNetUseupQty", Unit::Declared, line.declared)?;
        let key = ItemKey { book_no: book.book_no.clone(), mark: Mark::Goods, number: line.number };
        let item = guards::item(work, key, line.line, "mtpckSeqno")?;
        let statutory1 = lines::undocumented(work, book, Mark::Goods, line.number, line.declared)?;
        let measure = Measure::new(line.declared, statutory1, Quantity::ZERO, Quantity::ZERO);
        let material = Goods {
            line: line.line,
            mark: Mark::Goods,
            number: line.number,
            // As on a line of a list: in a book kept by receipt the row has them.
            lot: item.lot.as_ref(),
            serial: item.serial.as_ref(),
            measure,
        };
        along(book, rule.legs, &material, &mut transfers);
    }
    layers::may_name(book, &filing.lots, LotSource::Stock, filing.materials.iter().map(|line| line.line))?;
    stock::test(work, &transfers)?;
    post(work, rule, mover, &transfers, &filing.lots)
}

fn make_residues(
    work: &mut Work<'_>,
    book: &Book,
    filing: &ConsumptionFiling,
    mover: &Mover,
) -> Result<(), Stop> {
    let rule = goods::rule(rows(book, filing).1)?;
    let mut transfers = Vec::with_capacity(filing.residues.len());
    for residue in &filing.residues {
        guards::positive(residue.line, "dclQty", Unit::Declared, residue.declared)?;
        let key = ItemKey { book_no: book.book_no.clone(), mark: Mark::Goods, number: residue.number };
        let material = guards::item(work, key, residue.line, "mtpckSeqno")?;
        let of_unit = rule.provenance == Provenance::Inherited;
        let (lot, serial) = if of_unit { unit_of(work, book, residue)? } else { (None, None) };
        let number = residue.item.unwrap_or(residue.number);
        file_residue(work, book, residue, &material, filing.part_swap)?;
        let statutory1 = lines::undocumented(work, book, Mark::Residue, number, residue.declared)?;
        let goods = Goods {
            line: residue.line,
            mark: Mark::Residue,
            number,
            lot: lot.as_ref(),
            serial: serial.as_ref(),
            measure: Measure::new(residue.declared, statutory1, Quantity::ZERO, Quantity::ZERO),
        };
        along(book, rule.legs, &goods, &mut transfers);
    }
    post(work, rule, mover, &transfers, &[])
}

/// 13.2: what the first slip says that makes a residue is its item. Of a removed part nothing more is said.
fn file_residue(
    work: &mut Work<'_>,
    book: &Book,
    residue: &Residue,
    material: &Item,
    part_swap: bool,
) -> Result<(), Stop> {
    if part_swap && (residue.kind.is_some() || residue.item.is_some()) {
        return Err(Refusal::new(Reason::InvalidField)
            .line(residue.line)
            .field("kind", residue.kind.map_or("", ResidueKind::code))
            .expected("neither kind nor item of a removed part")
            .into());
    }
    let said = residues::ResidueItem {
        line: residue.line,
        number: residue.item.unwrap_or(residue.number),
        kind: residue.kind.or((!part_swap).then_some(ResidueKind::Scrap)),
        said: residue.kind.is_some(),
        part_no: &material.part_no,
        tariff_code: &residue.tariff_code,
        name: &residue.name,
        unit: &residue.unit,
    };
    residues::file(work, book, &said)?;
    Ok(())
}

/// Prototypes go into stock, and leave it by list like goods.
fn make_prototypes(work: &mut Work<'_>, book: &Book, research: &Research, mover: &Mover) -> Result<(), Stop> {
    guards::at_most("prototypes", research.prototypes.len(), LINES_MAX)?;
    let rule = goods::rule(MatrixRow::PrototypeMade)?;
    let mut transfers = Vec::with_capacity(research.prototypes.len());
    for prototype in &research.prototypes {
        let key = ItemKey { book_no: book.book_no.clone(), mark: Mark::Product, number: prototype.number };
        let item = guards::item(work, key, prototype.line, "number")?;
        let measure = order_lines::as_made(prototype.line, &prototype.quantities, &item.units)?;
        let goods = Goods {
            line: prototype.line,
            mark: Mark::Product,
            number: prototype.number,
            lot: item.lot.as_ref(),
            serial: item.serial.as_ref(),
            measure,
        };
        along(book, rule.legs, &goods, &mut transfers);
    }
    post(work, rule, mover, &transfers, &[])
}

/// 13.3: the unit that a part was removed from is on hand.
fn unit_of(
    work: &mut Work<'_>,
    book: &Book,
    residue: &Residue,
) -> Result<(Option<LotNo>, Option<SerialNo>), Stop> {
    let refuse = || {
        let serial = residue.serial.as_ref().map_or("", |serial| serial.as_str());
        Refusal::new(Reason::SerialNotInPlace)
            .line(residue.line)
            .field("rmk", serial)
            .expected("the serial number of a unit on hand")
            .document(&book.book_no)
    };
    let receipt = units::latest(work, &book.book_no, residue.serial.as_ref())?;
    let (Some(receipt), Some(serial)) = (receipt, &residue.serial) else { return Err(refuse().into()) };
    let counters = work.counters(&units::in_stock(book, &receipt, serial))?;
    if counters.on_hand().ok_or_else(Stop::overflow)?.declared().is_positive() {
        return Ok((Some(receipt.lot), Some(serial.clone())));
    }
    Err(refuse().into())
}

fn post(
    work: &mut Work<'_>,
    rule: &Rule,
    mover: &Mover,
    transfers: &[Transfer],
    named: &[NamedLot],
) -> Result<(), Stop> {
    if transfers.is_empty() {
        return Ok(());
    }
    let wishes = Wishes { named: Some(named), ..Wishes::default() };
    carry_lots(work, Action::PostAtOnce, mover, transfers, wishes)?;
    work.steps.push(Step {
        action: Action::PostAtOnce,
        document: mover.number.clone(),
        version: 0,
        row: Some(rule.row),
    });
    Ok(())
}
