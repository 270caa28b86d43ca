//! Groups: who makes, changes and leaves them, what newcomers read, and what one keeps to oneself.

use crea::{
    auth::{Module, Role},
    features::chat,
    sql,
};
use views::text::{Locale, t};

use crate::harness::{Answer, Campaign, Client, TestApp, User, both_dbs, files, one_db, talk};

struct Floor {
    own: Campaign,
    ana: User,
    eva: User,
    luz: User,
    hers: Client,
    evas: Client,
    boss: Client,
}

/// Two agents and their supervisor, who makes groups.
async fn floor(app: &TestApp) -> Floor {
    let own = app.campaign(Module::Core).await;
    let ana = app.user("ana").campaign(&own).insert().await;
    let eva = app.user("eva").campaign(&own).insert().await;
    let luz = app.user("luz").role(Role::Supervisor).campaign(&own).insert().await;
    let (hers, evas, boss) = (app.sign_in(&ana).await, app.sign_in(&eva).await, app.sign_in(&luz).await);
    Floor { own, ana, eva, luz, hers, evas, boss }
}

async fn make(browser: &Client, title: &str, campaign: &Campaign, people: &[&User]) -> Answer {
    let mut form = vec![("title", title.to_owned()), ("campaign", campaign.id.to_string())];
    form.extend(people.iter().map(|p| ("people", p.id.to_string())));
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.post("/chat/groups", &form).await
}

async fn group(f: &Floor, people: &[&User]) -> String {
    let made = make(&f.boss, "Turno", &f.own, people).await;
    assert_eq!(made.status, 303, "{}", made.text);
    made.location().strip_prefix("/chat/").unwrap().to_owned()
}

async fn add(browser: &Client, id: &str, who: &User) -> u16 {
    let form = [("people", &*who.id.to_string())];
    browser.post(&format!("/chat/groups/{id}/people"), &form).await.status.as_u16()
}

async fn remove(browser: &Client, id: &str, who: &User) -> u16 {
    let form = [("user_id", &*who.id.to_string())];
    browser.post(&format!("/chat/groups/{id}/removal"), &form).await.status.as_u16()
}

async fn audited(app: &TestApp, action: &str) -> i64 {
    app.db.one::<(i64,)>(sql!("select count(*) from audit_log where action = $1", action)).await.unwrap().0
}

both_dbs!(a_group_is_made_with_its_people_and_everyone_writes_in_it, |app| {
    let f = floor(&app).await;
    let id = group(&f, &[&f.ana]).await;
    assert_eq!(talk::say(&f.hers, &id, "presente").await.1.status, 200);
    let list = f.boss.get("/chat").await;
    assert!(list.text.contains("Turno") && list.text.contains("Ana: "), "title and who wrote");
    let page = f.hers.get(&format!("/chat/{id}")).await;
    assert!(page.text.contains("Luz Ruiz creó el grupo «Turno»"), "a notice in the reader's language");
    assert_eq!(page.count("ul.member-list > li"), 2);
    assert_eq!(f.evas.get(&format!("/chat/{id}")).await.status, 404, "who is not in it");
    assert_eq!(audited(&app, "group.create").await, 1);
});

one_db!(the_form_keeps_what_was_typed_and_says_what_is_wrong, |app| {
    let f = floor(&app).await;
    let wrong = make(&f.boss, " ", &f.own, &[&f.ana]).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text.contains(t(Locale::Es, "chat.error.group_title")));
    assert_eq!(wrong.attrs("input[name=people][checked]", "value"), [f.ana.id.to_string()], "who was ticked still is");
    let nobody = make(&f.boss, "Turno de la noche", &f.own, &[]).await;
    assert_eq!(nobody.status, 422);
    assert!(nobody.text.contains(t(Locale::Es, "chat.error.group_people")));
    assert_eq!(nobody.attrs("input[name=title]", "value"), ["Turno de la noche"]);
    let long = make(&f.boss, &"x".repeat(81), &f.own, &[&f.ana]).await;
    assert_eq!(long.status, 422);
    let found = f.boss.get_partial("/chat/groups?q=ana").await;
    assert!(found.text.contains("Ana Ruiz") && !found.text.contains("Eva Ruiz") && !found.text.contains("<html"));
    let kept = f.boss.get_partial(&format!("/chat/groups?q=ana&people={}", f.eva.id)).await;
    assert!(kept.text.contains("Eva Ruiz") && kept.text.contains("checked"), "who is ticked stays");
    let (conversations,): (i64,) = app.db.one(sql!("select count(*) from conversation")).await.unwrap();
    assert_eq!(conversations, 0);
});

one_db!(groups_stay_within_a_campaign, |app| {
    let f = floor(&app).await;
    let other = app.campaign(Module::Core).await;
    let far = app.user("far").campaign(&other).insert().await;
    let zoe = app.user("zoe").role(Role::Administrador).insert().await;
    assert_eq!(make(&f.boss, "Turno", &other, &[&far]).await.status, 422, "not in a campaign of others");
    assert_eq!(make(&f.boss, "Turno", &f.own, &[&far]).await.status, 422, "nor with people of others");
    assert_eq!(make(&f.hers, "Turno", &f.own, &[&f.eva]).await.status, 403, "agents make none");
    let admin = app.sign_in(&zoe).await;
    assert_eq!(make(&admin, "Turno", &other, &[&far]).await.status, 303, "administrators in any");
    let id = group(&f, &[&f.ana]).await;
    assert_eq!(add(&f.boss, &id, &far).await, 422);
    assert_eq!(add(&f.hers, &id, &f.eva).await, 403, "who is in it does not manage it");
    assert_eq!(add(&admin, &id, &f.eva).await, 404, "who manages groups is not in every one");
    assert_eq!(add(&f.boss, &id, &zoe).await, 303, "an administrator may be asked in");
    assert_eq!(add(&admin, &id, &f.eva).await, 303);
});

both_dbs!(who_joins_later_reads_from_then_on, |app| {
    let f = floor(&app).await;
    let id = group(&f, &[&f.ana]).await;
    talk::say(&f.hers, &id, "secreto de antes").await;
    assert_eq!(add(&f.boss, &id, &f.eva).await, 303);
    talk::say(&f.hers, &id, "bienvenida").await;
    let page = f.evas.get(&format!("/chat/{id}")).await;
    assert!(page.text.contains("Luz Ruiz agregó a Eva Ruiz") && page.text.contains("bienvenida"));
    let older = f.evas.get_partial(&format!("/chat/{id}/messages?before=99")).await;
    let found = f.evas.get("/chat/search?q=secreto").await;
    for seen in [&page, &older, &f.evas.get("/chat").await] {
        assert!(!seen.text.contains("secreto de antes"));
    }
    assert_eq!(found.count(".hit, [data-hit]"), 0);
    assert_eq!(page.attrs("#unread-total", "data-count"), ["1"], "nor is it unread");
    assert!(f.hers.get(&format!("/chat/{id}")).await.text.contains("secreto de antes"), "it is there for the others");
});

both_dbs!(who_leaves_or_is_removed_is_out_and_may_come_back, |app| {
    let f = floor(&app).await;
    let id = group(&f, &[&f.ana, &f.eva]).await;
    assert_eq!(remove(&f.hers, &id, &f.eva).await, 403, "agents remove nobody");
    assert_eq!(remove(&f.boss, &id, &f.eva).await, 303);
    assert_eq!(f.evas.get(&format!("/chat/{id}")).await.status, 404);
    assert_eq!(talk::say(&f.evas, &id, "¿hola?").await.1.status, 404);
    assert!(!f.evas.get("/chat").await.text.contains("Turno"));
    assert_eq!(f.hers.post(&format!("/chat/{id}/leave"), &[]).await.location(), "/chat");
    assert_eq!(f.hers.get(&format!("/chat/{id}")).await.status, 404);
    let page = f.boss.get(&format!("/chat/{id}")).await;
    assert!(page.text.contains("Luz Ruiz quitó a Eva Ruiz") && page.text.contains("Ana Ruiz salió"));
    assert_eq!(page.count("ul.member-list > li"), 1);
    assert_eq!(add(&f.boss, &id, &f.eva).await, 303);
    assert!(!f.evas.get(&format!("/chat/{id}")).await.text.contains("quitó a Eva"), "from the second time on");
    assert_eq!(f.boss.post(&format!("/chat/{id}/leave"), &[]).await.status, 303, "the last manager may leave");
    assert_eq!(talk::say(&f.evas, &id, "sola").await.1.status, 200);
    let direct = talk::open(&f.hers, &f.luz).await;
    f.hers.post(&format!("/chat/{direct}/leave"), &[]).await;
    assert_eq!(f.hers.get(&format!("/chat/{direct}")).await.status, 200, "of two people nobody leaves");
});

both_dbs!(a_group_is_renamed_for_everyone, |app| {
    let f = floor(&app).await;
    let id = group(&f, &[&f.ana]).await;
    let rename = |title: &'static str| {
        let (boss, path) = (f.boss.clone(), format!("/chat/groups/{id}/title"));
        async move { boss.post_htmx(&path, &[("title", title)]).await.status.as_u16() }
    };
    assert_eq!(rename("  Turno \n nuevo ").await, 204);
    assert_eq!(rename("").await, 422);
    let page = f.hers.get(&format!("/chat/{id}")).await;
    assert!(page.text.contains("cambió el nombre a «Turno nuevo»"));
    assert_eq!(audited(&app, "group.rename").await, 1);
});

both_dbs!(who_left_the_campaign_reads_but_does_not_write_until_taken_out, |app| {
    let f = floor(&app).await;
    let id = group(&f, &[&f.ana, &f.eva]).await;
    let (said, _) = talk::say(&f.hers, &id, "sigo aquí").await;
    app.db.exec(sql!("delete from membership where user_id = $1", f.ana.id)).await.unwrap();
    assert_eq!(talk::say(&f.hers, &id, "¿sigo?").await.1.status, 422);
    assert_eq!(f.hers.get(&format!("/chat/{id}")).await.status, 200);
    let own = format!("/chat/{id}/messages/{said}");
    assert_eq!(f.hers.post_htmx(&own, &[("body", "otra cosa")]).await.status, 422);
    assert_eq!(f.hers.post_htmx(&format!("{own}/reactions"), &[("kind", "like")]).await.status, 422);
    assert_eq!(f.hers.post_htmx(&format!("/chat/{id}/draft"), &[("body", "x")]).await.status, 422);
    assert_eq!(files::bring(&f.hers, &id, "a.pdf", files::PDF).await.status, 422);
    assert_eq!(f.hers.post_htmx(&format!("{own}/delete"), &[]).await.status, 204, "one's own may go");
    let mut tx = app.live.begin().await.unwrap();
    chat::leave_campaign_groups(&mut tx, app.live.directory(), f.ana.id, f.own.id, app.now()).await.unwrap();
    app.live.commit(tx).await.unwrap();
    assert_eq!(f.hers.get(&format!("/chat/{id}")).await.status, 404);
    assert!(f.evas.get(&format!("/chat/{id}")).await.text.contains("Ana Ruiz salió"));
    app.db.exec(sql!("update campaign set is_active = false where id = $1", f.own.id)).await.unwrap();
    assert_eq!(talk::say(&f.evas, &id, "¿sigo?").await.1.status, 422, "nor where the campaign ended");
});

both_dbs!(muting_pinning_and_marking_unread_are_ones_own, |app| {
    let f = floor(&app).await;
    let id = group(&f, &[&f.ana]).await;
    talk::say(&f.boss, &id, "uno").await;
    talk::say(&f.boss, &id, "dos").await;
    let total = |page: &Answer| page.attrs("#unread-total", "data-count").join("");
    assert_eq!(f.hers.post(&format!("/chat/{id}/mute"), &[("on", "true")]).await.status, 303);
    let list = f.hers.get("/chat").await;
    assert_eq!((total(&list), list.attrs(&format!("#u-{id}"), "data-count")), ("0".into(), vec!["2".to_owned()]));
    assert_eq!(list.count(&format!("#u-{id}[data-muted]")), 1);
    assert_eq!(f.boss.get("/chat").await.count(&format!("#u-{id}[data-muted]")), 0, "for oneself alone");
    f.hers.post(&format!("/chat/{id}/mute"), &[("on", "false")]).await;
    assert_eq!(total(&f.hers.get("/chat").await), "2");
    f.hers.post(&format!("/chat/{id}/pin"), &[("on", "true")]).await;
    assert_eq!(f.hers.get("/chat").await.count(&format!("#pinned #pin-{id}")), 1);
    assert_eq!(f.boss.get("/chat").await.count("#pinned .conv"), 0);
    f.hers.post(&format!("/chat/{id}/pin"), &[("on", "false")]).await;
    assert_eq!(f.hers.get("/chat").await.count("#pinned .conv"), 0);
    talk::read(&f.hers, &id, 3).await;
    assert_eq!(total(&f.hers.get("/chat").await), "0");
    assert_eq!(f.hers.post(&format!("/chat/{id}/unread"), &[]).await.location(), "/chat");
    assert_eq!(total(&f.hers.get("/chat").await), "1", "the newest of somebody else");
    let (seen,): (i64,) =
        app.db.one(sql!("select seen_number from participant where user_id = $1", f.ana.id)).await.unwrap();
    assert_eq!(seen, 3, "what was seen stays seen");
});

both_dbs!(lists_by_kind_hold_their_kind_and_page_by_themselves, |app| {
    let f = floor(&app).await;
    let direct = talk::open(&f.hers, &f.luz).await;
    talk::say(&f.hers, &direct, "a solas").await;
    let id = group(&f, &[&f.ana]).await;
    let rows = |page: &Answer| page.attrs(".chat-side .conv-list .conv", "id");
    let (group_row, direct_row) = (format!("c-{id}"), format!("c-{direct}"));
    assert_eq!(rows(&f.hers.get("/chat?kind=group").await), std::slice::from_ref(&group_row));
    assert_eq!(rows(&f.hers.get("/chat?kind=direct").await), std::slice::from_ref(&direct_row));
    assert!(rows(&f.hers.get("/chat?kind=broadcast").await).is_empty());
    assert_eq!(rows(&f.hers.get("/chat?kind=nonsense").await).len(), 2, "what is no kind shows all");
    let open = f.hers.get(&format!("/chat/{id}?kind=group")).await;
    assert_eq!(rows(&open), [group_row]);
    assert_eq!(open.count(".tabs a[aria-current]"), 1);
});

both_dbs!(a_conversation_about_a_record_opens_to_who_may_see_it_today, |app| {
    let f = floor(&app).await;
    let far = app.user("far").campaign(&app.campaign(Module::Core).await).insert().await;
    let outsider = app.sign_in(&far).await;
    let path = format!("/records/campaign/{}/conversation", f.own.id);
    assert_eq!(outsider.post(&path, &[]).await.status, 404);
    let opened = f.hers.post(&path, &[]).await;
    let id = opened.location().strip_prefix("/chat/").unwrap().to_owned();
    assert_eq!(talk::say(&f.hers, &id, "sobre la campaña").await.1.status, 200);
    assert_eq!(f.boss.post(&path, &[]).await.location(), opened.location(), "one for everybody");
    let page = f.boss.get(&format!("/chat/{id}")).await;
    assert!(page.text.contains("sobre la campaña") && page.text.contains(&f.own.name), "all of it, under its name");
    app.db.exec(sql!("delete from membership where user_id = $1", f.ana.id)).await.unwrap();
    assert_eq!(f.hers.get(&format!("/chat/{id}")).await.status, 404, "not today");
    assert_eq!(talk::say(&f.hers, &id, "¿hola?").await.1.status, 404);
});

both_dbs!(a_conversation_about_a_record_that_one_lost_is_not_there, |app| {
    let f = floor(&app).await;
    let path = format!("/records/campaign/{}/conversation", f.own.id);
    let id = f.hers.post(&path, &[]).await.location().strip_prefix("/chat/").unwrap().to_owned();
    f.boss.post(&path, &[]).await;
    let (said, _) = talk::say(&f.hers, &id, "sobre la campaña").await;
    let file = files::id_of(&files::bring(&f.hers, &id, "a.pdf", files::PDF).await);
    files::send(&f.hers, &id, "", &file).await;
    talk::say(&f.boss, &id, "visto").await;
    let open = async || {
        let list = f.hers.get("/chat").await;
        let found = f.hers.get(&format!("/chat/search?q=visto&in={id}")).await;
        let held = app.held(f.ana.id).await;
        let held = held.iter().filter(|topic| matches!(topic, crea::live::Topic::Conversation(_))).count();
        let takes_part = chat::takes_part(&app.db, f.ana.id.0, id.parse().unwrap()).await.unwrap();
        let total = list.attrs("#unread-total", "data-count").join("");
        let file = f.hers.get(&format!("/files/{file}")).await.status.as_u16();
        (list.count(".chat-side .conv-list .conv"), found.count(".hits .hit"), held, takes_part, total, file)
    };
    let before = open().await;
    assert_eq!((before.0, before.2, before.3, &*before.4, before.5), (1, 1, true, "1", 200));
    app.db.exec(sql!("delete from membership where user_id = $1", f.ana.id)).await.unwrap();
    assert_eq!(open().await, (0, 0, 0, false, "0".to_owned(), 404));
    let search = f.hers.get("/chat/search?q=visto").await;
    assert!(!search.text.contains(&f.own.name) && !search.text.contains(&f.luz.name), "neither it nor its people");
    let own = format!("/chat/{id}/messages/{said}");
    for (path, form) in [
        (own.clone(), [("body", "otra cosa")]),
        (format!("{own}/delete"), [("body", "")]),
        (format!("{own}/reactions"), [("kind", "like")]),
        (format!("/chat/{id}/draft"), [("body", "x")]),
        (format!("/chat/{id}/read"), [("number", "3")]),
        (format!("/chat/{id}/mute"), [("on", "true")]),
        (format!("/chat/{id}/unread"), [("on", "true")]),
    ] {
        assert_eq!(f.hers.post_htmx(&path, &form).await.status, 404, "{path}");
    }
    assert_eq!(files::bring(&f.hers, &id, "a.pdf", files::PDF).await.status, 404);
});

both_dbs!(a_record_in_a_message_is_a_card_for_who_may_see_it_and_a_sentence_for_others, |app| {
    let f = floor(&app).await;
    let id = group(&f, &[&f.ana]).await;
    let url = format!("{}/campaigns/{}", app.config.public_url, f.own.id);
    talk::say(&f.boss, &id, &format!("vea {url}.")).await;
    let page = f.hers.get(&format!("/chat/{id}")).await;
    let card = format!("/records/campaign/{}/card", f.own.id);
    assert_eq!(page.attrs("[data-record]", "hx-get"), std::slice::from_ref(&card));
    assert!(!page.text.contains("talk-record-card"), "nothing of the record is in the message");
    let seen = f.hers.get_partial(&card).await;
    assert!(seen.status == 200 && seen.text.contains(&f.own.name), "{}", seen.text);
    let far = app.user("far").campaign(&app.campaign(Module::Core).await).insert().await;
    let closed = app.sign_in(&far).await.get_partial(&card).await;
    assert!(closed.status == 404 && closed.text.contains(t(Locale::Es, "record.none")), "{}", closed.text);
    assert!(!closed.text.contains(&f.own.name));
});
