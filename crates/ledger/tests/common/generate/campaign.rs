//! Count campaigns, as chance opens them, counts for them and ends them.

use super::Intent;
use super::scribe::{Scribe, choose};
use super::twist::{Twist, twist};
use crate::common::build::{self, quantity};
use crate::common::counting::{area, campaign_no, opening, sheet};
use crate::common::model::{BookCopy, CampaignCopy, Row};
use crate::common::world::{self, CAMPAIGNS, SERIALS};
use zonebook_ledger::code::{BomVersion, LotNo, SerialNo};
use zonebook_ledger::direction::Mark;
use zonebook_ledger::document::{
    CampaignClosing, CampaignFiling, CampaignStep, CountLine, CountPlace, CountSheet, Document, ItemRange,
};
use zonebook_ledger::limits::LINES_MAX;
use zonebook_ledger::movement::DocumentState;

/// What openings have wrong.
const OPENING_TWISTS: &[Twist<CampaignFiling>] = &[
    ("number that is taken", |filing| filing.campaign_no = campaign_no(CAMPAIGNS[0])),
    ("book that is not there", |filing| open(filing, |it| it.book_no = build::book_no(world::NO_BOOK))),
    ("owner of another book", |filing| open(filing, |it| it.owner = build::customs_no("2217960009"))),
    ("nobody counts", |filing| open(filing, |it| it.counters = 0)),
    ("a range downwards", |filing| {
        open(filing, |it| it.scope.items.push(ItemRange { mark: Mark::Goods, first: 2, last: 1 }));
    }),
    ("too many ranges", |filing| {
        let range = ItemRange { mark: Mark::Residue, first: 90, last: 90 };
        open(filing, |it| it.scope.items = vec![range.clone(); LINES_MAX + 1]);
    }),
];

fn open(filing: &mut CampaignFiling, change: impl FnOnce(&mut zonebook_ledger::document::CampaignOpening)) {
    if let CampaignStep::Open(opening) = &mut filing.step {
        change(opening);
    }
}

fn last(sheet: &mut CountSheet, change: impl FnOnce(&mut CountLine)) {
    if let Some(line) = sheet.lines.last_mut() {
        change(line);
    }
}

/// What sheets have wrong.
const SHEET_TWISTS: &[Twist<CountSheet>] = &[
    ("no line", |sheet| sheet.lines.clear()),
    ("line twice", |sheet| sheet.lines.extend(sheet.lines.first().cloned())),
    ("no round", |sheet| sheet.round = 0),
    ("too many lines", |sheet| {
        let line = sheet.lines.first().cloned();
        sheet.lines = line.into_iter().cycle().take(LINES_MAX + 1).collect();
    }),
    ("item that is not filed", |sheet| last(sheet, |line| line.number = 77)),
    ("item of another mark", |sheet| last(sheet, |line| line.mark = Mark::Residue)),
    ("another unit", |sheet| last(sheet, |line| line.unit = build::units("011", "035", None).declared)),
    ("less than nothing", |sheet| last(sheet, |line| line.declared = quantity("-1"))),
    ("more than one", |sheet| last(sheet, |line| line.declared = quantity("2"))),
    ("unit of nobody", |sheet| last(sheet, |line| line.serial = SerialNo::new("SN9").ok())),
    ("no unit", |sheet| last(sheet, |line| line.serial = None)),
    ("lot of nobody", |sheet| last(sheet, |line| line.lot = LotNo::new("L99/9").ok())),
    ("version of nobody", |sheet| last(sheet, |line| line.bom_version = BomVersion::new("V9").ok())),
    ("before the cut-off", |sheet| {
        last(sheet, |line| line.counted_at = Some(world::local("2026-05-01T00:00:00")));
    }),
    ("tomorrow", |sheet| last(sheet, |line| line.counted_at = Some(world::local("2031-01-01T00:00:00")))),
];

/// The next step of a campaign: mostly a sheet for one that is open.
pub fn next(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let shelf = &scribe.model.shelf;
    let [pick, which, kind, ..] = intent.picks;
    let is_open = |copy: &&CampaignCopy| copy.state == DocumentState::Open;
    let open: Vec<_> = shelf.campaigns.iter().filter(is_open).collect();
    let any: Vec<_> = shelf.campaigns.iter().collect();
    let free = CAMPAIGNS.into_iter().find(|number| shelf.campaign(&campaign_no(number)).is_none());
    if let Some(number) = free
        && (open.is_empty() || kind % 4 == 0)
    {
        return begin(scribe, intent, number);
    }
    let copy = choose(if open.is_empty() || kind % 16 == 1 { &any } else { &open }, pick)?;
    let step = match kind % 8 {
        6 if which.is_multiple_of(2) => CampaignStep::Close {
            closing: CampaignClosing {
                sheets: copy.sheets.len() as u64 + u64::from(which % 16 == 4),
                open_items: u64::from(which % 4),
            },
            reason: if which % 8 == 2 { "" } else { "flooded" }.into(),
        },
        6 => CampaignStep::Cancel { reason: if which % 3 == 0 { "" } else { "flooded" }.into() },
        _ => CampaignStep::Record(counts(scribe, intent, copy)?),
    };
    Some(Document::Campaign(CampaignFiling { campaign_no: copy.campaign_no.clone(), step }))
}

fn begin(scribe: &Scribe, intent: &Intent, number: &str) -> Option<Document> {
    let [pick, which, _, how, ..] = intent.picks;
    let book = choose(&scribe.model.shelf.books, pick)?;
    let mut opening = opening(book.filing.book_no.as_str());
    opening.blind = how.is_multiple_of(2);
    opening.counters = 1 + u64::from(how % 2);
    if which % 3 != 0 {
        let first = u64::from(which % 5);
        let items = Mark::ALL.iter().map(|mark| ItemRange { mark: *mark, first, last: first + 2 });
        opening.scope.items = items.take(1 + usize::from(how % 3)).collect();
    }
    let step = CampaignStep::Open(opening);
    let mut filing = CampaignFiling { campaign_no: campaign_no(number), step };
    twist(OPENING_TWISTS, &mut filing, intent.twist);
    Some(Document::Campaign(filing))
}

fn counts(scribe: &Scribe, intent: &Intent, copy: &CampaignCopy) -> Option<CountSheet> {
    let [_, which, _, how, amount, more] = intent.picks;
    let book = scribe.model.shelf.book(copy.opening.book_no.as_str())?;
    let scope = &copy.opening.scope;
    let rows: Vec<&Row> = book.rows.iter().filter(|row| scope.has(row.mark, row.number)).collect();
    let first = usize::from(which) % rows.len().max(1);
    let lines: Vec<CountLine> = rows
        .iter()
        .skip(first)
        .take(1 + usize::from(more % 3))
        .zip(1_u64..)
        .map(|(row, at)| line(scribe, book, row, at, [how, amount, more]))
        .collect();
    if lines.is_empty() {
        return None;
    }
    let counter = ["LI", "WANG"][usize::from(how % 2)];
    let number = format!("{}", copy.sheets.len() + usize::from(more % 16 != 7));
    let mut sheet = sheet(counter, &number, 1 + u64::from(how % 3 / 2), lines);
    twist(SHEET_TWISTS, &mut sheet, intent.twist);
    Some(sheet)
}

fn line(scribe: &Scribe, book: &BookCopy, row: &Row, at: u64, [how, amount, more]: [u8; 3]) -> CountLine {
    let tracked = row.mark == Mark::Goods && row.tracked;
    let of_nobody = || SerialNo::new(SERIALS[usize::from(amount) % SERIALS.len()]).ok();
    let serial = if tracked { of_nobody() } else { row.serial.clone().filter(|_| row.mark == Mark::Goods) };
    let declared = if serial.is_some() { u64::from(amount % 2) } else { u64::from(amount % 16) };
    let version = book.bom.iter().find(|bom| row.mark == Mark::Product && bom.product == row.number);
    CountLine {
        line: at,
        mark: row.mark,
        number: row.number,
        serial,
        lot: row.lot.clone().filter(|_| how % 4 == 3),
        place: CountPlace::ALL[usize::from(how / 4) % CountPlace::ALL.len()],
        bom_version: version.map(|bom| bom.version.clone()),
        area: (how % 8 < 4).then(|| area(["A1", "A2"][usize::from(more % 2)])),
        unit: row.units.declared.clone(),
        declared: quantity(&declared.to_string()),
        counted_at: (amount % 4 == 3).then(|| scribe.clock()),
    }
}
