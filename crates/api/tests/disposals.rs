//! Disposals and adjustments as callers send them become what the ledger takes, and come back as they stand.

use zonebook_api::{adjustment, decision, disposal, v1};
use zonebook_ledger::code::{DecisionNo, LotNo};
use zonebook_ledger::disposal::{
    Adjustment, Approval, Disposal, KeptDecision, KeptDecisionLine, OpenGoods, TaxBasis,
};
use zonebook_ledger::document::{DecisionOutcome, DisposalKind, DisposalStep, EvidenceKind, Execution};
use zonebook_ledger::measure::Measure;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::permission::Principal;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::time::{Date, Instant};

fn goods(line: u64) -> v1::NamedGoods {
    v1::NamedGoods {
        line,
        mark: "I".into(),
        number: 7,
        serial: "SN-1".into(),
        quantity_declared: "12.5".into(),
        quantity_statutory1: "0.00001".into(),
        quantity_statutory2: "3".into(),
        value_usd: "99999999999999999999.99999".into(),
    }
}

fn evidence(kind: &str) -> v1::EvidencePiece {
    v1::EvidencePiece { kind: kind.into(), name: "证明.pdf".into(), sha256: "0f".repeat(32) }
}

fn lots() -> Vec<v1::NamedLot> {
    vec![v1::NamedLot { line: 1, material: None, lot: "QD9/1".into() }]
}

fn application() -> v1::Disposal {
    v1::Disposal {
        disposal_no: "Q99312606150001".into(),
        kind: "LOSS_FORCE_MAJEURE".into(),
        book_no: "T9931W000001".into(),
        owner: "99316B4910".into(),
        declared_at: "2026-06-15 08:30:00".into(),
        event_on: "2026-06-14".into(),
        cause: "台风".into(),
        evidence: vec![evidence("OFFICIAL_PROOF")],
        lines: vec![v1::DisposalLine { goods: Some(goods(1)), dangerous: true }],
        lots: lots(),
    }
}

fn customs_decision() -> v1::CustomsDecision {
    let part = v1::Measure { declared: "2".into(), statutory1: "1".into(), ..v1::Measure::default() };
    let line = |outcome: &str, measure| v1::CustomsDecisionLine {
        line: 1,
        outcome: outcome.into(),
        measure,
        dutiable_value: String::new(),
    };
    v1::CustomsDecision {
        decision_no: "K1".into(),
        decided_on: "2026-06-20".into(),
        rates_on: String::new(),
        lines: vec![line("WRITTEN_OFF", Some(part)), line("RETURNED", None)],
    }
}

fn open() -> OpenGoods {
    OpenGoods { lot: LotNo::new("QD1/3").ok(), serial: None, left: Measure::ZERO }
}

fn kept() -> KeptDecision {
    let tax = TaxBasis { rates_on: Date::parse("2026-06-14").unwrap(), dutiable_value: Quantity::whole(9) };
    let line = |tax| KeptDecisionLine {
        line: 1,
        outcome: DecisionOutcome::Taxed,
        measure: Measure::ZERO,
        partial: false,
        tax,
    };
    KeptDecision {
        decision_no: DecisionNo::new("K1").unwrap(),
        decided_on: Date::parse("2026-06-20").unwrap(),
        by: Principal("customs".into()),
        time: Instant(1_000),
        lines: vec![line(Some(tax)), line(None)],
    }
}

#[test]
fn a_disposal_comes_back_as_it_was_sent() {
    let filed = disposal::filing(Some(&application())).unwrap();
    assert_eq!(filed.kind, DisposalKind::LossForceMajeure);
    assert_eq!(filed.evidence[0].kind, EvidenceKind::OfficialProof);
    assert_eq!(filed.evidence[0].sha256, [0x0f; 32]);
    let executed = v1::ExecuteDisposalRequest {
        disposal_no: "Q1".into(),
        executed_on: "2026-06-18".into(),
        evidence: vec![evidence("VIDEO")],
        residues: vec![v1::DestructionResidue {
            line: 1,
            from_line: 2,
            number: 3,
            tariff_code: "7404000090".into(),
            name: "copper".into(),
            unit: "035".into(),
            quantity_declared: "0.5".into(),
            value_usd: "3".into(),
        }],
        ..v1::ExecuteDisposalRequest::default()
    };
    let DisposalStep::Execute(execution) = disposal::execution(&executed).unwrap().step else { panic!() };
    let Execution { executed_on, .. } = execution;
    assert_eq!(executed_on.to_string(), "2026-06-18");
    let row = Disposal {
        filed,
        state: DocumentState::Approved,
        open: vec![open()],
        levels: 2,
        approvals: vec![Approval { by: Principal("first".into()), time: Instant(0), remark: "ok".into() }],
        approved_until: Date::parse("2026-07-15").ok(),
        execution: Some(execution),
        decisions: vec![kept()],
        end_reason: "".into(),
        filed_time: Instant(0),
        ended_time: None,
    };
    let status = disposal::status(&row);
    assert_eq!(status.disposal, Some(application()));
    assert_eq!((status.state.as_str(), status.levels), ("APPROVED", 2));
    assert_eq!((status.open[0].line, status.open[0].lot.as_str()), (1, "QD1/3"));
    assert_eq!((status.approvals[0].by.as_str(), status.approved_until.as_str()), ("first", "2026-07-15"));
    assert_eq!((status.execution_evidence, status.residues), (executed.evidence, executed.residues));
    let [taxed, other] = status.decisions[0].lines.as_slice() else { panic!() };
    assert_eq!((taxed.rates_on.as_str(), taxed.dutiable_value.as_str()), ("2026-06-14", "9"));
    assert_eq!((other.rates_on.as_str(), other.dutiable_value.as_str()), ("", ""));
}

#[test]
fn a_wrong_field_of_a_disposal_is_named_with_its_path() {
    type Change = fn(&mut v1::Disposal);
    let cases: [(Change, &str); 9] = [
        (|wire| wire.disposal_no.clear(), "disposal.disposal_no"),
        (|wire| wire.kind = "THEFT".into(), "disposal.kind"),
        (|wire| wire.declared_at = "2026-06-31".into(), "disposal.declared_at"),
        (|wire| wire.event_on = "yesterday".into(), "disposal.event_on"),
        (|wire| wire.evidence[0].kind = "RUMOUR".into(), "disposal.evidence[0].kind"),
        (|wire| wire.evidence[0].sha256 = "0f".into(), "disposal.evidence[0].sha256"),
        (|wire| wire.evidence[0].sha256 = "0g".repeat(32), "disposal.evidence[0].sha256"),
        (|wire| wire.lines[0].goods = None, "disposal.lines[0].goods"),
        (
            |wire| wire.lines[0].goods.as_mut().unwrap().quantity_declared = "1,5".into(),
            "disposal.lines[0].goods.quantity_declared",
        ),
    ];
    for (change, field) in cases {
        let mut wire = application();
        change(&mut wire);
        assert_eq!(disposal::filing(Some(&wire)).unwrap_err().field, field);
    }
    assert_eq!(disposal::filing(None).unwrap_err().field, "disposal");
}

#[test]
fn a_part_is_told_from_all_that_is_left() {
    let read = decision::decision(Some(&customs_decision())).unwrap();
    let part = read.lines[0].measure.unwrap();
    assert_eq!((part.declared(), read.lines[1].measure), (Quantity::whole(2), None));
    assert_eq!((read.rates_on, read.lines[0].dutiable_value), (None, None));
    let order = disposal::decided(&v1::DecideDisposalRequest {
        disposal_no: "Q1".into(),
        decision: Some(customs_decision()),
        ..v1::DecideDisposalRequest::default()
    });
    assert_eq!(order.unwrap().step, DisposalStep::Decide(read));
    let mut wrong = customs_decision();
    wrong.lines[1].outcome = "FORGIVEN".into();
    assert_eq!(decision::decision(Some(&wrong)).unwrap_err().field, "decision.lines[1].outcome");
    let mut wrong = customs_decision();
    wrong.lines[0].measure.as_mut().unwrap().statutory1 = "x".into();
    assert_eq!(decision::decision(Some(&wrong)).unwrap_err().field, "decision.lines[0].measure.statutory1");
}

#[test]
fn an_adjustment_comes_back_as_it_was_sent() {
    let line = |difference: &str, difference_no: &str, difference_line| v1::AdjustmentLine {
        difference: difference.into(),
        goods: Some(goods(4)),
        cause: "miscounted".into(),
        difference_no: difference_no.into(),
        difference_line,
    };
    let wire = v1::Adjustment {
        adjustment_no: "J1".into(),
        book_no: "H99312600005".into(),
        owner: "99316B6090".into(),
        verification: 3,
        declared_at: "2026-07-01 08:00:00".into(),
        lines: vec![line("SHORTAGE", "V1", 7), line("SURPLUS", "", 0)],
        lots: lots(),
    };
    let row = Adjustment {
        filed: adjustment::filing(Some(&wire)).unwrap(),
        state: DocumentState::Decided,
        open: vec![open(), open()],
        decisions: vec![kept()],
        filed_time: Instant(0),
        ended_time: Some(Instant(2_000)),
    };
    let status = adjustment::status(&row);
    assert_eq!(status.adjustment.as_ref(), Some(&wire));
    assert_eq!((status.state.as_str(), status.open.len(), status.open[1].line), ("DECIDED", 2, 4));
    let mut wrong = wire;
    wrong.lines[1].difference = "THEFT".into();
    assert_eq!(adjustment::filing(Some(&wrong)).unwrap_err().field, "adjustment.lines[1].difference");
}
