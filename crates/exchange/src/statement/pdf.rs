//! A statement as pages: under each position its opening balance, its movements and its closing balance.

use super::StatementFileError;
use super::paper::{self, Align, Column, HEIGHT, PAGES_MAX, Sheet, WIDTH};
use super::record;
use zonebook_ledger::counters::Counters;
use zonebook_ledger::item::Units;
use zonebook_ledger::measure::{Measure, Unit};
use zonebook_ledger::query::Moment;
use zonebook_ledger::time::UtcOffset;
use zonebook_reconcile::statement::{Head, Holder, Piece, Section};
use zonebook_reconcile::term;

const MARGIN: f32 = 28.0;
const RIGHT: f32 = WIDTH - MARGIN;
const LEADING: f32 = 10.5;
const SIZE: f32 = 6.5;
const SIZE_HEAD: f32 = 8.0;
const SIZE_TITLE: f32 = 14.0;
/// Nothing of the body stands below this line.
const FOOT: f32 = 40.0;
/// Lines that a position wants together at the bottom of a page: its name, the heads, the opening balance, a row.
const TOGETHER: f32 = 5.0 * LEADING;

/// Time, revision, kind, document, line.
const WHAT: [(&str, f32, Align); 5] = [
    ("时间 Time", 66.0, Align::Left),
    ("版本 Rev.", 34.0, Align::Right),
    ("业务类型 Kind", 88.0, Align::Left),
    ("单证 Document", 96.0, Align::Left),
    ("序号", 22.0, Align::Right),
];
/// In, out, balance, of each component of the measure.
const FIGURES: [&str; 3] = ["收 In", "付 Out", "结存 Balance"];
const FIGURE_WIDTH: f32 = 40.0;
/// Between two columns.
const GAP: f32 = 3.0;

pub(super) struct Pages {
    head: Head,
    utc_offset: UtcOffset,
    done: Vec<Vec<u8>>,
    sheet: Sheet,
    /// The baseline of the next line.
    y: f32,
}

/// The left edge and the room of each column, texts first.
fn columns() -> impl Iterator<Item = Column> {
    let widths = WHAT.iter().map(|(_, width, align)| (*width, *align));
    let figures = std::iter::repeat_n((FIGURE_WIDTH, Align::Right), FIGURES.len() * Unit::ALL.len());
    widths.chain(figures).scan(MARGIN, |left, (width, align)| {
        let column = Column { left: *left, width: width - GAP, align };
        *left += width;
        Some(column)
    })
}

const fn across(align: Align) -> Column {
    Column { left: MARGIN, width: RIGHT - MARGIN, align }
}

impl Pages {
    pub(super) fn new(head: &Head, utc_offset: UtcOffset) -> Self {
        let (head, done) = (head.clone(), Vec::new());
        let mut pages = Self { head, utc_offset, done, sheet: Sheet::new(), y: 0.0 };
        pages.begin();
        pages
    }

    pub(super) fn take(&mut self, section: &Section, piece: &Piece) -> Result<(), StatementFileError> {
        match piece {
            Piece::Opening(section) => {
                self.room(TOGETHER, None)?;
                self.name(section, false);
                self.balance("期初 Opening", None, &section.counters);
            }
            Piece::Row(row) => {
                self.room(LEADING, Some(section))?;
                let kind = row.kind.map_or(term::OPENING, term::of_row);
                let what = [
                    record::local(row.time, self.utc_offset).to_string(),
                    row.revision.0.to_string(),
                    kind.zh.to_owned(),
                    row.document.to_string(),
                    row.line.to_string(),
                ];
                self.line(&what, Some((&row.received, &row.given)), &row.after);
            }
            Piece::Closing(closing) => {
                self.room(LEADING, Some(section))?;
                self.sheet.rule((MARGIN, RIGHT), self.y + LEADING - 3.0, 0.25);
                self.balance("期末 Closing", Some((&closing.received, &closing.given)), &closing.counters);
                self.y -= LEADING / 2.0;
            }
        }
        Ok(())
    }

    pub(super) fn finish(mut self: Box<Self>) -> Result<Vec<u8>, StatementFileError> {
        self.end()?;
        let title = format!("对账单 Statement {}", self.holder());
        let created = self.utc_offset.local(self.head.ledger_time).date().civil();
        let rests_on =
            format!("版本 Revision {}  摘要 Digest {}", self.head.revision.0, record::digest(&self.head));
        paper::bind(&title, created, &self.done, |page, pages| {
            let mut foot = Sheet::new();
            foot.rule((MARGIN, RIGHT), FOOT - 8.0, 0.5);
            foot.text(across(Align::Left), FOOT - 18.0, SIZE, &rests_on);
            let number = format!("第 {page} 页 共 {pages} 页  Page {page} of {pages}");
            foot.text(across(Align::Right), FOOT - 18.0, SIZE, &number);
            foot.finish()
        })
    }

    fn holder(&self) -> String {
        match &self.head.asked.holder {
            Holder::Book(book) => book.to_string(),
            Holder::Party(party) => party.to_string(),
        }
    }

    /// A new page with its head.
    fn begin(&mut self) {
        let head = &self.head;
        let bound =
            |moment: Moment, revision: u64, nothing: &str| match record::time_of(moment, self.utc_offset) {
                Some(time) => format!("{time} ({revision})"),
                None if nothing.is_empty() => revision.to_string(),
                None => format!("{nothing} ({revision})"),
            };
        let from = if head.opening.0 == 0 { "期初 beginning" } else { "" };
        let to = if head.closing == head.revision { "末版 last" } else { "" };
        let book = match &head.asked.holder {
            Holder::Book(book) => format!("账册 Book {book}"),
            Holder::Party(_) => "全部账册 All books".to_owned(),
        };
        let lines = [
            (format!("{book}   企业 Party {} {}", head.customs_no, record::party_name(head)), SIZE_HEAD),
            (
                format!(
                    "期间（版本） Period (revision): {} - {}   截至 As of {}",
                    bound(head.asked.from, head.opening.0, from),
                    bound(head.asked.to, head.closing.0, to),
                    record::local(head.ledger_time, self.utc_offset),
                ),
                SIZE_HEAD,
            ),
        ];
        self.y = HEIGHT - MARGIN - SIZE_TITLE;
        self.sheet.text(
            across(Align::Center),
            self.y,
            SIZE_TITLE,
            "保税账册对账单 Statement of bonded goods",
        );
        self.y -= LEADING * 1.6;
        for (text, size) in lines {
            self.sheet.text(across(Align::Left), self.y, size, &text);
            self.y -= LEADING;
        }
        self.sheet.rule((MARGIN, RIGHT), self.y + LEADING - 4.0, 0.75);
        self.y -= 2.0;
    }

    fn end(&mut self) -> Result<(), StatementFileError> {
        if self.done.len() >= PAGES_MAX {
            return Err(StatementFileError::TooManyPages { pages_max: PAGES_MAX });
        }
        self.done.push(std::mem::replace(&mut self.sheet, Sheet::new()).finish());
        Ok(())
    }

    /// Turns the page where there is no room; a position that goes on is named again.
    fn room(&mut self, height: f32, goes_on: Option<&Section>) -> Result<(), StatementFileError> {
        if self.y - height >= FOOT {
            return Ok(());
        }
        self.end()?;
        self.begin();
        if let Some(section) = goes_on {
            self.name(section, true);
        }
        Ok(())
    }

    /// Which position, and over which columns.
    fn name(&mut self, section: &Section, again: bool) {
        let position = &section.position;
        let place = term::of_place(position.place);
        let mut text = format!("{}  {} {}", position.book_no, position.mark, position.number);
        if let Some(goods) = &section.goods {
            text.push_str(&format!("  {} {} {}", goods.part_no, goods.tariff_code, goods.name));
        }
        text.push_str(&format!("  {} {}", place.zh, position.place));
        if let Some(lot) = &position.lot {
            text.push_str(&format!("  批次 Lot {lot}"));
        }
        if let Some(serial) = &position.serial {
            text.push_str(&format!("  序列号 Serial {serial}"));
        }
        if again {
            text.push_str("  （续 continued）");
        }
        self.y -= 2.0;
        self.sheet.text(across(Align::Left), self.y, SIZE_HEAD, &text);
        self.y -= LEADING;
        self.heads(section.goods.as_ref().map(|goods| &goods.units));
    }

    fn heads(&mut self, units: Option<&Units>) {
        let unit = |shown: &str, code: Option<&zonebook_ledger::code::UnitCode>| match code {
            Some(code) => format!("{shown} ({code})"),
            None => shown.to_owned(),
        };
        let groups = [
            unit("申报 Declared", units.map(|units| &units.declared)),
            unit("法定 Statutory", units.map(|units| &units.statutory1)),
            unit("第二 Second", units.and_then(|units| units.statutory2.as_ref())),
            "价值 Value USD".to_owned(),
        ];
        let all: Vec<Column> = columns().collect();
        let figures = all.get(WHAT.len()..).unwrap_or_default();
        for (group, of_group) in groups.iter().zip(figures.chunks(FIGURES.len())) {
            if let Some(first) = of_group.first() {
                let width = FIGURE_WIDTH * 3.0 - GAP;
                let column = Column { left: first.left, width, align: Align::Center };
                self.sheet.text(column, self.y, SIZE, group);
                self.sheet.rule((first.left + 4.0, first.left + width), self.y - 2.0, 0.25);
            }
        }
        self.y -= LEADING - 1.0;
        let names = WHAT.iter().map(|(name, ..)| *name).chain(FIGURES.into_iter().cycle());
        for (column, name) in all.iter().zip(names) {
            self.sheet.text(*column, self.y, SIZE, name);
        }
        self.sheet.rule((MARGIN, RIGHT), self.y - 2.5, 0.25);
        self.y -= LEADING;
    }

    fn balance(&mut self, name: &str, moved: Option<(&Measure, &Measure)>, counters: &Counters) {
        self.line(&[name.to_owned()], moved, counters);
    }

    fn line(&mut self, what: &[String], moved: Option<(&Measure, &Measure)>, counters: &Counters) {
        // Beyond the range of a number is nothing; the ledger refuses what would lead there.
        let on_hand = counters.on_hand().unwrap_or_default();
        let figure = |measure: &Measure, unit| {
            let figure = measure.get(unit);
            if figure.is_zero() { String::new() } else { figure.to_string() }
        };
        let mut texts = what.to_vec();
        texts.resize(WHAT.len(), String::new());
        for unit in Unit::ALL {
            texts.push(moved.map(|(received, _)| figure(received, unit)).unwrap_or_default());
            texts.push(moved.map(|(_, given)| figure(given, unit)).unwrap_or_default());
            texts.push(on_hand.get(unit).to_string());
        }
        for (column, text) in columns().zip(&texts) {
            self.sheet.text(column, self.y, SIZE, text);
        }
        self.y -= LEADING;
    }
}
