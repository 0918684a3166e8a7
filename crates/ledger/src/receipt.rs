//! Receipts: what the ledger has to say to those whose documents it judged (`domain.md` 5.1).
//!
//! A receipt is a short row: who is told, under which number, of which document, what became of it, and at which
//! revision. What it says in full is read from the history when it is rendered, so there is no second source of truth.
//! Each recipient's receipts are numbered 1, 2, 3, ... without gaps.

use crate::code::{CustomsNo, OfficeCode};
use crate::coded::code_list;
use crate::error::CodeError;
use crate::outcome::Revision;
use crate::time::LocalTime;
use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use std::fmt;

code_list! {
    /// The message that a receipt is written as (`domain.md` 5.1).
    ReceiptKind, "kind of receipt" {
        /// What became of a logistics book, or of a change of it.
        LogisticsBookAudit = "BWS201",
        /// What became of a processing book, or of a change of it.
        ProcessingBookAudit = "EMS211",
        /// What became of a verification declaration.
        VerificationAudit = "EMS221",
        /// What became of a list, its change, or its withdrawal; also that customs sent it back.
        ListAudit = "INV201",
        /// A list is posted, with the rows of the book that it moved.
        ListPosting = "INV211",
        /// What became of a permit.
        PermitAudit = "SAS201",
        /// What became of a slip.
        SlipAudit = "SAS211",
        /// What became of a pass.
        PassAudit = "SAS221",
        /// A vehicle went through a gate.
        Passage = "SAS223",
    }
}

impl ReceiptKind {
    /// The message that files what a receipt is of (`domain.md` 5.1).
    #[must_use]
    pub const fn filed_by(self) -> &'static str {
        match self {
            Self::LogisticsBookAudit => "BWS101",
            Self::ProcessingBookAudit => "EMS111",
            Self::VerificationAudit => "EMS121",
            Self::ListAudit | Self::ListPosting => "INV101",
            Self::PermitAudit => "SAS101",
            Self::SlipAudit => "SAS111",
            Self::PassAudit | Self::Passage => "SAS121",
        }
    }
}

/// What a document asked for (`typecd`; `dclTypecd` of the document).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Filing {
    /// To be taken as new.
    New,
    /// New content.
    Change,
    /// To be taken back.
    Withdrawal,
}

impl Filing {
    /// `typecd`
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::New => "1",
            Self::Change => "2",
            Self::Withdrawal => "3",
        }
    }
}

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ruling {
    /// Passed; of a list, posted as well.
    Passed,
    /// Of a list: passed, and its goods are reserved or announced until it is posted.
    PreDeducted,
    /// Refused by a rule, or sent back by customs.
    Returned,
    /// Through the only gate.
    SingleGate,
    /// Through gate one of two.
    GateOne,
    /// Through gate two of two.
    GateTwo,
}

impl Ruling {
    /// `manageResult`: 1 passed, 3 returned, 4 pre-deducted (`domain.md` 5.1). A report of the gate repeats its `stucd`
    /// there, so that two reports on one pass and one day have two keys.
    #[must_use]
    pub const fn manage_result(self) -> &'static str {
        match self {
            Self::Passed => "1",
            Self::SingleGate => "2",
            Self::Returned | Self::GateOne => "3",
            Self::PreDeducted | Self::GateTwo => "4",
        }
    }

    /// Its name in the contract.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Passed => "PASSED",
            Self::PreDeducted => "PRE_DEDUCTED",
            Self::Returned => "RETURNED",
            Self::SingleGate => "SINGLE_GATE",
            Self::GateOne => "GATE_ONE",
            Self::GateTwo => "GATE_TWO",
        }
    }
}

/// Who is told: the enterprise that a document names as its own; where no enterprise is known, the office.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Recipient {
    /// By customs registration number.
    Party(CustomsNo),
    /// By code.
    Office(OfficeCode),
}

impl Recipient {
    /// From its number: four characters are an office, more are an enterprise.
    ///
    /// # Errors
    /// It is neither.
    pub fn new(text: &str) -> Result<Self, CodeError> {
        if text.chars().count() <= OfficeCode::CHARACTERS_MAX {
            OfficeCode::new(text).map(Self::Office)
        } else {
            CustomsNo::new(text).map(Self::Party)
        }
    }

    /// Its number.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Party(customs_no) => customs_no.as_str(),
            Self::Office(office) => office.as_str(),
        }
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The message it is written as.
    pub kind: ReceiptKind,
    /// `businessId`: the document.
    pub number: CompactString,
    /// `tmsCnt`: which change of it.
    pub change_no: u64,
    /// `typecd`
    pub filing: Filing,
    /// `manageResult`
    pub ruling: Ruling,
    /// Of a list that passed: the version of its lines.
    pub content_version: Option<u64>,
    /// Of a passage: when, as the gate says.
    pub passed_at: Option<LocalTime>,
    /// What customs wrote when it sent a list back; empty otherwise.
    pub remark: CompactString,
    /// The revision that decided it.
    pub revision: Revision,
}

/// The numbers of a recipient's receipts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailbox {
    /// The last one written.
    pub last: u64,
    /// The last one that the recipient says it has, with all before it.
    pub acknowledged: u64,
}

/// A recipient says which receipts it has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledgement {
    /// Who.
    pub recipient: Recipient,
    /// This one and all before it.
    pub up_to: u64,
}
