//! What is written beside the business: the audit log, answered writes, the demo.

use chrono::Duration;
use crea::{
    audit::{self, Entry},
    auth::Role,
    demo,
    error::AppError,
    features::people,
    idempotency::{self, Claim, Key},
    sql,
};
use serde_json::{Value, json};
use sqlx::types::Json;
use uuid::Uuid;

use crate::harness::{TestApp, both_dbs};

async fn claim(app: &TestApp, key: Key<'_>) -> Result<Claim, AppError> {
    let mut tx = app.db.begin().await.unwrap();
    let claimed = idempotency::claim(&mut tx, key, app.now()).await;
    tx.commit().await.unwrap();
    claimed
}

both_dbs!(a_repeated_key_answers_the_first_record_and_another_use_of_it_conflicts, |app| {
    let (user, other) = (app.user("ana").insert().await.id, app.user("luis").insert().await.id);
    let result = Uuid::now_v7();
    let key = Key { user, key: "k", route: "/a", body: "hola", result };
    assert_eq!(claim(&app, key).await.unwrap(), Claim::New);
    let again = Key { result: Uuid::now_v7(), ..key };
    assert_eq!(claim(&app, again).await.unwrap(), Claim::Repeat(result));
    assert!(matches!(claim(&app, Key { body: "adiós", ..key }).await, Err(AppError::Conflict(_))), "another body");
    assert!(matches!(claim(&app, Key { route: "/b", ..key }).await, Err(AppError::Conflict(_))), "another place");
    assert_eq!(claim(&app, Key { user: other, ..key }).await.unwrap(), Claim::New, "somebody else's key");
});

both_dbs!(of_two_claims_at_once_the_second_waits_and_repeats, |app| {
    let user = app.user("ana").insert().await.id;
    let tasks: Vec<_> = (0..4)
        .map(|_| {
            let app = app.clone();
            tokio::spawn(async move {
                claim(&app, Key { user, key: "k", route: "/", body: "", result: Uuid::now_v7() }).await.unwrap()
            })
        })
        .collect();
    let mut claims = Vec::new();
    for task in tasks {
        claims.push(task.await.unwrap());
    }
    assert_eq!(claims.iter().filter(|c| **c == Claim::New).count(), 1, "{claims:?}");
    let repeats: Vec<_> = claims.iter().filter(|c| **c != Claim::New).collect();
    assert!(repeats.iter().all(|c| *c == repeats[0]), "{claims:?}");
});

both_dbs!(a_claim_that_rolled_back_was_never_made_and_keys_are_forgotten_after_a_day, |app| {
    let user = app.user("ana").insert().await.id;
    let key = Key { user, key: "k", route: "/", body: "", result: Uuid::now_v7() };
    let mut tx = app.db.begin().await.unwrap();
    idempotency::claim(&mut tx, key, app.now()).await.unwrap();
    drop(tx);
    assert_eq!(claim(&app, key).await.unwrap(), Claim::New);
    app.clock.advance(Duration::hours(24));
    assert_eq!(idempotency::prune(&app.db, app.now()).await.unwrap(), 0);
    app.clock.advance(Duration::milliseconds(1));
    assert_eq!(idempotency::prune(&app.db, app.now()).await.unwrap(), 1);
    assert_eq!(claim(&app, key).await.unwrap(), Claim::New);
});

both_dbs!(an_audit_entry_keeps_who_what_where_before_and_after, |app| {
    let ana = app.user("ana").insert().await.id;
    let mut tx = app.db.begin().await.unwrap();
    let entry = Entry::new(Some(ana), "10.0.0.1", "user.disable", "app_user", ana.0);
    audit::record(&mut tx, entry.before(json!({ "a": 1 })).after(json!({ "a": 2 })), app.now()).await.unwrap();
    audit::record(&mut tx, Entry::new(None, "local", "user.create", "app_user", ana.0), app.now()).await.unwrap();
    tx.commit().await.unwrap();
    type Row = (Option<Uuid>, String, String, String, Option<Uuid>, Json<Value>, Json<Value>);
    let rows: Vec<Row> = app
        .db
        .all(sql!("select actor_id, ip, action, entity, entity_id, before, after from audit_log order by action desc"))
        .await
        .unwrap();
    let (actor, ip, action, entity, id, before, after) = &rows[0];
    assert_eq!(
        (*actor, &**ip, &**action, &**entity, *id),
        (Some(ana.0), "10.0.0.1", "user.disable", "app_user", Some(ana.0))
    );
    assert_eq!((&before.0, &after.0), (&json!({ "a": 1 }), &json!({ "a": 2 })));
    assert_eq!((rows[1].0, &rows[1].5.0), (None, &json!({})));
});

/// What the demo is made of: people per role, conversations, messages, unread.
async fn figures(app: &TestApp) -> (Vec<(String, i64)>, i64, i64, i64) {
    let roles = app.db.all(sql!("select role, count(*) from app_user group by role order by role")).await.unwrap();
    let one = |sql| async { app.db.one::<(i64,)>(sql).await.unwrap().0 };
    let conversations = one(sql!("select count(*) from conversation")).await;
    let messages = one(sql!("select count(*) from message")).await;
    let unread = one(sql!(
        "select cast(coalesce(sum(c.last_number - p.last_read_number), 0) as bigint) from participant p \
         join conversation c on c.id = p.conversation_id"
    ))
    .await;
    (roles, conversations, messages, unread)
}

both_dbs!(the_demo_fills_an_empty_database_once_and_signs_one_person_in_per_role, |app| {
    let people = demo::prepare(&app.db, (&app.storage, &app.secret), &app.clock, false).await.unwrap();
    assert_eq!(people.iter().map(|p| p.role).collect::<Vec<_>>(), Role::ALL.map(Role::code));
    let made = figures(&app).await;
    let agents = made.0.iter().find(|(role, _)| role == "asesor").map(|(_, n)| *n);
    assert_eq!(agents, Some(43), "40 at work, two invited, one who left");
    assert!(made.1 > 40 && made.2 > 1_000 && made.3 > 0, "{made:?}");
    let files: Vec<(String, i64)> =
        app.db.all(sql!("select state, count(*) from employee group by state order by state")).await.unwrap();
    assert_eq!(files, [("activo".to_owned(), 53), ("inactivo".to_owned(), 9)], "whoever works, and who left");
    for person in &people {
        let form = [("login", &*person.email), ("password", &*person.password)];
        assert_eq!(app.browser().post("/sign-in", &form).await.status, 303, "{}", person.email);
    }
    let again = demo::prepare(&app.db, (&app.storage, &app.secret), &app.clock, false).await.unwrap();
    assert_eq!(again.iter().map(|p| &p.email).collect::<Vec<_>>(), people.iter().map(|p| &p.email).collect::<Vec<_>>());
    assert_eq!(figures(&app).await, made, "a second start adds nothing");
});

both_dbs!(the_demo_s_numbers_are_those_that_sending_would_have_given, |app| {
    demo::prepare(&app.db, (&app.storage, &app.secret), &app.clock, false).await.unwrap();
    let (wrong,): (i64,) = app
        .db
        .one(sql!(
            "select count(*) from conversation c where c.last_number <> (select count(*) from message m \
               where m.conversation_id = c.id) or c.last_message_at is distinct from (select m.created_at from message m \
               where m.conversation_id = c.id and m.number = c.last_number) or (c.last_number > 0 and not exists \
               (select 1 from message m where m.conversation_id = c.id and m.number = 1 and m.starts_group \
                and m.starts_day is not null))"
        ))
        .await
        .unwrap();
    assert_eq!(wrong, 0);
    let (unordered,): (i64,) = app
        .db
        .one(sql!(
            "select count(*) from message a join message b on b.conversation_id = a.conversation_id \
             and b.number = a.number + 1 and b.created_at < a.created_at"
        ))
        .await
        .unwrap();
    assert_eq!(unordered, 0, "later numbers are not earlier");
});

both_dbs!(the_demo_refuses_a_database_with_real_accounts, |app| {
    app.user("ana").insert().await;
    let refused = demo::prepare(&app.db, (&app.storage, &app.secret), &app.clock, false).await.unwrap_err();
    assert!(refused.to_string().contains("real accounts"), "{refused}");
    assert_eq!(figures(&app).await.1, 0);
    assert!(people::has_users(&app.db).await.unwrap());
});

both_dbs!(a_demo_that_others_can_reach_has_passwords_that_nobody_can_guess, |app| {
    let people = demo::prepare(&app.db, (&app.storage, &app.secret), &app.clock, true).await.unwrap();
    let mut words: Vec<_> = people.iter().map(|p| p.password.clone()).collect();
    words.sort();
    words.dedup();
    assert_eq!(words.len(), Role::ALL.len());
    assert!(words.iter().all(|w| w.len() == 23 && !w.starts_with("crea-demo")), "{words:?}");
});
