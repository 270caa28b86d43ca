//! Rows of accounts → what the administration shows.

use chrono::{DateTime, Utc};
use views::{
    people::{AccountState, UserRow as UserRowView},
    text::Locale,
};

use super::{
    UserRow,
    model::{self, State},
};
use crate::{
    features::people::{local_time, person_view},
    live::presence::Directory,
};

/// A state as screens name it.
pub fn state_view(state: State) -> AccountState {
    match state {
        State::Active => AccountState::Active,
        State::Inactive => AccountState::Inactive,
        State::Invited => AccountState::Invited,
        State::Locked => AccountState::Locked,
    }
}

/// A row of the list.
pub fn row_view(
    l: Locale,
    row: &UserRow,
    campaigns: &[String],
    is_locked: bool,
    directory: &Directory,
    now: DateTime<Utc>,
) -> UserRowView {
    let state = model::state(row.is_active, row.invited_at, is_locked);
    UserRowView {
        person: person_view(&row.person, directory),
        email: row.email.clone(),
        document: row.document.clone().unwrap_or_default(),
        greta_user: row.greta_user.clone(),
        is_superuser: row.is_superuser,
        campaigns: campaigns.join(", "),
        state: state_view(state),
        is_expired: state == State::Invited && model::is_expired(row.invited_at, now),
        signed_in: row.signed_in_at.map(|at| local_time(l, at)),
    }
}
