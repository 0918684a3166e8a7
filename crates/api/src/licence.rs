//! Import licences: as a caller sends them, and as they stand.

use crate::field::{Field, date, quantity, read};
use crate::v1;
use crate::value::{text, timestamp};
use zonebook_ledger::code::{CustomsNo, LicenceNo, TariffCode, UnitCode};
use zonebook_ledger::licence::{
    Licence, LicenceAction, LicenceDraw, LicenceEntry, LicenceGrant, LicenceOrder,
};

/// A new licence.
///
/// # Errors
/// Names the field.
pub fn registration(wire: &v1::RegisterLicenceRequest) -> Field<LicenceOrder> {
    Ok(LicenceOrder {
        licence_no: read("licence_no", &wire.licence_no, LicenceNo::new)?,
        action: LicenceAction::Register(LicenceGrant {
            party: read("party", &wire.party, CustomsNo::new)?,
            tariff_code: read("tariff_code", &wire.tariff_code, TariffCode::new)?,
            unit: read("unit", &wire.unit, UnitCode::new)?,
            quantity: quantity("quantity", &wire.quantity)?,
            valid_from: date("valid_from", &wire.valid_from)?,
            valid_until: date("valid_until", &wire.valid_until)?,
        }),
        cause: wire.cause.as_str().into(),
    })
}

/// Another quantity and last day.
///
/// # Errors
/// Names the field.
pub fn amendment(wire: &v1::AmendLicenceRequest) -> Field<LicenceOrder> {
    Ok(LicenceOrder {
        licence_no: read("licence_no", &wire.licence_no, LicenceNo::new)?,
        action: LicenceAction::Amend {
            quantity: quantity("quantity", &wire.quantity)?,
            valid_until: date("valid_until", &wire.valid_until)?,
        },
        cause: wire.cause.as_str().into(),
    })
}

/// A licence as it stands.
#[must_use]
pub fn licence(number: &LicenceNo, licence: &Licence) -> v1::Licence {
    let grant = &licence.grant;
    v1::Licence {
        licence_no: number.to_string(),
        party: grant.party.to_string(),
        tariff_code: grant.tariff_code.to_string(),
        unit: grant.unit.to_string(),
        quantity: grant.quantity.to_string(),
        used: licence.used.to_string(),
        available: text(licence.available().as_ref()),
        valid_from: grant.valid_from.to_string(),
        valid_until: grant.valid_until.to_string(),
        registered_time: Some(timestamp(licence.registered_time)),
    }
}

/// An entry of a journal.
#[must_use]
pub fn entry(number: u64, entry: &LicenceEntry) -> v1::LicenceEntry {
    v1::LicenceEntry {
        number,
        made_revision: entry.revision.0,
        time: Some(timestamp(entry.time)),
        action: entry.action.to_string(),
        cause: entry.cause.to_string(),
        before: entry.before.to_string(),
        after: entry.after.to_string(),
    }
}

/// What a line of a list draws.
#[must_use]
pub fn draw(draw: &LicenceDraw) -> v1::LicenceDraw {
    v1::LicenceDraw {
        line: draw.line,
        licence_no: draw.licence_no.to_string(),
        unit: draw.unit.to_string(),
        quantity: draw.quantity.to_string(),
    }
}
