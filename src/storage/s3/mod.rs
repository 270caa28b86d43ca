//! Objects in a bucket of a store that speaks S3: AWS, MinIO, Garage, Ceph, R2.
//!
//! Every call ends within seconds, whatever the store does: it is tried twice, each try has a limit, and a body that
//! does not move is given up. What is stored is small in one request, large in parts that become an object together.

mod client;
mod error;
mod pages;
#[cfg(test)]
mod tests;
mod upload;

use std::{fmt, io, ops::Range, time::Duration};

use aws_sdk_s3::{Client, Config, operation::get_object::GetObjectOutput, presigning::PresigningConfig};
use chrono::{DateTime, Utc};
use tokio::{io::AsyncRead, sync::Mutex, time::Instant};

use super::{Intake, Key, Object, Shown, StorageError, Stored};
use crate::config::{S3Place, S3Settings};

pub(super) use pages::Pages;
use upload::{PART_BYTES, Upload};

/// How long an answer to "is it there?" holds.
const SEEN: Duration = Duration::from_secs(5);
/// How long that question waits.
const GLANCE: Duration = Duration::from_secs(1);

/// A bucket, and what stands before our keys in it.
pub struct S3 {
    client: Client,
    /// For messages: which store.
    endpoint: String,
    place: S3Place,
    gives_links: bool,
    seen: Mutex<Option<(Instant, bool)>>,
}

impl fmt::Debug for S3 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "S3({} {})", self.endpoint, self.place)
    }
}

impl S3 {
    /// Takes up a place without asking the store anything: a store that is down keeps no server from starting.
    pub(super) fn new(place: S3Place, settings: &S3Settings) -> Self {
        let (client, endpoint) = (client::connect(settings), settings.endpoint.clone());
        Self { client, endpoint, gives_links: settings.gives_links, place, seen: Mutex::default() }
    }

    /// Whether browsers reach it.
    pub(super) fn gives_links(&self) -> bool {
        self.gives_links
    }

    /// Its name in the bucket.
    fn name(&self, key: &Key) -> String {
        format!("{}{key}", self.place.prefix)
    }

    /// Small: one request. Large: parts, which become an object all at once or never.
    pub(super) async fn put(
        &self,
        key: &Key,
        source: impl AsyncRead + Unpin + Send,
        limit: u64,
    ) -> Result<Stored, StorageError> {
        let mut intake = Intake::new(source, limit);
        let mut part = intake.part(PART_BYTES).await?;
        if part.len() < PART_BYTES {
            let patience = Config::builder().timeout_config(client::limits(part.len()));
            let put = self.client.put_object().bucket(&self.place.bucket).key(self.name(key)).body(part.into());
            put.customize().config_override(patience).send().await.map_err(|error| self.failed(&error))?;
            return Ok(intake.stored());
        }
        let mut upload = Upload::begin(self, key).await?;
        while !part.is_empty() {
            upload.add(part).await?;
            part = intake.part(PART_BYTES).await?;
        }
        upload.complete().await?;
        Ok(intake.stored())
    }

    pub(super) async fn get(&self, key: &Key, range: Option<Range<u64>>) -> Result<Object, StorageError> {
        if range.as_ref().is_some_and(Range::is_empty) {
            return self.nothing_of(key).await;
        }
        let range = range.map(|range| format!("bytes={}-{}", range.start, range.end - 1));
        let get = self.client.get_object().bucket(&self.place.bucket).key(self.name(key)).set_range(range);
        match get.send().await {
            Ok(found) => Ok(Object { size_bytes: whole_size(&found), reader: Box::pin(found.body.into_async_read()) }),
            Err(error) if error::is_behind_the_end(&error) => self.nothing_of(key).await,
            Err(error) => Err(self.failed_at(key, &error)),
        }
    }

    /// No bytes, and how long the object is.
    async fn nothing_of(&self, key: &Key) -> Result<Object, StorageError> {
        Ok(Object { size_bytes: self.size(key).await?, reader: Box::pin(tokio::io::empty()) })
    }

    pub(super) async fn size(&self, key: &Key) -> Result<u64, StorageError> {
        let head = self.client.head_object().bucket(&self.place.bucket).key(self.name(key));
        let found = head.send().await.map_err(|error| self.failed_at(key, &error))?;
        Ok(length(found.content_length))
    }

    pub(super) async fn delete(&self, key: &Key) -> Result<(), StorageError> {
        let delete = self.client.delete_object().bucket(&self.place.bucket).key(self.name(key));
        match delete.send().await {
            Err(error) if !error::is_missing(&error) => Err(self.failed(&error)),
            _ => Ok(()),
        }
    }

    /// A link that the store itself answers, to whoever holds it, until it expires.
    pub(super) async fn signed_url(
        &self,
        key: &Key,
        shown: Shown<'_>,
        ttl: Duration,
        now: DateTime<Utc>,
    ) -> Result<String, StorageError> {
        let signing = PresigningConfig::builder().expires_in(ttl).start_time(now.into()).build();
        let signing = signing.map_err(|error| StorageError::Unavailable(io::Error::other(error)))?;
        let get = self.client.get_object().bucket(&self.place.bucket).key(self.name(key));
        let get = get.response_content_type(shown.content_type).response_content_disposition(shown.disposition);
        let signed = get.presigned(signing).await.map_err(|error| self.failed(&error))?;
        Ok(signed.uri().to_owned())
    }

    /// Whether the bucket answers. Asked at most once in five seconds, and for a second at most, by one at a time.
    pub(super) async fn is_up(&self) -> bool {
        let mut seen = self.seen.lock().await;
        if let Some((at, is_up)) = *seen
            && at.elapsed() < SEEN
        {
            return is_up;
        }
        let head = self.client.head_bucket().bucket(&self.place.bucket).send();
        let is_up = matches!(tokio::time::timeout(GLANCE, head).await, Ok(Ok(_)));
        *seen = Some((Instant::now(), is_up));
        is_up
    }
}

/// Length of the whole object, also where only a part comes: `bytes 10-19/200000`.
fn whole_size(found: &GetObjectOutput) -> u64 {
    let of_range = found.content_range.as_deref().and_then(|range| range.rsplit_once('/')?.1.parse().ok());
    of_range.unwrap_or_else(|| length(found.content_length))
}

fn length(told: Option<i64>) -> u64 {
    told.and_then(|length| u64::try_from(length).ok()).unwrap_or_default()
}
