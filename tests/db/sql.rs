//! One text, one meaning: values go in and come out the same on both engines.

use chrono::{DateTime, NaiveDate, Utc};
use crea::{
    db::{self, is_unique_violation},
    sql,
};
use serde_json::{Value, json};
use sqlx::types::Json;
use uuid::Uuid;

use crate::harness::{both_dbs, one_db};

both_dbs!(every_kind_of_value_comes_back_as_it_went_in, |app| {
    let ddl = sql!(
        "create table every_kind (id uuid primary key, yes boolean, n bigint, x double precision, words text, \
         at timestamptz, day date, thing jsonb)"
    );
    app.db.exec(ddl).await.unwrap();
    let id = Uuid::now_v7();
    let at: DateTime<Utc> = "2026-11-22T15:00:00.123456789Z".parse().unwrap();
    let day: NaiveDate = "2026-02-28".parse().unwrap();
    let thing = json!({ "á": [1, "two", null] });
    let insert =
        "insert into every_kind (id, yes, n, x, words, at, day, thing) values ($1, $2, $3, $4, $5, $6, $7, $8)";
    assert_eq!(insert.matches('$').count(), 8);
    app.db
        .exec(sql!(
            "insert into every_kind (id, yes, n, x, words, at, day, thing) values ($1, $2, $3, $4, $5, $6, $7, $8)",
            id,
            true,
            i64::MIN,
            0.1_f64,
            "ñ 'quoted' 🎧",
            at,
            day,
            thing.clone()
        ))
        .await
        .unwrap();
    type Kinds = (Uuid, bool, i64, f64, String, DateTime<Utc>, NaiveDate, Json<Value>);
    let back: Kinds = app.db.one(sql!("select id, yes, n, x, words, at, day, thing from every_kind")).await.unwrap();
    let millis: DateTime<Utc> = "2026-11-22T15:00:00.123Z".parse().unwrap();
    assert_eq!((back.0, back.1, back.2, back.4.as_str()), (id, true, i64::MIN, "ñ 'quoted' 🎧"));
    assert!((back.3 - 0.1).abs() < f64::EPSILON);
    assert_eq!((back.5, back.6, back.7.0), (millis, day, thing), "instants keep whole milliseconds");
});

both_dbs!(an_absent_value_of_every_kind_keeps_its_type, |app| {
    type Absent = (Option<Uuid>, Option<bool>, Option<i64>, Option<String>, Option<DateTime<Utc>>, Option<NaiveDate>);
    let all = sql!(
        "select $1, $2, $3, $4, $5, $6",
        None::<Uuid>,
        None::<bool>,
        None::<i64>,
        None::<String>,
        None::<DateTime<Utc>>,
        None::<NaiveDate>
    );
    let row: Absent = app.db.one(all).await.unwrap();
    assert_eq!(row, (None, None, None, None, None, None));
});

both_dbs!(nulls_stand_where_the_statement_says, |app| {
    app.db.exec(sql!("create table place (n bigint)")).await.unwrap();
    let insert =
        sql!("insert into place (n) values ").rows([vec![2_i64.into()], vec![None::<i64>.into()], vec![1_i64.into()]]);
    assert_eq!(app.db.exec(insert).await.unwrap(), 3);
    let all =
        |sql| async { app.db.all::<(Option<i64>,)>(sql).await.unwrap().into_iter().map(|r| r.0).collect::<Vec<_>>() };
    assert_eq!(all(sql!("select n from place order by n nulls last")).await, [Some(1), Some(2), None]);
    assert_eq!(all(sql!("select n from place order by n desc nulls first")).await, [None, Some(2), Some(1)]);
});

both_dbs!(a_list_of_any_length_matches_its_values_and_an_empty_one_none, |app| {
    app.db.exec(sql!("create table listed (n bigint primary key)")).await.unwrap();
    app.db.exec(sql!("insert into listed (n) values ").rows((1..=9_i64).map(|n| vec![n.into()]))).await.unwrap();
    for length in [0_i64, 1, 2, 3, 5, 8, 9] {
        let sql = sql!("select n from listed where n in ").list(1..=length).push(" order by n");
        let found: Vec<(i64,)> = app.db.all(sql).await.unwrap();
        assert_eq!(found.len(), usize::try_from(length).unwrap(), "a list of {length}");
    }
    let negated = sql!("select count(*) from listed where n not in ").list([1_i64, 2, 3]);
    assert_eq!(app.db.one::<(i64,)>(negated).await.unwrap(), (6,), "padding repeats a value and changes nothing");
});

both_dbs!(no_row_is_told_apart_from_one_row, |app| {
    assert_eq!(app.db.opt::<(i64,)>(sql!("select n from counter where name = 'none'")).await.unwrap(), None);
    let missing = app.db.one::<(i64,)>(sql!("select n from counter where name = 'none'")).await;
    assert!(matches!(missing, Err(sqlx::Error::RowNotFound)));
    assert_eq!(app.db.one::<(i64,)>(sql!("select n from counter where name = 'events'")).await.unwrap(), (0,));
});

both_dbs!(a_second_row_with_the_same_key_is_a_unique_violation_and_others_are_not, |app| {
    let again = app.db.exec(sql!("insert into counter (name, n) values ('events', 1)")).await.unwrap_err();
    assert!(is_unique_violation(&again), "{again}");
    let orphan = sql!(
        "insert into membership (campaign_id, user_id, created_at) values ($1, $1, $2)",
        Uuid::now_v7(),
        app.now()
    );
    let orphan = app.db.exec(orphan).await.unwrap_err();
    assert!(!is_unique_violation(&orphan), "foreign keys are enforced: {orphan}");
});

both_dbs!(writers_at_once_take_turns_and_none_is_lost, |app| {
    let add = |app: crate::harness::TestApp| async move {
        for _ in 0..25 {
            let mut tx = app.db.begin().await.unwrap();
            let (n,): (i64,) = tx.one(sql!("select n from counter where name = 'events'")).await.unwrap();
            assert!(n >= 0);
            tx.exec(sql!("update counter set n = n + 1 where name = 'events'")).await.unwrap();
            tx.commit().await.unwrap();
        }
    };
    let tasks: Vec<_> = (0..4).map(|_| tokio::spawn(add(app.clone()))).collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(app.db.one::<(i64,)>(sql!("select n from counter where name = 'events'")).await.unwrap(), (100,));
});

both_dbs!(many_ids_come_as_one_row, |app| {
    let mut tx = app.db.begin().await.unwrap();
    assert!(tx.ids(sql!("select id from campaign")).await.unwrap().is_empty());
    drop(tx);
    let (ana, luz) = (app.user("ana").insert().await, app.user("luz").insert().await);
    let mut tx = app.db.begin().await.unwrap();
    let mut ids = tx.ids(sql!("select u.id from app_user u where u.id in ($1, $2)", ana.id, luz.id)).await.unwrap();
    ids.sort();
    let mut expected = [ana.id.0, luz.id.0];
    expected.sort();
    assert_eq!(ids, expected);
    assert!(tx.ids(sql!("select 'no id' as id")).await.is_err());
});

one_db!(the_readers_of_sqlite_cannot_write, |app| {
    let db::Db::Sqlite { read, write } = app.db.clone() else { panic!("sqlite was asked for") };
    sqlx::query("update counter set n = 7").execute(write.pool()).await.unwrap();
    let error = sqlx::query("update counter set n = 8").execute(&read).await.unwrap_err();
    assert!(error.to_string().contains("readonly"), "{error}");
});
