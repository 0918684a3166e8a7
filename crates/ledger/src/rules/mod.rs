//! What each document does, in the order in which `RULES.md` says it: one file per section.

pub(crate) mod books;
pub(crate) mod gate;
pub(crate) mod guards;
pub(crate) mod intake;
pub(crate) mod lines;
pub(crate) mod lists;
pub(crate) mod orders;
pub(crate) mod posting;
pub(crate) mod release;
pub(crate) mod stock;
pub(crate) mod transfer;
pub(crate) mod work;
