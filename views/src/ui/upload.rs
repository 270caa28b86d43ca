//! Bringing files: a box of an ordinary form, and its parts for forms that place them elsewhere. A script brings what is
//! chosen, dropped or pasted at once; without it the form has a button that does.

use maud::{Markup, html};

use super::{FileView, icon};
use crate::text::{Locale, fill, t};

/// Files of a form, and what may be among them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct UploadView {
    /// What tells it from others on the page, and finds it again when the page is drawn anew.
    pub id: String,
    /// Where files are brought: a POST that answers [`waiting_files`].
    pub url: String,
    /// Those that wait to be sent.
    pub files: Vec<FileView>,
    /// What may be brought.
    pub limits: UploadLimits,
}

/// What may be brought, as a script tells before anything is sent; the server decides.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct UploadLimits {
    /// Most files of one form.
    pub files: usize,
    /// Longest file, in bytes.
    pub file_bytes: u64,
    /// Key of what is read when there are more.
    pub count_key: &'static str,
    /// Key of what is read when one is longer.
    pub size_key: &'static str,
    /// Key of the line that tells the limits.
    pub help_key: &'static str,
}

/// Files beside an ordinary form, within it: chips, a button, a place to drop them. As often on a page as it likes.
pub fn upload(l: Locale, u: &UploadView) -> Markup {
    html! {
        div.upload data-uploads=(u.id) data-drop-files=(t(l, "file.drop")) {
            (upload_list(l, u))
            div.upload-bar {
                (upload_button(l, u, html! { span { (t(l, "file.attach")) } }, "btn"))
                span.quiet { (t(l, u.limits.help_key)) }
            }
            (upload_error())
        }
    }
}

/// The files that wait, and the field that names them in the form.
pub fn upload_list(l: Locale, u: &UploadView) -> Markup {
    let ids: Vec<&str> = u.files.iter().map(|f| f.id.as_str()).collect();
    html! {
        input type="hidden" name="files" value=(ids.join(","));
        ul.wait-files data-waiting aria-label=(t(l, "file.waiting")) { (waiting_files(l, &u.files)) }
        (on_its_way(l))
    }
}

/// The button that chooses files; with scripts they are brought at once, without them by the button beside it.
pub fn upload_button(l: Locale, u: &UploadView, words: Markup, class: &str) -> Markup {
    html! {
        label class={ (class) " attach" } title=(t(l, "file.attach")) {
            (icon("paperclip"))
            (words)
            input type="file" name="file" multiple data-file-input data-url=(u.url) data-max-files=(u.limits.files)
                data-max-bytes=(u.limits.file_bytes) data-too-many=(t(l, u.limits.count_key))
                data-too-large=(t(l, u.limits.size_key));
        }
        noscript {
            button.btn type="submit" formaction=(u.url) formenctype="multipart/form-data" formnovalidate { (t(l, "file.bring")) }
        }
    }
}

/// Where a script says what is about none of the files: that they are too many.
pub fn upload_error() -> Markup {
    html! { p.field-error data-upload-error role="alert" hidden {} }
}

/// Files that wait to be sent, as chips; the answer to bringing them.
pub fn waiting_files(l: Locale, files: &[FileView]) -> Markup {
    html! {
        @for f in files {
            li.wait-file data-file=(f.id) data-name=(f.name) data-size=(f.size) {
                @if f.picture.is_some() { img src=(f.thumbnail_url) alt="" width="40" height="40"; }
                @else { (icon(f.kind.icon())) }
                span.file-name.clip dir="auto" { (f.name) }
                span.file-size.num { (f.size) }
                // Without scripts it sends the form here, and what was typed comes back with the page.
                button.icon-btn type="submit" formaction=(f.removal_url) formnovalidate data-remove-file
                    aria-label=(fill(l, "file.remove", &[("name", &f.name)])) { (icon("x")) }
            }
        }
    }
}

/// What a script fills for a file that is on its way, or was refused.
fn on_its_way(l: Locale) -> Markup {
    html! {
        template data-upload-template {
            li.wait-file data-upload {
                (icon("paperclip"))
                span.file-name.clip dir="auto" data-upload-name {}
                progress max="100" value="0" aria-label=(t(l, "file.uploading")) {}
                span.field-error data-file-error role="alert" hidden {}
                button.icon-btn type="button" data-cancel-upload aria-label=(t(l, "file.cancel"))
                    data-text-remove=(t(l, "file.remove")) { (icon("x")) }
            }
        }
    }
}
