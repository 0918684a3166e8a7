//! The cluster in a deterministic simulation.
