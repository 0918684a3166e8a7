//! Count campaigns (`domain.md` 4.2): a book that is counted while it moves.

mod common;

use common::build::{self, quantity};
use common::counting::{campaign_no, close, counted, kilos_in_stock, opening, sheet, step};
use common::papers::{consumption, processing_book, serial};
use common::world;
use common::zone::Zone;
use zonebook_ledger::book::{Book, BookKind, Usage};
use zonebook_ledger::command::{BookAction, BookOrder, Command};
use zonebook_ledger::direction::Mark;
use zonebook_ledger::document::{CampaignOpening, CampaignStep, CountPlace, CountScope, Document, ItemRange};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::place::Place;
use zonebook_ledger::query::{self, Moment};
use zonebook_ledger::reason::Reason;
use zonebook_ledger::state::{Books, Campaigns, get};

/// A processing book with 2,000 kg of material 1 and 50 of material 2.
fn stocked() -> Zone {
    kilos_in_stock(&["2000", "50"])
}

fn only(book: &str, first: u64, last: u64) -> CampaignOpening {
    let items = vec![ItemRange { mark: Mark::Goods, first, last }];
    CampaignOpening { scope: CountScope { items, area: None }, ..opening(book) }
}

fn reason(zone: &mut Zone, command: Command) -> Reason {
    zone.takes(command).applied.outcome.refusal().expect("it is refused").reason
}

fn record(number: &str, sheet: zonebook_ledger::document::CountSheet) -> Command {
    step(number, CampaignStep::Record(sheet))
}

#[test]
fn movements_go_on_and_the_figure_of_the_cut_off_stays() {
    let mut zone = stocked();
    let opened = zone.accepts(step("D01", CampaignStep::Open(opening("M1"))));
    zone.files(Document::Consumption(consumption("U01", "M1", &[(1, quantity("42"))])));
    let campaign = get::<Campaigns>(&zone.state, campaign_no("D01")).unwrap().unwrap();
    assert_eq!((campaign.state, campaign.cut_off), (DocumentState::Open, opened.revision));
    let stock = build::position("M1", 1, Place::Zone);
    let at = |moment| query::counters(&zone.state, &stock, moment).unwrap().on_hand().unwrap().declared();
    assert_eq!(at(Moment::After(campaign.cut_off)), quantity("2000"));
    assert_eq!(at(Moment::Now), quantity("1958"));
}

#[test]
fn an_item_is_counted_by_one_open_campaign_at_a_time() {
    let mut zone = stocked();
    zone.accepts(step("D01", CampaignStep::Open(only("M1", 1, 1))));
    zone.accepts(step("D02", CampaignStep::Open(only("M1", 2, 9))));
    assert_eq!(
        reason(&mut zone, step("D03", CampaignStep::Open(only("M1", 1, 1)))),
        Reason::CampaignOverlaps
    );
    assert_eq!(reason(&mut zone, step("D03", CampaignStep::Open(opening("M1")))), Reason::CampaignOverlaps);
    zone.accepts(step("D01", close(0)));
    zone.accepts(step("D03", CampaignStep::Open(only("M1", 1, 1))));
    let out = sheet("LI", "1", 1, vec![counted(1, 2, "035", "50")]);
    assert_eq!(reason(&mut zone, record("D03", out.clone())), Reason::CountOutOfScope);
    zone.accepts(record("D02", out));
}

#[test]
fn a_sheet_counts_once_and_is_never_changed() {
    let mut zone = stocked();
    zone.accepts(step("D01", CampaignStep::Open(opening("M1"))));
    let first = sheet("LI", "1", 1, vec![counted(1, 1, "035", "2000"), counted(2, 2, "035", "0")]);
    let applied = zone.accepts(record("D01", first.clone()));
    let again = zone.takes(record("D01", first.clone())).applied;
    assert!(again.repeated);
    assert_eq!(again.revision, applied.revision);
    let mut other = first.clone();
    other.lines[0].declared = quantity("1999");
    assert_eq!(reason(&mut zone, record("D01", other)), Reason::DocumentExists);
    zone.accepts(record("D01", sheet("WANG", "1", 1, first.lines)));
    let campaign = get::<Campaigns>(&zone.state, campaign_no("D01")).unwrap().unwrap();
    assert_eq!((campaign.sheets, campaign.lines), (2, 4));
}

#[test]
fn a_campaign_that_is_over_takes_no_counts() {
    let mut zone = stocked();
    let late = record("D01", sheet("LI", "1", 1, vec![counted(1, 1, "035", "7")]));
    assert_eq!(reason(&mut zone, late.clone()), Reason::DocumentUnknown);
    zone.accepts(step("D01", CampaignStep::Open(opening("M1"))));
    let nothing = CampaignStep::Cancel { reason: " ".into() };
    assert_eq!(reason(&mut zone, step("D01", nothing)), Reason::InvalidField);
    zone.accepts(step("D01", CampaignStep::Cancel { reason: "flooded".into() }));
    assert_eq!(reason(&mut zone, late), Reason::CampaignNotOpen);
    assert_eq!(reason(&mut zone, step("D01", close(0))), Reason::CampaignNotOpen);
}

#[test]
fn counts_name_filed_goods_in_their_unit_since_the_cut_off() {
    let mut zone = stocked();
    zone.accepts(step("D01", CampaignStep::Open(opening("M1"))));
    zone.at("2026-06-02T12:00:00");
    let mut number = 0;
    let mut refused = |change: &dyn Fn(&mut zonebook_ledger::document::CountLine)| {
        number += 1;
        let mut line = counted(1, 1, "035", "2000");
        change(&mut line);
        reason(&mut zone, record("D01", sheet("LI", &number.to_string(), 1, vec![line])))
    };
    assert_eq!(refused(&|line| line.number = 9), Reason::ItemNotFiled);
    assert_eq!(refused(&|line| line.unit = build::units("011", "011", None).declared), Reason::UnitMismatch);
    assert_eq!(refused(&|line| line.declared = quantity("-0.00001")), Reason::InvalidField);
    assert_eq!(refused(&|line| line.serial = Some(serial("SN1"))), Reason::InvalidField);
    assert_eq!(
        refused(&|line| line.lot = zonebook_ledger::code::LotNo::new("L01/1").ok()),
        Reason::InvalidField
    );
    let version = zonebook_ledger::code::BomVersion::new("V1").unwrap();
    assert_eq!(refused(&|line| line.bom_version = Some(version.clone())), Reason::BomVersionUnknown);
    let at = |text: &str| Some(world::local(text));
    assert_eq!(refused(&|line| line.counted_at = at("2026-06-02T09:59:59")), Reason::InvalidField);
    assert_eq!(refused(&|line| line.counted_at = at("2026-06-02T12:00:01")), Reason::InvalidField);
}

#[test]
fn a_book_that_is_being_counted_does_not_end() {
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    zone.files(Document::Book(processing_book("M1", Usage::Processing)));
    zone.accepts(step("D01", CampaignStep::Open(opening("M1"))));
    let cancel = || {
        Command::OrderBook(BookOrder {
            book_no: build::book_no("M1"),
            action: BookAction::Cancel,
            reason: "moved away".into(),
        })
    };
    assert_eq!(reason(&mut zone, cancel()), Reason::BookNotEmpty);
    zone.accepts(step("D01", close(0)));
    zone.accepts(cancel());
}

/// Where the book has what was counted depends on how it knows the use of its materials.
#[test]
fn counting_places_stand_in_the_book() {
    let mut zone = stocked();
    zone.at("2026-06-02T11:00:00");
    let book: Book = (*get::<Books>(&zone.state, build::book_no("M1")).unwrap().unwrap()).clone();
    assert_eq!(book.kind, BookKind::Processing);
    let at = |book: &Book, place: CountPlace| place.stands_at(book, Mark::Goods);
    assert_eq!(at(&book, CountPlace::InProcess), Some(Place::Zone));
    let by_order = Book { regime: zonebook_ledger::book::Regime::WorkOrder, ..book.clone() };
    assert_eq!(at(&by_order, CountPlace::InProcess), Some(Place::InProcess));
    assert_eq!(at(&book, CountPlace::Outsourced), Some(Place::OutOnForm));
    assert_eq!(at(&book, CountPlace::Domestic), None);
    let repair = Book { usage: Usage::Repair, ..book };
    assert_eq!(CountPlace::Stock.stands_at(&repair, Mark::Residue), Some(Place::RemovedPart));
}
