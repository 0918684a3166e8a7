//! Keys of tables as bytes whose order is the order of the keys: table first, then each part in turn.
//!
//! Texts end with a zero byte and hold neither 0 nor 1 unescaped; numbers are big-endian; an option has a byte in front.

use crate::Error;
use compact_str::CompactString;
use zonebook_ledger::bom::BomKey;
use zonebook_ledger::code::{
    BillNo, BomVersion, BookNo, ConsumptionNo, CustomsNo, DeclarationNo, DocumentNo, ListNo, LotNo,
    OfficeCode, ParcelNo, PartNo, PassNo, PermitNo, SerialNo, SlipNo,
};
use zonebook_ledger::command::RequestId;
use zonebook_ledger::direction::Mark;
use zonebook_ledger::document::LinkedType;
use zonebook_ledger::error::CodeError;
use zonebook_ledger::event::JournalKey;
use zonebook_ledger::item::ItemKey;
use zonebook_ledger::layer::{AllocationKey, LayerId, LayerKey, StackKey};
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::parameter::Parameter;
use zonebook_ledger::permission::Principal;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::state::Key;

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

    fn byte(&mut self, byte: u8) -> &mut Self {
        self.0.push(byte);
        self
    }

    fn number(&mut self, number: u64) -> &mut Self {
        self.0.extend_from_slice(&number.to_be_bytes());
        self
    }

    fn position(&mut self, position: &PositionKey) -> &mut Self {
        self.text(position.book_no.as_str())
            .byte(position.mark as u8)
            .number(position.number)
            .optional(position.lot.as_ref().map(LotNo::as_str))
            .optional(position.serial.as_ref().map(SerialNo::as_str))
            .byte(position.place as u8)
    }

    fn stack(&mut self, stack: &StackKey) -> &mut Self {
        self.text(stack.book_no.as_str()).byte(stack.mark as u8).number(stack.number).byte(stack.place as u8)
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
    pub const PARCEL: u8 = 27;
    pub const GATHERED: u8 = 28;
    pub const UNIT: u8 = 29;
    pub const CONSUMPTION: u8 = 30;
    pub const VERIFICATION: u8 = 31;
    pub const PARAMETER: u8 = 32;
    pub const LOT: u8 = 33;
    pub const LAYER: u8 = 34;
    pub const ALLOCATION: u8 = 35;
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
        Key::Item(item) => {
            writer.byte(table::ITEM).text(item.book_no.as_str()).byte(item.mark as u8).number(item.number)
        }
        Key::Part((book_no, part_no)) => {
            writer.byte(table::PART).text(book_no.as_str()).text(part_no.as_str())
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
        Key::Bom(BomKey { book_no, product, version }) => {
            writer.byte(table::BOM).text(book_no.as_str()).number(*product).text(version.as_str())
        }
        Key::Permit(number) => writer.byte(table::PERMIT).text(number.as_str()),
        Key::Slip(number) => writer.byte(table::SLIP).text(number.as_str()),
        Key::Parcel(number) => writer.byte(table::PARCEL).text(number.as_str()),
        Key::Gathered(list_no) => writer.byte(table::GATHERED).text(list_no.as_str()),
        Key::Unit((book_no, serial)) => writer.byte(table::UNIT).text(book_no.as_str()).text(serial.as_str()),
        Key::Consumption(number) => writer.byte(table::CONSUMPTION).text(number.as_str()),
        Key::Verification((book_no, revision)) => {
            writer.byte(table::VERIFICATION).text(book_no.as_str()).number(revision.0)
        }
        Key::Parameter(parameter) => writer.byte(table::PARAMETER).byte(*parameter as u8),
        Key::Lot((item, lot)) => writer
            .byte(table::LOT)
            .text(item.book_no.as_str())
            .byte(item.mark as u8)
            .number(item.number)
            .text(lot.as_str()),
        Key::Layer(LayerKey { stack, id }) => writer
            .byte(table::LAYER)
            .stack(stack)
            .number(id.received.0)
            .number(id.line)
            .text(id.lot.as_str())
            .optional(id.holder.as_ref().map(DocumentNo::as_str)),
        Key::Allocation(key) => writer
            .byte(table::ALLOCATION)
            .text(key.document.as_str())
            .number(key.line)
            .stack(&key.from)
            .byte(key.to as u8),
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

    fn stack(&mut self) -> Result<StackKey, Error> {
        let ItemKey { book_no, mark, number } = self.item()?;
        Ok(StackKey { book_no, mark, number, place: self.one_of(Place::ALL)? })
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
        table::ITEM => Key::Item(ItemKey {
            book_no: r.code(BookNo::new)?,
            mark: r.one_of(Mark::ALL)?,
            number: r.number()?,
        }),
        table::PART => Key::Part((r.code(BookNo::new)?, r.code(PartNo::new)?)),
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
        table::BOM => Key::Bom(BomKey {
            book_no: r.code(BookNo::new)?,
            product: r.number()?,
            version: r.code(BomVersion::new)?,
        }),
        table::PERMIT => Key::Permit(r.code(PermitNo::new)?),
        table::SLIP => Key::Slip(r.code(SlipNo::new)?),
        table::PARCEL => Key::Parcel(r.code(ParcelNo::new)?),
        table::GATHERED => Key::Gathered(r.code(ListNo::new)?),
        table::UNIT => Key::Unit((r.code(BookNo::new)?, r.code(SerialNo::new)?)),
        table::CONSUMPTION => Key::Consumption(r.code(ConsumptionNo::new)?),
        table::VERIFICATION => Key::Verification((r.code(BookNo::new)?, Revision(r.number()?))),
        table::PARAMETER => Key::Parameter(r.one_of(Parameter::ALL)?),
        table::LOT => Key::Lot((r.item()?, r.code(LotNo::new)?)),
        table::LAYER => Key::Layer(LayerKey {
            stack: r.stack()?,
            id: LayerId {
                received: Revision(r.number()?),
                line: r.number()?,
                lot: r.code(LotNo::new)?,
                holder: r.optional(DocumentNo::new)?,
            },
        }),
        table::ALLOCATION => Key::Allocation(AllocationKey {
            document: r.code(DocumentNo::new)?,
            line: r.number()?,
            from: r.stack()?,
            to: r.one_of(Place::ALL)?,
        }),
        other => return Err(Error::Value(format!("table {other}"))),
    };
    if reader.0.is_empty() { Ok(key) } else { Err(Error::Length { declared: 0, found: reader.0.len() }) }
}
