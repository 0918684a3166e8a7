//! Hot values by hand: counters as a bitmap of the non-zero ones and minimal integers; texts with their length in front.
//!
//! Canonical: one value has one form, and a longer form of it is refused.

use crate::Error;
use zonebook_ledger::code::{DocumentNo, LotNo, PartNo, SerialNo, TariffCode, UnitCode};
use zonebook_ledger::counters::Counters;
use zonebook_ledger::document::ListLine;
use zonebook_ledger::error::CodeError;
use zonebook_ledger::event::{Action, JournalRow};
use zonebook_ledger::item::Units;
use zonebook_ledger::measure::Measure;
use zonebook_ledger::movement::MovementLine;
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

/// Appends the lines of a list.
pub fn put_lines(lines: &[MovementLine], bytes: &mut Vec<u8>) {
    put_integer(lines.len() as i128, bytes);
    for MovementLine { filed, lot } in lines {
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
        bytes.push(u8::from(filed.statutory2.is_some()));
        let second = filed.statutory2.unwrap_or_default();
        for quantity in [
            filed.declared,
            filed.statutory1,
            second,
            filed.value_usd,
            filed.price,
            filed.total,
            filed.gross,
            filed.net,
        ] {
            put_integer(quantity.raw(), bytes);
        }
        put_text(filed.serial.as_ref().map_or("", SerialNo::as_str), bytes);
        put_text(lot.as_ref().map_or("", LotNo::as_str), bytes);
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
    let has_second = match reader.byte()? {
        0 => false,
        1 => true,
        other => return Err(Error::Value(format!("mark {other} of the second statutory quantity"))),
    };
    let mut quantities = [Quantity::ZERO; 8];
    for slot in &mut quantities {
        *slot = Quantity::from_raw(reader.integer()?);
    }
    let [declared, statutory1, second, value_usd, price, total, gross, net] = quantities;
    let serial = of_code(SerialNo::optional(reader.text()?))?;
    let lot = of_code(LotNo::optional(reader.text()?))?;
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
        statutory2: has_second.then_some(second),
        value_usd,
        price,
        total,
        currency,
        gross,
        net,
        serial,
    };
    Ok(MovementLine { filed, lot })
}
