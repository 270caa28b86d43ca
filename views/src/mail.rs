//! Mail: the same words as plain text and as a document. Readers of mail know neither our style sheet nor our policy, so
//! styles stand in attributes here, and here alone.

use maud::{DOCTYPE, Markup, html};

use crate::text::{Locale, fill, t};

/// What a mail says.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct MailView {
    /// Its heading, also the subject.
    pub title: String,
    /// Whom it greets.
    pub name: String,
    /// Its paragraphs.
    pub lines: Vec<String>,
    /// Where its button leads, and the words on it.
    pub action: Option<(String, String)>,
    /// What to do when one did not ask for it.
    pub foot: String,
}

const PAGE: &str = "margin:0;padding:24px;background:#f6f7f7;font-family:system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;font-size:15px;line-height:1.5;color:#1c2526";
const CARD: &str =
    "max-width:520px;margin:0 auto;padding:28px;background:#ffffff;border:1px solid #dfe4e4;border-radius:10px";
const BUTTON: &str = "display:inline-block;padding:10px 18px;background:#0f766e;border-radius:6px;color:#ffffff;font-weight:600;text-decoration:none";
const QUIET: &str = "margin:16px 0 0;color:#5a6667;font-size:13px;overflow-wrap:anywhere";

/// The plain text.
pub fn text(l: Locale, v: &MailView) -> String {
    let mut parts = vec![fill(l, "mail.greeting", &[("name", &v.name)])];
    parts.extend(v.lines.iter().cloned());
    if let Some((url, words)) = &v.action {
        parts.push(format!("{words}:\n{url}"));
    }
    parts.push(v.foot.clone());
    parts.push("CREA".to_owned());
    parts.join("\n\n")
}

/// The document.
pub fn document(l: Locale, v: &MailView) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(l.code()) {
            head { meta charset="utf-8"; meta name="viewport" content="width=device-width"; title { (v.title) } }
            body style=(PAGE) {
                div style=(CARD) {
                    p style="margin:0 0 20px;color:#0f766e;font-size:18px;font-weight:800;letter-spacing:.08em" { "CREA" }
                    h1 style="margin:0 0 16px;font-size:20px;line-height:1.3" { (v.title) }
                    p { (fill(l, "mail.greeting", &[("name", &v.name)])) }
                    @for line in &v.lines { p { (line) } }
                    @if let Some((url, words)) = &v.action {
                        p style="margin:24px 0" { a href=(url) style=(BUTTON) { (words) } }
                        p style=(QUIET) { (t(l, "mail.link")) br; (url) }
                    }
                    p style=(QUIET) { (v.foot) }
                }
            }
        }
    }
}
