//! Connections that break under the running instance.

use crea::{
    auth::{Module, Role},
    sql,
};
use uuid::Uuid;

use crate::harness::{TestApp, eventually, talk, with_redis};

/// Ends every other session of this database, as a fail-over does.
async fn cut_connections(app: &TestApp) -> i64 {
    let cut = sql!(
        "select count(*) from (select pg_terminate_backend(pid) from pg_stat_activity \
         where datname = current_database() and pid <> pg_backend_pid()) x"
    );
    app.db.one::<(i64,)>(cut).await.unwrap().0
}

with_redis!(a_database_that_cuts_its_connections_is_found_again_and_retries_store_once, |app| {
    let own = app.campaign(Module::Core).await;
    let ana = app.user("ana").campaign(&own).insert().await;
    let luz = app.user("luz").role(Role::Supervisor).campaign(&own).insert().await;
    let hers = app.sign_in(&ana).await;
    let id = talk::open(&hers, &luz).await;
    for n in 0..5 {
        assert!(cut_connections(&app).await > 0, "there was something to cut");
        let message = Uuid::now_v7().to_string();
        let (hers, id, body) = (&hers, &id, n.to_string());
        // The browser's "Reintentar": the same id until it is answered. The limit is by sender; time goes on.
        eventually("the message is taken", || async {
            let answer = talk::send_as(hers, id, &message, &body).await;
            assert!(matches!(answer.status.as_u16(), 200 | 503), "{}", answer.text);
            (answer.status == 200).then_some(())
        })
        .await;
    }
    let bodies: Vec<(String,)> = app.db.all(sql!("select body from message order by number")).await.unwrap();
    assert_eq!(bodies.iter().map(|b| &*b.0).collect::<Vec<_>>(), ["0", "1", "2", "3", "4"]);
    let ready = || async { (app.browser().get("/readyz").await.status == 200).then_some(()) };
    eventually("the instance is ready again", ready).await;
});
