//! The standing of BOM versions: what callers send becomes what the ledger takes, and what is wrong is named.

use zonebook_api::{bom_standing, v1};
use zonebook_ledger::bom_standing::{
    BomChallenge, BomLimit, BomOutcome, BomSettlement, BomStanding, BomStep, BomValidity, Taken,
};
use zonebook_ledger::code::{BomVersion, NoticeNo};
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::time::{Date, Instant};

fn name() -> Option<v1::BomVersionName> {
    Some(v1::BomVersionName { book_no: "H1".into(), product: 3, version: "V1".into() })
}

fn settle(replaced_by: &str) -> v1::SettleBomChallengeRequest {
    v1::SettleBomChallengeRequest {
        bom: name(),
        notice_no: "N1".into(),
        minutes: "M1".into(),
        replaced_by: replaced_by.into(),
        reason: "measured".into(),
        ..Default::default()
    }
}

#[test]
fn days_that_are_not_said_are_no_bounds() {
    let wire =
        v1::SetBomValidityRequest { bom: name(), valid_until: "2026-06-30".into(), ..Default::default() };
    let order = bom_standing::validity(&wire).unwrap();
    assert_eq!((order.book_no.as_str(), order.product, order.version.as_str()), ("H1", 3, "V1"));
    let until = Some(Date::parse("2026-06-30").unwrap());
    assert_eq!(order.step, BomStep::Limit(BomValidity { from: None, until }));
    let wrong = v1::SetBomValidityRequest { valid_from: "June".into(), ..wire };
    assert_eq!(bom_standing::validity(&wrong).unwrap_err().field, "valid_from");
}

#[test]
fn a_challenge_is_settled_with_or_without_a_successor() {
    let outcome = |replaced_by: &str| match bom_standing::settlement(&settle(replaced_by)).unwrap().step {
        BomStep::Settle { outcome, .. } => outcome,
        other => panic!("{other:?}"),
    };
    assert_eq!(outcome(""), BomOutcome::Confirmed);
    assert_eq!(outcome("V2"), BomOutcome::Replaced(BomVersion::new("V2").unwrap()));
    let nameless = v1::SettleBomChallengeRequest { bom: None, ..settle("") };
    assert_eq!(bom_standing::settlement(&nameless).unwrap_err().field, "bom");
    let wire = v1::ChallengeBomRequest { bom: name(), ..Default::default() };
    assert_eq!(bom_standing::challenge(&wire).unwrap_err().field, "notice_no");
    let unnamed = Some(v1::BomVersionName { version: String::new(), ..name().unwrap() });
    let wire = v1::ChallengeBomRequest { bom: unnamed, notice_no: "N1".into(), ..Default::default() };
    assert_eq!(bom_standing::challenge(&wire).unwrap_err().field, "bom.version");
}

#[test]
fn a_version_is_shown_with_its_days_and_its_challenges() {
    let taken = |revision| Taken { revision: Revision(revision), time: Instant(1_000) };
    let key = bom_standing::settlement(&settle("")).unwrap().key();
    let mut standing = BomStanding::default();
    assert_eq!(bom_standing::version(&key, &standing).state, "FREE");
    let validity = BomValidity { from: Some(Date::parse("2026-06-01").unwrap()), until: None };
    standing.limits.push(BomLimit { validity, reason: "season".into(), taken: taken(4) });
    standing.challenges.push(BomChallenge {
        notice_no: NoticeNo::new("N1").unwrap(),
        reason: "loss".into(),
        taken: taken(5),
        settlement: None,
    });
    let shown = bom_standing::version(&key, &standing);
    assert_eq!((shown.state.as_str(), shown.notice_no.as_str()), ("CHALLENGED", "N1"));
    assert_eq!((shown.valid_from.as_str(), shown.valid_until.as_str()), ("2026-06-01", ""));
    assert_eq!((shown.limits[0].reason.as_str(), shown.limits[0].revision), ("season", 4));
    assert_eq!(bom_standing::challenges(&key, &standing, true).len(), 1);

    standing.challenges[0].settlement = Some(BomSettlement {
        outcome: BomOutcome::Replaced(BomVersion::new("V2").unwrap()),
        minutes: "M1".into(),
        reason: "measured".into(),
        taken: taken(6),
    });
    let shown = bom_standing::version(&key, &standing);
    assert_eq!((shown.state.as_str(), shown.replaced_by.as_str()), ("REPLACED", "V2"));
    assert!(bom_standing::challenges(&key, &standing, true).is_empty());
    let [challenge] = &bom_standing::challenges(&key, &standing, false)[..] else { panic!("there is one") };
    assert_eq!((challenge.outcome.as_str(), challenge.minutes.as_str()), ("REPLACED", "M1"));
    assert_eq!((challenge.reason.as_str(), challenge.settled_revision), ("loss", 6));
}
