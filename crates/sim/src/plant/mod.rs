//! Bugs planted on purpose, to see that they are found. Each is a decorator at a seam of the simulation: log, state,
//! archive, network, clock, caller. The product has no switch for any of them.

pub mod archive;
pub mod caller;
pub mod log;
pub mod net;
pub mod state;

use clap::ValueEnum;

macro_rules! plants {
    ($($(#[doc = $what:literal])+ $plant:ident, $seeds:literal;)*) => {
        /// A planted bug.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
        pub enum Plant { $($(#[doc = $what])+ $plant,)* }

        impl Plant {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$plant),*];

            /// Within how many seeds, from 1 on, it is found at the latest.
            #[must_use]
            pub const fn seeds(self) -> u64 {
                match self { $(Self::$plant => $seeds,)* }
            }
        }
    };
}

plants! {
    /// Appends are called durable before they are.
    AcknowledgeBeforeFsync, 1;
    /// An fsync that failed is called a success.
    SwallowFailedFsync, 4;
    /// A vote is called saved, and never is.
    LoseVote, 1;
    /// A vote is called saved at once, and written behind the next append.
    VoteAfterAppend, 1;
    /// What another leader replaced is not cut off.
    CutNothingOff, 4;
    /// What was purged is not remembered.
    ForgetPurgeMark, 4;
    /// More is purged than was asked for.
    PurgeTooMuch, 4;
    /// Damaged entries are read under a checksum that fits.
    ServeBitRot, 4;
    /// Entries are carried out with the clock of whoever reads them.
    ApplyWithLocalClock, 1;
    /// Entries are carried out with a time that is a little later than theirs.
    ReplayAtAnotherTime, 1;
    /// Snapshots lack the requests that were seen.
    SkipRequestsInSnapshot, 4;
    /// Snapshots lack a table.
    ForgetTableInSnapshot, 4;
    /// Snapshots lack the members.
    ForgetMembersInSnapshot, 2;
    /// Snapshots say that the first leader put their last entry into the log.
    SnapshotOfFirstTerm, 1;
    /// Now and then an old snapshot is installed over the state.
    InstallOverNewerState, 4;
    /// After a start the last entry is carried out again.
    DoubleApplyAfterRestart, 4;
    /// A row that is removed stays.
    KeepRemovedRows, 4;
    /// One row of a large write is lost.
    LoseRow, 2;
    /// A view shows an older moment than it should.
    ServeOldView, 2;
    /// A segment of the archive is called sealed, and is not there.
    LoseSegment, 4;
    /// Callers are told of an outcome before a majority has the command.
    AnswerBeforeQuorum, 1;
    /// A read that should be linearizable shows what its node has.
    StaleAsLinearizable, 2;
    /// A read at a revision does not wait for it.
    DoNotWaitForRevision, 4;
    /// A read within an age shows what its node has.
    IgnoreAge, 4;
    /// A repeated request is answered with another's outcome.
    AnswerWithAnothersOutcome, 2;
    /// Callers are told that their commands were not proposed when nobody knows.
    UnknownAsNotProposed, 2;
    /// The network grants votes of nodes that joined, which write nothing down.
    GrantVotesOnTheWire, 2;
    /// The network acknowledges entries that nodes that joined have not written down yet.
    AcknowledgeOnTheWire, 2;
    /// Followers are told what to wait for by a leader that does not ask whether it still leads.
    AnswerReadIndexAlone, 32;
    /// What is passed on to the leader arrives twice.
    ForwardTwice, 2;
    /// What one node passes on to the leader never arrives.
    LoseForwarded, 2;
    /// Followers' questions for what a read must wait for never arrive.
    LoseReadIndex, 2;
}
