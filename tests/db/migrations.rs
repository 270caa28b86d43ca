//! From nothing to the newest schema, the same one on both engines.

use std::collections::BTreeMap;

use crea::{
    db::{self, Db},
    ids::{ConversationId, FileId, MessageId, UserId},
    sql,
};
use sqlx::migrate::Migrator;

use crate::harness::{Backend, Database, both_dbs, skip_without};

static MIGRATIONS: Migrator = sqlx::migrate!();

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

/// Migrates up to and with this version.
async fn migrate_to(db: &Db, version: i64) {
    match db {
        Db::Sqlite { write, .. } => MIGRATIONS.run_to(version, write.pool()).await.unwrap(),
        Db::Postgres(pool) => MIGRATIONS.run_to(version, pool).await.unwrap(),
    }
}

/// What is known of a file: its purpose, place, names, size and digest, and what has it.
type Carried = (String, ConversationId, String, String, Option<String>, i64, String, bool, Option<MessageId>);

/// A file that was sent, one that waits and one that was coming, as they were before files had a table of their own.
async fn carry_files(backend: Backend) {
    let database = Database::empty(backend).await;
    let db = database.open().await;
    migrate_to(&db, 20261123190000).await;
    let at = chrono::DateTime::from_timestamp_millis(crate::harness::START).unwrap();
    let (ana, talk, message) = (UserId::new(), ConversationId::new(), MessageId::new());
    db.exec(sql!(
        "insert into app_user (id, email, email_folded, first_name, last_name, name_folded, role, is_superuser, is_active, \
           password_hash, must_change_password, locale, theme, density, created_at, updated_at) \
         values ($1, 'a@crea.example', 'a@crea.example', 'Ana', 'Gil', 'ana gil', 'asesor', false, true, '', false, \
           'es', 'light', 'normal', $2, $2)",
        ana,
        at
    ))
    .await
    .unwrap();
    db.exec(sql!(
        "insert into conversation (id, kind, title, created_by, created_at, last_number, last_line) \
         values ($1, 'group', 'Turno', $2, $3, 1, '')",
        talk,
        ana,
        at
    ))
    .await
    .unwrap();
    db.exec(sql!(
        "insert into message (id, conversation_id, number, sender_id, body, starts_group, created_at) \
         values ($1, $2, 1, $3, 'mire', true, $4)",
        message,
        talk,
        ana,
        at
    ))
    .await
    .unwrap();
    let (sent, waits, coming) = (FileId::new(), FileId::new(), FileId::new());
    for (id, message, size, stored_at) in
        [(sent, Some(message), 71, Some(at)), (waits, None, 71, Some(at)), (coming, None, 0, None)]
    {
        db.exec(sql!(
            "insert into attachment (id, conversation_id, uploader_id, message_id, name, content_type, object_key, \
               thumbnail_key, size_bytes, sha256, width, height, created_at, stored_at) \
             values ($1, $2, $3, $4, 'foto.png', 'image/png', 'chat/x/y', 'chat/small/y', $5, 'abc', 4, 3, $6, $7)",
            id,
            talk,
            ana,
            message,
            size,
            at,
            stored_at
        ))
        .await
        .unwrap();
    }
    db::migrate(&db).await.unwrap();
    for (id, message, size, stored) in
        [(sent, Some(message), 71, true), (waits, None, 71, true), (coming, None, 0, false)]
    {
        let found: Carried = db
            .one(sql!(
                "select f.purpose, f.place_id, f.name, f.object_key, f.thumbnail_key, f.size_bytes, f.sha256, \
                   f.stored_at is not null, a.message_id \
                 from stored_file f left join attachment a on a.file_id = f.id \
                 where f.id = $1 and f.uploader_id = $2 and f.width = 4 and f.height = 3 and f.created_at = $3 \
                   and (f.claimed_at is not null) = (a.message_id is not null)",
                id,
                ana,
                at
            ))
            .await
            .unwrap();
        let (name, key) = ("foto.png".to_owned(), "chat/x/y".to_owned());
        let expected = (
            "chat".to_owned(),
            talk,
            name,
            key,
            Some("chat/small/y".to_owned()),
            size,
            "abc".to_owned(),
            stored,
            message,
        );
        assert_eq!(found, expected);
    }
    let (rows,): (i64,) = db.one(sql!("select count(*) from attachment")).await.unwrap();
    assert_eq!(rows, 1, "only what was sent hangs on a message");
    db.close().await;
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_of_messages_are_carried_over_on_sqlite() {
    carry_files(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_of_messages_are_carried_over_on_postgres() {
    if !skip_without(Backend::Postgres, "files_of_messages_are_carried_over_on_postgres") {
        carry_files(Backend::Postgres).await;
    }
}
