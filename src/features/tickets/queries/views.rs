//! Filters that people keep under a name: their own, and those that are shared.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::Viewer;
use crate::{
    auth::Role,
    db::{DbResult, Sql, Tx},
    ids::{TicketViewId, UserId},
    sql,
};

/// Filters that one person keeps at most.
pub const MOST_VIEWS: i64 = 20;
/// Shared ones of others that a list shows at most.
const MOST_SHARED: i64 = 40;

/// A filter under a name.
#[derive(Clone, Debug, FromRow)]
pub struct ViewRow {
    /// Its id.
    pub id: TicketViewId,
    /// Who keeps it.
    pub owner_id: UserId,
    /// What it is called.
    pub name: String,
    /// What stands after the `?`.
    pub query: String,
    /// Whether all who serve tickets see it.
    pub is_shared: bool,
}

/// Whether the person sees what others share: whoever serves tickets, not who opens them alone.
fn sees_shared(viewer: Viewer) -> bool {
    viewer.is_superuser || viewer.role != Role::Asesor
}

/// A `select` of the person's own and of those that others share; these have the higher `place`.
pub(super) fn views_for(viewer: Viewer) -> Sql {
    let mine = sql!(
        "select id, owner_id, name, query, is_shared, 0 as place from ticket_view where owner_id = $1 limit $2",
        viewer.id,
        MOST_VIEWS
    );
    let all = mine.within("select * from (", ") mine");
    if !sees_shared(viewer) {
        return all;
    }
    let shared = sql!(
        "select id, owner_id, name, query, is_shared, 1 as place from ticket_view \
         where is_shared and owner_id <> $1 order by name, id limit $2",
        viewer.id,
        MOST_SHARED
    );
    all.union_all(shared.within("select * from (", ") shared"))
}

/// Keeps it, unless it is kept already; false when the person keeps as many as they may.
pub async fn insert_view(tx: &mut Tx, view: &ViewRow, now: DateTime<Utc>) -> DbResult<bool> {
    // Who keeps two at the same time takes turns.
    tx.exec(sql!("update app_user set is_active = is_active where id = $1", view.owner_id)).await?;
    let (kept, is_there): (i64, bool) = tx
        .one(sql!(
            "select count(*), exists (select 1 from ticket_view where id = $2) from ticket_view where owner_id = $1",
            view.owner_id,
            view.id
        ))
        .await?;
    if is_there || kept >= MOST_VIEWS {
        return Ok(is_there);
    }
    tx.exec(sql!(
        "insert into ticket_view (id, owner_id, name, query, is_shared, created_at) values ($1, $2, $3, $4, $5, $6)",
        view.id,
        view.owner_id,
        view.name.as_str(),
        view.query.as_str(),
        view.is_shared,
        now
    ))
    .await?;
    Ok(true)
}

/// Calls one of the person's own otherwise; whether it is shared, and `RowNotFound` for any other.
pub async fn rename_view(tx: &mut Tx, owner: UserId, id: TicketViewId, name: &str) -> DbResult<bool> {
    let (is_shared,): (bool,) = tx
        .one(sql!(
            "update ticket_view set name = $3 where id = $1 and owner_id = $2 returning is_shared",
            id,
            owner,
            name
        ))
        .await?;
    Ok(is_shared)
}

/// Keeps one of the person's own no more; whether it was shared, and `RowNotFound` for any other.
pub async fn delete_view(tx: &mut Tx, owner: UserId, id: TicketViewId) -> DbResult<bool> {
    let (is_shared,): (bool,) =
        tx.one(sql!("delete from ticket_view where id = $1 and owner_id = $2 returning is_shared", id, owner)).await?;
    Ok(is_shared)
}
