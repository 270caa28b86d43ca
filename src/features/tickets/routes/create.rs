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
    turn::Turn,
};
use crate::{
    app::{App, Cursor},
    auth::CurrentUser,
    error::{AppResult, FieldErrors},
    idempotency::{self, Claim, Key},
    ids::{CampaignId, TicketId},
    live::LiveTx,
    web::{Form, Kind as Answer, Page, redirect},
};

/// Days after which somebody who was not here is given nothing by itself (domain: tickets, section 4).
const AWAY: Duration = Duration::days(7);

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
        match (title, description, application, kind, priority, campaign) {
            (Ok(title), Ok(description), Some(application), Some(kind), Some(priority), Some(campaign)) => {
                let (id, requester) = (TicketId::new(), user.id);
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
    Ok(page(&user, seq, &form, &campaigns, &FieldErrors::default()))
}

fn page(
    user: &CurrentUser,
    seq: i64,
    form: &TicketForm,
    campaigns: &[(CampaignId, String)],
    errors: &FieldErrors,
) -> Page {
    let l = user.look.locale;
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
        errors: errors.to_view(),
    };
    Page::new(Nav::Tickets, t(l, "tickets.new"), seq, form_panel(l, &view)).status(status)
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
        Err(errors) => return Ok(page(&user, seq, &form, &campaigns, &errors).into_response()),
    };
    let mut tx = app.live.begin().await?;
    let text =
        serde_json::json!([form.title, form.description, form.application, form.kind, form.priority]).to_string();
    let claim = Key { user: user.id, key: &form.key, route: paths::TICKETS, body: &text, result: new.id.0 };
    if let Claim::Repeat(stored) = idempotency::claim(&mut tx, claim, app.clock.now()).await? {
        return Ok(redirect(kind, &paths::ticket(&stored.to_string())));
    }
    let id = new.id;
    open(&app, tx, Viewer::of(&user), &new).await?;
    Ok(redirect(kind, &paths::ticket(&id.to_string())))
}

/// Stores it in the transaction, gives it to whose turn it is, tells everybody and commits.
pub async fn open(app: &App, mut tx: LiveTx, viewer: Viewer, new: &NewTicket) -> AppResult<()> {
    let now = app.clock.now();
    let hours = Hours::of(&mut tx, new.campaign).await?;
    let targets = queries::sla_of(&mut tx, new.priority).await?;
    let respond_by = hours.after(now, targets.respond_minutes);
    let clock = SlaClock::start(targets.resolve_minutes, now, &hours);
    queries::insert(&mut tx, new, respond_by, clock, now).await?;
    let mut turn = Turn::within(app, tx, viewer, new.id).await?;
    turn.tell(NewEntry::change(Some(viewer.id), "created", "", "")).await?;
    let next = queries::next_in_pool(&mut turn.tx, new.application, now - AWAY, now).await?;
    if next.is_some() {
        turn.give(next, "", true).await?;
    }
    turn.finish().await
}
