//! A forgotten password: the link, once; whether the account exists, nobody learns.

use axum::http::StatusCode;
use chrono::TimeDelta;
use crea::{mail, sql};
use views::text::{Locale, t};

use crate::harness::{Answer, Client, PASSWORD, TestApp, both_dbs, eventually, one_db, smtp::Smtp};

const NEW: &str = "four plain words here";

fn says(answer: &Answer, key: &str) -> bool {
    answer.texts("main").join(" ").contains(t(Locale::Es, key))
}

async fn ask(browser: &Client, login: &str) -> Answer {
    browser.post("/reset", &[("login", login)]).await
}

async fn choose(browser: &Client, link: &str, password: &str) -> Answer {
    browser.post(link, &[("password", password), ("password_again", password)]).await
}

/// The path of the newest link mailed to `to`.
async fn mailed_link(app: &TestApp, server: &Smtp, to: &str) -> String {
    eventually("a link is mailed", || async {
        mail::run_once(app).await.unwrap();
        server.kept().iter().rev().find(|m| m.to == [to] && m.plain().contains("/reset/")).map(|m| m.link("/reset/"))
    })
    .await
}

both_dbs!(a_mailed_link_sets_a_password_once_and_ends_every_session, |app| {
    let server = Smtp::start().await;
    let app = app.mailing(&server).await;
    let ana = app.user("ana").insert().await;
    let signed_in = app.sign_in(&ana).await;
    let guest = app.browser();
    assert!(guest.get("/sign-in").await.attrs("a", "href").contains(&"/reset".to_owned()));
    assert!(says(&ask(&guest, &ana.email).await, "reset.sent"));
    let link = mailed_link(&app, &server, &ana.email).await;
    let page = guest.get(&link).await;
    assert_eq!((page.status, page.attrs("form", "action")), (StatusCode::OK, vec![link.clone()]));
    let refused = choose(&guest, &link, "short").await;
    assert_eq!(refused.status, 422, "a bad choice does not use the link");
    assert!(says(&refused, "password.too_short"));
    assert_eq!(choose(&guest, &link, NEW).await.location(), "/sign-in?done=reset");
    assert!(says(&guest.get("/sign-in?done=reset").await, "sign_in.reset"));
    for answer in [choose(&guest, &link, "other plain words here").await, guest.get(&link).await] {
        assert_eq!(answer.status, 410, "once");
        assert!(says(&answer, "link.over"));
    }
    assert_eq!(signed_in.get("/").await.location(), "/sign-in", "whoever was signed in is out");
    assert_eq!(guest.post("/sign-in", &[("login", &*ana.email), ("password", PASSWORD)]).await.status, 422);
    assert_eq!(guest.post("/sign-in", &[("login", &*ana.email), ("password", NEW)]).await.status, 303);
    let done: Vec<(String,)> =
        app.db.all(sql!("select action from audit_log where action like 'password%' order by at, id")).await.unwrap();
    assert_eq!(done.iter().map(|a| &*a.0).collect::<Vec<_>>(), ["password.reset_link", "password.reset"]);
    mail::run_once(&app).await.unwrap();
    let told = server.kept().pop().unwrap();
    assert!(told.plain().contains(t(Locale::Es, "mail.password.title")), "{}", told.plain());
});

both_dbs!(links_that_are_over_tampered_or_replaced_open_nothing, |app| {
    let server = Smtp::start().await;
    let app = app.mailing(&server).await;
    let ana = app.user("ana").insert().await;
    let guest = app.browser();
    ask(&guest, &ana.email).await;
    let first = mailed_link(&app, &server, &ana.email).await;
    app.clock.advance(TimeDelta::minutes(1));
    ask(&guest, &ana.email).await;
    let second = eventually("another link", || async {
        mail::run_once(&app).await.unwrap();
        server.kept().last().map(|m| m.link("/reset/")).filter(|link| *link != first)
    })
    .await;
    assert_eq!(choose(&guest, &first, NEW).await.status, 410, "a newer one took its place");
    let tampered = format!("{}0", &second[..second.len() - 1]);
    let tampered = if tampered == second { format!("{}1", &second[..second.len() - 1]) } else { tampered };
    for bad in [&*tampered, "/reset/x", "/reset/%00", &second.to_uppercase().replace("/RESET/", "/reset/")] {
        if bad != second {
            assert_eq!(choose(&guest, bad, NEW).await.status, 410, "{bad}");
        }
    }
    app.clock.advance(TimeDelta::hours(1));
    assert_eq!(guest.get(&second).await.status, 410, "an hour is over");
    assert_eq!(choose(&guest, &second, NEW).await.status, 410);
});

both_dbs!(unknown_and_closed_accounts_get_the_same_answer_and_no_mail, |app| {
    let server = Smtp::start().await;
    let app = app.mailing(&server).await;
    let ana = app.user("ana").insert().await;
    let gone = app.user("gone").inactive().insert().await;
    let guest = app.browser();
    let answers =
        [ask(&guest, "nobody@crea.example").await, ask(&guest, &gone.email).await, ask(&guest, &ana.email).await];
    for answer in &answers {
        assert_eq!((answer.status, &answer.text), (answers[2].status, &answers[2].text));
    }
    mailed_link(&app, &server, &ana.email).await;
    assert_eq!(server.kept().len(), 1, "to her alone");
});

both_dbs!(asking_too_often_is_refused_for_any_name, |app| {
    let server = Smtp::start().await;
    let app = app.mailing(&server).await;
    let ana = app.user("ana").insert().await;
    for login in [&*ana.email, "nobody@crea.example"] {
        for _ in 0..5 {
            assert_eq!(ask(&app.browser(), login).await.status, 200);
        }
        let locked = ask(&app.browser(), login).await;
        assert_eq!((locked.status, locked.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "900"));
        assert!(says(&locked, "reset.locked"));
    }
    assert_eq!(app.sign_in(&ana).await.get("/").await.status, 200, "signing in is not locked by it");
});

one_db!(without_mail_the_page_names_an_administrator, |app| {
    let ana = app.user("ana").insert().await;
    assert!(says(&app.browser().get("/reset").await, "reset.no_mail"));
    assert!(says(&ask(&app.browser(), &ana.email).await, "reset.no_mail"));
    let (links,): (i64,) = app.db.one(sql!("select count(*) from account_token")).await.unwrap();
    assert_eq!(links, 0);
});
