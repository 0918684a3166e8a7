//! Import licences: what is sold at home of goods that need one draws on one, in the step that takes the goods, and never
//! more than it allows (`domain.md` 3.4 row 5).

use super::work::{Stop, Work};
use super::{guards, lines, parameters};
use crate::book::Book;
use crate::code::{CustomsNo, LicenceNo, ListNo, TariffCode};
use crate::direction::Direction;
use crate::document::{List, ListLine};
use crate::item::Units;
use crate::licence::{
    Licence, LicenceAction, LicenceDraw, LicenceEntry, LicenceGrant, LicenceMove, LicenceOrder,
};
use crate::limits::LICENCES_MAX;
use crate::matrix::{Line, Need, Rule, line_of};
use crate::measure::{Measure, Unit};
use crate::movement::{Movement, MovementLine};
use crate::parameter::Parameter;
use crate::quantity::Quantity;
use crate::query;
use crate::reason::Reason;
use crate::reference::{On, ReferenceKind, ReferenceRow, in_force};
use crate::refusal::Refusal;
use crate::state::{LicenceDraws, LicenceEntries, Licences, LicencesOf};
use crate::time::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The field of a licence's number.
const NUMBER: &str = "licenceNo";

/// Registers a licence, or changes what it allows.
pub(crate) fn order(work: &mut Work<'_>, order: &LicenceOrder) -> Result<(), Stop> {
    let number = &order.licence_no;
    work.document = Some(number.as_str().into());
    if order.cause.trim().is_empty() {
        return Err(guards::invalid("cause", "", "the paper it rests on"));
    }
    let (mut licence, step, before) = match (&order.action, work.get::<Licences>(number.clone())?) {
        (LicenceAction::Register(_), Some(_)) => {
            return Err(Refusal::new(Reason::DocumentExists).field(NUMBER, number).into());
        }
        (LicenceAction::Register(grant), None) => {
            let registered_time = work.now();
            let licence = Licence { grant: grant.clone(), used: Quantity::ZERO, entries: 0, registered_time };
            (licence, LicenceMove::Register, Quantity::ZERO)
        }
        (LicenceAction::Amend { .. }, None) => {
            return Err(Refusal::new(Reason::DocumentUnknown).field(NUMBER, number).into());
        }
        (LicenceAction::Amend { quantity, valid_until }, Some(licence)) => {
            work.remove::<LicencesOf>(place(&licence.grant, number));
            let grant =
                LicenceGrant { quantity: *quantity, valid_until: *valid_until, ..licence.grant.clone() };
            let before = licence.available().ok_or_else(Stop::overflow)?;
            (Licence { grant, ..(*licence).clone() }, LicenceMove::Amend, before)
        }
    };
    sound(work, &licence, number)?;
    work.put::<LicencesOf>(place(&licence.grant, number), ());
    keep(work, number, &mut licence, step, order.cause.as_str(), before)
}

/// Something, for some days, not less than is used already, and not too many for the same goods.
fn sound(work: &Work<'_>, licence: &Licence, number: &LicenceNo) -> Result<(), Stop> {
    let grant = &licence.grant;
    if grant.valid_until < grant.valid_from {
        let expected = format!("not before {}", grant.valid_from);
        return Err(guards::invalid("valid_until", grant.valid_until, expected));
    }
    if grant.quantity.is_negative() || (grant.quantity.is_zero() && licence.entries == 0) {
        return Err(guards::invalid("quantity", grant.quantity, "more than 0"));
    }
    if grant.quantity < licence.used {
        return Err(Refusal::new(Reason::LicenceExceeded)
            .field("quantity", grant.quantity)
            .expected(format!("at least {}, which is used", licence.used))
            .document(number)
            .into());
    }
    let open =
        query::licences_of(work.state(), &grant.party, &grant.tariff_code, work.today(), LICENCES_MAX)?;
    guards::at_most("tariff_code", open.len().saturating_add(1), LICENCES_MAX)
}

/// Where a licence stands among those of its party for its goods: by its last day.
fn place(grant: &LicenceGrant, number: &LicenceNo) -> (CustomsNo, TariffCode, Date, LicenceNo) {
    (grant.party.clone(), grant.tariff_code.clone(), grant.valid_until, number.clone())
}

/// Keeps a licence and adds the entry that says what became of it.
fn keep(
    work: &mut Work<'_>,
    number: &LicenceNo,
    licence: &mut Licence,
    action: LicenceMove,
    cause: &str,
    before: Quantity,
) -> Result<(), Stop> {
    let after = licence.available().ok_or_else(Stop::overflow)?;
    if after.is_negative() || licence.used.is_negative() {
        return Err(Stop::Broken(format!("licence {number} would have {} used, {after} left", licence.used)));
    }
    licence.entries = licence.entries.checked_add(1).ok_or_else(Stop::overflow)?;
    let entry = LicenceEntry {
        revision: work.head.revision,
        time: work.now(),
        action,
        cause: cause.into(),
        before,
        after,
    };
    work.put::<LicenceEntries>((number.clone(), licence.entries), Arc::new(entry));
    work.put::<Licences>(number.clone(), Arc::new(licence.clone()));
    Ok(())
}

/// Uses or gives back so much of a licence.
fn change(
    work: &mut Work<'_>,
    number: &LicenceNo,
    action: LicenceMove,
    quantity: Quantity,
    list_no: &ListNo,
) -> Result<(), Stop> {
    let Some(licence) = work.get::<Licences>(number.clone())? else {
        return Err(Stop::Broken(format!("licence {number} was drawn on and is not there")));
    };
    let mut licence = (*licence).clone();
    let before = licence.available().ok_or_else(Stop::overflow)?;
    let used = match action {
        LicenceMove::Restore => licence.used.checked_sub(quantity),
        _ => licence.used.checked_add(quantity),
    };
    licence.used = used.ok_or_else(Stop::overflow)?;
    keep(work, number, &mut licence, action, list_no.as_str(), before)
}

/// Whether lists of a row are asked for licences: those by which goods are sold at home, unless customs has said that none
/// are asked for.
fn asked_for(work: &Work<'_>, list: &List, rule: &Rule) -> Result<bool, Stop> {
    let sold = rule.needs(Need::Licence) && line_of(&list.transport) == Line::Second;
    Ok(sold && !parameters::today(work, Parameter::LicenceCheck)?.is_zero())
}

/// Whether the tariff says of goods, on a day, that they need a licence. What it says nothing of needs none.
fn need_licence(work: &Work<'_>, goods: &TariffCode, day: Date) -> Result<bool, Stop> {
    let found = in_force(work.state(), ReferenceKind::Tariff, goods.as_str(), On::now(day))?;
    Ok(found.is_some_and(|found| matches!(&found.row.row, ReferenceRow::Tariff(tariff) if tariff.licence)))
}

/// `LICENCE_MISSING`, `LICENCE_EXCEEDED`: each line of goods that need a licence draws on one that is valid and covers it;
/// of several, on the one that ends first.
pub(crate) fn draw(
    work: &mut Work<'_>,
    book: &Book,
    list: &List,
    rule: &Rule,
    content: &[MovementLine],
) -> Result<(), Stop> {
    if !asked_for(work, list, rule)? {
        return Ok(());
    }
    let declared_on = list.declared_at.date();
    let days = [declared_on, work.live_date().unwrap_or(declared_on)];
    let mut open = Open { party: &book.owner, days, of_goods: BTreeMap::new() };
    let mut draws = Vec::new();
    for line in content {
        draws.extend(open.cover(work, &line.filed)?);
    }
    for (number, quantity) in sums(&draws)? {
        change(work, &number, LicenceMove::Use, quantity, &list.list_no)?;
    }
    if !draws.is_empty() {
        work.put::<LicenceDraws>(list.list_no.clone(), Arc::new(draws));
    }
    Ok(())
}

/// How much some draws come to, licence by licence.
fn sums(draws: &[LicenceDraw]) -> Result<BTreeMap<LicenceNo, Quantity>, Stop> {
    let mut sums: BTreeMap<LicenceNo, Quantity> = BTreeMap::new();
    for draw in draws {
        let sum = sums.entry(draw.licence_no.clone()).or_default();
        *sum = sum.checked_add(draw.quantity).ok_or_else(Stop::overflow)?;
    }
    Ok(sums)
}

/// A licence that lines of one list may draw on, and what is left of it.
struct Left {
    number: LicenceNo,
    grant: LicenceGrant,
    available: Quantity,
}

/// The licences of a party that are open on some days, in order of their last day.
struct Open<'a> {
    party: &'a CustomsNo,
    /// That of the declaration, and live today.
    days: [Date; 2],
    /// By goods, as lines name them; `None` for those that need no licence.
    of_goods: BTreeMap<TariffCode, Option<Vec<Left>>>,
}

impl Open<'_> {
    /// What a line draws on a licence, if its goods need one; the lines after it find so much less of it.
    fn cover(&mut self, work: &Work<'_>, line: &ListLine) -> Result<Option<LicenceDraw>, Stop> {
        if !self.of_goods.contains_key(&line.tariff_code) {
            let found = self.of(work, &line.tariff_code)?;
            self.of_goods.insert(line.tariff_code.clone(), found);
        }
        let Some(Some(of_goods)) = self.of_goods.get_mut(&line.tariff_code) else { return Ok(None) };
        let measure = lines::measure(line);
        let mut most: Option<(Unit, Quantity)> = None;
        for left in of_goods {
            let Some(unit) = counted_in(&line.units, &left.grant) else { continue };
            let quantity = measure.get(unit);
            if quantity <= left.available {
                left.available = left.available.checked_sub(quantity).ok_or_else(Stop::overflow)?;
                let licence_no = left.number.clone();
                return Ok(Some(LicenceDraw { line: line.line, licence_no, unit, quantity }));
            }
            most = most.filter(|(_, most)| *most >= left.available).or(Some((unit, left.available)));
        }
        Err(self.refused(line, &measure, most))
    }

    fn of(&self, work: &Work<'_>, goods: &TariffCode) -> Result<Option<Vec<Left>>, Stop> {
        let [declared_on, _] = self.days;
        if !need_licence(work, goods, declared_on)? {
            return Ok(None);
        }
        let latest = self.days.into_iter().max().unwrap_or(Date(i32::MIN));
        let mut found = Vec::new();
        for number in query::licences_of(work.state(), self.party, goods, latest, LICENCES_MAX)? {
            let Some(licence) = work.get::<Licences>(number.clone())? else { continue };
            if self.days.iter().all(|day| licence.grant.is_valid_on(*day)) {
                let available = licence.available().ok_or_else(Stop::overflow)?;
                found.push(Left { number, grant: licence.grant.clone(), available });
            }
        }
        Ok(Some(found))
    }

    fn refused(&self, line: &ListLine, measure: &Measure, most: Option<(Unit, Quantity)>) -> Stop {
        let refusal = |reason| Refusal::new(reason).line(line.line).field("gdecd", &line.tariff_code);
        let [declared_on, today] = self.days;
        match most {
            None => {
                let named = [Some(&line.units.declared), Some(&line.units.statutory1)];
                let named = named.into_iter().chain([line.units.statutory2.as_ref()]).flatten();
                let units: BTreeSet<&str> = named.map(|unit| unit.as_str()).collect();
                let units: Vec<&str> = units.into_iter().collect();
                let on = if declared_on == today {
                    declared_on.to_string()
                } else {
                    format!("{declared_on} and {today}")
                };
                let expected = format!(
                    "an import licence of {} for {}, valid on {on}, in unit {}",
                    self.party,
                    line.tariff_code,
                    units.join(" or ")
                );
                refusal(Reason::LicenceMissing).expected(expected).into()
            }
            Some((unit, available)) => refusal(Reason::LicenceExceeded)
                .expected(format!(
                    "a licence that covers the line; the most that is left of one is {available}"
                ))
                .short(None, unit, measure.get(unit), available)
                .into(),
        }
    }
}

/// Which quantity of goods is in the unit of a licence.
fn counted_in(units: &Units, grant: &LicenceGrant) -> Option<Unit> {
    match &grant.unit {
        unit if *unit == units.declared => Some(Unit::Declared),
        unit if *unit == units.statutory1 => Some(Unit::Statutory1),
        unit if Some(unit) == units.statutory2.as_ref() => Some(Unit::Statutory2),
        _ => None,
    }
}

/// The content of a list is taken back, and what it drew with it.
pub(crate) fn give_back_all(work: &mut Work<'_>, list_no: &ListNo) -> Result<(), Stop> {
    let Some(draws) = work.get::<LicenceDraws>(list_no.clone())? else { return Ok(()) };
    for (number, quantity) in sums(&draws)? {
        change(work, &number, LicenceMove::Restore, quantity, list_no)?;
    }
    work.remove::<LicenceDraws>(list_no.clone());
    Ok(())
}

/// Parts of lines are not sold after all: a correction undoes them, or a tally shows that they were not shipped.
pub(crate) fn give_back_parts(
    work: &mut Work<'_>,
    movement: &Movement,
    parts: &[MovementLine],
) -> Result<(), Stop> {
    if movement.direction == Direction::In {
        return Ok(());
    }
    let Some(draws) = work.get::<LicenceDraws>(movement.list_no.clone())? else { return Ok(()) };
    let mut draws = (*draws).clone();
    let mut back = Vec::new();
    for draw in &mut draws {
        let of_line = parts.iter().find(|part| part.filed.line == draw.line);
        let Some(part) = of_line else { continue };
        let quantity = lines::measure(&part.filed).get(draw.unit);
        draw.quantity = draw.quantity.checked_sub(quantity).ok_or_else(Stop::overflow)?;
        back.push(LicenceDraw { quantity, ..draw.clone() });
    }
    for (number, quantity) in sums(&back)? {
        change(work, &number, LicenceMove::Restore, quantity, &movement.list_no)?;
    }
    draws.retain(|draw| !draw.quantity.is_zero());
    if draws.is_empty() {
        work.remove::<LicenceDraws>(movement.list_no.clone());
    } else {
        work.put::<LicenceDraws>(movement.list_no.clone(), Arc::new(draws));
    }
    Ok(())
}
