//! How the store is spoken to.

use std::time::Duration;

use aws_sdk_s3::{
    Client, Config,
    config::{
        BehaviorVersion, Credentials, Region, RequestChecksumCalculation, ResponseChecksumValidation, SharedHttpClient,
        StalledStreamProtectionConfig, retry::RetryConfig, timeout::TimeoutConfig,
    },
};
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, rustls_provider::CryptoMode},
};

use crate::config::S3Settings;

/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(2);
/// Longest try of a request without a body.
const TRY: Duration = Duration::from_secs(4);
/// What a body adds to it: so many bytes need a second.
const SLOWEST_BYTES: usize = 512 * 1024;
/// A body that does not move for so long is given up, on its way there or back.
const STALL: Duration = Duration::from_secs(5);
/// Tries of a request. The second one has only what is left of one and a half.
const TRIES: u32 = 2;

/// A client with fixed keys. Paths name the bucket, so that any endpoint will do; bodies are signed by their SHA-256, so
/// that checksums of another kind, which not every store knows, are sent only where the store asks for them.
pub(super) fn connect(settings: &S3Settings) -> Client {
    let keys = Credentials::new(&settings.access_key, &settings.secret_key, None, None, "settings");
    let retries = RetryConfig::standard()
        .with_max_attempts(TRIES)
        .with_initial_backoff(Duration::from_millis(100))
        .with_max_backoff(Duration::from_secs(1));
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(http(&settings.endpoint))
        .endpoint_url(&settings.endpoint)
        .region(Region::new(settings.region.clone()))
        .credentials_provider(keys)
        .force_path_style(true)
        .timeout_config(limits(0))
        .retry_config(retries)
        .stalled_stream_protection(StalledStreamProtectionConfig::enabled().grace_period(STALL).build())
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
        .build();
    Client::from_conf(config)
}

/// How long a request with so many bytes may take: 6 s without any, 21 s with a part of 5 MiB.
pub(super) fn limits(bytes: usize) -> TimeoutConfig {
    let one = TRY + Duration::from_secs((bytes / SLOWEST_BYTES) as u64);
    TimeoutConfig::builder()
        .connect_timeout(CONNECT)
        .operation_attempt_timeout(one)
        .operation_timeout(one + one / 2)
        .build()
}

/// Certificates are those that the machine trusts; a store on plain HTTP needs none.
fn http(endpoint: &str) -> SharedHttpClient {
    if endpoint.starts_with("https://") {
        Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https()
    } else {
        Builder::new().build_http()
    }
}
