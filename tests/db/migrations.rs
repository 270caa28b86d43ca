//! From nothing to the newest schema, the same one on both engines.

use std::collections::BTreeMap;

use crea::{db, sql};

use crate::harness::{Backend, Database, both_dbs, skip_without};

type Schema = BTreeMap<String, Vec<String>>;

/// Tables with their columns in order; the migrator's own table left out.
async fn schema(db: &db::Db) -> Schema {
    let rows: Vec<(String, String)> = if db.is_postgres() {
        db.all(sql!(
            "select table_name::text, column_name::text from information_schema.columns \
             where table_schema = 'public' order by table_name, ordinal_position"
        ))
        .await
        .unwrap()
    } else {
        db.all(sql!(
            "select t.name, c.name from sqlite_master t join pragma_table_info(t.name) c \
             where t.type = 'table' and t.name not like 'sqlite_%' order by t.name, c.cid"
        ))
        .await
        .unwrap()
    };
    let mut schema = Schema::new();
    // The search tables are each engine's own.
    let is_ours = |table: &str| table != "_sqlx_migrations" && !table.starts_with("search_");
    for (table, column) in rows.into_iter().filter(|(table, _)| is_ours(table)) {
        schema.entry(table).or_default().push(column);
    }
    schema
}

/// Names of the indexes that the migrations make, without those of keys.
async fn indexes(db: &db::Db) -> Vec<String> {
    let rows: Vec<(String,)> = if db.is_postgres() {
        db.all(sql!(
            "select indexname::text from pg_indexes where schemaname = 'public' and indexname like '%_idx' \
               and indexname not like 'search_%' order by 1"
        ))
        .await
        .unwrap()
    } else {
        db.all(sql!("select name from sqlite_master where type = 'index' and name like '%_idx' order by 1"))
            .await
            .unwrap()
    };
    rows.into_iter().map(|row| row.0).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_engines_end_with_the_same_tables_columns_and_indexes() {
    if skip_without(Backend::Postgres, "both_engines_end_with_the_same_tables_columns_and_indexes") {
        return;
    }
    let (lite, pg) = (Database::empty(Backend::Sqlite).await, Database::empty(Backend::Postgres).await);
    let (a, b) = (lite.open().await, pg.open().await);
    assert!(schema(&a).await.is_empty() && schema(&b).await.is_empty(), "both start with nothing");
    db::migrate(&a).await.unwrap();
    db::migrate(&b).await.unwrap();
    let (in_lite, in_pg) = (schema(&a).await, schema(&b).await);
    assert!(in_lite.contains_key("message") && in_lite.len() > 10, "{in_lite:?}");
    assert_eq!(in_lite, in_pg);
    let (in_lite, in_pg) = (indexes(&a).await, indexes(&b).await);
    assert!(!in_lite.is_empty());
    assert_eq!(in_lite, in_pg);
    b.close().await;
    pg.remove().await;
}

both_dbs!(migrating_again_changes_nothing, |app| {
    let before = schema(&app.db).await;
    db::migrate(&app.db).await.unwrap();
    assert_eq!(schema(&app.db).await, before);
    let kept: (i64,) = app.db.one(sql!("select count(*) from counter where name = 'events'")).await.unwrap();
    assert_eq!(kept, (1,));
});

async fn migrate_at_once(backend: Backend) {
    let database = Database::empty(backend).await;
    let instances = [database.open().await, database.open().await, database.open().await];
    let tasks: Vec<_> =
        instances.iter().cloned().map(|db| tokio::spawn(async move { db::migrate(&db).await })).collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    let (rows,): (i64,) = instances[0].one(sql!("select count(*) from counter where name = 'events'")).await.unwrap();
    assert_eq!(rows, 1, "each migration ran once");
    for db in instances {
        db.close().await;
    }
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn instances_that_start_together_migrate_once_on_sqlite() {
    migrate_at_once(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn instances_that_start_together_migrate_once_on_postgres() {
    if !skip_without(Backend::Postgres, "instances_that_start_together_migrate_once_on_postgres") {
        migrate_at_once(Backend::Postgres).await;
    }
}
