//! SQL of records: who may see one today, and what its card says.

use sqlx::FromRow;

use super::{Kind, Record};
use crate::{
    auth::Module,
    db::{Db, DbResult, Reader},
    ids::UserId,
    sql,
};

/// Whether the person may see the record today: an active member of the campaign, whether that still runs or not, and
/// every administrator.
pub async fn may_see(from: &mut impl Reader, user: UserId, record: Record) -> DbResult<bool> {
    let rows: Vec<(bool,)> = match record.kind {
        Kind::Campaign => {
            from.read(sql!(
                "select exists (select 1 from campaign c join app_user u on u.id = $1 and u.is_active where c.id = $2 \
                   and (u.is_superuser or u.role = 'administrador' or exists (select 1 from membership m \
                     where m.campaign_id = c.id and m.user_id = u.id)))",
                user,
                record.id
            ))
            .await?
        }
    };
    Ok(rows.first().is_some_and(|row| row.0))
}

/// What people call the record; `RowNotFound` without it.
pub async fn title_of(from: &mut impl Reader, record: Record) -> DbResult<String> {
    let rows: Vec<(String,)> = match record.kind {
        Kind::Campaign => from.read(sql!("select name from campaign where id = $1", record.id)).await?,
    };
    rows.into_iter().next().map(|row| row.0).ok_or(sqlx::Error::RowNotFound)
}

/// A campaign as its card shows it.
#[derive(Clone, Debug, FromRow)]
pub struct CampaignRow {
    /// Its name.
    pub name: String,
    /// What its members may use.
    pub module: Module,
    /// Whether it runs.
    pub is_active: bool,
    /// Active members.
    pub members: i64,
}

/// The campaign, if the person may see it; `RowNotFound` otherwise.
pub async fn find_campaign(db: &Db, user: UserId, record: Record) -> DbResult<CampaignRow> {
    if !may_see(&mut &*db, user, record).await? {
        return Err(sqlx::Error::RowNotFound);
    }
    db.one(sql!(
        "select c.name, c.module, c.is_active, (select count(*) from membership m \
           join app_user u on u.id = m.user_id and u.is_active where m.campaign_id = c.id) as members \
         from campaign c where c.id = $1",
        record.id
    ))
    .await
}
