//! A file as an answer: saved by the browser, never shown inside our origin.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

use crate::fold::fold;

/// Content type of XLSX.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// Content type of CSV.
const CSV: &str = "text/csv; charset=utf-8";

/// A file that the browser saves under a name.
#[derive(Clone, Debug)]
pub struct Download {
    name: String,
    content_type: &'static str,
    bytes: Vec<u8>,
}

impl Download {
    /// A spreadsheet; `stem` is the name without its ending, in any language.
    pub fn xlsx(stem: &str, bytes: Vec<u8>) -> Self {
        Self { name: format!("{}.xlsx", safe(stem)), content_type: XLSX, bytes }
    }

    /// A table as text.
    pub fn csv(stem: &str, bytes: Vec<u8>) -> Self {
        Self { name: format!("{}.csv", safe(stem)), content_type: CSV, bytes }
    }
}

/// Letters, digits and dashes: a name that every system takes and that cannot end the header's quotes.
fn safe(stem: &str) -> String {
    let words: Vec<String> = fold(stem)
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    if words.is_empty() { "crea".to_owned() } else { words.join("-") }
}

impl IntoResponse for Download {
    fn into_response(self) -> Response {
        let disposition = format!("attachment; filename=\"{}\"", self.name);
        let disposition = HeaderValue::from_str(&disposition).unwrap_or(HeaderValue::from_static("attachment"));
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static(self.content_type)),
            (header::CONTENT_DISPOSITION, disposition),
        ];
        (headers, self.bytes).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_quotes() {
        let cases = [
            ("Auditoría 2026-11-22", "auditoria-2026-11-22"),
            ("a\"; x=\"b\r\nset-cookie: c", "a-x-b-set-cookie-c"),
            ("«»", "crea"),
        ];
        for (stem, name) in cases {
            assert_eq!(safe(stem), name);
        }
        let response = Download::xlsx("Lista", vec![]).into_response();
        assert_eq!(response.headers()["content-disposition"], "attachment; filename=\"lista.xlsx\"");
    }
}
