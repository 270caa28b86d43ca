//! One change of several tickets that were ticked in the list: each in a turn of its own, each with its own outcome.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use maud::Markup;
use serde::Deserialize;
use uuid::Uuid;
use views::{
    layout::Nav,
    paths,
    text::t,
    tickets::{BulkRowView, Outcome, bulk_answer, bulk_panel, bulk_refused, bulk_results},
};

use super::{
    super::{
        model::{Priority, Status},
        queries::Viewer,
    },
    assign::hand,
    class::prioritise,
    list::PAGE,
    step::advance,
    turn::Turn,
};
use crate::{
    app::{App, Cursor},
    auth::CurrentUser,
    error::{AppError, AppResult},
    idempotency::{self, Claim, Key},
    ids::{TicketId, UserId},
    web::{Form, Fragment, Kind as Answer, Page},
};

/// What was chosen and ticked. What no form of ours sends is passed over.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "Vec<(String, String)>")]
pub struct BulkForm {
    key: String,
    act: String,
    assignee: String,
    priority: String,
    reason: String,
    ids: Vec<TicketId>,
}

impl From<Vec<(String, String)>> for BulkForm {
    fn from(pairs: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in pairs {
            match name.as_str() {
                "id" => form.key = value,
                "act" => form.act = value,
                "assignee" => form.assignee = value,
                "priority" => form.priority = value,
                "reason" => form.reason = value,
                "ticket" => form.ids.extend(value.parse::<TicketId>().ok().filter(|id| !form.ids.contains(id))),
                _ => {}
            }
        }
        form
    }
}

/// What is to be done with each.
#[derive(Clone, Debug)]
enum Act {
    Give(Option<UserId>),
    Prioritise(Priority),
    Close(String),
}

impl BulkForm {
    /// What was to be chosen and was not.
    fn missing(&self) -> Option<&'static str> {
        match self.act.as_str() {
            "assign" if self.assignee.is_empty() => Some("tickets.bulk.whom_missing"),
            "priority" if self.priority.is_empty() => Some("tickets.bulk.which_missing"),
            _ => None,
        }
    }

    fn act(&self) -> AppResult<Act> {
        let bad = |field: &str| AppError::BadRequest(field.to_owned());
        match self.act.as_str() {
            "assign" if self.assignee == "nadie" => Ok(Act::Give(None)),
            "assign" => self.assignee.parse().map(|user| Act::Give(Some(user))).map_err(|_| bad("assignee")),
            "priority" => Priority::from_code(&self.priority).map(Act::Prioritise).ok_or_else(|| bad("priority")),
            "close" => Ok(Act::Close(self.reason.clone())),
            _ => Err(bad("act")),
        }
    }

    /// The key of one ticket's part: the same form again finds what it did.
    fn key_of(&self, id: TicketId) -> String {
        format!("{}:{}:{id}", self.key, self.act)
    }
}

/// Does it, ticket by ticket; answers what came of each. 422 when nothing was chosen to do, 400 for more than a page of
/// them or what no form offers. The same form again does nothing twice and answers the same.
pub async fn change_all(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    kind: Answer,
    Form(form): Form<BulkForm>,
) -> AppResult<Response> {
    let l = user.look.locale;
    let page = |results: &Markup| Page::new(Nav::Tickets, t(l, "tickets.title"), seq, bulk_panel(l, results));
    if let Some(error_key) = form.missing() {
        let (said, status) = (bulk_refused(l, error_key), StatusCode::UNPROCESSABLE_ENTITY);
        return Ok(match kind {
            Answer::Partial => (status, Fragment(said)).into_response(),
            _ => (status, page(&said)).into_response(),
        });
    }
    let act = form.act()?;
    let is_key = form.key.parse::<Uuid>().is_ok();
    if !is_key || form.ids.len() > usize::try_from(PAGE).unwrap_or_default() {
        return Err(AppError::BadRequest("id".to_owned()));
    }
    let mut rows = Vec::with_capacity(form.ids.len());
    for id in &form.ids {
        rows.push(change_one(&app, Viewer::of(&user), *id, &form, &act).await?);
    }
    let key = Uuid::now_v7().to_string();
    if kind == Answer::Partial {
        return Ok(Fragment(bulk_answer(l, &rows, &key)).into_response());
    }
    Ok(page(&bulk_results(l, &rows)).into_response())
}

/// What came of one. Refusals are outcomes; only what keeps everything from being done ends the rest.
async fn change_one(app: &App, viewer: Viewer, id: TicketId, form: &BulkForm, act: &Act) -> AppResult<BulkRowView> {
    let mut turn = match Turn::begin(app, viewer, id).await {
        Err(AppError::NotFound) => return Ok(BulkRowView::gone()),
        turn => turn?,
    };
    let row =
        BulkRowView { ticket: Some((id.to_string(), turn.row.number, turn.row.title.clone())), ..BulkRowView::gone() };
    let (key, body) = (form.key_of(id), format!("{}{}{}", form.assignee, form.priority, form.reason));
    let claim = Key { user: viewer.id, key: &key, route: paths::TICKETS_BULK, body: &body, result: id.0 };
    if let Claim::Repeat(_) = idempotency::claim(&mut turn.tx, claim, turn.now).await? {
        return Ok(BulkRowView { outcome: Outcome::Done, ..row });
    }
    let outcome = match act {
        Act::Give(to) if turn.row.assignee_id == *to => Ok(Outcome::Same),
        Act::Give(to) => hand(&mut turn, *to, "").await.map(|wrong| refusal(wrong.map(|(_, key)| key))),
        Act::Prioritise(priority) => {
            prioritise(&mut turn, *priority).await.map(|is_new| if is_new { Outcome::Done } else { Outcome::Same })
        }
        Act::Close(_) if turn.row.status == Status::Closed => Ok(Outcome::Same),
        Act::Close(reason) => advance(&mut turn, Status::Closed, reason).await.map(refusal),
    };
    let outcome = match outcome {
        Err(AppError::Forbidden) => Outcome::Refused("tickets.bulk.forbidden"),
        outcome => outcome?,
    };
    if outcome == Outcome::Done {
        turn.finish().await?;
    }
    Ok(BulkRowView { outcome, ..row })
}

fn refusal(key: Option<&'static str>) -> Outcome {
    key.map_or(Outcome::Done, Outcome::Refused)
}
