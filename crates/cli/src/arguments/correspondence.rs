//! Receipts and the bytes of messages.

use super::Change;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `receipts`
#[derive(Debug, Subcommand)]
pub enum Receipts {
    /// Receipts of a recipient in order, from behind the last acknowledged one on
    #[command(
        after_help = "Examples:\n  zonebook receipts stream 99316A3156 --folder inbox\n  zonebook receipts stream 99316A3156 --after 40 --follow --folder inbox"
    )]
    Stream {
        /// Customs registration number of an enterprise, or code of an office
        recipient: String,
        /// From behind this number on [default: the last that was acknowledged]
        #[arg(long)]
        after: Option<u64>,
        /// Goes on when the last one is reached
        #[arg(long)]
        follow: bool,
        /// Writes each as a file here, under the name that its envelope says
        #[arg(long)]
        folder: Option<PathBuf>,
    },
    /// Says that receipts came, up to a number
    #[command(after_help = "Example:\n  zonebook receipts ack 99316A3156 40")]
    Ack {
        /// The recipient
        recipient: String,
        /// This number and all before it
        up_to: u64,
        #[command(flatten)]
        change: Change,
    },
    /// Receipts once more: by number, or all of a document
    #[command(
        after_help = "Examples:\n  zonebook receipts again 99316A3156 --from 12 --to 14\n  zonebook receipts again 99316A3156 --document QD993126E000041025 --folder inbox"
    )]
    Again {
        /// The recipient
        recipient: String,
        /// From this number on
        #[arg(long, default_value_t = 0)]
        from: u64,
        /// Up to this number
        #[arg(long, default_value_t = 0)]
        to: u64,
        /// Only of this document
        #[arg(long)]
        document: Option<String>,
        /// Writes each as a file here
        #[arg(long)]
        folder: Option<PathBuf>,
    },
    /// How many receipts a recipient has, and has acknowledged
    #[command(after_help = "Example:\n  zonebook receipts mailbox 99316A3156")]
    Mailbox {
        /// The recipient
        recipient: String,
    },
    /// Numbers of a source that never came
    #[command(after_help = "Example:\n  zonebook receipts gaps month-a")]
    Gaps {
        /// The source under which messages were handed in
        source: String,
    },
    /// Writes the message that asks customs for the receipts of a list or a book again (INV141, EMS141)
    #[command(
        after_help = "Example:\n  zonebook receipts remind 99316A3156 QD993126E000041025 --folder outbox"
    )]
    Remind {
        /// Customs registration number of who asks
        sender: String,
        /// The list or book
        document: String,
        /// `etpsPreentNo`, where it is known
        #[arg(long, default_value = "")]
        pre_entry_no: String,
        /// Writes it as a file here, instead of to standard output
        #[arg(long)]
        folder: Option<PathBuf>,
    },
    /// What customs said of documents where the ledger says otherwise
    #[command(after_help = "Example:\n  zonebook receipts differences")]
    Differences,
}

/// `message`
#[derive(Debug, Subcommand)]
pub enum Message {
    /// The bytes of a message as they are kept, to standard output or a file
    #[command(
        after_help = "Examples:\n  zonebook message get QD993126E000041025\n  zonebook message get --source month-a --sequence 12 --file 12.xml\n  zonebook message get --key FILED:99316A315620260602090917000000057"
    )]
    Get {
        #[command(flatten)]
        name: MessageName,
        /// Writes them here, instead of to standard output
        #[arg(long)]
        file: Option<PathBuf>,
    },
    /// What became of a delivery
    #[command(after_help = "Example:\n  zonebook message outcome month-a 12")]
    Outcome {
        /// Where it came from
        source: String,
        /// Its number there
        sequence: u64,
    },
}

/// What a message is asked for by.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub struct MessageName {
    /// The last message about this document
    #[arg(conflicts_with_all = ["sha256", "key", "source"])]
    pub document: Option<String>,
    /// SHA-256 of its bytes as they came, in hexadecimal
    #[arg(long, conflicts_with_all = ["key", "source"])]
    pub sha256: Option<String>,
    /// Its key, with its type in front
    #[arg(long, conflicts_with = "source")]
    pub key: Option<String>,
    /// Where it came from
    #[arg(long, requires = "sequence")]
    pub source: Option<String>,
    /// Its number there
    #[arg(long, requires = "source")]
    pub sequence: Option<u64>,
}
