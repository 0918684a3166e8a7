//! Credit levels of enterprises (企业信用等级, AEO): set by customs from a day on. What a level changes is data.

use crate::code::CustomsNo;
use crate::coded::code_list;
use crate::parameter::Parameter;
use crate::time::Date;
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

code_list! {
    /// How far customs trusts an enterprise.
    CreditLevel, "credit level" {
        /// Advanced certified, 高级认证.
        Advanced = "ADVANCED",
        /// Regular: everyone of whom nothing else is said.
        Regular = "REGULAR",
        /// Discredited, 失信.
        Discredited = "DISCREDITED",
    }
}

impl CreditLevel {
    /// The percentage of the duty at stake that an enterprise of this level has to secure.
    #[must_use]
    pub const fn guarantee_share(self) -> Parameter {
        match self {
            Self::Advanced => Parameter::GuaranteeShareAdvanced,
            Self::Regular => Parameter::GuaranteeShareRegular,
            Self::Discredited => Parameter::GuaranteeShareDiscredited,
        }
    }

    /// Whether it may deliver in batches and declare later (`domain.md` 3.2.5).
    #[must_use]
    pub const fn may_deliver_in_batches(self) -> bool {
        !matches!(self, Self::Discredited)
    }
}

/// A level from a day on, until a later one holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditOrder {
    /// The enterprise.
    pub party: CustomsNo,
    /// Its level.
    pub level: CreditLevel,
    /// The first day on which it holds, by the ledger's clock.
    pub from: Date,
    /// Why.
    pub cause: CompactString,
}
