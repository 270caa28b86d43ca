//! Where a person stands when they come: what they hear and what they have to read, of one moment, in one statement.
//! Every feature brings its rows; each says what it is, of what, in a word and a number.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    auth::{Role, session},
    db::{Db, DbResult},
    features::{broadcasts, chat, people},
    ids::SessionId,
    live::{Figure, Standing, Tallies, Topic, outbox},
};

#[derive(FromRow)]
struct Fact {
    what: String,
    id: Option<Uuid>,
    word: String,
    n: Option<i64>,
}

/// Reads it; `None` when the session has ended.
pub async fn standing(db: &Db, user: Uuid, session: Uuid, now: DateTime<Utc>) -> DbResult<Option<Standing>> {
    let sql = session::standing(SessionId(session), now)
        .union_all(outbox::standing())
        .union_all(people::standing(user))
        .union_all(chat::standing(user))
        .union_all(broadcasts::standing(user, now));
    let facts: Vec<Fact> = db.all(sql).await?;
    let (mut role, mut campaigns, mut figures, mut head) = (None, Vec::new(), Vec::new(), 0);
    let mut standing = Standing::default();
    for fact in facts {
        match (fact.what.as_str(), fact.id) {
            ("session", Some(_)) => role = Role::from_code(&fact.word).map(|role| (role, fact.n == Some(1))),
            ("head", _) => head = fact.n.unwrap_or(0),
            ("oldest", _) => standing.oldest = fact.n,
            ("campaign", Some(id)) => campaigns.push(id),
            ("conversation", Some(id)) => standing.held.push(Topic::Conversation(id)),
            ("broadcast", Some(id)) => standing.held.push(Topic::Broadcast(id)),
            ("unread", Some(key)) => {
                figures.push(Figure { key, count: fact.n.unwrap_or(0), is_muted: fact.word == "muted" });
            }
            _ => {}
        }
    }
    let Some((role, is_superuser)) = role else { return Ok(None) };
    standing.held.extend(people::held_topics(role, is_superuser, &campaigns));
    standing.tallies = Tallies::new(head, figures);
    Ok(Some(standing))
}
