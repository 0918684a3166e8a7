//! Corrections of posted lists in few words.

use super::build::{customs_no, list_no};
use super::world;
use zonebook_ledger::code::CorrectionNo;
use zonebook_ledger::command::{Command, CorrectionDecision};
use zonebook_ledger::document::{CorrectionFiling, Document, LinePart};

pub fn correction_no(text: &str) -> CorrectionNo {
    CorrectionNo::new(text).unwrap()
}

/// Of parts of a list; of all that is left of it where none are named.
pub fn correction(number: &str, of_list: &str, owner: &str, lines: &[LinePart]) -> Document {
    Document::Correction(CorrectionFiling {
        correction_no: correction_no(number),
        list_no: list_no(of_list),
        owner: customs_no(owner),
        declared_at: world::local("2026-06-03T09:00:00"),
        reason: "wrong item".into(),
        lines: lines.to_vec(),
    })
}

pub fn decide_correction(number: &str, approved: bool) -> Command {
    let reason = "checked".into();
    Command::DecideCorrection(CorrectionDecision { correction_no: correction_no(number), approved, reason })
}
