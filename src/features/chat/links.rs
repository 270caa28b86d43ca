//! Finds the web addresses, and the people, in what is written.

use views::chat::Piece;

use super::{mentions, queries::MentionRow};

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

/// Text and links of a body. Only http and https become links; the punctuation that ends a sentence is not part of it.
pub fn pieces(body: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    for token in body.split_inclusive(char::is_whitespace) {
        let word = token.trim_end();
        let url = word.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '"', '\'', '»']);
        let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
        if host.is_some_and(|h| h.starts_with(char::is_alphanumeric)) {
            if !text.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut text)));
            }
            pieces.push(Piece::Link { href: url.to_owned(), text: url.to_owned() });
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
        let cases = [
            ("vea https://a.co/x?y=1.", vec![text("vea "), link("https://a.co/x?y=1"), text(".")]),
            ("http://a.co\nfin", vec![link("http://a.co"), text("\nfin")]),
            ("javascript:alert(1)", vec![text("javascript:alert(1)")]),
            ("https://", vec![text("https://")]),
            ("<b>https</b>", vec![text("<b>https</b>")]),
        ];
        for (body, expected) in cases {
            assert_eq!(pieces(body), expected, "{body}");
        }
    }
}
