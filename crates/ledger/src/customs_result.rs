//! What customs says of a document that this ledger judged as well: noted where both agree, listed where they differ.

use crate::code::{DeclarationNo, DocumentNo};
use crate::coded::code_list;
use crate::movement::DocumentState;
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

code_list! {
    /// Which message (`domain.md` 5.1).
    CustomsResultKind, "result of customs" {
        /// Audit of a list.
        ListAudit = "INV201",
        /// The declaration of a list was made; its number.
        DeclarationMade = "INV202",
        /// A list is posted.
        ListPosting = "INV211",
        /// Audit of a pass.
        PassAudit = "SAS221",
    }
}

/// `INV201`, `INV202`, `INV211`, `SAS221` as customs sends them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomsResult {
    /// Which message.
    pub kind: CustomsResultKind,
    /// `businessId`, `bondInvtNo`
    pub number: DocumentNo,
    /// `tmsCnt`, `chgTmsCnt`
    pub change_no: u64,
    /// `manageResult`; of `INV211` `vrfdedMarkcd`.
    pub result: CompactString,
    /// `manageDate`, `createDate`, `formalVrfdedTime`, as it stands.
    pub managed_at: CompactString,
    /// `entrySeqNo` of `INV202`.
    pub declaration_no: Option<DeclarationNo>,
}

/// Customs says one thing, the ledger another. Nothing is changed by it; people decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptDifference {
    /// What customs said.
    pub said: CustomsResult,
    /// The state that would have agreed, or several, in words of the contract.
    pub expected: CompactString,
    /// The state of the document in the ledger when customs said it; `None` where the ledger has none.
    pub found: Option<DocumentState>,
    /// What else differs: the declaration number that the list has.
    pub found_declaration_no: Option<DeclarationNo>,
}
