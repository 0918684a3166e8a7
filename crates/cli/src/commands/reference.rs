//! `reference`: dated tables of customs.

use super::{all_pages, read_bytes, show_outcome};
use crate::arguments::{Kind, Online, Reference};
use crate::failure::Failure;
use crate::output::{self, Column};
use std::path::Path;
use zonebook_api::v1;
use zonebook_exchange::reference_table;
use zonebook_ledger::limits::REFERENCE_ROWS_MAX;
use zonebook_ledger::reference::{ReferenceEntry, ReferenceKind};

const COMMON: [Column<'static>; 3] =
    [Column("code", "/row/code"), Column("from", "/row/from"), Column("kind", "/row/kind")];
const SOURCE: [Column<'static>; 3] =
    [Column("source", "/source"), Column("line", "/row/line"), Column("imported", "/imported_revision")];

impl Kind {
    fn kind(self) -> ReferenceKind {
        match self {
            Self::Tariff => ReferenceKind::Tariff,
            Self::Exchange => ReferenceKind::Exchange,
            Self::Conversion => ReferenceKind::Conversion,
            Self::Concordance => ReferenceKind::Concordance,
            Self::Currency => ReferenceKind::Currency,
            Self::Country => ReferenceKind::Country,
            Self::Unit => ReferenceKind::Unit,
            Self::Mode => ReferenceKind::Mode,
            Self::RepairProduct => ReferenceKind::RepairProduct,
        }
    }

    fn code(self) -> String {
        self.kind().code().to_owned()
    }

    fn columns(self) -> Vec<Column<'static>> {
        let content: &[Column<'static>] = match self {
            Self::Tariff => &[
                Column("duty", "/row/tariff/duty"),
                Column("vat", "/row/tariff/vat"),
                Column("consumption", "/row/tariff/consumption"),
                Column("unit1", "/row/tariff/unit1"),
                Column("unit2", "/row/tariff/unit2"),
                Column("dangerous", "/row/tariff/dangerous"),
                Column("licence", "/row/tariff/licence"),
            ],
            Self::Exchange => &[Column("cny", "/row/exchange/cny"), Column("usd", "/row/exchange/usd")],
            Self::Conversion => &[Column("factor", "/row/conversion")],
            Self::Concordance => &[Column("to", "/row/concordance/to")],
            Self::Currency | Self::Country | Self::Unit | Self::Mode => &[
                Column("iso", "/row/named/iso"),
                Column("name_zh", "/row/named/name_zh"),
                Column("name_en", "/row/named/name_en"),
            ],
            Self::RepairProduct => &[
                Column("allowed", "/row/repair_product/allowed"),
                Column("batch", "/row/repair_product/batch"),
                Column("name_zh", "/row/repair_product/name_zh"),
            ],
        };
        let all = COMMON.iter().chain(content).chain(&SOURCE);
        all.map(|Column(head, at)| Column(head, at)).collect()
    }
}

pub async fn run(online: &Online, command: Reference) -> Result<(), Failure> {
    let client = online.client();
    match command {
        Reference::Import { kind, file, dry_run } => import(online, kind, &file, dry_run).await,
        Reference::Get { kind, code, on, known_at } => {
            let request =
                v1::GetReferenceRequest { kind: kind.code(), code, on, consistency: None, known_at };
            let found = client.get_reference(request).await?.found.unwrap_or_default();
            output::one(online.output, &kind.columns(), "FoundReference", &found)
        }
        Reference::List { kind, code } => {
            let request = v1::ListReferencesRequest { kind: kind.code(), code, ..Default::default() };
            let found = all_pages!(client, list_references, request, found);
            output::many(online.output, &kind.columns(), "FoundReference", &found)
        }
    }
}

/// Imports a table in parts, each whole or not at all. What went before a part that is refused stays; the same table once
/// more puts the same rows in place.
async fn import(online: &Online, kind: Kind, file: &Path, dry_run: bool) -> Result<(), Failure> {
    let source = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let shown = file.display().to_string();
    let bytes = read_bytes(file)?;
    let rows = reference_table::read(kind.kind(), &shown, &bytes).map_err(Failure::usage)?;
    if rows.is_empty() {
        return Err(Failure::usage(format!("{shown}: no rows")));
    }
    let client = online.client();
    let mut last = None;
    for part in rows.chunks(REFERENCE_ROWS_MAX) {
        let row = |entry: &ReferenceEntry| zonebook_api::reference::row(&entry.key, entry.line, &entry.row);
        let request = v1::ImportReferenceRequest {
            request_id: zonebook_client::request_id(),
            validate_only: dry_run,
            source: source.clone(),
            rows: part.iter().map(row).collect(),
        };
        last = client.import_reference(request).await?.outcome;
    }
    if !online.quiet {
        eprintln!("{} rows", rows.len());
    }
    show_outcome(online, last)
}
