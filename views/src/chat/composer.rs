//! Where a message is written: text, files beside it, emoji.

use maud::{Markup, html};

use super::{ConversationPanel, MAX_CHARS, emoji};
use crate::text::{Locale, t};
use crate::{dom, paths, ui};

/// Most files of one message.
const MAX_FILES: i64 = 10;
/// Longest file, in bytes; the server refuses it too.
const MAX_FILE_BYTES: i64 = 10 * 1024 * 1024;

/// The form that writes. Its id is that of the conversation, so that a morph keeps what is being typed.
pub(super) fn composer(l: Locale, c: &ConversationPanel) -> Markup {
    let text_id = format!("text-{}", c.id);
    let error_id = format!("text-error-{}", c.id);
    let url = paths::messages(&c.id);
    let files: Vec<&str> = c.files.iter().map(|f| f.id.as_str()).collect();
    html! {
        form.composer id=(dom::composer(&c.id).id()) method="post" action=(url) hx-post=(url) hx-swap="none" data-composer=(c.id)
            data-drop=(t(l, "file.drop")) data-max=(MAX_CHARS) data-draft-url=(paths::draft(&c.id)) data-draft-at=[c.draft_at_ms] {
            input type="hidden" name="id" value=(c.message_id);
            // A script sets it while the person answers a message.
            input type="hidden" name="quoted_id" value="";
            input type="hidden" name="files" value=(files.join(","));
            label.visually-hidden for=(text_id) { (t(l, "chat.composer.label")) }
            ul.wait-files data-waiting aria-label=(t(l, "file.waiting")) { (ui::waiting_files(l, &c.files)) }
            (ui::upload_template(l))
            div.composer-box {
                (attach(l, c))
                (emoji::picker(l))
                textarea.form-control id=(text_id) name="body" rows="1" maxlength=(MAX_CHARS) dir="auto"
                    placeholder=(t(l, "chat.composer.placeholder")) autocomplete="off"
                    aria-describedby=[c.error_key.as_ref().map(|_| &error_id)]
                    aria-invalid=[c.error_key.as_ref().map(|_| "true")] { (c.draft) }
                button.btn.btn-primary type="submit" { (ui::icon("send")) span { (t(l, "chat.composer.send")) } }
            }
            @if let Some(key) = &c.error_key { p.field-error id=(error_id) role="alert" { (t(l, key)) } }
            p.field-error data-file-error role="alert" hidden {}
            p.composer-help.quiet { span aria-hidden="true" { (t(l, "chat.composer.help")) } span.num data-count-left hidden {} }
        }
    }
}

/// The button that chooses files; with scripts they are brought at once, without them by the button beside it.
fn attach(l: Locale, c: &ConversationPanel) -> Markup {
    let url = paths::files(&c.id);
    html! {
        label.icon-btn.attach title=(t(l, "file.attach")) {
            (ui::icon("paperclip"))
            span.visually-hidden { (t(l, "file.attach")) }
            input type="file" name="file" multiple data-file-input data-url=(url) data-max-files=(MAX_FILES)
                data-max-bytes=(MAX_FILE_BYTES) data-too-many=(t(l, "chat.error.file_count"))
                data-too-large=(t(l, "file.error.size"));
        }
        noscript {
            button.btn type="submit" formaction=(url) formenctype="multipart/form-data" formnovalidate { (t(l, "file.bring")) }
        }
    }
}
