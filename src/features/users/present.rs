//! Rows of accounts → what the administration shows.

use chrono::{DateTime, Utc};
use views::{
    people::{
        AccountState, UserForm, UserRow as UserRowView,
        detail::{OpenSession, UserMay, UserPage},
    },
    text::{Locale, t},
};

use super::{
    UserRow,
    detail::Said,
    history::{conflict, history_item},
    model::{self, Fields, State},
    queries::{HistoryRow, UserDetail},
};
use crate::{
    auth::{CurrentUser, Role},
    features::{
        access::{self, SessionRow},
        people::{local_time, person_view},
    },
    ids::CampaignId,
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

/// What the page of an account is drawn from.
pub struct Shown {
    /// The account.
    pub user: UserDetail,
    /// Whether wrong passwords lock it.
    pub is_locked: bool,
    /// Whether signing in asks for a second factor.
    pub has_factor: bool,
    /// Its active campaigns.
    pub member_of: Vec<CampaignId>,
    /// All active campaigns.
    pub campaigns: Vec<(CampaignId, String)>,
    /// Its open sessions.
    pub sessions: Vec<SessionRow>,
    /// The newest entries about it.
    pub history: Vec<HistoryRow>,
}

/// The sentence for what was just done; an address can only choose from these.
pub fn done_key(code: &str) -> Option<&'static str> {
    Some(match code {
        "saved" => "people.done.saved",
        "enabled" => "people.done.enabled",
        "disabled" => "people.done.disabled",
        "unlocked" => "people.done.unlocked",
        "ended" => "people.done.ended",
        "factor" => "people.done.factor",
        "invited" => "people.done.invited",
        "reset" => "people.done.reset",
        "revoked" => "people.done.revoked",
        _ => return None,
    })
}

/// The page of an account, as `reader` sees it.
pub fn page_view(
    reader: &CurrentUser,
    shown: &Shown,
    said: Said,
    directory: &Directory,
    now: DateTime<Utc>,
) -> UserPage {
    let (l, user) = (reader.look.locale, &shown.user);
    let state = model::state(user.is_active, user.invited_at, shown.is_locked);
    let stored = user.fields(&shown.member_of);
    let conflict = match &said.typed {
        Some(typed) if said.is_conflict => conflict(l, &stored, typed, &shown.campaigns),
        _ => Vec::new(),
    };
    let mut form = form_view(l, reader, said.typed.as_ref().unwrap_or(&stored), &shown.campaigns);
    // Sent again, it is stored over what is there now.
    form.version = user.version;
    form.errors = said.errors.to_view();
    UserPage {
        person: person_view(&user.person, directory),
        state: state_view(state),
        is_expired: state == State::Invited && model::is_expired(user.invited_at, now),
        signed_in: user.signed_in_at.map(|at| local_time(l, at)),
        has_factor: shown.has_factor,
        form,
        may: UserMay { change: reader.is_superuser || !user.is_superuser, take_away: reader.id != user.person.id },
        conflict,
        done_key: said.done_key,
        link: said.link,
        sessions: shown.sessions.iter().map(|row| session_view(l, row)).collect(),
        history: shown.history.iter().map(|row| history_item(l, row, &shown.campaigns)).collect(),
    }
}

fn session_view(l: Locale, row: &SessionRow) -> OpenSession {
    let (id, ip, agent) = (row.id.to_string(), row.ip.clone(), access::browser(&row.user_agent));
    OpenSession { id, ip, agent, seen: local_time(l, row.seen_at) }
}

/// A form with these fields, with the choices that the reader has.
pub fn form_view(l: Locale, reader: &CurrentUser, f: &Fields, campaigns: &[(CampaignId, String)]) -> UserForm {
    UserForm {
        first_name: f.first_name.clone(),
        last_name: f.last_name.clone(),
        email: f.email.clone(),
        document: f.document.clone(),
        greta_user: f.greta_user.clone(),
        c8_user: f.c8_user.clone(),
        phone: f.phone.clone(),
        role: f.role.map_or("", Role::code).to_owned(),
        is_superuser: f.is_superuser,
        campaigns: campaigns
            .iter()
            .map(|(id, name)| (id.to_string(), name.clone(), f.campaigns.contains(id)))
            .collect(),
        version: f.version,
        roles: Role::ALL.map(|r| (r.code().to_owned(), t(l, &format!("role.{}", r.code())).to_owned())).into(),
        can_superuser: reader.is_superuser,
        errors: Vec::new(),
    }
}
