//! Goods that need an import licence, sold at home (`domain.md` 3.4 row 5).

mod common;

use common::build::{
    self, amount, book, book_row, change, filed, list, list_line, list_no, quantity, withdrawal,
};
use common::correct::{correction, decide_correction};
use common::generate::tariff_line;
use common::papers::{licence, permit, slip, slip_line, slip_pass};
use common::world::{self, goods, local};
use common::zone::Zone;
use zonebook_ledger::code::{LicenceNo, TallyNo, TariffCode, UnitCode};
use zonebook_ledger::command::{Command, ReturnOrder};
use zonebook_ledger::direction::Direction;
use zonebook_ledger::document::{Document, LinePart, List, ListLine, PassageStage, PermitKind, TallyFiling};
use zonebook_ledger::licence::{Licence, LicenceAction, LicenceEntry, LicenceGrant};
use zonebook_ledger::measure::Unit;
use zonebook_ledger::outcome::Verdict;
use zonebook_ledger::parameter::{Parameter, ParameterValue};
use zonebook_ledger::reason::Reason;
use zonebook_ledger::refusal::Refusal;
use zonebook_ledger::standing::{ListOrder, Order};
use zonebook_ledger::state::{LicenceDraws, LicenceEntries, Licences, get};
use zonebook_ledger::time::Date;

const COTTON: &str = "5201000001";
const TYRE: &str = "4011200090";

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

/// `A1` with 100 of item 1 (cotton, one unit) and of item 2 (tyres: pieces, 800 kilograms, pieces); cotton needs a licence.
fn zone() -> Zone {
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    let mut filing = book("A1");
    filing.rows.push(book_row(1, &goods(1), amount("100", "100", None)));
    filing.rows.push(book_row(2, &goods(2), amount("100", "800", Some("100"))));
    zone.files(Document::Book(filing));
    zone.accepts(tariff_line(COTTON, day("2026-01-01"), true));
    zone
}

fn of(goods: &str, unit: &str, allowed: &str, from: &str, until: &str) -> LicenceAction {
    LicenceAction::Register(LicenceGrant {
        party: build::customs_no(world::owner("A1")),
        tariff_code: TariffCode::new(goods).unwrap(),
        unit: UnitCode::new(unit).unwrap(),
        quantity: quantity(allowed),
        valid_from: day(from),
        valid_until: day(until),
    })
}

fn cotton(allowed: &str, until: &str) -> LicenceAction {
    of(COTTON, "035", allowed, "2026-01-01", until)
}

fn order(number: &str, action: LicenceAction) -> Command {
    Command::Licence(licence(number, action))
}

fn amend(allowed: &str, until: &str) -> LicenceAction {
    LicenceAction::Amend { quantity: quantity(allowed), valid_until: day(until) }
}

fn one(line: u64, of: &str) -> ListLine {
    list_line(line, 1, &goods(1), amount(of, of, None))
}

fn sale(number: &str, lines: Vec<ListLine>) -> List {
    List { lines, transport: "9".into(), ..list(number, "A1", Direction::Out) }
}

fn sells(number: &str, of: &str) -> Document {
    filed(sale(number, vec![one(1, of)]))
}

fn kept(zone: &Zone, number: &str) -> Licence {
    (*get::<Licences>(&zone.state, LicenceNo::new(number).unwrap()).unwrap().unwrap()).clone()
}

fn used(zone: &Zone, number: &str) -> String {
    kept(zone, number).used.to_string()
}

fn drawn(zone: &Zone, list: &str) -> Vec<(u64, String, String)> {
    let draws = get::<LicenceDraws>(&zone.state, list_no(list)).unwrap().unwrap_or_default();
    draws.iter().map(|draw| (draw.line, draw.licence_no.to_string(), draw.quantity.to_string())).collect()
}

fn entry(zone: &Zone, number: &str, at: u64) -> LicenceEntry {
    let key = (LicenceNo::new(number).unwrap(), at);
    (*get::<LicenceEntries>(&zone.state, key).unwrap().unwrap()).clone()
}

fn why(zone: &mut Zone, document: Document) -> Refusal {
    let taken = zone.takes(Command::File(Box::new(document)));
    taken.applied.outcome.refusal().expect("it is refused").clone()
}

fn reason(zone: &mut Zone, command: Command) -> Reason {
    zone.takes(command).applied.outcome.refusal().expect("it is refused").reason
}

fn gated(zone: &mut Zone, pass_no: &str, list: &str) {
    zone.files(Document::Pass(build::pass(pass_no, Direction::Out, &[list])));
    zone.files(Document::Passage(build::passage(
        pass_no,
        PassageStage::Passed,
        local("2026-06-02T12:00:00"),
    )));
}

#[test]
fn what_is_sold_at_home_draws_on_a_licence_and_never_beyond_it() {
    let mut zone = zone();
    let refusal = why(&mut zone, sells("L01", "5"));
    assert_eq!((refusal.reason, refusal.line), (Reason::LicenceMissing, Some(1)));
    assert!(
        refusal.expected.unwrap().contains("2217960001 for 5201000001, valid on 2026-06-02, in unit 035")
    );

    zone.accepts(order("B1", cotton("10", "2026-12-31")));
    zone.files(sells("L01", "6"));
    assert_eq!((used(&zone, "B1"), drawn(&zone, "L01")), ("6".into(), vec![(1, "B1".into(), "6".into())]));
    let refusal = why(&mut zone, sells("L02", "4.00001"));
    assert_eq!(
        (refusal.reason, refusal.unit, refusal.wanted, refusal.available),
        (Reason::LicenceExceeded, Some(Unit::Declared), Some(quantity("4.00001")), Some(quantity("4")))
    );
    // Lines of one list count together.
    assert_eq!(zone.refuses(filed(sale("L02", vec![one(1, "3"), one(2, "2")]))), Reason::LicenceExceeded);
    zone.files(filed(sale("L02", vec![one(1, "3"), one(2, "1")])));
    assert_eq!(used(&zone, "B1"), "10");
    let last = entry(&zone, "B1", 3);
    assert_eq!((last.cause.as_str(), last.before, last.after), ("L02", quantity("4"), quantity("0")));
}

#[test]
fn nothing_is_asked_abroad_of_other_goods_before_the_day_and_where_customs_says_so() {
    let mut zone = zone();
    let abroad = List { transport: "2".into(), ..sale("L01", vec![one(1, "5")]) };
    zone.files(filed(abroad));
    zone.files(filed(List { direction: Direction::In, ..sale("L02", vec![one(1, "5")]) }));
    let tyres = list_line(1, 2, &goods(2), amount("1", "8", Some("1")));
    zone.files(filed(sale("L03", vec![tyres.clone()])));
    // From the day of the list on, not from an earlier or a later one.
    zone.accepts(tariff_line(TYRE, day("2026-06-03"), true));
    zone.files(filed(sale("L04", vec![tyres.clone()])));
    let later = List { declared_at: local("2026-06-03T09:00:00"), ..sale("L05", vec![tyres]) };
    assert_eq!(zone.refuses(filed(later)), Reason::LicenceMissing);
    assert_eq!(zone.refuses(sells("L06", "5")), Reason::LicenceMissing);
    let parameter = Parameter::LicenceCheck;
    let off = ParameterValue { parameter, from: day("2026-06-02"), value: quantity("0") };
    zone.accepts(Command::SetParameter(off));
    zone.files(sells("L06", "5"));
    assert_eq!(drawn(&zone, "L06"), Vec::new());
}

#[test]
fn of_several_licences_that_which_ends_first_is_drawn_on_if_it_covers_the_line() {
    let mut zone = zone();
    zone.accepts(order("B1", cotton("50", "2026-12-31")));
    zone.accepts(order("B2", cotton("10", "2026-06-30")));
    zone.accepts(order("B3", cotton("10", "2026-06-30")));
    zone.accepts(order("B4", cotton("99", "2026-06-01")));
    zone.accepts(order("B5", of(COTTON, "035", "99", "2026-06-03", "2026-06-04")));
    zone.accepts(order("B6", of(COTTON, "007", "99", "2026-01-01", "2026-06-04")));
    zone.files(filed(sale("L01", vec![one(1, "7"), one(2, "7"), one(3, "3"), one(4, "4")])));
    let expected = [(1, "B2", "7"), (2, "B3", "7"), (3, "B2", "3"), (4, "B1", "4")];
    assert_eq!(
        drawn(&zone, "L01"),
        expected.map(|(line, number, of)| (line, number.to_owned(), of.to_owned()))
    );
    // A list declared yesterday and filed tomorrow is good on both days, or it is not.
    zone.at("2026-07-01T08:00:00");
    zone.files(sells("L02", "3"));
    assert_eq!(drawn(&zone, "L02"), [(1, "B1".to_owned(), "3".to_owned())]);
}

#[test]
fn a_licence_counts_in_its_own_unit() {
    let mut zone = zone();
    zone.accepts(tariff_line(TYRE, day("2026-01-01"), true));
    let tyres = |of: &str, kilograms: &str| {
        filed(sale("L01", vec![list_line(1, 2, &goods(2), amount(of, kilograms, Some(of)))]))
    };
    zone.accepts(order("B1", of(TYRE, "035", "80", "2026-01-01", "2026-12-31")));
    let refusal = why(&mut zone, tyres("10", "80.00001"));
    assert_eq!((refusal.reason, refusal.unit), (Reason::LicenceExceeded, Some(Unit::Statutory1)));
    zone.files(tyres("10", "80"));
    assert_eq!(used(&zone, "B1"), "80");
}

#[test]
fn what_is_taken_back_changed_or_sent_back_is_left_again() {
    let mut zone = zone();
    zone.accepts(order("B1", cotton("10", "2026-12-31")));
    zone.files(sells("L01", "6"));
    zone.files(withdrawal("L01", 1));
    assert_eq!((used(&zone, "B1"), drawn(&zone, "L01")), ("0".into(), Vec::new()));
    let declared = |of: &str| build::declared(sale("L02", vec![one(1, of)]), "D1");
    zone.files(filed(declared("6")));
    assert_eq!(zone.refuses(change(declared("10.00001"), 1)), Reason::LicenceExceeded);
    assert_eq!(used(&zone, "B1"), "6", "a refused change leaves it as it was");
    zone.files(change(declared("10"), 1));
    assert_eq!(used(&zone, "B1"), "10");
    zone.accepts(Command::ReturnList(ReturnOrder { list_no: list_no("L02"), reason: "papers".into() }));
    assert_eq!(used(&zone, "B1"), "0");
}

#[test]
fn what_a_correction_undoes_or_a_tally_does_not_find_is_left_again() {
    let mut zone = zone();
    zone.accepts(order("B1", cotton("30", "2026-12-31")));
    zone.files(filed(sale("L01", vec![one(1, "6"), one(2, "4")])));
    gated(&mut zone, "P01", "L01");
    let half = LinePart {
        line: 1,
        declared: quantity("2"),
        statutory1: quantity("2"),
        statutory2: None,
        value_usd: quantity("2"),
    };
    zone.files(correction("K1", "L01", world::owner("A1"), std::slice::from_ref(&half)));
    assert_eq!(used(&zone, "B1"), "10", "customs has not decided");
    zone.accepts(decide_correction("K1", true));
    assert_eq!(used(&zone, "B1"), "8");
    zone.files(correction("K2", "L01", world::owner("A1"), &[]));
    zone.accepts(decide_correction("K2", false));
    assert_eq!(used(&zone, "B1"), "8");
    zone.files(correction("K3", "L01", world::owner("A1"), &[]));
    zone.accepts(decide_correction("K3", true));
    assert_eq!((used(&zone, "B1"), drawn(&zone, "L01")), ("0".into(), Vec::new()));

    zone.files(sells("L02", "10"));
    let counted =
        LinePart { declared: quantity("7"), statutory1: quantity("7"), value_usd: quantity("7"), ..half };
    zone.files(Document::Tally(TallyFiling {
        tally_no: TallyNo::new("X1").unwrap(),
        list_no: list_no("L02"),
        counted_at: local("2026-06-02T11:00:00"),
        lines: vec![counted],
    }));
    let accept = ListOrder { list_no: list_no("L02"), order: Order::AcceptTally, reason: "counted".into() };
    zone.accepts(Command::OrderList(accept));
    gated(&mut zone, "P02", "L02");
    assert_eq!((used(&zone, "B1"), drawn(&zone, "L02")), ("7".into(), vec![(1, "B1".into(), "7".into())]));
}

#[test]
fn goods_that_are_declared_after_they_left_need_a_licence_as_well() {
    let mut zone = zone();
    zone.accepts(order("B1", cotton("10", "2026-12-31")));
    let kind = PermitKind::BatchedDelivery;
    zone.files(Document::Permit(permit("F1", kind, "A1", &[(1, goods(1), quantity("50"))])));
    let out = |number: &str, of: &str| {
        let line = slip_line(1, 1, 1, &goods(1), amount(of, of, None));
        let mut filing = slip(number, "F1", Direction::Out);
        filing.lines.push(line);
        Document::Slip(filing)
    };
    for (number, pass_no, of) in [("S1", "P1", "8"), ("S2", "P2", "4")] {
        zone.files(out(number, of));
        zone.files(Document::Pass(slip_pass(pass_no, Direction::Out, number)));
        zone.files(Document::Passage(build::passage(
            pass_no,
            PassageStage::Passed,
            local("2026-06-02T12:00:00"),
        )));
    }
    let consolidated = |slips: &[&str], of: &str| {
        let slips = slips.iter().map(|number| common::papers::slip_no(number)).collect();
        let list = sale("L01", vec![one(1, of)]);
        filed(build::declared(List { kind: "1".into(), slips, ..list }, "D1"))
    };
    assert_eq!(zone.refuses(consolidated(&["S1", "S2"], "12")), Reason::LicenceExceeded);
    zone.files(consolidated(&["S1"], "8"));
    assert_eq!(used(&zone, "B1"), "8");
}

#[test]
fn who_registers_and_who_amends() {
    let mut zone = zone();
    let by = |zone: &mut Zone, who: &str, command: Command| zone.asks(who, command).applied.outcome.verdict;
    assert_eq!(by(&mut zone, "firm", order("B1", cotton("10", "2026-12-31"))), Verdict::Accepted);
    assert_eq!(zone.refusal("firm", order("B1", amend("20", "2026-12-31"))).reason, Reason::PermissionDenied);
    assert_eq!(by(&mut zone, "customs", order("B1", amend("20", "2027-03-31"))), Verdict::Accepted);
    let grant = kept(&zone, "B1").grant;
    assert_eq!((grant.quantity, grant.valid_until), (quantity("20"), day("2027-03-31")));

    zone.files(sells("L01", "15"));
    assert_eq!(reason(&mut zone, order("B1", cotton("10", "2026-12-31"))), Reason::DocumentExists);
    assert_eq!(reason(&mut zone, order("B2", amend("10", "2026-12-31"))), Reason::DocumentUnknown);
    assert_eq!(reason(&mut zone, order("B1", amend("14.99999", "2026-12-31"))), Reason::LicenceExceeded);
    assert_eq!(reason(&mut zone, order("B2", cotton("0", "2026-12-31"))), Reason::InvalidField);
    assert_eq!(reason(&mut zone, order("B2", cotton("1", "2025-12-31"))), Reason::InvalidField);
    // It ends early, with what is used.
    zone.accepts(order("B1", amend("15", "2026-06-01")));
    assert_eq!(zone.refuses(sells("L02", "0.00001")), Reason::LicenceMissing);
}
