//! Files that are sent with messages: brought first, one by one, then sent with a message that names them.

mod attach;
mod download;
mod housekeeping;
mod kind;
mod upload;

use views::{
    chat::{AttachmentView, FileKind},
    text::Locale,
};

use super::queries::AttachmentRow;
use crate::storage::Key;

pub use attach::{attach, line, parse};
pub use download::{show_file, show_thumbnail};
pub use housekeeping::prune;
pub use upload::{remove, upload};

/// Longest file (domain: files, section 1.3).
pub const FILE_BYTES: u64 = 10 * 1024 * 1024;
/// Most files of one message.
pub const FILES: usize = 10;
/// Longest body of one upload: as many files as a message may have, and the text beside them.
pub const BODY_BYTES: usize = FILES * FILE_BYTES as usize + 64 * 1024;

/// A file as screens show it.
pub fn view(l: Locale, row: &AttachmentRow) -> AttachmentView {
    AttachmentView {
        id: row.attachment_id.to_string(),
        name: row.name.clone(),
        size: size_text(l, row.size_bytes),
        kind: kind_of(&row.content_type),
        picture: row.width.zip(row.height).filter(|_| row.has_thumbnail),
    }
}

fn kind_of(content_type: &str) -> FileKind {
    match content_type.split_once('/') {
        Some(("image", _)) => FileKind::Image,
        Some(("audio", _)) => FileKind::Audio,
        Some(("video", _)) => FileKind::Video,
        Some((_, "pdf")) => FileKind::Pdf,
        Some((_, sub)) if sub.contains("sheet") || sub.contains("excel") => FileKind::Sheet,
        Some((_, "zip")) => FileKind::Archive,
        _ => FileKind::Text,
    }
}

/// `840 B`, `12 KB`, `1,4 MB`.
fn size_text(l: Locale, bytes: i64) -> String {
    const KB: i64 = 1024;
    if bytes < KB {
        return format!("{bytes} B");
    }
    if bytes < KB * KB {
        return format!("{} KB", (bytes + KB / 2) / KB);
    }
    let tenths = (bytes * 10 + KB * KB / 2) / (KB * KB);
    let point = if l == Locale::Es { ',' } else { '.' };
    format!("{}{point}{} MB", tenths / 10, tenths % 10)
}

/// The key of a row, as it was made.
fn key(text: &str) -> anyhow::Result<Key> {
    Ok(Key::parse(text)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short_and_in_the_readers_language() {
        for (bytes, es, en) in [
            (0, "0 B", "0 B"),
            (1_023, "1023 B", "1023 B"),
            (1_536, "2 KB", "2 KB"),
            (1_468_006, "1,4 MB", "1.4 MB"),
            (10 * 1_048_576, "10,0 MB", "10.0 MB"),
        ] {
            assert_eq!((size_text(Locale::Es, bytes), size_text(Locale::En, bytes)), (es.to_owned(), en.to_owned()));
        }
    }
}
