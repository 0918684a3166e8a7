//! Streams that break: how long they are begun again, where, and behind what.

use crate::client::Client;
use crate::error::{Error, Verdict, judge};
use std::future::Future;
use std::time::Duration;
use tokio::time::Instant;
use tonic::transport::Channel;
use tonic::{Response, Status, Streaming};

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
    fn renew(&mut self) {
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

impl Client {
    /// Hands over the replies of a stream. One that breaks is opened again, on whichever node answers, until none has
    /// answered for the deadline; where it goes on is what `opens` makes of the place that `take` has come to.
    ///
    /// # Errors
    /// The stream broke for good, no node answers until the deadline, or a reply is not taken.
    pub(crate) async fn receive<P, R, E: From<Error>, F>(
        &self,
        mut place: P,
        opens: impl Fn(Channel, &mut P) -> F,
        mut take: impl FnMut(&mut P, R) -> Result<(), E>,
    ) -> Result<P, E>
    where
        F: Future<Output = Result<Response<Streaming<R>>, Status>>,
    {
        let mut patience = Patience::new(self);
        loop {
            let (address, channel) = self.stream_channel()?;
            let broke = match opens(channel, &mut place).await {
                Err(status) => status,
                Ok(stream) => {
                    let mut stream = stream.into_inner();
                    loop {
                        match stream.message().await {
                            Ok(None) => return Ok(place),
                            Err(status) => break status,
                            Ok(Some(reply)) => {
                                patience.renew();
                                take(&mut place, reply)?;
                            }
                        }
                    }
                }
            };
            patience.again(&address, broke).await?;
        }
    }
}
