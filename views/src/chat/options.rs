//! What one may do with a message: a menu for scripts, a page for browsers without them.

use maud::{Markup, html};

use super::marks::{REACTIONS, word};
use crate::presence::PersonView;
use crate::text::{Locale, t};
use crate::{dom, paths, ui};

/// A message on the page of what one may do with it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct MessagePage {
    /// UUID of the conversation.
    pub conversation_id: String,
    /// UUID of the message.
    pub id: String,
    /// Its number in the conversation.
    pub number: i64,
    /// Who wrote it.
    pub name: String,
    /// What it says.
    pub body: String,
    /// Whether it was deleted: then nothing may be done with it.
    pub is_deleted: bool,
    /// Whether the viewer may delete it.
    pub can_delete: bool,
    /// Whether the viewer may still edit it.
    pub can_edit: bool,
    /// A fresh UUID for an answer.
    pub answer_id: String,
}

/// The page of one message: plain forms for all that the menu does.
pub fn message_page(l: Locale, m: &MessagePage) -> Markup {
    let (id, conversation) = (m.id.as_str(), m.conversation_id.as_str());
    html! {
        div.message-page {
            header.page-head {
                a.icon-btn href=(paths::message_at(conversation, m.number)) aria-label=(t(l, "chat.back")) { (ui::icon("arrow-left")) }
                h1 { (t(l, "message.options")) }
            }
            blockquote.message-said { p.msg-name { (m.name) } p dir="auto" { @if m.is_deleted { (t(l, "message.deleted")) } @else { (m.body) } } }
            @if !m.is_deleted {
                form.message-reacts method="post" action=(paths::message_reactions(conversation, id)) hx-boost="false" { (choices(l)) }
                form method="post" action=(paths::messages(conversation)) hx-boost="false" {
                    input type="hidden" name="id" value=(m.answer_id);
                    input type="hidden" name="quoted_id" value=(id);
                    (words(l, "answer", t(l, "message.reply"), ""))
                    button.btn.btn-primary type="submit" { (t(l, "chat.composer.send")) }
                }
            }
            @if m.can_edit {
                form method="post" action=(paths::message(conversation, id)) hx-boost="false" {
                    (words(l, "edit", t(l, "message.edit"), &m.body))
                    button.btn.btn-primary type="submit" { (t(l, "message.save")) }
                }
            }
            @if m.can_delete {
                form method="post" action=(paths::message_delete(conversation, id)) hx-boost="false" {
                    p.quiet { (t(l, "message.delete.what")) }
                    button.btn.btn-danger type="submit" { (t(l, "message.delete")) }
                }
            }
        }
    }
}

fn words(l: Locale, id: &str, label: &str, value: &str) -> Markup {
    html! {
        label for=(id) { (label) }
        textarea.form-control id=(id) name="body" rows="3" required dir="auto" maxlength=(super::MAX_CHARS)
            placeholder=(t(l, "chat.composer.placeholder")) { (value) }
    }
}

fn choices(l: Locale) -> Markup {
    html! {
        @for (kind, picture) in REACTIONS {
            button.emoji-btn type="submit" name="kind" value=(kind) title=(word(l, kind)) aria-label=(word(l, kind)) { (picture) }
        }
    }
}

/// The one menu of all messages, which a script opens beside the message it is for.
pub fn message_menu(l: Locale) -> Markup {
    html! {
        div.msg-menu id=(dom::message_menu().id()) popover role="dialog" aria-label=(t(l, "message.options")) {
            div.msg-menu-reacts role="group" aria-label=(t(l, "message.reactions")) { (choices(l)) }
            div.msg-menu-acts {
                (act("reply", "arrow-back-up", t(l, "message.reply")))
                (act("copy", "copy", t(l, "message.copy")))
                (act("edit", "pencil", t(l, "message.edit")))
                (act("delete", "trash", t(l, "message.delete")))
            }
            div.msg-menu-sure data-sure hidden {
                p { (t(l, "message.delete.what")) }
                button.btn.btn-sm.btn-danger type="button" data-act="sure" { (t(l, "message.delete")) }
                button.btn.btn-sm type="button" data-act="keep" { (t(l, "message.cancel")) }
            }
        }
    }
}

/// Where names to choose from appear; a script asks for them when somebody types "@".
pub fn mention_list(l: Locale) -> Markup {
    html! {
        ul.mentions id=(dom::mentions().id()) role="listbox" aria-label=(t(l, "message.mention")) hidden
            data-url=(paths::message_names("__id__")) {}
    }
}

/// The people of a conversation whom a message may name.
pub fn mention_options(people: &[PersonView]) -> Markup {
    html! {
        @for person in people {
            li role="option" aria-selected="false" data-name=(person.name) { (ui::avatar(person)) span.clip { (person.name) } }
        }
    }
}

fn act(code: &str, icon: &str, word: &str) -> Markup {
    html! { button.menu-item type="button" data-act=(code) { (ui::icon(icon)) span { (word) } } }
}

/// Between messages and composer: what is being answered, and the form that edits. Scripts fill and show them.
pub(super) fn bars(l: Locale) -> Markup {
    html! {
        div.talk-bar data-reply-bar hidden {
            (ui::icon("arrow-back-up"))
            p.msg-quote { span.msg-quote-name data-reply-name {} span.msg-quote-line data-reply-line dir="auto" {} }
            button.icon-btn type="button" data-reply-cancel aria-label=(t(l, "message.reply.cancel")) { (ui::icon("x")) }
        }
        form.talk-bar.edit-bar method="post" data-edit-bar hidden {
            label.visually-hidden for="edit-text" { (t(l, "message.edit")) }
            textarea.form-control id="edit-text" name="body" rows="2" required dir="auto" maxlength=(super::MAX_CHARS) autocomplete="off" {}
            button.btn type="button" data-edit-cancel { (t(l, "message.cancel")) }
            button.btn.btn-primary type="submit" { (t(l, "message.save")) }
            p.field-error data-edit-error role="alert" hidden {}
        }
    }
}
