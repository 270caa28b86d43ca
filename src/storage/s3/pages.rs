//! A listing as the store gives it.

use std::sync::Arc;

use aws_sdk_s3::types::Object;
use chrono::{DateTime, Utc};

use super::{S3, StorageError};
use crate::storage::{
    Key,
    list::{Listed, PAGE},
};

/// Where the walk through a bucket is.
pub(in crate::storage) struct Pages {
    s3: Arc<S3>,
    prefix: String,
    /// Where the next page begins; `None` at the end.
    next: Option<Start>,
}

enum Start {
    First,
    After(String),
}

impl Pages {
    pub(in crate::storage) fn new(s3: Arc<S3>, prefix: &str) -> Self {
        let prefix = format!("{}{prefix}", s3.place.prefix);
        Self { s3, prefix, next: Some(Start::First) }
    }

    /// The next page that has something of ours.
    pub(in crate::storage) async fn next(&mut self) -> Result<Vec<Listed>, StorageError> {
        while let Some(start) = self.next.take() {
            let list = self.s3.client.list_objects_v2().bucket(&self.s3.place.bucket).prefix(&self.prefix);
            let token = match start {
                Start::First => None,
                Start::After(token) => Some(token),
            };
            let list = list.max_keys(PAGE as i32).set_continuation_token(token);
            let page = list.send().await.map_err(|error| self.s3.failed(&error))?;
            self.next = page.next_continuation_token.map(Start::After);
            let ours: Vec<_> = page.contents.unwrap_or_default().iter().filter_map(|one| self.ours(one)).collect();
            if !ours.is_empty() {
                return Ok(ours);
            }
        }
        Ok(Vec::new())
    }

    fn ours(&self, object: &Object) -> Option<Listed> {
        let key = Key::parse(object.key()?.strip_prefix(&self.s3.place.prefix)?).ok()?;
        let written = object.last_modified()?;
        let written_at = DateTime::<Utc>::from_timestamp(written.secs(), written.subsec_nanos())?;
        Some(Listed { key, size_bytes: super::length(object.size()), written_at })
    }
}
