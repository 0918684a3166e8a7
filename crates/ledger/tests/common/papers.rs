//! More documents in few words: permits, slips, parcels, consumption slips, processing books.

use super::build::{self, Amount, book_no, customs_no, office};
use super::world::{self, Goods};
use zonebook_ledger::book::{BookKind, BookingMode, Usage};
use zonebook_ledger::code::{
    BomVersion, ConsumptionNo, DocumentNo, GuaranteeNo, LicenceNo, ListNo, OrderNo, ParcelNo, PartNo,
    PermitNo, RegistrationNo, ReturnNo, SerialNo, SlipNo, StatusChangeNo, TariffCode, TraderCode,
    TransactionNo, TransferFormNo, UnitCode, WaybillNo, WorkOrderNo,
};
use zonebook_ledger::command::Command;
use zonebook_ledger::direct_exit::{DirectExitAction, DirectExitGrant, DirectExitLine, DirectExitOrder};
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{
    BomRow, BookFiling, BookRow, ConsumptionFiling, Document, LeftGround, LeftOutside, LinkedType, Parcel,
    ParcelLine, ParcelReturnFiling, PassFiling, PermitBomLine, PermitClosing, PermitFiling, PermitKind,
    PermitLine, Residue, SlipFiling, SlipLine, SlipVoid, TransferEnd, TransferFormContent, TransferFormLine,
    UsedMaterial, VerificationFiling, VerificationKind,
};
use zonebook_ledger::document::{
    OrderEvent, OrderGoods, OrderQuantities, OrderReport, OrderResidue, OrderStatement, PassType,
    PaymentStatement, PlannedProduct, RegistrationFiling, SaleCitation, SaleKey, StatusChangeFiling,
    StatusChangeLine, StatusLine, WaybillKey, WaybillStatement, WorkOrderFiling, WorkOrderOpening,
    WorkOrderStep,
};
use zonebook_ledger::guarantee::{GuaranteeAction, GuaranteeOrder};
use zonebook_ledger::item::ResidueKind;
use zonebook_ledger::licence::{LicenceAction, LicenceOrder};
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
        change_no: None,
        office: office(world::OFFICE),
        kind,
        book_no: book_no(book),
        owner: customs_no(world::owner(book)),
        valid_until: world::local("2026-12-31").date(),
        declared_at: world::local("2026-06-02T09:00:00"),
        guarantee_no: "".into(),
        guarantee_amount: Quantity::ZERO,
        bom: Vec::new(),
        exhibition_place: "".into(),
        lines: lines.iter().enumerate().map(line).collect(),
    }
}

pub fn transfer_form_no(text: &str) -> TransferFormNo {
    TransferFormNo::new(text).unwrap()
}

/// A transfer form from one book to another.
pub fn transfer_form(
    number: &str,
    [sender, receiver]: [&str; 2],
    lines: Vec<TransferFormLine>,
) -> TransferFormContent {
    let end = |book: &str| TransferEnd {
        book_no: book_no(book),
        owner: customs_no(world::owner(book)),
        office: office(world::OFFICE),
    };
    TransferFormContent {
        form_no: transfer_form_no(number),
        sender: end(sender),
        receiver: end(receiver),
        declared_at: world::local("2026-06-02T08:30:00"),
        valid_until: world::local("2026-12-31").date(),
        lines,
    }
}

/// What one unit of a line of a permit takes of another.
pub fn permit_part(product_line: u64, material_line: u64, net: &str, loss: &str) -> PermitBomLine {
    let factor = |text| Factor::parse(text).unwrap();
    PermitBomLine { product_line, material_line, net: factor(net), loss: factor(loss) }
}

/// Goods of a line of a permit that stay outside.
pub fn left(line: u64, amount: Amount) -> LeftOutside {
    LeftOutside {
        line,
        declared: amount.declared,
        statutory1: amount.statutory1,
        statutory2: amount.statutory2,
        value_usd: Quantity::ZERO,
        ground: LeftGround::Taxed,
        reference: "TAX-1".into(),
    }
}

/// The end of a permit.
pub fn closing(number: &str, change_no: u64, left: Vec<LeftOutside>) -> Document {
    Document::PermitClosing(PermitClosing { permit_no: permit_no(number), change_no, left })
}

/// The end of a slip.
pub fn slip_void(number: &str, change_no: u64) -> Document {
    Document::SlipVoid(SlipVoid { slip_no: slip_no(number), change_no })
}

/// An order of customs on a guarantee.
pub fn guarantee(number: &str, action: GuaranteeAction) -> Command {
    let guarantee_no = GuaranteeNo::new(number).unwrap();
    Command::Guarantee(GuaranteeOrder { guarantee_no, action, cause: "letter 17".into() })
}

/// Customs approves that so much of products, each with its line of the permit, leaves from where it is made.
pub fn direct_exit(number: &str, permit: &str, products: &[(u64, u64, Quantity)]) -> DirectExitOrder {
    let line = |(permit_line, number, quantity): &(u64, u64, Quantity)| DirectExitLine {
        permit_line: *permit_line,
        number: *number,
        quantity: *quantity,
    };
    let grant = DirectExitGrant {
        permit_no: permit_no(permit),
        valid_until: world::local("2026-12-31T00:00:00").date(),
        lines: products.iter().map(line).collect(),
    };
    let action = DirectExitAction::Approve(grant);
    DirectExitOrder { approval_no: permit_no(number), action, reason: "exported from there".into() }
}

/// An order about an import licence.
pub fn licence(number: &str, action: LicenceAction) -> LicenceOrder {
    let licence_no = LicenceNo::new(number).unwrap();
    LicenceOrder { licence_no, action, cause: "copy of the licence".into() }
}

/// A new guarantee of the enterprise of a book.
pub fn opened_for(book: &str, amount: &str, valid_until: &str) -> GuaranteeAction {
    GuaranteeAction::Open {
        party: customs_no(world::owner(book)),
        office: office(world::OFFICE),
        amount: build::quantity(amount),
        valid_until: zonebook_ledger::time::Date::parse(valid_until).unwrap(),
    }
}

/// A slip without lines.
pub fn slip(number: &str, permit: &str, direction: Direction) -> SlipFiling {
    SlipFiling {
        lots: Vec::new(),
        slip_no: slip_no(number),
        change_no: None,
        related_slip: None,
        levy_amount: Quantity::ZERO,
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
        related_line: None,
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
    Parcel {
        parcel_no: parcel_no(number),
        book_no: book_no(book),
        buyer: None,
        lots: Vec::new(),
        lines: vec![line],
    }
}

pub fn sale_key(number: &str) -> SaleKey {
    SaleKey { platform: trader("PLATFORM"), order_no: OrderNo::new(number).unwrap() }
}

fn trader(text: &str) -> TraderCode {
    TraderCode::new(text).unwrap()
}

fn waybill_key(number: &str) -> WaybillKey {
    WaybillKey { carrier: trader("CARRIER"), waybill_no: WaybillNo::new(number).unwrap() }
}

/// An order of goods alone.
pub fn order(number: &str, worth: &str) -> OrderStatement {
    OrderStatement {
        sale: sale_key(number),
        goods_value: build::quantity(worth),
        freight: build::quantity("0"),
        discount: build::quantity("0"),
        tax: build::quantity("0"),
        paid: build::quantity(worth),
        currency: "142".into(),
        buyer: None,
    }
}

/// A payment for an order.
pub fn payment(number: &str, amount: &str) -> PaymentStatement {
    PaymentStatement {
        sale: sale_key(number),
        provider: trader("PAYMENTS"),
        transaction_no: TransactionNo::new(number).unwrap(),
        amount: build::quantity(amount),
        currency: "142".into(),
        payer: None,
    }
}

/// The waybill with the number of an order.
pub fn waybill(number: &str) -> WaybillStatement {
    WaybillStatement {
        waybill: waybill_key(number),
        order_no: Some(OrderNo::new(number).unwrap()),
        freight: build::quantity("0"),
        insurance: build::quantity("0"),
        currency: "142".into(),
    }
}

/// What a parcel says of an order and the waybill with the same number.
pub fn sale_citation(number: &str) -> SaleCitation {
    SaleCitation { sale: sale_key(number), waybill: Some(waybill_key(number)), currency: "142".into() }
}

pub fn return_no(text: &str) -> ReturnNo {
    ReturnNo::new(text).unwrap()
}

/// A return of a parcel's goods without lines.
pub fn parcel_return(number: &str, parcel: &str) -> ParcelReturnFiling {
    let day = world::local("2026-06-02T10:00:00").date();
    ParcelReturnFiling {
        return_no: return_no(number),
        parcel_no: parcel_no(parcel),
        applied_on: day,
        arrived_on: day,
        lines: Vec::new(),
    }
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
        research: None,
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
        kind: None,
        item: None,
    }
}

/// Quantities of which only the declared one is said.
pub fn quantities(declared: &str) -> OrderQuantities {
    OrderQuantities { declared: build::quantity(declared), ..OrderQuantities::default() }
}

/// Goods of a work order: materials.
pub fn order_goods(line: u64, number: u64, declared: &str) -> OrderGoods {
    OrderGoods { line, mark: Mark::Goods, number, quantities: quantities(declared) }
}

/// A residue of a work order, in kilograms.
pub fn order_residue(line: u64, number: u64, kind: ResidueKind, declared: &str) -> OrderResidue {
    OrderResidue {
        line,
        number,
        kind,
        part_no: PartNo::new(&format!("LEFT-{number}")).unwrap(),
        tariff_code: TariffCode::new("6310100000").unwrap(),
        name: "left".into(),
        unit: UnitCode::new("035").unwrap(),
        declared: build::quantity(declared),
    }
}

pub fn work_order_no(text: &str) -> WorkOrderNo {
    WorkOrderNo::new(text).unwrap()
}

/// A new work order for some products, all of one version; of none where it is empty.
pub fn work_order(number: &str, book: &str, products: &[(u64, &str)], version: &str) -> WorkOrderFiling {
    let planned = |(at, (number, declared)): (usize, &(u64, &str))| PlannedProduct {
        line: at as u64 + 1,
        number: *number,
        declared: build::quantity(declared),
        bom_version: BomVersion::optional(version).unwrap(),
    };
    let opening = WorkOrderOpening {
        book_no: book_no(book),
        owner: customs_no(world::owner(book)),
        declared_at: world::local("2026-06-02T09:00:00"),
        products: products.iter().enumerate().map(planned).collect(),
    };
    WorkOrderFiling { order_no: work_order_no(number), step: WorkOrderStep::Open(opening) }
}

/// An event of a work order.
pub fn order_event(number: &str, event_no: u64, event: OrderEvent) -> WorkOrderFiling {
    let reported_at = world::local("2026-06-02T12:00:00");
    let step = WorkOrderStep::Report(OrderReport { event_no, reported_at, event, lots: Vec::new() });
    WorkOrderFiling { order_no: work_order_no(number), step }
}

/// The end of a work order.
pub fn order_end(number: &str, event_no: u64) -> WorkOrderFiling {
    let closed_at = world::local("2026-06-02T18:00:00");
    WorkOrderFiling { order_no: work_order_no(number), step: WorkOrderStep::Close { event_no, closed_at } }
}

/// A line of a registration or of a change of status.
pub fn status_line(line: u64, number: u64, goods: &Goods, amount: Amount) -> StatusLine {
    StatusLine {
        line,
        number,
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

/// A gate registration.
pub fn registration(
    number: &str,
    book: &str,
    direction: Direction,
    lines: Vec<StatusLine>,
) -> RegistrationFiling {
    RegistrationFiling {
        lots: Vec::new(),
        registration_no: RegistrationNo::new(number).unwrap(),
        book_no: book_no(book),
        owner: customs_no(world::owner(book)),
        pass_type: PassType::GateRegistered,
        direction,
        vehicle_no: "沪A10001".into(),
        passed_at: world::local("2026-06-02T11:00:00"),
        lines,
    }
}

/// A change of status from one book to another.
pub fn status_change(
    number: &str,
    (from, to): (&str, &str),
    declaration: &str,
    lines: Vec<StatusChangeLine>,
) -> StatusChangeFiling {
    StatusChangeFiling {
        lots: Vec::new(),
        status_change_no: StatusChangeNo::new(number).unwrap(),
        from_book: book_no(from),
        to_book: book_no(to),
        owner: customs_no(world::owner(from)),
        declared_at: world::local("2026-06-02T11:00:00"),
        declaration_no: build::declaration_no(declaration),
        lines,
    }
}

/// A verification of which customs disposed.
pub fn disposed(book: &str, sequence: u64) -> VerificationFiling {
    VerificationFiling { kind: VerificationKind::CustomsDisposal, ..verification(book, sequence, &[]) }
}

/// A verification declaration.
pub fn verification(book: &str, sequence: u64, lists: &[&str]) -> VerificationFiling {
    VerificationFiling {
        book_no: book_no(book),
        sequence,
        kind: VerificationKind::Normal,
        begin: None,
        end: None,
        declared_at: None,
        lists: list_numbers(lists),
        items: Vec::new(),
    }
}
