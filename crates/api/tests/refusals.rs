//! Every reason has a code and texts, and a refusal comes back from the status that carried it.

use std::collections::{HashMap, HashSet};
use std::time::Duration;
use tonic::Code;
use tonic_types::{ErrorDetail, ErrorDetails, StatusExt};
use zonebook_api::catalogue::entry_of;
use zonebook_api::status::{self, DOMAIN};
use zonebook_api::{field::FieldError, v1};
use zonebook_ledger::measure::Unit;
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::place::Place;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::refusal::Refusal;

/// What a client of hyper takes as headers by default.
const HEADERS_MAX: usize = 16 * 1024;

/// A refusal with every detail there is.
fn full(reason: Reason) -> v1::Refusal {
    let wanted = Quantity::parse("12.5").unwrap();
    let refusal = Refusal::new(reason)
        .line(3)
        .field("dclQty", "12.5")
        .expected("at most 10")
        .document("QD5165001")
        .short(Some(Place::Zone), Unit::Declared, wanted, Quantity::whole(10))
        .at("line 4 column 7");
    v1::Refusal::from(&refusal)
}

/// What goes out in headers: the details in base64 and the message, percent-encoded at worst.
fn header_bytes(status: &tonic::Status) -> usize {
    status.details().len().div_ceil(3) * 4 + status.message().len() * 3
}

#[test]
fn every_reason_has_an_error_code_and_two_texts_of_its_own() {
    let mut english = HashSet::new();
    let mut chinese = HashSet::new();
    for reason in Reason::ALL {
        let entry = entry_of(*reason);
        assert!(
            !matches!(entry.code, Code::Ok | Code::Unknown | Code::Unavailable),
            "{reason}: {:?}",
            entry.code
        );
        assert!(entry.en.is_ascii() && entry.en.ends_with('.'), "{reason}: {}", entry.en);
        assert!(entry.zh.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{reason}: {}", entry.zh);
        assert!(entry.zh.ends_with('。'), "{reason}: {}", entry.zh);
        assert!(english.insert(entry.en), "{reason} shares its English text");
        assert!(chinese.insert(entry.zh), "{reason} shares its Chinese text");
    }
}

#[test]
fn the_codes_are_those_of_the_conventions() {
    for (reason, code) in [
        (Reason::ShortStock, Code::FailedPrecondition),
        (Reason::BookPaused, Code::FailedPrecondition),
        (Reason::InvalidField, Code::InvalidArgument),
        (Reason::DocumentExists, Code::AlreadyExists),
        (Reason::RequestIdReused, Code::AlreadyExists),
        (Reason::DeliveryConflict, Code::AlreadyExists),
        (Reason::BookUnknown, Code::NotFound),
        (Reason::PermissionDenied, Code::PermissionDenied),
        (Reason::Unsupported, Code::Unimplemented),
        (Reason::InternalFault, Code::Internal),
    ] {
        assert_eq!(entry_of(reason).code, code, "{reason}");
    }
}

#[test]
fn a_refusal_comes_back_from_its_status() {
    for reason in Reason::ALL {
        let refusal = full(*reason);
        let status = status::refused(&refusal, Revision(42));
        assert_eq!(status.code(), entry_of(*reason).code, "{reason}");
        assert_eq!(status::refusal_of(&status), Some(refusal), "{reason}");
        assert_eq!(status::revision_of(&status), Some(42), "{reason}");
    }
}

#[test]
fn details_that_do_not_apply_stay_empty() {
    let refusal = v1::Refusal::from(&Refusal::new(Reason::AlreadyPosted));
    let read = status::refusal_of(&status::refused(&refusal, Revision(1))).unwrap();
    assert_eq!(read.line, None);
    for value in [&read.field, &read.value, &read.place, &read.unit, &read.wanted, &read.location] {
        assert!(value.is_empty(), "{read:?}");
    }
    assert_eq!(read.text_en, entry_of(Reason::AlreadyPosted).en);
    assert_eq!(read.text_zh, entry_of(Reason::AlreadyPosted).zh);
}

#[test]
fn texts_say_the_details() {
    let refusal = full(Reason::ShortStock);
    for text in [&refusal.text_en, &refusal.text_zh] {
        for detail in ["dclQty", "12.5", "QD5165001", "ZONE", "declared", "10", "line 4 column 7"] {
            assert!(text.contains(detail), "{detail} is not in {text}");
        }
    }
}

#[test]
fn each_refusal_has_one_error_info_and_the_detail_of_its_code() {
    for reason in Reason::ALL {
        let status = status::refused(&full(*reason), Revision(7));
        let kinds = status.get_error_details_vec();
        let infos = kinds.iter().filter(|kind| matches!(kind, ErrorDetail::ErrorInfo(_)));
        assert_eq!(infos.count(), 1, "{reason}");
        let details = status.get_error_details();
        let info = details.error_info().unwrap();
        assert_eq!((info.reason.as_str(), info.domain.as_str()), (reason.code(), DOMAIN));
        let has = match status.code() {
            Code::InvalidArgument => details.bad_request().is_some(),
            Code::NotFound | Code::AlreadyExists => details.resource_info().is_some(),
            _ => details.precondition_failure().is_some(),
        };
        assert!(has, "{reason} lacks the detail of {:?}", status.code());
        assert_eq!(details.localized_message().unwrap().locale, "zh-CN", "{reason}");
    }
}

#[test]
fn what_can_be_sent_again_says_when() {
    let statuses = [
        (status::unavailable("no leader", None), Code::Unavailable, "NOT_PROPOSED"),
        (status::outcome_unknown("leader lost"), Code::Unknown, "OUTCOME_UNKNOWN"),
        (status::no_room("/data has 1 MiB"), Code::ResourceExhausted, "NO_ROOM"),
        (status::overloaded(Duration::from_millis(750)), Code::ResourceExhausted, "OVERLOADED"),
    ];
    for (status, code, reason) in statuses {
        assert_eq!(status.code(), code);
        assert_eq!(status::refusal_of(&status).unwrap().reason, reason);
        let again_after = match reason {
            "OVERLOADED" => 750,
            "NO_ROOM" => 5_000,
            _ => 200,
        };
        assert_eq!(status::again_after(&status), Some(Duration::from_millis(again_after)), "{reason}");
    }
}

#[test]
fn what_is_final_does_not_ask_to_be_sent_again() {
    let field = FieldError::new("list.book_no", "", "must be given");
    for (status, code) in [
        (status::invalid(&field), Code::InvalidArgument),
        (status::not_found("book", "T1"), Code::NotFound),
        (status::fault("checksum"), Code::Internal),
    ] {
        assert_eq!(status.code(), code);
        assert!(status.get_error_details().retry_info().is_none(), "{code:?}");
        assert!(status::refusal_of(&status).is_some(), "{code:?}");
    }
}

#[test]
fn the_leader_is_named_where_it_is_known() {
    let named = status::unavailable("not the leader", Some("10.0.0.2:7001"));
    assert_eq!(named.metadata().get(status::LEADER_METADATA).unwrap(), "10.0.0.2:7001");
    let unknown = status::unavailable("no leader", None);
    assert!(unknown.metadata().get(status::LEADER_METADATA).is_none());
}

#[test]
fn a_status_of_someone_else_is_no_refusal() {
    assert_eq!(status::refusal_of(&tonic::Status::internal("proxy")), None);
    let details = ErrorDetails::with_error_info("SHORT_STOCK", "elsewhere", HashMap::new());
    let foreign = tonic::Status::with_error_details(Code::FailedPrecondition, "no", details);
    assert_eq!(status::refusal_of(&foreign), None);
}

#[test]
fn long_values_do_not_burst_the_headers() {
    for reason in Reason::ALL {
        let long = "核".repeat(1_000_000);
        let refusal = Refusal::new(*reason).field("bondInvtTypecd", &long).expected(&long).document(&long);
        let status = status::refused(&v1::Refusal::from(&refusal), Revision(1));
        assert!(header_bytes(&status) < HEADERS_MAX, "{reason}: {} bytes", header_bytes(&status));
        let read = status::refusal_of(&status).unwrap();
        assert!(long.starts_with(&read.value) && !read.value.is_empty());
    }
}
