//! Who follows a ticket, who is named in it, and that naming gives nobody a right who is not to have it.

use crea::{
    auth::{Module, Role},
    ids::UserId,
    sql,
};
use uuid::Uuid;

use super::{Desk, desk, say, somebody};
use crate::harness::{Client, TestApp, User, both_dbs};

fn name(user: &User) -> String {
    format!("@{}", user.name)
}

async fn named(app: &TestApp) -> Vec<UserId> {
    let rows: Vec<(UserId,)> = app
        .db
        .all(sql!("select m.user_id from ticket_mention m join ticket_entry e on e.id = m.entry_id order by e.number, m.user_id"))
        .await
        .unwrap();
    rows.into_iter().map(|(id,)| id).collect()
}

async fn follow(client: &Client, path: &str, user: &str) -> u16 {
    client.post(&format!("{path}/followers"), &[("user", user)]).await.status.as_u16()
}

async fn leave(client: &Client, path: &str, user: &str) -> u16 {
    client.post(&format!("{path}/followers/removal"), &[("user", user)]).await.status.as_u16()
}

both_dbs!(staff_and_who_works_on_a_ticket_bring_people_in_and_staff_takes_them_out, |app| {
    let desk = desk(&app).await;
    let path = desk.open(&[]).await;
    let (holder, other) = desk.holder(&app, &path).await;
    let eva = somebody(&app, "eva", Role::Asesor, &desk.campaign).await;
    let elsewhere = app.campaign(Module::Core).await;
    let teo = somebody(&app, "teo", Role::Asesor, &elsewhere).await;
    let [eva_id, teo_id, other_id] = [eva.0.id, teo.0.id, other.0.id].map(|id| id.to_string());
    assert_eq!(follow(&eva.1, &path, "").await, 404, "nobody lets themselves in");
    assert_eq!(follow(&desk.ana.1, &path, &eva_id).await, 403, "a requester brings nobody in");
    assert_eq!(follow(&holder.1, &path, &teo_id).await, 422, "whom it does not concern");
    assert_eq!(follow(&holder.1, &path, &eva_id).await, 303);
    assert_eq!(follow(&desk.luz.1, &path, &other_id).await, 303, "who serves the application");
    assert_eq!(follow(&desk.luz.1, &path, &other_id).await, 303, "once is enough");
    let page = eva.1.get(&path).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("a los seguidores"), "the timeline tells it");
    assert_eq!(page.count("form[action$='/followers/removal']"), 1);
    assert_eq!(eva.1.get(&format!("{path}/followers")).await.texts(".follower .clip").len(), 2);
    assert_eq!(eva.1.get("/tickets").await.texts(".ticket-title").len(), 1, "it is in their list");
    assert_eq!(leave(&holder.1, &path, &eva_id).await, 403, "only staff takes others out");
    assert_eq!(leave(&eva.1, &path, &other_id).await, 403);
    assert_eq!(leave(&desk.luz.1, &path, &eva_id).await, 303);
    assert_eq!(eva.1.get(&path).await.status, 404, "it is theirs no more");
    assert_eq!(other.1.post(&format!("{path}/followers/removal"), &[("user", "")]).await.location(), "/tickets");
    assert_eq!(other.1.get(&path).await.status, 404);
});

both_dbs!(who_is_named_is_told_and_brought_in_only_by_who_may, |app| {
    let desk = desk(&app).await;
    let path = desk.open(&[]).await;
    let (holder, _) = desk.holder(&app, &path).await;
    let eva = somebody(&app, "eva", Role::Asesor, &desk.campaign).await;
    let elsewhere = app.campaign(Module::Core).await;
    let teo = somebody(&app, "teo", Role::Asesor, &elsewhere).await;
    let text = format!("Lo vio {} ayer, y <b>{}</b>", name(&eva.0), name(&teo.0));
    assert_eq!(say(&desk.ana.1, &path, &text, "").await.status, 303);
    assert_eq!(named(&app).await, [], "a requester names nobody who does not read it");
    assert_eq!(eva.1.get(&path).await.status, 404);
    let text = format!("Gracias, {}", name(&holder.0).to_uppercase());
    assert_eq!(say(&desk.ana.1, &path, &text, "").await.status, 303);
    assert_eq!(named(&app).await, [holder.0.id]);
    assert_eq!(say(&holder.1, &path, &format!("{} lo revisa", name(&eva.0)), "1").await.status, 303);
    assert_eq!(eva.1.get(&path).await.status, 404, "a note brings nobody in");
    assert_eq!(say(&holder.1, &path, &format!("{} y {}", name(&eva.0), name(&teo.0)), "").await.status, 303);
    assert_eq!(named(&app).await, [holder.0.id, eva.0.id], "not who has nothing to do with it");
    let page = eva.1.get(&path).await;
    assert_eq!((page.status.as_u16(), teo.1.get(&path).await.status.as_u16()), (200, 404));
    assert_eq!(page.attrs(".mention", "data-mentions"), [holder.0.id.to_string(), eva.0.id.to_string()]);
    assert!(page.text.contains("&lt;b&gt;"), "text stays text");
});

both_dbs!(of_two_people_of_one_name_nobody_is_let_in_by_guessing, |app| {
    let desk = desk(&app).await;
    let path = desk.open(&[]).await;
    let (holder, _) = desk.holder(&app, &path).await;
    let eva = somebody(&app, "eva", Role::Asesor, &desk.campaign).await;
    let twin = somebody(&app, "twin", Role::Asesor, &desk.campaign).await;
    let same = sql!(
        "update app_user set first_name = (select first_name from app_user where id = $1), \
           last_name = (select last_name from app_user where id = $1), \
           name_folded = (select name_folded from app_user where id = $1) where id = $2",
        eva.0.id,
        twin.0.id
    );
    app.db.exec(same).await.unwrap();
    let text = format!("{} por favor", name(&eva.0));
    assert_eq!(say(&holder.1, &path, &text, "").await.status, 303);
    assert_eq!(named(&app).await, []);
    assert_eq!(follow(&desk.luz.1, &path, &eva.0.id.to_string()).await, 303);
    assert_eq!(say(&holder.1, &path, &text, "").await.status, 303);
    assert_eq!(named(&app).await, [eva.0.id], "who reads it is meant");
    assert_eq!(twin.1.get(&path).await.status, 404);
});

both_dbs!(names_are_offered_to_who_may_use_them, |app| {
    let desk: Desk = desk(&app).await;
    let path = desk.open(&[]).await;
    let (holder, _) = desk.holder(&app, &path).await;
    let eva = somebody(&app, "eva", Role::Asesor, &desk.campaign).await;
    let offered = async |client: &Client| client.get(&format!("{path}/names")).await.attrs("li", "data-name");
    assert!(!offered(&desk.ana.1).await.contains(&eva.0.name));
    assert!(offered(&holder.1).await.contains(&eva.0.name));
    assert_eq!(eva.1.get(&format!("{path}/names")).await.status, 404);
    // However many rows name somebody, a page takes as many statements.
    let before = desk.luz.1.get(&path).await.statements;
    for _ in 0..5 {
        let id = Uuid::now_v7().to_string();
        let text = format!("{} {}", name(&eva.0), name(&desk.luz.0));
        holder.1.post(&format!("{path}/comments"), &[("id", &*id), ("body", &*text)]).await;
    }
    let page = desk.luz.1.get(&path).await;
    println!("a ticket: {} statements", page.statements);
    assert_eq!((page.statements, page.count(".mention")), (before, 10));
    assert!(page.statements <= 14, "{}", page.statements);
});
