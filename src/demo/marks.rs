//! What hangs on the messages of the demo: answers, reactions, names, edits, deletions, and who has read.

use chrono::{DateTime, Utc};

use crate::{
    db::{Sql, Tx},
    sql,
};

/// Marks some messages of every direct conversation, by their numbers; never the last one, which lists show.
pub async fn insert(tx: &mut Tx, now: DateTime<Utc>) -> anyhow::Result<()> {
    for (kind, every, rest) in [("like", 5_i64, 2_i64), ("done", 12, 4), ("thanks", 9, 7), ("eyes", 31, 11)] {
        tx.exec(react(kind, every, rest)).await?;
    }
    tx.exec(sql!(
        "update message set quoted_id = (select q.id from message q \
           where q.conversation_id = message.conversation_id and q.number = message.number - 2) \
         where number % 8 = 4 and exists (select 1 from conversation c where c.id = message.conversation_id \
           and c.kind = 'direct' and message.number < c.last_number)"
    ))
    .await?;
    name(tx).await?;
    keep(tx, "update message set edited_at = created_at, body = body || ' Gracias.' where number % 14 = 6", 14, 6)
        .await?;
    keep(tx, "update message set deleted_at = created_at, body = '' where number % 25 = 10", 25, 10).await?;
    tx.exec(sql!("delete from reaction where message_id in (select id from message where deleted_at is not null)"))
        .await?;
    tx.exec(sql!(
        "update participant set seen_number = last_read_number, seen_at = case when active_at < $1 then active_at else $1 end",
        now
    ))
    .await?;
    Ok(())
}

/// The other person of a direct conversation reacts to every so many messages.
fn react(kind: &'static str, every: i64, rest: i64) -> Sql {
    sql!(
        "insert into reaction (message_id, user_id, kind, created_at) \
         select m.id, p.user_id, $1, m.created_at from message m \
         join conversation c on c.id = m.conversation_id and c.kind = 'direct' and m.number < c.last_number \
         join participant p on p.conversation_id = m.conversation_id and p.user_id <> m.sender_id \
         where m.number % $2 = $3",
        kind,
        every,
        rest
    )
}

/// Some messages begin with the other's name.
async fn name(tx: &mut Tx) -> anyhow::Result<()> {
    tx.exec(sql!(
        "insert into mention (message_id, user_id, name) \
         select m.id, p.user_id, u.first_name || ' ' || u.last_name from message m \
         join conversation c on c.id = m.conversation_id and c.kind = 'direct' and m.number < c.last_number \
         join participant p on p.conversation_id = m.conversation_id and p.user_id <> m.sender_id \
         join app_user u on u.id = p.user_id where m.number % 16 = 3"
    ))
    .await?;
    tx.exec(sql!(
        "update message set body = '@' || (select n.name from mention n where n.message_id = message.id) || ' ' || body \
         where id in (select message_id from mention)"
    ))
    .await?;
    Ok(())
}

/// Keeps what messages of these numbers say as their first revision, then changes them.
async fn keep(tx: &mut Tx, change: &'static str, every: i64, rest: i64) -> anyhow::Result<()> {
    let direct = " and exists (select 1 from conversation c where c.id = message.conversation_id and c.kind = 'direct' \
         and message.number < c.last_number)";
    let kept = sql!(
        "insert into message_revision (message_id, number, body, replaced_at) \
         select id, (select count(*) from message_revision r where r.message_id = message.id) + 1, body, created_at \
         from message where number % $1 = $2",
        every,
        rest
    );
    tx.exec(kept.push(direct)).await?;
    tx.exec(sql!("").push(change).push(direct)).await?;
    Ok(())
}
