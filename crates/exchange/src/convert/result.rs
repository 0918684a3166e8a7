//! Results of customs: `INV201`, `INV202`, `INV211`, `SAS221` (`domain.md` 5.1). Checked for well-formedness only, as other
//! receipts are. What tables show as their number is that of the envelope, where there is one, as of any filed type:
//! a ledger that does not take them refuses them so (`RULES.md` 2.4, 14.1).

use super::Converted;
use super::receipt::{Receipt, keyed};
use crate::message::label;
use crate::outline::Outline;
use compact_str::CompactString;
use zonebook_ledger::code::{DeclarationNo, DocumentNo};
use zonebook_ledger::customs_result::{CustomsResult, CustomsResultKind};
use zonebook_ledger::document::Document;
use zonebook_ledger::message::Content;

/// The types.
pub(crate) const RESULTS: [&str; 4] = ["INV201", "INV202", "INV211", "SAS221"];

/// Where each value of a result stands.
struct Places {
    record: &'static str,
    number: &'static str,
    change_no: Option<&'static str>,
    result: &'static str,
    managed_at: &'static str,
    declaration_no: Option<&'static str>,
    /// Whether the number of the packet is part of the key.
    in_pockets: bool,
}

const AUDIT: Places = Places {
    record: "HdeApprResult",
    number: "businessId",
    change_no: Some("tmsCnt"),
    result: "manageResult",
    managed_at: "manageDate",
    declaration_no: None,
    in_pockets: true,
};

/// A posting says what stands in the list; there is no decision beside it.
const POSTING: Places = Places {
    record: "BondInvtBsc",
    number: "bondInvtNo",
    change_no: Some("chgTmsCnt"),
    result: "vrfdedMarkcd",
    managed_at: "formalVrfdedTime",
    declaration_no: None,
    in_pockets: true,
};

const DECLARATION: Places = Places {
    record: "InvApprResult",
    number: "businessId",
    change_no: None,
    result: "manageResult",
    managed_at: "createDate",
    declaration_no: Some("entrySeqNo"),
    in_pockets: false,
};

/// A result of customs.
pub(crate) fn result(kind: &str, outline: &Outline<'_>, bytes: &[u8]) -> Content {
    let places = match kind {
        "INV202" => &DECLARATION,
        "INV211" => &POSTING,
        _ => &AUDIT,
    };
    let record = places.record;
    let mut parts = vec![(record, places.number)];
    parts.extend(places.change_no.or(places.declaration_no).map(|name| (record, name)));
    parts.push((record, places.result));
    parts.push((record, places.managed_at));
    if places.in_pockets {
        parts.push(("PocketInfo", "cur_pocket_no"));
    }
    let number = outline.text(record, places.number);
    let label = label(kind, outline.text("EnvelopInfo", "business_id"));
    keyed(outline, label, &parts, number, || convert(kind, places, outline, bytes))
}

fn convert(kind: &str, places: &Places, outline: &Outline<'_>, bytes: &[u8]) -> Converted<Document> {
    let receipt = Receipt { outline, bytes };
    let record = places.record;
    let number = receipt.read(record, places.number, DocumentNo::new)?;
    let change_no = match places.change_no {
        Some(name) => receipt.read(record, name, str::parse::<u64>)?,
        None => 0,
    };
    let declaration_no = match places.declaration_no {
        Some(name) => receipt.read(record, name, DeclarationNo::optional)?,
        None => None,
    };
    let kind = receipt.read(record, places.number, |_| CustomsResultKind::from_code(kind))?;
    Ok(Document::CustomsResult(CustomsResult {
        kind,
        number,
        change_no,
        result: CompactString::new(receipt.text(record, places.result)?),
        managed_at: CompactString::new(receipt.text(record, places.managed_at)?),
        declaration_no,
    }))
}
