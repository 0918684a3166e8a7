//! Disposals as filed: destruction, loss and abandonment, with the steps that follow (`domain.md` 3.1, 3.4 rows 23 to 26).

use super::decision::{Decision, Matter};
use super::goods::NamedGoods;
use crate::code::{BookNo, CustomsNo, DisposalNo, TariffCode, UnitCode};
use crate::coded::code_list;
use crate::layer::NamedLot;
use crate::matrix::{Posting, rule_of_matter};
use crate::message::Sha256;
use crate::quantity::Quantity;
use crate::time::{Date, LocalTime};
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

code_list! {
    /// What a disposal is.
    DisposalKind, "kind of disposal" {
        /// Goods are to be destroyed, 销毁.
        Destruction = "DESTRUCTION",
        /// Goods are lost by force majeure, 不可抗力灭失.
        LossForceMajeure = "LOSS_FORCE_MAJEURE",
        /// Goods are lost otherwise, such as by bad storage, 保管不善灭失.
        LossOther = "LOSS_OTHER",
        /// Goods are given up to customs, 放弃.
        Abandonment = "ABANDONMENT",
    }
}

impl DisposalKind {
    /// What its lines are about.
    #[must_use]
    pub const fn matter(self) -> Matter {
        match self {
            Self::Destruction => Matter::Destruction,
            Self::LossForceMajeure => Matter::LossForceMajeure,
            Self::LossOther => Matter::LossOther,
            Self::Abandonment => Matter::Abandonment,
        }
    }

    /// Whether goods stay until customs approves; what is lost is not there any more.
    #[must_use]
    pub fn needs_approval(self) -> bool {
        rule_of_matter(self.matter()).is_some_and(|rule| rule.posting == Posting::OnApproval)
    }
}

code_list! {
    /// What a piece of evidence is.
    EvidenceKind, "kind of evidence" {
        /// A report of the enterprise, 书面报告.
        Report = "REPORT",
        /// A proof by an authority, 有关部门证明: what a loss by force majeure needs.
        OfficialProof = "OFFICIAL_PROOF",
        /// A certificate of destruction, 销毁证明.
        Certificate = "CERTIFICATE",
        /// Photographs.
        Photo = "PHOTO",
        /// A video.
        Video = "VIDEO",
        /// Other.
        Other = "OTHER",
    }
}

/// A piece of evidence. The ledger keeps what proves that it is the same, not the thing itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// What it is.
    pub kind: EvidenceKind,
    /// Name of the file or of the paper, for people.
    pub name: CompactString,
    /// SHA-256 of its bytes.
    pub sha256: Sha256,
}

/// A disposal: an application or a report (处置申请).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisposalFiling {
    /// Its number.
    pub disposal_no: DisposalNo,
    /// What it is.
    pub kind: DisposalKind,
    /// The book whose goods it is about.
    pub book_no: BookNo,
    /// The enterprise that owns the book.
    pub owner: CustomsNo,
    /// When it was declared.
    pub declared_at: LocalTime,
    /// The day of the loss.
    pub event_on: Option<Date>,
    /// Why, in words.
    pub cause: CompactString,
    /// What proves it.
    pub evidence: Vec<Evidence>,
    /// The goods.
    pub lines: Vec<DisposalLine>,
    /// The lots that its lines take, in a book that gives up the lots that are named.
    pub lots: Vec<NamedLot>,
}

/// Goods of a disposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisposalLine {
    /// Which goods, and how much.
    pub goods: NamedGoods,
    /// Dangerous or prohibited goods (危险品、禁限物品): they cannot be abandoned.
    pub dangerous: bool,
}

/// A step of an accepted disposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisposalOrder {
    /// Which disposal.
    pub disposal_no: DisposalNo,
    /// What is done.
    pub step: DisposalStep,
}

/// What may be done about an accepted disposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DisposalStep {
    /// Customs approves, level by level.
    Approve {
        /// Which level, counted from 1: the one after the last that approved.
        level: u64,
        /// A remark.
        remark: CompactString,
    },
    /// Customs refuses what is not approved yet.
    Reject {
        /// Why.
        reason: CompactString,
    },
    /// It is taken back: before the last approval, and a destruction also after it.
    Withdraw {
        /// Why.
        reason: CompactString,
    },
    /// Goods are destroyed, with evidence.
    Execute(Execution),
    /// Customs decides on what is lost or abandoned.
    Decide(Decision),
}

/// What is destroyed, how that is proved, and what is left of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Execution {
    /// The day on which it was done.
    pub executed_on: Date,
    /// What proves it: at least one piece.
    pub evidence: Vec<Evidence>,
    /// What is left and has a value; it stays in the book, to be taxed or re-exported by list.
    pub residues: Vec<DestructionResidue>,
}

/// What is left of destroyed goods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DestructionResidue {
    /// Its place in the execution, counted from 1.
    pub line: u64,
    /// The line of the disposal that it is left of.
    pub from_line: u64,
    /// The item of mark R that it adds to, or opens.
    pub number: u64,
    /// Its tariff code.
    pub tariff_code: TariffCode,
    /// What it is called.
    pub name: CompactString,
    /// Its declared and first statutory unit.
    pub unit: UnitCode,
    /// How much.
    pub declared: Quantity,
    /// In US dollars.
    pub value_usd: Quantity,
}
