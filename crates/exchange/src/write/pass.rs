//! What a receipt says of a pass.

use super::list::date_time;
use super::record::Values;
use crate::schema::Records;
use zonebook_ledger::code::PassNo;
use zonebook_ledger::correspondence::Letter;
use zonebook_ledger::pass::Pass;
use zonebook_ledger::receipt::{ReceiptKind, Ruling};

/// `SasPassportBsc`. What the ledger does not keep, such as weights, is repeated as filed; of a pass filed by call it is 0.
pub(super) fn head<'a>(letter: &Letter, pass_no: &PassNo, pass: &Pass, filed: &'a Records<'a>) -> Values<'a> {
    let receipt = &letter.receipt;
    let linked: Vec<&str> = pass.linked.iter().map(|number| number.as_str()).collect();
    let mut own = vec![
        ("passportNo", pass_no.to_string()),
        ("chgTmsCnt", receipt.change_no.to_string()),
        ("ioTypecd", pass.direction.to_string()),
        ("bindTypecd", pass.binding.to_string()),
        ("rltTbTypecd", pass.linked_type.to_string()),
        ("rltNo", linked.join("/")),
        ("vehicleNo", pass.vehicle_no.to_string()),
        ("emapvMarkcd", "1".into()),
    ];
    if receipt.kind == ReceiptKind::Passage {
        own.push(("stucd", receipt.ruling.manage_result().into()));
        let element = if receipt.ruling == Ruling::GateTwo { "secdPassTime" } else { "passTime" };
        own.extend(receipt.passed_at.map(|time| (element, date_time(&time.to_string()))));
    }
    Values { own, filed: filed.first("SasPassportBsc"), otherwise: &[] }
}
