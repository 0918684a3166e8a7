//! Documents as pages for people: HTML that needs nothing else, with the bar code of the number, fit for A4.

mod barcode;
mod page;

use page::Page;
use zonebook_ledger::code::PassNo;
use zonebook_ledger::movement::{Movement, MovementLine};
use zonebook_ledger::pass::Pass;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::time::{Instant, UtcOffset};

pub use barcode::modules;

/// A bonded inventory list (保税核注清单) with its lines.
#[must_use]
pub fn list(movement: &Movement, lines: &[MovementLine], utc_offset: UtcOffset) -> String {
    let local = |instant: Instant| utc_offset.local(instant).to_string().replace('T', " ");
    let text = |value: Option<&dyn std::fmt::Display>| value.map(ToString::to_string).unwrap_or_default();
    let mut page = Page::new("保税核注清单", "Bonded inventory list", movement.list_no.as_str());
    page.fields(&[
        ("账册 Book", movement.book_no.to_string()),
        ("经营企业 Owner", movement.owner.to_string()),
        ("状态 State", movement.state.to_string()),
        ("进出 I/E", movement.direction.to_string()),
        ("料件成品 Mark", movement.mark.to_string()),
        ("清单类型 Kind", movement.kind.to_string()),
        ("监管方式 Mode", movement.mode.to_string()),
        ("变更次数 Change", movement.version.to_string()),
        ("报关单 Declaration", text(movement.declaration_no.as_ref().map(|number| number as _))),
        ("关联账册 Related book", text(movement.related_book.as_ref().map(|number| number as _))),
        ("预核扣 Pre-posted", local(movement.prevd_time)),
        ("放行 Released", text(movement.release_time.as_ref().map(|time| time as _)).replace('T', " ")),
        ("过卡 Gate", text(movement.gate_time.as_ref().map(|time| time as _)).replace('T', " ")),
        ("核扣 Posted", movement.posted_time.map(local).unwrap_or_default()),
    ]);
    let heads = [
        "序号",
        "备案序号",
        "料号",
        "商品编码",
        "商品名称",
        "申报数量",
        "单位",
        "法定数量",
        "单位",
        "第二数量",
        "单位",
        "总价",
        "币制",
        "毛重",
        "净重",
    ];
    let rows = lines.iter().map(|line| {
        let line = &line.filed;
        vec![
            line.line.to_string(),
            line.number.to_string(),
            line.part_no.to_string(),
            line.tariff_code.to_string(),
            line.name.to_string(),
            line.declared.to_string(),
            line.units.declared.to_string(),
            line.statutory1.to_string(),
            line.units.statutory1.to_string(),
            text(line.statutory2.as_ref().map(|quantity| quantity as _)),
            text(line.units.statutory2.as_ref().map(|unit| unit as _)),
            line.total.to_string(),
            line.currency.to_string(),
            line.gross.to_string(),
            line.net.to_string(),
        ]
    });
    page.table(&heads, rows);
    let sum = |of: fn(&MovementLine) -> Quantity| {
        lines.iter().try_fold(Quantity::ZERO, |sum, line| sum.checked_add(of(line))).unwrap_or_default()
    };
    page.fields(&[
        ("项数 Lines", lines.len().to_string()),
        ("毛重合计 Gross", sum(|line| line.filed.gross).to_string()),
        ("净重合计 Net", sum(|line| line.filed.net).to_string()),
    ]);
    page.finish()
}

/// A gate pass (核放单).
#[must_use]
pub fn pass(pass_no: &PassNo, pass: &Pass, utc_offset: UtcOffset) -> String {
    let local = |instant: Instant| utc_offset.local(instant).to_string().replace('T', " ");
    let mut page = Page::new("核放单", "Gate pass", pass_no.as_str());
    page.fields(&[
        ("车牌 Vehicle", pass.vehicle_no.to_string()),
        ("状态 State", pass.state.to_string()),
        ("进出 I/E", pass.direction.to_string()),
        ("绑定类型 Binding", pass.binding.to_string()),
        ("关联单证类型 Linked", pass.linked_type.to_string()),
        ("账册 Book", pass.book_no.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("申报 Filed", local(pass.filed_time)),
        ("过卡 Passed", pass.passed_at.map(|time| time.to_string().replace('T', " ")).unwrap_or_default()),
    ]);
    page.table(&["关联单证 Linked documents"], pass.linked.iter().map(|number| vec![number.to_string()]));
    if !pass.lines.is_empty() {
        let rows = pass.lines.iter().map(|line| {
            vec![
                line.line.to_string(),
                line.linked_line.map(|line| line.to_string()).unwrap_or_default(),
                line.part_no.as_ref().map(ToString::to_string).unwrap_or_default(),
                line.declared.to_string(),
                line.unit.as_ref().map(ToString::to_string).unwrap_or_default(),
            ]
        });
        page.table(&["序号", "关联商品序号", "料号", "申报数量", "单位"], rows);
    }
    page.finish()
}
