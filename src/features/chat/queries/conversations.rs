//! SQL of one conversation: opening, reading, making.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;
use views::chat::Kind;

use crate::{
    auth::Role,
    db::{Db, DbResult, Reader, Sql, Tx},
    features::{
        people::{PERSON_COLUMNS, PersonRow},
        records::{LETS_IN, Record},
    },
    ids::{CampaignId, ConversationId, UserId},
    sql,
};

/// An open conversation, as one of its people sees it.
#[derive(Clone, Debug, FromRow)]
pub struct OpenRow {
    /// What it is.
    #[sqlx(try_from = "String")]
    pub kind: Kind,
    /// Its name; empty for direct ones and mass messages.
    pub title: String,
    /// A group's campaign.
    pub campaign_id: Option<CampaignId>,
    /// And its name.
    pub campaign_name: Option<String>,
    /// Number of its last message.
    pub last_number: i64,
    /// How far the viewer has read.
    pub last_read_number: i64,
    /// Whether the viewer muted it.
    pub is_muted: bool,
    /// Whether the viewer pinned it.
    pub is_pinned: bool,
    /// Whether the other person may still sign in.
    pub other_is_active: bool,
    /// Whether both people of a direct one work in an active campaign.
    pub shares_campaign: bool,
    /// Whether the other person ever wrote here, or sent a mass message to the viewer: then one may answer.
    pub was_written_to: bool,
    /// Whether a draft or files of the viewer wait in the composer.
    pub has_waiting: bool,
    /// Whether the viewer belongs to a group's campaign, and that is active.
    pub in_campaign: bool,
    /// The other person of a direct one, who made any other.
    #[sqlx(flatten)]
    pub other: PersonRow,
}

/// Columns of [`OpenRow`] before those of its person.
pub(super) const OPEN: &str = "c.kind, c.title, c.campaign_id, g.name as campaign_name, \
     c.last_number, p.last_read_number, p.is_muted, p.pinned_at is not null as is_pinned, \
     u.is_active as other_is_active, \
     exists (select 1 from draft d where d.user_id = p.user_id and d.conversation_id = c.id) \
       or exists (select 1 from stored_file w where w.place_id = c.id and w.uploader_id = p.user_id \
           and w.purpose = 'chat' and w.claimed_at is null and w.stored_at is not null) as has_waiting, \
     c.kind = 'direct' and exists (select 1 from membership x join membership y on y.campaign_id = x.campaign_id \
         join campaign k on k.id = x.campaign_id and k.is_active \
         where x.user_id = p.user_id and y.user_id = u.id) as shares_campaign, \
     c.kind = 'direct' and (exists (select 1 from message x where x.conversation_id = c.id and x.sender_id = u.id) \
       or exists (select 1 from broadcast b join participant r on r.conversation_id = b.conversation_id \
           and r.user_id = p.user_id where b.sender_id = u.id and b.sent_at is not null)) as was_written_to, \
     coalesce(g.is_active, false) and exists (select 1 from app_user v where v.id = p.user_id \
         and (v.is_superuser or v.role = 'administrador' or exists (select 1 from membership x \
             where x.campaign_id = c.campaign_id and x.user_id = v.id))) as in_campaign, ";
/// Where [`OPEN`] and the columns of a person come from.
pub(super) const OPEN_FROM: &str = " from participant p join conversation c on c.id = p.conversation_id \
     left join campaign g on g.id = c.campaign_id \
     join app_user u on u.id = case when c.kind <> 'direct' then c.created_by \
         when c.pair_low = p.user_id then c.pair_high else c.pair_low end \
     left join agent_state a on a.user_id = u.id";

/// The conversation, if the viewer takes part; `RowNotFound` otherwise.
pub async fn find_open(from: &mut impl Reader, viewer: UserId, id: ConversationId) -> DbResult<OpenRow> {
    from.read(open(viewer, id)).await?.pop().ok_or(sqlx::Error::RowNotFound)
}

/// As [`find_open`], if what the conversation is about lets the viewer in today.
pub async fn find_allowed(from: &mut impl Reader, viewer: UserId, id: ConversationId) -> DbResult<OpenRow> {
    from.read(open(viewer, id).push(LETS_IN)).await?.pop().ok_or(sqlx::Error::RowNotFound)
}

fn open(viewer: UserId, id: ConversationId) -> Sql {
    let sql = sql!("select ").push(OPEN).push(PERSON_COLUMNS).push(OPEN_FROM).push(" where c.id = ").bind(id);
    sql.push(" and p.user_id = ").bind(viewer)
}

/// As [`find_open`], for reading.
pub async fn find_for(db: &Db, viewer: UserId, id: ConversationId) -> DbResult<OpenRow> {
    find_open(&mut &*db, viewer, id).await
}

/// As [`find_open`], inside a write.
pub async fn find_for_write(tx: &mut Tx, viewer: UserId, id: ConversationId) -> DbResult<OpenRow> {
    find_open(tx, viewer, id).await
}

/// The conversation about a record, made when missing.
pub async fn find_or_create_about(
    tx: &mut Tx,
    record: Record,
    title: &str,
    by: UserId,
    now: DateTime<Utc>,
) -> DbResult<ConversationId> {
    tx.exec(sql!(
        "insert into conversation (id, kind, title, created_by, created_at, record_kind, record_id, last_number, \
           last_line) values ($1, 'record', $2, $3, $4, $5, $6, 0, '') on conflict (record_kind, record_id) do nothing",
        ConversationId::new(),
        title,
        by,
        now,
        record.kind.code(),
        record.id
    ))
    .await?;
    let (id,): (ConversationId,) = tx
        .one(sql!(
            "select id from conversation where record_kind = $1 and record_id = $2",
            record.kind.code(),
            record.id
        ))
        .await?;
    Ok(id)
}

/// Gives the conversation about a record another title; answers it, if there is one.
pub async fn retitle_about(tx: &mut Tx, record: Record, title: &str) -> DbResult<Option<ConversationId>> {
    let id: Option<(ConversationId,)> = tx
        .opt(sql!(
            "update conversation set title = $3 where record_kind = $1 and record_id = $2 returning id",
            record.kind.code(),
            record.id,
            title
        ))
        .await?;
    Ok(id.map(|(id,)| id))
}

/// Moves the person's read pointer forward, not past the last message. Answers the unread messages that remain;
/// `None` when the pointer did not move.
pub async fn read_up_to(
    tx: &mut Tx,
    reader: UserId,
    id: ConversationId,
    number: i64,
    now: DateTime<Utc>,
) -> DbResult<Option<i64>> {
    let moved = tx
        .exec(sql!(
            "update participant set last_read_number = $3, \
               seen_number = case when seen_number < $3 then $3 else seen_number end, \
               seen_at = case when seen_number < $3 then $4 else seen_at end \
             where conversation_id = $1 and user_id = $2 \
             and last_read_number < $3 and $3 <= (select last_number from conversation where id = $1)",
            id,
            reader,
            number,
            now
        ))
        .await?;
    if moved == 0 {
        return Ok(None);
    }
    let (remaining,): (i64,) = tx
        .one(sql!(
            "select count(*) from message where conversation_id = $1 and number > $2 and sender_id <> $3 \
             and notice is null",
            id,
            number,
            reader
        ))
        .await?;
    Ok(Some(remaining))
}

/// Locks the conversation's row, so that reading and writing in it take turns; whether the person takes part, and may
/// see today what it is about.
pub async fn lock(tx: &mut Tx, user: UserId, id: ConversationId) -> DbResult<bool> {
    let locked = tx
        .exec(
            sql!(
                "update conversation set last_number = last_number where id = $1 and exists (select 1 from participant p \
                   join conversation c on c.id = p.conversation_id where p.conversation_id = $1 and p.user_id = $2",
                id,
                user
            )
            .push(LETS_IN)
            .push(")"),
        )
        .await?;
    Ok(locked == 1)
}

/// An active person's role and whether both work in an active campaign; `None` for the person self or a stranger.
pub async fn find_recipient(tx: &mut Tx, sender: UserId, recipient: UserId) -> DbResult<Option<(Role, bool)>> {
    tx.opt(sql!(
        "select u.role, exists (select 1 from membership x join membership y on y.campaign_id = x.campaign_id \
             join campaign k on k.id = x.campaign_id and k.is_active where x.user_id = $1 and y.user_id = u.id) \
         from app_user u where u.id = $2 and u.id <> $1 and u.is_active",
        sender,
        recipient
    ))
    .await
}

/// The direct conversation of two people, made when missing; whether it was made.
pub async fn find_or_create(
    tx: &mut Tx,
    one: UserId,
    other: UserId,
    now: DateTime<Utc>,
) -> DbResult<(ConversationId, bool)> {
    let (low, high) = if one < other { (one, other) } else { (other, one) };
    let made = tx
        .exec(sql!(
            "insert into conversation (id, kind, title, created_by, created_at, pair_low, pair_high, last_number, \
               last_line) values ($1, 'direct', '', $2, $3, $4, $5, 0, '') on conflict (pair_low, pair_high) do nothing",
            ConversationId::new(),
            one,
            now,
            low,
            high
        ))
        .await?;
    let (id,): (ConversationId,) =
        tx.one(sql!("select id from conversation where pair_low = $1 and pair_high = $2", low, high)).await?;
    if made == 1 {
        let insert = sql!(
            "insert into participant (conversation_id, user_id, last_read_number, seen_number, first_number, \
               is_muted, joined_at, active_at) values "
        );
        let row = |user: UserId| {
            vec![id.into(), user.into(), 0_i64.into(), 0_i64.into(), 1_i64.into(), false.into(), now.into(), now.into()]
        };
        tx.exec(insert.rows([row(low), row(high)])).await?;
    }
    Ok((id, made == 1))
}

/// Conversations of a person: what every socket of theirs hears. Recipients of a mass message are no conversation to
/// each other: they hear it as a topic of its own.
pub async fn list_ids_for(db: &Db, user: Uuid) -> DbResult<Vec<(Uuid,)>> {
    db.all(super::held(user).within("select h.id from (", ") h")).await
}

/// Whether the person takes part in the conversation, and may see today what it is about.
pub async fn takes_part(db: &Db, user: Uuid, conversation: Uuid) -> DbResult<bool> {
    let sql = sql!(
        "select exists (select 1 from participant p join conversation c on c.id = p.conversation_id \
           and c.kind <> 'broadcast' where p.user_id = $1 and p.conversation_id = $2",
        user,
        conversation
    );
    let (any,): (bool,) = db.one(sql.push(LETS_IN).push(")")).await?;
    Ok(any)
}
