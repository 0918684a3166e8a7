//! How often commands were sent, and how often they may be in the log.

use anyhow::{Result, ensure};
use std::collections::BTreeMap;
use zonebook_codec::plain;
use zonebook_ledger::command::Proposal;

/// What is known of a command; two without request id that say the same are one.
#[derive(Clone, Copy, Debug, Default)]
struct Sent {
    times: u64,
    /// How often a caller was told that it was not proposed.
    not_proposed: u64,
    /// How often it took effect, or was refused.
    carried_out: u64,
}

/// Every command is carried out at most as often as it was sent without being told that it was not proposed. That one with
/// a request id takes effect once is seen by `reference`; that it is in the log more than once does no harm, so once is
/// counted here.
#[derive(Default)]
pub struct Sendings(BTreeMap<Vec<u8>, Sent>);

impl Sendings {
    fn note(&mut self, proposal: &Proposal, count: impl FnOnce(&mut Sent)) -> Result<()> {
        let sent = self.0.entry(plain::encode(proposal)?).or_default();
        count(sent);
        let Sent { times, not_proposed, carried_out } = *sent;
        ensure!(
            carried_out + not_proposed <= times,
            "sent {times} times, said not to be proposed {not_proposed} times, carried out {carried_out} times: {:?}",
            proposal.command
        );
        Ok(())
    }

    /// A caller sends commands.
    ///
    /// # Errors
    /// They have no stored form.
    pub fn sent(&mut self, proposals: &[Proposal]) -> Result<()> {
        proposals.iter().try_for_each(|proposal| self.note(proposal, |sent| sent.times += 1))
    }

    /// A caller is told that commands were not proposed.
    ///
    /// # Errors
    /// They were.
    pub fn not_proposed(&mut self, proposals: &[Proposal]) -> Result<()> {
        proposals.iter().try_for_each(|proposal| self.note(proposal, |sent| sent.not_proposed += 1))
    }

    /// Commands are carried out.
    ///
    /// # Errors
    /// More often than they may be.
    pub fn carried_out(&mut self, proposals: &[Proposal]) -> Result<()> {
        proposals.iter().try_for_each(|proposal| {
            let once = proposal.request_id.is_some();
            self.note(proposal, |sent| sent.carried_out = if once { 1 } else { sent.carried_out + 1 })
        })
    }
}
