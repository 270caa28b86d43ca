//! `crea check`: can everything that is configured be reached?

use std::{process::ExitCode, time::Duration};

use serde_json::json;

use crate::{config::Config, db, live::outbox, mail::Smtp, storage::Storage};

const PATIENCE: Duration = Duration::from_secs(5);

/// Prints one line per part; exit code 1 when one cannot be reached.
pub async fn check(config: &Config, as_json: bool) -> anyhow::Result<ExitCode> {
    let mut parts = vec![("database", timed(database(config)).await)];
    parts.push(("storage", timed(storage(config)).await));
    if let Some(url) = &config.redis_url {
        parts.push(("redis", timed(redis(url)).await));
    }
    if let Some(url) = &config.smtp_url {
        parts.push(("smtp", timed(smtp(url, config.mail_from.as_deref().unwrap_or_default())).await));
    }
    let is_ok = parts.iter().all(|(_, result)| result.is_ok());
    if as_json {
        let object: serde_json::Map<_, _> = parts
            .iter()
            .map(|(name, result)| ((*name).to_owned(), json!({ "ok": result.is_ok(), "error": result.as_ref().err() })))
            .collect();
        println!("{}", serde_json::Value::Object(object));
    } else {
        for (name, result) in parts {
            match result {
                Ok(()) => println!("{name}: ok"),
                Err(error) => println!("{name}: {error}"),
            }
        }
    }
    Ok(if is_ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn timed(part: impl Future<Output = anyhow::Result<()>>) -> Result<(), String> {
    match tokio::time::timeout(PATIENCE, part).await {
        Ok(result) => result.map_err(|error| format!("{error:#}")),
        Err(_) => Err("does not answer".to_owned()),
    }
}

async fn database(config: &Config) -> anyhow::Result<()> {
    let db = db::connect(&config.database_url).await?;
    outbox::head(&db).await.map_err(|_| anyhow::anyhow!("reached, but not migrated: run crea migrate"))?;
    Ok(())
}

async fn storage(config: &Config) -> anyhow::Result<()> {
    Ok(Storage::open_with(&config.storage_url(), config.s3.as_ref()).await?.probe().await?)
}

async fn redis(url: &str) -> anyhow::Result<()> {
    let mut connection = redis::Client::open(url)?.get_multiplexed_async_connection().await?;
    let _: String = redis::cmd("PING").query_async(&mut connection).await?;
    Ok(())
}

async fn smtp(url: &str, from: &str) -> anyhow::Result<()> {
    Smtp::new(url, from)?.check().await
}
