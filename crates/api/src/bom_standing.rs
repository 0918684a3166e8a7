//! How BOM versions stand: their days, and what customs challenges.

use crate::field::{Field, optional, read, required};
use crate::v1;
use crate::value::{text, timestamp};
use zonebook_ledger::bom::BomKey;
use zonebook_ledger::bom_standing::{
    BomChallenge, BomHold, BomLimit, BomOrder, BomOutcome, BomStanding, BomStep, BomValidity,
};
use zonebook_ledger::code::{BomVersion, BookNo, NoticeNo};
use zonebook_ledger::time::Date;

fn order(wire: Option<&v1::BomVersionName>, step: BomStep, reason: &str) -> Field<BomOrder> {
    let name = required("bom", wire)?;
    let inner = || -> Field<BomOrder> {
        Ok(BomOrder {
            book_no: read("book_no", &name.book_no, BookNo::new)?,
            product: name.product,
            version: read("version", &name.version, BomVersion::new)?,
            step,
            reason: reason.into(),
        })
    };
    inner().map_err(|error| error.within("bom"))
}

/// Days on which a version may be used.
///
/// # Errors
/// Names the field.
pub fn validity(wire: &v1::SetBomValidityRequest) -> Field<BomOrder> {
    let from = optional("valid_from", &wire.valid_from, Date::parse)?;
    let until = optional("valid_until", &wire.valid_until, Date::parse)?;
    order(wire.bom.as_ref(), BomStep::Limit(BomValidity { from, until }), &wire.reason)
}

/// A challenge.
///
/// # Errors
/// Names the field.
pub fn challenge(wire: &v1::ChallengeBomRequest) -> Field<BomOrder> {
    let notice_no = read("notice_no", &wire.notice_no, NoticeNo::new)?;
    order(wire.bom.as_ref(), BomStep::Challenge { notice_no }, &wire.reason)
}

/// The end of a challenge.
///
/// # Errors
/// Names the field.
pub fn settlement(wire: &v1::SettleBomChallengeRequest) -> Field<BomOrder> {
    let successor = optional("replaced_by", &wire.replaced_by, BomVersion::new)?;
    let step = BomStep::Settle {
        notice_no: read("notice_no", &wire.notice_no, NoticeNo::new)?,
        minutes: wire.minutes.as_str().into(),
        outcome: successor.map_or(BomOutcome::Confirmed, BomOutcome::Replaced),
    };
    order(wire.bom.as_ref(), step, &wire.reason)
}

/// How a version stands.
#[must_use]
pub fn version(key: &BomKey, standing: &BomStanding) -> v1::BomVersion {
    let (state, notice_no, replaced_by) = match standing.hold() {
        None => ("FREE", String::new(), String::new()),
        Some(BomHold::Challenged(open)) => ("CHALLENGED", open.notice_no.to_string(), String::new()),
        Some(BomHold::Replaced(last, successor)) => {
            ("REPLACED", last.notice_no.to_string(), successor.to_string())
        }
    };
    let BomValidity { from, until } = standing.validity();
    let limit = |limit: &BomLimit| v1::BomLimit {
        valid_from: text(limit.validity.from.as_ref()),
        valid_until: text(limit.validity.until.as_ref()),
        reason: limit.reason.to_string(),
        revision: limit.taken.revision.0,
        time: Some(timestamp(limit.taken.time)),
    };
    v1::BomVersion {
        product: key.product,
        version: key.version.to_string(),
        valid_from: text(from.as_ref()),
        valid_until: text(until.as_ref()),
        state: state.into(),
        notice_no,
        replaced_by,
        limits: standing.limits.iter().map(limit).collect(),
    }
}

/// The challenges of a version, the oldest first; the open one alone, where that is asked for.
pub fn challenges(key: &BomKey, standing: &BomStanding, open: bool) -> Vec<v1::BomChallenge> {
    let wanted = |one: &&BomChallenge| !open || one.settlement.is_none();
    standing.challenges.iter().filter(wanted).map(|one| shown(key, one)).collect()
}

fn shown(key: &BomKey, challenge: &BomChallenge) -> v1::BomChallenge {
    let open = v1::BomChallenge {
        product: key.product,
        version: key.version.to_string(),
        notice_no: challenge.notice_no.to_string(),
        reason: challenge.reason.to_string(),
        revision: challenge.taken.revision.0,
        time: Some(timestamp(challenge.taken.time)),
        ..v1::BomChallenge::default()
    };
    let Some(settled) = &challenge.settlement else { return open };
    let (outcome, replaced_by) = match &settled.outcome {
        BomOutcome::Confirmed => ("CONFIRMED", String::new()),
        BomOutcome::Replaced(successor) => ("REPLACED", successor.to_string()),
    };
    v1::BomChallenge {
        outcome: outcome.into(),
        replaced_by,
        minutes: settled.minutes.to_string(),
        settled_reason: settled.reason.to_string(),
        settled_revision: settled.taken.revision.0,
        settled_time: Some(timestamp(settled.taken.time)),
        ..open
    }
}
