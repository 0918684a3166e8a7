//! A page: a title, the number with its bar code, fields, tables.

use super::barcode;
use crate::write::escaped;
use std::fmt::Write;

const STYLE: &str = "@page{size:A4 landscape;margin:12mm}body{font:11px 'Noto Sans CJK SC','Microsoft YaHei',sans-serif;margin:0}\
h1{font-size:18px;margin:0}.head{display:flex;justify-content:space-between;align-items:flex-start;margin-bottom:8px}\
.code{width:90mm;height:14mm;display:block}.number{font:12px monospace;text-align:center;letter-spacing:1px}\
dl{display:grid;grid-template-columns:repeat(4,auto 1fr);gap:2px 8px;margin:0 0 8px}dt{color:#555}dd{margin:0}\
table{border-collapse:collapse;width:100%;margin-bottom:8px}th,td{border:1px solid #888;padding:2px 4px;text-align:left}\
thead{display:table-header-group}tr{break-inside:avoid}";

/// A page in the making.
pub(super) struct Page(String);

impl Page {
    pub(super) fn new(title: &str, english: &str, number: &str) -> Self {
        let mut page = String::new();
        let (title, english, shown) = (escaped(title), escaped(english), escaped(number));
        let _ = write!(
            page,
            "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>{title} {shown}</title>\
             <style>{STYLE}</style></head><body>\n<div class=\"head\"><div><h1>{title}</h1>{english}</div>\
             <div>{}<div class=\"number\">{shown}</div></div></div>\n",
            barcode::svg(number)
        );
        Self(page)
    }

    /// Names and values; those without a value are left out.
    pub(super) fn fields(&mut self, fields: &[(&str, String)]) {
        self.0.push_str("<dl>");
        for (name, value) in fields.iter().filter(|(_, value)| !value.is_empty()) {
            let _ = write!(self.0, "<dt>{}</dt><dd>{}</dd>", escaped(name), escaped(value));
        }
        self.0.push_str("</dl>\n");
    }

    pub(super) fn table(&mut self, heads: &[&str], rows: impl Iterator<Item = Vec<String>>) {
        self.0.push_str("<table><thead><tr>");
        for head in heads {
            let _ = write!(self.0, "<th>{}</th>", escaped(head));
        }
        self.0.push_str("</tr></thead><tbody>\n");
        for row in rows {
            self.0.push_str("<tr>");
            for cell in row {
                let _ = write!(self.0, "<td>{}</td>", escaped(&cell));
            }
            self.0.push_str("</tr>\n");
        }
        self.0.push_str("</tbody></table>\n");
    }

    pub(super) fn finish(mut self) -> String {
        self.0.push_str("</body></html>\n");
        self.0
    }
}
