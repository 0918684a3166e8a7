//! Messages of the mixed month with one thing odd: what nobody expects, and what must come of it all the same.

mod common;

use common::replay::{Replay, time};
use zonebook_exchange::receive;
use zonebook_ledger::code::BookNo;
use zonebook_ledger::command::Command;
use zonebook_ledger::limits::LISTS_OF_DECLARATION_MAX;
use zonebook_ledger::outcome::Applied;
use zonebook_ledger::state::{Books, Deliveries, get};

/// The mixed month up to a message, and messages that follow in its place.
struct Interrupted {
    replay: Replay,
    count: u64,
}

impl Interrupted {
    fn before(seq: u64) -> Self {
        let mut replay = Replay::new("month-a");
        for delivery in replay.deliveries().iter().filter(|delivery| delivery.seq < seq) {
            replay.feed("month-a", delivery);
        }
        Self { replay, count: 0 }
    }

    fn message(&self, seq: u64) -> String {
        let found = self.replay.deliveries().into_iter().find(|delivery| delivery.seq == seq).unwrap();
        String::from_utf8(self.replay.read(&format!("messages/{}", found.file))).unwrap()
    }

    fn give(&mut self, at: &str, text: &str) -> Applied {
        self.count += 1;
        let message = receive("odd", self.count, "odd.xml", text.as_bytes(), None);
        self.replay.apply(Some(time(at)), Command::Receive(Box::new(message)))
    }
}

/// The text between two others.
fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let from = text.find(before).unwrap() + before.len();
    let length = text[from..].find(after).unwrap();
    &text[from..from + length]
}

/// The same message under a number of its own.
fn fresh(text: &str, number: u64) -> String {
    let id = between(text, "<message_id>", "<").to_owned();
    text.replacen(&id, &format!("ODD{number}"), 1)
}

fn reason(applied: &Applied) -> &'static str {
    applied.outcome.refusal().map_or("", |refusal| refusal.reason.code())
}

#[test]
fn a_slip_with_a_negative_value_is_refused_and_stops_nothing() {
    let mut odd = Interrupted::before(40);
    let slip = odd.message(40).replacen("<usdStatTotalAmt>0<", "<usdStatTotalAmt>-1<", 1);
    assert_eq!(reason(&odd.give("2026-06-05T09:08:29", &slip)), "INVALID_FIELD");
    let book = get::<Books>(&odd.replay.state, BookNo::new("T9931W000001").unwrap()).unwrap().unwrap();
    assert!(!book.faulted);
    assert!(get::<Deliveries>(&odd.replay.state, ("odd".into(), 1)).unwrap().is_some());
    let next = odd.message(41);
    assert_eq!(reason(&odd.give("2026-06-05T09:08:30", &next)), "");
}

#[test]
fn ordinary_use_in_a_repair_book_makes_scrap() {
    let mut odd = Interrupted::before(62);
    let slip = fresh(&odd.message(61), 1)
        .replace("C99312600000000503", "C99312600000000999")
        .replace("<cmTypecd>2<", "<cmTypecd>1<");
    assert_eq!(reason(&odd.give("2026-06-09T10:10:00", &slip)), "");
    let rows = odd.replay.balances(false);
    let scrap = rows.iter().find(|row| row.book == "H99312600007" && row.place == "SCRAP").unwrap();
    assert_eq!((scrap.kind.as_str(), scrap.lot.as_str(), scrap.serial.as_str()), ("R", "", ""));
}

#[test]
fn a_removed_part_that_comes_in_and_is_withdrawn_does_not_hide_its_unit() {
    let mut odd = Interrupted::before(106);
    let inward = fresh(&odd.message(107), 1)
        .replace("QD993126E000041034", "QD993126I000049999")
        .replace("<impexpMarkcd>E<", "<impexpMarkcd>I<")
        .replace("<dclcusFlag>1<", "<dclcusFlag>2<");
    assert_eq!(reason(&odd.give("2026-06-16T10:00:00", &inward)), "");
    let withdrawn = fresh(&inward, 2).replacen("<chgTmsCnt>0<", "<chgTmsCnt>1<", 1).replacen(
        "<param1></param1>",
        "<param1>3</param1>",
        1,
    );
    assert_eq!(reason(&odd.give("2026-06-16T10:00:01", &withdrawn)), "");
    let unit_out = odd.message(106);
    assert_eq!(reason(&odd.give("2026-06-16T10:00:02", &unit_out)), "");
}

#[test]
fn a_notice_is_not_blocked_by_what_another_message_calls_itself() {
    let mut odd = Interrupted::before(18);
    let notice = odd.message(18);
    let number = between(&notice, "<ENTRY_ID>", "<").to_owned();
    let slip = fresh(&odd.message(40), 1)
        .replace("<dclTypecd>1<", "<dclTypecd>4<")
        .replace("<business_id>X9931E260605000031<", &format!("<business_id>{number}<"));
    assert_eq!(reason(&odd.give("2026-06-03T23:00:00", &slip)), "UNSUPPORTED");
    assert_eq!(reason(&odd.give("2026-06-03T23:00:00", &notice)), "");
}

#[test]
fn a_pass_line_that_names_no_line_of_its_list_exceeds_it() {
    let odd = Interrupted::before(1);
    let by_line = |text: &String| text.contains("<bindTypecd>3<") && text.contains("<rltTbTypecd>1<");
    let deliveries = odd.replay.deliveries();
    let passes = deliveries.iter().filter(|delivery| delivery.file.contains("SAS121"));
    let (delivery, text) =
        passes.map(|delivery| (delivery, odd.message(delivery.seq))).find(|(_, text)| by_line(text)).unwrap();
    let line = between(&text, "<rltGdsSeqno>", "<");
    let wrong = text.replacen(&format!("<rltGdsSeqno>{line}<"), "<rltGdsSeqno>-1<", 1);
    let mut odd = Interrupted::before(delivery.seq);
    assert_eq!(reason(&odd.give(&delivery.arrived_at.to_string(), &wrong)), "PASS_QTY_EXCEEDED");
}

#[test]
fn a_declaration_has_a_bounded_number_of_lists() {
    let mut odd = Interrupted::before(56);
    let list = odd.message(55);
    let number = ["<entryNo>", "<rltEntryNo>"].map(|tag| between(&list, tag, "<").to_owned()).concat();
    let most = LISTS_OF_DECLARATION_MAX as u64;
    for count in 1..=most + 1 {
        let another = fresh(&list, count)
            .replace("QD993126I000041014", &format!("QD9931{count:012}"))
            .replace(&number, "993120269999999999");
        let expected = if count > most { "TOO_LARGE" } else { "" };
        assert_eq!(reason(&odd.give("2026-06-08T23:00:00", &another)), expected, "list {count}");
    }
}
