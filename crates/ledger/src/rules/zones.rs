//! Zones: how they are defined, and how one becomes of another kind (`domain.md` 2.2: all others are being converted to
//! comprehensive bonded zones).

use super::work::{Stop, Work};
use crate::command::ZoneConversion;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::Zones;
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
