//! Consumption slips: materials used, scrap made, parts swapped (`RULES.md` 13.1 to 13.3); and changed or taken back, in
//! one step, by a movement the other way (`domain.md` 3.1: the slip is changeable), as long as nothing is verified.

use super::goods::{Transfer, carry_lots};
use super::layers::{self, Wishes};
use super::work::{Stop, Work};
use super::{goods, guards, lines, order_lines, residues, stock, units, work_orders};
use crate::behaviour::BehaviourChange;
use crate::book::{Act, Book, Regime, Usage};
use crate::code::{ConsumptionNo, LotNo, SerialNo};
use crate::direction::{Direction, Mark};
use crate::document::{ConsumptionChange, ConsumptionFiling, ConsumptionVoid, Research, Residue};
use crate::event::{Action, Step};
use crate::item::{Item, ItemKey, ResidueKind};
use crate::layer::{LotSource, NamedLot};
use crate::limits::LINES_MAX;
use crate::matrix::{MatrixRow, Provenance};
use crate::measure::{Measure, Unit};
use crate::movement::DocumentState;
use crate::mover::Mover;
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::settlement::{Consumption, ConsumptionStanding};
use crate::state::{ConsumptionStandings, Consumptions, Movements, ProjectUses};
use crate::work_order::OrderMove;
use std::sync::Arc;

/// `CMB101`: a new slip.
pub(crate) fn file(work: &mut Work<'_>, filing: &ConsumptionFiling) -> Result<(), Stop> {
    sized(filing)?;
    let number = &filing.consumption_no;
    if work.get::<Consumptions>(number.clone())?.is_some() {
        return Err(Refusal::new(Reason::DocumentExists).field("cmbNo", number).into());
    }
    post_version(work, filing, 0)
}

/// `CMB101` with `dclTypecd` 2: new content for a slip that no closed verification covers.
pub(crate) fn change(work: &mut Work<'_>, change: &ConsumptionChange) -> Result<(), Stop> {
    let ConsumptionChange { change_no, content } = change;
    sized(content)?;
    let old = amendable(work, &content.consumption_no, *change_no)?;
    let kept = [
        ("emsNo", content.book_no.to_string(), old.slip.filed.book_no.to_string()),
        ("cmTypecd", content.part_swap.to_string(), old.slip.filed.part_swap.to_string()),
    ];
    if let Some((field, new, old)) = kept.into_iter().find(|(_, new, old)| new != old) {
        let refusal = Refusal::new(Reason::EditNotAllowed).field(field, new).expected(old);
        return Err(refusal.document(&content.consumption_no).into());
    }
    take_back(work, &old, *change_no)?;
    post_version(work, content, *change_no)
}

fn sized(filing: &ConsumptionFiling) -> Result<(), Stop> {
    guards::at_most("SasCmbImg", filing.materials.len(), LINES_MAX)?;
    guards::at_most("SasCmbRbg", filing.residues.len(), LINES_MAX)
}

/// Checks and posts what a slip says.
fn post_version(work: &mut Work<'_>, filing: &ConsumptionFiling, version: u64) -> Result<(), Stop> {
    let book = guards::book_for(work, &filing.book_no, "emsNo", Act::Consumption)?;
    guards::bonded(&book)?;
    guards::owned_by(&book, &filing.owner, "bizopEtpsno")?;
    guards::book_in_validity(work, &book, filing.declared_at, "dclTime")?;
    guards::book_not_stopped(&book, Direction::Out)?;
    by_slip(&book)?;
    research_said(work, &book, filing)?;
    lists_not_verified(work, &book, filing)?;
    let mover = Mover::from(&filing.consumption_no).at(version);
    let mut moves = use_materials(work, &book, filing, &mover)?;
    moves.extend(make_residues(work, &book, filing, &mover)?);
    if let Some(research) = &filing.research {
        moves.extend(make_prototypes(work, &book, research, &mover)?);
        let key = (book.book_no.clone(), research.project.clone(), work.head.revision);
        work.put::<ProjectUses>(key, filing.consumption_no.clone());
    }
    let number = filing.consumption_no.clone();
    if work.has(BehaviourChange::ConsumptionsChangeable) {
        let (state, accepted_at) = (DocumentState::Posted, work.head.revision);
        let standing = ConsumptionStanding { state, version, moves, accepted_at };
        work.put::<ConsumptionStandings>(number.clone(), Arc::new(standing));
    }
    let slip = Consumption { filed: filing.clone(), posted_time: work.now() };
    work.put::<Consumptions>(number, Arc::new(slip));
    work.state = Some(DocumentState::Posted);
    Ok(())
}

/// `CMB101` with `dclTypecd` 3: takes a slip back.
pub(crate) fn void(work: &mut Work<'_>, void: &ConsumptionVoid) -> Result<(), Stop> {
    let old = amendable(work, &void.consumption_no, void.change_no)?;
    take_back(work, &old, void.change_no)?;
    let (state, version) = (DocumentState::Cancelled, void.change_no);
    let standing = ConsumptionStanding { state, version, moves: Vec::new(), ..(*old.standing).clone() };
    work.put::<ConsumptionStandings>(void.consumption_no.clone(), Arc::new(standing));
    work.state = Some(state);
    Ok(())
}

/// A slip that can be changed or taken back.
struct Amendable {
    slip: Arc<Consumption>,
    standing: Arc<ConsumptionStanding>,
    book: Arc<Book>,
}

/// Why a slip can no longer be changed or taken back, in the order of `RULES.md` 5.7. What a closed verification covers,
/// the slip itself or a list that it names, stays as it is; so does a slip of which nobody kept what it moved.
fn amendable(work: &mut Work<'_>, number: &ConsumptionNo, change_no: u64) -> Result<Amendable, Stop> {
    let because = |reason| Refusal::new(reason).field("cmbNo", number).document(number);
    let Some(slip) = work.get::<Consumptions>(number.clone())? else {
        return Err(Refusal::new(Reason::DocumentUnknown).field("cmbNo", number).into());
    };
    let book = guards::book(work, &slip.filed.book_no, "emsNo")?;
    let Some(standing) = work.get::<ConsumptionStandings>(number.clone())? else {
        return Err(because(Reason::EditNotAllowed)
            .expected("a slip filed under behaviour 2 or later")
            .into());
    };
    if standing.state == DocumentState::Cancelled {
        return Err(because(Reason::AlreadyWithdrawn).into());
    }
    if book.last_closed.is_some_and(|closed| slip.posted_time < closed.before) {
        return Err(because(Reason::PeriodVerified).into());
    }
    lists_not_verified(work, &book, &slip.filed)?;
    let expected = standing.version.checked_add(1).ok_or_else(Stop::overflow)?;
    if change_no == expected {
        return Ok(Amendable { slip, standing, book });
    }
    Err(Refusal::new(Reason::ChangeCountMismatch).field("chgTmsCnt", change_no).expected(expected).into())
}

/// The counter-movement: materials are in stock again, in the lots they came from; what was left or made of them is there
/// still, and goes.
fn take_back(work: &mut Work<'_>, old: &Amendable, change_no: u64) -> Result<(), Stop> {
    let Amendable { slip, standing, book } = old;
    let transfers = work_orders::transfers(book, &standing.moves, true)?;
    stock::test(work, &transfers)?;
    let own = Mover::from(&slip.filed.consumption_no);
    let (undone, mover) = (own.clone().at(standing.version), own.at(change_no));
    carry_lots(work, Action::PostAtOnce, &mover, &transfers, Wishes::undoing(&undone))?;
    work.steps.push(Step {
        action: Action::PostAtOnce,
        document: mover.number,
        version: change_no,
        row: Some(MatrixRow::SlipCounter),
    });
    if let Some(research) = &slip.filed.research {
        work.remove::<ProjectUses>((book.book_no.clone(), research.project.clone(), standing.accepted_at));
    }
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
) -> Result<Vec<OrderMove>, Stop> {
    let row = rows(book, filing).0;
    let mut moves = Vec::with_capacity(filing.materials.len());
    for line in &filing.materials {
        guards::positive(line.line, "ucnsNetUseupQty", Unit::Declared, line.declared)?;
        let key = ItemKey { book_no: book.book_no.clone(), mark: Mark::Goods, number: line.number };
        let item = guards::item(work, key, line.line, "mtpckSeqno")?;
        let statutory1 = lines::undocumented(work, book, Mark::Goods, line.number, line.declared)?;
        moves.push(OrderMove {
            line: line.line,
            row,
            mark: Mark::Goods,
            number: line.number,
            // As on a line of a list: in a book kept by receipt the row has them.
            lot: item.lot.clone(),
            serial: item.serial.clone(),
            measure: Measure::new(line.declared, statutory1, Quantity::ZERO, Quantity::ZERO),
            product: None,
        });
    }
    layers::may_name(book, &filing.lots, LotSource::Stock, filing.materials.iter().map(|line| line.line))?;
    let transfers = work_orders::transfers(book, &moves, false)?;
    stock::test(work, &transfers)?;
    post(work, row, mover, &transfers, &filing.lots)?;
    Ok(moves)
}

fn make_residues(
    work: &mut Work<'_>,
    book: &Book,
    filing: &ConsumptionFiling,
    mover: &Mover,
) -> Result<Vec<OrderMove>, Stop> {
    let row = rows(book, filing).1;
    let rule = goods::rule(row)?;
    let mut moves = Vec::with_capacity(filing.residues.len());
    for residue in &filing.residues {
        guards::positive(residue.line, "dclQty", Unit::Declared, residue.declared)?;
        let key = ItemKey { book_no: book.book_no.clone(), mark: Mark::Goods, number: residue.number };
        let material = guards::item(work, key, residue.line, "mtpckSeqno")?;
        let of_unit = rule.provenance == Provenance::Inherited;
        let (lot, serial) = if of_unit { unit_of(work, book, residue)? } else { (None, None) };
        let number = residue.item.unwrap_or(residue.number);
        file_residue(work, book, residue, &material, filing.part_swap)?;
        let statutory1 = lines::undocumented(work, book, Mark::Residue, number, residue.declared)?;
        moves.push(OrderMove {
            line: residue.line,
            row,
            mark: Mark::Residue,
            number,
            lot,
            serial,
            measure: Measure::new(residue.declared, statutory1, Quantity::ZERO, Quantity::ZERO),
            product: None,
        });
    }
    post(work, row, mover, &work_orders::transfers(book, &moves, false)?, &[])?;
    Ok(moves)
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
fn make_prototypes(
    work: &mut Work<'_>,
    book: &Book,
    research: &Research,
    mover: &Mover,
) -> Result<Vec<OrderMove>, Stop> {
    guards::at_most("prototypes", research.prototypes.len(), LINES_MAX)?;
    let row = MatrixRow::PrototypeMade;
    let mut moves = Vec::with_capacity(research.prototypes.len());
    for prototype in &research.prototypes {
        let key = ItemKey { book_no: book.book_no.clone(), mark: Mark::Product, number: prototype.number };
        let item = guards::item(work, key, prototype.line, "number")?;
        let measure = order_lines::as_made(prototype.line, &prototype.quantities, &item.units)?;
        moves.push(OrderMove {
            line: prototype.line,
            row,
            mark: Mark::Product,
            number: prototype.number,
            lot: item.lot.clone(),
            serial: item.serial.clone(),
            measure,
            product: None,
        });
    }
    post(work, row, mover, &work_orders::transfers(book, &moves, false)?, &[])?;
    Ok(moves)
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
    row: MatrixRow,
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
        version: mover.event,
        row: Some(row),
    });
    Ok(())
}
