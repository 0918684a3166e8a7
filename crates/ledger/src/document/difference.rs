//! Differences of a count as recorded, and what customs decides on them (`domain.md` 4.1, 4.2).

use super::adjustment::Difference;
use super::decision::DecisionOutcome;
use super::disposal::Evidence;
use crate::code::{BookNo, CampaignNo, CustomsNo, DecisionNo, DeskCode, DifferenceNo, SerialNo, UnitCode};
use crate::coded::code_list;
use crate::difference::Class;
use crate::direction::Mark;
use crate::message::Sha256;
use crate::outcome::Revision;
use crate::quantity::Quantity;
use crate::time::Date;
use crate::tolerance::Tolerance;
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

/// A part of a report of differences. All parts of a report have the same book, revision, campaign
/// and tolerance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DifferenceFiling {
    /// The number of the report.
    pub difference_no: DifferenceNo,
    /// Which part of it, from 1 on; a large book has more of them.
    pub part: u64,
    /// The book.
    pub book_no: BookNo,
    /// The enterprise that owns the book.
    pub owner: CustomsNo,
    /// The revision that the figures rest on.
    pub revision: Revision,
    /// The digest after it, of the ledger that they were found in; refused where it is not the one of this ledger.
    pub digest: Option<Sha256>,
    /// The campaign that counted, if one did: the revision is then its cut-off.
    pub campaign_no: Option<CampaignNo>,
    /// The tolerance of the office that was applied: that of the day of the basis.
    pub tolerance: Tolerance,
    /// The differences above it.
    pub lines: Vec<DifferenceLine>,
}

/// A difference: D = B - A + C of some goods, and what is at stake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DifferenceLine {
    /// Its number in the report, all parts together.
    pub line: u64,
    /// Materials and goods, products, residues.
    pub mark: Mark,
    /// Item or row number.
    pub number: u64,
    /// The unit, where units are counted.
    pub serial: Option<SerialNo>,
    /// The declared unit of the item, in which the quantities are.
    pub unit: UnitCode,
    /// A: what the book has.
    pub book: Quantity,
    /// B: what was counted.
    pub counted: Quantity,
    /// C: what is elsewhere for a known reason.
    pub explained: Quantity,
    /// What came into the book by then.
    pub inflow: Quantity,
    /// What the difference is.
    pub class: Class,
    /// What is at stake.
    pub stake: Stake,
    /// Who has to see to it.
    pub owner: Option<DeskCode>,
    /// By which day; without one the days of the parameter count.
    pub due: Option<Date>,
}

impl DifferenceLine {
    /// D = B - A + C: below nothing where less was counted; `None` beyond the range of numbers.
    #[must_use]
    pub fn difference(&self) -> Option<Quantity> {
        self.counted.checked_sub(self.book)?.checked_add(self.explained)
    }

    /// |D|; `None` beyond the range of numbers.
    #[must_use]
    pub fn size(&self) -> Option<Quantity> {
        let difference = self.difference()?;
        if difference.is_negative() { Quantity::ZERO.checked_sub(difference) } else { Some(difference) }
    }
}

/// What a difference is worth and would cost. What is not known is `None`, never nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stake {
    /// Its value in US dollars, at the average price of what came in.
    pub value_usd: Option<Quantity>,
    /// Duty on that, in Chinese currency.
    pub duty: Option<Quantity>,
    /// Consumption tax and value-added tax on that, in Chinese currency.
    pub tax: Option<Quantity>,
}

code_list! {
    /// What customs decides on a difference (`domain.md` 4.1, what differences become).
    DifferenceOutcome, "outcome of a difference" {
        /// A shortage is accepted as loss, free of duty (核减).
        AcceptedAsLoss = "ACCEPTED_AS_LOSS",
        /// A shortage is taxed as a domestic sale (补税).
        Taxed = "TAXED",
        /// A surplus is entered into the book (核增).
        ReEntered = "RE_ENTERED",
        /// A penalty case comes first (立案): another decision follows.
        PenaltyCase = "PENALTY_CASE",
        /// It is to be counted again (复盘): what a new count finds is a new difference.
        Recount = "RECOUNT",
    }
}

impl DifferenceOutcome {
    /// What an adjustment that cites it does with the goods; `None` if it moves none.
    #[must_use]
    pub const fn settles_as(self) -> Option<DecisionOutcome> {
        match self {
            Self::AcceptedAsLoss => Some(DecisionOutcome::WrittenOff),
            Self::Taxed => Some(DecisionOutcome::Taxed),
            Self::ReEntered => Some(DecisionOutcome::Entered),
            Self::PenaltyCase | Self::Recount => None,
        }
    }

    /// Whether it may be decided of a difference on a side of the book.
    #[must_use]
    pub const fn is_of(self, side: Difference) -> bool {
        match self {
            Self::AcceptedAsLoss | Self::Taxed => matches!(side, Difference::Shortage),
            Self::ReEntered => matches!(side, Difference::Surplus),
            Self::PenaltyCase | Self::Recount => true,
        }
    }
}

/// A decision of customs on a difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DifferenceDecision {
    /// Customs' own number of it (决定书).
    pub decision_no: DecisionNo,
    /// What it decides.
    pub outcome: DifferenceOutcome,
    /// The day on which it was taken.
    pub decided_on: Date,
    /// The day whose rates of duty and exchange apply to what is taxed; that of the decision without it.
    pub rates_on: Option<Date>,
    /// What duty is computed on, in US dollars, for all of the difference, where it is taxed; its value at stake without it.
    pub dutiable_value: Option<Quantity>,
    /// Why, in words; never empty.
    pub reason: CompactString,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
}

/// Something that becomes of a difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DifferenceOrder {
    /// The report.
    pub difference_no: DifferenceNo,
    /// The line.
    pub line: u64,
    /// What becomes of it.
    pub step: DifferenceStep,
}

/// What may become of a difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DifferenceStep {
    /// Somebody has to see to it, by a day.
    Assign {
        /// Who.
        owner: DeskCode,
        /// By which day; without one the day stays.
        due: Option<Date>,
    },
    /// Customs decides.
    Decide(DifferenceDecision),
}
