//! Who else is at a ticket now. Both lines are filled and emptied by scripts; a fresh page has them empty.

use maud::{Markup, html};

use crate::paths;
use crate::presence::PersonView;
use crate::text::{Locale, t};

/// Where the others stand who look at it now (`assets/js/38-looking.js`).
pub(super) fn lookers(l: Locale, ticket: &str) -> Markup {
    html! { p.lookers data-looking=(ticket) data-words=(t(l, "tickets.looking")) hidden {} }
}

/// Somebody looks at a ticket: `comes`, `stays` or `goes`. Not stored, said to who has it on the screen.
pub fn looking(ticket: &str, person: &PersonView, how: &str) -> Markup {
    let photo = (person.photo_version > 0).then(|| paths::photo(&person.id, person.photo_version));
    html! { hx-looking at=(ticket) by=(person.id) name=(person.name) initials=(person.initials) photo=[photo] how=(how) {} }
}
