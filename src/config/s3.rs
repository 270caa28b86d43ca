//! Where an object store is and how one signs in to it.

use std::fmt;

use super::{ConfigError, bad, host_of};

/// A store that speaks S3, and the keys to it. `Debug` hides them.
#[derive(Clone, PartialEq, Eq)]
pub struct S3Settings {
    /// `S3_ENDPOINT`: `https://host[:port]`.
    pub endpoint: String,
    /// `S3_REGION`: part of every signature; stores without regions take `us-east-1`.
    pub region: String,
    /// `S3_ACCESS_KEY`: names the key.
    pub access_key: String,
    /// `S3_SECRET_KEY`: signs.
    pub secret_key: String,
    /// `S3_LINKS`: people's browsers reach the endpoint, so that a file which is opened or saved comes from there.
    pub gives_links: bool,
}

impl S3Settings {
    /// What the settings say: nothing, or all of it. Whatever is missing is named.
    pub(super) fn read(
        text: impl Fn(&'static str) -> Option<String>,
        is_required: bool,
        errors: &mut Vec<ConfigError>,
    ) -> Option<Self> {
        let [endpoint, region, access_key, secret_key] =
            ["S3_ENDPOINT", "S3_REGION", "S3_ACCESS_KEY", "S3_SECRET_KEY"].map(&text);
        let links = text("S3_LINKS");
        if links.as_deref().is_some_and(|links| !matches!(links, "0" | "1")) {
            errors.push(bad("S3_LINKS", "must be 0 or 1"));
        }
        let is_any_set = [&endpoint, &region, &access_key, &secret_key].into_iter().any(Option::is_some);
        if !is_required && !is_any_set {
            return None;
        }
        let why = "is required with the other S3 settings and with STORAGE_URL=s3://…";
        let given = [("S3_ENDPOINT", &endpoint), ("S3_ACCESS_KEY", &access_key), ("S3_SECRET_KEY", &secret_key)];
        errors.extend(given.iter().filter(|(_, value)| value.is_none()).map(|(name, _)| bad(name, why)));
        if endpoint.as_deref().is_some_and(|url| host_of(url).is_none()) {
            errors.push(bad("S3_ENDPOINT", "must be http://host or https://host, without a path"));
        }
        Some(Self {
            endpoint: endpoint?.trim_end_matches('/').to_owned(),
            region: region.unwrap_or_else(|| "us-east-1".to_owned()),
            access_key: access_key?,
            secret_key: secret_key?,
            gives_links: links.as_deref() == Some("1"),
        })
    }
}

impl fmt::Debug for S3Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("S3Settings")
            .field("endpoint", &self.endpoint)
            .field("region", &self.region)
            .field("gives_links", &self.gives_links)
            .finish_non_exhaustive()
    }
}

/// A bucket, and what stands before every key in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct S3Place {
    /// The bucket; it is there already.
    pub bucket: String,
    /// Empty, or ends with `/`.
    pub prefix: String,
}

impl S3Place {
    /// Reads `s3://bucket` or `s3://bucket/prefix`; nothing for any other text.
    pub fn parse(url: &str) -> Option<Self> {
        let rest = url.strip_prefix("s3://")?;
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let prefix = prefix.trim_end_matches('/');
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
        let is_bucket = (3..=63).contains(&bucket.len()) && bucket.chars().all(is_plain);
        let is_part =
            |part: &str| !part.is_empty() && !part.starts_with('.') && part.chars().all(|c| is_plain(c) || c == '_');
        let is_prefix = prefix.is_empty() || prefix.split('/').all(is_part);
        let prefix = if prefix.is_empty() { String::new() } else { format!("{prefix}/") };
        (is_bucket && is_prefix).then(|| Self { bucket: bucket.to_owned(), prefix })
    }
}

impl fmt::Display for S3Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}/{}", self.bucket, self.prefix)
    }
}
