//! What is in the book beside what is there: pure functions over a view of the ledger.
//!
//! Nothing here writes state, does I/O or knows a clock: the same view gives the same answer, to the byte.
//!
//! Where to look: the three-way count in [`count`], how goods are counted and counted again in [`campaign`] and [`recount`],
//! what of a count is recorded in [`difference`],
//! an enterprise's own stock in [`extract`], what came and went and why in [`flow`], the figures of a verification in
//! [`verification`], statements of what moved in [`statement`], the words for it in [`term`], documents that must agree in
//! [`cross_check`], the moment that a report rests on in [`cut`], what other regimes ask for of the same facts in [`regime`].

pub mod campaign;
mod cause;
pub mod count;
pub mod cross_check;
mod crossing;
pub mod cut;
pub mod difference;
pub mod extract;
pub mod flow;
mod lists;
mod lots;
mod origin;
pub mod recount;
pub mod regime;
pub mod statement;
mod sums;
pub mod term;
mod trace;
pub mod verification;

pub use cause::Cause;
