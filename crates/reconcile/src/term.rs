//! What people call rows of the posting matrix and places, in English and in Chinese: the words of statements and lists.

use zonebook_ledger::matrix::MatrixRow;
use zonebook_ledger::place::Place;

/// A word in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// In English.
    pub en: &'static str,
    /// In Chinese, as the trade says it.
    pub zh: &'static str,
}

/// Without a row of the matrix goods come into a book by its filing alone.
pub const OPENING: Term = term("opening balance", "期初备案");

const fn term(en: &'static str, zh: &'static str) -> Term {
    Term { en, zh }
}

/// What a row of the matrix is called (`domain.md` 3.4).
#[must_use]
pub const fn of_row(row: MatrixRow) -> Term {
    use MatrixRow as Row;
    match row {
        Row::FirstLineIn => term("first line in", "一线进区"),
        Row::FirstLineOut => term("first line out", "一线出区"),
        Row::EnterThenDeclare => term("entered, then declared", "先入区后报关"),
        Row::SuspenseEntry => term("entered before declaration", "先入区待报"),
        Row::SecondLineIn => term("second line in", "二线进区"),
        Row::SecondLineOut => term("second line out", "二线出区"),
        Row::IntraZoneIn => term("transfer in, same zone", "区内流转转入"),
        Row::IntraZoneOut => term("transfer out, same zone", "区内流转转出"),
        Row::IntraZoneProduct => term("product transferred, same zone", "区内流转成品转出"),
        Row::InterZoneIn => term("transfer in from another zone", "区间流转转入"),
        Row::InterZoneOut => term("transfer out to another zone", "区间流转转出"),
        Row::InterZoneProduct => term("product transferred to another zone", "区间流转成品转出"),
        Row::InterZoneSlipProduct => {
            term("product transferred to another zone, by slip", "区间流转成品转出（耗料单）")
        }
        Row::IntraZoneSlipProduct => {
            term("product transferred, same zone, by slip", "区内流转成品转出（耗料单）")
        }
        Row::MaterialIssue => term("issued to a work order", "工单领料"),
        Row::MaterialReturn => term("returned by a work order", "工单退料"),
        Row::OrderUse => term("used by a work order", "工单耗用"),
        Row::OrderOutput => term("made by a work order", "工单产出"),
        Row::SlipCounter => term("consumption slip changed or taken back", "耗料单变更或作废冲销"),
        Row::OrderCounter => term("work order event taken back", "工单冲销"),
        Row::ProductOut => term("product out", "成品出区"),
        Row::ProductDestruction => term("product destroyed", "成品销毁"),
        Row::ExchangeOut => term("exchanged product out", "退换成品出区"),
        Row::SlipProductOut => term("product out, by slip", "成品出区（耗料单）"),
        Row::SlipProductDestruction => term("product destroyed, by slip", "成品销毁（耗料单）"),
        Row::TaxpayerSale => term("product sold by a general taxpayer", "一纳成品内销"),
        Row::TaxpayerSlipSale => {
            term("product sold by a general taxpayer, by slip", "一纳成品内销（耗料单）")
        }
        Row::TaxpayerStockSale => term("product in stock sold by a general taxpayer", "一纳成品内销（库存）"),
        Row::SlipUse => term("used by a consumption slip", "耗料单耗用"),
        Row::ScrapMade => term("scrap made", "边角料产生"),
        Row::ResearchUse => term("used in research", "研发耗用"),
        Row::PrototypeMade => term("prototype made", "研发样机产出"),
        Row::RepairIn => term("in for repair", "维修进区"),
        Row::RepairOut => term("out after repair", "维修出区"),
        Row::PartFitted => term("part fitted", "维修换上件"),
        Row::PartRemoved => term("part removed", "维修拆下件"),
        Row::LeaseOut => term("leased out", "租赁出区"),
        Row::LeaseReturn => term("back from lease", "租赁退回"),
        Row::LeaseBuyOut => term("bought by the lessee", "租赁留购"),
        Row::LeaseTradeIn => term("lessor changed, taken over", "租赁资产交易转入"),
        Row::LeaseTradeOut => term("lessor changed, handed over", "租赁资产交易转出"),
        Row::DisplayOut => term("out on display", "展示出区"),
        Row::DisplayBack => term("back from display", "展示返区"),
        Row::DisplaySale => term("sold at display", "展示销售"),
        Row::EquipmentOut => term("equipment out for test or repair", "设备检测维修出区"),
        Row::EquipmentBack => term("equipment back from test or repair", "设备检测维修返区"),
        Row::OutsourcedOut => term("materials out for processing", "外发加工出区"),
        Row::OutsourcedBack => term("materials back from processing", "外发加工返区"),
        Row::DirectExit => term("product out from processing outside", "外发加工成品不运回出区"),
        Row::OutsourcedProduct => term("product back from processing", "外发加工成品返区"),
        Row::LeftOutside => term("left outside", "区外留置"),
        Row::SimpleProcessing => term("simple processing", "简单加工"),
        Row::BatchOut => term("batch out", "分送集报出区"),
        Row::BatchBack => term("batch back", "分送集报返区"),
        Row::Consolidated => term("batches declared together", "集中报关"),
        Row::ParcelOut => term("parcel out", "网购包裹出区"),
        Row::ParcelsGathered => term("parcels gathered", "网购清单汇总"),
        Row::ECommerceReturn => term("e-commerce return", "网购退货"),
        Row::ResidueOut => term("residues out", "边角料出区"),
        Row::Destruction => term("destroyed by list", "清单销毁"),
        Row::DestructionApproved => term("destruction approved", "销毁核准"),
        Row::DestructionExecuted => term("destroyed", "销毁执行"),
        Row::DestructionResidue => term("residue of destruction", "销毁残料"),
        Row::DestructionReturned => term("not destroyed", "销毁撤回"),
        Row::ForceMajeureReported => term("force majeure reported", "不可抗力报告"),
        Row::ForceMajeureWrittenOff => term("force majeure written off", "不可抗力核销"),
        Row::ForceMajeureTaxed => term("force majeure taxed", "不可抗力补税"),
        Row::ForceMajeureReturned => term("force majeure goods back", "不可抗力转回"),
        Row::LossReported => term("loss reported", "灭失报告"),
        Row::LossTaxed => term("loss taxed", "灭失补税"),
        Row::LossReturned => term("lost goods found", "灭失转回"),
        Row::AbandonmentApproved => term("abandonment approved", "放弃核准"),
        Row::AbandonmentTakenOver => term("taken over by customs", "放弃移交海关"),
        Row::AbandonmentReturned => term("not taken over", "放弃退回"),
        Row::ShortageCounted => term("shortage counted", "盘亏"),
        Row::ShortageWrittenOff => term("shortage written off", "盘亏核销"),
        Row::ShortageTaxed => term("shortage taxed", "盘亏补税"),
        Row::ShortageReturned => term("shortage counted wrong", "盘亏转回"),
        Row::SurplusCounted => term("surplus counted", "盘盈"),
        Row::SurplusEntered => term("surplus entered", "盘盈入账"),
        Row::SurplusRejected => term("surplus not entered", "盘盈不入账"),
        Row::ReturnIn => term("return in", "退运进区"),
        Row::ReturnOut => term("return out", "退运出区"),
        Row::ReturnProduct => term("product returned", "成品退运出区"),
        Row::ReturnSlipProduct => term("product returned, by slip", "成品退运出区（耗料单）"),
        Row::TallyShort => term("short by tally", "理货短少"),
        Row::TallyShortWrittenOff => term("short by tally, written off", "理货短少核销"),
        Row::TallyShortTaxed => term("short by tally, taxed", "理货短少补税"),
        Row::TallyShortReturned => term("short by tally, found", "理货短少转回"),
        Row::TallyUnshipped => term("not shipped by tally", "理货未出"),
        Row::NonBondedIn => term("not bonded, in", "非保税货物入区"),
        Row::NonBondedOut => term("not bonded, out", "非保税货物出区"),
        Row::StatusLeft => term("status changed, left", "状态转换转出"),
        Row::StatusEntered => term("status changed, entered", "状态转换转入"),
        Row::CarryOut => term("carried over, out", "账册结转转出"),
        Row::CarryIn => term("carried over, in", "账册结转转入"),
        Row::Overdrawn => term("overdrawn by override of customs", "海关特许透支"),
        Row::Withdrawal => term("withdrawn", "撤销"),
        Row::Correction => term("corrected", "更正"),
    }
}

/// What a place is called (`RULES.md` 3.3, `domain.md` 2.6).
#[must_use]
pub const fn of_place(place: Place) -> Term {
    match place {
        Place::Zone => term("in the zone", "区内库存"),
        Place::SuspenseIn => term("entered, not declared yet", "先入区待报"),
        Place::ShippedUndeclared => term("shipped, not declared yet", "已出区待集报"),
        Place::OutOnForm => term("out on a form", "凭申报表在外"),
        Place::InTransit => term("between zones", "区间在途"),
        Place::LeasedOut => term("leased out", "租赁在外"),
        Place::InProcess => term("in process", "在制"),
        Place::Scrap => term("scrap and by-products", "边角料副产品"),
        Place::RemovedPart => term("removed parts", "拆下旧件"),
        Place::AwaitingDestruction => term("awaiting destruction", "待销毁"),
        Place::Difference => term("missing, to be decided", "待处理短少"),
        Place::Surplus => term("surplus, to be decided", "待处理溢余"),
        Place::Outside => term("outside", "账外"),
        Place::Opening => term("opening balances", "期初"),
        Place::Consumed => term("used up", "已耗用"),
        Place::Made => term("made", "已产出"),
        Place::Destroyed => term("destroyed", "已销毁"),
        Place::Lost => term("lost and written off", "已核销灭失"),
        Place::Found => term("found by a count", "盘点发现"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_rows_and_no_two_places_have_one_name() {
        let rows: Vec<Term> = MatrixRow::ALL.iter().map(|row| of_row(*row)).collect();
        let places: Vec<Term> = Place::ALL.iter().map(|place| of_place(*place)).collect();
        for terms in [rows, places] {
            for name in [|term: &Term| term.en, |term: &Term| term.zh] {
                assert_eq!(terms.iter().map(name).collect::<BTreeSet<_>>().len(), terms.len());
            }
        }
    }

    #[test]
    fn chinese_is_chinese_and_english_is_not() {
        for term in MatrixRow::ALL.iter().map(|row| of_row(*row)) {
            assert!(term.en.is_ascii() && term.zh.chars().all(|c| !c.is_ascii()), "{term:?}");
        }
    }
}
