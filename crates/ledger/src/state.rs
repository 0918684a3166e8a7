//! The state as typed tables: read through [`Read`], changed through an [`Overlay`] whose writes are handed on.

use crate::bom::{Bom, BomKey};
use crate::bom_standing::BomStanding;
use crate::book::{Book, Paper};
use crate::calendar::CalendarYear;
use crate::campaign::{Campaign, CountKey, Counted, SheetKey, TakenSheet};
use crate::carry_over::CarryOver;
use crate::code::{
    AdjustmentNo, BillNo, BookNo, CampaignNo, CarryOverNo, ConsumptionNo, CorrectionNo, CustomsNo,
    DeclarationNo, DifferenceNo, DisposalNo, DocumentNo, GuaranteeNo, LeaseNo, LicenceNo, ListNo, LotNo,
    OfficeCode, ParcelNo, PartNo, PassNo, PermitNo, ProjectCode, RegistrationNo, ReturnNo, SealNo, SerialNo,
    SlipNo, StatusChangeNo, TallyNo, TariffCode, TransferFormNo, WorkOrderNo,
};
use crate::command::{BookOrder, RequestId};
use crate::correction::{Correction, Undone};
use crate::counters::Counters;
use crate::credit::CreditLevel;
use crate::customs_result::ReceiptDifference;
use crate::deadline::{DeadlineKey, DeadlineRow, OverdueRecord};
use crate::difference::{DifferenceRef, DifferenceReport, KeptDifference};
use crate::direct_exit::DirectExit;
use crate::direction::Mark;
use crate::disposal::{Adjustment, Disposal};
use crate::document::{
    BuyerHash, DeclaredItem, LinkedType, SaleCitation, SaleKey, WaybillKey, WaybillStatement,
};
use crate::error::Fault;
use crate::event::{Delivery, Event, JournalKey, JournalRow, SeenMessage, SeenRequest};
use crate::guarantee::{Guarantee, GuaranteeEntry};
use crate::hold::{DocumentHold, HeldKind};
use crate::item::{Item, ItemKey};
use crate::layer::{Allocation, AllocationKey, Layer, LayerKey, LayerMoment, Lot};
use crate::lease::Lease;
use crate::licence::{Licence, LicenceDraw, LicenceEntry};
use crate::message::Sha256;
use crate::movement::{GateProgress, Gathered, Movement, MovementLine};
use crate::original::Original;
use crate::outcome::Revision;
use crate::overdraft::Overdraft;
use crate::own_group::OwnGroupEntry;
use crate::parameter::Parameter;
use crate::parcel::{Parcel, ParcelReturn};
use crate::party::Party;
use crate::pass::{BillBalance, Declaration, HeldReports, Pass};
use crate::period::Period;
use crate::permission::{Principal, Role};
use crate::permit::{Permit, Slip};
use crate::position::PositionKey;
use crate::quantity::Quantity;
use crate::receipt::{Mailbox, Receipt, Recipient};
use crate::reference::{Reference, ReferenceKey};
use crate::returns::ReturnedShare;
use crate::sale::{Said, Sale};
use crate::settlement::{Consumption, ConsumptionStanding, Verification};
use crate::status::{Registration, StatusChange};
use crate::tally::Tally;
use crate::time::{Date, Instant, UtcOffset};
use crate::tolerance::Tolerance;
use crate::transfer_form::{FormDraw, TransferForm};
use crate::unit::UnitReceipts;
use crate::work_order::{OrderEntry, WorkOrder};
use crate::zone::ZoneState;
use compact_str::CompactString;
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

/// What the ledger knows of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The cluster it belongs to.
    pub cluster_id: CompactString,
    /// Its zone.
    pub utc_offset: UtcOffset,
    /// The last revision.
    pub revision: Revision,
    /// Record time of the last revision.
    pub record_time: Instant,
    /// Ledger time of the last revision.
    pub ledger_time: Instant,
    /// The digest after the last revision.
    pub digest: Sha256,
    /// The behaviour in force.
    pub behaviour: u32,
    /// No live command has touched a book yet (`design.md` 6).
    pub in_migration: bool,
}

/// A table: its keys, its rows, and its place in [`Key`] and [`Row`].
pub trait Table {
    /// Key of a row.
    type Key;
    /// A row.
    type Value;
    /// The key among all keys.
    fn key(key: Self::Key) -> Key;
    /// The row among all rows.
    fn row(value: Self::Value) -> Row;
    /// The row out of all rows; `None` if it is of another table.
    fn value(row: Row) -> Option<Self::Value>;
    /// The key out of all keys; `None` if it is of another table.
    fn own_key(key: Key) -> Option<Self::Key>;
}

macro_rules! tables {
    ($($(#[$doc:meta])* $table:ident: $variant:ident($key:ty) => $value:ty;)*) => {
        /// Key of any row. Keys are ordered by table, then by the key's own order; stores keep that order.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Key { $($(#[$doc])* $variant($key),)* }

        /// Any row. Counters stand in it as they are: they are read and written more often than all else, and a box
        /// would cost an allocation each time.
        #[allow(clippy::large_enum_variant)]
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Row { $($(#[$doc])* $variant($value),)* }

        $($(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $table;

        impl Table for $table {
            type Key = $key;
            type Value = $value;
            fn key(key: Self::Key) -> Key { Key::$variant(key) }
            fn row(value: Self::Value) -> Row { Row::$variant(value) }
            fn value(row: Row) -> Option<Self::Value> {
                match row { Row::$variant(value) => Some(value), _ => None }
            }
            fn own_key(key: Key) -> Option<Self::Key> {
                match key { Key::$variant(key) => Some(key), _ => None }
            }
        })*

        impl Key {
            /// The name of its table.
            #[must_use]
            pub const fn table(&self) -> &'static str {
                match self { $(Self::$variant(_) => stringify!($table),)* }
            }
        }
    };
}

tables! {
    /// One row: what the ledger knows of itself.
    Heads: Head(()) => Arc<Head>;
    /// Zones by office.
    Zones: Zone(OfficeCode) => Arc<ZoneState>;
    /// Enterprises by customs number.
    Parties: Party(CustomsNo) => Arc<Party>;
    /// Roles of principals.
    Assignments: Assignment(Principal) => Vec<Role>;
    /// Books by number.
    Books: Book(BookNo) => Arc<Book>;
    /// Items by book, mark and number.
    Items: Item(ItemKey) => Arc<Item>;
    /// Items by part number: goods and materials of accumulating books, which alone enter on a bill of lading.
    Parts: Part((BookNo, PartNo, u64)) => ();
    /// Counters of positions.
    Positions: Position(PositionKey) => Counters;
    /// Their history.
    Journal: Journal(JournalKey) => Arc<JournalRow>;
    /// Lists by number.
    Movements: Movement(ListNo) => Arc<Movement>;
    /// Lists by book.
    BookMovements: BookMovement((BookNo, ListNo)) => ();
    /// Lines of a list, by content version.
    Lines: Lines((ListNo, u64)) => Arc<Vec<MovementLine>>;
    /// Gate progress of the lines of a list or a slip, in line order, from the first pass on.
    Progress: Progress((LinkedType, DocumentNo)) => Arc<Vec<GateProgress>>;
    /// Passes by number.
    Passes: Pass(PassNo) => Arc<Pass>;
    /// Reports that wait for their pass.
    Held: Held(PassNo) => Arc<HeldReports>;
    /// Declarations by number.
    Declarations: Declaration(DeclarationNo) => Arc<Declaration>;
    /// What entered on a bill, by book, bill and item number.
    Bills: Bill((BookNo, BillNo, u64)) => BillBalance;
    /// Message keys seen.
    Messages: Message(CompactString) => SeenMessage;
    /// Deliveries by source and sequence.
    Deliveries: Delivery((CompactString, u64)) => Arc<Delivery>;
    /// Request ids seen, oldest first.
    Requests: Request((RequestId, Principal)) => SeenRequest;
    /// Accepted documents by type, number and change number.
    FiledDocuments: FiledDocument(CompactString) => SeenRequest;
    /// Events by revision.
    Events: Event(Revision) => Arc<Event>;
    /// Numbers of books and documents that were refused `UNSUPPORTED`, and what they lack.
    UnsupportedNumbers: Unsupported(CompactString) => CompactString;
    /// BOM versions by book, product and version.
    Boms: Bom(BomKey) => Arc<Bom>;
    /// Permits by number.
    Permits: Permit(PermitNo) => Arc<Permit>;
    /// Slips by number.
    Slips: Slip(SlipNo) => Arc<Slip>;
    /// Guarantees by number.
    Guarantees: Guarantee(GuaranteeNo) => Arc<Guarantee>;
    /// Journals of guarantees, each entry under its number in the journal, from 1.
    GuaranteeEntries: GuaranteeEntry((GuaranteeNo, u64)) => Arc<GuaranteeEntry>;
    /// Credit levels of enterprises by the day from which each holds.
    CreditLevels: CreditLevel(CustomsNo) => Arc<BTreeMap<Date, CreditLevel>>;
    /// Parcels by number.
    Parcels: Parcel(ParcelNo) => Arc<Parcel>;
    /// Returns of parcels by number.
    ParcelReturns: ParcelReturn(ReturnNo) => Arc<ParcelReturn>;
    /// What a buyer spent in a calendar year.
    Buyers: Buyer((BuyerHash, i64)) => Quantity;
    /// Dated reference data by kind, code and day.
    References: Reference(ReferenceKey) => Arc<Reference>;
    /// What a list declares or gathers.
    GatheredBy: Gathered(ListNo) => Arc<Gathered>;
    /// Receipts of units for repair, by book and serial number.
    Units: Unit((BookNo, SerialNo)) => Arc<UnitReceipts>;
    /// Consumption slips by number.
    Consumptions: Consumption(ConsumptionNo) => Arc<Consumption>;
    /// Disposals by number.
    Disposals: Disposal(DisposalNo) => Arc<Disposal>;
    /// Disposals by book.
    BookDisposals: BookDisposal((BookNo, DisposalNo)) => ();
    /// Consumption slips by book, project of research and the revision that accepted them.
    ProjectUses: ProjectUse((BookNo, ProjectCode, Revision)) => ConsumptionNo;
    /// Work orders by number.
    WorkOrders: WorkOrder(WorkOrderNo) => Arc<WorkOrder>;
    /// Work orders by book.
    BookWorkOrders: BookWorkOrder((BookNo, WorkOrderNo)) => ();
    /// Events of a work order by number.
    OrderEntries: OrderEntry((WorkOrderNo, u64)) => Arc<OrderEntry>;
    /// Gate registrations by number.
    Registrations: Registration(RegistrationNo) => Arc<Registration>;
    /// Changes of status by number.
    StatusChanges: StatusChange(StatusChangeNo) => Arc<StatusChange>;
    /// Carry-overs by number.
    CarryOvers: CarryOver(CarryOverNo) => Arc<CarryOver>;
    /// Orders of customs about a book, by the revision that took them.
    BookOrders: BookOrder((BookNo, Revision)) => Arc<BookOrder>;
    /// Open documents that hold a book though they need not hold goods of it; each by type, for a number is one of its type.
    OpenPapers: OpenPaper((BookNo, Paper, DocumentNo)) => ();
    /// Verifications by book and revision.
    Verifications: Verification((BookNo, Revision)) => Arc<Verification>;
    /// Adjustments by number.
    Adjustments: Adjustment(AdjustmentNo) => Arc<Adjustment>;
    /// Adjustments by book.
    BookAdjustments: BookAdjustment((BookNo, AdjustmentNo)) => ();
    /// Leases by contract number.
    Leases: Lease(LeaseNo) => Arc<Lease>;
    /// The open lease of an asset, by book and row.
    LeasedUnits: LeasedUnit((BookNo, u64)) => LeaseNo;
    /// Open deadlines: what was found overdue apart, then by day.
    Deadlines: Deadline(DeadlineKey) => DeadlineRow;
    /// What ticks found overdue, by revision and in order.
    OverdueRecords: OverdueRecord((Revision, u32)) => Arc<OverdueRecord>;
    /// The calendar of working days by year.
    Calendars: Calendar(u64) => Arc<CalendarYear>;
    /// How many receipts a recipient has, and has acknowledged.
    Mailboxes: Mailbox(Recipient) => Mailbox;
    /// Receipts by recipient and number.
    Outbox: Receipt((Recipient, u64)) => Arc<Receipt>;
    /// Bytes of messages by SHA-256 of the message.
    Originals: Original(Sha256) => Arc<Original>;
    /// Messages by the document that they are about and the revision that took them.
    DocumentMessages: DocumentMessage((CompactString, Revision)) => Sha256;
    /// What customs said and the ledger does not say, by the revision that took it.
    ReceiptDifferences: ReceiptDifference(Revision) => Arc<ReceiptDifference>;
    /// Corrections by number.
    Corrections: Correction(CorrectionNo) => Arc<Correction>;
    /// How much of each line of a list is undone, in line order, from the first correction on.
    UndoneLines: Undone(ListNo) => Arc<Vec<Undone>>;
    /// Tallies by number.
    Tallies: Tally(TallyNo) => Arc<Tally>;
    /// What comes back of the goods of a list.
    ReturnedBy: Returned(ListNo) => Arc<Vec<ReturnedShare>>;
    /// The values of a parameter by the day from which each holds.
    Parameters: Parameter(Parameter) => Arc<BTreeMap<Date, Quantity>>;
    /// Passes that are still to go through, by vehicle.
    VehiclePasses: VehiclePass((CompactString, PassNo)) => ();
    /// What a lot of an accumulating book came in with, by item and lot; kept when it is used up.
    Lots: Lot((ItemKey, LotNo)) => Arc<Lot>;
    /// How much of a lot is where; rows that are empty are removed.
    Layers: Layer(LayerKey) => Layer;
    /// Which lots a line of a document takes.
    Allocations: Allocation(AllocationKey) => Arc<Allocation>;
    /// Items as they were filed until a revision filed them otherwise.
    FormerItems: FormerItem((ItemKey, Revision)) => Arc<Item>;
    /// Enterprises as they were known until a revision said otherwise.
    FormerParties: FormerParty((CustomsNo, Revision)) => Arc<Party>;
    /// The history of layers: each after the revisions that changed it, nothing from the one on that emptied it.
    LayerMoments: LayerMoment(LayerMoment) => Layer;
    /// Count campaigns by number.
    Campaigns: Campaign(CampaignNo) => Arc<Campaign>;
    /// Count campaigns by book.
    BookCampaigns: BookCampaign((BookNo, CampaignNo)) => ();
    /// Those of them that are open.
    OpenCampaigns: OpenCampaign((BookNo, CampaignNo)) => ();
    /// Sheets of counts by campaign, counter and number.
    CountSheets: CountSheet(SheetKey) => Arc<TakenSheet>;
    /// Counts by campaign and goods.
    Counts: Count(CountKey) => Counted;
    /// Periods by book and number of their verification.
    Periods: Period((BookNo, u64)) => Arc<Period>;
    /// What was declared of an item: by book, verification, mark, number and the revision that took it; the last counts.
    DeclaredItems: DeclaredItem((BookNo, u64, Mark, u64, Revision)) => Arc<DeclaredItem>;
    /// What customs lets lists overdraw, by list.
    Overdrafts: Overdraft(ListNo) => Arc<Overdraft>;
    /// How much lists in force took from a position although it was not there; a row stays when that is nothing again.
    OverdrawnPositions: Overdrawn(PositionKey) => Quantity;
    /// Electronic seals under which goods of a transfer travel, by its list and the pass that says so.
    Seals: Seal((ListNo, PassNo)) => SealNo;
    /// What offices tolerate of differences, by the day from which each holds.
    Tolerances: Tolerance(OfficeCode) => Arc<BTreeMap<Date, Tolerance>>;
    /// Heads of reports of differences by number.
    DifferenceReports: DifferenceReport(DifferenceNo) => Arc<DifferenceReport>;
    /// Reports of differences by book.
    BookDifferences: BookDifference((BookNo, DifferenceNo)) => ();
    /// Differences by report and line.
    Differences: Difference(DifferenceRef) => Arc<KeptDifference>;
    /// The last difference of some goods, by book, mark, number and unit.
    GoodsDifferences: GoodsDifference((BookNo, Mark, u64, Option<SerialNo>)) => DifferenceRef;
    /// Import licences by number.
    Licences: Licence(LicenceNo) => Arc<Licence>;
    /// The same by enterprise, goods and last day.
    LicencesOf: LicenceOf((CustomsNo, TariffCode, Date, LicenceNo)) => ();
    /// Journals of licences, each entry under its number in the journal, from 1.
    LicenceEntries: LicenceEntry((LicenceNo, u64)) => Arc<LicenceEntry>;
    /// What the lines of a list draw of licences; none is kept of a list that draws nothing.
    LicenceDraws: LicenceDraw(ListNo) => Arc<Vec<LicenceDraw>>;
    /// How BOM versions stand of which anything was said since they were filed.
    BomStandings: BomStanding(BomKey) => Arc<BomStanding>;
    /// What was said of sales of electronic commerce, by platform and order.
    Sales: Sale(SaleKey) => Arc<Sale>;
    /// What carriers said of their waybills.
    Waybills: Waybill(WaybillKey) => Arc<Said<WaybillStatement>>;
    /// What parcels say of their sales.
    ParcelSales: ParcelSale(ParcelNo) => Arc<SaleCitation>;
    /// Parcels that are not cancelled, by the sale that they are of.
    SaleParcels: SaleParcel((SaleKey, ParcelNo)) => ();
    /// Parcels that are not cancelled, by the waybill that they go with.
    WaybillParcels: WaybillParcel((WaybillKey, ParcelNo)) => ();
    /// Approvals by which products made outside do not come back, by their number.
    DirectExits: DirectExit(PermitNo) => Arc<DirectExit>;
    /// Transfer forms by number.
    TransferForms: TransferForm(TransferFormNo) => Arc<TransferForm>;
    /// The same by book, at either end.
    TransferFormsOf: TransferFormOf((BookNo, TransferFormNo)) => ();
    /// What the lines of a list have of its transfer form; none is kept of a list that has nothing of it.
    TransferFormDraws: TransferFormDraw((TransferFormNo, ListNo)) => Arc<Vec<FormDraw>>;
    /// What customs registered of items of repair books as own-group products, in the order in which it did.
    OwnGroup: OwnGroup(ItemKey) => Arc<Vec<OwnGroupEntry>>;
    /// How permits, slips, passes and parcels stand about which customs ever ordered anything.
    DocumentHolds: DocumentHold((HeldKind, DocumentNo)) => Arc<DocumentHold>;
    /// What goes out for products that a list brought back.
    Exchanged: Exchanged(ListNo) => Arc<Vec<ReturnedShare>>;
    /// Rows of reference data as they were known until a revision said otherwise.
    FormerReferences: FormerReference((ReferenceKey, Revision)) => Arc<Reference>;
    /// How consumption slips stand, by number.
    ConsumptionStandings: ConsumptionStanding(ConsumptionNo) => Arc<ConsumptionStanding>;
}

/// In which order a scan goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Upwards from the lower end.
    Forward,
    /// Downwards from the upper end.
    Backward,
}

impl Order {
    /// The next of some items that stand in ascending order.
    pub fn next<I: DoubleEndedIterator>(self, ascending: &mut I) -> Option<I::Item> {
        match self {
            Self::Forward => ascending.next(),
            Self::Backward => ascending.next_back(),
        }
    }
}

/// What a visitor of a scan answers: go on, or stop.
pub type Visit = ControlFlow<()>;

/// A state that can be read.
pub trait Read {
    /// One row.
    ///
    /// # Errors
    /// The state could not be read.
    fn row(&self, key: &Key) -> Result<Option<Row>, Fault>;

    /// All rows with `from <= key <= to`, in order, until the visitor breaks. Both ends are of one table.
    ///
    /// # Errors
    /// The state could not be read.
    fn scan(
        &self,
        from: &Key,
        to: &Key,
        order: Order,
        visit: &mut dyn FnMut(Key, Row) -> Visit,
    ) -> Result<(), Fault>;
}

/// One row of a typed table.
///
/// # Errors
/// The state could not be read, or holds a row of another table there.
pub fn get<T: Table>(state: &(impl Read + ?Sized), key: T::Key) -> Result<Option<T::Value>, Fault> {
    let key = T::key(key);
    match state.row(&key)? {
        None => Ok(None),
        Some(row) => T::value(row)
            .map(Some)
            .ok_or_else(|| Fault(format!("row of another table under {} {key:?}", key.table()))),
    }
}

/// Rows to put (`Some`) or remove (`None`), in the order in which they were first written: the same on every replica.
pub type Writes = IndexMap<Key, Option<Row>, FxBuildHasher>;

/// Changes over a state that is only read.
pub struct Overlay<'a> {
    base: &'a dyn Read,
    writes: Writes,
}

impl<'a> Overlay<'a> {
    /// Without changes yet.
    #[must_use]
    pub fn new(base: &'a dyn Read) -> Self {
        Self { base, writes: Writes::default() }
    }

    /// Without changes yet, in room that was used before.
    #[must_use]
    pub fn reusing(base: &'a dyn Read, mut room: Writes) -> Self {
        room.clear();
        Self { base, writes: room }
    }

    /// Puts a row.
    pub fn put<T: Table>(&mut self, key: T::Key, value: T::Value) {
        self.writes.insert(T::key(key), Some(T::row(value)));
    }

    /// Removes a row.
    pub fn remove<T: Table>(&mut self, key: T::Key) {
        self.writes.insert(T::key(key), None);
    }

    /// A row as it was before any change.
    ///
    /// # Errors
    /// The state could not be read.
    pub fn before(&self, key: &Key) -> Result<Option<Row>, Fault> {
        self.base.row(key)
    }

    /// Takes over the changes of an overlay that was made over this one.
    pub fn merge(&mut self, writes: Writes) {
        self.writes.extend(writes);
    }

    /// The changes so far.
    #[must_use]
    pub fn writes(&self) -> &Writes {
        &self.writes
    }

    /// The changes, handed on.
    #[must_use]
    pub fn into_writes(self) -> Writes {
        self.writes
    }
}

impl Read for Overlay<'_> {
    fn row(&self, key: &Key) -> Result<Option<Row>, Fault> {
        match self.writes.get(key) {
            Some(written) => Ok(written.clone()),
            None => self.base.row(key),
        }
    }

    fn scan(
        &self,
        from: &Key,
        to: &Key,
        order: Order,
        visit: &mut dyn FnMut(Key, Row) -> Visit,
    ) -> Result<(), Fault> {
        let mut written: Vec<_> = self.writes.iter().filter(|(key, _)| (from..=to).contains(key)).collect();
        written.sort_unstable_by_key(|(key, _)| *key);
        let mut over = written.into_iter();
        let comes_first = |a: &Key, b: &Key| if order == Order::Forward { a <= b } else { a >= b };
        let mut pending = order.next(&mut over);
        let mut stopped = false;
        self.base.scan(from, to, order, &mut |key, row| {
            while let Some((written, change)) = pending
                && comes_first(written, &key)
            {
                let replaces = *written == key;
                pending = order.next(&mut over);
                if let Some(row) = change
                    && visit(written.clone(), row.clone()).is_break()
                {
                    stopped = true;
                    return Visit::Break(());
                }
                if replaces {
                    return Visit::Continue(());
                }
            }
            let answer = visit(key, row);
            stopped = answer.is_break();
            answer
        })?;
        while let (false, Some((written, change))) = (stopped, pending) {
            pending = order.next(&mut over);
            if let Some(row) = change {
                stopped = visit(written.clone(), row.clone()).is_break();
            }
        }
        Ok(())
    }
}

/// A state in ordered maps: tests, simulation, offline re-execution.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryState(BTreeMap<Key, Row>);

impl MemoryState {
    /// Takes over changes.
    pub fn merge(&mut self, writes: Writes) {
        for (key, change) in writes {
            match change {
                Some(row) => self.0.insert(key, row),
                None => self.0.remove(&key),
            };
        }
    }

    /// All rows in order.
    pub fn rows(&self) -> impl Iterator<Item = (&Key, &Row)> {
        self.0.iter()
    }
}

impl Read for MemoryState {
    fn row(&self, key: &Key) -> Result<Option<Row>, Fault> {
        Ok(self.0.get(key).cloned())
    }

    fn scan(
        &self,
        from: &Key,
        to: &Key,
        order: Order,
        visit: &mut dyn FnMut(Key, Row) -> Visit,
    ) -> Result<(), Fault> {
        let mut range = self.0.range(from.clone()..=to.clone());
        while let Some((key, row)) = order.next(&mut range) {
            if visit(key.clone(), row.clone()).is_break() {
                break;
            }
        }
        Ok(())
    }
}
