//! Leaving: on the last day somebody becomes inactive and their account closes on every screen.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use super::{
    model::{EmployeeData, State},
    queries::{self, Employee},
};
use crate::{
    app::App,
    audit::{self, Entry},
    auth::CurrentUser,
    error::{AppResult, FieldErrors},
    features::{people::local_day, users},
    ids::EmployeeId,
    live::LiveTx,
    nightly,
};

/// Name of the work among what is done once a day.
const NAME: &str = "employees.leave";

/// Dismisses whose last day is today or was before, once a day by the calendar of Bogota and by one instance; `None`
/// when it is not its turn. Answers how many left. The last administrator stays, and is tried again the next day.
///
/// # Errors
/// The database fails; an hour later another attempt goes on from there.
pub async fn dismiss_departed(app: &App) -> AppResult<Option<usize>> {
    let now = app.clock.now();
    let today = local_day(now);
    if !nightly::claim(&app.db, NAME, today, now).await? {
        return Ok(None);
    }
    let mut left = 0;
    for id in queries::list_departed(&app.db, today).await? {
        left += usize::from(dismiss(app, id, today, now).await?);
    }
    let mut tx = app.db.begin().await?;
    nightly::finish(&mut tx, NAME, now).await?;
    tx.commit().await?;
    Ok(Some(left))
}

async fn dismiss(app: &App, id: EmployeeId, today: NaiveDate, now: DateTime<Utc>) -> AppResult<bool> {
    let mut tx = app.live.begin().await?;
    let row = queries::lock(&mut tx, id).await?;
    let is_over = State::on(today, row.employee.ended_on) == State::Inactive;
    if !is_over || row.employee.state != State::Active.code() {
        return Ok(false); // changed meanwhile
    }
    if let Some(account) = row.account_id
        && !users::close_leaver(&mut tx, (None, "local"), account, now).await?
    {
        tracing::warn!(employee = %id, "the last administrator left; the account stays open");
        return Ok(false);
    }
    queries::set_inactive(&mut tx, id, now).await?;
    let entry = Entry::new(None, "local", "employee.leave", "employee", id.0)
        .before(json!({ "state": State::Active.code() }))
        .after(json!({ "state": State::Inactive.code(), "ended_on": row.employee.ended_on }));
    audit::record(&mut tx, entry, now).await?;
    app.live.commit(tx).await?;
    Ok(true)
}

/// The state that a form brings an employee to, with what that means for the account: whoever gets a last day must be
/// somebody that `user` may deactivate, and is closed out at once when the day is not to come. What a form leaves as
/// it was has no effect, so that an account that somebody opened again stays open.
pub async fn settle(
    tx: &mut LiveTx,
    (user, ip): (&CurrentUser, &str),
    before: Option<&Employee>,
    data: &EmployeeData,
    now: DateTime<Utc>,
) -> AppResult<Result<State, FieldErrors>> {
    if let Some(before) = before
        && before.ended_on == data.ended_on
        && before.document == data.document
    {
        return Ok(Ok(State::from_code(&before.state).unwrap_or(State::Active)));
    }
    let state = State::on(local_day(now), data.ended_on);
    let account = queries::find_account(tx, &data.document).await?;
    let (Some(account), true) = (account, data.ended_on.is_some()) else { return Ok(Ok(state)) };
    if let Some(key) = users::refuse_leaver(tx, user, account, now).await? {
        return Ok(Err(FieldErrors::one("ended_on", key.0)));
    }
    if state == State::Inactive && !users::close_leaver(tx, (Some(user.id), ip), account, now).await? {
        return Ok(Err(FieldErrors::one("ended_on", "people.error.last_administrator")));
    }
    Ok(Ok(state))
}
