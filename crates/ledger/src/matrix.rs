//! The posting matrix (`domain.md` 3.4) as one table. The engine in [`crate::apply`] reads it; a new kind of movement
//! is a new row here and its tests.

use crate::book::Usage;
use crate::coded::code_list;
use crate::direction::Direction;
use crate::document::ListKind;
use crate::measure::Unit;
use crate::place::Place;

code_list! {
    /// A row of the posting matrix.
    MatrixRow, "matrix row" {
        /// 1
        FirstLineIn = "FIRST_LINE_IN",
        /// 2
        FirstLineOut = "FIRST_LINE_OUT",
        /// 3
        EnterThenDeclare = "ENTER_THEN_DECLARE",
        /// 4
        SecondLineIn = "SECOND_LINE_IN",
        /// 5
        SecondLineOut = "SECOND_LINE_OUT",
        /// 6, the transferee's half
        IntraZoneIn = "INTRA_ZONE_IN",
        /// 6, the transferor's half
        IntraZoneOut = "INTRA_ZONE_OUT",
        /// 3, before there is a list: through the gate on a bill of lading
        SuspenseEntry = "SUSPENSE_ENTRY",
        /// 31
        Withdrawal = "WITHDRAWAL",
    }
}

/// Which side of the fence a movement crosses (一线, 二线), where rows differ by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// Between the zone and abroad.
    First,
    /// Between the zone and the rest of the country.
    Second,
}

/// One transfer that a line of the row makes, of some components of the line's measure.
#[derive(Clone, Copy, Debug)]
pub struct Leg {
    /// The components that move.
    pub units: &'static [Unit],
    /// Taken from.
    pub from: Place,
    /// Given to.
    pub to: Place,
}

/// What makes a movement actual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Posting {
    /// Release, where declared, and passage of all goods, where the row needs the gate (`RULES.md` 5.6).
    AtOpenGates {
        /// Whether goods of this row pass a gate.
        gate: bool,
        /// Modes that need no gate all the same.
        gateless_modes: &'static [&'static str],
    },
    /// Together with the partner, on acceptance of the second of the two (`RULES.md` 7.3).
    WithPartner,
    /// At once.
    AtOnce,
    /// Never: the row takes back what another row announced.
    Reversal,
}

/// What a row says.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its name.
    pub row: MatrixRow,
    /// Its number in `domain.md` 3.4.
    pub number: u8,
    /// Which lists it is for; `None` where it is not for a list.
    pub list: Option<(ListKind, Direction)>,
    /// Which side of the fence, where that decides.
    pub line: Option<Line>,
    /// What each line moves.
    pub legs: &'static [Leg],
    /// When that becomes actual.
    pub posting: Posting,
    /// Books that allow it.
    pub usages: &'static [Usage],
    /// Needs a partner list in another book of the same zone (`RULES.md` 7.2).
    pub paired: bool,
    /// Claims what came in on a bill of lading (`RULES.md` 8.6).
    pub claims_bill: bool,
}

const STATUTORY_AND_VALUE: &[Unit] = &[Unit::Statutory1, Unit::Statutory2, Unit::Value];
const IN: &[Leg] = &[Leg { units: &Unit::ALL, from: Place::Outside, to: Place::Zone }];
const OUT: &[Leg] = &[Leg { units: &Unit::ALL, from: Place::Zone, to: Place::Outside }];
const FROM_SUSPENSE: &[Leg] = &[
    Leg { units: &[Unit::Declared], from: Place::SuspenseIn, to: Place::Zone },
    Leg { units: STATUTORY_AND_VALUE, from: Place::Outside, to: Place::Zone },
];
const TO_SUSPENSE: &[Leg] = &[Leg { units: &[Unit::Declared], from: Place::Outside, to: Place::SuspenseIn }];
const GATED: Posting = Posting::AtOpenGates { gate: true, gateless_modes: &[] };
const GATED_UNLESS_DESTROYED: Posting =
    Posting::AtOpenGates { gate: true, gateless_modes: &["0200", "0400"] };
const UNGATED: Posting = Posting::AtOpenGates { gate: false, gateless_modes: &[] };
const STORE: &[Usage] = &[Usage::Store];

const fn list_row(
    row: MatrixRow,
    number: u8,
    list: (ListKind, Direction),
    line: Option<Line>,
    legs: &'static [Leg],
    posting: Posting,
) -> Rule {
    Rule {
        row,
        number,
        list: Some(list),
        line,
        legs,
        posting,
        usages: STORE,
        paired: matches!(posting, Posting::WithPartner),
        claims_bill: matches!(list.0, ListKind::EnterThenDeclare),
    }
}

use Direction::{In, Out};
use ListKind::{EnterThenDeclare, IntraZoneTransfer, Normal};

/// The table.
#[rustfmt::skip]
pub const MATRIX: &[Rule] = &[
    list_row(MatrixRow::FirstLineIn,      1, (Normal, In),             Some(Line::First),  IN,            GATED),
    list_row(MatrixRow::FirstLineOut,     2, (Normal, Out),            Some(Line::First),  OUT,           GATED_UNLESS_DESTROYED),
    list_row(MatrixRow::EnterThenDeclare, 3, (EnterThenDeclare, In),   None,               FROM_SUSPENSE, UNGATED),
    list_row(MatrixRow::SecondLineIn,     4, (Normal, In),             Some(Line::Second), IN,            GATED),
    list_row(MatrixRow::SecondLineOut,    5, (Normal, Out),            Some(Line::Second), OUT,           GATED_UNLESS_DESTROYED),
    list_row(MatrixRow::IntraZoneIn,      6, (IntraZoneTransfer, In),  None,               IN,            Posting::WithPartner),
    list_row(MatrixRow::IntraZoneOut,     6, (IntraZoneTransfer, Out), None,               OUT,           Posting::WithPartner),
    Rule { row: MatrixRow::SuspenseEntry, number: 3, list: None, line: None, legs: TO_SUSPENSE, posting: Posting::AtOnce,
           usages: STORE, paired: false, claims_bill: false },
    Rule { row: MatrixRow::Withdrawal,   number: 31, list: None, line: None, legs: &[], posting: Posting::Reversal,
           usages: STORE, paired: false, claims_bill: false },
];

/// Pairs of kind and direction that exist in the trade (`RULES.md` 5.5) but have no row yet.
pub const NOT_YET: &[(ListKind, Direction)] =
    &[(ListKind::Consolidated, Out), (ListKind::Display, Out), (ListKind::ECommerce, Out)];

/// Transport modes that cross the border (`domain.md` 5.5): water, rail, road, air, post, passenger, fixed installation.
const FIRST_LINE_TRANSPORT: &[&str] = &["2", "3", "4", "5", "6", "L", "G"];

/// Which side of the fence a transport mode crosses.
#[must_use]
pub fn line_of(transport: &str) -> Line {
    if FIRST_LINE_TRANSPORT.contains(&transport) { Line::First } else { Line::Second }
}

/// The row of a list, if there is one.
#[must_use]
pub fn rule_of_list(kind: ListKind, direction: Direction, transport: &str) -> Option<&'static Rule> {
    let line = line_of(transport);
    MATRIX
        .iter()
        .find(|rule| rule.list == Some((kind, direction)) && rule.line.is_none_or(|needed| needed == line))
}

/// The rule of a row; a test checks that every row has one.
#[must_use]
pub fn rule(row: MatrixRow) -> Option<&'static Rule> {
    MATRIX.iter().find(|rule| rule.row == row)
}

impl Rule {
    /// Whether a list of this row waits for the gate.
    #[must_use]
    pub fn needs_gate(&self, mode: &str) -> bool {
        match self.posting {
            Posting::AtOpenGates { gate, gateless_modes } => gate && !gateless_modes.contains(&mode),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_one_rule() {
        for row in MatrixRow::ALL {
            assert_eq!(MATRIX.iter().filter(|rule| rule.row == *row).count(), 1, "{row}");
        }
    }

    #[test]
    fn a_list_has_at_most_one_row_on_each_side_of_the_fence() {
        for kind in ListKind::ALL {
            for direction in Direction::ALL {
                for line in [Line::First, Line::Second] {
                    let rows = MATRIX.iter().filter(|rule| {
                        rule.list == Some((*kind, *direction)) && rule.line.is_none_or(|l| l == line)
                    });
                    assert!(rows.count() <= 1, "{kind} {direction}");
                }
            }
        }
    }

    #[test]
    fn legs_move_each_component_exactly_once() {
        for rule in MATRIX.iter().filter(|rule| rule.list.is_some()) {
            for unit in Unit::ALL {
                let legs = rule.legs.iter().filter(|leg| leg.units.contains(&unit));
                assert_eq!(legs.count(), 1, "{} {unit}", rule.row);
            }
        }
    }
}
