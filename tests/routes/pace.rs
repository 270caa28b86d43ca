//! How much one person may do in a while, also when it comes all at once.

use chrono::Duration;
use crea::{
    auth::{Module, Role},
    sql,
};
use uuid::Uuid;
use views::text::{Locale, t};

use crate::harness::{Answer, Client, TestApp, User, both_dbs, files, one_db, talk};

struct Floor {
    ana: User,
    hers: Client,
    boss: Client,
    admin: Client,
    id: String,
    group: String,
}

/// An agent and her supervisor with a conversation, a group of both, and an administrator.
async fn floor(app: &TestApp) -> Floor {
    let own = app.campaign(Module::Core).await;
    let ana = app.user("ana").campaign(&own).insert().await;
    let luz = app.user("luz").role(Role::Supervisor).campaign(&own).insert().await;
    let zoe = app.user("zoe").role(Role::Administrador).insert().await;
    let (hers, boss, admin) = (app.sign_in(&ana).await, app.sign_in(&luz).await, app.sign_in(&zoe).await);
    let id = talk::open(&hers, &luz).await;
    let form = [("title", "Turno"), ("campaign", &*own.id.to_string()), ("people", &*ana.id.to_string())];
    let made = boss.post("/chat/groups", &form).await;
    let group = made.location().strip_prefix("/chat/").unwrap().to_owned();
    app.clock.advance(Duration::minutes(2));
    Floor { ana, hers, boss, admin, id, group }
}

fn refused(answer: &Answer, key: &str) -> bool {
    answer.status == 429 && answer.text.contains(t(Locale::Es, key))
}

/// The statuses of these requests sent at once, in order of size.
async fn at_once<F>(requests: impl IntoIterator<Item = F>) -> Vec<u16>
where
    F: Future<Output = Answer> + Send + 'static,
{
    let tasks: Vec<_> = requests.into_iter().map(tokio::spawn).collect();
    let mut statuses = Vec::new();
    for task in tasks {
        statuses.push(task.await.unwrap().status.as_u16());
    }
    statuses.sort_unstable();
    statuses
}

both_dbs!(of_many_messages_at_once_twenty_are_taken, |app| {
    let f = floor(&app).await;
    let statuses = at_once((0..24).map(|n| {
        // Two conversations: the limit is the person's.
        let (hers, id) = (f.hers.clone(), if n % 2 == 0 { f.id.clone() } else { f.group.clone() });
        async move { talk::say(&hers, &id, "hola").await.1 }
    }))
    .await;
    assert_eq!(statuses, [vec![200; 20], vec![429; 4]].concat());
});

both_dbs!(of_many_exports_at_once_ten_are_made, |app| {
    let f = floor(&app).await;
    let statuses = at_once((0..12).map(|_| {
        let (admin, url) = (f.admin.clone(), format!("/investigations/{}", f.id));
        async move { admin.post(&url, &[("reason", "Queja del cliente 1234, radicado 88")]).await }
    }))
    .await;
    assert_eq!(statuses, [vec![200; 10], vec![429; 2]].concat());
});

both_dbs!(renaming_a_group_counts_as_writing, |app| {
    let f = floor(&app).await;
    let path = format!("/chat/groups/{}/title", f.group);
    for n in 0..20 {
        assert_eq!(f.boss.post_htmx(&path, &[("title", &format!("Turno {n}"))]).await.status, 204);
    }
    assert!(refused(&f.boss.post_htmx(&path, &[("title", "Otro")]).await, "chat.error.rate"));
    assert!(refused(&talk::say(&f.boss, &f.id, "hola").await.1, "chat.error.rate"), "nor may they write");
    app.clock.advance(Duration::seconds(61));
    assert_eq!(f.boss.post_htmx(&path, &[("title", "Otro")]).await.status, 204);
});

both_dbs!(a_reaction_put_and_taken_back_counts_twice, |app| {
    let f = floor(&app).await;
    let (message, _) = talk::say(&f.hers, &f.id, "hola").await;
    let path = format!("/chat/{}/messages/{message}/reactions", f.id);
    for _ in 0..20 {
        assert_eq!(f.boss.post_htmx(&path, &[("kind", "like")]).await.status, 204);
    }
    assert!(refused(&f.boss.post_htmx(&path, &[("kind", "like")]).await, "chat.error.rate_reactions"));
    assert_eq!(f.hers.post_htmx(&path, &[("kind", "like")]).await.status, 204, "the other's limit is the other's");
    app.clock.advance(Duration::seconds(61));
    assert_eq!(f.boss.post_htmx(&path, &[("kind", "like")]).await.status, 204);
    let (rows,): (i64,) = app.db.one(sql!("select count(*) from pace where what = 'reaction'")).await.unwrap();
    assert_eq!(rows, 2, "one row a person, however much they do");
});

one_db!(drafts_and_searches_have_a_limit, |app| {
    let f = floor(&app).await;
    let draft = format!("/chat/{}/draft", f.id);
    for _ in 0..60 {
        assert_eq!(f.hers.post_htmx(&draft, &[("body", "x")]).await.status, 204);
        assert_eq!(f.hers.get("/chat/search?q=acuerdo").await.status, 200);
    }
    assert!(refused(&f.hers.post_htmx(&draft, &[("body", "x")]).await, "chat.error.rate_drafts"));
    assert!(refused(&f.hers.get_partial("/chat/search?q=acuerdo").await, "chat.error.rate_searches"));
    assert_eq!(f.hers.get("/chat/search").await.status, 200, "the page opens");
    app.clock.advance(Duration::seconds(60));
    assert_eq!(f.hers.post_htmx(&draft, &[("body", "x")]).await.status, 204);
    assert_eq!(f.hers.get("/chat/search?q=acuerdo").await.status, 200);
});

both_dbs!(a_clock_that_goes_back_leaves_nobody_waiting_for_its_return, |app| {
    let f = floor(&app).await;
    let (message, _) = talk::say(&f.hers, &f.id, "hola").await;
    let path = format!("/chat/{}/messages/{message}/reactions", f.id);
    let export = format!("/investigations/{}", f.id);
    let reason = [("reason", "Queja del cliente 1234, radicado 88")];
    let fill = async || {
        for _ in 0..20 {
            assert_eq!(f.boss.post_htmx(&path, &[("kind", "like")]).await.status, 204);
        }
        for _ in 0..10 {
            assert_eq!(f.admin.post(&export, &reason).await.status, 200);
        }
        assert!(refused(&f.boss.post_htmx(&path, &[("kind", "like")]).await, "chat.error.rate_reactions"));
        assert_eq!(f.admin.post(&export, &reason).await.status, 429);
    };
    app.clock.advance(Duration::hours(2));
    fill().await;
    app.clock.advance(Duration::hours(-2));
    fill().await;
});

both_dbs!(files_that_are_still_coming_count, |app| {
    let f = floor(&app).await;
    let coming = |n: i64| {
        sql!(
            "insert into stored_file (id, purpose, place_id, uploader_id, name, content_type, object_key, size_bytes, \
             sha256, created_at) values ($1, 'chat', $2, $3, 'a.pdf', 'application/pdf', $4, 0, '', $5)",
            Uuid::now_v7(),
            f.id.parse::<Uuid>().unwrap(),
            f.ana.id,
            format!("chat/test/{n}"),
            app.now()
        )
    };
    for n in 0..20 {
        app.db.exec(coming(n)).await.unwrap();
    }
    let full = files::bring(&f.hers, &f.id, "a.pdf", files::PDF).await;
    assert_eq!(full.status, 422, "{}", full.text);
    assert!(full.text.contains(t(Locale::Es, "chat.error.file_count")));
    let elsewhere = files::bring(&f.hers, &f.group, "a.pdf", files::PDF).await;
    assert!(refused(&elsewhere, "chat.error.rate_files"), "twenty may be 200 MB: {}", elsewhere.text);
    app.clock.advance(Duration::minutes(10));
    assert_eq!(files::bring(&f.hers, &f.id, "a.pdf", files::PDF).await.status, 200, "they never came");
});

both_dbs!(two_hundred_megabytes_an_hour_are_brought_at_most, |app| {
    let f = floor(&app).await;
    files::bring(&f.hers, &f.id, "a.pdf", files::PDF).await;
    let brought =
        || async { app.db.one::<(i64,)>(sql!("select amount from pace where what = 'upload'")).await.unwrap().0 };
    assert_eq!(brought().await, files::PDF.len() as i64);
    app.db.exec(sql!("update pace set amount = $1 where what = 'upload'", 200_i64 * 1024 * 1024)).await.unwrap();
    let more = files::bring(&f.hers, &f.id, "b.pdf", files::PDF).await;
    assert!(refused(&more, "chat.error.rate_files"), "{}", more.text);
    assert_eq!(more.header("retry-after"), "3600");
    let plain = files::bring_plain(&f.hers, &f.id, "no se pierde", &[("b.pdf", files::PDF)]).await;
    assert_eq!(plain.texts("form[data-composer] textarea"), ["no se pierde"]);
    app.clock.advance(Duration::hours(1));
    assert_eq!(files::bring(&f.hers, &f.id, "b.pdf", files::PDF).await.status, 200);
});

one_db!(of_a_text_beside_files_a_message_s_length_is_kept, |app| {
    let f = floor(&app).await;
    let long = "ñ".repeat(3_000_000);
    assert_eq!(files::bring_plain(&f.hers, &f.id, &long, &[("a.pdf", files::PDF)]).await.status, 303);
    let page = f.hers.get(&format!("/chat/{}", f.id)).await;
    assert_eq!(page.texts("form[data-composer] textarea"), ["ñ".repeat(4_000)]);
});
