//! Filters that are kept under a name, and which columns the list shows.

use maud::{Markup, html};

use super::list::COLUMNS;
use crate::text::{Locale, fill, t};
use crate::ui::{self, Address};
use crate::{dom, paths};

/// A filter under a name.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct KeptView {
    /// UUID.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Where it is.
    pub href: String,
    /// Whether it is the reader's own, to rename and to delete.
    pub is_own: bool,
    /// Whether others see it.
    pub is_shared: bool,
}

/// Filters that are kept, and what is shown of the list.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct KeptBarView {
    /// Those that the person sees.
    pub kept: Vec<KeptView>,
    /// The columns that are shown; empty: all.
    pub columns: Vec<&'static str>,
    /// UUID of the one that is kept next.
    pub next: String,
    /// Whether the person may share.
    pub may_share: bool,
}

/// The names, each leading to its list. `list` is the address of what is shown.
pub fn names(l: Locale, kept: &[KeptView], list: &Address) -> Markup {
    let here = list.href();
    html! {
        @if !kept.is_empty() {
            nav.kept-views aria-label=(t(l, "tickets.views")) {
                @for view in kept {
                    a.chip href=(view.href) aria-current=[(view.href == here).then_some("page")] {
                        @if view.is_shared { (ui::icon("users")) span.visually-hidden { (t(l, "tickets.view.is_shared")) " " } }
                        span.clip { (view.name) }
                    }
                }
            }
        }
    }
}

/// A menu to keep what is shown, to choose columns, to rename and to delete. `list` is the address of what is shown.
pub fn menu(l: Locale, v: &KeptBarView, list: &Address) -> Markup {
    let here = list.href();
    html! {
        div.kept id=(dom::ticket_views().id()) {
            details.menu data-menu {
                summary.btn { (ui::icon("settings")) (t(l, "tickets.views.menu")) }
                div.menu-panel.kept-menu {
                    (column_form(l, v, list))
                    (keep_form(l, v, &query_of(&here)))
                    @for view in v.kept.iter().filter(|view| view.is_own) { (own_form(l, view, &query_of(&here))) }
                }
            }
        }
    }
}

fn query_of(href: &str) -> String {
    href.split_once('?').map(|(_, query)| query.to_owned()).unwrap_or_default()
}

fn column_form(l: Locale, v: &KeptBarView, list: &Address) -> Markup {
    let is_shown = |column: &str| v.columns.is_empty() || v.columns.contains(&column);
    html! {
        form method="get" action=(list.path()) {
            @for (name, value) in list.pairs().iter().filter(|(name, _)| name != "columns") {
                input type="hidden" name=(name) value=(value);
            }
            input type="hidden" name="columns" value=(COLUMNS[0]);
            fieldset {
                legend.menu-title { (t(l, "tickets.columns")) }
                @for column in COLUMNS.into_iter().skip(1) {
                    label.filter-box {
                        input type="checkbox" name="columns" value=(column) checked[is_shown(column)];
                        " " (t(l, &format!("tickets.column.{column}")))
                    }
                }
            }
            button.btn.btn-sm type="submit" { (t(l, "tickets.columns.apply")) }
        }
    }
}

fn keep_form(l: Locale, v: &KeptBarView, query: &str) -> Markup {
    html! {
        form.kept-form data-once method="post" action=(paths::TICKET_VIEWS) {
            p.menu-title { (t(l, "tickets.view.keep.title")) }
            input type="hidden" name="id" value=(v.next);
            input type="hidden" name="query" value=(query);
            label {
                span.visually-hidden { (t(l, "tickets.view.name")) }
                input.form-control type="text" name="name" required maxlength="40" autocomplete="off"
                    placeholder=(t(l, "tickets.view.name"));
            }
            @if v.may_share {
                label.filter-box { input type="checkbox" name="shared" value="1"; " " (t(l, "tickets.view.share")) }
            }
            button.btn.btn-sm type="submit" { (t(l, "tickets.view.keep")) }
        }
    }
}

fn own_form(l: Locale, view: &KeptView, query: &str) -> Markup {
    let label = |key: &str| fill(l, key, &[("name", &view.name)]);
    html! {
        div.kept-own {
            form.kept-row method="post" action=(paths::ticket_view(&view.id)) {
                input type="hidden" name="query" value=(query);
                label {
                    span.visually-hidden { (label("tickets.view.rename.label")) }
                    input.form-control type="text" name="name" required maxlength="40" value=(view.name) autocomplete="off";
                }
                button.btn.btn-sm type="submit" { (t(l, "tickets.view.rename")) }
            }
            form method="post" action=(paths::ticket_view_removal(&view.id)) {
                input type="hidden" name="query" value=(query);
                button.icon-btn type="submit" aria-label=(label("tickets.view.remove")) title=(label("tickets.view.remove")) { (ui::icon("trash")) }
            }
        }
    }
}
