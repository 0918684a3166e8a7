//! Lots on the wire: read with the field that is wrong, and shown with what they came in with.

use zonebook_api::{document, lot, v1, value};
use zonebook_ledger::code::{BookNo, DocumentNo, ListNo, LotNo, PartNo, TariffCode, WorkOrderNo};
use zonebook_ledger::direction::Mark;
use zonebook_ledger::item::ItemKey;
use zonebook_ledger::layer::{
    Allocation, AllocationKey, Layer, LayerId, LayerKey, Lot, LotMethod, LotShare, LotsTaken, StackKey,
};
use zonebook_ledger::measure::Measure;
use zonebook_ledger::mover::Mover;
use zonebook_ledger::outcome::{Applied, Outcome, Revision, Verdict};
use zonebook_ledger::place::Place;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::query::{LotRow, TakenLot};
use zonebook_ledger::time::{Date, Instant};

fn list(lots: Vec<v1::NamedLot>, expiries: Vec<v1::Expiry>) -> v1::InventoryList {
    v1::InventoryList {
        list_no: "QD1".into(),
        book_no: "T1".into(),
        owner: "2217960001".into(),
        declared_at: "2026-06-02 09:00:00".into(),
        direction: "E".into(),
        mark: "I".into(),
        kind: "0".into(),
        mode: "5034".into(),
        lots,
        expiries,
        ..v1::InventoryList::default()
    }
}

#[test]
fn lines_name_lots_and_days() {
    let named = v1::NamedLot { line: 3, material: Some(7), lot: "QD9/1".into() };
    let expiry = v1::Expiry { line: 2, date: "2026-12-01".into() };
    let read = document::list(Some(&list(vec![named.clone()], vec![expiry.clone()]))).unwrap();
    assert_eq!((read.lots[0].line, read.lots[0].material, read.lots[0].lot.as_str()), (3, Some(7), "QD9/1"));
    assert_eq!((read.expiries[0].line, read.expiries[0].date), (2, Date::parse("2026-12-01").unwrap()));

    let nameless = v1::NamedLot { lot: String::new(), ..named.clone() };
    let wrong = document::list(Some(&list(vec![named, nameless], Vec::new()))).unwrap_err();
    assert_eq!(wrong.field, "list.lots[1].lot");
    let dateless = v1::Expiry { date: "soon".into(), ..expiry };
    let wrong = document::list(Some(&list(Vec::new(), vec![dateless]))).unwrap_err();
    assert_eq!((wrong.field.as_str(), wrong.value.as_str()), ("list.expiries[0].date", "soon"));
}

#[test]
fn a_method_is_one_of_the_list() {
    let request = v1::SetLotMethodRequest {
        book_no: "T1".into(),
        method: "NEAREST_EXPIRY".into(),
        take_over: true,
        ..v1::SetLotMethodRequest::default()
    };
    let order = lot::method_order(&request).unwrap();
    assert_eq!((order.method, order.take_over), (LotMethod::NearestExpiry, true));
    let unknown = v1::SetLotMethodRequest { method: "LIFO".into(), ..request };
    assert_eq!(lot::method_order(&unknown).unwrap_err().field, "method");
    assert_eq!(lot::document(&v1::GetTakenLotsRequest::default()).unwrap_err().field, "document");
}

fn stack() -> StackKey {
    StackKey { book_no: BookNo::new("T1").unwrap(), mark: Mark::Goods, number: 4, place: Place::OutOnForm }
}

fn layer() -> LayerId {
    LayerId {
        received: Revision(6),
        line: 1,
        lot: LotNo::new("QD9/1").unwrap(),
        holder: DocumentNo::new("F1").ok(),
    }
}

fn measure(declared: i64) -> Measure {
    Measure::new(Quantity::whole(declared), Quantity::whole(2), Quantity::ZERO, Quantity::whole(880))
}

fn share() -> LotShare {
    LotShare { layer: layer(), expires: None, measure: measure(80) }
}

fn key() -> AllocationKey {
    let mover = Mover::from(&ListNo::new("QD1").unwrap());
    AllocationKey { mover, line: 3, from: stack(), to: Place::Outside }
}

fn receipt() -> Lot {
    Lot {
        mover: Mover::from(&WorkOrderNo::new("QD9").unwrap()).at(4),
        line: 1,
        carried_from: Some(ItemKey { book_no: BookNo::new("T0").unwrap(), mark: Mark::Goods, number: 8 }),
        tariff_code: TariffCode::new("8708299000").unwrap(),
        part_no: PartNo::new("M-100").unwrap(),
        origin: "142".into(),
        mode: None,
        price: Quantity::whole(11),
        currency: "502".into(),
        expires: Some(Date::parse("2026-12-01").unwrap()),
        received: measure(200),
        received_at: Some((Revision(6), Instant(1_000))),
    }
}

#[test]
fn what_was_taken_shows_its_lot_and_where_it_came_from() {
    let taken = TakenLot { key: key(), posted: true, share: share(), lot: receipt().into() };
    let wire = lot::traced(&taken);
    let told = wire.taken.unwrap();
    assert_eq!((told.document.as_str(), told.line, told.number), ("QD1", 3, 4));
    assert_eq!((told.document_type.as_str(), told.event_no), ("LIST", 0));
    assert_eq!((told.place.as_str(), told.to_place.as_str()), ("OUT_ON_FORM", "OUTSIDE"));
    assert_eq!((told.lot.as_str(), told.holder.as_str(), told.posted), ("QD9/1", "F1", true));
    let measure = told.measure.unwrap();
    assert_eq!((measure.declared.as_str(), measure.value_usd.as_str()), ("80", "880"));
    let origin = wire.lot.unwrap();
    assert_eq!((origin.price.as_str(), origin.origin.as_str(), origin.mode.as_str()), ("11", "142", ""));
    assert_eq!((origin.expires.as_str(), origin.received_revision), ("2026-12-01", 6));
    assert_eq!(origin.received_time.unwrap().seconds, 1);
    assert_eq!((origin.document_type.as_str(), origin.event_no), ("WORK_ORDER", 4));
    let before = origin.carried_from.unwrap();
    assert_eq!((before.book_no.as_str(), before.mark.as_str(), before.number), ("T0", "I", 8));
}

#[test]
fn the_answer_to_a_command_lists_lots() {
    let allocation =
        Allocation { holder: None, posted: false, since: Revision(5), shares: vec![share(), share()] };
    let outcome = Outcome { verdict: Verdict::Accepted, document: None, state: None, changed: Vec::new() };
    let applied = Applied {
        revision: Revision(5),
        repeated: false,
        record_time: Instant(2_000),
        ledger_time: Instant(1_000),
        outcome,
        balances: Vec::new(),
        lots: vec![LotsTaken { key: key(), allocation }],
    };
    let lots = value::outcome(&applied).lots;
    assert_eq!(lots.len(), 2);
    assert!(lots.iter().all(|taken| taken.lot == "QD9/1" && !taken.posted));
}

#[test]
fn goods_of_a_lot_stand_in_a_place() {
    let layer_key = LayerKey { stack: stack(), id: layer() };
    let there = Layer { expires: None, remaining: measure(120), reserved: measure(20) };
    let wire = lot::stored(&LotRow { key: layer_key, layer: there, lot: receipt().into() });
    assert_eq!((wire.number, wire.place.as_str(), wire.holder.as_str()), (4, "OUT_ON_FORM", "F1"));
    assert_eq!(wire.remaining.unwrap().declared, "120");
    assert_eq!(wire.reserved.unwrap().declared, "20");
    assert_eq!(wire.origin.unwrap().document, "QD9");
}
