//! Links that prove something once.

use chrono::TimeDelta;
use crea::{
    auth::token::{self, Purpose},
    ids::UserId,
    sql,
};
use serde_json::json;

use crate::harness::{TestApp, both_dbs};

async fn issue(app: &TestApp, user: UserId, purpose: Purpose) -> String {
    let mut tx = app.db.begin().await.unwrap();
    let link = token::issue(&mut tx, user, purpose, json!({ "email": "b@crea.example" }), app.now()).await.unwrap();
    tx.commit().await.unwrap();
    link
}

async fn redeem(app: &TestApp, purpose: Purpose, link: &str) -> Option<UserId> {
    let mut tx = app.db.begin().await.unwrap();
    let found = token::redeem(&mut tx, purpose, link, app.now()).await.unwrap();
    tx.commit().await.unwrap();
    found.map(|token| token.user_id)
}

both_dbs!(a_link_works_once_for_its_purpose_and_its_time, |app| {
    let ana = app.user("ana").insert().await;
    for purpose in [Purpose::Invitation, Purpose::Reset, Purpose::Email] {
        let link = issue(&app, ana.id, purpose).await;
        assert_eq!(link.len(), 64);
        let (hash,): (String,) =
            app.db.one(sql!("select token_hash from account_token where used_at is null")).await.unwrap();
        assert_ne!(hash, link, "a copy of the table opens nothing");
        let other = if purpose == Purpose::Reset { Purpose::Invitation } else { Purpose::Reset };
        assert_eq!(redeem(&app, other, &link).await, None, "another purpose");
        assert_eq!(redeem(&app, purpose, &link.replace(&link[..1], "x")).await, None, "tampered");
        assert_eq!(redeem(&app, purpose, &hash).await, None, "the digest is no link");
        let seen = token::peek(&app.db, purpose, &link, app.now()).await.unwrap().unwrap();
        assert_eq!((seen.user_id, &seen.data()["email"]), (ana.id, &json!("b@crea.example")));
        assert!(token::open_of(&app.db, ana.id, purpose, app.now()).await.unwrap().is_some());
        assert_eq!(redeem(&app, purpose, &link).await, Some(ana.id), "looking does not use it");
        assert_eq!(redeem(&app, purpose, &link).await, None, "once");
        assert!(token::peek(&app.db, purpose, &link, app.now()).await.unwrap().is_none());
        assert!(token::open_of(&app.db, ana.id, purpose, app.now()).await.unwrap().is_none());
    }
});

both_dbs!(a_link_ends_with_its_hours, |app| {
    let ana = app.user("ana").insert().await;
    for (purpose, hours) in [(Purpose::Invitation, 48), (Purpose::Reset, 1), (Purpose::Email, 24)] {
        let link = issue(&app, ana.id, purpose).await;
        app.clock.advance(TimeDelta::hours(hours) - TimeDelta::seconds(1));
        assert!(token::peek(&app.db, purpose, &link, app.now()).await.unwrap().is_some(), "{purpose:?}");
        app.clock.advance(TimeDelta::seconds(1));
        assert!(token::peek(&app.db, purpose, &link, app.now()).await.unwrap().is_none(), "{purpose:?}");
        assert_eq!(redeem(&app, purpose, &link).await, None, "{purpose:?}");
    }
});

both_dbs!(a_newer_link_ends_the_older_and_no_one_else_s, |app| {
    let (ana, luis) = (app.user("ana").insert().await, app.user("luis").insert().await);
    let (old, his) = (issue(&app, ana.id, Purpose::Reset).await, issue(&app, luis.id, Purpose::Reset).await);
    let invited = issue(&app, ana.id, Purpose::Invitation).await;
    let new = issue(&app, ana.id, Purpose::Reset).await;
    assert_eq!(redeem(&app, Purpose::Reset, &old).await, None);
    assert_eq!(redeem(&app, Purpose::Reset, &new).await, Some(ana.id));
    assert_eq!(redeem(&app, Purpose::Reset, &his).await, Some(luis.id));
    assert_eq!(redeem(&app, Purpose::Invitation, &invited).await, Some(ana.id));
});

both_dbs!(of_two_at_once_one_gets_it, |app| {
    let ana = app.user("ana").insert().await;
    let link = issue(&app, ana.id, Purpose::Reset).await;
    let (a, b) = tokio::join!(redeem(&app, Purpose::Reset, &link), redeem(&app, Purpose::Reset, &link));
    assert_eq!([a, b].iter().flatten().count(), 1);
    let mut tx = app.db.begin().await.unwrap();
    assert_eq!(token::revoke(&mut tx, ana.id, Purpose::Reset, app.now()).await.unwrap(), 0, "nothing is open");
    tx.commit().await.unwrap();
    assert_eq!(token::prune(&app.db, app.now() + TimeDelta::days(30)).await.unwrap(), 0);
    assert_eq!(token::prune(&app.db, app.now() + TimeDelta::days(31)).await.unwrap(), 1);
});
