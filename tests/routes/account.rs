//! One's own account: password and look.

use crea::sql;
use views::text::{Locale, t};

use crate::harness::{Answer, Client, PASSWORD, both_dbs, one_db};

const NEW: &str = "four plain words here";

async fn change(browser: &Client, current: &str, password: &str, again: &str) -> Answer {
    let form = [("current", current), ("password", password), ("password_again", again)];
    browser.post("/account/password", &form).await
}

both_dbs!(a_new_password_ends_the_other_sessions_and_the_old_password, |app| {
    let ana = app.user("ana").insert().await;
    let (here, there) = (app.sign_in(&ana).await, app.sign_in(&ana).await);
    let stolen = here.copy();
    assert_eq!(
        (there.get("/").await.status, stolen.get("/").await.status),
        (200.try_into().unwrap(), 200.try_into().unwrap())
    );
    assert_eq!(change(&here, PASSWORD, NEW, NEW).await.location(), "/account/security?saved=1");
    assert!(here.get("/account/security?saved=1").await.text.contains(t(Locale::Es, "password.changed")));
    assert_eq!(there.get("/").await.location(), "/sign-in");
    assert_eq!(stolen.get("/").await.location(), "/sign-in", "this browser goes on under a new token");
    let sign_in = |password: &'static str| {
        let (app, email) = (app.clone(), ana.email.clone());
        async move { app.browser().post("/sign-in", &[("login", &email), ("password", password)]).await.status.as_u16() }
    };
    assert_eq!((sign_in(PASSWORD).await, sign_in(NEW).await), (422, 303));
    let (noted,): (i64,) = app
        .db
        .one(sql!("select count(*) from audit_log where action = 'user.password' and actor_id = $1", ana.id))
        .await
        .unwrap();
    assert_eq!(noted, 1);
});

one_db!(a_password_is_refused_beside_the_field_and_nothing_changes, |app| {
    let ana = app.user("ana").email("laura.gonzalez@crea.example").insert().await;
    let browser = app.sign_in(&ana).await;
    for (current, password, again, key) in [
        ("wrong password", NEW, NEW, "password.wrong_current"),
        (PASSWORD, "short", "short", "password.too_short"),
        (PASSWORD, "1234567890", "1234567890", "password.too_common"),
        (PASSWORD, "lauragonzalez1", "lauragonzalez1", "password.too_similar"),
        (PASSWORD, NEW, "four other words here", "password.mismatch"),
    ] {
        let answer = change(&browser, current, password, again).await;
        assert_eq!(answer.status, 422, "{key}");
        let errors = answer.texts(".field-error").join(" ");
        assert!(errors.contains(t(Locale::Es, key)), "{key}: {errors:?}");
        assert!(!answer.text.contains(&format!("\"{NEW}\"")), "no password is repeated");
    }
    assert_eq!(app.browser().post("/sign-in", &[("login", &ana.email), ("password", PASSWORD)]).await.status, 303);
});

one_db!(the_look_of_a_browser_is_kept_where_nobody_is_signed_in, |app| {
    app.user("ana").insert().await;
    let browser = app.browser();
    assert_eq!(browser.get("/sign-in").await.attrs("html", "lang"), ["es"], "the default");
    let english = [("accept-language", "en-GB,en;q=0.9")];
    let page = browser.send(axum::http::Method::GET, "/sign-in", &english, &[]).await;
    assert_eq!(page.attrs("html", "lang"), ["en"], "the browser's wish");
    let answer = browser.post("/account/look", &[("locale", "en"), ("theme", "dark"), ("next", "/sign-in")]).await;
    assert_eq!((answer.status.as_u16(), answer.location()), (303, "/sign-in"));
    assert!(answer.header("set-cookie").contains("HttpOnly; SameSite=Lax"), "{}", answer.header("set-cookie"));
    let page = browser.get("/sign-in").await;
    assert_eq!(page.attrs("html", "lang"), ["en"]);
    assert!(
        page.text.contains(t(Locale::En, "sign_in.button")) && !page.text.contains(t(Locale::Es, "sign_in.button"))
    );
    assert_eq!(page.attrs("html", "data-bs-theme"), ["dark"]);
});

one_db!(what_a_look_does_not_name_stays_and_what_it_misspells_too, |app| {
    let ana = app.user("ana").insert().await;
    let browser = app.sign_in(&ana).await;
    browser.post("/account/look", &[("locale", "en"), ("theme", "dark"), ("density", "comfortable")]).await;
    browser.post("/account/look", &[("locale", "fr"), ("theme", "light")]).await;
    let look: (String, String, String) = app.db.one(sql!("select locale, theme, density from app_user")).await.unwrap();
    assert_eq!(look, ("en".to_owned(), "light".to_owned(), "comfortable".to_owned()));
    let answer = browser.post_htmx("/account/look", &[("theme", "dark")]).await;
    assert_eq!((answer.status.as_u16(), answer.header("hx-refresh")), (200, "true"));
    let answer = browser.post("/account/look", &[("theme", "dark"), ("next", "//evil.example")]).await;
    assert_eq!(answer.location(), "/");
});

one_db!(a_chosen_state_answers_the_menu_and_refuses_what_cannot_be_chosen, |app| {
    let ana = app.user("ana").insert().await;
    let browser = app.sign_in(&ana).await;
    let menu = browser.post_htmx("/agent-state", &[("state", "break"), ("reason", "lunch")]).await;
    assert_eq!(menu.status, 200);
    assert_eq!(menu.attrs("hx-partial", "hx-target"), ["#agent-state"]);
    assert!(menu.text.contains(t(Locale::Es, "break.lunch")), "{}", menu.text);
    for (form, status) in [
        (vec![("state", "break")], 422),
        (vec![("state", "break"), ("reason", "nap")], 422),
        (vec![("state", "away")], 400),
        (vec![("state", "offline")], 400),
        (vec![], 400),
    ] {
        assert_eq!(browser.post("/agent-state", &form).await.status.as_u16(), status, "{form:?}");
    }
    let (state, reason): (String, String) = app.db.one(sql!("select state, reason from agent_state")).await.unwrap();
    assert_eq!((&*state, &*reason), ("break", "lunch"));
});
