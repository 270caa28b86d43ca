//! Who may import whom, and what must stand in one place only. The rules are in `rules.rs`; here each is applied to the
//! tree, and to a made-up breach of it, so that a rule which no longer sees anything fails as well.

#![allow(clippy::unwrap_used, missing_docs)]

mod rules;
mod source;
mod tokens;

use std::fs;
use std::path::Path;

use source::Source;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn src() -> Vec<Source> {
    let sources = source::read(root(), "src");
    assert!(sources.len() > 10, "only {} files were found in src", sources.len());
    sources
}

fn views() -> Vec<Source> {
    let sources = source::read(root(), "views/src");
    assert!(sources.len() > 5, "only {} files were found in views/src", sources.len());
    sources
}

fn manifest(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

#[track_caller]
fn holds(breaches: &[String]) {
    assert!(breaches.is_empty(), "\n{}\n", breaches.join("\n"));
}

/// Each sample must give exactly as many breaches as it is listed with.
#[track_caller]
fn sees(rule: impl Fn(&[Source]) -> Vec<String>, samples: &[(usize, &str, &str)]) {
    for (expected, path, text) in samples {
        let found = rule(&[Source::sample(path, text)]);
        assert_eq!(found.len(), *expected, "{path}: {text}\nfound: {found:#?}");
    }
}

#[test]
fn lower_layers_know_no_feature() {
    holds(&rules::lower_layers_know_no_feature(&src()));
    sees(
        rules::lower_layers_know_no_feature,
        &[
            (1, "src/db/mod.rs", "use crate::features::chat::Topic;"),
            (1, "src/live/hub.rs", "use crate::{db::Db, features};"),
            (1, "src/auth/session.rs", "fn f() { crate::features::people::find() }"),
            (1, "src/web/mod.rs", "use super::features::people;"),
            (1, "src/app.rs", "use crate::commands::Cli;"),
            (1, "src/features/chat/mod.rs", "use crate::commands::Cli;"),
            (0, "src/features/chat/mod.rs", "use crate::features::people::User;"),
            (0, "src/lib.rs", "pub mod features; use features::chat;"),
            (0, "src/commands/user.rs", "use crate::features::people::User;"),
            (0, "src/db/mod.rs", "// crate::features is above\n#[cfg(test)] mod tests { use crate::features::chat; }"),
        ],
    );
}

#[test]
fn live_knows_no_http() {
    holds(&rules::live_knows_no_http(&src()));
    sees(
        rules::live_knows_no_http,
        &[
            (1, "src/live/hub.rs", "use axum::extract::ws::Message;"),
            (1, "src/live/hub.rs", "use crate::web::Page;"),
            (0, "src/live/hub.rs", "use tokio::net::TcpStream;"),
            (0, "src/live/topic.rs", "use crate::auth::Role;"),
            (1, "src/live/topic.rs", "use crate::auth::CurrentUser;"),
            (0, "src/web/ws.rs", "use axum::extract::ws::Message;"),
        ],
    );
}

#[test]
fn views_are_pure() {
    holds(&rules::views_are_pure(&views()));
    holds(&rules::views_depend_on_little(&manifest("views/Cargo.toml")));
    sees(
        rules::views_are_pure,
        &[
            (1, "views/src/home.rs", "use axum::response::Html;"),
            (1, "views/src/home.rs", "fn f() -> sqlx::Result<()> { Ok(()) }"),
            (1, "views/src/home.rs", "use std::env; fn f() {}"),
            (0, "views/src/home.rs", "use maud::{html, Markup}; use crate::text::t;"),
        ],
    );
    let found = rules::views_depend_on_little(
        "[dependencies]\nmaud.workspace = true\nserde = \"1\"\n# why\nsqlx = \"1\"\n[dev-dependencies]\ntoml = \"1\"",
    );
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn models_are_pure() {
    let known = rules::dependencies(&manifest("Cargo.toml"));
    assert!(known.contains("sqlx") && known.contains("tower_http"), "{known:?}");
    holds(&rules::models_are_pure(&src(), &known));
    let rule = |sources: &[Source]| rules::models_are_pure(sources, &known);
    sees(
        rule,
        &[
            (1, "src/features/chat/model.rs", "use crate::db::Db;"),
            (1, "src/features/chat/model.rs", "use super::queries::find;"),
            (1, "src/features/chat/model/limit.rs", "fn f() { sqlx::query(\"\"); }"),
            (1, "src/features/chat/model.rs", "use axum::Json;"),
            (1, "src/features/chat/model.rs", "use chrono::Utc; fn f() { Utc::now() }"),
            (1, "src/features/chat/model.rs", "use std::fs;"),
            (
                0,
                "src/features/chat/model.rs",
                "use crate::{ids::UserId, money::Money}; use chrono::{DateTime, Utc}; fn f() { Self::g(); State::Open }",
            ),
            (0, "src/features/chat/model/mod.rs", "mod limit; use limit::Limit; #[derive(serde::Serialize)] struct A;"),
            (0, "src/features/chat/queries.rs", "use crate::db::Db;"),
        ],
    );
}

#[test]
fn features_meet_at_their_door() {
    holds(&rules::features_meet_at_their_door(&src()));
    let rule = |sources: &[Source]| {
        let mut sources = sources.to_vec();
        sources.push(Source::sample("src/features/people/queries.rs", ""));
        rules::features_meet_at_their_door(&sources)
    };
    sees(
        rule,
        &[
            (1, "src/features/chat/routes.rs", "use crate::features::people::queries::find;"),
            (1, "src/features/chat/routes.rs", "use crate::features::people; fn f() { people::queries::find() }"),
            (1, "src/features/chat/routes.rs", "use crate::features as f; fn g() { f::people::queries::find() }"),
            (1, "src/features/chat/routes.rs", "use crate::features::people::*;"),
            (0, "src/features/chat/routes.rs", "use crate::features::people::{self, find}; use super::queries;"),
            (0, "src/features/people/routes.rs", "use crate::features::people::queries;"),
        ],
    );
}

#[test]
fn features_form_no_circle() {
    holds(&rules::features_form_no_circle(&src()));
    let line = |from: &str, to: &str| {
        Source::sample(&format!("src/features/{from}/mod.rs"), &format!("use crate::features::{to}::X;"))
    };
    let found =
        rules::features_form_no_circle(&[line("chat", "people"), line("people", "floor"), line("floor", "chat")]);
    assert_eq!(found.len(), 3, "{found:?}");
    let found =
        rules::features_form_no_circle(&[line("chat", "people"), line("floor", "people"), line("floor", "chat")]);
    assert_eq!(found.len(), 0, "{found:?}");
}

#[test]
fn the_environment_is_read_by_config_alone() {
    holds(&rules::environment_is_read_by_config(&src()));
    sees(
        rules::environment_is_read_by_config,
        &[
            (1, "src/main.rs", "fn main() { std::env::var(\"BIND\"); }"),
            (1, "src/db/mod.rs", "use std::env; fn f() { env::vars_os(); }"),
            (2, "src/db/mod.rs", "use std::env::var as setting; fn f() { setting(\"A\") ; std::env::var_os(\"B\") }"),
            (0, "src/config/mod.rs", "fn f() { std::env::var(\"BIND\"); }"),
            (0, "src/main.rs", "const V: &str = env!(\"CARGO_PKG_VERSION\"); fn f() { std::env::args(); }"),
        ],
    );
}

#[test]
fn sqlx_queries_stay_in_db() {
    holds(&rules::sqlx_queries_stay_in_db(&src()));
    sees(
        rules::sqlx_queries_stay_in_db,
        &[
            (1, "src/features/chat/queries.rs", "fn f() { sqlx::query(\"select 1\"); }"),
            (2, "src/live/outbox.rs", "use sqlx::{query_as, QueryBuilder, FromRow};"),
            (0, "src/error.rs", "use sqlx::Error;"),
            (0, "src/db/sql.rs", "fn f() { sqlx::query(\"select 1\"); }"),
        ],
    );
}

#[test]
fn unescaped_markup_has_one_source() {
    holds(&rules::unescaped_markup_has_one_source(&src(), &views()));
    let one = [Source::sample("views/src/a.rs", "use maud::PreEscaped;")];
    let two = [one[0].clone(), Source::sample("views/src/b.rs", "maud::PreEscaped(x)")];
    assert_eq!(rules::unescaped_markup_has_one_source(&[], &one).len(), 0);
    assert_eq!(rules::unescaped_markup_has_one_source(&[], &two).len(), 2);
    assert_eq!(rules::unescaped_markup_has_one_source(&one, &[]).len(), 1);
}

#[test]
fn the_audit_log_only_grows() {
    let mut files = src();
    files.extend(source::read_all(root(), "migrations"));
    holds(&rules::audit_log_is_append_only(&files));
    sees(
        rules::audit_log_is_append_only,
        &[
            (1, "src/features/a/queries.rs", "sql!(\"delete\\\n   from audit_log where id = $1\")"),
            (1, "migrations/1_b.sql", "UPDATE audit_log\nSET who = null"),
            (1, "migrations/1_c.sql", "drop table \"audit_log\";"),
            (
                0,
                "migrations/1_d.sql",
                "create table audit_log (id uuid); insert into audit_log values (1); update audit_log_view",
            ),
        ],
    );
}

#[test]
fn files_are_short() {
    let mut files = src();
    files.extend(views());
    holds(&rules::files_are_short(&files));
    let (most, more) = ("\n".repeat(350), "\n".repeat(351));
    sees(rules::files_are_short, &[(0, "src/a.rs", &most), (1, "src/b.rs", &more)]);
}
