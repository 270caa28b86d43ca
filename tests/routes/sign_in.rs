//! Signing in and out, sessions and their end.

use chrono::Duration;
use crea::{auth::Role, sql};
use views::text::{Locale, t};

use crate::harness::{Answer, Client, PASSWORD, TestApp, both_dbs, one_db};

async fn attempt(browser: &Client, login: &str, password: &str) -> Answer {
    browser.post("/sign-in", &[("login", login), ("password", password)]).await
}

fn alert(answer: &Answer) -> String {
    answer.texts(".notice, [role=alert]").join(" ")
}

both_dbs!(a_person_signs_in_with_e_mail_in_any_case_or_document, |app| {
    let ana = app.user("ana").document("1020304050").insert().await;
    for login in [ana.email.clone(), ana.email.to_uppercase(), format!(" {} ", ana.email), "1020304050".to_owned()] {
        let browser = app.browser();
        let answer = attempt(&browser, &login, PASSWORD).await;
        assert_eq!((answer.status.as_u16(), answer.location()), (303, "/"), "{login}");
        assert_eq!(browser.get("/").await.status, 200, "{login}");
    }
});

one_db!(the_form_takes_a_document_as_well_as_an_e_mail, |app| {
    app.user("ana").insert().await;
    let page = app.browser().get("/sign-in").await;
    assert_eq!(page.attrs("input[name=login]", "type"), ["text"], "a browser keeps a number out of an e-mail field");
});

one_db!(whatever_is_wrong_the_answer_is_the_same, |app| {
    let ana = app.user("ana").insert().await;
    let idle = app.user("idle").inactive().insert().await;
    let mut answers = Vec::new();
    for (login, password) in
        [(&*ana.email, "wrong password"), ("nobody@crea.example", PASSWORD), (&*idle.email, PASSWORD)]
    {
        let browser = app.browser();
        let answer = attempt(&browser, login, password).await;
        assert_eq!(answer.status, 422, "{login}");
        assert!(alert(&answer).contains(t(Locale::Es, "sign_in.wrong")), "{}", answer.text);
        assert_eq!(answer.attrs("input[name=login]", "value"), [login], "what was typed is kept");
        assert_eq!(answer.attrs("input[name=password]", "value"), [""; 0], "the password is not");
        assert_eq!(browser.cookie(), "", "no session");
        answers.push(answer.text.replace(login, "…"));
    }
    assert!(answers.iter().all(|text| *text == answers[0]), "nothing tells which it was");
});

both_dbs!(the_sixth_try_is_locked_even_with_the_right_password_and_for_accounts_that_do_not_exist, |app| {
    let ana = app.user("ana").insert().await;
    for login in [&*ana.email, "nobody@crea.example"] {
        let browser = app.browser();
        for _ in 0..5 {
            assert_eq!(attempt(&browser, login, "wrong password").await.status, 422);
        }
        // Another case is the same account.
        let answer = attempt(&browser, &login.to_uppercase(), PASSWORD).await;
        assert_eq!(answer.status, 429, "{login}");
        assert!(alert(&answer).contains(t(Locale::Es, "sign_in.locked")));
    }
    app.clock.advance(Duration::minutes(15));
    assert_eq!(attempt(&app.browser(), &ana.email, PASSWORD).await.status, 303, "the lock ends by itself");
});

both_dbs!(another_address_still_signs_in_until_ten_failures, |app| {
    let ana = app.user("ana").insert().await;
    let browser = app.browser();
    for _ in 0..6 {
        attempt(&browser.at([10, 0, 0, 1]), &ana.email, "wrong password").await;
    }
    assert_eq!(attempt(&browser.at([10, 0, 0, 1]), &ana.email, PASSWORD).await.status, 429);
    assert_eq!(attempt(&app.browser().at([10, 0, 0, 2]), &ana.email, PASSWORD).await.status, 303);
    for n in 3..6 {
        attempt(&browser.at([10, 0, 0, n]), &ana.email, "wrong password").await;
    }
    assert_eq!(attempt(&browser.at([10, 0, 0, 9]), &ana.email, PASSWORD).await.status, 429, "locked from anywhere");
});

one_db!(a_success_forgets_the_failures_before_it, |app| {
    let ana = app.user("ana").insert().await;
    for _ in 0..3 {
        for _ in 0..4 {
            assert_eq!(attempt(&app.browser(), &ana.email, "wrong password").await.status, 422);
        }
        assert_eq!(attempt(&app.browser(), &ana.email, PASSWORD).await.status, 303);
    }
});

both_dbs!(signing_in_again_ends_the_token_of_before, |app| {
    let ana = app.user("ana").insert().await;
    let browser = app.sign_in(&ana).await;
    let old = browser.copy();
    assert_eq!(old.get("/").await.status, 200);
    assert_eq!(attempt(&browser, &ana.email, PASSWORD).await.status, 303);
    assert_ne!(browser.cookie(), old.cookie());
    assert_eq!(browser.get("/").await.status, 200);
    assert_eq!(old.get("/").await.location(), "/sign-in");
});

one_db!(a_token_that_somebody_made_up_is_never_adopted, |app| {
    let ana = app.user("ana").insert().await;
    let browser = app.browser();
    browser.set_cookie("crea", "AAAAAAAAAAAAAAAAAAAAAA");
    let planted = browser.copy();
    assert_eq!(attempt(&browser, &ana.email, PASSWORD).await.status, 303);
    assert_ne!(browser.cookie(), planted.cookie());
    assert_eq!(planted.get("/").await.location(), "/sign-in");
});

both_dbs!(a_session_lasts_twelve_hours_whatever_is_done_with_it, |app| {
    let ana = app.user("ana").insert().await;
    let browser = app.sign_in(&ana).await;
    for _ in 0..11 {
        app.clock.advance(Duration::hours(1));
        assert_eq!(browser.get("/").await.status, 200);
    }
    app.clock.advance(Duration::hours(1) - Duration::seconds(1));
    assert_eq!(browser.get("/").await.status, 200);
    app.clock.advance(Duration::seconds(1));
    assert_eq!(browser.get("/").await.location(), "/sign-in");
});

both_dbs!(signing_out_ends_the_session_and_not_only_the_cookie, |app| {
    let ana = app.user("ana").insert().await;
    let browser = app.sign_in(&ana).await;
    let (copy, other) = (browser.copy(), app.sign_in(&ana).await);
    assert_eq!(copy.get("/").await.status, 200);
    assert_eq!(browser.post("/sign-out", &[]).await.location(), "/sign-in");
    assert_eq!(copy.get("/").await.location(), "/sign-in", "a copied cookie is worth nothing");
    assert_eq!(other.get("/").await.status, 200, "another browser goes on");
    let two = app.second_instance().await;
    assert_eq!(copy.on(&two).get("/").await.location(), "/sign-in", "on every instance");
    let done: Vec<(String,)> = app.db.all(sql!("select action from audit_log order by at, id")).await.unwrap();
    assert_eq!(done.iter().map(|a| &*a.0).collect::<Vec<_>>(), ["session.start", "session.start", "session.end"]);
});

one_db!(who_is_signed_in_needs_no_form, |app| {
    let ana = app.user("ana").insert().await;
    assert_eq!(app.browser().get("/sign-in").await.status, 200);
    let browser = app.sign_in(&ana).await;
    assert_eq!(browser.get("/sign-in?next=/chat").await.location(), "/chat");
});

one_db!(signing_in_leads_to_where_one_wanted_and_never_to_another_site, |app| {
    let ana = app.user("ana").insert().await;
    let page = app.browser().get("/sign-in?next=/chat%3Fafter%3D1").await;
    assert_eq!(page.attrs("input[name=next]", "value"), ["/chat?after=1"]);
    let lead = |next: &'static str| {
        let (app, email): (TestApp, String) = (app.clone(), ana.email.clone());
        async move {
            let form = [("login", &*email), ("password", PASSWORD), ("next", next)];
            app.browser().post("/sign-in", &form).await.location().to_owned()
        }
    };
    assert_eq!(lead("/chat?after=1").await, "/chat?after=1");
    for next in
        ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", "chat", "javascript:x"]
    {
        assert_eq!(lead(next).await, "/", "{next}");
    }
});

one_db!(a_password_of_somebody_else_s_choice_is_changed_first, |app| {
    let ana = app.user("ana").role(Role::Supervisor).must_change_password().insert().await;
    let browser = app.sign_in(&ana).await;
    for path in ["/", "/chat", "/chat/new", "/search?q=a"] {
        assert_eq!(browser.get(path).await.location(), "/account/security", "{path}");
    }
    let id = ana.id.to_string();
    assert_eq!(browser.post("/chat/direct", &[("user_id", &id)]).await.location(), "/account/security");
    let page = browser.get("/account/security").await;
    assert!(page.text.contains(t(Locale::Es, "account.must_change")), "{}", page.text);
    assert_eq!(page.count("[hx-ws\\:connect], .page-tabs"), 0, "alone on the screen, and no socket");
    let form =
        [("current", PASSWORD), ("password", "four plain words here"), ("password_again", "four plain words here")];
    assert_eq!(browser.post("/account/password", &form).await.location(), "/account/security?saved=1");
    assert_eq!(browser.get("/").await.status, 200);
    assert!(!browser.get("/account/security").await.text.contains(t(Locale::Es, "account.must_change")));
});

both_dbs!(email_and_document_are_one_account_to_who_guesses, |app| {
    let ana = app.user("ana").document("1020").insert().await;
    let browser = app.browser();
    for login in ["1020", &*ana.email, "1020", &*ana.email, "1020"] {
        assert_eq!(browser.post("/sign-in", &[("login", login), ("password", "wrong")]).await.status, 422);
    }
    assert_eq!(browser.post("/sign-in", &[("login", &ana.email), ("password", PASSWORD)]).await.status, 429);
});
