//! What a receipt says of a list, its lines and the rows of its book.

use super::record::Values;
use crate::schema::Records;
use zonebook_ledger::correspondence::{BookRowFigures, Letter, ListContent};
use zonebook_ledger::document::Provenance;
use zonebook_ledger::measure::Unit;
use zonebook_ledger::movement::MovementLine;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::receipt::{ReceiptKind, Ruling};
use zonebook_ledger::time::Instant;

/// The currency of values in the books: US dollars.
const DOLLAR: &str = "502";
/// `stshipTrsarvNatcd` must be given; this is customs' code for a country that is not known.
const OTHERWISE: &[(&str, &str)] = &[("stshipTrsarvNatcd", "701")];

/// `BondInvtBsc`
pub(super) fn head<'a>(letter: &Letter, list: &ListContent, filed: &'a Records<'a>) -> Values<'a> {
    let receipt = &letter.receipt;
    let movement = &list.movement;
    let local = |instant: Instant| date_time(&letter.utc_offset.local(instant).to_string());
    let posted = receipt.kind == ReceiptKind::ListPosting || receipt.ruling == Ruling::Passed;
    let mut own = vec![
        ("bondInvtNo", movement.list_no.to_string()),
        ("chgTmsCnt", receipt.change_no.to_string()),
        ("putrecNo", movement.book_no.to_string()),
        ("bizopEtpsno", movement.owner.to_string()),
        ("impexpMarkcd", movement.direction.to_string()),
        ("mtpckEndprdMarkcd", movement.mark.to_string()),
        ("supvModecd", movement.mode.to_string()),
        ("bondInvtTypecd", movement.kind.to_string()),
        ("dclcusFlag", if movement.declared { "1" } else { "2" }.into()),
        ("prevdTime", local(movement.prevd_time)),
        ("vrfdedMarkcd", if posted { "2" } else { "1" }.into()),
        ("invtStucd", "0".into()),
    ];
    if posted {
        own.push(("formalVrfdedTime", local(letter.event.ledger_time)));
    }
    Values { own, filed: filed.first("BondInvtBsc"), otherwise: OTHERWISE }
}

/// `BondInvtDt`
pub(super) fn line<'a>(
    letter: &Letter,
    list: &ListContent,
    line: &MovementLine,
    filed: &'a Records<'a>,
) -> Values<'a> {
    let said = &line.filed;
    let number = said.line.to_string();
    let mut own = vec![
        ("bondInvtNo", list.movement.list_no.to_string()),
        ("chgTmsCnt", letter.receipt.change_no.to_string()),
        ("gdsSeqno", number.clone()),
        ("putrecSeqno", said.number.to_string()),
        ("gdsMtno", said.part_no.to_string()),
        ("gdecd", said.tariff_code.to_string()),
        ("gdsNm", said.name.to_string()),
        ("dclUnitcd", said.units.declared.to_string()),
        ("lawfUnitcd", said.units.statutory1.to_string()),
        ("natcd", said.origin.to_string()),
        ("dclUprcAmt", said.price.to_string()),
        ("dclTotalAmt", said.total.to_string()),
        ("usdStatTotalAmt", said.value_usd.to_string()),
        ("dclCurrcd", said.currency.to_string()),
        ("dclQty", said.declared.to_string()),
        ("lawfQty", said.statutory1.to_string()),
        ("grossWt", said.gross.to_string()),
        ("netWt", said.net.to_string()),
    ];
    own.extend(said.units.statutory2.as_ref().map(|unit| ("secdLawfUnitcd", unit.to_string())));
    own.extend(said.statutory2.map(|quantity| ("secdLawfQty", quantity.to_string())));
    own.extend(said.bom_version.as_ref().map(|version| ("ucnsVerno", version.to_string())));
    own.extend(said.provenance.map(|provenance: Provenance| ("param1", provenance.to_string())));
    own.extend(line.serial.as_ref().map(|serial| ("param2", serial.to_string())));
    let same = filed
        .all("BondInvtDt")
        .find(|record| record.value("gdsSeqno").is_some_and(|value| value.text.as_ref() == number.as_str()));
    Values { own, filed: same, otherwise: &[] }
}

/// `BwsDt`: the row of a logistics book. What came in is `inQty`; what went out, what is announced and what is reserved
/// stand beside it, so that `inQty` less `actlRedcQty` is on hand (example A4). Values are US dollars.
pub(super) fn logistics_row(letter: &Letter, list: &ListContent, row: &BookRowFigures) -> Values<'static> {
    let [announced, came, reserved, went] = row.counters.of_unit(Unit::Declared);
    let came_in = |unit: Unit| row.counters.increase_posted.get(unit);
    let on_hand = row.counters.on_hand().unwrap_or_default();
    let (quantity, value) = (on_hand.declared(), on_hand.get(Unit::Value));
    let average = average(value, quantity);
    let mut own = vec![
        ("bwsNo", row.position.book_no.to_string()),
        ("chgTmsCnt", "0".into()),
        ("gdsSeqno", row.position.number.to_string()),
        ("inQty", came.to_string()),
        ("inLawfQty", came_in(Unit::Statutory1).to_string()),
        ("inSecdLawfQty", came_in(Unit::Statutory2).to_string()),
        ("actlIncQty", "0".into()),
        ("actlRedcQty", went.to_string()),
        ("prevdIncQty", announced.to_string()),
        ("prevdRedcQty", reserved.to_string()),
        ("dclCurrcd", DOLLAR.into()),
        ("dclUprcAmt", average.clone()),
        ("avgPrice", average),
        ("totalAmt", value.to_string()),
        ("modfMarkcd", "0".into()),
    ];
    own.extend(goods_of(list, row));
    if let Some((list_no, line)) = row.position.lot.as_ref().and_then(|lot| lot.as_str().rsplit_once('/')) {
        own.push(("invtNo", list_no.to_owned()));
        own.push(("invtGNo", line.to_owned()));
    }
    if list.movement.direction == zonebook_ledger::direction::Direction::In {
        own.push(("inDate", date_time(&letter.utc_offset.local(letter.event.ledger_time).to_string())));
    }
    Values::own(own)
}

/// `EmsPutrecDt`: the item of a processing book. Its schema has no counters.
pub(super) fn processing_row(list: &ListContent, row: &BookRowFigures) -> Values<'static> {
    let mut own = vec![
        ("emsNo", row.position.book_no.to_string()),
        ("gdsSeqno", row.position.number.to_string()),
        ("mtpckEndprdTypecd", row.position.mark.to_string()),
        ("modfMarkcd", "0".into()),
    ];
    own.extend(goods_of(list, row));
    Values::own(own)
}

/// What the line says of the goods of its own row; of the materials of a product it says nothing.
fn goods_of(list: &ListContent, row: &BookRowFigures) -> Vec<(&'static str, String)> {
    let line = list.lines.iter().map(|line| &line.filed).find(|line| {
        line.line == row.line && (line.number, list.movement.mark) == (row.position.number, row.position.mark)
    });
    let Some(line) = line else { return Vec::new() };
    let mut goods = vec![
        ("gdsMtno", line.part_no.to_string()),
        ("gdecd", line.tariff_code.to_string()),
        ("gdsNm", line.name.to_string()),
        ("natcd", line.origin.to_string()),
        ("dclUnitcd", line.units.declared.to_string()),
        ("lawfUnitcd", line.units.statutory1.to_string()),
    ];
    goods.extend(line.units.statutory2.as_ref().map(|unit| ("secdLawfUnitcd", unit.to_string())));
    goods
}

/// Value by quantity, rounded half up to five decimals; nothing of nothing.
fn average(value: Quantity, quantity: Quantity) -> String {
    const ONE: i128 = 100_000;
    let (value, quantity) = (value.raw(), quantity.raw());
    if quantity <= 0 || value < 0 {
        return "0".into();
    }
    let rounded = value.checked_mul(ONE).and_then(|scaled| {
        scaled.checked_mul(2)?.checked_add(quantity)?.checked_div(quantity.checked_mul(2)?)
    });
    rounded.map_or_else(|| "0".into(), |raw| Quantity::from_raw(raw).to_string())
}

/// `YYYY-MM-DD hh:mm:ss`
pub(super) fn date_time(local: &str) -> String {
    local.replace('T', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Example A2: 15,186.6 by 3,894 is 3.9.
    #[test]
    fn a2_average_price_of_a_row() {
        let value = Quantity::parse_amount("15186.6").unwrap();
        assert_eq!(average(value, Quantity::whole(3_894)), "3.9");
        assert_eq!(average(Quantity::whole(1), Quantity::whole(3)), "0.33333");
        assert_eq!(average(Quantity::whole(2), Quantity::whole(3)), "0.66667");
        assert_eq!(average(Quantity::whole(2), Quantity::ZERO), "0");
    }
}
