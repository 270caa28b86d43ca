//! The last day of an employee: at midnight in Bogota the account closes on every screen.

use chrono::Duration;
use crea::{auth::Role, features::employees, sql};

use crate::{
    harness::both_dbs,
    tab::{Server, Tab},
    talk::{mark, pair, person},
};

both_dbs!(who_leaves_is_out_when_the_last_day_begins_in_bogota, |app| {
    let (ana, luis, campaign) = pair(&app).await;
    let boss = person(&app, "zoe", Role::Administrador, &campaign).await;
    let set = sql!("update app_user set document = '77' where id = $1", ana.user.id);
    app.db.exec(set).await.unwrap();
    let form = [
        ("document", "77"),
        ("first_name", "Ana"),
        ("last_name", "Ruiz"),
        ("sex", "2"),
        ("currency", "COP"),
        ("started_on", "2025-02-03"),
        ("ended_on", "2026-11-23"),
        ("end_reason", "terminacion_contrato"),
    ];
    let answer = boss.client.post("/employees", &form).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    assert_eq!(employees::dismiss_departed(&app).await.unwrap(), Some(0));
    // 04:59 in Greenwich, where it is the 23rd already: 23:59 of the 22nd in Bogota.
    app.clock.advance(Duration::minutes(13 * 60 + 59));
    assert_eq!(employees::dismiss_departed(&app).await.unwrap(), None, "the day was done");
    let server = Server::start(&app).await;
    let (hers, his) = (app.sign_in(&ana.user).await, app.sign_in(&luis.user).await);
    let mut closing = Tab::open(&server, &hers, "/").await;
    let mut other = Tab::open(&server, &his, "/").await;

    app.clock.advance(Duration::minutes(2));
    let (one, two) = tokio::join!(employees::dismiss_departed(&app), employees::dismiss_departed(&app));
    let done = [one.unwrap(), two.unwrap()];
    assert!(done.contains(&Some(1)) && done.contains(&None), "by one of two: {done:?}");
    assert_eq!(closing.until_closed().await, 4403);
    assert!(hers.get("/").await.location().starts_with("/sign-in"));
    let left: (bool, String) = app
        .db
        .one(sql!("select u.is_active, e.state from employee e join app_user u on u.document = e.document"))
        .await
        .unwrap();
    assert_eq!(left, (false, "inactivo".to_owned()));
    let told: Vec<(String,)> =
        app.db.all(sql!("select action from audit_log where actor_id is null order by action")).await.unwrap();
    assert_eq!(told.into_iter().map(|row| row.0).collect::<Vec<_>>(), ["employee.leave", "user.disable"]);
    other.until_seq(mark(&app).await).await;
    assert!(other.is_connected(), "nobody else");
});
