//! Lists of the administration with believable and with extreme data.

use views::people::{AccountState, PeopleView, UserRow};
use views::presence::Presence;
use views::ui::{Address, FilterKind, FilterView, Order, PagerView};

use super::{HOSTILE, at, person};

fn filters(value: &str) -> Vec<FilterView> {
    let options = vec![("asesor".to_owned(), "Asesor".to_owned()), ("calidad".to_owned(), HOSTILE.to_owned())];
    vec![
        FilterView { name: "q", label_key: "people.search", kind: FilterKind::Search(value.to_owned()) },
        FilterView { name: "day", label_key: "people.signed_in", kind: FilterKind::Day(String::new()) },
        FilterView {
            name: "role",
            label_key: "people.role",
            kind: FilterKind::Choice { options, value: if value.is_empty() { "" } else { "calidad" }.to_owned() },
        },
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
