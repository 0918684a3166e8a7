//! What every service does alike: propose and answer, read and answer.

use crate::reads::Reads;
use std::sync::Arc;
use tonic::Status;
use zonebook_api::field::{Field, request_id};
use zonebook_api::{status, v1, value};
use zonebook_consensus::{Consistency, Node, ProposeError, ReadError};
use zonebook_exchange::buyer::BuyerKey;
use zonebook_ledger::command::{Command, Proposal};
use zonebook_ledger::document::Document;
use zonebook_ledger::error::Fault;
use zonebook_ledger::outcome::{Applied, Revision};
use zonebook_ledger::permission::Principal;
use zonebook_store::state::View;

/// The way from a request to the node.
#[derive(Clone)]
pub struct Gateway {
    pub node: Node,
    /// Turns buyers into hashes; without it no limit is held over them.
    pub buyers: Option<Arc<BuyerKey>>,
    /// Reads at a time.
    pub reads: Arc<Reads>,
}

/// A command of a caller, under its request id.
pub fn proposal(id: &str, command: Command) -> Field<Proposal> {
    let request_id = Some(request_id(id)?);
    Ok(Proposal { principal: Principal::loopback(), request_id, ledger_time: None, command })
}

/// A document of a caller.
pub fn filing(document: Document) -> Command {
    Command::File(Box::new(document))
}

impl Gateway {
    /// Carries out one command, or only says what would happen. A refusal is an error here.
    pub async fn command(
        &self,
        id: &str,
        validate_only: bool,
        command: Field<Command>,
    ) -> Result<(u64, Option<v1::Outcome>), Status> {
        let proposal = command.and_then(|command| proposal(id, command));
        let proposal = proposal.map_err(|error| status::invalid(&error))?;
        let (revision, mut outcomes) = self.commands(vec![proposal], validate_only).await?;
        let outcome = outcomes.pop().ok_or_else(|| status::fault("a command without outcome"))?;
        if let Some(refusal) = &outcome.refusal {
            return Err(status::refused(refusal, Revision(outcome.revision)));
        }
        Ok((revision, Some(outcome)))
    }

    /// Carries out commands one after the other, or only says what would happen. Refusals are outcomes here.
    pub async fn commands(
        &self,
        proposals: Vec<Proposal>,
        validate_only: bool,
    ) -> Result<(u64, Vec<v1::Outcome>), Status> {
        if self.node.status().revision == Revision(0) {
            return Err(status::unavailable(
                "the ledger is not created yet, or not here",
                self.leader().as_deref(),
            ));
        }
        let (seen, applied) = if validate_only {
            let rehearsed = self.node.rehearse(proposals).await.map_err(|error| self.read_status(&error))?;
            (Some(rehearsed.0), rehearsed.1)
        } else {
            let applied = self.node.propose(&proposals).await.map_err(|error| self.propose_status(&error))?;
            (None, applied)
        };
        let newest = |applied: &[Applied]| applied.iter().map(|applied| applied.revision).max();
        let revision = seen.or_else(|| newest(&applied)).unwrap_or_default();
        Ok((revision.0, applied.iter().map(value::outcome).collect()))
    }

    /// Answers from a view that is as fresh as asked for; the query runs where it may block.
    pub async fn read<R: Send + 'static>(
        &self,
        consistency: Option<&v1::Consistency>,
        query: impl FnOnce(&dyn View) -> Result<R, Fault> + Send + 'static,
    ) -> Result<R, Status> {
        let _leave = self.reads.enter().await?;
        let view = self.view(consistency).await?;
        let answered = tokio::task::spawn_blocking(move || query(&*view)).await;
        let answered = answered.map_err(|error| status::fault(&error.to_string()))?;
        answered.map_err(|fault| status::fault(&fault.to_string()))
    }

    /// A view that is as fresh as asked for.
    pub async fn view(&self, consistency: Option<&v1::Consistency>) -> Result<Arc<dyn View>, Status> {
        self.node.view(wished(consistency)?).await.map_err(|error| self.read_status(&error))
    }

    /// Where the leader is reached, when it is another node.
    fn leader(&self) -> Option<String> {
        let status = self.node.status();
        let leader = status.leader.filter(|leader| *leader != status.node_id)?;
        let member = status.members.into_iter().find(|(id, ..)| *id == leader)?;
        Some(member.1.api_address)
    }

    pub fn propose_status(&self, error: &ProposeError) -> Status {
        match error {
            ProposeError::NotProposed(why) => status::unavailable(why, self.leader().as_deref()),
            ProposeError::OutcomeUnknown(why) => status::outcome_unknown(why),
            ProposeError::NoRoom(why) => status::no_room(why),
            ProposeError::Overloaded { again_after } => status::overloaded(*again_after),
            ProposeError::TooLarge { bytes, bytes_max } => {
                let rule = format!("at most {bytes_max} bytes in one request");
                status::invalid(&zonebook_api::field::FieldError::new("request", bytes, rule))
            }
        }
    }

    fn read_status(&self, error: &ReadError) -> Status {
        match error {
            ReadError::Unavailable(why) => status::unavailable(why, self.leader().as_deref()),
            ReadError::Fault(fault) => status::fault(&fault.to_string()),
        }
    }
}

fn wished(consistency: Option<&v1::Consistency>) -> Result<Consistency, Status> {
    use v1::consistency::Kind;
    Ok(match consistency.and_then(|consistency| consistency.kind.as_ref()) {
        Some(Kind::AtLeastRevision(revision)) => Consistency::AtLeast(Revision(*revision)),
        Some(Kind::NotOlderThan(age)) => {
            let age = value::duration("consistency.not_older_than", *age);
            Consistency::Within(age.map_err(|error| status::invalid(&error))?)
        }
        Some(Kind::Stale(true)) => Consistency::Stale,
        _ => Consistency::Linearizable,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use v1::consistency::Kind;

    fn asked(kind: Kind) -> Result<Consistency, Status> {
        wished(Some(&v1::Consistency { kind: Some(kind) }))
    }

    #[test]
    fn reads_are_as_fresh_as_asked_for() {
        assert_eq!(wished(None).unwrap(), Consistency::Linearizable);
        assert_eq!(asked(Kind::AtLeastRevision(7)).unwrap(), Consistency::AtLeast(Revision(7)));
        let age = Duration::from_millis(1_500);
        let within = asked(Kind::NotOlderThan(value::wire_duration(age)));
        assert_eq!(within.unwrap(), Consistency::Within(age));
        assert_eq!(asked(Kind::Stale(true)).unwrap(), Consistency::Stale);
        assert_eq!(asked(Kind::Stale(false)).unwrap(), Consistency::Linearizable);
    }

    #[test]
    fn an_age_below_zero_is_refused_by_name() {
        let mut negative = value::wire_duration(Duration::from_secs(2));
        negative.seconds = -2;
        let refused = asked(Kind::NotOlderThan(negative)).unwrap_err();
        assert_eq!(refused.code(), tonic::Code::InvalidArgument);
        assert!(refused.message().contains("consistency.not_older_than"), "{}", refused.message());
    }
}
