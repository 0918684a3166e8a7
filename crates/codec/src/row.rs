//! Rows of tables: one version byte, then the packed form of hot tables or bincode.

use crate::key::table;
use crate::packed::{self, Reader};
use crate::{Error, plain};
use serde::de::DeserializeOwned;
use std::sync::Arc;
use zonebook_ledger::state::Row;

/// The version that this release writes.
const VERSION: u8 = 1;

/// The bytes of a row.
///
/// # Errors
/// The row has no such form.
pub fn encode(row: &Row) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::with_capacity(64);
    bytes.push(VERSION);
    let out = &mut bytes;
    match row {
        Row::Position(counters) => packed::put_counters(counters, out),
        Row::Journal(row) => packed::put_journal(row, out),
        Row::Lines(lines) => packed::put_lines(lines, out),
        Row::Head(row) => plain::encode_into(&**row, out)?,
        Row::Zone(row) => plain::encode_into(&**row, out)?,
        Row::Party(row) => plain::encode_into(&**row, out)?,
        Row::Assignment(row) => plain::encode_into(row, out)?,
        Row::Book(row) => plain::encode_into(&**row, out)?,
        Row::Item(row) => plain::encode_into(&**row, out)?,
        Row::Part(()) => {}
        Row::Movement(row) => plain::encode_into(&**row, out)?,
        Row::BookMovement(()) | Row::BookDisposal(()) | Row::BookAdjustment(()) => {}
        Row::Progress(row) => plain::encode_into(&**row, out)?,
        Row::Pass(row) => plain::encode_into(&**row, out)?,
        Row::Held(row) => plain::encode_into(&**row, out)?,
        Row::Declaration(row) => plain::encode_into(&**row, out)?,
        Row::Bill(row) => plain::encode_into(row, out)?,
        Row::Message(row) => plain::encode_into(row, out)?,
        Row::Delivery(row) => plain::encode_into(&**row, out)?,
        Row::Request(row) | Row::FiledDocument(row) => plain::encode_into(row, out)?,
        Row::Event(row) => plain::encode_into(&**row, out)?,
        Row::Unsupported(row) => plain::encode_into(row, out)?,
        Row::Bom(row) => plain::encode_into(&**row, out)?,
        Row::Permit(row) => plain::encode_into(&**row, out)?,
        Row::Slip(row) => plain::encode_into(&**row, out)?,
        Row::Guarantee(row) => plain::encode_into(&**row, out)?,
        Row::GuaranteeEntry(row) => plain::encode_into(&**row, out)?,
        Row::CreditLevel(row) => plain::encode_into(&**row, out)?,
        Row::Parcel(row) => plain::encode_into(&**row, out)?,
        Row::ParcelReturn(row) => plain::encode_into(&**row, out)?,
        Row::Buyer(row) => plain::encode_into(row, out)?,
        Row::Reference(row) => plain::encode_into(&**row, out)?,
        Row::Gathered(row) => plain::encode_into(&**row, out)?,
        Row::Unit(row) => plain::encode_into(&**row, out)?,
        Row::ConsumptionStanding(row) => plain::encode_into(&**row, out)?,
        Row::Consumption(row) => plain::encode_into(&**row, out)?,
        Row::Disposal(row) => plain::encode_into(&**row, out)?,
        Row::Adjustment(row) => plain::encode_into(&**row, out)?,
        Row::Lease(row) => plain::encode_into(&**row, out)?,
        Row::LeasedUnit(row) => plain::encode_into(row, out)?,
        Row::ProjectUse(row) => plain::encode_into(row, out)?,
        Row::WorkOrder(row) => plain::encode_into(&**row, out)?,
        Row::BookWorkOrder(()) => {}
        Row::OrderEntry(row) => plain::encode_into(&**row, out)?,
        Row::Registration(row) => plain::encode_into(&**row, out)?,
        Row::StatusChange(row) => plain::encode_into(&**row, out)?,
        Row::CarryOver(row) => plain::encode_into(&**row, out)?,
        Row::BookOrder(row) => plain::encode_into(&**row, out)?,
        Row::OpenPaper(()) => {}
        Row::Verification(row) => plain::encode_into(&**row, out)?,
        Row::Deadline(row) => plain::encode_into(row, out)?,
        Row::OverdueRecord(row) => plain::encode_into(&**row, out)?,
        Row::Calendar(row) => plain::encode_into(&**row, out)?,
        Row::Mailbox(row) => plain::encode_into(row, out)?,
        Row::Receipt(row) => plain::encode_into(&**row, out)?,
        Row::Original(row) => plain::encode_into(&**row, out)?,
        Row::DocumentMessage(row) => plain::encode_into(row, out)?,
        Row::ReceiptDifference(row) => plain::encode_into(&**row, out)?,
        Row::Correction(row) => plain::encode_into(&**row, out)?,
        Row::Undone(row) => plain::encode_into(&**row, out)?,
        Row::Tally(row) => plain::encode_into(&**row, out)?,
        Row::Returned(row) => plain::encode_into(&**row, out)?,
        Row::Parameter(row) => plain::encode_into(&**row, out)?,
        Row::VehiclePass(()) => {}
        Row::Lot(row) => plain::encode_into(&**row, out)?,
        Row::Layer(row) | Row::LayerMoment(row) => plain::encode_into(row, out)?,
        Row::Allocation(row) => plain::encode_into(&**row, out)?,
        Row::FormerItem(row) => plain::encode_into(&**row, out)?,
        Row::FormerParty(row) => plain::encode_into(&**row, out)?,
        Row::FormerReference(row) => plain::encode_into(&**row, out)?,
        Row::Campaign(row) => plain::encode_into(&**row, out)?,
        Row::BookCampaign(()) | Row::OpenCampaign(()) => {}
        Row::CountSheet(row) => plain::encode_into(&**row, out)?,
        Row::Count(row) => plain::encode_into(row, out)?,
        Row::Period(row) => plain::encode_into(&**row, out)?,
        Row::DeclaredItem(row) => plain::encode_into(&**row, out)?,
        Row::Overdraft(row) => plain::encode_into(&**row, out)?,
        Row::Overdrawn(row) => plain::encode_into(row, out)?,
        Row::Seal(row) => plain::encode_into(row, out)?,
        Row::Tolerance(row) => plain::encode_into(&**row, out)?,
        Row::DifferenceReport(row) => plain::encode_into(&**row, out)?,
        Row::BookDifference(()) => {}
        Row::Difference(row) => plain::encode_into(&**row, out)?,
        Row::GoodsDifference(row) => plain::encode_into(row, out)?,
        Row::Licence(row) => plain::encode_into(&**row, out)?,
        Row::LicenceOf(()) => {}
        Row::LicenceEntry(row) => plain::encode_into(&**row, out)?,
        Row::LicenceDraw(row) => plain::encode_into(&**row, out)?,
        Row::BomStanding(row) => plain::encode_into(&**row, out)?,
        Row::Sale(row) => plain::encode_into(&**row, out)?,
        Row::Waybill(row) => plain::encode_into(&**row, out)?,
        Row::ParcelSale(row) => plain::encode_into(&**row, out)?,
        Row::SaleParcel(()) | Row::WaybillParcel(()) | Row::TransferFormOf(()) => {}
        Row::DirectExit(row) => plain::encode_into(&**row, out)?,
        Row::TransferForm(row) => plain::encode_into(&**row, out)?,
        Row::TransferFormDraw(row) => plain::encode_into(&**row, out)?,
        Row::OwnGroup(row) => plain::encode_into(&**row, out)?,
        Row::DocumentHold(row) => plain::encode_into(&**row, out)?,
        Row::Exchanged(row) => plain::encode_into(&**row, out)?,
    }
    Ok(bytes)
}

/// The row of bytes that stood under a key with this table byte.
///
/// # Errors
/// The bytes are not a row of that table, or of a version that this release does not know.
pub fn decode(table_byte: u8, bytes: &[u8]) -> Result<Row, Error> {
    let (version, body) = bytes.split_first().ok_or(Error::TooShort(0))?;
    if *version != VERSION {
        return Err(Error::Value(format!(
            "row of table {table_byte} has version {version}; known is {VERSION}"
        )));
    }
    Ok(match table_byte {
        table::POSITION => Row::Position(packed_whole(body, packed::counters)?),
        table::JOURNAL => Row::Journal(Arc::new(packed_whole(body, packed::journal)?)),
        table::LINES => Row::Lines(Arc::new(packed_whole(body, packed::lines)?)),
        table::HEAD => Row::Head(shared(body)?),
        table::ZONE => Row::Zone(shared(body)?),
        table::PARTY => Row::Party(shared(body)?),
        table::ASSIGNMENT => Row::Assignment(plain::decode(body)?),
        table::BOOK => Row::Book(shared(body)?),
        table::ITEM => Row::Item(shared(body)?),
        table::PART => Row::Part(()),
        table::MOVEMENT => Row::Movement(shared(body)?),
        table::BOOK_MOVEMENT => Row::BookMovement(()),
        table::PROGRESS => Row::Progress(shared(body)?),
        table::PASS => Row::Pass(shared(body)?),
        table::HELD => Row::Held(shared(body)?),
        table::DECLARATION => Row::Declaration(shared(body)?),
        table::BILL => Row::Bill(plain::decode(body)?),
        table::MESSAGE => Row::Message(plain::decode(body)?),
        table::DELIVERY => Row::Delivery(shared(body)?),
        table::REQUEST => Row::Request(plain::decode(body)?),
        table::FILED_DOCUMENT => Row::FiledDocument(plain::decode(body)?),
        table::EVENT => Row::Event(shared(body)?),
        table::UNSUPPORTED => Row::Unsupported(plain::decode(body)?),
        table::BOM => Row::Bom(shared(body)?),
        table::PERMIT => Row::Permit(shared(body)?),
        table::SLIP => Row::Slip(shared(body)?),
        table::GUARANTEE => Row::Guarantee(shared(body)?),
        table::GUARANTEE_ENTRY => Row::GuaranteeEntry(shared(body)?),
        table::CREDIT_LEVEL => Row::CreditLevel(shared(body)?),
        table::PARCEL => Row::Parcel(shared(body)?),
        table::PARCEL_RETURN => Row::ParcelReturn(shared(body)?),
        table::BUYER => Row::Buyer(plain::decode(body)?),
        table::REFERENCE => Row::Reference(shared(body)?),
        table::GATHERED => Row::Gathered(shared(body)?),
        table::UNIT => Row::Unit(shared(body)?),
        table::CONSUMPTION_STANDING => Row::ConsumptionStanding(shared(body)?),
        table::CONSUMPTION => Row::Consumption(shared(body)?),
        table::DISPOSAL => Row::Disposal(shared(body)?),
        table::BOOK_DISPOSAL => Row::BookDisposal(()),
        table::ADJUSTMENT => Row::Adjustment(shared(body)?),
        table::BOOK_ADJUSTMENT => Row::BookAdjustment(()),
        table::LEASE => Row::Lease(shared(body)?),
        table::LEASED_UNIT => Row::LeasedUnit(plain::decode(body)?),
        table::PROJECT_USE => Row::ProjectUse(plain::decode(body)?),
        table::WORK_ORDER => Row::WorkOrder(shared(body)?),
        table::BOOK_WORK_ORDER => Row::BookWorkOrder(()),
        table::ORDER_ENTRY => Row::OrderEntry(shared(body)?),
        table::REGISTRATION => Row::Registration(shared(body)?),
        table::STATUS_CHANGE => Row::StatusChange(shared(body)?),
        table::CARRY_OVER => Row::CarryOver(shared(body)?),
        table::BOOK_ORDER => Row::BookOrder(shared(body)?),
        table::OPEN_PAPER => Row::OpenPaper(()),
        table::VERIFICATION => Row::Verification(shared(body)?),
        table::DEADLINE => Row::Deadline(plain::decode(body)?),
        table::OVERDUE_RECORD => Row::OverdueRecord(shared(body)?),
        table::CALENDAR => Row::Calendar(shared(body)?),
        table::MAILBOX => Row::Mailbox(plain::decode(body)?),
        table::RECEIPT => Row::Receipt(shared(body)?),
        table::ORIGINAL => Row::Original(shared(body)?),
        table::DOCUMENT_MESSAGE => Row::DocumentMessage(plain::decode(body)?),
        table::RECEIPT_DIFFERENCE => Row::ReceiptDifference(shared(body)?),
        table::CORRECTION => Row::Correction(shared(body)?),
        table::UNDONE => Row::Undone(shared(body)?),
        table::TALLY => Row::Tally(shared(body)?),
        table::RETURNED => Row::Returned(shared(body)?),
        table::PARAMETER => Row::Parameter(shared(body)?),
        table::VEHICLE_PASS => Row::VehiclePass(()),
        table::LOT => Row::Lot(shared(body)?),
        table::LAYER => Row::Layer(plain::decode(body)?),
        table::ALLOCATION => Row::Allocation(shared(body)?),
        table::FORMER_ITEM => Row::FormerItem(shared(body)?),
        table::FORMER_PARTY => Row::FormerParty(shared(body)?),
        table::FORMER_REFERENCE => Row::FormerReference(shared(body)?),
        table::LAYER_MOMENT => Row::LayerMoment(plain::decode(body)?),
        table::CAMPAIGN => Row::Campaign(shared(body)?),
        table::BOOK_CAMPAIGN => Row::BookCampaign(()),
        table::OPEN_CAMPAIGN => Row::OpenCampaign(()),
        table::COUNT_SHEET => Row::CountSheet(shared(body)?),
        table::COUNT => Row::Count(plain::decode(body)?),
        table::PERIOD => Row::Period(shared(body)?),
        table::DECLARED_ITEM => Row::DeclaredItem(shared(body)?),
        table::OVERDRAFT => Row::Overdraft(shared(body)?),
        table::OVERDRAWN => Row::Overdrawn(plain::decode(body)?),
        table::SEAL => Row::Seal(plain::decode(body)?),
        table::TOLERANCE => Row::Tolerance(shared(body)?),
        table::DIFFERENCE_REPORT => Row::DifferenceReport(shared(body)?),
        table::BOOK_DIFFERENCE => Row::BookDifference(()),
        table::DIFFERENCE => Row::Difference(shared(body)?),
        table::GOODS_DIFFERENCE => Row::GoodsDifference(plain::decode(body)?),
        table::LICENCE => Row::Licence(shared(body)?),
        table::LICENCE_OF => Row::LicenceOf(()),
        table::LICENCE_ENTRY => Row::LicenceEntry(shared(body)?),
        table::LICENCE_DRAW => Row::LicenceDraw(shared(body)?),
        table::BOM_STANDING => Row::BomStanding(shared(body)?),
        table::SALE => Row::Sale(shared(body)?),
        table::WAYBILL => Row::Waybill(shared(body)?),
        table::PARCEL_SALE => Row::ParcelSale(shared(body)?),
        table::SALE_PARCEL => Row::SaleParcel(()),
        table::WAYBILL_PARCEL => Row::WaybillParcel(()),
        table::DIRECT_EXIT => Row::DirectExit(shared(body)?),
        table::TRANSFER_FORM => Row::TransferForm(shared(body)?),
        table::TRANSFER_FORM_OF => Row::TransferFormOf(()),
        table::TRANSFER_FORM_DRAW => Row::TransferFormDraw(shared(body)?),
        table::OWN_GROUP => Row::OwnGroup(shared(body)?),
        table::DOCUMENT_HOLD => Row::DocumentHold(shared(body)?),
        table::EXCHANGED => Row::Exchanged(shared(body)?),
        other => return Err(Error::Value(format!("table {other}"))),
    })
}

fn shared<T: DeserializeOwned>(body: &[u8]) -> Result<Arc<T>, Error> {
    plain::decode(body).map(Arc::new)
}

fn packed_whole<T>(body: &[u8], read: impl Fn(&mut Reader<'_>) -> Result<T, Error>) -> Result<T, Error> {
    let mut reader = Reader::new(body);
    let value = read(&mut reader)?;
    reader.end()?;
    Ok(value)
}
