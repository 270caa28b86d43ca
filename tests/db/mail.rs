//! The mail outbox: committed with what it tells about, sent once by any instance, forgotten afterwards.

use chrono::TimeDelta;
use crea::{
    mail::{self, Mail},
    sql,
};

use crate::harness::{TestApp, both_dbs, smtp::Smtp};

fn letter(to: &str) -> Mail {
    Mail {
        to: to.to_owned(),
        subject: "Contraseña nueva".to_owned(),
        text: "Abra https://crea.example/reset/abc y elija una contraseña".to_owned(),
        html: "<p>Abra el <a href=\"https://crea.example/reset/abc\">enlace</a></p>".to_owned(),
    }
}

async fn queue(app: &TestApp, to: &str) {
    let mut tx = app.db.begin().await.unwrap();
    mail::queue(&mut tx, &letter(to), app.now()).await.unwrap();
    tx.commit().await.unwrap();
}

/// State, tries, and whether anything is left of what it said.
async fn row(app: &TestApp) -> (String, i64, bool) {
    app.db
        .one(sql!("select state, attempts, body_text || body_html || error <> '' from mail_outbox order by id limit 1"))
        .await
        .unwrap()
}

both_dbs!(a_mail_leaves_with_its_transaction_once_and_is_forgotten, |app| {
    let server = Smtp::start().await;
    let app = app.mailing(&server).await;
    let mut tx = app.db.begin().await.unwrap();
    mail::queue(&mut tx, &letter("nobody@crea.example"), app.now()).await.unwrap();
    drop(tx);
    queue(&app, "ana@crea.example").await;
    assert_eq!(mail::run_once(&app).await.unwrap(), 1);
    assert_eq!(mail::run_once(&app).await.unwrap(), 0, "once");
    let kept = server.kept();
    assert_eq!((kept.len(), &*kept[0].to), (1, &["ana@crea.example".to_owned()][..]));
    assert_eq!(kept[0].header("from"), "CREA <crea@crea.example>");
    assert_eq!(kept[0].header("auto-submitted"), "auto-generated");
    assert!(kept[0].header("message-id").ends_with("@crea.example>"), "{}", kept[0].data);
    assert_eq!(kept[0].link("/reset/"), "/reset/abc");
    assert!(kept[0].plain().contains("reset/abc y elija una contraseña") && kept[0].plain().contains("<p>Abra el"));
    assert_eq!(row(&app).await, ("sent".to_owned(), 1, false));
});

both_dbs!(of_two_instances_each_mail_is_sent_by_one, |app| {
    let server = Smtp::start().await;
    let (one, two) = (app.mailing(&server).await, app.mailing(&server).await);
    for n in 0..12 {
        queue(&app, &format!("agent{n}@crea.example")).await;
    }
    let (a, b) = tokio::join!(mail::run_once(&one), mail::run_once(&two));
    assert_eq!(a.unwrap() + b.unwrap(), 12);
    let mut to: Vec<String> = server.kept().into_iter().flat_map(|mail| mail.to).collect();
    to.sort();
    to.dedup();
    assert_eq!((server.kept().len(), to.len()), (12, 12));
});

both_dbs!(what_cannot_be_sent_now_is_tried_again_later_and_not_for_ever, |app| {
    let server = Smtp::start().await;
    let app = app.mailing(&server).await;
    queue(&app, "ana@crea.example").await;
    for attempt in 1..8 {
        server.refuse("451 come back later");
        assert_eq!(mail::run_once(&app).await.unwrap(), 0);
        assert_eq!(mail::run_once(&app).await.unwrap(), 0, "not before its time");
        assert_eq!(row(&app).await, ("waiting".to_owned(), attempt, true));
        app.clock.advance(TimeDelta::seconds(30 << (attempt - 1)));
    }
    server.refuse("451 come back later");
    mail::run_once(&app).await.unwrap();
    let (error, text): (String, String) = app.db.one(sql!("select error, body_text from mail_outbox")).await.unwrap();
    assert_eq!((row(&app).await.0.as_str(), text.as_str()), ("failed", ""));
    assert!(error.contains("come back later") && !error.contains("reset/"), "{error}");
    app.clock.advance(TimeDelta::days(2));
    assert_eq!(mail::run_once(&app).await.unwrap(), 0, "given up");
    assert_eq!(server.kept().len(), 0);
});

both_dbs!(a_mail_that_nobody_will_take_is_given_up_at_once_and_others_go_on, |app| {
    let server = Smtp::start().await;
    let app = app.mailing(&server).await;
    queue(&app, "gone@crea.example").await;
    queue(&app, "ana@crea.example").await;
    server.refuse("550 no such person");
    assert_eq!(mail::run_once(&app).await.unwrap(), 1);
    assert_eq!(row(&app).await.0, "failed");
    assert_eq!(server.kept()[0].to, ["ana@crea.example"]);
});

both_dbs!(a_mail_whose_sender_died_is_sent_by_another_after_its_lease, |app| {
    let server = Smtp::start().await;
    let app = app.mailing(&server).await;
    queue(&app, "ana@crea.example").await;
    // As a claim leaves it: due again in two minutes.
    let until = app.now() + TimeDelta::minutes(2);
    app.db.exec(sql!("update mail_outbox set due_at = $1, attempts = 1", until)).await.unwrap();
    assert_eq!(mail::run_once(&app).await.unwrap(), 0);
    app.clock.advance(TimeDelta::minutes(2));
    assert_eq!(mail::run_once(&app).await.unwrap(), 1);
});

both_dbs!(without_a_server_mail_waits_and_after_a_month_it_is_deleted, |app| {
    assert!(!app.mail.is_configured());
    queue(&app, "ana@crea.example").await;
    assert_eq!(mail::run_once(&app).await.unwrap(), 0);
    assert_eq!(mail::prune(&app.db, app.now() + TimeDelta::days(30)).await.unwrap(), 0);
    assert_eq!(mail::prune(&app.db, app.now() + TimeDelta::days(31)).await.unwrap(), 1);
});
