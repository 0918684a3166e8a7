//! What can be asked of production: work orders and their events, actual beside filed consumption, use by project of
//! research. Like [`crate::query`], over one view.

use crate::bom::{BomKey, BomLine, per_unit};
use crate::code::{BomVersion, BookNo, ProjectCode, WorkOrderNo};
use crate::direction::Mark;
use crate::error::Fault;
use crate::outcome::Revision;
use crate::quantity::{Factor, Quantity};
use crate::query::collect;
use crate::settlement::Consumption;
use crate::state::{
    Boms, BookWorkOrders, Consumptions, Key, Order, OrderEntries, ProjectUses, Read, WorkOrders, get,
};
use crate::work_order::{OrderEntry, WorkOrder};
use std::collections::BTreeMap;
use std::sync::Arc;

fn beyond() -> Fault {
    Fault("a sum is beyond the range of a number".into())
}

fn add(sum: &mut Quantity, more: Quantity) -> Result<(), Fault> {
    *sum = sum.checked_add(more).ok_or_else(beyond)?;
    Ok(())
}

/// Work orders of a book in order of number, from behind `after` on, at most `count_max`.
///
/// # Errors
/// The state could not be read.
pub fn work_orders(
    state: &dyn Read,
    book_no: &BookNo,
    after: Option<&WorkOrderNo>,
    count_max: usize,
) -> Result<Vec<(WorkOrderNo, Arc<WorkOrder>)>, Fault> {
    let low = (book_no.clone(), after.cloned().unwrap_or_else(WorkOrderNo::lowest));
    let high = (book_no.clone(), WorkOrderNo::highest());
    let numbers =
        collect::<BookWorkOrders, _>(state, low, high, Order::Forward, count_max, |key, ()| match key {
            Key::BookWorkOrder((_, number)) if after != Some(&number) => Some(number),
            _ => None,
        })?;
    let mut found = Vec::with_capacity(numbers.len());
    for number in numbers {
        found.extend(get::<WorkOrders>(state, number.clone())?.map(|order| (number, order)));
    }
    Ok(found)
}

/// Events of a work order from a number on, at most `count_max`.
///
/// # Errors
/// The state could not be read.
pub fn order_entries(
    state: &dyn Read,
    order_no: &WorkOrderNo,
    from: u64,
    count_max: usize,
) -> Result<Vec<Arc<OrderEntry>>, Fault> {
    let (low, high) = ((order_no.clone(), from), (order_no.clone(), u64::MAX));
    collect::<OrderEntries, _>(state, low, high, Order::Forward, count_max, |_, entry| Some(entry))
}

/// A product and the version with which its use is compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Compared {
    /// The item of the product.
    pub product: u64,
    /// The version that its orders name.
    pub version: Option<BomVersion>,
}

/// What was really used of something for a product, beside what the filed version says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComparedUse {
    /// For what.
    pub of: Compared,
    /// How much of it was made.
    pub made: Quantity,
    /// What was used: materials, or products in rework.
    pub mark: Mark,
    /// Its item.
    pub number: u64,
    /// How much was really used.
    pub actual: Quantity,
    /// The same for one unit of the product; `None` while none is made.
    pub actual_unit: Option<Factor>,
    /// The bonded part that the filed version says for what was made, rounded once (`RULES.md` 6.1).
    pub filed: Quantity,
    /// The same for one unit of the product; `None` where the version does not name it, or there is none.
    pub filed_unit: Option<Factor>,
    /// Actual less filed.
    pub difference: Quantity,
}

/// Which orders are compared.
#[derive(Clone, Copy, Debug)]
pub enum Orders<'a> {
    /// One.
    One(&'a WorkOrderNo),
    /// All of a book, summed up.
    OfBook(&'a BookNo),
}

/// What orders made of a product, and used for it.
#[derive(Default)]
struct MadeAndUsed {
    made: Quantity,
    used: BTreeMap<(Mark, u64), Quantity>,
}

/// How many orders are looked at before the next are fetched.
const ORDERS_AT_ONCE: usize = 1_000;

/// Actual and filed consumption for each product, or for one, in order of product, version, mark and item.
///
/// # Errors
/// The state could not be read, or a sum is beyond the range of a number.
pub fn compared_use(
    state: &dyn Read,
    orders: Orders<'_>,
    product: Option<u64>,
) -> Result<Vec<ComparedUse>, Fault> {
    let mut sums: BTreeMap<(BookNo, Compared), MadeAndUsed> = BTreeMap::new();
    match orders {
        Orders::One(number) => {
            if let Some(order) = get::<WorkOrders>(state, number.clone())? {
                sum_up(&mut sums, &order)?;
            }
        }
        Orders::OfBook(book_no) => {
            let mut after = None;
            loop {
                let found = work_orders(state, book_no, after.as_ref(), ORDERS_AT_ONCE)?;
                for (_, order) in &found {
                    sum_up(&mut sums, order)?;
                }
                match found.into_iter().next_back() {
                    Some((last, _)) => after = Some(last),
                    None => break,
                }
            }
        }
    }
    let mut rows = Vec::new();
    for ((book_no, of), sum) in sums {
        if product.is_none_or(|product| product == of.product) {
            compare(state, book_no, &of, &sum, &mut rows)?;
        }
    }
    Ok(rows)
}

fn sum_up(sums: &mut BTreeMap<(BookNo, Compared), MadeAndUsed>, order: &WorkOrder) -> Result<(), Fault> {
    for planned in &order.opening.products {
        let of = Compared { product: planned.number, version: planned.bom_version.clone() };
        let sum = sums.entry((order.opening.book_no.clone(), of)).or_default();
        add(
            &mut sum.made,
            order.products.get(&planned.number).map_or(Quantity::ZERO, crate::measure::Measure::declared),
        )?;
        let range = (planned.number, Mark::Goods, 0)..=(planned.number, Mark::Residue, u64::MAX);
        for ((_, mark, number), used) in order.uses.range(range) {
            add(sum.used.entry((*mark, *number)).or_default(), *used)?;
        }
    }
    Ok(())
}

fn compare(
    state: &dyn Read,
    book_no: BookNo,
    of: &Compared,
    sum: &MadeAndUsed,
    rows: &mut Vec<ComparedUse>,
) -> Result<(), Fault> {
    let filed = match &of.version {
        Some(version) => {
            let version = version.clone();
            get::<Boms>(state, BomKey { book_no, product: of.product, version })?.unwrap_or_default()
        }
        None => Arc::default(),
    };
    let mut named: BTreeMap<(Mark, u64), (Quantity, Option<&BomLine>)> =
        filed.iter().map(|(number, line)| ((Mark::Goods, *number), (Quantity::ZERO, Some(line)))).collect();
    for (key, used) in &sum.used {
        named.entry(*key).or_default().0 = *used;
    }
    for ((mark, number), (actual, line)) in named {
        let filed = line.map_or(Some(Quantity::ZERO), |line| line.usage(sum.made)).ok_or_else(beyond)?;
        rows.push(ComparedUse {
            of: of.clone(),
            made: sum.made,
            mark,
            number,
            actual,
            actual_unit: per_unit(actual, sum.made),
            filed,
            filed_unit: line.and_then(BomLine::bonded_unit_consumption),
            difference: actual.checked_sub(filed).ok_or_else(beyond)?,
        });
    }
    Ok(())
}

/// A record of use for research.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectUse {
    /// The project.
    pub project: ProjectCode,
    /// The revision that accepted the record.
    pub revision: Revision,
    /// The record.
    pub slip: Arc<Consumption>,
}

/// Records of a research book between two revisions, both included: of one project or of all, in order of project and
/// acceptance, from behind `after` on, at most `count_max`.
///
/// # Errors
/// The state could not be read.
pub fn project_uses(
    state: &dyn Read,
    book_no: &BookNo,
    project: Option<&ProjectCode>,
    (first, last): (Revision, Revision),
    after: Option<&(ProjectCode, Revision)>,
    count_max: usize,
) -> Result<Vec<ProjectUse>, Fault> {
    let lowest = project.cloned().unwrap_or_else(ProjectCode::lowest);
    let (from, at) = after.cloned().unwrap_or((lowest, Revision(0)));
    let to = project.cloned().unwrap_or_else(ProjectCode::highest);
    if from > to {
        return Ok(Vec::new());
    }
    let (low, high) = ((book_no.clone(), from, at), (book_no.clone(), to, Revision(u64::MAX)));
    let found =
        collect::<ProjectUses, _>(state, low, high, Order::Forward, count_max, |key, number| match key {
            Key::ProjectUse((_, project, revision)) if (first..=last).contains(&revision) => {
                let key = (project, revision);
                (after != Some(&key)).then_some((key, number))
            }
            _ => None,
        })?;
    let mut uses = Vec::with_capacity(found.len());
    for ((project, revision), number) in found {
        let slip = get::<Consumptions>(state, number)?;
        uses.extend(slip.map(|slip| ProjectUse { project, revision, slip }));
    }
    Ok(uses)
}

/// What a project used and made in a period, of one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectTotal {
    /// The project.
    pub project: ProjectCode,
    /// Materials are used, products and residues made.
    pub mark: Mark,
    /// The item.
    pub number: u64,
    /// How much, in the declared unit.
    pub declared: Quantity,
    /// In how many records it stands.
    pub records: u64,
}

/// How many records are looked at before the next are fetched.
const USES_AT_ONCE: usize = 1_000;

/// The use report of a research book: what each project used and made between two revisions, both included, in order of
/// project, mark and item.
///
/// # Errors
/// The state could not be read, or a sum is beyond the range of a number.
pub fn project_totals(
    state: &dyn Read,
    book_no: &BookNo,
    project: Option<&ProjectCode>,
    period: (Revision, Revision),
) -> Result<Vec<ProjectTotal>, Fault> {
    let mut totals: BTreeMap<(ProjectCode, Mark, u64), (Quantity, u64)> = BTreeMap::new();
    let mut after = None;
    loop {
        let uses = project_uses(state, book_no, project, period, after.as_ref(), USES_AT_ONCE)?;
        for record in &uses {
            let mut of_record: BTreeMap<(Mark, u64), Quantity> = BTreeMap::new();
            for (key, declared) in moved(&record.slip) {
                add(of_record.entry(key).or_default(), declared)?;
            }
            for ((mark, number), declared) in of_record {
                let total = totals.entry((record.project.clone(), mark, number)).or_default();
                add(&mut total.0, declared)?;
                total.1 = total.1.saturating_add(1);
            }
        }
        match uses.into_iter().next_back() {
            Some(last) => after = Some((last.project, last.revision)),
            None => break,
        }
    }
    let total = |((project, mark, number), (declared, records))| ProjectTotal {
        project,
        mark,
        number,
        declared,
        records,
    };
    Ok(totals.into_iter().map(total).collect())
}

/// What a record used and made.
fn moved(slip: &Consumption) -> impl Iterator<Item = ((Mark, u64), Quantity)> {
    let filed = &slip.filed;
    let used = filed.materials.iter().map(|line| ((Mark::Goods, line.number), line.declared));
    let made = filed.research.iter().flat_map(|research| &research.prototypes);
    let made = made.map(|line| ((Mark::Product, line.number), line.quantities.declared));
    let left = filed.residues.iter();
    let left = left.map(|line| ((Mark::Residue, line.item.unwrap_or(line.number)), line.declared));
    used.chain(made).chain(left)
}
