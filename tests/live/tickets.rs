//! Tickets on screens: requester, assignee and staff see every change at once, and nobody else hears of it.

use crea::{
    auth::{Module, Role},
    features::tickets::{Application, add_to_pool},
    sql,
};
use uuid::Uuid;

use crate::{
    harness::{Answer, Campaign, TestApp, both_dbs, with_redis},
    oracle::Dots,
    tab::{Server, Tab},
    talk::{Person, mark, person},
};

pub struct Desk {
    pub campaign: Campaign,
    pub ana: Person,
    pub sol: Person,
    pub luz: Person,
    pub eva: Person,
    pub teo: Person,
}

/// A requester, who serves Cartera, the supervisor; a colleague and another supervisor whom it does not concern.
pub async fn desk(app: &TestApp) -> Desk {
    let (own, other) = (app.campaign(Module::Core).await, app.campaign(Module::Core).await);
    let desk = Desk {
        ana: person(app, "ana", Role::Asesor, &own).await,
        sol: person(app, "sol", Role::Backoffice, &own).await,
        luz: person(app, "luz", Role::Supervisor, &own).await,
        eva: person(app, "eva", Role::Asesor, &own).await,
        teo: person(app, "teo", Role::Supervisor, &other).await,
        campaign: own,
    };
    serve(app, &desk.sol).await;
    desk
}

pub async fn serve(app: &TestApp, person: &Person) {
    let mut tx = app.db.begin().await.unwrap();
    add_to_pool(&mut tx, Application::Cartera, person.user.id, 1, None).await.unwrap();
    tx.commit().await.unwrap();
}

impl Desk {
    /// Ana opens one; its path.
    pub async fn open(&self, title: &str) -> String {
        let (key, campaign) = (Uuid::now_v7().to_string(), self.campaign.id.to_string());
        let form = [
            ("key", &*key),
            ("title", title),
            ("description", "Desde las ocho"),
            ("application", "CARTERA"),
            ("kind", "IN"),
            ("priority", "ME"),
            ("campaign", &campaign),
        ];
        let answer = self.ana.client.post("/tickets", &form).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        answer.location().to_owned()
    }
}

pub async fn act(app: &TestApp, who: &Person, path: &str, what: &str, form: &[(&str, &str)]) -> Answer {
    let id: Uuid = path.trim_start_matches("/tickets/").parse().unwrap();
    let (version,): (i64,) = app.db.one(sql!("select version from ticket where id = $1", id)).await.unwrap();
    let version = version.to_string();
    let form: Vec<(&str, &str)> = form.iter().copied().chain([("version", &*version)]).collect();
    let answer = who.client.post(&format!("{path}/{what}"), &form).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    answer
}

pub async fn say(who: &Person, path: &str, body: &str, note: &str) {
    let id = Uuid::now_v7().to_string();
    let answer = who.client.post(&format!("{path}/comments"), &[("id", &id), ("body", body), ("note", note)]).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
}

/// Every tab equals a fresh page once all that happened is delivered.
pub async fn all_equal(app: &TestApp, tabs: &mut [&mut Tab]) {
    let head = mark(app).await;
    for tab in tabs {
        tab.until_seq(head).await;
        assert_eq!(tab.difference(Dots::Ignored).await, None, "{}", tab.path);
    }
}

both_dbs!(a_new_ticket_appears_for_whom_it_concerns_and_for_nobody_else, |app| {
    let desk = desk(&app).await;
    let server = Server::start(&app).await;
    let mut hers = Tab::open(&server, &desk.ana.client, "/tickets").await;
    let mut helper = Tab::open(&server, &desk.sol.client, "/tickets?filtro=mios").await;
    let mut staff = Tab::open(&server, &desk.luz.client, "/tickets").await;
    let mut eva = Tab::open(&server, &desk.eva.client, "/tickets").await;
    let mut teo = Tab::open(&server, &desk.teo.client, "/tickets").await;
    let path = desk.open("No abre Vicidial").await;
    let row = format!("ticket-{}", path.trim_start_matches("/tickets/"));
    for tab in [&mut hers, &mut helper, &mut staff] {
        tab.until("the row", |tab| tab.document.by_id(&row).is_some()).await;
    }
    helper.until("the notice", |tab| tab.was_sent("Se le asignó el ticket #1.")).await;
    assert!(!hers.was_sent("Se le asignó"), "notices are for whom they concern");
    all_equal(&app, &mut [&mut hers, &mut helper, &mut staff, &mut eva, &mut teo]).await;
    let id = path.trim_start_matches("/tickets/");
    assert!(!eva.was_sent(id) && !teo.was_sent(id));
});

both_dbs!(who_opened_a_ticket_that_nobody_works_on_sees_what_happens_to_it, |app| {
    let desk = desk(&app).await;
    app.db.exec(sql!("update ticket_pool set is_active = $1", false)).await.unwrap();
    let server = Server::start(&app).await;
    let path = desk.open("No abre Vicidial").await;
    let mut hers = Tab::open(&server, &desk.ana.client, &path).await;
    let mut staff = Tab::open(&server, &desk.luz.client, &path).await;
    say(&desk.luz, &path, "Lo vemos mañana", "").await;
    for tab in [&mut hers, &mut staff] {
        tab.until("the answer", |tab| tab.document.root().text().contains("Lo vemos mañana")).await;
    }
    all_equal(&app, &mut [&mut hers, &mut staff]).await;
});

both_dbs!(whoever_has_a_ticket_open_sees_each_change_and_notes_reach_staff_alone, |app| {
    let desk = desk(&app).await;
    let server = Server::start(&app).await;
    let path = desk.open("No abre Vicidial").await;
    let id = path.trim_start_matches("/tickets/");
    let mut hers = Tab::open(&server, &desk.ana.client, &path).await;
    let mut helper = Tab::open(&server, &desk.sol.client, &path).await;
    let mut staff = Tab::open(&server, &desk.luz.client, &path).await;
    // Who may not read it names its topics all the same.
    let mut eva = Tab::open(&server, &desk.eva.client, "/tickets").await;
    eva.forge(&format!("ticket:{id} board:{id}"));
    eva.disconnect();
    eva.connect(&server).await;
    hers.forge(&format!("ticket:{id} board:{id}"));
    hers.disconnect();
    hers.connect(&server).await;
    act(&app, &desk.sol, &path, "state", &[("to", "EP")]).await;
    say(&desk.sol, &path, "Es la tercera vez hoy", "1").await;
    say(&desk.sol, &path, "Ya lo reviso", "").await;
    act(&app, &desk.luz, &path, "class", &[("application", "CARTERA"), ("kind", "RQ"), ("priority", "CR")]).await;
    act(&app, &desk.sol, &path, "state", &[("to", "RS"), ("reason", "Quedó")]).await;
    for tab in [&mut hers, &mut helper, &mut staff] {
        tab.until("the solution", |tab| tab.document.root().text().contains("Quedó")).await;
    }
    all_equal(&app, &mut [&mut hers, &mut helper, &mut staff, &mut eva]).await;
    assert!(helper.was_sent("tercera vez") && staff.was_sent("tercera vez"));
    assert!(!hers.was_sent("tercera vez") && !eva.was_sent("Ya lo reviso") && !eva.was_sent("tercera vez"));
});

with_redis!(a_ticket_that_is_handed_over_leaves_the_screens_of_who_had_it, |app| {
    let desk = desk(&app).await;
    serve(&app, &desk.eva).await;
    let other = app.second_instance().await;
    let (server, far) = (Server::start(&app).await, Server::start(&other).await);
    let path = desk.open("No abre Vicidial").await;
    let id = path.trim_start_matches("/tickets/").to_owned();
    let given: (crea::ids::UserId,) =
        app.db.one(sql!("select assignee_id from ticket where id = $1", id.parse::<Uuid>().unwrap())).await.unwrap();
    let (had, gets) = if given.0 == desk.sol.user.id { (&desk.sol, &desk.eva) } else { (&desk.eva, &desk.sol) };
    let mut before = Tab::open(&far, &had.client, &path).await;
    let mut list = Tab::open(&server, &had.client, "/tickets").await;
    let mut after = Tab::open(&far, &gets.client, "/tickets").await;
    act(&app, had, &path, "assignment", &[("assignee", &gets.id()), ("note", "Fin de turno")]).await;
    after.until("the row", |tab| tab.document.by_id(&format!("ticket-{id}")).is_some()).await;
    say(gets, &path, "Sigo yo", "").await;
    say(&desk.luz, &path, "Con prioridad", "1").await;
    let head = mark(&app).await;
    before.until_seq(head).await;
    assert!(!before.was_sent("Sigo yo") && !before.was_sent("Con prioridad"), "it is not theirs any more");
    all_equal(&app, &mut [&mut list, &mut after]).await;
    other.finish().await;
});

both_dbs!(who_hands_over_a_ticket_and_still_reads_it_hears_its_notes_no_more, |app| {
    let desk = desk(&app).await;
    serve(&app, &desk.eva).await;
    let server = Server::start(&app).await;
    let path = desk.open("No abre Vicidial").await;
    let id: Uuid = path.trim_start_matches("/tickets/").parse().unwrap();
    let (given,): (crea::ids::UserId,) =
        app.db.one(sql!("select assignee_id from ticket where id = $1", id)).await.unwrap();
    let (had, gets) = if given == desk.sol.user.id { (&desk.sol, &desk.eva) } else { (&desk.eva, &desk.sol) };
    for person in [had, gets] {
        let now = app.now();
        let follow = sql!(
            "insert into ticket_follower (ticket_id, user_id, created_at) values ($1, $2, $3)",
            id,
            person.user.id,
            now
        );
        app.db.exec(follow).await.unwrap();
    }
    say(had, &path, "Nota de antes", "1").await;
    let mut before = Tab::open(&server, &had.client, &path).await;
    let mut after = Tab::open(&server, &gets.client, &path).await;
    assert!(
        before.document.root().text().contains("Nota de antes")
            && !after.document.root().text().contains("Nota de antes")
    );
    act(&app, had, &path, "assignment", &[("assignee", &gets.id()), ("note", "Fin de turno")]).await;
    after.until("the notes are there", |tab| tab.document.root().text().contains("Nota de antes")).await;
    before.until("the notes are gone", |tab| !tab.document.root().text().contains("Nota de antes")).await;
    say(&desk.luz, &path, "Nota de después", "1").await;
    say(&desk.luz, &path, "Seguimos", "").await;
    for tab in [&mut before, &mut after] {
        tab.until("what all read", |tab| tab.document.root().text().contains("Seguimos")).await;
    }
    all_equal(&app, &mut [&mut before, &mut after]).await;
    assert!(after.was_sent("Nota de después") && !before.was_sent("Nota de después"));
});

both_dbs!(a_ticket_that_is_closed_meanwhile_says_so_and_keeps_what_is_being_typed, |app| {
    let desk = desk(&app).await;
    let server = Server::start(&app).await;
    let path = desk.open("No abre Vicidial").await;
    let id = path.trim_start_matches("/tickets/");
    let mut hers = Tab::open(&server, &desk.ana.client, &path).await;
    let over = |tab: &Tab| tab.document.by_id(&format!("ticket-closed-{id}")).unwrap().text().contains("cerrado");
    assert!(!over(&hers));
    act(&app, &desk.luz, &path, "state", &[("to", "CE"), ("reason", "Repetido")]).await;
    hers.until("that it is closed", over).await;
    assert!(hers.document.by_id(&format!("ticket-composer-{id}")).is_some(), "no push takes what is being typed");
    all_equal(&app, &mut [&mut hers]).await;
    act(&app, &desk.luz, &path, "state", &[("to", "AB"), ("reason", "No lo era")]).await;
    hers.until("that it is open", |tab| !over(tab)).await;
    all_equal(&app, &mut [&mut hers]).await;
});

both_dbs!(a_list_that_is_filtered_and_looked_through_follows_what_happens, |app| {
    let desk = desk(&app).await;
    let server = Server::start(&app).await;
    let path = desk.open("No abre Vicidial").await;
    let id = path.trim_start_matches("/tickets/").to_owned();
    let row = format!("ticket-{id}");
    let mut found =
        Tab::open(&server, &desk.luz.client, "/tickets?q=vicidial&status=AB&columns=ticket&columns=status").await;
    let mut urgent = Tab::open(&server, &desk.luz.client, "/tickets?priority=CR").await;
    let mut none = Tab::open(&server, &desk.luz.client, "/tickets?q=proveedor").await;
    assert!(found.document.by_id(&row).is_some() && urgent.document.by_id(&row).is_none());
    say(&desk.sol, &path, "Llamé al proveedor", "").await;
    none.until("it says so now", |tab| tab.document.by_id(&row).is_some()).await;
    let key = Uuid::now_v7().to_string();
    let form = [("ticket", &*id), ("id", &*key), ("act", "priority"), ("priority", "CR")];
    for _ in 0..2 {
        assert_eq!(desk.luz.client.post("/tickets/bulk", &form).await.status, 200);
    }
    urgent.until("it is one of these now", |tab| tab.document.by_id(&row).is_some()).await;
    act(&app, &desk.sol, &path, "state", &[("to", "EP")]).await;
    found.until("it is none of these any more", |tab| tab.document.by_id(&row).is_none()).await;
    all_equal(&app, &mut [&mut found, &mut urgent, &mut none]).await;
});

both_dbs!(a_note_that_is_looked_for_appears_for_staff_alone, |app| {
    let desk = desk(&app).await;
    let server = Server::start(&app).await;
    let path = desk.open("No abre Vicidial").await;
    let row = format!("ticket-{}", path.trim_start_matches("/tickets/"));
    let mut hers = Tab::open(&server, &desk.ana.client, "/tickets?q=contrato").await;
    let mut staff = Tab::open(&server, &desk.luz.client, "/tickets?q=contrato").await;
    say(&desk.sol, &path, "El contrato vence el viernes", "1").await;
    staff.until("it is found", |tab| tab.document.by_id(&row).is_some()).await;
    all_equal(&app, &mut [&mut hers, &mut staff]).await;
    assert!(hers.document.by_id(&row).is_none(), "and not by who may not read it");
});

both_dbs!(a_shared_filter_appears_for_those_who_serve_tickets, |app| {
    let desk = desk(&app).await;
    let server = Server::start(&app).await;
    let mut own = Tab::open(&server, &desk.luz.client, "/tickets").await;
    let mut helper = Tab::open(&server, &desk.sol.client, "/tickets").await;
    let mut agent = Tab::open(&server, &desk.ana.client, "/tickets").await;
    let id = Uuid::now_v7().to_string();
    let form = [("id", &*id), ("name", "Urgentes"), ("query", "priority=CR"), ("shared", "1")];
    assert_eq!(desk.luz.client.post("/tickets/views", &form).await.status, 303);
    for tab in [&mut own, &mut helper] {
        tab.until("its name", |tab| tab.document.root().text().contains("Urgentes")).await;
    }
    all_equal(&app, &mut [&mut own, &mut helper, &mut agent]).await;
    assert!(!agent.document.root().text().contains("Urgentes"));
});

both_dbs!(figures_move_for_whom_a_change_concerns, |app| {
    let desk = desk(&app).await;
    let path = desk.open("No abre Vicidial").await;
    let server = Server::start(&app).await;
    let mut staff = Tab::open(&server, &desk.luz.client, "/tickets/figures").await;
    let mut hers = Tab::open(&server, &desk.ana.client, "/tickets/figures").await;
    let mut teo = Tab::open(&server, &desk.teo.client, "/tickets/figures").await;
    let open = |tab: &Tab| tab.document.by_id("ticket-figures").is_some_and(|page| page.text().contains("00 h 00 m"));
    assert!(!open(&staff));
    act(&app, &desk.sol, &path, "state", &[("to", "RS"), ("reason", "Quedó")]).await;
    for tab in [&mut staff, &mut hers] {
        tab.until("it is resolved in time", open).await;
    }
    desk.open("Otro").await;
    all_equal(&app, &mut [&mut staff, &mut hers, &mut teo]).await;
    assert!(!open(&teo));
});

/// The column that a card is in.
fn column(tab: &Tab, path: &str) -> Option<String> {
    let card = format!("ticket-card-{}", path.trim_start_matches("/tickets/"));
    ["AB", "EP", "PE", "RS", "CE"].into_iter().find_map(|code| {
        let column = tab.document.by_id(&format!("board-{code}"))?;
        column.find(&|e| e.id() == Some(card.as_str())).map(|_| code.to_owned())
    })
}

both_dbs!(a_card_moves_on_every_board_that_shows_it, |app| {
    let desk = desk(&app).await;
    let server = Server::start(&app).await;
    let path = desk.open("No abre Vicidial").await;
    let mut hers = Tab::open(&server, &desk.ana.client, "/tickets/board").await;
    let mut helper = Tab::open(&server, &desk.sol.client, "/tickets/board").await;
    let mut staff = Tab::open(&server, &desk.luz.client, "/tickets/board").await;
    let mut teo = Tab::open(&server, &desk.teo.client, "/tickets/board").await;
    for (to, reason) in [("EP", ""), ("PE", "Proveedor"), ("RS", "Quedó")] {
        act(&app, &desk.luz, &path, "state", &[("to", to), ("reason", reason)]).await;
        for tab in [&mut hers, &mut helper, &mut staff] {
            tab.until(to, |tab| column(tab, &path).as_deref() == Some(to)).await;
        }
    }
    act(&app, &desk.luz, &path, "class", &[("application", "CARTERA"), ("kind", "RQ"), ("priority", "CR")]).await;
    let other = desk.open("Otro").await;
    staff.until("a new card", |tab| column(tab, &other).is_some()).await;
    all_equal(&app, &mut [&mut hers, &mut helper, &mut staff, &mut teo]).await;
    assert_eq!(column(&teo, &path), None);
    assert!(!teo.was_sent(path.trim_start_matches("/tickets/")));
});
