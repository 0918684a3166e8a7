//! How much one command may have (`design.md` 10).

/// Lines of a list or a pass.
pub const LINES_MAX: usize = 1_000;
/// Rows of a book filing; larger filings come in parts.
pub const ROWS_MAX: usize = 4_000;
/// Documents linked to a pass.
pub const LINKED_MAX: usize = 100;
/// Keys that a command touches.
pub const KEYS_MAX: usize = 20_000;

/// Two places, their journal, the item and its part number for each row or line; heads and indexes besides.
const KEYS_PER_LINE: usize = 4;
const _: () = assert!(LINES_MAX * KEYS_PER_LINE * 2 <= KEYS_MAX);
const _: () = assert!(ROWS_MAX * (KEYS_PER_LINE + 1) <= KEYS_MAX);
