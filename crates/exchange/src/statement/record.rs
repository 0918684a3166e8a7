//! A statement as records of one table: the columns of CSV and XLSX.

use compact_str::{CompactString, format_compact};
use zonebook_ledger::counters::Counters;
use zonebook_ledger::measure::{Measure, Unit};
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::query::Moment;
use zonebook_ledger::time::{Instant, UtcOffset};
use zonebook_reconcile::statement::{Goods, Head, Holder, Piece, Section};
use zonebook_reconcile::term;

/// The columns: the name in CSV, and what people read over it.
pub(super) const COLUMNS: [(&str, &str); COLUMN_COUNT] = [
    ("record", "记录 Record"),
    ("party", "企业 Party"),
    ("book", "账册 Book"),
    ("mark", "料件成品 Mark"),
    ("item", "项号 Item"),
    ("part_no", "料号 Part"),
    ("name", "名称 Name"),
    ("lot", "批次 Lot"),
    ("serial", "序列号 Serial"),
    ("place", "位置 Place"),
    ("revision", "版本 Revision"),
    ("time", "时间 Time"),
    ("action", "动作 Action"),
    ("matrix_row", "业务代码 Row"),
    ("kind", "业务类型 Kind"),
    ("document", "单证 Document"),
    ("line", "序号 Line"),
    ("unit", "申报单位 Unit"),
    ("in", "收 In"),
    ("out", "付 Out"),
    ("balance", "结存 Balance"),
    ("pending_in", "预增 Announced"),
    ("pending_out", "预减 Reserved"),
    ("unit1", "法定单位 Unit 1"),
    ("in1", "收 In 1"),
    ("out1", "付 Out 1"),
    ("balance1", "结存 Balance 1"),
    ("unit2", "第二单位 Unit 2"),
    ("in2", "收 In 2"),
    ("out2", "付 Out 2"),
    ("balance2", "结存 Balance 2"),
    ("in_usd", "收 美元 In USD"),
    ("out_usd", "付 美元 Out USD"),
    ("balance_usd", "结存 美元 Balance USD"),
    ("digest", "摘要 Digest"),
];
const COLUMN_COUNT: usize = 35;

/// What stands in a column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// A text, or a code that only looks like a number.
    Text(CompactString),
    /// A number that counts something.
    Count(u64),
    /// A quantity or a value.
    Amount(Quantity),
}

impl Cell {
    fn text(value: impl std::fmt::Display) -> Self {
        Self::Text(format_compact!("{value}"))
    }

    fn optional(value: Option<&impl std::fmt::Display>) -> Self {
        value.map_or(Self::Empty, Self::text)
    }
}

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record(pub(super) [Cell; COLUMN_COUNT]);

impl Record {
    /// Puts something into a column, which must be one of the table.
    fn put(&mut self, column: &str, cell: Cell) {
        let at = COLUMNS.iter().position(|(name, _)| *name == column);
        debug_assert!(at.is_some(), "no column {column}");
        if let Some(slot) = at.and_then(|at| self.0.get_mut(at)) {
            *slot = cell;
        }
    }

    fn named(record: &str) -> Self {
        let mut row = Self([const { Cell::Empty }; COLUMN_COUNT]);
        row.put("record", Cell::text(record));
        row
    }

    fn moved(&mut self, received: &Measure, given: &Measure) {
        for (unit, received_in, given_in, _) in MEASURES {
            self.put(received_in, Cell::Amount(received.get(unit)));
            self.put(given_in, Cell::Amount(given.get(unit)));
        }
    }

    fn stands(&mut self, counters: &Counters) {
        // Beyond the range of a number is nothing; the ledger refuses what would lead there.
        let on_hand = counters.on_hand().unwrap_or_default();
        for (unit, _, _, balance) in MEASURES {
            self.put(balance, Cell::Amount(on_hand.get(unit)));
        }
        self.put("pending_in", Cell::Amount(counters.increase_pending.declared()));
        self.put("pending_out", Cell::Amount(counters.decrease_pending.declared()));
    }
}

/// A component of a measure, and its columns.
const MEASURES: [(Unit, &str, &str, &str); 4] = [
    (Unit::Declared, "in", "out", "balance"),
    (Unit::Statutory1, "in1", "out1", "balance1"),
    (Unit::Statutory2, "in2", "out2", "balance2"),
    (Unit::Value, "in_usd", "out_usd", "balance_usd"),
];

/// Names of the enterprise, as far as they are known.
pub(super) fn party_name(head: &Head) -> String {
    format!("{} {}", head.name_zh, head.name_en).trim().to_owned()
}

/// 64 hexadecimal digits.
pub(super) fn digest(head: &Head) -> String {
    head.digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A moment on the ledger's clock, as people write it.
pub(super) fn local(instant: Instant, utc_offset: UtcOffset) -> CompactString {
    CompactString::from(utc_offset.local(instant).to_string().replace('T', " "))
}

/// The time of a moment, where it was given as a time.
pub(super) fn time_of(moment: Moment, utc_offset: UtcOffset) -> Option<CompactString> {
    match moment {
        Moment::Before(instant) => Some(local(instant, utc_offset)),
        Moment::Now | Moment::After(_) => None,
    }
}

/// What a statement is of and what it rests on: `STATEMENT`, and the period as `FROM` and `TO`.
pub(super) fn heads(head: &Head, utc_offset: UtcOffset) -> [Record; 3] {
    let record = |name: &str, revision: Revision, time: Option<CompactString>| {
        let mut row = Record::named(name);
        row.put("party", Cell::text(&head.customs_no));
        if let Holder::Book(book) = &head.asked.holder {
            row.put("book", Cell::text(book));
        }
        row.put("revision", Cell::Count(revision.0));
        row.put("time", Cell::optional(time.as_ref()));
        row
    };
    let mut statement = record("STATEMENT", head.revision, Some(local(head.ledger_time, utc_offset)));
    statement.put("name", Cell::text(party_name(head)));
    statement.put("digest", Cell::text(digest(head)));
    let bound = |name, revision, moment| record(name, revision, time_of(moment, utc_offset));
    [statement, bound("FROM", head.opening, head.asked.from), bound("TO", head.closing, head.asked.to)]
}

/// A piece of a statement: `OPENING`, `MOVEMENT` or `CLOSING`.
pub(super) fn record(head: &Head, section: &Section, piece: &Piece, utc_offset: UtcOffset) -> Record {
    let mut row = match piece {
        Piece::Opening(section) => {
            let mut row = Record::named("OPENING");
            row.put("revision", Cell::Count(head.opening.0));
            row.stands(&section.counters);
            row
        }
        Piece::Row(moved) => {
            let mut row = Record::named("MOVEMENT");
            row.put("revision", Cell::Count(moved.revision.0));
            row.put("time", Cell::text(local(moved.time, utc_offset)));
            row.put("action", Cell::text(moved.action.name()));
            row.put("matrix_row", Cell::optional(moved.kind.as_ref()));
            let kind = moved.kind.map_or(term::OPENING, term::of_row);
            row.put("kind", Cell::text(format_compact!("{} {}", kind.zh, kind.en)));
            row.put("document", Cell::text(&moved.document));
            row.put("line", Cell::Count(moved.line));
            row.moved(&moved.received, &moved.given);
            row.stands(&moved.after);
            row
        }
        Piece::Closing(closing) => {
            let mut row = Record::named("CLOSING");
            row.put("revision", Cell::Count(head.closing.0));
            row.moved(&closing.received, &closing.given);
            row.stands(&closing.counters);
            row
        }
    };
    place(&mut row, head, section);
    row
}

fn place(row: &mut Record, head: &Head, section: &Section) {
    let position = &section.position;
    row.put("party", Cell::text(&head.customs_no));
    row.put("book", Cell::text(&position.book_no));
    row.put("mark", Cell::text(position.mark));
    row.put("item", Cell::Count(position.number));
    row.put("lot", Cell::optional(position.lot.as_ref()));
    row.put("serial", Cell::optional(position.serial.as_ref()));
    row.put("place", Cell::text(position.place));
    let Some(Goods { part_no, name, units, .. }) = &section.goods else { return };
    row.put("part_no", Cell::text(part_no));
    row.put("name", Cell::text(name));
    row.put("unit", Cell::text(&units.declared));
    row.put("unit1", Cell::text(&units.statutory1));
    row.put("unit2", Cell::optional(units.statutory2.as_ref()));
}
