//! Count campaigns (`domain.md` 4.2): sheets are kept as they came.

use super::disposals::shown;
use super::shelf::{BookCopy, Row, Shelf, named_twice};
use super::{Model, Now, Shown};
use zonebook_ledger::code::CampaignNo;
use zonebook_ledger::direction::Mark;
use zonebook_ledger::document::{
    CampaignFiling, CampaignOpening, CampaignStep, CountLine, CountScope, CountSheet,
};
use zonebook_ledger::limits::LINES_MAX;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::time::Instant;

/// An accepted campaign.
#[derive(Clone, Debug)]
pub struct CampaignCopy {
    pub campaign_no: CampaignNo,
    pub opening: CampaignOpening,
    pub state: DocumentState,
    /// Revision and time of its opening.
    pub cut_off: (u64, Instant),
    pub sheets: Vec<CountSheet>,
}

impl Shelf {
    pub fn campaign(&self, number: &CampaignNo) -> Option<&CampaignCopy> {
        self.campaigns.iter().find(|copy| copy.campaign_no == *number)
    }

    pub(super) fn file_campaign(&mut self, filing: &CampaignFiling, now: Now) -> Result<Shown, Reason> {
        let number = &filing.campaign_no;
        match &filing.step {
            CampaignStep::Open(opening) => self.open_campaign(number, opening, now),
            CampaignStep::Record(sheet) => self.take_sheet(number, sheet, now),
            CampaignStep::Close { closing, reason } => {
                let sheets = self.open_copy(number)?.sheets.len() as u64;
                if closing.sheets != sheets {
                    return Err(Reason::BasisMismatch);
                }
                if closing.open_items > 0 && reason.trim().is_empty() {
                    return Err(Reason::CampaignIncomplete);
                }
                self.end_campaign(number, DocumentState::Closed)
            }
            CampaignStep::Cancel { reason } if reason.trim().is_empty() => Err(Reason::InvalidField),
            CampaignStep::Cancel { .. } => self.end_campaign(number, DocumentState::Cancelled),
        }
    }

    fn open_campaign(
        &mut self,
        number: &CampaignNo,
        opening: &CampaignOpening,
        now: Now,
    ) -> Result<Shown, Reason> {
        if opening.scope.items.len() > LINES_MAX {
            return Err(Reason::TooLarge);
        }
        if self.campaign(number).is_some() {
            return Err(Reason::DocumentExists);
        }
        let book = self.book(opening.book_no.as_str()).ok_or(Reason::BookUnknown)?;
        if opening.owner != book.filing.owner {
            return Err(Reason::BookOwnerMismatch);
        }
        let upwards = opening.scope.items.iter().all(|range| range.first <= range.last);
        if !(1..=9).contains(&opening.counters) || !upwards {
            return Err(Reason::InvalidField);
        }
        let open = self
            .campaigns
            .iter()
            .filter(|copy| copy.opening.book_no == opening.book_no && copy.state == DocumentState::Open);
        for other in open {
            // The model asks item by item, of the few that there are.
            let numbers =
                || (0..=100_u64).flat_map(|number| Mark::ALL.iter().map(move |mark| (*mark, number)));
            if numbers().any(|item| counts(&other.opening.scope, item) && counts(&opening.scope, item)) {
                return Err(Reason::CampaignOverlaps);
            }
        }
        self.campaigns.push(CampaignCopy {
            campaign_no: number.clone(),
            opening: opening.clone(),
            state: DocumentState::Open,
            cut_off: (now.revision, now.ledger_time),
            sheets: Vec::new(),
        });
        Ok(shown(number.as_str(), DocumentState::Open))
    }

    fn take_sheet(&mut self, number: &CampaignNo, sheet: &CountSheet, now: Now) -> Result<Shown, Reason> {
        if sheet.lines.len() > LINES_MAX {
            return Err(Reason::TooLarge);
        }
        let same =
            |other: &CountSheet| (&other.counter, &other.sheet_no) == (&sheet.counter, &sheet.sheet_no);
        if self.campaign(number).is_some_and(|copy| copy.sheets.iter().any(same)) {
            return Err(Reason::DocumentExists);
        }
        let campaign = self.open_copy(number)?;
        if !(1..=99).contains(&sheet.round) || sheet.lines.is_empty() {
            return Err(Reason::InvalidField);
        }
        if named_twice(sheet.lines.iter().map(|line| line.line)) {
            return Err(Reason::NamedTwice);
        }
        let book = self.book(campaign.opening.book_no.as_str()).unwrap();
        for line in &sheet.lines {
            check_count(book, campaign, line, now)?;
        }
        let copy = self.campaigns.iter_mut().find(|copy| copy.campaign_no == *number).unwrap();
        copy.sheets.push(sheet.clone());
        Ok(shown(number.as_str(), DocumentState::Open))
    }

    fn end_campaign(&mut self, number: &CampaignNo, state: DocumentState) -> Result<Shown, Reason> {
        self.open_copy(number)?;
        let copy = self.campaigns.iter_mut().find(|copy| copy.campaign_no == *number).unwrap();
        copy.state = state;
        Ok(shown(number.as_str(), state))
    }

    fn open_copy(&self, number: &CampaignNo) -> Result<&CampaignCopy, Reason> {
        let copy = self.campaign(number).ok_or(Reason::DocumentUnknown)?;
        if copy.state == DocumentState::Open { Ok(copy) } else { Err(Reason::CampaignNotOpen) }
    }
}

fn counts(scope: &CountScope, (mark, number): (Mark, u64)) -> bool {
    let within = |from: u64, to: u64| from <= number && number <= to;
    scope.items.is_empty()
        || scope.items.iter().any(|range| range.mark == mark && within(range.first, range.last))
}

fn check_count(book: &BookCopy, campaign: &CampaignCopy, line: &CountLine, now: Now) -> Result<(), Reason> {
    if !counts(&campaign.opening.scope, (line.mark, line.number)) {
        return Err(Reason::CountOutOfScope);
    }
    let row = book.rows.iter().find(|row| (row.mark, row.number) == (line.mark, line.number));
    let row = row.ok_or(Reason::ItemNotFiled)?;
    if line.unit != row.units.declared {
        return Err(Reason::UnitMismatch);
    }
    if line.declared.raw() < 0 {
        return Err(Reason::InvalidField);
    }
    check_unit(row, line)?;
    if line.lot.is_some() && line.lot != row.lot {
        return Err(Reason::InvalidField);
    }
    if let Some(version) = &line.bom_version {
        let filed = book.bom.iter().any(|bom| bom.product == line.number && bom.version == *version);
        if line.mark != Mark::Product || !filed {
            return Err(Reason::BomVersionUnknown);
        }
    }
    let clock = Model::zone_clock();
    let (first, last) = (clock.local(campaign.cut_off.1), clock.local(now.ledger_time));
    match line.counted_at {
        Some(at) if at < first || at > last => Err(Reason::InvalidField),
        _ => Ok(()),
    }
}

/// Where units are tracked, each is counted by itself.
fn check_unit(row: &Row, line: &CountLine) -> Result<(), Reason> {
    let by_unit = row.mark == Mark::Goods && (row.tracked || row.serial.is_some());
    if by_unit != line.serial.is_some() {
        return Err(Reason::InvalidField);
    }
    if !by_unit {
        return Ok(());
    }
    if row.serial.is_some() && row.serial != line.serial {
        return Err(Reason::SerialNotInPlace);
    }
    let one = [Quantity::ZERO, Quantity::whole(1)].contains(&line.declared);
    if one { Ok(()) } else { Err(Reason::InvalidField) }
}
