//! The audit log: pages, filters, names, and that a page is read along an index.

use chrono::{Duration, TimeZone as _, Utc};
use crea::{
    audit::{self, Entry},
    auth::Module,
    db::Arg,
    features::audit_log::{self, AuditFilter, Mark},
    ids::UserId,
    sql,
};
use serde_json::json;
use uuid::Uuid;

use crate::harness::{TestApp, both_dbs};

async fn write(
    app: &TestApp,
    actor: Option<UserId>,
    action: &'static str,
    entity: &'static str,
    id: Uuid,
    minute: i64,
) {
    let at = app.now() + Duration::minutes(minute);
    let mut tx = app.db.begin().await.unwrap();
    let entry = Entry::new(actor, if actor.is_some() { "203.0.113.7" } else { "local" }, action, entity, id);
    audit::record(&mut tx, entry.before(json!({ "n": minute })).after(json!({ "n": minute + 1 })), at).await.unwrap();
    tx.commit().await.unwrap();
}

async fn actions(app: &TestApp, filter: &AuditFilter) -> Vec<String> {
    let found = audit_log::list(&app.db, filter, None, 50).await.unwrap();
    found.rows.into_iter().map(|row| row.action).collect()
}

both_dbs!(entries_come_newest_first_with_names_and_page_by_page, |app| {
    let campaign = app.campaign(Module::Core).await;
    let (ana, beto) = (app.user("ana").insert().await, app.user("beto").insert().await);
    write(&app, None, "user.create", "app_user", ana.id.0, 1).await;
    write(&app, Some(ana.id), "campaign.update", "campaign", campaign.id.0, 2).await;
    write(&app, Some(ana.id), "user.disable", "app_user", beto.id.0, 3).await;
    let all = AuditFilter::default();
    let first = audit_log::list(&app.db, &all, None, 2).await.unwrap();
    assert!(first.has_more);
    let seen: Vec<_> = first.rows.iter().map(|r| (r.actor.as_deref(), r.target.as_deref())).collect();
    assert_eq!(seen, [(Some("Ana Ruiz"), Some("Beto Ruiz")), (Some("Ana Ruiz"), Some(&*campaign.name))]);
    let last = &first.rows[1];
    let rest = audit_log::list(&app.db, &all, Some(Mark { at: last.at, id: last.id }), 2);
    let rest = rest.await.unwrap();
    assert!(!rest.has_more);
    assert_eq!((rest.rows[0].actor.as_deref(), &*rest.rows[0].ip), (None, "local"));
    assert_eq!((&rest.rows[0].before, &rest.rows[0].after), (&json!({ "n": 1 }), &json!({ "n": 2 })));
});

both_dbs!(each_filter_narrows_and_all_of_them_together, |app| {
    let (ana, beto) = (app.user("ana").insert().await, app.user("beto").insert().await);
    write(&app, Some(ana.id), "one", "app_user", ana.id.0, 1).await;
    write(&app, Some(beto.id), "two", "app_user", beto.id.0, 2).await;
    write(&app, None, "three", "campaign", beto.id.0, 3).await;
    let all = AuditFilter::default;
    assert_eq!(actions(&app, &AuditFilter { actors: Some(vec![ana.id]), ..all() }).await, ["one"]);
    assert_eq!(actions(&app, &AuditFilter { actors: Some(vec![ana.id, beto.id]), ..all() }).await, ["two", "one"]);
    assert!(actions(&app, &AuditFilter { actors: Some(vec![]), ..all() }).await.is_empty(), "nobody of that name");
    assert_eq!(actions(&app, &AuditFilter { action: Some("two".into()), ..all() }).await, ["two"]);
    assert_eq!(actions(&app, &AuditFilter { entity: Some("campaign".into()), ..all() }).await, ["three"]);
    assert_eq!(actions(&app, &AuditFilter { entity_id: Some(beto.id.0), ..all() }).await, ["three", "two"]);
    assert_eq!(actions(&app, &AuditFilter { ip: Some("local".into()), ..all() }).await, ["three"]);
    let minute = |n| Some(app.now() + Duration::minutes(n));
    assert_eq!(actions(&app, &AuditFilter { from: minute(2), until: minute(3), ..all() }).await, ["two"]);
    let together = AuditFilter {
        actors: Some(vec![beto.id]),
        action: Some("two".into()),
        entity: Some("app_user".into()),
        entity_id: Some(beto.id.0),
        ip: Some("203.0.113.7".into()),
        from: minute(2),
        until: minute(3),
    };
    assert_eq!(actions(&app, &together).await, ["two"]);
});

both_dbs!(a_typed_name_finds_people_by_words_and_by_e_mail, |app| {
    let ana = app.user("José").last_name("Peña").email("jp@crea.example").insert().await;
    app.user("beto").insert().await;
    for typed in ["pena", "JOSE p", "jp@cr"] {
        assert_eq!(audit_log::people_like(&app.db, typed).await.unwrap(), [ana.id], "{typed}");
    }
    assert!(audit_log::people_like(&app.db, "%").await.unwrap().is_empty(), "a wildcard is a letter");
});

both_dbs!(a_page_of_a_large_log_is_read_along_an_index, |app| {
    let ana = app.user("ana").insert().await;
    let start = Utc.with_ymd_and_hms(2026, 1, 1, 0, 0, 0).unwrap();
    let codes = ["session.start", "user.update", "campaign.update", "rare"];
    for part in 0..20 {
        let rows = (0..250_i64).map(|n| {
            let n = part * 250 + n;
            let code = if n % 997 == 0 { 3 } else { usize::try_from(n % 3).unwrap() };
            let cells: Vec<Arg> = vec![
                Uuid::now_v7().into(),
                (start + Duration::seconds(n)).into(),
                Some(ana.id).into(),
                "local".into(),
                codes[code].into(),
                "app_user".into(),
                Some(ana.id.0).into(),
                json!({}).into(),
                json!({}).into(),
            ];
            cells
        });
        let insert = "insert into audit_log (id, at, actor_id, ip, action, entity, entity_id, before, after) values ";
        app.db.exec(crea::db::Sql::new(insert, vec![]).rows(rows)).await.unwrap();
    }
    if app.db.is_postgres() {
        app.db.exec(sql!("analyze audit_log")).await.unwrap();
    }
    let plan = async |query: &'static str| {
        if app.db.is_postgres() {
            let rows: Vec<(String,)> = app.db.all(sql!("explain ").push(query)).await.unwrap();
            rows.into_iter().map(|row| row.0).collect::<Vec<_>>().join("\n")
        } else {
            let rows: Vec<(i64, i64, i64, String)> = app.db.all(sql!("explain query plan ").push(query)).await.unwrap();
            rows.into_iter().map(|row| row.3).collect::<Vec<_>>().join("\n")
        }
    };
    for query in [
        "select * from audit_log where true order by at desc, id desc limit 51",
        "select * from audit_log where action = 'rare' order by at desc, id desc limit 51",
        "select * from audit_log where ip = 'none' and at < '2026-01-01' order by at desc, id desc limit 51",
    ] {
        let plan = plan(query).await;
        assert!(plan.contains("audit_log_"), "{query}\n{plan}");
        assert!(!plan.contains("Seq Scan") && !plan.contains("TEMP B-TREE"), "{query}\n{plan}");
    }
    let rare = AuditFilter { action: Some("rare".into()), ..AuditFilter::default() };
    assert_eq!(audit_log::list(&app.db, &rare, None, 50).await.unwrap().rows.len(), 6);
});
