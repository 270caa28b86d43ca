//! Lists of the administration with believable and with extreme data.

use maud::Markup;
use views::layout::{self, Look, Nav};
use views::people::detail::{self, HistoryItem, LinkView, OpenSession, UserMay, UserPage};
use views::people::import::{self, BadRow, ImportState, ImportView};
use views::people::invitation::{self, AcceptView};
use views::people::{AccountState, PeopleView, UserForm, UserRow};
use views::presence::Presence;
use views::ui::{Address, FilterView, Order, PagerView};

use super::{HOSTILE, at, inside, person};

/// Every page of the administration, by name.
pub fn all(look: Look) -> Vec<(&'static str, Markup)> {
    let l = look.locale;
    let admin = |main: Markup| inside(look, Nav::People, "Usuarios", main);
    let plain = |main: Markup| layout::plain_page(&look, "Invitación", main);
    vec![
        ("people", admin(views::people::panel(l, &people()))),
        ("people-none", admin(views::people::panel(l, &nobody()))),
        ("user", admin(detail::panel(l, &user()))),
        ("user-conflict", admin(detail::panel(l, &user_conflict()))),
        ("import", admin(import::upload(l, Some("import.error.head")))),
        ("import-running", admin(import::panel(l, &imported(ImportState::Running)))),
        ("import-done", admin(import::panel(l, &imported(ImportState::Done)))),
        ("invite", admin(invitation::invite(l, &user_form(), true))),
        ("invitation", plain(invitation::accept(l, &invited()))),
        ("invitation-over", plain(invitation::over(l))),
    ]
}

fn filters(value: &str) -> Vec<FilterView> {
    let options = vec![("asesor".to_owned(), "Asesor".to_owned()), ("calidad".to_owned(), HOSTILE.to_owned())];
    vec![
        FilterView::search("q", "people.search", value),
        FilterView::day("day", "people.signed_in", ""),
        FilterView::choice("role", "people.role", options, if value.is_empty() { "" } else { "calidad" }),
    ]
}

/// A page in the middle of a list.
pub fn people() -> PeopleView {
    let address = Address::new("/people").with("q", HOSTILE).with("role", "calidad");
    let row = |(n, state)| UserRow {
        person: person(40 + n, ["Ana Beltrán", HOSTILE, "Luis Cárdenas", "Eva"][n], "asesor", Presence::Break),
        email: format!("{}@ejemplo.com", "largo.".repeat(n * 8)),
        document: "1020304050".into(),
        greta_user: if n == 0 { String::new() } else { "GRETA_7".into() },
        is_superuser: n == 1,
        campaigns: "Cobranzas Bogotá, Retención móvil".into(),
        state,
        is_expired: n == 1,
        signed_in: (n % 2 == 0).then(|| at(9, 30)),
    };
    PeopleView {
        filters: filters(HOSTILE),
        sort: ("name", Order::Ascending),
        total: 53,
        rows: AccountState::ALL.into_iter().enumerate().map(row).collect(),
        pager: PagerView::counted(&address, 2, 15, 53),
        address,
    }
}

/// A list without rows.
pub fn nobody() -> PeopleView {
    let address = Address::new("/people");
    PeopleView {
        filters: filters(""),
        sort: ("seen", Order::Descending),
        total: 0,
        rows: Vec::new(),
        pager: PagerView::counted(&address, 1, 15, 0),
        address,
    }
}

/// A form with what people write and what they should not.
pub fn user_form() -> UserForm {
    UserForm {
        first_name: "Ana".into(),
        last_name: HOSTILE.into(),
        email: "ana@ejemplo.com".into(),
        role: "asesor".into(),
        campaigns: vec![("c1".into(), "Cobranzas Bogotá".into(), true), ("c2".into(), HOSTILE.into(), false)],
        version: 3,
        roles: vec![("asesor".into(), "Asesor".into()), ("calidad".into(), "Calidad".into())],
        can_superuser: true,
        errors: vec![("email".into(), "field.taken".into()), (String::new(), "people.error.oneself".into())],
        ..UserForm::default()
    }
}

/// A user's page with everything on it.
pub fn user() -> UserPage {
    let session = |n: usize| OpenSession {
        id: super::id(n),
        ip: "2800:484:1d80:3a00:7c1e:8ff2:41aa:9b10".into(),
        agent: "Chrome · Windows".into(),
        seen: at(9, n),
    };
    UserPage {
        person: person(40, "Ana Beltrán", "asesor", Presence::Away),
        state: AccountState::Locked,
        form: user_form(),
        may: UserMay { change: true, take_away: true },
        done_key: Some("people.done.saved"),
        link: Some(LinkView {
            url: "https://crea.example/invitation/".to_owned() + &"0".repeat(64),
            text_key: "people.link.invitation",
        }),
        sessions: vec![session(1), session(2)],
        history: vec![HistoryItem {
            at: at(9, 1),
            actor: HOSTILE.into(),
            action: "user.update".into(),
            changes: vec![
                ("Rol".into(), "Asesor".into(), "Supervisor".into()),
                ("Teléfono".into(), String::new(), HOSTILE.into()),
            ],
        }],
        ..UserPage::default()
    }
}

/// The same when somebody else was faster.
pub fn user_conflict() -> UserPage {
    UserPage {
        state: AccountState::Invited,
        is_expired: true,
        conflict: vec![("Rol".into(), "Asesor".into(), HOSTILE.into())],
        link: None,
        sessions: Vec::new(),
        history: Vec::new(),
        ..user()
    }
}

/// The page of a link.
pub fn invited() -> AcceptView {
    AcceptView {
        action: "/invitation/0000".into(),
        name: HOSTILE.into(),
        email: "ana@ejemplo.com".into(),
        errors: vec![("password".into(), "password.too_short".into())],
    }
}

/// What came of a file.
pub fn imported(state: ImportState) -> ImportView {
    let bad = |number| BadRow { number, person: HOSTILE.into(), field: "Correo".into(), reason: "Ya existe.".into() };
    ImportView {
        can_mail: false,
        id: super::id(70),
        file_name: HOSTILE.into(),
        state,
        total: 500,
        valid: 480,
        made: 320,
        bad: vec![bad(3), bad(17)],
    }
}
