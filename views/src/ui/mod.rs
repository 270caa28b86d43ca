//! Small parts that every page is made of.

use maud::{Markup, html};

use crate::assets;
use crate::dom::DomId;
use crate::paths;
use crate::presence::{self, PersonView};
use crate::text::{Locale, t};

mod address;
mod attachment;
mod chart;
mod choice;
mod conflict;
mod field;
mod filters;
mod pager;
mod table;
mod upload;

pub use address::Address;
pub use attachment::{FileKind, FileView, attachments};
pub use chart::{ChartView, PartView, chart};
pub use choice::{ChoiceView, lines, select, tick};
pub use conflict::conflict;
pub use field::{FieldView, error_for, field};
pub use filters::{FilterKind, FilterView, chips, filters};
pub use pager::{PAGE_SIZES, PagerView, pager};
pub use table::{Column, ListView, Order, TableRow, list_answer, list_body, list_head, list_page, table};
pub use upload::{UploadLimits, UploadView, upload, upload_button, upload_error, upload_list, waiting_files};

/// What a notice means; shown by icon, colour and words.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Tone {
    /// Plain information.
    #[default]
    Info,
    /// Something is done.
    Success,
    /// Something waits or needs care.
    Warning,
    /// Something failed.
    Danger,
}

impl Tone {
    /// The value of `data-tone`.
    pub fn code(self) -> &'static str {
        match self {
            Tone::Info => "info",
            Tone::Success => "success",
            Tone::Warning => "warning",
            Tone::Danger => "danger",
        }
    }

    /// The name of its icon.
    pub(crate) fn icon(self) -> &'static str {
        match self {
            Tone::Info => "info-circle",
            Tone::Success => "circle-check",
            Tone::Warning => "alert-triangle",
            Tone::Danger => "circle-x",
        }
    }
}

/// An icon of the sprite; decoration only, words stand beside it.
pub fn icon(name: &str) -> Markup {
    html! {
        svg.icon aria-hidden="true" focusable="false" { use href={ (assets::url("icons.svg")) "#" (name) } {} }
    }
}

/// The dot that shows a person's presence.
pub fn presence_dot(l: Locale, person: &PersonView) -> Markup {
    presence::dot(l, person)
}

/// A person's photo over their initials, which show where there is no photo or it cannot be fetched; decoration only,
/// the name stands beside it.
pub fn avatar(person: &PersonView) -> Markup {
    html! {
        span.face aria-hidden="true" {
            (person.initials)
            @if person.photo_version > 0 {
                img src=(paths::photo(&person.id, person.photo_version)) width="32" height="32" alt="" loading="lazy" decoding="async";
            }
        }
    }
}

/// The same with the presence dot on its corner.
pub fn avatar_with_dot(l: Locale, person: &PersonView) -> Markup {
    html! { span.face-dot { (avatar(person)) (presence_dot(l, person)) } }
}

/// The button that sends a form.
pub fn submit(text: &str) -> Markup {
    html! { button.btn.btn-primary type="submit" { (text) } }
}

/// What a list shows that has nothing to show: one sentence and, if there is one, an action.
pub fn empty(icon_name: &str, sentence: &str, action: Option<(&str, &str)>) -> Markup {
    html! {
        div.nothing {
            (icon(icon_name))
            p { (sentence) }
            @if let Some((href, words)) = action { a.btn href=(href) { (words) } }
        }
    }
}

/// A list that fetches itself again when a frame says that one of `keys` (separated by spaces) has changed; while
/// somebody works in it, a pill says so instead.
pub fn live_list(l: Locale, id: &DomId, keys: &str, content: Markup) -> Markup {
    html! {
        div.live-list id=(id.id()) data-list=(keys) {
            button.btn.btn-sm.changed-pill type="button" data-changed-pill hidden { (icon("refresh")) (t(l, "list.changed")) }
            (content)
        }
    }
}

/// A sentence that stays on the page, with its icon.
pub fn notice(tone: Tone, text: &str) -> Markup {
    html! { div.notice.notice-inline data-tone=(tone.code()) role="status" { (icon(tone.icon())) p { (text) } } }
}
