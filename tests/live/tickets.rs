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

struct Desk {
    campaign: Campaign,
    ana: Person,
    sol: Person,
    luz: Person,
    eva: Person,
    teo: Person,
}

/// A requester, who serves Cartera, the supervisor; a colleague and another supervisor whom it does not concern.
async fn desk(app: &TestApp) -> Desk {
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

async fn serve(app: &TestApp, person: &Person) {
    let mut tx = app.db.begin().await.unwrap();
    add_to_pool(&mut tx, Application::Cartera, person.user.id, 1, None).await.unwrap();
    tx.commit().await.unwrap();
}

impl Desk {
    /// Ana opens one; its path.
    async fn open(&self, title: &str) -> String {
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

async fn act(app: &TestApp, who: &Person, path: &str, what: &str, form: &[(&str, &str)]) -> Answer {
    let id: Uuid = path.trim_start_matches("/tickets/").parse().unwrap();
    let (version,): (i64,) = app.db.one(sql!("select version from ticket where id = $1", id)).await.unwrap();
    let version = version.to_string();
    let form: Vec<(&str, &str)> = form.iter().copied().chain([("version", &*version)]).collect();
    let answer = who.client.post(&format!("{path}/{what}"), &form).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    answer
}

async fn say(who: &Person, path: &str, body: &str, note: &str) {
    let id = Uuid::now_v7().to_string();
    let answer = who.client.post(&format!("{path}/comments"), &[("id", &id), ("body", body), ("note", note)]).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
}

/// Every tab equals a fresh page once all that happened is delivered.
async fn all_equal(app: &TestApp, tabs: &mut [&mut Tab]) {
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
