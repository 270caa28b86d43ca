//! Where a message is written: text, files beside it, emoji.

use maud::{Markup, html};

use super::{ConversationPanel, MAX_CHARS, emoji};
use crate::text::{Locale, t};
use crate::{dom, paths, ui};

/// The form that writes. Its id is that of the conversation, so that a morph keeps what is being typed.
pub(super) fn composer(l: Locale, c: &ConversationPanel) -> Markup {
    let text_id = format!("text-{}", c.id);
    let error_id = format!("text-error-{}", c.id);
    let url = paths::messages(&c.id);
    html! {
        form.composer id=(dom::composer(&c.id).id()) method="post" action=(url) hx-post=(url) hx-swap="none" data-composer=(c.id)
            data-uploads=(c.id) data-max=(MAX_CHARS) data-draft-url=(paths::draft(&c.id)) data-draft-at=[c.draft_at_ms] {
            input type="hidden" name="id" value=(c.message_id);
            // A script sets it while the person answers a message.
            input type="hidden" name="quoted_id" value="";
            label.visually-hidden for=(text_id) { (t(l, "chat.composer.label")) }
            (ui::upload_list(l, &c.files))
            div.composer-box {
                (ui::upload_button(l, &c.files, html! { span.visually-hidden { (t(l, "file.attach")) } }, "icon-btn"))
                (emoji::picker(l))
                textarea.form-control id=(text_id) name="body" rows="1" maxlength=(MAX_CHARS) dir="auto"
                    placeholder=(t(l, "chat.composer.placeholder")) autocomplete="off"
                    aria-describedby=[c.error_key.as_ref().map(|_| &error_id)]
                    aria-invalid=[c.error_key.as_ref().map(|_| "true")] { (c.draft) }
                button.btn.btn-primary type="submit" { (ui::icon("send")) span { (t(l, "chat.composer.send")) } }
            }
            @if let Some(key) = &c.error_key { p.field-error id=(error_id) role="alert" { (t(l, key)) } }
            (ui::upload_error())
            p.composer-help.quiet { span aria-hidden="true" { (t(l, "chat.composer.help")) } span.num data-count-left hidden {} }
        }
    }
}
