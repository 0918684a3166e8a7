//! How much one command may have (`design.md` 10).

/// Lines of a list or a pass.
pub const LINES_MAX: usize = 1_000;
/// Rows of a book filing; larger filings come in parts.
pub const ROWS_MAX: usize = 4_000;
/// The highest number of an item or row: 19 digits, as the messages have (`domain.md` 2.4).
pub const ITEM_NUMBER_MAX: u64 = 9_999_999_999_999_999_999;
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
/// Lines of all these parcels where they say of which sales they are, which is kept too.
pub const CITED_PARCEL_LINES_MAX: usize = 3_500;
/// Statements of sales of electronic commerce of one message.
pub const STATEMENTS_MAX: usize = 1_000;
/// Rows of one import of reference data; longer tables come in parts.
pub const REFERENCE_ROWS_MAX: usize = ROWS_MAX;
/// Pieces of evidence of one document.
pub const EVIDENCE_MAX: usize = 100;
/// Parts of lines that all decisions on one document may name; what takes the rest of a line is always allowed.
pub const PARTS_MAX: usize = 2_000;
/// Reports of an office elsewhere on the assets of one lease.
pub const OBSERVATIONS_MAX: usize = 1_000;
/// Days that a year of the calendar names.
pub const CALENDAR_DAYS_MAX: usize = 366;
/// Deadlines that one tick writes down.
pub const OVERDUE_MAX: usize = 1_000;
/// Compressed bytes of a message that are kept; larger ones are known by their hash alone.
pub const ORIGINAL_BYTES_MAX: usize = 1 << 20;
/// Orders of customs about one list.
pub const ORDERS_MAX: usize = 100;
/// Corrections of one list.
pub const CORRECTIONS_MAX: usize = 100;
/// Lines of parcels whose list one correction undoes: their goods come back and are reserved again.
pub const CORRECTED_PARCEL_LINES_MAX: usize = 2_500;
/// Lines of all lists that return goods of one list.
pub const RETURNED_SHARES_MAX: usize = 4_000;
/// Who have to count each thing in one round of a count campaign.
pub const COUNTERS_MAX: u64 = 9;
/// Rounds of a count campaign.
pub const COUNT_ROUNDS_MAX: u64 = 99;
/// Count campaigns of one book that are open at a time.
pub const CAMPAIGNS_OPEN_MAX: usize = 100;
/// Import licences of one enterprise for one tariff code that have not ended.
pub const LICENCES_MAX: usize = 100;
/// Lists on one transfer form.
pub const LISTS_OF_FORM_MAX: usize = 1_000;
/// Differences of one part of a report.
pub const DIFFERENCES_MAX: usize = ROWS_MAX;
/// How often somebody else has to see to a difference.
pub const ASSIGNMENTS_MAX: usize = 100;
/// Adjustments that take parts of one difference.
pub const SETTLED_MAX: usize = 1_000;
/// Positions of a book that its cancellation looks through for goods.
pub const CANCELLED_POSITIONS_MAX: usize = KEYS_MAX;
/// Keys that a command touches.
pub const KEYS_MAX: usize = 20_000;

/// Two places, their journal, the item and its part number for each row or line; heads and indexes besides.
const KEYS_PER_LINE: usize = 4;
const _: () = assert!(LINES_MAX * KEYS_PER_LINE * 2 <= KEYS_MAX);
const _: () = assert!(TRANSFERS_MAX * KEYS_PER_LINE + LINES_MAX <= KEYS_MAX);
const _: () = assert!(PARCEL_LINES_MAX * KEYS_PER_LINE + PARCELS_MAX + LINES_MAX <= KEYS_MAX);
/// Itself, the buyer's year, the citation and two indexes for each parcel that says of which sale it is.
const KEYS_PER_CITED_PARCEL: usize = 5;
const _: () = assert!(
    CITED_PARCEL_LINES_MAX * KEYS_PER_LINE + PARCELS_MAX * KEYS_PER_CITED_PARCEL + LINES_MAX <= KEYS_MAX
);
const _: () = assert!(OVERDUE_MAX * KEYS_PER_LINE <= KEYS_MAX);
const _: () = assert!(CORRECTED_PARCEL_LINES_MAX * (KEYS_PER_LINE + 2) + PARCELS_MAX + LINES_MAX <= KEYS_MAX);
const _: () = assert!(ROWS_MAX * (KEYS_PER_LINE + 1) <= KEYS_MAX);
