//! What went into an item of a book and out of it, and why: the journal sorted into the columns of a verification
//! (`domain.md` 4.1, `RULES.md` 14.7).
//!
//! A transfer that changes what the enterprise accounts for has exactly one end beyond the book, so the rows under the
//! positions [beyond](is_beyond) the book say all there is to say, each once: what such a position gives is a flow in,
//! what it takes a flow out. Transfers between two places of the book have no such row, those between two places beyond
//! it have two that cancel each other in one column. So the flows of an item add up to the change of what it has, in each
//! measure, whatever they are classified as (`crates/reconcile/tests/flows.rs`).
//!
//! Goods in suspense have no list yet, goods in transit are the transferee's to answer for (`RULES.md` 14.7), and a
//! surplus is not in the book until customs lets it in: these three places of the book are beyond it here.

use crate::cause::Cause;
use zonebook_ledger::code_list;
use zonebook_ledger::matrix::MatrixRow as Row;
use zonebook_ledger::measure::Measure;
use zonebook_ledger::place::Place;

code_list! {
    /// What goods that cross the boundary of a book are to its verification.
    Flow, "flow" {
        /// Opening balance, posted when the item was filed.
        Opening = "OPENING",
        /// In by a list that is no transfer.
        Import = "IMPORT",
        /// In from another book.
        TransferIn = "TRANSFER_IN",
        /// Products that come back to be exchanged, 成品退换进口.
        ExchangeIn = "EXCHANGE_IN",
        /// Made.
        Made = "MADE",
        /// Entered by a decision on a surplus, 核增.
        VerifiedIncrease = "VERIFIED_INCREASE",
        /// Used up, by BOM, slip, work order or project.
        Consumption = "CONSUMPTION",
        /// Sold at home, 内销.
        DomesticSale = "DOMESTIC_SALE",
        /// Re-exported, 复出.
        ReExport = "RE_EXPORT",
        /// Destroyed, 销毁.
        Destroyed = "DESTROYED",
        /// Out to another book.
        TransferOut = "TRANSFER_OUT",
        /// Products that replace others that came back, 成品退换出口.
        ExchangeOut = "EXCHANGE_OUT",
        /// Written off or taxed by a decision on what is missing, 核减.
        VerifiedDecrease = "VERIFIED_DECREASE",
        /// Out in any other way; of a product that is its export.
        OtherOut = "OTHER_OUT",
    }
}

impl Flow {
    /// Whether it takes goods out of the book.
    #[must_use]
    pub const fn is_out(self) -> bool {
        matches!(
            self,
            Self::Consumption
                | Self::DomesticSale
                | Self::ReExport
                | Self::Destroyed
                | Self::TransferOut
                | Self::ExchangeOut
                | Self::VerifiedDecrease
                | Self::OtherOut
        )
    }
}

/// Whether what stands in a place is not among what an enterprise answers for when its book is verified.
#[must_use]
pub const fn is_beyond(place: Place) -> bool {
    !place.is_inside() || matches!(place, Place::SuspenseIn | Place::InTransit | Place::Surplus)
}

/// A row of the table; what is `None` does not matter.
struct Rule {
    places: &'static [Place],
    rows: Option<&'static [Row]>,
    modes: Option<&'static [&'static str]>,
    flow: Flow,
}

const fn at(places: &'static [Place], flow: Flow) -> Rule {
    Rule { places, rows: None, modes: None, flow }
}

const fn of(rows: &'static [Row], rule: Rule) -> Rule {
    Rule { rows: Some(rows), ..rule }
}

const fn by(modes: &'static [&'static str], rule: Rule) -> Rule {
    Rule { modes: Some(modes), ..rule }
}

/// Where goods go to or come from that change hands.
const AWAY: &[Place] = &[Place::Outside, Place::InTransit];
const ANYWHERE: &[Place] = &[Place::Outside, Place::SuspenseIn];

/// The table. Of several rows that fit, the first counts. The place beyond the book says most; where goods simply left or
/// came, the row of the matrix and the supervision mode say the rest (`RULES.md` 6.3, 14.7).
#[rustfmt::skip]
const TABLE: &[Rule] = &[
    at(&[Place::Opening],                 Flow::Opening),
    at(&[Place::Consumed],                Flow::Consumption),
    at(&[Place::Made],                    Flow::Made),
    at(&[Place::Destroyed],               Flow::Destroyed),
    at(&[Place::Found, Place::Surplus],   Flow::VerifiedIncrease),
    // EMS121 has one column for what customs lets an enterprise write off.
    at(&[Place::Lost],                    Flow::VerifiedDecrease),
    of(&[Row::ShortageTaxed],             at(AWAY, Flow::VerifiedDecrease)),
    // Duty is paid on it: it enters free circulation.
    of(&[Row::LossTaxed, Row::ForceMajeureTaxed, Row::TallyShortTaxed], at(AWAY, Flow::DomesticSale)),
    // The kind of the list says that it is sold at home, whatever its mode.
    of(&[Row::TaxpayerSale, Row::TaxpayerSlipSale, Row::TaxpayerStockSale], at(AWAY, Flow::DomesticSale)),
    // Section 7 of the rules, and what a successor takes over.
    of(&[Row::IntraZoneIn, Row::InterZoneIn, Row::LeaseTradeIn, Row::CarryIn], at(AWAY, Flow::TransferIn)),
    of(&[Row::LeaseTradeOut, Row::IntraZoneOut, Row::IntraZoneProduct, Row::IntraZoneSlipProduct, Row::InterZoneOut,
         Row::InterZoneProduct, Row::InterZoneSlipProduct, Row::CarryOut], at(AWAY, Flow::TransferOut)),
    of(&[Row::ExchangeOut],               at(AWAY, Flow::ExchangeOut)),
    of(&[Row::ReturnIn],                  by(&["4400", "4600"], at(AWAY, Flow::ExchangeIn))),
    of(&[Row::FirstLineIn, Row::SecondLineIn, Row::EnterThenDeclare, Row::SuspenseEntry, Row::RepairIn,
         Row::ReturnIn, Row::ECommerceReturn, Row::NonBondedIn, Row::StatusEntered], at(ANYWHERE, Flow::Import)),
    by(&["0245", "0644", "0844", "0845"], at(AWAY, Flow::DomesticSale)),
    by(&["0265", "0664", "0864", "0865"], at(AWAY, Flow::ReExport)),
    by(&["0200", "0400"],                 at(AWAY, Flow::Destroyed)),
];

/// What a crossing is.
#[must_use]
pub fn classify(place: Place, cause: &Cause) -> Flow {
    let fits = |rule: &&Rule| {
        rule.places.contains(&place)
            && rule.rows.is_none_or(|rows| cause.row.is_some_and(|row| rows.contains(&row)))
            && rule
                .modes
                .is_none_or(|modes| cause.mode.as_ref().is_some_and(|mode| modes.contains(&mode.as_str())))
    };
    TABLE.iter().find(fits).map_or(Flow::OtherOut, |rule| rule.flow)
}

/// The flows of an item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flows([Measure; Flow::ALL.len()]);

impl Flows {
    /// How much flowed, in the direction that the flow's name says; corrections count against it.
    #[must_use]
    pub fn get(&self, flow: Flow) -> Measure {
        self.0.get(flow as usize).copied().unwrap_or_default()
    }

    /// Adds what came into the book, less than nothing where it went out; `None` beyond the range of a number.
    #[must_use]
    pub fn add(&mut self, flow: Flow, inwards: &Measure) -> Option<()> {
        let sum = self.0.get_mut(flow as usize)?;
        *sum = if flow.is_out() { sum.checked_sub(inwards)? } else { sum.checked_add(inwards)? };
        Some(())
    }

    /// What an opening balance becomes by them; `None` beyond the range of a number.
    #[must_use]
    pub fn applied_to(&self, opening: &Measure) -> Option<Measure> {
        Flow::ALL.iter().try_fold(*opening, |sum, flow| {
            let moved = self.get(*flow);
            if flow.is_out() { sum.checked_sub(&moved) } else { sum.checked_add(&moved) }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use zonebook_ledger::code::ModeCode;

    fn cause(row: Row, mode: &str) -> Cause {
        Cause {
            row: Some(row),
            mode: (!mode.is_empty()).then(|| ModeCode::new(mode).unwrap()),
            ..Cause::default()
        }
    }

    #[test]
    fn the_modes_of_the_rules_have_their_columns() {
        for (mode, flow) in [
            ("0245", Flow::DomesticSale),
            ("0644", Flow::DomesticSale),
            ("0265", Flow::ReExport),
            ("0664", Flow::ReExport),
            ("0200", Flow::Destroyed),
            ("0400", Flow::Destroyed),
            ("0110", Flow::OtherOut),
        ] {
            assert_eq!(classify(Place::Outside, &cause(Row::SecondLineOut, mode)), flow, "{mode}");
        }
        assert_eq!(classify(Place::Outside, &cause(Row::IntraZoneOut, "0245")), Flow::TransferOut);
        assert_eq!(classify(Place::Outside, &cause(Row::TaxpayerSale, "0110")), Flow::DomesticSale);
        assert_eq!(classify(Place::Outside, &cause(Row::ParcelOut, "")), Flow::OtherOut);
    }

    /// Both ends of a transfer that stays beyond the book are in one column, so that they cancel each other.
    #[test]
    fn what_stays_beyond_the_book_has_one_column() {
        use zonebook_ledger::book::Usage;
        use zonebook_ledger::direction::Mark;
        for rule in zonebook_ledger::matrix::MATRIX {
            for leg in rule.legs.iter().chain(rule.onward_legs) {
                let ends = [leg.from, leg.to].map(|end| end.place(Usage::Processing, Mark::Goods));
                let made = ends.contains(&Place::Made);
                if !made && ends.into_iter().all(is_beyond) {
                    let [from, to] = ends.map(|place| classify(place, &cause(rule.row, "")));
                    assert_eq!(from, to, "{} {ends:?}", rule.row);
                }
            }
        }
    }
}
