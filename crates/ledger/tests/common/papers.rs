//! More documents in few words: permits, slips, parcels, consumption slips, processing books.

use super::build::{self, Amount, book_no, customs_no, office};
use super::world::{self, Goods};
use zonebook_ledger::book::{BookKind, BookingMode, Usage};
use zonebook_ledger::code::{
    BomVersion, ConsumptionNo, DocumentNo, ListNo, ParcelNo, PartNo, PermitNo, SerialNo, SlipNo, TariffCode,
};
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{
    BomRow, BookFiling, BookRow, ConsumptionFiling, LinkedType, Parcel, ParcelLine, PassFiling, PermitFiling,
    PermitKind, PermitLine, Residue, SlipFiling, SlipLine, UsedMaterial, VerificationFiling,
};
use zonebook_ledger::quantity::{Factor, Quantity};

pub fn serial(text: &str) -> SerialNo {
    SerialNo::new(text).unwrap()
}

pub fn slip_no(text: &str) -> SlipNo {
    SlipNo::new(text).unwrap()
}

pub fn parcel_no(text: &str) -> ParcelNo {
    ParcelNo::new(text).unwrap()
}

pub fn permit_no(text: &str) -> PermitNo {
    PermitNo::new(text).unwrap()
}

pub fn list_numbers(numbers: &[&str]) -> Vec<ListNo> {
    numbers.iter().map(|number| build::list_no(number)).collect()
}

/// A book filed by `EMS111`, without rows.
pub fn processing_book(number: &str, usage: Usage) -> BookFiling {
    BookFiling {
        kind: BookKind::Processing,
        zone_kind: None,
        usage,
        booking_mode: BookingMode::Accumulating,
        ..build::book(number)
    }
}

/// A row of such a book: materials or products.
pub fn row(mark: Mark, number: u64, goods: &Goods, opening: Amount) -> BookRow {
    BookRow { mark, lot: None, ..build::book_row(number, goods, opening) }
}

/// A line of a BOM; rates and share in percent.
pub fn bom_row(
    product: u64,
    version: &str,
    material: u64,
    [net, tangible, share, unit]: [&str; 4],
) -> BomRow {
    let factor = |text| Factor::parse(text).unwrap();
    BomRow {
        amended: true,
        product,
        version: BomVersion::new(version).unwrap(),
        material,
        net: factor(net),
        tangible_loss: factor(tangible),
        intangible_loss: Factor::ZERO,
        bonded_share: factor(share),
        unit_consumption: factor(unit),
    }
}

/// A permit with one line for each of some items.
pub fn permit(number: &str, kind: PermitKind, book: &str, lines: &[(u64, Goods, Quantity)]) -> PermitFiling {
    let line = |(at, (item, goods, declared)): (usize, &(u64, Goods, Quantity))| PermitLine {
        line: at as u64 + 1,
        mark: Mark::Goods,
        number: *item,
        unit: goods.units.declared.clone(),
        declared: *declared,
    };
    PermitFiling {
        permit_no: permit_no(number),
        office: office(world::OFFICE),
        kind,
        book_no: book_no(book),
        owner: customs_no(world::owner(book)),
        valid_until: world::local("2026-12-31").date(),
        declared_at: world::local("2026-06-02T09:00:00"),
        guarantee_no: "".into(),
        exhibition_place: "".into(),
        lines: lines.iter().enumerate().map(line).collect(),
    }
}

/// A slip without lines.
pub fn slip(number: &str, permit: &str, direction: Direction) -> SlipFiling {
    SlipFiling {
        lots: Vec::new(),
        slip_no: slip_no(number),
        permit_no: permit_no(permit),
        direction,
        declared_at: world::local("2026-06-02T10:00:00"),
        lines: Vec::new(),
    }
}

/// A line of a slip, on a line of its permit.
pub fn slip_line(line: u64, permit_line: u64, item: u64, goods: &Goods, amount: Amount) -> SlipLine {
    SlipLine {
        line,
        permit_line,
        number: item,
        part_no: PartNo::new(&goods.part).unwrap(),
        tariff_code: TariffCode::new(&goods.tariff).unwrap(),
        name: "goods".into(),
        units: goods.units.clone(),
        declared: amount.declared,
        statutory1: amount.statutory1,
        statutory2: amount.statutory2,
        value_usd: amount.declared,
    }
}

/// A pass for a slip, whole.
pub fn slip_pass(number: &str, direction: Direction, slip: &str) -> PassFiling {
    PassFiling {
        linked_type: LinkedType::Slip,
        linked: vec![DocumentNo::new(slip).unwrap()],
        ..build::pass(number, direction, &[slip])
    }
}

/// A parcel of one line.
pub fn parcel(number: &str, book: &str, item: u64, goods: &Goods, amount: Amount, price: &str) -> Parcel {
    let line = ParcelLine {
        line: 1,
        number: item,
        tariff_code: TariffCode::new(&goods.tariff).unwrap(),
        units: goods.units.clone(),
        declared: amount.declared,
        statutory1: amount.statutory1,
        statutory2: amount.statutory2,
        price: build::quantity(price),
    };
    Parcel { parcel_no: parcel_no(number), book_no: book_no(book), lots: Vec::new(), lines: vec![line] }
}

/// A consumption slip: materials used.
pub fn consumption(number: &str, book: &str, materials: &[(u64, Quantity)]) -> ConsumptionFiling {
    let material = |(at, (item, declared)): (usize, &(u64, Quantity))| UsedMaterial {
        line: at as u64 + 1,
        number: *item,
        declared: *declared,
    };
    ConsumptionFiling {
        lots: Vec::new(),
        consumption_no: ConsumptionNo::new(number).unwrap(),
        book_no: book_no(book),
        owner: customs_no(world::owner(book)),
        declared_at: world::local("2026-06-02T10:00:00"),
        part_swap: false,
        lists: Vec::new(),
        materials: materials.iter().enumerate().map(material).collect(),
        residues: Vec::new(),
    }
}

/// What is left of a material, or the part removed from a unit.
pub fn residue(line: u64, item: u64, goods: &Goods, declared: Quantity, unit: Option<&str>) -> Residue {
    Residue {
        line,
        number: item,
        tariff_code: TariffCode::new(&goods.tariff).unwrap(),
        name: "left".into(),
        unit: goods.units.declared.clone(),
        declared,
        serial: unit.map(serial),
    }
}

/// A verification declaration.
pub fn verification(book: &str, sequence: u64, lists: &[&str]) -> VerificationFiling {
    VerificationFiling {
        book_no: book_no(book),
        sequence,
        begin: None,
        end: None,
        declared_at: None,
        lists: list_numbers(lists),
    }
}
