//! Commands as callers give them: a zone, a book with goods, lists that take them out.

use anyhow::{Context, Result};
use zonebook_ledger::book::{BookKind, BookingMode, Usage};
use zonebook_ledger::code::{
    BookNo, CreditCode, CustomsNo, DeclarationNo, ListNo, ModeCode, OfficeCode, PartNo, TariffCode, UnitCode,
};
use zonebook_ledger::command::{Command, Proposal, RequestId};
use zonebook_ledger::direction::{Direction, Mark, Stops};
use zonebook_ledger::document::{
    BookFiling, BookRow, DeclarationNotice, DeclarationType, Document, List, ListFiling, ListLine,
};
use zonebook_ledger::item::Units;
use zonebook_ledger::party::Party;
use zonebook_ledger::permission::Principal;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::time::{Date, Instant, LocalTime};
use zonebook_ledger::zone::{Zone, ZoneKind};

/// When every simulation begins, like the histories of chance: 2026-06-02T00:00:00Z.
pub const EPOCH: Instant = Instant(1_780_358_400_000);
/// Items of the book.
pub const ITEMS: u64 = 20;
const OPENING: i64 = 1_000_000;
const OFFICE: &str = "9935";
const OWNER: &str = "9935SIMUL1";
const BOOK: &str = "T9935SIM";

/// Goods that a list takes: item and quantity.
pub type Goods = Vec<(u64, i64)>;

/// A command under a request id of its own.
#[must_use]
pub fn proposal(number: u64, command: Command) -> Proposal {
    let mut id = [0; 16];
    let (made_at, rest) = id.split_at_mut(8);
    made_at.copy_from_slice(&(EPOCH.0 << 16).to_be_bytes());
    rest.copy_from_slice(&number.to_be_bytes());
    Proposal { request_id: Some(RequestId(id)), ..unkeyed(command) }
}

/// A command without a request id.
#[must_use]
pub fn unkeyed(command: Command) -> Proposal {
    Proposal { principal: Principal::loopback(), request_id: None, ledger_time: None, command }
}

/// The zone and the book of this trade.
///
/// # Errors
/// A number does not have the form of its kind.
pub fn beginning() -> Result<Vec<Command>> {
    let zone = Zone {
        office: OfficeCode::new(OFFICE)?,
        kind: ZoneKind::ComprehensiveBonded,
        name_zh: "测试区".into(),
        name_en: "Simulated".into(),
    };
    Ok(vec![Command::DefineZone(zone), file(Document::Book(book()?))])
}

fn file(document: Document) -> Command {
    Command::File(Box::new(document))
}

fn day(year: i32, month: u32, day: u32) -> Result<Date> {
    Date::from_civil(year, month, day).context("a day that does not exist")
}

fn declared_at() -> Result<LocalTime> {
    Ok(LocalTime::parse("2026-06-01 08:00:00")?)
}

fn units() -> Result<Units> {
    Ok(Units { declared: UnitCode::new("011")?, statutory1: UnitCode::new("035")?, statutory2: None })
}

fn book() -> Result<BookFiling> {
    let row = |number: u64| {
        Ok(BookRow {
            mark: Mark::Goods,
            number,
            amended: false,
            part_no: PartNo::new(&format!("P{number}"))?,
            tariff_code: TariffCode::new("8471300000")?,
            name: "goods".into(),
            units: units()?,
            lot: None,
            serial: None,
            tracked_by_serial: false,
            opening_declared: Quantity::whole(OPENING),
            opening_statutory1: Quantity::whole(OPENING),
            opening_statutory2: Quantity::ZERO,
            opening_value: Quantity::whole(OPENING),
            stops: Stops::default(),
        })
    };
    Ok(BookFiling {
        book_no: BookNo::new(BOOK)?,
        kind: BookKind::Logistics,
        change_no: None,
        office: OfficeCode::new(OFFICE)?,
        zone_kind: Some(ZoneKind::ComprehensiveBonded),
        owner: CustomsNo::new(OWNER)?,
        usage: Usage::Store,
        regime: None,
        booking_mode: BookingMode::Accumulating,
        valid_until: day(2099, 12, 31)?,
        declared_at: declared_at()?,
        rows: (1..=ITEMS).map(row).collect::<Result<_>>()?,
        bom: Vec::new(),
    })
}

/// An enterprise.
///
/// # Errors
/// As [`beginning`].
pub fn party(number: u64) -> Result<Command> {
    Ok(Command::DefineParty(Party {
        customs_no: CustomsNo::new(&format!("{number:010}"))?,
        credit_code: CreditCode::new(&format!("{number:018}"))?,
        office: OfficeCode::new(OFFICE)?,
        role: "storage".into(),
        name_zh: "企业".into(),
        name_en: "Party".into(),
    }))
}

fn list_no(list: u64) -> Result<ListNo> {
    Ok(ListNo::new(&format!("QD{list}"))?)
}

fn declaration_no(list: u64) -> Result<DeclarationNo> {
    Ok(DeclarationNo::new(&format!("D{list}"))?)
}

/// A list that takes goods out of the zone. Goods that are destroyed are gone when their declaration is released;
/// others wait for the gate as well.
///
/// # Errors
/// As [`beginning`].
pub fn list(list: u64, goods: &Goods, destroyed: bool) -> Result<Command> {
    let line = |(line, (number, quantity)): (u64, &(u64, i64))| {
        Ok(ListLine {
            line,
            number: *number,
            part_no: PartNo::new(&format!("P{number}"))?,
            tariff_code: TariffCode::new("8471300000")?,
            name: "goods".into(),
            units: units()?,
            origin: "142".into(),
            destination: "".into(),
            duty_mode: None,
            declaration_line: None,
            dangerous: false,
            declared: Quantity::whole(*quantity),
            statutory1: Quantity::whole(*quantity),
            statutory2: None,
            value_usd: Quantity::whole(*quantity),
            price: Quantity::whole(1),
            total: Quantity::whole(*quantity),
            currency: "502".into(),
            gross: Quantity::whole(2),
            net: Quantity::whole(1),
            serial: None,
            bom_version: None,
            provenance: None,
        })
    };
    let content = List {
        list_no: list_no(list)?,
        book_no: BookNo::new(BOOK)?,
        owner: CustomsNo::new(OWNER)?,
        declared_at: declared_at()?,
        direction: Direction::Out,
        mark: Mark::Goods,
        kind: "0".into(),
        mode: ModeCode::new(if destroyed { "0200" } else { "5034" })?,
        transport: "9".into(),
        declared: true,
        declaration_type: Some(DeclarationType::Corresponding),
        declaration_no: Some(declaration_no(list)?),
        related_company_complete: false,
        related_list: None,
        related_book: None,
        flow: None,
        exchanged_list: None,
        bill_no: None,
        permit_no: None,
        slips: Vec::new(),
        parcels: Vec::new(),
        results: Vec::new(),
        lots: Vec::new(),
        expiries: Vec::new(),
        lines: (1..).zip(goods).map(line).collect::<Result<_>>()?,
    };
    Ok(file(Document::List(ListFiling::File(content))))
}

/// Takes a list back.
///
/// # Errors
/// As [`beginning`].
pub fn withdrawal(list: u64) -> Result<Command> {
    Ok(file(Document::List(ListFiling::Withdraw { change_no: 1, list_no: list_no(list)? })))
}

/// Releases the declaration of a list.
///
/// # Errors
/// As [`beginning`].
pub fn release(list: u64) -> Result<Command> {
    Ok(file(Document::Notice(DeclarationNotice {
        declaration_no: declaration_no(list)?,
        releases: true,
        channel: "P".into(),
        noticed_at: declared_at()?,
    })))
}

/// Where an item of the book stands.
///
/// # Errors
/// As [`beginning`].
pub fn position(number: u64) -> Result<PositionKey> {
    let book_no = BookNo::new(BOOK)?;
    Ok(PositionKey { book_no, mark: Mark::Goods, number, lot: None, serial: None, place: Place::Zone })
}
