//! Files of people → rows of text. XLSX or CSV (UTF-8 or Windows-1252, semicolons, commas or tabs). Whatever a file
//! holds, memory stays bounded: bytes, rows, columns and characters of a cell have limits, and what is packed is
//! counted before it is read.

use std::io::{Cursor, Read as _};

use calamine::{DataRef, Reader as _, Xlsx};
use flate2::read::DeflateDecoder;

use crate::error::FieldErrors;

/// Longest file; more is 413.
pub const FILE_BYTES: usize = 20 * 1024 * 1024;
/// Rows of a file without its head; more are refused.
pub const MAX_ROWS: usize = 5_000;
/// Bytes that an XLSX may unpack to: a bomb is refused before it goes off.
const UNPACKED_BYTES: u64 = 100 * 1024 * 1024;
/// Columns that are looked at.
const MAX_COLUMNS: usize = 50;
/// Characters of a cell that are kept: more than any field takes, so that the row is refused and not cut in silence.
const CELL_CHARS: usize = 300;

/// Number of a row in the file and its cells.
pub type Row = (i64, Vec<String>);

/// The rows of a file, the head first; rows without anything in them are left out.
///
/// # Errors
/// What is wrong with the file as a whole.
pub fn read(bytes: &[u8]) -> Result<Vec<Row>, FieldErrors> {
    let rows = if bytes.starts_with(b"PK") { read_xlsx(bytes) } else { read_csv(bytes) };
    let rows = rows.map_err(|key| FieldErrors::one("file", key))?;
    if rows.len() > MAX_ROWS + 1 {
        return Err(FieldErrors::one("file", "import.error.rows"));
    }
    Ok(rows)
}

fn is_empty(cells: &[String]) -> bool {
    cells.iter().all(String::is_empty)
}

fn cell(text: &str) -> String {
    // A control character is nobody's name; a tab or a line within a cell counts as a space.
    let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    plain.take(CELL_CHARS).collect::<String>().trim().to_owned()
}

fn read_csv(bytes: &[u8]) -> Result<Vec<Row>, &'static str> {
    let text = decode(bytes);
    if text.contains('\0') {
        return Err("import.error.format");
    }
    let head = text.lines().next().unwrap_or_default();
    let delimiter = [b';', b',', b'\t'].into_iter().max_by_key(|d| head.matches(char::from(*d)).count());
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter.unwrap_or(b';'))
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for (at, record) in reader.records().enumerate() {
        let record = record.map_err(|_| "import.error.format")?;
        let number = record.position().map_or(at as u64 + 1, csv::Position::line);
        let cells: Vec<String> = record.iter().take(MAX_COLUMNS).map(cell).collect();
        if !is_empty(&cells) {
            rows.push((i64::try_from(number).unwrap_or(i64::MAX), cells));
        }
        if rows.len() > MAX_ROWS + 1 {
            break;
        }
    }
    Ok(rows)
}

/// UTF-8 with or without its mark; what is not UTF-8 is taken for Windows-1252, which spreadsheets write in Spanish.
fn decode(bytes: &[u8]) -> String {
    const HIGH: [char; 32] = [
        '€', ' ', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', ' ', 'Ž', ' ', ' ', '‘', '’', '“', '”', '•',
        '–', '—', '˜', '™', 'š', '›', 'œ', ' ', 'ž', 'Ÿ',
    ];
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes
            .iter()
            .map(|b| if (0x80..0xA0).contains(b) { HIGH[usize::from(b - 0x80)] } else { char::from(*b) })
            .collect(),
    }
}

fn read_xlsx(bytes: &[u8]) -> Result<Vec<Row>, &'static str> {
    if !unpacks_within(bytes, UNPACKED_BYTES) {
        return Err("import.error.format");
    }
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| "import.error.format")?;
    let sheet = book.sheet_names().into_iter().next().ok_or("import.error.format")?;
    let mut reader = book.worksheet_cells_reader(&sheet).map_err(|_| "import.error.format")?;
    let mut rows: Vec<Row> = Vec::new();
    while let Some(found) = reader.next_cell().map_err(|_| "import.error.format")? {
        let (row, column) = found.get_position();
        let (number, column) = (i64::from(row) + 1, column as usize);
        let text = text_of(found.get_value());
        if text.is_empty() || column >= MAX_COLUMNS {
            continue;
        }
        if rows.last().is_none_or(|(last, _)| *last != number) {
            if rows.len() > MAX_ROWS {
                return Err("import.error.rows");
            }
            rows.push((number, Vec::new()));
        }
        let Some((_, cells)) = rows.last_mut() else { continue };
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        cells[column] = text;
    }
    Ok(rows)
}

/// What a cell shows; of a formula the value that was stored with it: nothing is calculated here.
#[allow(clippy::cast_possible_truncation, reason = "whole and within what a float holds exactly")]
fn text_of(value: &DataRef<'_>) -> String {
    match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => cell(text),
        DataRef::SharedString(text) => cell(text),
        DataRef::Int(n) => n.to_string(),
        // Documents and phones that a spreadsheet took for numbers.
        DataRef::Float(x) if x.fract() == 0.0 && x.abs() < 9e15 => (*x as i64).to_string(),
        DataRef::Float(x) => x.to_string(),
        DataRef::Bool(yes) => yes.to_string(),
        DataRef::DateTime(_) | DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

/// Whether all that a ZIP file packs stays within `limit` bytes, by unpacking it and keeping nothing. What its
/// directory says is not believed, and a file that is no plain ZIP counts as too much.
fn unpacks_within(bytes: &[u8], limit: u64) -> bool {
    let u16_at = |at: usize| bytes.get(at..at + 2).map(|b| u16::from_le_bytes([b[0], b[1]]));
    let u32_at = |at: usize| bytes.get(at..at + 4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]));
    // The directory's end stands last, but for a comment.
    let from = bytes.len().saturating_sub(65_557);
    let Some(end) = (from..bytes.len().saturating_sub(21)).rev().find(|at| u32_at(*at) == Some(0x0605_4b50)) else {
        return false;
    };
    let (Some(count), Some(start)) = (u16_at(end + 10), u32_at(end + 16)) else { return false };
    let (mut at, mut left) = (start as usize, limit);
    for _ in 0..count {
        let entry = || -> Option<(u16, usize, usize, usize)> {
            (u32_at(at)? == 0x0201_4b50).then_some(())?;
            let (method, packed, local) = (u16_at(at + 10)?, u32_at(at + 20)? as usize, u32_at(at + 42)? as usize);
            let next =
                at + 46 + usize::from(u16_at(at + 28)?) + usize::from(u16_at(at + 30)?) + usize::from(u16_at(at + 32)?);
            let data = local + 30 + usize::from(u16_at(local + 26)?) + usize::from(u16_at(local + 28)?);
            Some((method, packed, data, next))
        };
        let Some((method, packed, data, next)) = entry() else { return false };
        let Some(body) = bytes.get(data..data.saturating_add(packed)) else { return false };
        let size = match method {
            0 => body.len() as u64,
            8 => {
                let mut counted = DeflateDecoder::new(body).take(left + 1);
                match std::io::copy(&mut counted, &mut std::io::sink()) {
                    Ok(size) => size,
                    Err(_) => return false,
                }
            }
            _ => return false,
        };
        if size > left {
            return false;
        }
        (at, left) = (next, left - size);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_is_read_in_both_alphabets_and_with_each_sign_between() {
        let expected =
            vec![(1, vec!["Nombres".to_owned(), "Peña".to_owned()]), (3, vec!["a;b".to_owned(), String::new()])];
        for text in ["Nombres;Peña\n;\n\"a;b\";\n", "\u{feff}Nombres,Peña\n,\na;b,\n", "Nombres\tPeña\n\t\na;b\t\n"]
        {
            assert_eq!(read(text.as_bytes()).expect("reads"), expected, "{text:?}");
        }
        let windows: Vec<u8> = "Nombres;Peña\n;\n\"a;b\";\n".chars().map(|c| c as u8).collect();
        assert_eq!(read(&windows).expect("reads"), expected);
        assert_eq!(decode(b"\x80 \x93x\x94"), "€ “x”");
    }

    #[test]
    fn what_is_too_much_is_refused() {
        let many = "a;b\n".repeat(MAX_ROWS + 2);
        assert_eq!(read(many.as_bytes()).err(), Some(FieldErrors::one("file", "import.error.rows")));
        assert_eq!(read(&many.as_bytes()[4..]).expect("exactly").len(), MAX_ROWS + 1);
        let big = format!("a;b\n{};x\n", "ñ".repeat(10_000_000));
        assert_eq!(read(big.as_bytes()).expect("cut")[1].1[0].chars().count(), CELL_CHARS);
        for bad in [&b"PK\x03\x04 not a zip"[..], b"\0\0\0\0"] {
            assert_eq!(read(bad).err(), Some(FieldErrors::one("file", "import.error.format")));
        }
    }

    #[test]
    fn a_bomb_is_refused_before_it_goes_off() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        for row in 0..200 {
            sheet.write_string(row, 0, "0".repeat(32_000)).expect("written");
        }
        let bytes = book.save_to_buffer().expect("saved");
        assert!(bytes.len() < 100_000, "packs well: {}", bytes.len());
        assert!(!unpacks_within(&bytes, 10_000));
        assert!(unpacks_within(&bytes, UNPACKED_BYTES));
        assert_eq!(read(&bytes).expect("reads").len(), 200);
    }
}
