//! The rules themselves. Each takes files and returns one line per breach: where, the line's text, and what is wrong.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{Reference, Source};

/// Longest file in lines. Past 300 a file is split by noun; the rest is room to finish a thought.
const MAX_LINES: usize = 350;

/// What may import everything: it puts the parts together.
const TOP: [&str; 4] = ["src/lib.rs", "src/main.rs", "src/commands/", "src/demo/"];

/// Foreign crates that a `model.rs` may name: values and their derives. No I/O, no web, no database.
const MODEL_CRATES: [&str; 8] = ["std", "core", "alloc", "chrono", "chrono_tz", "uuid", "serde", "thiserror"];

/// Parts of those that read the world: a rule that asks them cannot be table-tested.
const WORLD: [&str; 10] = [
    "std::fs",
    "std::net",
    "std::env",
    "std::io",
    "std::process",
    "std::thread",
    "std::time::SystemTime",
    "std::time::Instant",
    "chrono::Utc::now",
    "chrono::Local",
];

fn breaches(sources: &[Source], rule: &str, is_breach: impl Fn(&Source, &Reference) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources {
        for reference in source.references().iter().filter(|r| is_breach(source, r)) {
            found.push(format!("{} — {} {rule}", source.cite(reference.line), reference.path.join("::")));
        }
    }
    found
}

/// `chat` for `src/features/chat/routes/messages.rs`.
fn feature(path: &str) -> Option<&str> {
    path.strip_prefix("src/features/")?.split('/').next().filter(|name| !name.ends_with(".rs"))
}

fn is_top(path: &str) -> bool {
    TOP.iter().any(|top| path.starts_with(top))
}

/// The layers below know no feature, and nobody knows the commands: features hand their parts up to `lib.rs`.
pub fn lower_layers_know_no_feature(src: &[Source]) -> Vec<String> {
    breaches(src, "is above this layer", |source, r| {
        let is_lower = !is_top(&source.path) && feature(&source.path).is_none() && source.path != "src/features/mod.rs";
        let is_command = r.is_under("crate::commands") || r.is_under("crate::demo");
        (is_lower && r.is_under("crate::features")) || (!is_top(&source.path) && is_command)
    })
}

/// The live engine carries markup between instances and sockets' queues; how a socket speaks HTTP is `web`'s matter. Of
/// who is who it knows the roles, which topics are of.
pub fn live_knows_no_http(src: &[Source]) -> Vec<String> {
    let http = ["axum", "tower", "tower_http", "tower_sessions", "hyper", "crate::web", "crate::auth"];
    breaches(src, "is HTTP; live/ knows none", |source, r| {
        source.path.starts_with("src/live/") && http.iter().any(|h| r.is_under(h)) && !r.is_under("crate::auth::Role")
    })
}

/// Views are data in, markup out.
pub fn views_are_pure(views: &[Source]) -> Vec<String> {
    let impure = [
        "axum",
        "sqlx",
        "crea",
        "tokio",
        "tower",
        "redis",
        "std::env",
        "std::fs",
        "std::net",
        "std::time",
        "std::process",
    ];
    breaches(views, "is not for views: data in, markup out", |_, r| impure.iter().any(|i| r.is_under(i)))
}

/// `views` depends on maud and serde and on nothing else, so that it cannot do more.
pub fn views_depend_on_little(manifest: &str) -> Vec<String> {
    dependencies(manifest)
        .into_iter()
        .filter(|name| !["maud", "serde"].contains(&name.as_str()))
        .map(|name| format!("views/Cargo.toml: [dependencies] {name} — views depend on maud and serde alone"))
        .collect()
}

/// Names under `[dependencies]`, as code writes them.
pub fn dependencies(manifest: &str) -> BTreeSet<String> {
    let lines = manifest.lines().skip_while(|line| line.trim() != "[dependencies]").skip(1);
    let lines = lines.take_while(|line| !line.starts_with('[')).filter(|line| !line.trim_start().starts_with('#'));
    let names = lines.filter_map(|line| line.split(['=', '.']).next());
    names.map(|name| name.trim().replace('-', "_")).filter(|name| !name.is_empty()).collect()
}

/// A feature's model is rules over values: it imports ids and money, never what does I/O or reads the clock.
pub fn models_are_pure(src: &[Source], dependencies: &BTreeSet<String>) -> Vec<String> {
    breaches(src, "is not for a model: ids, money and plain values only", |source, r| {
        let Some(name) = feature(&source.path) else { return false };
        let inner = &source.path["src/features/".len() + name.len()..];
        if inner != "/model.rs" && !inner.starts_with("/model/") {
            return false;
        }
        if r.path[0] == "crate" {
            let own = format!("crate::features::{name}::model");
            // A role is a plain value with a stored code: rules of who may what are about nothing else.
            return !["crate::ids", "crate::money", "crate::auth::Role", own.as_str()]
                .iter()
                .any(|allowed| r.is_under(allowed));
        }
        let is_foreign = dependencies.contains(&r.path[0]) || r.is_use;
        (is_foreign && !MODEL_CRATES.contains(&r.path[0].as_str()) && !r.path[0].starts_with(char::is_uppercase))
            || WORLD.iter().any(|world| r.is_under(world))
    })
}

/// One feature uses another only through what its `mod.rs` re-exports: its modules are its own affair.
pub fn features_meet_at_their_door(src: &[Source]) -> Vec<String> {
    let mut modules: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for source in src {
        if let Some(name) = feature(&source.path) {
            let inner = &source.path["src/features/".len() + name.len() + 1..];
            modules.entry(name).or_default().insert(inner.split('/').next().unwrap_or(inner).trim_end_matches(".rs"));
        }
    }
    breaches(src, "reaches into another feature; use what its mod.rs re-exports", |source, r| {
        let Some(own) = feature(&source.path) else { return false };
        let Some(other) = r.path.get(2).filter(|_| r.is_under("crate::features")) else { return false };
        let Some(part) = r.path.get(3).filter(|_| other != own) else { return false };
        part == "*" || modules.get(other.as_str()).is_some_and(|parts| parts.contains(part.as_str()))
    })
}

/// Features use each other in one direction.
pub fn features_form_no_circle(src: &[Source]) -> Vec<String> {
    let mut uses: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new(); // from → to → first line that says so
    for source in src {
        let Some(from) = feature(&source.path) else { continue };
        for r in source.references().iter().filter(|r| r.is_under("crate::features")) {
            if let Some(to) = r.path.get(2).filter(|to| *to != from) {
                uses.entry(from.to_owned()).or_default().entry(to.clone()).or_insert_with(|| source.cite(r.line));
            }
        }
    }
    let mut found = Vec::new();
    for (from, targets) in &uses {
        found.extend(
            targets
                .iter()
                .filter(|(to, _)| reaches(&uses, to, from))
                .map(|(to, line)| format!("{line} — {from} uses {to}, which uses {from}")),
        );
    }
    found
}

fn reaches(uses: &BTreeMap<String, BTreeMap<String, String>>, from: &str, to: &str) -> bool {
    let (mut open, mut seen) = (vec![from], BTreeSet::new());
    while let Some(here) = open.pop() {
        if here == to {
            return true;
        }
        if seen.insert(here) {
            open.extend(uses.get(here).into_iter().flat_map(|targets| targets.keys().map(String::as_str)));
        }
    }
    false
}

/// The environment is read once, into the typed `Config`.
pub fn environment_is_read_by_config(src: &[Source]) -> Vec<String> {
    breaches(src, "belongs in src/config/mod.rs", |source, r| {
        let reads = ["std::env::var", "std::env::var_os", "std::env::vars", "std::env::vars_os", "std::env::set_var"];
        source.path != "src/config/mod.rs" && reads.iter().any(|read| r.is_under(read))
    })
}

/// SQL is written once, with `sql!`; the engines' own query functions are named in `src/db` alone.
pub fn sqlx_queries_stay_in_db(src: &[Source]) -> Vec<String> {
    breaches(src, "goes around db/: use sql!", |source, r| {
        let is_query = |name: &String| {
            name.starts_with("query") || ["QueryBuilder", "raw_sql", "AssertSqlSafe"].contains(&name.as_str())
        };
        !source.path.starts_with("src/db/") && r.path[0] == "sqlx" && r.path.get(1).is_some_and(is_query)
    })
}

/// Unescaped markup is made in one file of `views`, behind the sanitiser, and nowhere in the server.
pub fn unescaped_markup_has_one_source(src: &[Source], views: &[Source]) -> Vec<String> {
    let naming = |source: &&Source| source.text.contains("PreEscaped");
    let mut named: Vec<&Source> = views.iter().filter(naming).collect();
    if named.len() == 1 {
        named.clear();
    }
    named
        .into_iter()
        .chain(src.iter().filter(naming))
        .map(|source| {
            let line = source.text.lines().position(|line| line.contains("PreEscaped")).unwrap_or(0) + 1;
            format!("{} — PreEscaped may stand in one file of views only", source.cite(line))
        })
        .collect()
}

/// What happened stays written: no statement changes or removes a row of `audit_log`.
pub fn audit_log_is_append_only(files: &[Source]) -> Vec<String> {
    let forbidden =
        ["delete from", "update", "replace into", "truncate", "truncate table", "drop table", "drop table if exists"];
    let mut found = Vec::new();
    for source in files {
        let plain = source.text.to_lowercase().replace(|c: char| !c.is_alphanumeric() && c != '_', " ");
        let plain = format!(" {} ", plain.split_whitespace().collect::<Vec<_>>().join(" "));
        let statements = forbidden.iter().filter(|verb| plain.contains(&format!(" {verb} audit_log ")));
        found.extend(statements.map(|verb| format!("{}: {verb} audit_log — it only grows", source.path)));
    }
    found
}

/// A file that grows past the limit holds two nouns.
pub fn files_are_short(files: &[Source]) -> Vec<String> {
    let long = files.iter().map(|source| (source, source.text.lines().count())).filter(|(_, lines)| *lines > MAX_LINES);
    long.map(|(source, lines)| format!("{}: {lines} lines — split by noun, {MAX_LINES} at most", source.path)).collect()
}
