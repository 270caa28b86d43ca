//! Conversations for an investigation: found by their people, exported with a reason. No content is shown.

use maud::{Markup, html};

use super::Kind;
use crate::admin::{self, AdminTab};
use crate::text::{Locale, fill, plural, t};
use crate::time::TimeView;
use crate::{paths, ui};

/// Shortest and longest reason, in characters.
pub const REASON_CHARS: (usize, usize) = (10, 500);

/// What is known of a conversation without reading it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FoundConversation {
    /// UUID.
    pub id: String,
    /// What it is.
    pub kind: Kind,
    /// Name of a group.
    pub title: String,
    /// Names of its people, the first few.
    pub people: Vec<String>,
    /// How many more there are.
    pub more_people: i64,
    /// Messages in it.
    pub messages: i64,
    /// When the first and the last were written; empty without any.
    pub span: Option<(TimeView, TimeView)>,
}

/// The page.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ExportPage {
    /// Names that were typed.
    pub query: String,
    /// What was found, the last active first.
    pub found: Vec<FoundConversation>,
    /// Whether there are more.
    pub more: bool,
    /// The conversation whose export was refused, the reason that was typed, and the key of what is wrong with it.
    pub refused: Option<(String, String, &'static str)>,
}

/// The page of the administration.
pub fn export_panel(l: Locale, v: &ExportPage) -> Markup {
    html! {
        header.page-head { h1 { (t(l, "investigation.title")) } }
        (admin::tabs(l, AdminTab::Conversations))
        div.find {
            p.quiet { (t(l, "investigation.help")) }
            form.find-form role="search" action=(paths::INVESTIGATIONS) method="get" {
                label.visually-hidden for="investigation-q" { (t(l, "investigation.people")) }
                div.search-form {
                    input.form-control id="investigation-q" type="search" name="q" value=(v.query) maxlength="100" autocomplete="off"
                        data-search placeholder=(t(l, "investigation.people"));
                    (ui::submit(t(l, "search.button")))
                }
            }
            @if v.found.is_empty() {
                @if v.query.is_empty() { (ui::empty("search", t(l, "investigation.start"), None)) }
                @else { (ui::empty("search", &fill(l, "search.none", &[("query", &v.query)]), Some((paths::INVESTIGATIONS, t(l, "search.clear"))))) }
            }
            ul.rows { @for c in &v.found { (conversation(l, v, c)) } }
            @if v.more { p.quiet { (t(l, "search.more")) } }
        }
    }
}

/// One conversation, and the form that exports it.
fn conversation(l: Locale, v: &ExportPage, c: &FoundConversation) -> Markup {
    let refused = v.refused.as_ref().filter(|(id, ..)| *id == c.id);
    let (reason_id, error_id) = (format!("reason-{}", c.id), format!("reason-error-{}", c.id));
    html! {
        li.investigation {
            (ui::icon(c.kind.icon()))
            div.row-main {
                strong { @if c.title.is_empty() { (c.people.join(", ")) } @else { (c.title) } }
                span.quiet {
                    @if !c.title.is_empty() { (c.people.join(", ")) }
                    @if c.more_people > 0 { " " (plural(l, "investigation.more", c.more_people)) }
                }
                span.quiet.num {
                    (plural(l, "find.count", c.messages))
                    @if let Some((first, last)) = &c.span {
                        " · " time datetime=(first.iso) { (first.long) } " – " time datetime=(last.iso) { (last.long) }
                    }
                }
                details open[refused.is_some()] {
                    summary { (t(l, "investigation.export")) }
                    form.stack method="post" action=(paths::investigation(&c.id)) hx-boost="false" {
                        label.form-label for=(reason_id) { (t(l, "investigation.reason")) }
                        textarea.form-control id=(reason_id) name="reason" rows="2" required minlength=(REASON_CHARS.0) maxlength=(REASON_CHARS.1)
                            aria-describedby=[refused.map(|_| &error_id)] aria-invalid=[refused.map(|_| "true")] {
                            @if let Some((_, typed, _)) = refused { (typed) }
                        }
                        @if let Some((_, _, key)) = refused { p.field-error id=(error_id) role="alert" { (t(l, key)) } }
                        div.actions { (ui::submit(t(l, "investigation.download"))) }
                    }
                }
            }
        }
    }
}
