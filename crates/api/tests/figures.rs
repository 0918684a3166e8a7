//! Reference data, scopes of duty, buyers and returns: what callers send is read field by field, and comes back.

use zonebook_api::{duty, field::FieldError, parcel, reference, sale, v1};
use zonebook_ledger::document::{BuyerHash, ParcelFiling, SaleAction, Statement};
use zonebook_ledger::reference::ReferenceKind;
use zonebook_ledger::time::Date;

fn row(kind: &str, code: &str, content: v1::reference_row::Content) -> v1::ReferenceRow {
    v1::ReferenceRow {
        kind: kind.into(),
        code: code.into(),
        from: "2026-01-01".into(),
        line: 7,
        content: Some(content),
    }
}

fn tariff() -> v1::TariffRow {
    v1::TariffRow {
        duty: "6.5".into(),
        by_origin: vec![v1::OriginRate { origin: "116".into(), duty: "4.5".into() }],
        vat: "13".into(),
        consumption: "0".into(),
        unit1: "035".into(),
        unit2: "007".into(),
        dangerous: true,
        licence: false,
    }
}

fn import(rows: Vec<v1::ReferenceRow>) -> v1::ImportReferenceRequest {
    v1::ImportReferenceRequest { source: "t.csv".into(), rows, ..Default::default() }
}

#[test]
fn rows_of_every_kind_come_back() {
    use v1::reference_row::Content;
    let named = || v1::NamedRow { iso: "CNY".into(), name_zh: "人民币".into(), name_en: "yuan".into() };
    let rows = vec![
        row("TARIFF", "8471300000", Content::Tariff(tariff())),
        row("EXCHANGE", "502", Content::Exchange(v1::ExchangeRow { cny: "7.2".into(), usd: "1".into() })),
        row("CONVERSION", "070/035", Content::Conversion("1000".into())),
        row(
            "CONCORDANCE",
            "8471300000",
            Content::Concordance(v1::ConcordanceRow { to: vec!["8471300001".into()] }),
        ),
        row("CURRENCY", "142", Content::Named(named())),
        row(
            "REPAIR_PRODUCT",
            "8413",
            Content::RepairProduct(v1::RepairProductRow {
                allowed: true,
                batch: "第一批".into(),
                name_zh: "泵".into(),
            }),
        ),
    ];
    let read = reference::import(&import(rows.clone())).unwrap();
    assert_eq!(read.source, "t.csv");
    let sent: Vec<_> =
        read.rows.iter().map(|entry| reference::row(&entry.key, entry.line, &entry.row)).collect();
    assert_eq!(sent, rows);
    assert_eq!(read.rows[0].key.kind, ReferenceKind::Tariff);
}

#[test]
fn a_wrong_field_of_a_row_is_named_with_its_path() {
    use v1::reference_row::Content;
    let error = |change: &dyn Fn(&mut v1::ReferenceRow)| {
        let mut wrong = row("TARIFF", "8471300000", Content::Tariff(tariff()));
        change(&mut wrong);
        reference::import(&import(vec![wrong])).unwrap_err().field
    };
    let in_tariff = |change: fn(&mut v1::TariffRow)| {
        error(&move |row: &mut v1::ReferenceRow| {
            if let Some(Content::Tariff(tariff)) = &mut row.content {
                change(tariff);
            }
        })
    };
    assert_eq!(error(&|row| row.kind = "RATES".into()), "rows[0].kind");
    assert_eq!(error(&|row| row.from = "2026".into()), "rows[0].from");
    assert_eq!(error(&|row| row.code = "1".repeat(11)), "rows[0].code");
    assert_eq!(error(&|row| row.content = None), "rows[0].content");
    assert_eq!(in_tariff(|tariff| tariff.duty = "6,5".into()), "rows[0].tariff.duty");
    assert_eq!(in_tariff(|tariff| tariff.vat.clear()), "rows[0].tariff.vat");
    assert_eq!(in_tariff(|tariff| tariff.unit1.clear()), "rows[0].tariff.unit1");
    let twice = in_tariff(|tariff| tariff.by_origin.push(tariff.by_origin[0].clone()));
    assert_eq!(twice, "rows[0].tariff.by_origin.origin");
    assert_eq!(reference::import(&v1::ImportReferenceRequest::default()).unwrap_err().field, "source");
}

#[test]
fn a_scope_is_of_one_thing() {
    let none = v1::ExposureScope::default();
    let book = || v1::ExposureScope { book_no: "T1".into(), ..Default::default() };
    let error = |scope: v1::ExposureScope| duty::scope(Some(&scope)).unwrap_err().field;
    assert_eq!(duty::scope(Some(&none)).unwrap(), duty::scope(None).unwrap());
    assert!(
        duty::scope(Some(&v1::ExposureScope { mark: "I".into(), number: 2, ..book() }))
            .unwrap()
            .item
            .is_some()
    );
    assert_eq!(error(v1::ExposureScope { mark: "I".into(), ..none.clone() }), "scope.mark");
    assert_eq!(error(v1::ExposureScope { number: 2, ..book() }), "scope.number");
    assert_eq!(error(v1::ExposureScope { mark: "X".into(), ..book() }), "scope.mark");
    assert_eq!(error(v1::ExposureScope { office: "9931".into(), ..book() }), "scope.book_no");
    let position = v1::PositionKey {
        book_no: "T1".into(),
        mark: "I".into(),
        number: 1,
        place: "ZONE".into(),
        ..Default::default()
    };
    assert_eq!(error(v1::ExposureScope { position: Some(position), ..book() }), "scope.book_no");
}

#[test]
fn a_product_has_a_quantity_a_value_and_a_currency() {
    let sound = v1::GetProductQuoteRequest {
        book_no: "H1".into(),
        number: 1,
        bom_version: "V1".into(),
        quantity: "2".into(),
        value: "1000".into(),
        ..Default::default()
    };
    assert_eq!(duty::product(&sound, Date(0)).unwrap().currency, "142");
    for (wrong, field) in [
        (v1::GetProductQuoteRequest { quantity: "0".into(), ..sound.clone() }, "quantity"),
        (v1::GetProductQuoteRequest { value: "-1".into(), ..sound.clone() }, "value"),
        (v1::GetProductQuoteRequest { currency: "USD".into(), ..sound.clone() }, "currency"),
        (v1::GetProductQuoteRequest { bom_version: String::new(), ..sound.clone() }, "bom_version"),
    ] {
        assert_eq!(duty::product(&wrong, Date(0)).unwrap_err().field, field);
    }
}

#[test]
fn a_buyer_comes_in_as_an_identity_and_goes_out_as_a_hash() {
    let hash = BuyerHash([0xA5; 32]);
    assert_eq!(parcel::buyer(&hash.to_string()).unwrap(), hash);
    for wrong in ["", "a5", &"g".repeat(64), &format!("+{}", "a".repeat(63)), &"核".repeat(64)] {
        assert_eq!(parcel::buyer(wrong).unwrap_err().field, "buyer", "{wrong}");
    }
    let identity = v1::BuyerIdentity { r#type: "1".into(), number: "110".into() };
    let wire = v1::Parcel {
        parcel_no: "P1".into(),
        book_no: "T1".into(),
        buyer_identity: Some(identity),
        ..Default::default()
    };
    let request = |parcel: v1::Parcel| v1::FileParcelsRequest { parcels: vec![parcel], ..Default::default() };
    let read = parcel::filing(&request(wire.clone()), |identity| {
        assert_eq!((identity.r#type.as_str(), identity.number.as_str()), ("1", "110"));
        Ok(hash)
    });
    let ParcelFiling::File(parcels) = read.unwrap() else { panic!() };
    assert_eq!(parcels[0].buyer, Some(hash));
    let no_key = |_: &v1::BuyerIdentity| Err(FieldError::new("number", "", "no key"));
    let error = parcel::filing(&request(wire.clone()), no_key).unwrap_err();
    assert_eq!(error.field, "parcels[0].buyer_identity.number");
    assert!(!error.to_string().contains("110"), "{error}");
    let given = v1::Parcel { buyer: hash.to_string(), buyer_identity: None, ..wire };
    assert_eq!(parcel::filing(&request(given), no_key).unwrap_err().field, "parcels[0].buyer");
}

#[test]
fn statements_of_a_sale_are_read_field_by_field() {
    use v1::sale_statement::Statement as Wire;
    let hash = BuyerHash([0xA5; 32]);
    let identity = v1::BuyerIdentity { r#type: "1".into(), number: "110".into() };
    let order = v1::SaleOrder {
        platform: "EBP".into(),
        order_no: "O1".into(),
        goods_value: "89".into(),
        paid: "89".into(),
        currency: "142".into(),
        buyer_identity: Some(identity),
        ..Default::default()
    };
    let request = |statement: Option<Wire>, action: &str| v1::FileSaleStatementsRequest {
        action: action.into(),
        statements: vec![v1::SaleStatement { statement }],
        ..Default::default()
    };
    let read = |request: &v1::FileSaleStatementsRequest| sale::filing(request, |_| Ok(hash));
    let filed = read(&request(Some(Wire::Order(order.clone())), "")).unwrap();
    let [Statement::Order(kept)] = filed.statements.as_slice() else { panic!("{filed:?}") };
    assert_eq!((filed.action, kept.buyer, kept.due()), (SaleAction::File, Some(hash), Some(kept.paid)));
    let error = |statement: Option<Wire>, action: &str| read(&request(statement, action)).unwrap_err().field;
    assert_eq!(error(None, ""), "statements[0].statement");
    assert_eq!(error(Some(Wire::Order(order.clone())), "SAY"), "action");
    let with = |change: fn(&mut v1::SaleOrder)| {
        let mut order = order.clone();
        change(&mut order);
        Some(Wire::Order(order))
    };
    assert_eq!(error(with(|order| order.order_no.clear()), ""), "statements[0].order.order_no");
    assert_eq!(error(with(|order| order.tax = "x".into()), ""), "statements[0].order.tax");
    assert_eq!(error(with(|order| order.buyer = "a5".into()), ""), "statements[0].order.buyer");
    let waybill = v1::SaleWaybill { carrier: "LC".into(), ..Default::default() };
    assert_eq!(error(Some(Wire::Waybill(waybill)), ""), "statements[0].waybill.waybill_no");
    let payment = v1::SalePayment { platform: "E".into(), order_no: "O".into(), ..Default::default() };
    assert_eq!(error(Some(Wire::Payment(payment)), "CHANGE"), "statements[0].payment.provider");
}

#[test]
fn a_return_is_read_field_by_field() {
    let sound = v1::ParcelReturn {
        return_no: "V1".into(),
        parcel_no: "P1".into(),
        applied_on: "2025-12-11".into(),
        arrived_on: "2025-12-26".into(),
        lines: vec![v1::ReturnedParcelLine {
            line: 1,
            quantity_declared: "1".into(),
            quantity_statutory1: "0.9".into(),
            quantity_statutory2: String::new(),
        }],
    };
    let read = parcel::return_filing(Some(&sound)).unwrap();
    assert_eq!((read.lines[0].statutory2, read.lines[0].line), (None, 1));
    let error = |change: fn(&mut v1::ParcelReturn)| {
        let mut wrong = sound.clone();
        change(&mut wrong);
        parcel::return_filing(Some(&wrong)).unwrap_err().field
    };
    assert_eq!(error(|wire| wire.return_no.clear()), "parcel_return.return_no");
    assert_eq!(error(|wire| wire.applied_on.clear()), "parcel_return.applied_on");
    assert_eq!(
        error(|wire| wire.lines[0].quantity_declared = "x".into()),
        "parcel_return.lines[0].quantity_declared"
    );
    assert_eq!(parcel::return_filing(None).unwrap_err().field, "parcel_return");
}
