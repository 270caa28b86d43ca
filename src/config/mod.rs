//! Settings: environment → one typed value, once at start. Nothing else reads the environment.

mod s3;

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    str::FromStr,
};

use ipnet::IpNet;
use lettre::message::Mailbox;

pub use s3::{S3Place, S3Settings};

/// Everything that an operator can set. `Debug` hides secrets.
#[derive(Clone)]
pub struct Config {
    /// `BIND`: where the server listens.
    pub bind: SocketAddr,
    /// `PUBLIC_URL`: what browsers type; https makes cookies Secure.
    pub public_url: String,
    /// `DATABASE_URL`: `sqlite://file` or `postgres://…`.
    pub database_url: String,
    /// `REDIS_URL`: joins several instances without delay.
    pub redis_url: Option<String>,
    /// `STORAGE_URL`: where files that people bring are kept, as `file://files` or `s3://bucket/prefix`; beside the
    /// SQLite file when absent.
    pub storage_url: Option<String>,
    /// `S3_ENDPOINT` and its keys: the object store of every `s3://…`.
    pub s3: Option<S3Settings>,
    /// `SECRET_KEY`: at least 32 characters; with SQLite made and kept beside the file when absent.
    pub secret_key: Option<String>,
    /// `TRUSTED_PROXIES`: whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// `METRICS_TOKEN`: bearer token of `/metrics`; without it only loopback may read them.
    pub metrics_token: Option<String>,
    /// `SMTP_URL`: `smtps://user:password@host`, or `smtp://…` for STARTTLS; without it no mail is sent.
    pub smtp_url: Option<String>,
    /// `MAIL_FROM`: who mail comes from, as `CREA <crea@example.com>`; required with `SMTP_URL`.
    pub mail_from: Option<String>,
    /// `LOG`: filter, as `info,crea=debug`.
    pub log: String,
    /// `SESSION_HOURS`: how long a sign-in lasts, 1 to 24.
    pub session_hours: i64,
    /// `SOCKETS_PER_ADDRESS`: live connections of one address on this instance.
    pub sockets_per_address: usize,
}

/// One bad setting: its name, and what it should be. Never the value: it may be a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {problem}")]
pub struct ConfigError {
    /// The variable.
    pub name: &'static str,
    /// What is wrong and what would be right.
    pub problem: String,
}

impl Config {
    /// Reads the process's environment; see [`Config::read`].
    ///
    /// # Errors
    /// Every bad setting, not only the first.
    pub fn from_env() -> Result<Self, Vec<ConfigError>> {
        Self::read(|name| std::env::var(name).ok())
    }

    /// Reads settings from `get`; an empty value counts as absent.
    ///
    /// # Errors
    /// Every bad setting, not only the first.
    pub fn read(get: impl Fn(&'static str) -> Option<String>) -> Result<Self, Vec<ConfigError>> {
        let mut errors = Vec::new();
        let text = |name| get(name).map(|v| v.trim().to_owned()).filter(|v| !v.is_empty());
        let bind = parse("BIND", text("BIND"), "127.0.0.1:8080", "an address and port, as 127.0.0.1:8080", &mut errors);
        let bind: SocketAddr = bind.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080)));
        let public_url = text("PUBLIC_URL").unwrap_or_else(|| format!("http://{bind}"));
        if host_of(&public_url).is_none() {
            errors.push(bad("PUBLIC_URL", "must be http://host or https://host, without a path"));
        }
        let database_url = text("DATABASE_URL").unwrap_or_else(|| "sqlite://crea.db".to_owned());
        let is_postgres = database_url.starts_with("postgres:") || database_url.starts_with("postgresql:");
        if !is_postgres && !database_url.starts_with("sqlite:") {
            errors.push(bad("DATABASE_URL", "must start with sqlite:// or postgres://"));
        }
        let redis_url = text("REDIS_URL");
        if redis_url.as_ref().is_some_and(|u| !u.starts_with("redis://") && !u.starts_with("rediss://")) {
            errors.push(bad("REDIS_URL", "must start with redis:// or rediss://"));
        }
        let storage_url = text("STORAGE_URL");
        let is_in_s3 = storage_url.as_deref().is_some_and(|url| S3Place::parse(url).is_some());
        if storage_url.as_deref().is_some_and(|url| !is_storage_url(url)) {
            errors.push(bad("STORAGE_URL", "must be file:///var/lib/crea/files, file://files or s3://bucket/prefix"));
        }
        let s3 = S3Settings::read(text, is_in_s3, &mut errors);
        let secret_key = text("SECRET_KEY");
        match &secret_key {
            Some(key) if key.len() < 32 => errors.push(bad("SECRET_KEY", "must have at least 32 characters")),
            None if is_postgres => {
                errors.push(bad("SECRET_KEY", "is required with PostgreSQL; try: openssl rand -hex 32"))
            }
            _ => {}
        }
        let session_hours =
            parse("SESSION_HOURS", text("SESSION_HOURS"), "12", "a whole number from 1 to 24", &mut errors);
        if session_hours.is_some_and(|h: i64| !(1..=24).contains(&h)) {
            errors.push(bad("SESSION_HOURS", "must be a whole number from 1 to 24"));
        }
        let wanted = "a whole number of at least 1";
        let sockets = parse("SOCKETS_PER_ADDRESS", text("SOCKETS_PER_ADDRESS"), "20000", wanted, &mut errors);
        if sockets == Some(0) {
            errors.push(bad("SOCKETS_PER_ADDRESS", "must be a whole number of at least 1"));
        }
        let (smtp_url, mail_from) = (text("SMTP_URL"), text("MAIL_FROM"));
        check_mail(smtp_url.as_deref(), mail_from.as_deref(), &mut errors);
        let trusted_proxies = proxies(text("TRUSTED_PROXIES"), &mut errors);
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Self {
            bind,
            public_url: public_url.trim_end_matches('/').to_owned(),
            database_url,
            redis_url,
            storage_url,
            s3,
            secret_key,
            trusted_proxies,
            metrics_token: text("METRICS_TOKEN"),
            smtp_url,
            mail_from,
            log: text("LOG").unwrap_or_else(|| "info,sqlx=warn,tower_sessions=warn".to_owned()),
            session_hours: session_hours.unwrap_or(12),
            sockets_per_address: sockets.unwrap_or(20_000),
        })
    }

    /// Whether browsers reach us by https, which decides the cookie's name and its Secure flag.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// Whether only this machine can reach us: bound to loopback, and no other address announced.
    pub fn is_local(&self) -> bool {
        let host = self.public_host();
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name).trim_matches(['[', ']']);
        let is_loopback = name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        self.bind.ip().is_loopback() && is_loopback && self.trusted_proxies.is_empty()
    }

    /// `host[:port]` of `PUBLIC_URL`, as browsers send it in `Host`.
    pub fn public_host(&self) -> &str {
        host_of(&self.public_url).unwrap_or_default()
    }

    /// The SQLite file, when the database is one on disk.
    pub fn sqlite_path(&self) -> Option<PathBuf> {
        let path = self.database_url.strip_prefix("sqlite:")?.trim_start_matches("//");
        let path = path.split('?').next().unwrap_or_default();
        (!path.is_empty() && path != ":memory:").then(|| PathBuf::from(path))
    }

    /// Where files that people bring are kept: what was set, else the folder `files` beside the SQLite file.
    pub fn storage_url(&self) -> String {
        self.storage_url.clone().unwrap_or_else(|| {
            let beside = self.sqlite_path().and_then(|path| Some(path.parent()?.join("files")));
            format!("file://{}", beside.unwrap_or_else(|| "files".into()).display())
        })
    }

    /// Names and effective values, secrets hidden: what `crea config` prints.
    pub fn effective(&self) -> Vec<(&'static str, String)> {
        let none = || "(none)".to_owned();
        let hidden = |value: &Option<String>| value.as_ref().map_or_else(none, |_| "(set)".to_owned());
        let networks = self.trusted_proxies.iter().map(ToString::to_string).collect::<Vec<_>>();
        vec![
            ("BIND", self.bind.to_string()),
            ("PUBLIC_URL", self.public_url.clone()),
            ("DATABASE_URL", without_password(&self.database_url)),
            ("REDIS_URL", self.redis_url.as_deref().map_or_else(none, without_password)),
            ("STORAGE_URL", self.storage_url()),
            ("S3_ENDPOINT", self.s3.as_ref().map_or_else(none, |s3| s3.endpoint.clone())),
            ("S3_REGION", self.s3.as_ref().map_or_else(none, |s3| s3.region.clone())),
            ("S3_LINKS", u8::from(self.s3.as_ref().is_some_and(|s3| s3.gives_links)).to_string()),
            ("S3_ACCESS_KEY", hidden(&self.s3.as_ref().map(|s3| s3.access_key.clone()))),
            ("S3_SECRET_KEY", hidden(&self.s3.as_ref().map(|s3| s3.secret_key.clone()))),
            ("SECRET_KEY", hidden(&self.secret_key)),
            ("TRUSTED_PROXIES", networks.join(",")),
            ("METRICS_TOKEN", hidden(&self.metrics_token)),
            ("SMTP_URL", self.smtp_url.as_deref().map_or_else(none, without_password)),
            ("MAIL_FROM", self.mail_from.clone().unwrap_or_else(none)),
            ("LOG", self.log.clone()),
            ("SESSION_HOURS", self.session_hours.to_string()),
            ("SOCKETS_PER_ADDRESS", self.sockets_per_address.to_string()),
        ]
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.effective()).finish()
    }
}

/// Whether it names a place of files: `file://folder` or `s3://bucket/prefix`.
pub fn is_storage_url(url: &str) -> bool {
    url.strip_prefix("file://").is_some_and(|path| !path.is_empty()) || S3Place::parse(url).is_some()
}

fn bad(name: &'static str, problem: &str) -> ConfigError {
    ConfigError { name, problem: problem.to_owned() }
}

fn parse<T: FromStr>(
    name: &'static str,
    value: Option<String>,
    default: &str,
    wanted: &str,
    errors: &mut Vec<ConfigError>,
) -> Option<T> {
    let parsed = value.as_deref().unwrap_or(default).parse().ok();
    if parsed.is_none() {
        errors.push(bad(name, &format!("must be {wanted}")));
    }
    parsed
}

fn check_mail(url: Option<&str>, from: Option<&str>, errors: &mut Vec<ConfigError>) {
    if url.is_some_and(|u| !u.starts_with("smtp://") && !u.starts_with("smtps://")) {
        errors.push(bad("SMTP_URL", "must start with smtp:// or smtps://"));
    }
    match from {
        Some(from) if from.parse::<Mailbox>().is_err() => {
            errors.push(bad("MAIL_FROM", "must be an address, as CREA <crea@example.com>"));
        }
        None if url.is_some() => errors.push(bad("MAIL_FROM", "is required with SMTP_URL")),
        _ => {}
    }
}

fn proxies(value: Option<String>, errors: &mut Vec<ConfigError>) -> Vec<IpNet> {
    let mut networks = Vec::new();
    for part in value.iter().flat_map(|v| v.split(',')).map(str::trim).filter(|p| !p.is_empty()) {
        match part.parse().or_else(|_| part.parse().map(IpNet::from_addr)) {
            Ok(network) => networks.push(network),
            Err(_) => errors.push(bad("TRUSTED_PROXIES", "must be addresses or networks, as 10.0.0.0/8,127.0.0.1")),
        }
    }
    networks
}

trait FromAddr {
    fn from_addr(addr: std::net::IpAddr) -> Self;
}
impl FromAddr for IpNet {
    fn from_addr(addr: std::net::IpAddr) -> Self {
        Self::from(addr)
    }
}

fn host_of(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let host = rest.trim_end_matches('/');
    (!host.is_empty() && !host.contains(['/', '@', '?', '#', ' '])).then_some(host)
}

/// `postgres://u:p@h/db` → `postgres://u:***@h/db`.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let Some((user, place)) = rest.rsplit_once('@') else { return url.to_owned() };
    let name = user.split(':').next().unwrap_or_default();
    format!("{scheme}://{name}:***@{place}")
}

#[cfg(test)]
mod tests;
