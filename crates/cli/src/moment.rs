//! Times as people write them: in the ledger's zone, which is UTC+08:00.

use crate::failure::Failure;
use prost_types::Timestamp;
use zonebook_api::v1;
use zonebook_api::v1::as_of::Moment;
use zonebook_api::value::timestamp;
use zonebook_ledger::time::{Instant, LocalTime, UtcOffset};

/// The ledger's zone, fixed when the server creates it.
pub const ZONE: UtcOffset = UtcOffset::CHINA;

/// A moment on the ledger's clock.
pub fn local(time: &Timestamp) -> LocalTime {
    ZONE.local(Instant(time.seconds.saturating_mul(1000)))
}

/// The moment at which the ledger's clock shows a time.
pub fn instant(time: LocalTime) -> Timestamp {
    timestamp(ZONE.instant(time))
}

/// A moment: a revision, or a time on the ledger's clock.
pub fn as_of(text: &str) -> Result<v1::AsOf, Failure> {
    let moment = if let Ok(revision) = text.parse::<u64>() {
        Moment::Revision(revision)
    } else {
        let time = LocalTime::parse(text).map_err(|error| {
            Failure::usage(format!("{text}: neither a revision nor a time YYYY-MM-DDThh:mm:ss: {error}"))
        })?;
        Moment::Time(instant(time))
    };
    Ok(v1::AsOf { moment: Some(moment) })
}
