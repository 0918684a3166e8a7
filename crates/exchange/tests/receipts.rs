//! Receipts of the sample months: who is told what, in which order, and that every one of them is valid against the
//! published schemas; that what was filed comes back from the originals; and that no buyer is named anywhere.

mod common;

use common::replay::{ALL, Replay, ZONE, time};
use common::{MONTHS, shared};
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command as Process;
use zonebook_exchange::schema::{Schema, validate};
use zonebook_exchange::write::{Asked, Written, ask_again, receipt};
use zonebook_exchange::{original, read_message, receive};
use zonebook_ledger::command::Command;
use zonebook_ledger::correspondence::{self, Letter, MessageName};
use zonebook_ledger::digest::sha256;
use zonebook_ledger::document::Document;
use zonebook_ledger::message::Content;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::outcome::Verdict;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::receipt::{Acknowledgement, ReceiptKind, Recipient, Ruling};
use zonebook_ledger::state::{Key, Row};

fn recipients(replay: &Replay) -> Vec<Recipient> {
    let of = |(key, _): (&Key, &Row)| match key {
        Key::Mailbox(recipient) => Some(recipient.clone()),
        _ => None,
    };
    replay.state.rows().filter_map(of).collect()
}

fn letters(replay: &Replay) -> Vec<Letter> {
    let mut letters = Vec::new();
    for recipient in recipients(replay) {
        let last = correspondence::mailbox(&replay.state, &recipient).unwrap().last;
        for sequence in 1..=last {
            letters.push(correspondence::letter(&replay.state, &recipient, sequence).unwrap().unwrap());
        }
    }
    letters
}

fn words(letter: &Letter) -> String {
    letter.event.outcome.refusal().map(ToString::to_string).unwrap_or_default()
}

/// The part of a written message that its schema is about.
fn schema_part(written: &Written) -> String {
    let text = String::from_utf8(written.bytes.clone()).unwrap();
    if !written.kind.starts_with("SAS") {
        return text;
    }
    let (begin, end) = (format!("<{} ", written.kind), format!("</{}>", written.kind));
    let from = text.find(&begin).unwrap();
    text[from..text.find(&end).unwrap() + end.len()].to_owned()
}

/// Asks `xmllint` about each; the table of our own is asked about those in an envelope.
fn assert_valid(written: &[Written]) {
    let mut by_kind: BTreeMap<&str, Vec<&Written>> = BTreeMap::new();
    for one in written {
        by_kind.entry(one.kind).or_default().push(one);
        if let Some(schema) = Schema::written(one.kind).filter(|schema| !schema.roots.is_empty()) {
            let text = String::from_utf8_lossy(&one.bytes);
            validate(&one.bytes, schema).unwrap_or_else(|failure| panic!("{failure:?}\n{text}"));
        }
        assert!(!matches!(read_message(&one.bytes), Content::Unreadable(_)), "{}", one.file_name);
    }
    let Some(folder) = shared("xsd") else { return };
    let files = tempfile::tempdir().unwrap();
    for (kind, written) in by_kind {
        let family = if kind.starts_with("SAS") { "SAS" } else { "EMS" };
        let schema = folder.join(family).join(format!("{kind}.xsd"));
        if !schema.exists() {
            assert_eq!(kind, "INV211");
            continue;
        }
        for some in written.chunks(200) {
            let paths: Vec<_> = some
                .iter()
                .map(|one| {
                    let path = files.path().join(&one.file_name);
                    std::fs::write(&path, schema_part(one)).unwrap();
                    path
                })
                .collect();
            let asked = Process::new("xmllint")
                .args(["--noout", "--nonet", "--schema"])
                .arg(&schema)
                .args(&paths)
                .output();
            let Ok(said) = asked else {
                eprintln!("SKIPPED: xmllint is not installed");
                return;
            };
            let said = String::from_utf8_lossy(&said.stderr).into_owned();
            for path in paths {
                let valid = said.contains(&format!("{} validates", path.display()));
                assert!(valid, "{kind}: {said}\n{}", std::fs::read_to_string(path).unwrap());
            }
        }
    }
}

#[test]
fn every_receipt_of_the_months_is_valid() {
    for name in MONTHS {
        let replay = Replay::fed(name);
        let written: Vec<Written> =
            letters(&replay).iter().map(|letter| receipt(letter, &words(letter))).collect();
        assert!(written.len() > 100, "{name}: {}", written.len());
        let names: BTreeSet<&str> = written.iter().map(|one| one.file_name.as_str()).collect();
        assert_eq!(names.len(), written.len(), "{name}: a file name stands twice");
        assert_valid(&written);
    }
}

/// Counted from the tables of the month alone.
#[test]
fn the_months_are_told_as_their_tables_say() {
    for name in MONTHS {
        let replay = Replay::fed(name);
        let mut told: BTreeMap<(ReceiptKind, bool), usize> = BTreeMap::new();
        for letter in letters(&replay) {
            let refused = letter.receipt.ruling == Ruling::Returned;
            *told.entry((letter.receipt.kind, refused)).or_default() += 1;
        }
        let outcomes = replay.outcomes();
        let count = |kind: &str, outcome: &str| {
            outcomes.iter().filter(|row| row.kind == kind && row.outcome == outcome).count()
        };
        let told_of = |kind, refused| told.get(&(kind, refused)).copied().unwrap_or_default();
        for (kind, receipt) in [
            ("BWS101", ReceiptKind::LogisticsBookAudit),
            ("EMS111", ReceiptKind::ProcessingBookAudit),
            ("EMS121", ReceiptKind::VerificationAudit),
            ("INV101", ReceiptKind::ListAudit),
            ("SAS101", ReceiptKind::PermitAudit),
            ("SAS111", ReceiptKind::SlipAudit),
            ("SAS121", ReceiptKind::PassAudit),
        ] {
            assert_eq!(told_of(receipt, false), count(kind, "accepted"), "{name}: {kind}");
        }
        let posted = replay.movements().iter().filter(|list| list.posted_time.is_some()).count();
        assert_eq!(told_of(ReceiptKind::ListPosting, false), posted, "{name}");
        let passages = outcomes
            .iter()
            .flat_map(|row| row.changed.split(';'))
            .filter(|changed| changed.starts_with('Z'))
            .filter(|changed| changed.ends_with("=PASSED") || changed.ends_with("=GATE_ONE"))
            .count();
        assert_eq!(told_of(ReceiptKind::Passage, false), passages, "{name}");
        let refused = outcomes
            .iter()
            .filter(|row| row.kind == "INV101" && row.outcome == "refused")
            .filter(|row| !["SCHEMA_INVALID", "MESSAGE_ID_CONFLICT"].contains(&row.reason.as_str()))
            .filter(|row| row.reason != "DOCUMENT_UNKNOWN");
        assert!(told_of(ReceiptKind::ListAudit, true) >= refused.count(), "{name}");
    }
}

#[test]
fn receipts_have_no_gaps_and_say_the_same_again() {
    let mut replay = Replay::new("month-a");
    let mut seen: BTreeMap<(String, u64), Vec<u8>> = BTreeMap::new();
    for (at, delivery) in replay.deliveries().into_iter().enumerate() {
        replay.feed("month-a", &delivery);
        if at % 40 != 0 {
            continue;
        }
        for letter in letters(&replay) {
            let key = (letter.recipient.to_string(), letter.sequence);
            let bytes = receipt(&letter, &words(&letter)).bytes;
            let first = seen.entry(key.clone()).or_insert_with(|| bytes.clone());
            assert_eq!(
                String::from_utf8_lossy(first),
                String::from_utf8_lossy(&bytes),
                "{key:?} says something else later"
            );
        }
    }
    assert!(seen.len() > 100);
    for recipient in recipients(&replay) {
        let last = correspondence::mailbox(&replay.state, &recipient).unwrap().last;
        let all = correspondence::receipts(&replay.state, &recipient, (0, u64::MAX), ALL).unwrap();
        let numbers: Vec<u64> = all.iter().map(|(sequence, _)| *sequence).collect();
        assert_eq!(numbers, (1..=last).collect::<Vec<u64>>(), "{recipient}");
        let mut resumed = Vec::new();
        let mut after = 0;
        loop {
            let part = correspondence::receipts(&replay.state, &recipient, (after, u64::MAX), 7).unwrap();
            let Some((sequence, _)) = part.last() else { break };
            after = *sequence;
            resumed.extend(part);
        }
        assert_eq!(resumed, all, "{recipient}");
    }
}

#[test]
fn what_is_acknowledged_stays_so_and_nothing_more_can_be() {
    let mut replay = Replay::fed("month-s");
    let recipient = recipients(&replay).into_iter().next().unwrap();
    let last = correspondence::mailbox(&replay.state, &recipient).unwrap().last;
    let mut say = |up_to| {
        let recipient = recipient.clone();
        let command = Command::AcknowledgeReceipts(Acknowledgement { recipient: recipient.clone(), up_to });
        let outcome = replay.apply(None, command).outcome;
        let reason = outcome.refusal().map(|refusal| refusal.reason);
        (reason, correspondence::mailbox(&replay.state, &recipient).unwrap().acknowledged)
    };
    assert_eq!(say(3), (None, 3));
    assert_eq!(say(1), (None, 3));
    assert_eq!(say(last + 1), (Some(Reason::ReceiptUnknown), 3));
    assert_eq!(say(last), (None, last));
    // It touches no book, so it does not end a migration.
    let next = replay.deliveries().remove(0);
    assert!(replay.feed("again", &next).outcome.refusal().is_none_or(|r| r.reason != Reason::MigrationEnded));
}

/// Round trip: every value of every filed message is in what is kept, and what an accepted list said is in its receipt.
#[test]
fn what_was_filed_comes_back() {
    for name in MONTHS {
        let replay = Replay::fed(name);
        let mut kept = 0;
        for delivery in replay.deliveries() {
            let bytes = replay.read(&format!("messages/{}", delivery.file));
            let by_delivery = MessageName::Delivery(name.into(), delivery.seq);
            let (hash, original) = correspondence::original(&replay.state, &by_delivery).unwrap().unwrap();
            assert_eq!(hash, sha256(&bytes));
            let content = read_message(&bytes);
            let Content::Keyed { label, .. } = &content else {
                assert!(original.is_none(), "{}", delivery.file);
                continue;
            };
            if label.kind == "CEB621" {
                continue;
            }
            let original = original.unwrap_or_else(|| panic!("{} is not kept", delivery.file));
            assert_eq!(original::bytes(&original).unwrap(), bytes, "{}", delivery.file);
            assert!(!original.redacted);
            kept += 1;
        }
        assert!(kept > 100, "{name}");
        for letter in letters(&replay) {
            if letter.receipt.kind == ReceiptKind::ListAudit && letter.receipt.content_version.is_some() {
                repeats_what_was_filed(&letter);
            }
        }
    }
}

/// Values that customs puts in the place of what was filed.
const OURS: [&str; 8] = [
    "prevdTime",
    "formalVrfdedTime",
    "vrfdedMarkcd",
    "invtStucd",
    "putrecSeqno",
    "dclUprcAmt",
    "chgTmsCnt",
    "param1",
];

fn repeats_what_was_filed(letter: &Letter) {
    let filed = original::bytes(letter.original.as_ref().unwrap()).unwrap();
    let filed = validate(&filed, Schema::of("INV101").unwrap()).unwrap();
    let written = receipt(letter, "");
    let told = validate(&written.bytes, Schema::written("INV201").unwrap()).unwrap();
    for record in ["BondInvtBsc", "BondInvtDt"] {
        assert_eq!(filed.all(record).count(), told.all(record).count());
        for (filed, told) in filed.all(record).zip(told.all(record)) {
            for value in filed.values.iter().filter(|value| !OURS.contains(&value.name)) {
                let now = told.value(value.name).map_or("", |value| value.text.as_ref());
                let same = now == value.text || now.parse::<f64>().ok() == value.text.parse::<f64>().ok();
                assert!(same, "{} {}: {} was {}", letter.receipt.number, value.name, now, value.text);
            }
        }
    }
}

/// The buyers of the sample months, in any stored byte.
#[test]
fn no_buyer_is_named_in_any_stored_byte() {
    let replay = Replay::fed("month-a");
    let mut personal = BTreeSet::new();
    for delivery in replay.deliveries() {
        let text = String::from_utf8_lossy(&replay.read(&format!("messages/{}", delivery.file))).into_owned();
        for element in ["buyerIdNumber", "buyerName", "buyerTelephone", "consigneeAddress"] {
            for part in text.split(&format!("<ceb:{element}>")).skip(1) {
                personal.insert(part.split("</").next().unwrap().to_owned());
            }
        }
    }
    assert!(personal.len() >= 4, "{personal:?}");
    let mut redacted = 0;
    for (key, row) in replay.state.rows() {
        let mut shown = format!("{key:?} {row:?}");
        if let Row::Original(original) = row {
            let bytes = original::bytes(original).unwrap();
            let text = String::from_utf8(bytes).unwrap();
            assert_eq!(original.redacted, text.contains("CEB621Message"));
            redacted += usize::from(original.redacted);
            shown.push_str(&text);
        }
        if let Some(one) = personal.iter().find(|one| shown.contains(one.as_str())) {
            panic!("{one} in {key:?}");
        }
    }
    assert!(redacted > 0);
}

/// Bytes that cannot be read are not kept, and what is said of them names nobody.
#[test]
fn a_message_of_electronic_commerce_that_cannot_be_read_names_nobody() {
    // An order, a payment, a waybill, a parcel list, a return.
    for kind in ["CEB311", "CEB411", "CEB511", "CEB621", "CEB625"] {
        for broken in ["</ceb:buyerName>&张三丰;", "张三丰", "<张三丰 a=1>"] {
            let text = format!("<ceb:{kind}Message xmlns:ceb='x'></ceb:{kind}Message>{broken}");
            let message = receive("shop", 1, "a.xml", text.as_bytes(), None);
            assert!(matches!(message.content, Content::Unreadable(_)), "{broken}");
            assert!(!format!("{message:?}").contains("张三丰"), "{message:?}");
            assert_eq!(message.original, None);
        }
    }
}

/// A message whose type is not taken (`RULES.md` 2.4) is known by its hash alone: it may name buyers, too.
#[test]
fn a_return_that_comes_as_a_message_is_refused_and_names_nobody() {
    let text = "<ceb:CEB625Message xmlns:ceb='x' guid='G'><ceb:InvtRefund><ceb:InvtRefundHead><ceb:buyerName>张三丰                </ceb:buyerName></ceb:InvtRefundHead></ceb:InvtRefund></ceb:CEB625Message>";
    let message = receive("shop", 1, "a.xml", text.as_bytes(), None);
    let Content::Invalid { refusal, .. } = &message.content else { panic!("{message:?}") };
    assert_eq!(refusal.reason, zonebook_ledger::reason::Reason::SchemaInvalid);
    assert!(!format!("{message:?}").contains("张三丰"), "{message:?}");
    assert_eq!(message.original, None);
}

/// A ledger that takes results of customs.
fn taking_results() -> Replay {
    use zonebook_ledger::parameter::{Parameter, ParameterValue};
    use zonebook_ledger::quantity::Quantity;
    let mut replay = Replay::new("month-s");
    replay.accept(Command::SetParameter(ParameterValue {
        parameter: Parameter::ReceiptsFromCustoms,
        from: time("2026-01-01").date(),
        value: Quantity::whole(1),
    }));
    for delivery in replay.deliveries() {
        replay.feed("month-s", &delivery);
    }
    replay
}

fn hand_in(replay: &mut Replay, sequence: u64, bytes: &[u8]) -> zonebook_ledger::outcome::Outcome {
    let message = receive("customs", sequence, "receipt.xml", bytes, None);
    replay.apply(Some(time("2026-07-01T08:00:00")), Command::Receive(Box::new(message))).outcome
}

/// What the ledger says of itself agrees with the ledger, and handed in twice it is known.
#[test]
fn receipts_of_our_own_agree_when_they_come_back() {
    let mut replay = taking_results();
    let returning: Vec<Written> = letters(&replay)
        .iter()
        .filter(|letter| letter.receipt.ruling != Ruling::Returned)
        .filter(|letter| {
            let kind = letter.receipt.kind;
            matches!(kind, ReceiptKind::ListPosting | ReceiptKind::PassAudit)
                || (kind == ReceiptKind::ListAudit && letter.receipt.ruling == Ruling::PreDeducted)
        })
        .map(|letter| receipt(letter, ""))
        .collect();
    assert!(returning.len() > 50);
    for (at, one) in returning.iter().enumerate() {
        let outcome = hand_in(&mut replay, at as u64, &one.bytes);
        assert_eq!(outcome.verdict, Verdict::Accepted, "{}", one.file_name);
        assert_eq!(outcome.state, Some(DocumentState::Noted));
        let again = hand_in(&mut replay, 1_000_000 + at as u64, &one.bytes);
        assert_eq!(again.verdict, Verdict::Duplicate, "{}", one.file_name);
    }
    let differences = correspondence::differences(&replay.state, None, ALL).unwrap();
    let withdrawn: BTreeSet<String> = replay
        .movements()
        .iter()
        .filter(|list| list.withdrawn_time.is_some())
        .map(|list| list.list_no.clone())
        .collect();
    // A list that was pre-deducted then and is withdrawn by now: that is worth a look, and nothing else is.
    for (_, difference) in &differences {
        assert!(withdrawn.contains(difference.said.number.as_str()), "{difference:?}");
    }
}

fn audit(number: &str, result: &str) -> Vec<u8> {
    format!(
        "<Package><DataInfo><PocketInfo><cur_pocket_no>1</cur_pocket_no></PocketInfo><BussinessData><INV201><HdeApprResult>\
         <businessId>{number}</businessId><tmsCnt>0</tmsCnt><manageResult>{result}</manageResult>\
         <manageDate>2026-06-30 10:00:00</manageDate></HdeApprResult></INV201></BussinessData></DataInfo></Package>"
    )
    .into_bytes()
}

fn declared(number: &str, declaration: &str, result: &str) -> Vec<u8> {
    format!(
        "<Package><DataInfo><BussinessData><INV202><InvApprResult><invPreentNo/><businessId>{number}</businessId>\
         <entrySeqNo>{declaration}</entrySeqNo><manageResult>{result}</manageResult>\
         <createDate>2026-06-30</createDate><reason/></InvApprResult></INV202></BussinessData></DataInfo></Package>"
    )
    .into_bytes()
}

#[test]
fn what_customs_says_otherwise_is_listed_and_changes_nothing() {
    let mut replay = taking_results();
    let posted = replay.movements().into_iter().find(|list| list.state == "POSTED").unwrap();
    let before = replay.movements();
    assert_eq!(hand_in(&mut replay, 1, &audit(&posted.list_no, "3")).verdict, Verdict::Accepted);
    assert_eq!(hand_in(&mut replay, 2, &audit("QD993126I999999999", "4")).verdict, Verdict::Accepted);
    assert_eq!(hand_in(&mut replay, 3, &audit(&posted.list_no, "2")).verdict, Verdict::Accepted);
    assert_eq!(
        hand_in(&mut replay, 4, &declared(&posted.list_no, "993120269999999999", "1")).verdict,
        Verdict::Accepted
    );
    assert_eq!(
        hand_in(&mut replay, 5, &declared(&posted.list_no, "993120269999999999", "2")).verdict,
        Verdict::Accepted
    );
    let differences = correspondence::differences(&replay.state, None, ALL).unwrap();
    let found: Vec<(&str, Option<DocumentState>)> =
        differences.iter().map(|(_, one)| (one.said.result.as_str(), one.found)).collect();
    assert_eq!(found, [("3", Some(DocumentState::Posted)), ("4", None), ("1", Some(DocumentState::Posted))]);
    assert_eq!(replay.movements(), before);
    let after = correspondence::differences(&replay.state, Some(differences[0].0), 1).unwrap();
    assert_eq!(after, differences[1..2]);
}

/// `RULES.md` 2.4.2: without the parameter they are messages of a type that nobody named, and bind no key.
#[test]
fn results_of_customs_are_refused_where_they_are_not_taken() {
    let mut replay = Replay::fed("month-s");
    for (sequence, bytes) in [(1, audit("QD993126I000041017", "3")), (2, audit("QD993126I000041017", "3"))] {
        let outcome = hand_in(&mut replay, sequence, &bytes);
        assert_eq!(outcome.refusal().unwrap().reason, Reason::SchemaInvalid);
        assert_eq!((outcome.state, outcome.document.as_deref()), (None, Some("")));
    }
    assert_eq!(correspondence::differences(&replay.state, None, ALL).unwrap(), []);
}

#[test]
fn gaps_of_a_source_are_named() {
    let mut replay = Replay::new("month-s");
    let deliveries = replay.deliveries();
    for at in [0, 1, 4, 5, 9] {
        replay.feed("mailbox", &deliveries[at]);
    }
    let gaps = |after, count| -> Vec<(u64, u64)> {
        let found = correspondence::gaps(&replay.state, &"mailbox".into(), after, count).unwrap();
        found.iter().map(|gap| (gap.first, gap.last)).collect()
    };
    let first = deliveries[0].seq;
    assert_eq!(gaps(None, ALL), [(first + 2, first + 3), (first + 6, first + 8)]);
    assert_eq!(gaps(Some(first + 3), ALL), [(first + 6, first + 8)]);
    assert_eq!(gaps(None, 1), [(first + 2, first + 3)]);
    let asked =
        ask_again("99316A3156", Asked::List, "QD993126I000041017", "", time("2026-07-01T08:00:00"), 1);
    let book = ask_again("99316A3156", Asked::Book, "T9931W000001", "<&>", time("2026-07-01T08:00:00"), 2);
    assert!(String::from_utf8_lossy(&asked.bytes).contains("<businessId>QD993126I000041017</businessId>"));
    assert_valid(&[asked, book]);
}

/// A document that is asked for by its number gives the last message about it.
#[test]
fn originals_are_found_by_hash_key_and_document() {
    let replay = Replay::fed("month-s");
    let delivery = replay.deliveries().into_iter().find(|row| row.file.contains("INV101")).unwrap();
    let bytes = replay.read(&format!("messages/{}", delivery.file));
    let Content::Keyed { key, document: Ok(document), .. } = read_message(&bytes) else { panic!() };
    let Document::List(filing) = *document else { panic!() };
    for name in [
        MessageName::Sha256(sha256(&bytes)),
        MessageName::Key(key),
        MessageName::Document(filing.list_no().as_str().into()),
    ] {
        let (_, original) = correspondence::original(&replay.state, &name).unwrap().unwrap();
        let original = original::bytes(&original.unwrap()).unwrap();
        assert!(String::from_utf8(original).unwrap().contains(filing.list_no().as_str()), "{name:?}");
    }
    for name in
        [MessageName::Sha256([1; 32]), MessageName::Key("x".into()), MessageName::Document("x".into())]
    {
        assert_eq!(correspondence::original(&replay.state, &name).unwrap(), None);
    }
    let _ = ZONE;
}
