//! `crea files …`: moving all files to another place, and clearing away what nobody names.
//!
//! Both print one line per object, then one of JSON; the exit code is 1 when anything went wrong. Both may be stopped at
//! any point and run again.

mod cleanup;
mod migrate;
mod named;

use std::process::ExitCode;

use anyhow::Context as _;
use clap::Subcommand;

use super::{clock, open};
use crate::{
    config::{Config, is_storage_url},
    storage::Storage,
};

/// What to do with files.
#[derive(Subcommand, Debug)]
pub enum FilesCommand {
    /// Copy every object that the database names to another place. Each copy is read back and compared by SHA-256; what
    /// is there already is skipped. Nothing is deleted. The server may run meanwhile: stop it, run this once more for
    /// what came since, and start it with the new STORAGE_URL.
    #[command(
        after_help = "Places are file:///folder or s3://bucket/prefix; the object store's keys are settings.\n\nExample:\n  crea files migrate --from file:///var/lib/crea/files --to s3://crea-files/floor --dry-run"
    )]
    Migrate {
        /// Where they are.
        #[arg(long)]
        from: String,
        /// Where they go.
        #[arg(long)]
        to: String,
        /// Only print what would be copied; reads the sources and compares them, too.
        #[arg(long)]
        dry_run: bool,
        /// Copy also what is there already.
        #[arg(long)]
        force: bool,
    },
    /// Delete objects of STORAGE_URL that no row of the database names and that are older than a day. Each is looked at
    /// again, in the database and in the storage, before it goes.
    #[command(after_help = "Examples:\n  crea files cleanup --dry-run\n  crea files cleanup --force")]
    Cleanup {
        /// Only print what would be deleted.
        #[arg(long)]
        dry_run: bool,
        /// Delete. Without it, and without --dry-run, nothing is done.
        #[arg(long)]
        force: bool,
    },
}

/// Runs one of them.
pub async fn run(config: &Config, command: FilesCommand) -> anyhow::Result<ExitCode> {
    match command {
        FilesCommand::Migrate { from, to, dry_run, force } => {
            if let Some(bad) = [&from, &to].into_iter().find(|url| !is_storage_url(url)) {
                return Ok(wrong(&format!("{bad} is no place; it must be file://folder or s3://bucket/prefix")));
            }
            if from.trim_end_matches('/') == to.trim_end_matches('/') {
                return Ok(wrong("--from and --to are the same place"));
            }
            let (from, to) = (place(config, &from).await?, place(config, &to).await?);
            let db = open(config).await?;
            let done = migrate::migrate(&db, migrate::Plan { from, to, dry_run, force }).await;
            db.close().await;
            done
        }
        FilesCommand::Cleanup { dry_run: false, force: false } => {
            Ok(wrong("this deletes files: look at --dry-run first, then say --force"))
        }
        FilesCommand::Cleanup { dry_run, .. } => {
            let storage = place(config, &config.storage_url()).await?;
            let db = open(config).await?;
            let done = cleanup::cleanup(&db, &storage, clock().now(), dry_run).await;
            db.close().await;
            done
        }
    }
}

async fn place(config: &Config, url: &str) -> anyhow::Result<Storage> {
    Storage::open_with(url, config.s3.as_ref()).await.with_context(|| format!("cannot open {url}"))
}

fn wrong(why: &str) -> ExitCode {
    eprintln!("crea: {why}");
    ExitCode::from(2)
}

/// The last line, and the exit code.
fn summary(told: &serde_json::Value, errors: u64) -> ExitCode {
    println!("{told}");
    if errors == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
