//! How many statements a page takes, and that more rows take no more.

use crea::{
    auth::{Module, Role},
    features::chat::{self, NewMessage, Said},
    ids::MessageId,
};

use crate::harness::{Campaign, TestApp, User, both_dbs};

/// Conversations of `viewer` with new agents, each with messages.
async fn fill(app: &TestApp, viewer: &User, campaign: &Campaign, conversations: i64, messages: i64) -> String {
    let mut last = String::new();
    for _ in 0..conversations {
        let agent = app.user("agent").campaign(campaign).insert().await;
        let mut tx = app.db.begin().await.unwrap();
        let (id, _) = chat::find_or_create(&mut tx, viewer.id, agent.id, app.now()).await.unwrap();
        for _ in 0..messages {
            let said = Said { by: agent.id, line: "hola", notice: None, at: app.now() };
            let numbered = chat::number_next(&mut tx, id, &said).await.unwrap();
            let message = NewMessage {
                id: MessageId::new(),
                conversation: id,
                number: numbered.number,
                sender: agent.id,
                body: "hola".to_owned(),
                quoted: None,
                starts_group: true,
                starts_day: None,
                at: app.now(),
            };
            chat::insert_message(&mut tx, &message).await.unwrap();
        }
        tx.commit().await.unwrap();
        last = id.to_string();
    }
    last
}

both_dbs!(pages_take_a_fixed_number_of_statements_however_much_there_is, |app| {
    let own = app.campaign(Module::Core).await;
    let luz = app.user("luz").role(Role::Supervisor).campaign(&own).insert().await;
    let browser = app.sign_in(&luz).await;
    let few = fill(&app, &luz, &own, 3, 4).await;
    let paths = |id: &str| {
        [
            ("/".to_owned(), 6),
            ("/chat".to_owned(), 4),
            (format!("/chat/{id}"), 7),
            ("/chat/new".to_owned(), 6),
            ("/account".to_owned(), 6),
            ("/account/security".to_owned(), 8),
        ]
    };
    let mut before = Vec::new();
    for (path, most) in paths(&few) {
        let page = browser.get(&path).await;
        assert_eq!(page.status, 200, "{path}");
        println!("{path}: {} statements", page.statements);
        assert!((1..=most).contains(&page.statements), "{path} took {} statements, more than {most}", page.statements);
        before.push(page.statements);
    }
    let many = fill(&app, &luz, &own, 30, 40).await;
    for ((path, _), before) in paths(&many).into_iter().zip(before) {
        let page = browser.get(&path).await;
        assert_eq!(page.statements, before, "{path} takes more with ten times the rows");
    }
});

both_dbs!(the_list_of_users_takes_a_fixed_number_of_statements, |app| {
    let own = app.campaign(Module::Core).await;
    let adela = app.user("adela").role(Role::Administrador).campaign(&own).insert().await;
    let browser = app.sign_in(&adela).await;
    let few = browser.get("/people?size=50").await.statements;
    for _ in 0..40 {
        app.user("agent").campaign(&own).insert().await;
    }
    let many = browser.get("/people?size=50").await.statements;
    println!("/people: {many} statements");
    assert_eq!(few, many);
    assert!(many <= 9, "{many}");
});

both_dbs!(a_write_takes_a_fixed_number_of_statements, |app| {
    let own = app.campaign(Module::Core).await;
    let luz = app.user("luz").role(Role::Supervisor).campaign(&own).insert().await;
    let browser = app.sign_in(&luz).await;
    let id = fill(&app, &luz, &own, 1, 1).await;
    let first = crate::harness::talk::say(&browser, &id, "hola").await.1;
    let second = crate::harness::talk::say(&browser, &id, "hola").await.1;
    println!("a message: {} statements", first.statements);
    assert_eq!(first.statements, second.statements);
    // The commit adds its own: two on SQLite, one on PostgreSQL.
    assert!((5..=7).contains(&first.statements), "{}", first.statements);
});

both_dbs!(what_needs_no_database_asks_it_nothing, |app| {
    for path in ["/healthz", "/assets/none.css", "/nowhere"] {
        assert_eq!(app.browser().get(path).await.statements, 0, "{path} without a cookie");
    }
    assert_eq!(app.browser().get("/readyz").await.statements, 1);
});
