//! Who is in a campaign.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use serde_json::json;
use views::{
    campaigns::{MembersView, members_panel},
    layout::Nav,
    paths,
    ui::Address,
};

use super::{changed, head, values};
use crate::{
    app::{App, Cursor},
    audit::{self, Entry},
    auth::CurrentUser,
    error::AppResult,
    features::{
        campaigns::{
            present,
            queries::{self, MemberRow},
        },
        chat, people,
    },
    ids::{CampaignId, UserId},
    paging::Paged,
    web::{ClientIp, Form, Fragment, Kind, Page, Path, Query, redirect},
};

/// Members of one page, and people to add that are shown at once.
const PAGE: i64 = 50;

/// What was searched, and where the page begins.
#[derive(Debug, Deserialize)]
pub struct MembersQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    add: String,
    /// Folded name and id of the last one of the page before.
    #[serde(default)]
    after: String,
    #[serde(default)]
    after_id: String,
    added: Option<i64>,
    removed: Option<i64>,
}

/// Members, and people to add.
pub async fn show(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    kind: Kind,
    Path(id): Path<CampaignId>,
    Query(query): Query<MembersQuery>,
) -> AppResult<Response> {
    let l = user.look.locale;
    let campaign = queries::find(&app.db, id).await?;
    let after = query.after_id.parse::<UserId>().ok().map(|last| (query.after.as_str(), last));
    let members = queries::list_members(&app.db, id, &query.q, after, PAGE).await?;
    let outsiders = queries::list_outsiders(&app.db, id, &query.add, PAGE).await?;
    let view = MembersView {
        head: head(&app, &campaign).await?,
        next: next(id, &query.q, &members),
        is_first: after.is_none(),
        members: members.rows.iter().map(present::member_view).collect(),
        query: query.q,
        more_outsiders: outsiders.has_more,
        outsiders: outsiders.rows.iter().map(present::member_view).collect(),
        add_query: query.add,
        added: query.added,
        removed: query.removed,
    };
    let main = members_panel(l, &view);
    if kind == Kind::Partial {
        return Ok(Fragment(main).into_response());
    }
    Ok(Page::new(Nav::People, &campaign.name, seq, main).into_response())
}

fn next(id: CampaignId, query: &str, page: &Paged<MemberRow>) -> Option<String> {
    let last = page.rows.last().filter(|_| page.has_more)?;
    let address = Address::new(&paths::campaign_members(&id.to_string())).with("q", query);
    Some(address.with("after", &last.name_folded).with("after_id", &last.id.to_string()).href())
}

fn chosen(fields: &[(String, String)]) -> Vec<UserId> {
    values(fields, "user").into_iter().filter_map(|id| id.parse().ok()).collect()
}

/// Makes people members: they see the campaign at once. Who is one already is left out.
pub async fn add(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    ClientIp(ip): ClientIp,
    Path(id): Path<CampaignId>,
    Form(fields): Form<Vec<(String, String)>>,
) -> AppResult<Response> {
    let now = app.clock.now();
    let mut tx = app.live.begin().await?;
    queries::find_in(&mut tx, id).await?;
    let added = queries::add_members(&mut tx, id, &chosen(&fields), now).await?;
    if !added.is_empty() {
        changed(&mut tx, id);
        people::rights_changed(&mut tx, &added);
        people::people_changed(&mut tx, &added);
        let ip = ip.to_string();
        let entry = Entry::new(Some(user.id), &ip, "campaign.members.add", "campaign", id.0);
        audit::record(&mut tx, entry.after(json!({ "users": added })), now).await?;
        app.live.commit(tx).await?;
    }
    let address = Address::new(&paths::campaign_members(&id.to_string()));
    Ok(redirect(kind, &address.with("added", &added.len().to_string()).href()))
}

/// Ends memberships: what the campaign gave is gone at once.
pub async fn remove(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    ClientIp(ip): ClientIp,
    Path(id): Path<CampaignId>,
    Form(fields): Form<Vec<(String, String)>>,
) -> AppResult<Response> {
    let now = app.clock.now();
    let mut tx = app.live.begin().await?;
    queries::find_in(&mut tx, id).await?;
    let removed = queries::remove_members(&mut tx, id, &chosen(&fields)).await?;
    if !removed.is_empty() {
        for person in &removed {
            chat::leave_campaign_groups(&mut tx, app.live.directory(), *person, id, now).await?;
        }
        changed(&mut tx, id);
        people::rights_changed(&mut tx, &removed);
        people::people_changed(&mut tx, &removed);
        let ip = ip.to_string();
        let entry = Entry::new(Some(user.id), &ip, "campaign.members.remove", "campaign", id.0);
        audit::record(&mut tx, entry.before(json!({ "users": removed })), now).await?;
        app.live.commit(tx).await?;
    }
    let address = Address::new(&paths::campaign_members(&id.to_string()));
    Ok(redirect(kind, &address.with("removed", &removed.len().to_string()).href()))
}
