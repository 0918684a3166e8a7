//! Enterprises: what is known of them replaces what was, which is kept (`crate::naming`).

use super::work::{Stop, Work};
use crate::party::Party;
use crate::state::{FormerParties, Parties};
use std::sync::Arc;

pub(crate) fn define(work: &mut Work<'_>, party: &Party) -> Result<(), Stop> {
    let number = &party.customs_no;
    if let Some(former) = work.get::<Parties>(number.clone())?.filter(|former| **former != *party) {
        work.put::<FormerParties>((number.clone(), work.head.revision), former);
    }
    work.put::<Parties>(number.clone(), Arc::new(party.clone()));
    Ok(())
}
