//! Who is in a group, and what those who manage groups may change. The same for every viewer: style hides what the
//! page's `data-can` does not name, and the server checks every click.

use maud::{Markup, html};

use super::{ConversationPanel, Kind};
use crate::presence::PersonView;
use crate::text::{Locale, fill, plural, t};
use crate::{dom, paths, ui};

/// The longest title of a group, in characters.
const TITLE_CHARS: i64 = 80;

/// Somebody in a group.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct MemberView {
    /// The person.
    pub person: PersonView,
    /// When they joined, as the list sorts: a decimal integer.
    pub sort: String,
}

/// How many there are; opened, who they are.
pub(super) fn panel(l: Locale, c: &ConversationPanel) -> Markup {
    html! {
        details.menu.talk-people data-menu {
            summary.menu-button.quiet { (member_count(l, &c.id, c.members.len())) (ui::icon("chevron-down")) }
            div.menu-panel {
                p.menu-title { (t(l, "chat.group.members")) @if !c.campaign.is_empty() { " · " (c.campaign) } }
                ul.rows.member-list id=(dom::members(&c.id).id()) {
                    @for m in &c.members { (member(l, &c.id, c.kind, m)) }
                }
                @if let Some(person) = &c.created_by {
                    p.quiet.member-made data-names=(person.id) {
                        (fill(l, "chat.group.created_by", &[("name", &person.name)]))
                    }
                }
                @if c.kind == Kind::Group {
                    div.menu-last data-needs="ManageGroups" {
                        a.menu-item href=(paths::group_people(&c.id)) { (ui::icon("user-plus")) (t(l, "chat.group.add")) }
                        (rename_form(l, &c.id, &c.title))
                    }
                }
            }
        }
    }
}

/// `5 personas`.
pub fn member_count(l: Locale, id: &str, count: usize) -> Markup {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    html! { span.num id=(dom::member_count(id).id()) { (plural(l, "chat.group.people", count)) } }
}

/// One person of a group, with the button that takes them out.
pub fn member(l: Locale, id: &str, kind: Kind, m: &MemberView) -> Markup {
    let remove = fill(l, "chat.group.remove", &[("name", &m.person.name)]);
    let url = paths::group_removal(id);
    html! {
        li id=(dom::member(id, &m.person.id).id()) data-sort=(m.sort) {
            (ui::avatar_with_dot(l, &m.person))
            div.row-main { strong.clip { (m.person.name) } span.quiet.clip { (m.person.role_word(l)) } }
            @if kind == Kind::Group {
                form method="post" action=(url) hx-post=(url) hx-swap="none" hx-confirm={ (remove) "?" } data-person=(m.person.id)
                    data-needs="ManageGroups" {
                    input type="hidden" name="user_id" value=(m.person.id);
                    button.icon-btn type="submit" aria-label=(remove) title=(remove) { (ui::icon("x")) }
                }
            }
        }
    }
}

/// The form that renames a group; its input follows what others rename, unless one is typing in it.
pub fn rename_form(l: Locale, id: &str, title: &str) -> Markup {
    let (url, input) = (paths::group_title(id), format!("f-title-{id}"));
    html! {
        form.rename id=(dom::rename(id).id()) method="post" action=(url) hx-post=(url) hx-swap="none" {
            label.visually-hidden for=(input) { (t(l, "chat.group.title")) }
            input.form-control id=(input) name="title" value=(title) maxlength=(TITLE_CHARS) required autocomplete="off";
            button.btn.btn-sm type="submit" { (t(l, "chat.group.rename")) }
        }
    }
}

/// What stands where the conversation was, for who is no longer in it. It names the conversation, so that it is drawn
/// anew when they are let in again.
pub fn talk_gone(l: Locale, id: &str) -> Markup {
    html! {
        div.talk.talk-gone id=(dom::talk(id).id()) data-names=(id) {
            (ui::empty("users", t(l, "chat.group.gone"), Some((paths::CHAT, t(l, "chat.back")))))
        }
    }
}
