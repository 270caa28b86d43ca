//! SQL of mentions: whom rows of a timeline name.

use std::collections::HashMap;

use crate::{
    db::{Arg, DbResult, Reader, Tx},
    features::chat::MentionRow,
    ids::{TicketEntryId, UserId},
    sql,
};

/// Notes whom a row names.
pub async fn insert_mentions(tx: &mut Tx, entry: TicketEntryId, named: &[MentionRow]) -> DbResult<()> {
    if named.is_empty() {
        return Ok(());
    }
    let rows = named.iter().map(|row| vec![Arg::from(entry), Arg::from(row.user), Arg::from(row.name.as_str())]);
    tx.exec(sql!("insert into ticket_mention (entry_id, user_id, name) values ").rows(rows)).await?;
    Ok(())
}

/// Whom these rows name, by row, in the order of their ids.
pub async fn list_mentions(
    from: &mut impl Reader,
    entries: Vec<TicketEntryId>,
) -> DbResult<HashMap<TicketEntryId, Vec<MentionRow>>> {
    let sql = sql!("select entry_id, user_id, name from ticket_mention where entry_id in ").list(entries);
    let rows: Vec<(TicketEntryId, UserId, String)> = from.read(sql.push(" order by entry_id, user_id")).await?;
    let mut of = HashMap::<_, Vec<_>>::new();
    for (entry, user, name) in rows {
        of.entry(entry).or_default().push(MentionRow { user, name });
    }
    Ok(of)
}
