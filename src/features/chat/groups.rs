//! Groups of a campaign: supervisors (of their campaigns) and administrators make and change them, anyone leaves.
//!
//! A group lives within its campaign: who manages or writes belongs to it today; who left it is taken out
//! (`membership::leave_campaign_groups`). The last one who could manage it may leave: an administrator who is added
//! to no group cannot enter either.

use std::net::IpAddr;

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;
use views::{
    chat::{ChatPage, Kind as Talk, PickForm, pick_list, rename_form, talk_title},
    dom,
    live::morph,
    paths,
};

use super::{
    live, membership,
    model::{self, GROUP_PEOPLE, Notice},
    notice,
    page::{ChatQuery, list, page},
    pick::{self, Picked},
    queries::{self, OpenRow},
    send,
};
use crate::{
    app::{App, Cursor},
    audit::{self, Entry},
    auth::{Capability, CurrentUser},
    error::{AppError, AppResult, FieldErrors},
    idempotency::{self, Claim, Key},
    ids::{ConversationId, UserId},
    live::LiveTx,
    web::{ClientIp, Form, Fragment, Kind, Page, Path, Query, redirect},
};

/// A new title.
#[derive(Debug, Deserialize)]
pub struct TitleForm {
    #[serde(default)]
    title: String,
}

/// Whom it is about.
#[derive(Debug, Deserialize)]
pub struct PersonForm {
    #[serde(default)]
    user_id: Uuid,
}

/// The form of a new group; while typing only who matches.
pub async fn show_new(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    kind: Kind,
    Query(fields): Query<Vec<(String, String)>>,
) -> AppResult<Response> {
    let form = pick::new_group(&app, &user, &Picked::read(&fields)).await?;
    shown(&app, &user, seq, kind, form).await
}

/// The form of who joins a group; while typing only who matches. 404 for who is not in it.
pub async fn choose_people(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    kind: Kind,
    Path(id): Path<ConversationId>,
    Query(fields): Query<Vec<(String, String)>>,
) -> AppResult<Response> {
    let open = queries::find_for(&app.db, user.id, id).await?;
    check(&user, &open)?;
    let form = pick::joining(&app, &user, id, &open, &Picked::read(&fields)).await?;
    shown(&app, &user, seq, kind, form).await
}

async fn shown(app: &App, user: &CurrentUser, seq: i64, kind: Kind, form: PickForm) -> AppResult<Response> {
    if kind == Kind::Partial {
        return Ok(Fragment(pick_list(user.look.locale, &form)).into_response());
    }
    Ok(drawn(app, user, seq, form).await?.into_response())
}

async fn drawn(app: &App, user: &CurrentUser, seq: i64, form: PickForm) -> AppResult<Page> {
    let view = ChatPage { pick: Some(form), ..list(app, user, &ChatQuery::default()).await? };
    Ok(page(user, seq, &view))
}

/// Makes a group of the people ticked, and of who makes it. 422 with the form as it was typed.
pub async fn create(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    ClientIp(ip): ClientIp,
    Form(fields): Form<Vec<(String, String)>>,
) -> AppResult<Response> {
    let picked = Picked::read(&fields);
    match store(&app, &user, &picked, ip).await {
        Ok(id) => Ok(redirect(kind, &paths::conversation(&id.to_string()))),
        Err(AppError::Invalid(errors)) => {
            let seq = app.live.cursor().await?;
            let form = pick::new_group(&app, &user, &picked).await?;
            let form = PickForm { errors: errors.to_view(), ..form };
            Ok(drawn(&app, &user, seq, form).await?.status(AppError::Invalid(errors).status()).into_response())
        }
        Err(error) => Err(error),
    }
}

async fn store(app: &App, user: &CurrentUser, picked: &Picked, ip: IpAddr) -> AppResult<ConversationId> {
    let mut errors = FieldErrors::default();
    let title = model::title(&picked.title);
    if title.is_none() {
        errors.add("title", "chat.error.group_title");
    }
    let campaign = pick::campaigns(&app.db, user).await?.into_iter().map(|c| c.0).find(|c| Some(*c) == picked.campaign);
    if campaign.is_none() {
        errors.add("campaign", "chat.error.group_campaign");
    }
    let (Some(title), Some(campaign)) = (title, campaign) else { return Err(AppError::Invalid(errors)) };
    let (now, id) = (app.clock.now(), ConversationId::new());
    let mut tx = app.live.begin().await?;
    let (key, body) = (picked.key.to_string(), picked.text());
    let key = Key { user: user.id, key: &key, route: paths::GROUP_NEW, body: &body, result: id.0 };
    if let Claim::Repeat(stored) = idempotency::claim(&mut tx, key, now).await? {
        return Ok(ConversationId(stored));
    }
    let mut people = queries::candidates_among(&mut tx, campaign, &picked.people).await?;
    people.retain(|p| p.id != user.id);
    check_people(people.len(), 1)?;
    let users: Vec<UserId> = people.iter().map(|p| p.id).chain([user.id]).collect();
    queries::insert_group(&mut tx, id, &title, campaign, user.id, now).await?;
    queries::insert_participants(&mut tx, id, &users, 1, now).await?;
    live::joined(&mut tx, id, &users);
    let row = notice::store(&mut tx, user.id, id, (Notice::Created, &title), now).await?;
    let open = queries::find_for_write(&mut tx, user.id, id).await?;
    let directory = app.live.directory();
    live::noticed(&mut tx, &row, &notice::name(&open, directory), directory, |_| maud::html! {});
    let ip = ip.to_string();
    let entry = Entry::new(Some(user.id), &ip, "group.create", "conversation", id.0);
    audit::record(&mut tx, entry.after(json!({ "title": title, "people": users })), now).await?;
    app.live.commit(tx).await?;
    Ok(id)
}

/// Nobody chosen, or too many.
fn check_people(new: usize, already: usize) -> AppResult<()> {
    let key = match new {
        0 => "chat.error.group_people",
        _ if new + already > GROUP_PEOPLE => "chat.error.group_full",
        _ => return Ok(()),
    };
    Err(AppError::Invalid(FieldErrors::one("people", key)))
}

/// Who manages a group belongs to its campaign today: 403 otherwise; 404 for what is no group.
fn check(user: &CurrentUser, open: &OpenRow) -> AppResult<()> {
    match open.kind {
        Talk::Group if user.can(Capability::ManageGroups) && open.in_campaign => Ok(()),
        Talk::Group => Err(AppError::Forbidden),
        Talk::Direct | Talk::Broadcast | Talk::Record => Err(AppError::NotFound),
    }
}

/// Begins a change of a group under its lock. 404 for who is not in it.
async fn begin(app: &App, user: &CurrentUser, id: ConversationId) -> AppResult<(LiveTx, OpenRow)> {
    let mut tx = app.live.begin().await?;
    let open = lock(&mut tx, user, id).await?;
    Ok((tx, open))
}

async fn lock(tx: &mut LiveTx, user: &CurrentUser, id: ConversationId) -> AppResult<OpenRow> {
    if !queries::lock(tx, user.id, id).await? {
        return Err(AppError::NotFound);
    }
    Ok(queries::find_for_write(tx, user.id, id).await?)
}

/// Gives a group another title. Telling it is a message: 429 above 20 of them a minute.
pub async fn rename(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    ClientIp(ip): ClientIp,
    Path(id): Path<ConversationId>,
    Form(form): Form<TitleForm>,
) -> AppResult<Response> {
    let mut tx = app.live.begin().await?;
    send::check_pace(&mut tx, user.id, app.clock.now()).await?;
    let mut open = lock(&mut tx, &user, id).await?;
    check(&user, &open)?;
    let invalid = || AppError::Invalid(FieldErrors::one("title", "chat.error.group_title"));
    let title = model::title(&form.title).ok_or_else(invalid)?;
    if title != open.title {
        let (now, directory, ip) = (app.clock.now(), app.live.directory(), ip.to_string());
        let entry = Entry::new(Some(user.id), &ip, "group.rename", "conversation", id.0);
        let entry = entry.before(json!({ "title": open.title })).after(json!({ "title": title }));
        audit::record(&mut tx, entry, now).await?;
        queries::set_title(&mut tx, id, &title).await?;
        let row = notice::store(&mut tx, user.id, id, (Notice::Renamed, &title), now).await?;
        open.title.clone_from(&title);
        let key = id.to_string();
        live::noticed(&mut tx, &row, &notice::name(&open, directory), directory, |l| {
            maud::html! {
                (morph(&dom::talk_title(&key), talk_title(&key, &title)))
                (morph(&dom::rename(&key), rename_form(l, &key, &title)))
            }
        });
        app.live.commit(tx).await?;
    }
    Ok(done(kind, id))
}

/// Adds the people ticked. 422 with the form when there are none, or too many.
pub async fn add_people(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    ClientIp(ip): ClientIp,
    Path(id): Path<ConversationId>,
    Form(fields): Form<Vec<(String, String)>>,
) -> AppResult<Response> {
    let picked = Picked::read(&fields);
    match add(&app, &user, id, &picked, ip).await {
        Ok(()) => Ok(redirect(kind, &paths::conversation(&id.to_string()))),
        Err(AppError::Invalid(errors)) => {
            let seq = app.live.cursor().await?;
            let open = queries::find_for(&app.db, user.id, id).await?;
            let form = pick::joining(&app, &user, id, &open, &picked).await?;
            let form = PickForm { errors: errors.to_view(), ..form };
            Ok(drawn(&app, &user, seq, form).await?.status(AppError::Invalid(errors).status()).into_response())
        }
        Err(error) => Err(error),
    }
}

async fn add(app: &App, user: &CurrentUser, id: ConversationId, picked: &Picked, ip: IpAddr) -> AppResult<()> {
    let (mut tx, open) = begin(app, user, id).await?;
    check(user, &open)?;
    let Some(campaign) = open.campaign_id else { return Err(AppError::NotFound) };
    let already = queries::member_ids(&mut tx, id).await?;
    let mut people = queries::candidates_among(&mut tx, campaign, &picked.people).await?;
    people.retain(|p| !already.contains(&p.id));
    check_people(people.len(), already.len())?;
    let (now, ip) = (app.clock.now(), ip.to_string());
    let users: Vec<UserId> = people.iter().map(|p| p.id).collect();
    let entry = Entry::new(Some(user.id), &ip, "group.add", "conversation", id.0);
    audit::record(&mut tx, entry.after(json!({ "people": users })), now).await?;
    membership::join(&mut tx, app.live.directory(), (id, &open), user.id, &people, now).await?;
    app.live.commit(tx).await
}

/// Takes a person out of a group; oneself one leaves it.
pub async fn remove_person(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    ClientIp(ip): ClientIp,
    Path(id): Path<ConversationId>,
    Form(form): Form<PersonForm>,
) -> AppResult<Response> {
    let (mut tx, open) = begin(&app, &user, id).await?;
    check(&user, &open)?;
    let (now, ip, gone) = (app.clock.now(), ip.to_string(), UserId(form.user_id));
    if !queries::member_ids(&mut tx, id).await?.contains(&gone) {
        return Ok(done(kind, id));
    }
    let person = queries::find_person(&mut tx, gone).await?;
    let entry = Entry::new(Some(user.id), &ip, "group.remove", "conversation", id.0);
    audit::record(&mut tx, entry.before(json!({ "people": [gone] })), now).await?;
    membership::part(&mut tx, app.live.directory(), (id, &open), user.id, &person, now).await?;
    app.live.commit(tx).await?;
    Ok(done(kind, id))
}

/// Leaves a group or what is about a record; of two people nobody leaves.
pub async fn leave(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    Path(id): Path<ConversationId>,
) -> AppResult<Response> {
    let (mut tx, open) = begin(&app, &user, id).await?;
    if matches!(open.kind, Talk::Group | Talk::Record) {
        let person = queries::find_person(&mut tx, user.id).await?;
        membership::part(&mut tx, app.live.directory(), (id, &open), user.id, &person, app.clock.now()).await?;
        app.live.commit(tx).await?;
    }
    Ok(redirect(kind, paths::CHAT))
}

/// All screens follow by the event; without scripts the conversation opens anew.
fn done(kind: Kind, id: ConversationId) -> Response {
    if kind == Kind::Partial {
        return axum::http::StatusCode::NO_CONTENT.into_response();
    }
    redirect(kind, &paths::conversation(&id.to_string()))
}
