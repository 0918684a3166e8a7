//! Holds of customs on documents other than lists, and their release before inspection: one mechanism over the kind of the
//! document, as rows of one table (`domain.md` 2.1; issue 3 point 9). What lists have more of, gates and tallies, stands in
//! [`crate::standing`].

use crate::code::DocumentNo;
use crate::coded::code_list;
use crate::movement::DocumentState;
use crate::standing::{Conditional, Order, OrderGiven};
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

code_list! {
    /// Which kind of document is held.
    HeldKind, "document kind" {
        /// A permit, 业务申报表.
        Permit = "PERMIT",
        /// A slip, 出入库单.
        Slip = "SLIP",
        /// A gate pass, 核放单.
        Pass = "PASS",
        /// A parcel, 清单 of electronic commerce.
        Parcel = "PARCEL",
    }
}

/// What a document does next, which a hold stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Something new is filed under it: slips, lists, passes of its slips.
    Use,
    /// It is changed, closed or taken back.
    Amend,
    /// A pass names it, it goes through a gate, its goods become actual.
    Passage,
    /// A list declares or gathers it.
    Gather,
}

/// How a hold works on one kind of document.
#[derive(Clone, Copy, Debug)]
pub struct HoldRule {
    /// The kind.
    pub kind: HeldKind,
    /// How the wire names its number.
    pub field: &'static str,
    /// In which states it can be held: while there is something that it does next by itself.
    pub states: &'static [DocumentState],
    /// What a hold stops.
    pub stops: &'static [Step],
    /// What is stopped still after a release before inspection; `None` where nothing of it is inspected.
    pub before_inspection: Option<&'static [Step]>,
}

/// The table.
pub const HOLD_RULES: &[HoldRule] = &[
    HoldRule {
        kind: HeldKind::Permit,
        field: "sasDclNo",
        states: &[DocumentState::Open],
        stops: &[Step::Use, Step::Amend],
        before_inspection: None,
    },
    HoldRule {
        kind: HeldKind::Slip,
        field: "sasStockNo",
        states: &[DocumentState::Approved, DocumentState::Passed],
        stops: &[Step::Amend, Step::Passage, Step::Gather],
        before_inspection: Some(&[Step::Amend, Step::Gather]),
    },
    HoldRule {
        kind: HeldKind::Pass,
        field: "passportNo",
        states: &[DocumentState::Filed, DocumentState::GateOne],
        stops: &[Step::Amend, Step::Passage],
        before_inspection: Some(&[Step::Amend]),
    },
    HoldRule {
        kind: HeldKind::Parcel,
        field: "invtNo",
        states: &[DocumentState::Reserved],
        stops: &[Step::Amend, Step::Gather],
        before_inspection: Some(&[Step::Amend]),
    },
];

impl HeldKind {
    /// Its row of the table.
    #[must_use]
    pub fn rule(self) -> Option<&'static HoldRule> {
        HOLD_RULES.iter().find(|rule| rule.kind == self)
    }
}

/// A document on which customs ordered something: `HOLD`, `FREE`, `RELEASE_FOR_PASSAGE`, `INSPECTION_PASSED` or
/// `INSPECTION_FAILED`. The other orders are for lists alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentOrder {
    /// Its kind.
    pub kind: HeldKind,
    /// Its number.
    pub number: DocumentNo,
    /// What is ordered.
    pub order: Order,
    /// Why; there is no order without a reason.
    pub reason: CompactString,
}

/// How a document stands with customs; most have nothing of this.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentHold {
    /// Why it is stopped, while it is.
    pub held: Option<CompactString>,
    /// Its release before inspection, and what became of it.
    pub conditional: Option<Conditional>,
    /// The orders of customs, the oldest first.
    pub orders: Vec<OrderGiven>,
}

impl DocumentHold {
    /// Whether it is stopped, or its inspection is to come.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.held.is_some() || self.conditional == Some(Conditional::Passable)
    }

    /// Why it may not take a step, in the words of the order that stops it.
    #[must_use]
    pub fn stops(&self, rule: &HoldRule, step: Step) -> Option<&str> {
        if let Some(why) = &self.held {
            return rule.stops.contains(&step).then_some(why.as_str());
        }
        let uninspected = self.conditional == Some(Conditional::Passable);
        rule.before_inspection.filter(|kept| uninspected && kept.contains(&step))?;
        let released = self.orders.iter().rev().find(|given| given.order == Order::ReleaseForPassage);
        released.map(|given| given.reason.as_str())
    }
}
