//! Zones: how they are defined, how one becomes of another kind (`domain.md` 2.2: all others are being converted to
//! comprehensive bonded zones), and what documents of their books must keep to.

use super::parameters;
use super::work::{Stop, Work};
use crate::book::Book;
use crate::code::OfficeCode;
use crate::command::ZoneConversion;
use crate::document::{List, PermitFiling};
use crate::parameter::Parameter;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{Books, Zones};
use crate::zone::{Conversion, Zone, ZoneKind, ZoneState};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A zone, or new names of it. Once there are books in it, its kind changes by conversion alone.
pub(crate) fn define(work: &mut Work<'_>, zone: &Zone) -> Result<(), Stop> {
    let state = match work.get::<Zones>(zone.office.clone())? {
        None => ZoneState { defined: zone.clone(), conversions: BTreeMap::new(), books: 0 },
        // The history stays: what is defined again is the zone as it became.
        Some(known) if known.last_kind() == zone.kind => {
            let defined = Zone { kind: known.defined.kind, ..zone.clone() };
            ZoneState { defined, ..(*known).clone() }
        }
        Some(known) if known.books == 0 => {
            ZoneState { defined: zone.clone(), conversions: BTreeMap::new(), books: 0 }
        }
        Some(known) => {
            return Err(Refusal::new(Reason::ZoneConversion)
                .field("kind", zone.kind)
                .expected(format!(
                    "{}: books are in the zone, so that its kind changes by conversion alone",
                    known.last_kind()
                ))
                .document(&zone.office)
                .into());
        }
    };
    work.put::<Zones>(zone.office.clone(), Arc::new(state));
    Ok(())
}

/// A zone is of another kind from a day on. Its books stay as they are, with their numbers; what came in before keeps the
/// days of storage of the kind that the zone had.
pub(crate) fn convert(work: &mut Work<'_>, wanted: &ZoneConversion) -> Result<(), Stop> {
    if wanted.reason.is_empty() {
        let expected = "the approval that the conversion rests on";
        return Err(Refusal::new(Reason::InvalidField).field("reason", "").expected(expected).into());
    }
    let Some(known) = work.get::<Zones>(wanted.office.clone())? else {
        return Err(Refusal::new(Reason::ZoneUnknown).field("office", &wanted.office).into());
    };
    let target = ZoneKind::ComprehensiveBonded;
    let refuse = |value: ZoneKind, expected: String| -> Result<(), Stop> {
        let refusal = Refusal::new(Reason::ZoneConversion).field("kind", value).expected(expected);
        Err(refusal.document(&wanted.office).into())
    };
    if wanted.kind != target {
        return refuse(wanted.kind, format!("{target}: zones are converted to no other kind"));
    }
    if known.last_kind() == target {
        return refuse(wanted.kind, format!("a zone that is not of kind {target} yet"));
    }
    let today = work.today();
    if wanted.from <= today {
        return Err(Refusal::new(Reason::InvalidField)
            .field("from", wanted.from)
            .expected(format!("after {today}: what is filed keeps the zone that it was filed in"))
            .into());
    }
    let mut state = (*known).clone();
    let conversion = Conversion { kind: wanted.kind, reason: wanted.reason.clone() };
    state.conversions.insert(wanted.from, conversion);
    work.document = Some(wanted.office.as_str().into());
    work.put::<Zones>(wanted.office.clone(), Arc::new(state));
    Ok(())
}

/// The kind of the zone of a book today, where documents are held against it.
fn kind_asked(work: &Work<'_>, office: &OfficeCode) -> Result<Option<ZoneKind>, Stop> {
    if parameters::today(work, Parameter::ZoneFunctionsCheck)?.is_zero() {
        return Ok(None);
    }
    kind_of(work, office)
}

fn kind_of(work: &Work<'_>, office: &OfficeCode) -> Result<Option<ZoneKind>, Stop> {
    Ok(work.get::<Zones>(office.clone())?.map(|zone| zone.kind_on(work.today())))
}

/// `ZONE_KIND_FORBIDS`: the zone is not for the mode of the list. `ZONE_KIND_MISMATCH`: the list goes by the transport
/// code of another kind of zone; between two zones it may be that of either.
pub(crate) fn fits_list(work: &Work<'_>, book: &Book, list: &List) -> Result<(), Stop> {
    let Some(kind) = kind_asked(work, &book.office)? else { return Ok(()) };
    let rule = kind.rule();
    if rule.forbidden_modes.contains(&list.mode.as_str()) {
        return Err(forbids(
            kind,
            &book.office,
            ("supvModecd", list.mode.as_str()),
            &rule.forbidden_modes.join(", "),
        ));
    }
    if !kind.is_foreign(&list.transport) || is_of_partner(work, list)? {
        return Ok(());
    }
    Err(Refusal::new(Reason::ZoneKindMismatch)
        .field("trspModecd", &list.transport)
        .expected(format!(
            "{}, or a code of no zone; of a transfer that of the other zone too",
            rule.transports.join(", ")
        ))
        .document(format!("{kind} {}", book.office))
        .into())
}

fn is_of_partner(work: &Work<'_>, list: &List) -> Result<bool, Stop> {
    let Some(other) = &list.related_book else { return Ok(false) };
    let Some(other) = work.get::<Books>(other.clone())? else { return Ok(false) };
    let kind = kind_of(work, &other.office)?;
    Ok(kind.is_some_and(|kind| kind.rule().transports.contains(&list.transport.as_str())))
}

/// `ZONE_KIND_FORBIDS`: the zone has no permits of the kind.
pub(crate) fn fits_permit(work: &Work<'_>, book: &Book, filing: &PermitFiling) -> Result<(), Stop> {
    let Some(kind) = kind_asked(work, &book.office)? else { return Ok(()) };
    let forbidden = kind.rule().forbidden_permits;
    if !forbidden.contains(&filing.kind) {
        return Ok(());
    }
    let codes: Vec<&str> = forbidden.iter().map(|kind| kind.code()).collect();
    Err(forbids(kind, &book.office, ("businessTypecd", filing.kind.code()), &codes.join(", ")))
}

fn forbids(kind: ZoneKind, office: &OfficeCode, (field, value): (&str, &str), forbidden: &str) -> Stop {
    Refusal::new(Reason::ZoneKindForbids)
        .field(field, value)
        .expected(format!("none of {forbidden}: {}", kind.rule().says))
        .document(format!("{kind} {office}"))
        .into()
}
