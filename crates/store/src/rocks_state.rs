//! The state in RocksDB: one database per generation, written without a write-ahead log.
//!
//! Rows and the mark of a write go in one batch and are flushed together, so what is on disk is always one consistent
//! point, though it may be an older one: the Raft log is the state's write-ahead log (`design.md` 7). An installed
//! snapshot is the next generation; `CURRENT` names the one in force and is replaced by rename.

use crate::database::{Database, Open, Openness};
use crate::files::{fsync_folder, make_folder, write_whole};
use crate::snapshot;
use crate::state::{Pinned, Snapshot, StateStore, View};
use crate::tables::StateTables;
use crate::view::{RocksView, fault};
use arc_swap::ArcSwap;
use bytes::Bytes;
use parking_lot::Mutex;
use rocksdb::checkpoint::Checkpoint;
use rocksdb::{
    BlockBasedIndexType, BlockBasedOptions, Cache, DBCompressionType, FlushOptions, Options, WriteBatch,
    WriteOptions,
};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use zonebook_codec::{key, row};
use zonebook_ledger::error::Fault;
use zonebook_ledger::state::{Key, Writes};

/// The key of the mark: below every table.
pub(crate) const MARK_KEY: &[u8] = &[0];
/// Rows not yet flushed are at most this many bytes, or this old. The tables in memory are small: each write looks for
/// its place in them, and that is what costs most of a write.
const FLUSH_BYTES: usize = 24 << 20;
const FLUSH_AGE: Duration = Duration::from_secs(30);
/// What flushes and compactions may write in a second where they fall behind; a twentieth of it where they do not.
const BACKGROUND_BYTES_PER_SECOND_MAX: i64 = 128 << 20;
/// A file is not merged for the sake of a view that is gone before it is so old: a day.
const SETTLED_SECONDS: u32 = 86_400;

/// The state of one group.
pub struct RocksState {
    folder: PathBuf,
    database: ArcSwap<Database>,
    cache: Cache,
    flushed: Mutex<Flushed>,
    open: Open,
}

struct Flushed {
    last: Instant,
    bytes: usize,
}

impl RocksState {
    /// Opens or creates the state under a group's folder.
    ///
    /// # Errors
    /// The folder or the database cannot be opened.
    pub fn open(folder: &Path) -> io::Result<Self> {
        make_folder(&folder.join("ledger"))?;
        make_folder(&folder.join("snapshots"))?;
        snapshot::remove_unfinished(&folder.join("snapshots"))?;
        let cache = Cache::new_lru_cache(256 << 20);
        let generation = read_current(folder)?;
        write_current(folder, generation)?;
        remove_other_generations(folder, generation)?;
        let open = Open::default();
        let database = open_generation(folder, generation, &cache, &open)?;
        let flushed = Mutex::new(Flushed { last: Instant::now(), bytes: 0 });
        Ok(Self { folder: folder.into(), database: ArcSwap::from_pointee(database), cache, flushed, open })
    }

    /// Tells when this and its databases are gone.
    #[must_use]
    pub fn openness(&self) -> Openness {
        self.open.openness()
    }

    /// Its tables as they are now, row by row.
    #[must_use]
    pub fn tables(&self) -> StateTables {
        StateTables::new(self.database.load_full())
    }

    /// Begins a flush in the background where it is due. One that fails makes the next write fail.
    fn flush_if_due(&self, written: usize) -> Result<(), Fault> {
        let mut flushed = self.flushed.lock();
        flushed.bytes += written;
        if flushed.bytes < FLUSH_BYTES && flushed.last.elapsed() < FLUSH_AGE {
            return Ok(());
        }
        *flushed = Flushed { last: Instant::now(), bytes: 0 };
        let mut options = FlushOptions::default();
        options.set_wait(false);
        self.database.load().flush_opt(&options).map_err(fault)
    }
}

/// The generation in force. Where none is named there must be none: guessing could bring an old one back, and opening
/// removes all others.
fn read_current(folder: &Path) -> io::Result<u64> {
    let path = folder.join("CURRENT");
    let damaged = |what: &str| io::Error::other(format!("{}: {what}", path.display()));
    let generation = match std::fs::read(&path) {
        Ok(text) => generation_of(&text).ok_or_else(|| damaged("damaged, names no generation"))?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let generations = folder.join("ledger");
            if generations.is_dir() && std::fs::read_dir(generations)?.next().is_some() {
                return Err(damaged("missing, though there is a state"));
            }
            return Ok(1);
        }
        Err(error) => return Err(error),
    };
    if generation > 1 && !generation_folder(folder, generation).is_dir() {
        return Err(damaged(&format!("names generation {generation}, which is not there")));
    }
    Ok(generation)
}

/// The number with its checksum. The former format had the number alone.
fn generation_of(text: &[u8]) -> Option<u64> {
    let line = std::str::from_utf8(text).ok()?.strip_suffix('\n')?;
    let generation = line.split(' ').next()?.parse().ok()?;
    let former = line.bytes().all(|byte| byte.is_ascii_digit());
    (former || current_line(generation).as_bytes() == text).then_some(generation)
}

fn current_line(generation: u64) -> String {
    format!("{generation} {:08x}\n", crc32c::crc32c(&generation.to_le_bytes()))
}

fn write_current(folder: &Path, generation: u64) -> io::Result<()> {
    write_whole(&folder.join("CURRENT"), current_line(generation).as_bytes())
}

fn generation_folder(folder: &Path, generation: u64) -> PathBuf {
    folder.join("ledger").join(generation.to_string())
}

/// What a crash between two generations left behind.
fn remove_other_generations(folder: &Path, generation: u64) -> io::Result<()> {
    for entry in std::fs::read_dir(folder.join("ledger"))? {
        let path = entry?.path();
        if path != generation_folder(folder, generation) {
            std::fs::remove_dir_all(path)?;
        }
    }
    Ok(())
}

fn open_generation(folder: &Path, generation: u64, cache: &Cache, open: &Open) -> io::Result<Database> {
    Database::open(&options(cache)?, &generation_folder(folder, generation), open)
}

/// The state of a group as it lies on disk, opened without changing a byte.
///
/// # Errors
/// There is none, or its database cannot be opened.
pub fn stored_state(folder: &Path) -> io::Result<StateTables> {
    stored_tables(&generation_folder(folder, read_current(folder)?))
}

/// The tables in a folder of RocksDB's files, such as a snapshot, opened without changing a byte.
///
/// # Errors
/// The database cannot be opened.
pub fn stored_tables(folder: &Path) -> io::Result<StateTables> {
    let mut options = options(&Cache::new_lru_cache(64 << 20))?;
    options.create_if_missing(false);
    Ok(StateTables::new(Arc::new(Database::open_read_only(&options, folder)?)))
}

fn options(cache: &Cache) -> io::Result<Options> {
    let mut blocks = BlockBasedOptions::default();
    blocks.set_block_cache(cache);
    blocks.set_bloom_filter(10.0, false);
    // In pieces of a few KiB: whole ones are megabytes each, and too many of them throw each other out of the cache. Each
    // lookup then reads megabytes.
    blocks.set_cache_index_and_filter_blocks(true);
    blocks.set_index_type(BlockBasedIndexType::TwoLevelIndexSearch);
    blocks.set_partition_filters(true);
    blocks.set_pin_top_level_index_and_filter(true);
    blocks.set_pin_l0_filter_and_index_blocks_in_cache(true);
    // The first whose footer carries a checksum too.
    blocks.set_format_version(6);
    // No setter has it. When a view is dropped, files written meanwhile could be merged anew, to forget what it alone could
    // see; long work has its view for minutes, so that at its end all that was merged in them would be merged once more.
    let mut options = Options::default()
        .get_options_from_string(format!("bottommost_file_compaction_delay={SETTLED_SECONDS}"))
        .map_err(io::Error::other)?;
    options.create_if_missing(true);
    options.set_block_based_table_factory(&blocks);
    options.set_atomic_flush(true);
    // Most lookups are for numbers that are not there yet.
    options.set_memtable_prefix_bloom_ratio(0.1);
    options.set_memtable_whole_key_filtering(true);
    options.set_paranoid_checks(true);
    options.set_write_buffer_size(2 * FLUSH_BYTES);
    options.set_max_write_buffer_number(4);
    options.set_max_background_jobs(2);
    // Flushes and compactions write at the rate that they need, evenly: a burst of theirs would hold up every fsync of the
    // log on the same disk.
    options.set_auto_tuned_ratelimiter(BACKGROUND_BYTES_PER_SECOND_MAX, 100_000, 10);
    options.set_bytes_per_sync(1 << 20);
    options.set_compression_type(DBCompressionType::Lz4);
    options.set_bottommost_compression_type(DBCompressionType::Zstd);
    // Window, level, strategy, dictionary: half the time of the default level for nearly its size.
    options.set_bottommost_compression_options(-14, 1, 0, 0, true);
    // Rows are merged less often, and more of them at a time: what is new is found in the caches above.
    options.set_level_zero_file_num_compaction_trigger(8);
    options.set_max_bytes_for_level_base(16 * FLUSH_BYTES as u64);
    options.set_keep_log_file_num(4);
    Ok(options)
}

impl StateStore for RocksState {
    fn mark(&self) -> Result<Option<Bytes>, Fault> {
        Ok(self.database.load().get(MARK_KEY).map_err(fault)?.map(Bytes::from))
    }

    fn view(&self) -> Arc<dyn View> {
        Arc::new(RocksView::of(self.database.load_full()))
    }

    fn prefetch(&self, keys: &[Key]) {
        let database = self.database.load();
        // Only to warm the cache: a failing read is found when the row is needed.
        drop(database.multi_get(keys.iter().map(key::encode)));
    }

    fn write(&self, writes: &Writes, mark: Bytes) -> Result<(), Fault> {
        // In order of key: each is put near the one before it, instead of anywhere in the tables in memory.
        let mut changes: Vec<_> =
            writes.iter().map(|(changed, change)| (key::encode(changed), change)).collect();
        changes.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        let mut batch = WriteBatch::default();
        for (at, change) in changes {
            match change {
                Some(value) => batch.put(at, row::encode(value).map_err(fault)?),
                None => batch.delete(at),
            }
        }
        batch.put(MARK_KEY, mark);
        let bytes = batch.size_in_bytes();
        let mut options = WriteOptions::default();
        options.disable_wal(true);
        self.database.load().write_opt(batch, &options).map_err(fault)?;
        self.flush_if_due(bytes)
    }

    fn flush(&self) -> Result<(), Fault> {
        self.database.load().flush().map_err(fault)?;
        *self.flushed.lock() = Flushed { last: Instant::now(), bytes: 0 };
        Ok(())
    }

    fn pin(&self, mark: Bytes) -> io::Result<Box<dyn Pinned>> {
        self.flush().map_err(io::Error::other)?;
        let (unfinished, finished) = snapshot::next_folders(&self.folder.join("snapshots"))?;
        Checkpoint::new(&***self.database.load())
            .and_then(|checkpoint| checkpoint.create_checkpoint(&unfinished))
            .map_err(io::Error::other)?;
        Ok(Box::new(snapshot::Unfinished { mark, unfinished, finished }))
    }

    fn latest_snapshot(&self) -> io::Result<Option<Snapshot>> {
        snapshot::latest(&self.folder.join("snapshots"))
    }

    fn install(&self, received: Snapshot) -> io::Result<()> {
        let kept = snapshot::adopt(received, &self.folder.join("snapshots"))?;
        let generation = read_current(&self.folder)? + 1;
        let folder = generation_folder(&self.folder, generation);
        snapshot::link_files(&kept, &folder)?;
        fsync_folder(&self.folder.join("ledger"))?;
        let database = open_generation(&self.folder, generation, &self.cache, &self.open)?;
        write_current(&self.folder, generation)?;
        self.database.store(Arc::new(database));
        *self.flushed.lock() = Flushed { last: Instant::now(), bytes: 0 };
        // Views that are still open keep the files of the old generation alive; its folder goes at the next start.
        Ok(())
    }
}
