//! Snapshots: a folder of files with a manifest, published by rename, checked whenever it is read, sent as frames.

use crate::files::{Scratch, fsync_folder};
use crate::state::{Pinned, Snapshot, SnapshotSource};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use zonebook_codec::envelope::{self, Kind};
use zonebook_codec::plain;

const MANIFEST: &str = "MANIFEST.zonebook";
const UNFINISHED: &str = "unfinished";
/// Durable snapshots that are kept.
const KEPT: usize = 2;
/// Bytes of a file in one frame.
const CHUNK_BYTES: usize = 1 << 20;

/// What a snapshot consists of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Manifest {
    id: String,
    mark: Vec<u8>,
    files: Vec<Listed>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Listed {
    name: String,
    bytes: u64,
    crc32c: u32,
}

/// A piece of a snapshot on its way to another node, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Frame {
    /// The sealed manifest, first.
    Manifest(Vec<u8>),
    /// The next bytes of a file, by its place in the manifest.
    Chunk {
        /// Which file.
        file: u32,
        /// At most one MiB.
        bytes: Vec<u8>,
    },
    /// The whole of a snapshot in memory.
    Memory {
        /// Its identity.
        id: String,
        /// Its mark.
        mark: Vec<u8>,
        /// Its bytes.
        bytes: Vec<u8>,
    },
    /// Nothing follows.
    End,
}

/// A checkpoint that has no manifest yet.
pub(crate) struct Unfinished {
    pub(crate) mark: Bytes,
    pub(crate) unfinished: PathBuf,
    pub(crate) finished: PathBuf,
}

impl Pinned for Unfinished {
    fn finish(self: Box<Self>) -> io::Result<Snapshot> {
        let id = name_of(&self.finished)?;
        let manifest = Manifest { id, mark: self.mark.to_vec(), files: list_files(&self.unfinished)? };
        publish(&manifest, &self.unfinished, &self.finished)
    }
}

fn name_of(path: &Path) -> io::Result<String> {
    let name = path.file_name().and_then(|name| name.to_str());
    name.map(str::to_owned).ok_or_else(|| io::Error::other(format!("{} has no name", path.display())))
}

fn list_files(folder: &Path) -> io::Result<Vec<Listed>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = name_of(&path)?;
        if name != MANIFEST {
            let (bytes, crc32c) = checksum(&path)?;
            files.push(Listed { name, bytes, crc32c });
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

fn checksum(path: &Path) -> io::Result<(u64, u32)> {
    let mut file = File::open(path)?;
    let (mut length, mut crc) = (0, 0);
    let mut buffer = vec![0; CHUNK_BYTES];
    loop {
        let count = file.read(&mut buffer)?;
        let Some(read) = buffer.get(..count).filter(|read| !read.is_empty()) else {
            return Ok((length, crc));
        };
        crc = crc32c::crc32c_append(crc, read);
        length += count as u64;
    }
}

fn publish(manifest: &Manifest, unfinished: &Path, finished: &Path) -> io::Result<Snapshot> {
    let parent = finished.parent().ok_or_else(|| io::Error::other("a snapshot without folder"))?;
    let sealed = envelope::seal(Kind::Manifest, &plain::encode(manifest).map_err(io::Error::other)?);
    File::create(unfinished.join(MANIFEST))?.write_all(&sealed)?;
    for entry in std::fs::read_dir(unfinished)? {
        File::open(entry?.path())?.sync_all()?;
    }
    fsync_folder(unfinished)?;
    std::fs::rename(unfinished, finished)?;
    fsync_folder(parent)?;
    remove_all_but_newest(parent)?;
    Ok(snapshot_of(manifest, finished))
}

fn snapshot_of(manifest: &Manifest, folder: &Path) -> Snapshot {
    Snapshot {
        mark: manifest.mark.clone().into(),
        id: manifest.id.clone(),
        source: SnapshotSource::Directory(folder.into()),
    }
}

/// The folders that hold finished snapshots, oldest first: their names are numbers of fixed width.
fn finished_folders(parent: &Path) -> io::Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(parent)? {
        let path = entry?.path();
        if name_of(&path)?.parse::<u64>().is_ok() {
            folders.push(path);
        }
    }
    folders.sort();
    Ok(folders)
}

/// The folder to write the next snapshot to, and the one to rename it to.
pub(crate) fn next_folders(parent: &Path) -> io::Result<(PathBuf, PathBuf)> {
    let newest = finished_folders(parent)?.pop();
    let number = newest.map(|path| name_of(&path)).transpose()?.and_then(|name| name.parse::<u64>().ok());
    let next = format!("{:020}", number.unwrap_or(0) + 1);
    let unfinished = parent.join(format!("{UNFINISHED}-{next}"));
    if unfinished.exists() {
        std::fs::remove_dir_all(&unfinished)?;
    }
    Ok((unfinished, parent.join(next)))
}

/// Removes what a crash left half written.
pub(crate) fn remove_unfinished(parent: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(parent)? {
        let path = entry?.path();
        if name_of(&path)?.starts_with(UNFINISHED) {
            std::fs::remove_dir_all(path)?;
        }
    }
    Ok(())
}

fn remove_all_but_newest(parent: &Path) -> io::Result<()> {
    let folders = finished_folders(parent)?;
    let surplus = folders.len().saturating_sub(KEPT);
    let mut retired = Vec::with_capacity(surplus);
    for folder in folders.iter().take(surplus) {
        let aside = parent.join(format!("{UNFINISHED}-{}", name_of(folder)?));
        std::fs::rename(folder, &aside)?;
        retired.push(aside);
    }
    // First, and for good: a folder of which a power cut gives some files back must not look like a snapshot.
    fsync_folder(parent)?;
    retired.iter().try_for_each(std::fs::remove_dir_all)
}

fn read_manifest(folder: &Path) -> io::Result<Manifest> {
    let sealed = std::fs::read(folder.join(MANIFEST))?;
    parse_manifest(&sealed)
}

fn parse_manifest(sealed: &[u8]) -> io::Result<Manifest> {
    let manifest: Manifest = plain::decode(envelope::open(Kind::Manifest, sealed).map_err(io::Error::other)?)
        .map_err(io::Error::other)?;
    let plain_name =
        |name: &str| !name.is_empty() && !name.contains(['/', '\\']) && name != "." && name != "..";
    match manifest.files.iter().find(|file| !plain_name(&file.name)) {
        Some(file) => Err(io::Error::other(format!("manifest names {:?}", file.name))),
        None => Ok(manifest),
    }
}

/// The newest finished snapshot.
pub(crate) fn latest(parent: &Path) -> io::Result<Option<Snapshot>> {
    let Some(folder) = finished_folders(parent)?.pop() else { return Ok(None) };
    Ok(Some(snapshot_of(&read_manifest(&folder)?, &folder)))
}

/// The finished snapshots under a folder, oldest first; none where there is no folder.
///
/// # Errors
/// The folder cannot be read.
pub fn finished(parent: &Path) -> io::Result<Vec<PathBuf>> {
    if parent.is_dir() { finished_folders(parent) } else { Ok(Vec::new()) }
}

/// Compares every file of a snapshot with its manifest; gives its mark and how many files there are.
///
/// # Errors
/// A file is damaged, missing or not listed; the text names it.
pub fn check(folder: &Path) -> io::Result<(Bytes, usize)> {
    let named = |error: io::Error| io::Error::other(format!("{}: {error}", folder.join(MANIFEST).display()));
    let manifest = read_manifest(folder).map_err(named)?;
    verify(&manifest, folder)?;
    Ok((manifest.mark.into(), manifest.files.len()))
}

/// Makes a received snapshot this node's newest one, after comparing every file with the manifest.
pub(crate) fn adopt(received: Snapshot, parent: &Path) -> io::Result<PathBuf> {
    let SnapshotSource::Directory(folder) = &received.source else {
        return Err(io::Error::other("a snapshot in memory cannot be installed on disk"));
    };
    let mut manifest = read_manifest(folder)?;
    verify(&manifest, folder)?;
    if folder.parent() == Some(parent) && name_of(folder)?.parse::<u64>().is_ok() {
        return Ok(folder.clone());
    }
    let (unfinished, finished) = next_folders(parent)?;
    std::fs::rename(folder, &unfinished)?;
    manifest.id = name_of(&finished)?;
    publish(&manifest, &unfinished, &finished)?;
    Ok(finished)
}

fn verify(manifest: &Manifest, folder: &Path) -> io::Result<()> {
    for file in &manifest.files {
        let path = folder.join(&file.name);
        let named = |what: String| io::Error::other(format!("snapshot file {}: {what}", path.display()));
        let found = checksum(&path).map_err(|error| named(error.to_string()))?;
        if found != (file.bytes, file.crc32c) {
            return Err(named("damaged, its length or checksum is another one".into()));
        }
    }
    Ok(())
}

/// Puts the files of a snapshot into a new folder. Tables are linked: they never change. The rest is copied.
///
/// # Errors
/// They cannot be read, or the folder cannot be written.
pub fn link_files(snapshot: &Path, target: &Path) -> io::Result<()> {
    if target.exists() {
        std::fs::remove_dir_all(target)?;
    }
    std::fs::create_dir_all(target)?;
    for file in read_manifest(snapshot)?.files {
        let (from, to) = (snapshot.join(&file.name), target.join(&file.name));
        if file.name.ends_with(".sst") {
            std::fs::hard_link(from, to)?;
        } else {
            std::fs::copy(from, &to)?;
            File::open(to)?.sync_all()?;
        }
    }
    fsync_folder(target)
}

/// The frames of a snapshot, in order.
pub struct SnapshotReader {
    pending: Vec<Frame>,
    files: std::vec::IntoIter<(u32, PathBuf)>,
    open: Option<(u32, File)>,
    ended: bool,
}

impl SnapshotReader {
    /// From the first frame on.
    ///
    /// # Errors
    /// The manifest cannot be read.
    pub fn open(snapshot: &Snapshot) -> io::Result<Self> {
        let (pending, files) = match &snapshot.source {
            SnapshotSource::Memory(bytes) => {
                let (id, mark) = (snapshot.id.clone(), snapshot.mark.to_vec());
                (vec![Frame::Memory { id, mark, bytes: bytes.to_vec() }], Vec::new())
            }
            SnapshotSource::Directory(folder) => {
                let manifest = read_manifest(folder)?;
                let paths = manifest.files.iter().map(|file| folder.join(&file.name));
                let sealed = std::fs::read(folder.join(MANIFEST))?;
                (vec![Frame::Manifest(sealed)], (0..).zip(paths).collect())
            }
        };
        Ok(Self { pending, files: files.into_iter(), open: None, ended: false })
    }

    fn next_chunk(&mut self) -> io::Result<Option<Frame>> {
        loop {
            if self.open.is_none() {
                let Some((number, path)) = self.files.next() else { return Ok(None) };
                self.open = Some((number, File::open(path)?));
            }
            let Some((number, file)) = &mut self.open else { return Ok(None) };
            let mut bytes = Vec::new();
            file.take(CHUNK_BYTES as u64).read_to_end(&mut bytes)?;
            if !bytes.is_empty() {
                return Ok(Some(Frame::Chunk { file: *number, bytes }));
            }
            self.open = None;
        }
    }
}

impl Iterator for SnapshotReader {
    type Item = io::Result<Frame>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(frame) = self.pending.pop() {
            return Some(Ok(frame));
        }
        if self.ended {
            return None;
        }
        match self.next_chunk() {
            Ok(Some(frame)) => Some(Ok(frame)),
            Ok(None) => {
                self.ended = true;
                Some(Ok(Frame::End))
            }
            Err(error) => {
                self.ended = true;
                Some(Err(error))
            }
        }
    }
}

/// Takes the frames of a snapshot and checks that they are all of it. What does not come whole is removed: it is sent
/// again, and again would fill the disk.
pub struct SnapshotReceiver {
    /// `None` for snapshots in memory.
    folder: Option<Scratch>,
    manifest: Option<Manifest>,
    open: Option<(u32, File)>,
    memory: Option<Snapshot>,
    ended: bool,
}

impl SnapshotReceiver {
    /// Into a folder that is made anew.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn new(folder: &Path) -> io::Result<Self> {
        let folder = Some(Scratch::new(folder)?);
        Ok(Self { folder, manifest: None, open: None, memory: None, ended: false })
    }

    /// For snapshots in memory only.
    #[must_use]
    pub fn in_memory() -> Self {
        Self { folder: None, manifest: None, open: None, memory: None, ended: false }
    }

    /// Takes the next frame; true when it was the last.
    ///
    /// # Errors
    /// It does not belong here, or cannot be written.
    pub fn accept(&mut self, frame: Frame) -> io::Result<bool> {
        match frame {
            Frame::Memory { id, mark, bytes } => {
                self.memory =
                    Some(Snapshot { mark: mark.into(), id, source: SnapshotSource::Memory(bytes.into()) });
            }
            Frame::Manifest(sealed) => {
                let manifest = parse_manifest(&sealed)?;
                let folder = self.folder()?;
                for file in &manifest.files {
                    File::create(folder.join(&file.name))?;
                }
                File::create(folder.join(MANIFEST))?.write_all(&sealed)?;
                self.manifest = Some(manifest);
            }
            Frame::Chunk { file, bytes } => self.file(file)?.write_all(&bytes)?,
            Frame::End => self.ended = true,
        }
        Ok(self.ended)
    }

    fn folder(&self) -> io::Result<&Path> {
        let folder = self.folder.as_ref().map(Scratch::path);
        folder.ok_or_else(|| io::Error::other("files of a snapshot in memory"))
    }

    fn file(&mut self, number: u32) -> io::Result<&mut File> {
        let unexpected = || io::Error::other(format!("file {number} is not in the manifest"));
        if self.open.as_ref().is_none_or(|(open, _)| *open != number) {
            let manifest = self.manifest.as_ref().ok_or_else(unexpected)?;
            let listed = manifest.files.get(number as usize).ok_or_else(unexpected)?;
            let file = File::options().append(true).open(self.folder()?.join(&listed.name))?;
            self.open = Some((number, file));
        }
        self.open.as_mut().map(|(_, file)| file).ok_or_else(unexpected)
    }

    /// The snapshot, once the last frame is in.
    ///
    /// # Errors
    /// Frames are missing, or a file is damaged.
    pub fn finish(self) -> io::Result<Snapshot> {
        if !self.ended {
            return Err(io::Error::other("the snapshot broke off"));
        }
        if let Some(snapshot) = self.memory {
            return Ok(snapshot);
        }
        let manifest = self.manifest.ok_or_else(|| io::Error::other("a snapshot without manifest"))?;
        let folder = self.folder.ok_or_else(|| io::Error::other("files of a snapshot in memory"))?;
        verify(&manifest, folder.path())?;
        Ok(snapshot_of(&manifest, &folder.kept()))
    }
}
