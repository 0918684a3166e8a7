//! Messages that want to do harm are refused by name, soon and within bounded memory.

use std::time::{Duration, Instant};
use zonebook_exchange::read_message;
use zonebook_exchange::xml::{ATTRIBUTES_MAX, BYTES_MAX, DEPTH_MAX};
use zonebook_ledger::limits::PARCELS_MAX;
use zonebook_ledger::message::Content;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::refusal::Refusal;

/// The refusal of something malformed, which has no type and no number.
fn malformed(bytes: &[u8]) -> Refusal {
    let started = Instant::now();
    let content = read_message(bytes);
    assert!(started.elapsed() < Duration::from_secs(5), "took {:?}", started.elapsed());
    match content {
        Content::Unreadable(refusal) => {
            assert_eq!(refusal.reason, Reason::MalformedXml);
            assert!(refusal.to_string().len() < 2_000, "a refusal repeats the message");
            assert!(refusal.location.is_some() && refusal.expected.is_some(), "{refusal}");
            *refusal
        }
        other => panic!("{other:?}"),
    }
}

fn expects(bytes: &[u8], rule: &str) {
    let refusal = malformed(bytes);
    assert!(refusal.expected.as_deref().is_some_and(|expected| expected.contains(rule)), "{refusal}");
}

#[test]
fn entity_bombs_do_not_go_off() {
    let mut bomb = "<?xml version=\"1.0\"?>\n<!DOCTYPE a [<!ENTITY l0 \"ha\">".to_owned();
    for level in 1..30 {
        let before = level - 1;
        bomb.push_str(&format!("<!ENTITY l{level} \"&l{before};&l{before};&l{before};&l{before};\">"));
    }
    bomb.push_str("]>\n<a>&l29;</a>");
    expects(bomb.as_bytes(), "no document type declaration");
    expects(b"<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>", "no document type declaration");
    expects(b"<!DOCTYPE a><a/>", "no document type declaration");
    expects(b"<a>&lol;</a>", "&amp;");
}

#[test]
fn what_is_too_large_is_refused_unread() {
    let mut text = b"<a>".to_vec();
    text.resize(100 * 1024 * 1024, b'x');
    expects(&text, "at most 4194304 bytes");
    assert!(!matches!(
        read_message(&[b"<a>".as_slice(), &vec![b' '; BYTES_MAX - 7], b"</a>"].concat()),
        Content::Unreadable(_)
    ));
}

#[test]
fn deep_nesting_is_refused() {
    let nested = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
    expects(nested(DEPTH_MAX + 1).as_bytes(), "elements nested at most 256 deep");
    expects(nested(500_000).as_bytes(), "elements nested at most 256 deep");
    expects("<a>".repeat(1_000_000).as_bytes(), "elements nested at most 256 deep");
    assert!(!matches!(read_message(nested(DEPTH_MAX).as_bytes()), Content::Unreadable(_)));
}

#[test]
fn floods_of_attributes_and_namespaces_are_refused() {
    let attributes: String = (0..=ATTRIBUTES_MAX).map(|number| format!(" a{number}=''")).collect();
    expects(format!("<a{attributes}/>").as_bytes(), "at most 128 attributes");
    let nested: String = (0..200).map(|number| format!("<a xmlns:p{number}='urn:x'>")).collect();
    expects(nested.as_bytes(), "at most 128 namespaces");
    let many = format!("<a>{}</a>", "<b c='1' d='2'/>".repeat(200_000));
    assert!(matches!(read_message(many.as_bytes()), Content::Invalid { .. }));
}

#[test]
fn other_encodings_are_refused() {
    let utf16: Vec<u8> = "\u{FEFF}<a>材</a>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    expects(&utf16, "the encoding UTF-8");
    let big_endian: Vec<u8> =
        "<?xml version='1.0' encoding='UTF-16'?><a/>".encode_utf16().flat_map(u16::to_be_bytes).collect();
    expects(&big_endian, "the encoding UTF-8");
    expects(b"<?xml version=\"1.0\" encoding=\"GBK\"?><a/>", "the encoding UTF-8");
    expects(b"<?xml version=\"1.0\" encoding=\"GB18030\"?><a>\xB2\xC4\xC1\xCF</a>", "the encoding UTF-8");
    // GBK bytes under the name of UTF-8.
    let refusal = malformed(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a>\xB2\xC4\xC1\xCF</a>");
    assert_eq!(refusal.location.as_deref(), Some("line 2, column 4"), "{refusal}");
    expects(b"<a>\xC0\x80</a>", "the encoding UTF-8");
    expects(b"<a>\xED\xA0\x80</a>", "the encoding UTF-8");
}

#[test]
fn what_is_not_a_document_is_malformed() {
    for wrong in [
        "",
        " ",
        "x",
        "<",
        "<a",
        "<a>",
        "</a>",
        "<a></b>",
        "<a/><b/>",
        "<a/>x",
        "<a>]]></a>",
        "<a b='1' b='2'/>",
        "<a b='<'/>",
        "<a>\u{1}</a>",
        "<a>&#1;</a>",
        "<a>&#xD800;</a>",
        "<a><!-- -- --></a>",
        "<a><?xml version='1.0'?></a>",
        "<a b=c/>",
        "<a b/>",
        " <?xml version='1.0'?><a/>",
        "<?xml version='1.0'?>",
        "<1a/>",
        "< a/>",
        "<a><![CDATA[</a>",
        "<a>&amp</a>",
        "{\"a\": 1}",
        "<a/>&#32;",
        "<![CDATA[x]]><a/>",
        "<a/><![CDATA[]]>",
    ] {
        malformed(wrong.as_bytes());
    }
    malformed(&[0; 1024]);
    malformed(&[0xFF; 1024]);
}

#[test]
fn an_unknown_type_is_invalid_and_named_in_short() {
    let name = "X".repeat(100_000);
    let text = format!("<Package><DataInfo><BussinessData><{name}/></BussinessData></DataInfo></Package>");
    let Content::Invalid { label, refusal } = read_message(text.as_bytes()) else { panic!("{name}") };
    assert_eq!(refusal.reason, Reason::SchemaInvalid);
    assert!(label.kind.len() <= 128 && refusal.to_string().len() < 1_000);
}

#[test]
fn names_that_repeat_do_not_make_reading_slow() {
    // Many wanted elements, many text pieces, many references: each in time linear to the size.
    for piece in [
        "<EnvelopInfo><business_id>1</business_id></EnvelopInfo>",
        "<a>&amp;&amp;</a>",
        "<!----><?a b?>",
        "&#48;",
        "<a\n/>",
    ] {
        let text = format!("<r>{}</r>", piece.repeat(4_000_000 / piece.len()));
        let started = Instant::now();
        assert!(matches!(read_message(text.as_bytes()), Content::Invalid { .. }), "{piece}");
        assert!(started.elapsed() < Duration::from_secs(5), "{piece}: {:?}", started.elapsed());
    }
}

#[test]
fn parcels_that_repeat_do_not_make_reading_slow() {
    let values = "<qty>1</qty><qty>2</qty>&#48;<x/>";
    for piece in [
        "<Inventory/>".to_owned(),
        format!("<Inventory><InventoryHead><invtNo>1</invtNo>{values}</InventoryHead></Inventory>"),
        format!("<Inventory><InventoryList>{values}</InventoryList></Inventory>"),
        "<Inventory><InventoryHead><invtNo>&#48;&#48;&#48;&#48;</invtNo></InventoryHead></Inventory>"
            .to_owned(),
        format!("<InventoryList>{values}</InventoryList>"),
        values.repeat(10),
    ] {
        for (before, after) in [
            ("", ""),
            ("<Inventory>", "</Inventory>"),
            ("<Inventory><InventoryList>", "</InventoryList></Inventory>"),
        ] {
            let body = piece.repeat(4_000_000 / piece.len());
            let text = format!("<CEB621Message guid='G'>{before}{body}{after}</CEB621Message>");
            let started = Instant::now();
            let content = read_message(text.as_bytes());
            assert!(started.elapsed() < Duration::from_secs(5), "{piece}: {:?}", started.elapsed());
            let Content::Keyed { document, names, .. } = content else { panic!("{piece}: {content:?}") };
            let refusal = document.unwrap_err();
            assert!(refusal.to_string().len() < 1_000 && names.len() <= PARCELS_MAX, "{piece}: {refusal}");
        }
    }
}

#[test]
fn one_endless_value_is_refused_in_short() {
    for field in ["appType", "invtNo", "emsNo"] {
        let value = "9".repeat(4_000_000);
        let head = format!("<{field}>{value}</{field}><appType>1</appType><invtNo>1</invtNo>");
        let text = format!(
            "<CEB621Message guid='G'><Inventory><InventoryHead>{head}</InventoryHead></Inventory></CEB621Message>"
        );
        let Content::Keyed { label, document, names, .. } = read_message(text.as_bytes()) else {
            panic!("{field}")
        };
        assert!(label.business_id.len() <= 128, "{field}");
        assert!(document.unwrap_err().to_string().len() < 1_000, "{field}");
        assert!(names.iter().all(|name| name.len() <= 128), "{field}");
    }
}

proptest::proptest! {
    #[test]
    fn no_bytes_bring_the_reader_down(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..400)) {
        let _ = read_message(&bytes);
    }

    #[test]
    fn no_markup_brings_the_reader_down(text in "(<[a-c:/!?\\[\\]CDATA-]{0,8}>?|&[a-z#0-9]{0,4};?|[ a\"'=\\]>]{0,4}|材){0,40}") {
        let _ = read_message(text.as_bytes());
    }
}
