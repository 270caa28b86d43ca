//! Opening a ticket: once however often the form arrives. With nobody chosen it is given to whose turn it is.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use chrono::Duration;
use serde::Deserialize;
use uuid::Uuid;
use views::{
    layout::Nav,
    paths,
    text::t,
    tickets::{FormView, form_panel},
};

use super::{
    super::{
        hours::Hours,
        model::{Application, Kind, Priority, SlaClock, Title, Words, WorkingTime as _},
        present,
        queries::{self, NewEntry, NewTicket, Viewer},
    },
    files,
    turn::Turn,
};
use crate::{
    app::{App, Cursor},
    auth::CurrentUser,
    db::is_unique_violation,
    error::{AppError, AppResult, FieldErrors, TextKey},
    features::files::StoredFile,
    idempotency::{self, Claim, Key},
    ids::{CampaignId, TicketId},
    live::LiveTx,
    web::{Form, Kind as Answer, Page, redirect},
};

/// Days after which somebody who was not here is given nothing by itself (domain: tickets, section 4).
pub const AWAY: Duration = Duration::days(7);

/// The fields as they were sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct TicketForm {
    key: String,
    title: String,
    description: String,
    application: String,
    kind: String,
    priority: String,
    campaign: String,
    files: String,
}

impl TicketForm {
    fn check(&self, user: &CurrentUser, campaigns: &[(CampaignId, String)]) -> Result<NewTicket, FieldErrors> {
        let mut errors = FieldErrors::default();
        let title = Title::new(&self.title).map_err(|error| errors.add("title", error.key()));
        let description = Words::new(&self.description).map_err(|error| errors.add("description", error.key()));
        let application = Application::from_code(&self.application);
        let (kind, priority) = (Kind::from_code(&self.kind), Priority::from_code(&self.priority));
        let campaign = campaigns.iter().map(|(id, _)| *id).find(|id| id.to_string() == self.campaign);
        let missing =
            [("application", application.is_none()), ("kind", kind.is_none()), ("priority", priority.is_none())];
        for (field, _) in missing.into_iter().filter(|(_, is_missing)| *is_missing) {
            errors.add(field, "field.required");
        }
        if campaign.is_none() {
            errors.add("campaign", "tickets.campaign.gone");
        }
        // What was brought for it while it was written has its id already.
        let id = self.key.parse::<TicketId>().ok();
        match (title, description, application, kind, priority, campaign.zip(id)) {
            (Ok(title), Ok(description), Some(application), Some(kind), Some(priority), Some((campaign, id))) => {
                let requester = user.id;
                Ok(NewTicket { id, campaign, title, description, application, kind, priority, requester })
            }
            _ => Err(errors),
        }
    }
}

/// The form.
pub async fn show(State(app): State<App>, user: CurrentUser, Cursor(seq): Cursor) -> AppResult<Page> {
    let campaigns = queries::list_campaigns(&app.db, Viewer::of(&user)).await?;
    let first = user.campaigns.first().map(|c| c.id).or(campaigns.first().map(|(id, _)| *id));
    let form = TicketForm {
        key: Uuid::now_v7().to_string(),
        application: Application::Cartera.code().to_owned(),
        kind: Kind::Incident.code().to_owned(),
        priority: Priority::Medium.code().to_owned(),
        campaign: first.map(|id| id.to_string()).unwrap_or_default(),
        ..TicketForm::default()
    };
    page(&app, &user, seq, &form, &campaigns, &FieldErrors::default()).await
}

async fn page(
    app: &App,
    user: &CurrentUser,
    seq: i64,
    form: &TicketForm,
    campaigns: &[(CampaignId, String)],
    errors: &FieldErrors,
) -> AppResult<Page> {
    let l = user.look.locale;
    let id: TicketId = form.key.parse().map_err(|_| AppError::BadRequest("key".to_owned()))?;
    let waiting = files::waiting(user.id, id).list(&app.db).await?;
    let status = if errors.0.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let form = form.clone();
    let view = FormView {
        key: form.key,
        title: form.title,
        description: form.description,
        application: form.application,
        kind: form.kind,
        priority: form.priority,
        campaign: form.campaign,
        applications: present::applications(l),
        kinds: present::kinds(l),
        priorities: present::priorities(l),
        campaigns: campaigns.iter().map(|(id, name)| (id.to_string(), name.clone())).collect(),
        upload: files::upload_view(l, id, &waiting),
        errors: errors.to_view(),
    };
    Ok(Page::new(Nav::Tickets, t(l, "tickets.new"), seq, form_panel(l, &view)).status(status))
}

/// The form of a ticket that is being written, with what was typed and the files that were brought for it.
pub async fn shown_again(
    app: &App,
    user: &CurrentUser,
    id: TicketId,
    typed: impl Fn(&str) -> String,
    errors: &FieldErrors,
) -> AppResult<Response> {
    let form = TicketForm {
        key: id.to_string(),
        title: typed("title"),
        description: typed("description"),
        application: typed("application"),
        kind: typed("kind"),
        priority: typed("priority"),
        campaign: typed("campaign"),
        files: String::new(),
    };
    let (seq, campaigns) = (app.live.cursor().await?, queries::list_campaigns(&app.db, Viewer::of(user)).await?);
    Ok(page(app, user, seq, &form, &campaigns, errors).await?.into_response())
}

/// Opens it. 422 shows the form again, with what was typed; the same form again leads to the same ticket.
pub async fn create(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    kind: Answer,
    Form(form): Form<TicketForm>,
) -> AppResult<Response> {
    let campaigns = queries::list_campaigns(&app.db, Viewer::of(&user)).await?;
    let new = match form.check(&user, &campaigns) {
        Ok(new) => new,
        Err(errors) => return Ok(page(&app, &user, seq, &form, &campaigns, &errors).await?.into_response()),
    };
    let mut tx = app.live.begin().await?;
    let text =
        serde_json::json!([form.title, form.description, form.application, form.kind, form.priority]).to_string();
    let claim = Key { user: user.id, key: &form.key, route: paths::TICKETS, body: &text, result: new.id.0 };
    if let Claim::Repeat(stored) = idempotency::claim(&mut tx, claim, app.clock.now()).await? {
        return Ok(redirect(kind, &paths::ticket(&stored.to_string())));
    }
    let id = new.id;
    let taken = match files::claim(&mut tx, &files::waiting(user.id, id), &form.files, app.clock.now()).await {
        Err(AppError::Invalid(errors)) => {
            drop(tx);
            return Ok(page(&app, &user, seq, &form, &campaigns, &errors).await?.into_response());
        }
        taken => taken?,
    };
    open(&app, tx, Viewer::of(&user), &new, taken).await?;
    Ok(redirect(kind, &paths::ticket(&id.to_string())))
}

/// Stores it in the transaction, gives it to whose turn it is, tells everybody and commits.
pub async fn open(app: &App, mut tx: LiveTx, viewer: Viewer, new: &NewTicket, files: Vec<StoredFile>) -> AppResult<()> {
    let now = app.clock.now();
    let hours = Hours::of(&mut tx, new.campaign).await?;
    let targets = queries::sla_of(&mut tx, new.priority).await?;
    let respond_by = hours.after(now, targets.respond_minutes);
    let clock = SlaClock::start(targets.resolve_minutes, now, &hours);
    if let Err(error) = queries::insert(&mut tx, new, respond_by, clock, now).await {
        // Somebody else's ticket has this id: the form is drawn anew with another.
        let is_taken = is_unique_violation(&error);
        return Err(if is_taken { AppError::Conflict(TextKey("chat.error.conflict")) } else { error.into() });
    }
    let mut turn = Turn::within(app, tx, viewer, new.id).await?;
    turn.tell(NewEntry::change(Some(viewer.id), "created", "", "").with(files)).await?;
    let next = queries::next_in_pool(&mut turn.tx, new.application, now - AWAY, now).await?;
    if next.is_some() {
        turn.give(next, "", true).await?;
    }
    turn.finish().await
}
