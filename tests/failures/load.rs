//! People who write at once, over the wire, each in a conversation of its own with the same supervisor, and who send
//! the same message again until it is acknowledged.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Mutex, mpsc},
    thread,
    time::{Duration, Instant},
};

use crea::{
    auth::{Module, Role},
    db::Db,
    sql,
};
use uuid::Uuid;

use crate::{
    harness::{TestApp, process::request},
    talk::{Person, person},
};

/// Messages of one writer: each may send 20 a minute.
pub const EACH: usize = 20;
/// A message that is not acknowledged for so long is lost.
const PATIENCE: Duration = Duration::from_secs(25);
/// Between two tries of the same message.
const AGAIN: Duration = Duration::from_millis(50);

/// Somebody who writes.
pub struct Writer {
    cookie: String,
    conversation: Uuid,
}

/// Where the instances listen now.
pub struct Instances(pub Mutex<Vec<SocketAddr>>);

impl Instances {
    /// These.
    pub fn new(addresses: &[SocketAddr]) -> Self {
        Self(Mutex::new(addresses.to_vec()))
    }

    /// One came back at another address.
    pub fn replace(&self, n: usize, address: SocketAddr) {
        self.0.lock().unwrap()[n] = address;
    }

    fn pick(&self, n: usize) -> SocketAddr {
        let addresses = self.0.lock().unwrap();
        addresses[n % addresses.len()]
    }
}

/// So many writers, and the supervisor who hears all of them.
pub async fn people(app: &TestApp, writers: usize) -> (Vec<Writer>, Person) {
    let own = app.campaign(Module::Core).await;
    let luz = person(app, "luz", Role::Supervisor, &own).await;
    let mut all = Vec::new();
    for _ in 0..writers {
        let agent = person(app, "agent", Role::Asesor, &own).await;
        let conversation = agent.talk_to(&luz).await;
        all.push(Writer { cookie: agent.client.cookie(), conversation });
    }
    (all, luz)
}

/// Lets everybody write; `fault` happens once so many were acknowledged. Answers all that were.
pub fn run(writers: &[Writer], instances: &Instances, enough: usize, fault: impl FnOnce()) -> Vec<Uuid> {
    let (send, receive) = mpsc::channel();
    let mut acknowledged = Vec::new();
    thread::scope(|scope| {
        for (n, writer) in writers.iter().enumerate() {
            let send = send.clone();
            scope.spawn(move || write(n, writer, instances, &send));
        }
        drop(send);
        acknowledged.extend(receive.iter().take(enough));
        fault();
        acknowledged.extend(receive.iter());
    });
    acknowledged
}

/// Each message under one id, to one instance after the other, until one of them says that it has it.
fn write(first: usize, writer: &Writer, instances: &Instances, acknowledged: &mpsc::Sender<Uuid>) {
    let path = format!("/chat/{}/messages", writer.conversation);
    for n in 0..EACH {
        let (id, since) = (Uuid::now_v7(), Instant::now());
        let form = format!("id={id}&body=mensaje+{n}");
        for attempt in 0.. {
            assert!(since.elapsed() < PATIENCE, "{id} was never taken");
            match request(instances.pick(first + n + attempt), &path, &writer.cookie, Some(&form)) {
                Ok(reply) if reply.status == 303 => break,
                Ok(reply) => assert_eq!(reply.status, 503, "refused: {}", reply.head),
                // Nobody is there, or it went away in the middle: what became of the message is not known.
                Err(_) => {}
            }
            thread::sleep(AGAIN);
        }
        acknowledged.send(id).unwrap();
    }
}

/// Exactly these messages are stored, each once; numbers and events have no gaps, and each message has its event.
pub async fn is_exact(db: &Db, acknowledged: &[Uuid]) {
    let rows: Vec<(Uuid,)> = db.all(sql!("select id from message")).await.unwrap();
    let mut count: HashMap<Uuid, usize> = HashMap::new();
    for (id,) in &rows {
        *count.entry(*id).or_default() += 1;
    }
    for id in acknowledged {
        assert_eq!(count.get(id), Some(&1), "{id} was acknowledged");
    }
    assert_eq!(rows.len(), acknowledged.len(), "and nothing else was stored");
    let gaps = sql!(
        "select count(*) from conversation c where c.last_number <> (select count(*) from message m \
         where m.conversation_id = c.id and m.number between 1 and c.last_number)"
    );
    assert_eq!(db.one::<(i64,)>(gaps).await.unwrap().0, 0, "numbers have no gaps");
    let figures = sql!(
        "select n, (select count(*) from events), \
         (select count(*) from events where kind = 'fragment' and topic like 'conversation:%') \
         from counter where name = 'events'"
    );
    let (last, events, told): (i64, i64, i64) = db.one(figures).await.unwrap();
    assert_eq!(last, events, "events have no gaps");
    assert_eq!(rows.len() as i64, told, "each message committed with its event");
}
