//! Guarantees: never more is drawn than is available, tested in the step that draws (`domain.md` 3.0, A23).

use super::work::{Stop, Work};
use super::{credit, parameters};
use crate::code::{CustomsNo, DocumentNo, GuaranteeNo};
use crate::guarantee::{Guarantee, GuaranteeAction, GuaranteeEntry, GuaranteeMove, GuaranteeOrder};
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{GuaranteeEntries, Guarantees};
use std::sync::Arc;

/// The field of a guarantee's number.
const NUMBER: &str = "dpstLevyBlNo";

/// An order of customs.
pub(crate) fn order(work: &mut Work<'_>, order: &GuaranteeOrder) -> Result<(), Stop> {
    let number = &order.guarantee_no;
    work.document = Some(number.as_str().into());
    if order.cause.is_empty() {
        return Err(Refusal::new(Reason::InvalidField).field("cause", "").expected("why").into());
    }
    let found = work.get::<Guarantees>(number.clone())?;
    let (mut account, step, amount) = match (&order.action, found) {
        (GuaranteeAction::Open { .. }, Some(_)) => {
            return Err(Refusal::new(Reason::DocumentExists).field(NUMBER, number).into());
        }
        (GuaranteeAction::Open { party, office, amount, valid_until }, None) => {
            let account = Guarantee {
                party: party.clone(),
                office: office.clone(),
                valid_until: *valid_until,
                levied: Quantity::ZERO,
                drawn: Quantity::ZERO,
                restored: Quantity::ZERO,
                by_hand: Quantity::ZERO,
                entries: 0,
                opened_time: work.now(),
            };
            (account, GuaranteeMove::Levy, *amount)
        }
        (_, None) => return Err(unknown(number.as_str(), "a guarantee that was opened")),
        (GuaranteeAction::Levy(amount), Some(account)) => ((*account).clone(), GuaranteeMove::Levy, *amount),
        (GuaranteeAction::Draw(amount), Some(account)) => {
            valid(work, number, &account)?;
            let by_hand = account.by_hand.checked_add(*amount).ok_or_else(Stop::overflow)?;
            (Guarantee { by_hand, ..(*account).clone() }, GuaranteeMove::Draw, *amount)
        }
        (GuaranteeAction::Restore(amount), Some(account)) => {
            let by_hand = account.by_hand.checked_sub(*amount).ok_or_else(Stop::overflow)?;
            if by_hand.is_negative() {
                return Err(exceeded(number, *amount, account.by_hand, "what was drawn by hand"));
            }
            (Guarantee { by_hand, ..(*account).clone() }, GuaranteeMove::Restore, *amount)
        }
        (GuaranteeAction::Extend(valid_until), Some(account)) => {
            let account = Guarantee { valid_until: *valid_until, ..(*account).clone() };
            (account, GuaranteeMove::Extend, Quantity::ZERO)
        }
    };
    if step != GuaranteeMove::Extend && !amount.is_positive() {
        return Err(Refusal::new(Reason::InvalidField)
            .field("amount", amount)
            .expected("more than 0")
            .into());
    }
    change(work, number, &mut account, step, amount, order.cause.as_str())
}

fn unknown(named: &str, expected: &str) -> Stop {
    Refusal::new(Reason::GuaranteeUnknown).field(NUMBER, named).expected(expected).document(named).into()
}

fn exceeded(number: &GuaranteeNo, wanted: Quantity, available: Quantity, of: &str) -> Stop {
    let mut refusal = Refusal::new(Reason::GuaranteeExceeded)
        .field("amount", wanted)
        .expected(format!("at most {available}, {of}"))
        .document(number);
    refusal.wanted = Some(wanted);
    refusal.available = Some(available);
    refusal.into()
}

fn valid(work: &Work<'_>, number: &GuaranteeNo, account: &Guarantee) -> Result<(), Stop> {
    let today = work.today();
    if today <= account.valid_until {
        return Ok(());
    }
    Err(Refusal::new(Reason::GuaranteeExpired)
        .field(NUMBER, today)
        .expected(format!("not after {}", account.valid_until))
        .document(number)
        .into())
}

/// Changes an account and adds the entry that says so.
fn change(
    work: &mut Work<'_>,
    number: &GuaranteeNo,
    account: &mut Guarantee,
    step: GuaranteeMove,
    amount: Quantity,
    cause: &str,
) -> Result<(), Stop> {
    let before = account.available().ok_or_else(Stop::overflow)?;
    let sum = match step {
        GuaranteeMove::Levy | GuaranteeMove::Extend => &mut account.levied,
        GuaranteeMove::Draw if amount > before => {
            return Err(exceeded(number, amount, before, "what is available"));
        }
        GuaranteeMove::Draw => &mut account.drawn,
        GuaranteeMove::Restore => &mut account.restored,
    };
    *sum = sum.checked_add(amount).ok_or_else(Stop::overflow)?;
    let after = account.available().ok_or_else(Stop::overflow)?;
    if after.is_negative() || account.restored > account.drawn {
        return Err(Stop::Broken(format!("guarantee {number} would have {after} available")));
    }
    account.entries = account.entries.checked_add(1).ok_or_else(Stop::overflow)?;
    let entry = GuaranteeEntry {
        revision: work.head.revision,
        time: work.now(),
        action: step,
        cause: cause.into(),
        amount,
        before,
        after,
    };
    work.put::<GuaranteeEntries>((number.clone(), account.entries), Arc::new(entry));
    work.put::<Guarantees>(number.clone(), Arc::new(account.clone()));
    Ok(())
}

/// The account of a number that a document names, if there is one.
fn account(work: &Work<'_>, named: &str) -> Result<Option<(GuaranteeNo, Guarantee)>, Stop> {
    let Ok(number) = GuaranteeNo::new(named) else { return Ok(None) };
    Ok(work.get::<Guarantees>(number.clone())?.map(|account| (number, (*account).clone())))
}

/// `GUARANTEE_UNKNOWN`: a document that will draw names an account of its party.
pub(crate) fn account_of(work: &Work<'_>, named: &str, party: &CustomsNo) -> Result<(), Stop> {
    match account(work, named)? {
        Some((_, account)) if account.party == *party => Ok(()),
        Some(_) => Err(unknown(named, &format!("a guarantee of {party}"))),
        None => Err(unknown(named, "a guarantee that was opened")),
    }
}

/// What an enterprise has to secure of a duty at stake, rounded half up.
fn share(work: &Work<'_>, party: &CustomsNo, amount: Quantity) -> Result<Quantity, Stop> {
    let percent = parameters::today(work, credit::level(work, party)?.guarantee_share())?;
    amount.percent(percent).ok_or_else(Stop::overflow)
}

/// Draws a duty at stake, as far as the enterprise has to secure it. A permit that asks for it must name an account.
pub(crate) fn draw(
    work: &mut Work<'_>,
    named: &str,
    party: &CustomsNo,
    amount: Quantity,
    cause: &DocumentNo,
) -> Result<Quantity, Stop> {
    match draw_if_there(work, named, party, amount, cause)? {
        Some(drawn) => Ok(drawn),
        None => Err(unknown(named, "a guarantee that was opened")),
    }
}

/// The same where the number may be of an account that is kept elsewhere: then it is noted only.
pub(crate) fn draw_if_there(
    work: &mut Work<'_>,
    named: &str,
    party: &CustomsNo,
    amount: Quantity,
    cause: &DocumentNo,
) -> Result<Option<Quantity>, Stop> {
    let Some((number, mut account)) = account(work, named)? else { return Ok(None) };
    if account.party != *party {
        return Err(unknown(named, &format!("a guarantee of {party}")));
    }
    let secured = share(work, party, amount)?;
    if secured.is_zero() {
        return Ok(Some(secured));
    }
    valid(work, &number, &account)?;
    change(work, &number, &mut account, GuaranteeMove::Draw, secured, cause.as_str())?;
    Ok(Some(secured))
}

/// Sets free what was drawn for a duty at stake, not more than is still drawn. Gives how much that was.
pub(crate) fn give_back_share(
    work: &mut Work<'_>,
    named: &str,
    party: &CustomsNo,
    (amount, still_drawn): (Quantity, Quantity),
    cause: &DocumentNo,
) -> Result<Quantity, Stop> {
    let free = share(work, party, amount)?.min(still_drawn);
    give_back(work, named, free, cause)?;
    Ok(free)
}

/// Sets an amount free that was drawn before.
pub(crate) fn give_back(
    work: &mut Work<'_>,
    named: &str,
    amount: Quantity,
    cause: &DocumentNo,
) -> Result<(), Stop> {
    if amount.is_zero() {
        return Ok(());
    }
    let Some((number, mut account)) = account(work, named)? else {
        return Err(Stop::Broken(format!("guarantee {named} was drawn on and is not there")));
    };
    change(work, &number, &mut account, GuaranteeMove::Restore, amount, cause.as_str())
}
