//! Tables for spreadsheets: what people export, as XLSX or CSV. A cell is typed, so that amounts add up and days sort;
//! text that a spreadsheet would take for a formula is defused. Who exports records it in the audit log.

use anyhow::Context as _;
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use chrono_tz::Tz;
use rust_xlsxwriter::{Format, FormatBorder, Workbook, Worksheet, XlsxError};

use crate::{
    error::AppResult,
    money::{Currency, Money},
};

/// Most rows of one file; callers ask the database for no more and say so. More is a mistake of ours.
pub const MAX_ROWS: usize = 50_000;
/// Longest text of a cell in characters: a spreadsheet takes 32,767; the rest is cut and marked.
const MAX_TEXT: usize = 32_000;
/// Whole numbers beyond it lose digits in a spreadsheet, which keeps floats: written as text.
const EXACT: u64 = 1 << 53;
/// Bytes that tell a spreadsheet that the CSV is UTF-8.
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing is known.
    Empty,
    /// Words, documents, phones: never calculated with.
    Text(String),
    /// A count.
    Int(i64),
    /// An amount, shown as in the country of its currency.
    Money(Money),
    /// A day.
    Day(NaiveDate),
    /// An instant, shown in a zone.
    At(DateTime<Utc>, Tz),
}

impl Cell {
    /// Text, or nothing for an empty one.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    /// The instant, if there is one.
    pub fn at(at: Option<DateTime<Utc>>, zone: Tz) -> Self {
        at.map_or(Self::Empty, |at| Self::At(at, zone))
    }

    /// The day, if there is one.
    pub fn day(day: Option<NaiveDate>) -> Self {
        day.map_or(Self::Empty, Self::Day)
    }
}

/// A column's title and its width in characters.
#[derive(Clone, Debug)]
pub struct Column {
    /// In the language of whoever exports.
    pub title: String,
    /// Characters of the body font.
    pub width: u8,
}

impl Column {
    /// A column.
    pub fn new(title: &str, width: u8) -> Self {
        Self { title: title.to_owned(), width }
    }
}

/// One table: its name, its columns, its rows.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// Name of the tab; what a spreadsheet refuses in it is left out.
    pub name: String,
    /// Titles, in the order of the cells.
    pub columns: Vec<Column>,
    /// Cells of each row; at most [`MAX_ROWS`].
    pub rows: Vec<Vec<Cell>>,
}

impl Sheet {
    /// The table as an XLSX file, made outside the threads that answer requests.
    ///
    /// # Errors
    /// 500 with more rows than [`MAX_ROWS`], or when the temporary file of the rows cannot be written.
    pub async fn xlsx(self) -> AppResult<Vec<u8>> {
        Ok(tokio::task::spawn_blocking(move || self.write_xlsx()).await.context("the export stopped")??)
    }

    /// The table as CSV: UTF-8, commas, ISO days and instants, amounts with a point.
    ///
    /// # Errors
    /// 500 with more rows than [`MAX_ROWS`].
    pub async fn csv(self) -> AppResult<Vec<u8>> {
        Ok(tokio::task::spawn_blocking(move || self.write_csv()).await.context("the export stopped")??)
    }

    fn bounded(&self) -> anyhow::Result<()> {
        let n = self.rows.len();
        anyhow::ensure!(n <= MAX_ROWS, "an export of {n} rows; {MAX_ROWS} at most");
        Ok(())
    }

    /// Rows go to a temporary file as they are written: memory does not grow with them.
    fn write_xlsx(&self) -> anyhow::Result<Vec<u8>> {
        self.bounded()?;
        let mut book = Workbook::new();
        let formats = Formats::new();
        let sheet = book.add_worksheet_with_constant_memory()?;
        sheet.set_name(tab_name(&self.name))?;
        sheet.set_freeze_panes(1, 0)?;
        for (c, column) in (0..).zip(&self.columns) {
            sheet.set_column_width(c, f64::from(column.width))?;
        }
        for (c, column) in (0..).zip(&self.columns) {
            sheet.write_string_with_format(0, c, defused(&column.title), &formats.title)?;
        }
        for (r, row) in (1..).zip(&self.rows) {
            for (c, cell) in (0..).zip(row) {
                write(sheet, (r, c), cell, &formats)?;
            }
        }
        Ok(book.save_to_buffer()?)
    }

    fn write_csv(&self) -> anyhow::Result<Vec<u8>> {
        self.bounded()?;
        let mut file = csv::Writer::from_writer(BOM.to_vec());
        file.write_record(self.columns.iter().map(|column| defused(&column.title)))?;
        for row in &self.rows {
            file.write_record(row.iter().map(plain))?;
        }
        Ok(file.into_inner().map_err(csv::IntoInnerError::into_error)?)
    }
}

struct Formats {
    title: Format,
    day: Format,
    at: Format,
    int: Format,
    cop: Format,
    mxn: Format,
}

impl Formats {
    fn new() -> Self {
        let number = |text: &str| Format::new().set_num_format(text);
        Self {
            title: Format::new().set_bold().set_border_bottom(FormatBorder::Thin),
            day: number("yyyy-mm-dd"),
            at: number("yyyy-mm-dd hh:mm:ss"),
            int: number("0"),
            cop: number("\"$\" #,##0.00"),
            mxn: number("\"$\"#,##0.00"),
        }
    }
}

#[allow(clippy::cast_precision_loss, reason = "only what a float holds exactly is written as a number")]
fn write(sheet: &mut Worksheet, (r, c): (u32, u16), cell: &Cell, formats: &Formats) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => {}
        Cell::Text(text) => {
            sheet.write_string(r, c, defused(text))?;
        }
        Cell::Int(n) if n.unsigned_abs() < EXACT => {
            sheet.write_number_with_format(r, c, *n as f64, &formats.int)?;
        }
        Cell::Money(money) if money.minor.unsigned_abs() < EXACT => {
            let format = if money.currency == Currency::Mxn { &formats.mxn } else { &formats.cop };
            sheet.write_number_with_format(r, c, money.minor as f64 / 100.0, format)?;
        }
        Cell::Int(_) | Cell::Money(_) => {
            sheet.write_string(r, c, plain(cell))?;
        }
        Cell::Day(day) => {
            sheet.write_datetime_with_format(r, c, *day, &formats.day)?;
        }
        Cell::At(at, zone) => {
            sheet.write_datetime_with_format(r, c, in_zone(*at, *zone), &formats.at)?;
        }
    }
    Ok(())
}

/// What the clocks of the zone show.
fn in_zone(at: DateTime<Utc>, zone: Tz) -> NaiveDateTime {
    at.with_timezone(&zone).naive_local()
}

/// A cell as CSV holds it.
fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => defused(text),
        Cell::Int(n) => n.to_string(),
        Cell::Money(money) => {
            let sign = if money.minor < 0 { "-" } else { "" };
            let minor = money.minor.unsigned_abs();
            format!("{sign}{}.{:02}", minor / 100, minor % 100)
        }
        Cell::Day(day) => day.to_string(),
        Cell::At(at, zone) => in_zone(*at, *zone).format("%Y-%m-%d %H:%M:%S").to_string(),
    }
}

/// Text that no spreadsheet runs: what begins like a formula gets an apostrophe before it (domain: README, section 6).
/// A person's name of `=HYPERLINK(…)` would otherwise call out from the computer of whoever opens the export.
pub fn defused(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 1);
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        out.push('\'');
    }
    match text.char_indices().nth(MAX_TEXT) {
        Some((end, _)) => out.extend([&text[..end], "…"]),
        None => out.push_str(text),
    }
    out
}

/// A name that a spreadsheet takes for a tab: at most 31 characters, without its own signs.
fn tab_name(name: &str) -> String {
    let kept: String = name.chars().filter(|c| !r"[]:*?/\'".contains(*c)).take(31).collect();
    if kept.trim().is_empty() { "CREA".to_owned() } else { kept }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader as _, Xlsx};
    use chrono_tz::America::{Bogota, Mexico_City};

    use super::*;

    fn sheet(rows: Vec<Vec<Cell>>) -> Sheet {
        let columns = (0..rows.first().map_or(1, Vec::len)).map(|n| Column::new(&format!("Título {n}"), 12)).collect();
        Sheet { name: "Lista: a/b [1]".to_owned(), columns, rows }
    }

    async fn read_back(sheet: Sheet) -> (String, Vec<Vec<Data>>) {
        let bytes = sheet.xlsx().await.expect("written");
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("an XLSX file");
        let name = book.sheet_names().first().cloned().expect("a tab");
        let range = book.worksheet_range(&name).expect("the tab");
        (name, range.rows().map(<[Data]>::to_vec).collect())
    }

    fn instant() -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_400_000, 0).expect("2026-11-23T02:13:20Z")
    }

    #[tokio::test]
    async fn cells_come_back_with_their_types() {
        let row = vec![
            Cell::text("1020304050"),
            Cell::Int(42),
            Cell::Money(Money { minor: 123_456_789, currency: Currency::Cop }),
            Cell::Day(NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day")),
            Cell::At(instant(), Bogota),
            Cell::At(instant(), Mexico_City),
            Cell::Empty,
            Cell::Int(i64::MAX),
        ];
        let (name, rows) = read_back(sheet(vec![row])).await;
        assert_eq!(name, "Lista ab 1");
        assert_eq!(rows[0][0], Data::String("Título 0".to_owned()));
        let cells = &rows[1];
        assert_eq!(cells[0], Data::String("1020304050".to_owned()), "a document keeps its digits");
        assert_eq!(cells[1], Data::Float(42.0));
        assert_eq!(cells[2], Data::Float(1_234_567.89));
        let shown = |cell: &Data| match cell {
            Data::DateTime(at) => {
                let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
                format!("{year}-{month}-{day} {hour}:{minute:02}:{second:02}")
            }
            other => panic!("{other:?} is no date"),
        };
        assert_eq!(shown(&cells[3]), "2026-11-22 0:00:00");
        assert_eq!(shown(&cells[4]), "2026-11-22 21:13:20", "the evening before in Bogota");
        assert_eq!(shown(&cells[5]), "2026-11-22 20:13:20");
        assert_eq!(cells[6], Data::Empty);
        assert_eq!(cells[7], Data::String(i64::MAX.to_string()), "no digit is lost");
    }

    #[tokio::test]
    async fn what_begins_like_a_formula_is_defused_in_both_formats() {
        let texts = ["=1+1", "+57 300", "-2", "@sum", "\tx", "\rx"];
        let rows: Vec<_> = texts.iter().map(|text| vec![Cell::text(*text)]).collect();
        let (_, read) = read_back(sheet(rows.clone())).await;
        for (row, text) in read.iter().skip(1).zip(texts) {
            let Data::String(found) = &row[0] else { panic!("{row:?}") };
            // XML readers make a line feed of a carriage return.
            assert_eq!(found.replace('\n', "\r"), format!("'{text}"));
        }
        let csv = String::from_utf8(sheet(rows).csv().await.expect("written")).expect("UTF-8");
        assert!(csv.contains("'=1+1") && csv.contains("'@sum"), "{csv}");
        assert_eq!(defused("a=1"), "a=1", "only the beginning matters");
    }

    #[tokio::test]
    async fn csv_is_marked_as_utf_8_and_quotes_what_needs_it() {
        let money = Cell::Money(Money { minor: -5, currency: Currency::Mxn });
        let csv = sheet(vec![vec![Cell::text("Peña, \"Ana\""), money, Cell::At(instant(), Bogota)]]).csv().await;
        let csv = csv.expect("written");
        assert!(csv.starts_with(BOM));
        let text = String::from_utf8_lossy(&csv[BOM.len()..]).into_owned();
        assert_eq!(text, "Título 0,Título 1,Título 2\n\"Peña, \"\"Ana\"\"\",-0.05,2026-11-22 21:13:20\n");
    }

    #[tokio::test]
    async fn long_text_is_cut_and_too_many_rows_are_refused() {
        let (_, rows) = read_back(sheet(vec![vec![Cell::text("ñ".repeat(40_000))]])).await;
        let Data::String(text) = &rows[1][0] else { panic!("{rows:?}") };
        assert_eq!((text.chars().count(), text.ends_with('…')), (MAX_TEXT + 1, true));
        assert!(sheet(vec![vec![Cell::Empty]; MAX_ROWS + 1]).xlsx().await.is_err());
    }
}
