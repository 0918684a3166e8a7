//! The posting matrix (`domain.md` 3.4) as one table. The engine in [`crate::apply`] reads it; a new kind of movement
//! is a new row here and its tests.

use crate::book::Usage;
use crate::coded::code_list;
use crate::direction::{Direction, Mark};
use crate::document::{ListKind, PermitKind};
use crate::layer::LotSource;
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
        /// 3, before there is a list: through the gate on a bill of lading
        SuspenseEntry = "SUSPENSE_ENTRY",
        /// 4
        SecondLineIn = "SECOND_LINE_IN",
        /// 5
        SecondLineOut = "SECOND_LINE_OUT",
        /// 6, the transferee's half
        IntraZoneIn = "INTRA_ZONE_IN",
        /// 6, the transferor's half
        IntraZoneOut = "INTRA_ZONE_OUT",
        /// 6, the transferor's half, of a product
        IntraZoneProduct = "INTRA_ZONE_PRODUCT",
        /// 7, the transferee's half
        InterZoneIn = "INTER_ZONE_IN",
        /// 7, the transferor's half
        InterZoneOut = "INTER_ZONE_OUT",
        /// 7, the transferor's half, of a product
        InterZoneProduct = "INTER_ZONE_PRODUCT",
        /// 9
        ProductOut = "PRODUCT_OUT",
        /// 9, destroyed
        ProductDestruction = "PRODUCT_DESTRUCTION",
        /// 10, materials
        SlipUse = "SLIP_USE",
        /// 10, what is left of them
        ScrapMade = "SCRAP_MADE",
        /// 11
        ResearchUse = "RESEARCH_USE",
        /// 12, into the zone
        RepairIn = "REPAIR_IN",
        /// 12, out of the zone
        RepairOut = "REPAIR_OUT",
        /// 12, the new part
        PartFitted = "PART_FITTED",
        /// 12, the old part
        PartRemoved = "PART_REMOVED",
        /// 13
        LeaseOut = "LEASE_OUT",
        /// 14, back
        LeaseReturn = "LEASE_RETURN",
        /// 14, sold to the lessee
        LeaseBuyOut = "LEASE_BUY_OUT",
        /// 15, out
        DisplayOut = "DISPLAY_OUT",
        /// 15, back
        DisplayBack = "DISPLAY_BACK",
        /// 15, sold
        DisplaySale = "DISPLAY_SALE",
        /// 16, out
        EquipmentOut = "EQUIPMENT_OUT",
        /// 16, back
        EquipmentBack = "EQUIPMENT_BACK",
        /// 19, out
        BatchOut = "BATCH_OUT",
        /// 19, back
        BatchBack = "BATCH_BACK",
        /// 19, declared
        Consolidated = "CONSOLIDATED",
        /// 20, a parcel
        ParcelOut = "PARCEL_OUT",
        /// 20, the list that gathers parcels
        ParcelsGathered = "PARCELS_GATHERED",
        /// 22
        ResidueOut = "RESIDUE_OUT",
        /// 23
        Destruction = "DESTRUCTION",
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

/// An end of a leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Where goods of the line's mark are in stock ([`Place::stock`]).
    Stock,
    /// A place.
    At(Place),
}

impl End {
    /// The place, in a book and for a mark.
    #[must_use]
    pub const fn place(self, usage: Usage, mark: Mark) -> Place {
        match self {
            Self::Stock => Place::stock(usage, mark),
            Self::At(place) => place,
        }
    }
}

/// One transfer that a line of the row makes, of some components of the line's measure.
#[derive(Clone, Copy, Debug)]
pub struct Leg {
    /// The components that move.
    pub units: &'static [Unit],
    /// Taken from.
    pub from: End,
    /// Given to.
    pub to: End,
}

/// What makes a movement actual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Posting {
    /// Release, where declared, and passage of all goods through the gate (`RULES.md` 5.6).
    AtBothGates,
    /// Release, where declared; goods do not pass a gate.
    AtRelease,
    /// Passage of all goods through the gate.
    AtGate,
    /// Together with the partner list in another book of the zone, on acceptance of the second of the two
    /// (`RULES.md` 7.3).
    WithPartner,
    /// Out of the gate into transit; from there together with the partner list of another zone (`RULES.md` 7.4).
    ThroughTransit,
    /// Together with the list that gathers it (`RULES.md` 12.3).
    WithList,
    /// At once.
    AtOnce,
    /// Never: the row takes back what another row announced.
    Reversal,
}

/// What a movement answers to besides stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Nothing.
    None,
    /// What came in on a bill of lading (`RULES.md` 8.6).
    Bill,
    /// The slips that it declares (`RULES.md` 9.4).
    Slips,
    /// What is out under a permit (`RULES.md` 9.5).
    Permit,
    /// The parcels that it gathers (`RULES.md` 12.3).
    Parcels,
}

/// Which documents a row is for.
#[derive(Clone, Copy, Debug)]
pub enum Of {
    /// Lists of a kind and direction, as far as the conditions hold.
    List(ListKind, Direction, When),
    /// Slips of a direction under permits of some kinds.
    Slip(&'static [PermitKind], Direction),
    /// Something else, which names the row itself; in words.
    Other(&'static str),
}

/// Conditions on a list; what is `None` does not matter.
#[derive(Clone, Copy, Debug)]
pub struct When {
    /// Which side of the fence.
    pub line: Option<Line>,
    /// What the book is for.
    pub usage: Option<Usage>,
    /// Materials, products or residues.
    pub mark: Option<Mark>,
    /// Supervision modes (`supvModecd`).
    pub modes: Option<&'static [&'static str]>,
    /// The list names a book of another party (`rltPutrecNo`).
    pub related: Option<bool>,
}

/// A list as the table looks at it.
#[derive(Clone, Copy, Debug)]
pub struct ListCase<'a> {
    /// `bondInvtTypecd`
    pub kind: ListKind,
    /// `impexpMarkcd`
    pub direction: Direction,
    /// Of the book.
    pub usage: Usage,
    /// `mtpckEndprdMarkcd`
    pub mark: Mark,
    /// `supvModecd`
    pub mode: &'a str,
    /// `trspModecd`
    pub transport: &'a str,
    /// `rltPutrecNo` is there.
    pub related: bool,
}

/// What a row says.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its name.
    pub row: MatrixRow,
    /// Its number in `domain.md` 3.4.
    pub number: u8,
    /// Which documents it is for.
    pub of: Of,
    /// What each line moves.
    pub legs: &'static [Leg],
    /// What each material of the BOM moves, where the row uses it (`RULES.md` 6.1).
    pub bom_legs: &'static [Leg],
    /// What each line moves on arrival, where the row leads through transit (`RULES.md` 7.4).
    pub onward_legs: &'static [Leg],
    /// When that becomes actual.
    pub posting: Posting,
    /// What it answers to besides stock.
    pub claim: Claim,
}

const ALL: &[Unit] = &Unit::ALL;
const STATUTORY_AND_VALUE: &[Unit] = &[Unit::Statutory1, Unit::Statutory2, Unit::Value];
const OUTSIDE: End = End::At(Place::Outside);
const SUSPENSE: End = End::At(Place::SuspenseIn);
const SHIPPED: End = End::At(Place::ShippedUndeclared);
const ON_FORM: End = End::At(Place::OutOnForm);
const TRANSIT: End = End::At(Place::InTransit);
const LEASED: End = End::At(Place::LeasedOut);
const CONSUMED: End = End::At(Place::Consumed);
const MADE: End = End::At(Place::Made);
const STOCK: End = End::Stock;

const fn leg(units: &'static [Unit], from: End, to: End) -> Leg {
    Leg { units, from, to }
}

const NOTHING: &[Leg] = &[];
const IN: &[Leg] = &[leg(ALL, OUTSIDE, STOCK)];
const OUT: &[Leg] = &[leg(ALL, STOCK, OUTSIDE)];
const FROM_SUSPENSE: &[Leg] =
    &[leg(&[Unit::Declared], SUSPENSE, STOCK), leg(STATUTORY_AND_VALUE, OUTSIDE, STOCK)];
const TO_SUSPENSE: &[Leg] = &[leg(&[Unit::Declared], OUTSIDE, SUSPENSE)];
const TO_TRANSIT: &[Leg] = &[leg(ALL, STOCK, TRANSIT)];
const FROM_TRANSIT: &[Leg] = &[leg(ALL, TRANSIT, OUTSIDE)];
const MADE_OUT: &[Leg] = &[leg(ALL, MADE, OUTSIDE)];
const MADE_TO_TRANSIT: &[Leg] = &[leg(ALL, MADE, TRANSIT)];
const MADE_TO_SCRAP: &[Leg] = &[leg(ALL, MADE, End::At(Place::Scrap))];
const MADE_TO_REMOVED: &[Leg] = &[leg(ALL, MADE, End::At(Place::RemovedPart))];
const USED: &[Leg] = &[leg(ALL, STOCK, CONSUMED)];
const TO_LESSEE: &[Leg] = &[leg(ALL, STOCK, LEASED)];
const FROM_LESSEE: &[Leg] = &[leg(ALL, LEASED, STOCK)];
const LEFT_WITH_LESSEE: &[Leg] = &[leg(ALL, LEASED, OUTSIDE)];
const SHIP: &[Leg] = &[leg(ALL, STOCK, SHIPPED)];
const TAKE_BACK: &[Leg] = &[leg(ALL, SHIPPED, STOCK)];
const DECLARE_SHIPPED: &[Leg] = &[leg(ALL, SHIPPED, OUTSIDE)];
const SEND_ON_FORM: &[Leg] = &[leg(ALL, STOCK, ON_FORM)];
const BACK_ON_FORM: &[Leg] = &[leg(ALL, ON_FORM, STOCK)];
const SELL_ON_FORM: &[Leg] = &[leg(ALL, ON_FORM, OUTSIDE)];

const ANY: When = When { line: None, usage: None, mark: None, modes: None, related: None };
const FIRST_LINE: When = When { line: Some(Line::First), ..ANY };
const SECOND_LINE: When = When { line: Some(Line::Second), ..ANY };
const RELATED: When = When { related: Some(true), ..ANY };
const PRODUCT: When = When { usage: Some(Usage::Processing), mark: Some(Mark::Product), ..ANY };
const RELATED_PRODUCT: When = When { related: Some(true), ..PRODUCT };
const LEASE: When = When { usage: Some(Usage::Lease), modes: Some(&["1500", "1523"]), ..ANY };
const BUY_OUT: When = When { usage: Some(Usage::Lease), modes: Some(&["0110"]), ..ANY };
const REPAIR: When = When { usage: Some(Usage::Repair), modes: Some(&["1371"]), ..ANY };
const RESIDUE: When = When { mark: Some(Mark::Residue), ..ANY };
const DESTROYED: When = When { modes: Some(&["0200", "0400"]), ..ANY };
const DESTROYED_PRODUCT: When = When { modes: DESTROYED.modes, ..PRODUCT };

const DISPLAY: &[PermitKind] = &[PermitKind::Display];
const BATCH: &[PermitKind] = &[PermitKind::BatchedDelivery];
const EQUIPMENT: &[PermitKind] = &[PermitKind::EquipmentTest, PermitKind::EquipmentRepair, PermitKind::Mould];

const fn rule(row: MatrixRow, number: u8, of: Of, legs: &'static [Leg], posting: Posting) -> Rule {
    Rule { row, number, of, legs, bom_legs: NOTHING, onward_legs: NOTHING, posting, claim: Claim::None }
}

const fn claiming(claim: Claim, rule: Rule) -> Rule {
    Rule { claim, ..rule }
}

const fn by_bom(rule: Rule) -> Rule {
    Rule { bom_legs: USED, ..rule }
}

const fn onward(rule: Rule) -> Rule {
    Rule { onward_legs: FROM_TRANSIT, ..rule }
}

use Direction::{In, Out};
use ListKind::{Consolidated, Display, ECommerce, EnterThenDeclare, IntraZoneTransfer, Normal};
use MatrixRow as Row;
use Of::{List, Other, Slip};
use Posting::{AtBothGates, AtGate, AtOnce, AtRelease, Reversal, ThroughTransit, WithList, WithPartner};

/// The table. Of several rows that fit a list, the first counts: what is special stands above what is plain.
#[rustfmt::skip]
pub const MATRIX: &[Rule] = &[
    // Between zones.
    rule(Row::InterZoneIn,                 7, List(Normal, In, RELATED),                IN,               ThroughTransit),
    onward(by_bom(rule(Row::InterZoneProduct, 7, List(Normal, Out, RELATED_PRODUCT),    MADE_TO_TRANSIT,  ThroughTransit))),
    onward(rule(Row::InterZoneOut,         7, List(Normal, Out, RELATED),               TO_TRANSIT,       ThroughTransit)),
    // Inside a zone.
    rule(Row::IntraZoneIn,                 6, List(IntraZoneTransfer, In, ANY),         IN,               WithPartner),
    by_bom(rule(Row::IntraZoneProduct,     6, List(IntraZoneTransfer, Out, PRODUCT),    MADE_OUT,         WithPartner)),
    rule(Row::IntraZoneOut,                6, List(IntraZoneTransfer, Out, ANY),        OUT,              WithPartner),
    // Leasing.
    rule(Row::LeaseOut,                   13, List(Normal, Out, LEASE),                 TO_LESSEE,        AtBothGates),
    rule(Row::LeaseReturn,                14, List(Normal, In, LEASE),                  FROM_LESSEE,      AtBothGates),
    rule(Row::LeaseBuyOut,                14, List(Normal, Out, BUY_OUT),               LEFT_WITH_LESSEE, AtRelease),
    // Processing by BOM, research, repair.
    by_bom(rule(Row::ProductDestruction,   9, List(Normal, Out, DESTROYED_PRODUCT),     MADE_OUT,         AtRelease)),
    by_bom(rule(Row::ProductOut,           9, List(Normal, Out, PRODUCT),               MADE_OUT,         AtBothGates)),
    rule(Row::SlipUse,                    10, Other("materials of a consumption slip"), USED,             AtOnce),
    rule(Row::ScrapMade,                  10, Other("residues of a consumption slip"), MADE_TO_SCRAP,    AtOnce),
    rule(Row::ResearchUse,                11, Other("materials of a consumption slip; book RND"), USED,             AtOnce),
    rule(Row::PartFitted,                 12, Other("new parts of a part swap"),    USED,             AtOnce),
    rule(Row::PartRemoved,                12, Other("old parts of a part swap"),    MADE_TO_REMOVED,  AtOnce),
    // What ends here.
    rule(Row::Destruction,                23, List(Normal, Out, DESTROYED),             OUT,              AtRelease),
    rule(Row::ResidueOut,                 22, List(Normal, Out, RESIDUE),               OUT,              AtBothGates),
    // Across the fence.
    rule(Row::RepairIn,                   12, List(Normal, In, REPAIR),                 IN,               AtBothGates),
    rule(Row::RepairOut,                  12, List(Normal, Out, REPAIR),                OUT,              AtBothGates),
    rule(Row::FirstLineIn,                 1, List(Normal, In, FIRST_LINE),             IN,               AtBothGates),
    rule(Row::FirstLineOut,                2, List(Normal, Out, FIRST_LINE),            OUT,              AtBothGates),
    rule(Row::SecondLineIn,                4, List(Normal, In, SECOND_LINE),            IN,               AtBothGates),
    rule(Row::SecondLineOut,               5, List(Normal, Out, SECOND_LINE),           OUT,              AtBothGates),
    // The gate before the list.
    rule(Row::SuspenseEntry,               3, Other("passage of a pass on a bill of lading"), TO_SUSPENSE,      AtOnce),
    claiming(Claim::Bill,    rule(Row::EnterThenDeclare, 3, List(EnterThenDeclare, In, ANY), FROM_SUSPENSE, AtRelease)),
    // Under a permit.
    rule(Row::BatchOut,                   19, Slip(BATCH, Out),                         SHIP,             AtGate),
    rule(Row::BatchBack,                  19, Slip(BATCH, In),                          TAKE_BACK,        AtGate),
    claiming(Claim::Slips,   rule(Row::Consolidated, 19, List(Consolidated, Out, ANY),  DECLARE_SHIPPED,  AtRelease)),
    rule(Row::DisplayOut,                 15, Slip(DISPLAY, Out),                       SEND_ON_FORM,     AtGate),
    rule(Row::DisplayBack,                15, Slip(DISPLAY, In),                        BACK_ON_FORM,     AtGate),
    claiming(Claim::Permit,  rule(Row::DisplaySale, 15, List(Display, Out, ANY),        SELL_ON_FORM,     AtRelease)),
    rule(Row::EquipmentOut,               16, Slip(EQUIPMENT, Out),                     SEND_ON_FORM,     AtGate),
    rule(Row::EquipmentBack,              16, Slip(EQUIPMENT, In),                      BACK_ON_FORM,     AtGate),
    // Electronic commerce.
    rule(Row::ParcelOut,                  20, Other("a parcel"),                    OUT,              WithList),
    claiming(Claim::Parcels, rule(Row::ParcelsGathered, 20, List(ECommerce, Out, ANY),  NOTHING,          AtBothGates)),
    // Back.
    rule(Row::Withdrawal,                 31, Other("withdrawal, return or change of a list"), NOTHING,          Reversal),
];

/// Transport modes that cross the border (`domain.md` 5.5): water, rail, road, air, post, passenger, fixed installation.
const FIRST_LINE_TRANSPORT: &[&str] = &["2", "3", "4", "5", "6", "L", "G"];

/// Which side of the fence a transport mode crosses.
#[must_use]
pub fn line_of(transport: &str) -> Line {
    if FIRST_LINE_TRANSPORT.contains(&transport) { Line::First } else { Line::Second }
}

impl When {
    /// Whether a list meets the conditions.
    #[must_use]
    pub fn holds(&self, case: &ListCase<'_>) -> bool {
        self.line.is_none_or(|line| line == line_of(case.transport))
            && self.usage.is_none_or(|usage| usage == case.usage)
            && self.mark.is_none_or(|mark| mark == case.mark)
            && self.modes.is_none_or(|modes| modes.contains(&case.mode))
            && self.related.is_none_or(|related| related == case.related)
    }
}

/// The rule of a list, if there is one.
#[must_use]
pub fn rule_of_list(case: &ListCase<'_>) -> Option<&'static Rule> {
    MATRIX.iter().find(|rule| match rule.of {
        List(kind, direction, when) => (kind, direction) == (case.kind, case.direction) && when.holds(case),
        _ => false,
    })
}

/// The rule of a slip, if permits of that kind have slips.
#[must_use]
pub fn rule_of_slip(kind: PermitKind, direction: Direction) -> Option<&'static Rule> {
    MATRIX.iter().find(|rule| matches!(rule.of, Slip(kinds, of) if of == direction && kinds.contains(&kind)))
}

/// The rule of a row; a test checks that every row has one.
#[must_use]
pub fn rule_of_row(row: MatrixRow) -> Option<&'static Rule> {
    MATRIX.iter().find(|rule| rule.row == row)
}

impl Rule {
    /// Whether goods of this row pass a gate before it is posted.
    #[must_use]
    pub const fn needs_gate(&self) -> bool {
        matches!(self.posting, AtBothGates | AtGate | ThroughTransit)
    }

    /// Whether goods come into stock that were in no place of the book with lots: each of its lines brings a lot.
    #[must_use]
    pub fn brings_into_stock(&self) -> bool {
        let outside = |end| matches!(end, End::At(place) if !place.keeps_lots());
        self.legs.iter().any(|leg| leg.to == STOCK && outside(leg.from))
    }

    /// Where its goods, those of materials included, are taken from lots.
    #[must_use]
    pub fn lot_source(&self) -> LotSource {
        let mut source = LotSource::Nowhere;
        for leg in self.legs.iter().chain(self.bom_legs) {
            match leg.from {
                End::Stock => return LotSource::Stock,
                End::At(place) if place.keeps_lots() => source = LotSource::Elsewhere,
                End::At(_) => {}
            }
        }
        source
    }

    /// Whether it waits for a list in another book.
    #[must_use]
    pub const fn is_paired(&self) -> bool {
        matches!(self.posting, WithPartner | ThroughTransit)
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

    fn cases() -> impl Iterator<Item = ListCase<'static>> {
        let modes = ["5034", "1371", "1500", "0110", "0200", "0400"];
        let mut cases = Vec::new();
        for kind in ListKind::ALL {
            for direction in Direction::ALL {
                for usage in Usage::ALL {
                    for mark in Mark::ALL {
                        for mode in modes {
                            for (transport, related) in [("2", false), ("9", false), ("2", true), ("9", true)]
                            {
                                cases.push(ListCase {
                                    kind: *kind,
                                    direction: *direction,
                                    usage: *usage,
                                    mark: *mark,
                                    mode,
                                    transport,
                                    related,
                                });
                            }
                        }
                    }
                }
            }
        }
        cases.into_iter()
    }

    #[test]
    fn a_list_has_a_row_exactly_when_its_kind_and_direction_are_in_the_rules() {
        let known = [
            (Normal, In),
            (Normal, Out),
            (Consolidated, Out),
            (EnterThenDeclare, In),
            (Display, Out),
            (IntraZoneTransfer, In),
            (IntraZoneTransfer, Out),
            (ECommerce, Out),
        ];
        for case in cases() {
            let found = rule_of_list(&case).is_some();
            assert_eq!(found, known.contains(&(case.kind, case.direction)), "{case:?}");
        }
    }

    #[test]
    fn no_row_of_a_list_stands_in_the_shadow_of_those_above() {
        let reached: Vec<MatrixRow> =
            cases().filter_map(|case| rule_of_list(&case)).map(|rule| rule.row).collect();
        for rule in MATRIX.iter().filter(|rule| matches!(rule.of, List(..))) {
            assert!(reached.contains(&rule.row), "{} is never reached", rule.row);
        }
    }

    #[test]
    fn legs_move_each_component_exactly_once() {
        let moving = MATRIX.iter().filter(|rule| !rule.legs.is_empty() && rule.row != Row::SuspenseEntry);
        for rule in moving {
            for unit in Unit::ALL {
                let legs = rule.legs.iter().filter(|leg| leg.units.contains(&unit));
                assert_eq!(legs.count(), 1, "{} {unit}", rule.row);
            }
        }
    }

    #[test]
    fn what_goes_into_transit_comes_out_of_it() {
        for rule in MATRIX {
            let into = rule.legs.iter().any(|leg| leg.to == TRANSIT);
            assert_eq!(into, !rule.onward_legs.is_empty(), "{}", rule.row);
        }
    }
}
