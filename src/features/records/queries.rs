//! SQL of records: who may see one today, and what its card says.

use sqlx::FromRow;

use super::{Kind, Record};
use crate::{
    auth::Module,
    db::{Db, DbResult, Reader},
    ids::UserId,
    sql,
};

/// Who may see a campaign as a record: the person is `v`, the campaign `k`.
macro_rules! may_see_campaign {
    () => {
        "v.is_active and (v.is_superuser or v.role = 'administrador' or exists (select 1 from membership s \
           where s.campaign_id = k.id and s.user_id = v.id))"
    };
}

/// The same rule inside statements about conversations: what `c` is about lets its participant `p` in today. True for
/// what is about no record. Every statement that reads conversations for somebody says it.
pub const LETS_IN: &str = concat!(
    " and (c.kind <> 'record' or exists (select 1 from campaign k join app_user v on v.id = p.user_id \
       where c.record_kind = 'campaign' and k.id = c.record_id and ",
    may_see_campaign!(),
    "))"
);

/// Whether the person may see the record today: an active member of the campaign, whether that still runs or not, and
/// every administrator.
pub async fn may_see(from: &mut impl Reader, user: UserId, record: Record) -> DbResult<bool> {
    let rows: Vec<(bool,)> = match record.kind {
        Kind::Campaign => {
            let sql = sql!(
                "select exists (select 1 from campaign k join app_user v on v.id = $1 where k.id = $2 and ",
                user,
                record.id
            );
            from.read(sql.push(may_see_campaign!()).push(")")).await?
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
