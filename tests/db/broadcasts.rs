//! Mass messages: who receives, what is frozen, what is counted.

use chrono::Duration;
use crea::{
    auth::{Module, Role},
    features::{
        broadcasts::{self, Audience, Importance, NewBroadcast, Outcome, Sender, create},
        chat::{find_card, list_waiting},
    },
    ids::{CampaignId, ConversationId},
    sql,
};
use uuid::Uuid;

use crate::harness::{TestApp, User, both_dbs};

/// A mass message from `from` to the agents of a campaign.
fn to_agents(app: &TestApp, from: &User, campaign: CampaignId, importance: Importance) -> NewBroadcast {
    let audience = Audience { campaigns: vec![campaign], roles: vec!["asesor".to_owned()], ..Audience::default() };
    NewBroadcast {
        id: ConversationId::new(),
        sender: from.id,
        importance,
        asks_confirmation: importance == Importance::Critical,
        audience,
        body: "Revisen la base".to_owned(),
        due_at: app.now(),
        expires_at: None,
    }
}

fn sender(user: &User) -> Sender {
    Sender { id: user.id, role: user.role, is_superuser: false }
}

async fn send(app: &TestApp, from: &User, new: &NewBroadcast) -> Uuid {
    let key = Uuid::now_v7().to_string();
    let Outcome::Stored(id) = create(app, sender(from), "local", &key, new).await.unwrap();
    if new.due_at <= app.now() {
        broadcasts::run_once(app).await.unwrap();
    }
    id
}

async fn participants(app: &TestApp, id: Uuid) -> Vec<Uuid> {
    let rows: Vec<(Uuid,)> = app
        .db
        .all(sql!("select user_id from participant where conversation_id = $1 order by user_id", id))
        .await
        .unwrap();
    rows.into_iter().map(|(user,)| user).collect()
}

both_dbs!(active_agents_of_the_campaign_are_frozen_when_it_is_sent, |app| {
    let (own, other) = (app.campaign(Module::Core).await, app.campaign(Module::Core).await);
    let luz = app.user("luz").role(Role::Supervisor).campaign(&own).insert().await;
    let mut agents = Vec::new();
    for name in ["ana", "eva", "leo"] {
        agents.push(app.user(name).campaign(&own).insert().await.id.0);
    }
    agents.sort();
    app.user("ida").campaign(&own).inactive().insert().await;
    app.user("teo").campaign(&other).insert().await;
    app.user("bo").role(Role::Backoffice).campaign(&own).insert().await;
    let id = send(&app, &luz, &to_agents(&app, &luz, own.id, Importance::Normal)).await;
    assert_eq!(participants(&app, id).await, agents);
    let late = app.user("late").campaign(&own).insert().await;
    assert!(
        find_card(&app.db, late.id, ConversationId(id)).await.unwrap().is_none(),
        "who came later is not among them"
    );
    let (messages, recipients): (i64, i64) = app
        .db
        .one(sql!(
            "select (select count(*) from message where conversation_id = $1), recipients from broadcast \
             where conversation_id = $1",
            id
        ))
        .await
        .unwrap();
    assert_eq!((messages, recipients), (1, 3), "one message however many receive it");
});

both_dbs!(a_supervisor_reaches_own_campaigns_alone_whatever_is_asked_for, |app| {
    let (own, other) = (app.campaign(Module::Core).await, app.campaign(Module::Core).await);
    let luz = app.user("luz").role(Role::Supervisor).campaign(&own).insert().await;
    let ana = app.user("ana").campaign(&own).insert().await;
    let teo = app.user("teo").campaign(&other).insert().await;
    let zoe = app.user("zoe").role(Role::Administrador).insert().await;
    let mut new = to_agents(&app, &luz, own.id, Importance::Normal);
    new.audience.campaigns.push(other.id);
    new.audience.people = vec![teo.id, zoe.id];
    let mut reached = participants(&app, send(&app, &luz, &new).await).await;
    let mut expected = vec![ana.id.0, zoe.id.0];
    expected.sort();
    reached.sort();
    assert_eq!(reached, expected, "administrators may be written to anywhere, foreign agents not");
    let mut all = to_agents(&app, &zoe, other.id, Importance::Normal);
    all.audience =
        Audience { everyone: true, roles: vec!["asesor".into(), "supervisor".into()], ..Audience::default() };
    assert_eq!(participants(&app, send(&app, &zoe, &all).await).await.len(), 3, "administrators reach everyone");
});

both_dbs!(the_same_form_again_stores_once_and_the_seventh_within_an_hour_is_refused, |app| {
    let own = app.campaign(Module::Core).await;
    let luz = app.user("luz").role(Role::Supervisor).campaign(&own).insert().await;
    app.user("ana").campaign(&own).insert().await;
    let new = to_agents(&app, &luz, own.id, Importance::Normal);
    let Outcome::Stored(first) = create(&app, sender(&luz), "local", "one key", &new).await.unwrap();
    let again = NewBroadcast { id: ConversationId::new(), ..new.clone() };
    let Outcome::Stored(second) = create(&app, sender(&luz), "local", "one key", &again).await.unwrap();
    assert_eq!(first, second);
    for _ in 0..5 {
        send(&app, &luz, &NewBroadcast { id: ConversationId::new(), ..new.clone() }).await;
    }
    let seventh = NewBroadcast { id: ConversationId::new(), ..new.clone() };
    let refused = create(&app, sender(&luz), "local", "seventh", &seventh).await.unwrap_err();
    assert_eq!(refused.status(), 429);
    app.clock.advance(Duration::minutes(61));
    create(&app, sender(&luz), "local", "seventh", &seventh).await.unwrap();
});

both_dbs!(what_a_clock_that_was_ahead_noted_is_not_held_against_the_sender, |app| {
    let own = app.campaign(Module::Core).await;
    let luz = app.user("luz").role(Role::Supervisor).campaign(&own).insert().await;
    app.user("ana").campaign(&own).insert().await;
    let new = to_agents(&app, &luz, own.id, Importance::Normal);
    app.clock.advance(Duration::hours(3));
    for _ in 0..6 {
        send(&app, &luz, &NewBroadcast { id: ConversationId::new(), ..new.clone() }).await;
    }
    let refused = NewBroadcast { id: ConversationId::new(), ..new.clone() };
    assert_eq!(create(&app, sender(&luz), "local", "7", &refused).await.unwrap_err().status(), 429);
    app.clock.advance(Duration::hours(-3));
    for _ in 0..6 {
        send(&app, &luz, &NewBroadcast { id: ConversationId::new(), ..new.clone() }).await;
    }
    let refused = NewBroadcast { id: ConversationId::new(), ..new.clone() };
    assert_eq!(create(&app, sender(&luz), "local", "13", &refused).await.unwrap_err().status(), 429, "the limit holds");
});

both_dbs!(forms_that_arrive_together_do_not_pass_the_limit, |app| {
    let own = app.campaign(Module::Core).await;
    let luz = app.user("luz").role(Role::Supervisor).campaign(&own).insert().await;
    app.user("ana").campaign(&own).insert().await;
    let forms = (0..9).map(|n| {
        let (app, new) = (&app, to_agents(&app, &luz, own.id, Importance::Normal));
        let luz = sender(&luz);
        async move { create(app, luz, "local", &format!("form {n}"), &new).await }
    });
    let done = futures_util::future::join_all(forms).await;
    let refused: Vec<_> = done.into_iter().filter_map(Result::err).map(|error| error.status().as_u16()).collect();
    assert_eq!(refused, [429, 429, 429]);
    let (stored,): (i64,) = app.db.one(sql!("select count(*) from broadcast")).await.unwrap();
    assert_eq!(stored, 6);
});

both_dbs!(a_scheduled_one_goes_out_once_to_those_of_its_hour, |app| {
    let own = app.campaign(Module::Core).await;
    let luz = app.user("luz").role(Role::Supervisor).campaign(&own).insert().await;
    app.user("ana").campaign(&own).insert().await;
    let mut new = to_agents(&app, &luz, own.id, Importance::Critical);
    new.due_at = app.now() + Duration::hours(1);
    new.expires_at = Some(app.now() + Duration::hours(2));
    let id = send(&app, &luz, &new).await;
    assert_eq!(participants(&app, id).await.len(), 0);
    assert_eq!(broadcasts::run_once(&app).await.unwrap(), 0, "not before its time");
    let eva = app.user("eva").campaign(&own).insert().await;
    app.clock.advance(Duration::hours(1));
    let done = tokio::join!(broadcasts::run_once(&app), broadcasts::run_once(&app));
    assert_eq!(done.0.unwrap() + done.1.unwrap(), 1, "one of them sent it");
    assert_eq!(participants(&app, id).await.len(), 2, "who came until then is among them");
    let waits = |now| list_waiting(&app.db, eva.id, now - Duration::days(2), now, 50);
    assert_eq!(waits(app.now()).await.unwrap().len(), 1);
    app.clock.advance(Duration::hours(1));
    assert_eq!(broadcasts::run_once(&app).await.unwrap(), 1, "its end is told once");
    assert_eq!(broadcasts::run_once(&app).await.unwrap(), 0);
    let left = waits(app.now()).await.unwrap();
    assert!(left.iter().all(|row| row.expires_at.is_some_and(|at| at <= app.now())), "it asks for nothing any more");
});

both_dbs!(who_may_no_longer_send_does_not_send_what_was_scheduled, |app| {
    let own = app.campaign(Module::Core).await;
    let luz = app.user("luz").role(Role::Supervisor).campaign(&own).insert().await;
    app.user("ana").campaign(&own).insert().await;
    let mut new = to_agents(&app, &luz, own.id, Importance::Normal);
    new.due_at = app.now() + Duration::hours(1);
    let id = send(&app, &luz, &new).await;
    app.db.exec(sql!("update app_user set role = 'asesor' where id = $1", luz.id)).await.unwrap();
    app.clock.advance(Duration::hours(2));
    assert_eq!(broadcasts::run_once(&app).await.unwrap(), 1);
    let (state,): (String,) =
        app.db.one(sql!("select state from broadcast where conversation_id = $1", id)).await.unwrap();
    assert_eq!((state.as_str(), participants(&app, id).await.len()), ("cancelled", 0));
});

both_dbs!(what_was_scheduled_reaches_no_further_than_its_sender_does_by_then, |app| {
    let own = app.campaign(Module::Core).await;
    let boss = app.user("boss").role(Role::Administrador).campaign(&own).insert().await;
    let other = app.campaign(Module::Telefonica).await;
    let (ana, eva) = (app.user("ana").campaign(&own).insert().await, app.user("eva").campaign(&other).insert().await);
    let mut new = to_agents(&app, &boss, own.id, Importance::Normal);
    new.audience.everyone = true;
    let id = send(&app, &boss, &new).await;
    assert_eq!(participants(&app, id).await.len(), 2, "an administrator reaches everyone");
    assert!(!app.sees(ana.id, eva.id).await, "recipients do not learn of each other");
    let mut later = to_agents(&app, &boss, own.id, Importance::Normal);
    later.audience.everyone = true;
    later.due_at = app.now() + Duration::hours(1);
    let id = send(&app, &boss, &later).await;
    app.db.exec(sql!("update app_user set role = 'supervisor' where id = $1", boss.id)).await.unwrap();
    app.clock.advance(Duration::hours(2));
    assert_eq!(broadcasts::run_once(&app).await.unwrap(), 1);
    assert_eq!(participants(&app, id).await.len(), 1, "own agents alone");
});
