//! Transfer forms as filed: the transfer declaration of a move between two zones (区间流转申报表, `RotateDcl`).
//!
//! No schema of the transfer system is at hand (`BHL101`), so that a form comes by call alone.

use crate::code::{BookNo, CustomsNo, OfficeCode, TariffCode, TransferFormNo, UnitCode};
use crate::direction::{Direction, Mark};
use crate::quantity::Quantity;
use crate::time::{Date, LocalTime};
use serde::{Deserialize, Serialize};

/// What is filed about a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TransferFormFiling {
    /// A new form.
    File(TransferFormContent),
    /// New content for an open form.
    Change {
        /// The last accepted one plus 1.
        change_no: u64,
        /// The new content.
        content: TransferFormContent,
    },
    /// The end of a form: no list may name it any more.
    Close {
        /// The last accepted one plus 1.
        change_no: u64,
        /// Its number.
        form_no: TransferFormNo,
    },
}

impl TransferFormFiling {
    /// The number of the form.
    #[must_use]
    pub const fn form_no(&self) -> &TransferFormNo {
        match self {
            Self::File(content) | Self::Change { content, .. } => &content.form_no,
            Self::Close { form_no, .. } => form_no,
        }
    }

    /// 0 of a new form.
    #[must_use]
    pub const fn change_no(&self) -> u64 {
        match self {
            Self::File(_) => 0,
            Self::Change { change_no, .. } | Self::Close { change_no, .. } => *change_no,
        }
    }
}

/// What a form says: between whom, until when, which goods and how much of each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferFormContent {
    /// Its number, which lists give in `applyNo`.
    pub form_no: TransferFormNo,
    /// Where the goods leave.
    pub sender: TransferEnd,
    /// Where they arrive.
    pub receiver: TransferEnd,
    /// When it was declared.
    pub declared_at: LocalTime,
    /// The last day on which lists may be declared under it.
    pub valid_until: Date,
    /// The goods.
    pub lines: Vec<TransferFormLine>,
}

impl TransferFormContent {
    /// The end of lists of a direction: lists E are the sender's, lists I the receiver's.
    #[must_use]
    pub const fn end(&self, direction: Direction) -> &TransferEnd {
        match direction {
            Direction::Out => &self.sender,
            Direction::In => &self.receiver,
        }
    }
}

/// One of the two ends of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferEnd {
    /// The book.
    pub book_no: BookNo,
    /// Its owner.
    pub owner: CustomsNo,
    /// Its customs office.
    pub office: OfficeCode,
}

/// Goods of a form, as either end knows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferFormLine {
    /// Its number in the form.
    pub line: u64,
    /// Materials, products or residues, in the sender's book.
    pub sender_mark: Mark,
    /// The item of the sender's book.
    pub sender_number: u64,
    /// Materials, products or residues, in the receiver's book.
    pub receiver_mark: Mark,
    /// The item of the receiver's book; none where its lists open a row for each receipt, which have no number before.
    pub receiver_number: Option<u64>,
    /// The tariff code, the same at both ends.
    pub tariff_code: TariffCode,
    /// The declared unit, the same at both ends.
    pub unit: UnitCode,
    /// How much may be sent, and as much received.
    pub declared: Quantity,
}
