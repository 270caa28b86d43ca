//! What may be attached: told by the content, never by what the name or the browser says.
//!
//! A list of what is allowed, not of what is forbidden: the next dangerous type is refused before anybody has heard of
//! it. Scripts, programs, SVG and HTML are not on it.

/// Bytes of the beginning that tell the type: the first entries of an office document, also behind a preview picture.
pub const HEAD_BYTES: usize = 64 * 1024;
/// Longest name, in characters.
const NAME_CHARS: usize = 100;

/// A content type with the endings that fit it; the first is given to a name that has none of them.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    content_type: &'static str,
    endings: &'static [&'static str],
}

const fn kind(content_type: &'static str, endings: &'static [&'static str]) -> Kind {
    Kind { content_type, endings }
}

/// What may be sent with a message.
pub const ANY: [Kind; 30] = [
    kind("image/jpeg", &["jpg", "jpeg", "jfif"]),
    kind("image/png", &["png"]),
    kind("image/webp", &["webp"]),
    kind("image/gif", &["gif"]),
    kind("image/heif", &["heic", "heif"]),
    kind("image/tiff", &["tif", "tiff"]),
    kind("image/bmp", &["bmp"]),
    kind("application/pdf", &["pdf"]),
    kind(DOCX, &["docx"]),
    kind(XLSX, &["xlsx"]),
    kind(PPTX, &["pptx"]),
    kind(DOC, &["doc"]),
    kind(XLS, &["xls"]),
    kind(PPT, &["ppt"]),
    kind("application/vnd.oasis.opendocument.text", &["odt"]),
    kind("application/vnd.oasis.opendocument.spreadsheet", &["ods"]),
    kind("application/vnd.oasis.opendocument.presentation", &["odp"]),
    kind(ZIP, &["zip", "docx", "xlsx", "pptx", "odt", "ods", "odp"]),
    kind(TEXT, &["txt", "csv", "tsv", "log", "md", "ics", "vcf"]),
    kind("audio/mpeg", &["mp3"]),
    kind("audio/m4a", &["m4a"]),
    kind("audio/ogg", &["ogg", "oga"]),
    kind("audio/opus", &["opus", "ogg"]),
    kind("audio/x-wav", &["wav"]),
    kind("audio/amr", &["amr"]),
    kind("audio/aac", &["aac"]),
    kind("video/mp4", &["mp4", "m4v"]),
    kind("video/x-m4v", &["m4v", "mp4"]),
    kind("video/webm", &["webm"]),
    kind("video/quicktime", &["mov"]),
];

/// Pictures, PDF, Word and Excel: what belongs to a ticket.
pub const PAPERS: [Kind; 7] = [
    kind("image/jpeg", &["jpg", "jpeg"]),
    kind("image/png", &["png"]),
    kind("application/pdf", &["pdf"]),
    kind(DOCX, &["docx"]),
    kind(XLSX, &["xlsx"]),
    kind(DOC, &["doc"]),
    kind(XLS, &["xls"]),
];

const TEXT: &str = "text/plain";
const ZIP: &str = "application/zip";
const DOC: &str = "application/msword";
const XLS: &str = "application/vnd.ms-excel";
const PPT: &str = "application/vnd.ms-powerpoint";
const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const PPTX: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation";

/// Endings of the office's documents, their content types up to 2003 and since 2007, and the folder within the latter.
const OFFICE: [(&str, &str, &[u8]); 6] = [
    ("doc", DOC, b""),
    ("xls", XLS, b""),
    ("ppt", PPT, b""),
    ("docx", DOCX, b"word/"),
    ("xlsx", XLSX, b"xl/"),
    ("pptx", PPTX, b"ppt/"),
];
/// How the documents up to 2003 begin, whatever is in them.
const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// How each entry of a ZIP begins; its name stands [`ENTRY_NAME`] bytes further on.
const ENTRY: &[u8] = b"PK\x03\x04";
const ENTRY_NAME: usize = 30;

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
/// It is none of these kinds.
pub fn recognise(kinds: &[Kind], name: &str, head: &[u8]) -> Result<Recognised, Refusal> {
    if head.is_empty() {
        return Err(Refusal::Empty);
    }
    let name = clean(name);
    let ending = ending_of(&name);
    if ending.as_deref().is_some_and(|e| FORBIDDEN.contains(&e)) {
        return Err(Refusal::Type);
    }
    let found = content_type(ending.as_deref(), head).ok_or(Refusal::Type)?;
    let Kind { content_type, endings } = kinds.iter().find(|kind| kind.content_type == found).ok_or(Refusal::Type)?;
    let fits = ending.as_deref().is_some_and(|e| endings.contains(&e));
    // Plain text has no signature: only the name says that text is meant.
    if !fits && *content_type == TEXT {
        return Err(Refusal::Type);
    }
    let name = if fits { name } else { format!("{name}.{}", endings[0]) };
    Ok(Recognised { name, content_type })
}

/// What the first bytes say; where they say no more than that it is a document of the office, the name says which.
fn content_type(ending: Option<&str>, head: &[u8]) -> Option<&'static str> {
    let found = infer::get(head).map(|kind| kind.mime_type());
    let office = OFFICE.iter().find(|(known, ..)| ending == Some(known));
    let named = |is: &dyn Fn(&[u8]) -> bool| office.filter(|(.., folder)| is(folder)).map(|(_, kind, _)| *kind);
    match found {
        Some(DOC | XLS | PPT | DOCX | XLSX | PPTX) => found,
        _ if head.starts_with(OLE) => named(&|folder| folder.is_empty()),
        // Writers order the entries as they like: the folder may come late.
        _ if head.starts_with(ENTRY) => named(&|folder| has_folder(head, folder)).or(found),
        None if is_text(head) => Some(TEXT),
        found => found,
    }
}

/// Whether an entry of this ZIP lies in the folder.
fn has_folder(head: &[u8], folder: &[u8]) -> bool {
    let is_entry = |at: &[u8]| at.starts_with(ENTRY) && at[ENTRY_NAME..].starts_with(folder);
    !folder.is_empty() && head.windows(ENTRY_NAME + folder.len()).any(is_entry)
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
            let found = recognise(&ANY, name, head);
            let found = found.as_ref().map(|f| (f.name.as_str(), f.content_type)).map_err(|e| *e);
            assert_eq!(found, expected, "{name}");
        }
    }

    /// A ZIP with these entries, each of one byte, as an office writes them.
    fn zip(entries: &[&str]) -> Vec<u8> {
        let entry = |name: &&str| {
            let mut bytes = b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0\x01\0\0\0".to_vec();
            bytes.extend([u8::try_from(name.len()).expect("short"), 0, 0, 0]);
            bytes.extend(name.bytes());
            bytes.push(b'x');
            bytes
        };
        entries.iter().flat_map(entry).collect()
    }

    #[test]
    fn a_ticket_takes_pictures_pdf_word_and_excel_by_their_content() {
        let old = [OLE, &[0; 600]].concat();
        let hidden_in_pdf = [EXE, b"%PDF-1.7\n"].concat();
        let types = "[Content_Types].xml";
        let word = zip(&[types, "_rels/.rels", "word/document.xml"]);
        let late = zip(&["docProps/app.xml", "docProps/core.xml", "customXml/item1.xml", types, "xl/workbook.xml"]);
        for (name, head, expected) in [
            ("foto.png", PNG, Ok(("foto.png", "image/png"))),
            ("foto.JPEG", b"\xff\xd8\xff\xe0\0\x10JFIF", Ok(("foto.JPEG", "image/jpeg"))),
            ("foto.jfif", b"\xff\xd8\xff\xe0\0\x10JFIF", Ok(("foto.jfif.jpg", "image/jpeg"))),
            ("acuerdo.pdf", PDF, Ok(("acuerdo.pdf", "application/pdf"))),
            ("carta.doc", &*old, Ok(("carta.doc", DOC))),
            ("base.XLS", &*old, Ok(("base.XLS", XLS))),
            ("carta.docx", &*word, Ok(("carta.docx", DOCX))),
            ("base.xlsx", &*late, Ok(("base.xlsx", XLSX))),
            // A program, whatever it is called and whatever stands further in.
            ("factura.pdf", EXE, Err(Refusal::Type)),
            ("factura.pdf", &*hidden_in_pdf, Err(Refusal::Type)),
            ("factura.doc", EXE, Err(Refusal::Type)),
            ("foto.exe", PNG, Err(Refusal::Type)),
            // Archives that are no document, and a document that is neither.
            ("base.zip", &*zip(&["base.csv"]), Err(Refusal::Type)),
            ("base.xlsx", &*zip(&["base.csv"]), Err(Refusal::Type)),
            ("base.xlsx", &*zip(&["fotos/xl/a.xml"]), Err(Refusal::Type)),
            ("instalador.msi", &*old, Err(Refusal::Type)),
            ("clase.ppt", &*old, Err(Refusal::Type)),
            ("mensaje", &*old, Err(Refusal::Type)),
            // What only chat takes.
            ("notas.txt", b"una nota", Err(Refusal::Type)),
            ("nota.mp3", b"ID3\x03\0\0\0\0\0\0", Err(Refusal::Type)),
            ("foto.gif", b"GIF89a\x01\0\x01\0", Err(Refusal::Type)),
            ("nada.pdf", b"", Err(Refusal::Empty)),
        ] {
            let found = recognise(&PAPERS, name, head);
            let found = found.as_ref().map(|f| (f.name.as_str(), f.content_type)).map_err(|e| *e);
            assert_eq!(found, expected, "{name}");
        }
        assert!(recognise(&ANY, "clase.ppt", &old).is_ok_and(|found| found.content_type == PPT));
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
