//! Accounts as administrators list them.

use chrono::TimeDelta;
use crea::{
    auth::{Module, Role, throttle},
    features::users::{Filter, count_users, list_users},
    sql,
};
use uuid::Uuid;

use crate::harness::{TestApp, both_dbs};

async fn found(app: &TestApp, filter: Filter) -> Vec<String> {
    let rows = list_users(&app.db, &filter, 0, 50).await.unwrap();
    assert_eq!(count_users(&app.db, &filter).await.unwrap(), i64::try_from(rows.len()).unwrap());
    rows.into_iter().map(|row| row.person.first_name).collect()
}

both_dbs!(the_list_is_searched_by_the_start_of_words_documents_e_mails_and_greta_users, |app| {
    let zoe = app.user("zoé").last_name("Peña Gómez").document("CE90x").email("zoe@crea.example").insert().await;
    app.user("ana").last_name("Ruiz").document("1020").email("ruiz@otra.example").insert().await;
    app.db.exec(sql!("update app_user set greta_user = 'GR_55' where id = $1", zoe.id)).await.unwrap();
    for (query, expected) in [
        ("", vec!["Ana", "Zoé"]),
        ("pena", vec!["Zoé"]),
        ("GÓM zo", vec!["Zoé"]),
        ("ce90", vec!["Zoé"]),
        ("gr_5", vec!["Zoé"]),
        ("zoe@", vec!["Zoé"]),
        ("ruiz", vec!["Ana"]),
        ("uiz", vec![]),
        ("%", vec![]),
    ] {
        let filter = Filter { query: query.to_owned(), ..Filter::default() };
        assert_eq!(found(&app, filter).await, expected, "{query}");
    }
});

both_dbs!(the_list_is_filtered_by_role_campaign_and_state, |app| {
    let own = app.campaign(Module::Core).await;
    app.user("ana").campaign(&own).insert().await;
    app.user("luz").role(Role::Supervisor).insert().await;
    let eva = app.user("eva").inactive().insert().await;
    app.user("ivo").inactive().insert().await;
    app.db.exec(sql!("update app_user set invited_at = $1 where id = $2", app.now(), eva.id)).await.unwrap();
    let all = Filter::default;
    for (filter, expected) in [
        (Filter { role: Some(Role::Supervisor), ..all() }, vec!["Luz"]),
        (Filter { campaign: Some(own.id), ..all() }, vec!["Ana"]),
        (Filter { is_active: Some(true), ..all() }, vec!["Ana", "Luz"]),
        (Filter { is_active: Some(false), is_invited: Some(true), ..all() }, vec!["Eva"]),
        (Filter { is_active: Some(false), is_invited: Some(false), ..all() }, vec!["Ivo"]),
        (Filter { among: Some(vec![eva.id]), ..all() }, vec!["Eva"]),
        (Filter { among: Some(vec![]), ..all() }, vec![]),
    ] {
        assert_eq!(found(&app, filter.clone()).await, expected, "{filter:?}");
    }
});

both_dbs!(an_account_is_locked_by_one_address_or_by_many_together, |app| {
    let now = app.now();
    let fail = async |account: &str, ip: &str, times: usize| {
        for _ in 0..times {
            throttle::attempt(&app.db, Uuid::now_v7(), account, ip, now).await.unwrap();
        }
    };
    fail("four", "10.0.0.1", 4).await;
    fail("five", "10.0.0.1", 5).await;
    for ip in ["10.0.0.1", "10.0.0.2", "10.0.0.3"] {
        fail("spread", ip, if ip == "10.0.0.3" { 2 } else { 4 }).await;
    }
    assert_eq!(throttle::list_locked(&app.db, now).await.unwrap(), ["five", "spread"]);
    assert!(throttle::list_locked(&app.db, now + TimeDelta::minutes(16)).await.unwrap().is_empty(), "for a while");
    let mut tx = app.db.begin().await.unwrap();
    assert_eq!(throttle::unlock(&mut tx, &["five".to_owned()]).await.unwrap(), 5);
    tx.commit().await.unwrap();
    assert_eq!(throttle::list_locked(&app.db, now).await.unwrap(), ["spread"]);
});
