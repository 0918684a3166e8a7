//! How much one command may have (`design.md` 10).

/// Lines of a list or a pass.
pub const LINES_MAX: usize = 1_000;
/// Rows of a book filing; larger filings come in parts.
pub const ROWS_MAX: usize = 4_000;
/// Materials of a BOM version.
pub const MATERIALS_MAX: usize = 1_000;
/// Documents linked to a pass.
pub const LINKED_MAX: usize = 100;
/// Changes of a list whose lines open rows: all of its contents are looked through for the rows that they were given.
pub const CHANGES_MAX: u64 = 100;
/// Lists that one declaration releases.
pub const LISTS_OF_DECLARATION_MAX: usize = 100;
/// Transfers of one document, those of materials by BOM included.
pub const TRANSFERS_MAX: usize = 4_500;
/// Lots of one item that are in one place at a time.
pub const LOTS_MAX: usize = 1_000;
/// Parcels of one message, or that one list gathers.
pub const PARCELS_MAX: usize = 1_000;
/// Lines of all these parcels.
pub const PARCEL_LINES_MAX: usize = 4_000;
/// Keys that a command touches.
pub const KEYS_MAX: usize = 20_000;

/// Two places, their journal, the item and its part number for each row or line; heads and indexes besides.
const KEYS_PER_LINE: usize = 4;
const _: () = assert!(LINES_MAX * KEYS_PER_LINE * 2 <= KEYS_MAX);
const _: () = assert!(TRANSFERS_MAX * KEYS_PER_LINE + LINES_MAX <= KEYS_MAX);
const _: () = assert!(PARCEL_LINES_MAX * KEYS_PER_LINE + PARCELS_MAX + LINES_MAX <= KEYS_MAX);
const _: () = assert!(ROWS_MAX * (KEYS_PER_LINE + 1) <= KEYS_MAX);
