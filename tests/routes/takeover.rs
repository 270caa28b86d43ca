//! Ways into an account that is not one's own, each of them closed.

use crea::{
    auth::{Role, token, token::Purpose},
    sql,
};
use serde_json::json;
use views::text::{Locale, t};

use crate::harness::{Answer, Client, PASSWORD, TestApp, User, both_dbs, smtp::Smtp};

const WORD: [(&str, &str); 2] =
    [("password", "cuatro palabras sin prisa"), ("password_again", "cuatro palabras sin prisa")];

fn path_of(user: &User) -> String {
    format!("/people/{}", user.id)
}

/// Sends the form of a user whose name and role stay, with this address.
async fn change_email(app: &TestApp, browser: &Client, user: &User, email: &str) -> Answer {
    let (first, last, role, version): (String, String, String, i64) = app
        .db
        .one(sql!("select first_name, last_name, role, version from app_user where id = $1", user.id))
        .await
        .unwrap();
    let version = version.to_string();
    let form =
        [("first_name", &*first), ("last_name", &*last), ("role", &*role), ("version", &*version), ("email", email)];
    browser.post(&path_of(user), &form).await
}

/// A link to each page that a token opens.
async fn link(app: &TestApp, user: &User, purpose: Purpose) -> String {
    let mut tx = app.db.begin().await.unwrap();
    let data = json!({ "email": "thief@x.co" });
    let token = token::issue(&mut tx, user.id, purpose, data, app.now()).await.unwrap();
    tx.commit().await.unwrap();
    match purpose {
        Purpose::Invitation => format!("/invitation/{token}"),
        Purpose::Reset => format!("/reset/{token}"),
        Purpose::Email => format!("/account/email/{token}"),
    }
}

async fn open(app: &TestApp, path: &str) -> u16 {
    app.browser().get(path).await.status.as_u16()
}

async fn set_factor(app: &TestApp, user: &User) {
    let insert = sql!(
        "insert into second_factor (user_id, sealed, last_step, created_at, confirmed_at) values ($1, 'v1.x', 0, $2, $2)",
        user.id,
        app.now()
    );
    app.db.exec(insert).await.unwrap();
}

both_dbs!(an_administrators_open_screen_changes_neither_own_address_nor_factor, |app| {
    let adela = app.user("adela").role(Role::Administrador).insert().await;
    let browser = app.sign_in(&adela).await;
    set_factor(&app, &adela).await;
    assert_eq!(browser.post(&format!("{}/two-factor", path_of(&adela)), &[]).await.status, 409);
    assert_eq!(browser.get(&path_of(&adela)).await.count("form[action$='/two-factor']"), 0);
    let refused = change_email(&app, &browser, &adela, "thief@x.co").await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.texts("#f-email-error"), [t(Locale::Es, "people.error.own_email")]);
    assert_eq!(change_email(&app, &browser, &adela, &adela.email).await.status, 303, "all else is theirs to change");
});

both_dbs!(a_new_address_is_told_to_the_old_one_and_ends_its_links, |app| {
    let server = Smtp::start().await;
    let app = app.mailing(&server).await;
    let adela = app.user("adela").role(Role::Administrador).insert().await;
    let (browser, ana) = (app.sign_in(&adela).await, app.user("ana").insert().await);
    let links = [link(&app, &ana, Purpose::Reset).await, link(&app, &ana, Purpose::Email).await];
    assert_eq!(change_email(&app, &browser, &ana, &ana.email).await.status, 303);
    assert_eq!([open(&app, &links[0]).await, open(&app, &links[1]).await], [200, 200], "the address stayed");
    assert_eq!(change_email(&app, &browser, &ana, "new@crea.example").await.status, 303);
    assert_eq!([open(&app, &links[0]).await, open(&app, &links[1]).await], [410, 410]);
    crea::mail::run_once(&app).await.unwrap();
    let kept = server.kept();
    assert_eq!(kept.iter().map(|m| m.to.clone()).collect::<Vec<_>>(), [[ana.email.clone()]]);
});

both_dbs!(links_end_with_the_password_the_account_and_the_address_they_were_mailed_for, |app| {
    let adela = app.user("adela").role(Role::Administrador).insert().await;
    let browser = app.sign_in(&adela).await;
    let ana = app.user("ana").insert().await;
    let both = async || (link(&app, &ana, Purpose::Reset).await, link(&app, &ana, Purpose::Email).await);

    let (reset, email) = both().await;
    assert_eq!(app.browser().post(&reset, &WORD).await.status, 303);
    assert_eq!(open(&app, &email).await, 410, "after a reset");

    let (reset, email) = both().await;
    let hers = app.browser();
    hers.post("/sign-in", &[("login", &ana.email), WORD[0]]).await;
    let change = [
        ("current", WORD[0].1),
        ("password", "otras palabras sin prisa"),
        ("password_again", "otras palabras sin prisa"),
    ];
    assert_eq!(hers.post("/account/password", &change).await.status, 303);
    assert_eq!([open(&app, &reset).await, open(&app, &email).await], [410, 410], "after a change");

    let (reset, email) = both().await;
    assert_eq!(app.browser().post(&email, &[]).await.status, 200);
    assert_eq!(open(&app, &reset).await, 410, "it lies in the former mailbox");

    let (reset, email) = both().await;
    let state = format!("{}/state", path_of(&ana));
    browser.post(&state, &[("active", "0")]).await;
    browser.post(&state, &[("active", "1")]).await;
    assert_eq!([open(&app, &reset).await, open(&app, &email).await], [410, 410], "closed in between");
});

both_dbs!(an_invitation_is_for_who_never_was_in, |app| {
    let adela = app.user("adela").role(Role::Administrador).insert().await;
    let (browser, ana) = (app.sign_in(&adela).await, app.user("ana").insert().await);
    app.sign_in(&ana).await;
    browser.post(&format!("{}/state", path_of(&ana)), &[("active", "0")]).await;
    assert_eq!(browser.post(&format!("{}/invitation", path_of(&ana)), &[]).await.status, 409);
    let invite = sql!("update app_user set invited_at = $1 where id = $2", app.now(), ana.id);
    app.db.exec(invite).await.unwrap();
    let past = link(&app, &ana, Purpose::Invitation).await;
    assert_eq!(open(&app, &past).await, 404, "nor by a link that is left");

    let eva = app.user("eva").inactive().insert().await;
    set_factor(&app, &eva).await;
    assert_eq!(browser.post(&format!("{}/invitation", path_of(&eva)), &[]).await.status, 200);
    let invitation = link(&app, &eva, Purpose::Invitation).await;
    let hers = app.browser();
    assert_eq!(hers.post(&invitation, &WORD).await.location(), "/sign-in", "a password is not both");
    assert_eq!(hers.get("/").await.location(), "/sign-in");
});

both_dbs!(who_accepts_an_invitation_enrols_when_the_role_must, |app| {
    let security = json!({ "totp_roles": ["asesor"] });
    let set = sql!("insert into setting (key, value, updated_at) values ('security', $1, $2)", security, app.now());
    app.db.exec(set).await.unwrap();
    let eva = app.user("eva").inactive().insert().await;
    let invite = sql!("update app_user set invited_at = $1 where id = $2", app.now(), eva.id);
    app.db.exec(invite).await.unwrap();
    let (hers, invitation) = (app.browser(), link(&app, &eva, Purpose::Invitation).await);
    assert_eq!(hers.post(&invitation, &WORD).await.location(), "/");
    assert_eq!(hers.get("/").await.location(), "/account/two-factor");
});

both_dbs!(a_list_of_links_leaves_superusers_out_but_for_superusers, |app| {
    let adela = app.user("adela").role(Role::Administrador).insert().await;
    let root = app.user("root").superuser().insert().await;
    let (browser, roots) = (app.sign_in(&adela).await, app.sign_in(&root).await);
    let eva = app.user("eva").superuser().inactive().insert().await;
    let (import, now) = (uuid::Uuid::now_v7(), app.now());
    app.db.exec(sql!("update app_user set invited_at = $1 where id = $2", now, eva.id)).await.unwrap();
    let insert =
        "insert into people_import (id, created_by, created_at, file_name, state) values ($1, $2, $3, 'a', 'done')";
    app.db.exec(crea::db::Sql::new(insert, vec![import.into(), adela.id.into(), now.into()])).await.unwrap();
    let row = sql!(
        "insert into people_import_row (import_id, number, fields, errors, is_valid, user_id) \
         values ($1, 2, $2, $3, true, $4)",
        import,
        json!({}),
        json!([]),
        eva.id
    );
    app.db.exec(row).await.unwrap();
    let links = format!("/people/import/{import}/links");
    assert_eq!(browser.post(&links, &[]).await.status, 409, "nobody whom an administrator may let in");
    assert_eq!(roots.post(&links, &[]).await.status, 200);
});

both_dbs!(an_open_screen_is_no_place_to_guess_the_password, |app| {
    let ana = app.user("ana").insert().await;
    let browser = app.sign_in(&ana).await;
    let change = [("current", "wrong"), WORD[0], WORD[1]];
    for _ in 0..4 {
        assert_eq!(browser.post("/account/password", &change).await.status, 422);
    }
    assert_eq!(browser.post("/account/two-factor", &[("current", "wrong")]).await.status, 422, "one count for both");
    let right = [("current", PASSWORD), WORD[0], WORD[1]];
    assert_eq!(browser.post("/account/password", &right).await.status, 429);
    assert_eq!(browser.post("/account/two-factor", &[("current", PASSWORD)]).await.status, 429);
    app.clock.advance(chrono::TimeDelta::minutes(16));
    assert_eq!(browser.post("/account/password", &right).await.status, 303);
});
