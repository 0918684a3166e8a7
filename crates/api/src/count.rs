//! Count campaigns: as a caller sends them, and as they stand.

use crate::document::each;
use crate::field::{Field, FieldError, local_time, optional, read, required};
use crate::v1;
use crate::value::{local, timestamp};
use zonebook_ledger::campaign::{Campaign, CountKey, Counted};
use zonebook_ledger::code::{
    BomVersion, BookNo, CampaignNo, CountArea, CountSheetNo, CounterCode, CustomsNo, LotNo, SerialNo,
    UnitCode,
};
use zonebook_ledger::direction::Mark;
use zonebook_ledger::document::{
    CampaignFiling, CampaignOpening, CampaignStep, CountLine, CountPlace, CountScope, CountSheet, Document,
    ItemRange,
};
use zonebook_ledger::quantity::Quantity;

/// A campaign to open.
///
/// # Errors
/// Names the field.
pub fn opening(wire: Option<&v1::Campaign>) -> Field<Document> {
    let wire = required("campaign", wire)?;
    let inner = || -> Field<Document> {
        let opening = CampaignOpening {
            book_no: read("book_no", &wire.book_no, BookNo::new)?,
            owner: read("owner", &wire.owner, CustomsNo::new)?,
            scope: CountScope {
                items: each("items", &wire.items, range)?,
                area: optional("area", &wire.area, CountArea::new)?,
            },
            blind: wire.blind,
            counters: wire.counters.max(1),
        };
        step(&wire.campaign_no, CampaignStep::Open(opening))
    };
    inner().map_err(|error: FieldError| error.within("campaign"))
}

fn range(wire: &v1::ItemRange) -> Field<ItemRange> {
    let last = if wire.last == 0 { wire.first } else { wire.last };
    Ok(ItemRange { mark: read("mark", &wire.mark, Mark::from_code)?, first: wire.first, last })
}

/// A step of a campaign.
///
/// # Errors
/// The number cannot be one.
pub fn step(campaign_no: &str, step: CampaignStep) -> Field<Document> {
    let campaign_no = read("campaign_no", campaign_no, CampaignNo::new)?;
    Ok(Document::Campaign(CampaignFiling { campaign_no, step }))
}

/// A sheet of counts for a campaign.
///
/// # Errors
/// Names the field.
pub fn sheet(campaign_no: &str, wire: Option<&v1::CountSheet>) -> Field<Document> {
    let wire = required("sheet", wire)?;
    let inner = || -> Field<CountSheet> {
        Ok(CountSheet {
            counter: read("counter", &wire.counter, CounterCode::new)?,
            sheet_no: read("sheet_no", &wire.sheet_no, CountSheetNo::new)?,
            round: wire.round.max(1),
            lines: each("lines", &wire.lines, line)?,
        })
    };
    let sheet = inner().map_err(|error: FieldError| error.within("sheet"))?;
    step(campaign_no, CampaignStep::Record(sheet))
}

fn line(wire: &v1::CountLine) -> Field<CountLine> {
    Ok(CountLine {
        line: wire.line,
        mark: read("mark", &wire.mark, Mark::from_code)?,
        number: wire.number,
        serial: optional("serial", &wire.serial, SerialNo::new)?,
        lot: optional("lot", &wire.lot, LotNo::new)?,
        place: optional("place", &wire.place, CountPlace::from_code)?.unwrap_or(CountPlace::Stock),
        bom_version: optional("bom_version", &wire.bom_version, BomVersion::new)?,
        area: optional("area", &wire.area, CountArea::new)?,
        unit: read("unit", &wire.unit, UnitCode::new)?,
        // Nothing is a count like any other; that it was left out is a mistake.
        declared: read("quantity_declared", &wire.quantity_declared, Quantity::parse)?,
        counted_at: match wire.counted_at.as_str() {
            "" => None,
            text => Some(local_time("counted_at", text)?),
        },
    })
}

/// A line as a caller sends it.
#[must_use]
pub fn line_to_wire(line: &CountLine) -> v1::CountLine {
    let text = |code: Option<&str>| code.unwrap_or_default().to_owned();
    v1::CountLine {
        line: line.line,
        mark: line.mark.to_string(),
        number: line.number,
        serial: text(line.serial.as_ref().map(SerialNo::as_str)),
        lot: text(line.lot.as_ref().map(LotNo::as_str)),
        place: line.place.to_string(),
        bom_version: text(line.bom_version.as_ref().map(BomVersion::as_str)),
        area: text(line.area.as_ref().map(CountArea::as_str)),
        unit: line.unit.to_string(),
        quantity_declared: line.declared.to_string(),
        counted_at: local(line.counted_at),
    }
}

/// A campaign as it stands.
#[must_use]
pub fn status(campaign: &Campaign) -> v1::CampaignStatus {
    let opening = &campaign.opening;
    let range = |range: &ItemRange| v1::ItemRange {
        mark: range.mark.to_string(),
        first: range.first,
        last: range.last,
    };
    v1::CampaignStatus {
        campaign: Some(v1::Campaign {
            campaign_no: campaign.campaign_no.to_string(),
            book_no: opening.book_no.to_string(),
            owner: opening.owner.to_string(),
            items: opening.scope.items.iter().map(range).collect(),
            area: opening.scope.area.as_ref().map(ToString::to_string).unwrap_or_default(),
            blind: opening.blind,
            counters: opening.counters,
        }),
        state: campaign.state.to_string(),
        cut_off_revision: campaign.cut_off.0,
        cut_off_time: Some(timestamp(campaign.cut_off_time)),
        sheets: campaign.sheets,
        lines: campaign.lines,
        ended_time: campaign.ended_time.map(timestamp),
        end_reason: campaign.end_reason.to_string(),
        open_items: campaign.closing.map_or(0, |closing| closing.open_items),
    }
}

/// A count that was taken; without its quantity where that is hidden.
#[must_use]
pub fn count(key: &CountKey, counted: &Counted, unit: Option<&UnitCode>, hidden: bool) -> v1::Count {
    let text = |code: Option<&str>| code.unwrap_or_default().to_owned();
    v1::Count {
        counter: key.counter.to_string(),
        sheet_no: key.sheet_no.to_string(),
        round: key.round,
        line: Some(v1::CountLine {
            line: key.line,
            mark: key.mark.to_string(),
            number: key.number,
            serial: text(key.serial.as_ref().map(SerialNo::as_str)),
            lot: text(key.lot.as_ref().map(LotNo::as_str)),
            place: key.place.to_string(),
            bom_version: text(key.bom_version.as_ref().map(BomVersion::as_str)),
            area: text(key.area.as_ref().map(CountArea::as_str)),
            unit: unit.map(ToString::to_string).unwrap_or_default(),
            quantity_declared: if hidden { String::new() } else { counted.declared.to_string() },
            counted_at: local(counted.counted_at),
        }),
    }
}
