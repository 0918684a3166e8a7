//! What a list answers to besides stock: claimed on acceptance, given back on withdrawal.

use super::work::{Stop, Work};
use super::{bills, direct_exits, parcels, permits, processing, returns, slips, transfer_forms};
use crate::book::Book;
use crate::document::List;
use crate::matrix::Claim;
use crate::movement::{Movement, MovementLine};

/// Checks a claim and makes it.
pub(crate) fn make(
    work: &mut Work<'_>,
    claim: Claim,
    book: &Book,
    list: &List,
    lines: &[MovementLine],
) -> Result<(), Stop> {
    match claim {
        Claim::None => Ok(()),
        Claim::Bill => bills::claim(work, book, list),
        Claim::Slips => slips::consolidate(work, book, list, lines),
        Claim::Permit => permits::sell(work, book, list, lines),
        Claim::Processing => processing::claim(work, book, list, lines),
        Claim::DirectExit => direct_exits::claim(work, list, lines),
        Claim::Parcels => parcels::gather(work, book, list, lines),
        Claim::Original => returns::claim(work, book, list, lines),
        Claim::TransferForm => transfer_forms::claim(work, book, list, lines),
    }
}

/// Gives a claim back (`RULES.md` 5.8).
pub(crate) fn free(
    work: &mut Work<'_>,
    claim: Claim,
    movement: &Movement,
    lines: &[MovementLine],
) -> Result<(), Stop> {
    match claim {
        Claim::None => Ok(()),
        Claim::Bill => bills::free(work, movement, lines),
        Claim::Slips => slips::reopen(work, movement),
        Claim::Permit => permits::unsell(work, movement, lines),
        Claim::Processing => processing::free(work, movement, lines),
        Claim::DirectExit => direct_exits::free(work, movement, lines),
        Claim::Parcels => parcels::release(work, movement),
        Claim::Original => returns::free(work, movement),
        Claim::TransferForm => transfer_forms::free(work, movement),
    }
}
