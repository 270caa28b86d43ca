//! A large object on its way, in parts.

use aws_sdk_s3::{
    Client, Config,
    error::SdkError,
    operation::{
        create_multipart_upload::CreateMultipartUploadError,
        upload_part::{UploadPartError, UploadPartOutput},
    },
    types::{CompletedMultipartUpload, CompletedPart},
};
use tokio::task::{JoinError, JoinHandle};

use super::{S3, StorageError, client::limits, error::explain};
use crate::storage::Key;

/// Length of every part but the last: the least that S3 allows, and all that is held of an object at once.
pub(super) const PART_BYTES: usize = 5 * 1024 * 1024;

/// Parts that are no object yet. Dropped before [`Upload::complete`] is done, they are thrown away, also when the request
/// that brings them is given up; what a killed process leaves, the bucket's own rule removes (docs/storage.md).
pub(super) struct Upload<'a> {
    s3: &'a S3,
    parts: Vec<CompletedPart>,
    sent: Sent,
}

/// What has to be thrown away.
struct Sent {
    client: Client,
    bucket: String,
    name: String,
    id: String,
    /// The part that the store is being sent. It goes on when the one who brings it goes away: one that arrived after the
    /// upload was thrown away would stay for ever.
    under_way: Option<JoinHandle<Result<UploadPartOutput, SdkError<UploadPartError>>>>,
    is_done: bool,
}

impl<'a> Upload<'a> {
    pub(super) async fn begin(s3: &'a S3, key: &Key) -> Result<Self, StorageError> {
        let (client, bucket, name) = (s3.client.clone(), s3.place.bucket.clone(), s3.name(key));
        let begin = client.create_multipart_upload().bucket(&bucket).key(&name).send();
        // It goes on when the one who brings it goes away, as a part does: only the answer says what to throw away.
        let begun = tokio::spawn(async move {
            let id = begin.await?.upload_id.unwrap_or_default();
            Ok(Sent { client, bucket, name, id, under_way: None, is_done: false })
        });
        let begun: Result<Sent, SdkError<CreateMultipartUploadError>> = begun.await.map_err(stopped)?;
        Ok(Self { s3, parts: Vec::new(), sent: begun.map_err(|error| s3.failed(&error))? })
    }

    /// Sends the next part.
    pub(super) async fn add(&mut self, part: Vec<u8>) -> Result<(), StorageError> {
        let number = i32::try_from(self.parts.len() + 1).unwrap_or(i32::MAX);
        let Sent { client, bucket, name, id, .. } = &self.sent;
        let send = client.upload_part().bucket(bucket).key(name).upload_id(id).part_number(number);
        let patience = Config::builder().timeout_config(limits(part.len()));
        let send = send.body(part.into()).customize().config_override(patience).send();
        let sending = self.sent.under_way.insert(tokio::spawn(send)).await;
        self.sent.under_way = None;
        let taken = sending.map_err(stopped)?.map_err(|error| self.s3.failed(&error))?;
        self.parts.push(CompletedPart::builder().part_number(number).set_e_tag(taken.e_tag).build());
        Ok(())
    }

    /// Makes an object of the parts: it is there whole from now on.
    pub(super) async fn complete(mut self) -> Result<(), StorageError> {
        let parts = CompletedMultipartUpload::builder().set_parts(Some(std::mem::take(&mut self.parts))).build();
        let Sent { bucket, name, id, .. } = &self.sent;
        let complete = self.s3.client.complete_multipart_upload().bucket(bucket).key(name).upload_id(id);
        complete.multipart_upload(parts).send().await.map_err(|error| self.s3.failed(&error))?;
        self.sent.is_done = true;
        Ok(())
    }
}

fn stopped(error: JoinError) -> StorageError {
    StorageError::Unavailable(error.into())
}

impl Drop for Sent {
    fn drop(&mut self) {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        if self.is_done {
            return;
        }
        let abort = self.client.abort_multipart_upload().bucket(&self.bucket).key(&self.name).upload_id(&self.id);
        let under_way = self.under_way.take();
        runtime.spawn(async move {
            if let Some(sending) = under_way {
                let _ = sending.await;
            }
            if let Err(error) = abort.send().await {
                tracing::warn!(error = %explain(&error), "parts of an upload stay behind");
            }
        });
    }
}
