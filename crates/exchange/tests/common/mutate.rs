//! Seeded damage to real messages: of values, of structure, of markup, of bytes.

use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use std::ops::Range;

/// Values that sit on the edges of the schemas' types.
const VALUES: &[&str] = &[
    "",
    " ",
    "0",
    "-0",
    "+1",
    "1.",
    ".5",
    "-.5",
    ".",
    "+",
    "-",
    "1e5",
    "1E-5",
    "1e",
    "1e+",
    "INF",
    "-INF",
    "+INF",
    "NaN",
    "-+5",
    "+-5",
    "00012",
    " 12 ",
    "\n12\t",
    "1 2",
    "1,000",
    "12kg",
    "１２",
    "0x10",
    "1.50000",
    "1.123456",
    "1.1234500000",
    "12345678901234",
    "123456789012345",
    "12345678901234.12345",
    "123456789012345.12345",
    "1234567890123456789",
    "12345678901234567890",
    "99999999999999999999.99999",
    "1234567890123456789012345",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "-9223372036854775809",
    "2147483647",
    "2147483648",
    "-2147483648",
    "-2147483649",
    "000000000000000000000000000000000001",
    "0.000000000000000000000000001",
    "1.00000000000000000000000000",
    "true",
    "false",
    "A",
    "AB",
    "一",
    "一二三四",
    "料件料件料件料件料件",
    "2026-06-01",
    "2026-06-31",
    "2026-02-29",
    "2024-02-29",
    "2026-13-01",
    "2026-06-01 08:05:18",
    "2026-06-01T08:05:18",
    "2026-06-39 29:59:59",
    "2026-06-40 08:05:18",
    "2026-06-01 08:60:18",
    "2026-06-01 08:05:18 ",
    " 2026-06-01",
    "2026-06-01Z",
    "2026-06-01+08:00",
    "2026-06-01+14:00",
    "2026-06-01+14:01",
    "2026-06-01-15:00",
    "2026-06-01T24:00:00",
    "2026-06-01T24:00:01",
    "2026-06-01T08:05:18.5Z",
    "2026-06-01T08:05:18.",
    "2026-06-01T08:05:60",
    "12026-06-01T08:05:18",
    "02026-06-01T08:05:18",
    "0000-06-01T08:05:18",
    "-0001-06-01T08:05:18",
    "26-06-01T08:05:18",
    "2026-6-1T08:05:18",
    "2026-06-01T8:05:18",
    "2026-06-01T08:05",
    "2100-02-29T00:00:00",
    "2000-02-29T00:00:00",
    "10000-02-29T00:00:00",
];

/// Attributes that no element of the schemas asks for, and some that a few allow.
const ATTRIBUTES: &[&str] = &[
    "xsi:nil=\"true\"",
    "xsi:nil=\"1\"",
    "xsi:nil='false'",
    "xsi:nil=\"0\"",
    "xsi:nil=\" true \"",
    "xsi:nil=\"yes\"",
    "xsi:nil=\"\"",
    "nil=\"true\"",
    "Id=\"x\"",
    "id=\"x\"",
    "xml:lang=\"zh\"",
    "xml:space=\"preserve\"",
    "xsi:type=\"BwsDt\"",
    "xsi:schemaLocation=\"urn:a b.xsd\"",
    "xsi:foo=\"1\"",
    "xmlns:q=\"urn:q\"",
    "xmlns=\"urn:q\"",
    "xmlns=\"\"",
    "q:a=\"1\"",
    "xmlns:q=\"\"",
    "a=\"<\"",
    "a=\"&amp;\"",
    "a=\"&undefined;\"",
    "a='1' a='2'",
    "a=1",
    "a",
    "a=\"1\"b=\"2\"",
];

/// Pieces of markup that may stand, or must not stand, between others.
const PIECES: &[&str] = &[
    "<!-- 注 -->",
    "<!-- a -- b -->",
    "<!--->",
    "<!----->",
    "<?pi data?>",
    "<?xml version=\"1.0\"?>",
    "<?XML x?>",
    "<??>",
    "<?p:q?>",
    "<![CDATA[]]>",
    "<![CDATA[ ]]>",
    "<![CDATA[x]]>",
    "<![CDATA[<&]]>",
    "text",
    " ",
    "\n",
    "\r\n",
    "&amp;",
    "&#48;",
    "&#x30;",
    "&#32;",
    "&#0;",
    "&#x1F;",
    "&#xFFFE;",
    "&nbsp;",
    "&",
    "& ",
    "&amp",
    "<",
    ">",
    "]]>",
    "]]",
    "\u{1}",
    "\u{FFFE}",
    "\u{85}",
    "\u{7F}",
    "\u{FEFF}",
    "<extra/>",
    "<extra></extra>",
    "<a:b/>",
    "<1/>",
    "</>",
    "<>",
    "< a/>",
    "<a",
    "<p:x xmlns:p=\"urn:p\"/>",
    "</extra>",
    "<a//>",
    "<:a/>",
    "<a:/>",
    "<a:b:c/>",
];

/// One element: where its start tag, its content and its end tag are.
struct Span {
    start: Range<usize>,
    end: Range<usize>,
}

impl Span {
    fn whole(&self) -> Range<usize> {
        self.start.start..self.end.end
    }

    fn content(&self) -> Range<usize> {
        self.start.end..self.end.start
    }
}

/// The elements of a message as the samples write it: no comments, no CDATA. Empty-element tags have an empty end tag.
fn elements(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut open = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find('<') {
        let start = at + found;
        let Some(length) = text[start..].find('>') else { break };
        let end = start + length + 1;
        let tag = &text[start..end];
        if tag.starts_with("</") {
            if let Some(begin) = open.pop() {
                spans.push(Span { start: begin, end: start..end });
            }
        } else if tag.ends_with("/>") {
            spans.push(Span { start: start..end, end: end..end });
        } else if !tag.starts_with("<?") {
            open.push(start..end);
        }
        at = end;
    }
    spans
}

/// Damages a message once to three times.
pub fn mutate(text: &str, random: &mut ChaCha8Rng) -> Vec<u8> {
    let mut text = text.to_owned();
    for _ in 0..random.random_range(1..=3) {
        text = match random.random_range(0..14) {
            0..=3 => value(&text, random),
            4..=6 => structure(&text, random),
            7 => attribute(&text, random),
            8 => attribute_value(&text, random),
            9 => document(&text, random),
            10..=11 => piece(&text, random),
            _ => characters(&text, random),
        };
    }
    let mut bytes = text.into_bytes();
    if random.random_ratio(1, 30) && !bytes.is_empty() {
        let at = random.random_range(0..bytes.len());
        match random.random_range(0..3) {
            0 => bytes[at] = random.random(),
            1 => bytes.truncate(at),
            _ => drop(bytes.remove(at)),
        }
    }
    bytes
}

fn pick<'s>(spans: &'s [Span], random: &mut ChaCha8Rng, keep: impl Fn(&Span) -> bool) -> Option<&'s Span> {
    let kept: Vec<&Span> = spans.iter().filter(|span| keep(span)).collect();
    kept.choose(random).copied()
}

fn replaced(text: &str, range: Range<usize>, with: &str) -> String {
    format!("{}{with}{}", &text[..range.start], &text[range.end..])
}

/// Another value in an element that has one.
fn value(text: &str, random: &mut ChaCha8Rng) -> String {
    let spans = elements(text);
    let leaf = |span: &Span| !text[span.content()].contains('<') && !span.end.is_empty();
    let Some(span) = pick(&spans, random, leaf) else { return text.to_owned() };
    let old = &text[span.content()];
    let new = match random.random_range(0..10) {
        0 => "字".repeat(random.random_range(0..530)),
        1 => "x".repeat(random.random_range(0..260)),
        2 => format!("{old}{}", random.random_range(0..10)),
        3 => old.chars().skip(1).collect(),
        4 => format!("<!-- a -->{old}"),
        5 => from_alphabet("0123456789.+-eEINFa ", random),
        6 => near_a_date(random),
        _ => VALUES.choose(random).unwrap().to_string(),
    };
    replaced(text, span.content(), &new)
}

/// A few characters of those that numbers are made of.
fn from_alphabet(alphabet: &str, random: &mut ChaCha8Rng) -> String {
    let alphabet: Vec<char> = alphabet.chars().collect();
    (0..random.random_range(1..6)).map(|_| *alphabet.choose(random).unwrap()).collect()
}

/// A date or time with one character gone, added or exchanged.
fn near_a_date(random: &mut ChaCha8Rng) -> String {
    let date = ["2026-06-01", "2026-06-01 08:05:18", "2026-06-01T08:05:18", "2024-02-29T23:59:59.75-05:30"];
    let mut text: Vec<char> = date.choose(random).unwrap().chars().collect();
    let at = random.random_range(0..text.len());
    let other =
        *['0', '1', '2', '3', '4', '5', '6', '9', '-', ':', 'T', 'Z', '+', '.', ' '].choose(random).unwrap();
    match random.random_range(0..4) {
        0 => drop(text.remove(at)),
        1 => text.insert(at, other),
        _ => text[at] = other,
    }
    text.into_iter().collect()
}

/// Elements left out, doubled, moved, exchanged, renamed, emptied, halved.
fn structure(text: &str, random: &mut ChaCha8Rng) -> String {
    let spans = elements(text);
    let (Some(one), Some(other)) = (pick(&spans, random, |_| true), pick(&spans, random, |_| true)) else {
        return text.to_owned();
    };
    let whole = &text[one.whole()];
    match random.random_range(0..8) {
        0 => replaced(text, one.whole(), ""),
        1 => replaced(text, one.whole(), &format!("{whole}{whole}")),
        2 => replaced(text, one.content(), ""),
        3 => replaced(text, one.end.clone(), ""),
        4 => replaced(text, one.start.clone(), ""),
        5 => rename(text, one, random),
        6 if one.whole().end <= other.whole().start => {
            let moved = replaced(text, other.whole(), whole);
            replaced(&moved, one.whole(), &text[other.whole()])
        }
        _ => format!("{}{whole}{}", &text[..other.start.start], &text[other.start.start..]),
    }
}

fn rename(text: &str, span: &Span, random: &mut ChaCha8Rng) -> String {
    let start = &text[span.start.clone()];
    let name = start[1..].split([' ', '>', '/']).next().unwrap_or_default();
    let new = match random.random_range(0..5) {
        0 => format!("{name}x"),
        1 => name.to_uppercase(),
        2 => format!("q:{name}"),
        3 => name.chars().skip(1).collect(),
        _ => "rmk".to_owned(),
    };
    let renamed = replaced(text, span.end.clone(), &text[span.end.clone()].replace(name, &new));
    replaced(&renamed, span.start.clone(), &start.replacen(name, &new, 1))
}

/// One more attribute, or one less.
fn attribute(text: &str, random: &mut ChaCha8Rng) -> String {
    let spans = elements(text);
    let Some(span) = pick(&spans, random, |_| true) else { return text.to_owned() };
    let start = &text[span.start.clone()];
    if random.random_ratio(1, 4) {
        let bare = start.split(' ').next().unwrap_or(start).trim_end_matches(['/', '>']);
        let close = if start.ends_with("/>") { "/>" } else { ">" };
        return replaced(text, span.start.clone(), &format!("{bare}{close}"));
    }
    let at = span.start.end - if start.ends_with("/>") { 2 } else { 1 };
    let added = ATTRIBUTES.choose(random).unwrap();
    let new = replaced(text, at..at, &format!(" {added}"));
    if added.starts_with("xsi:nil") && random.random_bool(0.7) && !span.end.is_empty() {
        let shift = added.len() + 1;
        return replaced(&new, span.start.end + shift..span.end.start + shift, "");
    }
    new
}

/// Another value of an attribute, or a type for an element.
fn attribute_value(text: &str, random: &mut ChaCha8Rng) -> String {
    if random.random_bool(0.5) {
        let spans = elements(text);
        let Some(span) = pick(&spans, random, |_| true) else { return text.to_owned() };
        let name = text[span.start.clone()][1..].split([' ', '>', '/']).next().unwrap_or_default().to_owned();
        let xs = "xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"";
        let types = [
            name.as_str(),
            "DateTime",
            "Date",
            "xs:string",
            "xs:decimal",
            "xs:long",
            "xs:int",
            "xs:double",
            "xs:anyType",
            "q:x",
            "",
        ];
        let named = types.choose(random).unwrap();
        let at = span.start.start + 1 + name.len();
        return replaced(text, at..at, &format!(" {xs} xsi:type=\"{named}\""));
    }
    let values: Vec<usize> = text.match_indices("=\"").map(|(at, _)| at + 2).collect();
    let Some(&at) = values.choose(random) else { return text.to_owned() };
    let Some(length) = text[at..].find('"') else { return text.to_owned() };
    let old = &text[at..at + length];
    let new = match random.random_range(0..7) {
        0 => format!(" {old}"),
        1 => format!("{old}\n"),
        2 => old.to_uppercase(),
        3 => String::new(),
        4 => old.replace("sha1", "md5"),
        5 => old.chars().flat_map(|c| format!("&#{};", u32::from(c)).chars().collect::<Vec<_>>()).collect(),
        _ => old.chars().skip(1).collect(),
    };
    replaced(text, at..at + length, &new)
}

/// Another beginning or end of the document, other line ends.
fn document(text: &str, random: &mut ChaCha8Rng) -> String {
    let body = text.split_once("?>").map_or(text, |(_, body)| body);
    match random.random_range(0..16) {
        0 => body.trim_start().to_owned(),
        1 => format!("\u{FEFF}{text}"),
        2 => format!(" {text}"),
        3 => format!("<?xml version='1.1'?>{body}"),
        4 => format!("<?xml version='2.0'?>{body}"),
        5 => format!("<?xml version='1.0' encoding='utf8' standalone='no' ?>{body}"),
        6 => format!("<?xml version='1.0' standalone='yes' encoding='utf-8'?>{body}"),
        7 => format!("<?xml encoding='utf-8'?>{body}"),
        8 => format!("<?xml version = \"1.0\"  encoding\t=\n'UTF-8'?>{body}"),
        9 => text.replace('\n', "\r\n"),
        10 => text.replace('\n', "\r"),
        11 => text.replace(['\n', ' '], ""),
        12 => format!("{text}<!-- end -->\n<?end?>"),
        13 => format!("{text}x"),
        14 => format!("{text}<Signature/>"),
        _ => format!("{text}&#32;"),
    }
}

/// A piece of markup at the edge of a tag.
fn piece(text: &str, random: &mut ChaCha8Rng) -> String {
    let edges: Vec<usize> =
        elements(text).iter().flat_map(|span| [span.start.start, span.start.end, span.end.end]).collect();
    let at = if random.random_ratio(1, 20) { 0 } else { *edges.choose(random).unwrap_or(&text.len()) };
    replaced(text, at..at, PIECES.choose(random).unwrap())
}

/// A character gone, doubled or exchanged, or the end cut off.
fn characters(text: &str, random: &mut ChaCha8Rng) -> String {
    let mut all: Vec<char> = text.chars().collect();
    if all.is_empty() {
        return String::new();
    }
    let at = random.random_range(0..all.len());
    match random.random_range(0..9) {
        0..=2 => drop(all.remove(at)),
        3..=4 => all.insert(at, all[at]),
        5..=7 => {
            all[at] = *['<', '>', '&', '"', '\'', '/', ' ', 'x', '字', ']', '-', '=', ':', '\u{0}', '\t']
                .choose(random)
                .unwrap()
        }
        _ => all.truncate(at),
    }
    all.into_iter().collect()
}
