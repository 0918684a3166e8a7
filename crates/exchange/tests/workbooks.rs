//! Workbooks are read as CSV is, and written the same each time.

mod common;

use common::{MONTHS, month};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use zonebook_exchange::sheet::SheetError;
use zonebook_exchange::{count, workbook};
use zonebook_ledger::document::CountPlace;

/// The sheet of a CSV text, all cells text.
fn as_workbook(text: &str) -> Vec<u8> {
    let lines: Vec<Vec<String>> =
        text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect();
    let (head, rows) = lines.split_first().unwrap();
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    workbook::write("count", &head, rows.iter().map(Vec::as_slice)).unwrap()
}

#[test]
fn the_counts_of_the_samples_read_the_same_from_either() {
    for folder in MONTHS {
        let csv = std::fs::read_to_string(month(folder).join("count.csv")).unwrap();
        let from_csv = count::lines("count.csv", csv.as_bytes()).unwrap();
        assert!(!from_csv.is_empty());
        assert_eq!(count::lines("count.xlsx", &as_workbook(&csv)).unwrap(), from_csv);
    }
}

#[test]
fn the_same_rows_are_the_same_bytes() {
    let text = "book,kind\nH99312600005,I\n";
    let first = as_workbook(text);
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    assert_eq!(first, as_workbook(text));
}

/// What people type into cells: numbers as numbers, times as times, nothing where nothing was counted.
#[test]
fn typed_cells_are_read_as_what_they_show() {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    let head = [count::COLUMNS, &["place", "counted_at"]].concat();
    for (column, name) in (0_u16..).zip(head) {
        page.write_string(0, column, name).unwrap();
    }
    let time = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
    for (row, counted) in [(1, Some(13_937.434_72)), (2, None), (5, Some(0.0))] {
        page.write_string(row, 0, "H99312600005").unwrap();
        page.write_string(row, 1, "I").unwrap();
        page.write_number(row, 2, 7.0).unwrap();
        page.write_string(row, 4, "035").unwrap();
        if let Some(counted) = counted {
            page.write_number(row, 5, counted).unwrap();
        }
        page.write_string(row, 6, "IN_PROCESS").unwrap();
        let at = ExcelDateTime::from_ymd(2026, 6, 30).unwrap().and_hms(18, 30, 1).unwrap();
        page.write_datetime_with_format(row, 7, &at, &time).unwrap();
    }
    let lines = count::lines("typed.xlsx", &book.save_to_buffer().unwrap()).unwrap();
    let shown: Vec<_> = lines
        .iter()
        .map(|(_, line)| (line.line, line.number, line.declared.to_string(), line.place))
        .collect();
    let place = CountPlace::InProcess;
    assert_eq!(shown, [(2, 7, "13937.43472".into(), place), (6, 7, "0".into(), place)]);
    assert_eq!(lines[0].1.counted_at.unwrap().to_string(), "2026-06-30T18:30:01");
}

#[test]
fn what_is_wrong_is_named_by_line_and_column() {
    let of = |text: &str| count::lines("count.xlsx", &as_workbook(text)).unwrap_err().to_string();
    let head = "book,kind,item,serial,unit,counted";
    let wrong = of(&format!("{head},area\nH99312600005,I,1,,007,1,A\nH99312600005,I,x,,007,1,A\n"));
    assert!(wrong.contains("count.xlsx: line 3: column item: `x`"), "{wrong}");
    let wrong = of(&format!("{head},colour\n"));
    assert!(wrong.contains("then any of place,lot,area"), "{wrong}");
    assert!(of(&format!("{head},area,area\n")).contains("the columns are"));
    assert!(of("kind,book,item,serial,unit,counted\n").contains("the columns are"));
    let torn = &as_workbook(head)[..200];
    assert!(matches!(count::lines("torn.xlsx", torn), Err(SheetError::NotWorkbook { .. })));
}
