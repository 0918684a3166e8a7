//! What a run costs the nodes: CPU from `/proc`, bytes from their folders.

use crate::arguments::Arguments;
use std::path::Path;

/// Clock ticks of `/proc/PID/stat` in a second: fixed by Linux for user space.
const TICKS: f64 = 100.0;

/// CPU seconds and bytes so far, of all nodes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    pub cpu_seconds: f64,
    pub bytes: u64,
}

impl Cost {
    pub fn since(self, before: &Self) -> Self {
        let bytes = self.bytes.saturating_sub(before.bytes);
        Self { cpu_seconds: self.cpu_seconds - before.cpu_seconds, bytes }
    }
}

pub fn measure(arguments: &Arguments) -> Cost {
    Cost {
        cpu_seconds: arguments.process.iter().map(|process| cpu_seconds(*process)).sum(),
        bytes: arguments.data.iter().map(|folder| bytes_under(folder)).sum(),
    }
}

fn cpu_seconds(process: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The name of the process, in brackets, may hold blanks.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: f64 = fields.skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum();
    ticks / TICKS
}

fn bytes_under(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    entries
        .flatten()
        .map(|entry| match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => bytes_under(&entry.path()),
            Ok(metadata) => metadata.len(),
            Err(_) => 0,
        })
        .sum()
}
