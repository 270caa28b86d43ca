//! Campaigns and their members.

use crea::{
    auth::{Module, Role},
    db::is_unique_violation,
    features::campaigns::{self, CampaignData, CampaignFilter},
    ids::{CampaignId, UserId},
    sql,
};
use serde_json::json;

use crate::harness::{TestApp, both_dbs};

fn data(code: &str, name: &str) -> CampaignData {
    CampaignData {
        code: code.to_owned(),
        name: name.to_owned(),
        description: String::new(),
        module: Module::Telefonica,
        time_zone: "America/Mexico_City".to_owned(),
        currency: "MXN".to_owned(),
    }
}

async fn insert(app: &TestApp, code: &str, name: &str) -> CampaignId {
    let id = CampaignId::new();
    let mut tx = app.db.begin().await.unwrap();
    campaigns::insert(&mut tx, id, &data(code, name), json!({}), app.now()).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn names(app: &TestApp, filter: CampaignFilter) -> Vec<String> {
    campaigns::list(&app.db, &filter).await.unwrap().into_iter().map(|row| row.name).collect()
}

both_dbs!(a_code_is_taken_once, |app| {
    let id = insert(&app, "tel", "Telefónica").await;
    let found = campaigns::find(&app.db, id).await.unwrap();
    assert_eq!((&*found.code, found.module, found.version), ("tel", Module::Telefonica, 1));
    let mut tx = app.db.begin().await.unwrap();
    let again = campaigns::insert(&mut tx, CampaignId::new(), &data("tel", "Otra"), json!({}), app.now()).await;
    assert!(is_unique_violation(&again.unwrap_err()));
    drop(tx);
    assert!(matches!(campaigns::find(&app.db, CampaignId::new()).await, Err(sqlx::Error::RowNotFound)));
});

both_dbs!(the_list_filters_by_words_module_and_state, |app| {
    insert(&app, "mx_norte", "Ventas México Norte").await;
    let closed = insert(&app, "old", "Águila").await;
    let other = app.campaign(Module::Core).await;
    let mut tx = app.db.begin().await.unwrap();
    assert_eq!(campaigns::set_active(&mut tx, closed, false, 1, app.now()).await.unwrap(), 1);
    tx.commit().await.unwrap();
    let all = names(&app, CampaignFilter::default()).await;
    assert_eq!(all, ["Águila", &other.name, "Ventas México Norte"], "by name without accents");
    let text = |text: &str| CampaignFilter { text: text.to_owned(), ..CampaignFilter::default() };
    assert_eq!(names(&app, text("MEXICO ven")).await, ["Ventas México Norte"]);
    assert_eq!(names(&app, text("mx_")).await, ["Ventas México Norte"], "by code too");
    assert!(names(&app, text("exico")).await.is_empty(), "words by their beginning");
    let of = CampaignFilter { module: Some(Module::Core), ..CampaignFilter::default() };
    assert_eq!(names(&app, of).await, [other.name]);
    let closed = CampaignFilter { is_active: Some(false), ..CampaignFilter::default() };
    assert_eq!(names(&app, closed).await, ["Águila"]);
});

both_dbs!(a_change_of_an_older_version_touches_nothing, |app| {
    let id = insert(&app, "tel", "Telefónica").await;
    let mut tx = app.db.begin().await.unwrap();
    let before = campaigns::find_in(&mut tx, id).await.unwrap();
    let now = app.now();
    assert_eq!(campaigns::update(&mut tx, id, &data("tel2", "Dos"), before.version, now).await.unwrap(), 1);
    assert_eq!(campaigns::update(&mut tx, id, &data("tel3", "Tres"), before.version, now).await.unwrap(), 0);
    assert_eq!(campaigns::set_active(&mut tx, id, false, before.version, now).await.unwrap(), 0);
    assert_eq!(campaigns::set_calendar(&mut tx, id, json!({}), before.version, now).await.unwrap(), 0);
    assert_eq!(campaigns::set_calendar(&mut tx, id, json!({ "week": [] }), 2, now).await.unwrap(), 1);
    let after = campaigns::find_in(&mut tx, id).await.unwrap();
    assert_eq!((&*after.name, after.is_active, after.version), ("Dos", true, 3));
    assert_eq!(after.calendar, json!({ "week": [] }));
    assert!(matches!(campaigns::find_in(&mut tx, CampaignId::new()).await, Err(sqlx::Error::RowNotFound)));
});

both_dbs!(members_are_added_once_and_counted, |app| {
    let id = insert(&app, "tel", "Telefónica").await;
    let (ana, beto) = (app.user("ana").document("1020").insert().await, app.user("beto").insert().await);
    let gone = app.user("gone").inactive().insert().await;
    let add = async |users: Vec<UserId>| {
        let mut tx = app.db.begin().await.unwrap();
        let added = campaigns::add_members(&mut tx, id, &users, app.now()).await.unwrap();
        tx.commit().await.unwrap();
        added
    };
    assert_eq!(add(vec![ana.id, gone.id, UserId::new()]).await, [ana.id], "active people alone");
    assert_eq!(add(vec![ana.id, beto.id]).await, [beto.id], "who is in already stays");
    assert!(add(vec![]).await.is_empty());
    assert_eq!(campaigns::count_members(&app.db, id).await.unwrap(), (2, 2));
    assert_eq!(campaigns::list(&app.db, &CampaignFilter::default()).await.unwrap()[0].members, 2);
    let page = campaigns::list_members(&app.db, id, "", None, 1).await.unwrap();
    assert_eq!((page.rows[0].id, page.has_more), (ana.id, true));
    let after = (page.rows[0].name_folded.as_str(), ana.id);
    let page = campaigns::list_members(&app.db, id, "", Some(after), 1).await.unwrap();
    assert_eq!((page.rows[0].id, page.has_more), (beto.id, false));
    assert_eq!(campaigns::list_members(&app.db, id, "ana 102", None, 9).await.unwrap().rows.len(), 1);
    assert!(campaigns::list_members(&app.db, id, "2", None, 9).await.unwrap().rows.is_empty());
});

both_dbs!(people_to_add_are_active_and_not_members, |app| {
    let id = insert(&app, "tel", "Telefónica").await;
    let inside = app.user("ana").role(Role::Supervisor).insert().await;
    let outside = app.user("beto").insert().await;
    app.user("gone").inactive().insert().await;
    let mut tx = app.db.begin().await.unwrap();
    campaigns::add_members(&mut tx, id, &[inside.id], app.now()).await.unwrap();
    tx.commit().await.unwrap();
    let ids = async |text: &str| {
        let found = campaigns::list_outsiders(&app.db, id, text, 9).await.unwrap();
        found.rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(ids("").await, [outside.id]);
    assert_eq!(ids("BET").await, [outside.id]);
    assert!(ids("ana").await.is_empty());
});

both_dbs!(who_is_taken_out_is_told_by_name, |app| {
    let id = insert(&app, "tel", "Telefónica").await;
    let (ana, beto) = (app.user("ana").insert().await, app.user("beto").insert().await);
    let mut tx = app.db.begin().await.unwrap();
    campaigns::add_members(&mut tx, id, &[ana.id, beto.id], app.now()).await.unwrap();
    assert_eq!(campaigns::remove_members(&mut tx, id, &[ana.id, UserId::new()]).await.unwrap(), [ana.id]);
    assert_eq!(campaigns::active_members(&mut tx, id).await.unwrap(), [beto.id]);
    assert!(campaigns::remove_members(&mut tx, id, &[]).await.unwrap().is_empty());
    tx.commit().await.unwrap();
    app.db.exec(sql!("update app_user set is_active = false where id = $1", beto.id)).await.unwrap();
    assert_eq!(campaigns::count_members(&app.db, id).await.unwrap(), (1, 0));
    let choices = campaigns::choices(&app.db).await.unwrap();
    assert_eq!(choices, [(id, "Telefónica".to_owned())]);
});
