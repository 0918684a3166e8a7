//! What each kind of permit (`businessTypecd`) allows, as one table (`domain.md` 3.0 and 3.1). The rules, the deadlines and
//! the page of the matrix read it; what its slips and lists move stands in [`crate::matrix`].
//!
//! None needs a guarantee: where one is named, the permit draws on it as a whole or its slips do.

use crate::document::{ListKind, PermitKind};
use crate::parameter::Parameter;

/// How goods move under a permit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moves {
    /// By slips; what goes out is shipped, and declared later by lists. An enterprise that customs discredited may not.
    DeclaredLater,
    /// By slips; what goes out stays on the form until it is back or accounted for.
    OnForm,
    /// By lists alone, inside the zone.
    Processed,
}

/// What a kind of permit allows.
#[derive(Clone, Copy, Debug)]
pub struct PermitRule {
    /// The kind.
    pub kind: PermitKind,
    /// How goods move under it.
    pub moves: Moves,
    /// The kind of list that names it, or its slips, and accounts for what they have not brought back.
    pub settled_by: Option<ListKind>,
    /// It says what products are made of.
    pub has_bom: bool,
    /// How many days it may last; 0 is no limit.
    pub lasts: Parameter,
    /// Its validity may be extended once only.
    pub extends_once: bool,
    /// How many days goods may be out under it; otherwise its last day alone counts.
    pub out_for: Option<Parameter>,
    /// For logistics books alone whose goods are not tracked one by one, and there its products are goods as well.
    pub logistics_only: bool,
    /// It says where its goods are shown (`exhibitionPlace`), where customs asks for that.
    pub needs_place: bool,
    /// In words.
    pub says: &'static str,
}

/// Goods out on the form until they are back: what the rows below have in common.
const fn on_form(kind: PermitKind, lasts: Parameter, says: &'static str) -> PermitRule {
    PermitRule {
        kind,
        moves: Moves::OnForm,
        settled_by: None,
        has_bom: false,
        lasts,
        extends_once: false,
        out_for: None,
        logistics_only: false,
        needs_place: false,
        says,
    }
}

/// Shipped first and declared by lists of kind 1.
const fn declared_later(kind: PermitKind, lasts: Parameter, says: &'static str) -> PermitRule {
    let settled_by = Some(ListKind::Consolidated);
    PermitRule { moves: Moves::DeclaredLater, settled_by, ..on_form(kind, lasts, says) }
}

/// Equipment and moulds: 60 days, one extension up to 30 (`domain.md` 3.1).
const fn equipment(kind: PermitKind, lasts: Parameter, says: &'static str) -> PermitRule {
    let out_for = Some(Parameter::EquipmentDays);
    PermitRule { extends_once: true, out_for, ..on_form(kind, lasts, says) }
}

const OTHER: PermitRule = on_form(PermitKind::Other, Parameter::PermitDaysOther, "out and back, never sold");

/// The table, in order of code.
pub const PERMIT_KINDS: &[PermitRule] = &[
    declared_later(
        PermitKind::BatchedDelivery,
        Parameter::PermitDaysBatched,
        "batched delivery: shipped batch by batch, declared by period",
    ),
    PermitRule {
        has_bom: true,
        out_for: Some(Parameter::OutsourcedDays),
        ..on_form(
            PermitKind::OutsourcedProcessing,
            Parameter::PermitDaysOutsourced,
            "outsourced processing: materials out, back as they are or as products, which with approval of customs do not \
             come back",
        )
    },
    PermitRule {
        settled_by: Some(ListKind::Display),
        out_for: Some(Parameter::DisplayDays),
        needs_place: true,
        ..on_form(
            PermitKind::Display,
            Parameter::PermitDaysDisplay,
            "bonded display: back, or sold where it is shown",
        )
    },
    equipment(PermitKind::EquipmentTest, Parameter::PermitDaysTest, "test of equipment: out and back"),
    equipment(PermitKind::EquipmentRepair, Parameter::PermitDaysRepair, "repair of equipment: out and back"),
    equipment(PermitKind::Mould, Parameter::PermitDaysMould, "a mould sent out: out and back"),
    PermitRule {
        moves: Moves::Processed,
        settled_by: Some(ListKind::SimpleProcessing),
        has_bom: true,
        logistics_only: true,
        ..on_form(
            PermitKind::SimpleProcessing,
            Parameter::PermitDaysSimple,
            "simple processing: goods made of others, in the zone",
        )
    },
    OTHER,
    declared_later(
        PermitKind::GeneralTaxpayer,
        Parameter::PermitDaysTaxpayer,
        "moves of a general taxpayer: as batched delivery",
    ),
];

impl PermitKind {
    /// What it allows; a test checks that each kind has a row.
    #[must_use]
    pub fn rule(self) -> &'static PermitRule {
        PERMIT_KINDS.iter().find(|rule| rule.kind == self).unwrap_or(&OTHER)
    }

    /// Whether its slips are declared later by lists of kind 1.
    #[must_use]
    pub fn is_declared_later(self) -> bool {
        self.rule().moves == Moves::DeclaredLater
    }

    /// Whether it says what products are made of.
    #[must_use]
    pub fn has_bom(self) -> bool {
        self.rule().has_bom
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::direction::{Direction, Mark};
    use crate::matrix::{Claim, End, MATRIX, Of, rule_of_slip};
    use crate::place::Place;

    #[test]
    fn every_kind_has_one_row_in_order_of_code() {
        let kinds: Vec<PermitKind> = PERMIT_KINDS.iter().map(|rule| rule.kind).collect();
        assert_eq!(kinds, PermitKind::ALL);
    }

    #[test]
    fn the_matrix_moves_goods_where_the_table_says() {
        for rule in PERMIT_KINDS {
            let out = rule_of_slip(rule.kind, Direction::Out, Mark::Goods);
            let to = out.and_then(|row| row.legs.first()).map(|leg| leg.to);
            let expected = match rule.moves {
                Moves::DeclaredLater => Some(End::At(Place::ShippedUndeclared)),
                Moves::OnForm => Some(End::At(Place::OutOnForm)),
                Moves::Processed => None,
            };
            assert_eq!(to, expected, "{}", rule.kind);
        }
    }

    #[test]
    fn the_matrix_has_the_list_that_settles_a_permit() {
        for rule in PERMIT_KINDS {
            let Some(kind) = rule.settled_by else { continue };
            let claim = match rule.moves {
                Moves::DeclaredLater => Claim::Slips,
                Moves::OnForm => Claim::Permit,
                Moves::Processed => Claim::Processing,
            };
            let answers = |row: &&crate::matrix::Rule| {
                matches!(row.of, Of::List(of, Direction::Out, _) if of == kind) && row.claim == claim
            };
            assert_eq!(MATRIX.iter().filter(answers).count(), 1, "{}", rule.kind);
        }
    }
}
