//! The search in the list of tickets: what it finds, for whom, in which order, beside the other filters.

use std::io::Cursor;

use calamine::{Reader as _, Xlsx};
use chrono::Duration;
use crea::{db::Arg, features::tickets, ids::UserId, sql};
use uuid::Uuid;

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

/// More tickets than are looked at for a word that very many say; the newest have the highest numbers.
const MANY: i64 = 7_100;

/// What a ticket of the many says: every word in another share of them.
fn said(n: i64) -> String {
    let words = [("alfa", true), ("beta", n % 5 < 3), ("gama", n % 500 == 0), ("delta", n <= 5_110)];
    words.iter().filter(|(_, says)| *says).map(|(word, _)| *word).collect::<Vec<_>>().join(" ")
}

fn is_closed(n: i64) -> bool {
    n % 2 == 0
}

/// Puts the many in: every seventh opened by the one, the others by the other.
async fn insert_many(app: &TestApp, campaign: Uuid, [one, other]: [UserId; 2]) {
    let row = |n: i64| -> Vec<Arg> {
        let at = app.now() + Duration::seconds(n);
        let requester = if n % 7 == 0 { one } else { other };
        let start: [Arg; 8] = [
            Uuid::now_v7().into(),
            n.into(),
            campaign.into(),
            n.to_string().into(),
            said(n).into(),
            if is_closed(n) { "CE" } else { "AB" }.into(),
            requester.into(),
            at.into(),
        ];
        start.into_iter().chain([at.into(), at.into()]).collect()
    };
    let mut tx = app.db.begin().await.unwrap();
    let numbers: Vec<i64> = (1..=MANY).collect();
    for some in numbers.chunks(100) {
        let values = sql!("").rows(some.iter().map(|n| row(*n)));
        let insert = sql!(
            "insert into ticket (id, number, campaign_id, title, description, status, requester_id, created_at, updated_at, \
               respond_by, application, kind, priority, urgency, reopened, resolve_minutes, minutes_used, last_entry, version) \
             select v.*, 'OTRO', 'IN', 'ME', 2, 0, 60, 0, 1, 1 from (values "
        );
        tx.exec(insert.then(values).push(") v")).await.unwrap();
    }
    tx.exec(sql!("update counter set n = $1 where name = 'tickets'", MANY)).await.unwrap();
    tx.exec(sql!("delete from search_index")).await.unwrap();
    tx.commit().await.unwrap();
    tickets::fill_index(&app.db).await.unwrap();
}

both_dbs!(rare_usual_and_very_common_words_are_found_in_the_order_of_the_list, |app| {
    let desk = desk(&app).await;
    let eva = somebody(&app, "eva", crea::auth::Role::Asesor, &desk.campaign).await;
    insert_many(&app, desk.campaign.id.0, [desk.ana.0.id, eva.0.id]).await;
    let everything = |_: i64| true;
    let closed: fn(i64) -> bool = is_closed;
    for word in ["alfa", "beta", "gama", "delta", "alfa beta"] {
        for (client, whose) in [(&desk.luz.1, 1), (&desk.ana.1, 7)] {
            for (filter, fits) in [("", everything as fn(i64) -> bool), ("&status=CE", closed)] {
                let mut newest = (1..=MANY)
                    .rev()
                    .filter(|n| n % whose == 0 && fits(*n) && word.split(' ').all(|word| said(*n).contains(word)));
                let path = format!("/tickets?q={}{filter}", word.replace(' ', "+"));
                let mut next = Some(path.clone());
                for _ in 0..2 {
                    let Some(path) = next.take() else { break };
                    let page = client.get(&path).await;
                    let expected: Vec<String> = newest.by_ref().take(50).map(|n| n.to_string()).collect();
                    assert_eq!(page.texts(".ticket-title"), expected, "{path}, every {whose}th");
                    next = page.attrs("nav.pager a[rel=next]", "href").pop();
                }
            }
        }
    }
});
