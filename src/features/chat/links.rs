//! Finds the web addresses, and the people, in what is written.

use views::chat::Piece;

use super::{mentions, queries::MentionRow};
use crate::features::records::Record;

/// Text, links and names of a body.
pub fn pieces_with(body: &str, mentions: &[MentionRow]) -> Vec<Piece> {
    let split = |piece| match piece {
        Piece::Text(text) if !mentions.is_empty() => named(&text, mentions),
        other => vec![other],
    };
    pieces(body).into_iter().flat_map(split).collect()
}

fn named(text: &str, mentions: &[MentionRow]) -> Vec<Piece> {
    let people: Vec<_> = mentions.iter().map(|m| (m.user, m.name.as_str())).collect();
    let mut pieces = Vec::new();
    let mut end = 0;
    for named in mentions::find(text, &people) {
        if end < named.at.start {
            pieces.push(Piece::Text(text[end..named.at.start].to_owned()));
        }
        end = named.at.end;
        let ids = named.who.iter().map(ToString::to_string).collect();
        pieces.push(Piece::Mention { ids, text: text[named.at].to_owned() });
    }
    if end < text.len() {
        pieces.push(Piece::Text(text[end..].to_owned()));
    }
    pieces
}

/// The body with addresses of our own records as bare paths: the site may move, and what points to a record is known
/// by its path alone.
pub fn made_local(body: &str, public_url: &str) -> String {
    let local = |token: &str| {
        let path = token.trim_end().strip_prefix(public_url).map(sentence);
        match path.and_then(Record::of_path) {
            Some(record) => token.replacen(&format!("{public_url}{}", record.path()), &record.path(), 1),
            None => token.to_owned(),
        }
    };
    body.split_inclusive(char::is_whitespace).map(local).collect()
}

/// Without the punctuation that ends a sentence.
fn sentence(word: &str) -> &str {
    word.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '"', '\'', '»'])
}

/// Text and links of a body. Only http and https become links; the punctuation that ends a sentence is not part of it.
pub fn pieces(body: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    for token in body.split_inclusive(char::is_whitespace) {
        let word = token.trim_end();
        let url = sentence(word);
        let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
        let found = match Record::of_path(url) {
            Some(record) => Some(Piece::Record {
                kind: record.kind.code().to_owned(),
                id: record.id.to_string(),
                href: url.to_owned(),
            }),
            None if host.is_some_and(|h| h.starts_with(char::is_alphanumeric)) => {
                Some(Piece::Link { href: url.to_owned(), text: url.to_owned() })
            }
            None => None,
        };
        if let Some(found) = found {
            if !text.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut text)));
            }
            pieces.push(found);
            text.push_str(&token[url.len()..]);
        } else {
            text.push_str(token);
        }
    }
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_become_links() {
        let link = |url: &str| Piece::Link { href: url.into(), text: url.into() };
        let text = |t: &str| Piece::Text(t.into());
        let record = "/campaigns/01935c3e-7a00-7000-8000-000000000001";
        let sent = format!("vea https://crea.example{record}, por favor\nhttps://otro.example{record}");
        let stored = format!("vea {record}, por favor\nhttps://otro.example{record}");
        assert_eq!(made_local(&sent, "https://crea.example"), stored, "our own host alone");
        let cases = [
            ("vea https://a.co/x?y=1.", vec![text("vea "), link("https://a.co/x?y=1"), text(".")]),
            ("http://a.co\nfin", vec![link("http://a.co"), text("\nfin")]),
            ("javascript:alert(1)", vec![text("javascript:alert(1)")]),
            ("https://", vec![text("https://")]),
            (record, vec![Piece::Record { kind: "campaign".into(), id: record[11..].into(), href: record.into() }]),
            ("<b>https</b>", vec![text("<b>https</b>")]),
        ];
        for (body, expected) in cases {
            assert_eq!(pieces(body), expected, "{body}");
        }
    }
}
