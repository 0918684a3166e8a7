//! How long a stream that breaks is begun again, and where.

use crate::client::Client;
use crate::error::{Error, Verdict, judge};
use std::time::Duration;
use tokio::time::Instant;
use tonic::Status;

const PAUSE: Duration = Duration::from_millis(100);

/// The patience with one stream: as long as the client's deadline, anew with each step forward.
pub(crate) struct Patience<'a> {
    client: &'a Client,
    deadline: Instant,
}

impl<'a> Patience<'a> {
    pub fn new(client: &'a Client) -> Self {
        Self { client, deadline: Instant::now() + client.deadline() }
    }

    /// Something came.
    pub fn renew(&mut self) {
        self.deadline = Instant::now() + self.client.deadline();
    }

    /// Waits until it is time to ask again, another node unless this one is only busy.
    ///
    /// # Errors
    /// The stream broke for good, or patience is at its end.
    pub async fn again(&self, address: &str, broke: Status) -> Result<(), Error> {
        let (why, pause) = match judge(broke) {
            Verdict::Final(error) => return Err(error),
            Verdict::Later(why, pause) => (why, pause.max(PAUSE)),
            Verdict::Again(why) | Verdict::AgainUnknown(why) => {
                self.client.distrust(address);
                (why, PAUSE)
            }
        };
        if Instant::now() + pause >= self.deadline {
            return Err(Error::Unavailable(why));
        }
        tokio::time::sleep(pause).await;
        Ok(())
    }
}
