//! Links between tickets, and duplicates: who sees them, who reads what afterwards, and that all of it can be undone.

use crea::{auth::Role, sql};
use uuid::Uuid;

use super::{Desk, desk, say, somebody, step, version};
use crate::harness::{Answer, Client, TestApp, both_dbs};

async fn link(client: &Client, path: &str, kind: &str, number: &str) -> u16 {
    client.post(&format!("{path}/links"), &[("kind", kind), ("number", number)]).await.status.as_u16()
}

async fn merge(client: &Client, path: &str, into: &str) -> Answer {
    let version = version(&client.get(path).await);
    client.post(&format!("{path}/merge"), &[("into", into), ("version", &version)]).await
}

fn links(page: &Answer) -> Vec<String> {
    page.texts(".ticket-linked a")
}

/// Eva opens one; its path.
async fn hers(app: &TestApp, desk: &Desk) -> (Client, String) {
    let eva = somebody(app, "eva", Role::Asesor, &desk.campaign).await;
    let answer = desk.send(&eva.1, &[("title", "Lo de Eva")]).await;
    assert_eq!(answer.status, 303);
    (eva.1, answer.location().to_owned())
}

both_dbs!(a_link_is_seen_by_who_reads_both_and_by_nobody_else, |app| {
    let desk = desk(&app).await;
    let first = desk.open(&[]).await;
    let (eva, second) = hers(&app, &desk).await;
    assert_eq!(link(&desk.ana.1, &first, "related", "2").await, 403, "who asks links nothing");
    for number in ["9", "1", "x", ""] {
        assert_eq!(link(&desk.luz.1, &first, "related", number).await, 422, "{number:?}");
    }
    assert_eq!(link(&desk.luz.1, &first, "nada", "2").await, 400);
    assert_eq!(link(&desk.luz.1, &first, "blocked", "#2").await, 303);
    assert_eq!(link(&desk.luz.1, &second, "related", "1").await, 422, "they are linked");
    let page = desk.luz.1.get(&first).await;
    assert_eq!((links(&page), page.text.contains("Bloqueado por")), (vec!["#2 Lo de Eva".to_owned()], true));
    assert!(desk.luz.1.get(&second).await.text.contains("Bloquea a"));
    // Neither of those who asked reads the other's.
    for (client, path) in [(&desk.ana.1, &first), (&eva, &second)] {
        let page = client.get(path).await;
        assert!(links(&page).is_empty());
        let other = if path == &first { ["Lo de Eva", "#2"] } else { ["No abre la cartera", "#1"] };
        assert!(other.iter().all(|word| !page.text.contains(word)), "not even the number");
    }
    // Who works on the one and does not read the other cannot find out that it is there.
    let (holder, _) = desk.holder(&app, &first).await;
    let (other, _) = desk.holder(&app, &second).await;
    assert_ne!(holder.0.id, other.0.id);
    assert!(links(&holder.1.get(&first).await).is_empty());
    assert_eq!(link(&holder.1, &first, "related", "2").await, 422, "as if there were none");
    let id = second.trim_start_matches("/tickets/");
    let removal = format!("{first}/links/removal");
    assert_eq!(holder.1.post(&removal, &[("other", id)]).await.status, 404);
    assert_eq!(desk.luz.1.post(&removal, &[("other", id)]).await.status, 303);
    assert!(links(&desk.luz.1.get(&second).await).is_empty());
});

both_dbs!(a_duplicate_goes_on_in_the_other_and_comes_back_when_opened_again, |app| {
    let desk = desk(&app).await;
    let first = desk.open(&[]).await;
    let (eva, second) = hers(&app, &desk).await;
    let pia = somebody(&app, "pia", Role::Asesor, &desk.campaign).await;
    let follow = [("user", &*pia.0.id.to_string())];
    assert_eq!(desk.luz.1.post(&format!("{second}/followers"), &follow).await.status, 303);
    assert_eq!(say(&eva, &second, "Pasa desde ayer", "").await.status, 303);
    let (holder, _) = desk.holder(&app, &second).await;
    assert_eq!(merge(&holder.1, &second, "1").await.status, 403, "staff says what is a duplicate");
    for into in ["2", "9", "x"] {
        assert_eq!(merge(&desk.luz.1, &second, into).await.status, 422, "{into}");
    }
    let old = desk.luz.1.post(&format!("{second}/merge"), &[("into", "1"), ("version", "1")]).await;
    assert_eq!(old.status, 409);
    assert_eq!(merge(&desk.luz.1, &second, "#1").await.status, 303);
    let page = eva.get(&second).await;
    assert_eq!(page.texts(".ticket-marks .tag").last().map(String::as_str), Some("Duplicado"));
    assert!(page.text.contains("/tickets/n/1") && page.text.contains("Pasa desde ayer"), "what was said stays there");
    assert_eq!(links(&page), ["#1 No abre la cartera"]);
    for (who, client) in [("eva", &eva), ("pia", &pia.1), ("her helper", &holder.1)] {
        assert_eq!(client.get(&first).await.status, 200, "{who} goes on there");
    }
    assert!(!desk.ana.1.get(&first).await.text.contains("Pasa desde ayer"));
    assert_eq!(desk.ana.1.get(&second).await.status, 404, "and not the other way round");
    assert!(!desk.ana.1.get(&first).await.text.contains("#2"));
    let id = first.trim_start_matches("/tickets/");
    let removal = desk.luz.1.post(&format!("{second}/links/removal"), &[("other", id)]).await;
    assert_eq!(removal.status, 403, "opening it again undoes it");
    assert_eq!(merge(&desk.luz.1, &first, "2").await.status, 422, "what is closed takes no duplicate");
    assert_eq!(step(&desk.luz.1, &second, "AB", "No era lo mismo").await.status, 303);
    let page = desk.luz.1.get(&second).await;
    assert_eq!((links(&page).len(), page.texts(".ticket-marks .tag").len()), (0, 2));
    let told: Vec<(String,)> = app
        .db
        .all(sql!("select field from ticket_entry where field in ('duplicate', 'status') order by created_at, id"))
        .await
        .unwrap();
    assert_eq!(told.iter().map(|(field,)| field.as_str()).collect::<Vec<_>>(), ["duplicate", "status", "status"]);
    let (merged,): (Option<Uuid>,) =
        app.db.one(sql!("select merged_into_id from ticket where number = 2")).await.unwrap();
    assert_eq!(merged, None);
});

both_dbs!(tickets_of_other_staff_are_not_merged, |app| {
    let desk = desk(&app).await;
    desk.open(&[]).await;
    let zoe = somebody(&app, "zoe", Role::Administrador, &desk.campaign).await;
    let elsewhere = app.campaign(crea::auth::Module::Core).await;
    let teo = somebody(&app, "teo", Role::Asesor, &elsewhere).await;
    let path = desk.send(&teo.1, &[("campaign", &elsewhere.id.to_string())]).await.location().to_owned();
    assert_eq!(merge(&zoe.1, &path, "1").await.status, 422);
});

both_dbs!(a_ticket_takes_two_hundred_links_and_no_more, |app| {
    let desk = desk(&app).await;
    let (first, second) = (desk.open(&[]).await, desk.open(&[]).await);
    let mut tx = app.db.begin().await.unwrap();
    for number in 3..203 {
        let id = Uuid::now_v7();
        let copy = sql!(
            "insert into ticket (id, number, campaign_id, title, description, application, kind, priority, urgency, status, \
               requester_id, created_at, updated_at, respond_by, resolve_minutes, minutes_used, reopened, last_entry, version) \
             select $1, $2, campaign_id, title, description, application, kind, priority, urgency, status, \
               requester_id, created_at, updated_at, respond_by, resolve_minutes, minutes_used, reopened, last_entry, version \
             from ticket where number = 1",
            id,
            number
        );
        tx.exec(copy).await.unwrap();
        let link = sql!(
            "insert into ticket_link (ticket_id, other_id, kind, created_at) select id, $1, 'related', created_at \
             from ticket where number = 1",
            id
        );
        tx.exec(link).await.unwrap();
    }
    tx.commit().await.unwrap();
    let page = desk.luz.1.get(&first).await;
    assert_eq!(links(&page).len(), 200, "each is seen");
    assert_eq!(link(&desk.luz.1, &first, "related", "2").await, 422);
    assert_eq!(link(&desk.luz.1, &second, "related", "1").await, 422, "from neither side");
    assert_eq!(merge(&desk.luz.1, &second, "1").await.status, 422);
    let (other,): (Uuid,) = app.db.one(sql!("select id from ticket where number = 9")).await.unwrap();
    let removal = format!("{first}/links/removal");
    assert_eq!(desk.luz.1.post(&removal, &[("other", &other.to_string())]).await.status, 303);
    assert_eq!(link(&desk.luz.1, &second, "related", "1").await, 303, "there is room again");
});
