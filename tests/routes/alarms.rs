//! Answering an alarm: without scripts too, again without effect, and what it costs.

use chrono::Duration;
use crea::{features::alarms::run_once, sql};
use uuid::Uuid;

use crate::harness::{
    alarms::{call_back, rung, set},
    both_dbs,
};

both_dbs!(a_plain_form_acknowledges_and_the_second_time_changes_nothing, |app| {
    let ana = app.user("ana").insert().await;
    let browser = app.sign_in(&ana).await;
    let id = rung(&app, &[ana.id]).await;
    let page = browser.get("/account").await.text;
    assert!(page.contains("Devolver la llamada a Eva &lt;b&gt;Luna&lt;/b&gt;"), "on every page, as text: {page}");
    for _ in 0..2 {
        let answer = browser.post(&format!("/alarms/{id}/acknowledge"), &[]).await;
        assert_eq!((answer.status.as_u16(), answer.location()), (303, "/alarms"));
    }
    assert!(!browser.get("/").await.text.contains("data-alarm"));
    let done = browser.get("/alarms?tab=done").await.text;
    assert_eq!(done.matches("class=\"alarm-row\"").count(), 1);
    let (at,): (Option<chrono::DateTime<chrono::Utc>>,) =
        app.db.one(sql!("select acknowledged_at from alarm_recipient where alarm_id = $1", id)).await.unwrap();
    assert_eq!(at, Some(app.now()), "who knew of it and since when is kept");
});

both_dbs!(a_snooze_is_as_long_as_a_button_says_and_no_longer, |app| {
    let ana = app.user("ana").insert().await;
    let browser = app.sign_in(&ana).await;
    let id = rung(&app, &[ana.id]).await;
    for (asked, minutes) in [("5", 5), ("30", 30), ("", 10), ("-5", 10), ("99999999999999999999", 10)] {
        assert_eq!(browser.post(&format!("/alarms/{id}/snooze"), &[("minutes", asked)]).await.status, 303);
        let coming = browser.get("/alarms?tab=coming").await.text;
        assert!(coming.contains("Pospuesta") && !coming.contains("data-alarm"), "{coming}");
        app.clock.advance(Duration::minutes(minutes) - Duration::milliseconds(1));
        assert_eq!(run_once(&app).await.unwrap(), 0, "{asked}");
        app.clock.advance(Duration::milliseconds(1));
        assert_eq!(run_once(&app).await.unwrap(), 1, "{asked}");
    }
    let english = [("locale", "en"), ("theme", "auto"), ("density", "compact")];
    browser.post("/account/look", &english).await;
    assert!(browser.get("/").await.text.contains("Call Eva &lt;b&gt;"), "each reads it in their language");
});

both_dbs!(a_text_that_is_no_longer_known_says_so_and_still_leads_there, |app| {
    let ana = app.user("ana").insert().await;
    let browser = app.sign_in(&ana).await;
    let new = call_back(Uuid::now_v7(), app.now(), &[ana.id]);
    set(&app, &crea::features::alarms::NewAlarm { text_key: "tickets.gone", ..new }).await;
    run_once(&app).await.unwrap();
    let page = browser.get("/").await.text;
    assert!(page.contains("Esta alarma no se puede mostrar") && !page.contains('⟦'), "{page}");
});

both_dbs!(pages_take_one_statement_more_while_something_rings_however_much_it_is, |app| {
    let ana = app.user("ana").insert().await;
    let browser = app.sign_in(&ana).await;
    let (quiet, own) = (browser.get("/account").await.statements, browser.get("/alarms").await.statements);
    for _ in 0..60 {
        set(&app, &call_back(Uuid::now_v7(), app.now(), &[ana.id])).await;
    }
    assert_eq!(run_once(&app).await.unwrap(), 60);
    let page = browser.get("/account").await;
    assert_eq!(page.statements, quiet + 1);
    assert_eq!(page.text.matches("data-alarm=").count(), 50, "the rest is on their own page");
    assert_eq!(browser.get("/alarms").await.statements, own + 1);
});
