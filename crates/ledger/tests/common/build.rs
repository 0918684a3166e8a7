//! Documents in few words. Whatever a document has to have and a test does not care about is filled in here, so that a
//! new field of a document is a new line here.

use super::world::{self, Goods};
use zonebook_ledger::book::BookKind;
use zonebook_ledger::code::{
    BillNo, BookNo, CustomsNo, DeclarationNo, DocumentNo, ListNo, LotNo, ModeCode, OfficeCode, PartNo,
    PassNo, TariffCode, UnitCode,
};
use zonebook_ledger::direction::{Direction, Mark, Stops};
use zonebook_ledger::document::{
    Binding, BookFiling, BookRow, DeclarationNotice, DeclarationType, Document, LinkedType, List, ListFiling,
    ListLine, PassFiling, PassLine, PassageReport, PassageStage,
};
use zonebook_ledger::item::{ItemKey, Units};
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::time::LocalTime;
use zonebook_ledger::zone::ZoneKind;

pub fn quantity(text: &str) -> Quantity {
    Quantity::parse(text).unwrap()
}

pub fn book_no(text: &str) -> BookNo {
    BookNo::new(text).unwrap()
}

pub fn list_no(text: &str) -> ListNo {
    ListNo::new(text).unwrap()
}

pub fn pass_no(text: &str) -> PassNo {
    PassNo::new(text).unwrap()
}

pub fn office(text: &str) -> OfficeCode {
    OfficeCode::new(text).unwrap()
}

pub fn customs_no(text: &str) -> CustomsNo {
    CustomsNo::new(text).unwrap()
}

pub fn declaration_no(text: &str) -> DeclarationNo {
    DeclarationNo::new(text).unwrap()
}

pub fn bill_no(text: &str) -> BillNo {
    BillNo::new(text).unwrap()
}

pub fn mode(text: &str) -> ModeCode {
    ModeCode::new(text).unwrap()
}

pub fn units(declared: &str, statutory1: &str, statutory2: Option<&str>) -> Units {
    let unit = |code: &str| UnitCode::new(code).unwrap();
    Units { declared: unit(declared), statutory1: unit(statutory1), statutory2: statutory2.map(unit) }
}

/// Goods of a book, mark `I`.
pub fn item(book: &str, number: u64) -> ItemKey {
    ItemKey { book_no: book_no(book), mark: Mark::Goods, number }
}

/// Goods of a book without lots, in one place.
pub fn position(book: &str, number: u64, place: Place) -> PositionKey {
    PositionKey { book_no: book_no(book), mark: Mark::Goods, number, lot: None, serial: None, place }
}

/// Three quantities of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// `dclQty`
    pub declared: Quantity,
    /// `lawfQty`
    pub statutory1: Quantity,
    /// `secdLawfQty`
    pub statutory2: Option<Quantity>,
}

/// Three quantities from their texts.
pub fn amount(declared: &str, statutory1: &str, statutory2: Option<&str>) -> Amount {
    Amount {
        declared: quantity(declared),
        statutory1: quantity(statutory1),
        statutory2: statutory2.map(quantity),
    }
}

/// A storage book without rows.
pub fn book(number: &str) -> BookFiling {
    BookFiling {
        kind: BookKind::Logistics,
        bom: Vec::new(),
        book_no: book_no(number),
        change_no: None,
        office: office(world::OFFICE),
        zone_kind: Some(ZoneKind::ComprehensiveBonded),
        owner: customs_no(world::owner(number)),
        usage: world::usage(number),
        regime: world::regime(number),
        booking_mode: world::booking_mode(number),
        valid_until: world::local(world::valid_until(number)).date(),
        declared_at: world::local("2026-06-01T09:00:00"),
        rows: Vec::new(),
    }
}

/// A row of a book with its opening balance.
pub fn book_row(number: u64, goods: &Goods, opening: Amount) -> BookRow {
    BookRow {
        mark: Mark::Goods,
        serial: None,
        tracked_by_serial: false,
        number,
        amended: true,
        part_no: PartNo::new(&goods.part).unwrap(),
        tariff_code: TariffCode::new(&goods.tariff).unwrap(),
        name: "goods".into(),
        units: goods.units.clone(),
        lot: LotNo::new(&format!("OLD/{number}")).ok(),
        opening_declared: opening.declared,
        opening_statutory1: opening.statutory1,
        opening_statutory2: opening.statutory2.unwrap_or_default(),
        opening_value: opening.declared,
        stops: Stops::default(),
    }
}

/// A list of kind 0 without lines that is not declared: it waits for the gate alone.
pub fn list(number: &str, book: &str, direction: Direction) -> List {
    List {
        flow: None,
        exchanged_list: None,
        permit_no: None,
        slips: Vec::new(),
        parcels: Vec::new(),
        results: Vec::new(),
        lots: Vec::new(),
        expiries: Vec::new(),
        list_no: list_no(number),
        book_no: book_no(book),
        owner: customs_no(world::owner(book)),
        declared_at: world::local("2026-06-02T09:00:00"),
        direction,
        mark: Mark::Goods,
        kind: "0".into(),
        mode: mode("5034"),
        transport: "2".into(),
        declared: false,
        declaration_type: None,
        declaration_no: None,
        related_company_complete: false,
        related_list: None,
        related_book: None,
        bill_no: None,
        lines: Vec::new(),
    }
}

/// The same list with a declaration of its own.
pub fn declared(list: List, declaration: &str) -> List {
    List {
        declared: true,
        declaration_type: Some(DeclarationType::Corresponding),
        declaration_no: Some(declaration_no(declaration)),
        ..list
    }
}

/// The same list with a declaration that the other party makes.
pub fn declared_by_partner(list: List, declaration: &str) -> List {
    List {
        declaration_type: Some(DeclarationType::Related),
        related_company_complete: true,
        ..declared(list, declaration)
    }
}

/// A line of a list. Its value in US dollars is its declared quantity.
pub fn list_line(line: u64, number: u64, goods: &Goods, amount: Amount) -> ListLine {
    ListLine {
        bom_version: None,
        provenance: None,
        dangerous: false,
        line,
        number,
        part_no: PartNo::new(&goods.part).unwrap(),
        tariff_code: TariffCode::new(&goods.tariff).unwrap(),
        name: "goods".into(),
        units: goods.units.clone(),
        origin: "142".into(),
        destination: "".into(),
        duty_mode: None,
        declaration_line: None,
        declared: amount.declared,
        statutory1: amount.statutory1,
        statutory2: amount.statutory2,
        value_usd: amount.declared,
        price: Quantity::whole(1),
        total: amount.declared,
        currency: "502".into(),
        gross: Quantity::whole(3),
        net: Quantity::whole(2),
        serial: None,
    }
}

/// A pass for lists, whole.
pub fn pass(number: &str, direction: Direction, lists: &[&str]) -> PassFiling {
    PassFiling {
        pass_no: pass_no(number),
        office: office(world::OFFICE),
        direction,
        binding: if lists.len() == 1 { Binding::OneToOne } else { Binding::ManyDocuments },
        linked_type: LinkedType::List,
        linked: lists.iter().map(|list| DocumentNo::new(list).unwrap()).collect(),
        book_no: None,
        vehicle_no: "沪A00001".into(),
        seal_no: None,
        weights: None,
        declared_at: world::local("2026-06-02T10:00:00"),
        lines: Vec::new(),
    }
}

/// A pass for part of a list: lines and declared quantities.
pub fn part_pass(number: &str, direction: Direction, list: &str, parts: &[(u64, Quantity)]) -> PassFiling {
    let line = |(at, (line, declared)): (usize, &(u64, Quantity))| PassLine {
        line: at as u64 + 1,
        linked_line: Some(*line),
        part_no: None,
        unit: None,
        declared: *declared,
    };
    PassFiling {
        binding: Binding::ManyVehicles,
        lines: parts.iter().enumerate().map(line).collect(),
        ..pass(number, direction, &[list])
    }
}

/// A pass on a bill of lading: goods and declared quantities.
pub fn bill_pass(number: &str, book: &str, bill: &str, goods: &[(Goods, Quantity)]) -> PassFiling {
    let line = |(at, (goods, declared)): (usize, &(Goods, Quantity))| PassLine {
        line: at as u64 + 1,
        linked_line: None,
        part_no: PartNo::new(&goods.part).ok(),
        unit: Some(goods.units.declared.clone()),
        declared: *declared,
    };
    PassFiling {
        linked_type: LinkedType::Bill,
        book_no: Some(book_no(book)),
        lines: goods.iter().enumerate().map(line).collect(),
        ..pass(number, Direction::In, &[bill])
    }
}

/// A report of the gate.
pub fn passage(pass: &str, stage: PassageStage, passed_at: LocalTime) -> PassageReport {
    PassageReport { pass_no: pass_no(pass), stage, passed_at: Some(passed_at), collected: None }
}

/// A notice about a declaration: `P` and `R` release it.
pub fn notice(declaration: &str, channel: &str, noticed_at: LocalTime) -> DeclarationNotice {
    DeclarationNotice {
        declaration_no: declaration_no(declaration),
        releases: matches!(channel, "P" | "R"),
        channel: channel.into(),
        noticed_at,
    }
}

/// A new list as a document.
pub fn filed(list: List) -> Document {
    Document::List(ListFiling::File(list))
}

/// The end of an accepted list.
pub fn withdrawal(number: &str, change_no: u64) -> Document {
    Document::List(ListFiling::Withdraw { change_no, list_no: list_no(number) })
}

/// New content of an accepted list.
pub fn change(list: List, change_no: u64) -> Document {
    Document::List(ListFiling::Change { change_no, list })
}
