//! The audit log: who did what, from where, before and after. Rows are only ever added.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    db::{DbResult, Tx},
    ids::UserId,
    sql,
};

/// One thing that was done. `before` and `after` hold what changed, never a secret.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// Who; `None` for a command run on the machine.
    pub actor: Option<UserId>,
    /// From which address; `local` for a command, and for what happens by itself.
    pub ip: &'a str,
    /// A verb: `user.disable`, `session.end`.
    pub action: &'static str,
    /// The table.
    pub entity: &'static str,
    /// The row.
    pub entity_id: Option<Uuid>,
    /// An object: what it was.
    pub before: Value,
    /// An object: what it is.
    pub after: Value,
}

impl<'a> Entry<'a> {
    /// An entry without details.
    pub fn new(actor: Option<UserId>, ip: &'a str, action: &'static str, entity: &'static str, id: Uuid) -> Self {
        Self { actor, ip, action, entity, entity_id: Some(id), before: json!({}), after: json!({}) }
    }

    /// With what it is now.
    #[must_use]
    pub fn after(mut self, after: Value) -> Self {
        self.after = after;
        self
    }

    /// With what it was.
    #[must_use]
    pub fn before(mut self, before: Value) -> Self {
        self.before = before;
        self
    }
}

/// Adds the entry in the transaction of what it tells about.
pub async fn record(tx: &mut Tx, entry: Entry<'_>, at: DateTime<Utc>) -> DbResult<()> {
    tx.exec(sql!(
        "insert into audit_log (id, at, actor_id, ip, action, entity, entity_id, before, after) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        Uuid::now_v7(),
        at,
        entry.actor,
        entry.ip,
        entry.action,
        entry.entity,
        entry.entity_id,
        entry.before,
        entry.after
    ))
    .await?;
    Ok(())
}

/// Of two objects the fields that differ, as before and after.
pub fn difference(before: Value, after: Value) -> (Value, Value) {
    let (Value::Object(mut was), Value::Object(mut is)) = (before, after) else { return (json!({}), json!({})) };
    let same: Vec<String> =
        is.iter().filter(|(name, value)| was.get(*name) == Some(value)).map(|(n, _)| n.clone()).collect();
    for name in same {
        was.remove(&name);
        is.remove(&name);
    }
    (Value::Object(was), Value::Object(is))
}
