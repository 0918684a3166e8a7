//! Permits, slips and guarantees as callers send them.

use zonebook_api::{document, guarantee, permit, v1};
use zonebook_ledger::credit::CreditLevel;
use zonebook_ledger::document::LeftGround;
use zonebook_ledger::guarantee::GuaranteeAction;

fn sent() -> v1::Permit {
    v1::Permit {
        permit_no: "F01".into(),
        office: "9931".into(),
        kind: "B".into(),
        book_no: "H1".into(),
        owner: "99316B4910".into(),
        valid_until: "2026-12-31".into(),
        declared_at: "2026-06-04 09:00:00".into(),
        guarantee_no: "BZ1".into(),
        guarantee_amount: "1000.5".into(),
        bom: vec![v1::PermitBomLine {
            product_line: 3,
            material_line: 1,
            net: "0.123456789".into(),
            loss: "4".into(),
        }],
        ..v1::Permit::default()
    }
}

#[test]
fn a_change_is_a_permit_with_its_count() {
    let filed = permit::filing(Some(&sent())).unwrap();
    assert_eq!((filed.change_no, filed.guarantee_amount.to_string()), (None, "1000.5".into()));
    assert_eq!(filed.bom[0].net.to_string(), "0.123456789");
    let change =
        |change_no| v1::ChangePermitRequest { change_no, permit: Some(sent()), ..Default::default() };
    let changed = permit::change(&change(2)).unwrap();
    assert_eq!((changed.change_no, changed.permit_no), (Some(2), filed.permit_no));
    assert_eq!(permit::change(&change(0)).unwrap_err().field, "change_no");
    let mut wrong = sent();
    wrong.bom[0].loss = "1E3".into();
    assert_eq!(permit::filing(Some(&wrong)).unwrap_err().field, "permit.bom[0].loss");
}

#[test]
fn a_closing_says_what_stays_outside_and_why() {
    let left = v1::LeftOutside {
        line: 1,
        quantity_declared: "5".into(),
        quantity_statutory1: "5".into(),
        ground: "TAXED".into(),
        reference: "TAX-1".into(),
        ..Default::default()
    };
    let close = |left| v1::ClosePermitRequest {
        permit_no: "F01".into(),
        change_no: 1,
        left: vec![left],
        ..Default::default()
    };
    let closing = permit::closing(&close(left.clone())).unwrap();
    assert_eq!((closing.left[0].ground, closing.left[0].statutory2), (LeftGround::Taxed, None));
    let odd = v1::LeftOutside { ground: "GONE".into(), ..left };
    assert_eq!(permit::closing(&close(odd)).unwrap_err().field, "left[0].ground");
}

#[test]
fn what_is_taken_back_is_named() {
    let void = v1::VoidSlipRequest { slip_no: "S01".into(), change_no: 1, ..Default::default() };
    assert_eq!(permit::slip_void(&void).unwrap().slip_no.as_str(), "S01");
    let nameless = v1::VoidSlipRequest { slip_no: String::new(), ..void };
    assert_eq!(permit::slip_void(&nameless).unwrap_err().field, "slip_no");
    let pass = v1::VoidPassRequest { pass_no: "P01".into(), ..Default::default() };
    assert_eq!(document::pass_void(&pass).unwrap().pass_no.as_str(), "P01");
}

#[test]
fn orders_on_guarantees_have_their_amount_or_day() {
    let open = v1::OpenGuaranteeRequest {
        guarantee_no: "BZ1".into(),
        party: "99316B4910".into(),
        office: "9931".into(),
        amount: "1000000".into(),
        valid_until: "2026-12-31".into(),
        cause: "letter 17".into(),
        ..Default::default()
    };
    let order = guarantee::opening(&open).unwrap();
    assert!(matches!(order.action, GuaranteeAction::Open { amount, .. } if amount.to_string() == "1000000"));
    let late = v1::OpenGuaranteeRequest { valid_until: "soon".into(), ..open };
    assert_eq!(guarantee::opening(&late).unwrap_err().field, "valid_until");
    let draw = v1::DrawGuaranteeRequest {
        guarantee_no: "BZ1".into(),
        amount: "0.1.2".into(),
        cause: "case 4".into(),
        ..Default::default()
    };
    assert_eq!(guarantee::drawing(&draw).unwrap_err().field, "amount");
    let level = v1::SetCreditLevelRequest {
        party: "99316B4910".into(),
        level: "DISCREDITED".into(),
        from: "2026-07-01".into(),
        ..Default::default()
    };
    assert_eq!(guarantee::credit_order(&level).unwrap().level, CreditLevel::Discredited);
    let odd = v1::SetCreditLevelRequest { level: "GOLD".into(), ..level };
    assert_eq!(guarantee::credit_order(&odd).unwrap_err().field, "level");
}
