//! Replication: gathering, proposing, network, membership, reads at a revision.
