//! What becomes of the open tickets of somebody whose account is closed, and of their alarms.

use crea::{features::tickets::release_once, ids::UserId, sql};

use super::{desk, serve};
use crate::harness::{TestApp, both_dbs};

/// Whoever has not acknowledged an alarm of a ticket.
async fn alarmed(app: &TestApp) -> Vec<UserId> {
    let sql = sql!("select distinct user_id from alarm_recipient order by user_id");
    app.db.all::<(UserId,)>(sql).await.unwrap().into_iter().map(|(id,)| id).collect()
}

both_dbs!(tickets_and_alarms_of_a_closed_account_go_to_whose_turn_it_is, |app| {
    let desk = desk(&app).await;
    let path = desk.open(&[]).await;
    let (gone, next) = desk.holder(&app, &path).await;
    assert_eq!(release_once(&app).await.unwrap(), 0, "who is here keeps theirs");
    assert!(alarmed(&app).await.contains(&gone.0.id));
    app.db.exec(sql!("update app_user set is_active = false where id = $1", gone.0.id)).await.unwrap();
    let both = tokio::join!(release_once(&app), release_once(&app));
    assert_eq!(both.0.unwrap() + both.1.unwrap(), 1, "once, however many look");
    let page = next.1.get(&path).await;
    assert!(page.text.contains("Asignado automáticamente a") && page.text.contains(&next.0.name));
    let alarmed_now = alarmed(&app).await;
    assert!(!alarmed_now.contains(&gone.0.id) && alarmed_now.contains(&next.0.id), "the alarms went with it");
    // Nobody serves it any more: it is back among what nobody works on, and staff hears of its alarms.
    serve(&app, next.0.id, 1, Some(0)).await;
    app.db.exec(sql!("update app_user set is_active = false where id = $1", next.0.id)).await.unwrap();
    assert_eq!(release_once(&app).await.unwrap(), 1);
    let held: (i64,) = app.db.one(sql!("select count(*) from ticket where assignee_id is not null")).await.unwrap();
    assert_eq!(held, (0,));
    let alarmed_now = alarmed(&app).await;
    assert!(!alarmed_now.contains(&next.0.id) && alarmed_now.contains(&desk.luz.0.id));
    assert!(desk.luz.1.get(&path).await.text.contains("Sin asignar"));
});
