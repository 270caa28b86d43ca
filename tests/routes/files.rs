//! Files of messages and drafts: who may bring, send, read and take back what.

use std::sync::Arc;

use axum::http::Method;
use chrono::Duration;
use crea::{
    auth::{Module, Role},
    features::chat,
    sql,
    storage::Storage,
};
use views::text::{Locale, t};

use crate::harness::{Client, TestApp, User, both_dbs, files, one_db, talk};

/// Two people with a conversation, and who takes no part in it.
struct Room {
    hers: Client,
    boss: Client,
    stranger: Client,
    ana: User,
    luz: User,
    pia: User,
    id: String,
}

async fn room(app: &TestApp) -> Room {
    let own = app.campaign(Module::Core).await;
    let ana = app.user("ana").campaign(&own).insert().await;
    let luz = app.user("luz").role(Role::Supervisor).campaign(&own).insert().await;
    let pia = app.user("pia").role(Role::Supervisor).campaign(&own).insert().await;
    let (hers, boss, stranger) = (app.sign_in(&ana).await, app.sign_in(&luz).await, app.sign_in(&pia).await);
    let id = talk::open(&hers, &luz).await;
    Room { hers, boss, stranger, ana, luz, pia, id }
}

fn keys(app: &TestApp) -> Vec<String> {
    let Storage::Memory(memory) = &app.storage else { panic!("tests keep files in memory") };
    memory.keys()
}

async fn stored(app: &TestApp) -> i64 {
    app.db.one::<(i64,)>(sql!("select count(*) from message")).await.unwrap().0
}

/// Housekeeping, as the server does it every so often.
async fn prune(app: &TestApp) -> u64 {
    chat::release_files(app).await.unwrap();
    crea::features::files::prune(app).await.unwrap()
}

async fn status(browser: &Client, path: &str) -> u16 {
    browser.get(path).await.status.as_u16()
}

both_dbs!(a_file_is_brought_sent_with_a_message_and_read_by_both, |app| {
    let r = room(&app).await;
    let picture = files::png(800, 400);
    let brought = files::bring(&r.hers, &r.id, "../../Año nuevo.png", &picture).await;
    assert_eq!(brought.status, 200, "{}", brought.text);
    let photo = files::id_of(&brought);
    let paper = files::id_of(&files::bring(&r.hers, &r.id, "acuerdo.pdf", files::PDF).await);
    assert!(keys(&app).iter().all(|key| key.starts_with("chat/")), "{:?}", keys(&app));
    assert_eq!(keys(&app).len(), 3, "a picture, its small one, a document");
    let open = r.hers.get(&format!("/chat/{}", r.id)).await;
    assert_eq!(open.texts("[data-waiting] .file-name"), ["Año nuevo.png", "acuerdo.pdf"], "what waits is shown again");
    assert_eq!(status(&r.boss, &format!("/files/{photo}")).await, 404, "not sent: nobody else's");

    let sent = files::send(&r.hers, &r.id, "", &format!("{photo},{paper}")).await;
    assert_eq!(sent.status, 200, "{}", sent.text);
    let seen = r.boss.get(&format!("/chat/{}", r.id)).await;
    assert_eq!(seen.attrs(".files img", "width"), ["320"], "its place is known before it is there");
    assert_eq!(seen.attrs(".files img", "height"), ["160"]);
    assert_eq!(seen.texts(".file-chip .file-name"), ["acuerdo.pdf"]);
    assert!(r.boss.get("/chat").await.text.contains("📎 Año nuevo.png"), "the list says what came");
    let open = r.hers.get(&format!("/chat/{}", r.id)).await;
    assert_eq!(open.count("[data-waiting] [data-file]"), 0);

    for browser in [&r.hers, &r.boss] {
        let answer = browser.get(&format!("/files/{photo}")).await;
        assert_eq!((answer.status.as_u16(), &answer.bytes), (200, &picture));
        assert_eq!(answer.header("content-type"), "image/png");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert!(answer.header("content-security-policy").starts_with("sandbox;"));
        assert!(answer.header("cache-control").starts_with("private"));
        assert!(answer.header("content-disposition").contains("filename*=UTF-8''A%C3%B1o%20nuevo.png"));
        let small = browser.get(&format!("/files/{photo}/thumbnail")).await;
        assert_eq!((small.status.as_u16(), small.header("content-type")), (200, "image/jpeg"));
        let document = browser.get(&format!("/files/{paper}")).await;
        assert!(document.header("content-disposition").starts_with("inline;"), "in the browser's own viewer");
        assert!(document.header("content-security-policy").starts_with("default-src 'none'"));
        assert_eq!(status(browser, &format!("/files/{paper}/thumbnail")).await, 404);
    }
    for path in [format!("/files/{photo}"), format!("/files/{photo}/thumbnail"), format!("/files/{paper}")] {
        assert_eq!(status(&r.stranger, &path).await, 404, "{path}");
    }
});

both_dbs!(files_follow_who_takes_part_today_and_what_is_deleted, |app| {
    let r = room(&app).await;
    let id = files::id_of(&files::bring(&r.hers, &r.id, "foto.png", &files::png(4, 4)).await);
    files::send(&r.hers, &r.id, "mire", &id).await;
    let path = format!("/files/{id}");
    assert_eq!(status(&r.boss, &path).await, 200);
    let set = |first: i64| sql!("update participant set first_number = $1 where user_id <> $2", first, r.pia.id);
    app.db.exec(set(2)).await.unwrap();
    assert_eq!(status(&r.boss, &path).await, 404, "sent before they came");
    app.db.exec(set(1)).await.unwrap();
    assert_eq!(status(&r.boss, &path).await, 200);
    app.db.exec(sql!("update message set deleted_at = $1", app.now())).await.unwrap();
    for browser in [&r.hers, &r.boss] {
        assert_eq!(status(browser, &path).await, 404, "deleted");
        assert_eq!(status(browser, &format!("{path}/thumbnail")).await, 404);
    }
    app.db.exec(sql!("update message set deleted_at = null")).await.unwrap();
    app.db.exec(sql!("delete from participant")).await.unwrap();
    assert_eq!(status(&r.hers, &path).await, 404, "left");
});

both_dbs!(only_ones_own_unsent_files_of_the_conversation_can_be_sent, |app| {
    let r = room(&app).await;
    let hers = files::id_of(&files::bring(&r.hers, &r.id, "a.pdf", files::PDF).await);
    let of_boss = files::id_of(&files::bring(&r.boss, &r.id, "b.pdf", files::PDF).await);
    let other = talk::open(&r.hers, &r.pia).await;
    let elsewhere = files::id_of(&files::bring(&r.hers, &other, "c.pdf", files::PDF).await);
    let nowhere = uuid::Uuid::now_v7().to_string();
    for bad in [&of_boss, &elsewhere, &nowhere] {
        let refused = files::send(&r.hers, &r.id, "hola", &format!("{hers},{bad}")).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        assert!(refused.text.contains(t(Locale::Es, "file.error.gone")), "{}", refused.text);
    }
    assert_eq!(stored(&app).await, 0, "no half message");
    assert_eq!(files::send(&r.hers, &r.id, "hola", "../etc").await.status, 400);
    let many = (0..11).map(|_| uuid::Uuid::now_v7().to_string()).collect::<Vec<_>>().join(",");
    assert_eq!(files::send(&r.hers, &r.id, "hola", &many).await.status, 422);
    assert_eq!(files::send(&r.hers, &r.id, "", &hers).await.status, 200);
    assert_eq!(files::send(&r.hers, &r.id, "otra vez", &hers).await.status, 422, "sent already");
    assert_eq!(files::send(&r.hers, &r.id, "", "").await.status, 422, "nothing at all is no message");
    assert_eq!(files::bring(&r.stranger, &r.id, "d.pdf", files::PDF).await.status, 404);
});

one_db!(what_is_refused_says_why_and_leaves_nothing, |app| {
    let r = room(&app).await;
    let large = [files::PDF, &vec![b' '; 10 * 1024 * 1024][..]].concat();
    let huge = vec![0_u8; 101 * 1024 * 1024];
    for (name, content, key) in [
        ("factura.pdf", &b"MZ\x90\0\x03\0\0\0"[..], "chat.error.file_type"),
        ("foto.exe", &files::png(4, 4), "chat.error.file_type"),
        ("dibujo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "chat.error.file_type"),
        ("pagina.txt", b"<!doctype html><script>alert(1)</script>", "chat.error.file_type"),
        ("nada.pdf", b"", "file.error.empty"),
        ("grande.pdf", &large, "file.error.size"),
    ] {
        let refused = files::bring(&r.hers, &r.id, name, content).await;
        assert_eq!(refused.status, 422, "{name}: {}", refused.text);
        assert!(refused.text.contains(t(Locale::Es, key)), "{name}: {}", refused.text);
        let plain = files::bring_plain(&r.hers, &r.id, "lo que escribí", &[(name, content)]).await;
        assert_eq!(plain.status, 422, "{name}");
        assert_eq!(plain.texts("form[data-composer] textarea"), ["lo que escribí"], "the typed text stays");
        assert!(plain.text.contains(t(Locale::Es, key)), "{name}");
    }
    assert!(files::bring(&r.hers, &r.id, "enorme.bin", &huge).await.status.is_client_error());
    let path = format!("/chat/{}/files", r.id);
    assert_eq!(r.hers.post_htmx(&path, &[("body", "x")]).await.status, 400, "no form with files");
    let form = [("id", "x"), ("body", &*"a".repeat(70 * 1024))];
    assert_eq!(
        r.hers.post_htmx(&format!("/chat/{}/messages", r.id), &form).await.status,
        413,
        "other routes stay short"
    );
    assert!(keys(&app).is_empty(), "{:?}", keys(&app));
    let (rows,): (i64,) = app.db.one(sql!("select count(*) from stored_file")).await.unwrap();
    assert_eq!(rows, 0);
});

one_db!(a_picture_that_would_fill_the_memory_is_a_file_like_any_other, |app| {
    let r = room(&app).await;
    let mut bomb = files::png(1, 1);
    bomb[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
    bomb[20..24].copy_from_slice(&60_000_u32.to_be_bytes());
    let brought = files::bring(&r.hers, &r.id, "bomba.png", &bomb).await;
    assert_eq!((brought.status.as_u16(), brought.count("img")), (200, 0), "{}", brought.text);
    let id = files::id_of(&brought);
    assert_eq!(status(&r.hers, &format!("/files/{id}/thumbnail")).await, 404);
    assert_eq!(files::send(&r.hers, &r.id, "", &id).await.count(".file-chip"), 1);
});

both_dbs!(twenty_files_wait_at_most_and_each_can_be_taken_back, |app| {
    let r = room(&app).await;
    let mut last = String::new();
    for _ in 0..20 {
        last = files::id_of(&files::bring(&r.hers, &r.id, "a.pdf", files::PDF).await);
    }
    let refused = files::bring(&r.hers, &r.id, "a.pdf", files::PDF).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains(t(Locale::Es, "chat.error.file_count")));
    let path = format!("/files/{last}/removal");
    assert_eq!(r.boss.post_htmx(&path, &[]).await.status, 404, "somebody else's");
    assert_eq!(r.hers.post_htmx(&path, &[]).await.status, 204);
    assert_eq!(r.hers.post_htmx(&path, &[]).await.status, 404);
    assert_eq!(keys(&app).len(), 19, "the bytes are gone too");
    assert_eq!(files::bring(&r.hers, &r.id, "a.pdf", files::PDF).await.status, 200);
    let sent = files::id_of(&files::bring(&r.boss, &r.id, "b.pdf", files::PDF).await);
    files::send(&r.boss, &r.id, "", &sent).await;
    assert_eq!(r.boss.post_htmx(&format!("/files/{sent}/removal"), &[]).await.status, 404, "sent is sent");
});

one_db!(without_scripts_a_file_is_brought_and_sent_in_two_steps, |app| {
    let r = room(&app).await;
    let brought =
        files::bring_plain(&r.hers, &r.id, "va el acuerdo", &[("a.pdf", files::PDF), ("b.pdf", files::PDF)]).await;
    assert_eq!((brought.status.as_u16(), brought.location()), (303, &*format!("/chat/{}", r.id)));
    let page = r.hers.get(brought.location()).await;
    assert_eq!(page.texts("form[data-composer] textarea"), ["va el acuerdo"]);
    assert_eq!(page.count("[data-waiting] [data-file]"), 2);
    let first = page.attrs("[data-remove-file]", "formaction").remove(0);
    assert_eq!(r.hers.post(&first, &[("body", "va el acuerdo final")]).await.status, 303);
    let page = r.hers.get(&format!("/chat/{}", r.id)).await;
    assert_eq!(page.texts("form[data-composer] textarea"), ["va el acuerdo final"]);
    let (id, waiting) = (page.attrs("form[data-composer] [name=id]", "value"), page.attrs("[name=files]", "value"));
    let form = [("id", &*id[0]), ("body", "va el acuerdo final"), ("files", &*waiting[0]), ("file", "")];
    assert_eq!(r.hers.post(&format!("/chat/{}/messages", r.id), &form).await.status, 303);
    let page = r.boss.get(&format!("/chat/{}", r.id)).await;
    assert_eq!(page.texts(".file-chip .file-name"), ["b.pdf"]);
});

one_db!(parts_of_a_file_can_be_read_and_a_known_one_is_not_sent_again, |app| {
    let r = room(&app).await;
    let sound = [b"ID3\x03\0\0\0\0\0\0".as_slice(), &[7_u8; 990]].concat();
    let id = files::id_of(&files::bring(&r.hers, &r.id, "nota.mp3", &sound).await);
    let path = format!("/files/{id}");
    let ask = |name: &'static str, value: String| {
        let (browser, path) = (r.hers.clone(), path.clone());
        async move { browser.send(Method::GET, &path, &[(name, &value)], &[]).await }
    };
    let part = ask("range", "bytes=5-14".to_owned()).await;
    assert_eq!((part.status.as_u16(), part.header("content-range")), (206, "bytes 5-14/1000"));
    assert_eq!(part.bytes, sound[5..15]);
    assert_eq!(ask("range", "bytes=1000-".to_owned()).await.status, 416);
    let whole = r.hers.get(&path).await;
    assert!(whole.header("content-disposition").starts_with("inline;"), "played in place");
    let known = ask("if-none-match", whole.header("etag").to_owned()).await;
    assert_eq!((known.status.as_u16(), known.bytes.len()), (304, 0));
});

one_db!(a_dead_storage_says_so_and_no_message_is_lost, |app| {
    let r = room(&app).await;
    let dir = tempfile::TempDir::new().unwrap();
    let url = format!("file://{}/files", dir.path().display());
    let storage = Storage::open(&url).await.unwrap();
    assert!(matches!(&storage, Storage::Disk(disk) if Arc::strong_count(disk) == 1));
    let router = crea::router(app.app.with_storage(storage));
    let hers = r.hers.through(router);
    let id = files::id_of(&files::bring(&hers, &r.id, "a.pdf", files::PDF).await);
    std::fs::remove_dir_all(dir.path().join("files")).unwrap();
    std::fs::write(dir.path().join("files"), "no folder any more").unwrap();
    let refused = files::bring(&hers, &r.id, "b.pdf", files::PDF).await;
    assert_eq!(refused.status, 503, "{}", refused.text);
    assert!(refused.text.contains(t(Locale::Es, "error.storage")), "{}", refused.text);
    let plain = files::bring_plain(&hers, &r.id, "no se pierde", &[("b.pdf", files::PDF)]).await;
    assert_eq!(plain.status, 503);
    assert_eq!(plain.texts("form[data-composer] textarea"), ["no se pierde"]);
    assert_eq!(hers.get(&format!("/files/{id}")).await.status, 503);
    assert_eq!(stored(&app).await, 0);
    assert_eq!(talk::say(&hers, &r.id, "sin archivo sí").await.1.status, 200);
});

both_dbs!(what_waits_a_day_or_lost_its_message_is_deleted_with_its_bytes, |app| {
    let r = room(&app).await;
    let sent = files::id_of(&files::bring(&r.hers, &r.id, "a.pdf", files::PDF).await);
    files::send(&r.hers, &r.id, "", &sent).await;
    files::bring(&r.hers, &r.id, "foto.png", &files::png(4, 4)).await;
    app.clock.advance(Duration::hours(23));
    // Their sessions ended meanwhile.
    let (hers, boss) = (app.sign_in(&r.ana).await, app.sign_in(&r.luz).await);
    let fresh = files::id_of(&files::bring(&hers, &r.id, "b.pdf", files::PDF).await);
    assert_eq!(prune(&app).await, 0);
    app.clock.advance(Duration::hours(2));
    assert_eq!(prune(&app).await, 1);
    assert_eq!(keys(&app).len(), 2);
    assert_eq!(status(&boss, &format!("/files/{sent}")).await, 200);
    assert_eq!(status(&hers, &format!("/files/{fresh}")).await, 200);
    app.clock.advance(Duration::hours(30));
    app.db.exec(sql!("delete from message")).await.unwrap();
    assert_eq!(prune(&app).await, 2, "retention took the message, housekeeping its file");
    assert!(keys(&app).is_empty());
});

both_dbs!(a_draft_waits_on_the_server_until_it_is_sent, |app| {
    let r = room(&app).await;
    let path = format!("/chat/{}/draft", r.id);
    let shown = |browser: Client| {
        let page = format!("/chat/{}", r.id);
        async move { browser.get(&page).await.texts("form[data-composer] textarea").join("") }
    };
    assert_eq!(r.hers.post_htmx(&path, &[("body", "  primera versión")]).await.status, 204);
    app.clock.advance(Duration::seconds(3));
    assert_eq!(r.hers.post_htmx(&path, &[("body", "segunda versión")]).await.status, 204);
    assert_eq!(shown(r.hers.clone()).await, "segunda versión", "on the next device as well");
    let page = r.hers.get(&format!("/chat/{}", r.id)).await;
    assert_eq!(page.attrs("[data-draft-at]", "data-draft-at"), [app.now().timestamp_millis().to_string()]);
    assert_eq!(shown(r.boss.clone()).await, "", "nobody else's");
    assert_eq!(r.stranger.post_htmx(&path, &[("body", "x")]).await.status, 404);
    assert_eq!(r.stranger.post_htmx(&path, &[("body", "")]).await.status, 404);
    assert_eq!(talk::say(&r.hers, &r.id, "").await.1.status, 422);
    assert_eq!(shown(r.hers.clone()).await, "segunda versión", "what was refused ends nothing");
    assert_eq!(talk::say(&r.hers, &r.id, "segunda versión").await.1.status, 200);
    assert_eq!(shown(r.hers.clone()).await, "");
    r.hers.post_htmx(&path, &[("body", "otra")]).await;
    assert_eq!(r.hers.post_htmx(&path, &[("body", " \n")]).await.status, 204);
    assert_eq!(shown(r.hers.clone()).await, "");
    let long = "ñ".repeat(5_000);
    assert_eq!(r.hers.post_htmx(&path, &[("body", &long)]).await.status, 204);
    assert_eq!(shown(r.hers.clone()).await.chars().count(), 4_000);
});
