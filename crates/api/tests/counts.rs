//! Count campaigns: what callers send becomes what the ledger takes, and what is wrong is named.

use zonebook_api::{count, v1};
use zonebook_ledger::document::{CampaignStep, CountPlace, Document};

fn campaign() -> v1::Campaign {
    v1::Campaign {
        campaign_no: "P1".into(),
        book_no: "H99312600005".into(),
        owner: "99316B6090".into(),
        items: vec![v1::ItemRange { mark: "I".into(), first: 3, last: 0 }],
        area: "A1".into(),
        blind: true,
        counters: 0,
    }
}

fn line() -> v1::CountLine {
    v1::CountLine {
        line: 7,
        mark: "E".into(),
        number: 2,
        serial: String::new(),
        lot: "L1/1".into(),
        place: "IN_PROCESS".into(),
        bom_version: "V1".into(),
        area: "A1".into(),
        unit: "035".into(),
        quantity_declared: "0".into(),
        counted_at: "2026-06-30 18:30:00".into(),
    }
}

#[test]
fn an_opening_takes_one_counter_and_one_item_where_no_more_is_said() {
    let Document::Campaign(filing) = count::opening(Some(&campaign())).unwrap() else { panic!("a campaign") };
    let CampaignStep::Open(opening) = filing.step else { panic!("an opening") };
    assert_eq!((opening.counters, opening.blind), (1, true));
    let range = &opening.scope.items[0];
    assert_eq!((range.first, range.last), (3, 3));
    let wrong =
        v1::Campaign { items: vec![v1::ItemRange { mark: "Q".into(), ..Default::default() }], ..campaign() };
    assert_eq!(count::opening(Some(&wrong)).unwrap_err().field, "campaign.items[0].mark");
}

#[test]
fn lines_of_a_sheet_come_back_as_they_were_sent() {
    let sent =
        |line| v1::CountSheet { counter: "LI".into(), sheet_no: "1".into(), round: 0, lines: vec![line] };
    let Document::Campaign(filing) = count::sheet("P1", Some(&sent(line()))).unwrap() else {
        panic!("a campaign")
    };
    let CampaignStep::Record(sheet) = filing.step else { panic!("a sheet") };
    assert_eq!(sheet.round, 1);
    assert_eq!(count::line_to_wire(&sheet.lines[0]), line());
    for (place, read) in [("", CountPlace::Stock), ("OUTSOURCED", CountPlace::Outsourced)] {
        let sent = sent(v1::CountLine { place: place.into(), ..line() });
        let Document::Campaign(filing) = count::sheet("P1", Some(&sent)).unwrap() else {
            panic!("a campaign")
        };
        let CampaignStep::Record(sheet) = filing.step else { panic!("a sheet") };
        assert_eq!(sheet.lines[0].place, read);
    }
    // Nothing is a count; saying nothing is not.
    let silent = v1::CountLine { quantity_declared: String::new(), ..line() };
    assert_eq!(
        count::sheet("P1", Some(&sent(silent))).unwrap_err().field,
        "sheet.lines[0].quantity_declared"
    );
    assert_eq!(count::sheet("", Some(&sent(line()))).unwrap_err().field, "campaign_no");
}
