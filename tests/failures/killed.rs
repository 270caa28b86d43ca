//! `kill -9` while writing: what was acknowledged is there, once, and the file is whole.

use std::{collections::HashMap, net::SocketAddr, sync::mpsc};

use crea::{
    auth::{Module, Role},
    sql,
};
use uuid::Uuid;

use crate::harness::{
    PASSWORD, User, one_db,
    process::{Server, request},
};

/// Writers, each in a conversation of its own; each may send 20 messages a minute.
const WRITERS: usize = 24;
/// Messages of one writer.
const EACH: usize = 20;
/// Acknowledgements after which the server is killed: the writers are far from done.
const ENOUGH: usize = 120;

struct Writer {
    cookie: String,
    conversation: String,
}

fn sign_in(server: SocketAddr, user: &User, other: &User) -> Writer {
    let form = format!("login={}&password={}", user.email.replace('@', "%40"), PASSWORD.replace(' ', "+"));
    let cookie = request(server, "/sign-in", "", Some(&form)).unwrap().cookie();
    let opened = request(server, "/chat/direct", &cookie, Some(&format!("user_id={}", other.id))).unwrap();
    Writer { conversation: opened.location().trim_start_matches("/chat/").to_owned(), cookie }
}

/// Sends until the server is gone; reports each message that was acknowledged.
fn write(server: SocketAddr, writer: &Writer, acknowledged: &mpsc::Sender<Uuid>) {
    for n in 0..EACH {
        let id = Uuid::now_v7();
        let path = format!("/chat/{}/messages", writer.conversation);
        match request(server, &path, &writer.cookie, Some(&format!("id={id}&body=mensaje+{n}"))) {
            Ok(reply) if reply.status == 303 => acknowledged.send(id).unwrap(),
            Ok(reply) => panic!("refused: {}", reply.head),
            Err(_) => return,
        }
    }
}

one_db!(every_acknowledged_message_survives_a_kill_in_the_middle_of_writes, |app| {
    let own = app.campaign(Module::Core).await;
    let luz = app.user("luz").role(Role::Supervisor).campaign(&own).insert().await;
    let mut agents = Vec::new();
    for _ in 0..WRITERS {
        agents.push(app.user("agent").campaign(&own).insert().await);
    }
    app.live.stop();
    app.db.close().await;
    let settings = [("DATABASE_URL", app.database.url.clone()), ("SESSION_HOURS", "24".to_owned())];
    let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut server = Server::start(app.database.dir.path(), &["serve"], &settings);
    let address = server.address;
    let (send, receive) = mpsc::channel();
    let acknowledged = tokio::task::spawn_blocking(move || {
        let writers: Vec<Writer> = agents.iter().map(|agent| sign_in(address, agent, &luz)).collect();
        let mut acknowledged = Vec::new();
        std::thread::scope(|scope| {
            for writer in &writers {
                let send = send.clone();
                scope.spawn(move || write(address, writer, &send));
            }
            drop(send);
            acknowledged.extend(receive.iter().take(ENOUGH));
            server.kill();
            acknowledged.extend(receive.iter());
        });
        acknowledged
    })
    .await
    .unwrap();
    assert!((ENOUGH..WRITERS * EACH).contains(&acknowledged.len()), "{} were acknowledged", acknowledged.len());

    let db = app.database.open().await;
    let (whole,): (String,) = db.one(sql!("select integrity_check from pragma_integrity_check")).await.unwrap();
    assert_eq!(whole, "ok");
    let rows: Vec<(Uuid, Uuid, i64)> =
        db.all(sql!("select id, conversation_id, number from message order by conversation_id, number")).await.unwrap();
    let stored: HashMap<Uuid, usize> = rows.iter().fold(HashMap::new(), |mut count, (id, ..)| {
        *count.entry(*id).or_default() += 1;
        count
    });
    for id in &acknowledged {
        assert_eq!(stored.get(id), Some(&1), "{id} was acknowledged");
    }
    let (gaps,): (i64,) = db
        .one(sql!(
            "select count(*) from conversation c where c.last_number <> (select count(*) from message m \
             where m.conversation_id = c.id and m.number between 1 and c.last_number)"
        ))
        .await
        .unwrap();
    assert_eq!(gaps, 0, "numbers have no gaps");
    let (last, events): (i64, i64) =
        db.one(sql!("select n, (select count(*) from events) from counter where name = 'events'")).await.unwrap();
    assert_eq!(last, events, "events have no gaps");
    let (messages, told): (i64, i64) = db
        .one(sql!(
            "select (select count(*) from message), \
             (select count(*) from events where kind = 'fragment' and topic like 'conversation:%')"
        ))
        .await
        .unwrap();
    assert_eq!(messages, told, "each message committed with its event");
    db.close().await;

    let server = Server::start(app.database.dir.path(), &["serve"], &settings);
    let ready = request(server.address, "/readyz", "", None).unwrap();
    assert!(ready.status == 200 && ready.body.contains("\"ready\":true"), "and serves again: {}", ready.body);
});
