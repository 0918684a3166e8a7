//! `CEB621`: parcels of electronic commerce, filed or cancelled (`RULES.md` 12).

use super::Converted;
use super::commerce::{self, alike, at_most};
use super::fields::{Fields, numbers};
use crate::buyer::BuyerKey;
use crate::inventory::{self, Inventories, Inventory, LINE, PARCEL};
use crate::outline::Outline;
use crate::schema::Record;
use compact_str::CompactString;
use zonebook_ledger::code::{BookNo, OrderNo, ParcelNo, TariffCode, TraderCode, WaybillNo};
use zonebook_ledger::document::{
    CitedParcel, Document, Parcel, ParcelFiling, ParcelLine, SaleCitation, SaleKey, WaybillKey,
};
use zonebook_ledger::limits::{PARCEL_LINES_MAX, PARCELS_MAX};
use zonebook_ledger::message::Content;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::refusal::Refusal;

/// The root of a parcel list.
pub(crate) const PARCELS_ROOT: &str = "CEB621Message";
/// What tables call it.
pub(crate) const PARCELS: &str = "CEB621";
/// The units of a line.
const UNITS: [&str; 3] = ["unit", "unit1", "unit2"];

/// `CEB621Message`
pub(crate) fn parcels(outline: &Outline<'_>, bytes: &[u8], buyers: Option<&BuyerKey>) -> Content {
    let inventories = match Inventories::read(bytes, &inventory::PARCELS) {
        Ok(inventories) => inventories,
        Err(malformed) => return Content::Unreadable(Box::new(malformed.refusal(bytes))),
    };
    let first = inventories.parcels.first().map_or("", |parcel| value(parcel, "invtNo"));
    commerce::keyed(PARCELS, first, outline, names(&inventories), || {
        convert(&inventories, bytes, buyers).map(Document::Parcels)
    })
}

fn value<'r>(parcel: &'r Inventory<'_>, name: &str) -> &'r str {
    parcel.head.value(name).map_or("", |value| value.text.as_ref())
}

fn names(inventories: &Inventories<'_>) -> Vec<CompactString> {
    let all = |name| inventories.parcels.iter().map(move |parcel| value(parcel, name));
    numbers(all("invtNo").chain(all("emsNo")))
}

fn convert(
    inventories: &Inventories<'_>,
    bytes: &[u8],
    buyers: Option<&BuyerKey>,
) -> Converted<ParcelFiling> {
    at_most(PARCEL, inventories.parcel_count, PARCELS_MAX)?;
    at_most(LINE, inventories.line_count, PARCEL_LINES_MAX)?;
    let heads = || inventories.parcels.iter().map(|parcel| Fields::counted(&parcel.head, None, bytes));
    match application(heads())? {
        Application::File => {
            let parcel = |(head, inventory)| parcel(&head, inventory, bytes, buyers);
            heads().zip(&inventories.parcels).map(parcel).collect::<Converted<_>>().map(ParcelFiling::of)
        }
        Application::Cancel => {
            let number = |head: Fields<'_, '_>| head.read("invtNo", ParcelNo::new);
            heads().map(number).collect::<Converted<_>>().map(ParcelFiling::Cancel)
        }
    }
}

/// What a message asks for (`appType`).
enum Application {
    /// 1
    File,
    /// 3
    Cancel,
}

/// The one thing that a message asks for.
fn application<'f, 'a: 'f>(mut heads: impl Iterator<Item = Fields<'f, 'a>>) -> Converted<Application> {
    let Some(first) = heads.next() else {
        return Err(Box::new(Refusal::new(Reason::InvalidField).field(PARCEL, "").expected("a parcel")));
    };
    let application = match first.text("appType") {
        "1" => Application::File,
        "3" => Application::Cancel,
        "" => return Err(first.wrong("appType", "1 or 3")),
        _ => return Err(first.refuse(Reason::Unsupported, "appType", "1 or 3")),
    };
    alike(&first, heads, "the first parcel")?;
    Ok(application)
}

fn parcel(
    head: &Fields<'_, '_>,
    inventory: &Inventory<'_>,
    bytes: &[u8],
    buyers: Option<&BuyerKey>,
) -> Converted<CitedParcel> {
    let parcel = Parcel {
        parcel_no: head.read("invtNo", ParcelNo::new)?,
        book_no: head.read("emsNo", BookNo::new)?,
        buyer: buyers.and_then(|key| key.hash(head.text("buyerIdType"), head.text("buyerIdNumber"))),
        lots: Vec::new(),
        lines: inventory.lines.iter().map(|record| line(record, bytes)).collect::<Converted<_>>()?,
    };
    Ok(CitedParcel { parcel, sale: sale(head)? })
}

/// The sale that a parcel says it is of. The rules take a parcel that says none, or one that is no number of anything.
fn sale(head: &Fields<'_, '_>) -> Converted<Option<SaleCitation>> {
    let platform = TraderCode::new(head.text("ebpCode")).ok();
    let Some((platform, order_no)) = platform.zip(OrderNo::new(head.text("orderNo")).ok()) else {
        return Ok(None);
    };
    let carrier = TraderCode::new(head.text("logisticsCode")).ok();
    let waybill = carrier.zip(WaybillNo::new(head.text("logisticsNo")).ok());
    Ok(Some(SaleCitation {
        sale: SaleKey { platform, order_no },
        waybill: waybill.map(|(carrier, waybill_no)| WaybillKey { carrier, waybill_no }),
        currency: head.owned("currency")?,
    }))
}

fn line(record: &Record<'_>, bytes: &[u8]) -> Converted<ParcelLine> {
    let (fields, line) = Fields::line(record, "gnum", bytes)?;
    Ok(ParcelLine {
        line,
        number: fields.reference("itemRecordNo"),
        tariff_code: fields.read("gcode", TariffCode::new)?,
        units: fields.units(UNITS)?,
        declared: fields.quantity("qty")?,
        statutory1: fields.quantity("qty1")?,
        statutory2: fields.positive_quantity("qty2")?,
        price: fields.amount("totalPrice")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read_message;
    use zonebook_ledger::message::Label;
    use zonebook_ledger::quantity::Quantity;

    const LINE_VALUES: &str = "<gnum>1</gnum><itemRecordNo>4</itemRecordNo><gcode>1901101000</gcode>\
        <qty>2</qty><unit>122</unit><qty1>1.8</qty1><unit1>035</unit1><totalPrice>309.12</totalPrice>";

    fn one(number: &str, kind: &str, lines: &str) -> String {
        format!(
            "<p:Inventory><p:InventoryHead><p:appType>{kind}</p:appType><emsNo>T1</emsNo><invtNo>{number}</invtNo>\
             <buyerIdNumber>000000190001010000</buyerIdNumber><buyerName>买家</buyerName>\
             <buyerTelephone>00000000000</buyerTelephone><consigneeAddress>地址</consigneeAddress>\
             </p:InventoryHead>{lines}</p:Inventory>"
        )
    }

    fn with_line(values: &str) -> String {
        one("P1", "1", &format!("<p:InventoryList>{values}</p:InventoryList>"))
    }

    fn read(parcels: &str) -> Content {
        read_message(
            format!("<p:CEB621Message xmlns:p='urn:ceb' guid='G'>\n{parcels}</p:CEB621Message>").as_bytes(),
        )
    }

    fn filing(parcels: &str) -> Converted<ParcelFiling> {
        match read(parcels) {
            Content::Keyed { document, .. } => document.map(|document| match *document {
                Document::Parcels(filing) => filing,
                other => panic!("{other:?}"),
            }),
            other => panic!("{other:?}"),
        }
    }

    fn the_line(values: &str) -> ParcelLine {
        match filing(&with_line(values)).unwrap() {
            ParcelFiling::File(mut parcels) => parcels.remove(0).lines.remove(0),
            other => panic!("{other:?}"),
        }
    }

    fn refused(parcels: &str, reason: Reason, field: &str, value: &str) -> Refusal {
        let refusal = *filing(parcels).unwrap_err();
        assert_eq!(refusal.reason, reason, "{refusal}");
        assert_eq!(
            (refusal.field.as_deref(), refusal.value.as_deref()),
            (Some(field), Some(value)),
            "{refusal}"
        );
        assert!(refusal.expected.is_some(), "{refusal}");
        refusal
    }

    #[test]
    fn a_message_is_known_by_its_first_parcel_and_names_all() {
        let content = read(&format!("{}{}", one("P1", "3", ""), one("P2", "3", "")));
        let Content::Keyed { label, key, filed, document, names } = content else { panic!("{content:?}") };
        assert_eq!(label, Label { kind: "CEB621".into(), business_id: "P1".into() });
        assert_eq!((key.as_str(), filed), ("CEB621:G", true));
        assert_eq!(names, ["P1", "P2", "T1"]);
        let numbers = ["P1", "P2"].map(|number| ParcelNo::new(number).unwrap()).to_vec();
        assert_eq!(*document.unwrap(), Document::Parcels(ParcelFiling::Cancel(numbers)));
    }

    #[test]
    fn nothing_of_a_person_gets_into_the_ledger() {
        let content = format!("{:?}", read(&with_line(LINE_VALUES)));
        assert!(content.contains("1901101000"), "{content}");
        for personal in ["000000190001010000", "买家", "00000000000", "地址"] {
            assert!(!content.contains(personal), "{content}");
        }
    }

    #[test]
    fn a_buyer_is_known_by_a_hash_under_the_key_alone() {
        let text = format!(
            "<p:CEB621Message xmlns:p='urn:ceb' guid='G'>{}</p:CEB621Message>",
            with_line(LINE_VALUES)
        );
        let key = BuyerKey::new(&[7; 32]).unwrap();
        let message = crate::receive("s", 1, "n", text.as_bytes(), Some(&key));
        let shown = format!("{message:?}");
        for personal in ["000000190001010000", "买家", "00000000000", "地址"] {
            assert!(!shown.contains(personal), "{shown}");
        }
        let Content::Keyed { document: Ok(document), .. } = message.content else { panic!("{shown}") };
        let Document::Parcels(ParcelFiling::File(parcels)) = *document else { panic!("{shown}") };
        // The type of the document is not said here.
        assert_eq!(parcels[0].buyer, key.hash("", "000000190001010000"));
        assert!(parcels[0].buyer.is_some());
        let ParcelFiling::File(without) = filing(&with_line(LINE_VALUES)).unwrap() else { panic!() };
        assert_eq!(without[0].buyer, None);
    }

    #[test]
    fn a_parcel_says_of_which_sale_it_is() {
        let cited = with_line(LINE_VALUES).replace(
            "<emsNo>",
            "<ebpCode>EBP</ebpCode><orderNo>O1</orderNo><logisticsCode>LC</logisticsCode>\
             <logisticsNo>W1</logisticsNo><currency>142</currency><emsNo>",
        );
        let ParcelFiling::FileCited(parcels) = filing(&cited).unwrap() else { panic!() };
        let sale = parcels[0].sale.as_ref().unwrap();
        assert_eq!((sale.sale.platform.as_str(), sale.sale.order_no.as_str()), ("EBP", "O1"));
        assert_eq!(sale.waybill.as_ref().unwrap().waybill_no.as_str(), "W1");
        assert_eq!(sale.currency, "142");
        // What is no number of an order is no reason to refuse a parcel.
        let long = cited.replace("O1", &"9".repeat(61));
        assert!(matches!(filing(&long).unwrap(), ParcelFiling::File(_)));
    }

    #[test]
    fn parcels_of_a_message_ask_for_the_same() {
        let mixed = format!("{}\n{}", one("P1", "1", ""), one("P2", "3", ""));
        let refusal = refused(&mixed, Reason::InvalidField, "appType", "3");
        assert_eq!(refusal.location.as_deref(), Some("line 3, column 31, InventoryHead/appType"));
        refused(&one("P1", "2", ""), Reason::Unsupported, "appType", "2");
        refused(&one("P1", "", ""), Reason::InvalidField, "appType", "");
        refused("", Reason::InvalidField, "Inventory", "");
        refused("<Inventory/>", Reason::InvalidField, "appType", "");
    }

    #[test]
    fn a_second_quantity_is_there_when_it_is_more_than_nothing() {
        assert_eq!(the_line(LINE_VALUES).statutory2, None);
        for none in ["0", "0.00", "", "-1"] {
            assert_eq!(
                the_line(&format!("{LINE_VALUES}<qty2>{none}</qty2><unit2/>")).statutory2,
                None,
                "{none}"
            );
        }
        let line = the_line(&format!("{LINE_VALUES}<qty2>17</qty2><unit2>007</unit2>"));
        assert_eq!(line.statutory2, Some(Quantity::whole(17)));
        assert!(line.units.statutory2.is_some());
    }

    #[test]
    fn what_the_rules_judge_is_left_to_them() {
        for (odd, number) in [("x", 0), ("", 0), ("-4", 0), ("4.0", 0), ("7", 7)] {
            let values = LINE_VALUES.replace(">4<", &format!(">{odd}<"));
            assert_eq!(the_line(&values).number, number, "{odd}");
        }
        let line = the_line(&LINE_VALUES.replace("<qty>2</qty>", "").replace(">1.8<", "><"));
        assert!(line.declared.is_zero() && line.statutory1.is_zero());
    }

    #[test]
    fn what_the_ledger_cannot_take_is_named_with_its_line() {
        let wrong = |from: &str, to: &str, field: &str| {
            let value = to.trim_start_matches('>').trim_end_matches('<');
            refused(&with_line(&LINE_VALUES.replace(from, to)), Reason::InvalidField, field, value)
        };
        let refusal = wrong(">2<", ">0.000001<", "qty");
        assert_eq!(refusal.line, Some(1));
        assert!(refusal.location.unwrap().ends_with("InventoryList/qty"));
        wrong(">122<", ">1220<", "unit");
        wrong(">1901101000<", "><", "gcode");
        assert_eq!(wrong(">1<", ">one<", "gnum").line, None);
        refused(&one("", "1", ""), Reason::InvalidField, "invtNo", "");
        let long = LINE_VALUES.replace(">2<", &format!(">{}<", "9".repeat(1_000_000)));
        let refusal = *filing(&with_line(&long)).unwrap_err();
        assert!(refusal.to_string().len() < 500, "{refusal}");
    }

    #[test]
    fn more_than_the_ledger_takes_is_refused() {
        let parcels: String = (0..=PARCELS_MAX).map(|number| one(&format!("P{number}"), "3", "")).collect();
        refused(&parcels, Reason::TooLarge, "Inventory", "1001");
        let lines = "<InventoryList/>".repeat(PARCEL_LINES_MAX + 1);
        refused(&one("P1", "1", &lines), Reason::TooLarge, "InventoryList", "4001");
    }

    #[test]
    fn a_message_without_a_key_is_invalid() {
        for root in ["<CEB621Message/>", "<CEB621Message guid=''/>"] {
            assert!(matches!(read_message(root.as_bytes()), Content::Invalid { .. }), "{root}");
        }
    }
}
