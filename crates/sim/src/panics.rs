//! Assertions that fail inside a node: the first of a run says what happened, those after it only that it did.

use parking_lot::Mutex;
use std::panic;
use std::sync::Once;

static FIRST: Mutex<Option<String>> = Mutex::new(None);
static WATCH: Once = Once::new();

/// Forgets what was seen; from now on the first panic is kept and shown, others are silent.
pub fn watch() {
    WATCH.call_once(|| {
        let shows = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let mut first = FIRST.lock();
            if first.is_none() {
                *first = Some(info.to_string());
                shows(info);
            }
        }));
    });
    *FIRST.lock() = None;
}

/// The first panic since.
#[must_use]
pub fn first() -> Option<String> {
    FIRST.lock().clone()
}

/// Whether it is openraft's assertion that fails on a snapshot over a longer log, which is legal; harmless without
/// debug assertions (`openraft-notes.md` 4).
#[must_use]
pub fn is_known(panic: &str) -> bool {
    panic.contains("io_progress.rs") && panic.contains("expect submitted:")
}
