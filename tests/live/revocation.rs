//! A session that ends closes its sockets with 4403, on every instance and soon.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use crea::{
    auth::{
        Role,
        token::{self, Purpose},
    },
    features::{
        access::{end_sessions, revoke_all},
        people::set_active,
    },
    sql,
};
use serde_json::json;

use crate::{
    harness::{PASSWORD, TestApp, both_dbs, with_redis},
    tab::{Server, Tab, code_of_close, open_socket},
    talk::{Person, mark, pair, person},
};

/// A password that nobody had before.
const NEW: &str = "four plain words here";
/// A revocation takes no longer than this anywhere.
const SOON: Duration = Duration::from_secs(5);

/// Two instances; one where the engine allows no more.
async fn servers(app: &TestApp) -> [Server; 2] {
    [Server::start(app).await, Server::start(&app.second_instance().await).await]
}

/// A tab of `who` on each instance.
async fn tabs(servers: &[Server; 2], who: &Person) -> Vec<Tab> {
    let mut tabs = Vec::new();
    for server in servers {
        tabs.push(Tab::open(server, &who.client, "/").await);
    }
    tabs
}

/// Each of `tabs` is closed with 4403 within [`SOON`] after `since`, and a new socket is refused in the same way.
async fn all_revoked(servers: &[Server; 2], tabs: &mut [Tab], since: Instant) {
    for tab in tabs.iter_mut() {
        assert_eq!(tab.until_closed().await, 4403);
    }
    assert!(since.elapsed() < SOON, "{:?}", since.elapsed());
    for server in servers {
        let headers = [("cookie", tabs[0].client.cookie()), ("sec-fetch-site", "same-origin".to_owned())];
        let headers: Vec<(&'static str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let mut socket =
            open_socket(server.address, "cursor=0", &headers).await.expect("accepted, so that it knows why");
        assert_eq!(code_of_close(&mut socket).await, 4403);
    }
}

/// Somebody else's tab on each instance is still live.
async fn all_live(app: &TestApp, tabs: &mut [Tab]) {
    let head = mark(app).await;
    for tab in tabs {
        tab.until_seq(head).await;
        assert!(tab.is_connected());
    }
}

both_dbs!(who_is_not_signed_in_is_accepted_and_closed_with_4403, |app| {
    let (servers, since) = (servers(&app).await, Instant::now());
    for cookie in ["", "crea=AAAAAAAAAAAAAAAAAAAAAA", "crea=x; look=es.dark.compact"] {
        let headers = [("cookie", cookie), ("sec-fetch-site", "same-origin")];
        for server in &servers {
            let mut socket = open_socket(server.address, "cursor=0", &headers).await.expect("accepted");
            assert_eq!(code_of_close(&mut socket).await, 4403, "{cookie}");
        }
    }
    assert!(since.elapsed() < SOON, "{:?}", since.elapsed());
});

both_dbs!(signing_out_closes_the_browsers_tabs_on_both_instances_and_no_others, |app| {
    let servers = servers(&app).await;
    let (ana, luis, _) = pair(&app).await;
    let elsewhere = Person { client: app.sign_in(&ana.user).await, ..ana.clone() };
    let (mut hers, mut other_browser) = (tabs(&servers, &ana).await, tabs(&servers, &elsewhere).await);
    let mut his = tabs(&servers, &luis).await;
    let cookie = ana.client.copy();
    let since = Instant::now();
    assert_eq!(ana.client.post("/sign-out", &[]).await.status, 303);
    for tab in &mut hers {
        tab.client = cookie.clone();
    }
    all_revoked(&servers, &mut hers, since).await;
    all_live(&app, &mut other_browser).await;
    all_live(&app, &mut his).await;
});

both_dbs!(a_session_that_is_ended_from_another_browser_closes_and_the_ending_one_stays, |app| {
    let servers = servers(&app).await;
    let (ana, luis, _) = pair(&app).await;
    let elsewhere = Person { client: app.sign_in(&ana.user).await, ..ana.clone() };
    let (mut ended, mut ending) = (tabs(&servers, &ana).await, tabs(&servers, &elsewhere).await);
    let mut his = tabs(&servers, &luis).await;
    let since = Instant::now();
    assert_eq!(elsewhere.client.post("/account/sessions", &[]).await.status, 303);
    all_revoked(&servers, &mut ended, since).await;
    all_live(&app, &mut ending).await;
    all_live(&app, &mut his).await;
});

both_dbs!(an_account_that_is_disabled_beside_the_server_loses_every_screen, |app| {
    let servers = servers(&app).await;
    let (ana, luis, campaign) = pair(&app).await;
    let boss = person(&app, "jefa", Role::Administrador, &campaign).await;
    let (mut hers, mut his) = (tabs(&servers, &ana).await, tabs(&servers, &luis).await);
    let mut others = tabs(&servers, &boss).await;
    // As `crea user disable` does it: in another process, which neither knows sockets nor Redis.
    let beside = app.instance_with(|config| config.redis_url = None).await;
    let mut tx = beside.live.begin().await.unwrap();
    set_active(&mut tx, ana.user.id, false, app.now()).await.unwrap();
    end_sessions(&mut tx, ana.user.id, None, app.now()).await.unwrap();
    revoke_all(&mut tx, ana.user.id);
    let since = Instant::now();
    beside.live.commit(tx).await.unwrap();
    all_revoked(&servers, &mut hers, since).await;
    all_live(&app, &mut his).await;
    all_live(&app, &mut others).await;
});

with_redis!(an_account_that_is_disabled_on_its_page_loses_the_screens_of_another_instance, |app| {
    let servers = servers(&app).await;
    let (ana, luis, campaign) = pair(&app).await;
    let boss = person(&app, "jefa", Role::Administrador, &campaign).await;
    let (mut hers, mut his) = (tabs(&servers, &ana).await, tabs(&servers, &luis).await);
    let since = Instant::now();
    let path = format!("/people/{}/state", ana.user.id);
    assert_eq!(boss.client.post(&path, &[("active", "0")]).await.status, 303);
    all_revoked(&servers, &mut hers, since).await;
    all_live(&app, &mut his).await;
});

both_dbs!(a_password_that_an_administrator_requires_anew_loses_every_screen, |app| {
    let servers = servers(&app).await;
    let (ana, luis, campaign) = pair(&app).await;
    let boss = person(&app, "jefa", Role::Administrador, &campaign).await;
    let (mut hers, mut his) = (tabs(&servers, &ana).await, tabs(&servers, &luis).await);
    let since = Instant::now();
    assert_eq!(boss.client.post(&format!("/people/{}/reset", ana.user.id), &[]).await.status, 200);
    all_revoked(&servers, &mut hers, since).await;
    all_live(&app, &mut his).await;
});

both_dbs!(a_second_factor_that_is_required_anew_closes_screens_of_who_has_none, |app| {
    let servers = servers(&app).await;
    let (ana, luis, campaign) = pair(&app).await;
    let boss = person(&app, "jefa", Role::Administrador, &campaign).await;
    let proven = sql!(
        "insert into second_factor (user_id, sealed, last_step, created_at, confirmed_at) values ($1, '', 0, $2, $2)",
        luis.user.id,
        app.now()
    );
    app.db.exec(proven).await.unwrap();
    let user = app.user("root").role(Role::Backoffice).superuser().campaign(&campaign).insert().await;
    let root = Person { client: app.sign_in(&user).await, user };
    let (mut hers, mut his) = (tabs(&servers, &ana).await, tabs(&servers, &luis).await);
    let mut others = tabs(&servers, &boss).await;
    let mut roots = tabs(&servers, &root).await;
    let since = Instant::now();
    let form = [("retention_months", "12"), ("version", "0"), ("totp_role", "asesor"), ("totp_role", "supervisor")];
    assert_eq!(boss.client.post("/settings", &form).await.status, 303);
    all_revoked(&servers, &mut hers, since).await;
    assert_eq!(ana.client.get("/").await.location(), "/account/two-factor");
    for tabs in [&mut his, &mut others, &mut roots] {
        all_live(&app, tabs).await;
    }
    // Whoever may do everything counts as an administrator.
    let version = boss.client.get("/settings").await.attrs("[name=version]", "value").concat();
    let since = Instant::now();
    let form = [("retention_months", "12"), ("version", &*version), ("totp_role", "administrador")];
    assert_eq!(boss.client.post("/settings", &form).await.status, 303);
    all_revoked(&servers, &mut roots, since).await;
});

both_dbs!(a_new_password_by_link_loses_every_screen, |app| {
    let servers = servers(&app).await;
    let (ana, luis, _) = pair(&app).await;
    let (mut hers, mut his) = (tabs(&servers, &ana).await, tabs(&servers, &luis).await);
    let mut tx = app.db.begin().await.unwrap();
    let link = token::issue(&mut tx, ana.user.id, Purpose::Reset, json!({}), app.now()).await.unwrap();
    tx.commit().await.unwrap();
    let since = Instant::now();
    let form = [("password", NEW), ("password_again", NEW)];
    assert_eq!(app.browser().post(&format!("/reset/{link}"), &form).await.status, 303);
    all_revoked(&servers, &mut hers, since).await;
    all_live(&app, &mut his).await;
});

both_dbs!(screens_from_before_a_change_of_password_close_and_the_browser_goes_on, |app| {
    let servers = servers(&app).await;
    let (ana, luis, _) = pair(&app).await;
    let (mut hers, mut his) = (tabs(&servers, &ana).await, tabs(&servers, &luis).await);
    let since = Instant::now();
    let form = [("current", PASSWORD), ("password", NEW), ("password_again", NEW)];
    assert_eq!(ana.client.post("/account/password", &form).await.status, 303);
    let mut fresh = tabs(&servers, &ana).await;
    for tab in &mut hers {
        assert_eq!(tab.until_closed().await, 4403, "whoever held the old cookie hears nothing more");
    }
    assert!(since.elapsed() < SOON, "{:?}", since.elapsed());
    assert_eq!(ana.client.post("/account/sessions", &[]).await.status, 303);
    all_live(&app, &mut fresh).await;
    all_live(&app, &mut his).await;
});

both_dbs!(a_change_of_password_reaches_sessions_that_no_list_shows, |app| {
    let server = Server::start(&app).await;
    let (ana, _, _) = pair(&app).await;
    let old = Person { client: app.sign_in(&ana.user).await, ..ana.clone() };
    let mut forgotten = Tab::open(&server, &old.client, "/").await;
    for n in 0..60 {
        let later = app.now() + TimeDelta::seconds(n + 1);
        let insert = sql!(
            "insert into session (id, id_hash, user_id, data, ip, user_agent, created_at, seen_at, expires_at) \
             values ($1, $2, $3, '{}', '', '', $4, $4, $5)",
            uuid::Uuid::now_v7(),
            format!("digest {n}"),
            ana.user.id,
            later,
            later + TimeDelta::hours(1)
        );
        app.db.exec(insert).await.unwrap();
    }
    let form = [("current", PASSWORD), ("password", NEW), ("password_again", NEW)];
    assert_eq!(ana.client.post("/account/password", &form).await.status, 303);
    assert_eq!(forgotten.until_closed().await, 4403);
});

both_dbs!(signing_in_over_a_session_closes_its_tabs_and_no_others, |app| {
    let servers = servers(&app).await;
    let (ana, luis, _) = pair(&app).await;
    let elsewhere = Person { client: app.sign_in(&ana.user).await, ..ana.clone() };
    let (mut hers, mut others) = (tabs(&servers, &ana).await, tabs(&servers, &elsewhere).await);
    let form = [("login", &*luis.user.email), ("password", PASSWORD)];
    assert_eq!(ana.client.post("/sign-in", &form).await.status, 303);
    for tab in &mut hers {
        assert_eq!(tab.until_closed().await, 4403);
    }
    all_live(&app, &mut others).await;
});

both_dbs!(who_must_choose_a_password_gets_no_socket, |app| {
    let server = Server::start(&app).await;
    let ana = app.user("ana").must_change_password().insert().await;
    let cookie = app.sign_in(&ana).await.cookie();
    let headers = [("cookie", cookie.as_str()), ("sec-fetch-site", "same-origin")];
    let mut socket = open_socket(server.address, "cursor=0", &headers).await.expect("accepted");
    assert_eq!(code_of_close(&mut socket).await, 4403);
});

both_dbs!(who_must_enrol_gets_no_socket, |app| {
    let server = Server::start(&app).await;
    let (ana, _, _) = pair(&app).await;
    let required = sql!(
        "insert into setting (key, value, updated_at) values ('security', $1, $2)",
        json!({ "totp_roles": ["asesor"] }),
        app.now()
    );
    app.db.exec(required).await.unwrap();
    let (cookie, same) = (ana.client.cookie(), "same-origin");
    let headers = [("cookie", cookie.as_str()), ("sec-fetch-site", same)];
    let mut socket = open_socket(server.address, "cursor=0", &headers).await.expect("accepted");
    assert_eq!(code_of_close(&mut socket).await, 4403);
});

both_dbs!(a_session_that_expires_closes_its_tabs_on_both_instances, |app| {
    let servers = servers(&app).await;
    let (ana, luis, _) = pair(&app).await;
    let mut hers = tabs(&servers, &ana).await;
    app.clock.advance(TimeDelta::hours(6));
    let later = Person { client: app.sign_in(&luis.user).await, ..luis };
    let mut his = tabs(&servers, &later).await;
    app.clock.advance(TimeDelta::hours(6) + TimeDelta::seconds(1));
    all_revoked(&servers, &mut hers, Instant::now()).await;
    all_live(&app, &mut his).await;
});

both_dbs!(a_socket_that_opens_while_its_session_ends_does_not_survive_it, |app| {
    let server = Server::start(&app).await;
    let user = app.user("ana").insert().await;
    for round in 0..12 {
        let browser = app.sign_in(&user).await;
        let headers = [("cookie", browser.cookie()), ("sec-fetch-site", "same-origin".to_owned())];
        let address = server.address;
        let sockets: Vec<_> = (0..4)
            .map(|_| {
                let headers = headers.clone();
                tokio::spawn(async move {
                    let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
                    let mut socket = open_socket(address, "cursor=0", &headers).await.expect("accepted");
                    code_of_close(&mut socket).await
                })
            })
            .collect();
        // The moment differs from round to round.
        for _ in 0..round * 3 {
            tokio::task::yield_now().await;
        }
        assert_eq!(browser.post("/sign-out", &[]).await.status, 303);
        for socket in sockets {
            assert_eq!(socket.await.unwrap(), 4403);
        }
    }
});
