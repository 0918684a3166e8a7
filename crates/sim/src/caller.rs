//! Somebody who asks one node, as long as it lives.

use crate::chance::Chance;
use crate::coverage::Event;
use crate::duties::Duty;
use crate::host::World;
use crate::plant::{Plant, caller as planted};
use crate::workload::Call;
use openraft_rt::AsyncRuntime;
use std::time::Duration;
use zonebook_consensus::{Consistency, Node, ProposeError, Runtime};
use zonebook_ledger::outcome::Revision;

/// Until a spare is looked at again.
const UNTIL_MEMBER: Duration = Duration::from_millis(100);

/// A caller.
pub struct Caller {
    /// Whom it asks.
    pub node: Node,
    /// The number of that node.
    pub node_id: u64,
    /// What it is part of.
    pub world: World,
}

impl Caller {
    /// Until the node stops.
    pub async fn call(self, mut chance: Chance) {
        loop {
            Runtime::sleep(chance.milliseconds(1, 240)).await;
            if !self.node.status().members.iter().any(|(id, ..)| *id == self.node_id) {
                Runtime::sleep(UNTIL_MEMBER).await;
                continue;
            }
            match self.world.duties.next(self.node_id) {
                Some(duty) => self.see_to(duty).await,
                None => self.ask_something(&mut chance).await,
            }
        }
    }

    async fn ask_something(&self, chance: &mut Chance) {
        match chance.below(400) {
            // In the end it must go without: a node that serves only while it leads would be helped.
            0 | 1 if self.world.duties.have_begun() => {}
            0 | 1 => self.hand_over().await,
            2 | 3 => self.snapshot().await,
            // What fails in bad times is asked for again.
            4..100 => drop(self.read_linearizable().await),
            100..130 => {
                let due = self.world.oracle.begins().0 + chance.below(2);
                self.read_at_least(Revision(due)).await;
            }
            130..145 => self.read_stale().await,
            145..165 => self.read_within(chance.milliseconds(0, 3_000)).await,
            _ => self.propose().await,
        }
    }

    async fn see_to(&self, duty: Duty) {
        let how = match duty {
            Duty::Read => self.read_linearizable().await,
            Duty::Write => self.write().await,
        };
        self.world.duties.ended(self.node_id, duty, how);
    }

    async fn write(&self) -> Result<(), String> {
        let next = self.world.workload.lock().last(self.node_id);
        match next {
            Ok(Some(call)) => self.carry_out(call).await,
            Ok(None) => Err("the ledger has not begun".into()),
            Err(error) => Err(error.to_string()),
        }
    }

    async fn hand_over(&self) {
        if let Ok(leader) = self.node.transfer_leader(None).await {
            let what = format_args!("node {} to {leader}", self.node_id);
            self.world.coverage.event(Event::Transfer, what);
        }
    }

    async fn snapshot(&self) {
        if self.node.trigger_snapshot().await.is_ok() {
            self.world.coverage.event(Event::ForcedSnapshot, format_args!("node {}", self.node_id));
        }
    }

    async fn read_linearizable(&self) -> Result<(), String> {
        let due = self.world.oracle.begins();
        let asked = planted::consistency(self.world.plant, Consistency::Linearizable);
        let view = self.node.view(asked).await.map_err(|error| error.to_string())?;
        self.world.coverage.event(Event::LinearizableRead, format_args!("node {}", self.node_id));
        self.world.oracle.read(self.node_id, due, true, &*view);
        Ok(())
    }

    async fn read_at_least(&self, due: Revision) {
        let asked = planted::consistency(self.world.plant, Consistency::AtLeast(due));
        let Ok(view) = self.node.view(asked).await else { return };
        self.world.coverage.event(Event::ReadAtLeast, format_args!("node {}, {}", self.node_id, due.0));
        self.world.oracle.read(self.node_id, due, false, &*view);
    }

    async fn read_within(&self, age: Duration) {
        let due = self.world.oracle.told_before(age);
        let asked = planted::consistency(self.world.plant, Consistency::Within(age));
        let Ok(view) = self.node.view(asked).await else { return };
        self.world.coverage.event(Event::ReadWithin, format_args!("node {}, {age:?}", self.node_id));
        self.world.oracle.read(self.node_id, due, false, &*view);
    }

    async fn read_stale(&self) {
        let Ok(view) = self.node.view(Consistency::Stale).await else { return };
        self.world.coverage.event(Event::StaleRead, format_args!("node {}", self.node_id));
        self.world.oracle.read(self.node_id, Revision(0), false, &*view);
    }

    async fn propose(&self) {
        let next = self.world.workload.lock().next(self.node_id);
        match next {
            Ok(Some(call)) => drop(self.carry_out(call).await),
            Ok(None) => {}
            Err(error) => self.world.oracle.violation(format!("no such command: {error}")),
        }
    }

    async fn carry_out(&self, call: Call) -> Result<(), String> {
        let World { oracle, workload, trace, plant, .. } = &self.world;
        let began = oracle.begins();
        oracle.sends(self.node_id, &call.proposals);
        let answered = match plant {
            Some(Plant::AnswerBeforeQuorum) => planted::before_quorum(&self.node, &call.proposals).await,
            _ => self.node.propose(&call.proposals).await,
        };
        match planted::told(*plant, answered) {
            Ok(applied) => {
                oracle.acknowledged(self.node_id, began, &call.proposals, &applied);
                workload.lock().answered(&call, &applied);
                Ok(())
            }
            Err(error) => {
                trace.line(format_args!("node {}, call {}: {error}", self.node_id, call.number));
                if let ProposeError::OutcomeUnknown(_) = error {
                    workload.lock().unknown(&call);
                } else {
                    oracle.not_proposed(self.node_id, &call.proposals);
                    workload.lock().not_proposed(&call);
                }
                Err(error.to_string())
            }
        }
    }
}
