//! Files as screens show them.

use views::{
    paths::FilePaths,
    text::Locale,
    ui::{FileKind, FileView},
};

use super::queries::StoredFile;

/// A file as screens show it, at the addresses of the feature that has it.
pub fn view(l: Locale, file: &StoredFile, paths: &FilePaths) -> FileView {
    let id = file.file_id.to_string();
    FileView {
        url: (paths.file)(&id),
        thumbnail_url: (paths.thumbnail)(&id),
        removal_url: (paths.removal)(&id),
        id,
        name: file.name.clone(),
        size: size_text(l, file.size_bytes),
        kind: kind_of(&file.content_type),
        picture: file.width.zip(file.height).filter(|_| file.thumbnail_key.is_some()),
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
