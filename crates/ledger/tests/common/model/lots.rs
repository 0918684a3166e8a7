//! Lots: which receipts the goods of a transfer are of (`domain.md` 4.3, 8.11). What is free of a lot in a place is what
//! transfers brought there less what others took or reserved, summed anew each time.

use super::checks::{Leg, inside};
use super::shelf::{Shelf, Status, Transfer};
use super::{Now, Shown};
use crate::common::world::{
    ADJUSTMENTS, BOOKS, CARRY_OVERS, CONSUMPTIONS, CORRECTIONS, DISPOSALS, REGISTRATIONS, RETURNS, SLIPS,
    STATUS_CHANGES, TALLIES, WORK_ORDERS,
};
use zonebook_ledger::book::BookingMode;
use zonebook_ledger::code::LotNo;
use zonebook_ledger::command::LotMethodOrder;
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{List, PermitKind};
use zonebook_ledger::layer::{LotMethod, NamedLot};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::time::Date;

/// Goods of one lot: which, on whose account, since when, until when, how much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub lot: String,
    pub received: u64,
    pub line: u64,
    pub holder: Option<String>,
    pub expires: Option<Date>,
    pub moved: [i128; 4],
}

/// What a document says of lots.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    /// `None` where its lines cannot name any.
    pub named: Option<Vec<NamedLot>>,
    pub accounts: Vec<String>,
    pub holder: Option<String>,
    pub expiries: Vec<(u64, Date)>,
    /// The document whose lines it undoes.
    pub undoes: Option<String>,
    /// The document that lets the goods go out of another book.
    pub continues: Option<String>,
    /// Its lines take again what they have set aside, each its own first.
    pub own: bool,
}

impl Wishes {
    pub fn on_account(document: &str) -> Self {
        let (accounts, holder) = (vec![document.into()], Some(document.into()));
        Self { accounts, holder, own: true, ..Self::default() }
    }

    pub fn undoing(document: &str) -> Self {
        Self { undoes: Some(document.into()), own: false, ..Self::on_account(document) }
    }
}

/// What a lot has in a place, and what of it is spoken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct There {
    pub part: Part,
    pub reserved: [i128; 4],
}

fn stock(place: Place) -> bool {
    matches!(place, Place::Zone | Place::Scrap | Place::RemovedPart)
}

/// The lot that a line brings: that of a list as the trade writes it, others with the type of their document.
fn lot_of(document: &str, line: u64) -> String {
    let number = document.split('/').next().unwrap_or_default();
    let types: [(&str, &[&str]); 12] = [
        ("CORRECTION:", &CORRECTIONS),
        ("TALLY:", &TALLIES),
        ("SLIP:", &SLIPS),
        ("PARCEL_RETURN:", &RETURNS),
        ("CONSUMPTION:", &CONSUMPTIONS),
        ("DISPOSAL:", &DISPOSALS),
        ("ADJUSTMENT:", &ADJUSTMENTS),
        ("WORK_ORDER:", &WORK_ORDERS),
        ("REGISTRATION:", &REGISTRATIONS),
        ("STATUS_CHANGE:", &STATUS_CHANGES),
        ("CARRY_OVER:", &CARRY_OVERS),
        ("BOOK:", &BOOKS),
    ];
    let like = |known: &str| known.len() == number.len() && known.get(..1) == number.get(..1);
    let of = types.iter().find(|(_, numbers)| numbers.iter().any(|known| like(known)));
    let of = of.map_or("", |(of, _)| of);
    format!("{of}{document}/{line}")
}

fn same_lot(a: &Part, b: &Part) -> bool {
    (a.received, a.line, &a.lot, &a.holder) == (b.received, b.line, &b.lot, &b.holder)
}

impl Shelf {
    pub(super) fn method(&self, position: &PositionKey) -> LotMethod {
        let kept = position.lot.is_none()
            && position.serial.is_none()
            && inside(position.place)
            && position.place != Place::SuspenseIn;
        let book = self.book(position.book_no.as_str()).filter(|_| kept);
        book.map_or(LotMethod::None, |book| book.lots)
    }

    /// The lots in a place, in the order of receipt, empty ones left out.
    pub fn lots(&self, position: &PositionKey) -> Vec<There> {
        let mut all: Vec<There> = Vec::new();
        fn of<'a>(all: &'a mut Vec<There>, part: &Part) -> &'a mut There {
            let at = all.iter().position(|there| same_lot(&there.part, part)).unwrap_or_else(|| {
                all.push(There { part: Part { moved: [0; 4], ..part.clone() }, reserved: [0; 4] });
                all.len() - 1
            });
            &mut all[at]
        }
        let openings = self.openings.iter().filter(|(place, _)| place == position);
        for (_, part) in openings {
            let there = of(&mut all, part);
            (0..4).for_each(|unit| there.part.moved[unit] += part.moved[unit]);
        }
        for transfer in &self.transfers {
            for part in &transfer.parts {
                if transfer.to == *position && matches!(transfer.status, Status::Posted(_)) {
                    let holder = match transfer.restored {
                        true => part.holder.clone(),
                        false => transfer.holder.clone().filter(|_| !stock(position.place)),
                    };
                    let there = of(&mut all, &Part { holder, ..part.clone() });
                    (0..4).for_each(|unit| there.part.moved[unit] += part.moved[unit]);
                }
                if transfer.from == *position {
                    let holder = if transfer.restored { &transfer.stood } else { &part.holder };
                    let there = of(&mut all, &Part { holder: holder.clone(), ..part.clone() });
                    match transfer.status {
                        Status::Pending => (0..4).for_each(|unit| there.reserved[unit] += part.moved[unit]),
                        Status::Posted(_) => {
                            (0..4).for_each(|unit| there.part.moved[unit] -= part.moved[unit])
                        }
                        Status::Cancelled(_) => {}
                    }
                }
            }
        }
        all.retain(|there| there.part.moved != [0; 4] || there.reserved != [0; 4]);
        all.sort_by(|a, b| {
            let key = |there: &There| {
                let part = &there.part;
                (part.received, part.line, part.lot.clone(), part.holder.clone())
            };
            key(a).cmp(&key(b))
        });
        all
    }

    /// Goods begin to move, or have moved at once.
    pub(super) fn moves(
        &mut self,
        (document, line): (&str, u64),
        (from, to, moved): Leg,
        (status, now): (Status, Now),
        wishes: &Wishes,
    ) -> Result<(), Reason> {
        let leg = (from, to, moved);
        let back = self.goes_back(line, &leg, status, wishes)?;
        let parts = match (&back, self.method(&leg.0)) {
            (Some(back), _) => back.clone(),
            (None, LotMethod::None) => Vec::new(),
            (None, method) => self.choose(method, (document, line), &leg, wishes)?,
        };
        let restored = back.is_some();
        let stood = wishes.holder.clone().filter(|_| restored && !stock(leg.0.place));
        let (from, to, moved) = leg;
        let expires = wishes.expiries.iter().find(|(of, _)| *of == line).map(|(_, date)| *date);
        let holder = wishes.holder.clone();
        let document = document.to_owned();
        let since = now.revision;
        self.transfers.push(Transfer {
            document,
            line,
            from,
            to,
            moved,
            since,
            status,
            parts,
            holder,
            expires,
            undoes: wishes.undoes.clone(),
            restored,
            stood,
            continues: wishes.continues.clone(),
            carried: false,
        });
        let last = self.transfers.len() - 1;
        self.arrived(last);
        Ok(())
    }

    /// Goods that came from where there are no lots are one: of the line that brought them, since it first did.
    pub(super) fn arrived(&mut self, at: usize) {
        let transfer = self.transfers[at].clone();
        let Status::Posted(revision) = transfer.status else { return };
        let comes_new =
            self.method(&transfer.to) != LotMethod::None && self.method(&transfer.from) == LotMethod::None;
        if !comes_new {
            return;
        }
        if let Some(parts) = self.put_back(&transfer) {
            let restored = &mut self.transfers[at];
            (restored.parts, restored.restored) = (parts, true);
            return;
        }
        if let Some(parts) = self.carried_on(&transfer) {
            let carried = &mut self.transfers[at];
            (carried.parts, carried.carried) = (parts, true);
            return;
        }
        let lot = lot_of(&transfer.document, transfer.line);
        let earlier = self.parts_of_item(&transfer.to).find(|part| part.lot == lot);
        let received = earlier.map_or(revision, |part| part.received);
        let (line, expires, moved) = (transfer.line, transfer.expires, transfer.moved);
        let part = Part { lot, received, line, holder: None, expires, moved };
        self.transfers[at].parts = vec![part];
    }

    /// The lots of another book that goods came out of, if they all did: the same lots go on.
    fn carried_on(&self, transfer: &Transfer) -> Option<Vec<Part>> {
        let list = self.list(&transfer.document).filter(|list| list.content.direction == Direction::In);
        let partner = list.and_then(|list| list.partner.as_ref()).map(ToString::to_string);
        let out = transfer.continues.clone().or(partner)?;
        let way = self.transfers.iter().find(|other| {
            (&other.document, other.line) == (&out, transfer.line)
                && other.to.place == Place::Outside
                && self.method(&other.from) != LotMethod::None
        })?;
        let parts = self.took(&out, transfer.line, &way.from, &way.to);
        let sum = |unit: usize| parts.iter().map(|part| part.moved[unit]).sum::<i128>();
        let all = (0..3).all(|unit| sum(unit) == transfer.moved[unit]);
        all.then(|| parts.into_iter().map(|part| Part { holder: None, ..part }).collect())
    }

    /// The lots that an undone line carried on from another book, if they are still there.
    fn carried_back(
        &self,
        line: u64,
        (from, to, moved): &Leg,
        wishes: &Wishes,
    ) -> Result<Option<Vec<Part>>, Reason> {
        let undone = |other: &&Transfer| {
            other.carried
                && (Some(&other.document), other.line) == (wishes.undoes.as_ref(), line)
                && (&other.from, &other.to) == (to, from)
        };
        let Some(there) = self.transfers.iter().find(undone) else { return Ok(None) };
        let mut took = there.parts.clone();
        took.reverse();
        let (rests, lots) = took.into_iter().partition(|part| part.moved[0] == 0);
        let Ok(parts) = split(rests, lots, *moved) else { return Ok(None) };
        self.all_there(from, &parts, None)?;
        Ok(Some(parts))
    }

    /// All of some lots is in a place, on one account, and free.
    fn all_there(&self, place: &PositionKey, parts: &[Part], holder: Option<String>) -> Result<(), Reason> {
        let there = self.lots(place);
        for part in parts {
            let stood = Part { holder: holder.clone(), ..part.clone() };
            let mut free = [0; 4];
            for there in there.iter().filter(|there| same_lot(&there.part, &stood)) {
                (0..4).for_each(|unit| free[unit] += there.part.moved[unit] - there.reserved[unit]);
            }
            if (0..4).any(|unit| free[unit] < part.moved[unit]) {
                return Err(Reason::LotShort);
            }
        }
        Ok(())
    }

    /// All that any transfer has moved of an item.
    fn parts_of_item<'s>(&'s self, of: &'s PositionKey) -> impl Iterator<Item = &'s Part> {
        let item = |key: &PositionKey| (key.book_no.clone(), key.mark, key.number);
        self.transfers.iter().filter(move |other| item(&other.to) == item(of)).flat_map(|other| &other.parts)
    }

    /// What a line has taken of lots from one position to another, in the order in which it did, less what was put back.
    fn took(&self, document: &str, line: u64, from: &PositionKey, to: &PositionKey) -> Vec<Part> {
        let mut took: Vec<Part> = Vec::new();
        for other in &self.transfers {
            if !matches!(other.status, Status::Posted(_)) {
                continue;
            }
            let went = (other.document.as_str(), other.line, &other.from, &other.to);
            let back = (other.undoes.as_deref(), other.line, &other.to) == (Some(document), line, from);
            let from_there = other.from == *to || to.place == Place::InTransit;
            let sign = match (went == (document, line, from, to), back && from_there && other.restored) {
                (true, _) => 1,
                (_, true) => -1,
                _ => continue,
            };
            for part in &other.parts {
                let at = took.iter().position(|known| same_lot(known, part)).unwrap_or_else(|| {
                    took.push(Part { moved: [0; 4], ..part.clone() });
                    took.len() - 1
                });
                (0..4).for_each(|unit| took[at].moved[unit] += sign * part.moved[unit]);
                took.retain(|part| part.moved != [0; 4]);
            }
        }
        took
    }

    /// Goods that an undone line moved within the book go back where they were, if they are still where it moved them.
    fn goes_back(
        &self,
        line: u64,
        (from, to, moved): &Leg,
        status: Status,
        wishes: &Wishes,
    ) -> Result<Option<Vec<Part>>, Reason> {
        let Some(document) = &wishes.undoes else { return Ok(None) };
        let within = self.method(from) != LotMethod::None && self.method(to) != LotMethod::None;
        if !within || !matches!(status, Status::Posted(_)) {
            return Ok(None);
        }
        let mut took = self.took(document, line, to, from);
        took.reverse();
        let (rests, lots) = took.into_iter().partition(|part| part.moved[0] == 0);
        let Ok(parts) = split(rests, lots, *moved) else { return Ok(None) };
        let holder = wishes.holder.clone().filter(|_| !stock(from.place));
        self.all_there(from, &parts, holder)?;
        Ok(Some(parts))
    }

    /// What an undone line took goes back to where it was, the last first.
    fn put_back(&self, transfer: &Transfer) -> Option<Vec<Part>> {
        let document = transfer.undoes.as_deref()?;
        let ways = [transfer.from.clone(), transfer.from.at(Place::InTransit)];
        let took = ways.iter().map(|to| self.took(document, transfer.line, &transfer.to, to));
        let mut took = took.into_iter().find(|took| !took.is_empty())?;
        took.reverse();
        let (rests, lots) = took.into_iter().partition(|part| part.moved[0] == 0);
        split(rests, lots, transfer.moved).ok()
    }

    /// The lots that were put back of a line, as it would name them.
    pub(super) fn had(&self, document: &str, line: u64) -> Vec<NamedLot> {
        let back =
            self.transfers.iter().rev().find(|other| {
                other.restored && (other.undoes.as_deref(), other.line) == (Some(document), line)
            });
        let parts = back.into_iter().flat_map(|back| back.parts.iter().rev());
        parts.map(|part| NamedLot { line, material: None, lot: LotNo::new(&part.lot).unwrap() }).collect()
    }

    /// The lot of a line that is undone, if it brought one.
    fn brought(&self, wishes: &Wishes, line: u64, from: &PositionKey) -> Option<LotNo> {
        let lot = lot_of(wishes.undoes.as_deref()?, line);
        self.parts_of_item(from).any(|part| part.lot == lot).then(|| LotNo::new(&lot).unwrap())
    }

    /// The lots that a line has set aside in a place and not taken since, as far as they are free, if they suffice.
    fn set_aside(
        &self,
        (document, line): (&str, u64),
        (from, to, moved): &Leg,
        wishes: &Wishes,
    ) -> Option<Vec<Part>> {
        if !wishes.own || stock(from.place) {
            return None;
        }
        let of_line = |transfer: &&Transfer| {
            transfer.document == document
                && transfer.line == line
                && matches!(transfer.status, Status::Posted(_))
        };
        let mut mine = Vec::new();
        for there in self.lots(from).into_iter().filter(|there| there.part.holder == wishes.holder) {
            let mut own = [0; 4];
            for transfer in self.transfers.iter().filter(of_line) {
                let sign = i128::from(transfer.to == *from) - i128::from(transfer.from == *from);
                for part in &transfer.parts {
                    let bare = |part: &Part| (part.received, part.line, part.lot.clone());
                    if bare(part) == bare(&there.part) {
                        (0..4).for_each(|unit| own[unit] += sign * part.moved[unit]);
                    }
                }
            }
            let free = |unit: usize| there.part.moved[unit] - there.reserved[unit];
            let share = |unit: usize| own[unit].min(free(unit)).max(0);
            mine.push(Part { moved: [0, 1, 2, 3].map(share), ..there.part.clone() });
        }
        let (mut rests, mut lots): (Vec<Part>, Vec<Part>) =
            mine.into_iter().partition(|part| part.moved[0] == 0);
        if stock(to.place) {
            lots.reverse();
            rests.reverse();
        }
        split(rests, lots, *moved).ok()
    }

    fn choose(
        &self,
        method: LotMethod,
        (document, line): (&str, u64),
        (from, to, moved): &Leg,
        wishes: &Wishes,
    ) -> Result<Vec<Part>, Reason> {
        if let Some(parts) = self.carried_back(line, &(from.clone(), to.clone(), *moved), wishes)? {
            return Ok(parts);
        }
        if let Some(parts) = self.set_aside((document, line), &(from.clone(), to.clone(), *moved), wishes) {
            return Ok(parts);
        }
        let brought = self.brought(wishes, line, from);
        let names = brought.clone().map_or_else(|| names(wishes, line, from, to), |lot| vec![lot]);
        let must_name = stock(from.place) && method == LotMethod::Specific && wishes.named.is_some();
        if must_name && names.is_empty() && moved[0] > 0 {
            return Err(Reason::LotNotNamed);
        }
        let mut free: Vec<Part> = Vec::new();
        for there in self.lots(from) {
            let mut part = there.part;
            (0..4).for_each(|unit| part.moved[unit] -= there.reserved[unit]);
            if part.moved != [0; 4] {
                free.push(part);
            }
        }
        if names.iter().any(|name| free.iter().all(|part| part.lot != name.as_str())) {
            return Err(Reason::LotShort);
        }
        let (rests, mut lots): (Vec<Part>, Vec<Part>) = free.into_iter().partition(|part| part.moved[0] == 0);
        let mut rests = rests;
        if !stock(from.place) && stock(to.place) {
            lots.reverse();
            rests.reverse();
        }
        let account = |part: &Part| {
            let of = wishes.accounts.iter().position(|account| part.holder.as_ref() == Some(account));
            of.unwrap_or(wishes.accounts.len())
        };
        rests.sort_by_key(|part| (place_of(&names, part), account(part), day(method, from, part)));
        lots.sort_by_key(|part| (place_of(&names, part), account(part), day(method, from, part)));
        if names.is_empty() {
            return split(rests, lots, *moved);
        }
        let named = |part: &Part| names.iter().any(|name| name.as_str() == part.lot);
        lots.retain(named);
        if brought.is_some() {
            let own = rests.iter().filter(|part| named(part)).cloned().collect();
            if let Ok(parts) = split(own, lots.clone(), *moved) {
                return Ok(parts);
            }
        }
        split(rests, lots, *moved)
    }

    /// Customs approves an order of lots.
    pub(super) fn set_lot_method(&mut self, order: &LotMethodOrder, now: Now) -> Result<Shown, Reason> {
        let number = order.book_no.as_str();
        let book = self.book_mut(number)?;
        if book.filing.booking_mode == BookingMode::RowPerReceipt {
            return Err(Reason::InvalidField);
        }
        let before = std::mem::replace(&mut book.lots, order.method);
        if (before == LotMethod::None) != (order.method == LotMethod::None) {
            let of_book = |position: &PositionKey| {
                let kept = inside(position.place) && position.place != Place::SuspenseIn;
                position.book_no == order.book_no
                    && kept
                    && position.lot.is_none()
                    && position.serial.is_none()
            };
            let positions: Vec<_> = self.positions().into_iter().filter(of_book).collect();
            for position in &positions {
                let figures = self.figures(position);
                let overdrawn = figures.on_hand()[..3].iter().any(|unit| *unit < 0);
                if figures.increase_pending != [0; 4] || figures.decrease_pending != [0; 4] || overdrawn {
                    return Err(Reason::BookNotEmpty);
                }
            }
            let forgotten = |position: &PositionKey| position.book_no == order.book_no;
            self.openings.retain(|(position, _)| !forgotten(position));
            for transfer in self.transfers.iter_mut().filter(|transfer| forgotten(&transfer.from)) {
                transfer.parts.clear();
            }
            for position in positions.into_iter().filter(|_| order.method != LotMethod::None) {
                let [declared, first, second, value] = self.figures(&position).on_hand();
                if [declared, first, second] == [0; 3] {
                    continue;
                }
                if !order.take_over {
                    return Err(Reason::BookNotEmpty);
                }
                let part = Part {
                    lot: format!("BOOK:{number}/{}/{}", now.revision, position.number),
                    received: now.revision,
                    line: position.number,
                    holder: None,
                    expires: None,
                    moved: [declared, first, second, value.max(0)],
                };
                self.openings.push((position, part));
            }
        }
        Ok(Shown { state: Some(DocumentState::Filed), ..Shown::default() })
    }

    /// Lots may be named where the method lets lines choose, and outside of stock wherever there are lots.
    pub(super) fn may_name(
        &self,
        book: &str,
        named: &[NamedLot],
        from: &[Place],
        lines: &[u64],
    ) -> Result<(), Reason> {
        let method = self.book(book).map_or(LotMethod::None, |book| book.lots);
        let out_of_stock = from.iter().any(|place| stock(*place));
        let out_of_lots = from.iter().any(|place| inside(*place) && *place != Place::SuspenseIn);
        let allowed = match method {
            LotMethod::None => false,
            LotMethod::Specific => out_of_lots,
            _ => out_of_lots && !out_of_stock,
        };
        let all_known = named.iter().all(|name| lines.contains(&name.line));
        if named.is_empty() || (allowed && all_known) { Ok(()) } else { Err(Reason::InvalidField) }
    }

    /// Of what sort the goods are that a list takes, its materials included.
    pub(super) fn sources(&self, list: &List) -> Vec<Place> {
        let lines = list.lines.iter();
        let legs = lines.flat_map(|line| self.legs(list, line));
        // A product may use so little of its materials that nothing of them moves.
        let by_bom = self.leaves_as_product(list) && self.goes_by_bom(list);
        let outside = self.direct_exit_of(list).map(|_| Place::OutOnForm);
        let materials = by_bom.then_some(Place::Zone).or(outside);
        legs.map(|(from, ..)| from.place).chain(materials).collect()
    }

    /// An expiry is of goods that come into stock as lots.
    pub(super) fn may_expire(&self, list: &List) -> Result<(), Reason> {
        let keeps = self.book(list.book_no.as_str()).is_some_and(|book| book.lots != LotMethod::None);
        let known = |line: u64| list.lines.iter().any(|other| other.line == line);
        let fits = keeps && list.direction == Direction::In && !self.is_lease(list);
        let all = list.expiries.iter().all(|expiry| fits && known(expiry.line));
        if all { Ok(()) } else { Err(Reason::InvalidField) }
    }

    pub(super) fn wishes_of_list(&self, list: &List) -> Wishes {
        let accounts = match list.kind.as_str() {
            "1" => list.slips.iter().map(ToString::to_string).collect(),
            "4" | "5" => list.permit_no.iter().map(ToString::to_string).collect(),
            _ => self.exit_permit_no(list).iter().map(ToString::to_string).collect(),
        };
        Wishes {
            named: Some(list.lots.clone()),
            accounts,
            holder: Some(list.list_no.to_string()),
            expiries: list.expiries.iter().map(|expiry| (expiry.line, expiry.date)).collect(),
            ..Wishes::default()
        }
    }

    /// Goods under a permit are out on its account; those of batched delivery on that of their slip, which its list names.
    pub(super) fn wishes_of_slip(&self, filing: &zonebook_ledger::document::SlipFiling) -> Wishes {
        let permit = self.permit(&filing.permit_no).unwrap();
        let batched = matches!(permit.kind, PermitKind::BatchedDelivery | PermitKind::GeneralTaxpayer);
        let own = if batched { filing.slip_no.to_string() } else { filing.permit_no.to_string() };
        let mut accounts = Vec::new();
        if filing.direction == Direction::In {
            accounts.push(own.clone());
        }
        if batched && filing.direction == Direction::In {
            accounts = self.slips_with_goods(filing);
        }
        Wishes { named: Some(filing.lots.clone()), accounts, holder: Some(own), ..Wishes::default() }
    }

    /// Slips of the same permit whose goods are out, line by line what came last first.
    fn slips_with_goods(&self, filing: &zonebook_ledger::document::SlipFiling) -> Vec<String> {
        let permit = self.permit(&filing.permit_no).unwrap();
        let mut found = Vec::new();
        for line in &filing.lines {
            let shipped = PositionKey {
                book_no: permit.book_no.clone(),
                mark: Mark::Goods,
                number: line.number,
                lot: None,
                serial: None,
                place: Place::ShippedUndeclared,
            };
            for there in self.lots(&shipped).into_iter().rev() {
                let Some(holder) = there.part.holder else { continue };
                let slip = self.slip(&holder).filter(|slip| slip.filing.permit_no == filing.permit_no);
                found.extend(slip.map(|_| holder.clone()));
            }
        }
        found
    }
}

/// The lots that a line names: for a material that is used up, its own; else those of the line.
fn names(wishes: &Wishes, line: u64, from: &PositionKey, to: &PositionKey) -> Vec<LotNo> {
    let of_line = || wishes.named.iter().flatten().filter(move |name| name.line == line);
    let used = to.place == Place::Consumed && from.mark == Mark::Goods;
    let own: Vec<LotNo> = of_line()
        .filter(|name| used && name.material == Some(from.number))
        .map(|name| name.lot.clone())
        .collect();
    if !own.is_empty() {
        return own;
    }
    of_line().filter(|name| name.material.is_none()).map(|name| name.lot.clone()).collect()
}

fn place_of(names: &[LotNo], part: &Part) -> usize {
    names.iter().position(|name| name.as_str() == part.lot).unwrap_or(names.len())
}

/// The day that decides, where days do.
fn day(method: LotMethod, from: &PositionKey, part: &Part) -> (bool, Option<Date>) {
    let decides = method == LotMethod::NearestExpiry && stock(from.place);
    let expires = part.expires.filter(|_| decides);
    (decides && expires.is_none(), expires)
}

/// The quantities of a line over lots that have nothing declared any more and lots that have.
fn split(rests: Vec<Part>, lots: Vec<Part>, moved: [i128; 4]) -> Result<Vec<Part>, Reason> {
    let mut left = moved[0];
    let mut took: Vec<i128> = vec![0; rests.len()];
    for lot in &lots {
        let part = left.min(lot.moved[0]);
        took.push(part);
        left -= part;
    }
    if left > 0 {
        return Err(Reason::LotShort);
    }
    let all: Vec<Part> = rests.into_iter().chain(lots).collect();
    // In proportion, all of it where nothing declared stays.
    let share = |at: usize, unit: usize| {
        let (there, declared) = (all[at].moved[unit], all[at].moved[0]);
        if took[at] == declared { there } else { there * took[at] / declared }
    };
    let mut parts: Vec<Part> = all.iter().map(|lot| Part { moved: [0; 4], ..lot.clone() }).collect();
    for at in 0..all.len() {
        parts[at].moved[0] = took[at];
        parts[at].moved[3] = share(at, 3);
    }
    for unit in [1, 2] {
        let mut left = moved[unit];
        for (at, part) in parts.iter_mut().enumerate() {
            part.moved[unit] = share(at, unit).min(left);
            left -= part.moved[unit];
        }
        let taken = (0..all.len()).rev().filter(|at| took[*at] > 0);
        let others = (0..all.len()).filter(|at| took[*at] == 0);
        for at in taken.chain(others).collect::<Vec<_>>() {
            let more = left.min(all[at].moved[unit] - parts[at].moved[unit]);
            parts[at].moved[unit] += more;
            left -= more;
        }
        if left > 0 {
            return Err(Reason::LotShort);
        }
    }
    parts.retain(|part| part.moved != [0; 4]);
    Ok(parts)
}
