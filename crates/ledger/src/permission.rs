//! Who may do what: one table, decided inside `apply` (`design.md` 9).

use crate::coded::code_list;
use crate::command::Command;
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Principal(pub CompactString);

impl Principal {
    /// Everyone who reaches a server without certificates, which therefore binds to loopback only.
    #[must_use]
    pub const fn loopback() -> Self {
        Self(CompactString::const_new("loopback"))
    }
}

code_list! {
    /// A role (`domain.md` 2.1).
    Role, "role" {
        /// Files documents of its own books.
        Enterprise = "enterprise",
        /// Records movements and passages of its zones.
        Operator = "operator",
        /// Releases, returns, stops and frees in its office.
        Customs = "customs",
        /// Runs the cluster; never touches goods.
        Administrator = "administrator",
        /// Takes books over from another system; ends with the migration.
        Migrator = "migrator",
    }
}

/// The roles of a principal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// Who.
    pub principal: Principal,
    /// What they are.
    pub roles: Vec<Role>,
}

impl Assignment {
    /// The loopback principal in every role: the only assignment until certificates are in use.
    #[must_use]
    pub fn loopback() -> Self {
        Self { principal: Principal::loopback(), roles: Role::ALL.to_vec() }
    }
}

/// The table: which roles may give a command.
#[must_use]
pub fn roles_for(command: &Command) -> &'static [Role] {
    use crate::document::Document;
    use Role::{Administrator, Customs, Enterprise, Migrator, Operator};
    match command {
        Command::Initialise(_) | Command::RaiseBehaviour(_) => &[Administrator],
        Command::DefineZone(_) | Command::SetParameter(_) => &[Customs, Migrator],
        Command::DefineParty(_) => &[Customs, Operator, Migrator],
        Command::SetStops(_) | Command::SetLotMethod(_) | Command::ReturnList(_) => &[Customs],
        Command::Receive(_) => &[Enterprise, Operator, Customs, Migrator],
        Command::File(document) => match **document {
            Document::Book(_)
            | Document::List(_)
            | Document::Pass(_)
            | Document::Permit(_)
            | Document::Slip(_)
            | Document::Consumption(_)
            | Document::Verification(_)
            | Document::Parcels(_) => &[Enterprise, Operator, Customs],
            Document::Passage(_) => &[Operator, Customs],
            Document::Notice(_) => &[Customs],
        },
    }
}
