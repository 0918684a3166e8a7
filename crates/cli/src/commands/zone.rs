//! `zone`: special supervision zones and their kinds.

use super::{all_pages, show_outcome};
use crate::arguments::{Online, Zone};
use crate::failure::Failure;
use crate::output::{self, Column};
use zonebook_api::v1;

const ZONES: &[Column<'static>] = &[
    Column("office", "/office"),
    Column("kind", "/kind"),
    Column("books", "/books"),
    Column("name_zh", "/name_zh"),
    Column("name_en", "/name_en"),
];

pub async fn run(online: &Online, command: Zone) -> Result<(), Failure> {
    let client = online.client();
    match command {
        Zone::Convert { office, kind, from, reason, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::ConvertZoneRequest { request_id, validate_only, office, kind, from, reason };
            show_outcome(online, client.convert_zone(request).await?.outcome)
        }
        Zone::Get { office } => {
            let found = client.get_zone(v1::GetZoneRequest { office, consistency: None }).await?;
            let zones: Vec<v1::Zone> = found.zone.into_iter().collect();
            output::many(online.output, ZONES, "Zone", &zones)
        }
        Zone::List => {
            let found = all_pages!(client, list_zones, v1::ListZonesRequest::default(), zones);
            output::many(online.output, ZONES, "Zone", &found)
        }
    }
}
