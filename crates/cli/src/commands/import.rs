//! `import`: messages in, in the order of their manifest; safe to break off and to repeat.

use crate::arguments::{Clock, Import, Online};
use crate::failure::{Failure, code};
use crate::moment;
use crate::output::{self, Column};
use prost_types::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use zonebook_api::v1;
use zonebook_api::v1::Verdict;
use zonebook_client::Client;
use zonebook_exchange::{manifest, reference};

/// Messages in one call.
const BATCH_MESSAGES: usize = 100;
const BATCH_BYTES: usize = 2 << 20;

/// A message to hand in.
pub struct Delivery {
    pub sequence: u64,
    pub path: PathBuf,
    pub name: String,
    pub ledger_time: Option<Timestamp>,
}

/// What to import: reference data first, then messages in order.
pub struct Plan {
    pub source: String,
    pub reference: Option<PathBuf>,
    pub deliveries: Vec<Delivery>,
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// A folder with a manifest.
pub fn month(folder: &Path, clock: Clock, source: Option<String>) -> Result<Plan, Failure> {
    let manifest_path = folder.join("manifest.csv");
    let rows = manifest::manifest(&manifest_path.display().to_string(), &read(&manifest_path)?)
        .map_err(Failure::usage)?;
    let deliveries = rows.into_iter().map(|row| Delivery {
        sequence: row.seq,
        path: folder.join("messages").join(&row.file),
        name: row.file,
        ledger_time: (clock == Clock::Manifest).then(|| moment::instant(row.arrived_at)),
    });
    let absolute = std::fs::canonicalize(folder)?;
    Ok(Plan {
        source: source.unwrap_or_else(|| name_of(&absolute)),
        reference: Some(folder.join("reference")).filter(|folder| folder.is_dir()),
        deliveries: deliveries.collect(),
    })
}

/// Single files are known by their content: the same bytes again are the same delivery.
fn files(paths: &[PathBuf], clock: Clock, source: Option<String>) -> Result<Plan, Failure> {
    if clock == Clock::Manifest {
        return Err(Failure::usage("--clock manifest needs a folder with a manifest.csv"));
    }
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            for entry in std::fs::read_dir(path)? {
                found.push(entry?.path());
            }
        } else {
            found.push(path.clone());
        }
    }
    found.sort();
    let delivery = |path: PathBuf| {
        let digest: [u8; 32] = Sha256::digest(read(&path)?).into();
        let sequence = digest.first_chunk().copied().map_or(0, u64::from_be_bytes);
        Ok(Delivery { sequence, name: name_of(&path), path, ledger_time: None })
    };
    let deliveries: Result<Vec<Delivery>, Failure> = found.into_iter().map(delivery).collect();
    let source = source.unwrap_or_else(|| "files".into());
    Ok(Plan { source, reference: None, deliveries: deliveries? })
}

fn plan(command: &Import) -> Result<Plan, Failure> {
    match command.paths.as_slice() {
        [folder] if folder.join("manifest.csv").is_file() => {
            month(folder, command.clock, command.source.clone())
        }
        paths => files(paths, command.clock, command.source.clone()),
    }
}

/// Puts zones and enterprises in place.
pub async fn define_reference(client: &Client, folder: &Path, validate_only: bool) -> Result<(), Failure> {
    let zones = folder.join("zones.csv");
    let zones = reference::zones(&zones.display().to_string(), &read(&zones)?).map_err(Failure::usage)?;
    for zone in zones {
        let request = v1::DefineZoneRequest {
            request_id: zonebook_client::request_id(),
            validate_only,
            office: zone.office.to_string(),
            kind: zone.kind.to_string(),
            name_zh: zone.name_zh.to_string(),
            name_en: zone.name_en.to_string(),
        };
        client.define_zone(request).await?;
    }
    let parties = folder.join("enterprises.csv");
    let parties =
        reference::enterprises(&parties.display().to_string(), &read(&parties)?).map_err(Failure::usage)?;
    for party in parties {
        let request = v1::DefinePartyRequest {
            request_id: zonebook_client::request_id(),
            validate_only,
            customs_no: party.customs_no.to_string(),
            credit_code: party.credit_code.to_string(),
            office: party.office.to_string(),
            role: party.role.to_string(),
            name_zh: party.name_zh.to_string(),
            name_en: party.name_en.to_string(),
        };
        client.define_party(request).await?;
    }
    Ok(())
}

/// Hands in messages in order and tells of each outcome.
pub async fn hand_in(
    client: &Client,
    source: &str,
    deliveries: &[Delivery],
    validate_only: bool,
    mut tell: impl FnMut(&Delivery, v1::Outcome),
) -> Result<(), Failure> {
    let mut rest = deliveries;
    while !rest.is_empty() {
        let (mut messages, mut bytes) = (Vec::new(), 0);
        for delivery in rest.iter().take(BATCH_MESSAGES) {
            let content = read(&delivery.path)?;
            bytes += content.len();
            if bytes > BATCH_BYTES && !messages.is_empty() {
                break;
            }
            messages.push(v1::InboundMessage {
                source: source.into(),
                sequence: delivery.sequence,
                name: delivery.name.clone(),
                content,
                ledger_time: delivery.ledger_time,
            });
        }
        let (batch, later) = rest.split_at(messages.len());
        let request = v1::BatchReceiveMessagesRequest { messages, validate_only };
        let answered = client.batch_receive_messages(request).await?;
        if answered.outcomes.len() != batch.len() {
            return Err(Failure::new(code::FAILED, "the server answered fewer messages than were sent"));
        }
        for (delivery, outcome) in batch.iter().zip(answered.outcomes) {
            tell(delivery, outcome);
        }
        rest = later;
    }
    Ok(())
}

/// Counts by outcome and reason.
#[derive(Default)]
pub struct Tally {
    counts: BTreeMap<(&'static str, String), u64>,
    pub repeated: u64,
    unsupported: Vec<String>,
}

impl Tally {
    pub fn add(&mut self, name: &str, outcome: &v1::Outcome) {
        let verdict = match outcome.verdict() {
            Verdict::Accepted => "accepted",
            Verdict::Duplicate => "duplicate",
            Verdict::Refused | Verdict::Unspecified => "refused",
        };
        let reason = outcome.refusal.as_ref().map(|refusal| refusal.reason.clone()).unwrap_or_default();
        if let Some(refusal) = outcome.refusal.as_ref().filter(|refusal| refusal.reason == "UNSUPPORTED") {
            self.unsupported.push(format!("{name}: {}", refusal.text_en));
        }
        self.repeated += u64::from(outcome.repeated_request);
        *self.counts.entry((verdict, reason)).or_default() += 1;
    }

    fn rows(&self) -> Vec<Value> {
        let row = |((verdict, reason), count): (&(&str, String), &u64)| json!({ "outcome": verdict, "reason": reason, "messages": count });
        self.counts.iter().map(row).collect()
    }
}

const TALLY: &[Column<'static>] =
    &[Column("outcome", "/outcome"), Column("reason", "/reason"), Column("messages", "/messages")];

pub async fn run(online: &Online, command: Import) -> Result<(), Failure> {
    let plan = plan(&command)?;
    let client = online.client();
    client.find_leader().await?;
    if let Some(folder) = &plan.reference {
        define_reference(&client, folder, command.dry_run).await?;
    }
    let bar = output::bar(online.quiet, plan.deliveries.len(), "messages");
    let mut tally = Tally::default();
    hand_in(&client, &plan.source, &plan.deliveries, command.dry_run, |delivery, outcome| {
        tally.add(&delivery.name, &outcome);
        bar.inc(1);
    })
    .await?;
    bar.finish_and_clear();
    if !online.quiet {
        for line in &tally.unsupported {
            eprintln!("not supported: {line}");
        }
        if tally.repeated > 0 {
            eprintln!("{} of {} messages had been handed in before", tally.repeated, plan.deliveries.len());
        }
    }
    output::rows(online.output, TALLY, &tally.rows())
}
