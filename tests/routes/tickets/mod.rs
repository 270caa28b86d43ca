//! Tickets: who opens, gets, reads, changes and answers them, and what the answers say.

mod answers;
mod board;
mod bulk;
mod figures;
mod files;
mod followers;
mod leavers;
mod links;
mod reading;
mod search;
mod service;
mod time;
mod views;
mod words;

use std::io::Cursor;

use calamine::{Reader as _, Xlsx};
use chrono::Duration;
use crea::{
    auth::{Module, Role},
    features::tickets::{Application, add_to_pool},
    ids::UserId,
    sql,
};
use uuid::Uuid;

use crate::harness::{Answer, Campaign, Client, TestApp, User, both_dbs, one_db};

/// A requester, two who serve Cartera, and the supervisor of their campaign.
struct Desk {
    campaign: Campaign,
    ana: (User, Client),
    sol: (User, Client),
    rey: (User, Client),
    luz: (User, Client),
}

async fn somebody(app: &TestApp, name: &str, role: Role, campaign: &Campaign) -> (User, Client) {
    let user = app.user(name).role(role).campaign(campaign).insert().await;
    let client = app.sign_in(&user).await;
    (user, client)
}

async fn serve(app: &TestApp, user: UserId, weight: i64, capacity: Option<i64>) {
    let mut tx = app.db.begin().await.unwrap();
    add_to_pool(&mut tx, Application::Cartera, user, weight, capacity).await.unwrap();
    tx.commit().await.unwrap();
}

async fn desk(app: &TestApp) -> Desk {
    let campaign = app.campaign(Module::Core).await;
    let desk = Desk {
        ana: somebody(app, "ana", Role::Asesor, &campaign).await,
        sol: somebody(app, "sol", Role::Backoffice, &campaign).await,
        rey: somebody(app, "rey", Role::Backoffice, &campaign).await,
        luz: somebody(app, "luz", Role::Supervisor, &campaign).await,
        campaign,
    };
    serve(app, desk.sol.0.id, 1, None).await;
    serve(app, desk.rey.0.id, 1, None).await;
    desk
}

impl Desk {
    async fn send(&self, client: &Client, more: &[(&str, &str)]) -> Answer {
        let (key, campaign) = (Uuid::now_v7().to_string(), self.campaign.id.to_string());
        let mut form = vec![
            ("key", &*key),
            ("title", "No abre la cartera"),
            ("description", "Desde las ocho, en la pantalla de clientes."),
            ("application", "CARTERA"),
            ("kind", "IN"),
            ("priority", "ME"),
            ("campaign", &*campaign),
        ];
        form.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
        form.extend(more);
        client.post("/tickets", &form).await
    }

    /// Ana opens one; its path.
    async fn open(&self, more: &[(&str, &str)]) -> String {
        let answer = self.send(&self.ana.1, more).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        answer.location().to_owned()
    }

    /// Whose it is, and another who could have it.
    async fn holder(&self, app: &TestApp, path: &str) -> (&(User, Client), &(User, Client)) {
        let id: Uuid = path.trim_start_matches("/tickets/").parse().unwrap();
        let (holder,): (UserId,) = app.db.one(sql!("select assignee_id from ticket where id = $1", id)).await.unwrap();
        if holder == self.sol.0.id { (&self.sol, &self.rey) } else { (&self.rey, &self.sol) }
    }
}

fn version(page: &Answer) -> String {
    page.attrs("input[name=version]", "value").first().expect("a form with a version").clone()
}

/// Takes a ticket to another state as the page offers it.
async fn step(client: &Client, path: &str, to: &str, reason: &str) -> Answer {
    let version = version(&client.get(path).await);
    client.post(&format!("{path}/state"), &[("to", to), ("version", &version), ("reason", reason)]).await
}

async fn say(client: &Client, path: &str, body: &str, note: &str) -> Answer {
    let id = Uuid::now_v7().to_string();
    client.post(&format!("{path}/comments"), &[("id", &id), ("body", body), ("note", note)]).await
}

both_dbs!(a_ticket_goes_to_who_has_least_to_do_and_its_history_says_so, |app| {
    let desk = desk(&app).await;
    let first = desk.open(&[("priority", "CR")]).await;
    let (busy, idle) = desk.holder(&app, &first).await;
    let page = desk.ana.1.get(&first).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("Asignado automáticamente a"), "{}", page.text);
    // The other one has less to do, also after a second one of less weight.
    for _ in 0..2 {
        let next = desk.open(&[("priority", "BA")]).await;
        let (holder, _) = desk.holder(&app, &next).await;
        assert_eq!(holder.0.id, idle.0.id, "{} has a critical one", busy.0.name);
    }
    let numbers: Vec<(i64,)> = app.db.all(sql!("select number from ticket order by number")).await.unwrap();
    assert_eq!(numbers, [(1,), (2,), (3,)], "in order, without holes");
    let (by_number, elsewhere) = (desk.ana.1.get("/tickets/n/1").await, desk.ana.1.get("/tickets/n/9").await);
    assert_eq!((by_number.location(), elsewhere.status.as_u16()), (first.as_str(), 404));
});

both_dbs!(who_is_away_or_full_gets_nothing_by_itself_and_staff_finds_it, |app| {
    let desk = desk(&app).await;
    serve(&app, desk.sol.0.id, 1, Some(0)).await;
    app.clock.advance(Duration::days(8));
    let ana = app.sign_in(&desk.ana.0).await;
    let luz = app.sign_in(&desk.luz.0).await;
    let answer = desk.send(&ana, &[]).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let list = luz.get("/tickets?filtro=sin-asignar").await;
    assert_eq!(list.texts(".ticket-title"), ["No abre la cartera"]);
    assert!(luz.get("/tickets?filtro=mios").await.texts(".ticket-title").is_empty());
});

both_dbs!(only_whom_it_concerns_reads_a_ticket, |app| {
    let desk = desk(&app).await;
    let path = desk.open(&[]).await;
    let (holder, other) = desk.holder(&app, &path).await;
    let elsewhere = app.campaign(Module::Core).await;
    let eva = somebody(&app, "eva", Role::Asesor, &desk.campaign).await;
    let teo = somebody(&app, "teo", Role::Supervisor, &elsewhere).await;
    let zoe = somebody(&app, "zoe", Role::Administrador, &elsewhere).await;
    let readers =
        [(&desk.ana, 200), (holder, 200), (&desk.luz, 200), (&zoe, 200), (other, 404), (&eva, 404), (&teo, 404)];
    for ((user, client), status) in readers {
        assert_eq!(client.get(&path).await.status, status, "{}", user.name);
        let listed = client.get("/tickets").await.texts(".ticket-title").len();
        assert_eq!(listed, usize::from(status == 200), "{}", user.name);
        assert_eq!(client.get("/tickets/n/1").await.status, if status == 200 { 303 } else { 404 }, "{}", user.name);
        if status == 404 {
            for (act, form) in [
                ("comments", [("id", "019a0000-0000-7000-8000-000000000001"), ("body", "x")]),
                ("state", [("to", "EP"), ("version", "2")]),
            ] {
                assert_eq!(client.post(&format!("{path}/{act}"), &form).await.status, 404, "{} {act}", user.name);
            }
        }
    }
});

both_dbs!(a_ticket_is_answered_resolved_accepted_and_opened_again, |app| {
    let desk = desk(&app).await;
    let path = desk.open(&[]).await;
    let (holder, _) = desk.holder(&app, &path).await;
    let (id, helper): (Uuid, _) = (path.trim_start_matches("/tickets/").parse().unwrap(), &holder.1);
    assert_eq!(step(helper, &path, "EP", "").await.status, 303);
    let refused = step(helper, &path, "PE", " ").await;
    assert_eq!(refused.status, 422, "waiting has a reason");
    assert!(refused.text.contains("Este dato es obligatorio") || refused.count(".field-error[id]") == 1);
    assert_eq!(step(helper, &path, "PE", "Lo ve el proveedor").await.status, 303);
    let (stands,): (bool,) = app
        .db
        .one(sql!("select clock_since is null and resolve_by is null from ticket where id = $1", id))
        .await
        .unwrap();
    assert!(stands, "its clock stands");
    assert_eq!(step(helper, &path, "RS", "Se reinició el servicio").await.status, 303);
    let version = "99";
    let forged = desk.ana.1.post(&format!("{path}/state"), &[("to", "EP"), ("version", version)]).await;
    assert_eq!(forged.status, 409, "what it was chosen on is not so");
    assert_eq!(step(&desk.ana.1, &path, "CE", "").await.status, 303, "the requester accepts");
    let closed = say(&desk.ana.1, &path, "¿Sigue ahí?", "").await;
    assert_eq!(closed.status, 422);
    assert!(closed.text.contains("No se pueden añadir respuestas a un ticket cerrado."), "{}", closed.text);
    assert_eq!(step(&desk.ana.1, &path, "AB", "Volvió a fallar").await.status, 303);
    let row: (bool, bool, i64) = app
        .db
        .one(sql!("select resolved_at is null, closed_at is null, reopened from ticket where id = $1", id))
        .await
        .unwrap();
    assert_eq!(row, (true, true, 1));
    let told: Vec<(String, String, String)> = app
        .db
        .all(sql!("select old_value, new_value, reason from ticket_entry where ticket_id = $1 and field = 'status' order by number", id))
        .await
        .unwrap();
    let told: Vec<String> = told.into_iter().map(|(old, new, reason)| format!("{old}>{new} {reason}")).collect();
    let expected =
        ["AB>EP ", "EP>PE Lo ve el proveedor", "PE>RS Se reinició el servicio", "RS>CE ", "CE>AB Volvió a fallar"];
    assert_eq!(told, expected, "the history keeps all of it");
});

both_dbs!(two_who_change_one_ticket_see_each_other, |app| {
    let desk = desk(&app).await;
    let path = desk.open(&[]).await;
    let (holder, _) = desk.holder(&app, &path).await;
    let seen = version(&desk.luz.1.get(&path).await);
    assert_eq!(step(&holder.1, &path, "EP", "").await.status, 303);
    let class = [("version", &*seen), ("application", "CARTERA"), ("kind", "IN"), ("priority", "AL")];
    let refused = desk.luz.1.post(&format!("{path}/class"), &class).await;
    assert_eq!(refused.status, 409);
    assert!(
        refused.count(".notice[role=alert]") == 1 && refused.text.contains("Media") && refused.text.contains("Alta")
    );
    let late = [("version", &*seen), ("to", "RS"), ("reason", "ya quedó")];
    let refused = desk.luz.1.post(&format!("{path}/state"), &late).await;
    assert_eq!(refused.status, 409);
    assert!(refused.text.contains("ya quedó"), "what was typed is kept");
    // What is seen side by side may be stored over.
    let version = version(&refused);
    let again = [("version", &*version), ("application", "CARTERA"), ("kind", "IN"), ("priority", "AL")];
    assert_eq!(desk.luz.1.post(&format!("{path}/class"), &again).await.status, 303);
    let (priority, urgency, minutes): (String, i64, i64) =
        app.db.one(sql!("select priority, urgency, resolve_minutes from ticket")).await.unwrap();
    assert_eq!((priority.as_str(), urgency, minutes), ("AL", 3, 480));
});

both_dbs!(notes_are_for_staff_and_who_works_on_it, |app| {
    let desk = desk(&app).await;
    let path = desk.open(&[]).await;
    let (holder, _) = desk.holder(&app, &path).await;
    assert_eq!(say(&holder.1, &path, "Es la tercera vez hoy", "1").await.status, 303);
    assert_eq!(say(&holder.1, &path, "Ya lo reviso, gracias", "").await.status, 303);
    assert_eq!(say(&desk.ana.1, &path, "secreto", "1").await.status, 403);
    for (client, sees) in [(&desk.ana.1, false), (&holder.1, true), (&desk.luz.1, true)] {
        let page = client.get(&path).await;
        assert!(page.text.contains("Ya lo reviso, gracias"));
        assert_eq!(page.text.contains("Es la tercera vez hoy"), sees);
    }
    let (answered,): (bool,) = app.db.one(sql!("select first_response_at is not null from ticket")).await.unwrap();
    assert!(answered);
    // Once answered, the requester no longer says how much it matters.
    assert_eq!(desk.ana.1.get(&path).await.count("form[action$='/class']"), 0);
    let class = [("version", "2"), ("application", "CARTERA"), ("kind", "IN"), ("priority", "CR")];
    assert_eq!(desk.ana.1.post(&format!("{path}/class"), &class).await.status, 403);
});

both_dbs!(a_ticket_is_handed_over_with_a_note_to_who_serves_the_application, |app| {
    let desk = desk(&app).await;
    let path = desk.open(&[]).await;
    let (holder, other) = desk.holder(&app, &path).await;
    let (to, ana) = (other.0.id.to_string(), desk.ana.0.id.to_string());
    let give = async |client: &Client, to: &str, note: &str| {
        let version = version(&client.get(&path).await);
        client.post(&format!("{path}/assignment"), &[("assignee", to), ("note", note), ("version", &version)]).await
    };
    assert_eq!(give(&holder.1, &to, "").await.status, 422, "a hand-over has a note");
    assert_eq!(give(&holder.1, &ana, "tome").await.status, 422, "to whoever serves it");
    assert_eq!(give(&holder.1, "", "nadie").await.status, 422, "and to somebody");
    let given = give(&holder.1, &to, "Termina mi turno").await;
    assert_eq!((given.status.as_u16(), given.location()), (303, "/tickets"), "who gave it away reads it no more");
    assert_eq!(holder.1.get(&path).await.status, 404);
    assert!(other.1.get(&path).await.text.contains("Termina mi turno"));
    assert_eq!(give(&desk.luz.1, "", "").await.status, 303, "staff takes it from everybody");
    assert_eq!(desk.luz.1.get("/tickets?filtro=sin-asignar").await.texts(".ticket-title").len(), 1);
});

both_dbs!(what_is_wrong_with_a_new_ticket_stands_beside_it_and_a_retry_opens_one, |app| {
    let desk = desk(&app).await;
    let long = "ñ".repeat(256);
    let refused =
        desk.send(&desk.ana.1, &[("title", &long), ("description", ""), ("kind", "XX"), ("campaign", "x")]).await;
    assert_eq!((refused.status.as_u16(), refused.count(".field-error[id]")), (422, 4));
    assert!(refused.text.contains(&long), "what was typed is kept");
    let key = Uuid::now_v7().to_string();
    let first = desk.open(&[("key", &key)]).await;
    assert_eq!(desk.open(&[("key", &key)]).await, first);
    let other = desk.send(&desk.ana.1, &[("key", &key), ("title", "Otro")]).await;
    assert_eq!(other.status, 409, "one key is one ticket");
    let (count,): (i64,) = app.db.one(sql!("select count(*) from ticket")).await.unwrap();
    assert_eq!(count, 1);
    let script = desk.open(&[("title", "<script>alert(1)</script>"), ("description", "<img src=x onerror=y>")]).await;
    assert!(!desk.ana.1.get(&script).await.text.contains("<script>alert(1)"));
});

both_dbs!(a_list_is_narrowed_sorted_and_read_on_by_key, |app| {
    let desk = desk(&app).await;
    for n in 0..53 {
        app.clock.advance(Duration::seconds(1));
        let priority = if n % 10 == 0 { "AL" } else { "BA" };
        desk.open(&[("title", &format!("Caso {n:02}")), ("priority", priority)]).await;
    }
    let first = desk.luz.1.get("/tickets").await;
    let titles = first.texts(".ticket-title");
    assert_eq!((titles.len(), titles[0].as_str()), (50, "Caso 52"));
    let next = first.attrs("nav.pager a[rel=next]", "href").pop().expect("there is more");
    assert_eq!(desk.luz.1.get(&next).await.texts(".ticket-title"), ["Caso 02", "Caso 01", "Caso 00"]);
    let urgent = desk.luz.1.get("/tickets?priority=AL").await;
    assert_eq!(urgent.texts(".ticket-title").len(), 6);
    let sorted = desk.luz.1.get("/tickets?sort=priority").await.texts(".ticket-title");
    assert_eq!(sorted[..7], ["Caso 50", "Caso 40", "Caso 30", "Caso 20", "Caso 10", "Caso 00", "Caso 52"]);
    assert_eq!(desk.luz.1.get("/tickets?filtro=cerrados").await.texts(".ticket-title").len(), 0);
    assert_eq!(desk.luz.1.get("/tickets?since=2099-01-01").await.count(".nothing"), 1);
    assert!(first.texts("nav.tabs .count")[0].contains("53"));
    let link = desk.luz.1.get("/tickets?priority=AL").await.attrs("a[download]", "href").remove(0);
    assert_eq!(link, "/tickets/export?priority=AL");
    let saved = desk.luz.1.get(&link).await;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(saved.bytes.clone())).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    assert_eq!((sheet.height(), sheet.get((1, 1)).unwrap().to_string().as_str()), (7, "Caso 50"));
    let (logged,): (i64,) =
        app.db.one(sql!("select count(*) from audit_log where action = 'ticket.export'")).await.unwrap();
    assert_eq!(logged, 1);
});

one_db!(a_page_takes_as_many_statements_whatever_it_shows, |app| {
    let desk = desk(&app).await;
    let count = async |path: &str| {
        let page = desk.luz.1.get(path).await;
        assert_eq!(page.status, 200);
        page.statements
    };
    let path = desk.open(&[]).await;
    let (few, detail) = (count("/tickets").await, count(&path).await);
    for _ in 0..12 {
        desk.open(&[]).await;
        say(&desk.luz.1, &path, "sigue", "").await;
    }
    assert_eq!((count("/tickets").await, count(&path).await), (few, detail));
});
