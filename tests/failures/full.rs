//! A database that has no room left: writes are refused in words, nothing is half saved, reading goes on, operators are
//! told, and it takes writes again when room is made.

use chrono::TimeDelta;
use crea::{db::Db, sql, web::metrics};
use uuid::Uuid;

use crate::{
    harness::{TestApp, one_db, talk},
    oracle::Dots,
    tab::{Server, Tab},
    talk::{mark, pair},
};

/// Sets a pragma of the one connection that writes.
async fn pragma(app: &TestApp, text: &'static str) {
    let Db::Sqlite { write, .. } = &app.db else { panic!("SQLite alone has pragmas") };
    sqlx::query(text).execute(write.pool()).await.unwrap();
}

/// What `/readyz` and `/metrics` say of the database; it is ready all the while.
async fn is_told(app: &TestApp, state: &str, full: &str) {
    let ready = app.browser().get("/readyz").await;
    assert_eq!(ready.status, 200, "reading goes on");
    assert!(ready.text.contains(&format!("\"database\":\"{state}\"")), "{}", ready.text);
    let figures = app.browser().get("/metrics").await.text;
    assert!(figures.lines().any(|line| line == format!("crea_database_full {full}")), "{figures}");
    assert!(figures.contains("crea_database_up 1"), "{figures}");
}

/// Rows that a write leaves behind, table by table.
async fn rows(app: &TestApp) -> [i64; 4] {
    let sql = sql!(
        "select (select count(*) from message), (select count(*) from events), \
         (select n from counter where name = 'events'), (select count(*) from search_entry)"
    );
    let (a, b, c, d) = app.db.one::<(i64, i64, i64, i64)>(sql).await.unwrap();
    [a, b, c, d]
}

one_db!(a_full_database_refuses_in_words_keeps_what_it_has_and_goes_on_when_there_is_room, |app| {
    metrics::install();
    let server = Server::start(&app).await;
    let (ana, luis, _) = pair(&app).await;
    let talk = ana.talk_to(&luis).await;
    let before = ana.write(talk, "antes").await;
    is_told(&app, "up", "0").await;
    let path = format!("/chat/{talk}");
    let mut his = Tab::open(&server, &luis.client, &path).await;
    // As many pages as there are: SQLite never goes below that.
    pragma(&app, "pragma max_page_count = 1").await;
    // There is room in pages that are in use: some messages still fit.
    let long = "palabra ".repeat(400);
    let mut refusal = None;
    for _ in 0..100 {
        app.clock.advance(TimeDelta::seconds(4));
        let (id, counted) = (Uuid::now_v7(), rows(&app).await);
        let answer = talk::send_as(&ana.client, &talk.to_string(), &id.to_string(), &long).await;
        if answer.status != 200 {
            assert_eq!(rows(&app).await, counted, "nothing is half saved");
            refusal = Some((id, answer));
            break;
        }
    }
    let (id, refused) = refusal.expect("it is full at last");
    assert_eq!(refused.status, 507, "{}", refused.text);
    assert!(refused.text.contains("No queda espacio en el servidor"), "{}", refused.text);

    is_told(&app, "full", "1").await;
    assert!(app.browser().get("/metrics").await.text.contains("crea_database_full_total 1"), "counted");
    let page = luis.client.get(&path).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains(&format!("msg-{before}")), "what was there can be read");
    assert!(his.is_connected());

    pragma(&app, "pragma max_page_count = 1073741823").await;
    let answer = talk::send_as(&ana.client, &talk.to_string(), &id.to_string(), &long).await;
    assert_eq!(answer.status, 200, "the same again: {}", answer.text);
    his.until("it is live again", |tab| tab.shows(id)).await;
    app.clock.advance(TimeDelta::minutes(1));
    is_told(&app, "up", "0").await;
    his.until_seq(mark(&app).await).await;
    assert_eq!(his.difference(Dots::Ignored).await, None);
});

one_db!(a_database_that_cannot_be_written_can_be_read, |app| {
    let (ana, luis, _) = pair(&app).await;
    let talk = ana.talk_to(&luis).await;
    let before = ana.write(talk, "antes").await;
    pragma(&app, "pragma query_only = true").await;
    // Long enough for the session to be noted as seen again.
    app.clock.advance(TimeDelta::minutes(5));
    let page = luis.client.get(&format!("/chat/{talk}")).await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(page.text.contains(&format!("msg-{before}")));
    let id = Uuid::now_v7().to_string();
    let refused = talk::send_as(&ana.client, &talk.to_string(), &id, "no cabe").await;
    assert!(refused.status.is_server_error(), "{}", refused.status);
    pragma(&app, "pragma query_only = false").await;
    assert_eq!(talk::send_as(&ana.client, &talk.to_string(), &id, "ya cabe").await.status, 200);
});
