//! One's photo: brought, shown beside the name everywhere, changed, taken away.

use crea::{
    auth::{Module, Role},
    features::access,
    sql,
    storage::StorageError,
};
use views::text::{Locale, t};

use crate::harness::{both_dbs, files, one_db};

/// The faces of a page that are pictures.
const FACES: &str = ".face img";

both_dbs!(a_photo_stands_beside_the_name_on_every_screen, |app| {
    let own = app.campaign(Module::Core).await;
    let ana = app.user("ana").campaign(&own).insert().await;
    let luz = app.user("luz").role(Role::Supervisor).campaign(&own).insert().await;
    let (hers, boss) = (app.sign_in(&ana).await, app.sign_in(&luz).await);
    let own = format!("/people/{}/photo", ana.id);
    assert!(hers.get("/account").await.attrs(FACES, "src").is_empty(), "initials");
    assert_eq!(boss.get(&own).await.status, 404);
    let sent = files::submit(&hers, "/account/photo", "photo", &files::png(300, 200)).await;
    assert_eq!(sent.location(), "/account?saved=1");
    let address = format!("{own}?v={}", app.now().timestamp_millis());
    let page = hers.get("/account").await;
    let shown = page.attrs(FACES, "src");
    assert!(shown.len() >= 2 && shown.iter().all(|src| *src == address), "menu and page: {shown:?}");
    assert!(page.attrs(FACES, "alt").iter().all(String::is_empty), "the name stands beside it");

    let answer = boss.get(&address).await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "image/jpeg"));
    assert_eq!(answer.header("cache-control"), "private, max-age=31536000, immutable");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    let picture = image::load_from_memory(&answer.bytes).unwrap();
    assert_eq!((picture.width(), picture.height()), (access::PHOTO_SIDE, access::PHOTO_SIDE));
    assert_eq!(
        boss.get(&format!("{own}?v=1")).await.header("cache-control"),
        "no-store",
        "not under another's address"
    );
    assert_eq!(app.browser().get(&address).await.status, 303, "not without a session");

    let opened = boss.post("/chat/direct", &[("user_id", &ana.id.to_string())]).await;
    let talk = boss.get(opened.location()).await;
    assert!(talk.attrs(FACES, "src").contains(&address), "others see it at the next drawing");

    app.clock.advance(chrono::TimeDelta::seconds(1));
    files::submit(&hers, "/account/photo", "photo", &files::png(90, 90)).await;
    let changed = hers.get("/account").await.attrs(FACES, "src");
    assert!(changed.iter().all(|src| *src != address), "another photo, another address: {changed:?}");
    let audited: (i64,) =
        app.db.one(sql!("select count(*) from audit_log where action = 'profile.photo'")).await.unwrap();
    assert_eq!(audited.0, 2);
});

both_dbs!(a_photo_that_is_taken_away_leaves_nothing, |app| {
    let ana = app.user("ana").insert().await;
    let browser = app.sign_in(&ana).await;
    files::submit(&browser, "/account/photo", "photo", &files::png(96, 96)).await;
    let key = access::photo_key(ana.id);
    assert!(app.storage.size(&key).await.unwrap() > 100);
    assert_eq!(browser.post("/account/photo/removal", &[]).await.location(), "/account?saved=1");
    assert!(browser.get("/account").await.attrs(FACES, "src").is_empty());
    assert_eq!(browser.get(&format!("/people/{}/photo?v=0", ana.id)).await.status, 404);
    assert!(matches!(app.storage.size(&key).await, Err(StorageError::NotFound(_))));
    assert_eq!(
        browser.post("/account/photo/removal", &[]).await.location(),
        "/account?saved=1",
        "once more is no harm"
    );
    let audited: (i64,) =
        app.db.one(sql!("select count(*) from audit_log where action = 'profile.photo_removal'")).await.unwrap();
    assert_eq!(audited.0, 1);
});

one_db!(what_is_no_picture_is_refused_beside_the_field, |app| {
    let ana = app.user("ana").insert().await;
    let browser = app.sign_in(&ana).await;
    let long = vec![0_u8; 10 * 1024 * 1024 + 1];
    let cases: [(&[u8], &str); 4] = [
        (b"", "photo.error.missing"),
        (files::PDF, "photo.error.type"),
        (&files::png(64, 64)[..80], "photo.error.type"),
        (&long, "photo.error.size"),
    ];
    for (content, key) in cases {
        let answer = files::submit(&browser, "/account/photo", "photo", content).await;
        assert_eq!(answer.status, 422, "{key}");
        assert_eq!(answer.texts("#f-photo-error"), [t(Locale::Es, key)]);
    }
    assert_eq!(files::submit(&browser, "/account/photo", "other", b"x").await.status, 422, "no such part");
    assert!(browser.get("/account").await.attrs(FACES, "src").is_empty());
    assert_eq!(access::photo_version(&app.db, ana.id).await.unwrap(), 0);
});
