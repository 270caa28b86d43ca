//! Writing a mass message: the form, the number of people while choosing, the last look, sending.

use axum::{
    extract::State,
    http::HeaderName,
    response::{IntoResponse as _, Response},
};
use views::{
    broadcasts::{self as view, Choice, ComposeView, PickView, PreviewView, ReviewView},
    layout::Nav,
    paths,
    text::t,
};

use super::{
    draft::Draft,
    model::Sender,
    present::{self, sender_of},
    queries,
    send::{self, Outcome, REFUSED},
};
use crate::{
    app::{App, Cursor},
    auth::CurrentUser,
    error::{AppError, AppResult, FieldErrors},
    features::people::{self, person_view},
    web::{ClientIp, Form, Fragment, Kind, Page, redirect},
};

/// Names in a preview.
const NAMES: i64 = 50;
/// What was refused is the form again: its address stays that of the form, which can be loaded anew.
const PUSH_URL: HeaderName = HeaderName::from_static("hx-push-url");
/// People that a search offers at once.
const MATCHES: usize = 20;

/// A form's fields; one name may come several times.
type Fields = Vec<(String, String)>;

/// The empty form.
pub async fn show(State(app): State<App>, user: CurrentUser, Cursor(seq): Cursor) -> AppResult<Page> {
    let mut draft = Draft::empty();
    let own = queries::list_campaigns(&app.db, sender_of(&user)).await?;
    if let [(only, _)] = own.as_slice() {
        draft.audience.campaigns = vec![*only];
    }
    form_page(&app, &user, seq, &draft, &FieldErrors::default()).await
}

/// The last look, or the form again when something is wrong, people are searched or the person goes back to it.
pub async fn review(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    Form(fields): Form<Fields>,
) -> AppResult<Page> {
    let sender = sender_of(&user);
    let draft = Draft::read(&fields, sender);
    if draft.step == "edit" || draft.step == "search" {
        return form_page(&app, &user, seq, &draft, &FieldErrors::default()).await;
    }
    let new = match draft.check(sender, app.clock.now()) {
        Ok(new) => new,
        Err(errors) => return Ok(form_page(&app, &user, seq, &draft, &errors).await?.status(REFUSED)),
    };
    let preview = preview_of(&app, sender, &draft).await?;
    if preview.count == 0 {
        let errors = FieldErrors::one("audience", "broadcasts.error.nobody");
        return Ok(form_page(&app, &user, seq, &draft, &errors).await?.status(REFUSED));
    }
    let l = user.look.locale;
    let view = ReviewView {
        due: (!draft.due.is_empty()).then(|| people::local_time(l, new.due_at)),
        card: present::draft_card(l, &user, &new, app.live.directory()),
        form: compose_view(&app, &user, &draft, &FieldErrors::default()).await?,
        preview,
    };
    Ok(Page::new(Nav::Broadcasts, t(l, "broadcasts.review.title"), seq, view::review_panel(l, &view)))
}

/// Sends, or schedules; what is refused shows the form with everything that was typed.
pub async fn send(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    ip: ClientIp,
    kind: Kind,
    Form(fields): Form<Fields>,
) -> AppResult<Response> {
    let sender = sender_of(&user);
    let draft = Draft::read(&fields, sender);
    let stored = match draft.check(sender, app.clock.now()) {
        Ok(new) => send::create(&app, sender, &ip.text(), &draft.key, &new).await,
        Err(errors) => Err(AppError::Invalid(errors)),
    };
    let errors = match stored {
        Ok(Outcome::Stored(id)) => return Ok(redirect(kind, &paths::broadcast(&id.to_string()))),
        Err(AppError::Invalid(errors)) => errors,
        Err(AppError::TooMany { text, .. }) => FieldErrors::one("form", text.0),
        Err(error) => return Err(error),
    };
    let page = form_page(&app, &user, seq, &draft, &errors).await?.status(REFUSED);
    Ok(([(PUSH_URL, "false")], page).into_response())
}

/// How many the choice would reach, while choosing.
pub async fn preview(State(app): State<App>, user: CurrentUser, Form(fields): Form<Fields>) -> AppResult<Fragment> {
    let sender = sender_of(&user);
    let shown = preview_of(&app, sender, &Draft::read(&fields, sender)).await?;
    Ok(Fragment(view::preview(user.look.locale, &shown)))
}

/// People to tick, while typing.
pub async fn find_people(State(app): State<App>, user: CurrentUser, Form(fields): Form<Fields>) -> AppResult<Fragment> {
    let draft = Draft::read(&fields, sender_of(&user));
    let (people, more) = picks(&app, &user, &draft).await?;
    let shown = ComposeView { people, more, query: draft.query, ..ComposeView::default() };
    Ok(Fragment(view::people(user.look.locale, &shown)))
}

async fn form_page(app: &App, user: &CurrentUser, seq: i64, draft: &Draft, errors: &FieldErrors) -> AppResult<Page> {
    let l = user.look.locale;
    let view = compose_view(app, user, draft, errors).await?;
    Ok(Page::new(Nav::Broadcasts, t(l, "broadcasts.new"), seq, view::compose_panel(l, &view)))
}

async fn compose_view(app: &App, user: &CurrentUser, draft: &Draft, errors: &FieldErrors) -> AppResult<ComposeView> {
    let (l, sender) = (user.look.locale, sender_of(user));
    let campaigns = queries::list_campaigns(&app.db, sender).await?;
    let (people, more) = picks(app, user, draft).await?;
    let audience = &draft.audience;
    let campaign = |(id, name): (_, String)| Choice {
        is_chosen: audience.campaigns.contains(&id),
        value: id.to_string(),
        words: name,
    };
    let role = |code: &'static str| Choice {
        value: code.to_owned(),
        words: t(l, &format!("role.{code}")).to_owned(),
        is_chosen: audience.roles.iter().any(|chosen| chosen == code),
    };
    Ok(ComposeView {
        key: draft.key.clone(),
        body: draft.body.clone(),
        importance: draft.importance.code().to_owned(),
        asks: draft.asks,
        may_everyone: sender.reaches_all(),
        everyone: audience.everyone,
        campaigns: campaigns.into_iter().map(campaign).collect(),
        roles: sender.roles().iter().map(|r| role(r.code())).collect(),
        people,
        query: draft.query.clone(),
        more,
        due: draft.due.clone(),
        expires: draft.expires.clone(),
        errors: errors.to_view(),
        preview: preview_of(app, sender, draft).await?,
    })
}

async fn preview_of(app: &App, sender: Sender, draft: &Draft) -> AppResult<PreviewView> {
    let count = queries::count_recipients(&app.db, sender, &draft.audience).await?;
    let names = queries::list_recipients(&app.db, sender, &draft.audience, NAMES).await?;
    Ok(PreviewView { count, names })
}

/// Those who are chosen, then those who match what was typed.
async fn picks(app: &App, user: &CurrentUser, draft: &Draft) -> AppResult<(Vec<PickView>, bool)> {
    let chosen = queries::list_picked(&app.db, sender_of(user), &draft.audience.people).await?;
    let pick = |person| PickView { person, is_chosen: true, campaigns: String::new() };
    let mut picks: Vec<PickView> = chosen.iter().map(|row| pick(person_view(row, app.live.directory()))).collect();
    if draft.query.trim().is_empty() {
        return Ok((picks, false));
    }
    let (found, more) = people::recipients(app, user, &draft.query).await?;
    let more = more || found.len() > MATCHES;
    for r in found.into_iter().take(MATCHES) {
        if !picks.iter().any(|pick| pick.person.id == r.person.id) {
            picks.push(PickView { person: r.person, campaigns: r.campaigns, is_chosen: false });
        }
    }
    Ok((picks, more))
}
