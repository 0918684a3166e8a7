//! `zone` and `party`: special supervision zones and their kinds, enterprises.

use super::{all_pages, show_outcome};
use crate::arguments::{Online, Party, Zone};
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

const ZONE: &[Column<'static>] = &[
    Column("office", "/office"),
    Column("kind", "/kind"),
    Column("books", "/books"),
    Column("name_zh", "/name_zh"),
    Column("name_en", "/name_en"),
    Column("no_books", "/functions/forbidden_books"),
    Column("no_usages", "/functions/forbidden_usages"),
    Column("no_modes", "/functions/forbidden_modes"),
    Column("no_permits", "/functions/forbidden_permits"),
    Column("transports", "/functions/transports"),
    Column("refund", "/functions/refund"),
    Column("says", "/functions/says"),
];

const PARTIES: &[Column<'static>] = &[
    Column("customs_no", "/customs_no"),
    Column("credit_code", "/credit_code"),
    Column("office", "/office"),
    Column("role", "/role"),
    Column("name_zh", "/name_zh"),
    Column("name_en", "/name_en"),
];

pub async fn party(online: &Online, command: Party) -> Result<(), Failure> {
    let client = online.client();
    match command {
        Party::Define { customs_no, credit_code, office, role, name_zh, name_en, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::DefinePartyRequest {
                request_id,
                validate_only,
                customs_no,
                credit_code,
                office,
                role,
                name_zh,
                name_en,
            };
            show_outcome(online, client.define_party(request).await?.outcome)
        }
        Party::Get { customs_no } => {
            let found = client.get_party(v1::GetPartyRequest { customs_no, consistency: None }).await?;
            output::one(online.output, PARTIES, "Party", &found.party.unwrap_or_default())
        }
        Party::List => {
            let found = all_pages!(client, list_parties, v1::ListPartiesRequest::default(), parties);
            output::many(online.output, PARTIES, "Party", &found)
        }
    }
}

pub async fn run(online: &Online, command: Zone) -> Result<(), Failure> {
    let client = online.client();
    match command {
        Zone::Define { office, kind, name_zh, name_en, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::DefineZoneRequest { request_id, validate_only, office, kind, name_zh, name_en };
            show_outcome(online, client.define_zone(request).await?.outcome)
        }
        Zone::Convert { office, kind, from, reason, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::ConvertZoneRequest { request_id, validate_only, office, kind, from, reason };
            show_outcome(online, client.convert_zone(request).await?.outcome)
        }
        Zone::Get { office } => {
            let found = client.get_zone(v1::GetZoneRequest { office, consistency: None }).await?;
            let zones: Vec<v1::Zone> = found.zone.into_iter().collect();
            output::many(online.output, ZONE, "Zone", &zones)
        }
        Zone::List => {
            let found = all_pages!(client, list_zones, v1::ListZonesRequest::default(), zones);
            output::many(online.output, ZONES, "Zone", &found)
        }
    }
}
