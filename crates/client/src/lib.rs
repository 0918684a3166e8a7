//! Rust client: finds the leader, retries safely, packs, streams.
