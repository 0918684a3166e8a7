//! Hot values by hand: counters as a bitmap of the non-zero ones and minimal integers; texts with their length in front.
//!
//! Canonical: one value has one form, and a longer form of it is refused.

use crate::Error;
use zonebook_ledger::code::{BomVersion, DocumentNo, LotNo, PartNo, SerialNo, TariffCode, UnitCode};
use zonebook_ledger::counters::Counters;
use zonebook_ledger::document::{ListLine, Provenance};
use zonebook_ledger::error::CodeError;
use zonebook_ledger::event::{Action, JournalRow};
use zonebook_ledger::item::Units;
use zonebook_ledger::measure::Measure;
use zonebook_ledger::movement::{MaterialUse, MovementLine};
use zonebook_ledger::quantity::Quantity;

/// Reads packed values from front to back.
pub struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// At the front of some bytes.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], Error> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(Error::TooShort(self.0.len()))?;
        self.0 = rest;
        Ok(taken)
    }

    /// One byte.
    ///
    /// # Errors
    /// There is none left.
    pub fn byte(&mut self) -> Result<u8, Error> {
        match self.take(1)? {
            [byte] => Ok(*byte),
            _ => Err(Error::TooShort(0)),
        }
    }

    /// All bytes have been read.
    ///
    /// # Errors
    /// Some are left.
    pub const fn end(&self) -> Result<(), Error> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Length { declared: 0, found: self.0.len() }) }
    }

    fn text(&mut self) -> Result<&'a str, Error> {
        let length =
            usize::try_from(self.integer()?).map_err(|_| Error::Value("text of negative length".into()))?;
        std::str::from_utf8(self.take(length)?).map_err(|error| Error::Value(error.to_string()))
    }

    fn unsigned(&mut self) -> Result<u64, Error> {
        u64::try_from(self.integer()?).map_err(|_| Error::Value("number out of range".into()))
    }

    fn quantity(&mut self) -> Result<Quantity, Error> {
        self.integer().map(Quantity::from_raw)
    }

    /// A length byte, then that many bytes of two's complement, little-endian.
    fn integer(&mut self) -> Result<i128, Error> {
        let length = usize::from(self.byte()?);
        self.integer_of(length)
    }

    fn integer_of(&mut self, length: usize) -> Result<i128, Error> {
        let bytes = self.take(length)?;
        let negative = bytes.last().is_some_and(|last| last & 0x80 != 0);
        let mut wide = [if negative { 0xff } else { 0 }; 16];
        let slots =
            wide.get_mut(..length).ok_or_else(|| Error::Value(format!("integer of {length} bytes")))?;
        slots.copy_from_slice(bytes);
        let value = i128::from_le_bytes(wide);
        if minimal_length(value) != length {
            return Err(Error::Value("integer is not in its shortest form".into()));
        }
        Ok(value)
    }
}

/// Bytes that a number needs: none for zero.
fn minimal_length(value: i128) -> usize {
    if value == 0 {
        return 0;
    }
    let significant = if value < 0 { value.leading_ones() } else { value.leading_zeros() };
    (128 - significant as usize) / 8 + 1
}

fn put_integer(value: i128, bytes: &mut Vec<u8>) {
    let length = minimal_length(value);
    bytes.push(length as u8);
    bytes.extend(value.to_le_bytes().into_iter().take(length));
}

fn put_text(text: &str, bytes: &mut Vec<u8>) {
    put_integer(text.len() as i128, bytes);
    bytes.extend_from_slice(text.as_bytes());
}

fn of_code<T>(code: Result<T, CodeError>) -> Result<T, Error> {
    code.map_err(|error| Error::Value(error.to_string()))
}

/// Appends counters: a bitmap of sixteen (four counters in four units), then the non-zero ones.
pub fn put_counters(counters: &Counters, bytes: &mut Vec<u8>) {
    let all = [
        counters.increase_pending,
        counters.increase_posted,
        counters.decrease_pending,
        counters.decrease_posted,
    ];
    let mut bitmap = 0_u16;
    let start = bytes.len();
    bytes.extend_from_slice(&[0, 0]);
    for (at, quantity) in all.iter().flat_map(|measure| measure.0).enumerate() {
        if !quantity.is_zero() {
            bitmap |= 1 << at;
            put_integer(quantity.raw(), bytes);
        }
    }
    for (slot, byte) in bytes.iter_mut().skip(start).zip(bitmap.to_le_bytes()) {
        *slot = byte;
    }
}

/// Reads counters.
///
/// # Errors
/// The bytes are not the canonical form of counters.
pub fn counters(reader: &mut Reader<'_>) -> Result<Counters, Error> {
    let bitmap = u16::from_le_bytes([reader.byte()?, reader.byte()?]);
    let mut all = [Measure::ZERO; 4];
    for (at, slot) in all.iter_mut().flat_map(|measure| measure.0.iter_mut()).enumerate() {
        if bitmap & (1 << at) == 0 {
            continue;
        }
        let value = reader.integer()?;
        if value == 0 {
            return Err(Error::Value("a counter of zero is written out".into()));
        }
        *slot = Quantity::from_raw(value);
    }
    let [increase_pending, increase_posted, decrease_pending, decrease_posted] = all;
    Ok(Counters { increase_pending, increase_posted, decrease_pending, decrease_posted })
}

/// Appends a journal row.
pub fn put_journal(row: &JournalRow, bytes: &mut Vec<u8>) {
    bytes.push(row.action as u8);
    put_text(row.document.as_str(), bytes);
    put_integer(i128::from(row.line), bytes);
    put_counters(&row.after, bytes);
}

/// Reads a journal row.
///
/// # Errors
/// The bytes are not one.
pub fn journal(reader: &mut Reader<'_>) -> Result<JournalRow, Error> {
    let action = match reader.byte()? {
        0 => Action::Reserve,
        1 => Action::Cancel,
        2 => Action::Post,
        3 => Action::PostAtOnce,
        other => return Err(Error::Value(format!("action {other}"))),
    };
    Ok(JournalRow {
        action,
        document: of_code(DocumentNo::new(reader.text()?))?,
        line: reader.unsigned()?,
        after: counters(reader)?,
    })
}

/// Parts of a line that need not be there: one bit each, and none of them without content.
mod part {
    pub const STATUTORY2: u8 = 1;
    pub const FILED_SERIAL: u8 = 1 << 1;
    pub const BOM_VERSION: u8 = 1 << 2;
    pub const PROVENANCE: u8 = 1 << 3;
    pub const LOT: u8 = 1 << 4;
    pub const SERIAL: u8 = 1 << 5;
    pub const USES: u8 = 1 << 6;
    pub const DANGEROUS: u8 = 1 << 7;
}

/// Appends the lines of a list.
pub fn put_lines(lines: &[MovementLine], bytes: &mut Vec<u8>) {
    put_integer(lines.len() as i128, bytes);
    for line in lines {
        put_line(line, bytes);
    }
}

fn put_line(MovementLine { filed, lot, serial, uses }: &MovementLine, bytes: &mut Vec<u8>) {
    put_integer(i128::from(filed.line), bytes);
    put_integer(i128::from(filed.number), bytes);
    put_text(filed.part_no.as_str(), bytes);
    put_text(filed.tariff_code.as_str(), bytes);
    put_text(&filed.name, bytes);
    put_text(filed.units.declared.as_str(), bytes);
    put_text(filed.units.statutory1.as_str(), bytes);
    put_text(filed.units.statutory2.as_ref().map_or("", UnitCode::as_str), bytes);
    put_text(&filed.origin, bytes);
    put_text(&filed.currency, bytes);
    let quantities =
        [filed.declared, filed.statutory1, filed.value_usd, filed.price, filed.total, filed.gross, filed.net];
    for quantity in quantities {
        put_integer(quantity.raw(), bytes);
    }
    let at = bytes.len();
    bytes.push(0);
    let mut parts = if filed.dangerous { part::DANGEROUS } else { 0 };
    if let Some(quantity) = filed.statutory2 {
        parts |= part::STATUTORY2;
        put_integer(quantity.raw(), bytes);
    }
    let texts = [
        (part::FILED_SERIAL, filed.serial.as_ref().map(SerialNo::as_str)),
        (part::BOM_VERSION, filed.bom_version.as_ref().map(BomVersion::as_str)),
        (part::PROVENANCE, filed.provenance.map(Provenance::code)),
        (part::LOT, lot.as_ref().map(LotNo::as_str)),
        (part::SERIAL, serial.as_ref().map(SerialNo::as_str)),
    ];
    for (bit, text) in texts.into_iter().filter_map(|(bit, text)| Some((bit, text?))) {
        parts |= bit;
        put_text(text, bytes);
    }
    if !uses.is_empty() {
        parts |= part::USES;
        put_integer(uses.len() as i128, bytes);
        for used in uses {
            put_integer(i128::from(used.material), bytes);
            put_integer(used.declared.raw(), bytes);
            put_integer(used.statutory1.raw(), bytes);
        }
    }
    if let Some(slot) = bytes.get_mut(at) {
        *slot = parts;
    }
}

/// Reads the lines of a list.
///
/// # Errors
/// The bytes are not such.
pub fn lines(reader: &mut Reader<'_>) -> Result<Vec<MovementLine>, Error> {
    let count = reader.unsigned()?;
    (0..count).map(|_| line(reader)).collect()
}

fn line(reader: &mut Reader<'_>) -> Result<MovementLine, Error> {
    let (number_of_line, number) = (reader.unsigned()?, reader.unsigned()?);
    let part_no = of_code(PartNo::new(reader.text()?))?;
    let tariff_code = of_code(TariffCode::new(reader.text()?))?;
    let name = reader.text()?.into();
    let units = Units {
        declared: of_code(UnitCode::new(reader.text()?))?,
        statutory1: of_code(UnitCode::new(reader.text()?))?,
        statutory2: of_code(UnitCode::optional(reader.text()?))?,
    };
    let (origin, currency) = (reader.text()?.into(), reader.text()?.into());
    let mut quantities = [Quantity::ZERO; 7];
    for slot in &mut quantities {
        *slot = reader.quantity()?;
    }
    let [declared, statutory1, value_usd, price, total, gross, net] = quantities;
    let parts = reader.byte()?;
    let has = |bit| parts & bit != 0;
    let statutory2 = if has(part::STATUTORY2) { Some(reader.quantity()?) } else { None };
    let serial = optional(reader, has(part::FILED_SERIAL), SerialNo::new)?;
    let bom_version = optional(reader, has(part::BOM_VERSION), BomVersion::new)?;
    let provenance = optional(reader, has(part::PROVENANCE), Provenance::from_code)?;
    let filed = ListLine {
        line: number_of_line,
        number,
        part_no,
        tariff_code,
        name,
        units,
        origin,
        declared,
        statutory1,
        statutory2,
        value_usd,
        price,
        total,
        currency,
        dangerous: has(part::DANGEROUS),
        gross,
        net,
        serial,
        bom_version,
        provenance,
    };
    Ok(MovementLine {
        filed,
        lot: optional(reader, has(part::LOT), LotNo::new)?,
        serial: optional(reader, has(part::SERIAL), SerialNo::new)?,
        uses: if has(part::USES) { uses(reader)? } else { Vec::new() },
    })
}

fn optional<T>(
    reader: &mut Reader<'_>,
    there: bool,
    make: impl Fn(&str) -> Result<T, CodeError>,
) -> Result<Option<T>, Error> {
    if there { of_code(make(reader.text()?)).map(Some) } else { Ok(None) }
}

fn uses(reader: &mut Reader<'_>) -> Result<Vec<MaterialUse>, Error> {
    let count = reader.unsigned()?;
    if count == 0 {
        return Err(Error::Value("uses without any".into()));
    }
    let one = |_| {
        Ok(MaterialUse {
            material: reader.unsigned()?,
            declared: reader.quantity()?,
            statutory1: reader.quantity()?,
        })
    };
    (0..count).map(one).collect()
}
