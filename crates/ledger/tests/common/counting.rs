//! Count campaigns in few words.

use super::build::{self, amount, book_no, customs_no, quantity};
use super::papers::{processing_book, row};
use super::world;
use super::zone::Zone;
use zonebook_ledger::book::Usage;
use zonebook_ledger::code::{CampaignNo, CountArea, CountSheetNo, CounterCode, UnitCode};
use zonebook_ledger::command::Command;
use zonebook_ledger::direction::Mark;
use zonebook_ledger::document::{
    CampaignClosing, CampaignFiling, CampaignOpening, CampaignStep, CountLine, CountPlace, CountScope,
    CountSheet, Document,
};

pub fn campaign_no(text: &str) -> CampaignNo {
    CampaignNo::new(text).unwrap()
}

pub fn area(text: &str) -> CountArea {
    CountArea::new(text).unwrap()
}

/// All of a book, one counter.
pub fn opening(book: &str) -> CampaignOpening {
    CampaignOpening {
        book_no: book_no(book),
        owner: customs_no(world::owner(book)),
        scope: CountScope { items: Vec::new(), area: None },
        blind: false,
        counters: 1,
    }
}

/// What one counter counted.
pub fn sheet(counter: &str, number: &str, round: u64, lines: Vec<CountLine>) -> CountSheet {
    CountSheet {
        counter: CounterCode::new(counter).unwrap(),
        sheet_no: CountSheetNo::new(number).unwrap(),
        round,
        lines,
    }
}

/// Closes a campaign that has so many sheets and nothing open.
pub fn close(sheets: u64) -> CampaignStep {
    CampaignStep::Close { closing: CampaignClosing { sheets, open_items: 0 }, reason: "".into() }
}

/// Goods in stock, counted at the cut-off.
pub fn counted(line: u64, number: u64, unit: &str, declared: &str) -> CountLine {
    CountLine {
        line,
        mark: Mark::Goods,
        number,
        serial: None,
        lot: None,
        place: CountPlace::Stock,
        bom_version: None,
        area: None,
        unit: UnitCode::new(unit).unwrap(),
        declared: quantity(declared),
        counted_at: None,
    }
}

pub fn step(number: &str, step: CampaignStep) -> Command {
    Command::File(Box::new(Document::Campaign(CampaignFiling { campaign_no: campaign_no(number), step })))
}

/// A zone with processing book M1, which has so many kilograms of materials 1, 2 and so on.
pub fn kilos_in_stock(amounts: &[&str]) -> Zone {
    let kilos = world::Goods {
        part: "FLUX".into(),
        tariff: "3810100000".into(),
        units: build::units("035", "035", None),
    };
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    let mut filing = processing_book("M1", Usage::Processing);
    for (number, kilograms) in (1..).zip(amounts) {
        filing.rows.push(row(Mark::Goods, number, &kilos, amount(kilograms, kilograms, None)));
    }
    zone.files(Document::Book(filing));
    zone.at("2026-06-02T10:00:00");
    zone
}
