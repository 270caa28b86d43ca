//! What went wrong, in words that an operator can act on. No key and no signature is among them.

use std::{error::Error, io};

use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};

use super::S3;
use crate::storage::{Key, StorageError};

impl S3 {
    /// The store failed, or was not reached.
    pub(super) fn failed<E: ProvideErrorMetadata + Error + 'static>(&self, error: &SdkError<E>) -> StorageError {
        let text = format!("{} {}: {}", self.endpoint, self.place, explain(error));
        StorageError::Unavailable(io::Error::other(text))
    }

    /// As [`S3::failed`], or there is no such object.
    pub(super) fn failed_at<E>(&self, key: &Key, error: &SdkError<E>) -> StorageError
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        if is_missing(error) { StorageError::NotFound(key.clone()) } else { self.failed(error) }
    }
}

/// No such object. A bucket that is missing is another matter.
pub(super) fn is_missing<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    status(error) == Some(404) && error.code() != Some("NoSuchBucket")
}

/// The range starts where the object has ended.
pub(super) fn is_behind_the_end<E>(error: &SdkError<E>) -> bool {
    status(error) == Some(416)
}

fn status<E>(error: &SdkError<E>) -> Option<u16> {
    error.raw_response().map(|response| response.status().as_u16())
}

/// In a line.
pub(super) fn explain<E: ProvideErrorMetadata + Error + 'static>(error: &SdkError<E>) -> String {
    match error {
        SdkError::TimeoutError(_) => "does not answer".to_owned(),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => "does not answer".to_owned(),
        SdkError::ServiceError(refused) => {
            let status = refused.raw().status().as_u16();
            let words = [error.code(), error.message()].into_iter().flatten().collect::<Vec<_>>();
            format!("refused ({status}) {}", words.join(": "))
        }
        _ => innermost(error),
    }
}

/// The cause of causes: the outer ones say only that something failed.
fn innermost(error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}
