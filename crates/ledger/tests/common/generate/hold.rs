//! Holds on permits, slips, passes and parcels, as chance orders them.

use super::scribe::choose;
use super::twist::{Twist, twist};
use super::{Intent, Scribe};
use zonebook_ledger::code::DocumentNo;
use zonebook_ledger::command::Command;
use zonebook_ledger::hold::{DocumentOrder, HeldKind};
use zonebook_ledger::standing::{Conditional, Order};

/// What orders about documents have wrong.
const TWISTS: &[Twist<DocumentOrder>] = &[
    ("no reason", |order| order.reason = " ".into()),
    ("document of nobody", |order| order.number = DocumentNo::new("H99").unwrap()),
    ("number of another kind", |order| order.kind = HeldKind::Parcel),
    ("order for lists", |order| order.order = Order::ForceGate),
    ("permit released before inspection", |order| {
        (order.kind, order.order) = (HeldKind::Permit, Order::ReleaseForPassage);
    }),
];

/// Customs stops a document, or goes on with one that it stopped, which it does more often, so that the trade goes on.
pub fn order(scribe: &Scribe, intent: &Intent) -> Command {
    let [pick, which, how, ..] = intent.picks;
    let documents = documents(scribe);
    let begun: Vec<_> = documents
        .iter()
        .filter(|(kind, number)| {
            let (held, conditional) = scribe.model.shelf.hold_on(*kind, number.as_str());
            held || conditional == Some(Conditional::Passable)
        })
        .cloned()
        .collect();
    let found = match pick % 3 {
        0 => choose(&documents, which),
        _ => choose(&begun, which).or_else(|| choose(&documents, which)),
    };
    let (kind, number) = found.unwrap_or_else(|| (HeldKind::Slip, DocumentNo::new("H98").unwrap()));
    let (held, conditional) = scribe.model.shelf.hold_on(kind, number.as_str());
    let order = match (held, conditional) {
        _ if how.is_multiple_of(16) => Order::ALL[usize::from(how / 16) % Order::ALL.len()],
        (true, _) if how.is_multiple_of(2) => Order::Free,
        (true, _) => Order::ReleaseForPassage,
        (false, Some(Conditional::Passable)) if how % 4 == 1 => Order::InspectionFailed,
        (false, Some(Conditional::Passable)) => Order::InspectionPassed,
        (false, _) => Order::Hold,
    };
    let mut order = DocumentOrder { kind, number, order, reason: "inspection".into() };
    twist(TWISTS, &mut order, intent.twist);
    Command::OrderDocument(order)
}

fn documents(scribe: &Scribe) -> Vec<(HeldKind, DocumentNo)> {
    let shelf = &scribe.model.shelf;
    let permits = shelf.permits.iter().map(|copy| (HeldKind::Permit, (&copy.filing.permit_no).into()));
    let slips = shelf.slips.iter().map(|copy| (HeldKind::Slip, (&copy.filing.slip_no).into()));
    let passes = shelf.passes.iter().map(|copy| (HeldKind::Pass, (&copy.filing.pass_no).into()));
    let parcels = shelf.parcels.iter().map(|copy| (HeldKind::Parcel, (&copy.parcel.parcel_no).into()));
    permits.chain(slips).chain(passes).chain(parcels).collect()
}
