//! Several tickets changed at once from the list.

use crea::{auth::Role, ids::UserId, sql};
use uuid::Uuid;

use super::{Desk, desk, somebody, step};
use crate::harness::{Answer, Client, TestApp, both_dbs, one_db};

async fn bulk(client: &Client, key: &str, paths: &[&str], more: &[(&str, &str)]) -> Answer {
    let ids = paths.iter().map(|path| ("ticket", path.trim_start_matches("/tickets/")));
    let form: Vec<(&str, &str)> = ids.chain([("id", key)]).chain(more.iter().copied()).collect();
    client.post_htmx("/tickets/bulk", &form).await
}

fn new_key() -> String {
    Uuid::now_v7().to_string()
}

async fn told(app: &TestApp, field: &str) -> i64 {
    let (count,): (i64,) = app
        .db
        .one(sql!("select count(*) from ticket_entry where field = $1 and author_id is not null", field))
        .await
        .unwrap();
    count
}

async fn three(desk: &Desk) -> [String; 3] {
    [desk.open(&[("title", "Uno")]).await, desk.open(&[("title", "Dos")]).await, desk.open(&[("title", "Tres")]).await]
}

both_dbs!(each_ticked_ticket_is_given_with_its_history_and_a_retry_gives_none_twice, |app| {
    let desk = desk(&app).await;
    let [a, b, c] = three(&desk).await;
    let (to, key) = (desk.sol.0.id.to_string(), new_key());
    let moved = {
        let (others,): (i64,) =
            app.db.one(sql!("select count(*) from ticket where assignee_id <> $1", desk.sol.0.id)).await.unwrap();
        others
    };
    assert!(moved > 0, "somebody else has one");
    for _ in 0..2 {
        let answer = bulk(&desk.luz.1, &key, &[&a, &b, &c], &[("act", "assign"), ("assignee", &to)]).await;
        assert_eq!((answer.status.as_u16(), answer.count("[data-outcome=success]")), (200, 3), "{}", answer.text);
        assert_eq!(told(&app, "assignee").await, moved);
    }
    let owners: Vec<(UserId,)> = app.db.all(sql!("select distinct assignee_id from ticket")).await.unwrap();
    assert_eq!(owners, [(desk.sol.0.id,)]);
});

both_dbs!(each_refusal_says_why_and_keeps_nothing_else_from_being_done, |app| {
    let desk = desk(&app).await;
    let [a, b, c] = three(&desk).await;
    assert_eq!(step(&desk.luz.1, &a, "RS", "Quedó").await.status, 303);
    // A resolved one needs no reason, the others do.
    let close = [("act", "close"), ("reason", " ")];
    let answer = bulk(&desk.luz.1, &new_key(), &[&a, &b], &close).await;
    assert_eq!(
        (answer.count("[data-outcome=success]"), answer.count("[data-outcome=danger]")),
        (1, 1),
        "{}",
        answer.text
    );
    let ana = desk.ana.0.id.to_string();
    let answer = bulk(&desk.luz.1, &new_key(), &[&b], &[("act", "assign"), ("assignee", &ana)]).await;
    assert!(answer.text.contains("no atiende este aplicativo"), "{}", answer.text);
    let elsewhere = app.campaign(crea::auth::Module::Core).await;
    let (_, teo) = somebody(&app, "teo", Role::Supervisor, &elsewhere).await;
    let answer = bulk(&teo, &new_key(), &[&b, &c], &[("act", "priority"), ("priority", "CR")]).await;
    assert_eq!(
        (answer.count("[data-outcome=danger]"), answer.text.contains("Dos")),
        (2, false),
        "nor does it say what they are"
    );
    let answer = bulk(&desk.ana.1, &new_key(), &[&c], &close).await;
    assert_eq!(answer.count("[data-outcome=danger]"), 1, "a requester closes what is resolved alone");
    let answer = bulk(&desk.luz.1, &new_key(), &[&a, &b, &c], &[("act", "close"), ("reason", "Duplicado")]).await;
    assert_eq!(answer.count("[data-outcome=success]"), 3, "{}", answer.text);
    let (closed,): (i64,) = app.db.one(sql!("select count(*) from ticket where status = 'CE'")).await.unwrap();
    assert_eq!(closed, 3);
});

one_db!(without_scripts_the_outcome_is_a_page_and_what_no_form_sends_is_refused, |app| {
    let desk = desk(&app).await;
    let [a, ..] = three(&desk).await;
    let (id, key) = (a.trim_start_matches("/tickets/"), new_key());
    let list = desk.luz.1.get("/tickets").await;
    assert_eq!(list.count("input.ticket-tick[form=ticket-bulk]"), 3);
    assert_eq!(desk.ana.1.get("/tickets").await.count("input.ticket-tick, form.bulk"), 0, "for staff");
    let form = [("ticket", id), ("id", &*key), ("act", "priority"), ("priority", "CR")];
    let page = desk.luz.1.post("/tickets/bulk", &form).await;
    assert_eq!((page.status.as_u16(), page.count("h1"), page.count("[data-outcome=success]")), (200, 1, 1));
    assert_eq!(told(&app, "priority").await, 1);
    for (name, value) in [("act", "delete"), ("priority", "XX"), ("id", "x")] {
        let form: Vec<_> = form.iter().map(|(n, v)| if *n == name { (*n, value) } else { (*n, *v) }).collect();
        assert_eq!(desk.luz.1.post("/tickets/bulk", &form).await.status, 400, "{name}");
    }
    for (act, choice) in [("assign", "assignee"), ("priority", "priority")] {
        let form = [("ticket", id), ("id", &*key), ("act", act), (choice, "")];
        let refused = desk.luz.1.post_htmx("/tickets/bulk", &form).await;
        assert_eq!((refused.status.as_u16(), refused.count("#ticket-results .field-error")), (422, 1), "{act}");
        assert_eq!(desk.luz.1.post("/tickets/bulk", &form).await.status, 422, "{act}");
    }
    assert_eq!(told(&app, "priority").await, 1, "nothing chosen, nothing done");
    let many: Vec<String> = (0..51).map(|_| new_key()).collect();
    let form: Vec<(&str, &str)> = many
        .iter()
        .map(|id| ("ticket", id.as_str()))
        .chain(form.iter().copied().filter(|(n, _)| *n != "ticket"))
        .collect();
    assert_eq!(desk.luz.1.post("/tickets/bulk", &form).await.status, 400, "one page of them");
});
