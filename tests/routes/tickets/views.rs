//! Filters of the list that are kept under a name, and the columns it shows.

use crea::sql;
use uuid::Uuid;

use super::{desk, somebody};
use crate::harness::{Answer, Client, TestApp, both_dbs, one_db};

async fn keep(client: &Client, name: &str, query: &str, shared: &str) -> Answer {
    let id = Uuid::now_v7().to_string();
    client.post("/tickets/views", &[("id", &id), ("name", name), ("query", query), ("shared", shared)]).await
}

async fn kept(client: &Client) -> Vec<String> {
    client.get("/tickets").await.texts(".kept-views a")
}

async fn only(app: &TestApp) -> String {
    let (id,): (Uuid,) = app.db.one(sql!("select id from ticket_view")).await.unwrap();
    format!("/tickets/views/{id}")
}

both_dbs!(a_filter_is_kept_renamed_and_deleted_by_whom_it_belongs_to, |app| {
    let desk = desk(&app).await;
    let saved = keep(
        &desk.sol.1,
        "  Lo   mío ",
        "assignee=yo&status=AB&status=EP&evil=%3Cx&after=50&columns=ticket&columns=status",
        "",
    )
    .await;
    let there = "/tickets?status=AB&status=EP&assignee=yo&columns=ticket&columns=status";
    assert_eq!((saved.status.as_u16(), saved.location()), (303, there), "{}", saved.text);
    let page = desk.sol.1.get(there).await;
    assert_eq!(
        (page.texts(".kept-views a"), page.count(".kept-views [aria-current=page]")),
        (vec!["Lo mío".to_owned()], 1)
    );
    assert_eq!(page.attrs("[data-hide]", "data-hide"), ["priority requester assignee due updated"]);
    assert!(kept(&desk.rey.1).await.is_empty() && kept(&desk.luz.1).await.is_empty(), "one's own is one's own");
    let path = only(&app).await;
    for (client, status) in [(&desk.luz.1, 404), (&desk.sol.1, 303)] {
        assert_eq!(client.post(&path, &[("name", "Cola"), ("query", "")]).await.status, status);
    }
    assert_eq!(kept(&desk.sol.1).await, ["Cola"]);
    assert_eq!(desk.sol.1.post(&path, &[("name", "  ")]).await.status, 400);
    for (client, status) in [(&desk.luz.1, 404), (&desk.sol.1, 303), (&desk.sol.1, 404)] {
        assert_eq!(client.post(&format!("{path}/removal"), &[("query", "")]).await.status, status);
    }
    assert!(kept(&desk.sol.1).await.is_empty());
});

both_dbs!(supervisors_share_with_those_who_serve_tickets, |app| {
    let desk = desk(&app).await;
    assert_eq!(keep(&desk.sol.1, "Mía", "", "1").await.status, 403);
    assert_eq!(keep(&desk.luz.1, "Urgentes", "priority=CR", "1").await.status, 303);
    assert_eq!(keep(&desk.sol.1, "Propia", "priority=AL", "").await.status, 303);
    let names = kept(&desk.sol.1).await;
    assert!(names.len() == 2 && names[0].contains("Propia") && names[1].contains("Urgentes"), "{names:?}");
    assert!(kept(&desk.ana.1).await.is_empty(), "who opens tickets alone needs none of them");
    let (_, zoe) = somebody(&app, "zoe", crea::auth::Role::Administrador, &desk.campaign).await;
    assert_eq!(kept(&zoe).await.len(), 1);
    assert_eq!(zoe.get("/tickets").await.count(".kept-own"), 0, "to open, not to change");
});

one_db!(somebody_keeps_twenty_and_a_retry_keeps_one, |app| {
    let desk = desk(&app).await;
    let id = Uuid::now_v7().to_string();
    for n in 0..20 {
        let id = if n < 2 { id.clone() } else { Uuid::now_v7().to_string() };
        let form = [("id", &*id), ("name", "Cola"), ("query", "kind=RQ")];
        assert_eq!(desk.sol.1.post("/tickets/views", &form).await.status, 303);
    }
    assert_eq!(kept(&desk.sol.1).await.len(), 19);
    assert_eq!(keep(&desk.sol.1, "Veinte", "", "").await.status, 303);
    assert_eq!(keep(&desk.sol.1, "Otra", "", "").await.status, 409);
    for (name, query) in [("", ""), ("x", "%")] {
        let status = keep(&desk.luz.1, name, query, "").await.status.as_u16();
        assert!(matches!(status, 303 | 400), "{name} {query}: {status}");
    }
    assert_eq!(desk.luz.1.post("/tickets/views", &[("id", "x"), ("name", "y")]).await.status, 400);
});
