//! Agent states, and who may see whom.

use axum::{Router, extract::State, middleware, routing::get};
use chrono::Duration;
use crea::{
    app::App,
    auth::{self, CurrentUser, Module, Role},
    features::floor,
    live::Topic,
    sql, web,
};
use uuid::Uuid;
use views::presence::Presence;

use crate::harness::{Client, TestApp, User, both_dbs};

/// The two things that a tab says of idleness, as routes.
fn idle_routes(app: &App) -> Router {
    let idle = async |State(app): State<App>, user: CurrentUser| floor::set_idle(app, user, true).await;
    let back = async |State(app): State<App>, user: CurrentUser| floor::set_idle(app, user, false).await;
    Router::new()
        .route("/idle", get(idle))
        .route("/back", get(back))
        .layer(middleware::from_fn_with_state(app.clone(), web::session::layer))
        .layer(auth::session::layer(app.db.clone(), app.clock.clone(), &app.config))
        .with_state(app.clone())
}

async fn state_of(app: &TestApp, user: &User) -> Option<(String, Option<String>)> {
    let row = floor::find_state(&app.db, user.id).await.unwrap();
    row.map(|row| (row.state, row.reason))
}

async fn choose(browser: &Client, state: &str, reason: &str) {
    let answer = browser.post("/agent-state", &[("state", state), ("reason", reason)]).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
}

fn said(state: &str, reason: Option<&str>) -> Option<(String, Option<String>)> {
    Some((state.to_owned(), reason.map(str::to_owned)))
}

both_dbs!(a_chosen_state_is_stored_with_its_reason_and_since_when, |app| {
    let ana = app.user("ana").insert().await;
    assert_eq!(state_of(&app, &ana).await, None);
    let browser = app.sign_in(&ana).await;
    choose(&browser, "break", "lunch").await;
    assert_eq!(state_of(&app, &ana).await, said("break", Some("lunch")));
    let since = app.now();
    app.clock.advance(Duration::minutes(5));
    choose(&browser, "break", "lunch").await;
    let kept = floor::find_state(&app.db, ana.id).await.unwrap().unwrap();
    assert_eq!(kept.since_at, since, "the same state again goes on");
    choose(&browser, "break", "rest").await;
    let other = floor::find_state(&app.db, ana.id).await.unwrap().unwrap();
    assert_eq!((other.since_at, other.reason.as_deref()), (app.now(), Some("rest")));
    choose(&browser, "on_call", "").await;
    assert_eq!(state_of(&app, &ana).await, said("on_call", None));
});

both_dbs!(an_idle_person_is_away_and_returns_to_what_was_before, |app| {
    let ana = app.user("ana").insert().await;
    let browser = app.sign_in(&ana).await;
    let tab = browser.through(idle_routes(&app));
    tab.get("/back").await;
    assert_eq!(state_of(&app, &ana).await, None, "nobody comes back who was not away");
    tab.get("/idle").await;
    assert_eq!(state_of(&app, &ana).await, said("away", None));
    tab.get("/idle").await;
    tab.get("/back").await;
    assert_eq!(state_of(&app, &ana).await, said("available", None));
    choose(&browser, "available", "").await;
    tab.get("/idle").await;
    assert_eq!(state_of(&app, &ana).await, said("away", None));
    choose(&browser, "on_call", "").await;
    tab.get("/back").await;
    assert_eq!(state_of(&app, &ana).await, said("on_call", None), "a choice ends being away");
});

both_dbs!(who_is_on_a_call_or_a_break_needs_no_mouse, |app| {
    let ana = app.user("ana").insert().await;
    let browser = app.sign_in(&ana).await;
    let tab = browser.through(idle_routes(&app));
    for (state, reason) in [("on_call", None), ("break", Some("meeting"))] {
        choose(&browser, state, reason.unwrap_or_default()).await;
        tab.get("/idle").await;
        assert_eq!(state_of(&app, &ana).await, said(state, reason));
    }
});

both_dbs!(a_dot_goes_to_own_campaigns_conversations_and_screens, |app| {
    let (one, two) = (app.campaign(Module::Core).await, app.campaign(Module::Calidad).await);
    let ana = app.user("ana").campaign(&one).campaign(&two).insert().await;
    let luz = app.user("luz").role(Role::Supervisor).campaign(&one).insert().await;
    let idle = app.user("idle").insert().await;
    let mut tx = app.db.begin().await.unwrap();
    let (talk, _) = crea::features::chat::find_or_create(&mut tx, ana.id, luz.id, app.now()).await.unwrap();
    tx.commit().await.unwrap();
    choose(&app.sign_in(&ana).await, "on_call", "").await;
    let seen = floor::presence_of(&app.db, &[ana.id.0, idle.id.0]).await.unwrap();
    let of = |id: Uuid| {
        let (_, presence, topics) = seen.iter().find(|(user, ..)| *user == id).unwrap();
        let mut topics = topics.clone();
        topics.sort();
        (*presence, topics)
    };
    let mut expected = vec![
        Topic::User(ana.id.0),
        Topic::Campaign(one.id.0),
        Topic::Campaign(two.id.0),
        Topic::Conversation(talk.0),
        Topic::role_anywhere(Role::Administrador),
    ];
    expected.sort();
    assert_eq!(of(ana.id.0), (Presence::OnCall, expected));
    let (_, circles) = of(idle.id.0);
    assert!(circles.contains(&Topic::User(idle.id.0)) && !circles.contains(&Topic::Campaign(one.id.0)), "{circles:?}");
    assert_eq!(of(idle.id.0).0, Presence::Available, "nothing stored is available");
    assert!(floor::presence_of(&app.db, &[]).await.unwrap().is_empty());
});

both_dbs!(one_sees_colleagues_and_partners_and_an_administrator_everyone, |app| {
    let (own, other) = (app.campaign(Module::Core).await, app.campaign(Module::Core).await);
    let ana = app.user("ana").campaign(&own).insert().await;
    let mate = app.user("mate").campaign(&own).insert().await;
    let partner = app.user("partner").campaign(&other).insert().await;
    let stranger = app.user("stranger").campaign(&other).insert().await;
    let gone = app.user("gone").campaign(&own).inactive().insert().await;
    let admin = app.user("zoe").role(Role::Administrador).insert().await;
    let mut tx = app.db.begin().await.unwrap();
    crea::features::chat::find_or_create(&mut tx, ana.id, partner.id, app.now()).await.unwrap();
    tx.commit().await.unwrap();
    let sees = async |viewer: &User, whom: &User| app.sees(viewer.id, whom.id).await;
    assert!(sees(&ana, &mate).await && sees(&ana, &partner).await);
    assert!(sees(&admin, &stranger).await, "somebody sees the stranger");
    assert!(!sees(&ana, &stranger).await);
    let far = app.user("far").role(Role::Supervisor).campaign(&other).insert().await;
    let luz = app.user("luz").role(Role::Supervisor).campaign(&own).insert().await;
    assert!(sees(&luz, &far).await, "supervisors write to each other anywhere");
    assert!(!sees(&luz, &stranger).await && !sees(&ana, &far).await);
    assert!(!sees(&ana, &gone).await && !sees(&admin, &gone).await, "closed accounts have no dot");
    app.db.exec(sql!("update campaign set is_active = false where id = $1", own.id)).await.unwrap();
    assert!(!sees(&ana, &mate).await, "an inactive campaign joins nobody");
});
