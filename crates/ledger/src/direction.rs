//! Directions, marks and stops.

use crate::coded::code_list;
use serde::{Deserialize, Serialize};

code_list! {
    /// Into or out of the book (`impexpMarkcd`, `ioTypecd`).
    Direction, "direction" {
        /// Into.
        In = "I",
        /// Out of.
        Out = "E",
    }
}

code_list! {
    /// Materials and goods, products, residues (`mtpckEndprdMarkcd`; the column `kind` of the samples).
    Mark, "mark" {
        /// Materials and goods (料件).
        Goods = "I",
        /// Products (成品).
        Product = "E",
        /// Scrap and removed parts.
        Residue = "R",
    }
}

/// Which directions customs has stopped (`cusmExeMarkcd`, `RULES.md` 4.5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stops {
    /// Nothing may come in.
    pub inward: bool,
    /// Nothing may go out.
    pub outward: bool,
    /// What is filed may not be changed (`pauseChgMarkcd`). Customs says it by call alone: in a message an item takes
    /// over its new mark by a change (`RULES.md` 4.2), so a mark that stopped changes could never be taken back.
    pub changes: bool,
}

impl Stops {
    /// From `cusmExeMarkcd`: 4 and 7 stop both directions, 5 stops I, 6 stops E; others do not stop.
    #[must_use]
    pub fn from_execution_mark(mark: &str) -> Self {
        Self {
            inward: matches!(mark, "4" | "5" | "7"),
            outward: matches!(mark, "4" | "6" | "7"),
            changes: false,
        }
    }

    /// Whether one direction is stopped.
    #[must_use]
    pub const fn stops(self, direction: Direction) -> bool {
        match direction {
            Direction::In => self.inward,
            Direction::Out => self.outward,
        }
    }
}
