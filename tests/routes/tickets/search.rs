//! The search in the list of tickets: what it finds, for whom, in which order, beside the other filters.

use std::io::Cursor;

use calamine::{Reader as _, Xlsx};
use chrono::Duration;
use crea::{features::tickets, sql};

use super::{Desk, desk, say, somebody, step, version};
use crate::harness::{Client, TestApp, both_dbs, one_db};

async fn titles(client: &Client, query: &str) -> Vec<String> {
    let page = client.get(&format!("/tickets?{query}")).await;
    assert_eq!(page.status, 200, "{}", page.text);
    page.texts(".ticket-title")
}

async fn open(app: &TestApp, desk: &Desk, title: &str, description: &str) -> String {
    app.clock.advance(Duration::seconds(1));
    desk.open(&[("title", title), ("description", description)]).await
}

both_dbs!(words_of_subject_description_and_comments_are_found_without_accents, |app| {
    let desk = desk(&app).await;
    let first = open(&app, &desk, "Facturación detenida", "El módulo no responde desde ayer").await;
    open(&app, &desk, "Otra cosa", "La facturación tampoco").await;
    open(&app, &desk, "Sin señal", "Teléfono mudo").await;
    assert_eq!(titles(&desk.ana.1, "q=FACTURACION").await, ["Facturación detenida", "Otra cosa"], "the subject first");
    assert_eq!(titles(&desk.ana.1, "q=telef").await, ["Sin señal"], "a word is found by its beginning");
    assert!(titles(&desk.ana.1, "q=facturacion+mudo").await.is_empty(), "all words of one ticket");
    assert_eq!(say(&desk.ana.1, &first, "¿Será el disco de Bogotá?", "").await.status, 303);
    assert_eq!(titles(&desk.ana.1, "q=bogota").await, ["Facturación detenida"]);
    assert_eq!(titles(&desk.ana.1, "q=facturacion+bogota").await, ["Facturación detenida"], "wherever they stand");
    assert_eq!(step(&desk.luz.1, &first, "RS", "Se amplió la cuota").await.status, 303);
    assert_eq!(titles(&desk.ana.1, "q=cuota").await, ["Facturación detenida"], "a solution too, and what is done");
    assert!(titles(&desk.ana.1, "q=cuota&filtro=abiertos").await.is_empty(), "unless a tab is named");
    for nothing in ["q=%27+OR+1%3D1+zz", "q=zz*%22%3A%26", "q=%23zz"] {
        assert!(titles(&desk.ana.1, nothing).await.is_empty(), "{nothing}");
    }
    assert_eq!(titles(&desk.ana.1, "q=a&filtro=abiertos").await.len(), 2, "one letter is nothing to look for yet");
});

both_dbs!(a_note_is_found_by_those_alone_who_read_it, |app| {
    let desk = desk(&app).await;
    let path = open(&app, &desk, "No abre la cartera", "Desde las ocho").await;
    let (holder, other) = desk.holder(&app, &path).await;
    assert_eq!(say(&holder.1, &path, "El proveedor debe tres facturas", "1").await.status, 303);
    for (client, finds) in [(&desk.ana.1, 0), (&holder.1, 1), (&desk.luz.1, 1), (&other.1, 0)] {
        assert_eq!(titles(client, "q=proveedor").await.len(), finds);
        assert_eq!(titles(client, "q=proveedor+cartera").await.len(), finds, "nor beside what they read");
    }
    // Who follows it reads it, and no notes.
    let id: uuid::Uuid = path.trim_start_matches("/tickets/").parse().unwrap();
    let follow = sql!(
        "insert into ticket_follower (ticket_id, user_id, created_at) values ($1, $2, $3)",
        id,
        other.0.id,
        app.now()
    );
    app.db.exec(follow).await.unwrap();
    assert_eq!((titles(&other.1, "q=cartera").await.len(), titles(&other.1, "q=proveedor").await.len()), (1, 0));
    // Who is given it finds what its notes say, and who gave it away no more.
    let seen = version(&desk.luz.1.get(&path).await);
    let to = other.0.id.to_string();
    let given = desk.luz.1.post(&format!("{path}/assignment"), &[("assignee", &to), ("version", &seen)]).await;
    assert_eq!(given.status, 303);
    assert_eq!((titles(&other.1, "q=proveedor").await.len(), titles(&holder.1, "q=proveedor").await.len()), (1, 0));
});

both_dbs!(a_number_finds_its_ticket_for_who_may_read_it, |app| {
    let desk = desk(&app).await;
    open(&app, &desk, "Primero", "nada").await;
    open(&app, &desk, "Segundo", "nada").await;
    open(&app, &desk, "Menciona el 12 y el #2", "nada").await;
    assert_eq!(titles(&desk.luz.1, "q=%232").await, ["Segundo"]);
    assert_eq!(titles(&desk.luz.1, "q=2").await, ["Segundo"]);
    assert_eq!(titles(&desk.luz.1, "q=12").await, ["Menciona el 12 y el #2"], "there is no such number");
    let (eve, eve_client) = somebody(&app, "eve", crea::auth::Role::Asesor, &desk.campaign).await;
    assert!(titles(&eve_client, "q=%232").await.is_empty(), "{} reads none", eve.name);
});

both_dbs!(a_search_goes_with_the_other_filters_and_the_spreadsheet_holds_the_same, |app| {
    let desk = desk(&app).await;
    for n in 0..53 {
        let priority = if n % 10 == 0 { "AL" } else { "BA" };
        app.clock.advance(Duration::seconds(1));
        desk.open(&[("title", &format!("Teclado {n:02}")), ("priority", priority)]).await;
    }
    open(&app, &desk, "Ratón", "sin cable").await;
    let first = desk.luz.1.get("/tickets?q=teclado").await;
    assert_eq!(first.texts(".ticket-title").len(), 50);
    let next = first.attrs("nav.pager a[rel=next]", "href").pop().expect("there is more");
    assert_eq!(next, "/tickets?q=teclado&after=50");
    assert_eq!(desk.luz.1.get(&next).await.texts(".ticket-title").len(), 3);
    assert_eq!(titles(&desk.luz.1, "q=teclado&priority=AL&sort=updated").await[0], "Teclado 50");
    let page = desk.luz.1.get("/tickets?q=teclado&priority=AL").await;
    assert_eq!(page.texts(".ticket-title").len(), 6);
    let saved = desk.luz.1.get(&page.attrs("a[download]", "href").remove(0)).await;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(saved.bytes.clone())).unwrap();
    assert_eq!(book.worksheet_range_at(0).unwrap().unwrap().height(), 7);
    let rows = desk.luz.1.get_partial("/tickets?q=raton").await;
    assert_eq!(rows.texts(".ticket-title"), ["Ratón"]);
    assert!(rows.text.contains("/tickets/export?q=raton"), "the way to the spreadsheet keeps up: {}", rows.text);
});

one_db!(a_new_index_is_filled_with_the_tickets_that_were_there, |app| {
    let desk = desk(&app).await;
    let path = open(&app, &desk, "No abre la cartera", "Desde las ocho").await;
    let (holder, _) = desk.holder(&app, &path).await;
    assert_eq!(say(&holder.1, &path, "El proveedor debe tres facturas", "1").await.status, 303);
    for clean in ["delete from search_entry", "delete from search_index"] {
        app.db.exec(sql!("").push(clean)).await.unwrap();
    }
    assert!(titles(&desk.luz.1, "q=cartera").await.is_empty());
    for _ in 0..2 {
        tickets::fill_index(&app.db).await.unwrap();
        assert_eq!(titles(&desk.ana.1, "q=cartera").await.len(), 1);
        assert_eq!(titles(&desk.luz.1, "q=proveedor").await.len(), 1);
        assert!(titles(&desk.ana.1, "q=proveedor").await.is_empty());
    }
});
