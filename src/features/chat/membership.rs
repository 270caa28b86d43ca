//! Who is in a group: joining and parting, told to both sides in one transaction.

use chrono::{DateTime, Utc};
use maud::html;
use views::{
    chat::{member, member_count},
    dom,
    live::{person_changed, place, remove, replace},
};

use super::{
    live,
    model::Notice,
    notice, present,
    queries::{self, MemberRow, OpenRow},
};
use crate::{
    error::AppResult,
    features::people::PersonRow,
    ids::{CampaignId, ConversationId, UserId},
    live::{LiveTx, presence::Directory},
};

/// Lets people into a group under its lock: they see what is said from the notice of it on.
pub async fn join(
    tx: &mut LiveTx,
    directory: &Directory,
    (id, open): (ConversationId, &OpenRow),
    by: UserId,
    people: &[PersonRow],
    now: DateTime<Utc>,
) -> AppResult<()> {
    let users: Vec<UserId> = people.iter().map(|p| p.id).collect();
    let names: Vec<String> = people.iter().map(|p| format!("{} {}", p.first_name, p.last_name)).collect();
    let row = notice::store(tx, by, id, (Notice::Added, &names.join(", ")), now).await?;
    queries::insert_participants(tx, id, &users, row.number, now).await?;
    live::joined(tx, id, &users);
    let (key, count) = (id.to_string(), queries::member_ids(tx, id).await?.len());
    live::noticed(tx, &row, &notice::name(open, directory), directory, |l| {
        html! {
            @for person in people {
                @let view = present::member(&MemberRow { joined_at: now, person: person.clone() }, directory);
                (place(&dom::members(&key), member(l, &key, open.kind, &view)))
            }
            (replace(&dom::member_count(&key), member_count(l, &key, count)))
            // Who was in it before may have a screen open that says it is gone.
            (person_changed(std::slice::from_ref(&key)))
        }
    });
    Ok(())
}

/// Takes a person out of a group: they left (`by` themselves), or were removed. Their screens forget it.
pub async fn part(
    tx: &mut LiveTx,
    directory: &Directory,
    (id, open): (ConversationId, &OpenRow),
    by: UserId,
    person: &PersonRow,
    now: DateTime<Utc>,
) -> AppResult<()> {
    let name = format!("{} {}", person.first_name, person.last_name);
    let what = if by == person.id { (Notice::Left, "") } else { (Notice::Removed, name.as_str()) };
    let row = notice::store(tx, by, id, what, now).await?;
    if !queries::delete_participant(tx, id, person.id).await? {
        return Err(crate::error::AppError::NotFound);
    }
    live::parted(tx, id, person.id);
    let (key, count) = (id.to_string(), queries::member_ids(tx, id).await?.len());
    live::noticed(tx, &row, &notice::name(open, directory), directory, |l| {
        html! {
            (remove(&dom::member(&key, &person.id.to_string())))
            (replace(&dom::member_count(&key), member_count(l, &key, count)))
        }
    });
    Ok(())
}

/// A person no longer belongs to a campaign: they leave its groups, in the same transaction. Whoever changes who works
/// in a campaign calls this; until then a group of it can be read, but `may_write` lets nothing be said.
///
/// # Errors
/// The database fails.
pub async fn leave_campaign_groups(
    tx: &mut LiveTx,
    directory: &Directory,
    user: UserId,
    campaign: CampaignId,
    now: DateTime<Utc>,
) -> AppResult<()> {
    let groups = queries::groups_in_campaign(tx, user, campaign).await?;
    if groups.is_empty() {
        return Ok(());
    }
    let person = queries::find_person(tx, user).await?;
    for (id,) in groups {
        let open = queries::find_for_write(tx, user, id).await?;
        part(tx, directory, (id, &open), user, &person, now).await?;
    }
    Ok(())
}
