//! Pages of a PDF with Chinese and Latin text.
//!
//! Chinese is set in STSong-Light under the predefined encoding `UniGB-UTF16-H`: every viewer has the table of that
//! encoding and a Song face of its own for it, so no font has to be carried along. Everything in ASCII is Helvetica,
//! whose widths are known, so that figures stand exactly under each other.

use super::StatementFileError;
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo};
use pdf_writer::{Content, Date, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr};

/// Pages of one file.
pub(super) const PAGES_MAX: usize = 10_000;
/// A4 landscape, in points.
pub(super) const WIDTH: f32 = 842.0;
pub(super) const HEIGHT: f32 = 595.0;

const LATIN: Name<'static> = Name(b"L");
const CHINESE: Name<'static> = Name(b"C");
const SONG: &[u8] = b"STSong-Light";
/// A Chinese character is as wide as it is high.
const FULL: f32 = 1000.0;
/// Widths of Helvetica from space to tilde, in thousandths (Adobe's metrics of the 14 standard fonts).
const HELVETICA: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
    500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
    556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
    278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// Where a text stands in its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Right,
    Center,
}

/// A column of a page: from where, how wide, how aligned.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    pub(super) left: f32,
    pub(super) width: f32,
    pub(super) align: Align,
}

/// A page in the making.
pub(super) struct Sheet(Content);

impl Sheet {
    pub(super) fn new() -> Self {
        Self(Content::new())
    }

    /// A text in a column; one that is too wide is set narrower, never cut.
    pub(super) fn text(&mut self, column: Column, baseline: f32, size: f32, text: &str) {
        if text.is_empty() {
            return;
        }
        let natural = width(text) * size / 1000.0;
        let squeeze = if natural > column.width { column.width / natural } else { 1.0 };
        let room = column.width - natural * squeeze;
        let left = column.left
            + match column.align {
                Align::Left => 0.0,
                Align::Right => room,
                Align::Center => room / 2.0,
            };
        self.0.begin_text().set_horizontal_scaling(squeeze * 100.0).next_line(left, baseline);
        for run in runs(text) {
            if run.is_ascii() {
                self.0.set_font(LATIN, size).show(Str(run.as_bytes()));
            } else {
                let units: Vec<u8> = run.encode_utf16().flat_map(u16::to_be_bytes).collect();
                self.0.set_font(CHINESE, size).show(Str(&units));
            }
        }
        self.0.end_text();
    }

    /// A rule across.
    pub(super) fn rule(&mut self, (left, right): (f32, f32), y: f32, weight: f32) {
        self.0.set_line_width(weight).move_to(left, y).line_to(right, y).stroke();
    }

    /// The bytes of the page, compressed.
    pub(super) fn finish(self) -> Vec<u8> {
        miniz_oxide::deflate::compress_to_vec_zlib(self.0.finish().as_slice(), 6)
    }
}

/// How wide a text is, in thousandths of its size.
fn width(text: &str) -> f32 {
    text.chars().map(width_of).sum()
}

fn width_of(character: char) -> f32 {
    let at = u32::from(character).checked_sub(u32::from(' ')).and_then(|at| usize::try_from(at).ok());
    at.and_then(|at| HELVETICA.get(at)).map_or(FULL, |width| f32::from(*width))
}

/// The text in pieces of one font each.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let latin = rest.chars().next()?.is_ascii();
        let end = rest.find(|c: char| c.is_ascii() != latin).unwrap_or(rest.len());
        let (run, behind) = rest.split_at(end);
        rest = behind;
        Some(run)
    })
}

/// Joins finished pages: each of a body that was made when its turn came, and of a foot that could not be made before
/// the number of pages was known.
pub(super) fn bind(
    title: &str,
    created: (i64, u32, u32),
    bodies: &[Vec<u8>],
    foot: impl Fn(usize, usize) -> Vec<u8>,
) -> Result<Vec<u8>, StatementFileError> {
    const CATALOG: i32 = 1;
    const PAGES: i32 = 2;
    const INFO: i32 = 3;
    const HELVETICA_FONT: i32 = 4;
    const SONG_FONT: i32 = 5;
    const SONG_GLYPHS: i32 = 6;
    const SONG_FACE: i32 = 7;
    const FIRST_PAGE: i32 = 8;
    if bodies.len() > PAGES_MAX {
        return Err(StatementFileError::TooManyPages { pages_max: PAGES_MAX });
    }
    let count = i32::try_from(bodies.len()).unwrap_or(i32::MAX);
    let page = |at: i32, part: i32| Ref::new(FIRST_PAGE + at * 3 + part);
    let mut pdf = Pdf::new();
    pdf.catalog(Ref::new(CATALOG)).pages(Ref::new(PAGES));
    pdf.pages(Ref::new(PAGES)).kids((0..count).map(|at| page(at, 0))).count(count);
    let (year, month, day) = created;
    let created = Date::new(u16::try_from(year).unwrap_or(1970))
        .month(u8::try_from(month).unwrap_or(1))
        .day(u8::try_from(day).unwrap_or(1));
    pdf.document_info(Ref::new(INFO))
        .title(TextStr(title))
        .producer(TextStr("Zonebook"))
        .creation_date(created);
    pdf.type1_font(Ref::new(HELVETICA_FONT))
        .base_font(Name(b"Helvetica"))
        .encoding_predefined(Name(b"WinAnsiEncoding"));
    pdf.type0_font(Ref::new(SONG_FONT))
        .base_font(Name(b"STSong-Light-UniGB-UTF16-H"))
        .encoding_predefined(Name(b"UniGB-UTF16-H"))
        .descendant_font(Ref::new(SONG_GLYPHS));
    pdf.cid_font(Ref::new(SONG_GLYPHS))
        .subtype(CidFontType::Type0)
        .base_font(Name(SONG))
        .system_info(SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"GB1"), supplement: 5 })
        .font_descriptor(Ref::new(SONG_FACE))
        .default_width(FULL);
    // The face itself is the viewer's; these are the figures by which it finds one.
    pdf.font_descriptor(Ref::new(SONG_FACE))
        .name(Name(SONG))
        .flags(FontFlags::SYMBOLIC | FontFlags::SERIF)
        .bbox(Rect::new(-25.0, -254.0, 1000.0, 880.0))
        .italic_angle(0.0)
        .ascent(880.0)
        .descent(-120.0)
        .cap_height(880.0)
        .stem_v(93.0);
    for (at, body) in (0..count).zip(bodies) {
        let number = usize::try_from(at).unwrap_or(0) + 1;
        let mut leaf = pdf.page(page(at, 0));
        leaf.media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT))
            .parent(Ref::new(PAGES))
            .contents_array([page(at, 1), page(at, 2)]);
        leaf.resources().fonts().pair(LATIN, Ref::new(HELVETICA_FONT)).pair(CHINESE, Ref::new(SONG_FONT));
        leaf.finish();
        pdf.stream(page(at, 1), body).filter(Filter::FlateDecode);
        pdf.stream(page(at, 2), &foot(number, bodies.len())).filter(Filter::FlateDecode);
    }
    Ok(pdf.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_set_in_runs_of_one_font() {
        assert_eq!(runs("第1页 of 2").collect::<Vec<_>>(), ["第", "1", "页", " of 2"]);
        assert_eq!(runs("").count(), 0);
    }

    #[test]
    fn figures_are_all_of_one_width() {
        assert!(('0'..='9').all(|digit| width_of(digit) == 556.0));
        assert_eq!(width("1账"), 1556.0);
        assert_eq!(width_of('\u{1F600}'), FULL);
    }
}
