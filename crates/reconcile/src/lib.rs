//! What is in the book beside what is there: pure functions over a view of the ledger.
//!
//! Nothing here writes state, does I/O or knows a clock: the same view gives the same answer, to the byte.
