//! What a form shows when somebody else stored the record meanwhile.

use maud::{Markup, html};

use super::icon;
use crate::text::{Locale, t};

/// Somebody else was faster: both, side by side, as label, theirs and mine. Sending the form again stores what it
/// holds; `record` is the address that shows what is stored.
pub fn conflict(l: Locale, differences: &[(String, String, String)], record: &str) -> Markup {
    html! {
        div.notice.notice-inline data-tone="warning" role="alert" {
            (icon("alert-triangle"))
            div {
                p { (t(l, "people.conflict")) }
                table.plain-table {
                    thead { tr { th { (t(l, "people.conflict.field")) } th { (t(l, "people.conflict.theirs")) } th { (t(l, "people.conflict.mine")) } } }
                    tbody { @for (field, theirs, mine) in differences { tr { th scope="row" { (field) } td { (theirs) } td { (mine) } } } }
                }
                p { (t(l, "people.conflict.next")) " " a href=(record) { (t(l, "people.conflict.drop")) } }
            }
        }
    }
}
