//! Bulk import: the form that takes a file, and what came of it.

use maud::{Markup, html};

use crate::admin::{AdminTab, tabs};
use crate::text::{Locale, fill, plural, t};
use crate::ui::{self, Tone};
use crate::{dom, paths};

/// How far an import is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum ImportState {
    /// Read and checked; nobody was made yet.
    #[default]
    Checked,
    /// Good rows are being taken.
    Running,
    /// All of them were.
    Done,
}

/// Something wrong with a row.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct BadRow {
    /// As the spreadsheet numbers it.
    pub number: i64,
    /// Whom it is about, as far as it says.
    pub person: String,
    /// The field, in words.
    pub field: String,
    /// What is wrong, in words.
    pub reason: String,
}

/// What came of a file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ImportView {
    /// Its id in addresses.
    pub id: String,
    /// Whether invitations are mailed; without mail there is a list of links.
    pub can_mail: bool,
    /// What the file was called.
    pub file_name: String,
    /// How far it is.
    pub state: ImportState,
    /// Rows of the file.
    pub total: i64,
    /// Rows that may be imported.
    pub valid: i64,
    /// Rows that were.
    pub made: i64,
    /// The first of what is wrong.
    pub bad: Vec<BadRow>,
}

fn head(l: Locale) -> Markup {
    html! {
        (tabs(l, AdminTab::People))
        header.page-head {
            a.icon-btn href=(paths::PEOPLE) aria-label=(t(l, "people.back")) { (ui::icon("arrow-left")) }
            h1 { (t(l, "import.title")) }
        }
    }
}

/// The form that takes a file.
pub fn upload(l: Locale, error_key: Option<&str>) -> Markup {
    html! {
        (head(l))
        div.record-form {
            @if let Some(key) = error_key { (ui::notice(Tone::Danger, t(l, key))) }
            p.lead { (t(l, "import.intro")) }
            form.stack method="post" action=(paths::PEOPLE_IMPORT) enctype="multipart/form-data" hx-boost="false" {
                div.field {
                    label.form-label for="f-file" { (t(l, "import.file")) }
                    input.form-control id="f-file" type="file" name="file" required accept=".xlsx,.csv,.txt" aria-describedby="f-file-help";
                    p.field-help id="f-file-help" { (t(l, "import.file.help")) }
                }
                div.actions {
                    (ui::submit(t(l, "import.check")))
                    a.btn href=(paths::PEOPLE_TEMPLATE) hx-boost="false" { (ui::icon("download")) (t(l, "import.template")) }
                }
            }
        }
    }
}

/// What came of a file.
pub fn panel(l: Locale, v: &ImportView) -> Markup {
    html! { (head(l)) (region(l, v)) }
}

/// All but the title; while rows are taken it asks for itself again.
pub fn region(l: Locale, v: &ImportView) -> Markup {
    let (id, path) = (dom::import(), paths::people_import(&v.id));
    let is_running = v.state == ImportState::Running;
    html! {
        div.record-form id=(id.id()) hx-get=[is_running.then_some(&path)] hx-trigger=[is_running.then_some("every 1s")]
            hx-target=[is_running.then(|| id.target())] hx-swap=[is_running.then_some("outerHTML")] {
            p { strong.clip { (v.file_name) } }
            p.lead role="status" { (summary(l, v)) }
            @if v.state == ImportState::Checked && v.valid > 0 {
                p.field-help { (t(l, if v.can_mail { "import.links.mail" } else { "import.links.list" })) }
            }
            @if v.state != ImportState::Checked { progress max=(v.valid.max(1)) value=(v.made) aria-label=(t(l, "import.progress")) {} }
            div.actions {
                @if v.valid > v.made {
                    form method="post" action=(path) {
                        button.btn.btn-primary type="submit" disabled[is_running] { (plural(l, "import.go", v.valid - v.made)) }
                    }
                }
                @if v.state == ImportState::Done && v.made > 0 && !v.can_mail {
                    form method="post" action=(paths::people_import_links(&v.id)) hx-boost="false" {
                        button.btn.btn-primary type="submit" { (ui::icon("download")) (t(l, "import.links")) }
                    }
                }
                a.btn href=(paths::PEOPLE_IMPORT) { (t(l, "import.another")) }
            }
            @if v.state == ImportState::Done && v.made > 0 {
                p.field-help { (t(l, if v.can_mail { "import.links.mailed" } else { "import.links.help" })) }
            }
            @if !v.bad.is_empty() { (bad(l, v)) }
        }
    }
}

fn summary(l: Locale, v: &ImportView) -> String {
    let (total, valid, bad, made) =
        (v.total.to_string(), v.valid.to_string(), (v.total - v.valid).to_string(), v.made.to_string());
    let key = match v.state {
        ImportState::Checked => "import.checked",
        ImportState::Running => "import.running",
        ImportState::Done => "import.done",
    };
    fill(l, key, &[("total", &total), ("valid", &valid), ("bad", &bad), ("made", &made)])
}

fn bad(l: Locale, v: &ImportView) -> Markup {
    html! {
        section.import-bad aria-labelledby="import-bad" {
            div.page-head {
                h2 id="import-bad" { (t(l, "import.bad")) }
                div.page-actions { a.btn.btn-sm href=(paths::people_import_report(&v.id)) hx-boost="false" { (ui::icon("download")) (t(l, "import.report")) } }
            }
            table.data-table {
                thead { tr {
                    th scope="col" { (t(l, "import.row")) } th scope="col" { (t(l, "people.name")) }
                    th scope="col" { (t(l, "people.conflict.field")) } th scope="col" { (t(l, "import.reason")) }
                } }
                tbody {
                    @for row in &v.bad {
                        tr {
                            th scope="row" { span.num { (fill(l, "import.row.n", &[("n", &row.number.to_string())])) } }
                            td data-label=(t(l, "people.name")) { span.lines { (row.person) } }
                            td data-label=(t(l, "people.conflict.field")) { (row.field) }
                            td data-label=(t(l, "import.reason")) { (row.reason) }
                        }
                    }
                }
            }
        }
    }
}
