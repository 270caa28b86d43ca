//! People of the load: read from a file, signed in once, each with a session cookie and the id that others write to.

use anyhow::{Context, Result, ensure};

use crate::http::Server;

/// Someone who is signed in.
#[derive(Clone, Debug)]
pub struct User {
    pub email: String,
    /// UUID, as `POST /chat/direct` takes it.
    pub id: String,
    /// `name=value` for the `Cookie` header.
    pub cookie: String,
}

/// Email and password of each line; see the help text of `--users`.
pub fn parse(text: &str) -> Result<Vec<(String, String)>> {
    let mut people = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') || (number == 0 && line.to_ascii_lowercase().starts_with("email,"))
        {
            continue;
        }
        // The password may hold commas, an address may not.
        let (email, password) = line.split_once(',').with_context(|| format!("line {}: email,password", number + 1))?;
        ensure!(email.contains('@') && !password.is_empty(), "line {}: email,password", number + 1);
        people.push((email.trim().to_owned(), password.to_owned()));
    }
    Ok(people)
}

impl User {
    /// Signs in and learns the own id from `/me.css`, which names it.
    pub async fn sign_in(server: &Server, email: &str, password: &str) -> Result<Self> {
        let answer = server.post("/sign-in", "", &[("login", email), ("password", password), ("next", "")]).await?;
        let cookies = answer.headers.iter().filter(|(name, _)| name == "set-cookie");
        let cookie = cookies.filter_map(|(_, value)| value.split(';').next()).find(|c| c.starts_with("crea="));
        let cookie = cookie.filter(|_| matches!(answer.status, 200 | 303)).map(str::to_owned);
        let cookie = cookie.with_context(|| format!("{email} could not sign in (status {})", answer.status))?;
        let style = server.get("/me.css", &cookie).await?;
        let id = between(&style.body, "[data-sender=\"", "\"")
            .with_context(|| format!("{email}: no id in /me.css (status {})", style.status))?;
        Ok(Self { email: email.to_owned(), id: id.to_owned(), cookie })
    }
}

/// What stands between two texts.
pub fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(found, _)| found)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn people_are_read_and_errors_name_the_line() {
        let people = parse("email,password\n\n# floor 2\nana@crea.co,a,b \nluis@crea.co,x").unwrap();
        assert_eq!(people, [("ana@crea.co".to_owned(), "a,b".to_owned()), ("luis@crea.co".to_owned(), "x".to_owned())]);
        for (text, line) in
            [("ana@crea.co", "line 1"), ("ana@crea.co,x\nnobody,y", "line 2"), ("ana@crea.co,", "line 1")]
        {
            assert!(parse(text).unwrap_err().to_string().starts_with(line), "{text}");
        }
    }

    #[test]
    fn between_needs_both_ends() {
        assert_eq!(between(r#".msg[data-sender="7"]{}"#, "[data-sender=\"", "\""), Some("7"));
        assert_eq!(between("data-seq=\"7", "data-seq=\"", "\""), None);
    }
}
