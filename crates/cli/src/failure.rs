//! Why a command did not do what was asked, with its exit code.

use std::fmt;
use std::process::ExitCode;
use zonebook_api::v1::Refusal;
use zonebook_client::Error;

/// Exit codes (`conventions.md` 2).
pub mod code {
    /// It failed.
    pub const FAILED: u8 = 1;
    /// What was said cannot be understood.
    pub const USAGE: u8 = 2;
    /// What was asked for is not there.
    pub const NOT_FOUND: u8 = 3;
    /// A rule refused it.
    pub const REFUSED: u8 = 4;
    /// The same number stands for something else.
    pub const CONFLICT: u8 = 5;
    /// No server answers, or the outcome is not known.
    pub const UNAVAILABLE: u8 = 6;
    /// A verification failed.
    pub const DIFFERENT: u8 = 7;
}

/// A message for people and an exit code.
#[derive(Debug)]
pub struct Failure {
    /// The exit code.
    pub code: u8,
    /// What is said.
    pub message: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Failure {
    /// With any code.
    pub fn new(code: u8, message: impl fmt::Display) -> Self {
        Self { code, message: message.to_string() }
    }

    /// What was said cannot be understood.
    pub fn usage(message: impl fmt::Display) -> Self {
        Self::new(code::USAGE, message)
    }

    /// Says it on standard error.
    #[must_use]
    pub fn report(&self) -> ExitCode {
        eprintln!("zonebook: {}", self.message);
        ExitCode::from(self.code)
    }
}

/// What a refusal says, with every detail on a line of its own.
pub fn explain(refusal: &Refusal) -> String {
    let mut lines = vec![format!("refused: {}", refusal.reason)];
    lines.push(format!("  {}", refusal.text_en));
    lines.push(format!("  {}", refusal.text_zh));
    lines.join("\n")
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let message = error.to_string();
        match error {
            Error::Refused { refusal, .. } => {
                let conflict = matches!(
                    refusal.reason.as_str(),
                    "DOCUMENT_EXISTS" | "MESSAGE_ID_CONFLICT" | "REQUEST_ID_REUSED" | "DELIVERY_CONFLICT"
                );
                Self::new(if conflict { code::CONFLICT } else { code::REFUSED }, explain(&refusal))
            }
            Error::Invalid { .. } => Self::new(code::USAGE, message),
            Error::NotFound(_) => Self::new(code::NOT_FOUND, message),
            Error::Unavailable(_) | Error::Overloaded { .. } => Self::new(
                code::UNAVAILABLE,
                format!("{message}\n  start one with `zonebook serve`, or name it with --server HOST:PORT"),
            ),
            Error::OutcomeUnknown(_) => Self::new(
                code::UNAVAILABLE,
                format!("{message}\n  the same command again is safe with the same --request-id"),
            ),
            Error::Other(_) => Self::new(code::FAILED, message),
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::new(code::FAILED, error)
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::new(code::FAILED, format!("{error:#}"))
    }
}
