//! `check`

use clap::Args;

/// `check`
#[derive(Debug, Args)]
pub struct Check {
    /// Of one book
    #[arg(long)]
    pub book: Option<String>,
    /// Of the books of one zone, by its office
    #[arg(long)]
    pub office: Option<String>,
    /// One check alone: TRANSFERS, PASSES, SLIPS, PARCELS, LEASES or SALES
    #[arg(long)]
    pub only: Option<String>,
    /// How many days a document may wait for its counterpart before that is a break [default: 14]
    #[arg(long)]
    pub grace_days: Option<u32>,
}
