//! What customs lets a list take although it is not there (`domain.md` 3.4 row 32, `design.md` 2.2).

mod common;

use common::build::{
    self, amount, book, book_row, declared, filed, list, list_line, list_no, quantity, withdrawal,
};
use common::papers::processing_book;
use common::world::{self, goods, local};
use common::zone::Zone;
use zonebook_ledger::book::Usage;
use zonebook_ledger::command::{BookAction, BookOrder, Command, LotMethodOrder};
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{Document, List, ListLine, PassageStage};
use zonebook_ledger::layer::LotMethod;
use zonebook_ledger::matrix::MatrixRow;
use zonebook_ledger::measure::Unit;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::overdraft::{Overdraft, OverdraftLimit, OverdraftOrder};
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::query;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::refusal::Refusal;
use zonebook_ledger::state::{Overdrafts, get};
use zonebook_ledger::time::Date;

/// `A1` with 10 of item 1 in one unit, and 10 of item 2 in three: 10 pieces, 80 kilograms, 10 pieces.
fn storage() -> Zone {
    let mut filing = book("A1");
    filing.rows.push(book_row(1, &goods(1), amount("10", "10", None)));
    filing.rows.push(book_row(2, &goods(2), amount("10", "80", Some("10"))));
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    zone.files(Document::Book(filing));
    zone
}

fn order(number: &str, item: u64, beyond: &str) -> OverdraftOrder {
    OverdraftOrder {
        list_no: list_no(number),
        book_no: build::book_no("A1"),
        goods: vec![OverdraftLimit { mark: Mark::Goods, number: item, declared: quantity(beyond) }],
        valid_until: Date::parse("2026-06-03").unwrap(),
        reason: "receipt L90 is through the gate, its declaration is late".into(),
    }
}

fn allowed(number: &str, item: u64, beyond: &str) -> Command {
    Command::AllowOverdraft(order(number, item, beyond))
}

fn of(number: &str, direction: Direction, lines: Vec<ListLine>) -> Document {
    filed(List { lines, ..list(number, "A1", direction) })
}

fn one(of: &str) -> ListLine {
    list_line(1, 1, &goods(1), amount(of, of, None))
}

fn two(of: &str, kilograms: &str) -> ListLine {
    list_line(1, 2, &goods(2), amount(of, kilograms, Some(of)))
}

fn takes(number: &str, line: ListLine) -> Document {
    of(number, Direction::Out, vec![line])
}

fn stock(number: u64) -> PositionKey {
    build::position("A1", number, Place::Zone)
}

fn why(zone: &mut Zone, command: Command) -> Refusal {
    zone.takes(command).applied.outcome.refusal().expect("it is refused").clone()
}

fn gated(zone: &mut Zone, pass_no: &str, direction: Direction, list: &str) {
    zone.files(Document::Pass(build::pass(pass_no, direction, &[list])));
    let at = local("2026-06-02T12:00:00");
    zone.files(Document::Passage(build::passage(pass_no, PassageStage::Passed, at)));
}

fn overdraft(zone: &Zone, number: &str) -> Overdraft {
    (*get::<Overdrafts>(&zone.state, list_no(number)).unwrap().unwrap()).clone()
}

fn left(zone: &Zone, number: u64) -> [String; 3] {
    let available = zone.counters(&stock(number)).available().unwrap();
    Unit::QUANTITIES.map(|unit| available.get(unit).to_string())
}

#[test]
fn a_list_takes_what_is_not_there_only_as_far_as_customs_said_beforehand() {
    let mut zone = storage();
    assert_eq!(zone.refuses(takes("L01", one("13"))), Reason::ShortStock);
    zone.accepts(allowed("L01", 1, "3"));
    let refused = why(&mut zone, Command::File(Box::new(takes("L01", one("13.00001")))));
    assert_eq!((refused.reason, refused.available), (Reason::ShortStock, Some(quantity("10"))));
    assert!(refused.expected.is_some_and(|expected| expected.contains("3 beyond what there is")));
    assert_eq!(zone.refuses(takes("L02", one("13"))), Reason::ShortStock, "another list");
    let applied = zone.files(takes("L01", one("13")));
    assert_eq!(zone.available(&stock(1)), quantity("-3"));
    let event = query::event(&zone.state, applied.revision).unwrap().unwrap();
    assert!(event.steps.iter().any(|step| step.row == Some(MatrixRow::Overdrawn)));

    gated(&mut zone, "P01", Direction::Out, "L01");
    assert_eq!(zone.list("L01").state, DocumentState::Posted);
    assert_eq!(zone.on_hand(&stock(1)).declared(), quantity("-3"));
    // Nobody else may take what is not there.
    assert_eq!(zone.refuses(takes("L02", one("0.00001"))), Reason::ShortStock);
    zone.files(of("L90", Direction::In, vec![one("20")]));
    gated(&mut zone, "P90", Direction::In, "L90");
    zone.files(takes("L02", one("17")));
    assert_eq!(left(&zone, 1), ["0", "0", "0"]);

    let overdraft = overdraft(&zone, "L01");
    let taken: Vec<_> = overdraft.taken.iter().map(|taken| (&taken.position, taken.declared)).collect();
    assert_eq!(taken, [(&stock(1), quantity("3"))]);
    assert_eq!((overdraft.in_force, overdraft.given.len()), (true, 1));
    assert_eq!(overdraft.given[0].order.reason, order("L01", 1, "3").reason);
}

#[test]
fn an_order_is_of_customs_has_a_reason_and_fits_its_goods() {
    let mut zone = storage();
    let refused = zone.refusal("enterprise", allowed("L01", 1, "3"));
    assert_eq!(refused.reason, Reason::PermissionDenied);
    let mut wrong = |reason: Reason, change: &dyn Fn(&mut OverdraftOrder)| {
        let mut order = order("L01", 1, "3");
        change(&mut order);
        assert_eq!(why(&mut zone, Command::AllowOverdraft(order)).reason, reason);
    };
    wrong(Reason::InvalidField, &|order| order.reason = " ".into());
    wrong(Reason::InvalidField, &|order| order.goods.clear());
    wrong(Reason::InvalidField, &|order| order.valid_until = Date::parse("2026-06-01").unwrap());
    wrong(Reason::NamedTwice, &|order| order.goods.push(order.goods[0]));
    wrong(Reason::NonPositiveQty, &|order| order.goods[0].declared = quantity("0"));
    wrong(Reason::ItemNotFiled, &|order| order.goods[0].number = 7);
    wrong(Reason::BookUnknown, &|order| order.book_no = build::book_no(world::NO_BOOK));
    zone.files(takes("L01", one("1")));
    gated(&mut zone, "P01", Direction::Out, "L01");
    assert_eq!(why(&mut zone, allowed("L01", 1, "3")).reason, Reason::AlreadyPosted);
}

#[test]
fn an_order_ends_with_its_day_and_the_newest_one_counts() {
    let mut zone = storage();
    zone.accepts(allowed("L01", 1, "3"));
    zone.accepts(allowed("L01", 1, "1"));
    assert_eq!(zone.refuses(takes("L01", one("12"))), Reason::ShortStock);
    zone.at("2026-06-04T08:00:00");
    let refused = why(&mut zone, Command::File(Box::new(takes("L01", one("11")))));
    assert_eq!(refused.reason, Reason::ShortStock);
    assert!(refused.expected.is_some_and(|expected| expected.contains("valid until 2026-06-03")));
}

/// `RULES.md` 3.7 where less than nothing is left: what is overdrawn in the declared unit is so in every unit that was
/// there, and goods that come in make it good in each.
#[test]
fn statutory_quantities_go_below_nothing_with_the_declared_one() {
    let mut zone = storage();
    zone.accepts(allowed("L01", 2, "5"));
    assert_eq!(zone.refuses(takes("L01", two("15", "80"))), Reason::StatutoryRemainder);
    zone.files(takes("L01", two("15", "120")));
    assert_eq!(left(&zone, 2), ["-5", "-40", "-5"]);
    zone.files(of("L90", Direction::In, vec![two("8", "64")]));
    gated(&mut zone, "P90", Direction::In, "L90");
    assert_eq!(left(&zone, 2), ["3", "24", "3"]);
    assert_eq!(zone.refuses(takes("L02", two("3", "23"))), Reason::StatutoryRemainder);
    zone.files(takes("L02", two("3", "24")));
    assert_eq!(left(&zone, 2), ["0", "0", "0"]);
}

/// What comes in later may weigh less than what was missing: a finding, which keeps nobody from the goods.
#[test]
fn a_unit_that_documents_left_below_nothing_is_a_finding() {
    let mut zone = storage();
    zone.accepts(allowed("L01", 2, "5"));
    zone.files(takes("L01", two("15", "120")));
    zone.files(of("L90", Direction::In, vec![two("8", "30")]));
    gated(&mut zone, "P90", Direction::In, "L90");
    assert_eq!(left(&zone, 2), ["3", "-10", "3"]);
    zone.files(takes("L02", two("3", "24")));
    assert_eq!(left(&zone, 2), ["0", "-34", "0"]);
    zone.files(of("L91", Direction::In, vec![two("5", "44")]));
    gated(&mut zone, "P91", Direction::In, "L91");
    assert_eq!(zone.refuses(takes("L03", two("5", "9"))), Reason::StatutoryRemainder);
    zone.files(takes("L03", two("5", "10")));
    assert_eq!(left(&zone, 2), ["0", "0", "0"]);
}

#[test]
fn what_is_taken_back_or_changed_is_overdrawn_no_more_and_stays_on_record() {
    let mut zone = storage();
    zone.accepts(allowed("L01", 1, "3"));
    let content =
        |of: &str| declared(List { lines: vec![one(of)], ..list("L01", "A1", Direction::Out) }, "D1");
    zone.files(filed(content("13")));
    zone.files(build::change(content("12"), 1));
    assert_eq!(overdraft(&zone, "L01").taken[0].declared, quantity("2"));
    zone.files(build::change(content("10"), 2));
    assert!(!overdraft(&zone, "L01").in_force);
    zone.files(build::change(content("11"), 3));
    assert_eq!((zone.available(&stock(1)), overdraft(&zone, "L01").in_force), (quantity("-1"), true));
    zone.files(withdrawal("L01", 4));
    assert_eq!(zone.available(&stock(1)), quantity("10"));
    let gone = overdraft(&zone, "L01");
    assert_eq!((gone.in_force, gone.taken[0].declared), (false, quantity("1")));
    assert_eq!(why(&mut zone, allowed("L01", 1, "3")).reason, Reason::AlreadyWithdrawn);
}

#[test]
fn a_book_that_is_overdrawn_neither_ends_nor_begins_to_keep_lots() {
    let mut zone = storage();
    zone.accepts(allowed("L01", 1, "3"));
    zone.files(takes("L01", one("13")));
    zone.files(takes("L02", two("10", "80")));
    gated(&mut zone, "P01", Direction::Out, "L01");
    gated(&mut zone, "P02", Direction::Out, "L02");
    let book_no = build::book_no("A1");
    let cancel = BookOrder { book_no: book_no.clone(), action: BookAction::Cancel, reason: "moved".into() };
    assert_eq!(why(&mut zone, Command::OrderBook(cancel)).reason, Reason::BookNotEmpty);
    let begin =
        |method| LotMethodOrder { book_no: book_no.clone(), method, take_over: true, reason: "FIFO".into() };
    assert_eq!(why(&mut zone, Command::SetLotMethod(begin(LotMethod::Fifo))).reason, Reason::BookNotEmpty);
    zone.files(of("L90", Direction::In, vec![one("3")]));
    gated(&mut zone, "P90", Direction::In, "L90");
    zone.accepts(Command::SetLotMethod(begin(LotMethod::Fifo)));
    assert_eq!(why(&mut zone, allowed("L03", 1, "3")).reason, Reason::OrderNotApplicable);
}

/// A book that keeps lots from a later day on takes no override that was given before.
#[test]
fn an_order_for_a_book_that_keeps_lots_meanwhile_does_not_count() {
    let mut zone = storage();
    zone.accepts(allowed("L01", 1, "3"));
    let book_no = build::book_no("A1");
    let method = LotMethod::Fifo;
    zone.accepts(Command::SetLotMethod(LotMethodOrder {
        book_no,
        method,
        take_over: true,
        reason: "FIFO".into(),
    }));
    assert_eq!(zone.refuses(takes("L01", one("13"))), Reason::ShortStock);
}

/// Products leave before their materials are entered (`domain.md` 8, export before import): the override is of materials.
#[test]
fn materials_of_a_product_may_be_overdrawn() {
    use common::papers::{bom_row, row};
    use common::world::product;
    let mut filing = processing_book("M1", Usage::Processing);
    filing.rows.push(row(Mark::Product, 1, &product(1), amount("0", "0", None)));
    filing.rows.push(row(Mark::Goods, 1, &world::goods_in("M1", 1), amount("10", "10", None)));
    filing.bom.push(bom_row(1, "V1", 1, ["1.5", "0", "100", "1.5"]));
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    zone.files(Document::Book(filing));
    let shirts = ListLine {
        bom_version: zonebook_ledger::code::BomVersion::new("V1").ok(),
        ..list_line(1, 1, &product(1), amount("10", "4", None))
    };
    let out = filed(List { mark: Mark::Product, lines: vec![shirts], ..list("L01", "M1", Direction::Out) });
    assert_eq!(zone.refuses(out.clone()), Reason::ShortStock);
    zone.accepts(Command::AllowOverdraft(OverdraftOrder {
        book_no: build::book_no("M1"),
        ..order("L01", 1, "5")
    }));
    zone.files(out);
    assert_eq!(zone.available(&build::position("M1", 1, Place::Zone)), quantity("-5"));
}
