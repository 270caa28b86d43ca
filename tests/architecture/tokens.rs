//! Rust text cut into names and signs. Comments, strings, characters and lifetimes are left out, and what only tests see.

/// Line, from 1, and the name or sign.
pub type Token = (usize, String);

/// Whether the token is a name or a keyword.
pub fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Drops every item under `#[cfg(test)]`: up to its `;`, or to the end of its braces.
pub fn without_tests(tokens: Vec<Token>) -> Vec<Token> {
    const MARK: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if at + MARK.len() <= tokens.len() && MARK.iter().zip(&tokens[at..]).all(|(m, t)| *m == t.1) {
            let mut depth = 0_usize;
            at += MARK.len();
            while at < tokens.len() {
                let word = tokens[at].1.as_str();
                at += 1;
                match word {
                    "{" => depth += 1,
                    "}" if depth <= 1 => break,
                    "}" => depth -= 1,
                    ";" if depth == 0 => break,
                    _ => {}
                }
            }
        } else {
            kept.push(tokens[at].clone());
            at += 1;
        }
    }
    kept
}

/// Names, `::` and single signs with their lines; comments, strings, characters and lifetimes are left out.
pub fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let (mut found, mut line, mut at) = (Vec::new(), 1, 0);
    while at < chars.len() {
        let start = at;
        let next = chars.get(at + 1).copied().unwrap_or(' ');
        match chars[at] {
            '/' if next == '/' => at = position(&chars, at, |c| c == '\n'),
            '/' if next == '*' => at = after_comment(&chars, at),
            '"' => at = after_string(&chars, at),
            '\'' => at = after_quote(&chars, at),
            c if c.is_alphabetic() || c == '_' => {
                at = position(&chars, at, |c| !c.is_alphanumeric() && c != '_');
                let word: String = chars[start..at].iter().collect();
                let raw = matches!(word.as_str(), "r" | "br" | "cr");
                let hashes = chars[at..].iter().take_while(|c| **c == '#').count();
                match chars.get(at + hashes) {
                    Some('"') if raw => at = after_raw_string(&chars, at + hashes + 1, hashes),
                    Some('"' | '\'') if hashes == 0 && matches!(word.as_str(), "b" | "c") => {}
                    _ => found.push((line, word)),
                }
            }
            ':' if next == ':' => {
                at += 2;
                found.push((line, "::".to_owned()));
            }
            c => {
                at += 1;
                if !c.is_whitespace() {
                    found.push((line, c.to_string()));
                }
            }
        }
        line += chars[start..at].iter().filter(|c| **c == '\n').count();
    }
    found
}

fn position(chars: &[char], from: usize, is_end: impl Fn(char) -> bool) -> usize {
    chars[from..].iter().position(|c| is_end(*c)).map_or(chars.len(), |n| from + n)
}

fn after_comment(chars: &[char], mut at: usize) -> usize {
    let mut depth = 0_usize;
    while at < chars.len() {
        match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) if depth == 1 => return at + 2,
            ('*', Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    at
}

fn after_string(chars: &[char], mut at: usize) -> usize {
    at += 1;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(chars.len())
}

fn after_raw_string(chars: &[char], mut at: usize, hashes: usize) -> usize {
    while at < chars.len() {
        at += 1;
        if chars[at - 1] == '"' && chars[at..].iter().take_while(|c| **c == '#').count() >= hashes {
            return at + hashes;
        }
    }
    at
}

/// A character, or the quote and name of a lifetime.
fn after_quote(chars: &[char], at: usize) -> usize {
    let end = match (chars.get(at + 1), chars.get(at + 2)) {
        (Some('\\'), _) => position(chars, (at + 3).min(chars.len()), |c| c == '\'') + 1,
        (Some(_), Some('\'')) => at + 3,
        _ => position(chars, at + 1, |c| !c.is_alphanumeric() && c != '_'),
    };
    end.min(chars.len())
}
