//! Messages out: receipts, and requests for receipts (`domain.md` 5.1).
//!
//! A message is written along the table of its schema: each element in its place, a value where there is one, nil where
//! the schema allows it, nothing or 0 where it does not. So what is written is valid by construction, and a test holds it
//! against the published schemas. What the filed message said beyond what the ledger keeps is repeated from its original.
//!
//! | message | carries |
//! |---|---|
//! | `INV201`, `BWS201`, `EMS211`, `EMS221` | the decision, and what was filed; in an envelope of the EMS namespace |
//! | `INV211` | a posted list and the rows of its book with their counters; no schema is published, the records are those of `INV201` |
//! | `EMS121` | what an enterprise declares of a period, from the figures that the ledger computes |
//! | `SAS201`, `SAS211`, `SAS221`, `SAS223` | the decision, and what was filed; their schemas have no envelope, so the element stands with its own namespace inside of the envelope that practice uses |
//!
//! `manageResult` is 1 passed, 3 returned (refused by a rule, or sent back), 4 pre-deducted; of `SAS223` it repeats `stucd`
//! (2 the only gate, 3 gate one, 4 gate two). `typecd` is 1 filing, 2 change, 3 withdrawal. `rmk` has the reason of a
//! refusal, `CheckInfo` its words. The official misspellings are part of the format.

mod envelope;
mod list;
mod markup;
mod pass;
mod receipt;
mod record;
mod request;
mod verification;

pub(crate) use markup::escaped;
pub use receipt::receipt;
pub use request::{Asked, ask_again};
pub use verification::{Declaration, Unwritable, verification};

/// A message that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// `INV201`, ...
    pub kind: &'static str,
    /// `message_id` of its envelope.
    pub message_id: String,
    /// `file_name` of its envelope: the name that the file is known by.
    pub file_name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}
