//! What other regimes ask for, and the closing rule of repair: rule sets over the facts that the ledger keeps anyway, not
//! engines of their own.
//!
//! What came and went is classified by [`crate::flow`], read by [`crate::verification`], counted by [`crate::count`], kept by
//! lot by the ledger. A regime adds its columns, its limits and its days, which are parameters of the ledger.

pub mod annual;
pub mod discharge;
pub mod repair;
pub mod yields;
