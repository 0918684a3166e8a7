//! `backup`: takes what a running node sends into a folder.

use crate::arguments::{Backup, Online};
use crate::failure::{Failure, code};
use crate::output::{self, Column};
use serde_json::json;
use std::path::Path;
use zonebook_api::v1;
use zonebook_api::v1::backup_response::Part;
use zonebook_server::backup::{BackupFolder, Listed, Manifest, Receiver};

const TAKEN: &[Column<'static>] = &[
    Column("point", "/point"),
    Column("revision", "/revision"),
    Column("index", "/index"),
    Column("digest", "/digest"),
    Column("files", "/files"),
    Column("received", "/received"),
    Column("bytes", "/bytes"),
];

/// A backup on its way in.
struct Incoming {
    receiver: Option<Receiver>,
    manifest: Option<Manifest>,
    files: u64,
    bytes: u64,
    quiet: bool,
}

impl Incoming {
    fn take(&mut self, part: v1::BackupResponse, folder: &Path) -> Result<(), Failure> {
        let failed = |error: std::io::Error| Failure::new(code::FAILED, error);
        let ended = || Failure::new(code::FAILED, "the node sent more behind the manifest");
        match part.part {
            Some(Part::File(v1::BackupFile { name, bytes, sha256 })) => {
                self.files += 1;
                if !self.quiet && self.files.is_multiple_of(100) {
                    eprintln!("{} files, {} MiB", self.files, self.bytes >> 20);
                }
                let listed = Listed { name, bytes, sha256 };
                self.receiver.as_mut().ok_or_else(ended)?.file(listed).map_err(failed)
            }
            Some(Part::Piece(v1::BackupPiece { bytes, crc32c })) => {
                self.bytes += bytes.len() as u64;
                self.receiver.as_mut().ok_or_else(ended)?.piece(&bytes, crc32c).map_err(failed)
            }
            Some(Part::Manifest(sealed)) => {
                let receiver = self.receiver.take().ok_or_else(ended)?;
                let named = |error| Failure::new(code::FAILED, format!("{}: {error}", folder.display()));
                self.manifest = Some(receiver.finish(&sealed).map_err(named)?);
                Ok(())
            }
            None => Err(Failure::new(code::FAILED, "the node sends parts that this version does not know")),
        }
    }
}

pub async fn run(online: &Online, command: Backup) -> Result<(), Failure> {
    let folder = BackupFolder::at(&command.to);
    let at = |error: std::io::Error| Failure::new(code::FAILED, format!("{}: {error}", command.to.display()));
    if command.incremental && folder.points().map_err(at)?.iter().all(|point| !point.ends_with("-full")) {
        let to = command.to.display();
        return Err(Failure::usage(format!(
            "{to} has no full backup yet: take one without --incremental first"
        )));
    }
    let (receiver, next_index) = folder.begin().map_err(at)?;
    let mut incoming =
        Incoming { receiver: Some(receiver), manifest: None, files: 0, bytes: 0, quiet: online.quiet };
    let request = v1::BackupRequest { next_index, incremental: command.incremental };
    online.client().receive_backup(request, |part| incoming.take(part, &command.to)).await?;
    let manifest = incoming.manifest.ok_or_else(|| {
        let text = "the backup broke off; the same command again goes on with what is missing";
        Failure::new(code::UNAVAILABLE, text)
    })?;
    let row = json!({
        "point": manifest.point(),
        "cluster": manifest.cluster_id,
        "node": manifest.node_id,
        "revision": manifest.revision,
        "index": manifest.index,
        "term": manifest.term,
        "digest": manifest.digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>(),
        "behaviour": manifest.behaviour,
        "files": manifest.files.len(),
        "received": incoming.files,
        "bytes": incoming.bytes,
    });
    output::rows(online.output, TAKEN, &[row])
}
