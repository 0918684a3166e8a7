//! The posting matrix (`domain.md` 3.4) as one table. The engine in [`crate::apply`] reads it; a new kind of movement
//! is a new row here and its tests.

use crate::book::{Regime, Usage};
use crate::coded::code_list;
use crate::deadline::DeadlineKind;
use crate::direction::{Direction, Mark};
use crate::document::{DecisionOutcome, ListKind, Matter, PermitKind};
use crate::layer::LotSource;
use crate::measure::Unit;
use crate::parameter::Parameter;
use crate::place::Place;

code_list! {
    /// A row of the posting matrix.
    MatrixRow, "matrix row" {
        /// 1
        FirstLineIn = "FIRST_LINE_IN",
        /// 2
        FirstLineOut = "FIRST_LINE_OUT",
        /// 3
        EnterThenDeclare = "ENTER_THEN_DECLARE",
        /// 3, before there is a list: through the gate on a bill of lading
        SuspenseEntry = "SUSPENSE_ENTRY",
        /// 4
        SecondLineIn = "SECOND_LINE_IN",
        /// 5
        SecondLineOut = "SECOND_LINE_OUT",
        /// 6, the transferee's half
        IntraZoneIn = "INTRA_ZONE_IN",
        /// 6, the transferor's half
        IntraZoneOut = "INTRA_ZONE_OUT",
        /// 6, the transferor's half, of a product
        IntraZoneProduct = "INTRA_ZONE_PRODUCT",
        /// 7, the transferee's half
        InterZoneIn = "INTER_ZONE_IN",
        /// 7, the transferor's half
        InterZoneOut = "INTER_ZONE_OUT",
        /// 7, the transferor's half, of a product
        InterZoneProduct = "INTER_ZONE_PRODUCT",
        /// 7, the transferor's half, of a product whose materials slips account for
        InterZoneSlipProduct = "INTER_ZONE_SLIP_PRODUCT",
        /// 6, the transferor's half, of a product whose materials slips account for
        IntraZoneSlipProduct = "INTRA_ZONE_SLIP_PRODUCT",
        /// 8
        MaterialIssue = "MATERIAL_ISSUE",
        /// 8, what was not used
        MaterialReturn = "MATERIAL_RETURN",
        /// 8, used up
        OrderUse = "ORDER_USE",
        /// 8, what came of it
        OrderOutput = "ORDER_OUTPUT",
        /// 8, an event taken back
        OrderCounter = "ORDER_COUNTER",
        /// 9
        ProductOut = "PRODUCT_OUT",
        /// 9, destroyed
        ProductDestruction = "PRODUCT_DESTRUCTION",
        /// 9, in exchange for products that came back
        ExchangeOut = "EXCHANGE_OUT",
        /// 10, products
        SlipProductOut = "SLIP_PRODUCT_OUT",
        /// 10, products destroyed
        SlipProductDestruction = "SLIP_PRODUCT_DESTRUCTION",
        /// 10, materials
        SlipUse = "SLIP_USE",
        /// 10, what is left of them
        ScrapMade = "SCRAP_MADE",
        /// 11
        ResearchUse = "RESEARCH_USE",
        /// 11, what came of it
        PrototypeMade = "PROTOTYPE_MADE",
        /// 12, into the zone
        RepairIn = "REPAIR_IN",
        /// 12, out of the zone
        RepairOut = "REPAIR_OUT",
        /// 12, the new part
        PartFitted = "PART_FITTED",
        /// 12, the old part
        PartRemoved = "PART_REMOVED",
        /// 13
        LeaseOut = "LEASE_OUT",
        /// 14, back
        LeaseReturn = "LEASE_RETURN",
        /// 14, sold to the lessee
        LeaseBuyOut = "LEASE_BUY_OUT",
        /// 15, out
        DisplayOut = "DISPLAY_OUT",
        /// 15, back
        DisplayBack = "DISPLAY_BACK",
        /// 15, sold
        DisplaySale = "DISPLAY_SALE",
        /// 16, out
        EquipmentOut = "EQUIPMENT_OUT",
        /// 16, back
        EquipmentBack = "EQUIPMENT_BACK",
        /// 17, materials out
        OutsourcedOut = "OUTSOURCED_OUT",
        /// 17, materials back
        OutsourcedBack = "OUTSOURCED_BACK",
        /// 17, products back, which use materials that are out
        OutsourcedProduct = "OUTSOURCED_PRODUCT",
        /// 15 to 17, what does not come back
        LeftOutside = "LEFT_OUTSIDE",
        /// 18
        SimpleProcessing = "SIMPLE_PROCESSING",
        /// 19, out
        BatchOut = "BATCH_OUT",
        /// 19, back
        BatchBack = "BATCH_BACK",
        /// 19, declared
        Consolidated = "CONSOLIDATED",
        /// 20, a parcel
        ParcelOut = "PARCEL_OUT",
        /// 20, the list that gathers parcels
        ParcelsGathered = "PARCELS_GATHERED",
        /// 21
        ECommerceReturn = "ECOMMERCE_RETURN",
        /// 22
        ResidueOut = "RESIDUE_OUT",
        /// 23, by list
        Destruction = "DESTRUCTION",
        /// 23, approved
        DestructionApproved = "DESTRUCTION_APPROVED",
        /// 23, carried out
        DestructionExecuted = "DESTRUCTION_EXECUTED",
        /// 23, what is left and has a value
        DestructionResidue = "DESTRUCTION_RESIDUE",
        /// 23, approved and not carried out
        DestructionReturned = "DESTRUCTION_RETURNED",
        /// 24
        ForceMajeureReported = "FORCE_MAJEURE_REPORTED",
        /// 24, written off
        ForceMajeureWrittenOff = "FORCE_MAJEURE_WRITTEN_OFF",
        /// 24, taxed at the assessed value
        ForceMajeureTaxed = "FORCE_MAJEURE_TAXED",
        /// 24, found again or to be returned abroad
        ForceMajeureReturned = "FORCE_MAJEURE_RETURNED",
        /// 25
        LossReported = "LOSS_REPORTED",
        /// 25, taxed at the value before damage and the rates of the day of the loss
        LossTaxed = "LOSS_TAXED",
        /// 25, found again
        LossReturned = "LOSS_RETURNED",
        /// 26, approved
        AbandonmentApproved = "ABANDONMENT_APPROVED",
        /// 26, taken over by customs
        AbandonmentTakenOver = "ABANDONMENT_TAKEN_OVER",
        /// 26, not taken over
        AbandonmentReturned = "ABANDONMENT_RETURNED",
        /// 30, less than the book has
        ShortageCounted = "SHORTAGE_COUNTED",
        /// 30, accepted as loss
        ShortageWrittenOff = "SHORTAGE_WRITTEN_OFF",
        /// 30, taxed as domestic sale
        ShortageTaxed = "SHORTAGE_TAXED",
        /// 30, counted wrong
        ShortageReturned = "SHORTAGE_RETURNED",
        /// 30, more than the book has
        SurplusCounted = "SURPLUS_COUNTED",
        /// 30, entered in the book
        SurplusEntered = "SURPLUS_ENTERED",
        /// 30, not entered
        SurplusRejected = "SURPLUS_REJECTED",
        /// 27, goods that come back in
        ReturnIn = "RETURN_IN",
        /// 27, goods that go back out
        ReturnOut = "RETURN_OUT",
        /// 27, products that go back out
        ReturnProduct = "RETURN_PRODUCT",
        /// 27, products whose materials a slip accounts for, that go back out
        ReturnSlipProduct = "RETURN_SLIP_PRODUCT",
        /// 30, what the tally of a list I does not find
        TallyShort = "TALLY_SHORT",
        /// 30, what a list E did not ship by its tally
        TallyUnshipped = "TALLY_UNSHIPPED",
        /// 28, into the zone
        NonBondedIn = "NON_BONDED_IN",
        /// 28, out of the zone
        NonBondedOut = "NON_BONDED_OUT",
        /// 29, the book that goods leave
        StatusLeft = "STATUS_LEFT",
        /// 29, the book that goods enter
        StatusEntered = "STATUS_ENTERED",
        /// 6, between the books of one owner: what is left of the book that is succeeded
        CarryOut = "CARRY_OUT",
        /// 6, between the books of one owner: what the successor takes over
        CarryIn = "CARRY_IN",
        /// 31
        Withdrawal = "WITHDRAWAL",
        /// 31, after posting
        Correction = "CORRECTION",
        /// 32, what a list takes although it is not there
        Overdrawn = "OVERDRAWN",
        /// 30, what a tally did not find, accepted as loss
        TallyShortWrittenOff = "TALLY_SHORT_WRITTEN_OFF",
        /// 30, what a tally did not find, taxed as domestic sale
        TallyShortTaxed = "TALLY_SHORT_TAXED",
        /// 30, what a tally did not find, come after all
        TallyShortReturned = "TALLY_SHORT_RETURNED",
        /// 5, products sold by a general taxpayer
        TaxpayerSale = "TAXPAYER_SALE",
        /// 5, products sold by a general taxpayer whose materials slips account for
        TaxpayerSlipSale = "TAXPAYER_SLIP_SALE",
        /// 5, products in stock sold by a general taxpayer
        TaxpayerStockSale = "TAXPAYER_STOCK_SALE",
        /// 17, products that leave from where they were made, which use materials that are out
        DirectExit = "DIRECT_EXIT",
        /// 14, an asset that is out goes to another lessor: the book of the new one
        LeaseTradeIn = "LEASE_TRADE_IN",
        /// 14, an asset that is out goes to another lessor: the book of the old one
        LeaseTradeOut = "LEASE_TRADE_OUT",
        /// 10, a slip that is changed or taken back
        SlipCounter = "SLIP_COUNTER",
    }
}

/// Which side of the fence a movement crosses (一线, 二线), where rows differ by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// Between the zone and abroad.
    First,
    /// Between the zone and the rest of the country.
    Second,
}

/// An end of a leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Where goods of the line's mark are in stock ([`Place::stock`]).
    Stock,
    /// A place.
    At(Place),
}

impl End {
    /// The place, in a book and for a mark.
    #[must_use]
    pub const fn place(self, usage: Usage, mark: Mark) -> Place {
        match self {
            Self::Stock => Place::stock(usage, mark),
            Self::At(place) => place,
        }
    }
}

/// One transfer that a line of the row makes, of some components of the line's measure.
#[derive(Clone, Copy, Debug)]
pub struct Leg {
    /// The components that move.
    pub units: &'static [Unit],
    /// Taken from.
    pub from: End,
    /// Given to.
    pub to: End,
}

/// What makes a movement actual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Posting {
    /// Release, where declared, and passage of all goods through the gate (`RULES.md` 5.6).
    AtBothGates,
    /// Release, where declared; goods do not pass a gate.
    AtRelease,
    /// Passage of all goods through the gate.
    AtGate,
    /// Together with the partner list in another book of the zone, on acceptance of the second of the two
    /// (`RULES.md` 7.3).
    WithPartner,
    /// Out of the gate into transit; from there together with the partner list of another zone (`RULES.md` 7.4).
    ThroughTransit,
    /// On the last approval of the document; reserved until then.
    OnApproval,
    /// Together with the list that gathers it (`RULES.md` 12.3).
    WithList,
    /// At once.
    AtOnce,
    /// Never: the row takes back what another row announced.
    Reversal,
}

/// What a movement answers to besides stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Nothing.
    None,
    /// What came in on a bill of lading (`RULES.md` 8.6).
    Bill,
    /// The slips that it declares (`RULES.md` 9.4).
    Slips,
    /// What is out under a permit (`RULES.md` 9.5).
    Permit,
    /// What a permit says that goods are made of.
    Processing,
    /// What customs approved that does not come back of what is made under a permit, and what is out under it.
    DirectExit,
    /// The parcels that it gathers (`RULES.md` 12.3).
    Parcels,
    /// The list whose goods come back, where it names one (`domain.md` 3.1, returns).
    Original,
    /// The list by which products came back that it replaces (`domain.md` 6 A11).
    Exchange,
    /// The transfer form, where it names one (`domain.md` 3.1, inter-zone transfer).
    TransferForm,
}

impl Claim {
    /// Whether part of a line gives back part of what it took; what hangs on exact sums is given back as a whole.
    #[must_use]
    pub const fn can_be_parted(self) -> bool {
        matches!(self, Self::None | Self::Original | Self::Exchange | Self::TransferForm)
    }
}

/// Which documents a row is for.
#[derive(Clone, Copy, Debug)]
pub enum Of {
    /// Lists of a kind and direction, as far as the conditions hold.
    List(ListKind, Direction, When),
    /// Lines about a matter, of a disposal, an adjustment or an accepted tally.
    Filed(Matter),
    /// A decision on such a line.
    Decided(Matter, DecisionOutcome),
    /// Gate registrations of a direction.
    Registration(Direction),
    /// Slips of a direction under permits of some kinds; their lines of one mark, where the mark matters.
    Slip(&'static [PermitKind], Direction, Option<Mark>),
    /// Something else, which names the row itself; in words.
    Other(&'static str),
}

/// What a list says of where its products are made: by what it names as `applyNo`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// Nothing: here.
    Here,
    /// The permit under which they were made outside; they came back, and are in stock.
    OutsideAndBack,
    /// The approval by which they leave from where they were made.
    Outside,
}

/// Conditions on a list; what is `None` does not matter.
#[derive(Clone, Copy, Debug)]
pub struct When {
    /// Which side of the fence.
    pub line: Option<Line>,
    /// What the book is for.
    pub usage: Option<Usage>,
    /// How the use of its materials is known.
    pub regime: Option<Regime>,
    /// Materials, products or residues.
    pub mark: Option<Mark>,
    /// Supervision modes (`supvModecd`).
    pub modes: Option<&'static [&'static str]>,
    /// The list names a book of another party (`rltPutrecNo`).
    pub related: Option<bool>,
    /// The list replaces products that came back on another list.
    pub exchange: Option<bool>,
    /// Where its products are made, as far as the list says so.
    pub made: Option<Made>,
}

/// A list as the table looks at it.
#[derive(Clone, Copy, Debug)]
pub struct ListCase<'a> {
    /// `bondInvtTypecd`
    pub kind: ListKind,
    /// `impexpMarkcd`
    pub direction: Direction,
    /// Of the book.
    pub usage: Usage,
    /// Of the book.
    pub regime: Regime,
    /// `mtpckEndprdMarkcd`
    pub mark: Mark,
    /// `supvModecd`
    pub mode: &'a str,
    /// `trspModecd`
    pub transport: &'a str,
    /// `rltPutrecNo` is there.
    pub related: bool,
    /// It names a list whose products it replaces.
    pub exchange: bool,
    /// What it says of where its products are made.
    pub made: Made,
}

/// What a row says.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its name.
    pub row: MatrixRow,
    /// Its number in `domain.md` 3.4.
    pub number: u8,
    /// Which documents it is for.
    pub of: Of,
    /// What each line moves.
    pub legs: &'static [Leg],
    /// What each material of the BOM moves, where the row uses it (`RULES.md` 6.1).
    pub bom_legs: &'static [Leg],
    /// What each result of a list moves, where the row makes goods of others.
    pub result_legs: &'static [Leg],
    /// What each line moves on arrival, where the row leads through transit (`RULES.md` 7.4).
    pub onward_legs: &'static [Leg],
    /// When that becomes actual.
    pub posting: Posting,
    /// What it answers to besides stock.
    pub claim: Claim,
    /// What must hold besides when a document is accepted.
    pub needs: &'static [Need],
    /// Who lets it go.
    pub approvers: &'static [Approver],
    /// Where it is said what its goods are.
    pub provenance: Provenance,
    /// What falls due while it waits, or after it.
    pub deadlines: &'static [DeadlineKind],
}

/// Who lets a movement go (`domain.md` 3.4, Appr.).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Approver {
    /// Nobody beyond the checks.
    System,
    /// Customs: by release, by order or by decision.
    Customs,
    /// Customs, level by level; the parameter says how many levels there are.
    CustomsLevels(Parameter),
    /// The gate, by passage.
    Gate,
    /// The enterprise by itself.
    Enterprise,
}

/// Where it is said what goods are that a row moves: their origin, their price, the duty they bear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provenance {
    /// It moves none by itself.
    Nothing,
    /// In its document: they are received, and are a new lot.
    Document,
    /// With the lots or units that they are taken from.
    Taken,
    /// With other goods that they come from and go on as: the lots of another book, the unit that a part was in.
    Inherited,
    /// With the materials that they are made of.
    Converted,
}

/// What must hold besides when a document is accepted, or its goods cross the fence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// They are sold at home, as far as the list crosses the second line: what the tariff says needs an import licence
    /// draws on one.
    Licence,
    /// They are units for repair, which are of the catalogue or own-group products where customs asks for that.
    RepairCatalogue,
    /// Each asset is under an open lease, where customs asks for that.
    LeaseContract,
    /// All rent that is paid by then is declared, where customs asks for that.
    RentDeclared,
}

const ALL: &[Unit] = &Unit::ALL;
const STATUTORY_AND_VALUE: &[Unit] = &[Unit::Statutory1, Unit::Statutory2, Unit::Value];
const OUTSIDE: End = End::At(Place::Outside);
const SUSPENSE: End = End::At(Place::SuspenseIn);
const SHIPPED: End = End::At(Place::ShippedUndeclared);
const ON_FORM: End = End::At(Place::OutOnForm);
const TRANSIT: End = End::At(Place::InTransit);
const IN_PROCESS: End = End::At(Place::InProcess);
const LEASED: End = End::At(Place::LeasedOut);
const CONSUMED: End = End::At(Place::Consumed);
const MADE: End = End::At(Place::Made);
const AWAITING: End = End::At(Place::AwaitingDestruction);
const DIFFERENCE: End = End::At(Place::Difference);
const SURPLUS: End = End::At(Place::Surplus);
const DESTROYED_PLACE: End = End::At(Place::Destroyed);
const LOST: End = End::At(Place::Lost);
const FOUND: End = End::At(Place::Found);
const STOCK: End = End::Stock;

const fn leg(units: &'static [Unit], from: End, to: End) -> Leg {
    Leg { units, from, to }
}

const NOTHING: &[Leg] = &[];
const IN: &[Leg] = &[leg(ALL, OUTSIDE, STOCK)];
const OUT: &[Leg] = &[leg(ALL, STOCK, OUTSIDE)];
const FROM_SUSPENSE: &[Leg] =
    &[leg(&[Unit::Declared], SUSPENSE, STOCK), leg(STATUTORY_AND_VALUE, OUTSIDE, STOCK)];
const TO_SUSPENSE: &[Leg] = &[leg(&[Unit::Declared], OUTSIDE, SUSPENSE)];
const TO_TRANSIT: &[Leg] = &[leg(ALL, STOCK, TRANSIT)];
const FROM_TRANSIT: &[Leg] = &[leg(ALL, TRANSIT, OUTSIDE)];
const MADE_OUT: &[Leg] = &[leg(ALL, MADE, OUTSIDE)];
const MADE_TO_TRANSIT: &[Leg] = &[leg(ALL, MADE, TRANSIT)];
const MADE_TO_SCRAP: &[Leg] = &[leg(ALL, MADE, End::At(Place::Scrap))];
const MADE_TO_REMOVED: &[Leg] = &[leg(ALL, MADE, End::At(Place::RemovedPart))];
const MADE_TO_STOCK: &[Leg] = &[leg(ALL, MADE, STOCK)];
const USED_ON_FORM: &[Leg] = &[leg(ALL, ON_FORM, CONSUMED)];
const USED: &[Leg] = &[leg(ALL, STOCK, CONSUMED)];
const ISSUED: &[Leg] = &[leg(ALL, STOCK, IN_PROCESS)];
const GIVEN_BACK: &[Leg] = &[leg(ALL, IN_PROCESS, STOCK)];
const USED_IN_PROCESS: &[Leg] = &[leg(ALL, IN_PROCESS, CONSUMED)];
const TO_LESSEE: &[Leg] = &[leg(ALL, STOCK, LEASED)];
const FROM_LESSEE: &[Leg] = &[leg(ALL, LEASED, STOCK)];
const TO_NEW_LESSOR: &[Leg] = &[leg(ALL, OUTSIDE, LEASED)];
const LEFT_WITH_LESSEE: &[Leg] = &[leg(ALL, LEASED, OUTSIDE)];
const SHIP: &[Leg] = &[leg(ALL, STOCK, SHIPPED)];
const TAKE_BACK: &[Leg] = &[leg(ALL, SHIPPED, STOCK)];
const DECLARE_SHIPPED: &[Leg] = &[leg(ALL, SHIPPED, OUTSIDE)];
const SEND_ON_FORM: &[Leg] = &[leg(ALL, STOCK, ON_FORM)];
const BACK_ON_FORM: &[Leg] = &[leg(ALL, ON_FORM, STOCK)];
const SELL_ON_FORM: &[Leg] = &[leg(ALL, ON_FORM, OUTSIDE)];
const SET_ASIDE: &[Leg] = &[leg(ALL, STOCK, AWAITING)];
const SET_BACK: &[Leg] = &[leg(ALL, AWAITING, STOCK)];
const DESTROY: &[Leg] = &[leg(ALL, AWAITING, DESTROYED_PLACE)];
const HAND_OVER: &[Leg] = &[leg(ALL, AWAITING, OUTSIDE)];
const MISS: &[Leg] = &[leg(ALL, STOCK, DIFFERENCE)];
const FIND_AGAIN: &[Leg] = &[leg(ALL, DIFFERENCE, STOCK)];
const WRITE_OFF: &[Leg] = &[leg(ALL, DIFFERENCE, LOST)];
const TAX: &[Leg] = &[leg(ALL, DIFFERENCE, OUTSIDE)];
const FIND: &[Leg] = &[leg(ALL, FOUND, SURPLUS)];
const ENTER: &[Leg] = &[leg(ALL, SURPLUS, STOCK)];
const FORGET: &[Leg] = &[leg(ALL, SURPLUS, FOUND)];

const ANY: When = When {
    line: None,
    usage: None,
    regime: None,
    mark: None,
    modes: None,
    related: None,
    exchange: None,
    made: None,
};
const FIRST_LINE: When = When { line: Some(Line::First), ..ANY };
const SECOND_LINE: When = When { line: Some(Line::Second), ..ANY };
const RELATED: When = When { related: Some(true), ..ANY };
/// Products that are made as they leave. Those made outside under a permit are in stock, and leave below like goods.
const PRODUCT: When = When {
    usage: Some(Usage::Processing),
    regime: Some(Regime::Bom),
    mark: Some(Mark::Product),
    made: Some(Made::Here),
    ..ANY
};
const RELATED_PRODUCT: When = When { related: Some(true), ..PRODUCT };
const EXCHANGED: When =
    When { regime: None, modes: Some(&["4400", "4600"]), exchange: Some(true), ..PRODUCT };
const SLIP_PRODUCT: When = When { regime: Some(Regime::Slip), ..PRODUCT };
const RELATED_SLIP_PRODUCT: When = When { related: Some(true), ..SLIP_PRODUCT };
const DESTROYED_SLIP_PRODUCT: When = When { modes: DESTROYED.modes, ..SLIP_PRODUCT };
const SOLD_PRODUCT: When = When { line: Some(Line::Second), ..PRODUCT };
const SOLD_SLIP_PRODUCT: When = When { line: Some(Line::Second), ..SLIP_PRODUCT };
const SOLD_FROM_STOCK: When = When { regime: None, made: None, ..SOLD_PRODUCT };
/// Products that leave from outside, whatever accounts for the materials that are in the zone.
const NOT_BACK: When = When { regime: None, related: Some(false), made: Some(Made::Outside), ..PRODUCT };
const LEASE: When = When { usage: Some(Usage::Lease), modes: Some(&["1500", "1523"]), ..ANY };
const BUY_OUT: When = When { usage: Some(Usage::Lease), modes: Some(&["0110"]), ..ANY };
const REPAIR: When = When { usage: Some(Usage::Repair), modes: Some(&["1371"]), ..ANY };
const RESIDUE: When = When { mark: Some(Mark::Residue), ..ANY };
const DESTROYED: When = When { modes: Some(&["0200", "0400"]), ..ANY };
/// Returned 4561; exchanged: products 4400 and 4600, materials 0300 and 0700 (`domain.md` 5.5).
const RETURNED: When = When { modes: Some(&["4561", "4400", "4600", "0300", "0700"]), ..ANY };
const RETURNED_PRODUCT: When = When { modes: RETURNED.modes, ..PRODUCT };
const RETURNED_SLIP_PRODUCT: When = When { modes: RETURNED.modes, ..SLIP_PRODUCT };
const DESTROYED_PRODUCT: When = When { modes: DESTROYED.modes, ..PRODUCT };

const DISPLAY: &[PermitKind] = &[PermitKind::Display];
const BATCH: &[PermitKind] = &[PermitKind::BatchedDelivery, PermitKind::GeneralTaxpayer];
/// Out and back, never sold; other purposes (H) likewise.
const EQUIPMENT: &[PermitKind] =
    &[PermitKind::EquipmentTest, PermitKind::EquipmentRepair, PermitKind::Mould, PermitKind::Other];
const MATERIALS: Option<Mark> = Some(Mark::Goods);
const PRODUCTS: Option<Mark> = Some(Mark::Product);
const OUTSOURCED: &[PermitKind] = &[PermitKind::OutsourcedProcessing];

const fn rule(row: MatrixRow, number: u8, of: Of, legs: &'static [Leg], posting: Posting) -> Rule {
    Rule {
        row,
        number,
        of,
        legs,
        bom_legs: NOTHING,
        result_legs: NOTHING,
        onward_legs: NOTHING,
        posting,
        claim: Claim::None,
        needs: &[],
        approvers: approvers(&of, posting),
        provenance: provenance(legs),
        deadlines: deadlines(&of),
    }
}

const CHECKED: &[Approver] = &[Approver::System];
const RELEASED: &[Approver] = &[Approver::System, Approver::Customs];
const RELEASED_AND_GATED: &[Approver] = &[Approver::System, Approver::Customs, Approver::Gate];
const GATED: &[Approver] = &[Approver::System, Approver::Gate];
const BOTH_ENDS: &[Approver] = &[Approver::Customs, Approver::Gate];
const AT_THE_GATE: &[Approver] = &[Approver::Gate];
const BY_CUSTOMS: &[Approver] = &[Approver::Customs];
const BY_ITSELF: &[Approver] = &[Approver::Enterprise];
const DESTROYING: &[Approver] = &[Approver::CustomsLevels(Parameter::DestructionLevels)];
const ABANDONING: &[Approver] = &[Approver::CustomsLevels(Parameter::AbandonmentLevels)];

/// Who lets movements go that are posted so; rows where the law asks somebody else say it by [`approved_by`].
const fn approvers(of: &Of, posting: Posting) -> &'static [Approver] {
    match (of, posting) {
        (Of::Decided(..) | Of::Filed(_), _) | (_, Posting::OnApproval | Posting::Reversal) => BY_CUSTOMS,
        (Of::Registration(_), _) => AT_THE_GATE,
        (_, Posting::AtBothGates) => RELEASED_AND_GATED,
        (_, Posting::AtRelease) => RELEASED,
        (_, Posting::AtGate) => GATED,
        (_, Posting::ThroughTransit) => BOTH_ENDS,
        (_, Posting::WithPartner | Posting::WithList) => CHECKED,
        (_, Posting::AtOnce) => BY_ITSELF,
    }
}

/// As the goods of the last leg come; rows whose goods go on as others say it by [`inherited`].
const fn provenance(legs: &[Leg]) -> Provenance {
    match legs {
        [] => Provenance::Nothing,
        [.., last] => match last.from {
            End::At(Place::Outside | Place::Found) => Provenance::Document,
            End::At(Place::Made) => Provenance::Converted,
            _ => Provenance::Taken,
        },
    }
}

/// What falls due of any list or slip; rows of which more falls due say it by [`due`].
const fn deadlines(of: &Of) -> &'static [DeadlineKind] {
    match of {
        Of::List(_, Direction::In, _) => STORED,
        Of::List(_, Direction::Out, _) => &[DeadlineKind::ListNotPosted],
        Of::Slip(..) => &[DeadlineKind::SlipNotPassed],
        Of::Filed(_) | Of::Decided(..) | Of::Registration(_) | Of::Other(_) => &[],
    }
}

const STORED: &[DeadlineKind] =
    &[DeadlineKind::ListNotPosted, DeadlineKind::StorageLimit, DeadlineKind::DangerousDwell];
/// In books that are not for storage.
const KEPT: &[DeadlineKind] = &[DeadlineKind::ListNotPosted, DeadlineKind::DangerousDwell];
const BACK: &[DeadlineKind] = &[
    DeadlineKind::ListNotPosted,
    DeadlineKind::ReturnNotBack,
    DeadlineKind::StorageLimit,
    DeadlineKind::DangerousDwell,
];
const BACK_OUT: &[DeadlineKind] = &[DeadlineKind::ListNotPosted, DeadlineKind::ReturnNotBack];
const ON_THE_WAY: &[DeadlineKind] = &[DeadlineKind::ListNotPosted, DeadlineKind::Transit];
const WITH_LESSEE: &[DeadlineKind] =
    &[DeadlineKind::ListNotPosted, DeadlineKind::LeaseRent, DeadlineKind::LeaseEnd];
const OUT_FOR_DAYS: &[DeadlineKind] = &[DeadlineKind::SlipNotPassed, DeadlineKind::TemporaryExit];
const DECLARED_LATER: &[DeadlineKind] = &[DeadlineKind::SlipNotPassed, DeadlineKind::BatchNotDeclared];
const DECIDED: &[DeadlineKind] = &[DeadlineKind::DisposalNotDecided];
const DECIDED_AND_DONE: &[DeadlineKind] =
    &[DeadlineKind::DisposalNotDecided, DeadlineKind::DestructionNotDone];
const COUNTED: &[DeadlineKind] = &[DeadlineKind::AdjustmentNotDecided];
const TALLIED: &[DeadlineKind] = &[DeadlineKind::TallyNotDecided];

const fn approved_by(approvers: &'static [Approver], rule: Rule) -> Rule {
    Rule { approvers, ..rule }
}

const fn inherited(rule: Rule) -> Rule {
    Rule { provenance: Provenance::Inherited, ..rule }
}

const fn due(deadlines: &'static [DeadlineKind], rule: Rule) -> Rule {
    Rule { deadlines, ..rule }
}

const fn needing(needs: &'static [Need], rule: Rule) -> Rule {
    Rule { needs, ..rule }
}

const fn claiming(claim: Claim, rule: Rule) -> Rule {
    Rule { claim, ..rule }
}

const fn by_bom(rule: Rule) -> Rule {
    Rule { bom_legs: USED, ..rule }
}

const fn by_bom_of_permit(rule: Rule) -> Rule {
    Rule { bom_legs: USED_ON_FORM, ..rule }
}

/// Sold at home; the list may need a licence.
const fn sale(rule: Rule) -> Rule {
    needing(&[Need::Licence], rule)
}

const fn on_form(rule: Rule) -> Rule {
    claiming(Claim::TransferForm, rule)
}

const fn of_catalogue(rule: Rule) -> Rule {
    needing(&[Need::RepairCatalogue], rule)
}

const fn making(rule: Rule) -> Rule {
    Rule { result_legs: MADE_TO_STOCK, ..rule }
}

const fn onward(rule: Rule) -> Rule {
    Rule { onward_legs: FROM_TRANSIT, ..due(ON_THE_WAY, rule) }
}

use DecisionOutcome as Outcome;
use Direction::{In, Out};
use ListKind::{
    Consolidated, Display, ECommerce, EnterThenDeclare, GeneralTaxpayer, IntraZoneTransfer, Normal,
    SimpleProcessing,
};
use MatrixRow as Row;
use Of::{Decided, Filed, List, Other, Registration, Slip};
use Posting::{
    AtBothGates, AtGate, AtOnce, AtRelease, OnApproval, Reversal, ThroughTransit, WithList, WithPartner,
};

/// The table. Of several rows that fit a list, the first counts: what is special stands above what is plain.
#[rustfmt::skip]
pub const MATRIX: &[Rule] = &[
    // Between zones.
    inherited(on_form(rule(Row::InterZoneIn,         7, List(Normal, In, RELATED),                IN,               ThroughTransit))),
    on_form(onward(by_bom(rule(Row::InterZoneProduct, 7, List(Normal, Out, RELATED_PRODUCT), MADE_TO_TRANSIT, ThroughTransit)))),
    on_form(onward(rule(Row::InterZoneSlipProduct, 7, List(Normal, Out, RELATED_SLIP_PRODUCT), MADE_TO_TRANSIT, ThroughTransit))),
    on_form(onward(rule(Row::InterZoneOut, 7, List(Normal, Out, RELATED),               TO_TRANSIT,       ThroughTransit))),
    // Inside a zone.
    // An asset that is out stays where it is, and changes its owner.
    due(KEPT, inherited(rule(Row::LeaseTradeIn,               14, List(IntraZoneTransfer, In, LEASE),       TO_NEW_LESSOR,    WithPartner))),
    rule(Row::LeaseTradeOut,              14, List(IntraZoneTransfer, Out, LEASE),      LEFT_WITH_LESSEE, WithPartner),
    inherited(rule(Row::IntraZoneIn,                 6, List(IntraZoneTransfer, In, ANY),         IN,               WithPartner)),
    by_bom(rule(Row::IntraZoneProduct,     6, List(IntraZoneTransfer, Out, PRODUCT),    MADE_OUT,         WithPartner)),
    rule(Row::IntraZoneSlipProduct,        6, List(IntraZoneTransfer, Out, SLIP_PRODUCT), MADE_OUT,       WithPartner),
    rule(Row::IntraZoneOut,                6, List(IntraZoneTransfer, Out, ANY),        OUT,              WithPartner),
    // Leasing.
    needing(&[Need::LeaseContract], due(WITH_LESSEE, rule(Row::LeaseOut,                   13, List(Normal, Out, LEASE),                 TO_LESSEE,        AtBothGates))),
    due(KEPT, needing(&[Need::RentDeclared], rule(Row::LeaseReturn,                14, List(Normal, In, LEASE),                  FROM_LESSEE,      AtBothGates))),
    needing(&[Need::RentDeclared, Need::Licence], rule(Row::LeaseBuyOut, 14, List(Normal, Out, BUY_OUT),               LEFT_WITH_LESSEE, AtRelease)),
    // Processing by work order: products are made into stock, and leave it below like goods.
    rule(Row::MaterialIssue,               8, Other("goods issued to a work order"), ISSUED,           AtOnce),
    rule(Row::MaterialReturn,              8, Other("goods that a work order gives back"), GIVEN_BACK,       AtOnce),
    rule(Row::OrderUse,                    8, Other("goods that a work order used"), USED_IN_PROCESS,  AtOnce),
    rule(Row::OrderOutput,                 8, Other("products and residues of a work order"), MADE_TO_STOCK,    AtOnce),
    approved_by(BY_ITSELF, rule(Row::OrderCounter,                8, Other("counter-event of a work order"), NOTHING,          Reversal)),
    // Processing by BOM or slip, research, repair.
    claiming(Claim::Exchange, rule(Row::ExchangeOut, 9, List(Normal, Out, EXCHANGED),   OUT,              AtBothGates)),
    by_bom(rule(Row::ProductDestruction,   9, List(Normal, Out, DESTROYED_PRODUCT),     MADE_OUT,         AtRelease)),
    due(BACK_OUT, claiming(Claim::Original, by_bom(rule(Row::ReturnProduct, 27, List(Normal, Out, RETURNED_PRODUCT), MADE_OUT, AtBothGates)))),
    sale(by_bom(rule(Row::ProductOut,           9, List(Normal, Out, PRODUCT),               MADE_OUT,         AtBothGates))),
    due(BACK_OUT, claiming(Claim::Original, rule(Row::ReturnSlipProduct, 27, List(Normal, Out, RETURNED_SLIP_PRODUCT), MADE_OUT, AtBothGates))),
    rule(Row::SlipProductDestruction,     10, List(Normal, Out, DESTROYED_SLIP_PRODUCT), MADE_OUT,        AtRelease),
    sale(rule(Row::SlipProductOut,             10, List(Normal, Out, SLIP_PRODUCT),          MADE_OUT,         AtBothGates)),
    approved_by(BY_CUSTOMS, rule(Row::SlipUse,                    10, Other("materials of a consumption slip"), USED,             AtOnce)),
    approved_by(BY_CUSTOMS, rule(Row::ScrapMade,                  10, Other("residues of a consumption slip"), MADE_TO_SCRAP,    AtOnce)),
    approved_by(BY_CUSTOMS, rule(Row::SlipCounter,                    10, Other("change or end of a consumption slip"), NOTHING,       Reversal)),
    rule(Row::ResearchUse,                11, Other("materials of a consumption slip; book RND"), USED,             AtOnce),
    rule(Row::PrototypeMade,              11, Other("products of a consumption slip; book RND"), MADE_TO_STOCK,    AtOnce),
    rule(Row::PartFitted,                 12, Other("new parts of a part swap"),    USED,             AtOnce),
    inherited(rule(Row::PartRemoved,                12, Other("old parts of a part swap"),    MADE_TO_REMOVED,  AtOnce)),
    // What ends here.
    rule(Row::Destruction,                23, List(Normal, Out, DESTROYED),             OUT,              AtRelease),
    rule(Row::ResidueOut,                 22, List(Normal, Out, RESIDUE),               OUT,              AtBothGates),
    // Across the fence.
    due(KEPT, of_catalogue(rule(Row::RepairIn,      12, List(Normal, In, REPAIR),                 IN,               AtBothGates))),
    of_catalogue(rule(Row::RepairOut,     12, List(Normal, Out, REPAIR),                OUT,              AtBothGates)),
    due(BACK, claiming(Claim::Original, rule(Row::ReturnIn,  27, List(Normal, In, RETURNED),   IN,               AtBothGates))),
    due(BACK_OUT, claiming(Claim::Original, rule(Row::ReturnOut, 27, List(Normal, Out, RETURNED),  OUT,              AtBothGates))),
    // Made outside and not back: the approval is for plain exits, so that it stands below returns and destruction.
    sale(claiming(Claim::DirectExit, by_bom_of_permit(rule(Row::DirectExit, 17, List(Normal, Out, NOT_BACK), MADE_OUT, AtRelease)))),
    rule(Row::FirstLineIn,                 1, List(Normal, In, FIRST_LINE),             IN,               AtBothGates),
    rule(Row::FirstLineOut,                2, List(Normal, Out, FIRST_LINE),            OUT,              AtBothGates),
    rule(Row::SecondLineIn,                4, List(Normal, In, SECOND_LINE),            IN,               AtBothGates),
    sale(rule(Row::SecondLineOut,               5, List(Normal, Out, SECOND_LINE),           OUT,              AtBothGates)),
    // Products sold at home by a general taxpayer, under a list kind of their own.
    sale(by_bom(rule(Row::TaxpayerSale,         5, List(GeneralTaxpayer, Out, SOLD_PRODUCT),  MADE_OUT,        AtBothGates))),
    sale(rule(Row::TaxpayerSlipSale,            5, List(GeneralTaxpayer, Out, SOLD_SLIP_PRODUCT), MADE_OUT,    AtBothGates)),
    sale(rule(Row::TaxpayerStockSale,           5, List(GeneralTaxpayer, Out, SOLD_FROM_STOCK), OUT,           AtBothGates)),
    // The gate before the list.
    due(&[DeadlineKind::SuspenseNotDeclared], approved_by(AT_THE_GATE, rule(Row::SuspenseEntry,               3, Other("passage of a pass on a bill of lading"), TO_SUSPENSE,      AtOnce))),
    claiming(Claim::Bill,    rule(Row::EnterThenDeclare, 3, List(EnterThenDeclare, In, ANY), FROM_SUSPENSE, AtRelease)),
    // Under a permit.
    due(DECLARED_LATER, rule(Row::BatchOut,                   19, Slip(BATCH, Out, None),                   SHIP,             AtGate)),
    rule(Row::BatchBack,                  19, Slip(BATCH, In, None),                    TAKE_BACK,        AtGate),
    sale(claiming(Claim::Slips,   rule(Row::Consolidated, 19, List(Consolidated, Out, ANY),  DECLARE_SHIPPED,  AtRelease))),
    due(OUT_FOR_DAYS, rule(Row::DisplayOut,                 15, Slip(DISPLAY, Out, None),                 SEND_ON_FORM,     AtGate)),
    rule(Row::DisplayBack,                15, Slip(DISPLAY, In, None),                  BACK_ON_FORM,     AtGate),
    sale(claiming(Claim::Permit,  rule(Row::DisplaySale, 15, List(Display, Out, ANY),        SELL_ON_FORM,     AtRelease))),
    due(OUT_FOR_DAYS, rule(Row::EquipmentOut,               16, Slip(EQUIPMENT, Out, None),               SEND_ON_FORM,     AtGate)),
    rule(Row::EquipmentBack,              16, Slip(EQUIPMENT, In, None),                BACK_ON_FORM,     AtGate),
    due(OUT_FOR_DAYS, rule(Row::OutsourcedOut,              17, Slip(OUTSOURCED, Out, MATERIALS),         SEND_ON_FORM,     AtGate)),
    rule(Row::OutsourcedBack,             17, Slip(OUTSOURCED, In, MATERIALS),          BACK_ON_FORM,     AtGate),
    by_bom_of_permit(rule(Row::OutsourcedProduct, 17, Slip(OUTSOURCED, In, PRODUCTS),   MADE_TO_STOCK,    AtGate)),
    approved_by(BY_CUSTOMS, rule(Row::LeftOutside,                17, Other("what stays outside when a permit is closed"), SELL_ON_FORM,     AtOnce)),
    claiming(Claim::Processing, making(rule(Row::SimpleProcessing, 18, List(SimpleProcessing, Out, ANY), USED, AtRelease))),
    // Electronic commerce.
    due(&[DeadlineKind::ParcelNotListed], rule(Row::ParcelOut,                  20, Other("a parcel"),                    OUT,              WithList)),
    claiming(Claim::Parcels, rule(Row::ParcelsGathered, 20, List(ECommerce, Out, ANY),  NOTHING,          AtBothGates)),
    approved_by(BY_CUSTOMS, inherited(rule(Row::ECommerceReturn,            21, Other("goods of a delivered parcel, found in order"), IN,           AtOnce))),
    // Destroyed, lost, abandoned.
    due(DECIDED_AND_DONE, approved_by(DESTROYING, rule(Row::DestructionApproved,        23, Filed(Matter::Destruction),                             SET_ASIDE,     OnApproval))),
    rule(Row::DestructionExecuted,        23, Other("an approved destruction, carried out"),          DESTROY,       AtOnce),
    rule(Row::DestructionResidue,         23, Other("what is left of destroyed goods"),               MADE_TO_STOCK, AtOnce),
    rule(Row::DestructionReturned,        23, Other("an approved destruction, withdrawn"),            SET_BACK,      AtOnce),
    due(DECIDED, rule(Row::ForceMajeureReported,       24, Filed(Matter::LossForceMajeure),                        MISS,          AtOnce)),
    rule(Row::ForceMajeureWrittenOff,     24, Decided(Matter::LossForceMajeure, Outcome::WrittenOff), WRITE_OFF,     AtOnce),
    rule(Row::ForceMajeureTaxed,          24, Decided(Matter::LossForceMajeure, Outcome::Taxed),      TAX,           AtOnce),
    rule(Row::ForceMajeureReturned,       24, Decided(Matter::LossForceMajeure, Outcome::Returned),   FIND_AGAIN,    AtOnce),
    due(DECIDED, rule(Row::LossReported,               25, Filed(Matter::LossOther),                               MISS,          AtOnce)),
    rule(Row::LossTaxed,                  25, Decided(Matter::LossOther, Outcome::Taxed),             TAX,           AtOnce),
    rule(Row::LossReturned,               25, Decided(Matter::LossOther, Outcome::Returned),          FIND_AGAIN,    AtOnce),
    due(DECIDED, approved_by(ABANDONING, rule(Row::AbandonmentApproved,        26, Filed(Matter::Abandonment),                             SET_ASIDE,     OnApproval))),
    rule(Row::AbandonmentTakenOver,       26, Decided(Matter::Abandonment, Outcome::TakenOver),       HAND_OVER,     AtOnce),
    rule(Row::AbandonmentReturned,        26, Decided(Matter::Abandonment, Outcome::Returned),        SET_BACK,      AtOnce),
    // Counted.
    due(COUNTED, rule(Row::ShortageCounted,            30, Filed(Matter::Shortage),                                MISS,          AtOnce)),
    rule(Row::ShortageWrittenOff,         30, Decided(Matter::Shortage, Outcome::WrittenOff),         WRITE_OFF,     AtOnce),
    rule(Row::ShortageTaxed,              30, Decided(Matter::Shortage, Outcome::Taxed),              TAX,           AtOnce),
    rule(Row::ShortageReturned,           30, Decided(Matter::Shortage, Outcome::Returned),           FIND_AGAIN,    AtOnce),
    due(COUNTED, rule(Row::SurplusCounted,             30, Filed(Matter::Surplus),                                 FIND,          AtOnce)),
    rule(Row::SurplusEntered,             30, Decided(Matter::Surplus, Outcome::Entered),             ENTER,         AtOnce),
    rule(Row::SurplusRejected,            30, Decided(Matter::Surplus, Outcome::Rejected),            FORGET,        AtOnce),
    // Goods by status.
    rule(Row::NonBondedIn,                28, Registration(In),                         IN,               AtOnce),
    rule(Row::NonBondedOut,               28, Registration(Out),                        OUT,              AtOnce),
    approved_by(BY_CUSTOMS, rule(Row::StatusLeft,                 29, Other("change of status, the book that goods leave"), OUT,              AtOnce)),
    approved_by(BY_CUSTOMS, rule(Row::StatusEntered,              29, Other("change of status, the book that goods enter"), IN,               AtOnce)),
    // From a book to the one that succeeds it.
    approved_by(BY_CUSTOMS, rule(Row::CarryOut,                    6, Other("carry-over to a successor, the book that is succeeded"), OUT,  AtOnce)),
    approved_by(BY_CUSTOMS, inherited(rule(Row::CarryIn,                     6, Other("carry-over to a successor, the book that succeeds"),     IN,   AtOnce))),
    // Back, and other than listed.
    due(TALLIED, rule(Row::TallyShort,                 30, Filed(Matter::TallyShortage),                           MISS,          AtOnce)),
    rule(Row::TallyShortWrittenOff,       30, Decided(Matter::TallyShortage, Outcome::WrittenOff),    WRITE_OFF,     AtOnce),
    rule(Row::TallyShortTaxed,            30, Decided(Matter::TallyShortage, Outcome::Taxed),         TAX,           AtOnce),
    rule(Row::TallyShortReturned,         30, Decided(Matter::TallyShortage, Outcome::Returned),      FIND_AGAIN,    AtOnce),
    approved_by(BY_CUSTOMS, rule(Row::TallyUnshipped,             30, Other("what a list E did not ship by its accepted tally: its legs the other way"), NOTHING, AtOnce)),
    rule(Row::Correction,                 31, Other("correction of a posted list: its legs the other way"), NOTHING, OnApproval),
    // By override of customs.
    approved_by(BY_CUSTOMS, rule(Row::Overdrawn,                  32, Other("a list that takes what is not there, by override of customs: beside its own row"), NOTHING, AtOnce)),
    rule(Row::Withdrawal,                 31, Other("withdrawal, return or change of a list"), NOTHING,          Reversal),
];

/// Transport modes that cross the border (`domain.md` 5.5): water, rail, road, air, post, passenger, fixed installation.
const FIRST_LINE_TRANSPORT: &[&str] = &["2", "3", "4", "5", "6", "L", "G"];

/// Which side of the fence a transport mode crosses.
#[must_use]
pub fn line_of(transport: &str) -> Line {
    if FIRST_LINE_TRANSPORT.contains(&transport) { Line::First } else { Line::Second }
}

impl When {
    /// Whether a list meets the conditions.
    #[must_use]
    pub fn holds(&self, case: &ListCase<'_>) -> bool {
        self.line.is_none_or(|line| line == line_of(case.transport))
            && self.usage.is_none_or(|usage| usage == case.usage)
            && self.regime.is_none_or(|regime| regime == case.regime)
            && self.mark.is_none_or(|mark| mark == case.mark)
            && self.modes.is_none_or(|modes| modes.contains(&case.mode))
            && self.related.is_none_or(|related| related == case.related)
            && self.exchange.is_none_or(|exchange| exchange == case.exchange)
            && self.made.is_none_or(|made| made == case.made)
    }
}

/// The rule of a list, if there is one.
#[must_use]
pub fn rule_of_list(case: &ListCase<'_>) -> Option<&'static Rule> {
    MATRIX.iter().find(|rule| match rule.of {
        List(kind, direction, when) => (kind, direction) == (case.kind, case.direction) && when.holds(case),
        _ => false,
    })
}

/// The rule of a line of a slip, if permits of that kind have slips with such lines.
#[must_use]
pub fn rule_of_slip(kind: PermitKind, direction: Direction, mark: Mark) -> Option<&'static Rule> {
    MATRIX.iter().find(|rule| match rule.of {
        Slip(kinds, of, only) => {
            of == direction && kinds.contains(&kind) && only.is_none_or(|only| only == mark)
        }
        _ => false,
    })
}

/// The rule of lines about a matter; a test checks that every matter has one.
#[must_use]
pub fn rule_of_matter(matter: Matter) -> Option<&'static Rule> {
    MATRIX.iter().find(|rule| matches!(rule.of, Filed(of) if of == matter))
}

/// The rule of a decision, if customs may decide so.
#[must_use]
pub fn rule_of_decision(matter: Matter, outcome: DecisionOutcome) -> Option<&'static Rule> {
    MATRIX.iter().find(|rule| matches!(rule.of, Decided(of, with) if (of, with) == (matter, outcome)))
}

/// What customs may decide on a matter.
pub fn outcomes_of(matter: Matter) -> impl Iterator<Item = DecisionOutcome> {
    MATRIX.iter().filter_map(move |rule| match rule.of {
        Decided(of, outcome) if of == matter => Some(outcome),
        _ => None,
    })
}
/// The rule of a gate registration.
#[must_use]
pub fn rule_of_registration(direction: Direction) -> Option<&'static Rule> {
    MATRIX.iter().find(|rule| matches!(rule.of, Registration(of) if of == direction))
}

/// The rule of a row; a test checks that every row has one.
#[must_use]
pub fn rule_of_row(row: MatrixRow) -> Option<&'static Rule> {
    MATRIX.iter().find(|rule| rule.row == row)
}

impl Rule {
    /// Whether goods of this row pass a gate before it is posted.
    #[must_use]
    pub const fn needs_gate(&self) -> bool {
        matches!(self.posting, AtBothGates | AtGate | ThroughTransit)
    }

    /// Whether goods come into the book that were in no place of it with lots: each of its lines brings a lot, or opens a
    /// row.
    #[must_use]
    pub fn brings_goods(&self) -> bool {
        let outside = |end| matches!(end, End::At(place) if !place.keeps_lots());
        self.legs.iter().any(|leg| [STOCK, LEASED].contains(&leg.to) && outside(leg.from))
    }

    /// Whether its goods stand in stock before it: what they are made of was used when they came there.
    #[must_use]
    pub fn takes_from_stock(&self) -> bool {
        self.legs.iter().any(|leg| leg.from == STOCK)
    }

    /// Where its goods, those of materials included, are taken from lots.
    #[must_use]
    pub fn lot_source(&self) -> LotSource {
        let mut source = LotSource::Nowhere;
        for leg in self.legs.iter().chain(self.bom_legs) {
            match leg.from {
                End::Stock => return LotSource::Stock,
                End::At(place) if place.keeps_lots() => source = LotSource::Elsewhere,
                End::At(_) => {}
            }
        }
        source
    }

    /// Whether it asks for something besides.
    #[must_use]
    pub fn needs(&self, need: Need) -> bool {
        self.needs.contains(&need)
    }

    /// Whether something falls due while it waits, or after it.
    #[must_use]
    pub fn runs(&self, deadline: DeadlineKind) -> bool {
        self.deadlines.contains(&deadline)
    }

    /// The parameter that says how many levels of customs let it go, where there are levels.
    #[must_use]
    pub fn levels(&self) -> Option<Parameter> {
        self.approvers.iter().find_map(|approver| match approver {
            Approver::CustomsLevels(parameter) => Some(*parameter),
            _ => None,
        })
    }

    /// Whether its goods come to a place, or leave it.
    #[must_use]
    pub fn touches(&self, place: Place) -> bool {
        self.legs.iter().any(|leg| [leg.from, leg.to].contains(&End::At(place)))
    }

    /// Whether its goods leave a place; taken back, whether they came to it.
    #[must_use]
    pub fn leaves(&self, place: Place, back: bool) -> bool {
        self.legs.iter().any(|leg| (if back { leg.to } else { leg.from }) == End::At(place))
    }

    /// The supervision modes of its lists, where these matter.
    #[must_use]
    pub const fn modes(&self) -> Option<&'static [&'static str]> {
        match self.of {
            List(_, _, when) => when.modes,
            _ => None,
        }
    }

    /// Whether goods of its lists are counted before it is posted: those that pass a gate, and those that come from another
    /// book of the zone, unless the list answers to something as a whole.
    #[must_use]
    pub const fn is_tallied(&self) -> bool {
        match self.posting {
            AtBothGates | AtGate => matches!(self.claim, Claim::None | Claim::Original | Claim::Exchange),
            ThroughTransit => true,
            WithPartner => matches!(self.row, Row::IntraZoneIn),
            _ => false,
        }
    }

    /// Whether it waits for a list in another book.
    #[must_use]
    pub const fn is_paired(&self) -> bool {
        matches!(self.posting, WithPartner | ThroughTransit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_one_rule() {
        for row in MatrixRow::ALL {
            assert_eq!(MATRIX.iter().filter(|rule| rule.row == *row).count(), 1, "{row}");
        }
    }

    /// What a book is for and how its materials are accounted for, as far as the two go together.
    fn books() -> impl Iterator<Item = (Usage, Regime)> {
        let regimes = |usage: &'static Usage| Regime::ALL.iter().map(move |regime| (*usage, *regime));
        let pairs = Usage::ALL.iter().flat_map(regimes);
        pairs.filter(|(usage, regime)| *usage == Usage::Processing || *regime == Regime::Bom)
    }

    fn cases() -> impl Iterator<Item = ListCase<'static>> {
        let modes = ["5034", "1371", "1500", "0110", "0200", "0400", "4561", "4600"];
        let roads = [("2", false), ("9", false), ("2", true), ("9", true)];
        let mut cases = Vec::new();
        for (kind, direction) in ListKind::ALL
            .iter()
            .flat_map(|kind| Direction::ALL.iter().map(move |direction| (*kind, *direction)))
        {
            for (usage, regime) in books() {
                for (mark, mode) in Mark::ALL.iter().flat_map(|mark| modes.map(move |mode| (*mark, mode))) {
                    for (transport, related) in roads {
                        let made = [Made::Here, Made::OutsideAndBack, Made::Outside];
                        for (exchange, made) in
                            made.into_iter().flat_map(|made| [(false, made), (true, made)])
                        {
                            cases.push(ListCase {
                                kind,
                                direction,
                                usage,
                                regime,
                                mark,
                                mode,
                                transport,
                                related,
                                exchange,
                                made,
                            });
                        }
                    }
                }
            }
        }
        cases.into_iter()
    }

    #[test]
    fn a_list_has_a_row_exactly_when_its_kind_and_direction_are_in_the_rules() {
        let known = [
            (Normal, In),
            (Normal, Out),
            (Consolidated, Out),
            (EnterThenDeclare, In),
            (SimpleProcessing, Out),
            (Display, Out),
            (IntraZoneTransfer, In),
            (IntraZoneTransfer, Out),
            (ECommerce, Out),
        ];
        for case in cases() {
            let found = rule_of_list(&case).is_some();
            let product = (case.usage, case.mark) == (Usage::Processing, Mark::Product);
            let sold = (case.kind, case.direction) == (GeneralTaxpayer, Out)
                && product
                && line_of(case.transport) == Line::Second;
            assert_eq!(found, sold || known.contains(&(case.kind, case.direction)), "{case:?}");
        }
    }

    #[test]
    fn no_row_of_a_list_stands_in_the_shadow_of_those_above() {
        let reached: Vec<MatrixRow> =
            cases().filter_map(|case| rule_of_list(&case)).map(|rule| rule.row).collect();
        for rule in MATRIX.iter().filter(|rule| matches!(rule.of, List(..))) {
            assert!(reached.contains(&rule.row), "{} is never reached", rule.row);
        }
    }

    #[test]
    fn legs_move_each_component_exactly_once() {
        let moving = MATRIX.iter().filter(|rule| !rule.legs.is_empty() && rule.row != Row::SuspenseEntry);
        for rule in moving {
            for unit in Unit::ALL {
                let legs = rule.legs.iter().filter(|leg| leg.units.contains(&unit));
                assert_eq!(legs.count(), 1, "{} {unit}", rule.row);
            }
        }
    }

    #[test]
    fn every_matter_is_filed_by_one_row_and_decided_where_that_row_left_the_goods() {
        for matter in Matter::ALL {
            let filing = MATRIX.iter().filter(|rule| matches!(rule.of, Filed(of) if of == *matter));
            assert_eq!(filing.count(), 1, "{matter}");
            let left = rule_of_matter(*matter).and_then(|rule| rule.legs.first()).map(|leg| leg.to);
            for outcome in outcomes_of(*matter) {
                let decided = rule_of_decision(*matter, outcome).and_then(|rule| rule.legs.first());
                assert_eq!(decided.map(|leg| leg.from), left, "{matter} {outcome}");
            }
            assert_eq!(outcomes_of(*matter).count() == 0, *matter == Matter::Destruction, "{matter}");
        }
    }

    #[test]
    fn what_goes_into_transit_comes_out_of_it() {
        for rule in MATRIX {
            let into = rule.legs.iter().any(|leg| leg.to == TRANSIT);
            assert_eq!(into, !rule.onward_legs.is_empty(), "{}", rule.row);
        }
    }

    #[test]
    fn goods_are_what_the_places_they_come_from_say() {
        for rule in MATRIX {
            let (brings, provenance) = (rule.brings_goods(), rule.provenance);
            match provenance {
                Provenance::Nothing => assert!(rule.legs.is_empty(), "{}", rule.row),
                // What is taken is in lots already, and begins none.
                Provenance::Taken => assert!(!brings, "{}", rule.row),
                Provenance::Converted => assert!(rule.leaves(Place::Made, false), "{}", rule.row),
                Provenance::Document | Provenance::Inherited => {
                    assert_eq!(rule.lot_source(), LotSource::Nowhere, "{}", rule.row);
                }
            }
        }
    }

    #[test]
    fn who_lets_a_movement_go_is_who_the_posting_waits_for() {
        for rule in MATRIX {
            let by = |one: Approver| rule.approvers.contains(&one);
            assert_eq!(rule.needs_gate(), by(Approver::Gate) && rule.posting != AtOnce, "{}", rule.row);
            if matches!(rule.of, Decided(..)) {
                assert!(by(Approver::Customs), "{}", rule.row);
            }
            if rule.posting == OnApproval {
                assert!(by(Approver::Customs) || rule.levels().is_some(), "{}", rule.row);
            }
        }
    }

    #[test]
    fn only_what_waits_for_approval_is_approved_by_levels() {
        for rule in MATRIX.iter().filter(|rule| rule.levels().is_some()) {
            assert_eq!(rule.posting, OnApproval, "{}", rule.row);
        }
        for need in [Need::Licence, Need::RepairCatalogue, Need::LeaseContract, Need::RentDeclared] {
            assert!(MATRIX.iter().any(|rule| rule.needs(need)), "{need:?}");
        }
    }

    #[test]
    fn what_goods_wait_for_falls_due_by_some_row() {
        use DeadlineKind::{
            BookExpiry, DifferenceUndecided, PermitExpiry, TransferFormExpiry, VerificationCycle,
        };
        // Of books, permits and forms, and of differences that move nothing until an adjustment cites them.
        let of_no_row =
            [BookExpiry, DifferenceUndecided, PermitExpiry, TransferFormExpiry, VerificationCycle];
        for kind in DeadlineKind::ALL {
            let of_some = MATRIX.iter().any(|rule| rule.runs(*kind));
            assert_ne!(of_some, of_no_row.contains(kind), "{kind}");
        }
        for rule in MATRIX {
            let answers = rule.claim == Claim::Original;
            assert_eq!(rule.runs(DeadlineKind::ReturnNotBack), answers, "{}", rule.row);
        }
    }
}
