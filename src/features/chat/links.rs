//! Finds the web addresses in what people write.

use views::chat::Piece;

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
