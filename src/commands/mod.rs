//! The command line: a stable contract for scripts and operators (exit codes: 0 ok, 1 failed, 2 wrong use).

mod check;
mod files;
mod serve;
mod user;

use std::{path::Path, process::ExitCode};

use anyhow::{Context as _, bail};
use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::{
    clock::Clock,
    config::Config,
    db::{self, Db},
};

pub use files::FilesCommand;
pub use user::UserCommand;

/// CREA, the live workspace of a call center.
#[derive(Parser, Debug)]
#[command(version, about, arg_required_else_help = false, after_help = EXAMPLES)]
pub struct Cli {
    /// What to do; without it, serve.
    #[command(subcommand)]
    pub command: Option<Command>,
}

const EXAMPLES: &str = "Examples:
  crea                                   serve on http://127.0.0.1:8080 with an embedded database
  crea demo                              the same, with an invented floor to look at
  DATABASE_URL=postgres://… SECRET_KEY=… REDIS_URL=redis://… crea serve
                                         one of several instances
  crea user add ana@example.com --first-name Ana --last-name Ruiz --role supervisor
  crea files migrate --from file://files --to s3://crea-files/floor
                                         every file to another place, each copy compared
  crea config                            the settings in force, secrets hidden

Settings come from the environment; the README lists them.";

/// The commands.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Migrate and serve. On an empty database the first visitor sets up the administrator.
    Serve,
    /// Serve an invented floor on sqlite://crea-demo.db, or on a DATABASE_URL that is empty or was a demo before.
    #[command(
        after_help = "Prints one user and password per role.\n\nExamples:\n  crea demo\n  BIND=0.0.0.0:8080 crea demo --public    random passwords, since others can reach it"
    )]
    Demo {
        /// Allow a BIND that others can reach; passwords are then random.
        #[arg(long)]
        public: bool,
    },
    /// Bring the database's schema up to date and stop.
    Migrate,
    /// Print the settings in force, secrets hidden.
    Config {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Can database, storage, Redis and mail server be reached? Exit code 1 when not.
    Check {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Accounts, without a browser. Acts on running servers too.
    #[command(subcommand)]
    User(UserCommand),
    /// Files that people brought: move them to another place, clear away what nobody names.
    #[command(subcommand)]
    Files(FilesCommand),
}

/// Runs a command on a runtime of its own.
pub fn run(cli: Cli) -> ExitCode {
    let command = cli.command.unwrap_or(Command::Serve);
    let config = match Config::from_env() {
        Ok(config) => config,
        Err(errors) => {
            for error in errors {
                eprintln!("crea: {error}");
            }
            return ExitCode::from(2);
        }
    };
    let outcome = tokio::runtime::Runtime::new()
        .context("cannot start the runtime")
        .and_then(|runtime| runtime.block_on(execute(command, config)));
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("crea: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn execute(command: Command, config: Config) -> anyhow::Result<ExitCode> {
    // TLS of the database, Redis and outbound requests: one provider for the process. A second call is harmless.
    let _ = rustls::crypto::ring::default_provider().install_default();
    match command {
        Command::Serve => serve::serve(config).await?,
        Command::Demo { public } => serve::demo(config, public).await?,
        Command::Migrate => {
            open(&config).await?;
            println!("the schema is up to date");
        }
        Command::Config { json } => print_config(&config, json),
        Command::Check { json } => return check::check(&config, json).await,
        Command::User(command) => return user::run(&config, command).await,
        Command::Files(command) => return Box::pin(files::run(&config, command)).await,
    }
    Ok(ExitCode::SUCCESS)
}

fn print_config(config: &Config, json: bool) {
    let settings = config.effective();
    if json {
        let object: serde_json::Map<_, _> =
            settings.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
        println!("{}", serde_json::Value::Object(object));
    } else {
        for (name, value) in settings {
            println!("{name}={value}");
        }
    }
}

/// Opens and migrates the database.
async fn open(config: &Config) -> anyhow::Result<Db> {
    let db = db::connect(&config.database_url).await?;
    db::migrate(&db).await.context("cannot bring the schema up to date")?;
    Ok(db)
}

/// The key of the settings, or one made and kept beside the SQLite file.
fn secret_key(config: &Config) -> anyhow::Result<String> {
    if let Some(key) = &config.secret_key {
        return Ok(key.clone());
    }
    let Some(path) = config.sqlite_path() else { bail!("SECRET_KEY is required with this database") };
    keep_key(&path.with_extension("key")).context("cannot keep the secret key beside the database")
}

fn keep_key(path: &Path) -> anyhow::Result<String> {
    use std::{io::Write as _, os::unix::fs::OpenOptionsExt as _};
    let fresh = hex::encode(rand::random::<[u8; 32]>());
    match std::fs::File::options().write(true).create_new(true).mode(0o600).open(path) {
        Ok(mut file) => {
            file.write_all(fresh.as_bytes())?;
            file.sync_all()?;
            Ok(fresh)
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            Ok(std::fs::read_to_string(path)?.trim().to_owned())
        }
        Err(error) => Err(error.into()),
    }
}

/// Structured lines on standard error: text on a terminal, JSON elsewhere.
fn log(config: &Config) {
    use std::io::IsTerminal as _;
    let filter = EnvFilter::try_new(&config.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start in one process keeps the first's log.
    let _ = if std::io::stderr().is_terminal() { lines.try_init() } else { lines.json().try_init() };
}

/// The machine's clock; here so that no command makes its own.
fn clock() -> Clock {
    Clock::system()
}
