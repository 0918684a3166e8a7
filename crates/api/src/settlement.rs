//! Consumption slips: as a caller sends them, and as they stand.

use crate::document::each;
use crate::field::{Field, local_time, optional, quantity, read, required};
use crate::lot;
use crate::permit::counted;
use crate::v1;
use crate::value::{instant, local, text, timestamp};
use zonebook_ledger::code::{
    BookNo, ConsumptionNo, CustomsNo, Evidence, ListNo, ProjectCode, SerialNo, TariffCode, UnitCode,
};
use zonebook_ledger::document::{
    ConsumptionChange, ConsumptionFiling, ConsumptionVoid, OrderQuantities, Prototype, Research, Residue,
    UsedMaterial,
};
use zonebook_ledger::item::ResidueKind;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::production::{ProjectTotal, ProjectUse};
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::settlement::{Consumption, ConsumptionStanding};
use zonebook_ledger::time::Instant;

fn lists(numbers: &[String]) -> Field<Vec<ListNo>> {
    each("lists", numbers, |number| read("number", number, ListNo::new))
}

pub(crate) fn numbered<T>(lines: Vec<T>, number: impl Fn(&mut T) -> &mut u64) -> Vec<T> {
    let number_one = |(mut line, count): (T, u64)| {
        *number(&mut line) = count;
        line
    };
    lines.into_iter().zip(1..).map(number_one).collect()
}

/// A consumption slip (`CMB101`).
///
/// # Errors
/// Names the field.
pub fn consumption_filing(wire: Option<&v1::ConsumptionSlip>) -> Field<ConsumptionFiling> {
    let wire = required("slip", wire)?;
    consumption_fields(wire).map_err(|error| error.within("slip"))
}

fn consumption_fields(wire: &v1::ConsumptionSlip) -> Field<ConsumptionFiling> {
    let materials = each("materials", &wire.materials, |material| {
        let declared = quantity("quantity_declared", &material.quantity_declared)?;
        Ok(UsedMaterial { line: 0, number: material.number, declared })
    })?;
    let residues = each("residues", &wire.residues, |residue| {
        Ok(Residue {
            line: 0,
            number: residue.number,
            tariff_code: read("tariff_code", &residue.tariff_code, TariffCode::new)?,
            name: residue.name.as_str().into(),
            unit: read("unit", &residue.unit, UnitCode::new)?,
            declared: quantity("quantity_declared", &residue.quantity_declared)?,
            serial: optional("serial", &residue.serial, SerialNo::new)?,
            kind: optional("kind", &residue.kind, ResidueKind::from_code)?,
            item: residue.item,
        })
    })?;
    Ok(ConsumptionFiling {
        consumption_no: read("consumption_no", &wire.consumption_no, ConsumptionNo::new)?,
        book_no: read("book_no", &wire.book_no, BookNo::new)?,
        owner: read("owner", &wire.owner, CustomsNo::new)?,
        declared_at: local_time("declared_at", &wire.declared_at)?,
        part_swap: wire.part_swap,
        lists: lists(&wire.lists)?,
        lots: lot::named(&wire.lots)?,
        materials: numbered(materials, |material| &mut material.line),
        residues: numbered(residues, |residue| &mut residue.line),
        research: match &wire.research {
            Some(wire) => Some(research(wire).map_err(|error| error.within("research"))?),
            None => None,
        },
    })
}

/// New content for a consumption slip (`CMB101` with `dclTypecd` 2).
///
/// # Errors
/// Names the field.
pub fn consumption_change(wire: &v1::ChangeConsumptionRequest) -> Field<ConsumptionChange> {
    let change_no = counted(wire.change_no)?;
    Ok(ConsumptionChange { change_no, content: consumption_filing(wire.slip.as_ref())? })
}

/// The end of a consumption slip (`CMB101` with `dclTypecd` 3).
///
/// # Errors
/// Names the field.
pub fn consumption_void(wire: &v1::VoidConsumptionRequest) -> Field<ConsumptionVoid> {
    Ok(ConsumptionVoid {
        consumption_no: read("consumption_no", &wire.consumption_no, ConsumptionNo::new)?,
        change_no: counted(wire.change_no)?,
    })
}

fn research(wire: &v1::Research) -> Field<Research> {
    let prototypes = each("prototypes", &wire.prototypes, |made| {
        Ok(Prototype {
            line: 0,
            number: made.number,
            quantities: OrderQuantities {
                declared: quantity("quantity_declared", &made.quantity_declared)?,
                statutory1: optional("quantity_statutory1", &made.quantity_statutory1, Quantity::parse)?,
                statutory2: optional("quantity_statutory2", &made.quantity_statutory2, Quantity::parse)?,
            },
        })
    })?;
    Ok(Research {
        project: read("project", &wire.project, ProjectCode::new)?,
        evidence: read("evidence", &wire.evidence, Evidence::new)?,
        prototypes: numbered(prototypes, |made| &mut made.line),
    })
}

fn research_to_wire(research: &Research) -> v1::Research {
    let prototypes = research.prototypes.iter().map(|made| v1::Prototype {
        number: made.number,
        quantity_declared: made.quantities.declared.to_string(),
        quantity_statutory1: text(made.quantities.statutory1.as_ref()),
        quantity_statutory2: text(made.quantities.statutory2.as_ref()),
    });
    v1::Research {
        project: research.project.to_string(),
        evidence: research.evidence.to_string(),
        prototypes: prototypes.collect(),
    }
}

/// A consumption slip as it stands; one that cannot be changed is as it was posted.
#[must_use]
pub fn consumption(
    slip: &Consumption,
    standing: Option<&ConsumptionStanding>,
    revision: Revision,
) -> v1::GetConsumptionResponse {
    v1::GetConsumptionResponse {
        revision: revision.0,
        slip: Some(consumption_to_wire(&slip.filed)),
        posted_time: Some(timestamp(slip.posted_time)),
        state: standing.map_or(DocumentState::Posted, |standing| standing.state).to_string(),
        change_no: standing.map_or(0, |standing| standing.version),
    }
}

/// From and until, as far as they are said.
pub type Period = (Option<Instant>, Option<Instant>);

/// A period of ledger time.
///
/// # Errors
/// Names the field.
pub fn period(wire: Option<&v1::ResearchPeriod>) -> Field<Period> {
    let (from, until) = wire.map_or((None, None), |period| (period.from.as_ref(), period.until.as_ref()));
    let from = from.map(|time| instant("period.from", time)).transpose()?;
    Ok((from, until.map(|time| instant("period.until", time)).transpose()?))
}

/// A record of use for research.
#[must_use]
pub fn research_use(found: &ProjectUse) -> v1::ResearchUse {
    v1::ResearchUse {
        slip: Some(consumption_to_wire(&found.slip.filed)),
        accepted_revision: found.revision.0,
        posted_time: Some(timestamp(found.slip.posted_time)),
    }
}

/// What a project used or made of one item.
#[must_use]
pub fn project_total(total: &ProjectTotal) -> v1::ProjectTotal {
    v1::ProjectTotal {
        project: total.project.to_string(),
        mark: total.mark.to_string(),
        number: total.number,
        quantity_declared: total.declared.to_string(),
        records: total.records,
    }
}

fn consumption_to_wire(filed: &ConsumptionFiling) -> v1::ConsumptionSlip {
    let materials = filed.materials.iter().map(|material| v1::UsedMaterial {
        number: material.number,
        quantity_declared: material.declared.to_string(),
    });
    let residues = filed.residues.iter().map(|residue| v1::Residue {
        number: residue.number,
        tariff_code: residue.tariff_code.to_string(),
        name: residue.name.to_string(),
        unit: residue.unit.to_string(),
        quantity_declared: residue.declared.to_string(),
        serial: text(residue.serial.as_ref()),
        kind: text(residue.kind.as_ref()),
        item: residue.item,
    });
    v1::ConsumptionSlip {
        consumption_no: filed.consumption_no.to_string(),
        book_no: filed.book_no.to_string(),
        owner: filed.owner.to_string(),
        declared_at: local(Some(filed.declared_at)),
        part_swap: filed.part_swap,
        lists: filed.lists.iter().map(ToString::to_string).collect(),
        lots: filed.lots.iter().map(lot::name).collect(),
        materials: materials.collect(),
        residues: residues.collect(),
        research: filed.research.as_ref().map(research_to_wire),
    }
}
