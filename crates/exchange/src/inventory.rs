//! The second reading of a message of electronic commerce: the values of each of its papers and of their lines. Parcel lists,
//! `CEB621Message`, have parcels; orders, payments and waybills are built alike ([`Shape`]).
//!
//! The message is checked for well-formedness only (`RULES.md` 2.2), so values are looked for by name, whatever their
//! prefix; the first of each counts. Where it goes is not among the values that are kept: names, telephones and addresses
//! get no further than the bytes of the message. The number of the buyer's identity document is read for its hash, under a
//! key, and goes no further than that (`buyer`).

use crate::schema::{Record, Value};
use crate::xml::{Event, Malformed, Reader};
use std::borrow::Cow;
use zonebook_ledger::limits::{PARCEL_LINES_MAX, PARCELS_MAX};

/// The element of a parcel.
pub(crate) const PARCEL: &str = "Inventory";
/// The element of a line of it.
pub(crate) const LINE: &str = "InventoryList";

/// The elements of one kind of message, and the values of them to keep.
#[derive(Debug)]
pub(crate) struct Shape {
    /// The element of a paper: a parcel, an order.
    pub(crate) paper: &'static str,
    /// The element of its head.
    pub(crate) head: &'static str,
    /// Values of a head.
    pub(crate) head_values: &'static [&'static str],
    /// The element of a line of it; empty where none is read.
    pub(crate) line: &'static str,
    /// Values of a line.
    pub(crate) line_values: &'static [&'static str],
}

/// A parcel list.
pub(crate) const PARCELS: Shape = Shape {
    paper: PARCEL,
    head: "InventoryHead",
    head_values: &[
        "appType",
        "emsNo",
        "invtNo",
        "buyerIdType",
        "buyerIdNumber",
        "ebpCode",
        "orderNo",
        "logisticsCode",
        "logisticsNo",
        "currency",
    ],
    line: LINE,
    line_values: &[
        "gnum",
        "itemRecordNo",
        "gcode",
        "qty",
        "unit",
        "qty1",
        "unit1",
        "qty2",
        "unit2",
        "totalPrice",
    ],
};

/// Depths of parcels in the root, of their parts, and of values in these.
const PARCEL_DEPTH: usize = 2;
const PART_DEPTH: usize = 3;
const VALUE_DEPTH: usize = 4;

/// The parcels of a message. No more of them are kept than the ledger takes, but all are counted.
#[derive(Debug, Default)]
pub(crate) struct Inventories<'a> {
    /// In order.
    pub(crate) parcels: Vec<Inventory<'a>>,
    /// How many parcels there are.
    pub(crate) parcel_count: usize,
    /// How many lines the parcels have that are kept.
    pub(crate) line_count: usize,
}

/// One parcel.
#[derive(Debug)]
pub(crate) struct Inventory<'a> {
    /// `InventoryHead`; without values when it is not there.
    pub(crate) head: Record<'a>,
    /// `InventoryList`
    pub(crate) lines: Vec<Record<'a>>,
}

/// Where in a parcel the reading is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Head,
    Line,
}

/// What of the message is being kept.
#[derive(Debug, Default)]
struct Place {
    /// Inside of a parcel, before any head of it.
    head_awaited: bool,
    /// Inside of a parcel that is kept.
    in_parcel: bool,
    /// Inside of a part that is kept.
    part: Option<Part>,
    /// Inside of a value that is kept.
    in_value: bool,
}

impl<'a> Inventories<'a> {
    /// Reads a message of a shape to its end.
    ///
    /// # Errors
    /// It is not well-formed.
    pub(crate) fn read(bytes: &'a [u8], shape: &'static Shape) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes)?;
        let mut found = Self::default();
        let mut place = Place::default();
        loop {
            match reader.next_event()? {
                Event::Start(tag) => match reader.depth() {
                    PARCEL_DEPTH => found.begin_parcel(shape, &mut place, tag.local, reader.offset()),
                    PART_DEPTH => found.begin_part(shape, &mut place, tag.local, reader.offset()),
                    VALUE_DEPTH => found.begin_value(shape, &mut place, tag.local, reader.offset()),
                    _ => {}
                },
                Event::Text(text) | Event::Cdata(text) => {
                    if place.in_value
                        && reader.depth() == VALUE_DEPTH
                        && let Some(value) = found.part(place.part).and_then(|part| part.values.last_mut())
                    {
                        append(&mut value.text, text);
                    }
                }
                Event::End => {}
                Event::Eof => return Ok(found),
            }
        }
    }

    fn begin_parcel(&mut self, shape: &Shape, place: &mut Place, name: &str, offset: usize) {
        *place = Place::default();
        if name != shape.paper {
            return;
        }
        self.parcel_count += 1;
        if self.parcel_count <= PARCELS_MAX {
            *place = Place { head_awaited: true, in_parcel: true, ..Place::default() };
            self.parcels.push(Inventory { head: record(shape.head, offset), lines: Vec::new() });
        }
    }

    fn begin_part(&mut self, shape: &Shape, place: &mut Place, name: &str, offset: usize) {
        (place.part, place.in_value) = (None, false);
        let Some(parcel) = self.parcels.last_mut().filter(|_| place.in_parcel) else { return };
        if name == shape.head {
            if std::mem::take(&mut place.head_awaited) {
                parcel.head = record(shape.head, offset);
                place.part = Some(Part::Head);
            }
        } else if name == shape.line {
            self.line_count += 1;
            if self.line_count <= PARCEL_LINES_MAX {
                parcel.lines.push(record(shape.line, offset));
                place.part = Some(Part::Line);
            }
        }
    }

    fn begin_value(&mut self, shape: &Shape, place: &mut Place, name: &str, offset: usize) {
        place.in_value = false;
        let wanted = match place.part {
            Some(Part::Head) => shape.head_values,
            Some(Part::Line) => shape.line_values,
            None => return,
        };
        let Some(name) = wanted.iter().copied().find(|wanted| *wanted == name) else { return };
        let Some(part) = self.part(place.part).filter(|part| part.value(name).is_none()) else { return };
        part.values.push(Value { name, text: Cow::Borrowed(""), offset });
        place.in_value = true;
    }

    /// The part that is being read.
    fn part(&mut self, part: Option<Part>) -> Option<&mut Record<'a>> {
        let parcel = self.parcels.last_mut()?;
        match part? {
            Part::Head => Some(&mut parcel.head),
            Part::Line => parcel.lines.last_mut(),
        }
    }
}

fn record(name: &'static str, offset: usize) -> Record<'static> {
    Record { name, values: Vec::new(), offset }
}

/// A value mostly comes in one piece, which is not copied.
fn append<'a>(value: &mut Cow<'a, str>, text: Cow<'a, str>) {
    if value.is_empty() {
        *value = text;
    } else {
        value.to_mut().push_str(&text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts<'r>(record: &'r Record<'_>) -> Vec<(&'static str, &'r str)> {
        record.values.iter().map(|value| (value.name, value.text.as_ref())).collect()
    }

    #[test]
    fn values_are_found_by_name_and_the_first_of_each_counts() {
        let text = "<c:M xmlns:c='urn:c'><c:Inventory>\
            <c:InventoryHead><c:invtNo>P&#49;<![CDATA[-]]>a</c:invtNo><c:buyerName>who</c:buyerName>\
            <c:invtNo>P2</c:invtNo><emsNo>T<x>odd</x>1</emsNo></c:InventoryHead>\
            <c:InventoryHead><c:appType>3</c:appType></c:InventoryHead>\
            <c:InventoryList><c:qty>2</c:qty></c:InventoryList><c:InventoryList/><other><qty>9</qty></other>\
            </c:Inventory><c:Other><c:InventoryList/></c:Other><c:InventoryList/><c:Inventory/></c:M>";
        let found = Inventories::read(text.as_bytes(), &PARCELS).unwrap();
        assert_eq!((found.parcel_count, found.line_count), (2, 2));
        assert_eq!(texts(&found.parcels[0].head), [("invtNo", "P1-a"), ("emsNo", "T1")]);
        let lines: Vec<_> = found.parcels[0].lines.iter().map(texts).collect();
        assert_eq!(lines, [vec![("qty", "2")], vec![]]);
        assert!(found.parcels[1].head.values.is_empty() && found.parcels[1].lines.is_empty());
    }

    #[test]
    fn no_more_is_kept_than_the_ledger_takes_but_all_is_counted() {
        let parcels = format!("<M>{}</M>", "<Inventory/>".repeat(PARCELS_MAX + 7));
        let found = Inventories::read(parcels.as_bytes(), &PARCELS).unwrap();
        assert_eq!((found.parcels.len(), found.parcel_count), (PARCELS_MAX, PARCELS_MAX + 7));
        let lines = "<InventoryList><qty>1</qty></InventoryList>".repeat(PARCEL_LINES_MAX + 7);
        let lines = format!("<M><Inventory>{lines}</Inventory></M>");
        let found = Inventories::read(lines.as_bytes(), &PARCELS).unwrap();
        assert_eq!(
            (found.parcels[0].lines.len(), found.line_count),
            (PARCEL_LINES_MAX, PARCEL_LINES_MAX + 7)
        );
    }
}
