//! Conversations exported for an investigation: who may, with which reason, and what the file and the audit log say.

use crea::{
    auth::{Module, Role},
    sql,
};
use serde_json::Value;

use crate::harness::{Client, TestApp, User, both_dbs, one_db, talk};

async fn floor(app: &TestApp) -> (User, Client, Client, String) {
    let own = app.campaign(Module::Core).await;
    let ana = app.user("ana").campaign(&own).insert().await;
    let luz = app.user("luz").role(Role::Supervisor).campaign(&own).insert().await;
    let root = app.user("zoe").role(Role::Administrador).insert().await;
    let (hers, admin) = (app.sign_in(&ana).await, app.sign_in(&root).await);
    let id = talk::open(&hers, &luz).await;
    talk::say(&hers, &id, "dice ahora").await;
    talk::say(&hers, &id, "=1+1 secreto").await;
    (ana, hers, admin, id)
}

const REASON: &str = "Queja del cliente 1234, radicado 88";

both_dbs!(an_export_needs_the_role_and_a_reason_and_is_written_down, |app| {
    let (_, hers, admin, id) = floor(&app).await;
    let url = format!("/investigations/{id}");
    assert_eq!(hers.get("/investigations").await.status, 403);
    assert_eq!(hers.post(&url, &[("reason", REASON)]).await.status, 403);
    for reason in ["", "corto", "         x          ", &"a".repeat(501)] {
        let refused = admin.post(&url, &[("reason", reason)]).await;
        assert_eq!(refused.status, 422, "{reason}");
        assert_eq!(refused.texts("li.investigation textarea"), [reason.trim()], "what was typed stays");
    }
    let rows = || async {
        let sql = sql!("select after from audit_log where action = 'conversation.export'");
        app.db.all::<(sqlx::types::Json<Value>,)>(sql).await.unwrap()
    };
    assert!(rows().await.is_empty(), "nothing left the house");
    app.db.exec(sql!("update message set edited_at = $1 where number = 1", app.clock.now())).await.unwrap();
    let former = sql!(
        "insert into message_revision (message_id, number, body, replaced_at) select id, 1, 'decía antes', $1 from message where number = 1",
        app.clock.now()
    );
    app.db.exec(former).await.unwrap();
    app.db.exec(sql!("update message set deleted_at = $1 where number = 2", app.clock.now())).await.unwrap();
    let file = admin.post(&url, &[("reason", REASON)]).await;
    assert_eq!(file.status, 200);
    assert!(file.header("content-disposition").contains(".xlsx"));
    let told = rows().await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].0["reason"], REASON);
    assert_eq!(told[0].0["messages"], 2);
    for _ in 0..9 {
        assert_eq!(admin.post(&url, &[("reason", REASON)]).await.status, 200);
    }
    assert_eq!(admin.post(&url, &[("reason", REASON)]).await.status, 429, "the eleventh of an hour");
    assert_eq!(rows().await.len(), 10);
});

both_dbs!(conversations_are_found_by_their_people_and_not_read, |app| {
    let (ana, _, admin, id) = floor(&app).await;
    let page = admin.get("/investigations?q=ana%20luz").await;
    assert_eq!(page.attrs("li.investigation form", "action"), [format!("/investigations/{id}")]);
    let text = page.texts("li.investigation").join(" ");
    assert!(text.contains(&ana.name) && text.contains('2'), "{text}");
    assert!(!page.text.contains("secreto"), "no content is shown");
    assert_eq!(admin.get("/investigations?q=ana%20nadie").await.count("li.investigation"), 0);
    assert_eq!(admin.get("/investigations").await.count("li.investigation"), 0, "nothing without a name");
});

one_db!(a_conversation_that_is_not_there_is_not_found, |app| {
    let (_, _, admin, _) = floor(&app).await;
    let url = format!("/investigations/{}", uuid::Uuid::now_v7());
    assert_eq!(admin.post(&url, &[("reason", REASON)]).await.status, 404);
});
