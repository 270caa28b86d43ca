//! The form of a new ticket.

use maud::{Markup, html};

use crate::paths;
use crate::text::{Locale, t};
use crate::ui::{self, ChoiceView, FieldView, UploadView, error_for, field, lines, select};

/// What the form holds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FormView {
    /// The key under which it is stored once, however often it is sent.
    pub key: String,
    /// Subject.
    pub title: String,
    /// What is wrong or wanted.
    pub description: String,
    /// Code of the application.
    pub application: String,
    /// Code of the kind.
    pub kind: String,
    /// Code of the priority.
    pub priority: String,
    /// UUID of the campaign.
    pub campaign: String,
    /// Codes and words to choose from.
    pub applications: Vec<(String, String)>,
    /// Codes and words to choose from.
    pub kinds: Vec<(String, String)>,
    /// Codes and words to choose from.
    pub priorities: Vec<(String, String)>,
    /// Campaigns to choose from.
    pub campaigns: Vec<(String, String)>,
    /// Files of the ticket.
    pub upload: UploadView,
    /// What is wrong, as pairs of field and text key.
    pub errors: Vec<(String, String)>,
}

/// The page.
pub fn form_panel(l: Locale, v: &FormView) -> Markup {
    let choice = |name, label_key, value, options: &[(String, String)]| {
        let error_key = error_for(&v.errors, name);
        select(l, &ChoiceView { id: "", name, label_key, value, help_key: None, error_key, required: true }, options)
    };
    html! {
        header.page-head {
            a.icon-btn href=(paths::TICKETS) aria-label=(t(l, "tickets.back")) title=(t(l, "tickets.back")) { (ui::icon("arrow-left")) }
            h1 { (t(l, "tickets.new")) }
        }
        div.narrow {
            form.stack method="post" action=(paths::TICKETS) data-once {
                input type="hidden" name="key" value=(v.key);
                (field(l, &FieldView {
                    name: "title", label_key: "tickets.subject", kind: "text", value: &v.title, autocomplete: "off",
                    error_key: error_for(&v.errors, "title"), required: true, ..FieldView::default()
                }))
                (lines(l, &ChoiceView { id: "",
                    name: "description", label_key: "tickets.description", value: &v.description,
                    help_key: Some("tickets.description.help"), error_key: error_for(&v.errors, "description"), required: true,
                }))
                div.pair {
                    (choice("application", "tickets.application", &v.application, &v.applications))
                    (choice("kind", "tickets.kind", &v.kind, &v.kinds))
                    (choice("priority", "tickets.column.priority", &v.priority, &v.priorities))
                    (choice("campaign", "tickets.campaign", &v.campaign, &v.campaigns))
                }
                (ui::upload(l, &v.upload))
                @if let Some(key) = error_for(&v.errors, "files") { p.field-error role="alert" { (t(l, key)) } }
                div.actions {
                    (ui::submit(t(l, "tickets.create")))
                    a.btn href=(paths::TICKETS) { (t(l, "tickets.cancel")) }
                }
            }
        }
    }
}
