//! The document that moves goods. Numbers are unique among documents of one type alone, and the lines of a work order
//! among those of one of its events; so what is kept by lot names all three.

use crate::code::{
    AdjustmentNo, BookNo, CarryOverNo, ConsumptionNo, CorrectionNo, DisposalNo, DocumentNo, ListNo, LotNo,
    ParcelNo, PassNo, PermitNo, RegistrationNo, ReturnNo, SlipNo, StatusChangeNo, TallyNo, WorkOrderNo,
};
use crate::coded::code_list;
use crate::error::CodeError;
use serde::{Deserialize, Serialize};

code_list! {
    /// Types of documents that move goods.
    MoverType, "type of document" {
        /// A bonded inventory list, 核注清单.
        List = "LIST",
        /// A correction of a posted list.
        Correction = "CORRECTION",
        /// A tally, 理货单.
        Tally = "TALLY",
        /// A slip under a permit, 出入库单.
        Slip = "SLIP",
        /// The end of a permit, 业务申报表.
        Permit = "PERMIT",
        /// A pass on a bill of lading, 核放单.
        Pass = "PASS",
        /// A parcel.
        Parcel = "PARCEL",
        /// A return of a parcel's goods.
        ParcelReturn = "PARCEL_RETURN",
        /// A consumption slip, 耗料单.
        Consumption = "CONSUMPTION",
        /// An event of a work order, 工单.
        WorkOrder = "WORK_ORDER",
        /// A disposal, 处置申请.
        Disposal = "DISPOSAL",
        /// An adjustment of a count, 核增核减.
        Adjustment = "ADJUSTMENT",
        /// A gate registration, 卡口登记.
        Registration = "REGISTRATION",
        /// A change of status, 状态转换.
        StatusChange = "STATUS_CHANGE",
        /// A carry-over, 账册结转.
        CarryOver = "CARRY_OVER",
        /// The opening of a book, 账册.
        Book = "BOOK",
    }
}

/// Which document moves goods.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Mover {
    /// Its number.
    pub number: DocumentNo,
    /// Its type.
    pub kind: MoverType,
    /// Which event of it, of a work order; of a book that begins to keep lots the revision; else 0.
    pub event: u64,
}

macro_rules! movers {
    ($($number:ident: $kind:ident,)*) => {$(
        impl From<&$number> for Mover {
            fn from(number: &$number) -> Self {
                Self { number: DocumentNo::from(number), kind: MoverType::$kind, event: 0 }
            }
        }
    )*};
}

movers! {
    ListNo: List,
    CorrectionNo: Correction,
    TallyNo: Tally,
    SlipNo: Slip,
    PermitNo: Permit,
    PassNo: Pass,
    ParcelNo: Parcel,
    ReturnNo: ParcelReturn,
    ConsumptionNo: Consumption,
    WorkOrderNo: WorkOrder,
    DisposalNo: Disposal,
    AdjustmentNo: Adjustment,
    RegistrationNo: Registration,
    StatusChangeNo: StatusChange,
    CarryOverNo: CarryOver,
    BookNo: Book,
}

impl Mover {
    /// One event of it.
    #[must_use]
    pub fn at(self, event: u64) -> Self {
        Self { event, ..self }
    }

    /// Below every mover of that number.
    #[must_use]
    pub const fn lowest(number: DocumentNo) -> Self {
        Self { number, kind: MoverType::List, event: 0 }
    }

    /// Above every mover of that number.
    #[must_use]
    pub const fn highest(number: DocumentNo) -> Self {
        Self { number, kind: MoverType::Book, event: u64::MAX }
    }

    /// The lot that a line of it brings in: `LISTNO/LINE`, as the trade writes it; of another document
    /// `TYPE:NUMBER/LINE`, and where it has events `TYPE:NUMBER/EVENT/LINE`.
    ///
    /// # Errors
    /// The text is too long for a lot.
    pub fn lot(&self, line: u64) -> Result<LotNo, CodeError> {
        let Self { number, kind, event } = self;
        match (kind, event) {
            (MoverType::List, _) => LotNo::of_receipt(number, line),
            (_, 0) => LotNo::of_receipt(format_args!("{kind}:{number}"), line),
            (_, event) => LotNo::of_receipt(format_args!("{kind}:{number}/{event}"), line),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bounds_of_a_number_hold_all_its_movers() {
        let number = DocumentNo::new("N1").unwrap();
        let (lowest, highest) = (Mover::lowest(number.clone()), Mover::highest(number.clone()));
        for kind in MoverType::ALL {
            for event in [0, u64::MAX] {
                let mover = Mover { number: number.clone(), kind: *kind, event };
                assert!(lowest <= mover && mover <= highest, "{mover:?}");
            }
        }
    }

    #[test]
    fn every_mover_has_room_for_its_lots() {
        let number = DocumentNo::new(&"9".repeat(64)).unwrap();
        for kind in MoverType::ALL {
            let mover = Mover { number: number.clone(), kind: *kind, event: u64::MAX };
            assert!(mover.lot(u64::MAX).is_ok(), "{kind}");
        }
    }
}
