//! Files of what was sent: a message, a ticket, a comment.

use maud::{Markup, html};

use super::icon;
use crate::text::{Locale, fill};

/// Largest width at which a picture stands among words, in pixels.
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
    /// Name of its icon.
    pub(super) fn icon(self) -> &'static str {
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
pub struct FileView {
    /// UUID.
    pub id: String,
    /// Its address.
    pub url: String,
    /// That of its small picture.
    pub thumbnail_url: String,
    /// POST: takes it back while it is not sent.
    pub removal_url: String,
    /// Its name.
    pub name: String,
    /// `1,4 MB`.
    pub size: String,
    /// What it is.
    pub kind: FileKind,
    /// Width and height of a picture of which there is a small one.
    pub picture: Option<(i64, i64)>,
}

/// The files of what was sent.
pub fn attachments(l: Locale, files: &[FileView]) -> Markup {
    html! { @if !files.is_empty() { ul.files { @for f in files { li { (attachment(l, f)) } } } } }
}

/// A picture or a PDF that opens, a player, or a chip that saves.
fn attachment(l: Locale, f: &FileView) -> Markup {
    html! {
        @if let Some(size) = f.picture {
            @let (width, height) = shown(size);
            // Its size is known before it is there: nothing jumps.
            a.file-picture href=(f.url) target="_blank" rel="noopener" hx-boost="false" {
                img src=(f.thumbnail_url) alt=(f.name) width=(width) height=(height) loading="lazy" decoding="async";
            }
        } @else if f.kind == FileKind::Audio {
            div.file-sound { (words(f)) audio controls preload="none" src=(f.url) aria-label=(f.name) {} }
        } @else if f.kind == FileKind::Pdf {
            a.file-chip href=(f.url) target="_blank" rel="noopener" hx-boost="false" title=(fill(l, "file.open", &[("name", &f.name)])) { (words(f)) }
        } @else {
            a.file-chip href=(f.url) download=(f.name) hx-boost="false" title=(fill(l, "file.save", &[("name", &f.name)])) { (words(f)) }
        }
    }
}

/// Icon, name and size.
fn words(f: &FileView) -> Markup {
    html! {
        span.file-words {
            (icon(f.kind.icon()))
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
