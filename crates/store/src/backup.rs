//! Backups: a folder with the archive and, for each backup, a point that says which files it consists of.
//!
//! ```text
//! <folder>/archive/                     segments, shared by all points; as in a data folder
//! <folder>/points/<point>/              one consistent point
//!     tail.zst                          the entries behind the last segment, in the form of a segment
//!     state/                            the newest snapshot of the node: full backups only
//!     MANIFEST.zonebook                 sealed; the folder is renamed into place when all of it is durable
//! ```
//!
//! An incremental point brings the segments that were sealed since the last one and its own tail; its state is that of the
//! history. A point is there whole or not at all; segments without a point that names them are harmless, and what makes
//! a backup that broke off go on where it was.

use crate::archive::{ArchiveFolder, Range};
use crate::files::{Scratch, fsync_folder, make_folder, sha256_of};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};
use zonebook_codec::envelope::{self, Kind};
use zonebook_codec::plain;

const MANIFEST: &str = "MANIFEST.zonebook";
const POINTS: &str = "points";
const ARCHIVE: &str = "archive";
/// What is not yet a point.
const UNFINISHED: &str = "unfinished";
/// Bytes of a file in one piece.
const PIECE_BYTES: usize = 1 << 20;

/// What a backup holds, and of which moment it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The cluster that it was taken of.
    pub cluster_id: String,
    /// The node that it was taken from.
    pub node_id: u64,
    /// The version of the program that wrote it.
    pub program: String,
    /// The last entry that it includes.
    pub index: u64,
    /// The term of that entry.
    pub term: u64,
    /// The last revision that it includes.
    pub revision: u64,
    /// The digest after it.
    pub digest: [u8; 32],
    /// Record time of that revision: UTC milliseconds.
    pub record_time: i64,
    /// Ledger time of that revision: UTC milliseconds.
    pub ledger_time: i64,
    /// The behaviour in force.
    pub behaviour: u32,
    /// The last entry that the state in it includes; `None` for an incremental one.
    pub state_index: Option<u64>,
    /// The entries behind the last segment, if there are any.
    pub tail: Option<(u64, u64)>,
    /// Every file, with its name within the folder of the backup.
    pub files: Vec<Listed>,
}

/// A file of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Its name within the folder, with `/`.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
}

impl Manifest {
    /// The name of its point.
    #[must_use]
    pub fn point(&self) -> String {
        let kind = if self.state_index.is_some() { "full" } else { "incremental" };
        format!("{:020}-{kind}", self.index)
    }

    /// Its sealed form.
    ///
    /// # Errors
    /// It has none.
    pub fn seal(&self) -> io::Result<Vec<u8>> {
        Ok(envelope::seal(Kind::Backup, &plain::encode(self).map_err(io::Error::other)?))
    }

    /// Of its sealed form.
    ///
    /// # Errors
    /// The bytes are damaged, of a format that is not known, or name files elsewhere.
    pub fn open(sealed: &[u8]) -> io::Result<Self> {
        let invalid = |error| io::Error::new(io::ErrorKind::InvalidData, error);
        let manifest: Self =
            plain::decode(envelope::open(Kind::Backup, sealed).map_err(invalid)?).map_err(invalid)?;
        let within = |name: &str| {
            !name.is_empty() && Path::new(name).components().all(|part| matches!(part, Component::Normal(_)))
        };
        match manifest.files.iter().find(|file| !within(&file.name)) {
            Some(file) => Err(io::Error::other(format!("it names {:?}", file.name))),
            None => Ok(manifest),
        }
    }

    /// The entries behind the last segment.
    #[must_use]
    pub fn tail(&self) -> Option<Range> {
        self.tail.map(|(first, last)| Range { first, last })
    }
}

/// The name of a segment within a backup.
#[must_use]
pub fn segment_name(range: Range) -> String {
    format!("{ARCHIVE}/{}", range.file_name())
}

/// The name of the file of a point within a backup.
#[must_use]
pub fn point_name(point: &str, file: &str) -> String {
    format!("{POINTS}/{point}/{file}")
}

/// A folder of backups.
#[derive(Clone, Debug)]
pub struct BackupFolder(PathBuf);

impl BackupFolder {
    /// One that is looked at or written to.
    #[must_use]
    pub fn at(folder: &Path) -> Self {
        Self(folder.into())
    }

    /// Whether a folder is one.
    #[must_use]
    pub fn is_one(folder: &Path) -> bool {
        folder.join(POINTS).is_dir()
    }

    /// Its segments.
    #[must_use]
    pub fn archive(&self) -> ArchiveFolder {
        ArchiveFolder::existing(&self.0.join(ARCHIVE))
    }

    /// Where a file is.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The finished points, oldest first.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn points(&self) -> io::Result<Vec<String>> {
        let entries = match std::fs::read_dir(self.0.join(POINTS)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut points = Vec::new();
        for entry in entries {
            if let Ok(name) = entry?.file_name().into_string()
                && !name.starts_with(UNFINISHED)
            {
                points.push(name);
            }
        }
        points.sort_unstable();
        Ok(points)
    }

    /// Where the manifest of a point is.
    #[must_use]
    pub fn manifest_path(&self, point: &str) -> PathBuf {
        self.0.join(POINTS).join(point).join(MANIFEST)
    }

    /// The manifest of a point.
    ///
    /// # Errors
    /// It is damaged; the text names the file.
    pub fn manifest(&self, point: &str) -> io::Result<Manifest> {
        let path = self.manifest_path(point);
        let named = |error: io::Error| io::Error::other(format!("manifest {}: {error}", path.display()));
        let manifest = Manifest::open(&std::fs::read(&path).map_err(named)?).map_err(named)?;
        if manifest.point() == point {
            Ok(manifest)
        } else {
            Err(named(io::Error::other(format!("it is that of {}", manifest.point()))))
        }
    }

    /// Compares a file with what the manifest says.
    ///
    /// # Errors
    /// It is missing or another one; the text names it.
    pub fn check(&self, file: &Listed) -> io::Result<()> {
        let path = self.path(&file.name);
        let named = |what: String| io::Error::other(format!("{}: {what}", path.display()));
        let (bytes, sha256) = sha256_of(&path).map_err(|error| named(error.to_string()))?;
        if bytes != file.bytes {
            return Err(named(format!("{bytes} bytes; the manifest says {}", file.bytes)));
        }
        if sha256 != file.sha256 {
            return Err(named("damaged, its SHA-256 is another one than the manifest says".into()));
        }
        Ok(())
    }

    /// Begins to take a backup in: makes what is missing, removes what broke off. Says with which entry what is here
    /// already ends.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn begin(&self) -> io::Result<(Receiver, u64)> {
        make_folder(&self.0.join(POINTS))?;
        let archive = ArchiveFolder::open(&self.0.join(ARCHIVE))?;
        let unfinished = self.0.join(POINTS).join(UNFINISHED);
        if unfinished.exists() {
            std::fs::remove_dir_all(&unfinished)?;
        }
        std::fs::create_dir(&unfinished)?;
        let next = archive.from_the_beginning()?.last().map_or(0, |range| range.last + 1);
        Ok((Receiver { folder: self.clone(), archive, unfinished, open: None }, next))
    }
}

/// A file on its way in.
struct Incoming {
    listed: Listed,
    path: PathBuf,
    file: File,
    hasher: Sha256,
    bytes: u64,
}

/// Takes a backup in, file by file.
pub struct Receiver {
    folder: BackupFolder,
    archive: ArchiveFolder,
    unfinished: PathBuf,
    open: Option<Incoming>,
}

impl Receiver {
    /// A file follows. What came before must be whole.
    ///
    /// # Errors
    /// What came before is not, or the file cannot be made.
    pub fn file(&mut self, listed: Listed) -> io::Result<()> {
        self.close()?;
        let parts: Vec<&str> = listed.name.split('/').collect();
        let path = match *parts.as_slice() {
            [ARCHIVE, name] => self.folder.0.join(ARCHIVE).join(name).with_extension("new"),
            [POINTS, _, name] => self.unfinished.join(name),
            [POINTS, _, folder, name] => self.unfinished.join(folder).join(name),
            _ => return Err(io::Error::other(format!("a backup has no file {:?}", listed.name))),
        };
        if parts.contains(&"..") {
            return Err(io::Error::other(format!("a backup has no file {:?}", listed.name)));
        }
        std::fs::create_dir_all(path.parent().unwrap_or(&self.unfinished))?;
        let file = File::create(&path)?;
        self.open = Some(Incoming { listed, path, file, hasher: Sha256::new(), bytes: 0 });
        Ok(())
    }

    /// The next bytes of the file, with their CRC32C.
    ///
    /// # Errors
    /// They changed on their way, there is no file, or it cannot be written.
    pub fn piece(&mut self, bytes: &[u8], crc32c: u32) -> io::Result<()> {
        let open = self.open.as_mut().ok_or_else(|| io::Error::other("bytes of no file"))?;
        if crc32c::crc32c(bytes) != crc32c {
            let at = open.bytes;
            return Err(io::Error::other(format!(
                "{}: the bytes at {at} changed on the way",
                open.listed.name
            )));
        }
        open.hasher.update(bytes);
        open.bytes += bytes.len() as u64;
        open.file.write_all(bytes)
    }

    fn close(&mut self) -> io::Result<()> {
        let Some(Incoming { listed, path, file, hasher, bytes }) = self.open.take() else { return Ok(()) };
        file.sync_all()?;
        let sha256: String = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        if (bytes, &sha256) != (listed.bytes, &listed.sha256) {
            return Err(io::Error::other(format!("{} came as another file than announced", listed.name)));
        }
        let name = listed.name.rsplit('/').next().unwrap_or_default();
        match Range::of_name(name).filter(|range| segment_name(*range) == listed.name) {
            Some(range) => self.archive.adopt(range, &path),
            None => Ok(()),
        }
    }

    /// All files are in: checks that they are what the manifest lists, and makes the point.
    ///
    /// # Errors
    /// A file is missing or another one, or the point cannot be made.
    pub fn finish(mut self, sealed: &[u8]) -> io::Result<Manifest> {
        self.close()?;
        let manifest = Manifest::open(sealed)?;
        let point = manifest.point();
        if let Some(before) = self.folder.points()?.pop() {
            let before = self.folder.manifest(&before)?;
            if before.cluster_id != manifest.cluster_id {
                let (theirs, ours) = (&before.cluster_id, &manifest.cluster_id);
                return Err(io::Error::other(format!(
                    "this folder has backups of {theirs}; {ours} needs its own"
                )));
            }
        }
        let mine = point_name(&point, "");
        for file in &manifest.files {
            let (found, what) = match file.name.strip_prefix(&mine) {
                Some(rest) => (sha256_of(&self.unfinished.join(rest))?, "came"),
                None => (self.sealed_before(file)?, "is here"),
            };
            if found != (file.bytes, file.sha256.clone()) {
                return Err(io::Error::other(format!(
                    "{} {what} as another file than the manifest lists; `zonebook offline verify` says more",
                    file.name
                )));
            }
        }
        let mut file = File::create(self.unfinished.join(MANIFEST))?;
        file.write_all(sealed)?;
        file.sync_all()?;
        for folder in [self.unfinished.join("state"), self.unfinished.clone()] {
            if folder.is_dir() {
                fsync_folder(&folder)?;
            }
        }
        let points = self.folder.0.join(POINTS);
        let place = points.join(&point);
        if place.exists() {
            // The same moment again: what is there is the same.
            std::fs::remove_dir_all(&self.unfinished)?;
        } else {
            std::fs::rename(&self.unfinished, place)?;
        }
        fsync_folder(&points)?;
        Ok(manifest)
    }

    /// Length and SHA-256 of a segment as they were written down when it came.
    fn sealed_before(&self, file: &Listed) -> io::Result<(u64, String)> {
        let path = self.folder.path(&file.name);
        let name = file.name.rsplit('/').next().and_then(Range::of_name);
        let range = name.ok_or_else(|| io::Error::other(format!("{} is no segment", file.name)))?;
        let bytes = std::fs::metadata(&path)
            .map_err(|error| io::Error::other(format!("{}: {error}", path.display())))?
            .len();
        Ok((bytes, self.archive.sum(range)?))
    }
}

/// A backup on its way out: files that do not change any more, and the manifest that lists them.
pub struct Source {
    /// The manifest.
    pub manifest: Manifest,
    /// The files to send: what is listed, and where it is.
    pub files: Vec<(Listed, PathBuf)>,
    /// What is made for the backup alone, and goes with it.
    pub scratch: Scratch,
}

/// Hands the bytes of a file on, piece by piece, each with its CRC32C.
///
/// # Errors
/// It cannot be read, or who takes the pieces wants no more.
pub fn each_piece(path: &Path, mut take: impl FnMut(Vec<u8>, u32) -> io::Result<()>) -> io::Result<()> {
    let mut file = File::open(path)?;
    loop {
        let mut bytes = Vec::new();
        Read::by_ref(&mut file).take(PIECE_BYTES as u64).read_to_end(&mut bytes)?;
        if bytes.is_empty() {
            return Ok(());
        }
        let crc = crc32c::crc32c(&bytes);
        take(bytes, crc)?;
    }
}

/// Lists a file under a name.
///
/// # Errors
/// It cannot be read.
pub fn listed(name: String, path: &Path) -> io::Result<Listed> {
    let (bytes, sha256) = sha256_of(path)?;
    Ok(Listed { name, bytes, sha256 })
}
