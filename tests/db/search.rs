//! Search over messages: the same hits on both engines, and nothing that is not one's own.

use chrono::Duration;
use crea::{
    db::search::Terms,
    features::chat::{self, Narrow, NewMessage, Said},
    ids::{ConversationId, MessageId},
    sql,
};

use crate::harness::{TestApp, User, both_dbs};

async fn open(app: &TestApp, one: &User, other: &User) -> ConversationId {
    let mut tx = app.db.begin().await.unwrap();
    let (id, _) = chat::find_or_create(&mut tx, one.id, other.id, app.now()).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn say(app: &TestApp, id: ConversationId, sender: &User, body: &str) -> MessageId {
    app.clock.advance(Duration::seconds(1));
    let mut tx = app.db.begin().await.unwrap();
    let said = Said { by: sender.id, line: body, notice: None, at: app.now() };
    let numbered = chat::number_next(&mut tx, id, &said).await.unwrap();
    let message = NewMessage {
        id: MessageId::new(),
        conversation: id,
        number: numbered.number,
        sender: sender.id,
        body: body.to_owned(),
        quoted: None,
        starts_group: true,
        starts_day: None,
        at: app.now(),
    };
    chat::insert_message(&mut tx, &message).await.unwrap();
    tx.commit().await.unwrap();
    message.id
}

/// Bodies that are found, the best first.
async fn find(app: &TestApp, viewer: &User, typed: &str) -> Vec<String> {
    narrowed(app, viewer, typed, &Narrow::default()).await
}

async fn narrowed(app: &TestApp, viewer: &User, typed: &str, narrow: &Narrow) -> Vec<String> {
    let found = chat::find_messages(&app.db, viewer.id, &Terms::new(typed), narrow, 0, 50).await.unwrap();
    found.rows.into_iter().map(|row| row.body).collect()
}

both_dbs!(words_are_found_by_their_beginning_without_accents_and_nothing_is_syntax, |app| {
    let (ana, luz) = (app.user("ana").insert().await, app.user("luz").insert().await);
    let id = open(&app, &ana, &luz).await;
    let bodies = [
        "¿Me confirma la NUMERACIÓN del acuerdo?",
        "El niño del señor Peña",
        "Son $1.234.567 y el 30 % de 2026",
        "Él dijo \"hola OR adiós\" y no:volvió*",
        "correo@empresa.com y https://intranet.crea/guías?x=1",
        "a1b2c3 -- '; drop table message",
    ];
    for body in bodies {
        say(&app, id, &luz, body).await;
    }
    for (typed, expected) in [
        ("numeracion", vec![0]),
        ("NUMERACIÓN acuer", vec![0]),
        ("acuerdo numeraciones", vec![]),
        ("nino", vec![1]),
        ("niño pena", vec![1]),
        ("1234567", vec![]),
        ("1.234.567", vec![2]),
        ("234", vec![2]),
        ("30", vec![2]),
        ("\"hola or\"", vec![3]),
        ("hola OR numeracion", vec![]),
        ("no:volvió", vec![3]),
        ("volvio*", vec![3]),
        ("vol*ver", vec![]),
        ("empresa.com", vec![4]),
        ("guias?x=1", vec![4]),
        ("intranet crea", vec![4]),
        ("a1b2", vec![5]),
        ("'; drop table message --", vec![5]),
        ("NOT hola", vec![]),
        ("(hola", vec![3]),
        ("scope : hola", vec![]),
        ("& | ! <->", vec![]),
        ("a", vec![]),
        ("", vec![]),
    ] {
        let expected: Vec<_> = expected.into_iter().map(|n: usize| bodies[n].to_owned()).collect();
        assert_eq!(find(&app, &ana, typed).await, expected, "{typed}");
    }
});

both_dbs!(what_says_it_more_comes_first_and_then_the_newest, |app| {
    let (ana, luz) = (app.user("ana").insert().await, app.user("luz").insert().await);
    let id = open(&app, &ana, &luz).await;
    say(&app, id, &luz, "acuerdo firmado").await;
    say(&app, id, &luz, "acuerdo acuerdo acuerdo").await;
    say(&app, id, &luz, "acuerdo vencido").await;
    let found = find(&app, &ana, "acuerdo").await;
    assert_eq!(found, ["acuerdo acuerdo acuerdo", "acuerdo vencido", "acuerdo firmado"]);
    let page = |skip| {
        let db = app.db.clone();
        async move { chat::find_messages(&db, ana.id, &Terms::new("acuerdo"), &Narrow::default(), skip, 2).await.unwrap() }
    };
    let first = page(0).await;
    assert!(first.has_more && first.rows.len() == 2);
    let second = page(2).await;
    assert_eq!((second.has_more, second.rows.len(), second.rows[0].body.as_str()), (false, 1, "acuerdo firmado"));
});

both_dbs!(only_ones_own_conversations_are_searched_from_where_one_came_in, |app| {
    let (ana, luz, pia) =
        (app.user("ana").insert().await, app.user("luz").insert().await, app.user("pia").insert().await);
    let id = open(&app, &ana, &luz).await;
    let other = open(&app, &luz, &pia).await;
    say(&app, id, &luz, "secreto uno").await;
    let gone = say(&app, id, &luz, "secreto dos").await;
    say(&app, id, &ana, "secreto tres").await;
    say(&app, other, &pia, "secreto ajeno").await;
    assert_eq!(find(&app, &luz, "secreto").await.len(), 4, "what is hidden below is there");
    assert_eq!(find(&app, &ana, "secreto").await, ["secreto tres", "secreto dos", "secreto uno"]);
    let in_other = Narrow { conversation: Some(other), ..Narrow::default() };
    assert!(narrowed(&app, &ana, "secreto", &in_other).await.is_empty(), "naming a conversation opens none");
    let by_luz = Narrow { sender: Some(luz.id), ..Narrow::default() };
    assert_eq!(narrowed(&app, &ana, "secreto", &by_luz).await, ["secreto dos", "secreto uno"]);
    let at = app.now();
    let early = Narrow { until: Some(at - Duration::seconds(1)), ..Narrow::default() };
    assert_eq!(narrowed(&app, &ana, "secreto", &early).await.len(), 2);
    let late = Narrow { from: Some(at - Duration::seconds(1)), ..Narrow::default() };
    assert_eq!(narrowed(&app, &ana, "secreto", &late).await, ["secreto tres"]);

    app.db.exec(sql!("update message set deleted_at = $1 where id = $2", at, gone)).await.unwrap();
    assert_eq!(find(&app, &ana, "secreto").await, ["secreto tres", "secreto uno"]);
    app.db.exec(sql!("update participant set first_number = 2 where user_id = $1", ana.id)).await.unwrap();
    assert_eq!(find(&app, &ana, "secreto").await, ["secreto tres"]);
    app.db.exec(sql!("delete from participant where user_id = $1", ana.id)).await.unwrap();
    assert!(find(&app, &ana, "secreto").await.is_empty());
});

both_dbs!(an_edit_is_found_by_its_new_words_and_a_deletion_not_at_all, |app| {
    let (ana, luz) = (app.user("ana").insert().await, app.user("luz").insert().await);
    let id = open(&app, &ana, &luz).await;
    let message = say(&app, id, &luz, "primero").await;
    let mut tx = app.db.begin().await.unwrap();
    chat::index_message(&mut tx, message, id, "segundo").await.unwrap();
    tx.commit().await.unwrap();
    assert!(find(&app, &ana, "primero").await.is_empty());
    assert_eq!(find(&app, &ana, "segundo").await.len(), 1);
    let mut tx = app.db.begin().await.unwrap();
    chat::unindex_messages(&mut tx, &[message.0]).await.unwrap();
    tx.commit().await.unwrap();
    assert!(find(&app, &ana, "segundo").await.is_empty());
});

both_dbs!(a_new_index_is_filled_with_what_was_written_before_it, |app| {
    let (ana, luz) = (app.user("ana").insert().await, app.user("luz").insert().await);
    let id = open(&app, &ana, &luz).await;
    for body in ["antes uno", "antes dos"] {
        say(&app, id, &luz, body).await;
    }
    let deleted = say(&app, id, &luz, "antes tres").await;
    let hide = sql!("update message set deleted_at = $1 where id = $2", app.now(), deleted);
    app.db.exec(hide).await.unwrap();
    let mut tx = app.db.begin().await.unwrap();
    let all: Vec<_> = tx.all::<(uuid::Uuid,)>(sql!("select id from message")).await.unwrap();
    chat::unindex_messages(&mut tx, &all.into_iter().map(|(id,)| id).collect::<Vec<_>>()).await.unwrap();
    tx.exec(sql!("delete from search_index")).await.unwrap();
    tx.commit().await.unwrap();
    assert!(find(&app, &ana, "antes").await.is_empty());
    for _ in 0..2 {
        chat::fill_index(&app.db).await.unwrap();
        assert_eq!(find(&app, &ana, "antes").await, ["antes dos", "antes uno"]);
    }
    let (entries,): (i64,) = app.db.one(sql!("select count(*) from search_entry")).await.unwrap();
    assert_eq!(entries, 2);
});
