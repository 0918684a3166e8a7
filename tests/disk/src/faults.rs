//! Rules of what fails.
//!
//! One a line: `CALL EFFECT PART [SKIP]`. `CALL` is `write`, `sync`, `open`, `truncate` or `rename`; `EFFECT` is `EIO`,
//! `ENOSPC`, `slow=MILLISECONDS` or, of syncs, `lie`: it says that it was done. `PART` is part of the path; the first `SKIP`
//! calls that fit pass. `free BYTES` says how much room the disk is said to have.

use crate::file::is_ours;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Call {
    Write,
    Sync,
    Open,
    Truncate,
    Rename,
}

impl Call {
    const fn name(self) -> &'static str {
        match self {
            Self::Write => "write",
            Self::Sync => "sync",
            Self::Open => "open",
            Self::Truncate => "truncate",
            Self::Rename => "rename",
        }
    }
}

#[derive(Clone, Copy)]
pub enum Effect {
    Error(libc::c_int),
    Slow(Duration),
    Lie,
}

fn effect_of(name: &str) -> Option<Effect> {
    match name {
        "EIO" => Some(Effect::Error(libc::EIO)),
        "ENOSPC" => Some(Effect::Error(libc::ENOSPC)),
        "lie" => Some(Effect::Lie),
        slow => Some(Effect::Slow(Duration::from_millis(slow.strip_prefix("slow=")?.parse().ok()?))),
    }
}

/// Calls that fitted each rule so far.
static FITTED: Mutex<BTreeMap<String, u64>> = Mutex::new(BTreeMap::new());

fn rules() -> Option<String> {
    std::fs::read_to_string(std::env::var_os("ZONEBOOK_FAULTS")?).ok()
}

/// What a call on a path meets with.
pub fn effect(call: Call, path: &Path) -> Option<Effect> {
    if !is_ours(path) {
        return None;
    }
    let path = path.to_str()?;
    let rules = rules()?;
    rules.lines().find_map(|rule| {
        let mut words = rule.split_whitespace();
        let fits = words.next() == Some(call.name());
        let (effect, part) = (effect_of(words.next()?)?, words.next()?);
        if !fits || !path.contains(part) {
            return None;
        }
        let skip: u64 = words.next().and_then(|skip| skip.parse().ok()).unwrap_or(0);
        let mut fitted = FITTED.lock().ok()?;
        let count = fitted.entry(rule.to_owned()).or_default();
        *count += 1;
        (*count > skip).then_some(effect)
    })
}

/// The free room of the disk, where a rule says it.
pub fn free(path: &Path) -> Option<u64> {
    if !is_ours(path) {
        return None;
    }
    rules()?.lines().find_map(|rule| rule.strip_prefix("free ")?.trim().parse().ok())
}
