//! The documents, and the transfers that they made. Every figure is a sum over the transfers.

use super::checks::Leg;
use super::lots::{Part, Wishes};
use super::permits::today;
use super::sales::same_paper;
use super::{
    AdjustmentCopy, CampaignCopy, ConsumptionCopy, CorrectionCopy, DifferenceCopy, DirectExitCopy,
    DisposalCopy, FormCopy, GuaranteeCopy, LeaseCopy, LicenceCopy, ListCopy, MissingCopy, Now, OrderCopy,
    ParcelCopy, PeriodCopy, PermitCopy, ReturnCopy, Shown, SlipCopy,
};
use std::collections::{BTreeMap, BTreeSet};
use zonebook_ledger::bom_standing::BomOrder;
use zonebook_ledger::book::{Regime, Usage};
use zonebook_ledger::code::{
    BookNo, CaseNo, CustomsNo, DeclarationNo, LotNo, OfficeCode, ParcelNo, PartNo, SerialNo, TariffCode,
};
use zonebook_ledger::credit::CreditLevel;
use zonebook_ledger::customs_result::CustomsResultKind;
use zonebook_ledger::direction::{Mark, Stops};
use zonebook_ledger::document::{
    BomRow, BookFiling, CarryOverFiling, DifferenceFiling, Document, ListFiling, PassFiling, PassageReport,
    RegistrationFiling, SaleCitation, Statement, StatusChangeFiling, TallyFiling,
};
use zonebook_ledger::hold::DocumentOrder;
use zonebook_ledger::item::{ResidueKind, Units};
use zonebook_ledger::layer::LotMethod;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::overdraft::OverdraftOrder;
use zonebook_ledger::own_group::OwnGroupOrder;
use zonebook_ledger::parameter::Parameter;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::time::{Date, Instant, LocalTime};
use zonebook_ledger::tolerance::ToleranceOrder;
use zonebook_ledger::zone::ZoneKind;

/// What has become of a transfer, and at which revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Pending,
    Posted(u64),
    Cancelled(u64),
}

/// Goods that go from one position to another: declared, first and second statutory quantity, value.
#[derive(Clone, Debug)]
pub struct Transfer {
    pub document: String,
    /// The line of the document, where that matters later.
    pub line: u64,
    pub from: PositionKey,
    pub to: PositionKey,
    pub moved: [i128; 4],
    /// The revision that made it.
    pub since: u64,
    pub status: Status,
    /// Of which lots, in a book that keeps them.
    pub parts: Vec<Part>,
    /// On whose account the goods stand where they go to, if that is not stock.
    pub holder: Option<String>,
    /// When goods expire that are a lot of their own.
    pub expires: Option<Date>,
    /// The document whose line it undoes.
    pub undoes: Option<String>,
    /// Whether its parts are what that line took, put back where they were.
    pub restored: bool,
    /// On whose account the goods stood that were put back.
    pub stood: Option<String>,
    /// The document that let the goods go out of another book, with their lots.
    pub continues: Option<String>,
    /// Whether its parts are those lots.
    pub carried: bool,
}

/// The four counters of a position (`RULES.md` 3.4), in 1/100,000.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    pub increase_pending: [i128; 4],
    pub increase_posted: [i128; 4],
    pub decrease_pending: [i128; 4],
    pub decrease_posted: [i128; 4],
}

/// An item or row of a book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub mark: Mark,
    pub number: u64,
    pub part: PartNo,
    pub tariff: TariffCode,
    pub units: Units,
    pub lot: Option<LotNo>,
    /// Each unit of it is tracked by its serial number.
    pub tracked: bool,
    /// The asset of the row, in a leasing book.
    pub serial: Option<SerialNo>,
    /// What it is, of a residue.
    pub kind: Option<ResidueKind>,
    pub stops: Stops,
}

/// An accepted book.
#[derive(Clone, Debug)]
pub struct BookCopy {
    pub filing: BookFiling,
    pub change_no: u64,
    pub regime: Regime,
    pub stops: Stops,
    /// The case that it is under.
    pub case: Option<CaseNo>,
    /// In which order it gives up its lots.
    pub lots: LotMethod,
    pub rows: Vec<Row>,
    pub bom: Vec<BomRow>,
}

/// An accepted pass.
#[derive(Clone, Debug)]
pub struct PassCopy {
    pub filing: PassFiling,
    pub state: DocumentState,
    /// For a bill of lading: the item of each line.
    pub items: Vec<u64>,
}

/// Everything that was accepted.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    pub zones: Vec<(OfficeCode, ZoneKind)>,
    /// Zones that are of another kind from a day on.
    pub conversions: Vec<(OfficeCode, Date, ZoneKind)>,
    pub carry_overs: Vec<CarryOverFiling>,
    pub books: Vec<BookCopy>,
    /// The behaviour in force.
    pub behaviour: u32,
    pub lists: Vec<ListCopy>,
    pub passes: Vec<PassCopy>,
    pub permits: Vec<PermitCopy>,
    pub direct_exits: Vec<DirectExitCopy>,
    pub guarantees: Vec<GuaranteeCopy>,
    pub licences: Vec<LicenceCopy>,
    pub forms: Vec<FormCopy>,
    /// Tariff codes, from which day on, and whether they need a licence then, in the order in which they were imported.
    pub tariffs: Vec<(String, Date, bool)>,
    /// Codes of the catalogue of bonded repair, from which day on, and whether they are of it then, likewise.
    pub catalogue: Vec<(String, Date, bool)>,
    /// What customs registered of own-group products, likewise.
    pub own_group: Vec<OwnGroupOrder>,
    /// Credit levels that were set, in the order in which they were.
    pub levels: Vec<(CustomsNo, Date, CreditLevel)>,
    pub slips: Vec<SlipCopy>,
    pub parcels: Vec<ParcelCopy>,
    /// What stands of what was said of sales.
    pub said: Vec<Statement>,
    /// Which parcels are of which sales.
    pub cited: Vec<(ParcelNo, SaleCitation)>,
    pub consumptions: Vec<ConsumptionCopy>,
    pub disposals: Vec<DisposalCopy>,
    pub adjustments: Vec<AdjustmentCopy>,
    /// Parts of reports, as filed.
    pub reports: Vec<DifferenceFiling>,
    pub differences: Vec<DifferenceCopy>,
    pub tolerances: Vec<ToleranceOrder>,
    /// When each revision counts, the first one first.
    pub times: Vec<Instant>,
    /// Books, the verifications that were accepted of them, and when.
    pub verifications: Vec<(BookNo, u64, Instant)>,
    pub periods: Vec<PeriodCopy>,
    pub corrections: Vec<CorrectionCopy>,
    pub tallies: Vec<TallyFiling>,
    pub campaigns: Vec<CampaignCopy>,
    /// What accepted tallies of lists I did not find.
    pub missing: Vec<MissingCopy>,
    /// What customs lets lists overdraw, in the order in which it said so.
    pub overdrafts: Vec<OverdraftOrder>,
    /// What was said of BOM versions, in the order in which it was.
    pub bom_orders: Vec<BomOrder>,
    /// Positions that were ever overdrawn.
    pub overdrawn: BTreeSet<PositionKey>,
    /// Lots of units for repair, the one that counts as the latest receipt last.
    pub unit_order: Vec<LotNo>,
    pub orders: Vec<OrderCopy>,
    pub registrations: Vec<RegistrationFiling>,
    pub status_changes: Vec<StatusChangeFiling>,
    pub held: Vec<PassageReport>,
    /// Orders of customs about permits, slips, passes and parcels, in the order in which they were given.
    pub holds: Vec<DocumentOrder>,
    pub leases: Vec<LeaseCopy>,
    /// Declarations with the time of the first notice that released them.
    pub released: Vec<(DeclarationNo, LocalTime)>,
    pub returns: Vec<ReturnCopy>,
    /// The parameters that were set, from a day on, in 1/100,000.
    pub parameters: BTreeMap<(Parameter, Date), i128>,
    pub transfers: Vec<Transfer>,
    /// Lots that were on hand when their book began to keep lots.
    pub openings: Vec<(PositionKey, Part)>,
}

fn add(sum: &mut [i128; 4], moved: &[i128; 4]) {
    for (sum, moved) in sum.iter_mut().zip(moved) {
        *sum += moved;
    }
}

fn less(a: [i128; 4], b: [i128; 4]) -> [i128; 4] {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2], a[3] - b[3]]
}

impl Figures {
    pub fn on_hand(&self) -> [i128; 4] {
        less(self.increase_posted, self.decrease_posted)
    }

    pub fn available(&self) -> [i128; 4] {
        less(self.on_hand(), self.decrease_pending)
    }
}

impl BookCopy {
    pub fn row(&self, mark: Mark, number: u64) -> Option<&Row> {
        self.rows.iter().find(|row| (row.mark, row.number) == (mark, number))
    }

    /// Goods and materials.
    pub fn goods(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.mark == Mark::Goods)
    }
}

impl Transfer {
    /// Whether it was pending and whether it was posted after a revision.
    fn at(&self, revision: u64) -> (bool, bool) {
        match self.status {
            _ if self.since > revision => (false, false),
            Status::Pending => (true, false),
            Status::Posted(when) => (when > revision, when <= revision),
            Status::Cancelled(when) => (when > revision, false),
        }
    }
}

impl Shelf {
    pub fn book(&self, number: &str) -> Option<&BookCopy> {
        self.books.iter().find(|book| book.filing.book_no.as_str() == number)
    }

    pub fn book_mut(&mut self, number: &str) -> Result<&mut BookCopy, Reason> {
        let found = self.books.iter_mut().find(|book| book.filing.book_no.as_str() == number);
        found.ok_or(Reason::BookUnknown)
    }

    pub fn list(&self, number: &str) -> Option<&ListCopy> {
        self.lists.iter().find(|list| list.content.list_no.as_str() == number)
    }

    pub fn pass(&self, number: &str) -> Option<&PassCopy> {
        self.passes.iter().find(|pass| pass.filing.pass_no.as_str() == number)
    }

    /// The value of a parameter that is in force, or the one that counts while none is.
    pub(super) fn parameter(&self, parameter: Parameter, otherwise: i128, now: Now) -> i128 {
        let until = today(now);
        let set = self.parameters.iter().filter(|((other, from), _)| *other == parameter && *from <= until);
        set.max_by_key(|((_, from), _)| *from).map_or(otherwise, |(_, value)| *value)
    }

    /// The counters of a position after a revision.
    pub fn figures_after(&self, position: &PositionKey, revision: u64) -> Figures {
        let mut figures = Figures::default();
        for transfer in &self.transfers {
            let (pending, posted) = transfer.at(revision);
            for (there, pending_sum, posted_sum) in [
                (&transfer.from, &mut figures.decrease_pending, &mut figures.decrease_posted),
                (&transfer.to, &mut figures.increase_pending, &mut figures.increase_posted),
            ] {
                if there == position && pending {
                    add(pending_sum, &transfer.moved);
                }
                if there == position && posted {
                    add(posted_sum, &transfer.moved);
                }
            }
        }
        figures
    }

    /// The counters of a position now.
    pub fn figures(&self, position: &PositionKey) -> Figures {
        self.figures_after(position, u64::MAX)
    }

    /// Every position that any transfer ever named, in order.
    pub fn positions(&self) -> Vec<PositionKey> {
        let mut all: Vec<_> =
            self.transfers.iter().flat_map(|transfer| [transfer.from.clone(), transfer.to.clone()]).collect();
        all.sort();
        all.dedup();
        all
    }

    /// Goods that move at once.
    pub(super) fn post_at_once(
        &mut self,
        of: (&str, u64),
        leg: Leg,
        now: Now,
        wishes: &Wishes,
    ) -> Result<(), Reason> {
        self.moves(of, leg, (Status::Posted(now.revision), now), wishes)
    }

    /// Puts an end to what is pending of a document.
    pub(super) fn end_pending(&mut self, document: &str, end: Status) {
        for at in 0..self.transfers.len() {
            let transfer = &mut self.transfers[at];
            if transfer.document == document && transfer.status == Status::Pending {
                transfer.status = end;
                self.arrived(at);
            }
        }
    }

    /// The state of the document that has the number of another one (`RULES.md` 14.1).
    pub(super) fn state_of(&self, document: &Document) -> Option<DocumentState> {
        let pass = |number: &str| self.pass(number).map(|pass| pass.state);
        let permit = |number: &zonebook_ledger::code::PermitNo| {
            let closed = self.permit_copy(number)?.closed;
            Some(if closed { DocumentState::Closed } else { DocumentState::Open })
        };
        match document {
            Document::Book(filing) => self.book(filing.book_no.as_str()).map(|_| DocumentState::Filed),
            Document::List(filing) => self.list(filing.list_no().as_str()).map(|list| list.state),
            Document::Pass(filing) => pass(filing.pass_no.as_str()),
            Document::Passage(report) => pass(report.pass_no.as_str()),
            Document::PassVoid(void) => pass(void.pass_no.as_str()),
            Document::TransferForm(filing) => {
                let closed = self.form(filing.form_no())?.closed;
                Some(if closed { DocumentState::Closed } else { DocumentState::Open })
            }
            Document::Permit(filing) => permit(&filing.permit_no),
            Document::PermitClosing(closing) => permit(&closing.permit_no),
            Document::SlipVoid(void) => self.slip(void.slip_no.as_str()).map(|slip| slip.state),
            Document::Parcels(filing) => {
                let first = filing.first().and_then(|number| self.parcel(number));
                first.map(|parcel| parcel.state)
            }
            Document::Sales(filing) => {
                let first = filing.statements.first()?;
                self.said.iter().any(|said| same_paper(said, first)).then_some(DocumentState::Filed)
            }
            Document::ParcelReturn(filing) => {
                self.parcel_return(&filing.return_no).map(|_| DocumentState::Posted)
            }
            Document::Slip(filing) => self.slip(filing.slip_no.as_str()).map(|slip| slip.state),
            Document::Disposal(filing) => self.disposal(filing.disposal_no.as_str()).map(|copy| copy.state),
            Document::Adjustment(filing) => {
                self.adjustment(filing.adjustment_no.as_str()).map(|copy| copy.state)
            }
            Document::Verification(filing) => {
                self.book(filing.book_no.as_str()).map(|_| DocumentState::Filed)
            }
            Document::Consumption(filing) => self.consumption_state(&filing.consumption_no),
            Document::ConsumptionChange(change) => self.consumption_state(&change.content.consumption_no),
            Document::ConsumptionVoid(void) => self.consumption_state(&void.consumption_no),
            Document::Lease(filing) => self.lease(filing.lease_no.as_str()).map(|lease| lease.state),
            Document::CustomsResult(result) => match result.kind {
                CustomsResultKind::PassAudit => pass(result.number.as_str()),
                _ => self.list(result.number.as_str()).map(|list| list.state),
            },
            Document::Correction(filing) => {
                self.correction(&filing.correction_no).map(|correction| correction.state)
            }
            Document::Tally(filing) => self.tally_state(&filing.tally_no),
            Document::Assignment(assignment) => self.list(assignment.list_no.as_str()).map(|list| list.state),
            Document::WorkOrder(filing) => self.order(&filing.order_no).map(OrderCopy::state),
            Document::Registration(filing) => {
                self.registration(&filing.registration_no).map(|_| DocumentState::Posted)
            }
            Document::StatusChange(filing) => {
                self.status_change(&filing.status_change_no).map(|_| DocumentState::Posted)
            }
            Document::CarryOver(filing) => {
                self.carry_over(&filing.carry_over_no).map(|_| DocumentState::Posted)
            }
            Document::Campaign(filing) => self.campaign(&filing.campaign_no).map(|copy| copy.state),
            Document::Differences(filing) => {
                self.differences_of(&filing.difference_no).map(|_| DocumentState::Filed)
            }
            Document::Notice(_) => None,
        }
    }

    /// Whether any document has a number.
    pub(super) fn knows(&self, number: &str) -> bool {
        self.book(number).is_some()
            || self.list(number).is_some()
            || self.pass(number).is_some()
            || self.slip(number).is_some()
            || self.disposal(number).is_some()
            || self.adjustment(number).is_some()
            || self.lease(number).is_some()
            || self.orders.iter().any(|order| order.order_no.as_str() == number)
            || self.registrations.iter().any(|filing| filing.registration_no.as_str() == number)
            || self.status_changes.iter().any(|filing| filing.status_change_no.as_str() == number)
            || self.carry_overs.iter().any(|filing| filing.carry_over_no.as_str() == number)
            || self.forms.iter().any(|copy| copy.content.form_no.as_str() == number)
            || self.permits.iter().any(|copy| copy.filing.permit_no.as_str() == number)
            || self.consumptions.iter().any(|copy| copy.filing.consumption_no.as_str() == number)
            || self.returns.iter().any(|copy| copy.filing.return_no.as_str() == number)
            || self.corrections.iter().any(|copy| copy.filing.correction_no.as_str() == number)
            || self.tallies.iter().any(|tally| tally.tally_no.as_str() == number)
            || self.campaigns.iter().any(|copy| copy.campaign_no.as_str() == number)
            || self.reports.iter().any(|copy| copy.difference_no.as_str() == number)
            || self.parcels.iter().any(|copy| copy.parcel.parcel_no.as_str() == number)
    }

    /// The rules of each type of document.
    pub(super) fn judge(&mut self, document: &Document, now: Now) -> Result<Shown, Reason> {
        match document {
            Document::Book(filing) => self.file_book(filing, now),
            Document::List(ListFiling::File(list)) => self.file_list(list, now),
            Document::List(ListFiling::Change { change_no, list }) => self.change_list(*change_no, list, now),
            Document::List(ListFiling::Withdraw { change_no, list_no }) => {
                self.give_back(list_no, Some(*change_no), now)
            }
            Document::Correction(filing) => self.file_correction(filing, now),
            Document::Tally(filing) => self.file_tally(filing, now),
            Document::Assignment(assignment) => self.assign(assignment, now),
            Document::Pass(filing) => self.file_pass(filing, now),
            Document::Passage(report) => self.report(report, now),
            Document::Notice(notice) => self.notice(notice, now),
            Document::CustomsResult(result) => self.hear_customs(result, now),
            Document::PassVoid(void) => self.void_pass(void),
            Document::TransferForm(filing) => self.file_form(filing, now),
            Document::Permit(filing) => self.file_permit(filing, now),
            Document::PermitClosing(closing) => self.close_permit(closing, now),
            Document::Slip(filing) => self.file_slip(filing, now),
            Document::SlipVoid(void) => self.void_slip(void, now),
            Document::Parcels(filing) => self.file_parcels(filing, now),
            Document::ParcelReturn(filing) => self.file_return(filing, now),
            Document::Disposal(filing) => self.file_disposal(filing, now),
            Document::Verification(filing) => self.verify(filing, now),
            Document::Adjustment(filing) => self.file_adjustment(filing, now),
            Document::Lease(filing) => self.file_lease(filing, now),
            Document::Consumption(filing) => self.file_consumption(filing, now),
            Document::ConsumptionChange(change) => self.change_consumption(change, now),
            Document::ConsumptionVoid(void) => self.void_consumption(void, now),
            Document::WorkOrder(filing) => self.file_order(filing, now),
            Document::Registration(filing) => self.file_registration(filing, now),
            Document::StatusChange(filing) => self.file_status_change(filing, now),
            Document::CarryOver(filing) => self.file_carry_over(filing, now),
            Document::Campaign(filing) => self.file_campaign(filing, now),
            Document::Differences(filing) => self.file_differences(filing, now),
            Document::Sales(filing) => self.say(filing),
        }
    }
}

/// 5.5: for mark `R` read `SCRAP`, in a repair book `REMOVED_PART`, for `ZONE`.
pub fn stock_place(usage: Usage, mark: Mark) -> Place {
    match (mark, usage) {
        (Mark::Residue, Usage::Repair) => Place::RemovedPart,
        (Mark::Residue, _) => Place::Scrap,
        _ => Place::Zone,
    }
}

/// Whether a number stands twice in a document.
pub(super) fn named_twice(numbers: impl Iterator<Item = u64>) -> bool {
    let mut seen: Vec<u64> = Vec::new();
    for number in numbers {
        if seen.contains(&number) {
            return true;
        }
        seen.push(number);
    }
    false
}
