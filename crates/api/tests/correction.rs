//! Corrections, tallies and orders: what callers send becomes what the ledger takes, and what is wrong is named.

use zonebook_api::{correction, v1};
use zonebook_ledger::correction::Correction;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::overdraft::{Overdraft, OverdraftGiven};
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::standing::{Conditional, Order, Standing, TallyResult};
use zonebook_ledger::tally::Tally;
use zonebook_ledger::time::Instant;

fn part() -> v1::LinePart {
    v1::LinePart {
        line: 2,
        quantity_declared: "4".into(),
        quantity_statutory1: "34.5".into(),
        quantity_statutory2: String::new(),
        value_usd: "12.25".into(),
    }
}

fn sent() -> v1::Correction {
    v1::Correction {
        correction_no: "GZ1".into(),
        list_no: "QD1".into(),
        owner: "5165960001".into(),
        declared_at: "2026-06-11 08:30:00".into(),
        reason: "wrong item".into(),
        lines: vec![part()],
    }
}

#[test]
fn a_correction_reads_and_comes_back() {
    let filed = correction::filing(Some(&sent())).unwrap();
    assert_eq!(filed.lines[0].statutory2, None);
    let kept = Correction {
        filed,
        state: DocumentState::PrePosted,
        sides: Vec::new(),
        filed_time: Instant(1_000),
        decided_time: None,
        decision: "".into(),
    };
    let reply = correction::status(&kept);
    assert_eq!((reply.filed, reply.state.as_str(), reply.decided_time), (Some(sent()), "PRE_POSTED", None));
}

#[test]
fn a_quantity_that_cannot_be_read_is_named_with_its_line() {
    let wrong = v1::LinePart { quantity_statutory1: "4x".into(), ..part() };
    let error = correction::filing(Some(&v1::Correction { lines: vec![wrong], ..sent() })).unwrap_err();
    assert_eq!(error.field, "correction.lines[0].quantity_statutory1");
    assert_eq!(correction::filing(None).unwrap_err().field, "correction");
}

#[test]
fn a_tally_reads_and_comes_back() {
    let sent = v1::Tally {
        tally_no: "LH1".into(),
        list_no: "QD1".into(),
        counted_at: "2026-06-11 08:30:00".into(),
        lines: vec![part()],
    };
    let filed = correction::tally_filing(Some(&sent)).unwrap();
    assert_eq!(filed.lines[0].declared, Quantity::whole(4));
    let tally =
        Tally { filed, filed_time: Instant(0), short: Vec::new(), decisions: Vec::new(), decided_time: None };
    let reply = correction::tally(&tally, Revision(7));
    assert_eq!(reply.state, "FILED");
    assert_eq!((reply.tally, reply.revision), (Some(sent), 7));
}

#[test]
fn an_order_is_one_that_there_is() {
    let order = |order: &str| {
        correction::order(&v1::OrderMovementRequest {
            list_no: "QD1".into(),
            order: order.into(),
            reason: "inspection".into(),
            ..Default::default()
        })
    };
    for known in Order::ALL {
        assert_eq!(order(known.code()).unwrap().order, *known);
    }
    assert_eq!(order("STOP").unwrap_err().field, "order");
}

#[test]
fn a_standing_says_what_is_in_the_way() {
    let number = zonebook_ledger::code::TallyNo::new("LH1").unwrap();
    let standing = Standing {
        held: Some("inspection".into()),
        conditional: Some(Conditional::Passable),
        tally: Some((number, TallyResult::Differs)),
        ..Standing::default()
    };
    let wire = correction::standing(&standing);
    assert_eq!(wire.obstacles, ["HELD", "INSPECTION", "TALLY"]);
    assert_eq!((wire.held_reason.as_str(), wire.tally_result.as_str()), ("inspection", "DIFFERS"));
}

#[test]
fn an_override_is_said_and_shown() {
    let sent = v1::OverdraftOrder {
        list_no: "QD1".into(),
        book_no: "T1".into(),
        goods: vec![v1::OverdraftLimit { mark: "I".into(), number: 2, quantity_declared: "2.5".into() }],
        valid_until: "2026-06-30".into(),
        reason: "late".into(),
    };
    let order = correction::overdraft_order(Some(&sent)).unwrap();
    assert_eq!(order.goods[0].declared, Quantity::parse("2.5").unwrap());
    let given = OverdraftGiven { order, revision: Revision(7), time: Instant(0) };
    let shown = correction::overdraft(&Overdraft { given: vec![given], taken: Vec::new(), in_force: false });
    assert_eq!((shown.given[0].order.as_ref(), shown.given[0].given_revision), (Some(&sent), 7));
    let mut wrong = sent;
    wrong.goods[0].mark = "X".into();
    assert_eq!(correction::overdraft_order(Some(&wrong)).unwrap_err().field, "order.goods[0].mark");
}

#[test]
fn a_decision_names_its_tally() {
    let decision = v1::CustomsDecision {
        decision_no: "K1".into(),
        decided_on: "2026-06-12".into(),
        rates_on: String::new(),
        lines: vec![v1::CustomsDecisionLine { line: 1, outcome: "TAXED".into(), ..Default::default() }],
    };
    let sent =
        v1::DecideTallyRequest { tally_no: "LH1".into(), decision: Some(decision), ..Default::default() };
    assert_eq!(correction::tally_decided(&sent).unwrap().decision.lines[0].line, 1);
    let unnamed = v1::DecideTallyRequest { tally_no: String::new(), ..sent };
    assert_eq!(correction::tally_decided(&unnamed).unwrap_err().field, "tally_no");
}
