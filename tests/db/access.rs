//! Sessions and the look of pages, through the routes that write them.

use chrono::Duration;
use crea::{
    auth::{self, Module},
    features::access::end_sessions,
    sql,
};
use uuid::Uuid;

use crate::harness::{TestApp, both_dbs};

/// Ids of open sessions as the account page lists them, the current one first.
async fn listed(browser: &crate::harness::Client) -> Vec<String> {
    let page = browser.get("/account/security").await;
    assert_eq!(page.status, 200);
    let actions = page.attrs("form[action^='/account/sessions/']", "action");
    actions.iter().map(|a| a.trim_start_matches("/account/sessions/").to_owned()).collect()
}

async fn open_sessions(app: &TestApp) -> i64 {
    app.db.one::<(i64,)>(sql!("select count(*) from session where revoked_at is null")).await.unwrap().0
}

both_dbs!(a_session_is_a_row_with_a_digest_and_never_the_token, |app| {
    let ana = app.user("ana").insert().await;
    let browser = app.sign_in(&ana).await;
    type Row = (Uuid, String, String, chrono::DateTime<chrono::Utc>);
    let (user, hash, data, until): Row =
        app.db.one(sql!("select user_id, id_hash, data, expires_at from session")).await.unwrap();
    assert_eq!((user, hash.len(), until), (ana.id.0, 64, app.now() + Duration::hours(12)));
    let token = browser.cookie().replace("crea=", "");
    assert!(!token.is_empty() && !data.contains(&token) && hash != token);
});

both_dbs!(one_of_several_sessions_is_ended_and_the_rest_go_on, |app| {
    let ana = app.user("ana").insert().await;
    let (one, two, three) = (app.sign_in(&ana).await, app.sign_in(&ana).await, app.sign_in(&ana).await);
    let others = listed(&one).await;
    assert_eq!(others.len(), 2, "the current one has no button");
    assert_eq!(one.post(&format!("/account/sessions/{}", others[0]), &[]).await.status, 303);
    assert_eq!(open_sessions(&app).await, 2);
    let alive = [two.get("/account/security").await.status, three.get("/account").await.status];
    assert_eq!(alive.iter().filter(|s| s.as_u16() == 200).count(), 1, "{alive:?}");
    assert_eq!(one.post(&format!("/account/sessions/{}", others[0]), &[]).await.status, 404, "it is over already");
});

both_dbs!(nobody_ends_the_session_of_another, |app| {
    let (ana, luis) = (app.user("ana").insert().await, app.user("luis").insert().await);
    let (hers, his) = (app.sign_in(&ana).await, app.sign_in(&luis).await);
    let (id,): (Uuid,) = app.db.one(sql!("select id from session where user_id = $1", ana.id)).await.unwrap();
    assert_eq!(his.post(&format!("/account/sessions/{id}"), &[]).await.status, 404);
    assert_eq!(hers.get("/account/security").await.status, 200);
});

both_dbs!(all_other_sessions_end_at_once, |app| {
    let (ana, luis) = (app.user("ana").insert().await, app.user("luis").insert().await);
    let (one, two) = (app.sign_in(&ana).await, app.sign_in(&ana).await);
    let his = app.sign_in(&luis).await;
    assert_eq!(one.post("/account/sessions", &[]).await.status, 303);
    assert_eq!((one.get("/").await.status.as_u16(), two.get("/").await.status.as_u16()), (200, 303));
    assert_eq!(his.get("/").await.status, 200, "somebody else's goes on");
    let mut tx = app.db.begin().await.unwrap();
    assert_eq!(end_sessions(&mut tx, ana.id, None, app.now()).await.unwrap(), 1);
    tx.commit().await.unwrap();
    assert_eq!(one.get("/").await.status, 303);
});

both_dbs!(use_of_a_session_is_noted_once_a_minute, |app| {
    let ana = app.user("ana").insert().await;
    let browser = app.sign_in(&ana).await;
    let seen = || async {
        app.db.one::<(chrono::DateTime<chrono::Utc>,)>(sql!("select seen_at from session")).await.unwrap().0
    };
    let signed_in = seen().await;
    app.clock.advance(Duration::seconds(60));
    browser.get("/account/security").await;
    assert_eq!(seen().await, signed_in);
    app.clock.advance(Duration::seconds(1));
    browser.get("/account/security").await;
    assert_eq!(seen().await, app.now());
});

both_dbs!(sessions_are_forgotten_a_month_after_their_end, |app| {
    let ana = app.user("ana").insert().await;
    app.sign_in(&ana).await;
    app.clock.advance(Duration::hours(12) + Duration::days(30));
    auth::prune(&app.db, app.now()).await.unwrap();
    let count = || async { app.db.one::<(i64,)>(sql!("select count(*) from session")).await.unwrap().0 };
    assert_eq!(count().await, 1);
    app.clock.advance(Duration::seconds(1));
    auth::prune(&app.db, app.now()).await.unwrap();
    assert_eq!(count().await, 0);
    let (attempts,): (i64,) = app.db.one(sql!("select count(*) from sign_in_attempt")).await.unwrap();
    assert_eq!(attempts, 0, "attempts go with them");
});

both_dbs!(language_theme_and_density_are_the_person_s_in_every_browser, |app| {
    let ana = app.user("ana").insert().await;
    let form = [("locale", "en"), ("theme", "dark"), ("density", "comfortable"), ("next", "/chat")];
    let answer = app.sign_in(&ana).await.post("/account/look", &form).await;
    assert_eq!((answer.status.as_u16(), answer.location()), (303, "/chat"));
    let page = app.sign_in(&ana).await.get("/").await;
    assert_eq!(page.attrs("html", "lang"), ["en"]);
    let row: (String, String, String) = app.db.one(sql!("select locale, theme, density from app_user")).await.unwrap();
    assert_eq!(row, ("en".to_owned(), "dark".to_owned(), "comfortable".to_owned()));
});

both_dbs!(a_person_s_page_knows_their_active_campaigns, |app| {
    let (one, two) = (app.campaign(Module::Core).await, app.campaign(Module::Calidad).await);
    let ana = app.user("ana").campaign(&one).campaign(&two).insert().await;
    let browser = app.sign_in(&ana).await;
    let page = browser.get("/").await;
    assert!(page.text.contains(&one.name) && page.text.contains(&two.name));
    app.db.exec(sql!("update campaign set is_active = false where id = $1", two.id)).await.unwrap();
    let page = browser.get("/").await;
    assert!(page.text.contains(&one.name) && !page.text.contains(&two.name));
});

both_dbs!(a_closed_account_is_signed_out_with_the_next_request, |app| {
    let ana = app.user("ana").insert().await;
    let browser = app.sign_in(&ana).await;
    assert_eq!(browser.get("/").await.status, 200);
    app.db.exec(sql!("update app_user set is_active = false")).await.unwrap();
    assert_eq!(browser.get("/").await.status, 303);
});

both_dbs!(of_two_set_ups_at_once_one_makes_the_administrator, |app| {
    let set_up = |app: TestApp, name: &'static str| async move {
        let email = format!("{name}@crea.example");
        let form = [
            ("first_name", name),
            ("last_name", "Ruiz"),
            ("email", &email),
            ("password", "correct horse battery"),
            ("password_again", "correct horse battery"),
        ];
        app.browser().post("/setup", &form).await.status.as_u16()
    };
    let (one, two) = tokio::join!(set_up(app.clone(), "ana"), set_up(app.clone(), "luis"));
    let mut both = [one, two];
    both.sort_unstable();
    assert_eq!(both, [303, 404]);
    let people: Vec<(String, bool)> = app.db.all(sql!("select role, is_superuser from app_user")).await.unwrap();
    assert_eq!(people, [("administrador".to_owned(), true)]);
});
