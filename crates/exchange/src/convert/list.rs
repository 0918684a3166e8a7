//! `INV101`: a bonded inventory list.

use super::Converted;
use super::fields::{Fields, UNITS, all_texts, first_text, numbers};
use crate::convention::{
    self, LINE_PROVENANCE, LINE_SERIAL, LIST_DECLARATION, ListDeclaration, OWN_DECLARATION_NUMBER,
    PARCEL_FORM, RELATED_DECLARATION_NUMBER,
};
use crate::schema::{Record, Records};
use compact_str::CompactString;
use zonebook_ledger::code::{
    BillNo, BomVersion, BookNo, CustomsNo, DeclarationNo, ListNo, ModeCode, ParcelNo, PartNo, PermitNo,
    SerialNo, SlipNo, TariffCode,
};
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{
    DeclarationType, DutyMode, List, ListFiling, ListKind, ListLine, ResultLine,
};
use zonebook_ledger::reason::Reason;

const HEAD: &str = "BondInvtBsc";
const LINE: &str = "BondInvtDt";
const SLIP: &str = "SasCentDclStock";
const FORM: &str = "BondInvtAcmpFormDt";
const RESULT: &str = "BondInvtDtSimple";
/// Names of the other party of a related declaration.
const RELATED_COMPANY: [&str; 3] = ["rltEntryBizopEtpsSccd", "rltEntryBizopEtpsno", "rltEntryBizopEtpsNm"];

pub(super) fn names(records: &Records<'_>) -> Vec<CompactString> {
    let head = ["bondInvtNo", "putrecNo", "rltInvtNo", "rltPutrecNo", "applyNo"];
    let head = head.map(|field| first_text(records, HEAD, field));
    let slips = all_texts(records, SLIP, "sasStockNo");
    let parcels = parcel_forms(records).filter_map(|record| record.value("formNo"));
    numbers(head.into_iter().chain(slips).chain(parcels.map(|value| value.text.as_ref())))
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
    let kind = ListKind::from_code(head.text("bondInvtTypecd")).ok();
    Ok(List {
        list_no: head.read("bondInvtNo", ListNo::new)?,
        book_no: head.read("putrecNo", BookNo::new)?,
        owner: head.read("bizopEtpsno", CustomsNo::new)?,
        declared_at: head.time("invtDclTime")?,
        direction: direction(head)?,
        mark: head.read("mtpckEndprdMarkcd", Mark::from_code)?,
        kind: head.owned("bondInvtTypecd")?,
        mode: head.read("supvModecd", ModeCode::new)?,
        transport: head.owned("trspModecd")?,
        declared,
        declaration_type,
        declaration_no: declaration_number,
        related_company_complete: named(&RELATED_DECLARATION_NUMBER) && RELATED_COMPANY.iter().all(named),
        related_list: head.optional("rltInvtNo", ListNo::optional)?,
        related_book: head.optional("rltPutrecNo", BookNo::optional)?,
        flow: None,
        exchanged_list: None,
        bill_no: match kind {
            Some(ListKind::EnterThenDeclare) => head.optional("applyNo", BillNo::optional)?,
            _ => None,
        },
        // What `applyNo` names depends on the kind of the list; between zones it is the transfer form.
        permit_no: match kind {
            Some(ListKind::SimpleProcessing | ListKind::Display) => {
                head.optional("applyNo", PermitNo::optional)?
            }
            Some(ListKind::Normal) if named(&"rltPutrecNo") => {
                head.optional("applyNo", PermitNo::optional)?
            }
            _ => None,
        },
        slips: slips(records, bytes)?,
        parcels: parcels(records, bytes)?,
        lots: Vec::new(),
        expiries: Vec::new(),
        lines: records.all(LINE).map(|record| line(record, bytes)).collect::<Converted<_>>()?,
        results: match kind {
            Some(ListKind::SimpleProcessing) => results(records, bytes)?,
            _ => Vec::new(),
        },
    })
}

/// What simple processing makes. Lists of other kinds make nothing, whatever stands there.
fn results(records: &Records<'_>, bytes: &[u8]) -> Converted<Vec<ResultLine>> {
    let read = |record| {
        let goods = line(record, bytes)?;
        let permit_line = Fields::counted(record, Some(goods.line), bytes).reference("applyTbSeqno");
        Ok(ResultLine { permit_line, goods })
    };
    records.all(RESULT).map(read).collect()
}

/// A record without a number names no slip.
fn slips(records: &Records<'_>, bytes: &[u8]) -> Converted<Vec<SlipNo>> {
    let read =
        |record| Fields::counted(record, None, bytes).optional("sasStockNo", SlipNo::optional).transpose();
    records.all(SLIP).filter_map(read).collect()
}

/// A form without a number names no parcel.
fn parcels(records: &Records<'_>, bytes: &[u8]) -> Converted<Vec<ParcelNo>> {
    let read =
        |record| Fields::counted(record, None, bytes).optional("formNo", ParcelNo::optional).transpose();
    parcel_forms(records).filter_map(read).collect()
}

/// The accompanying forms that are parcels.
fn parcel_forms<'r, 'a>(records: &'r Records<'a>) -> impl Iterator<Item = &'r Record<'a>> + use<'r, 'a> {
    let is_parcel =
        |record: &&Record<'_>| record.value("formTypecd").is_some_and(|kind| kind.text == PARCEL_FORM);
    records.all(FORM).filter(is_parcel)
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
        number: fields.reference("putrecSeqno"),
        part_no: fields.read("gdsMtno", PartNo::new)?,
        tariff_code: fields.read("gdecd", TariffCode::new)?,
        name: fields.owned("gdsNm")?,
        units: fields.units(UNITS)?,
        origin: fields.owned("natcd")?,
        // The schema of 2017 has no `destinationNatcd`.
        destination: CompactString::const_new(""),
        // What is not in the list says nothing (`RULES.md` 5.3 does not look at it).
        duty_mode: DutyMode::from_code(fields.text("lvyrlfModecd")).ok(),
        declaration_line: Some(fields.reference("entryGdsSeqno")).filter(|line| *line > 0),
        dangerous: fields.text("clyMarkcd") == "1",
        declared: fields.quantity("dclQty")?,
        statutory1: fields.quantity("lawfQty")?,
        statutory2: fields.optional_quantity("secdLawfQty")?,
        value_usd: fields.amount("usdStatTotalAmt")?,
        price: fields.amount("dclUprcAmt")?,
        total: fields.amount("dclTotalAmt")?,
        currency: fields.owned("dclCurrcd")?,
        gross: fields.quantity("grossWt")?,
        net: fields.quantity("netWt")?,
        serial: fields.optional(LINE_SERIAL, SerialNo::optional)?,
        bom_version: fields.optional("ucnsVerno", BomVersion::optional)?,
        provenance: convention::provenance(fields.text(LINE_PROVENANCE)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::convert::testing::{record, refused, rows};
    use zonebook_ledger::document::Provenance;

    const HEAD_VALUES: &[(&str, &str)] = &[
        ("bondInvtNo", "QD1"),
        ("putrecNo", "T9931W000001"),
        ("bizopEtpsno", "99316B4910"),
        ("invtDclTime", "2026-06-09 10:09:41"),
        ("impexpMarkcd", "E"),
        ("mtpckEndprdMarkcd", "I"),
        ("supvModecd", "0110"),
        ("applyNo", "D1"),
        ("dclcusFlag", "2"),
        ("bondInvtTypecd", "0"),
    ];
    const LINE_VALUES: &[(&str, &str)] = &[
        ("gdsSeqno", "1"),
        ("putrecSeqno", "2"),
        ("gdsMtno", "MCU-0417"),
        ("gdecd", "8542319001"),
        ("dclUnitcd", "007"),
        ("lawfUnitcd", "007"),
        ("dclQty", "1"),
    ];

    fn message(head: &[(&'static str, &str)], line: &[(&'static str, &str)]) -> Records<'static> {
        rows(vec![
            record(HEAD, HEAD_VALUES, head),
            record(LINE, LINE_VALUES, line),
            record(FORM, &[("formTypecd", "CEB621"), ("formNo", "P1")], &[]),
            record(FORM, &[("formTypecd", "INVOICE"), ("formNo", "I1")], &[]),
            record(FORM, &[("formTypecd", "CEB621")], &[]),
            record(SLIP, &[("sasStockNo", "X1")], &[]),
            record(SLIP, &[], &[]),
        ])
    }

    fn read(head: &[(&'static str, &str)], line: &[(&'static str, &str)]) -> List {
        match convert(&message(head, line), b"").unwrap() {
            ListFiling::File(list) => list,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_applied_for_is_a_bill_or_a_permit_or_nothing() {
        let named = |kind: &str| {
            let list = read(&[("bondInvtTypecd", kind)], &[]);
            (list.bill_no.map(|bill| bill.to_string()), list.permit_no.map(|permit| permit.to_string()))
        };
        assert_eq!(named("3"), (Some("D1".into()), None));
        assert_eq!(named("5"), (None, Some("D1".into())));
        for other in ["0", "1", "8", "X", ""] {
            assert_eq!(named(other), (None, None), "{other}");
        }
        // Between zones a list names its transfer form.
        let between = [("bondInvtTypecd", "0"), ("rltPutrecNo", "T9932W000002")];
        assert_eq!(read(&between, &[]).permit_no, Some(PermitNo::new("D1").unwrap()));
        assert_eq!(read(&[("bondInvtTypecd", "6"), ("rltPutrecNo", "T9932W000002")], &[]).permit_no, None);
        // A list of another kind may have anything there.
        let long = "9".repeat(65);
        assert!(convert(&message(&[("applyNo", &long)], &[]), b"").is_ok());
        let head = [("bondInvtTypecd", "5"), ("applyNo", &long)];
        refused(convert(&message(&head, &[]), b""), Reason::InvalidField, "applyNo", &long);
    }

    #[test]
    fn only_simple_processing_makes_something() {
        let made = |kind: &str| {
            let head = [("bondInvtTypecd", kind)];
            let mut all = vec![record(HEAD, HEAD_VALUES, &head), record(LINE, LINE_VALUES, &[])];
            all.push(record(RESULT, LINE_VALUES, &[("gdsSeqno", "7"), ("applyTbSeqno", "2")]));
            match convert(&rows(all), b"").unwrap() {
                ListFiling::File(list) => (list.results, list.permit_no),
                other => panic!("{other:?}"),
            }
        };
        let (results, permit) = made("4");
        assert_eq!((results[0].permit_line, results[0].goods.line), (2, 7));
        assert_eq!(permit, Some(PermitNo::new("D1").unwrap()));
        assert!(made("0").0.is_empty() && made("5").0.is_empty());
    }

    #[test]
    fn slips_and_parcels_are_those_that_have_a_number() {
        let list = read(&[], &[]);
        assert_eq!(list.slips, [SlipNo::new("X1").unwrap()]);
        assert_eq!(list.parcels, [ParcelNo::new("P1").unwrap()]);
        assert_eq!(names(&message(&[], &[])), ["QD1", "T9931W000001", "D1", "X1", "P1"]);
    }

    #[test]
    fn a_provenance_that_is_not_known_is_none() {
        let line = |text: &str| read(&[], &[("param1", text), ("ucnsVerno", text)]).lines.remove(0);
        assert_eq!(line("3").provenance, Some(Provenance::Domestic));
        assert_eq!(line("3").bom_version, Some(BomVersion::new("3").unwrap()));
        assert_eq!([line("7").provenance, line("").provenance], [None; 2]);
        assert_eq!(line("").bom_version, None);
    }
}
