//! What each document does, in the order in which `RULES.md` says it: one file per section.

pub(crate) mod bills;
pub(crate) mod books;
pub(crate) mod claims;
pub(crate) mod consumption;
pub(crate) mod gate;
pub(crate) mod goods;
pub(crate) mod guards;
pub(crate) mod intake;
pub(crate) mod layers;
pub(crate) mod lines;
pub(crate) mod linked;
pub(crate) mod lists;
pub(crate) mod lots;
pub(crate) mod orders;
pub(crate) mod parameters;
pub(crate) mod parcels;
pub(crate) mod permits;
pub(crate) mod posting;
pub(crate) mod release;
pub(crate) mod slips;
pub(crate) mod stock;
pub(crate) mod sums;
pub(crate) mod transfer;
pub(crate) mod units;
pub(crate) mod verification;
pub(crate) mod work;
