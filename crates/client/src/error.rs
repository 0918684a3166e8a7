//! What became of a call that has no reply.

use std::time::Duration;
use thiserror::Error;
use tonic::{Code, Status};
use zonebook_api::{status, v1};

/// Why there is no reply.
#[derive(Debug, Error)]
pub enum Error {
    /// A rule refused it. It took a revision: the same request answers the same.
    #[error("{}", refusal.text_en)]
    Refused {
        /// Why, where, and what would have passed.
        refusal: Box<v1::Refusal>,
        /// The revision that it took; 0 if it was only validated.
        revision: u64,
    },
    /// A field cannot be read: nothing was proposed.
    #[error("{}", refusal.text_en)]
    Invalid {
        /// Which field, value and rule.
        refusal: Box<v1::Refusal>,
    },
    /// What was asked for is not there.
    #[error("{0}")]
    NotFound(String),
    /// Too much waits there; it was not proposed. Only for a client that does not wait itself.
    #[error("{why}")]
    Overloaded {
        /// What the node said.
        why: String,
        /// When there will be room.
        again_after: Duration,
    },
    /// No node took it before the deadline; it was never proposed.
    #[error("no server answers: {0}")]
    Unavailable(String),
    /// It was sent, and whether it was applied is not known. Send it again under the same request id, or ask.
    #[error("the outcome is not known: {0}")]
    OutcomeUnknown(String),
    /// Anything else.
    #[error("{0}")]
    Other(Box<Status>),
}

/// What a status asks a client to do.
pub(crate) enum Verdict {
    /// Final.
    Final(Error),
    /// Send it again; it was not proposed.
    Again(String),
    /// Send it again after a while, to the same node; it was not proposed.
    Later(String, Duration),
    /// Send it again; it may have been proposed.
    AgainUnknown(String),
}

/// Reads a status. A transport error on the way says nothing about what the server did.
pub(crate) fn judge(status: Status) -> Verdict {
    let Some(refusal) = status::refusal_of(&status) else {
        return match status.code() {
            Code::Unavailable | Code::Unknown | Code::Cancelled | Code::DeadlineExceeded | Code::Internal => {
                Verdict::AgainUnknown(status.message().into())
            }
            _ => Verdict::Final(Error::Other(Box::new(status))),
        };
    };
    match refusal.reason.as_str() {
        "NOT_PROPOSED" => Verdict::Again(refusal.text_en),
        "OVERLOADED" | "NO_ROOM" => {
            Verdict::Later(refusal.text_en, status::again_after(&status).unwrap_or_default())
        }
        "OUTCOME_UNKNOWN" => Verdict::AgainUnknown(refusal.text_en),
        "NOT_FOUND" => Verdict::Final(Error::NotFound(refusal.text_en)),
        "INVALID_ARGUMENT" => Verdict::Final(Error::Invalid { refusal: Box::new(refusal) }),
        "FAULT" => Verdict::AgainUnknown(refusal.text_en),
        _ => {
            let revision = status::revision_of(&status).unwrap_or(0);
            Verdict::Final(Error::Refused { refusal: Box::new(refusal), revision })
        }
    }
}
