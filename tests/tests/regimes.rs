//! Other regimes, and products told as materials, by command line on the mixed month.

use serde_json::Value;
use zonebook_ledger::quantity::Quantity;
use zonebook_tests::{Office, mixed_month, printed, refused, said};

const STORE: &str = "T9931W000001";
const PROCESSING: &str = "H99312600005";

fn rows(json: &str) -> Vec<Value> {
    serde_json::from_str::<Value>(json).unwrap().as_array().unwrap().clone()
}

fn quantity(value: &Value) -> Quantity {
    Quantity::parse(value.as_str().unwrap_or("0")).unwrap()
}

fn sum(quantities: impl IntoIterator<Item = Quantity>) -> Quantity {
    quantities.into_iter().fold(Quantity::ZERO, |sum, quantity| sum.checked_add(quantity).unwrap())
}

/// The row of an item: of a year, or of a count of the processing book.
fn of_item(rows: &[Value], mark: &str, number: u64) -> Value {
    let fits = |row: &&Value| {
        let counted = &row["counted"];
        let goods = if counted.is_object() { counted } else { *row };
        let of_book = !counted.is_object() || counted["book_no"] == PROCESSING;
        of_book && goods["mark"] == mark && goods["number"] == number
    };
    rows.iter().find(fits).unwrap_or_else(|| panic!("no {mark} {number}")).clone()
}

#[test]
fn a_year_is_reconciled_with_what_was_counted() {
    let office = Office::open();
    let count = mixed_month().join("count.csv").display().to_string();
    let year = ["regime", "annual", STORE, "--end", "2026-12-31", "--counted", &count];
    let found = rows(&office.node.shown(&[&year[..], &["-o", "json"]].concat()));
    for row in &found {
        let column = |name: &str| quantity(&row["columns"][name]);
        let into = sum(["opening", "receipts", "positive_adjustments"].map(column));
        let out = sum(["transfers", "negative_adjustments", "closing"].map(column));
        assert_eq!(into, out, "{row}");
        assert_eq!(
            quantity(&row["closing"]),
            sum([column("closing"), quantity(&row["difference"])]),
            "{row}"
        );
    }
    assert_eq!(of_item(&found, "I", 4)["difference"], "0");
    // 27 are short, and there is no tariff by which to tell what they bear.
    let short = of_item(&found, "I", 7);
    assert_eq!(
        (&short["difference"], &short["short"][0]["short"]),
        (&Value::from("-27"), &Value::from("27"))
    );
    assert!(["DUTY_UNKNOWN", "YEARLY"].contains(&short["manner"].as_str().unwrap()), "{short}");

    let told = office.node.run(&year);
    assert!(said(&told).contains("report by 2027-03-31, letter by 2027-04-14"), "{}", said(&told));
    assert!(printed(&told).contains("book closing"), "{}", printed(&told));
    let unknown = office.node.run(&["regime", "annual", "T0000W000009", "--end", "2026-12-31"]);
    assert_eq!(unknown.status.code(), Some(3), "{}", said(&unknown));
    let backwards =
        office.node.run(&["regime", "annual", STORE, "--end", "2026-12-31", "--begin", "2027-01-01"]);
    assert!(said(&backwards).contains("begin"), "{}", said(&backwards));
}

#[test]
fn a_bill_of_discharge_says_what_became_of_what_was_placed() {
    let office = Office::open();
    let bill = ["regime", "discharge", PROCESSING, "--placed-on", "2026-06-15", "--months", "6"];
    let found = rows(&office.node.shown(&[&bill[..], &["-o", "json"]].concat()));
    assert!(!found.is_empty());
    for row in &found {
        let gone = row["discharged"].as_object().map(|gone| sum(gone.values().map(quantity)));
        let told = sum([gone.unwrap_or_default(), quantity(&row["remaining"])]);
        assert_eq!(quantity(&row["placed"]), told, "{row}");
    }
    assert!(found.iter().any(|row| row["products"].as_array().is_some_and(|products| !products.is_empty())));
    let told = office.node.run(&[&bill[..], &["--gathered", "quarterly"]].concat());
    let days = "placed 2026-04-01 to 2026-06-30: discharged by 2026-12-31, bill by 2027-01-30 (extended: 2027-03-01)";
    assert!(said(&told).contains(days), "{}", said(&told));
}

#[test]
fn what_came_in_for_repair_is_told_by_where_it_came_from() {
    let office = Office::open();
    let found = rows(&office.node.shown(&["regime", "repair", "H99312600007", "-o", "json"]));
    for row in &found {
        let of = |fates: &[&str]| sum(fates.iter().map(|fate| quantity(&row["fates"][*fate])));
        let came = of(&["CAME_IN", "REMOVED", "ENTERED"]);
        let went = [
            "REPAIRED",
            "OTHER_OUT",
            "EXPORTED",
            "SOLD",
            "TRANSFERRED",
            "DESTROYED",
            "FITTED",
            "WRITTEN_OFF",
        ];
        assert_eq!(came, sum([of(&went), quantity(&row["on_hand"])]), "{row}");
        assert_eq!(row["difference"], "0", "{row}");
    }
    // Parts of foreign units were exported, those of domestic ones sold (`domain.md` 3.1).
    let removed = |from: &str, fate: &str| {
        let of = |row: &&Value| row["mark"] == "R" && row["provenance"] == from;
        sum(found.iter().filter(of).map(|row| quantity(&row["fates"][fate])))
    };
    assert_eq!(
        (removed("2", "SOLD"), removed("3", "EXPORTED")),
        (quantity(&"0".into()), quantity(&"0".into()))
    );
    assert_ne!(removed("2", "EXPORTED"), quantity(&"0".into()));
    let store = office.node.run(&["regime", "repair", STORE]);
    assert!(said(&store).contains("a book of usage REPAIR"), "{}", said(&store));
}

#[test]
fn counted_products_are_told_as_materials() {
    let office = Office::open();
    let month = std::fs::read_to_string(mixed_month().join("count.csv")).unwrap();
    let products = format!("{PROCESSING},E,1,,001,100\n{PROCESSING},E,2,,007,0\n");
    let count = office.written("count.csv", &format!("{month}{products}"));
    let plain = rows(&office.node.shown(&["reconcile", &count, "-o", "json"]));
    assert_eq!(of_item(&plain, "E", 1)["difference"], "100");

    let convert = ["reconcile", count.as_str(), "-o", "json", "--convert-products"];
    // Two versions of the product are filed: the count must say which one.
    refused(&office.node.run(&convert), "BOM_VERSION_UNKNOWN");
    let version = format!("{PROCESSING}/1=26060101");
    let told = rows(&office.node.shown(&[&convert[..], &["--bom-version", &version]].concat()));
    let product = of_item(&told, "E", 1);
    assert_eq!((&product["difference"], &product["converted"]["version"]), (&"0".into(), &"26060101".into()));
    let materials = product["converted"]["materials"].as_array().unwrap();
    // Of its six materials one is not bonded.
    assert_eq!(materials.len(), 5, "{product}");
    for held in materials {
        let number = held["material"].as_u64().unwrap();
        let (before, after) = (of_item(&plain, "I", number), of_item(&told, "I", number));
        let more = sum([quantity(&before["difference"]), quantity(&held["quantity"])]);
        assert_eq!(quantity(&after["difference"]), more, "{after}");
        assert_eq!(after["in_products"][0]["quantity"], "100", "{after}");
    }
}
