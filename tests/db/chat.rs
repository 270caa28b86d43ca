//! Conversations, messages, unread counts and read pointers.

use chrono::{DateTime, Duration, Utc};
use crea::{
    auth::{Module, Role},
    features::chat::{self, NewMessage, Said},
    ids::{ConversationId, MessageId, UserId},
    live::Topic,
    sql,
};
use uuid::Uuid;
use views::chat::Tab;

use crate::harness::{Client, TestApp, User, both_dbs};

async fn open(app: &TestApp, one: &User, other: &User) -> ConversationId {
    let mut tx = app.db.begin().await.unwrap();
    let (id, _) = chat::find_or_create(&mut tx, one.id, other.id, app.now()).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// Stores a message as sending does, a millisecond after what was before.
async fn say(app: &TestApp, id: ConversationId, sender: &User, body: &str) -> i64 {
    app.clock.advance(Duration::milliseconds(1));
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
    numbered.number
}

/// Last line, unread and total, in order of the list.
async fn list(app: &TestApp, viewer: &User) -> Vec<(String, i64, i64)> {
    let total = chat::unread_total(&app.db, viewer.id).await.unwrap();
    let page = chat::list_for(&app.db, viewer.id, Tab::All, None, 50).await.unwrap();
    page.rows.into_iter().map(|row| (row.last_line, row.unread, total)).collect()
}

async fn read(browser: &Client, id: ConversationId, number: i64) -> u16 {
    browser.post_htmx(&format!("/chat/{id}/read"), &[("number", &number.to_string())]).await.status.as_u16()
}

both_dbs!(two_people_have_one_conversation_whoever_opens_it, |app| {
    let (ana, luz) = (app.user("ana").insert().await, app.user("luz").insert().await);
    let mut tx = app.db.begin().await.unwrap();
    let (id, is_new) = chat::find_or_create(&mut tx, ana.id, luz.id, app.now()).await.unwrap();
    assert!(is_new);
    assert_eq!(chat::find_or_create(&mut tx, luz.id, ana.id, app.now()).await.unwrap(), (id, false));
    tx.commit().await.unwrap();
    let stranger = app.user("pia").insert().await;
    assert_ne!(open(&app, &ana, &stranger).await, id);
    assert!(chat::takes_part(&app.db, luz.id.0, id.0).await.unwrap());
    assert!(!chat::takes_part(&app.db, stranger.id.0, id.0).await.unwrap());
});

both_dbs!(a_conversation_that_two_open_at_once_is_made_once, |app| {
    let (ana, luz) = (app.user("ana").insert().await, app.user("luz").insert().await);
    let tasks: Vec<_> = (0..4)
        .map(|n| {
            let (app, ana, luz) = (app.clone(), ana.clone(), luz.clone());
            tokio::spawn(
                async move { if n % 2 == 0 { open(&app, &ana, &luz).await } else { open(&app, &luz, &ana).await } },
            )
        })
        .collect();
    let mut ids = Vec::new();
    for task in tasks {
        ids.push(task.await.unwrap());
    }
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    let (people,): (i64,) = app.db.one(sql!("select count(*) from participant")).await.unwrap();
    assert_eq!(people, 2);
});

both_dbs!(messages_are_numbered_without_gaps_by_writers_at_once, |app| {
    let (ana, luz) = (app.user("ana").insert().await, app.user("luz").insert().await);
    let id = open(&app, &ana, &luz).await;
    let tasks: Vec<_> = [&ana, &luz, &ana]
        .map(|sender| {
            let (app, sender) = (app.clone(), sender.clone());
            tokio::spawn(async move {
                for _ in 0..10 {
                    say(&app, id, &sender, "x").await;
                }
            })
        })
        .into();
    for task in tasks {
        task.await.unwrap();
    }
    let numbers: Vec<(i64,)> = app.db.all(sql!("select number from message order by number")).await.unwrap();
    assert_eq!(numbers, (1..=30).map(|n| (n,)).collect::<Vec<_>>());
});

both_dbs!(only_participants_take_a_number, |app| {
    let (ana, luz, pia) =
        (app.user("ana").insert().await, app.user("luz").insert().await, app.user("pia").insert().await);
    let id = open(&app, &ana, &luz).await;
    let said = |by: &User| Said { by: by.id, line: "hola", notice: None, at: app.now() };
    let mut tx = app.db.begin().await.unwrap();
    assert!(matches!(chat::number_next(&mut tx, id, &said(&pia)).await, Err(sqlx::Error::RowNotFound)));
    let numbered = chat::number_next(&mut tx, id, &said(&luz)).await.unwrap();
    assert_eq!((numbered.number, numbered.last_message_at, numbered.last_sender_id), (1, None, None));
    drop(tx);
    assert_eq!(say(&app, id, &ana, "hola").await, 1, "the number of a rollback is given again");
    let at = app.now();
    let mut tx = app.db.begin().await.unwrap();
    let numbered = chat::number_next(&mut tx, id, &said(&luz)).await.unwrap();
    assert_eq!((numbered.last_message_at, numbered.last_sender_id), (Some(at), Some(ana.id)));
});

both_dbs!(pinned_conversations_come_with_the_newest_however_old_they_are, |app| {
    let ana = app.user("ana").insert().await;
    let mut ids = Vec::new();
    for name in ["luz", "pia", "eva", "sol"] {
        let other = app.user(name).insert().await;
        let id = open(&app, &ana, &other).await;
        say(&app, id, &other, name).await;
        ids.push(id);
    }
    let pin = |id: ConversationId, at: DateTime<Utc>| {
        sql!("update participant set pinned_at = $3 where conversation_id = $1 and user_id = $2", id, ana.id, at)
    };
    app.db.exec(pin(ids[0], app.now())).await.unwrap();
    app.db.exec(pin(ids[3], app.now() - Duration::hours(1))).await.unwrap();
    let (newest, pinned) = chat::list_with_pinned(&app.db, ana.id, 2).await.unwrap();
    let of = |rows: &[chat::ListRow]| rows.iter().map(|row| row.conversation_id).collect::<Vec<_>>();
    assert_eq!((of(&newest.rows), newest.has_more), (vec![ids[3], ids[2]], true));
    assert_eq!(of(&pinned), [ids[0], ids[3]], "the last pinned first");
    let (all, _) = chat::list_with_pinned(&app.db, ana.id, 4).await.unwrap();
    assert_eq!((of(&all.rows), all.has_more), (vec![ids[3], ids[2], ids[1], ids[0]], false));
});

both_dbs!(unread_counts_what_the_other_wrote_after_the_pointer, |app| {
    let (ana, luz, pia) =
        (app.user("ana").insert().await, app.user("luz").insert().await, app.user("pia").insert().await);
    let (one, two) = (open(&app, &ana, &luz).await, open(&app, &ana, &pia).await);
    assert_eq!(list(&app, &ana).await, [], "without a message there is no row");
    for _ in 0..3 {
        say(&app, one, &luz, "de luz").await;
    }
    say(&app, one, &ana, "de ana").await;
    say(&app, two, &pia, "de pia").await;
    assert_eq!(list(&app, &ana).await, [("de pia".to_owned(), 1, 4), ("de ana".to_owned(), 3, 4)]);
    assert_eq!(list(&app, &luz).await, [("de ana".to_owned(), 1, 1)]);
    let tallies = async || app.standing(ana.id).await.unwrap().tallies;
    let now = tallies().await;
    assert_eq!((now.figure(one.0).count, now.figure(two.0).count, now.seq), (3, 1, 0));
    let muted = sql!("update participant set is_muted = true where user_id = $1 and conversation_id = $2", ana.id, one);
    app.db.exec(muted).await.unwrap();
    assert_eq!(list(&app, &ana).await.iter().map(|row| (row.1, row.2)).collect::<Vec<_>>(), [(1, 1), (3, 1)]);
    let now = tallies().await;
    assert_eq!((now.figures().len(), now.total()), (2, 1), "what is muted is counted, but not in the total");
    let read =
        sql!("update participant set last_read_number = 4 where user_id = $1 and conversation_id = $2", ana.id, one);
    app.db.exec(read).await.unwrap();
    assert!(
        tallies().await.figure(one.0).is_muted,
        "muted although nothing is unread: what comes next must not be counted"
    );
});

both_dbs!(a_person_hears_the_conversations_that_they_take_part_in, |app| {
    let (ana, luz, pia) =
        (app.user("ana").insert().await, app.user("luz").insert().await, app.user("pia").insert().await);
    let id = open(&app, &ana, &luz).await;
    for user in [&ana, &luz] {
        let held = app.held(user.id).await;
        assert_eq!(held, [Topic::role_anywhere(Role::Asesor), Topic::Conversation(id.0)]);
    }
    let standing = app.standing(pia.id).await.unwrap();
    assert_eq!(standing.held, [Topic::role_anywhere(Role::Asesor)]);
    assert!(standing.tallies.figures().is_empty());
});

both_dbs!(the_list_goes_on_where_a_page_ended_even_within_one_millisecond, |app| {
    let ana = app.user("ana").insert().await;
    for n in 0..5 {
        let other = app.user("other").insert().await;
        let id = open(&app, &ana, &other).await;
        say(&app, id, &other, &n.to_string()).await;
    }
    app.db.exec(sql!("update participant set active_at = $1", app.now())).await.unwrap();
    let mut seen: Vec<ConversationId> = Vec::new();
    let mut place: Option<(DateTime<Utc>, ConversationId)> = None;
    loop {
        let page = chat::list_for(&app.db, ana.id, Tab::All, place, 2).await.unwrap();
        seen.extend(page.rows.iter().map(|row| row.conversation_id));
        place = page.rows.last().map(|row| (row.active_at, row.conversation_id));
        if !page.has_more {
            break;
        }
    }
    let mut sorted = seen.clone();
    sorted.sort_by(|a, b| b.cmp(a));
    sorted.dedup();
    assert_eq!(seen.len(), 5);
    assert_eq!(seen, sorted, "each once, ties by descending id");
});

both_dbs!(the_read_pointer_moves_forward_only_and_never_past_the_end, |app| {
    let own = app.campaign(Module::Core).await;
    let ana = app.user("ana").campaign(&own).insert().await;
    let luz = app.user("luz").role(Role::Supervisor).campaign(&own).insert().await;
    let id = open(&app, &ana, &luz).await;
    for _ in 0..5 {
        say(&app, id, &luz, "x").await;
    }
    let pointer = || async {
        let sql = sql!("select last_read_number from participant where user_id = $1", ana.id);
        app.db.one::<(i64,)>(sql).await.unwrap().0
    };
    let browser = app.sign_in(&ana).await;
    for (number, expected, why) in [
        (3, 3, "forward"),
        (2, 3, "not back"),
        (6, 3, "not past the last message"),
        (0, 3, "not before the first"),
        (-1, 3, "nor below nothing"),
        (5, 5, "to the end"),
    ] {
        assert_eq!(read(&browser, id, number).await, 204, "{why}");
        assert_eq!(pointer().await, expected, "{why}");
    }
    let (others,): (i64,) =
        app.db.one(sql!("select last_read_number from participant where user_id = $1", luz.id)).await.unwrap();
    assert_eq!(others, 5, "the other's pointer is the other's: who had read all has read their own words too");
});

both_dbs!(a_message_that_is_sent_is_stored_once_with_its_group_and_day, |app| {
    let own = app.campaign(Module::Core).await;
    let ana = app.user("ana").campaign(&own).insert().await;
    let luz = app.user("luz").role(Role::Supervisor).campaign(&own).insert().await;
    let id = open(&app, &ana, &luz).await;
    let (one, two) = (app.sign_in(&ana).await, app.sign_in(&luz).await);
    let send = |browser: Client| async move {
        let message = Uuid::now_v7().to_string();
        let form = [("id", &*message), ("body", "hola")];
        assert_eq!(browser.post(&format!("/chat/{id}/messages"), &form).await.status, 303);
    };
    send(one.clone()).await;
    app.clock.advance(Duration::minutes(5));
    send(one.clone()).await;
    send(two.clone()).await;
    app.clock.advance(Duration::minutes(6));
    send(two.clone()).await;
    // 15:11 in UTC is ten in the morning in Bogotá; its midnight is 5:00 in UTC.
    app.clock.advance(Duration::hours(13) + Duration::minutes(48));
    let two = app.sign_in(&luz).await;
    send(two.clone()).await;
    app.clock.advance(Duration::minutes(2));
    send(two).await;
    type Row = (i64, UserId, bool, Option<String>);
    let rows: Vec<Row> = app
        .db
        .all(sql!("select number, sender_id, starts_group, cast(starts_day as text) from message order by number"))
        .await
        .unwrap();
    let day = |text: &str| Some(text.to_owned());
    let expected: Vec<Row> = vec![
        (1, ana.id, true, day("2026-11-22")),
        (2, ana.id, false, None),
        (3, luz.id, true, None),
        (4, luz.id, true, None),
        (5, luz.id, true, None),
        (6, luz.id, true, day("2026-11-23")),
    ];
    assert_eq!(rows, expected);
});

both_dbs!(older_messages_come_fifty_by_fifty_upward, |app| {
    let own = app.campaign(Module::Core).await;
    let ana = app.user("ana").campaign(&own).insert().await;
    let luz = app.user("luz").role(Role::Supervisor).campaign(&own).insert().await;
    let id = open(&app, &ana, &luz).await;
    for n in 1..=120 {
        say(&app, id, &luz, &n.to_string()).await;
    }
    let browser = app.sign_in(&ana).await;
    let page = browser.get(&format!("/chat/{id}")).await;
    let sorts = |answer: &crate::harness::Answer| answer.attrs(".msgs .msg, hx-partial .msg", "data-sort");
    let numbers = |from: i64, to: i64| (from..=to).map(|n| n.to_string()).collect::<Vec<_>>();
    assert_eq!(sorts(&page), numbers(71, 120));
    let older = browser.get_partial(&format!("/chat/{id}/messages?before=71")).await;
    assert_eq!(older.status, 200);
    assert_eq!(sorts(&older), numbers(21, 70));
    assert!(older.text.contains("before=21"), "{}", older.text);
    let first = browser.get_partial(&format!("/chat/{id}/messages?before=21")).await;
    assert_eq!(sorts(&first), numbers(1, 20));
    assert!(!first.text.contains("before="), "the beginning has no control");
});
