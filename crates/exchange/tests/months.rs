//! The sample months: each message is classified as its expected outcome says, and what can be taken is taken.

mod common;

use common::{MONTHS, month, table};
use std::path::Path;
use zonebook_exchange::{manifest, read_message, reference};
use zonebook_ledger::message::Content;
use zonebook_ledger::reason::Reason;

/// Reads each message of a month and compares type, number and the outcomes of intake.
fn check_intake(month: &Path, mut take: impl FnMut(&str, &Content, bool)) {
    let rows = table(&month.join("expected/outcomes.csv"));
    assert!(!rows.is_empty());
    for row in rows {
        let file = &row["file"];
        let bytes = std::fs::read(month.join("messages").join(file)).unwrap();
        let content = read_message(&bytes);
        let (label, reason) = match &content {
            Content::Unreadable(refusal) => (None, Some(refusal.reason)),
            Content::Invalid { label, refusal } => (Some(label), Some(refusal.reason)),
            Content::Keyed { label, .. } => (Some(label), None),
        };
        let expected = match row["reason"].as_str() {
            "MALFORMED_XML" => Some(Reason::MalformedXml),
            "SCHEMA_INVALID" => Some(Reason::SchemaInvalid),
            _ => None,
        };
        assert_eq!(reason, expected, "{file}: {content:?}");
        assert_eq!(label.map_or("", |label| &label.kind), row["type"], "{file}");
        assert_eq!(label.map_or("", |label| &label.business_id), row["business_id"], "{file}");
        take(file, &content, row["outcome"] == "accepted");
    }
}

#[test]
fn every_message_of_the_months_is_read_as_expected() {
    for name in MONTHS {
        check_intake(&month(name), |file, content, _| {
            if let Content::Keyed { document, label, names, .. } = content {
                let document = document.as_ref().unwrap_or_else(|refusal| panic!("{file}: {refusal}"));
                assert_eq!(document.number().as_str(), label.business_id, "{file}");
                assert_eq!(names.first(), Some(&label.business_id), "{file}");
            }
        });
    }
}

#[test]
fn nothing_of_a_person_is_read_from_the_parcels_of_the_months() {
    let mut parcels = 0;
    check_intake(&month("month-a"), |file, content, _| {
        let shown = format!("{content:?}");
        parcels += usize::from(shown.contains("CEB621"));
        for personal in ["测试买家", "测试地址", "000000190001010000", "00000000000\""] {
            assert!(!shown.contains(personal), "{file}: {personal}");
        }
    });
    assert!(parcels > 0);
}

#[test]
fn repeats_have_the_same_key_and_other_messages_another() {
    for month in MONTHS.map(month) {
        let mut keys = std::collections::HashMap::new();
        for row in table(&month.join("expected/outcomes.csv")) {
            let bytes = std::fs::read(month.join("messages").join(&row["file"])).unwrap();
            let Content::Keyed { key, .. } = read_message(&bytes) else { continue };
            let repeat = keys.insert(key, row["file"].clone()).is_some();
            let expected = row["outcome"] == "duplicate" || row["reason"] == "MESSAGE_ID_CONFLICT";
            assert_eq!(repeat, expected, "{}", row["file"]);
        }
    }
}

#[test]
fn reference_data_and_manifest_are_read() {
    for (name, counts) in MONTHS.into_iter().zip([(2, 4), (2, 8)]) {
        let month = month(name);
        let read = |name: &str| std::fs::read(month.join(name)).unwrap();
        let zones = reference::zones("zones.csv", &read("reference/zones.csv")).unwrap();
        let parties = reference::enterprises("enterprises.csv", &read("reference/enterprises.csv")).unwrap();
        let deliveries = manifest::manifest("manifest.csv", &read("manifest.csv")).unwrap();
        assert_eq!((zones.len(), parties.len()), counts, "{name}");
        assert_eq!(deliveries.len(), table(&month.join("expected/outcomes.csv")).len());
        assert!(deliveries.is_sorted_by_key(|delivery| (delivery.arrived_at, delivery.seq)));
    }
}
