//! Keys of tables as bytes whose order is the order of the keys: table first, then each part in turn.
//!
//! Texts end with a zero byte and hold neither 0 nor 1 unescaped; numbers are big-endian; an option has a byte in front.

use crate::Error;
use compact_str::CompactString;
use zonebook_ledger::bom::BomKey;
use zonebook_ledger::book::Paper;
use zonebook_ledger::campaign::{CountKey, SheetKey};
use zonebook_ledger::code::{
    AdjustmentNo, BillNo, BomVersion, BookNo, CampaignNo, CarryOverNo, ConsumptionNo, CorrectionNo,
    CountArea, CountSheetNo, CounterCode, CustomsNo, DeclarationNo, DifferenceNo, DisposalNo, DocumentNo,
    GuaranteeNo, LeaseNo, LicenceNo, ListNo, LotNo, OfficeCode, OrderNo, ParcelNo, PartNo, PassNo, PermitNo,
    ProjectCode, RegistrationNo, ReturnNo, SerialNo, SlipNo, StatusChangeNo, TallyNo, TariffCode, TraderCode,
    TransferFormNo, WaybillNo, WorkOrderNo,
};
use zonebook_ledger::command::RequestId;
use zonebook_ledger::deadline::{DeadlineKey, DeadlineKind, Standing};
use zonebook_ledger::difference::DifferenceRef;
use zonebook_ledger::direction::Mark;
use zonebook_ledger::document::{BuyerHash, CountPlace, LinkedType, SaleKey, WaybillKey};
use zonebook_ledger::error::CodeError;
use zonebook_ledger::event::JournalKey;
use zonebook_ledger::hold::HeldKind;
use zonebook_ledger::item::ItemKey;
use zonebook_ledger::layer::{AllocationKey, LayerId, LayerKey, LayerMoment, StackKey};
use zonebook_ledger::mover::{Mover, MoverType};
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::parameter::Parameter;
use zonebook_ledger::permission::Principal;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::receipt::Recipient;
use zonebook_ledger::reference::{ReferenceKey, ReferenceKind};
use zonebook_ledger::state::Key;
use zonebook_ledger::time::Date;

struct Writer<'a>(&'a mut Vec<u8>);

impl Writer<'_> {
    fn text(&mut self, text: &str) -> &mut Self {
        for byte in text.bytes() {
            match byte {
                0 | 1 => self.0.extend_from_slice(&[1, byte + 1]),
                other => self.0.push(other),
            }
        }
        self.0.push(0);
        self
    }

    fn optional(&mut self, text: Option<&str>) -> &mut Self {
        match text {
            None => self.byte(0),
            Some(text) => self.byte(1).text(text),
        }
    }

    fn item(&mut self, item: &ItemKey) -> &mut Self {
        self.text(item.book_no.as_str()).byte(item.mark as u8).number(item.number)
    }

    fn reference(&mut self, key: &ReferenceKey) -> &mut Self {
        self.byte(key.kind as u8).text(&key.code).signed(i64::from(key.from.0))
    }

    fn byte(&mut self, byte: u8) -> &mut Self {
        self.0.push(byte);
        self
    }

    fn number(&mut self, number: u64) -> &mut Self {
        self.0.extend_from_slice(&number.to_be_bytes());
        self
    }

    /// A number that may be negative: those come first.
    fn signed(&mut self, number: i64) -> &mut Self {
        self.number(number.cast_unsigned() ^ (1 << 63))
    }
    /// Days before 1970 come first.
    fn day(&mut self, day: Date) -> &mut Self {
        self.0.extend_from_slice(&(day.0 ^ i32::MIN).to_be_bytes());
        self
    }
    fn recipient(&mut self, recipient: &Recipient) -> &mut Self {
        match recipient {
            Recipient::Party(customs_no) => self.byte(0).text(customs_no.as_str()),
            Recipient::Office(office) => self.byte(1).text(office.as_str()),
        }
    }

    fn position(&mut self, position: &PositionKey) -> &mut Self {
        self.text(position.book_no.as_str())
            .byte(position.mark as u8)
            .number(position.number)
            .optional(position.lot.as_ref().map(LotNo::as_str))
            .optional(position.serial.as_ref().map(SerialNo::as_str))
            .byte(position.place as u8)
    }

    fn bom(&mut self, BomKey { book_no, product, version }: &BomKey) -> &mut Self {
        self.text(book_no.as_str()).number(*product).text(version.as_str())
    }
    fn sale(&mut self, sale: &SaleKey) -> &mut Self {
        self.text(sale.platform.as_str()).text(sale.order_no.as_str())
    }

    fn waybill(&mut self, waybill: &WaybillKey) -> &mut Self {
        self.text(waybill.carrier.as_str()).text(waybill.waybill_no.as_str())
    }

    fn stack(&mut self, stack: &StackKey) -> &mut Self {
        self.text(stack.book_no.as_str()).byte(stack.mark as u8).number(stack.number).byte(stack.place as u8)
    }

    fn layer(&mut self, LayerKey { stack, id }: &LayerKey) -> &mut Self {
        self.stack(stack)
            .number(id.received.0)
            .number(id.line)
            .text(id.lot.as_str())
            .optional(id.holder.as_ref().map(DocumentNo::as_str))
    }
}

/// The byte in front of the keys of each table, in the order of [`Key`].
pub mod table {
    #![allow(missing_docs, reason = "each is the number of the table of that name")]
    pub const HEAD: u8 = 1;
    pub const ZONE: u8 = 2;
    pub const PARTY: u8 = 3;
    pub const ASSIGNMENT: u8 = 4;
    pub const BOOK: u8 = 5;
    pub const ITEM: u8 = 6;
    pub const PART: u8 = 7;
    pub const POSITION: u8 = 8;
    pub const JOURNAL: u8 = 9;
    pub const MOVEMENT: u8 = 10;
    pub const BOOK_MOVEMENT: u8 = 11;
    pub const LINES: u8 = 12;
    pub const PROGRESS: u8 = 13;
    pub const PASS: u8 = 14;
    pub const HELD: u8 = 15;
    pub const DECLARATION: u8 = 16;
    pub const BILL: u8 = 17;
    pub const MESSAGE: u8 = 18;
    pub const DELIVERY: u8 = 19;
    pub const REQUEST: u8 = 20;
    pub const FILED_DOCUMENT: u8 = 21;
    pub const EVENT: u8 = 22;
    pub const UNSUPPORTED: u8 = 23;
    pub const BOM: u8 = 24;
    pub const PERMIT: u8 = 25;
    pub const SLIP: u8 = 26;
    pub const GUARANTEE: u8 = 27;
    pub const GUARANTEE_ENTRY: u8 = 28;
    pub const CREDIT_LEVEL: u8 = 29;
    pub const PARCEL: u8 = 30;
    pub const PARCEL_RETURN: u8 = 31;
    pub const BUYER: u8 = 32;
    pub const REFERENCE: u8 = 33;
    pub const GATHERED: u8 = 34;
    pub const UNIT: u8 = 35;
    pub const CONSUMPTION: u8 = 36;
    pub const DISPOSAL: u8 = 37;
    pub const BOOK_DISPOSAL: u8 = 38;
    pub const PROJECT_USE: u8 = 39;
    pub const WORK_ORDER: u8 = 40;
    pub const BOOK_WORK_ORDER: u8 = 41;
    pub const ORDER_ENTRY: u8 = 42;
    pub const REGISTRATION: u8 = 43;
    pub const STATUS_CHANGE: u8 = 44;
    pub const CARRY_OVER: u8 = 45;
    pub const BOOK_ORDER: u8 = 46;
    pub const OPEN_PAPER: u8 = 47;
    pub const VERIFICATION: u8 = 48;
    pub const ADJUSTMENT: u8 = 49;
    pub const BOOK_ADJUSTMENT: u8 = 50;
    pub const LEASE: u8 = 51;
    pub const LEASED_UNIT: u8 = 52;
    pub const DEADLINE: u8 = 53;
    pub const OVERDUE_RECORD: u8 = 54;
    pub const CALENDAR: u8 = 55;
    pub const MAILBOX: u8 = 56;
    pub const RECEIPT: u8 = 57;
    pub const ORIGINAL: u8 = 58;
    pub const DOCUMENT_MESSAGE: u8 = 59;
    pub const RECEIPT_DIFFERENCE: u8 = 60;
    pub const CORRECTION: u8 = 61;
    pub const UNDONE: u8 = 62;
    pub const TALLY: u8 = 63;
    pub const RETURNED: u8 = 64;
    pub const PARAMETER: u8 = 65;
    pub const VEHICLE_PASS: u8 = 66;
    pub const LOT: u8 = 67;
    pub const LAYER: u8 = 68;
    pub const ALLOCATION: u8 = 69;
    pub const FORMER_ITEM: u8 = 70;
    pub const FORMER_PARTY: u8 = 71;
    pub const LAYER_MOMENT: u8 = 72;
    pub const CAMPAIGN: u8 = 73;
    pub const BOOK_CAMPAIGN: u8 = 74;
    pub const OPEN_CAMPAIGN: u8 = 75;
    pub const COUNT_SHEET: u8 = 76;
    pub const COUNT: u8 = 77;
    pub const PERIOD: u8 = 78;
    pub const DECLARED_ITEM: u8 = 79;
    pub const OVERDRAFT: u8 = 80;
    pub const OVERDRAWN: u8 = 81;
    pub const SEAL: u8 = 82;
    pub const TOLERANCE: u8 = 83;
    pub const DIFFERENCE_REPORT: u8 = 84;
    pub const BOOK_DIFFERENCE: u8 = 85;
    pub const DIFFERENCE: u8 = 86;
    pub const GOODS_DIFFERENCE: u8 = 87;
    pub const LICENCE: u8 = 88;
    pub const LICENCE_OF: u8 = 89;
    pub const LICENCE_ENTRY: u8 = 90;
    pub const LICENCE_DRAW: u8 = 91;
    pub const BOM_STANDING: u8 = 92;
    pub const SALE: u8 = 93;
    pub const WAYBILL: u8 = 94;
    pub const PARCEL_SALE: u8 = 95;
    pub const SALE_PARCEL: u8 = 96;
    pub const WAYBILL_PARCEL: u8 = 97;
    pub const DIRECT_EXIT: u8 = 98;
    pub const TRANSFER_FORM: u8 = 99;
    pub const TRANSFER_FORM_OF: u8 = 100;
    pub const TRANSFER_FORM_DRAW: u8 = 101;
    pub const OWN_GROUP: u8 = 102;
    pub const DOCUMENT_HOLD: u8 = 103;
    pub const EXCHANGED: u8 = 104;
    pub const FORMER_REFERENCE: u8 = 105;
    pub const CONSUMPTION_STANDING: u8 = 106;
}

/// The bytes of a key.
#[must_use]
pub fn encode(key: &Key) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(64);
    let mut writer = Writer(&mut bytes);
    match key {
        Key::Head(()) => writer.byte(table::HEAD),
        Key::Zone(office) => writer.byte(table::ZONE).text(office.as_str()),
        Key::Party(customs_no) => writer.byte(table::PARTY).text(customs_no.as_str()),
        Key::Assignment(principal) => writer.byte(table::ASSIGNMENT).text(&principal.0),
        Key::Book(book_no) => writer.byte(table::BOOK).text(book_no.as_str()),
        Key::Item(item) => writer.byte(table::ITEM).item(item),
        Key::Part((book_no, part_no, number)) => {
            writer.byte(table::PART).text(book_no.as_str()).text(part_no.as_str()).number(*number)
        }
        Key::Position(position) => writer.byte(table::POSITION).position(position),
        Key::Journal(key) => {
            writer.byte(table::JOURNAL).position(&key.position).number(key.revision.0);
            writer.0.extend_from_slice(&key.ordinal.to_be_bytes());
            &mut writer
        }
        Key::Movement(list_no) => writer.byte(table::MOVEMENT).text(list_no.as_str()),
        Key::BookMovement((book_no, list_no)) => {
            writer.byte(table::BOOK_MOVEMENT).text(book_no.as_str()).text(list_no.as_str())
        }
        Key::Lines((list_no, version)) => writer.byte(table::LINES).text(list_no.as_str()).number(*version),
        Key::Progress((linked, number)) => {
            writer.byte(table::PROGRESS).byte(*linked as u8).text(number.as_str())
        }
        Key::Pass(pass_no) => writer.byte(table::PASS).text(pass_no.as_str()),
        Key::Held(pass_no) => writer.byte(table::HELD).text(pass_no.as_str()),
        Key::Declaration(number) => writer.byte(table::DECLARATION).text(number.as_str()),
        Key::Bill((book_no, bill_no, number)) => {
            writer.byte(table::BILL).text(book_no.as_str()).text(bill_no.as_str()).number(*number)
        }
        Key::Message(key) => writer.byte(table::MESSAGE).text(key),
        Key::Delivery((source, sequence)) => writer.byte(table::DELIVERY).text(source).number(*sequence),
        Key::Request((id, principal)) => {
            writer.byte(table::REQUEST).0.extend_from_slice(&id.0);
            writer.text(&principal.0)
        }
        Key::FiledDocument(key) => writer.byte(table::FILED_DOCUMENT).text(key),
        Key::Event(revision) => writer.byte(table::EVENT).number(revision.0),
        Key::Unsupported(number) => writer.byte(table::UNSUPPORTED).text(number),
        Key::Bom(key) => writer.byte(table::BOM).bom(key),
        Key::Permit(number) => writer.byte(table::PERMIT).text(number.as_str()),
        Key::Slip(number) => writer.byte(table::SLIP).text(number.as_str()),
        Key::Guarantee(number) => writer.byte(table::GUARANTEE).text(number.as_str()),
        Key::GuaranteeEntry((guarantee, number)) => {
            writer.byte(table::GUARANTEE_ENTRY).text(guarantee.as_str()).number(*number)
        }
        Key::CreditLevel(party) => writer.byte(table::CREDIT_LEVEL).text(party.as_str()),
        Key::Parcel(number) => writer.byte(table::PARCEL).text(number.as_str()),
        Key::ParcelReturn(number) => writer.byte(table::PARCEL_RETURN).text(number.as_str()),
        Key::Buyer((buyer, year)) => {
            writer.byte(table::BUYER).0.extend_from_slice(&buyer.0);
            writer.signed(*year)
        }
        Key::Reference(key) => writer.byte(table::REFERENCE).reference(key),
        Key::FormerReference((key, revision)) => {
            writer.byte(table::FORMER_REFERENCE).reference(key).number(revision.0)
        }
        Key::Gathered(list_no) => writer.byte(table::GATHERED).text(list_no.as_str()),
        Key::Unit((book_no, serial)) => writer.byte(table::UNIT).text(book_no.as_str()).text(serial.as_str()),
        Key::ConsumptionStanding(number) => writer.byte(table::CONSUMPTION_STANDING).text(number.as_str()),
        Key::Consumption(number) => writer.byte(table::CONSUMPTION).text(number.as_str()),
        Key::Disposal(number) => writer.byte(table::DISPOSAL).text(number.as_str()),
        Key::BookDisposal((book_no, number)) => {
            writer.byte(table::BOOK_DISPOSAL).text(book_no.as_str()).text(number.as_str())
        }
        Key::Lease(number) => writer.byte(table::LEASE).text(number.as_str()),
        Key::LeasedUnit((book_no, number)) => {
            writer.byte(table::LEASED_UNIT).text(book_no.as_str()).number(*number)
        }
        Key::ProjectUse((book_no, project, revision)) => {
            writer.byte(table::PROJECT_USE).text(book_no.as_str()).text(project.as_str()).number(revision.0)
        }
        Key::WorkOrder(number) => writer.byte(table::WORK_ORDER).text(number.as_str()),
        Key::BookWorkOrder((book_no, number)) => {
            writer.byte(table::BOOK_WORK_ORDER).text(book_no.as_str()).text(number.as_str())
        }
        Key::OrderEntry((number, event_no)) => {
            writer.byte(table::ORDER_ENTRY).text(number.as_str()).number(*event_no)
        }
        Key::Registration(number) => writer.byte(table::REGISTRATION).text(number.as_str()),
        Key::StatusChange(number) => writer.byte(table::STATUS_CHANGE).text(number.as_str()),
        Key::CarryOver(number) => writer.byte(table::CARRY_OVER).text(number.as_str()),
        Key::BookOrder((book_no, revision)) => {
            writer.byte(table::BOOK_ORDER).text(book_no.as_str()).number(revision.0)
        }
        Key::OpenPaper((book_no, paper, number)) => {
            writer.byte(table::OPEN_PAPER).text(book_no.as_str()).byte(*paper as u8).text(number.as_str())
        }
        Key::Verification((book_no, revision)) => {
            writer.byte(table::VERIFICATION).text(book_no.as_str()).number(revision.0)
        }
        Key::Adjustment(number) => writer.byte(table::ADJUSTMENT).text(number.as_str()),
        Key::BookAdjustment((book_no, number)) => {
            writer.byte(table::BOOK_ADJUSTMENT).text(book_no.as_str()).text(number.as_str())
        }
        Key::Deadline(key) => {
            writer.byte(table::DEADLINE).byte(key.standing as u8).day(key.due).byte(key.kind as u8);
            writer.text(key.book_no.as_str()).text(key.document.as_str()).number(key.part)
        }
        Key::OverdueRecord((revision, ordinal)) => {
            writer.byte(table::OVERDUE_RECORD).number(revision.0);
            writer.0.extend_from_slice(&ordinal.to_be_bytes());
            &mut writer
        }
        Key::Calendar(year) => writer.byte(table::CALENDAR).number(*year),
        Key::Mailbox(recipient) => writer.byte(table::MAILBOX).recipient(recipient),
        Key::Receipt((recipient, sequence)) => {
            writer.byte(table::RECEIPT).recipient(recipient).number(*sequence)
        }
        Key::Original(sha256) => {
            writer.byte(table::ORIGINAL).0.extend_from_slice(sha256);
            &mut writer
        }
        Key::DocumentMessage((number, revision)) => {
            writer.byte(table::DOCUMENT_MESSAGE).text(number).number(revision.0)
        }
        Key::ReceiptDifference(revision) => writer.byte(table::RECEIPT_DIFFERENCE).number(revision.0),
        Key::Correction(number) => writer.byte(table::CORRECTION).text(number.as_str()),
        Key::Undone(list_no) => writer.byte(table::UNDONE).text(list_no.as_str()),
        Key::Tally(number) => writer.byte(table::TALLY).text(number.as_str()),
        Key::Returned(list_no) => writer.byte(table::RETURNED).text(list_no.as_str()),
        Key::Parameter(parameter) => writer.byte(table::PARAMETER).byte(*parameter as u8),
        Key::VehiclePass((vehicle_no, pass_no)) => {
            writer.byte(table::VEHICLE_PASS).text(vehicle_no).text(pass_no.as_str())
        }
        Key::Lot((item, lot)) => writer.byte(table::LOT).item(item).text(lot.as_str()),
        Key::Layer(layer) => writer.byte(table::LAYER).layer(layer),
        Key::LayerMoment(LayerMoment { layer, revision }) => {
            writer.byte(table::LAYER_MOMENT).layer(layer).number(revision.0)
        }
        Key::Allocation(key) => writer
            .byte(table::ALLOCATION)
            .text(key.mover.number.as_str())
            .byte(key.mover.kind as u8)
            .number(key.mover.event)
            .number(key.line)
            .stack(&key.from)
            .byte(key.to as u8),
        Key::FormerItem((item, revision)) => writer.byte(table::FORMER_ITEM).item(item).number(revision.0),
        Key::FormerParty((party, revision)) => {
            writer.byte(table::FORMER_PARTY).text(party.as_str()).number(revision.0)
        }
        Key::Campaign(number) => writer.byte(table::CAMPAIGN).text(number.as_str()),
        Key::BookCampaign((book_no, number)) => {
            writer.byte(table::BOOK_CAMPAIGN).text(book_no.as_str()).text(number.as_str())
        }
        Key::OpenCampaign((book_no, number)) => {
            writer.byte(table::OPEN_CAMPAIGN).text(book_no.as_str()).text(number.as_str())
        }
        Key::CountSheet(key) => writer
            .byte(table::COUNT_SHEET)
            .text(key.campaign_no.as_str())
            .text(key.counter.as_str())
            .text(key.sheet_no.as_str()),
        Key::Count(key) => writer
            .byte(table::COUNT)
            .text(key.campaign_no.as_str())
            .byte(key.mark as u8)
            .number(key.number)
            .optional(key.serial.as_ref().map(SerialNo::as_str))
            .optional(key.lot.as_ref().map(LotNo::as_str))
            .byte(key.place as u8)
            .optional(key.bom_version.as_ref().map(BomVersion::as_str))
            .optional(key.area.as_ref().map(CountArea::as_str))
            .number(key.round)
            .text(key.counter.as_str())
            .text(key.sheet_no.as_str())
            .number(key.line),
        Key::Period((book_no, sequence)) => {
            writer.byte(table::PERIOD).text(book_no.as_str()).number(*sequence)
        }
        Key::DeclaredItem((book_no, sequence, mark, number, revision)) => writer
            .byte(table::DECLARED_ITEM)
            .text(book_no.as_str())
            .number(*sequence)
            .byte(*mark as u8)
            .number(*number)
            .number(revision.0),
        Key::Overdraft(number) => writer.byte(table::OVERDRAFT).text(number.as_str()),
        Key::Overdrawn(position) => writer.byte(table::OVERDRAWN).position(position),
        Key::Seal((list_no, pass_no)) => {
            writer.byte(table::SEAL).text(list_no.as_str()).text(pass_no.as_str())
        }
        Key::Tolerance(office) => writer.byte(table::TOLERANCE).text(office.as_str()),
        Key::DifferenceReport(number) => writer.byte(table::DIFFERENCE_REPORT).text(number.as_str()),
        Key::BookDifference((book_no, number)) => {
            writer.byte(table::BOOK_DIFFERENCE).text(book_no.as_str()).text(number.as_str())
        }
        Key::Difference(DifferenceRef { difference_no, line }) => {
            writer.byte(table::DIFFERENCE).text(difference_no.as_str()).number(*line)
        }
        Key::GoodsDifference((book_no, mark, number, serial)) => writer
            .byte(table::GOODS_DIFFERENCE)
            .text(book_no.as_str())
            .byte(*mark as u8)
            .number(*number)
            .optional(serial.as_ref().map(SerialNo::as_str)),
        Key::Licence(number) => writer.byte(table::LICENCE).text(number.as_str()),
        Key::LicenceOf((party, goods, day, number)) => writer
            .byte(table::LICENCE_OF)
            .text(party.as_str())
            .text(goods.as_str())
            .day(*day)
            .text(number.as_str()),
        Key::LicenceEntry((licence, number)) => {
            writer.byte(table::LICENCE_ENTRY).text(licence.as_str()).number(*number)
        }
        Key::LicenceDraw(list_no) => writer.byte(table::LICENCE_DRAW).text(list_no.as_str()),
        Key::BomStanding(key) => writer.byte(table::BOM_STANDING).bom(key),
        Key::Sale(sale) => writer.byte(table::SALE).sale(sale),
        Key::Waybill(waybill) => writer.byte(table::WAYBILL).waybill(waybill),
        Key::ParcelSale(number) => writer.byte(table::PARCEL_SALE).text(number.as_str()),
        Key::SaleParcel((sale, number)) => writer.byte(table::SALE_PARCEL).sale(sale).text(number.as_str()),
        Key::WaybillParcel((waybill, number)) => {
            writer.byte(table::WAYBILL_PARCEL).waybill(waybill).text(number.as_str())
        }
        Key::DirectExit(number) => writer.byte(table::DIRECT_EXIT).text(number.as_str()),
        Key::TransferForm(number) => writer.byte(table::TRANSFER_FORM).text(number.as_str()),
        Key::TransferFormOf((book_no, number)) => {
            writer.byte(table::TRANSFER_FORM_OF).text(book_no.as_str()).text(number.as_str())
        }
        Key::OwnGroup(item) => writer.byte(table::OWN_GROUP).item(item),
        Key::DocumentHold((kind, number)) => {
            writer.byte(table::DOCUMENT_HOLD).byte(*kind as u8).text(number.as_str())
        }
        Key::Exchanged(list_no) => writer.byte(table::EXCHANGED).text(list_no.as_str()),
        Key::TransferFormDraw((number, list_no)) => {
            writer.byte(table::TRANSFER_FORM_DRAW).text(number.as_str()).text(list_no.as_str())
        }
    };
    bytes
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn byte(&mut self) -> Result<u8, Error> {
        let (byte, rest) = self.0.split_first().ok_or(Error::TooShort(0))?;
        self.0 = rest;
        Ok(*byte)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let (array, rest) = self.0.split_first_chunk().ok_or(Error::TooShort(self.0.len()))?;
        self.0 = rest;
        Ok(*array)
    }

    fn number(&mut self) -> Result<u64, Error> {
        self.array().map(u64::from_be_bytes)
    }

    fn signed(&mut self) -> Result<i64, Error> {
        Ok((self.number()? ^ (1 << 63)).cast_signed())
    }

    fn date(&mut self) -> Result<Date, Error> {
        let day = self.signed()?;
        i32::try_from(day).map(Date).map_err(|_| Error::Value(format!("day {day} in a key")))
    }

    fn text(&mut self) -> Result<CompactString, Error> {
        let mut bytes = Vec::new();
        loop {
            match self.byte()? {
                0 => break,
                1 => match self.byte()? {
                    escaped @ (1 | 2) => bytes.push(escaped - 1),
                    other => return Err(Error::Value(format!("escape {other} in a key"))),
                },
                other => bytes.push(other),
            }
        }
        CompactString::from_utf8(bytes).map_err(|error| Error::Value(error.to_string()))
    }

    fn code<T>(&mut self, make: impl Fn(&str) -> Result<T, CodeError>) -> Result<T, Error> {
        make(&self.text()?).map_err(|error| Error::Value(error.to_string()))
    }

    fn optional<T>(&mut self, make: impl Fn(&str) -> Result<T, CodeError>) -> Result<Option<T>, Error> {
        match self.byte()? {
            0 => Ok(None),
            1 => self.code(make).map(Some),
            other => Err(Error::Value(format!("option {other} in a key"))),
        }
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> Result<T, Error> {
        let at = self.byte()?;
        all.get(usize::from(at)).copied().ok_or_else(|| Error::Value(format!("variant {at} in a key")))
    }

    fn day(&mut self) -> Result<Date, Error> {
        self.array().map(|bytes| Date(i32::from_be_bytes(bytes) ^ i32::MIN))
    }
    fn recipient(&mut self) -> Result<Recipient, Error> {
        match self.byte()? {
            0 => self.code(CustomsNo::new).map(Recipient::Party),
            1 => self.code(OfficeCode::new).map(Recipient::Office),
            other => Err(Error::Value(format!("recipient {other} in a key"))),
        }
    }

    fn sale(&mut self) -> Result<SaleKey, Error> {
        Ok(SaleKey { platform: self.code(TraderCode::new)?, order_no: self.code(OrderNo::new)? })
    }

    fn waybill(&mut self) -> Result<WaybillKey, Error> {
        Ok(WaybillKey { carrier: self.code(TraderCode::new)?, waybill_no: self.code(WaybillNo::new)? })
    }

    fn position(&mut self) -> Result<PositionKey, Error> {
        Ok(PositionKey {
            book_no: self.code(BookNo::new)?,
            mark: self.one_of(Mark::ALL)?,
            number: self.number()?,
            lot: self.optional(LotNo::new)?,
            serial: self.optional(SerialNo::new)?,
            place: self.one_of(Place::ALL)?,
        })
    }

    fn item(&mut self) -> Result<ItemKey, Error> {
        Ok(ItemKey {
            book_no: self.code(BookNo::new)?,
            mark: self.one_of(Mark::ALL)?,
            number: self.number()?,
        })
    }

    fn reference(&mut self) -> Result<ReferenceKey, Error> {
        Ok(ReferenceKey { kind: self.one_of(ReferenceKind::ALL)?, code: self.text()?, from: self.date()? })
    }

    fn bom(&mut self) -> Result<BomKey, Error> {
        Ok(BomKey {
            book_no: self.code(BookNo::new)?,
            product: self.number()?,
            version: self.code(BomVersion::new)?,
        })
    }

    fn stack(&mut self) -> Result<StackKey, Error> {
        let ItemKey { book_no, mark, number } = self.item()?;
        Ok(StackKey { book_no, mark, number, place: self.one_of(Place::ALL)? })
    }

    fn layer(&mut self) -> Result<LayerKey, Error> {
        let stack = self.stack()?;
        let id = LayerId {
            received: Revision(self.number()?),
            line: self.number()?,
            lot: self.code(LotNo::new)?,
            holder: self.optional(DocumentNo::new)?,
        };
        Ok(LayerKey { stack, id })
    }
}

/// The key of bytes, all of them.
///
/// # Errors
/// The bytes are not those of a key.
pub fn decode(bytes: &[u8]) -> Result<Key, Error> {
    let mut reader = Reader(bytes);
    let r = &mut reader;
    let key = match r.byte()? {
        table::HEAD => Key::Head(()),
        table::ZONE => Key::Zone(r.code(OfficeCode::new)?),
        table::PARTY => Key::Party(r.code(CustomsNo::new)?),
        table::ASSIGNMENT => Key::Assignment(Principal(r.text()?)),
        table::BOOK => Key::Book(r.code(BookNo::new)?),
        table::ITEM => Key::Item(r.item()?),
        table::PART => Key::Part((r.code(BookNo::new)?, r.code(PartNo::new)?, r.number()?)),
        table::POSITION => Key::Position(r.position()?),
        table::JOURNAL => Key::Journal(JournalKey {
            position: r.position()?,
            revision: Revision(r.number()?),
            ordinal: r.array().map(u32::from_be_bytes)?,
        }),
        table::MOVEMENT => Key::Movement(r.code(ListNo::new)?),
        table::BOOK_MOVEMENT => Key::BookMovement((r.code(BookNo::new)?, r.code(ListNo::new)?)),
        table::LINES => Key::Lines((r.code(ListNo::new)?, r.number()?)),
        table::PROGRESS => Key::Progress((r.one_of(LinkedType::ALL)?, r.code(DocumentNo::new)?)),
        table::PASS => Key::Pass(r.code(PassNo::new)?),
        table::HELD => Key::Held(r.code(PassNo::new)?),
        table::DECLARATION => Key::Declaration(r.code(DeclarationNo::new)?),
        table::BILL => Key::Bill((r.code(BookNo::new)?, r.code(BillNo::new)?, r.number()?)),
        table::MESSAGE => Key::Message(r.text()?),
        table::DELIVERY => Key::Delivery((r.text()?, r.number()?)),
        table::REQUEST => Key::Request((RequestId(r.array()?), Principal(r.text()?))),
        table::FILED_DOCUMENT => Key::FiledDocument(r.text()?),
        table::EVENT => Key::Event(Revision(r.number()?)),
        table::UNSUPPORTED => Key::Unsupported(r.text()?),
        table::BOM => Key::Bom(r.bom()?),
        table::PERMIT => Key::Permit(r.code(PermitNo::new)?),
        table::SLIP => Key::Slip(r.code(SlipNo::new)?),
        table::GUARANTEE => Key::Guarantee(r.code(GuaranteeNo::new)?),
        table::GUARANTEE_ENTRY => Key::GuaranteeEntry((r.code(GuaranteeNo::new)?, r.number()?)),
        table::CREDIT_LEVEL => Key::CreditLevel(r.code(CustomsNo::new)?),
        table::PARCEL => Key::Parcel(r.code(ParcelNo::new)?),
        table::PARCEL_RETURN => Key::ParcelReturn(r.code(ReturnNo::new)?),
        table::BUYER => Key::Buyer((BuyerHash(r.array()?), r.signed()?)),
        table::REFERENCE => Key::Reference(r.reference()?),
        table::FORMER_REFERENCE => Key::FormerReference((r.reference()?, Revision(r.number()?))),
        table::GATHERED => Key::Gathered(r.code(ListNo::new)?),
        table::UNIT => Key::Unit((r.code(BookNo::new)?, r.code(SerialNo::new)?)),
        table::CONSUMPTION_STANDING => Key::ConsumptionStanding(r.code(ConsumptionNo::new)?),
        table::CONSUMPTION => Key::Consumption(r.code(ConsumptionNo::new)?),
        table::DISPOSAL => Key::Disposal(r.code(DisposalNo::new)?),
        table::BOOK_DISPOSAL => Key::BookDisposal((r.code(BookNo::new)?, r.code(DisposalNo::new)?)),
        table::PROJECT_USE => {
            Key::ProjectUse((r.code(BookNo::new)?, r.code(ProjectCode::new)?, Revision(r.number()?)))
        }
        table::WORK_ORDER => Key::WorkOrder(r.code(WorkOrderNo::new)?),
        table::BOOK_WORK_ORDER => Key::BookWorkOrder((r.code(BookNo::new)?, r.code(WorkOrderNo::new)?)),
        table::ORDER_ENTRY => Key::OrderEntry((r.code(WorkOrderNo::new)?, r.number()?)),
        table::REGISTRATION => Key::Registration(r.code(RegistrationNo::new)?),
        table::STATUS_CHANGE => Key::StatusChange(r.code(StatusChangeNo::new)?),
        table::CARRY_OVER => Key::CarryOver(r.code(CarryOverNo::new)?),
        table::BOOK_ORDER => Key::BookOrder((r.code(BookNo::new)?, Revision(r.number()?))),
        table::OPEN_PAPER => {
            Key::OpenPaper((r.code(BookNo::new)?, r.one_of(Paper::ALL)?, r.code(DocumentNo::new)?))
        }
        table::VERIFICATION => Key::Verification((r.code(BookNo::new)?, Revision(r.number()?))),
        table::ADJUSTMENT => Key::Adjustment(r.code(AdjustmentNo::new)?),
        table::BOOK_ADJUSTMENT => Key::BookAdjustment((r.code(BookNo::new)?, r.code(AdjustmentNo::new)?)),
        table::LEASE => Key::Lease(r.code(LeaseNo::new)?),
        table::LEASED_UNIT => Key::LeasedUnit((r.code(BookNo::new)?, r.number()?)),
        table::DEADLINE => Key::Deadline(DeadlineKey {
            standing: r.one_of(Standing::ALL)?,
            due: r.day()?,
            kind: r.one_of(DeadlineKind::ALL)?,
            book_no: r.code(BookNo::new)?,
            document: r.code(DocumentNo::new)?,
            part: r.number()?,
        }),
        table::OVERDUE_RECORD => {
            Key::OverdueRecord((Revision(r.number()?), r.array().map(u32::from_be_bytes)?))
        }
        table::CALENDAR => Key::Calendar(r.number()?),
        table::MAILBOX => Key::Mailbox(r.recipient()?),
        table::RECEIPT => Key::Receipt((r.recipient()?, r.number()?)),
        table::ORIGINAL => Key::Original(r.array()?),
        table::DOCUMENT_MESSAGE => Key::DocumentMessage((r.text()?, Revision(r.number()?))),
        table::RECEIPT_DIFFERENCE => Key::ReceiptDifference(Revision(r.number()?)),
        table::CORRECTION => Key::Correction(r.code(CorrectionNo::new)?),
        table::UNDONE => Key::Undone(r.code(ListNo::new)?),
        table::TALLY => Key::Tally(r.code(TallyNo::new)?),
        table::RETURNED => Key::Returned(r.code(ListNo::new)?),
        table::PARAMETER => Key::Parameter(r.one_of(Parameter::ALL)?),
        table::VEHICLE_PASS => Key::VehiclePass((r.text()?, r.code(PassNo::new)?)),
        table::LOT => Key::Lot((r.item()?, r.code(LotNo::new)?)),
        table::LAYER => Key::Layer(r.layer()?),
        table::LAYER_MOMENT => {
            Key::LayerMoment(LayerMoment { layer: r.layer()?, revision: Revision(r.number()?) })
        }
        table::ALLOCATION => Key::Allocation(AllocationKey {
            mover: Mover {
                number: r.code(DocumentNo::new)?,
                kind: r.one_of(MoverType::ALL)?,
                event: r.number()?,
            },
            line: r.number()?,
            from: r.stack()?,
            to: r.one_of(Place::ALL)?,
        }),
        table::FORMER_ITEM => Key::FormerItem((r.item()?, Revision(r.number()?))),
        table::FORMER_PARTY => Key::FormerParty((r.code(CustomsNo::new)?, Revision(r.number()?))),
        table::CAMPAIGN => Key::Campaign(r.code(CampaignNo::new)?),
        table::BOOK_CAMPAIGN => Key::BookCampaign((r.code(BookNo::new)?, r.code(CampaignNo::new)?)),
        table::OPEN_CAMPAIGN => Key::OpenCampaign((r.code(BookNo::new)?, r.code(CampaignNo::new)?)),
        table::COUNT_SHEET => Key::CountSheet(SheetKey {
            campaign_no: r.code(CampaignNo::new)?,
            counter: r.code(CounterCode::new)?,
            sheet_no: r.code(CountSheetNo::new)?,
        }),
        table::COUNT => Key::Count(CountKey {
            campaign_no: r.code(CampaignNo::new)?,
            mark: r.one_of(Mark::ALL)?,
            number: r.number()?,
            serial: r.optional(SerialNo::new)?,
            lot: r.optional(LotNo::new)?,
            place: r.one_of(CountPlace::ALL)?,
            bom_version: r.optional(BomVersion::new)?,
            area: r.optional(CountArea::new)?,
            round: r.number()?,
            counter: r.code(CounterCode::new)?,
            sheet_no: r.code(CountSheetNo::new)?,
            line: r.number()?,
        }),
        table::PERIOD => Key::Period((r.code(BookNo::new)?, r.number()?)),
        table::DECLARED_ITEM => Key::DeclaredItem((
            r.code(BookNo::new)?,
            r.number()?,
            r.one_of(Mark::ALL)?,
            r.number()?,
            Revision(r.number()?),
        )),
        table::OVERDRAFT => Key::Overdraft(r.code(ListNo::new)?),
        table::OVERDRAWN => Key::Overdrawn(r.position()?),
        table::SEAL => Key::Seal((r.code(ListNo::new)?, r.code(PassNo::new)?)),
        table::TOLERANCE => Key::Tolerance(r.code(OfficeCode::new)?),
        table::DIFFERENCE_REPORT => Key::DifferenceReport(r.code(DifferenceNo::new)?),
        table::BOOK_DIFFERENCE => Key::BookDifference((r.code(BookNo::new)?, r.code(DifferenceNo::new)?)),
        table::DIFFERENCE => {
            Key::Difference(DifferenceRef { difference_no: r.code(DifferenceNo::new)?, line: r.number()? })
        }
        table::GOODS_DIFFERENCE => Key::GoodsDifference((
            r.code(BookNo::new)?,
            r.one_of(Mark::ALL)?,
            r.number()?,
            r.optional(SerialNo::new)?,
        )),
        table::LICENCE => Key::Licence(r.code(LicenceNo::new)?),
        table::LICENCE_OF => Key::LicenceOf((
            r.code(CustomsNo::new)?,
            r.code(TariffCode::new)?,
            r.day()?,
            r.code(LicenceNo::new)?,
        )),
        table::LICENCE_ENTRY => Key::LicenceEntry((r.code(LicenceNo::new)?, r.number()?)),
        table::LICENCE_DRAW => Key::LicenceDraw(r.code(ListNo::new)?),
        table::BOM_STANDING => Key::BomStanding(r.bom()?),
        table::SALE => Key::Sale(r.sale()?),
        table::WAYBILL => Key::Waybill(r.waybill()?),
        table::PARCEL_SALE => Key::ParcelSale(r.code(ParcelNo::new)?),
        table::SALE_PARCEL => Key::SaleParcel((r.sale()?, r.code(ParcelNo::new)?)),
        table::WAYBILL_PARCEL => Key::WaybillParcel((r.waybill()?, r.code(ParcelNo::new)?)),
        table::OWN_GROUP => Key::OwnGroup(r.item()?),
        table::EXCHANGED => Key::Exchanged(r.code(ListNo::new)?),
        table::DOCUMENT_HOLD => Key::DocumentHold((r.one_of(HeldKind::ALL)?, r.code(DocumentNo::new)?)),
        table::DIRECT_EXIT => Key::DirectExit(r.code(PermitNo::new)?),
        table::TRANSFER_FORM => Key::TransferForm(r.code(TransferFormNo::new)?),
        table::TRANSFER_FORM_OF => Key::TransferFormOf((r.code(BookNo::new)?, r.code(TransferFormNo::new)?)),
        table::TRANSFER_FORM_DRAW => {
            Key::TransferFormDraw((r.code(TransferFormNo::new)?, r.code(ListNo::new)?))
        }
        other => return Err(Error::Value(format!("table {other}"))),
    };
    if reader.0.is_empty() { Ok(key) } else { Err(Error::Length { declared: 0, found: reader.0.len() }) }
}
