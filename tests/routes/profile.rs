//! One's own data, and another e-mail address.

use chrono::TimeDelta;
use crea::{mail, sql};
use views::text::{Locale, t};

use crate::harness::{Answer, Client, PASSWORD, both_dbs, one_db, smtp::Smtp};

fn says(answer: &Answer, key: &str) -> bool {
    answer.texts("main").join(" ").contains(t(Locale::Es, key))
}

async fn save(browser: &Client, fields: &[(&str, &str)]) -> Answer {
    let mut form = vec![("first_name", "Ana"), ("last_name", "Ruiz")];
    form.retain(|(name, _)| !fields.iter().any(|(other, _)| other == name));
    form.extend_from_slice(fields);
    browser.post("/account", &form).await
}

both_dbs!(names_and_users_elsewhere_are_saved_and_written_down, |app| {
    let ana = app.user("ana").insert().await;
    let browser = app.sign_in(&ana).await;
    let fields = [("first_name", " Ána "), ("greta_user", "aruiz"), ("phone", "+57 300 123 4567")];
    assert_eq!(save(&browser, &fields).await.location(), "/account?saved=1");
    let page = browser.get("/account?saved=1").await;
    assert!(says(&page, "account.saved"));
    let values = ["first_name", "last_name", "greta_user", "c8_user", "phone"]
        .map(|name| page.attrs(&format!("[name={name}]"), "value").concat());
    assert_eq!(values, ["Ána", "Ruiz", "aruiz", "", "+57 300 123 4567"]);
    let (folded, version): (String, i64) =
        app.db.one(sql!("select name_folded, version from app_user where id = $1", ana.id)).await.unwrap();
    assert_eq!((folded.as_str(), version), ("ana ruiz", 2), "found by the new name; an older form is stale");
    let (before, after): (serde_json::Value, serde_json::Value) =
        app.db.one(sql!("select before, after from audit_log where action = 'profile.update'")).await.unwrap();
    assert_eq!((&before["greta_user"], &after["greta_user"]), (&"".into(), &"aruiz".into()));
    save(&browser, &fields).await;
    let (times,): (i64,) =
        app.db.one(sql!("select count(*) from audit_log where action = 'profile.update'")).await.unwrap();
    assert_eq!(times, 1, "the same again is no change");
});

one_db!(a_refused_profile_keeps_what_was_typed, |app| {
    let ana = app.user("ana").insert().await;
    let browser = app.sign_in(&ana).await;
    save(&browser, &[("greta_user", "aruiz")]).await;
    let long = "a".repeat(31);
    let cases = [
        ("first_name", "", "field.required"),
        ("last_name", &*long, "field.too_long"),
        ("greta_user", " ", "field.required"),
        ("phone", "call me", "field.phone"),
    ];
    for (field, value, key) in cases {
        let answer = save(&browser, &[("c8_user", "typed"), (field, value)]).await;
        assert_eq!(answer.status, 422, "{field}");
        assert_eq!(answer.texts(&format!("#f-{field}-error")), [t(Locale::Es, key)], "{field}");
        assert_eq!(answer.attrs("[name=c8_user]", "value"), ["typed"]);
    }
});

both_dbs!(an_address_changes_by_its_own_link_and_the_old_one_is_told, |app| {
    let server = Smtp::start().await;
    let app = app.mailing(&server).await;
    let ana = app.user("ana").insert().await;
    let browser = app.sign_in(&ana).await;
    let wanted = "ana.nueva@crea.example";
    let ask = |password: &'static str, email: &'static str| {
        let browser = browser.clone();
        async move { browser.post("/account/email", &[("email", email), ("current", password)]).await }
    };
    let refused = ask("wrong password", wanted).await;
    assert_eq!(refused.texts("#f-current-error"), [t(Locale::Es, "password.wrong_current")]);
    assert_eq!(refused.attrs("[name=email]", "value"), [wanted]);
    assert_eq!(ask(PASSWORD, "no address").await.texts("#f-email-error"), [t(Locale::Es, "field.email")]);
    assert_eq!(ask(PASSWORD, wanted).await.location(), "/account?mailed=1");
    assert!(browser.get("/account?mailed=1").await.text.contains(wanted));
    mail::run_once(&app).await.unwrap();
    let letter = server.kept().pop().unwrap();
    assert_eq!(letter.to, [wanted], "to the new address");
    let link = letter.link("/account/email/");
    let guest = app.browser();
    assert!(says(&guest.get(&link).await, "email.confirm.title"), "opening it changes nothing");
    assert_eq!(guest.post("/sign-in", &[("login", wanted), ("password", PASSWORD)]).await.status, 422);
    assert!(says(&guest.post(&link, &[]).await, "email.changed"));
    assert_eq!(guest.post(&link, &[]).await.status, 410, "once");
    assert_eq!(guest.post("/sign-in", &[("login", wanted), ("password", PASSWORD)]).await.status, 303);
    mail::run_once(&app).await.unwrap();
    let told = server.kept().pop().unwrap();
    assert_eq!(told.to, std::slice::from_ref(&ana.email));
    assert!(told.plain().contains(wanted));
    let (before, after): (serde_json::Value, serde_json::Value) =
        app.db.one(sql!("select before, after from audit_log where action = 'email.change'")).await.unwrap();
    assert_eq!((&before["email"], &after["email"]), (&ana.email.into(), &wanted.into()));
});

both_dbs!(an_address_of_somebody_else_looks_the_same_and_gets_no_link, |app| {
    let server = Smtp::start().await;
    let app = app.mailing(&server).await;
    let (ana, luis) = (app.user("ana").insert().await, app.user("luis").insert().await);
    let browser = app.sign_in(&ana).await;
    let form = [("email", luis.email.to_uppercase()), ("current", PASSWORD.to_owned())];
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(browser.post("/account/email", &form).await.location(), "/account?mailed=1");
    assert!(browser.get("/account?mailed=1").await.text.contains(&luis.email.to_uppercase()));
    mail::run_once(&app).await.unwrap();
    assert!(server.kept().is_empty());
    for _ in 0..4 {
        browser.post("/account/email", &form).await;
    }
    assert_eq!(browser.post("/account/email", &form).await.status, 429);
    app.clock.advance(TimeDelta::minutes(16));
    assert_eq!(browser.post("/account/email", &form).await.status, 303);
});

one_db!(an_address_that_was_taken_meanwhile_is_not_given_twice, |app| {
    let server = Smtp::start().await;
    let app = app.mailing(&server).await;
    let ana = app.user("ana").insert().await;
    let browser = app.sign_in(&ana).await;
    browser.post("/account/email", &[("email", "new@crea.example"), ("current", PASSWORD)]).await;
    mail::run_once(&app).await.unwrap();
    let link = server.kept().pop().unwrap().link("/account/email/");
    app.user("luis").email("New@crea.example").insert().await;
    assert_eq!(app.browser().post(&link, &[]).await.status, 410);
    assert_eq!(app.browser().post("/sign-in", &[("login", &*ana.email), ("password", PASSWORD)]).await.status, 303);
});

one_db!(without_mail_an_administrator_changes_the_address, |app| {
    let ana = app.user("ana").insert().await;
    let browser = app.sign_in(&ana).await;
    let page = browser.get("/account").await;
    assert!(says(&page, "email.no_mail") && page.count("[action='/account/email']") == 0);
    assert_eq!(browser.post("/account/email", &[("email", "b@x.co"), ("current", PASSWORD)]).await.status, 409);
});

one_db!(one_sees_where_one_signed_in, |app| {
    let ana = app.user("ana").insert().await;
    app.sign_in(&app.user("luis").insert().await).await;
    app.sign_in(&ana).await.post("/sign-out", &[]).await;
    let page = app.sign_in(&ana).await.get("/account/security").await;
    assert_eq!(page.count(".plain-table tbody tr"), 2, "the ended one too, and nobody else's");
});
