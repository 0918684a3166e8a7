//! A backup as it comes, part by part.

use crate::client::Client;
use crate::error::{Error, Verdict, judge};
use zonebook_api::v1;
use zonebook_api::v1::cluster_service_client::ClusterServiceClient;

impl Client {
    /// Hands over the parts of a backup of the node that is asked first, in order. A stream that breaks is not taken up
    /// again here: who keeps the parts knows from where on to ask anew.
    ///
    /// # Errors
    /// No node answers, it has no backup, the stream broke, or a part is not taken.
    pub async fn receive_backup<E: From<Error>>(
        &self,
        request: v1::BackupRequest,
        mut take: impl FnMut(v1::BackupResponse) -> Result<(), E>,
    ) -> Result<(), E> {
        let failed = |status| match judge(status) {
            Verdict::Final(error) => error,
            Verdict::Again(why) | Verdict::Later(why, _) | Verdict::AgainUnknown(why) => {
                Error::Unavailable(why)
            }
        };
        let (_, channel) = self.stream_channel()?;
        let answered = ClusterServiceClient::new(channel).backup(request).await;
        let mut parts = answered.map_err(failed)?.into_inner();
        while let Some(part) = parts.message().await.map_err(failed)? {
            take(part)?;
        }
        Ok(())
    }
}
