//! The page of who follows a ticket.

use maud::{Markup, html};

use crate::presence::PersonView;
use crate::text::{Locale, fill, t};
use crate::ui::{self, ChoiceView, select};
use crate::{dom, paths};

/// What the page shows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FollowersView {
    /// UUID of the ticket.
    pub ticket: String,
    /// `#123`.
    pub number: i64,
    /// Subject.
    pub title: String,
    /// Who follows it, and whether the reader may make them stop.
    pub followers: Vec<(PersonView, bool)>,
    /// Who may be made to; `None` when the reader may not.
    pub candidates: Option<Vec<(String, String)>>,
    /// Key of what is wrong with who was chosen.
    pub error_key: Option<&'static str>,
}

/// The page.
pub fn followers_panel(l: Locale, v: &FollowersView) -> Markup {
    let back = t(l, "tickets.followers.back");
    html! {
        header.page-head {
            a.icon-btn href=(paths::ticket(&v.ticket)) aria-label=(back) title=(back) { (ui::icon("arrow-left")) }
            h1 { (t(l, "tickets.followers")) }
            p.quiet { span.num { "#" (v.number) } " " (v.title) }
        }
        div.narrow data-names=(v.ticket) {
            (ui::live_list(l, &dom::ticket_followers(&v.ticket), &v.ticket, followers(l, v)))
        }
    }
}

fn followers(l: Locale, v: &FollowersView) -> Markup {
    html! {
        p.quiet { (t(l, "tickets.followers.what")) }
        @if v.followers.is_empty() { (ui::empty("bell", t(l, "tickets.followers.nobody"), None)) }
        ul.follower-list {
            @for (person, is_removable) in &v.followers {
                li.follower {
                    (ui::avatar(person))
                    span.clip data-names=(person.id) { (person.name) }
                    @if *is_removable {
                        form method="post" action=(paths::ticket_unfollow(&v.ticket)) {
                            input type="hidden" name="user" value=(person.id);
                            button.btn.btn-sm type="submit"
                                aria-label=(fill(l, "tickets.followers.remove.who", &[("name", &person.name)])) {
                                (t(l, "tickets.followers.remove"))
                            }
                        }
                    }
                }
            }
        }
        @if let Some(people) = &v.candidates {
            form.stack method="post" action=(paths::ticket_followers(&v.ticket)) {
                (select(l, &ChoiceView {
                    id: "", name: "user", label_key: "tickets.followers.add", value: "",
                    help_key: Some("tickets.followers.add.help"), error_key: v.error_key, required: true,
                }, people))
                div.actions { (ui::submit(t(l, "tickets.followers.add.send"))) }
            }
        }
    }
}
