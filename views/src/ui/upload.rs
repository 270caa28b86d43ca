//! Bringing files: those that wait to be sent, and what a script shows of those on their way.

use maud::{Markup, html};

use super::{FileView, icon};
use crate::text::{Locale, fill, t};

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

/// What a script fills for a file that is on its way.
pub fn upload_template(l: Locale) -> Markup {
    html! {
        template data-upload-template {
            li.wait-file data-upload {
                (icon("paperclip"))
                span.file-name.clip dir="auto" data-upload-name {}
                progress max="100" value="0" aria-label=(t(l, "file.uploading")) {}
                button.icon-btn type="button" data-cancel-upload aria-label=(t(l, "file.cancel")) { (icon("x")) }
            }
        }
    }
}
