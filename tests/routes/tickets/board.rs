//! The board: what it shows to whom, and what a drop answers.

use axum::http::Method;
use crea::{
    auth::{Module, Role},
    sql,
};
use uuid::Uuid;

use super::{desk, somebody, step};
use crate::harness::{Answer, Client, TestApp, both_dbs};

const PAGE: &str = "/tickets/board";

/// Cards of each column.
fn columns(page: &Answer) -> Vec<usize> {
    assert_eq!(page.status, 200, "{}", page.text);
    ["AB", "EP", "PE", "RS", "CE"].map(|code| page.count(&format!("#board-{code} .board-card"))).to_vec()
}

async fn version(app: &TestApp, path: &str) -> String {
    let id: Uuid = path.trim_start_matches("/tickets/").parse().unwrap();
    let (version,): (i64,) = app.db.one(sql!("select version from ticket where id = $1", id)).await.unwrap();
    version.to_string()
}

/// What scripts send when a card is dropped.
async fn drop_on(client: &Client, path: &str, to: &str, version: &str, reason: &str) -> Answer {
    let form = [("to", to), ("version", version), ("reason", reason), ("back", "board")];
    client.post_htmx(&format!("{path}/state"), &form).await
}

both_dbs!(the_board_shows_each_state_what_one_may_read_of_it, |app| {
    let desk = desk(&app).await;
    let elsewhere = app.campaign(Module::Core).await;
    let zoe = somebody(&app, "zoe", Role::Administrador, &elsewhere).await;
    let teo = somebody(&app, "teo", Role::Supervisor, &elsewhere).await;
    let first = desk.open(&[("priority", "CR")]).await;
    let second = desk.open(&[]).await;
    desk.open(&[]).await;
    let (holder, other) = desk.holder(&app, &first).await;
    assert_eq!(step(&holder.1, &first, "EP", "").await.status, 303);
    assert_eq!(step(&desk.luz.1, &second, "RS", "Quedó").await.status, 303);
    for who in [&desk.ana, &desk.luz, &zoe] {
        assert_eq!(columns(&who.1.get(PAGE).await), [1, 1, 0, 1, 0], "{}", who.0.name);
    }
    assert_eq!(columns(&holder.1.get(PAGE).await), [0, 1, 0, 0, 0], "what they have");
    assert_eq!(columns(&other.1.get(PAGE).await), [1, 0, 0, 1, 0], "what they have");
    assert_eq!(columns(&teo.1.get(PAGE).await), [0; 5], "another campaign's");
    let page = desk.ana.1.get(PAGE).await;
    let steps = page.attrs("#board-EP .board-card", "data-steps");
    assert_eq!(steps, [""], "she opened it, and takes it nowhere yet");
    assert_eq!(page.attrs("#board-RS .board-card", "data-steps"), ["CE: AB:reason"]);
    assert_eq!(page.count("#board-EP .board-grip, #board-EP .board-menu"), 0);
    let steps = desk.luz.1.get(PAGE).await.attrs("#board-EP .board-card", "data-steps");
    assert_eq!(steps, ["RS:solution PE:reason CE:reason"]);
    let before = zoe.1.get(PAGE).await.statements;
    println!("{PAGE}: {before} statements");
    assert!(before <= 8, "{before}");
    for _ in 0..55 {
        desk.open(&[]).await;
    }
    let page = zoe.1.get(PAGE).await;
    assert_eq!((columns(&page), page.statements), (vec![50, 1, 0, 1, 0], before), "bounded, and no more statements");
    assert_eq!(page.attrs(".board-more", "href"), ["/tickets?status=AB"]);
    assert_eq!(page.texts("#board-AB h2 .num"), ["56"], "all of them");
    assert_eq!(columns(&desk.luz.1.get(PAGE).await), [50, 1, 0, 1, 0]);
});

both_dbs!(a_drop_takes_the_step_or_says_why_not, |app| {
    let desk = desk(&app).await;
    let path = desk.open(&[]).await;
    let at = version(&app, &path).await;
    let eva = somebody(&app, "eva", Role::Asesor, &desk.campaign).await;
    assert_eq!(drop_on(&eva.1, &path, "EP", &at, "").await.status, 404);
    let refused = drop_on(&desk.ana.1, &path, "EP", &at, "").await;
    assert_eq!((refused.status.as_u16(), refused.text.contains("hx-partial")), (403, true), "{}", refused.text);
    let refused = drop_on(&desk.luz.1, &path, "PE", &at, "Proveedor").await;
    assert_eq!(refused.status, 403, "nothing waits before it was begun");
    assert_eq!(drop_on(&desk.luz.1, &path, "EP", &at, "").await.status, 204);
    let stale = drop_on(&desk.luz.1, &path, "PE", &at, "Proveedor").await;
    assert_eq!(stale.status, 409);
    assert!(stale.text.contains("cambió mientras lo movía"), "{}", stale.text);
    let at = version(&app, &path).await;
    let silent = drop_on(&desk.luz.1, &path, "PE", &at, " ").await;
    assert_eq!(silent.status, 422);
    assert!(silent.text.contains("Falta escribir el motivo"), "{}", silent.text);
    assert_eq!(drop_on(&desk.luz.1, &path, "PE", &at, "Lo ve el proveedor").await.status, 204);
    assert!(desk.luz.1.get(&path).await.text.contains("Lo ve el proveedor"));
    // Without scripts the menu of a card is a form: back to the board, or to where the reason is asked for.
    let at = version(&app, &path).await;
    let form = |to| [("to", to), ("version", at.as_str()), ("back", "board")];
    let asked = desk.luz.1.post(&format!("{path}/state"), &form("RS")).await;
    assert_eq!((asked.status.as_u16(), asked.count("#f-reason-RS")), (422, 1));
    let done = desk.luz.1.post(&format!("{path}/state"), &form("EP")).await;
    assert_eq!((done.status.as_u16(), done.location()), (303, PAGE));
    let redrawn = [("hx-request", "true"), ("hx-request-type", "full")];
    assert_eq!(columns(&desk.luz.1.send(Method::GET, PAGE, &redrawn, &[]).await), [0, 1, 0, 0, 0]);
});
