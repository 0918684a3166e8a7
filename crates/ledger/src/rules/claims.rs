//! What a list answers to besides stock: claimed on acceptance, given back on withdrawal.

use super::work::{Stop, Work};
use super::{
    bills, direct_exits, exchange, parcels, permits, processing, returns, shares, slips, transfer_forms,
};
use crate::book::Book;
use crate::document::List;
use crate::matrix::Claim;
use crate::movement::{Movement, MovementLine};
use crate::state::{Exchanged, ReturnedBy};

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
        Claim::Exchange => exchange::claim(work, list, lines),
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
        Claim::Original => shares::free::<ReturnedBy>(work, movement.original.as_ref(), &movement.list_no),
        Claim::Exchange => {
            shares::free::<Exchanged>(work, movement.exchanged_list.as_ref(), &movement.list_no)
        }
        Claim::TransferForm => transfer_forms::free(work, movement),
    }
}

/// Gives back what parts of lines took, where a claim can be parted: of what a correction undoes, or was not shipped.
pub(crate) fn give_back_parts(
    work: &mut Work<'_>,
    claim: Claim,
    movement: &Movement,
    parts: &[MovementLine],
) -> Result<(), Stop> {
    let by = &movement.list_no;
    match claim {
        Claim::Original => shares::give_back::<ReturnedBy>(work, movement.original.as_ref(), by, parts),
        Claim::Exchange => exchange::give_back_parts(work, movement, parts),
        Claim::TransferForm => transfer_forms::give_back_parts(work, movement, parts),
        Claim::None
        | Claim::Bill
        | Claim::Slips
        | Claim::Permit
        | Claim::Processing
        | Claim::DirectExit
        | Claim::Parcels => Ok(()),
    }
}
