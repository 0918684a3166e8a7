//! What a caller is told.

use super::Plant;
use openraft_rt::AsyncRuntime;
use zonebook_consensus::{Consistency, Node, ProposeError, Runtime};
use zonebook_ledger::command::Proposal;
use zonebook_ledger::outcome::{Applied, Revision};

/// How fresh a read really is.
#[must_use]
pub fn consistency(plant: Option<Plant>, asked: Consistency) -> Consistency {
    match (plant, asked) {
        (Some(Plant::StaleAsLinearizable), Consistency::Linearizable)
        | (Some(Plant::DoNotWaitForRevision), Consistency::AtLeast(_))
        | (Some(Plant::IgnoreAge), Consistency::Within(_)) => Consistency::Stale,
        _ => asked,
    }
}

/// Answers with what the state of this node lets expect, while the commands are still on their way.
///
/// # Errors
/// As [`Node::rehearse`].
pub async fn before_quorum(node: &Node, proposals: &[Proposal]) -> Result<Vec<Applied>, ProposeError> {
    let rehearsed = node.view(Consistency::Stale).await;
    let view = rehearsed.map_err(|error| ProposeError::NotProposed(error.to_string()))?;
    let head = zonebook_ledger::query::head(&*view).ok().flatten();
    let Some(head) = head else { return node.propose(proposals).await };
    let mut answers = Vec::new();
    for (proposal, next) in proposals.iter().zip(1..) {
        let applied = zonebook_ledger::apply::apply(&*view, head.record_time, proposal);
        let (applied, _) = applied.map_err(|error| ProposeError::NotProposed(error.to_string()))?;
        let revision = if applied.repeated { applied.revision } else { Revision(head.revision.0 + next) };
        answers.push(Applied { revision, ..applied });
    }
    let (node, proposals) = (node.clone(), proposals.to_vec());
    drop(Runtime::spawn(async move { drop(node.propose(&proposals).await) }));
    Ok(answers)
}

/// What the caller is told of what became of a call.
///
/// # Errors
/// As [`Node::propose`].
pub fn told(
    plant: Option<Plant>,
    answered: Result<Vec<Applied>, ProposeError>,
) -> Result<Vec<Applied>, ProposeError> {
    match (plant, answered) {
        (Some(Plant::AnswerWithAnothersOutcome), Ok(mut applied)) => {
            if let [first, .., last] = &mut applied[..]
                && last.outcome != first.outcome
                && last.repeated
            {
                last.outcome = first.outcome.clone();
            }
            Ok(applied)
        }
        (Some(Plant::UnknownAsNotProposed), Err(ProposeError::OutcomeUnknown(why))) => {
            Err(ProposeError::NotProposed(why))
        }
        (_, answered) => answered,
    }
}
