//! Errors of a call: `google.rpc.Status` with exactly one `ErrorInfo`, and what else applies.

use crate::field::{FieldError, cut};
use crate::refusal::{from_metadata, metadata};
use crate::v1;
use std::collections::HashMap;
use std::time::Duration;
use tonic::metadata::MetadataMap;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::reason::Reason;

/// The domain of every `ErrorInfo`.
pub const DOMAIN: &str = "zonebook";
/// Names the leader's address in the metadata of an error that only the leader would not give.
pub const LEADER_METADATA: &str = "leader";

/// How many characters of a value, and of a text, travel in the headers of an answer; clients take 16 KiB in all.
const VALUE_MAX: usize = 100;
const TEXT_MAX: usize = 400;

/// The same with long values cut. The stored outcome (`GetOutcome`) has them whole.
fn fitting(refusal: &v1::Refusal) -> v1::Refusal {
    let value = |text: &String| cut(text, VALUE_MAX);
    v1::Refusal {
        reason: refusal.reason.clone(),
        line: refusal.line,
        field: value(&refusal.field),
        value: value(&refusal.value),
        expected: value(&refusal.expected),
        document: value(&refusal.document),
        place: value(&refusal.place),
        unit: value(&refusal.unit),
        wanted: value(&refusal.wanted),
        available: value(&refusal.available),
        location: value(&refusal.location),
        text_en: cut(&refusal.text_en, TEXT_MAX),
        text_zh: cut(&refusal.text_zh, TEXT_MAX),
    }
}

/// A refusal by a rule. It took a revision: the same request answers with it again.
#[must_use]
pub fn refused(refusal: &v1::Refusal, revision: Revision) -> Status {
    let refusal = &fitting(refusal);
    let code = Reason::from_code(&refusal.reason)
        .map_or(Code::FailedPrecondition, |reason| crate::catalogue::entry_of(reason).code);
    let mut named: HashMap<String, String> =
        metadata(refusal).into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    named.insert("revision".into(), revision.0.to_string());
    let mut details = ErrorDetails::with_error_info(&refusal.reason, DOMAIN, named);
    match code {
        Code::InvalidArgument => {
            details.add_bad_request_violation(&refusal.field, &refusal.text_en);
        }
        Code::NotFound | Code::AlreadyExists => {
            let name = if refusal.document.is_empty() { &refusal.value } else { &refusal.document };
            details.set_resource_info("document", name, "", &refusal.text_en);
        }
        _ => {
            details.add_precondition_failure_violation(&refusal.reason, &refusal.document, &refusal.text_en);
        }
    }
    details.set_localized_message("zh-CN", &refusal.text_zh);
    Status::with_error_details(code, &refusal.text_en, details)
}

/// A field that cannot be read: nothing was proposed.
#[must_use]
pub fn invalid(error: &FieldError) -> Status {
    let mut details = ErrorDetails::with_error_info("INVALID_ARGUMENT", DOMAIN, error.metadata());
    details.add_bad_request_violation(&error.field, error.to_string());
    details.set_localized_message(
        "zh-CN",
        format!("字段 {} 的值 {:?} 无效：{}", error.field, error.value, error.rule),
    );
    Status::with_error_details(Code::InvalidArgument, error.to_string(), details)
}

/// What is asked for is not there.
#[must_use]
pub fn not_found(kind: &str, name: &str) -> Status {
    let text = format!("there is no {kind} {name}");
    let mut details = ErrorDetails::with_error_info("NOT_FOUND", DOMAIN, HashMap::new());
    details.set_resource_info(kind, name, "", &text);
    details.set_localized_message("zh-CN", format!("不存在：{name}"));
    Status::with_error_details(Code::NotFound, text, details)
}

/// Nothing was proposed; the same call again is safe, here or at the leader.
#[must_use]
pub fn unavailable(why: &str, leader: Option<&str>) -> Status {
    let mut details = retry("NOT_PROPOSED");
    details.set_localized_message("zh-CN", format!("未提交，可安全重试：{why}"));
    let mut metadata = MetadataMap::new();
    if let Some(address) = leader.and_then(|address| address.parse().ok()) {
        metadata.insert(LEADER_METADATA, address);
    }
    let text = format!("not proposed, safe to send again: {why}");
    Status::with_error_details_and_metadata(Code::Unavailable, text, details, metadata)
}

/// It was proposed and what became of it is not known; the same call under the same request id is safe.
#[must_use]
pub fn outcome_unknown(why: &str) -> Status {
    let mut details = retry("OUTCOME_UNKNOWN");
    details.set_localized_message("zh-CN", format!("已提交但结果未知，请以相同请求标识重试或查询：{why}"));
    let text = format!("the outcome is not known; ask GetOutcome, or send the same request again: {why}");
    Status::with_error_details(Code::Unknown, text, details)
}

/// Too much waits: nothing was proposed, and there will be room after the time given (`RetryInfo`).
#[must_use]
pub fn overloaded(again_after: Duration) -> Status {
    let mut details = ErrorDetails::with_error_info("OVERLOADED", DOMAIN, HashMap::new());
    details.set_retry_info(Some(again_after));
    let milliseconds = again_after.as_millis();
    details.set_localized_message(
        "zh-CN",
        format!("等待处理的请求过多，未提交，请在 {milliseconds} 毫秒后重试。"),
    );
    let text = format!("too much waits; nothing was proposed, send it again in {milliseconds} ms");
    Status::with_error_details(Code::ResourceExhausted, text, details)
}

/// The leader's disk is nearly full: nothing was proposed.
#[must_use]
pub fn no_room(why: &str) -> Status {
    let mut details = ErrorDetails::with_error_info("NO_ROOM", DOMAIN, HashMap::new());
    details.set_retry_info(Some(Duration::from_secs(5)));
    details.set_localized_message("zh-CN", format!("主节点磁盘空间不足，仅可查询，未提交：{why}"));
    Status::with_error_details(
        Code::ResourceExhausted,
        format!("nothing was proposed, only reads are served: {why}"),
        details,
    )
}

/// When a status asks to come back; `None` where it does not say.
#[must_use]
pub fn again_after(status: &Status) -> Option<Duration> {
    status.get_error_details().retry_info()?.retry_delay
}

/// The cluster or the node is not in a state for it; nothing was done.
#[must_use]
pub fn not_now(reason: &str, why: &str, why_zh: &str) -> Status {
    let mut details = ErrorDetails::with_error_info(reason, DOMAIN, HashMap::new());
    details.add_precondition_failure_violation(reason, "cluster", why);
    details.set_localized_message("zh-CN", why_zh);
    Status::with_error_details(Code::FailedPrecondition, why, details)
}

/// The node's own fault.
#[must_use]
pub fn fault(what: &str) -> Status {
    let mut details = ErrorDetails::with_error_info("FAULT", DOMAIN, HashMap::new());
    details.set_localized_message("zh-CN", format!("节点故障：{what}"));
    Status::with_error_details(Code::Internal, what, details)
}

fn retry(reason: &str) -> ErrorDetails {
    let mut details = ErrorDetails::with_error_info(reason, DOMAIN, HashMap::new());
    details.set_retry_info(Some(Duration::from_millis(200)));
    details
}

/// The reason of a status, and its details as a refusal; `None` for a status that is not ours.
#[must_use]
pub fn refusal_of(status: &Status) -> Option<v1::Refusal> {
    let details = status.get_error_details();
    let info = details.error_info().filter(|info| info.domain == DOMAIN)?;
    let pairs = info.metadata.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let mut refusal = from_metadata(&info.reason, pairs);
    refusal.text_en = status.message().into();
    refusal.text_zh = details.localized_message().map(|message| message.message.clone()).unwrap_or_default();
    Some(refusal)
}

/// The revision that a refusal took.
#[must_use]
pub fn revision_of(status: &Status) -> Option<u64> {
    status.get_error_details().error_info()?.metadata.get("revision")?.parse().ok()
}
