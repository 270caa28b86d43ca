//! Administration of users: the list, one user, invitations, bulk import.

use maud::{Markup, html};

use crate::admin::{AdminTab, tabs};
use crate::presence::PersonView;
use crate::text::{Locale, t};
use crate::time::{TimeView, day_or_time};
use crate::ui::{self, Address, Column, FilterView, ListView, Order, PagerView, TableRow};
use crate::{dom, paths};

pub mod detail;
mod form;
pub mod import;
pub mod invitation;

pub use form::UserForm;

/// Where an account stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum AccountState {
    /// May sign in.
    #[default]
    Active,
    /// May not.
    Inactive,
    /// Was sent a link to set a first password.
    Invited,
    /// May not for a while, after too many wrong passwords.
    Locked,
}

impl AccountState {
    /// Every state, in the order of the filter.
    pub const ALL: [AccountState; 4] =
        [AccountState::Active, AccountState::Invited, AccountState::Locked, AccountState::Inactive];

    /// As filters name it.
    pub fn code(self) -> &'static str {
        match self {
            AccountState::Active => "active",
            AccountState::Inactive => "inactive",
            AccountState::Invited => "invited",
            AccountState::Locked => "locked",
        }
    }

    /// The state of a code.
    pub fn from_code(code: &str) -> Option<AccountState> {
        AccountState::ALL.into_iter().find(|s| s.code() == code)
    }

    /// The word for it.
    pub fn word(self, l: Locale) -> &'static str {
        t(l, &format!("people.state.{}", self.code()))
    }
}

/// A user in the list.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct UserRow {
    /// Who, with the dot.
    pub person: PersonView,
    /// E-mail address.
    pub email: String,
    /// National id; empty when unknown.
    pub document: String,
    /// User in the operator's platform; empty when there is none.
    pub greta_user: String,
    /// Passes every check.
    pub is_superuser: bool,
    /// Names of the campaigns, in one line.
    pub campaigns: String,
    /// Where the account stands.
    pub state: AccountState,
    /// Whether the invitation's link is no longer valid.
    pub is_expired: bool,
    /// When they last signed in.
    pub signed_in: Option<TimeView>,
}

/// The list of users.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PeopleView {
    /// The list's address with all filters.
    pub address: Address,
    /// The filters.
    pub filters: Vec<FilterView>,
    /// By which column it is sorted, `name` or `seen`, and how.
    pub sort: (&'static str, Order),
    /// Users that match.
    pub total: i64,
    /// This page.
    pub rows: Vec<UserRow>,
    /// The way on.
    pub pager: PagerView,
}

impl PeopleView {
    fn list(&self, l: Locale) -> ListView {
        let column = |name: &str, label_key| {
            let now = (self.sort.0 == name).then_some(self.sort.1);
            let value = if now == Some(Order::Ascending) { format!("-{name}") } else { name.to_owned() };
            Column::words(label_key).sorted(self.address.with("page", "").with("sort", &value), now)
        };
        ListView {
            title_key: "people.title",
            total: Some(self.total),
            address: self.address.clone(),
            filters: self.filters.clone(),
            columns: vec![
                column("name", "people.name"),
                Column::words("people.document"),
                Column::words("people.role"),
                Column::words("people.campaigns"),
                Column::words("people.state"),
                column("seen", "people.signed_in"),
            ],
            rows: self.rows.iter().map(|row| table_row(l, row)).collect(),
            pager: self.pager.clone(),
            empty: ui::empty("user-search", t(l, "people.empty"), Some((paths::PEOPLE, t(l, "people.show_all")))),
        }
    }
}

/// The page of the list.
pub fn panel(l: Locale, v: &PeopleView) -> Markup {
    html! {
        (tabs(l, AdminTab::People))
        (ui::list_page(l, &v.list(l), &html! {
            a.btn href=(paths::PEOPLE_IMPORT) { (ui::icon("upload")) (t(l, "import.open")) }
            a.btn.btn-primary href=(paths::PEOPLE_NEW) { (ui::icon("user-plus")) (t(l, "people.invite.button")) }
        }))
    }
}

/// The list alone, as the answer to a filter.
pub fn region(l: Locale, v: &PeopleView) -> Markup {
    ui::list_answer(l, &v.list(l))
}

fn table_row(l: Locale, row: &UserRow) -> TableRow {
    TableRow {
        id: dom::user_row(&row.person.id),
        cells: vec![
            html! {
                span.row-who {
                    (ui::avatar_with_dot(l, &row.person))
                    span.who { a.row-link href=(paths::user(&row.person.id)) { (row.person.name) } span.quiet.clip { (row.email) } }
                }
            },
            html! { span.who { span.num { (row.document) } @if !row.greta_user.is_empty() { span.quiet.clip { (row.greta_user) } } } },
            html! { span.who { span { (row.person.role_word(l)) } @if row.is_superuser { span.quiet { (t(l, "people.superuser")) } } } },
            html! { span.lines { (row.campaigns) } },
            html! { (state_tag(l, row.state)) @if row.is_expired { " " span.quiet { (t(l, "people.invitation.expired")) } } },
            html! { @match &row.signed_in { Some(at) => (day_or_time(at)), None => span.quiet { (t(l, "people.never")) } } },
        ],
    }
}

/// Where an account stands: icon, word and colour.
pub fn state_tag(l: Locale, state: AccountState) -> Markup {
    let (tone, icon) = match state {
        AccountState::Active => ("success", "circle-check"),
        AccountState::Inactive => ("closed", "circle-x"),
        AccountState::Invited => ("info", "mail"),
        AccountState::Locked => ("danger", "lock"),
    };
    html! { span.tag data-tone=(tone) { (ui::icon(icon)) (state.word(l)) } }
}
