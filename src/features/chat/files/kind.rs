//! What may be attached: told by the content, never by what the name or the browser says.
//!
//! A list of what is allowed, not of what is forbidden: the next dangerous type is refused before anybody has heard of
//! it. Scripts, programs, SVG and HTML are not on it.

/// Bytes of the beginning that tell the type: enough for the first entries of an office document.
pub const HEAD_BYTES: usize = 8 * 1024;
/// Longest name, in characters.
const NAME_CHARS: usize = 100;

/// Content types and the endings that fit them; the first is given to a name that has none of them.
const ALLOWED: [(&str, &[&str]); 30] = [
    ("image/jpeg", &["jpg", "jpeg", "jfif"]),
    ("image/png", &["png"]),
    ("image/webp", &["webp"]),
    ("image/gif", &["gif"]),
    ("image/heif", &["heic", "heif"]),
    ("image/tiff", &["tif", "tiff"]),
    ("image/bmp", &["bmp"]),
    ("application/pdf", &["pdf"]),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", &["docx"]),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", &["xlsx"]),
    ("application/vnd.openxmlformats-officedocument.presentationml.presentation", &["pptx"]),
    ("application/msword", &["doc"]),
    ("application/vnd.ms-excel", &["xls"]),
    ("application/vnd.ms-powerpoint", &["ppt"]),
    ("application/vnd.oasis.opendocument.text", &["odt"]),
    ("application/vnd.oasis.opendocument.spreadsheet", &["ods"]),
    ("application/vnd.oasis.opendocument.presentation", &["odp"]),
    ("application/zip", &["zip", "docx", "xlsx", "pptx", "odt", "ods", "odp"]),
    (TEXT, &["txt", "csv", "tsv", "log", "md", "ics", "vcf"]),
    ("audio/mpeg", &["mp3"]),
    ("audio/m4a", &["m4a"]),
    ("audio/ogg", &["ogg", "oga"]),
    ("audio/opus", &["opus", "ogg"]),
    ("audio/x-wav", &["wav"]),
    ("audio/amr", &["amr"]),
    ("audio/aac", &["aac"]),
    ("video/mp4", &["mp4", "m4v"]),
    ("video/x-m4v", &["m4v", "mp4"]),
    ("video/webm", &["webm"]),
    ("video/quicktime", &["mov"]),
];
const TEXT: &str = "text/plain";

/// Endings that systems run or open as a page: refused whatever the content is, since the name alone would do harm.
const FORBIDDEN: [&str; 40] = [
    "apk", "app", "bat", "bin", "cmd", "com", "cpl", "dll", "dmg", "docm", "exe", "hta", "htm", "html", "iso", "jar",
    "js", "jse", "lnk", "mht", "mjs", "msi", "php", "pif", "pptm", "ps1", "py", "rb", "reg", "scr", "sh", "svg",
    "svgz", "url", "vbe", "vbs", "wsf", "xhtml", "xlsm", "xml",
];

/// A file that may be attached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recognised {
    /// Cleaned, with an ending that fits the content.
    pub name: String,
    /// Told by the content.
    pub content_type: &'static str,
}

/// Why a file is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It holds nothing.
    Empty,
    /// Not of a type that may be attached.
    Type,
}

impl Recognised {
    /// Whether a small picture can be made of it.
    pub fn is_picture(&self) -> bool {
        matches!(self.content_type, "image/jpeg" | "image/png" | "image/webp")
    }
}

/// Tells what a file is by its first bytes (at least [`HEAD_BYTES`] of them, unless it is shorter).
///
/// # Errors
/// It may not be attached.
pub fn recognise(name: &str, head: &[u8]) -> Result<Recognised, Refusal> {
    if head.is_empty() {
        return Err(Refusal::Empty);
    }
    let name = clean(name);
    let ending = ending_of(&name);
    if ending.as_deref().is_some_and(|e| FORBIDDEN.contains(&e)) {
        return Err(Refusal::Type);
    }
    let found = match infer::get(head) {
        Some(kind) => kind.mime_type(),
        None if is_text(head) => TEXT,
        None => return Err(Refusal::Type),
    };
    let (content_type, endings) = ALLOWED.iter().find(|(allowed, _)| *allowed == found).ok_or(Refusal::Type)?;
    let fits = ending.as_deref().is_some_and(|e| endings.contains(&e));
    // Plain text has no signature: only the name says that text is meant.
    if !fits && *content_type == TEXT {
        return Err(Refusal::Type);
    }
    let name = if fits { name } else { format!("{name}.{}", endings[0]) };
    Ok(Recognised { name, content_type })
}

/// Text without anything that a browser or a shell would take for more than text.
fn is_text(head: &[u8]) -> bool {
    // The last character may be cut in the middle.
    let valid = match std::str::from_utf8(head) {
        Ok(_) => head.len(),
        Err(error) if error.valid_up_to() + 4 > head.len() => error.valid_up_to(),
        // What spreadsheets on Windows write: no UTF-8, but no control characters either.
        Err(_) => return !head.iter().any(|b| *b < 9 || (14..32).contains(b)) && !is_markup(head),
    };
    !head[..valid].contains(&0) && !is_markup(head)
}

fn is_markup(head: &[u8]) -> bool {
    let start = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let start = start.trim_ascii_start();
    start.starts_with(b"<") || start.starts_with(b"#!") || start.starts_with(b"MZ")
}

fn ending_of(name: &str) -> Option<String> {
    name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase())
}

/// The last part of a path, without what could mislead: control characters, signs that turn the direction of writing
/// (`exe.gpj` read as `jpg.exe`), what Windows does not take, dots and spaces at its ends.
fn clean(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_plain = |c: &char| {
        let turns =
            matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
        !c.is_control() && !turns && !"<>:\"|?*".contains(*c)
    };
    let plain: String = last.chars().filter(is_plain).collect();
    let plain = plain.trim_matches(['.', ' ']);
    if plain.is_empty() {
        return "file".to_owned();
    }
    if plain.chars().count() <= NAME_CHARS {
        return plain.to_owned();
    }
    let (stem, ending) = plain.rsplit_once('.').filter(|(_, e)| e.chars().count() <= 8).unwrap_or((plain, ""));
    let stem: String = stem.chars().take(NAME_CHARS - 10).collect();
    if ending.is_empty() { stem } else { format!("{}.{ending}", stem.trim_end()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    const PDF: &[u8] = b"%PDF-1.7\n%\xe2\xe3";
    const EXE: &[u8] = b"MZ\x90\0\x03\0\0\0";
    const ZIP: &[u8] = b"PK\x03\x04\x14\0\0\0\0\0";

    #[test]
    fn the_content_tells_the_type_and_the_name_follows() {
        for (name, head, expected) in [
            ("foto.png", PNG, Ok(("foto.png", "image/png"))),
            ("foto.PNG", PNG, Ok(("foto.PNG", "image/png"))),
            ("foto.jpg", PNG, Ok(("foto.jpg.png", "image/png"))),
            ("informe", PDF, Ok(("informe.pdf", "application/pdf"))),
            ("informe.pdf.", PDF, Ok(("informe.pdf", "application/pdf"))),
            ("datos.zip", ZIP, Ok(("datos.zip", "application/zip"))),
            ("datos.xlsx", ZIP, Ok(("datos.xlsx", "application/zip"))),
            ("notas.txt", "línea uno\nlínea dos".as_bytes(), Ok(("notas.txt", TEXT))),
            ("windows.csv", b"a\xf1o;valor\r\n2026;1", Ok(("windows.csv", TEXT))),
            ("notas.pdf", b"only text", Err(Refusal::Type)),
            ("notas", b"only text", Err(Refusal::Type)),
            ("factura.pdf", EXE, Err(Refusal::Type)),
            ("factura.txt", EXE, Err(Refusal::Type)),
            ("pagina.txt", b" <!DOCTYPE html><script>", Err(Refusal::Type)),
            ("dibujo.txt", b"<svg onload=alert(1)>", Err(Refusal::Type)),
            ("dibujo.svg", b"<?xml version='1.0'?><svg/>", Err(Refusal::Type)),
            ("orden.txt", b"#!/bin/sh\nrm -rf ~", Err(Refusal::Type)),
            ("foto.exe", PNG, Err(Refusal::Type)),
            ("foto.html", PNG, Err(Refusal::Type)),
            ("macro.xlsm", ZIP, Err(Refusal::Type)),
            ("nada.pdf", b"", Err(Refusal::Empty)),
            ("raro.bin2", b"\0\x01\x02\x03", Err(Refusal::Type)),
        ] {
            let found = recognise(name, head);
            let found = found.as_ref().map(|f| (f.name.as_str(), f.content_type)).map_err(|e| *e);
            assert_eq!(found, expected, "{name}");
        }
    }

    #[test]
    fn a_name_is_one_plain_part() {
        for (name, expected) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\fotos\\yo.png", "yo.png"),
            ("..", "file"),
            ("", "file"),
            ("  .oculto. ", "oculto"),
            ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
            ("foto\u{202e}gpj.exe", "fotogpj.exe"),
            ("<img src=x>.png", "img src=x.png"),
            ("Informe de año 2026 (final).pdf", "Informe de año 2026 (final).pdf"),
        ] {
            assert_eq!(clean(name), expected);
        }
        let long = clean(&format!("{}.pdf", "ñ".repeat(400)));
        assert!(long.chars().count() <= NAME_CHARS && long.ends_with(".pdf"), "{long}");
    }
}
