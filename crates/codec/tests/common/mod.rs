//! One row and one key of every kind, made from a few values.

use std::collections::BTreeMap;
use std::sync::Arc;
use zonebook_codec::key::table;
use zonebook_ledger::bom::{Bom, BomKey, BomLine};
use zonebook_ledger::bom_standing::{
    BomChallenge, BomLimit, BomOutcome, BomSettlement, BomStanding, BomValidity, Taken,
};
use zonebook_ledger::book::{Book, BookKind, BookingMode, Case, Paper, Regime, Usage};
use zonebook_ledger::calendar::CalendarYear;
use zonebook_ledger::campaign::{Campaign, CountKey, Counted, SheetKey, TakenSheet};
use zonebook_ledger::carry_over::CarryOver;
use zonebook_ledger::code::*;
use zonebook_ledger::command::{BookAction, BookOrder, RequestId};
use zonebook_ledger::correction::{CorrectedPart, CorrectedSide, Correction, Undone};
use zonebook_ledger::counters::Counters;
use zonebook_ledger::credit::CreditLevel;
use zonebook_ledger::customs_result::{CustomsResult, CustomsResultKind, ReceiptDifference};
use zonebook_ledger::deadline::{self, DeadlineKey, DeadlineKind, DeadlineRow, OverdueRecord};
use zonebook_ledger::difference::{
    Assigned, Basis, Class, Decided, DifferenceRef, DifferenceReport, DifferenceState, KeptDifference,
    Settled,
};
use zonebook_ledger::direct_exit::{DirectExit, DirectExitGrant, DirectExitLine, Revocation};
use zonebook_ledger::direction::{Direction, Mark, Stops};
use zonebook_ledger::disposal::{
    Adjustment, Approval, Disposal, KeptDecision, KeptDecisionLine, OpenGoods, TaxBasis,
};
use zonebook_ledger::document::{
    AdjustmentFiling, AdjustmentLine, Binding, BuyerHash, CampaignClosing, CampaignOpening, CarryOverFiling,
    CarryOverLine, ConsumptionFiling, CorrectionFiling, CountPlace, CountScope, DecisionOutcome,
    DeclarationType, DeclaredItem, DestructionResidue, Difference, DifferenceDecision, DifferenceLine,
    DifferenceOutcome, DisposalFiling, DisposalKind, DisposalLine, DutyMode, Evidence, EvidenceKind,
    Execution, Figure, FlowType, ItemRange, LeftGround, LeftOutside, LinePart, LinkedType, ListKind,
    ListLine, NamedGoods, Observation, OrderEvent, OrderGoods, OrderOutput, OrderProduct, OrderQuantities,
    OrderReport, OrderResidue, OrderStatement, OrderUse, ParcelLine, ParcelReturnFiling, PassLine, PassType,
    PassageReport, PassageStage, PaymentStatement, PermitBomLine, PermitKind, PermitLine, PlannedProduct,
    Prototype, Provenance, RegistrationFiling, Rent, RentedUnit, Research, Residue, ReturnedLine,
    SaleCitation, SaleKey, SlipLine, Stake, StatusChangeFiling, StatusChangeLine, StatusLine, TallyFiling,
    TransferEnd, TransferFormContent, TransferFormLine, UsedMaterial, VerificationFiling, VerificationKind,
    VerificationStep, WaybillKey, WaybillStatement, Weights, WorkOrderOpening,
};
use zonebook_ledger::event::{
    Action, CommandKind, Delivery, Event, JournalKey, JournalRow, SeenMessage, SeenRequest, Step,
};
use zonebook_ledger::guarantee::{Guarantee, GuaranteeEntry, GuaranteeMove};
use zonebook_ledger::hold::{DocumentHold, HeldKind};
use zonebook_ledger::item::{Item, ItemKey, ResidueKind, Units};
use zonebook_ledger::layer::{
    Allocation, AllocationKey, Layer, LayerId, LayerKey, LayerMoment, Lot, LotMethod, LotShare, NamedLot,
    StackKey,
};
use zonebook_ledger::lease::{Closed, Lease, LeaseRent, RentDeclared};
use zonebook_ledger::licence::{Licence, LicenceDraw, LicenceEntry, LicenceGrant, LicenceMove};
use zonebook_ledger::matrix::MatrixRow;
use zonebook_ledger::measure::{Measure, Unit};
use zonebook_ledger::message::Label;
use zonebook_ledger::movement::{DocumentState, GateProgress, Gathered, MaterialUse, Movement, MovementLine};
use zonebook_ledger::mover::{Mover, MoverType};
use zonebook_ledger::original::Original;
use zonebook_ledger::outcome::{Changed, Outcome, Revision, Verdict};
use zonebook_ledger::overdraft::{Overdraft, OverdraftGiven, OverdraftLimit, OverdraftOrder, OverdraftTaken};
use zonebook_ledger::own_group::{OwnGroupEntry, OwnGroupFact};
use zonebook_ledger::parameter::Parameter;
use zonebook_ledger::parcel::{Parcel, ParcelGoods, ParcelReturn, Returned};
use zonebook_ledger::party::Party;
use zonebook_ledger::pass::{BillBalance, Declaration, HeldReports, Pass};
use zonebook_ledger::period::{LastClosed, Period, StepTaken};
use zonebook_ledger::permission::{Principal, Role};
use zonebook_ledger::permit::{Permit, PermitUse, Slip, SlipGoods};
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::{Factor, Quantity};
use zonebook_ledger::reason::Reason;
use zonebook_ledger::receipt::{Filing, Mailbox, Receipt, ReceiptKind, Recipient, Ruling};
use zonebook_ledger::reference::{Reference, ReferenceKey, ReferenceKind, ReferenceRow, Tariff};
use zonebook_ledger::refusal::Refusal;
use zonebook_ledger::returns::ReturnedShare;
use zonebook_ledger::sale::{Said, Sale};
use zonebook_ledger::settlement::{Consumption, ConsumptionStanding, Verification};
use zonebook_ledger::standing::{Conditional, Order, OrderGiven, Standing, TallyResult};
use zonebook_ledger::state::{Head, Key, Row};
use zonebook_ledger::status::{Registration, StatusChange};
use zonebook_ledger::tally::{ShortGoods, Tally};
use zonebook_ledger::time::{Date, Instant, LocalTime, UtcOffset};
use zonebook_ledger::tolerance::Tolerance;
use zonebook_ledger::transfer_form::{FormDraw, ListedQuantity, TransferForm};
use zonebook_ledger::unit::UnitReceipt;
use zonebook_ledger::work_order::{OrderEntry, OrderMove, OrderStock, WorkOrder};
use zonebook_ledger::zone::{Conversion, Zone, ZoneKind, ZoneState};

/// What rows and keys are made from.
#[derive(Clone, Debug)]
pub struct Seed {
    /// A text that is a code: one to three characters.
    pub code: String,
    /// Any text.
    pub text: String,
    /// A count.
    pub number: u64,
    /// A quantity in 1/100,000.
    pub raw: i128,
    /// Whether optional parts are there.
    pub full: bool,
}

impl Seed {
    fn quantity(&self, step: i128) -> Quantity {
        Quantity::from_raw(self.raw.wrapping_add(step))
    }

    fn measure(&self, step: i128) -> Measure {
        Measure::new(self.quantity(step), Quantity::ZERO, self.quantity(-step), self.quantity(step << 70))
    }

    fn counters(&self) -> Counters {
        Counters {
            increase_pending: self.measure(1),
            increase_posted: if self.full { self.measure(300) } else { Measure::ZERO },
            decrease_pending: Measure::ZERO,
            decrease_posted: self.measure(-7),
        }
    }

    fn local(&self) -> LocalTime {
        LocalTime(self.number.cast_signed())
    }

    fn instant(&self) -> Instant {
        Instant(self.number.cast_signed())
    }

    fn day(&self) -> Date {
        Date(self.raw as i32)
    }

    fn optional<T>(&self, value: T) -> Option<T> {
        self.full.then_some(value)
    }

    fn digest(&self) -> [u8; 32] {
        let mut digest = [0; 32];
        digest[..8].copy_from_slice(&self.number.to_le_bytes());
        digest
    }

    fn units(&self) -> Units {
        let unit = UnitCode::new("035").unwrap();
        Units { declared: unit.clone(), statutory1: unit.clone(), statutory2: self.optional(unit) }
    }

    fn stops(&self) -> Stops {
        Stops { inward: self.full, outward: !self.full, changes: self.full }
    }

    fn direction(&self) -> Direction {
        if self.full { Direction::In } else { Direction::Out }
    }

    fn book_no(&self) -> BookNo {
        BookNo::new(&self.code).unwrap()
    }

    fn list_no(&self) -> ListNo {
        ListNo::new(&self.code).unwrap()
    }

    fn pass_no(&self) -> PassNo {
        PassNo::new(&self.code).unwrap()
    }

    fn lots(&self) -> Vec<NamedLot> {
        let lot = LotNo::new(&self.code).unwrap();
        vec![NamedLot { line: self.number, material: self.optional(self.number), lot }]
    }

    fn mover(&self) -> Mover {
        let kind = MoverType::ALL[self.number as usize % MoverType::ALL.len()];
        Mover { number: self.document_no(), kind, event: self.number }
    }

    fn licence_no(&self) -> LicenceNo {
        LicenceNo::new(&self.code).unwrap()
    }

    fn document_no(&self) -> DocumentNo {
        DocumentNo::new(&self.code).unwrap()
    }

    fn principal(&self) -> Principal {
        Principal(self.text.as_str().into())
    }

    fn recipient(&self) -> Recipient {
        if self.full {
            Recipient::Party(CustomsNo::new(&self.code).unwrap())
        } else {
            Recipient::Office(OfficeCode::new(&self.code.chars().take(1).collect::<String>()).unwrap())
        }
    }

    fn mark(&self) -> Mark {
        Mark::ALL[self.number as usize % Mark::ALL.len()]
    }

    fn transfer_form_no(&self) -> TransferFormNo {
        TransferFormNo::new(&self.code).unwrap()
    }

    fn sale(&self) -> SaleKey {
        SaleKey {
            platform: TraderCode::new(&self.code).unwrap(),
            order_no: OrderNo::new(&self.code).unwrap(),
        }
    }

    fn waybill(&self) -> WaybillKey {
        WaybillKey {
            carrier: TraderCode::new(&self.code).unwrap(),
            waybill_no: WaybillNo::new(&self.code).unwrap(),
        }
    }

    fn difference(&self) -> DifferenceRef {
        DifferenceRef { difference_no: DifferenceNo::new(&self.code).unwrap(), line: self.number }
    }

    fn bom_version(&self) -> BomVersion {
        BomVersion::new(&self.code).unwrap()
    }

    fn bom_key(&self) -> BomKey {
        BomKey { book_no: self.book_no(), product: self.number, version: self.bom_version() }
    }

    fn item_key(&self) -> ItemKey {
        ItemKey { book_no: self.book_no(), mark: self.mark(), number: self.number }
    }

    fn reference_key(&self) -> ReferenceKey {
        ReferenceKey {
            kind: ReferenceKind::ALL[(self.number as usize % 16).min(ReferenceKind::ALL.len() - 1)],
            code: self.text.as_str().into(),
            from: Date(self.number as i32),
        }
    }

    fn stack(&self) -> StackKey {
        StackKey {
            book_no: self.book_no(),
            mark: self.mark(),
            number: self.number,
            place: Place::ALL[self.number as usize % Place::ALL.len()],
        }
    }

    fn layer(&self) -> LayerId {
        LayerId {
            received: Revision(self.number),
            line: self.number,
            lot: LotNo::new(&self.code).unwrap(),
            holder: self.optional(self.document_no()),
        }
    }

    fn position(&self) -> PositionKey {
        PositionKey {
            book_no: self.book_no(),
            mark: self.mark(),
            number: self.number,
            lot: self.optional(LotNo::new(&self.code).unwrap()),
            serial: self.optional(SerialNo::new(&self.code).unwrap()),
            place: Place::ALL[self.number as usize % Place::ALL.len()],
        }
    }

    fn material_use(&self) -> MaterialUse {
        MaterialUse { material: self.number, declared: self.quantity(1), statutory1: self.quantity(2) }
    }

    fn movement_line(&self) -> MovementLine {
        MovementLine {
            filed: self.line(),
            lot: self.optional(LotNo::new(&self.code).unwrap()),
            serial: self.optional(SerialNo::new(&self.code).unwrap()),
            uses: if self.full { vec![self.material_use(); 2] } else { Vec::new() },
        }
    }

    fn line(&self) -> ListLine {
        ListLine {
            line: self.number,
            number: self.number,
            part_no: PartNo::new(&self.code).unwrap(),
            tariff_code: TariffCode::new("8471300000").unwrap(),
            name: self.text.as_str().into(),
            units: self.units(),
            origin: "142".into(),
            destination: if self.full { "142".into() } else { "".into() },
            duty_mode: self.optional(DutyMode::Exempt),
            declaration_line: self.optional(self.number),
            dangerous: self.full,
            declared: self.quantity(1),
            statutory1: self.quantity(2),
            statutory2: self.optional(self.quantity(3)),
            value_usd: self.quantity(4),
            price: self.quantity(5),
            total: self.quantity(6),
            currency: "502".into(),
            gross: self.quantity(7),
            net: self.quantity(8),
            serial: self.optional(SerialNo::new(&self.code).unwrap()),
            bom_version: self.optional(BomVersion::new(&self.code).unwrap()),
            provenance: self.optional(Provenance::Domestic),
        }
    }

    fn part(&self) -> LinePart {
        LinePart {
            line: self.number,
            declared: self.quantity(1),
            statutory1: self.quantity(2),
            statutory2: self.optional(self.quantity(3)),
            value_usd: self.quantity(4),
        }
    }
    fn order_quantities(&self) -> OrderQuantities {
        OrderQuantities {
            declared: self.quantity(1),
            statutory1: self.optional(self.quantity(2)),
            statutory2: self.optional(self.quantity(3)),
        }
    }

    fn status_line(&self) -> StatusLine {
        StatusLine {
            line: self.number,
            number: self.number,
            part_no: PartNo::new(&self.code).unwrap(),
            tariff_code: TariffCode::new("8471300000").unwrap(),
            name: self.text.as_str().into(),
            units: self.units(),
            declared: self.quantity(1),
            statutory1: self.quantity(2),
            statutory2: self.optional(self.quantity(3)),
            value_usd: self.quantity(4),
        }
    }

    fn standing(&self) -> Standing {
        let given = OrderGiven {
            order: Order::ALL[self.number as usize % Order::ALL.len()],
            reason: self.text.as_str().into(),
            revision: Revision(self.number),
            time: self.instant(),
        };
        Standing {
            held: self.optional(self.text.as_str().into()),
            conditional: self.optional(Conditional::Passable),
            tally: self.optional((TallyNo::new(&self.code).unwrap(), TallyResult::Differs)),
            gate_forced: self.full,
            release_forced: self.full,
            corrections: vec![CorrectionNo::new(&self.code).unwrap()],
            orders: vec![given],
        }
    }

    fn outcome(&self) -> Outcome {
        let refusal = Refusal::new(Reason::ShortStock).line(self.number).field("dclQty", &self.text);
        Outcome {
            verdict: if self.full { Verdict::Refused(Box::new(refusal)) } else { Verdict::Accepted },
            document: self.optional(self.text.as_str().into()),
            state: self.optional(DocumentState::PrePosted),
            changed: vec![Changed { document: self.text.as_str().into(), state: DocumentState::Posted }],
        }
    }
}

/// One key of each table, in the order of the tables.
pub fn keys(seed: &Seed) -> Vec<Key> {
    let text = || seed.text.as_str().into();
    let mut id = [0; 16];
    id[8..].copy_from_slice(&seed.number.to_be_bytes());
    vec![
        Key::Head(()),
        Key::Zone(OfficeCode::new(&seed.code.chars().take(1).collect::<String>()).unwrap()),
        Key::Party(CustomsNo::new(&seed.code).unwrap()),
        Key::Assignment(seed.principal()),
        Key::Book(seed.book_no()),
        Key::Item(seed.item_key()),
        Key::Part((seed.book_no(), PartNo::new(&seed.code).unwrap(), seed.number)),
        Key::Position(seed.position()),
        Key::Journal(JournalKey {
            position: seed.position(),
            revision: Revision(seed.number),
            ordinal: seed.number as u32,
        }),
        Key::Movement(seed.list_no()),
        Key::BookMovement((seed.book_no(), seed.list_no())),
        Key::Lines((seed.list_no(), seed.number)),
        Key::Progress((LinkedType::Slip, seed.document_no())),
        Key::Pass(seed.pass_no()),
        Key::Held(seed.pass_no()),
        Key::Declaration(DeclarationNo::new(&seed.code).unwrap()),
        Key::Bill((seed.book_no(), BillNo::new(&seed.code).unwrap(), seed.number)),
        Key::Message(text()),
        Key::Delivery((text(), seed.number)),
        Key::Request((RequestId(id), seed.principal())),
        Key::FiledDocument(text()),
        Key::Event(Revision(seed.number)),
        Key::Unsupported(text()),
        Key::Bom(seed.bom_key()),
        Key::Permit(PermitNo::new(&seed.code).unwrap()),
        Key::Slip(SlipNo::new(&seed.code).unwrap()),
        Key::Guarantee(GuaranteeNo::new(&seed.code).unwrap()),
        Key::GuaranteeEntry((GuaranteeNo::new(&seed.code).unwrap(), seed.number)),
        Key::CreditLevel(CustomsNo::new(&seed.code).unwrap()),
        Key::Parcel(ParcelNo::new(&seed.code).unwrap()),
        Key::ParcelReturn(ReturnNo::new(&seed.code).unwrap()),
        Key::Buyer((BuyerHash(seed.digest()), seed.number.cast_signed())),
        Key::Reference(seed.reference_key()),
        Key::Gathered(seed.list_no()),
        Key::Unit((seed.book_no(), SerialNo::new(&seed.code).unwrap())),
        Key::Consumption(ConsumptionNo::new(&seed.code).unwrap()),
        Key::Disposal(DisposalNo::new(&seed.code).unwrap()),
        Key::BookDisposal((seed.book_no(), DisposalNo::new(&seed.code).unwrap())),
        Key::ProjectUse((seed.book_no(), ProjectCode::new(&seed.code).unwrap(), Revision(seed.number))),
        Key::WorkOrder(WorkOrderNo::new(&seed.code).unwrap()),
        Key::BookWorkOrder((seed.book_no(), WorkOrderNo::new(&seed.code).unwrap())),
        Key::OrderEntry((WorkOrderNo::new(&seed.code).unwrap(), seed.number)),
        Key::Registration(RegistrationNo::new(&seed.code).unwrap()),
        Key::StatusChange(StatusChangeNo::new(&seed.code).unwrap()),
        Key::CarryOver(CarryOverNo::new(&seed.code).unwrap()),
        Key::BookOrder((seed.book_no(), Revision(seed.number))),
        Key::OpenPaper((
            seed.book_no(),
            Paper::ALL[seed.number as usize % Paper::ALL.len()],
            seed.document_no(),
        )),
        Key::Verification((seed.book_no(), Revision(seed.number))),
        Key::Adjustment(AdjustmentNo::new(&seed.code).unwrap()),
        Key::BookAdjustment((seed.book_no(), AdjustmentNo::new(&seed.code).unwrap())),
        Key::Lease(LeaseNo::new(&seed.code).unwrap()),
        Key::LeasedUnit((seed.book_no(), seed.number)),
        Key::Deadline(DeadlineKey {
            standing: if seed.full { deadline::Standing::Overdue } else { deadline::Standing::Running },
            due: seed.day(),
            kind: DeadlineKind::ALL[seed.number as usize % DeadlineKind::ALL.len()],
            book_no: seed.book_no(),
            document: seed.document_no(),
            part: seed.number,
        }),
        Key::OverdueRecord((Revision(seed.number), seed.number as u32)),
        Key::Calendar(seed.number),
        Key::Mailbox(seed.recipient()),
        Key::Receipt((seed.recipient(), seed.number)),
        Key::Original(seed.digest()),
        Key::DocumentMessage((text(), Revision(seed.number))),
        Key::ReceiptDifference(Revision(seed.number)),
        Key::Correction(CorrectionNo::new(&seed.code).unwrap()),
        Key::Undone(seed.list_no()),
        Key::Tally(TallyNo::new(&seed.code).unwrap()),
        Key::Returned(seed.list_no()),
        Key::Parameter(Parameter::ALL[seed.number as usize % Parameter::ALL.len()]),
        Key::VehiclePass((seed.text.as_str().into(), PassNo::new(&seed.code).unwrap())),
        Key::Lot((seed.item_key(), LotNo::new(&seed.code).unwrap())),
        Key::Layer(LayerKey { stack: seed.stack(), id: seed.layer() }),
        Key::Allocation(AllocationKey {
            mover: seed.mover(),
            line: seed.number,
            from: seed.stack(),
            to: Place::ALL[seed.number as usize % Place::ALL.len()],
        }),
        Key::FormerItem((seed.item_key(), Revision(seed.number))),
        Key::FormerParty((CustomsNo::new(&seed.code).unwrap(), Revision(seed.number))),
        Key::LayerMoment(LayerMoment {
            layer: LayerKey { stack: seed.stack(), id: seed.layer() },
            revision: Revision(seed.number),
        }),
        Key::Campaign(CampaignNo::new(&seed.code).unwrap()),
        Key::BookCampaign((seed.book_no(), CampaignNo::new(&seed.code).unwrap())),
        Key::OpenCampaign((seed.book_no(), CampaignNo::new(&seed.code).unwrap())),
        Key::CountSheet(SheetKey {
            campaign_no: CampaignNo::new(&seed.code).unwrap(),
            counter: CounterCode::new(&seed.code).unwrap(),
            sheet_no: CountSheetNo::new(&seed.code).unwrap(),
        }),
        Key::Count(CountKey {
            campaign_no: CampaignNo::new(&seed.code).unwrap(),
            mark: Mark::ALL[seed.number as usize % Mark::ALL.len()],
            number: seed.number,
            serial: seed.optional(SerialNo::new(&seed.code).unwrap()),
            lot: seed.optional(LotNo::new(&seed.code).unwrap()),
            place: CountPlace::ALL[seed.number as usize % CountPlace::ALL.len()],
            bom_version: seed.optional(BomVersion::new(&seed.code).unwrap()),
            area: seed.optional(CountArea::new(&seed.code).unwrap()),
            round: seed.number,
            counter: CounterCode::new(&seed.code).unwrap(),
            sheet_no: CountSheetNo::new(&seed.code).unwrap(),
            line: seed.number,
        }),
        Key::Period((seed.book_no(), seed.number)),
        Key::DeclaredItem((seed.book_no(), seed.number, Mark::Product, seed.number, Revision(seed.number))),
        Key::Overdraft(seed.list_no()),
        Key::Overdrawn(seed.position()),
        Key::Seal((seed.list_no(), seed.pass_no())),
        Key::Tolerance(OfficeCode::new(&seed.code).unwrap()),
        Key::DifferenceReport(DifferenceNo::new(&seed.code).unwrap()),
        Key::BookDifference((seed.book_no(), DifferenceNo::new(&seed.code).unwrap())),
        Key::Difference(seed.difference()),
        Key::GoodsDifference((
            seed.book_no(),
            seed.mark(),
            seed.number,
            seed.optional(SerialNo::new(&seed.code).unwrap()),
        )),
        Key::Licence(seed.licence_no()),
        Key::LicenceOf((
            CustomsNo::new(&seed.code).unwrap(),
            TariffCode::new("8541430000").unwrap(),
            seed.day(),
            seed.licence_no(),
        )),
        Key::LicenceEntry((seed.licence_no(), seed.number)),
        Key::LicenceDraw(seed.list_no()),
        Key::BomStanding(seed.bom_key()),
        Key::Sale(seed.sale()),
        Key::Waybill(seed.waybill()),
        Key::ParcelSale(ParcelNo::new(&seed.code).unwrap()),
        Key::SaleParcel((seed.sale(), ParcelNo::new(&seed.code).unwrap())),
        Key::WaybillParcel((seed.waybill(), ParcelNo::new(&seed.code).unwrap())),
        Key::DirectExit(PermitNo::new(&seed.code).unwrap()),
        Key::TransferForm(seed.transfer_form_no()),
        Key::TransferFormOf((seed.book_no(), seed.transfer_form_no())),
        Key::TransferFormDraw((seed.transfer_form_no(), seed.list_no())),
        Key::OwnGroup(seed.item_key()),
        Key::DocumentHold((HeldKind::Slip, seed.document_no())),
        Key::Exchanged(seed.list_no()),
        Key::FormerReference((seed.reference_key(), Revision(seed.number))),
        Key::ConsumptionStanding(ConsumptionNo::new(&seed.code).unwrap()),
    ]
}

/// One row of each table under a key of it.
// For tests of what keeps rows, which share this file.
#[allow(dead_code)]
pub fn every_table(seed: &Seed) -> Vec<(Key, Row)> {
    let row_of: BTreeMap<u8, Row> = rows(seed).into_iter().collect();
    let of = |key: Key| {
        let row = row_of[&zonebook_codec::key::encode(&key)[0]].clone();
        (key, row)
    };
    keys(seed).into_iter().map(of).collect()
}

/// One row of each table with the byte of its table, in the order of the tables.
pub fn rows(seed: &Seed) -> Vec<(u8, Row)> {
    let mut rows = vec![
        (table::POSITION, Row::Position(seed.counters())),
        (table::ITEM, Row::Item(Arc::new(item(seed)))),
        (table::FORMER_ITEM, Row::FormerItem(Arc::new(item(seed)))),
        (table::FORMER_PARTY, Row::FormerParty(Arc::new(party(seed)))),
        (table::PART, Row::Part(())),
        (table::BOOK_MOVEMENT, Row::BookMovement(())),
        (table::UNSUPPORTED, Row::Unsupported(seed.text.as_str().into())),
        (table::ASSIGNMENT, Row::Assignment(if seed.full { Role::ALL.to_vec() } else { Vec::new() })),
    ];
    rows.extend(reference_rows(seed));
    rows.extend(movement_rows(seed));
    rows.extend(gate_rows(seed));
    rows.extend(history_rows(seed));
    rows.extend(permit_rows(seed));
    rows.extend(settlement_rows(seed));
    rows.extend(period_rows(seed));
    rows.extend(disposal_rows(seed));
    rows.extend(deadline_rows(seed));
    rows.extend(correspondence_rows(seed));
    rows.extend(correction_rows(seed));
    rows.extend(order_rows(seed));
    rows.extend(status_rows(seed));
    rows.extend(lot_rows(seed));
    rows.extend(count_rows(seed));
    rows.extend(difference_rows(seed));
    rows.push((table::BOM_STANDING, Row::BomStanding(Arc::new(bom_standing(seed)))));
    rows.push((table::OWN_GROUP, Row::OwnGroup(Arc::new(vec![own_group(seed)]))));
    rows.push((table::DOCUMENT_HOLD, Row::DocumentHold(Arc::new(document_hold(seed)))));
    rows.push((table::FORMER_REFERENCE, Row::FormerReference(Arc::new(reference(seed)))));
    rows.push((table::CONSUMPTION_STANDING, Row::ConsumptionStanding(Arc::new(consumption_standing(seed)))));
    rows.push((table::DIRECT_EXIT, Row::DirectExit(Arc::new(direct_exit(seed)))));
    rows.extend(sale_rows(seed));
    rows.extend(transfer_form_rows(seed));
    rows.extend(overdraft_rows(seed));
    rows.extend(licence_rows(seed));
    rows.sort_by_key(|(table, _)| *table);
    rows
}

fn item(seed: &Seed) -> Item {
    Item {
        part_no: PartNo::new(&seed.code).unwrap(),
        tariff_code: TariffCode::new("8471300000").unwrap(),
        name: seed.text.as_str().into(),
        units: seed.units(),
        lot: seed.optional(LotNo::new(&seed.code).unwrap()),
        serial: seed.optional(SerialNo::new(&seed.code).unwrap()),
        tracked_by_serial: seed.full,
        residue: seed.optional(ResidueKind::Defective),
        stops: seed.stops(),
    }
}

fn party(seed: &Seed) -> Party {
    let text = || seed.text.as_str().into();
    Party {
        customs_no: CustomsNo::new(&seed.code).unwrap(),
        credit_code: CreditCode::new(&seed.code).unwrap(),
        office: OfficeCode::new("9935").unwrap(),
        role: text(),
        name_zh: text(),
        name_en: text(),
    }
}

fn reference_rows(seed: &Seed) -> Vec<(u8, Row)> {
    let text = || seed.text.as_str().into();
    let office = OfficeCode::new("9935").unwrap();
    let owner = CustomsNo::new(&seed.code).unwrap();
    let head = Head {
        cluster_id: text(),
        utc_offset: UtcOffset::CHINA,
        revision: Revision(seed.number),
        record_time: seed.instant(),
        ledger_time: seed.instant(),
        digest: seed.digest(),
        behaviour: 1,
        in_migration: seed.full,
    };
    let zone = Zone {
        office: office.clone(),
        kind: ZoneKind::ComprehensiveBonded,
        name_zh: text(),
        name_en: text(),
    };
    let conversion = Conversion { kind: ZoneKind::BondedPort, reason: text() };
    let zone = ZoneState {
        defined: zone,
        conversions: [(Date(seed.number as i32), conversion)].into(),
        books: seed.number,
    };
    let party = party(seed);
    let book = Book {
        book_no: seed.book_no(),
        kind: BookKind::Processing,
        office,
        owner,
        usage: Usage::Store,
        regime: Regime::WorkOrder,
        open_orders: seed.number,
        booking_mode: BookingMode::RowPerReceipt,
        lot_method: LotMethod::NearestExpiry,
        lots_since: Revision(seed.number),
        valid_until: Date(seed.number as i32),
        change_no: seed.number,
        last_item: seed.number,
        declared_at: seed.local(),
        filed_time: seed.instant(),
        verified_time: seed.optional(seed.instant()),
        stops: seed.stops(),
        case: seed.optional(Case { case_no: CaseNo::new(&seed.code).unwrap(), since: seed.instant() }),
        cancelled: seed.optional(seed.instant()),
        faulted: seed.full,
        last_closed: seed.optional(LastClosed {
            sequence: seed.number,
            before: seed.instant(),
            next_day: Date(seed.number as i32),
        }),
        open_adjustments: seed.number,
    };
    vec![
        (table::HEAD, Row::Head(Arc::new(head))),
        (table::ZONE, Row::Zone(Arc::new(zone))),
        (table::PARTY, Row::Party(Arc::new(party))),
        (table::BOOK, Row::Book(Arc::new(book))),
    ]
}

fn movement_rows(seed: &Seed) -> Vec<(u8, Row)> {
    let movement = Movement {
        list_no: seed.list_no(),
        content_version: seed.number,
        version: seed.number,
        state: DocumentState::Posted,
        row: MatrixRow::FirstLineIn,
        book_no: seed.book_no(),
        owner: CustomsNo::new(&seed.code).unwrap(),
        direction: seed.direction(),
        mark: seed.mark(),
        kind: ListKind::Normal,
        mode: ModeCode::new("5034").unwrap(),
        flow: seed.optional(FlowType::RemainingMaterial),
        exchanged_list: seed.optional(seed.list_no()),
        declared: seed.full,
        declaration_type: seed.optional(DeclarationType::Corresponding),
        declaration_no: seed.optional(DeclarationNo::new(&seed.code).unwrap()),
        related_book: seed.optional(seed.book_no()),
        partner: seed.optional(seed.list_no()),
        original: seed.optional(seed.list_no()),
        bill_no: seed.optional(BillNo::new(&seed.code).unwrap()),
        permit_no: seed.optional(PermitNo::new(&seed.code).unwrap()),
        lines: seed.number,
        dangerous: seed.full,
        passes: seed.number,
        ungated: seed.quantity(0),
        accepted_at: Revision(seed.number),
        prevd_time: seed.instant(),
        release_time: seed.optional(seed.local()),
        gate_time: seed.optional(seed.local()),
        posted_time: seed.optional(seed.instant()),
        verified_time: seed.optional(seed.instant()),
        withdrawn_time: seed.optional(seed.instant()),
        standing: seed.optional(Box::new(seed.standing())),
    };
    let line = seed.movement_line();
    let progress = GateProgress { reserved: seed.quantity(1), gated: seed.quantity(2) };
    vec![
        (table::MOVEMENT, Row::Movement(Arc::new(movement))),
        (table::LINES, Row::Lines(Arc::new(vec![line.clone(), line]))),
        (table::PROGRESS, Row::Progress(Arc::new(vec![progress]))),
    ]
}

fn gate_rows(seed: &Seed) -> Vec<(u8, Row)> {
    let line = PassLine {
        line: seed.number,
        linked_line: seed.optional(seed.number),
        part_no: seed.optional(PartNo::new(&seed.code).unwrap()),
        unit: seed.optional(UnitCode::new("035").unwrap()),
        declared: seed.quantity(0),
    };
    let weights = Weights {
        vehicle: seed.quantity(1),
        frame: seed.quantity(2),
        container: seed.quantity(3),
        goods: seed.quantity(4),
        total: seed.quantity(5),
    };
    let pass = Pass {
        state: DocumentState::GateOne,
        direction: seed.direction(),
        binding: Binding::ManyVehicles,
        linked_type: LinkedType::List,
        linked: vec![seed.document_no()],
        book_no: seed.optional(seed.book_no()),
        vehicle_no: seed.text.as_str().into(),
        seal_no: seed.optional(SealNo::new(&seed.code).unwrap()),
        weights: seed.optional(weights),
        collected: seed.optional(seed.quantity(6)),
        lines: vec![line],
        items: vec![seed.number],
        filed_time: seed.instant(),
        passed_at: seed.optional(seed.local()),
        passed_time: seed.optional(seed.instant()),
    };
    let report = PassageReport {
        pass_no: seed.pass_no(),
        stage: PassageStage::Passed,
        passed_at: seed.optional(seed.local()),
        collected: seed.optional(seed.quantity(7)),
    };
    let declaration = Declaration { release_time: seed.optional(seed.local()), lists: vec![seed.list_no()] };
    let since = seed.optional(seed.instant());
    let bill = BillBalance { entered: seed.quantity(1), claimed: seed.quantity(2), since };
    vec![
        (table::PASS, Row::Pass(Arc::new(pass))),
        (table::HELD, Row::Held(Arc::new(HeldReports(vec![report])))),
        (table::DECLARATION, Row::Declaration(Arc::new(declaration))),
        (table::BILL, Row::Bill(bill)),
    ]
}

fn history_rows(seed: &Seed) -> Vec<(u8, Row)> {
    let (sha256, revision) = (seed.digest(), Revision(seed.number));
    let seen = SeenRequest { fingerprint: sha256, revision };
    let text = || seed.text.as_str().into();
    let journal = JournalRow {
        action: Action::Post,
        document: seed.document_no(),
        line: seed.number,
        after: seed.counters(),
    };
    let step = Step {
        action: Action::Reserve,
        document: seed.document_no(),
        version: seed.number,
        row: seed.optional(MatrixRow::SecondLineOut),
    };
    let event = Event {
        record_time: seed.instant(),
        ledger_time: seed.instant(),
        principal: seed.principal(),
        command: CommandKind::File,
        fingerprint: sha256,
        label: seed.optional(Label { kind: "INV101".into(), business_id: text() }),
        outcome: seed.outcome(),
        steps: vec![step],
        digest: sha256,
    };
    vec![
        (table::JOURNAL, Row::Journal(Arc::new(journal))),
        (table::MESSAGE, Row::Message(SeenMessage { sha256, revision })),
        (table::DELIVERY, Row::Delivery(Arc::new(Delivery { name: text(), sha256, revision }))),
        (table::REQUEST, Row::Request(seen.clone())),
        (table::FILED_DOCUMENT, Row::FiledDocument(seen)),
        (table::EVENT, Row::Event(Arc::new(event))),
    ]
}

fn permit_rows(seed: &Seed) -> Vec<(u8, Row)> {
    let text = || seed.text.as_str().into();
    let (lot, serial) =
        (seed.optional(LotNo::new(&seed.code).unwrap()), seed.optional(SerialNo::new(&seed.code).unwrap()));
    let line = PermitLine {
        line: seed.number,
        mark: seed.mark(),
        number: seed.number,
        unit: UnitCode::new("035").unwrap(),
        declared: seed.quantity(1),
    };
    let used = PermitUse {
        filed: line,
        approved_out: seed.quantity(2),
        approved_in: seed.quantity(3),
        passed_out: seed.quantity(4),
        passed_in: seed.quantity(5),
        consolidated: seed.quantity(6),
    };
    let part = PermitBomLine {
        product_line: seed.number,
        material_line: seed.number,
        net: Factor::from_raw(seed.raw),
        loss: Factor::from_raw(seed.raw.wrapping_add(1)),
    };
    let left = LeftOutside {
        line: seed.number,
        declared: seed.quantity(1),
        statutory1: seed.quantity(2),
        statutory2: seed.optional(seed.quantity(3)),
        value_usd: seed.quantity(4),
        ground: LeftGround::Taxed,
        reference: text(),
    };
    let permit = Permit {
        kind: PermitKind::Display,
        book_no: seed.book_no(),
        owner: CustomsNo::new(&seed.code).unwrap(),
        valid_until: Date(seed.number as i32),
        guarantee_no: text(),
        guarantee_amount: seed.quantity(7),
        drawn: seed.quantity(8),
        exhibition_place: text(),
        state: DocumentState::Closed,
        change_no: seed.number,
        declared_on: Date(seed.number as i32),
        extensions: seed.number,
        days_more: seed.number,
        lines: vec![used],
        bom: vec![part],
        used: [((seed.mark(), seed.number), seed.quantity(9))].into(),
        waiting_lists: seed.number,
        left: vec![left],
        sold: [((seed.mark(), seed.number), seed.quantity(5))].into(),
        filed_time: seed.instant(),
        out_since: seed.optional(seed.instant()),
        closed_time: seed.optional(seed.instant()),
    };
    let filed = SlipLine {
        line: seed.number,
        permit_line: seed.number,
        number: seed.number,
        part_no: PartNo::new(&seed.code).unwrap(),
        tariff_code: TariffCode::new("8471300000").unwrap(),
        name: text(),
        units: seed.units(),
        declared: seed.quantity(1),
        statutory1: seed.quantity(2),
        statutory2: seed.optional(seed.quantity(3)),
        value_usd: seed.quantity(4),
        related_line: seed.optional(seed.number),
    };
    let goods = SlipGoods {
        filed,
        mark: seed.mark(),
        lot: lot.clone(),
        serial: serial.clone(),
        row: MatrixRow::OutsourcedProduct,
        uses: vec![seed.material_use()],
        returned: seed.measure(1),
    };
    let slip = Slip {
        permit_no: PermitNo::new(&seed.code).unwrap(),
        book_no: seed.book_no(),
        row: MatrixRow::BatchOut,
        direction: seed.direction(),
        state: DocumentState::Approved,
        version: seed.number,
        passes: seed.number,
        related_slip: seed.optional(SlipNo::new(&seed.code).unwrap()),
        levy_amount: seed.quantity(6),
        drawn: seed.quantity(7),
        list_no: seed.optional(seed.list_no()),
        lines: vec![goods],
        ungated: seed.quantity(5),
        approved_time: seed.instant(),
        gate_time: seed.optional(seed.local()),
        posted_time: seed.optional(seed.instant()),
    };
    let guarantee = Guarantee {
        party: CustomsNo::new(&seed.code).unwrap(),
        office: OfficeCode::new("9935").unwrap(),
        valid_until: Date(seed.number as i32),
        levied: seed.quantity(1),
        drawn: seed.quantity(2),
        restored: seed.quantity(3),
        by_hand: seed.quantity(4),
        entries: seed.number,
        opened_time: seed.instant(),
    };
    let entry = GuaranteeEntry {
        revision: Revision(seed.number),
        time: seed.instant(),
        action: GuaranteeMove::Draw,
        cause: text(),
        amount: seed.quantity(1),
        before: seed.quantity(2),
        after: seed.quantity(3),
    };
    let levels = [(Date(seed.number as i32), CreditLevel::Discredited)];
    let filed = ParcelLine {
        line: seed.number,
        number: seed.number,
        tariff_code: TariffCode::new("8471300000").unwrap(),
        units: seed.units(),
        declared: seed.quantity(1),
        statutory1: seed.quantity(2),
        statutory2: seed.optional(seed.quantity(3)),
        price: seed.quantity(4),
    };
    let parcel = Parcel {
        book_no: seed.book_no(),
        buyer: seed.optional(BuyerHash(seed.digest())),
        state: DocumentState::Reserved,
        list_no: seed.optional(seed.list_no()),
        lines: vec![ParcelGoods { filed, lot, serial, returned: Returned::default() }],
        reserved_time: seed.instant(),
        ended_time: seed.optional(seed.instant()),
        restored: seed.quantity(5),
    };
    let gathered = Gathered {
        slips: vec![SlipNo::new(&seed.code).unwrap()],
        parcels: vec![ParcelNo::new(&seed.code).unwrap()],
        results: vec![seed.movement_line()],
        permit_lines: vec![seed.number],
    };
    vec![
        (table::PERMIT, Row::Permit(Arc::new(permit))),
        (table::SLIP, Row::Slip(Arc::new(slip))),
        (table::GUARANTEE, Row::Guarantee(Arc::new(guarantee))),
        (table::GUARANTEE_ENTRY, Row::GuaranteeEntry(Arc::new(entry))),
        (table::CREDIT_LEVEL, Row::CreditLevel(Arc::new(levels.into()))),
        (table::PARCEL, Row::Parcel(Arc::new(parcel))),
        (table::PARCEL_RETURN, Row::ParcelReturn(Arc::new(parcel_return(seed)))),
        (table::BUYER, Row::Buyer(seed.quantity(1))),
        (table::REFERENCE, Row::Reference(Arc::new(reference(seed)))),
        (table::GATHERED, Row::Gathered(Arc::new(gathered))),
    ]
}

fn parcel_return(seed: &Seed) -> ParcelReturn {
    let line = ReturnedLine {
        line: seed.number,
        declared: seed.quantity(1),
        statutory1: seed.quantity(2),
        statutory2: seed.optional(seed.quantity(3)),
    };
    let day = Date(seed.number as i32);
    let filed = ParcelReturnFiling {
        return_no: ReturnNo::new(&seed.code).unwrap(),
        parcel_no: ParcelNo::new(&seed.code).unwrap(),
        applied_on: day,
        arrived_on: day,
        lines: vec![line],
    };
    ParcelReturn {
        filed,
        in_time: seed.full,
        apply_by: day,
        arrive_by: day,
        restored: seed.quantity(4),
        posted_time: seed.instant(),
    }
}

fn reference(seed: &Seed) -> Reference {
    let factor = |step: i128| Factor::from_raw(seed.raw.wrapping_add(step));
    let row = if seed.full {
        ReferenceRow::Tariff(Tariff {
            duty: factor(1),
            by_origin: [("116".into(), factor(2))].into(),
            vat: factor(3),
            consumption: factor(4),
            unit1: UnitCode::new("035").unwrap(),
            unit2: UnitCode::new("007").ok(),
            dangerous: true,
            licence: false,
        })
    } else {
        ReferenceRow::Exchange { cny: factor(1), usd: factor(2) }
    };
    let source = seed.text.as_str().into();
    Reference { row, source, line: seed.number, revision: Revision(seed.number) }
}
fn correspondence_rows(seed: &Seed) -> Vec<(u8, Row)> {
    let text = || seed.text.as_str().into();
    let receipt = Receipt {
        kind: ReceiptKind::ListAudit,
        number: text(),
        change_no: seed.number,
        filing: Filing::Change,
        ruling: Ruling::PreDeducted,
        content_version: seed.optional(seed.number),
        passed_at: seed.optional(seed.local()),
        remark: text(),
        revision: Revision(seed.number),
    };
    let original = Original {
        kept_sha256: seed.digest(),
        length: seed.number,
        redacted: seed.full,
        compressed: seed.text.as_bytes().to_vec(),
    };
    let said = CustomsResult {
        kind: CustomsResultKind::DeclarationMade,
        number: seed.document_no(),
        change_no: seed.number,
        result: text(),
        managed_at: text(),
        declaration_no: seed.optional(DeclarationNo::new(&seed.code).unwrap()),
    };
    let difference = ReceiptDifference {
        said,
        expected: text(),
        found: seed.optional(DocumentState::PrePosted),
        found_declaration_no: seed.optional(DeclarationNo::new(&seed.code).unwrap()),
    };
    vec![
        (table::MAILBOX, Row::Mailbox(Mailbox { last: seed.number, acknowledged: seed.number })),
        (table::RECEIPT, Row::Receipt(Arc::new(receipt))),
        (table::ORIGINAL, Row::Original(Arc::new(original))),
        (table::DOCUMENT_MESSAGE, Row::DocumentMessage(seed.digest())),
        (table::RECEIPT_DIFFERENCE, Row::ReceiptDifference(Arc::new(difference))),
    ]
}

fn lot_rows(seed: &Seed) -> Vec<(u8, Row)> {
    let expires = seed.optional(Date(seed.number as i32));
    let lot = Lot {
        mover: seed.mover(),
        line: seed.number,
        carried_from: seed.optional(seed.item_key()),
        tariff_code: TariffCode::new("8471300000").unwrap(),
        part_no: PartNo::new(&seed.code).unwrap(),
        origin: "142".into(),
        mode: seed.optional(ModeCode::new("5034").unwrap()),
        price: seed.quantity(1),
        currency: "502".into(),
        expires,
        received: seed.measure(2),
        received_at: seed.optional((Revision(seed.number), seed.instant())),
    };
    let layer = Layer { expires, remaining: seed.measure(3), reserved: seed.measure(4) };
    let share = LotShare { layer: seed.layer(), expires, measure: seed.measure(5) };
    let allocation = Allocation {
        holder: seed.optional(seed.document_no()),
        posted: seed.full,
        since: Revision(seed.number),
        shares: vec![share],
    };
    vec![
        (table::LOT, Row::Lot(Arc::new(lot))),
        (table::LAYER, Row::Layer(layer)),
        (table::ALLOCATION, Row::Allocation(Arc::new(allocation))),
        (table::LAYER_MOMENT, Row::LayerMoment(layer)),
    ]
}

fn overdraft_rows(seed: &Seed) -> Vec<(u8, Row)> {
    let limit = OverdraftLimit { mark: seed.mark(), number: seed.number, declared: seed.quantity(1) };
    let order = OverdraftOrder {
        list_no: seed.list_no(),
        book_no: seed.book_no(),
        goods: vec![limit],
        valid_until: seed.day(),
        reason: seed.text.as_str().into(),
    };
    let given = OverdraftGiven { order, revision: Revision(seed.number), time: seed.instant() };
    let taken = OverdraftTaken { position: seed.position(), declared: seed.quantity(2) };
    let overdraft = Overdraft { given: vec![given], taken: vec![taken], in_force: seed.full };
    vec![
        (table::OVERDRAFT, Row::Overdraft(Arc::new(overdraft))),
        (table::OVERDRAWN, Row::Overdrawn(seed.quantity(3))),
        (table::SEAL, Row::Seal(SealNo::new(&seed.code).unwrap())),
    ]
}

fn settlement_rows(seed: &Seed) -> Vec<(u8, Row)> {
    let factor = |step: i128| Factor::from_raw(seed.raw.wrapping_add(step));
    let line = BomLine {
        net: factor(1),
        tangible_loss: factor(2),
        intangible_loss: factor(3),
        bonded_share: factor(4),
    };
    let receipt = UnitReceipt {
        list_no: seed.list_no(),
        lot: LotNo::new(&seed.code).unwrap(),
        number: seed.number,
        provenance: seed.optional(Provenance::Foreign),
    };
    let residue = Residue {
        line: seed.number,
        number: seed.number,
        tariff_code: TariffCode::new("8471300000").unwrap(),
        name: seed.text.as_str().into(),
        unit: UnitCode::new("035").unwrap(),
        declared: seed.quantity(2),
        serial: seed.optional(SerialNo::new(&seed.code).unwrap()),
        kind: seed.optional(ResidueKind::ByProduct),
        item: seed.optional(seed.number),
    };
    let research = Research {
        project: ProjectCode::new(&seed.code).unwrap(),
        evidence: zonebook_ledger::code::Evidence::new(&seed.code).unwrap(),
        prototypes: vec![Prototype {
            line: seed.number,
            number: seed.number,
            quantities: seed.order_quantities(),
        }],
    };
    let filed = ConsumptionFiling {
        consumption_no: ConsumptionNo::new(&seed.code).unwrap(),
        book_no: seed.book_no(),
        owner: CustomsNo::new(&seed.code).unwrap(),
        declared_at: seed.local(),
        part_swap: seed.full,
        lists: vec![seed.list_no()],
        lots: vec![NamedLot {
            line: seed.number,
            material: seed.optional(seed.number),
            lot: LotNo::new(&seed.code).unwrap(),
        }],
        materials: vec![UsedMaterial { line: seed.number, number: seed.number, declared: seed.quantity(1) }],
        residues: vec![residue],
        research: seed.optional(research),
    };
    let verified = VerificationFiling {
        book_no: seed.book_no(),
        sequence: seed.number,
        kind: VerificationKind::Supplementary,
        begin: seed.optional(Date(seed.number as i32)),
        end: seed.optional(Date(seed.number as i32)),
        declared_at: seed.optional(seed.local()),
        lists: vec![seed.list_no()],
        items: Vec::new(),
    };
    let bom: Bom = [(seed.number, line)].into();
    let values = [(Date(seed.number as i32), seed.quantity(1))];
    let consumption = Consumption { filed, posted_time: seed.instant() };
    let verification = Verification { filed: verified, items: seed.number, verified_time: seed.instant() };
    vec![
        (table::BOM, Row::Bom(Arc::new(bom))),
        (table::UNIT, Row::Unit(Arc::new(vec![receipt]))),
        (table::CONSUMPTION, Row::Consumption(Arc::new(consumption))),
        (table::VERIFICATION, Row::Verification(Arc::new(verification))),
        (table::PARAMETER, Row::Parameter(Arc::new(values.into()))),
        (table::VEHICLE_PASS, Row::VehiclePass(())),
    ]
}

fn consumption_standing(seed: &Seed) -> ConsumptionStanding {
    ConsumptionStanding {
        state: DocumentState::Posted,
        version: seed.number,
        moves: vec![order_move(seed)],
        accepted_at: Revision(seed.number),
    }
}

fn period_rows(seed: &Seed) -> Vec<(u8, Row)> {
    let step = StepTaken {
        step: VerificationStep::AskSupplement { reason: seed.text.as_str().into() },
        by: Principal(seed.text.as_str().into()),
        revision: Revision(seed.number),
        time: seed.instant(),
    };
    let period = Period {
        kind: VerificationKind::CustomsDisposal,
        begin: seed.optional(Date(seed.number as i32)),
        end: seed.optional(Date(seed.number as i32)),
        state: DocumentState::SupplementAsked,
        filed_at: Revision(seed.number),
        filed_time: seed.instant(),
        steps: vec![step],
    };
    let figures = [(Figure::Opening, seed.quantity(1)), (Figure::Difference, seed.quantity(2))];
    let item =
        DeclaredItem { line: seed.number, mark: Mark::Residue, number: seed.number, figures: figures.into() };
    vec![
        (table::PERIOD, Row::Period(Arc::new(period))),
        (table::DECLARED_ITEM, Row::DeclaredItem(Arc::new(item))),
    ]
}

fn disposal_rows(seed: &Seed) -> Vec<(u8, Row)> {
    let text = || seed.text.as_str().into();
    let day = Date(seed.number as i32);
    let evidence = Evidence { kind: EvidenceKind::OfficialProof, name: text(), sha256: seed.digest() };
    let goods = NamedGoods {
        line: seed.number,
        mark: seed.mark(),
        number: seed.number,
        serial: seed.optional(SerialNo::new(&seed.code).unwrap()),
        declared: seed.quantity(1),
        statutory1: seed.quantity(2),
        statutory2: seed.optional(seed.quantity(3)),
        value_usd: seed.quantity(4),
    };
    let open = OpenGoods {
        lot: seed.optional(LotNo::new(&seed.code).unwrap()),
        serial: seed.optional(SerialNo::new(&seed.code).unwrap()),
        left: seed.measure(5),
    };
    let residue = DestructionResidue {
        line: seed.number,
        from_line: seed.number,
        number: seed.number,
        tariff_code: TariffCode::new("7404000090").unwrap(),
        name: text(),
        unit: UnitCode::new("035").unwrap(),
        declared: seed.quantity(1),
        value_usd: seed.quantity(2),
    };
    let decided = KeptDecisionLine {
        line: seed.number,
        outcome: DecisionOutcome::Taxed,
        measure: seed.measure(1),
        partial: seed.full,
        tax: seed.optional(TaxBasis { rates_on: day, dutiable_value: seed.quantity(6) }),
    };
    let decision = KeptDecision {
        decision_no: DecisionNo::new(&seed.code).unwrap(),
        decided_on: day,
        by: seed.principal(),
        time: seed.instant(),
        lines: vec![decided],
    };
    let filed = DisposalFiling {
        lots: seed.lots(),
        disposal_no: DisposalNo::new(&seed.code).unwrap(),
        kind: DisposalKind::LossOther,
        book_no: seed.book_no(),
        owner: CustomsNo::new(&seed.code).unwrap(),
        declared_at: seed.local(),
        event_on: seed.optional(day),
        cause: text(),
        evidence: vec![evidence.clone()],
        lines: vec![DisposalLine { goods: goods.clone(), dangerous: seed.full }],
    };
    let disposal = Disposal {
        filed,
        state: DocumentState::Approved,
        open: vec![open.clone()],
        levels: seed.number,
        approvals: vec![Approval { by: seed.principal(), time: seed.instant(), remark: text() }],
        approved_until: seed.optional(day),
        execution: seed.optional(Execution {
            executed_on: day,
            evidence: vec![evidence],
            residues: vec![residue],
        }),
        decisions: vec![decision.clone()],
        end_reason: text(),
        filed_time: seed.instant(),
        ended_time: seed.optional(seed.instant()),
    };
    let filed = AdjustmentFiling {
        lots: seed.lots(),
        adjustment_no: AdjustmentNo::new(&seed.code).unwrap(),
        book_no: seed.book_no(),
        owner: CustomsNo::new(&seed.code).unwrap(),
        verification: seed.optional(seed.number),
        declared_at: seed.local(),
        lines: vec![AdjustmentLine {
            difference: Difference::Surplus,
            goods,
            cause: text(),
            cites: seed.optional(seed.difference()),
        }],
    };
    let adjustment = Adjustment {
        filed,
        state: DocumentState::Decided,
        open: vec![open],
        decisions: vec![decision],
        filed_time: seed.instant(),
        ended_time: seed.optional(seed.instant()),
    };
    vec![
        (table::DISPOSAL, Row::Disposal(Arc::new(disposal))),
        (table::BOOK_DISPOSAL, Row::BookDisposal(())),
        (table::ADJUSTMENT, Row::Adjustment(Arc::new(adjustment))),
        (table::BOOK_ADJUSTMENT, Row::BookAdjustment(())),
    ]
}

fn deadline_rows(seed: &Seed) -> Vec<(u8, Row)> {
    let text = || seed.text.as_str().into();
    let rent =
        Rent { number: seed.number, paid_on: seed.day(), amount: seed.quantity(1), currency: "142".into() };
    let declared = RentDeclared {
        declaration_no: DeclarationNo::new(&seed.code).unwrap(),
        declared_on: seed.day(),
        time: seed.instant(),
    };
    let observation = Observation {
        office: OfficeCode::new("9935").unwrap(),
        observed_at: seed.local(),
        location: text(),
        attended: seed.full,
        remark: text(),
    };
    let lease = Lease {
        state: DocumentState::Open,
        change_no: seed.number,
        book_no: seed.book_no(),
        owner: CustomsNo::new(&seed.code).unwrap(),
        units: vec![RentedUnit {
            number: seed.number,
            serial: SerialNo::new(&seed.code).unwrap(),
            guarantee_amount: seed.quantity(2),
        }],
        lessee: text(),
        start: seed.day(),
        end: seed.day(),
        rents: vec![LeaseRent {
            filed: rent,
            declare_by: seed.optional(seed.day()),
            declared: seed.optional(declared),
        }],
        guarantee_no: text(),
        secured: [(seed.number, seed.quantity(3))].into(),
        delegated_office: seed.optional(OfficeCode::new("9935").unwrap()),
        never_enters: seed.full,
        location: text(),
        observations: vec![observation],
        close_by: seed.optional(seed.day()),
        filed_time: seed.instant(),
        closed: seed.optional(Closed { closed_on: seed.day(), time: seed.instant() }),
    };
    let deadline = DeadlineRow { since: seed.day(), recorded_at: seed.optional(Revision(seed.number)) };
    let record = OverdueRecord {
        kind: DeadlineKind::LeaseRent,
        book_no: seed.book_no(),
        document: seed.document_no(),
        part: seed.number,
        since: seed.day(),
        due: seed.day(),
    };
    let year = CalendarYear { holidays: [seed.day()].into(), working_days: [seed.day()].into() };
    vec![
        (table::LEASE, Row::Lease(Arc::new(lease))),
        (table::LEASED_UNIT, Row::LeasedUnit(LeaseNo::new(&seed.code).unwrap())),
        (table::DEADLINE, Row::Deadline(deadline)),
        (table::OVERDUE_RECORD, Row::OverdueRecord(Arc::new(record))),
        (table::CALENDAR, Row::Calendar(Arc::new(year))),
    ]
}

fn correction_rows(seed: &Seed) -> Vec<(u8, Row)> {
    let used =
        MaterialUse { material: seed.number, declared: seed.quantity(1), statutory1: seed.quantity(2) };
    let part = CorrectedPart { line: seed.number, measure: seed.measure(1), uses: vec![used] };
    let side = CorrectedSide {
        list_no: seed.list_no(),
        book_no: seed.book_no(),
        owner: CustomsNo::new(&seed.code).unwrap(),
        parts: vec![part],
    };
    let filed = CorrectionFiling {
        correction_no: CorrectionNo::new(&seed.code).unwrap(),
        list_no: seed.list_no(),
        owner: CustomsNo::new(&seed.code).unwrap(),
        declared_at: seed.local(),
        reason: seed.text.as_str().into(),
        lines: vec![seed.part()],
    };
    let correction = Correction {
        filed,
        state: DocumentState::PrePosted,
        sides: vec![side],
        filed_time: seed.instant(),
        decided_time: seed.optional(seed.instant()),
        decision: seed.text.as_str().into(),
    };
    let uses = [(seed.number, seed.quantity(3))].into();
    let undone = Undone { asked: seed.measure(1), settled: seed.measure(2), uses };
    let filed = TallyFiling {
        tally_no: TallyNo::new(&seed.code).unwrap(),
        list_no: seed.list_no(),
        counted_at: seed.local(),
        lines: vec![seed.part()],
    };
    let named = NamedGoods {
        line: seed.number,
        mark: seed.mark(),
        number: seed.number,
        serial: seed.optional(SerialNo::new(&seed.code).unwrap()),
        declared: seed.quantity(1),
        statutory1: seed.quantity(2),
        statutory2: seed.optional(seed.quantity(3)),
        value_usd: seed.quantity(4),
    };
    let open = OpenGoods { lot: None, serial: None, left: seed.measure(1) };
    let tally = Tally {
        filed,
        filed_time: seed.instant(),
        short: vec![ShortGoods { named, open }],
        decisions: Vec::new(),
        decided_time: seed.optional(seed.instant()),
    };
    let share = ReturnedShare {
        list_no: seed.list_no(),
        line: seed.number,
        number: seed.number,
        declared: seed.quantity(1),
    };
    vec![
        (table::CORRECTION, Row::Correction(Arc::new(correction))),
        (table::UNDONE, Row::Undone(Arc::new(vec![undone]))),
        (table::TALLY, Row::Tally(Arc::new(tally))),
        (table::RETURNED, Row::Returned(Arc::new(vec![share.clone()]))),
        (table::EXCHANGED, Row::Exchanged(Arc::new(vec![share]))),
    ]
}

fn count_rows(seed: &Seed) -> Vec<(u8, Row)> {
    let range = ItemRange { mark: Mark::Product, first: seed.number, last: u64::MAX };
    let opening = CampaignOpening {
        book_no: seed.book_no(),
        owner: CustomsNo::new(&seed.code).unwrap(),
        scope: CountScope {
            items: if seed.full { vec![range] } else { Vec::new() },
            area: seed.optional(CountArea::new(&seed.code).unwrap()),
        },
        blind: seed.full,
        counters: 2,
    };
    let campaign = Campaign {
        campaign_no: CampaignNo::new(&seed.code).unwrap(),
        opening,
        state: DocumentState::Cancelled,
        cut_off: Revision(seed.number),
        cut_off_time: seed.instant(),
        sheets: seed.number,
        lines: seed.number,
        ended_time: seed.optional(seed.instant()),
        end_reason: seed.text.as_str().into(),
        closing: seed.optional(CampaignClosing { sheets: seed.number, open_items: seed.number }),
    };
    let sheet = TakenSheet {
        round: seed.number,
        lines: seed.number,
        taken_at: Revision(seed.number),
        taken_time: seed.instant(),
    };
    let counted = Counted { declared: seed.quantity(1), counted_at: seed.optional(seed.local()) };
    vec![
        (table::CAMPAIGN, Row::Campaign(Arc::new(campaign))),
        (table::BOOK_CAMPAIGN, Row::BookCampaign(())),
        (table::OPEN_CAMPAIGN, Row::OpenCampaign(())),
        (table::COUNT_SHEET, Row::CountSheet(Arc::new(sheet))),
        (table::COUNT, Row::Count(counted)),
    ]
}

fn difference_rows(seed: &Seed) -> Vec<(u8, Row)> {
    let text = || seed.text.as_str().into();
    let tolerance =
        Tolerance { ppm: seed.quantity(1), quantity: seed.quantity(2), value_usd: seed.quantity(3) };
    let basis = Basis {
        revision: Revision(seed.number),
        digest: seed.digest(),
        campaign_no: seed.optional(CampaignNo::new(&seed.code).unwrap()),
    };
    let report = DifferenceReport {
        book_no: seed.book_no(),
        basis,
        tolerance,
        parts: seed.number,
        lines: seed.number,
        open: seed.number,
    };
    let owner = seed.optional(DeskCode::new(&seed.code).unwrap());
    let filed = DifferenceLine {
        line: seed.number,
        mark: seed.mark(),
        number: seed.number,
        serial: seed.optional(SerialNo::new(&seed.code).unwrap()),
        unit: UnitCode::new(&seed.code).unwrap(),
        book: seed.quantity(1),
        counted: seed.quantity(2),
        explained: seed.quantity(3),
        inflow: seed.quantity(4),
        class: Class::ALL[seed.number as usize % Class::ALL.len()],
        stake: Stake {
            value_usd: seed.optional(seed.quantity(5)),
            duty: seed.optional(seed.quantity(6)),
            tax: seed.optional(seed.quantity(7)),
        },
        owner: owner.clone(),
        due: seed.optional(seed.day()),
    };
    let (by, at, time) = (seed.principal(), Revision(seed.number), seed.instant());
    let decision = DifferenceDecision {
        decision_no: DecisionNo::new(&seed.code).unwrap(),
        outcome: DifferenceOutcome::Taxed,
        decided_on: seed.day(),
        rates_on: seed.optional(seed.day()),
        dutiable_value: seed.optional(seed.quantity(8)),
        reason: text(),
        evidence: vec![Evidence { kind: EvidenceKind::Photo, name: text(), sha256: seed.digest() }],
    };
    let row = KeptDifference {
        book_no: seed.book_no(),
        filed,
        state: DifferenceState::Settled,
        assignments: vec![Assigned { owner, due: seed.optional(seed.day()), by: by.clone(), at, time }],
        decisions: vec![Decided { decision, by, at, time }],
        settled: vec![Settled {
            adjustment_no: AdjustmentNo::new(&seed.code).unwrap(),
            line: seed.number,
            declared: seed.quantity(9),
            dutiable_value: seed.optional(seed.quantity(10)),
            at,
        }],
        ended_at: seed.optional(at),
    };
    let tolerances = if seed.full { BTreeMap::from([(seed.day(), tolerance)]) } else { BTreeMap::new() };
    vec![
        (table::TOLERANCE, Row::Tolerance(Arc::new(tolerances))),
        (table::DIFFERENCE_REPORT, Row::DifferenceReport(Arc::new(report))),
        (table::BOOK_DIFFERENCE, Row::BookDifference(())),
        (table::DIFFERENCE, Row::Difference(Arc::new(row))),
        (table::GOODS_DIFFERENCE, Row::GoodsDifference(seed.difference())),
    ]
}

fn licence_rows(seed: &Seed) -> Vec<(u8, Row)> {
    let licence = Licence {
        grant: LicenceGrant {
            party: CustomsNo::new(&seed.code).unwrap(),
            tariff_code: TariffCode::new("8541430000").unwrap(),
            unit: UnitCode::new("035").unwrap(),
            quantity: seed.quantity(1),
            valid_from: seed.day(),
            valid_until: seed.day(),
        },
        used: seed.quantity(2),
        entries: seed.number,
        registered_time: seed.instant(),
    };
    let entry = LicenceEntry {
        revision: Revision(seed.number),
        time: seed.instant(),
        action: LicenceMove::Use,
        cause: seed.text.as_str().into(),
        before: seed.quantity(3),
        after: seed.quantity(4),
    };
    let draw = LicenceDraw {
        line: seed.number,
        licence_no: seed.licence_no(),
        unit: Unit::Statutory1,
        quantity: seed.quantity(5),
    };
    vec![
        (table::LICENCE, Row::Licence(Arc::new(licence))),
        (table::LICENCE_OF, Row::LicenceOf(())),
        (table::LICENCE_ENTRY, Row::LicenceEntry(Arc::new(entry))),
        (table::LICENCE_DRAW, Row::LicenceDraw(Arc::new(if seed.full { vec![draw] } else { Vec::new() }))),
    ]
}
fn bom_standing(seed: &Seed) -> BomStanding {
    let text = || seed.text.as_str().into();
    let taken = Taken { revision: Revision(seed.number), time: seed.instant() };
    let validity = BomValidity { from: seed.optional(seed.day()), until: seed.optional(seed.day()) };
    let outcome = if seed.full { BomOutcome::Replaced(seed.bom_version()) } else { BomOutcome::Confirmed };
    let challenge = BomChallenge {
        notice_no: NoticeNo::new(&seed.code).unwrap(),
        reason: text(),
        taken,
        settlement: Some(BomSettlement { outcome, minutes: text(), reason: text(), taken }),
    };
    let open = BomChallenge { settlement: None, ..challenge.clone() };
    BomStanding {
        limits: vec![BomLimit { validity, reason: text(), taken }],
        challenges: if seed.full { vec![open, challenge] } else { vec![challenge] },
    }
}
fn document_hold(seed: &Seed) -> DocumentHold {
    let standing = seed.standing();
    DocumentHold { held: standing.held, conditional: standing.conditional, orders: standing.orders }
}

fn order_move(seed: &Seed) -> OrderMove {
    OrderMove {
        line: seed.number,
        row: MatrixRow::OrderUse,
        mark: seed.mark(),
        number: seed.number,
        lot: seed.optional(LotNo::new(&seed.code).unwrap()),
        serial: seed.optional(SerialNo::new(&seed.code).unwrap()),
        measure: seed.measure(8),
        product: seed.optional(seed.number),
    }
}

fn own_group(seed: &Seed) -> OwnGroupEntry {
    OwnGroupEntry {
        fact: OwnGroupFact {
            own: seed.full,
            from: seed.day(),
            until: seed.day(),
            evidence: seed.text.as_str().into(),
        },
        revision: Revision(seed.number),
        time: seed.instant(),
    }
}

fn direct_exit(seed: &Seed) -> DirectExit {
    let text = || seed.text.as_str().into();
    let line = DirectExitLine { permit_line: seed.number, number: seed.number, quantity: seed.quantity(1) };
    DirectExit {
        grant: DirectExitGrant {
            permit_no: PermitNo::new(&seed.code).unwrap(),
            valid_until: seed.day(),
            lines: if seed.full { vec![line.clone(), line] } else { vec![line] },
        },
        reason: text(),
        used: [(seed.number, seed.quantity(2))].into(),
        approved_time: seed.instant(),
        revoked: seed.optional(Revocation { time: seed.instant(), reason: text() }),
    }
}

fn transfer_form_rows(seed: &Seed) -> Vec<(u8, Row)> {
    let end = || TransferEnd {
        book_no: seed.book_no(),
        owner: CustomsNo::new(&seed.code).unwrap(),
        office: OfficeCode::new("2217").unwrap(),
    };
    let line = TransferFormLine {
        line: seed.number,
        sender_mark: seed.mark(),
        sender_number: seed.number,
        receiver_mark: seed.mark(),
        receiver_number: seed.optional(seed.number),
        tariff_code: TariffCode::new("8471300000").unwrap(),
        unit: UnitCode::new("035").unwrap(),
        declared: seed.quantity(1),
    };
    let form = TransferForm {
        content: TransferFormContent {
            form_no: seed.transfer_form_no(),
            sender: end(),
            receiver: end(),
            declared_at: seed.local(),
            valid_until: seed.day(),
            lines: vec![line],
        },
        change_no: seed.number,
        state: DocumentState::Open,
        listed: vec![ListedQuantity { out: seed.quantity(2), into: seed.quantity(3) }],
        lists: seed.number,
        filed_time: seed.instant(),
        closed_time: seed.optional(seed.instant()),
    };
    let draw = FormDraw { line: seed.number, form_line: seed.number, quantity: seed.quantity(4) };
    vec![
        (table::TRANSFER_FORM, Row::TransferForm(Arc::new(form))),
        (table::TRANSFER_FORM_OF, Row::TransferFormOf(())),
        (table::TRANSFER_FORM_DRAW, Row::TransferFormDraw(Arc::new(vec![draw]))),
    ]
}

fn sale_rows(seed: &Seed) -> Vec<(u8, Row)> {
    let text = || seed.text.as_str().into();
    let buyer = seed.optional(BuyerHash(seed.digest()));
    let order = OrderStatement {
        sale: seed.sale(),
        goods_value: seed.quantity(1),
        freight: seed.quantity(2),
        discount: seed.quantity(3),
        tax: seed.quantity(4),
        paid: seed.quantity(5),
        currency: text(),
        buyer,
    };
    let payment = PaymentStatement {
        sale: seed.sale(),
        provider: TraderCode::new(&seed.code).unwrap(),
        transaction_no: TransactionNo::new(&seed.code).unwrap(),
        amount: seed.quantity(6),
        currency: text(),
        payer: buyer,
    };
    let waybill = WaybillStatement {
        waybill: seed.waybill(),
        order_no: seed.optional(OrderNo::new(&seed.code).unwrap()),
        freight: seed.quantity(7),
        insurance: seed.quantity(8),
        currency: text(),
    };
    let since = seed.instant();
    let sale = Sale {
        order: seed.optional(Said { what: order, since }),
        payment: seed.optional(Said { what: payment, since }),
    };
    let citation =
        SaleCitation { sale: seed.sale(), waybill: seed.optional(seed.waybill()), currency: text() };
    vec![
        (table::SALE, Row::Sale(Arc::new(sale))),
        (table::WAYBILL, Row::Waybill(Arc::new(Said { what: waybill, since }))),
        (table::PARCEL_SALE, Row::ParcelSale(Arc::new(citation))),
        (table::SALE_PARCEL, Row::SaleParcel(())),
        (table::WAYBILL_PARCEL, Row::WaybillParcel(())),
    ]
}

fn order_rows(seed: &Seed) -> Vec<(u8, Row)> {
    let planned = PlannedProduct {
        line: seed.number,
        number: seed.number,
        declared: seed.quantity(1),
        bom_version: seed.optional(BomVersion::new(&seed.code).unwrap()),
    };
    let opening = WorkOrderOpening {
        book_no: seed.book_no(),
        owner: CustomsNo::new(&seed.code).unwrap(),
        declared_at: seed.local(),
        products: vec![planned],
    };
    let stock = OrderStock { issued: seed.measure(1), returned: seed.measure(2), used: seed.measure(3) };
    let order = WorkOrder {
        opening,
        state: DocumentState::Open,
        events: seed.number,
        goods: [((seed.mark(), seed.number), stock)].into(),
        products: [(seed.number, seed.measure(4))].into(),
        residues: [(seed.number, seed.measure(5))].into(),
        uses: [((seed.number, seed.mark(), seed.number), seed.quantity(6))].into(),
        opened_time: seed.instant(),
        closed_time: seed.optional(seed.instant()),
    };
    let goods = OrderGoods {
        line: seed.number,
        mark: seed.mark(),
        number: seed.number,
        quantities: seed.order_quantities(),
    };
    let residue = OrderResidue {
        line: seed.number,
        number: seed.number,
        kind: ResidueKind::ByProduct,
        part_no: PartNo::new(&seed.code).unwrap(),
        tariff_code: TariffCode::new("8471300000").unwrap(),
        name: seed.text.as_str().into(),
        unit: UnitCode::new("035").unwrap(),
        declared: seed.quantity(7),
    };
    let output = OrderOutput {
        used: vec![OrderUse { goods, product: seed.optional(seed.number) }],
        products: vec![OrderProduct {
            line: seed.number,
            number: seed.number,
            quantities: seed.order_quantities(),
        }],
        residues: vec![residue],
    };
    let moved = order_move(seed);
    let filed = OrderReport {
        event_no: seed.number,
        reported_at: seed.local(),
        event: OrderEvent::Output(output),
        lots: seed.lots(),
    };
    let entry = OrderEntry {
        filed,
        moves: vec![moved],
        countered_by: seed.optional(seed.number),
        posted_time: seed.instant(),
    };
    vec![
        (table::PROJECT_USE, Row::ProjectUse(ConsumptionNo::new(&seed.code).unwrap())),
        (table::WORK_ORDER, Row::WorkOrder(Arc::new(order))),
        (table::BOOK_WORK_ORDER, Row::BookWorkOrder(())),
        (table::ORDER_ENTRY, Row::OrderEntry(Arc::new(entry))),
    ]
}

fn status_rows(seed: &Seed) -> Vec<(u8, Row)> {
    let registered = RegistrationFiling {
        lots: seed.lots(),
        registration_no: RegistrationNo::new(&seed.code).unwrap(),
        book_no: seed.book_no(),
        owner: CustomsNo::new(&seed.code).unwrap(),
        pass_type: PassType::NotDeclared,
        direction: seed.direction(),
        vehicle_no: seed.text.as_str().into(),
        passed_at: seed.local(),
        lines: vec![seed.status_line()],
    };
    let changed = StatusChangeFiling {
        lots: seed.lots(),
        status_change_no: StatusChangeNo::new(&seed.code).unwrap(),
        from_book: seed.book_no(),
        to_book: seed.book_no(),
        owner: CustomsNo::new(&seed.code).unwrap(),
        declared_at: seed.local(),
        declaration_no: DeclarationNo::new(&seed.code).unwrap(),
        lines: vec![StatusChangeLine { goods: seed.status_line(), to_number: seed.number }],
    };
    let registration = Registration { filed: registered, posted_time: seed.instant() };
    let line = CarryOverLine {
        line: seed.number,
        mark: seed.mark(),
        number: seed.number,
        to_number: seed.optional(seed.number),
    };
    let filed = CarryOverFiling {
        carry_over_no: CarryOverNo::new(&seed.code).unwrap(),
        from_book: seed.book_no(),
        to_book: seed.book_no(),
        owner: CustomsNo::new(&seed.code).unwrap(),
        declared_at: seed.local(),
        lines: vec![line],
    };
    let carry_over = CarryOver { filed, carried: vec![seed.measure(1)], posted_time: seed.instant() };
    let case_no = CaseNo::new(&seed.code).unwrap();
    let action = if seed.full { BookAction::OpenCase(case_no) } else { BookAction::Cancel };
    let order = BookOrder { book_no: seed.book_no(), action, reason: seed.text.as_str().into() };
    let change = StatusChange { filed: changed, posted_time: seed.instant() };
    vec![
        (table::REGISTRATION, Row::Registration(Arc::new(registration))),
        (table::STATUS_CHANGE, Row::StatusChange(Arc::new(change))),
        (table::CARRY_OVER, Row::CarryOver(Arc::new(carry_over))),
        (table::BOOK_ORDER, Row::BookOrder(Arc::new(order))),
        (table::OPEN_PAPER, Row::OpenPaper(())),
    ]
}
