//! Files: those of a message, and those that wait beside the composer to be sent.

use maud::{Markup, html};

use crate::text::{Locale, fill, t};
use crate::{paths, ui};

/// Largest width at which a picture stands in a conversation, in pixels.
const WIDTH: i64 = 320;
/// Largest height.
const HEIGHT: i64 = 240;

/// What a file is, as far as its icon tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum FileKind {
    /// A picture.
    Image,
    /// Sound.
    Audio,
    /// Moving pictures.
    Video,
    /// PDF.
    Pdf,
    /// A spreadsheet.
    Sheet,
    /// Several files in one.
    Archive,
    /// Any other document.
    #[default]
    Text,
}

impl FileKind {
    fn icon(self) -> &'static str {
        match self {
            FileKind::Image => "photo",
            FileKind::Audio => "music",
            FileKind::Video => "movie",
            FileKind::Pdf => "file-type-pdf",
            FileKind::Sheet => "file-spreadsheet",
            FileKind::Archive => "file-zip",
            FileKind::Text => "file-text",
        }
    }
}

/// A file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AttachmentView {
    /// UUID.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `1,4 MB`.
    pub size: String,
    /// What it is.
    pub kind: FileKind,
    /// Width and height of a picture of which there is a small one.
    pub picture: Option<(i64, i64)>,
}

/// The files of a message.
pub fn attachments(l: Locale, files: &[AttachmentView]) -> Markup {
    html! { @if !files.is_empty() { ul.files { @for f in files { li { (attachment(l, f)) } } } } }
}

/// A picture that opens, a player, or a chip that saves.
fn attachment(l: Locale, f: &AttachmentView) -> Markup {
    let url = paths::file(&f.id);
    html! {
        @if let Some(size) = f.picture {
            @let (width, height) = shown(size);
            // Its size is known before it is there: nothing jumps.
            a.file-picture href=(url) target="_blank" rel="noopener" hx-boost="false" {
                img src=(paths::file_thumbnail(&f.id)) alt=(f.name) width=(width) height=(height) loading="lazy" decoding="async";
            }
        } @else if f.kind == FileKind::Audio {
            div.file-sound { (words(f)) audio controls preload="none" src=(url) aria-label=(f.name) {} }
        } @else {
            a.file-chip href=(url) download=(f.name) hx-boost="false" title=(fill(l, "chat.file.save", &[("name", &f.name)])) { (words(f)) }
        }
    }
}

/// Icon, name and size.
fn words(f: &AttachmentView) -> Markup {
    html! {
        span.file-words {
            (ui::icon(f.kind.icon()))
            span.file-name.clip dir="auto" { (f.name) }
            span.file-size.num { (f.size) }
        }
    }
}

/// The size at which a picture is shown: within the box, in its own shape, never larger than it is.
fn shown((width, height): (i64, i64)) -> (i64, i64) {
    let (width, height) = (width.max(1), height.max(1));
    if width <= WIDTH && height <= HEIGHT {
        return (width, height);
    }
    if width * HEIGHT >= height * WIDTH {
        (WIDTH, (height * WIDTH / width).max(1))
    } else {
        ((width * HEIGHT / height).max(1), HEIGHT)
    }
}

/// Files that wait to be sent, as chips; the answer to bringing them.
pub fn waiting_files(l: Locale, files: &[AttachmentView]) -> Markup {
    html! {
        @for f in files {
            li.wait-file data-file=(f.id) data-name=(f.name) data-size=(f.size) {
                @if f.picture.is_some() { img src=(paths::file_thumbnail(&f.id)) alt="" width="40" height="40"; }
                @else { (ui::icon(f.kind.icon())) }
                span.file-name.clip dir="auto" { (f.name) }
                span.file-size.num { (f.size) }
                // Without scripts it sends the form here, and what was typed comes back with the page.
                button.icon-btn type="submit" formaction=(paths::file_removal(&f.id)) formnovalidate data-remove-file
                    aria-label=(fill(l, "chat.file.remove", &[("name", &f.name)])) { (ui::icon("x")) }
            }
        }
    }
}

/// What a script fills for a file that is on its way.
pub(super) fn upload_template(l: Locale) -> Markup {
    html! {
        template data-upload-template {
            li.wait-file data-upload {
                (ui::icon("paperclip"))
                span.file-name.clip dir="auto" data-upload-name {}
                progress max="100" value="0" aria-label=(t(l, "chat.file.uploading")) {}
                button.icon-btn type="button" data-cancel-upload aria-label=(t(l, "chat.file.cancel")) { (ui::icon("x")) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn a_picture_keeps_its_shape_within_the_box() {
        for (size, expected) in [
            ((100, 50), (100, 50)),
            ((640, 480), (320, 240)),
            ((4000, 1000), (320, 80)),
            ((1000, 4000), (60, 240)),
            ((20_000, 1), (320, 1)),
            ((0, 0), (1, 1)),
        ] {
            assert_eq!(shown(size), expected, "{size:?}");
        }
    }
}
