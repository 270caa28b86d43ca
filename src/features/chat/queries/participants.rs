//! SQL of who takes part in a conversation, and of what each keeps to themselves about it.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use crate::{
    db::{Arg, Db, DbResult, Tx},
    features::people::{PERSON_COLUMNS, PersonRow},
    ids::{CampaignId, ConversationId, UserId},
    paging::Paged,
    sql,
};

/// Somebody who takes part.
#[derive(Clone, Debug, FromRow)]
pub struct MemberRow {
    /// Since when: the order of the list.
    pub joined_at: DateTime<Utc>,
    /// Who.
    #[sqlx(flatten)]
    pub person: PersonRow,
}

const MEMBER_FROM: &str = " from participant p join app_user u on u.id = p.user_id \
     left join agent_state a on a.user_id = u.id where p.conversation_id = ";

/// Who takes part, in the order in which they joined.
pub async fn list_members(db: &Db, id: ConversationId) -> DbResult<Vec<MemberRow>> {
    let sql = sql!("select p.joined_at, ").push(PERSON_COLUMNS).push(MEMBER_FROM).bind(id);
    db.all(sql.push(" order by p.joined_at, u.id")).await
}

/// Ids of who takes part.
pub async fn member_ids(tx: &mut Tx, id: ConversationId) -> DbResult<Vec<UserId>> {
    let rows: Vec<(UserId,)> =
        tx.all(sql!("select user_id from participant where conversation_id = $1 order by user_id", id)).await?;
    Ok(rows.into_iter().map(|(user,)| user).collect())
}

/// Those who may see a message, if somebody in the conversation joined after it; `None` when all of them may.
pub async fn seen_by_some(tx: &mut Tx, id: ConversationId, number: i64) -> DbResult<Option<Vec<UserId>>> {
    let rows: Vec<(UserId, bool)> = tx
        .all(sql!(
            "select user_id, first_number <= $2 from participant where conversation_id = $1 order by user_id",
            id,
            number
        ))
        .await?;
    let all = rows.len();
    let may: Vec<UserId> = rows.into_iter().filter_map(|(user, may)| may.then_some(user)).collect();
    Ok((may.len() < all).then_some(may))
}

/// Makes a group without people or messages.
pub async fn insert_group(
    tx: &mut Tx,
    id: ConversationId,
    title: &str,
    campaign: CampaignId,
    by: UserId,
    now: DateTime<Utc>,
) -> DbResult<()> {
    tx.exec(sql!(
        "insert into conversation (id, kind, title, created_by, created_at, campaign_id, last_number, last_line) \
         values ($1, 'group', $2, $3, $4, $5, 0, '')",
        id,
        title,
        by,
        now,
        campaign
    ))
    .await?;
    Ok(())
}

/// Lets people take part from message `first` on; what is before they neither see nor have unread.
pub async fn insert_participants(
    tx: &mut Tx,
    id: ConversationId,
    users: &[UserId],
    first: i64,
    now: DateTime<Utc>,
) -> DbResult<()> {
    let insert = sql!(
        "insert into participant (conversation_id, user_id, last_read_number, seen_number, first_number, is_muted, \
           joined_at, active_at) values "
    );
    let row = |user: &UserId| -> Vec<Arg> {
        let before = first - 1;
        vec![
            id.into(),
            (*user).into(),
            before.into(),
            before.into(),
            first.into(),
            false.into(),
            now.into(),
            now.into(),
        ]
    };
    tx.exec(insert.rows(users.iter().map(row))).await?;
    Ok(())
}

/// Lets a person take part in what is about a record, if they do not yet: all of it, read so far; whether they joined.
pub async fn join_record(tx: &mut Tx, id: ConversationId, user: UserId, now: DateTime<Utc>) -> DbResult<bool> {
    let joined = tx
        .exec(sql!(
            "insert into participant (conversation_id, user_id, last_read_number, seen_number, first_number, is_muted, \
               joined_at, active_at) \
             select c.id, $2, c.last_number, c.last_number, 1, false, $3, coalesce(c.last_message_at, $3) \
             from conversation c where c.id = $1 on conflict (conversation_id, user_id) do nothing",
            id,
            user,
            now
        ))
        .await?;
    Ok(joined == 1)
}

/// Takes a person out; whether they were in.
pub async fn delete_participant(tx: &mut Tx, id: ConversationId, user: UserId) -> DbResult<bool> {
    let gone = tx.exec(sql!("delete from participant where conversation_id = $1 and user_id = $2", id, user)).await?;
    Ok(gone == 1)
}

/// Groups of a campaign that a person is in, and what is about the campaign itself.
pub async fn groups_in_campaign(tx: &mut Tx, user: UserId, campaign: CampaignId) -> DbResult<Vec<(ConversationId,)>> {
    tx.all(sql!(
        "select p.conversation_id from participant p join conversation c on c.id = p.conversation_id \
         where p.user_id = $1 and ((c.kind = 'group' and c.campaign_id = $2) \
           or (c.record_kind = 'campaign' and c.record_id = $2)) order by p.conversation_id",
        user,
        campaign
    ))
    .await
}

/// Gives a group another title.
pub async fn set_title(tx: &mut Tx, id: ConversationId, title: &str) -> DbResult<()> {
    tx.exec(sql!("update conversation set title = $2 where id = $1", id, title)).await?;
    Ok(())
}

/// The person `id` as others see them.
pub async fn find_person(tx: &mut Tx, id: UserId) -> DbResult<PersonRow> {
    let sql = sql!("select ").push(PERSON_COLUMNS);
    tx.one(sql.push(" from app_user u left join agent_state a on a.user_id = u.id where u.id = ").bind(id)).await
}

/// Active campaigns, by name.
pub async fn list_campaigns(db: &Db) -> DbResult<Vec<(CampaignId, String)>> {
    db.all(sql!("select id, name from campaign where is_active order by name, id")).await
}

/// People whom a group of the campaign may have: its active members and the administrators.
const CANDIDATES: &str = " from app_user u left join agent_state a on a.user_id = u.id where u.is_active and \
     (u.is_superuser or u.role = 'administrador' \
      or exists (select 1 from membership m where m.user_id = u.id and m.campaign_id = ";

/// Those of `users` whom a group of the campaign may have.
pub async fn candidates_among(tx: &mut Tx, campaign: CampaignId, users: &[UserId]) -> DbResult<Vec<PersonRow>> {
    let sql = sql!("select ").push(PERSON_COLUMNS).push(CANDIDATES).bind(campaign).push(")) and u.id in ");
    tx.all(sql.list(users.iter().copied()).push(" order by u.name_folded, u.id")).await
}

/// People whom a group of the campaign may have and who are not in it, by name: first those of `chosen`, then those
/// whose name has words that start with what was typed; at most `size` of each.
pub async fn list_candidates(
    db: &Db,
    campaign: CampaignId,
    except: Except,
    chosen: &[UserId],
    query: &str,
    size: i64,
) -> DbResult<(Vec<PersonRow>, Paged<PersonRow>)> {
    let candidates = || {
        let sql = sql!("select ").push(PERSON_COLUMNS).push(CANDIDATES).bind(campaign).push(")) and u.id <> ");
        let sql = sql.bind(except.viewer).push(" and not exists (select 1 from participant p where p.user_id = u.id ");
        sql.push("and p.conversation_id = ").bind(except.group.map(|g| g.0)).push(")")
    };
    let ticked: Vec<PersonRow> = db
        .all(candidates().push(" and u.id in ").list(chosen.iter().copied()).push(" order by u.name_folded, u.id"))
        .await?;
    let known: HashSet<UserId> = ticked.iter().map(|p| p.id).collect();
    let mut sql = candidates();
    sql = sql.and_words(query, "u.name_folded", &[]);
    let limit = Paged::<PersonRow>::limit(size);
    let rows: Vec<PersonRow> = db.all(sql.push(" order by u.name_folded, u.id limit ").bind(limit)).await?;
    let mut found = Paged::new(rows, size);
    found.rows.retain(|p| !known.contains(&p.id));
    Ok((ticked, found))
}

/// Who is not offered.
#[derive(Clone, Copy, Debug)]
pub struct Except {
    /// Who looks.
    pub viewer: UserId,
    /// Who is in this group already.
    pub group: Option<ConversationId>,
}

/// Mutes a conversation for a person, or no longer; whether that changed anything.
pub async fn set_muted(tx: &mut Tx, user: UserId, id: ConversationId, muted: bool) -> DbResult<bool> {
    let changed = tx
        .exec(sql!(
            "update participant set is_muted = $3 where conversation_id = $1 and user_id = $2 and is_muted <> $3",
            id,
            user,
            muted
        ))
        .await?;
    Ok(changed == 1)
}

/// Pins a conversation for a person (`at` given), or no longer; whether that changed anything.
pub async fn set_pinned(tx: &mut Tx, user: UserId, id: ConversationId, at: Option<DateTime<Utc>>) -> DbResult<bool> {
    let changed = tx
        .exec(sql!(
            "update participant set pinned_at = $3 where conversation_id = $1 and user_id = $2 \
             and (pinned_at is null) <> ($3 is null)",
            id,
            user,
            at
        ))
        .await?;
    Ok(changed == 1)
}

/// Moves the read pointer back to before the newest message of somebody else; answers what is unread then, `None`
/// when nobody else wrote anything that the person may see.
pub async fn unread_last(tx: &mut Tx, user: UserId, id: ConversationId) -> DbResult<Option<i64>> {
    let newest: Option<(i64,)> = tx
        .opt(sql!(
            "select m.number from message m join participant p on p.conversation_id = m.conversation_id \
               and p.user_id = $2 and m.number >= p.first_number \
             where m.conversation_id = $1 and m.sender_id <> $2 and m.notice is null order by m.number desc limit 1",
            id,
            user
        ))
        .await?;
    let Some((number,)) = newest else { return Ok(None) };
    tx.exec(sql!(
        "update participant set last_read_number = $3 where conversation_id = $1 and user_id = $2 \
         and last_read_number > $3",
        id,
        user,
        number - 1
    ))
    .await?;
    let (unread,): (i64,) = tx
        .one(sql!(
            "select count(*) from message m join participant p on p.conversation_id = m.conversation_id \
               and p.user_id = $2 and m.number > p.last_read_number \
             where m.conversation_id = $1 and m.sender_id <> $2 and m.notice is null",
            id,
            user
        ))
        .await?;
    Ok(Some(unread))
}
