//! `INV101`: a bonded inventory list.

use super::Converted;
use super::book::units;
use super::fields::{Fields, first_text, numbers};
use crate::convention::{
    self, LINE_SERIAL, LIST_DECLARATION, ListDeclaration, OWN_DECLARATION_NUMBER, RELATED_DECLARATION_NUMBER,
};
use crate::schema::{Record, Records};
use compact_str::CompactString;
use zonebook_ledger::code::{
    BillNo, BookNo, CustomsNo, DeclarationNo, ListNo, ModeCode, PartNo, SerialNo, TariffCode,
};
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{DeclarationType, List, ListFiling, ListLine};
use zonebook_ledger::reason::Reason;

const HEAD: &str = "BondInvtBsc";
const LINE: &str = "BondInvtDt";
/// Names of the other party of a related declaration.
const RELATED_COMPANY: [&str; 3] = ["rltEntryBizopEtpsSccd", "rltEntryBizopEtpsno", "rltEntryBizopEtpsNm"];

pub(super) fn names(records: &Records<'_>) -> Vec<CompactString> {
    let head = ["bondInvtNo", "putrecNo", "rltInvtNo", "rltPutrecNo", "applyNo"];
    let head = head.map(|field| first_text(records, HEAD, field));
    let slips = records.all("SasCentDclStock").filter_map(|record| record.value("sasStockNo"));
    numbers(head.into_iter().chain(slips.map(|value| value.text.as_ref())))
}

pub(super) fn convert(records: &Records<'_>, bytes: &[u8]) -> Converted<ListFiling> {
    let head = Fields::head(records, HEAD, bytes)?;
    let Some(declaration) = convention::list_declaration(head.text(LIST_DECLARATION)) else {
        return Err(head.wrong(LIST_DECLARATION, "nothing, 2 or 3"));
    };
    Ok(match declaration {
        ListDeclaration::File => ListFiling::File(list(&head, records, bytes)?),
        ListDeclaration::Change => ListFiling::Change {
            change_no: head.number_or_zero("chgTmsCnt")?,
            list: list(&head, records, bytes)?,
        },
        ListDeclaration::Withdraw => ListFiling::Withdraw {
            change_no: head.number_or_zero("chgTmsCnt")?,
            list_no: head.read("bondInvtNo", ListNo::new)?,
        },
    })
}

fn list(head: &Fields<'_, '_>, records: &Records<'_>, bytes: &[u8]) -> Converted<List> {
    let declared = head.text("dclcusFlag") == "1";
    let declaration_type = declaration_type(head, declared)?;
    let declaration_number = match declaration_type {
        Some(DeclarationType::Related) => {
            head.optional(RELATED_DECLARATION_NUMBER, DeclarationNo::optional)?
        }
        Some(DeclarationType::Corresponding) => {
            head.optional(OWN_DECLARATION_NUMBER, DeclarationNo::optional)?
        }
        None => None,
    };
    let named = |field: &&str| !head.text(field).is_empty();
    Ok(List {
        list_no: head.read("bondInvtNo", ListNo::new)?,
        book_no: head.read("putrecNo", BookNo::new)?,
        owner: head.read("bizopEtpsno", CustomsNo::new)?,
        declared_at: head.time("invtDclTime")?,
        direction: direction(head)?,
        mark: head.read("mtpckEndprdMarkcd", Mark::from_code)?,
        kind: head.owned("bondInvtTypecd"),
        mode: head.read("supvModecd", ModeCode::new)?,
        transport: head.owned("trspModecd"),
        declared,
        declaration_type,
        declaration_no: declaration_number,
        related_company_complete: named(&RELATED_DECLARATION_NUMBER) && RELATED_COMPANY.iter().all(named),
        related_list: head.optional("rltInvtNo", ListNo::optional)?,
        related_book: head.optional("rltPutrecNo", BookNo::optional)?,
        bill_no: head.optional("applyNo", BillNo::optional)?,
        lines: records.all(LINE).map(|record| line(record, bytes)).collect::<Converted<_>>()?,
    })
}

fn declaration_type(head: &Fields<'_, '_>, declared: bool) -> Converted<Option<DeclarationType>> {
    match head.text("dclcusTypecd") {
        "1" => Ok(Some(DeclarationType::Related)),
        "2" => Ok(Some(DeclarationType::Corresponding)),
        _ if declared => Err(head.wrong("dclcusTypecd", "1 or 2")),
        _ => Ok(None),
    }
}

/// Direction and kind are judged together (`RULES.md` 5.2); without a direction there is no such pair.
fn direction(head: &Fields<'_, '_>) -> Converted<Direction> {
    Direction::from_code(head.text("impexpMarkcd"))
        .map_err(|_| head.refuse(Reason::ListKindUnknown, "impexpMarkcd", "I or E"))
}

fn line(record: &Record<'_>, bytes: &[u8]) -> Converted<ListLine> {
    let (fields, line) = Fields::line(record, "gdsSeqno", bytes)?;
    Ok(ListLine {
        line,
        // A line that opens a row names none, or names what does not matter; no row has the number zero.
        number: fields.text("putrecSeqno").parse().unwrap_or(0),
        part_no: fields.read("gdsMtno", PartNo::new)?,
        tariff_code: fields.read("gdecd", TariffCode::new)?,
        name: fields.owned("gdsNm"),
        units: units(&fields)?,
        origin: fields.owned("natcd"),
        declared: fields.quantity("dclQty")?,
        statutory1: fields.quantity("lawfQty")?,
        statutory2: fields.optional_quantity("secdLawfQty")?,
        value_usd: fields.amount("usdStatTotalAmt")?,
        price: fields.amount("dclUprcAmt")?,
        total: fields.amount("dclTotalAmt")?,
        currency: fields.owned("dclCurrcd"),
        gross: fields.quantity("grossWt")?,
        net: fields.quantity("netWt")?,
        serial: fields.optional(LINE_SERIAL, SerialNo::optional)?,
    })
}
