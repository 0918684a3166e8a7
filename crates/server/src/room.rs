//! Free room on the disk: a node stops taking changes before the disk is full, not when a write has failed.

use std::path::{Path, PathBuf};
use std::time::Duration;
use zonebook_consensus::Node;

const INTERVAL: Duration = Duration::from_secs(1);
/// Changes are taken again when there is so much more than the reserve, so that the node does not go back and forth.
const MARGIN: u64 = 64 << 20;

/// Measures until it is stopped.
pub async fn watch(node: Node, data: PathBuf, reserve: u64) {
    loop {
        match free(&data) {
            Ok(free) => judge(&node, &data, free, reserve),
            Err(error) => tracing::warn!(%error, data = %data.display(), "free room cannot be measured"),
        }
        tokio::time::sleep(INTERVAL).await;
    }
}

fn free(data: &Path) -> std::io::Result<u64> {
    let found = rustix::fs::statvfs(data)?;
    Ok(found.f_bavail.saturating_mul(found.f_frsize))
}

fn judge(node: &Node, data: &Path, free: u64, reserve: u64) {
    let short = node.no_room().is_some();
    let wanted = if short { reserve + MARGIN } else { reserve };
    match (short, free < wanted) {
        (false, true) => {
            let why = format!(
                "the disk of node {} has {} MiB free under {}, less than the reserve of {} MiB",
                node.status().node_id,
                free >> 20,
                data.display(),
                reserve >> 20
            );
            tracing::error!(why, "no changes are taken while this node leads");
            node.set_no_room(Some(why));
        }
        (true, false) => {
            tracing::info!(free_mib = free >> 20, "there is room again");
            node.set_no_room(None);
        }
        _ => {}
    }
}
