//! A small world: so few books, goods and numbers that commands keep meeting each other.

use super::build::units;
use zonebook_ledger::behaviour::BEHAVIOUR_MAX;
use zonebook_ledger::book::{BookingMode, Regime, Usage};
use zonebook_ledger::command::{Command, Founding, Genesis};
use zonebook_ledger::item::Units;
use zonebook_ledger::party::Party;
use zonebook_ledger::permission::{Assignment, Principal, Role};
use zonebook_ledger::time::{Instant, LocalTime, UtcOffset};
use zonebook_ledger::zone::{Zone, ZoneKind};

/// The office of the zone in which all books lie.
pub const OFFICE: &str = "2217";
/// The office of a logistics park.
pub const PARK: &str = "3107";
/// An office that is no zone.
pub const NO_OFFICE: &str = "9999";
/// Books that may be filed.
pub const BOOKS: [&str; 14] =
    ["A1", "A3", "A2", "R1", "R2", "B1", "C1", "K1", "M1", "N1", "V1", "W1", "Y1", "Y2"];
/// A book that never is.
pub const NO_BOOK: &str = "X9";
/// Lists.
pub const LISTS: [&str; 14] =
    ["L01", "L02", "L03", "L04", "L05", "L06", "L07", "L08", "L09", "L10", "L11", "L12", "L13", "L14"];
/// Passes.
pub const PASSES: [&str; 14] =
    ["P01", "P02", "P03", "P04", "P05", "P06", "P07", "P08", "P09", "P10", "P11", "P12", "P13", "P14"];
/// Permits.
pub const PERMITS: [&str; 9] = ["F01", "F02", "F03", "F04", "F05", "F06", "F07", "F08", "F09"];
/// Slips.
pub const SLIPS: [&str; 14] =
    ["S01", "S02", "S03", "S04", "S05", "S06", "S07", "S08", "S09", "S10", "S11", "S12", "S13", "S14"];
/// Guarantees.
pub const GUARANTEES: [&str; 2] = ["G01", "G02"];
/// Approvals by which products leave from where they were made.
pub const DIRECT_EXITS: [&str; 6] = ["X01", "X02", "X03", "X04", "X05", "X06"];
/// Import licences.
pub const LICENCES: [&str; 8] = ["B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08"];
/// Transfer forms.
pub const FORMS: [&str; 6] = ["E01", "E02", "E03", "E04", "E05", "E06"];
/// Parcels.
pub const PARCELS: [&str; 10] = ["T01", "T02", "T03", "T04", "T05", "T06", "T07", "T08", "T09", "T10"];
/// Returns of parcels.
pub const RETURNS: [&str; 8] = ["V01", "V02", "V03", "V04", "V05", "V06", "V07", "V08"];
/// Consumption slips.
pub const CONSUMPTIONS: [&str; 8] = ["U01", "U02", "U03", "U04", "U05", "U06", "U07", "U08"];
/// Disposals.
pub const DISPOSALS: [&str; 8] = ["Q01", "Q02", "Q03", "Q04", "Q05", "Q06", "Q07", "Q08"];
/// Adjustments.
pub const ADJUSTMENTS: [&str; 4] = ["J01", "J02", "J03", "J04"];
/// Reports of differences.
pub const REPORTS: [&str; 4] = ["V01", "V02", "V03", "V04"];
/// Count campaigns.
pub const CAMPAIGNS: [&str; 4] = ["D01", "D02", "D03", "D04"];
/// Lease contracts.
pub const LEASES: [&str; 5] = ["K01", "K02", "K03", "K04", "K05"];
/// Work orders.
pub const WORK_ORDERS: [&str; 4] = ["O01", "O02", "O03", "O04"];
/// Gate registrations.
pub const REGISTRATIONS: [&str; 6] = ["G01", "G02", "G03", "G04", "G05", "G06"];
/// Changes of status.
pub const STATUS_CHANGES: [&str; 4] = ["H01", "H02", "H03", "H04"];
/// Carry-overs.
pub const CARRY_OVERS: [&str; 4] = ["Z01", "Z02", "Z03", "Z04"];
/// Projects of research.
pub const PROJECTS: [&str; 2] = ["LIDAR", "RADAR"];
/// Units by serial number.
pub const SERIALS: [&str; 4] = ["SN1", "SN2", "SN3", "SN4"];
/// Corrections.
pub const CORRECTIONS: [&str; 10] = ["K01", "K02", "K03", "K04", "K05", "K06", "K07", "K08", "K09", "K10"];
/// Tallies.
pub const TALLIES: [&str; 8] = ["X01", "X02", "X03", "X04", "X05", "X06", "X07", "X08"];
/// Declarations.
pub const DECLARATIONS: [&str; 5] = ["D1", "D2", "D3", "D4", "D5"];
/// Bills of lading.
pub const BILLS: [&str; 3] = ["BL1", "BL2", "BL3"];

/// `A..` accumulates, `R..` opens a row for each receipt.
pub fn booking_mode(book_no: &str) -> BookingMode {
    if book_no.starts_with(['R', 'Y']) { BookingMode::RowPerReceipt } else { BookingMode::Accumulating }
}

/// What a book is for, by its first letter.
pub fn usage(book_no: &str) -> Usage {
    match book_no.chars().next() {
        Some('B') => Usage::NonBonded,
        Some('C') => Usage::ECommerce,
        Some('K' | 'M' | 'V') => Usage::Processing,
        Some('N') => Usage::Research,
        Some('W') => Usage::Repair,
        Some('Y') => Usage::Lease,
        _ => Usage::Store,
    }
}

/// How the materials of a processing book are accounted for; of `M1` nothing is said.
pub fn regime(book_no: &str) -> Option<Regime> {
    match book_no.chars().next() {
        Some('K') => Some(Regime::WorkOrder),
        Some('V') => Some(Regime::Slip),
        _ => None,
    }
}

/// The enterprise that owns a book.
pub fn owner(book_no: &str) -> &'static str {
    if book_no.ends_with('2') { "2217960002" } else { "2217960001" }
}

/// `A2`, `R2` and `Y2` end early, so that days decide.
pub fn valid_until(book_no: &str) -> &'static str {
    if book_no.ends_with('2') { "2026-06-08" } else { "2026-12-31" }
}

/// Goods of the trade: what a line says of them.
#[derive(Clone, Debug)]
pub struct Goods {
    /// `gdsMtno`
    pub part: String,
    /// `gdecd`
    pub tariff: String,
    /// The three units.
    pub units: Units,
}

/// Goods by item number: counted by weight alone, by three units, with a second unit that is the declared one, and with
/// the part number of the first.
pub fn goods(number: u64) -> Goods {
    let (part, tariff, units) = match number.saturating_sub(1) % 4 {
        0 => ("COTTON", "5201000001", units("035", "035", None)),
        1 => ("TYRE", "4011200090", units("003", "035", Some("007"))),
        2 => ("WINE", "2204210000", units("007", "095", Some("007"))),
        _ => ("COTTON", "5201000090", units("006", "035", None)),
    };
    Goods { part: part.into(), tariff: tariff.into(), units }
}

/// Whether a book is filed by `EMS111`.
pub fn is_processing(book_no: &str) -> bool {
    matches!(usage(book_no), Usage::Processing | Usage::Research | Usage::Repair)
}

/// The item of a repair book that is tracked by serial number.
pub const UNITS: u64 = 6;

/// Units for repair.
pub fn unit_for_repair() -> Goods {
    Goods { part: "PUMP".into(), tariff: "8413500000".into(), units: units("001", "001", None) }
}

/// What a book takes under an item number: materials of one unit in a processing book.
pub fn goods_in(book_no: &str, number: u64) -> Goods {
    let goods = goods(number);
    if is_processing(book_no) { Goods { units: units("035", "035", None), ..goods } } else { goods }
}

/// Products by item number.
pub fn product(number: u64) -> Goods {
    let part = format!("SHIRT-{number}");
    Goods { part, tariff: format!("620520000{number}"), units: units("006", "035", None) }
}

/// Who asks, and what they may do. The last one may do nothing.
pub const PRINCIPALS: [(&str, &[Role]); 6] = [
    ("loopback", &[Role::Enterprise, Role::Operator, Role::Customs, Role::Administrator, Role::Migrator]),
    ("firm", &[Role::Enterprise]),
    ("gate", &[Role::Operator]),
    ("customs", &[Role::Customs]),
    ("admin", &[Role::Administrator]),
    ("stranger", &[]),
];

/// The one who may do anything.
pub fn loopback() -> Principal {
    Principal::loopback()
}

/// A moment by the zone's clock.
pub fn moment(text: &str) -> Instant {
    UtcOffset::CHINA.instant(local(text))
}

/// A time as a document writes it.
pub fn local(text: &str) -> LocalTime {
    LocalTime::parse(text).unwrap()
}

/// The commands that every history begins with.
pub fn beginning() -> Vec<Command> {
    let assignment = |(name, roles): &(&str, &[Role])| Assignment {
        principal: Principal((*name).into()),
        roles: roles.to_vec(),
    };
    let genesis = Genesis {
        cluster_id: "laws".into(),
        utc_offset: UtcOffset::CHINA,
        assignments: PRINCIPALS.iter().map(assignment).collect(),
    };
    vec![
        Command::Found(Founding { genesis, behaviour: BEHAVIOUR_MAX }),
        Command::DefineZone(zone(OFFICE, ZoneKind::ComprehensiveBonded)),
        Command::DefineZone(zone(PARK, ZoneKind::LogisticsPark)),
        Command::DefineParty(party()),
    ]
}

/// A zone of a kind.
pub fn zone(office: &str, kind: ZoneKind) -> Zone {
    Zone {
        office: super::build::office(office),
        kind,
        name_zh: "综合保税区".into(),
        name_en: "Comprehensive bonded zone".into(),
    }
}

/// An enterprise of the zone.
pub fn party() -> Party {
    Party {
        customs_no: super::build::customs_no(owner("A1")),
        credit_code: zonebook_ledger::code::CreditCode::new("91310000000000001X").unwrap(),
        office: super::build::office(OFFICE),
        role: "storage".into(),
        name_zh: "仓储".into(),
        name_en: "Storage".into(),
    }
}
