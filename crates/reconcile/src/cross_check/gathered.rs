//! Slips and the lists that declare them, parcels and the lists that gather them: each names the other, their states go
//! together, and the lines of the list are the sums of what it names.

use super::transfers::counts;
use super::{Asking, Break, Check, Judge, Walked, number, walk};
use compact_str::{CompactString, format_compact};
use std::collections::{BTreeMap, BTreeSet};
use zonebook_ledger::code::{ListNo, ParcelNo, SlipNo};
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::error::Fault;
use zonebook_ledger::matrix::MatrixRow;
use zonebook_ledger::measure::{Measure, Unit};
use zonebook_ledger::movement::{DocumentState, Gathered, Movement};
use zonebook_ledger::parcel::Parcel;
use zonebook_ledger::permit::Slip;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::state::{GatheredBy, Lines, Movements, Parcels, Slips, UndoneLines, get};

pub(super) fn slips(asking: &Asking<'_>, after: &str, count_max: usize) -> Result<Walked, Fault> {
    let of_slip = |slip_no: &SlipNo, slip: &Slip| judge_slip(asking, slip_no, slip);
    walk!(asking, Slips, Slip(SlipNo), after, count_max, of_slip)
}

pub(super) fn parcels(asking: &Asking<'_>, after: &str, count_max: usize) -> Result<Walked, Fault> {
    let of_parcel = |parcel_no: &ParcelNo, parcel: &Parcel| judge_parcel(asking, parcel_no, parcel);
    walk!(asking, Parcels, Parcel(ParcelNo), after, count_max, of_parcel)
}

pub(super) fn slips_of_lists(asking: &Asking<'_>, after: &str, count_max: usize) -> Result<Walked, Fault> {
    let of_list = |list_no: &ListNo, gathered: &Gathered| judge_list(asking, Check::Slips, list_no, gathered);
    walk!(asking, GatheredBy, Gathered(ListNo), after, count_max, of_list)
}

pub(super) fn parcels_of_lists(asking: &Asking<'_>, after: &str, count_max: usize) -> Result<Walked, Fault> {
    let of_list =
        |list_no: &ListNo, gathered: &Gathered| judge_list(asking, Check::Parcels, list_no, gathered);
    walk!(asking, GatheredBy, Gathered(ListNo), after, count_max, of_list)
}

fn judge_slip(asking: &Asking<'_>, slip_no: &SlipNo, slip: &Slip) -> Result<Vec<Break>, Fault> {
    if !asking.wants(&slip.book_no)? {
        return Ok(Vec::new());
    }
    let since = slip.posted_time.unwrap_or(slip.approved_time);
    let mut judge = Judge::new(asking, Check::Slips, slip_no, Some(&slip.book_no), since);
    let declared = slip.state == DocumentState::Consolidated;
    let names = |gathered: &Gathered| gathered.slips.contains(slip_no);
    match &slip.list_no {
        None if declared => judge.broken("", "list", "one that declares it", "none"),
        None if slip.row == MatrixRow::BatchOut && slip.state == DocumentState::Passed => {
            // What came back as a whole need not be declared.
            let left = slip.lines.iter().any(|line| line.returned.declared() != line.filed.declared);
            if left && slip.direction == Direction::Out {
                judge.waits(asking.day(since), "list", "one that declares it", "none");
            }
        }
        None => {}
        Some(list_no) => {
            judge.same(list_no, "state", DocumentState::Consolidated, slip.state);
            named_back(asking, &mut judge, list_no, names)?;
        }
    }
    Ok(judge.breaks)
}

fn judge_parcel(asking: &Asking<'_>, parcel_no: &ParcelNo, parcel: &Parcel) -> Result<Vec<Break>, Fault> {
    if !asking.wants(&parcel.book_no)? {
        return Ok(Vec::new());
    }
    let mut judge =
        Judge::new(asking, Check::Parcels, parcel_no, Some(&parcel.book_no), parcel.reserved_time);
    let names = |gathered: &Gathered| gathered.parcels.contains(parcel_no);
    match (&parcel.list_no, parcel.state) {
        (None, DocumentState::Reserved) => {
            judge.waits(asking.day(parcel.reserved_time), "list", "one that gathers it", "none");
        }
        (None, DocumentState::Cancelled) => {}
        (None, _) => judge.broken("", "list", "one that gathers it", "none"),
        (Some(list_no), state) => {
            if let Some(list) = named_back(asking, &mut judge, list_no, names)? {
                let posted = matches!(list.state, DocumentState::Posted | DocumentState::Verified);
                let expected = if posted { DocumentState::Delivered } else { DocumentState::Listed };
                judge.same(list_no, "state", expected, state);
            }
        }
    }
    Ok(judge.breaks)
}

/// The list that a document names is there, counts, and names the document.
fn named_back(
    asking: &Asking<'_>,
    judge: &mut Judge<'_>,
    list_no: &ListNo,
    names: impl Fn(&Gathered) -> bool,
) -> Result<Option<std::sync::Arc<Movement>>, Fault> {
    let list = get::<Movements>(asking.state, list_no.clone())?;
    let found = list.as_ref().map_or("none", |list| list.state.code());
    if !list.as_ref().is_some_and(|list| counts(list.state)) {
        judge.broken(list_no, "state of the list", "one that counts", found);
    }
    let gathered = get::<GatheredBy>(asking.state, list_no.clone())?.unwrap_or_default();
    judge.same(list_no, "named by the list", true, names(&gathered));
    Ok(list)
}

/// The quantities of each item.
type Sums = BTreeMap<(Mark, u64), Measure>;

fn add(
    sums: &mut Sums,
    item: (Mark, u64),
    declared: Quantity,
    statutory1: Quantity,
    statutory2: Option<Quantity>,
) {
    let measure = Measure::new(declared, statutory1, statutory2.unwrap_or_default(), Quantity::ZERO);
    let sum = sums.entry(item).or_default();
    *sum = sum.checked_add(&measure).unwrap_or_default();
}

fn judge_list(
    asking: &Asking<'_>,
    check: Check,
    list_no: &ListNo,
    gathered: &Gathered,
) -> Result<Vec<Break>, Fault> {
    let none = match check {
        Check::Slips => gathered.slips.is_empty(),
        _ => gathered.parcels.is_empty(),
    };
    let list = get::<Movements>(asking.state, list_no.clone())?.filter(|list| !none && counts(list.state));
    let Some(list) = list else { return Ok(Vec::new()) };
    // What a correction took back of it may be on another list by now.
    let corrected = get::<UndoneLines>(asking.state, list_no.clone())?.is_some();
    if corrected || !asking.wants(&list.book_no)? {
        return Ok(Vec::new());
    }
    let mut judge = Judge::new(asking, check, list_no, Some(&list.book_no), list.prevd_time);
    let named = match check {
        Check::Slips => slips_named(asking, &mut judge, list_no, &gathered.slips)?,
        _ => parcels_named(asking, &mut judge, list_no, &gathered.parcels)?,
    };
    let lines = get::<Lines>(asking.state, (list_no.clone(), list.content_version))?.unwrap_or_default();
    let mut listed = Sums::new();
    for line in lines.iter().map(|line| &line.filed) {
        add(&mut listed, (list.mark, line.number), line.declared, line.statutory1, line.statutory2);
    }
    let items: BTreeSet<(Mark, u64)> = listed.keys().chain(named.keys()).copied().collect();
    for item in items {
        let of = |sums: &Sums| sums.get(&item).copied().unwrap_or_default();
        let (expected, found) = (of(&named), of(&listed));
        for unit in Unit::QUANTITIES {
            let what = format_compact!("item {} {} {unit}", item.0, item.1);
            judge.same("", what, expected.get(unit), found.get(unit));
        }
    }
    Ok(judge.breaks)
}

fn slips_named(
    asking: &Asking<'_>,
    judge: &mut Judge<'_>,
    list_no: &ListNo,
    numbers: &[SlipNo],
) -> Result<Sums, Fault> {
    let mut sums = Sums::new();
    for number in numbers {
        let slip = get::<Slips>(asking.state, number.clone())?;
        let names = slip.as_ref().and_then(|slip| slip.list_no.as_ref());
        judge.same(
            number,
            "list",
            list_no,
            names.map_or(CompactString::const_new("none"), |no| no.as_str().into()),
        );
        for line in slip.iter().flat_map(|slip| &slip.lines) {
            let back = |unit| line.returned.get(unit);
            let rest = |quantity: Quantity, unit| quantity.checked_sub(back(unit)).unwrap_or_default();
            let filed = &line.filed;
            let second = rest(filed.statutory2.unwrap_or_default(), Unit::Statutory2);
            add(
                &mut sums,
                (line.mark, filed.number),
                rest(filed.declared, Unit::Declared),
                rest(filed.statutory1, Unit::Statutory1),
                Some(second),
            );
        }
    }
    Ok(sums)
}

fn parcels_named(
    asking: &Asking<'_>,
    judge: &mut Judge<'_>,
    list_no: &ListNo,
    numbers: &[ParcelNo],
) -> Result<Sums, Fault> {
    let mut sums = Sums::new();
    for number in numbers {
        let parcel = get::<Parcels>(asking.state, number.clone())?;
        let names = parcel.as_ref().and_then(|parcel| parcel.list_no.as_ref());
        judge.same(
            number,
            "list",
            list_no,
            names.map_or(CompactString::const_new("none"), |no| no.as_str().into()),
        );
        for line in parcel.iter().flat_map(|parcel| &parcel.lines).map(|line| &line.filed) {
            add(&mut sums, (Mark::Goods, line.number), line.declared, line.statutory1, line.statutory2);
        }
    }
    Ok(sums)
}
