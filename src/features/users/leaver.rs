//! Accounts of people who leave the company: closed by the rule of any deactivation.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{
    change::{close, standing},
    model::{self, Actor, Refusal, Standing},
    queries,
};
use crate::{
    audit::{self, Entry},
    auth::CurrentUser,
    error::{AppResult, TextKey},
    ids::UserId,
    live::LiveTx,
};

/// Why `user` may not have an account closed, today or on a later day; `None` when nothing is against it.
pub async fn refuse_leaver(
    tx: &mut LiveTx,
    user: &CurrentUser,
    id: UserId,
    now: DateTime<Utc>,
) -> AppResult<Option<TextKey>> {
    queries::lock_administrators(tx, now).await?;
    let was = standing(&queries::lock_user(tx, id).await?);
    let actor = Actor { id: user.id, is_superuser: user.is_superuser };
    let refusal = model::refuse(actor, was, Standing { is_active: false, ..was });
    Ok(refusal.map(|refusal| match refusal {
        Refusal::NotSuperuser => TextKey("people.error.superuser"),
        Refusal::Oneself => TextKey("people.error.oneself"),
    }))
}

/// Closes the account of who left, with its entry in the audit log (`actor` is `None` when the day has come); false
/// when it is the last administrator's, which stays open. One that is closed stays as it is.
pub async fn close_leaver(
    tx: &mut LiveTx,
    (actor, ip): (Option<UserId>, &str),
    id: UserId,
    now: DateTime<Utc>,
) -> AppResult<bool> {
    queries::lock_administrators(tx, now).await?;
    let account = queries::lock_user(tx, id).await?;
    if !account.is_active && account.invited_at.is_none() {
        return Ok(true);
    }
    let was = standing(&account);
    let becomes = Standing { is_active: false, ..was };
    if model::needs_another(was, becomes) && !queries::has_other_administrator(tx, id).await? {
        return Ok(false);
    }
    close(tx, id, now).await?;
    let entry = Entry::new(actor, ip, "user.disable", "app_user", id.0).after(json!({ "left": true }));
    audit::record(tx, entry, now).await?;
    Ok(true)
}
