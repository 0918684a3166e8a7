//! Zones and enterprises.

use super::Change;
use clap::Subcommand;

/// `zone`
#[derive(Debug, Subcommand)]
pub enum Zone {
    /// Puts a zone in place, or new names of it (customs)
    #[command(
        after_help = "Example:\n  zonebook zone define 9932 M --name-zh 保税物流园区 --name-en \"Logistics park\""
    )]
    Define {
        /// Its customs office
        office: String,
        /// Its kind: Z, K, L, M, N or Q
        kind: String,
        /// Chinese name
        #[arg(long)]
        name_zh: String,
        /// English name
        #[arg(long, default_value = "", hide_default_value = true)]
        name_en: String,
        #[command(flatten)]
        change: Change,
    },
    /// Converts a zone to a comprehensive bonded zone from a day on (customs)
    #[command(
        after_help = "Example:\n  zonebook zone convert 9932 --from 2026-09-01 --reason \"State Council letter 41\""
    )]
    Convert {
        /// The office
        office: String,
        /// What it becomes; zones become Z and no other kind
        #[arg(long, default_value = "Z")]
        kind: String,
        /// The first day, YYYY-MM-DD; later than the ledger's own
        #[arg(long)]
        from: String,
        /// The approval that it rests on
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        change: Change,
    },
    /// One zone, what its kind is not for and when export tax is refunded; `-o json` has the history of its kinds too
    #[command(after_help = "Example:\n  zonebook zone get 9932 -o json")]
    Get {
        /// The office
        office: String,
    },
    /// Zones in order of office
    #[command(after_help = "Example:\n  zonebook zone list")]
    List,
}

/// `party`
#[derive(Debug, Subcommand)]
pub enum Party {
    /// Puts an enterprise in place, or new details of it (customs, operator)
    #[command(
        after_help = "Example:\n  zonebook party define 99316B2711 --credit-code 91310000000000001X --office 9931 --role repair --name-zh 维修企业"
    )]
    Define {
        /// Customs registration number, ten characters
        customs_no: String,
        /// Social credit code, eighteen characters
        #[arg(long)]
        credit_code: String,
        /// The office of its zone or district
        #[arg(long)]
        office: String,
        /// What it does
        #[arg(long)]
        role: String,
        /// Chinese name
        #[arg(long)]
        name_zh: String,
        /// English name
        #[arg(long, default_value = "", hide_default_value = true)]
        name_en: String,
        #[command(flatten)]
        change: Change,
    },
    /// One enterprise
    Get {
        /// Customs registration number
        customs_no: String,
    },
    /// Enterprises in order of registration number
    List,
}
