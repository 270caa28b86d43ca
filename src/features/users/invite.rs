//! Accounts by invitation: an administrator names the person, the person chooses the password.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use views::{
    layout::Nav,
    paths,
    people::{detail::LinkView, invitation},
    text::{Locale, t},
};

use super::{
    actions::back,
    change::Change,
    detail::{self, Said},
    fields::Pairs,
    history::as_json,
    mails,
    model::{Fields, Standing},
    present, queries,
};
use crate::{
    app::{App, Cursor},
    audit::{self, Entry},
    auth::{CurrentUser, Role, password},
    db::is_unique_violation,
    error::{AppError, AppResult, FieldErrors},
    features::people::{NewUser, insert_user},
    ids::UserId,
    live::LiveTx,
    web::{ClientIp, Form, Kind, Page, Path, redirect},
};

/// Takes an invitation back, or makes a new one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct InvitationForm {
    revoke: String,
}

/// The form of a new user.
pub async fn show_invite(State(app): State<App>, user: CurrentUser, Cursor(seq): Cursor) -> AppResult<Page> {
    let fields = Fields { role: Some(Role::Asesor), ..Fields::default() };
    form(&app, &user, seq, &fields, FieldErrors::default()).await
}

async fn form(app: &App, user: &CurrentUser, seq: i64, fields: &Fields, errors: FieldErrors) -> AppResult<Page> {
    let l = user.look.locale;
    let campaigns = queries::list_active_campaigns(&app.db).await?;
    let mut view = present::form_view(l, user, fields, &campaigns);
    view.errors = errors.to_view();
    let status = if errors.0.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let main = invitation::invite(l, &view, app.mail.is_configured());
    Ok(Page::new(Nav::People, t(l, "people.invite.title"), seq, main).status(status))
}

/// Makes an account that waits for its person, and answers its page: with the link where no mail can carry it.
pub async fn invite(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    kind: Kind,
    ClientIp(ip): ClientIp,
    Form(pairs): Form<Pairs>,
) -> AppResult<Response> {
    let mut fields = Fields::of(&pairs);
    fields.is_superuser &= user.is_superuser;
    let errors = fields.errors();
    if !errors.0.is_empty() {
        return Ok(form(&app, &user, seq, &fields, errors).await?.into_response());
    }
    let (ip, hash) = (ip.to_string(), unusable_password().await?);
    let mut tx = app.live.begin().await?;
    let id = match insert_invited(&mut tx, &fields, &hash, app.clock.now()).await? {
        Ok(id) => id,
        Err(errors) => {
            drop(tx);
            return Ok(form(&app, &user, seq, &fields, errors).await?.into_response());
        }
    };
    // Nobody has chosen the language of a new account yet.
    let to = (Locale::default(), (&*fields.first_name, &*fields.email));
    let link = mails::invite(&app, &mut tx, id, to).await?;
    let after = as_json(&fields).into_iter().map(|(name, value)| (name.to_owned(), value));
    let entry = Entry::new(Some(user.id), &ip, "user.invite", "app_user", id.0);
    let entry = entry.after(after.collect::<serde_json::Map<_, _>>().into());
    audit::record(&mut tx, entry, app.clock.now()).await?;
    app.live.commit(tx).await?;
    answer(&app, &user, seq, kind, id, link).await
}

/// Inserts the account of an invited person, or says what is taken.
pub async fn insert_invited(
    tx: &mut LiveTx,
    fields: &Fields,
    password_hash: &str,
    now: chrono::DateTime<chrono::Utc>,
) -> AppResult<Result<UserId, FieldErrors>> {
    let id = UserId::new();
    let document = (!fields.document.is_empty()).then(|| fields.document.clone());
    let (has_email, has_document) = queries::list_taken(tx, id, &fields.email, document.as_deref()).await?;
    let taken = [("email", has_email), ("document", has_document)].into_iter().filter(|(_, is_taken)| *is_taken);
    let errors = FieldErrors(taken.map(|(field, _)| (field, "field.taken")).collect());
    if !errors.0.is_empty() {
        return Ok(Err(errors));
    }
    let new = NewUser {
        id,
        email: fields.email.clone(),
        document,
        first_name: fields.first_name.clone(),
        last_name: fields.last_name.clone(),
        role: fields.role.unwrap_or(Role::Asesor),
        is_superuser: fields.is_superuser,
        password_hash: password_hash.to_owned(),
        must_change_password: false,
    };
    match insert_user(tx, &new, now).await {
        Err(error) if is_unique_violation(&error) => return Ok(Err(FieldErrors::one("email", "field.taken"))),
        other => other?,
    }
    queries::set_invited(tx, id, fields, now).await?;
    if !fields.campaigns.is_empty() {
        queries::join_campaigns(tx, id, &fields.campaigns, now).await?;
    }
    Ok(Ok(id))
}

/// The hash of a password that nobody knows: signing in takes as long as for any other account, and fails.
pub async fn unusable_password() -> AppResult<String> {
    password::hash(&hex::encode(rand::random::<[u8; 32]>())).await
}

/// Invites again, or takes the invitation back.
#[allow(clippy::too_many_arguments, reason = "extractors, read aloud as a list")]
pub async fn change_invitation(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    kind: Kind,
    ClientIp(ip): ClientIp,
    Path(id): Path<UserId>,
    Form(input): Form<InvitationForm>,
) -> AppResult<Response> {
    let ip = ip.to_string();
    let change = Change::begin(&app, &user, &ip, id, |was: Standing| was).await?;
    if change.before.is_active {
        return Err(AppError::Conflict(crate::error::TextKey("people.error.not_invited")));
    }
    if input.revoke == "1" {
        change.revoke_invitation().await?;
        return Ok(redirect(kind, &format!("{}?done=revoked", paths::user(&id.to_string()))));
    }
    // Who was let in once has a password, perhaps a second factor: activated or reset, never invited past both.
    if change.before.signed_in_at.is_some() {
        return Err(AppError::Conflict(crate::error::TextKey("people.error.signed_in")));
    }
    let link = change.invite_again().await?;
    answer(&app, &user, seq, kind, id, link).await
}

/// The account's page: with its link, which is not shown again, or saying that it was mailed.
async fn answer(
    app: &App,
    user: &CurrentUser,
    seq: i64,
    kind: Kind,
    id: UserId,
    link: Option<String>,
) -> AppResult<Response> {
    let Some(url) = link else { return Ok(back(kind, id, "invited")) };
    let link = LinkView { url, text_key: "people.link.invitation" };
    Ok(detail::page(app, user, seq, id, Said { link: Some(link), ..Said::default() }).await?.into_response())
}
