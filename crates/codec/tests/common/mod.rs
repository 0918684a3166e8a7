//! One row and one key of every kind, made from a few values.

use std::sync::Arc;
use zonebook_codec::key::table;
use zonebook_ledger::bom::{Bom, BomKey, BomLine};
use zonebook_ledger::book::{Book, BookKind, BookingMode, Usage};
use zonebook_ledger::code::*;
use zonebook_ledger::command::RequestId;
use zonebook_ledger::counters::Counters;
use zonebook_ledger::direction::{Direction, Mark, Stops};
use zonebook_ledger::document::{
    Binding, ConsumptionFiling, DeclarationType, LinkedType, ListKind, ListLine, ParcelLine, PassLine,
    PassageReport, PassageStage, PermitKind, PermitLine, Provenance, Residue, SlipLine, UsedMaterial,
    VerificationFiling,
};
use zonebook_ledger::event::{
    Action, CommandKind, Delivery, Event, JournalKey, JournalRow, SeenMessage, SeenRequest, Step,
};
use zonebook_ledger::item::{Item, ItemKey, Units};
use zonebook_ledger::layer::{
    Allocation, AllocationKey, Layer, LayerId, LayerKey, Lot, LotMethod, LotShare, NamedLot, StackKey,
};
use zonebook_ledger::matrix::MatrixRow;
use zonebook_ledger::measure::Measure;
use zonebook_ledger::message::Label;
use zonebook_ledger::movement::{DocumentState, GateProgress, Gathered, MaterialUse, Movement, MovementLine};
use zonebook_ledger::outcome::{Changed, Outcome, Revision, Verdict};
use zonebook_ledger::parameter::Parameter;
use zonebook_ledger::parcel::{Parcel, ParcelGoods};
use zonebook_ledger::party::Party;
use zonebook_ledger::pass::{BillBalance, Declaration, HeldReports, Pass};
use zonebook_ledger::permission::{Principal, Role};
use zonebook_ledger::permit::{Permit, PermitUse, Slip, SlipGoods};
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::{Factor, Quantity};
use zonebook_ledger::reason::Reason;
use zonebook_ledger::refusal::Refusal;
use zonebook_ledger::settlement::{Consumption, Verification};
use zonebook_ledger::state::{Head, Key, Row};
use zonebook_ledger::time::{Date, Instant, LocalTime, UtcOffset};
use zonebook_ledger::unit::UnitReceipt;
use zonebook_ledger::zone::{Zone, ZoneKind};

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
        Stops { inward: self.full, outward: !self.full }
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

    fn document_no(&self) -> DocumentNo {
        DocumentNo::new(&self.code).unwrap()
    }

    fn principal(&self) -> Principal {
        Principal(self.text.as_str().into())
    }

    fn mark(&self) -> Mark {
        Mark::ALL[self.number as usize % Mark::ALL.len()]
    }

    fn item_key(&self) -> ItemKey {
        ItemKey { book_no: self.book_no(), mark: self.mark(), number: self.number }
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

    fn line(&self) -> ListLine {
        ListLine {
            line: self.number,
            number: self.number,
            part_no: PartNo::new(&self.code).unwrap(),
            tariff_code: TariffCode::new("8471300000").unwrap(),
            name: self.text.as_str().into(),
            units: self.units(),
            origin: "142".into(),
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
        Key::Part((seed.book_no(), PartNo::new(&seed.code).unwrap())),
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
        Key::Bom(BomKey {
            book_no: seed.book_no(),
            product: seed.number,
            version: BomVersion::new(&seed.code).unwrap(),
        }),
        Key::Permit(PermitNo::new(&seed.code).unwrap()),
        Key::Slip(SlipNo::new(&seed.code).unwrap()),
        Key::Parcel(ParcelNo::new(&seed.code).unwrap()),
        Key::Gathered(seed.list_no()),
        Key::Unit((seed.book_no(), SerialNo::new(&seed.code).unwrap())),
        Key::Consumption(ConsumptionNo::new(&seed.code).unwrap()),
        Key::Verification((seed.book_no(), Revision(seed.number))),
        Key::Parameter(Parameter::ALL[seed.number as usize % Parameter::ALL.len()]),
        Key::Lot((seed.item_key(), LotNo::new(&seed.code).unwrap())),
        Key::Layer(LayerKey { stack: seed.stack(), id: seed.layer() }),
        Key::Allocation(AllocationKey {
            document: seed.document_no(),
            line: seed.number,
            from: seed.stack(),
            to: Place::ALL[seed.number as usize % Place::ALL.len()],
        }),
    ]
}

/// One row of each table with the byte of its table, in the order of the tables.
pub fn rows(seed: &Seed) -> Vec<(u8, Row)> {
    let mut rows = vec![
        (table::POSITION, Row::Position(seed.counters())),
        (table::ITEM, Row::Item(Arc::new(item(seed)))),
        (table::PART, Row::Part(seed.number)),
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
    rows.extend(lot_rows(seed));
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
        stops: seed.stops(),
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
    let party = Party {
        customs_no: owner.clone(),
        credit_code: CreditCode::new(&seed.code).unwrap(),
        office: office.clone(),
        role: text(),
        name_zh: text(),
        name_en: text(),
    };
    let book = Book {
        book_no: seed.book_no(),
        kind: BookKind::Processing,
        office,
        zone_kind: ZoneKind::BondedPort,
        owner,
        usage: Usage::Store,
        booking_mode: BookingMode::RowPerReceipt,
        lot_method: LotMethod::NearestExpiry,
        valid_until: Date(seed.number as i32),
        change_no: seed.number,
        last_item: seed.number,
        declared_at: seed.local(),
        stops: seed.stops(),
        faulted: seed.full,
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
        declared: seed.full,
        declaration_type: seed.optional(DeclarationType::Corresponding),
        declaration_no: seed.optional(DeclarationNo::new(&seed.code).unwrap()),
        related_book: seed.optional(seed.book_no()),
        partner: seed.optional(seed.list_no()),
        bill_no: seed.optional(BillNo::new(&seed.code).unwrap()),
        permit_no: seed.optional(PermitNo::new(&seed.code).unwrap()),
        lines: seed.number,
        passes: seed.number,
        ungated: seed.quantity(0),
        accepted_at: Revision(seed.number),
        prevd_time: seed.instant(),
        release_time: seed.optional(seed.local()),
        gate_time: seed.optional(seed.local()),
        posted_time: seed.optional(seed.instant()),
        verified_time: seed.optional(seed.instant()),
        withdrawn_time: seed.optional(seed.instant()),
    };
    let used =
        MaterialUse { material: seed.number, declared: seed.quantity(1), statutory1: seed.quantity(2) };
    let line = MovementLine {
        filed: seed.line(),
        lot: seed.optional(LotNo::new(&seed.code).unwrap()),
        serial: seed.optional(SerialNo::new(&seed.code).unwrap()),
        uses: if seed.full { vec![used, used] } else { Vec::new() },
    };
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
    let pass = Pass {
        state: DocumentState::GateOne,
        direction: seed.direction(),
        binding: Binding::ManyVehicles,
        linked_type: LinkedType::List,
        linked: vec![seed.document_no()],
        book_no: seed.optional(seed.book_no()),
        vehicle_no: seed.text.as_str().into(),
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
    };
    let declaration = Declaration { release_time: seed.optional(seed.local()), lists: vec![seed.list_no()] };
    let bill = BillBalance { entered: seed.quantity(1), claimed: seed.quantity(2) };
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
    };
    let permit = Permit {
        kind: PermitKind::Display,
        book_no: seed.book_no(),
        owner: CustomsNo::new(&seed.code).unwrap(),
        valid_until: Date(seed.number as i32),
        guarantee_no: text(),
        exhibition_place: text(),
        lines: vec![used],
        sold: [((seed.mark(), seed.number), seed.quantity(5))].into(),
        filed_time: seed.instant(),
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
    };
    let slip = Slip {
        permit_no: PermitNo::new(&seed.code).unwrap(),
        book_no: seed.book_no(),
        row: MatrixRow::BatchOut,
        direction: seed.direction(),
        state: DocumentState::Approved,
        list_no: seed.optional(seed.list_no()),
        lines: vec![SlipGoods { filed, mark: seed.mark(), lot: lot.clone(), serial: serial.clone() }],
        ungated: seed.quantity(5),
        approved_time: seed.instant(),
        gate_time: seed.optional(seed.local()),
        posted_time: seed.optional(seed.instant()),
    };
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
        state: DocumentState::Reserved,
        list_no: seed.optional(seed.list_no()),
        lines: vec![ParcelGoods { filed, lot, serial }],
        reserved_time: seed.instant(),
        ended_time: seed.optional(seed.instant()),
    };
    let gathered = Gathered {
        slips: vec![SlipNo::new(&seed.code).unwrap()],
        parcels: vec![ParcelNo::new(&seed.code).unwrap()],
    };
    vec![
        (table::PERMIT, Row::Permit(Arc::new(permit))),
        (table::SLIP, Row::Slip(Arc::new(slip))),
        (table::PARCEL, Row::Parcel(Arc::new(parcel))),
        (table::GATHERED, Row::Gathered(Arc::new(gathered))),
    ]
}

fn lot_rows(seed: &Seed) -> Vec<(u8, Row)> {
    let expires = seed.optional(Date(seed.number as i32));
    let lot = Lot {
        document: seed.document_no(),
        line: seed.number,
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
    let allocation =
        Allocation { holder: seed.optional(seed.document_no()), posted: seed.full, shares: vec![share] };
    vec![
        (table::LOT, Row::Lot(Arc::new(lot))),
        (table::LAYER, Row::Layer(layer)),
        (table::ALLOCATION, Row::Allocation(Arc::new(allocation))),
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
    };
    let verified = VerificationFiling {
        book_no: seed.book_no(),
        sequence: seed.number,
        begin: seed.optional(Date(seed.number as i32)),
        end: seed.optional(Date(seed.number as i32)),
        declared_at: seed.optional(seed.local()),
        lists: vec![seed.list_no()],
    };
    let bom: Bom = [(seed.number, line)].into();
    let values = [(Date(seed.number as i32), seed.quantity(1))];
    let consumption = Consumption { filed, posted_time: seed.instant() };
    let verification = Verification { filed: verified, verified_time: seed.instant() };
    vec![
        (table::BOM, Row::Bom(Arc::new(bom))),
        (table::UNIT, Row::Unit(Arc::new(vec![receipt]))),
        (table::CONSUMPTION, Row::Consumption(Arc::new(consumption))),
        (table::VERIFICATION, Row::Verification(Arc::new(verification))),
        (table::PARAMETER, Row::Parameter(Arc::new(values.into()))),
    ]
}
