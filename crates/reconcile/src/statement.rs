//! Statements (对账单): what moved in a book, or in all books of a party, in a period; position by position, one row for
//! each movement, with what was there before, after each row, and in the end, in each unit.
//!
//! A statement rests on one revision and its digest. Everything that it shows is history up to that revision (counters,
//! events, names as they were), so the same request at the same revision has the same answer on every node and on every
//! later day. It is handed out piece by piece and holds one position at a time, however large the book is.
//!
//! Only places inside the book are shown: the outside ones are where the columns in and out lead to.

use compact_str::CompactString;
use std::sync::Arc;
use thiserror::Error;
use zonebook_ledger::code::{BookNo, CustomsNo, DocumentNo, LotNo, PartNo, SerialNo, TariffCode};
use zonebook_ledger::counters::Counters;
use zonebook_ledger::direction::Mark;
use zonebook_ledger::error::Fault;
use zonebook_ledger::event::{Action, Event, JournalRow};
use zonebook_ledger::item::{Item, Units};
use zonebook_ledger::matrix::{End, MatrixRow, Rule, rule_of_row};
use zonebook_ledger::measure::Measure;
use zonebook_ledger::message::Sha256;
use zonebook_ledger::naming::{item_at, party_at};
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::party::Party;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::query::{self, Moment, StatementRow, collect};
use zonebook_ledger::state::{Books, Key, Order, Positions, Read, get};
use zonebook_ledger::time::Instant;

/// Positions and journal rows read at a time.
const PAGE: usize = 500;

/// Whose movements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// Of one book.
    Book(BookNo),
    /// Of all books of an enterprise.
    Party(CustomsNo),
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Whose movements.
    pub holder: Holder,
    /// Movements behind this moment: from a time on, or behind a revision.
    pub from: Moment,
    /// Movements up to this moment: before a time, or up to a revision.
    pub to: Moment,
    /// The revision that the statement rests on; the last one without it. Nothing behind it is shown.
    pub revision: Option<Revision>,
    /// Rows for what was only reserved, announced or taken back as well.
    pub pending: bool,
}

/// What a statement is of, and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// What was asked for.
    pub asked: Asked,
    /// The enterprise; of a book, its owner.
    pub customs_no: CustomsNo,
    /// Its Chinese name as it was at the revision; empty where the ledger does not know it.
    pub name_zh: CompactString,
    /// Its English name, likewise.
    pub name_en: CompactString,
    /// What was there after this revision is the opening balance.
    pub opening: Revision,
    /// What was there after this revision is the closing balance.
    pub closing: Revision,
    /// The revision that it rests on.
    pub revision: Revision,
    /// The ledger's digest after that revision.
    pub digest: Sha256,
    /// Ledger time of that revision.
    pub ledger_time: Instant,
}

/// The next piece of a statement. Each position is a [`Piece::Opening`], its rows, and a [`Piece::Closing`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A position, and what was there before the period.
    Opening(Box<Section>),
    /// A movement.
    Row(Box<Row>),
    /// What was there at the end of the period.
    Closing(Box<Closing>),
}

/// A position of which something is to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Where.
    pub position: PositionKey,
    /// What, as it was filed at the revision.
    pub goods: Option<Goods>,
    /// The counters before the period.
    pub counters: Counters,
}

/// What an item is called and counted in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goods {
    /// `gdsMtno`
    pub part_no: PartNo,
    /// `gdecd`
    pub tariff_code: TariffCode,
    /// `gdsNm`
    pub name: CompactString,
    /// The three units.
    pub units: Units,
}

impl From<&Item> for Goods {
    fn from(item: &Item) -> Self {
        Self {
            part_no: item.part_no.clone(),
            tariff_code: item.tariff_code.clone(),
            name: item.name.clone(),
            units: item.units.clone(),
        }
    }
}

/// A movement of a position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// At which revision.
    pub revision: Revision,
    /// Which posting line of that revision.
    pub ordinal: u32,
    /// Ledger time of that revision.
    pub time: Instant,
    /// What was done.
    pub action: Action,
    /// The row of the posting matrix; `None` for an opening balance.
    pub kind: Option<MatrixRow>,
    /// The document that did it.
    pub document: DocumentNo,
    /// Its line.
    pub line: u64,
    /// What came in by it.
    pub received: Measure,
    /// What went out by it.
    pub given: Measure,
    /// The counters after it.
    pub after: Counters,
}

/// The end of a position's part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    /// Movements in the period, those not shown included.
    pub movements: u64,
    /// All that came in.
    pub received: Measure,
    /// All that went out.
    pub given: Measure,
    /// The counters at the end of the period.
    pub counters: Counters,
}

/// There is no such statement.
#[derive(Debug, Error)]
pub enum StatementError {
    /// No such book.
    #[error("there is no book {0}")]
    BookUnknown(BookNo),
    /// No such enterprise, or one without books.
    #[error("enterprise {0} has no book")]
    PartyUnknown(CustomsNo),
    /// The revision is still to come, or nothing has happened yet.
    #[error("revision {asked} is not there: the last one is {last}", asked = .asked.0, last = .last.0)]
    NotYet {
        /// Which was asked for.
        asked: Revision,
        /// The last one.
        last: Revision,
    },
    /// It ends before it begins.
    #[error("the period ends at revision {closing} and begins behind revision {opening}", closing = .closing.0, opening = .opening.0)]
    Backwards {
        /// Where it begins.
        opening: Revision,
        /// Where it ends.
        closing: Revision,
    },
    /// The state could not be read, or contradicts itself.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// A statement in the making.
#[derive(Clone, Debug)]
pub struct Statement {
    head: Head,
    at: Stage,
}

/// How far it has come.
#[derive(Clone, Debug)]
enum Stage {
    /// Behind a book; before the first one without it.
    Book(Option<BookNo>),
    /// In a book, behind a position of it.
    Position(BookNo, Option<PositionKey>),
    /// In a position, behind a row of it.
    Rows(Box<Open>),
    /// At the end.
    Ended,
}

/// A position whose rows are being told.
#[derive(Clone, Debug)]
struct Open {
    section: Section,
    /// Whether its [`Piece::Opening`] was handed out.
    told: bool,
    behind: Option<(Revision, u32)>,
    last: Counters,
    closing: Closing,
}

impl Statement {
    /// Begins a statement.
    ///
    /// # Errors
    /// There is none: see [`StatementError`].
    pub fn open(state: &dyn Read, asked: Asked) -> Result<Self, StatementError> {
        let last = query::revision(state)?;
        let revision = asked.revision.unwrap_or(last);
        if revision > last || revision == Revision(0) {
            return Err(StatementError::NotYet { asked: revision, last });
        }
        let within = |moment| query::revision_at(state, moment).map(|found| found.min(revision));
        let (opening, closing) = (within(asked.from)?, within(asked.to)?);
        if opening > closing {
            return Err(StatementError::Backwards { opening, closing });
        }
        let event = event(state, revision)?;
        let customs_no = match &asked.holder {
            Holder::Party(number) => number.clone(),
            Holder::Book(number) => {
                let book = get::<Books>(state, number.clone())?;
                book.ok_or_else(|| StatementError::BookUnknown(number.clone()))?.owner.clone()
            }
        };
        let party = party_at(state, &customs_no, revision)?;
        let name = |of: fn(&Party) -> &CompactString| party.as_deref().map(of).cloned().unwrap_or_default();
        let head = Head {
            name_zh: name(|party| &party.name_zh),
            name_en: name(|party| &party.name_en),
            asked,
            customs_no,
            opening,
            closing,
            revision,
            digest: event.digest,
            ledger_time: event.ledger_time,
        };
        let at = match &head.asked.holder {
            Holder::Book(number) => Stage::Position(number.clone(), None),
            Holder::Party(number) if next_book(state, number, None)?.is_none() => {
                return Err(StatementError::PartyUnknown(number.clone()));
            }
            Holder::Party(_) => Stage::Book(None),
        };
        Ok(Self { head, at })
    }

    /// What it is of, and what it rests on.
    #[must_use]
    pub const fn head(&self) -> &Head {
        &self.head
    }

    /// The next pieces: at least one and hardly more than `count_max`, none at the end. The state may be a later one
    /// than before: what is told is the same.
    ///
    /// # Errors
    /// The state could not be read, or the journal does not lead from the opening to the closing balance.
    pub fn pieces(&mut self, state: &dyn Read, count_max: usize) -> Result<Vec<Piece>, Fault> {
        let mut pieces = Vec::new();
        while pieces.len() < count_max.max(1) {
            self.at = match std::mem::replace(&mut self.at, Stage::Ended) {
                Stage::Ended => break,
                Stage::Book(behind) => self.enter_book(state, behind)?,
                Stage::Position(book, behind) => self.enter_position(state, book, behind)?,
                Stage::Rows(open) => self.tell(state, open, &mut pieces)?,
            };
        }
        Ok(pieces)
    }

    fn enter_book(&self, state: &dyn Read, behind: Option<BookNo>) -> Result<Stage, Fault> {
        let Holder::Party(party) = &self.head.asked.holder else { return Ok(Stage::Ended) };
        let next = next_book(state, party, behind)?;
        Ok(next.map_or(Stage::Ended, |book| Stage::Position(book, None)))
    }

    fn enter_position(
        &self,
        state: &dyn Read,
        book: BookNo,
        behind: Option<PositionKey>,
    ) -> Result<Stage, Fault> {
        let Some(position) = next_position(state, &book, behind)? else {
            return Ok(Stage::Book(Some(book)));
        };
        let counters = query::counters(state, &position, Moment::After(self.head.opening))?;
        let item = item_at(state, &position.item(), self.head.revision)?;
        let section = Section { goods: item.as_deref().map(Goods::from), position, counters };
        let closing = Closing { movements: 0, received: Measure::ZERO, given: Measure::ZERO, counters };
        Ok(Stage::Rows(Box::new(Open { section, told: false, behind: None, last: counters, closing })))
    }

    fn tell(&self, state: &dyn Read, mut open: Box<Open>, pieces: &mut Vec<Piece>) -> Result<Stage, Fault> {
        let position = open.section.position.clone();
        let first = Revision(self.head.opening.0.saturating_add(1));
        let bounds = (first, self.head.closing);
        let found = query::statement(state, &position, bounds, open.behind, PAGE)?;
        let ended = found.len() < PAGE;
        for StatementRow { key, row } in found {
            open.behind = Some((key.revision, key.ordinal));
            let told = open.follow(state, key.revision, key.ordinal, &row)?;
            if self.head.asked.pending || !(told.received.is_zero() && told.given.is_zero()) {
                open.tell_opening(pieces);
                pieces.push(Piece::Row(Box::new(told)));
            }
        }
        if !ended {
            return Ok(Stage::Rows(open));
        }
        open.closing.counters = open.last;
        open.check(state, self.head.closing)?;
        if !open.section.counters.is_zero() {
            open.tell_opening(pieces);
        }
        if open.told {
            pieces.push(Piece::Closing(Box::new(open.closing)));
        }
        Ok(Stage::Position(position.book_no.clone(), Some(position)))
    }
}

impl Open {
    fn tell_opening(&mut self, pieces: &mut Vec<Piece>) {
        if !std::mem::replace(&mut self.told, true) {
            pieces.push(Piece::Opening(Box::new(self.section.clone())));
        }
    }

    /// A journal row as what it changes.
    fn follow(
        &mut self,
        state: &dyn Read,
        revision: Revision,
        ordinal: u32,
        row: &JournalRow,
    ) -> Result<Row, Fault> {
        let change = Change::between(&self.last, &row.after).ok_or_else(overflow)?;
        if !change.is_by(row.action) {
            let position = &self.section.position;
            return Err(Fault(format!(
                "the journal of {position:?} has a gap before posting line {ordinal} of revision {}: {change:?} is not \
                 what {:?} does",
                revision.0, row.action
            )));
        }
        let Change { received, given, .. } = change;
        let sum = |so_far: Measure, more: &Measure| so_far.checked_add(more).ok_or_else(overflow);
        self.closing.received = sum(self.closing.received, &received)?;
        self.closing.given = sum(self.closing.given, &given)?;
        if !(received.is_zero() && given.is_zero()) {
            self.closing.movements = self.closing.movements.saturating_add(1);
        }
        self.last = row.after;
        let event = event(state, revision)?;
        Ok(Row {
            revision,
            ordinal,
            time: event.ledger_time,
            action: row.action,
            kind: kind(&event, row, (self.section.position.place, change.leaves())),
            document: row.document.clone(),
            line: row.line,
            received,
            given,
            after: row.after,
        })
    }

    /// Opening balance and movements make the closing balance, which is read apart from them: at the end of the ledger
    /// from the position itself.
    fn check(&self, state: &dyn Read, closing: Revision) -> Result<(), Fault> {
        let position = &self.section.position;
        let current = query::revision(state)? == closing;
        let moment = if current { Moment::Now } else { Moment::After(closing) };
        let there = query::counters(state, position, moment)?;
        let reached = self.section.counters.on_hand().and_then(|opening| {
            opening.checked_add(&self.closing.received)?.checked_sub(&self.closing.given)
        });
        if there == self.closing.counters && there.on_hand() == reached {
            return Ok(());
        }
        Err(Fault(format!(
            "the journal of {position:?} leads to {reached:?} at revision {}, and {there:?} is there",
            closing.0
        )))
    }
}

/// What a journal row changed.
#[derive(Clone, Copy, Debug)]
struct Change {
    announced: Measure,
    reserved: Measure,
    received: Measure,
    given: Measure,
}

impl Change {
    fn between(before: &Counters, after: &Counters) -> Option<Self> {
        Some(Self {
            announced: after.increase_pending.checked_sub(&before.increase_pending)?,
            reserved: after.decrease_pending.checked_sub(&before.decrease_pending)?,
            received: after.increase_posted.checked_sub(&before.increase_posted)?,
            given: after.decrease_posted.checked_sub(&before.decrease_posted)?,
        })
    }

    /// Whether it is of goods that leave the place.
    fn leaves(&self) -> bool {
        !(self.reserved.is_zero() && self.given.is_zero())
    }

    /// Whether an action changes counters in this way: those of one side alone, and on posting by what was pending.
    fn is_by(&self, action: Action) -> bool {
        let one_side = (self.announced.is_zero() && self.received.is_zero())
            || (self.reserved.is_zero() && self.given.is_zero());
        let nothing_pending = self.announced.is_zero() && self.reserved.is_zero();
        let nothing_posted = self.received.is_zero() && self.given.is_zero();
        let settles = |pending: &Measure, posted: &Measure| {
            pending.checked_add(posted).is_some_and(|sum| sum.is_zero())
        };
        one_side
            && match action {
                Action::Reserve | Action::Cancel => nothing_posted,
                Action::PostAtOnce => nothing_pending,
                Action::Post => {
                    settles(&self.announced, &self.received) && settles(&self.reserved, &self.given)
                }
            }
    }
}

fn overflow() -> Fault {
    Fault("a sum of movements is beyond the range of a number".into())
}

fn event(state: &dyn Read, revision: Revision) -> Result<Arc<Event>, Fault> {
    query::event(state, revision)?.ok_or_else(|| Fault(format!("no event at revision {}", revision.0)))
}

/// The row of the matrix by which a document moved a position. A document that moves by several rows in one step, as a
/// consumption slip does, moves each place by one of them; one that moves goods out of one book and into another, as a
/// change of status does, leaves by one and enters by the other.
fn kind(event: &Event, row: &JournalRow, (place, leaves): (Place, bool)) -> Option<MatrixRow> {
    let of_document = || event.steps.iter().filter(|step| step.document == row.document);
    let of_action = of_document().filter(|step| step.action == row.action).filter_map(|step| step.row);
    let rows: Vec<MatrixRow> = of_action.collect();
    let first = |leaves: bool| {
        rows.iter().find(|row| rule_of_row(**row).is_some_and(|rule| leads(rule, place, leaves)))
    };
    let found = first(leaves).or_else(|| first(!leaves)).or(rows.first()).copied();
    found.or_else(|| of_document().find_map(|step| step.row))
}

/// Whether a row takes goods from a place, or gives goods to it.
fn leads(rule: &Rule, place: Place, leaves: bool) -> bool {
    let is_there = |end: End| match end {
        End::At(at) => at == place,
        End::Stock => matches!(place, Place::Zone | Place::Scrap | Place::RemovedPart),
    };
    let legs = [rule.legs, rule.bom_legs, rule.result_legs, rule.onward_legs].into_iter().flatten();
    legs.into_iter().any(|leg| is_there(if leaves { leg.from } else { leg.to }))
}

/// The first book of an enterprise behind another one.
fn next_book(state: &dyn Read, owner: &CustomsNo, behind: Option<BookNo>) -> Result<Option<BookNo>, Fault> {
    let from = behind.clone().unwrap_or_else(BookNo::lowest);
    let found = collect::<Books, _>(state, from, BookNo::highest(), Order::Forward, 1, |_, book| {
        (book.owner == *owner && behind.as_ref() != Some(&book.book_no)).then(|| book.book_no.clone())
    })?;
    Ok(found.into_iter().next())
}

/// The first position inside a book behind another one.
fn next_position(
    state: &dyn Read,
    book_no: &BookNo,
    behind: Option<PositionKey>,
) -> Result<Option<PositionKey>, Fault> {
    let from = behind.clone().unwrap_or_else(|| PositionKey {
        book_no: book_no.clone(),
        mark: Mark::Goods,
        number: 0,
        lot: None,
        serial: None,
        place: Place::Zone,
    });
    let to = PositionKey {
        book_no: book_no.clone(),
        mark: Mark::Residue,
        number: u64::MAX,
        lot: Some(LotNo::highest()),
        serial: Some(SerialNo::highest()),
        place: Place::Found,
    };
    let found = collect::<Positions, _>(state, from, to, Order::Forward, 1, |key, _| match key {
        Key::Position(key) if key.place.is_inside() && behind.as_ref() != Some(&key) => Some(key),
        _ => None,
    })?;
    Ok(found.into_iter().next())
}
