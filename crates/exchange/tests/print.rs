//! Printed documents: their bar codes read back as their numbers, and foreign text cannot leave its cell.

mod common;

use common::replay::{Replay, ZONE};
use zonebook_exchange::print;
use zonebook_ledger::movement::MovementLine;
use zonebook_ledger::state::{Key, Lines, Row, get};

/// Widths of the bars and spaces of the 106 symbols of Code 128, by value (ISO/IEC 15417), and of the stop.
const SYMBOLS: [&str; 106] = [
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212", "221213",
    "221312", "231212", "112232", "122132", "122231", "113222", "123122", "123221", "223211", "221132",
    "221231", "213212", "223112", "312131", "311222", "321122", "321221", "312212", "322112", "322211",
    "212123", "212321", "232121", "111323", "131123", "131321", "112313", "132113", "132311", "211313",
    "231113", "231311", "112133", "112331", "132131", "113123", "113321", "133121", "313121", "211331",
    "231131", "213113", "213311", "213131", "311123", "311321", "331121", "312113", "312311", "332111",
    "314111", "221411", "431111", "111224", "111422", "121124", "121421", "141122", "141221", "112214",
    "112412", "122114", "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111",
    "111242", "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211", "212141",
    "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311", "113141",
    "114131", "311141", "411131", "211412", "211214", "211232",
];
const STOP: &str = "2331112";
const START_B: usize = 104;

/// The text of a pattern in character set B; the check symbol must be right.
fn decode(modules: &[u8]) -> String {
    assert_eq!(modules.first(), Some(&1));
    let widths: String =
        modules.chunk_by(|left, right| left == right).map(|run| run.len().to_string()).collect();
    let body = widths.strip_suffix(STOP).expect("the stop symbol");
    assert_eq!(body.len() % 6, 0, "{widths}");
    let symbols: Vec<usize> = body
        .as_bytes()
        .chunks(6)
        .map(|symbol| SYMBOLS.iter().position(|known| known.as_bytes() == symbol).expect("a symbol"))
        .collect();
    let (check, data) = symbols.split_last().unwrap();
    assert_eq!(data[0], START_B);
    let sum: usize = data.iter().enumerate().map(|(at, value)| at.max(1) * value).sum();
    assert_eq!(sum % 103, *check, "the check symbol");
    data[1..].iter().map(|value| char::from(u8::try_from(value + 32).unwrap())).collect()
}

/// The modules that a page draws.
fn drawn(page: &str) -> Vec<u8> {
    let number = |rect: &str, attribute: &str| -> usize {
        let from = rect.find(&format!("{attribute}=\"")).unwrap() + attribute.len() + 2;
        rect[from..].split('"').next().unwrap().parse().unwrap()
    };
    let mut modules = Vec::new();
    for rect in page.split("<rect ").skip(1) {
        let (x, width) = (number(rect, "x"), number(rect, "width"));
        modules.resize(x, 0);
        modules.resize(x + width, 1);
    }
    modules.split_off(10)
}

#[test]
fn bar_codes_read_back_as_their_numbers() {
    let replay = Replay::fed("month-a");
    let mut printed = 0;
    for (key, row) in replay.state.rows() {
        let (number, page) = match (key, row) {
            (Key::Movement(list_no), Row::Movement(movement)) => {
                let key = (list_no.clone(), movement.content_version);
                let lines = get::<Lines>(&replay.state, key).unwrap().unwrap();
                (list_no.to_string(), print::list(movement, &lines, ZONE))
            }
            (Key::Pass(pass_no), Row::Pass(pass)) => (pass_no.to_string(), print::pass(pass_no, pass, ZONE)),
            _ => continue,
        };
        assert_eq!(decode(&drawn(&page)), number);
        assert!(page.contains(&format!("<div class=\"number\">{number}</div>")));
        printed += 1;
    }
    assert!(printed > 60, "{printed}");
}

#[test]
fn what_code_128_has_not_has_no_bar_code() {
    assert_eq!(print::modules("保税"), None);
    assert_eq!(print::modules(""), None);
    assert_eq!(decode(&print::modules("Z9931I~ 09az").unwrap()), "Z9931I~ 09az");
}

#[test]
fn foreign_text_stays_in_its_cell() {
    let replay = Replay::fed("month-s");
    let found = replay.state.rows().find_map(|(key, row)| match (key, row) {
        (Key::Movement(list_no), Row::Movement(movement)) => Some((list_no.clone(), movement.clone())),
        _ => None,
    });
    let (list_no, movement) = found.unwrap();
    let lines = get::<Lines>(&replay.state, (list_no, movement.content_version)).unwrap().unwrap();
    let mut lines: Vec<MovementLine> = lines.to_vec();
    lines[0].filed.name = "<script>alert(1)</script>&\"".into();
    let page = print::list(&movement, &lines, ZONE);
    assert!(!page.contains("<script>"));
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;"));
}
