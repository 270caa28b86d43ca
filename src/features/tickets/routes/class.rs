//! What a ticket is about and how much it matters.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use views::{
    paths,
    text::{Locale, t},
};

use super::{
    super::{
        hours::Hours,
        model::{Application, Kind, Priority, WorkingTime as _},
        queries::{self, NewEntry, TicketRow, Viewer},
    },
    detail::{Said, refused},
    turn::Turn,
};
use crate::{
    app::App,
    auth::CurrentUser,
    error::{AppError, AppResult},
    ids::TicketId,
    web::{Form, Kind as Answer, Path, redirect},
};

/// The fields as they were sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ClassForm {
    application: String,
    kind: String,
    priority: String,
    version: i64,
}

impl ClassForm {
    fn check(&self) -> Option<(Application, Kind, Priority)> {
        let (application, kind) = (Application::from_code(&self.application)?, Kind::from_code(&self.kind)?);
        Some((application, kind, Priority::from_code(&self.priority)?))
    }
}

/// Changes it. 400 for what no form offers, 403 for who may not, 409 when somebody else changed the same meanwhile.
pub async fn classify(
    State(app): State<App>,
    user: CurrentUser,
    kind: Answer,
    Path(id): Path<TicketId>,
    Form(form): Form<ClassForm>,
) -> AppResult<Response> {
    match store(&app, user.look.locale, Viewer::of(&user), id, &form).await? {
        None => Ok(redirect(kind, &paths::ticket(&id.to_string()))),
        Some(said) => Ok(refused(&app, &user, id, said).await?.into_response()),
    }
}

async fn store(app: &App, l: Locale, viewer: Viewer, id: TicketId, form: &ClassForm) -> AppResult<Option<Said>> {
    let mut turn = Turn::begin(app, viewer, id).await?;
    let class = form.check().ok_or_else(|| AppError::BadRequest("class".to_owned()))?;
    if !turn.row.can(viewer).classify {
        return Err(AppError::Forbidden);
    }
    let changes = changes(&turn.row, class);
    if changes.is_empty() {
        return Ok(None);
    }
    if turn.row.version != form.version {
        return Ok(Some(conflict(l, &changes)));
    }
    reclassify(&mut turn, class, changes).await?;
    turn.finish().await?;
    Ok(None)
}

/// Changes within its turn how much the ticket matters, where that is another now. Whether anything changed; 403 for who
/// may not.
pub async fn prioritise(turn: &mut Turn<'_>, priority: Priority) -> AppResult<bool> {
    if !turn.row.can(turn.viewer).classify {
        return Err(AppError::Forbidden);
    }
    let class = (turn.row.application, turn.row.kind, priority);
    let changes = changes(&turn.row, class);
    let is_new = !changes.is_empty();
    if is_new {
        reclassify(turn, class, changes).await?;
    }
    Ok(is_new)
}

async fn reclassify(
    turn: &mut Turn<'_>,
    (application, kind, priority): (Application, Kind, Priority),
    changes: Changes,
) -> AppResult<()> {
    let (id, viewer) = (turn.row.id, turn.viewer);
    let hours = Hours::of(&mut turn.tx, turn.row.campaign_id).await?;
    let (mut respond_by, mut clock) = (turn.row.respond_by, turn.row.clock());
    if priority != turn.row.priority {
        let targets = queries::sla_of(&mut turn.tx, priority).await?;
        respond_by = hours.after(turn.row.created_at, targets.respond_minutes);
        clock = clock.with_minutes(targets.resolve_minutes, &hours);
    }
    queries::classify(&mut turn.tx, id, (application, kind, priority), (respond_by, clock), turn.now).await?;
    for (field, old, new) in changes {
        turn.tell(NewEntry::change(Some(viewer.id), field, old, new)).await?;
    }
    Ok(())
}

type Changes = Vec<(&'static str, &'static str, &'static str)>;

/// Fields that would change: name, code now, code then.
fn changes(row: &TicketRow, (application, kind, priority): (Application, Kind, Priority)) -> Changes {
    let all = [
        ("priority", row.priority.code(), priority.code()),
        ("kind", row.kind.code(), kind.code()),
        ("application", row.application.code(), application.code()),
    ];
    all.into_iter().filter(|(_, old, new)| old != new).collect()
}

fn conflict(l: Locale, changes: &Changes) -> Said {
    let label = |field: &str| match field {
        "priority" => t(l, "tickets.column.priority"),
        "kind" => t(l, "tickets.kind"),
        _ => t(l, "tickets.application"),
    };
    let word = |field: &str, code: &str| t(l, &format!("tickets.{field}.{code}")).to_owned();
    let differences =
        changes.iter().map(|(field, theirs, mine)| (label(field).to_owned(), word(field, theirs), word(field, mine)));
    Said { conflict: differences.collect(), status: StatusCode::CONFLICT, ..Said::default() }
}
