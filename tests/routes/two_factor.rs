//! The second factor: enrolment, the second step of a sign-in, recovery codes, who must have it.

use axum::http::StatusCode;
use chrono::TimeDelta;
use crea::{auth::Role, sql};
use serde_json::json;
use totp_rs::{Builder, Secret};
use views::text::{Locale, t};

use crate::harness::{Answer, Client, PASSWORD, TestApp, User, both_dbs, one_db};

/// Who begins.
const OWN: [(&str, &str); 1] = [("current", PASSWORD)];

fn says(answer: &Answer, key: &str) -> bool {
    answer.texts("main").join(" ").contains(t(Locale::Es, key))
}

/// The code that an app with this key shows now.
fn code(app: &TestApp, key: &str) -> String {
    let secret = Secret::try_from_base32(key.replace(' ', "")).unwrap();
    let totp = Builder::new().with_secret(secret).build().unwrap();
    let now = u64::try_from(app.now().timestamp()).unwrap();
    totp.generate(now).to_string()
}

/// Enrols through the pages; answers the key and the recovery codes.
async fn enrol(app: &TestApp, browser: &Client) -> (String, Vec<String>) {
    assert_eq!(browser.post("/account/two-factor", &OWN).await.location(), "/account/two-factor");
    let page = browser.get("/account/two-factor").await;
    let key = page.texts(".factor-key").concat();
    assert_eq!((key.replace(' ', "").len(), page.count(".qr path")), (32, 1), "{}", page.text);
    let wrong = browser.post("/account/two-factor/codes", &[("code", "000000")]).await;
    assert!(wrong.status == 422 || wrong.count(".recovery-codes") == 1);
    let shown = browser.post("/account/two-factor/codes", &[("code", &code(app, &key))]).await;
    assert_eq!((shown.status, shown.header("hx-push-url")), (StatusCode::OK, "false"));
    let codes = shown.texts(".recovery-codes code");
    assert_eq!(codes.len(), 10);
    (key, codes)
}

/// The first step of a sign-in.
async fn password_step(app: &TestApp, user: &User) -> Client {
    let browser = app.browser();
    let form = [("login", &*user.email), ("password", PASSWORD), ("next", "/chat")];
    assert_eq!(browser.post("/sign-in", &form).await.location(), "/sign-in/code");
    browser
}

async fn code_step(browser: &Client, code: &str) -> Answer {
    browser.post("/sign-in/code", &[("code", code)]).await
}

async fn audited(app: &TestApp) -> Vec<String> {
    let rows: Vec<(String,)> =
        app.db.all(sql!("select action from audit_log where action like 'totp%' order by at, id")).await.unwrap();
    rows.into_iter().map(|row| row.0).collect()
}

async fn require(app: &TestApp, roles: &[&str]) {
    let set = sql!(
        "insert into setting (key, value, updated_at) values ('security', $1, $2) \
         on conflict (key) do update set value = excluded.value",
        json!({ "totp_roles": roles }),
        app.now()
    );
    app.db.exec(set).await.unwrap();
}

both_dbs!(who_enrolled_signs_in_with_both_and_each_code_works_once, |app| {
    let ana = app.user("ana").insert().await;
    let (here, there) = (app.sign_in(&ana).await, app.sign_in(&ana).await);
    let (key, _) = enrol(&app, &here).await;
    assert_eq!(here.get("/account/security").await.texts(".tag").concat(), "ActivaEsta sesión");
    assert_eq!(there.get("/").await.location(), "/sign-in", "sessions without the second factor end");
    let (sealed,): (String,) = app.db.one(sql!("select sealed from second_factor")).await.unwrap();
    assert!(sealed.starts_with("v1.") && !sealed.contains(&key.replace(' ', "")));

    let browser = password_step(&app, &ana).await;
    for path in ["/", "/chat", "/account", "/account/two-factor"] {
        assert!(browser.get(path).await.location().starts_with("/sign-in"), "{path}: nobody is signed in yet");
    }
    assert!(says(&browser.get("/sign-in/code").await, "sign_in.code_title"));
    assert_eq!(code_step(&browser, &code(&app, &key)).await.status, 422, "the code of the enrolment was used");
    app.clock.advance(TimeDelta::seconds(30));
    let next = code(&app, &key);
    let before = browser.cookie();
    assert_eq!(code_step(&browser, &next).await.location(), "/chat");
    assert_ne!(browser.cookie(), before, "under a new token");
    assert_eq!(browser.get("/chat").await.status, 200);
    let again = password_step(&app, &ana).await;
    assert!(says(&code_step(&again, &next).await, "sign_in.wrong_code"), "a code works once");
    assert_eq!(audited(&app).await, ["totp.enable"]);
});

both_dbs!(a_recovery_code_works_once_and_new_ones_end_the_old, |app| {
    let ana = app.user("ana").insert().await;
    let here = app.sign_in(&ana).await;
    let (key, codes) = enrol(&app, &here).await;
    let typed = codes[0].to_uppercase().replace('-', " ");
    let browser = password_step(&app, &ana).await;
    assert_eq!(code_step(&browser, &typed).await.location(), "/chat");
    let browser = password_step(&app, &ana).await;
    assert_eq!(code_step(&browser, &codes[0]).await.status, 422, "once");
    assert!(here.get("/account/security").await.text.contains("quedan 9 códigos"));
    app.clock.advance(TimeDelta::seconds(30));
    let renewed = here.post("/account/two-factor/codes", &[("code", &code(&app, &key))]).await;
    let fresh = renewed.texts(".recovery-codes code");
    assert!(fresh.len() == 10 && fresh.iter().all(|code| !codes.contains(code)));
    assert_eq!(code_step(&browser, &codes[1]).await.status, 422, "replaced");
    assert_eq!(code_step(&browser, &fresh[1]).await.location(), "/chat");
    let (plain,): (i64,) = app
        .db
        .one(sql!("select count(*) from recovery_code where code_hash like $1", format!("%{}%", &fresh[2][..5])))
        .await
        .unwrap();
    assert_eq!(plain, 0, "kept as digests");
    assert_eq!(audited(&app).await, ["totp.enable", "totp.recovery", "totp.codes", "totp.recovery"]);
});

both_dbs!(codes_are_throttled_like_passwords, |app| {
    let ana = app.user("ana").insert().await;
    let (key, codes) = enrol(&app, &app.sign_in(&ana).await).await;
    app.clock.advance(TimeDelta::minutes(1));
    let browser = password_step(&app, &ana).await;
    for _ in 0..5 {
        assert_eq!(code_step(&browser, "000000").await.status, 422);
    }
    let locked = code_step(&browser, &code(&app, &key)).await;
    assert_eq!((locked.status, locked.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "900"));
    let elsewhere = password_step(&app, &ana).await;
    assert_eq!(code_step(&elsewhere, &codes[0]).await.status, 429, "another browser is no way around");
    app.clock.advance(TimeDelta::minutes(16));
    let browser = password_step(&app, &ana).await;
    assert_eq!(code_step(&browser, &code(&app, &key)).await.location(), "/chat");
});

both_dbs!(the_first_step_is_forgotten_soon_and_with_a_change_of_password, |app| {
    let ana = app.user("ana").insert().await;
    let (key, codes) = enrol(&app, &app.sign_in(&ana).await).await;
    let late = password_step(&app, &ana).await;
    app.clock.advance(TimeDelta::minutes(10));
    assert_eq!(code_step(&late, &code(&app, &key)).await.location(), "/sign-in");
    let overtaken = password_step(&app, &ana).await;
    app.db.exec(sql!("update app_user set password_hash = 'another'")).await.unwrap();
    assert_eq!(code_step(&overtaken, &codes[0]).await.location(), "/sign-in");
    assert_eq!(app.browser().get("/sign-in/code").await.location(), "/sign-in", "no step without the one before");
    assert_eq!(code_step(&app.browser(), &codes[0]).await.location(), "/sign-in");
});

both_dbs!(switching_off_takes_password_and_code, |app| {
    let ana = app.user("ana").insert().await;
    let browser = app.sign_in(&ana).await;
    let (key, codes) = enrol(&app, &browser).await;
    app.clock.advance(TimeDelta::seconds(30));
    let off = |password: &'static str, code: String| {
        let browser = browser.clone();
        async move { browser.post("/account/two-factor/disable", &[("current", password), ("last_code", &code)]).await }
    };
    assert_eq!(off(PASSWORD, "000000".into()).await.texts("#f-last_code-error"), [t(Locale::Es, "factor.wrong")]);
    let wrong = off("wrong password", code(&app, &key)).await;
    assert_eq!(wrong.texts("#f-current-error"), [t(Locale::Es, "password.wrong_current")]);
    require(&app, &["asesor"]).await;
    assert_eq!(off(PASSWORD, codes[0].clone()).await.status, 409, "the role needs it");
    assert!(says(&browser.get("/account/two-factor").await, "factor.required"));
    require(&app, &[]).await;
    assert_eq!(off(PASSWORD, codes[0].clone()).await.location(), "/account/security");
    assert_eq!(app.sign_in(&ana).await.get("/").await.status, 200, "the password is enough again");
    assert_eq!(audited(&app).await, ["totp.enable", "totp.recovery", "totp.disable"]);
});

both_dbs!(a_role_that_must_have_it_reaches_nothing_else, |app| {
    require(&app, &["supervisor"]).await;
    let ana = app.user("ana").insert().await;
    let luz = app.user("luz").role(Role::Supervisor).insert().await;
    assert_eq!(app.sign_in(&ana).await.get("/").await.status, 200, "another role");
    let browser = app.sign_in(&luz).await;
    for route in crea::routes().declared() {
        let path = route.path.replace("{id}", &luz.id.to_string()).replace("{token}", "x");
        let is_way =
            ["/account/two-factor", "/account/two-factor/codes", "/account/look", "/sign-out"].contains(&&*path);
        if is_way || ["/live", "/live/sse", "/live/poll"].contains(&&*path) {
            continue;
        }
        let answer = if route.method == "POST" { browser.post(&path, &[]).await } else { browser.get(&path).await };
        assert_eq!(answer.location(), "/account/two-factor", "{} {path}", route.method);
    }
    let page = browser.get("/account/two-factor").await;
    assert!(says(&page, "factor.forced") && page.count("[hx-ws\\:connect]") == 0, "no socket");
    enrol(&app, &browser).await;
    assert_eq!(browser.get("/").await.status, 200);
    assert!(browser.get("/account/two-factor").await.count("[hx-ws\\:connect]") == 1);
});

one_db!(a_superuser_must_have_what_administrators_must, |app| {
    require(&app, &["administrador"]).await;
    let root = app.user("root").superuser().insert().await;
    let browser = app.sign_in(&root).await;
    assert_eq!(browser.get("/").await.location(), "/account/two-factor");
    enrol(&app, &browser).await;
    let off = [("current", PASSWORD), ("last_code", "000000")];
    assert_eq!(browser.post("/account/two-factor/disable", &off).await.status, 409);
});

one_db!(who_must_do_both_enrols_before_choosing_a_password, |app| {
    require(&app, &["asesor"]).await;
    let ana = app.user("ana").must_change_password().insert().await;
    let browser = app.sign_in(&ana).await;
    assert_eq!(browser.get("/").await.location(), "/account/two-factor");
    enrol(&app, &browser).await;
    assert_eq!(browser.get("/").await.location(), "/account/security");
});

both_dbs!(an_administrator_takes_a_lost_factor_away, |app| {
    let ana = app.user("ana").insert().await;
    let (boss, luz) = (app.user("zoe").role(Role::Administrador), app.user("luz").role(Role::Supervisor));
    let (boss, luz) = (app.sign_in(&boss.insert().await).await, app.sign_in(&luz.insert().await).await);
    let hers = app.sign_in(&ana).await;
    enrol(&app, &hers).await;
    let path = format!("/people/{}/two-factor", ana.id);
    assert_eq!(luz.post(&path, &[]).await.status, 403);
    assert_eq!(boss.post(&path, &[]).await.status, 303);
    assert_eq!(boss.post(&path, &[]).await.status, 404, "there is none any more");
    assert_eq!(hers.get("/").await.location(), "/sign-in", "sessions end");
    assert_eq!(app.sign_in(&ana).await.get("/").await.status, 200);
    assert_eq!(audited(&app).await, ["totp.enable", "totp.reset"]);
    let root = app.user("root").superuser().insert().await;
    enrol(&app, &app.sign_in(&root).await).await;
    let path = format!("/people/{}/two-factor", root.id);
    assert_eq!(boss.post(&path, &[]).await.status, 403, "a superuser's is for superusers");
});

one_db!(an_enrolment_is_begun_anew_until_it_is_proven, |app| {
    let ana = app.user("ana").insert().await;
    let browser = app.sign_in(&ana).await;
    assert_eq!(browser.post("/account/two-factor/codes", &[("code", "123456")]).await.status, 409, "nothing begun");
    let refused = browser.post("/account/two-factor", &[("current", "wrong")]).await;
    assert_eq!(refused.texts("#f-current-error"), [t(Locale::Es, "password.wrong_current")]);
    assert_eq!(browser.get("/account/two-factor").await.count(".factor-key"), 0, "an open screen is not enough");
    browser.post("/account/two-factor", &OWN).await;
    let first = browser.get("/account/two-factor").await.texts(".factor-key").concat();
    let (key, _) = enrol(&app, &browser).await;
    assert_ne!(first, key);
    assert_eq!(browser.post("/account/two-factor", &[]).await.status, 409, "it is on");
});
