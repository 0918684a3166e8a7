//! Lots that chance names, and the order in which books give them up.

use super::book::{half, received};
use super::scribe::choose;
use super::{Intent, Scribe, list};
use crate::common::build;
use crate::common::model::{BookCopy, ListCopy, PassCopy, Row, stock_place};
use crate::common::world::{BOOKS, PASSES};
use zonebook_ledger::book::Usage;
use zonebook_ledger::code::{BookNo, LotNo};
use zonebook_ledger::command::{Command, LotMethodOrder};
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{
    ConsumptionFiling, Difference, DisposalLine, Document, List, ListFiling, OrderEvent, OrderGoods,
    ParcelFiling, PassageStage, StatusChangeLine, WorkOrderStep,
};
use zonebook_ledger::layer::{Expiry, LotMethod, NamedLot};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::time::Date;

/// What brings several lots of an item together: a receipt, its pass, its passage; then a delivery that spans them.
pub fn next(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [pick, which, amount, how, ..] = intent.picks;
    let shelf = &scribe.model.shelf;
    let keeps = |book: &&BookCopy| book.lots != LotMethod::None && book.filing.usage != Usage::NonBonded;
    // Few books, so that several lots come together in one.
    let keeping: Vec<&BookCopy> = shelf.books.iter().filter(keeps).take(2).collect();
    let book = choose(&keeping, pick / 16)?;
    let number = book.filing.book_no.as_str();
    let of_book = |list: &&ListCopy| {
        list.content.book_no.as_str() == number
            && list.state == DocumentState::PrePosted
            && list.content.kind == "0"
    };
    let on_pass = |list: &ListCopy, pass: &PassCopy| {
        pass.filing.linked.iter().any(|linked| linked.as_str() == list.content.list_no.as_str())
    };
    for list in shelf.lists.iter().filter(of_book).filter(|_| how % 8 < 7) {
        let pass = shelf.passes.iter().find(|pass| on_pass(list, pass));
        match pass {
            None => {
                let free = PASSES.into_iter().find(|number| shelf.pass(number).is_none())?;
                let direction = list.content.direction;
                return Some(Document::Pass(build::pass(free, direction, &[list.content.list_no.as_str()])));
            }
            Some(pass) if pass.state != DocumentState::Passed => {
                let (number, now) = (pass.filing.pass_no.as_str(), scribe.clock());
                return Some(Document::Passage(build::passage(number, PassageStage::Passed, now)));
            }
            Some(_) => {}
        }
    }
    let several = |row: &&Row| shelf.lots(&list::zone_of(book, row)).len() > 1;
    let rows: Vec<&Row> = book.goods().filter(|row| !row.tracked).collect();
    let row = choose(&rows.iter().copied().filter(several).collect::<Vec<_>>(), which);
    let free = list::free_number(scribe, pick);
    if let (Some(row), true) = (row, how.is_multiple_of(2)) {
        let available = shelf.figures(&list::zone_of(book, row)).available();
        if available[0] <= 0 {
            return None;
        }
        let mut amounts = list::taken(&row.units, available, amount);
        // All of one lot by a document that makes it lighter than it is.
        let oldest = shelf.lots(&list::zone_of(book, row))[0].part.moved;
        if amount % 4 > 0 && row.units.statutory1 != row.units.declared && oldest[0] < available[0] {
            amounts = list::taken(&row.units, oldest, 0);
            amounts.statutory1 = half(amounts.statutory1);
        }
        let lines = vec![build::list_line(1, row.number, &list::goods_of(row), amounts)];
        return Some(build::filed(List { lines, ..build::list(free, number, Direction::Out) }));
    }
    // Goods counted in one unit and weighed in another keep rests.
    let weighed = rows.iter().position(|row| row.units.statutory1 != row.units.declared);
    let row = weighed
        .filter(|_| which % 4 > 0)
        .map_or_else(|| choose(&rows, which % 2), |at| rows.get(at).copied())?;
    let amounts = received(&row.units, amount);
    let lines = vec![build::list_line(1, row.number, &list::goods_of(row), amounts)];
    Some(build::filed(List { lines, ..build::list(free, number, Direction::In) }))
}

/// A method for the book that was filed last.
pub fn first_method(scribe: &Scribe, intent: &Intent) -> Command {
    let method = LotMethod::ALL[1 + usize::from(intent.picks[3] / 2) % 3];
    let last = scribe.model.shelf.books.last();
    let book_no = last.map_or_else(|| build::book_no(BOOKS[0]), |book| book.filing.book_no.clone());
    Command::SetLotMethod(LotMethodOrder {
        book_no,
        method,
        take_over: true,
        reason: "from the start".into(),
    })
}

/// An order of lots for a book; most have something on hand, which is taken over.
pub fn method(scribe: &Scribe, intent: &Intent) -> Command {
    let [pick, which, over, ..] = intent.picks;
    let method = match which % 8 {
        0 | 7 => LotMethod::None,
        1 | 2 => LotMethod::Fifo,
        3 | 4 => LotMethod::NearestExpiry,
        _ => LotMethod::Specific,
    };
    let books = &scribe.model.shelf.books;
    let keeping: Vec<BookCopy> = books.iter().filter(|book| book.lots != LotMethod::None).cloned().collect();
    let of = if over.is_multiple_of(3) || keeping.is_empty() { books } else { &keeping };
    let book = choose(of, pick).map(|book| book.filing.book_no.to_string());
    let number = book.unwrap_or_else(|| BOOKS[usize::from(pick) % BOOKS.len()].to_owned());
    let take_over = !over.is_multiple_of(4);
    let reason = "a method that was approved".into();
    Command::SetLotMethod(LotMethodOrder { book_no: build::book_no(&number), method, take_over, reason })
}

/// Names lots where lines may, mostly, and says when goods expire; now and then where it is not asked for.
pub fn named(scribe: &Scribe, intent: &Intent, document: Document) -> Document {
    match document {
        Document::List(ListFiling::File(list)) => {
            Document::List(ListFiling::File(list_with(scribe, intent, list)))
        }
        Document::List(ListFiling::Change { change_no, list }) => {
            Document::List(ListFiling::Change { change_no, list: list_with(scribe, intent, list) })
        }
        Document::Slip(mut slip) => {
            let permit = scribe.model.shelf.permit(&slip.permit_no);
            let book = permit.and_then(|permit| scribe.model.shelf.book(permit.book_no.as_str()));
            let place = match slip.direction {
                Direction::Out => Place::Zone,
                Direction::In => Place::OutOnForm,
            };
            let lines: Vec<_> = slip.lines.iter().map(|line| (line.line, line.number)).collect();
            slip.lots = book.map_or_else(Vec::new, |book| names(scribe, intent, book, place, &lines));
            Document::Slip(slip)
        }
        Document::Parcels(mut filing) => {
            let parcels: Vec<_> = match &mut filing {
                ParcelFiling::File(parcels) => parcels.iter_mut().collect(),
                ParcelFiling::FileCited(cited) => cited.iter_mut().map(|cited| &mut cited.parcel).collect(),
                ParcelFiling::Cancel(_) => Vec::new(),
            };
            for parcel in parcels {
                let Some(book) = scribe.model.shelf.book(parcel.book_no.as_str()) else { continue };
                let lines: Vec<_> = parcel.lines.iter().map(|line| (line.line, line.number)).collect();
                parcel.lots = names(scribe, intent, book, Place::Zone, &lines);
            }
            Document::Parcels(filing)
        }
        Document::Consumption(slip) => Document::Consumption(slip_with(scribe, intent, slip)),
        Document::ConsumptionChange(mut change) => {
            change.content = slip_with(scribe, intent, change.content);
            Document::ConsumptionChange(change)
        }
        other => named_elsewhere(scribe, intent, other),
    }
}

fn slip_with(scribe: &Scribe, intent: &Intent, mut slip: ConsumptionFiling) -> ConsumptionFiling {
    if let Some(book) = scribe.model.shelf.book(slip.book_no.as_str()) {
        let lines: Vec<_> = slip.materials.iter().map(|line| (line.line, line.number)).collect();
        slip.lots = names(scribe, intent, book, Place::Zone, &lines);
    }
    slip
}

/// The same of documents that no message carries.
fn named_elsewhere(scribe: &Scribe, intent: &Intent, document: Document) -> Document {
    let of = |book_no: &BookNo, lines: &[(Mark, u64, u64)], in_process: bool| {
        let Some(book) = scribe.model.shelf.book(book_no.as_str()) else { return Vec::new() };
        let place = |mark| if in_process { Place::InProcess } else { stock_place(book.filing.usage, mark) };
        let named = |(mark, line, number): &(Mark, u64, u64)| {
            names_of(scribe, intent, book, *mark, place(*mark), &[(*line, *number)])
        };
        lines.iter().flat_map(named).collect()
    };
    match document {
        Document::Disposal(mut filing) => {
            let line = |line: &DisposalLine| (line.goods.mark, line.goods.line, line.goods.number);
            let lines: Vec<_> = filing.lines.iter().map(line).collect();
            filing.lots = of(&filing.book_no, &lines, false);
            Document::Disposal(filing)
        }
        Document::Adjustment(mut filing) => {
            let missing = filing.lines.iter().filter(|line| line.difference == Difference::Shortage);
            let lines: Vec<_> =
                missing.map(|line| (line.goods.mark, line.goods.line, line.goods.number)).collect();
            filing.lots = of(&filing.book_no, &lines, false);
            Document::Adjustment(filing)
        }
        Document::Registration(mut filing) if filing.direction == Direction::Out => {
            let lines: Vec<_> =
                filing.lines.iter().map(|line| (Mark::Goods, line.line, line.number)).collect();
            filing.lots = of(&filing.book_no, &lines, false);
            Document::Registration(filing)
        }
        Document::StatusChange(mut filing) => {
            let line = |line: &StatusChangeLine| (Mark::Goods, line.goods.line, line.goods.number);
            let lines: Vec<_> = filing.lines.iter().map(line).collect();
            filing.lots = of(&filing.from_book, &lines, false);
            Document::StatusChange(filing)
        }
        Document::WorkOrder(mut filing) => {
            let order = scribe.model.shelf.orders.iter().find(|order| order.order_no == filing.order_no);
            let book_no = order.map(|order| order.opening.book_no.clone());
            if let (WorkOrderStep::Report(report), Some(book_no)) = (&mut filing.step, book_no) {
                let line = |line: &OrderGoods| (line.mark, line.line, line.number);
                report.lots = match &report.event {
                    OrderEvent::Issue(lines) => {
                        of(&book_no, &lines.iter().map(line).collect::<Vec<_>>(), false)
                    }
                    OrderEvent::Return(lines) => {
                        of(&book_no, &lines.iter().map(line).collect::<Vec<_>>(), true)
                    }
                    OrderEvent::Output(output) => {
                        let used: Vec<_> = output.used.iter().map(|used| line(&used.goods)).collect();
                        of(&book_no, &used, true)
                    }
                    OrderEvent::Counter { .. } => Vec::new(),
                };
            }
            Document::WorkOrder(filing)
        }
        other => other,
    }
}

fn list_with(scribe: &Scribe, intent: &Intent, list: List) -> List {
    let list = List { lots: Vec::new(), expiries: Vec::new(), ..list };
    let Some(book) = scribe.model.shelf.book(list.book_no.as_str()) else { return list };
    if list.direction == Direction::In {
        let dated = (book.lots != LotMethod::None && intent.picks[4] % 2 == 1) || intent.who % 32 == 9;
        let date = |line: u64| Date(20_700 + i32::from(intent.picks[3] % 5) * 10 + line as i32 % 7);
        let expiries =
            list.lines.iter().filter(|_| dated).map(|line| Expiry { line: line.line, date: date(line.line) });
        return List { expiries: expiries.collect(), ..list };
    }
    let place = match list.kind.as_str() {
        "1" => Place::ShippedUndeclared,
        "5" => Place::OutOnForm,
        _ => stock_place(book.filing.usage, list.mark),
    };
    let mut lots = Vec::new();
    for line in &list.lines {
        if list.mark == Mark::Product {
            let materials = book
                .bom
                .iter()
                .filter(|row| row.product == line.number && Some(&row.version) == line.bom_version.as_ref());
            for row in materials {
                let own = names(scribe, intent, book, Place::Zone, &[(line.line, row.material)]);
                lots.extend(own.into_iter().map(|name| NamedLot { material: Some(row.material), ..name }));
            }
        } else {
            lots.extend(names_of(scribe, intent, book, list.mark, place, &[(line.line, line.number)]));
        }
    }
    List { lots, ..list }
}

fn names(
    scribe: &Scribe,
    intent: &Intent,
    book: &BookCopy,
    place: Place,
    lines: &[(u64, u64)],
) -> Vec<NamedLot> {
    names_of(scribe, intent, book, Mark::Goods, place, lines)
}

/// The lots of an item that are there, the last first: all of them, so that they suffice, or the first of them alone.
fn names_of(
    scribe: &Scribe,
    intent: &Intent,
    book: &BookCopy,
    mark: Mark,
    place: Place,
    lines: &[(u64, u64)],
) -> Vec<NamedLot> {
    let stock = matches!(place, Place::Zone | Place::Scrap | Place::RemovedPart);
    let asked = if stock { book.lots == LotMethod::Specific } else { intent.picks[3].is_multiple_of(4) };
    let careless = intent.who % 16 == 10;
    if asked == careless {
        return Vec::new();
    }
    let mut named = Vec::new();
    for (line, number) in lines {
        let book_no = book.filing.book_no.clone();
        let position = PositionKey { book_no, mark, number: *number, lot: None, serial: None, place };
        let mut there = scribe.model.shelf.lots(&position);
        there.reverse();
        if intent.picks[4].is_multiple_of(8) {
            there.truncate(1);
        }
        let lots = there.iter().filter_map(|there| LotNo::new(&there.part.lot).ok());
        let mut lots: Vec<LotNo> = lots.collect();
        if intent.who % 32 == 11 {
            lots.push(LotNo::new("L99/1").unwrap());
        }
        lots.dedup();
        named.extend(lots.into_iter().map(|lot| NamedLot { line: *line, material: None, lot }));
    }
    named
}
