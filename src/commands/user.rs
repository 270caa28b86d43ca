//! `crea user …`: accounts without a browser. What it changes reaches running servers through the outbox.

use std::{io::BufRead as _, process::ExitCode, sync::Arc};

use anyhow::{Context as _, bail};
use clap::Subcommand;
use serde_json::json;

use super::{clock, open};
use crate::{
    audit::{self, Entry},
    auth::{Role, password},
    config::Config,
    db::is_unique_violation,
    features::{
        access::{end_sessions, revoke_all},
        audience::Features,
        people::{self, Account, NewUser},
    },
    ids::UserId,
    live::Live,
};

/// Where audit rows of commands come from.
const LOCAL: &str = "local";

/// What to do with accounts.
#[derive(Subcommand, Debug)]
pub enum UserCommand {
    /// Make an account. Without --password-stdin a random password is printed, to be changed at the first sign-in.
    #[command(after_help = "Example:\n  crea user add ana@example.com --first-name Ana --last-name Ruiz --role asesor")]
    Add {
        /// E-mail address, unique.
        email: String,
        /// First name.
        #[arg(long)]
        first_name: String,
        /// Last name.
        #[arg(long)]
        last_name: String,
        /// asesor, backoffice, supervisor, calidad or administrador.
        #[arg(long, default_value = "asesor")]
        role: String,
        /// Passes every check.
        #[arg(long)]
        superuser: bool,
        /// Read the password from standard input.
        #[arg(long)]
        password_stdin: bool,
    },
    /// List accounts.
    List {
        /// As JSON lines.
        #[arg(long)]
        json: bool,
    },
    /// Give an account a new password and end its sessions.
    Password {
        /// E-mail or document.
        login: String,
        /// Read the password from standard input.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Keep an account from signing in and close its screens.
    Disable {
        /// E-mail or document.
        login: String,
    },
}

/// Runs one of them.
pub async fn run(config: &Config, command: UserCommand) -> anyhow::Result<ExitCode> {
    let db = open(config).await?;
    let live = Live::start(db.clone(), clock(), None, Arc::new(Features(db.clone(), clock()))).await?;
    match command {
        UserCommand::Add { email, first_name, last_name, role, superuser, password_stdin } => {
            let Some(role) = Role::from_code(&role) else {
                eprintln!("crea: --role must be one of asesor, backoffice, supervisor, calidad, administrador");
                return Ok(ExitCode::from(2));
            };
            let (word, is_given) = chosen_password(password_stdin, &[&email, &first_name, &last_name])?;
            let user = NewUser {
                id: UserId::new(),
                email,
                document: None,
                first_name,
                last_name,
                role,
                is_superuser: superuser,
                password_hash: password::hash(&word).await?,
                must_change_password: !is_given,
            };
            add(&live, &user).await?;
            if !is_given {
                println!("{word}");
            }
        }
        UserCommand::List { json } => list(&db, json).await?,
        UserCommand::Password { login, password_stdin } => {
            let account = find(&db, &login).await?;
            let about = [&*account.email, &*account.first_name, &*account.last_name];
            let (word, is_given) = chosen_password(password_stdin, &about)?;
            let hash = password::hash(&word).await?;
            let mut tx = live.begin().await?;
            people::set_password(&mut tx, account.id, &hash, !is_given, clock().now()).await?;
            end_all(live, tx, &account, "user.password").await?;
            if !is_given {
                println!("{word}");
            }
        }
        UserCommand::Disable { login } => {
            let account = find(&db, &login).await?;
            let mut tx = live.begin().await?;
            people::set_active(&mut tx, account.id, false, clock().now()).await?;
            people::colleague_changed(&mut tx, account.id).await?;
            end_all(live, tx, &account, "user.disable").await?;
        }
    }
    db.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn find(db: &crate::db::Db, login: &str) -> anyhow::Result<Account> {
    people::account_by_login(db, login).await?.with_context(|| format!("no account of {login}"))
}

async fn add(live: &Live, user: &NewUser) -> anyhow::Result<()> {
    let mut tx = live.begin().await?;
    let now = clock().now();
    if let Err(error) = people::insert_user(&mut tx, user, now).await {
        if is_unique_violation(&error) {
            bail!("{} has an account already", user.email);
        }
        return Err(error.into());
    }
    let entry = Entry::new(None, LOCAL, "user.create", "app_user", user.id.0);
    let after = json!({ "role": user.role.code(), "is_superuser": user.is_superuser });
    audit::record(&mut tx, entry.after(after), now).await?;
    live.commit(tx).await?;
    Ok(())
}

/// Ends the account's sessions, closes its screens on every server, and commits.
async fn end_all(
    live: Live,
    mut tx: crate::live::LiveTx,
    account: &Account,
    action: &'static str,
) -> anyhow::Result<()> {
    let now = clock().now();
    end_sessions(&mut tx, account.id, None, now).await?;
    audit::record(&mut tx, Entry::new(None, LOCAL, action, "app_user", account.id.0), now).await?;
    revoke_all(&mut tx, account.id);
    live.commit(tx).await?;
    Ok(())
}

async fn list(db: &crate::db::Db, as_json: bool) -> anyhow::Result<()> {
    let mut after = None;
    loop {
        let page = people::list_accounts(db, after.as_deref(), 500).await?;
        for row in &page.rows {
            if as_json {
                println!(
                    "{}",
                    json!({ "email": row.email, "name": row.name, "role": row.role.code(), "active": row.is_active })
                );
            } else {
                let state = if row.is_active { "active" } else { "disabled" };
                println!("{:<36} {:<14} {:<9} {}", row.email, row.role.code(), state, row.name);
            }
        }
        match page.rows.last().filter(|_| page.has_more) {
            Some(last) => after = Some(last.email_folded.clone()),
            None => return Ok(()),
        }
    }
}

/// The password of standard input, by the policy; or a random one. Whether it was given.
fn chosen_password(from_stdin: bool, about: &[&str]) -> anyhow::Result<(String, bool)> {
    if !from_stdin {
        return Ok((crate::demo::random_password(), false));
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("cannot read standard input")?;
    let word = line.trim_end_matches(['\n', '\r']).to_owned();
    if let Some(key) = password::refuse(&word, about) {
        bail!("{}", views::text::t(views::text::Locale::En, key));
    }
    Ok((word, true))
}
