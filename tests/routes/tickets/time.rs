//! What time does to tickets: alarms before and at the deadline, closing by itself.

use chrono::{DateTime, Duration, Utc};
use crea::{
    features::{alarms, tickets::run_once},
    sql,
};

use super::{desk, step};
use crate::harness::{User, both_dbs};

both_dbs!(a_resolved_ticket_closes_by_itself_after_five_working_days, |app| {
    let desk = desk(&app).await;
    let path = desk.open(&[]).await;
    let (holder, _) = desk.holder(&app, &path).await;
    assert_eq!(step(&holder.1, &path, "RS", "Quedó").await.status, 303);
    app.clock.advance(Duration::days(4));
    assert_eq!(run_once(&app).await.unwrap(), 0);
    app.clock.advance(Duration::days(4));
    let both = tokio::join!(run_once(&app), run_once(&app));
    assert_eq!(both.0.unwrap() + both.1.unwrap(), 1, "once, whoever looks");
    let (status, closed): (String, bool) =
        app.db.one(sql!("select status, closed_at is not null from ticket")).await.unwrap();
    assert_eq!((status.as_str(), closed), ("CE", true));
    let (by_itself,): (bool,) =
        app.db.one(sql!("select author_id is null from ticket_entry where new_value = 'CE'")).await.unwrap();
    assert!(by_itself);
});

both_dbs!(deadlines_ring_for_who_works_on_it_and_for_the_supervisor_until_the_clock_stands, |app| {
    let desk = desk(&app).await;
    let path = desk.open(&[("priority", "CR")]).await;
    let (holder, _) = desk.holder(&app, &path).await;
    // A session does not last a night.
    let rings = async |user: &User| app.sign_in(user).await.get("/").await.texts("#ringing [data-alarm]").len();
    let wait = async |kind: &str| {
        let due = sql!("select due_at from alarm where kind = $1 and ended_at is null", kind);
        let (due,): (DateTime<Utc>,) = app.db.one(due).await.unwrap();
        app.clock.advance(due - app.now());
        alarms::run_once(&app).await.unwrap();
    };
    wait("ticket.warning").await;
    assert_eq!((rings(&holder.0).await, rings(&desk.luz.0).await, rings(&desk.ana.0).await), (1, 0, 0));
    wait("ticket.breach").await;
    assert_eq!((rings(&holder.0).await, rings(&desk.luz.0).await), (2, 2), "nobody looked at the warning");
    assert_eq!(step(&app.sign_in(&holder.0).await, &path, "RS", "Quedó").await.status, 303);
    assert_eq!((rings(&holder.0).await, rings(&desk.luz.0).await), (0, 0), "solved");
});
