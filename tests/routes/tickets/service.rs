//! Who serves each application, what is promised, and what becomes of tickets that nobody works on.

use chrono::Duration;
use crea::{
    auth::{Module, Role},
    features::tickets::drain_once,
    ids::UserId,
    sql,
};

use super::{Desk, desk, serve, somebody, step};
use crate::harness::{Answer, Client, TestApp, User, both_dbs, one_db};

const PAGE: &str = "/ticket-service";

async fn boss(app: &TestApp) -> (User, Client) {
    somebody(app, "zoe", Role::Administrador, &app.campaign(Module::Core).await).await
}

/// How many open tickets each of them has.
async fn open_of(app: &TestApp, people: &[UserId]) -> Vec<i64> {
    let mut open = Vec::new();
    for person in people {
        let sql = sql!("select count(*) from ticket where assignee_id = $1 and status in ('AB', 'EP', 'PE')", *person);
        open.push(app.db.one::<(i64,)>(sql).await.unwrap().0);
    }
    open
}

async fn audited(app: &TestApp, action: &str) -> Vec<(serde_json::Value, serde_json::Value)> {
    let sql = sql!("select before, after from audit_log where action = $1 order by at, id", action);
    app.db.all(sql).await.unwrap()
}

/// Sends somebody's form as the page has it now, with these changes.
async fn put(client: &Client, who: &str, more: &[(&str, &str)]) -> Answer {
    let page = client.get(PAGE).await;
    let (users, drawn) =
        (page.attrs(".service-row [name=user]", "value"), page.attrs(".service-row [name=drawn]", "value"));
    let at = users.iter().position(|user| user == who).filter(|_| !who.is_empty());
    send(client, who, at.map_or("", |at| &drawn[at]), more).await
}

/// The same drawn earlier.
async fn send(client: &Client, who: &str, drawn: &str, more: &[(&str, &str)]) -> Answer {
    let mut form = vec![
        ("application", "CARTERA"),
        ("user", who),
        ("drawn", drawn),
        ("weight", "1"),
        ("capacity", ""),
        ("is_active", "1"),
    ];
    form.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
    form.extend(more);
    client.post("/ticket-service/pools", &form).await
}

both_dbs!(hours_of_service_hold_for_what_is_opened_afterwards, |app| {
    let desk = desk(&app).await;
    let zoe = boss(&app).await;
    assert_eq!(desk.luz.1.get(PAGE).await.status, 403);
    let page = zoe.1.get(PAGE).await;
    assert_eq!(page.attrs("[name=resolve_CR], [name=resolve_BA]", "value"), ["4", "72"]);
    let drawn = page.attrs(".service-hours [name=drawn]", "value")[0].clone();
    let send = async |more: &[(&str, &str)], drawn: &str| {
        let mut form = vec![("drawn", drawn)];
        let names = ["CR", "AL", "ME", "BA"].map(|code| [format!("respond_{code}"), format!("resolve_{code}")]);
        form.extend(names.iter().flat_map(|pair| [(pair[0].as_str(), "2"), (pair[1].as_str(), "9")]));
        form.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
        form.extend(more);
        zoe.1.post("/ticket-service/hours", &form).await
    };
    let refused = send(&[("resolve_AL", "1.5"), ("respond_BA", "")], &drawn).await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.attrs("[name=resolve_AL]", "value"), ["1.5"], "what was typed is there");
    assert_eq!(refused.texts(".field-error"), ["Horas completas, de 1 a 1.000.", "Complete este dato."]);
    let old = desk.open(&[("priority", "CR")]).await;
    assert_eq!(send(&[], &drawn).await.status, 303);
    let late = send(&[("resolve_AL", "30")], &drawn).await;
    assert_eq!(late.status, 409, "drawn before somebody changed it");
    assert_eq!(late.texts("[role=alert] tbody tr"), ["Alta · Solución (h)930"], "theirs and mine");
    assert_eq!(late.attrs("[name=resolve_AL]", "value"), ["30"], "what was typed is there");
    let seen = late.attrs(".service-hours [name=drawn]", "value")[0].clone();
    assert_eq!(send(&[("resolve_AL", "30")], &seen).await.status, 303, "who saw both stores theirs");
    let drawn = zoe.1.get(PAGE).await.attrs(".service-hours [name=drawn]", "value")[0].clone();
    assert_eq!(send(&[], &drawn).await.status, 303);
    let new = desk.open(&[("priority", "CR")]).await;
    let minutes: Vec<(i64,)> = app.db.all(sql!("select resolve_minutes from ticket order by number")).await.unwrap();
    assert_eq!(minutes, [(240,), (540,)], "{old} keeps its hours, {new} has the new ones");
    let log = audited(&app, "ticket.sla").await;
    assert_eq!((log.len(), &log[0].1["CR"]), (3, &serde_json::json!([2, 9])));
    assert_eq!(log[0].0["CR"], serde_json::json!([1, 4]));
});

both_dbs!(people_join_a_pool_and_their_part_in_it_changes, |app| {
    let desk = desk(&app).await;
    let zoe = boss(&app).await;
    let eva = somebody(&app, "eva", Role::Backoffice, &desk.campaign).await;
    let refused = put(&zoe.1, "", &[("person", "nadie@crea.test"), ("weight", "11"), ("capacity", "-1")]).await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.attrs("[aria-invalid]", "value"), ["nadie@crea.test", "11", "-1"], "beside what was typed");
    assert_eq!(put(&zoe.1, "", &[("person", &eva.0.email), ("capacity", "3")]).await.status, 303);
    let id = eva.0.id.to_string();
    let refused = put(&zoe.1, &id, &[("weight", "x")]).await;
    assert_eq!((refused.status.as_u16(), refused.attrs("[aria-invalid]", "value")), (422, vec!["x".to_owned()]));
    assert_eq!(put(&zoe.1, &id, &[("weight", "2"), ("is_active", "")]).await.status, 303);
    let kept: (i64, Option<i64>, bool) = app
        .db
        .one(sql!("select weight, capacity, is_active from ticket_pool where user_id = $1", eva.0.id))
        .await
        .unwrap();
    assert_eq!(kept, (2, None, false));
    assert_eq!(put(&zoe.1, &desk.ana.0.id.to_string(), &[]).await.status, 404, "nobody joins by an id");
    let log = audited(&app, "ticket.pool").await;
    assert_eq!((log.len(), &log[1].0["weight"], &log[1].1["weight"]), (2, &1.into(), &2.into()));
    assert!(zoe.1.get("/audit").await.text.contains("Cambió quién atiende tickets"));
});

both_dbs!(two_who_change_somebodys_part_see_each_other_and_lose_nothing, |app| {
    let desk = desk(&app).await;
    let zoe = boss(&app).await;
    let (sol, eva) = (desk.sol.0.id.to_string(), somebody(&app, "eva", Role::Backoffice, &desk.campaign).await);
    assert_eq!(put(&zoe.1, &sol, &[("weight", "2"), ("capacity", "5")]).await.status, 303);
    // Drawn before that.
    let late = send(&zoe.1, &sol, "1--true", &[("weight", "7"), ("capacity", "5"), ("is_active", "")]).await;
    assert_eq!(late.status, 409);
    assert_eq!(late.texts("[role=alert] tbody tr"), ["Peso27", "Recibe ticketsRecibe ticketsNo recibe tickets"]);
    let users = late.attrs(".service-row [name=user]", "value");
    let at = users.iter().position(|user| *user == sol).unwrap();
    assert_eq!(late.attrs(".service-row [name=drawn]", "value")[at], "2-5-true", "sent again it is stored");
    assert!(late.attrs(".service-row [name=weight]", "value").contains(&"7".to_owned()), "what was typed is there");
    assert_eq!(send(&zoe.1, &sol, "2-5-true", &[("weight", "7")]).await.status, 303);
    // Who joined meanwhile does not join again.
    assert_eq!(put(&zoe.1, "", &[("person", &eva.0.email), ("weight", "3")]).await.status, 303);
    let late = put(&zoe.1, "", &[("person", &eva.0.email), ("weight", "9")]).await;
    assert_eq!((late.status.as_u16(), late.texts("[role=alert] tbody tr")), (409, vec!["Peso39".to_owned()]));
    let weights: Vec<(i64,)> = app
        .db
        .all(sql!(
            "select weight from ticket_pool where user_id in ($1, $2) and application = 'CARTERA' order by weight",
            desk.sol.0.id,
            eva.0.id
        ))
        .await
        .unwrap();
    assert_eq!(weights, [(3,), (7,)]);
});

/// Nobody serves it any more; so many are opened, the last one the most urgent.
async fn waiting(app: &TestApp, desk: &Desk, count: usize) -> Vec<String> {
    app.db.exec(sql!("update ticket_pool set is_active = false")).await.unwrap();
    let mut paths = Vec::new();
    for n in 0..count {
        let priority = if n + 1 == count { "CR" } else { "BA" };
        paths.push(desk.open(&[("priority", priority)]).await);
        app.clock.advance(Duration::seconds(1));
    }
    assert_eq!(drain_once(app).await.unwrap(), 0, "nobody can take any");
    paths
}

both_dbs!(the_backlog_drains_to_who_becomes_available_by_the_same_rule, |app| {
    let desk = desk(&app).await;
    let zoe = boss(&app).await;
    let (sol, rey) = (desk.sol.0.id, desk.rey.0.id);
    let paths = waiting(&app, &desk, 7).await;
    // Active again, with room for two.
    assert_eq!(put(&zoe.1, &sol.to_string(), &[("capacity", "2")]).await.status, 303);
    assert_eq!(drain_once(&app).await.unwrap(), 2);
    assert_eq!(open_of(&app, &[sol, rey]).await, [2, 0]);
    let urgent = desk.ana.1.get(&paths[6]).await;
    assert!(urgent.text.contains("Asignado automáticamente a"), "the most urgent one first");
    assert_eq!(drain_once(&app).await.unwrap(), 0, "nobody has room");
    // Who was full resolves one.
    assert_eq!(step(&desk.sol.1, &paths[6], "RS", "Quedó").await.status, 303);
    assert_eq!(drain_once(&app).await.unwrap(), 1);
    // Somebody joins whose weight is three times as much; two look at once, and each ticket is given once.
    serve(&app, rey, 3, None).await;
    serve(&app, sol, 1, None).await;
    let both = tokio::join!(drain_once(&app), drain_once(&app));
    assert_eq!(both.0.unwrap() + both.1.unwrap(), 4);
    let open = open_of(&app, &[sol, rey]).await;
    assert_eq!(open.iter().sum::<i64>(), 6);
    assert!(open[1] > open[0], "{open:?}: by weight");
    let (told,): (i64,) = app
        .db
        .one(sql!("select count(*) from ticket_entry where field = 'assignee' and author_id is null"))
        .await
        .unwrap();
    assert_eq!(told, 7, "each once, in its history");
});

one_db!(who_comes_back_after_an_absence_is_given_what_waited, |app| {
    let desk = desk(&app).await;
    waiting(&app, &desk, 2).await;
    serve(&app, desk.sol.0.id, 1, None).await;
    app.clock.advance(Duration::days(8));
    assert_eq!(drain_once(&app).await.unwrap(), 0, "nobody was here for a week");
    app.sign_in(&desk.sol.0).await;
    assert_eq!(drain_once(&app).await.unwrap(), 2);
    assert_eq!(open_of(&app, &[desk.sol.0.id]).await, [2]);
});
