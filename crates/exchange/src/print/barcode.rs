//! Code 128 of a number, as modules and as SVG.

use barcoders::sym::code128::Code128;
use std::fmt::Write;

/// Character set B, which has all letters and digits: how the encoder wants it said.
const SET_B: char = '\u{0181}';
/// Light modules on either side, as the symbology asks.
const QUIET: usize = 10;
/// Height of a bar, in modules.
const HEIGHT: usize = 48;

/// The bars of a number from left to right: 1 is dark. `None` where it has a character that Code 128 has not.
#[must_use]
pub fn modules(number: &str) -> Option<Vec<u8>> {
    if number.is_empty() || !number.bytes().all(|byte| (0x20..0x7F).contains(&byte)) {
        return None;
    }
    let code = Code128::new(format!("{SET_B}{number}")).ok()?;
    Some(code.encode())
}

/// The bar code of a number; nothing where it has none.
pub(super) fn svg(number: &str) -> String {
    let Some(modules) = modules(number) else { return String::new() };
    let width = modules.len() + 2 * QUIET;
    let mut out = format!(
        "<svg class=\"code\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {HEIGHT}\" \
         preserveAspectRatio=\"none\" shape-rendering=\"crispEdges\" role=\"img\" aria-label=\"Code 128\">"
    );
    let mut at = 0;
    for run in modules.chunk_by(|left, right| left == right) {
        if run.first() == Some(&1) {
            let _ = write!(
                out,
                "<rect x=\"{}\" y=\"0\" width=\"{}\" height=\"{HEIGHT}\"/>",
                at + QUIET,
                run.len()
            );
        }
        at += run.len();
    }
    out.push_str("</svg>");
    out
}
