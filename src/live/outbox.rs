//! The outbox: events commit with the change that caused them, numbered without gaps in commit order.
//!
//! The counter's row is taken last of all, just before the commit: whoever holds it is the next to commit, so a
//! number is never visible before a smaller one, and a rollback gives its numbers back.

use std::{
    collections::HashMap,
    ops::{Deref, DerefMut},
};

use chrono::{DateTime, Duration, Utc};
use maud::Markup;
use sqlx::FromRow;
use uuid::Uuid;
use views::text::Locale;

use super::{
    Topic, event,
    event::{AddTally, Body, Control, Event, NewEvent},
};
use crate::{
    db::{Arg, Db, DbResult, Sql, Tx},
    sql,
};

/// Columns of `events`.
const COLUMNS: &str = "seq, topic, kind, html_es, html_en, control, created_at";
/// Rows read at once when catching up.
pub const PAGE: i64 = 500;
/// Events kept at most; a cursor that is older gets "reset".
const KEEP_EVENTS: i64 = 100_000;
/// And for how long.
const KEEP: Duration = Duration::hours(24);

/// A write transaction with the events that will commit with it. Made by `Live::begin`.
#[derive(Debug)]
pub struct LiveTx {
    tx: Tx,
    events: Vec<NewEvent>,
}

impl LiveTx {
    pub(super) fn new(tx: Tx) -> Self {
        Self { tx, events: Vec::new() }
    }

    /// Buffers a fragment for `topic`, rendered once per locale for all who will see it.
    pub fn append(&mut self, topic: Topic, render: impl Fn(Locale) -> Markup) {
        self.push(topic, render, None);
    }

    /// As [`LiveTx::append`], and one more unread of `tally.key` for everyone in the topic but `tally.by`.
    pub fn append_counted(&mut self, topic: Topic, tally: AddTally, render: impl Fn(Locale) -> Markup) {
        self.push(topic, render, Some(tally));
    }

    /// As [`LiveTx::append`], for several topics; rendered once for all of them.
    pub fn append_each(&mut self, topics: impl IntoIterator<Item = Topic>, render: impl Fn(Locale) -> Markup) {
        let html = Locale::ALL.map(|locale| render(locale).into_string());
        let event = |topic| NewEvent { topic, body: Body::Fragment { html: html.clone(), tally: None } };
        self.events.extend(topics.into_iter().map(event));
    }

    /// Buffers an instruction to the hubs.
    pub fn control(&mut self, topic: Topic, control: Control) {
        self.events.push(NewEvent { topic, body: Body::Control(control) });
    }

    fn push(&mut self, topic: Topic, render: impl Fn(Locale) -> Markup, tally: Option<AddTally>) {
        let html = Locale::ALL.map(|locale| render(locale).into_string());
        self.events.push(NewEvent { topic, body: Body::Fragment { html, tally } });
    }

    /// Numbers the events, writes them and commits; answers them as delivered.
    pub(super) async fn commit(self, now: DateTime<Utc>) -> DbResult<Vec<Event>> {
        let Self { mut tx, events } = self;
        if events.is_empty() {
            tx.commit().await?;
            return Ok(Vec::new());
        }
        let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
        let (last,): (i64,) = match &mut tx {
            Tx::Sqlite(_) => {
                let number = sql!("update counter set n = n + $1 where name = 'events' returning n", count);
                let (last,) = tx.one(number).await?;
                let insert = sql!("insert into events (").push(COLUMNS).push(") values ");
                tx.exec(insert.rows((last - count + 1..).zip(&events).map(|(n, event)| columns(n, event, now))))
                    .await?;
                (last,)
            }
            // The counter's row keeps every other commit waiting: one way to the server and back less, for each of them.
            Tx::Postgres(_) => {
                let number =
                    sql!("with c as (update counter set n = n + $1 where name = 'events' returning n) ", count);
                let insert = number.push("insert into events (").push(COLUMNS).push(") select c.n - ").bind(count);
                let insert = insert.push(" + v.place, v.topic, v.kind, v.html_es, v.html_en, v.control, v.created_at ");
                let insert =
                    insert.push("from c, (values ").rows((1..).zip(&events).map(|(n, event)| columns(n, event, now)));
                let insert =
                    insert.push(") v (place, topic, kind, html_es, html_en, control, created_at) returning seq");
                tx.all::<(i64,)>(insert).await?.into_iter().max().unwrap_or_default()
            }
        };
        tx.commit().await?;
        let numbered = (last - count + 1..).zip(events);
        Ok(numbered.map(|(seq, event)| Event::new(seq, event).committed(Some(now))).collect())
    }
}

impl Deref for LiveTx {
    type Target = Tx;
    fn deref(&self) -> &Tx {
        &self.tx
    }
}

impl DerefMut for LiveTx {
    fn deref_mut(&mut self) -> &mut Tx {
        &mut self.tx
    }
}

fn columns(seq: i64, event: &NewEvent, now: DateTime<Utc>) -> Vec<Arg> {
    let (kind, html, control) = match &event.body {
        Body::Fragment { html, tally } => ("fragment", html.clone(), serde_json::json!({ "tally": tally })),
        Body::Control(control) => ("control", Default::default(), serde_json::json!({ "control": control })),
    };
    let [es, en] = html;
    vec![seq.into(), event.topic.to_string().into(), kind.into(), es.into(), en.into(), control.into(), now.into()]
}

#[derive(FromRow)]
struct EventRow {
    seq: i64,
    topic: String,
    html_es: String,
    html_en: String,
    control: sqlx::types::Json<Extra>,
    created_at: DateTime<Utc>,
}

/// The column `control`: what is not HTML.
#[derive(serde::Serialize, serde::Deserialize)]
struct Extra {
    #[serde(default)]
    tally: Option<AddTally>,
    #[serde(default)]
    control: Option<Control>,
}

impl EventRow {
    fn into_event(self) -> DbResult<Event> {
        let topic = self.topic.parse().map_err(|e| sqlx::Error::Decode(Box::new(e)))?;
        let body = match self.control.0 {
            Extra { control: Some(control), .. } => Body::Control(control),
            Extra { tally, .. } => Body::Fragment { html: [self.html_es, self.html_en], tally },
        };
        Ok(Event::new(self.seq, NewEvent { topic, body }).committed(Some(self.created_at)))
    }
}

/// A read that takes longer counts as failed: a database that froze, or whose machine is gone, leaves connections open.
pub(super) async fn in_time<T>(patience: std::time::Duration, read: impl Future<Output = DbResult<T>>) -> DbResult<T> {
    tokio::time::timeout(patience, read).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
}

/// The number of the newest committed event: the cursor of a page whose data is read after it.
pub async fn head(db: &Db) -> DbResult<i64> {
    let (n,): (i64,) = db.one(sql!("select n from counter where name = 'events'")).await?;
    Ok(n)
}

/// The next events after `after`, up to `up_to`, at most [`PAGE`]; all topics.
pub async fn list_after(db: &Db, after: i64, up_to: i64) -> DbResult<Vec<Event>> {
    let rows: Vec<EventRow> = db
        .all(sql!(
            "select seq, topic, html_es, html_en, control, created_at from events \
             where seq > $1 and seq <= $2 order by seq limit $3",
            after,
            up_to,
            PAGE
        ))
        .await?;
    rows.into_iter().map(EventRow::into_event).collect()
}

/// As [`list_after`], of these topics only: what a returning socket missed.
pub async fn list_after_for(db: &Db, topics: &[Topic], after: i64, up_to: i64) -> DbResult<Vec<Event>> {
    let rows: Vec<EventRow> = db
        .all(
            sql!(
                "select seq, topic, html_es, html_en, control, created_at from events where seq > $1 and seq <= $2 and topic in ",
                after,
                up_to
            )
            .list(topics.iter().map(ToString::to_string))
            .push(" order by seq limit ")
            .bind(PAGE),
        )
        .await?;
    rows.into_iter().map(EventRow::into_event).collect()
}

/// Where in (after, up_to] a person last joined each of these topics; see [`event::joins_in`].
pub async fn list_joins(
    db: &Db,
    topics: &[Topic],
    person: Uuid,
    after: i64,
    up_to: i64,
) -> DbResult<HashMap<Topic, i64>> {
    let rows: Vec<EventRow> = db
        .all(
            sql!(
                "select seq, topic, html_es, html_en, control, created_at from events \
                 where seq > $1 and seq <= $2 and kind = 'control' and topic in ",
                after,
                up_to
            )
            .list(topics.iter().map(ToString::to_string))
            .push(" order by seq"),
        )
        .await?;
    let controls: Vec<Event> = rows.into_iter().map(EventRow::into_event).collect::<DbResult<_>>()?;
    Ok(event::joins_in(&controls, person))
}

/// The newest event's number and the oldest that is kept, in one statement.
pub async fn extent(db: &Db) -> DbResult<(i64, Option<i64>)> {
    db.one(sql!("select n, (select min(seq) from events) from counter where name = 'events'")).await
}

/// The same as rows of a person's standing.
pub fn standing() -> Sql {
    sql!(
        "select 'head' as what, cast(null as uuid) as id, '' as word, n from counter where name = 'events' \
         union all select 'oldest', cast(null as uuid), '', min(seq) from events"
    )
}

/// Deletes what is older than a day or beyond the newest 100,000; answers how many.
pub async fn prune(db: &Db, now: DateTime<Utc>) -> DbResult<u64> {
    let floor = head(db).await? - KEEP_EVENTS;
    db.exec(sql!("delete from events where seq <= $1 or created_at < $2", floor, now - KEEP)).await
}

/// What Redis carries: the rows of one commit.
pub(super) mod wire {
    use super::{Body, DateTime, Event, Extra, Topic, Utc};
    use crate::live::event::{Framed, NewEvent};

    #[derive(serde::Serialize, serde::Deserialize)]
    struct Packet {
        seq: i64,
        topic: Topic,
        html: [String; 2],
        extra: Extra,
        #[serde(default)]
        at: Option<DateTime<Utc>>,
    }

    /// JSON of the events of one commit. The frames' cursor tag is cut off again.
    pub fn encode(events: &[Event]) -> String {
        let packets: Vec<Packet> = events.iter().map(packet).collect();
        // Strings, integers and enums always serialise.
        serde_json::to_string(&packets).unwrap_or_default()
    }

    fn packet(event: &Event) -> Packet {
        let tag = crate::live::event::live_tag(event.seq).len();
        let (html, extra) = match &*event.body {
            Framed::Fragment { frames, tally } => {
                (frames.clone().map(|f| f.as_str()[tag..].to_owned()), Extra { tally: *tally, control: None })
            }
            Framed::Control(control) => (Default::default(), Extra { tally: None, control: Some(control.clone()) }),
        };
        Packet { seq: event.seq, topic: event.topic.clone(), html, extra, at: event.at }
    }

    /// The events of [`encode`]; nothing when it is not ours.
    pub fn decode(text: &str) -> Vec<Event> {
        let packets: Vec<Packet> = serde_json::from_str(text).unwrap_or_default();
        packets
            .into_iter()
            .map(|p| {
                let body = match p.extra {
                    Extra { control: Some(control), .. } => Body::Control(control),
                    Extra { tally, .. } => Body::Fragment { html: p.html, tally },
                };
                Event::new(p.seq, NewEvent { topic: p.topic, body }).committed(p.at)
            })
            .collect()
    }

    #[cfg(test)]
    mod tests {
        use super::*;
        use crate::live::event::Control;

        #[test]
        fn what_was_encoded_is_what_is_decoded() {
            let user = uuid::Uuid::now_v7();
            let fragment = Body::Fragment { html: ["<p>á</p>".into(), "<p>b</p>".into()], tally: None };
            let control = Body::Control(Control::Presence { user });
            let events = [
                Event::new(9, NewEvent { topic: Topic::User(user), body: fragment }),
                Event::new(10, NewEvent { topic: Topic::Everyone, body: control }),
            ];
            let back = decode(&encode(&events));
            assert_eq!(format!("{events:?}"), format!("{back:?}"));
            assert_eq!(decode("{garbage").len(), 0);
        }
    }
}
