//! Search over one's own messages.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;
use views::{
    chat::{self, Choices, Found, HitView, MessageSearch},
    layout::Nav,
    paths,
    text::{Locale, t},
};

use super::queries::{self, HitRow, Narrow};
use crate::{
    app::{App, Cursor},
    auth::CurrentUser,
    db::search::Terms,
    error::AppResult,
    features::people::{local_midnight, local_time, person_view},
    ids::{ConversationId, UserId},
    live::presence::Directory,
    pace::{self, Pace},
    web::{Fragment, Kind, Page, Query},
};

/// Messages of one page.
const PAGE: i64 = 30;
/// Last page: who has not found it by then needs other words.
const LAST_PAGE: i64 = 20;
/// Longest search, in characters.
const QUERY_CHARS: usize = 100;
/// Characters shown before the first match, and in all.
const BEFORE_CHARS: usize = 60;
/// See [`BEFORE_CHARS`].
const SNIPPET_CHARS: usize = 220;

/// What was typed and chosen; what makes no sense counts as not chosen.
#[derive(Debug, Default, Deserialize)]
pub struct SearchQuery {
    #[serde(default)]
    q: String,
    /// A conversation.
    #[serde(default, rename = "in")]
    conversation: String,
    /// A person.
    #[serde(default)]
    by: String,
    /// The first day.
    #[serde(default)]
    from: String,
    /// The last day.
    #[serde(default)]
    to: String,
    /// From 0.
    #[serde(default)]
    page: String,
}

impl SearchQuery {
    fn narrow(&self) -> Narrow {
        let id = |text: &str| text.parse::<Uuid>().ok();
        let day = |text: &str| text.parse::<NaiveDate>().ok();
        Narrow {
            conversation: id(&self.conversation).map(ConversationId),
            sender: id(&self.by).map(UserId),
            from: day(&self.from).and_then(local_midnight),
            until: day(&self.to).and_then(|day| day.succ_opt()).and_then(local_midnight),
        }
    }

    fn page(&self) -> i64 {
        self.page.parse().unwrap_or(0).clamp(0, LAST_PAGE)
    }

    /// The address of another page of the same search.
    fn url(&self, page: i64) -> String {
        let fields = [
            ("q", &*self.q),
            ("in", &self.conversation),
            ("by", &self.by),
            ("from", &self.from),
            ("to", &self.to),
            ("page", &page.to_string()),
        ];
        paths::with_query(paths::CHAT_SEARCH, &fields)
    }
}

/// Messages of the viewer's own conversations; while typing only the list of them. 429 above 60 searches a minute.
pub async fn search_messages(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    kind: Kind,
    Query(mut query): Query<SearchQuery>,
) -> AppResult<Response> {
    let l = user.look.locale;
    query.q = query.q.chars().take(QUERY_CHARS).collect();
    let (terms, page) = (Terms::new(&query.q), query.page());
    if !terms.are_too_short() {
        pace::take(&app.db, user.id, Pace::Search, app.clock.now()).await?;
    }
    let found = queries::find_messages(&app.db, user.id, &terms, &query.narrow(), page * PAGE, PAGE).await?;
    let view = MessageSearch {
        is_short: terms.are_too_short(),
        hits: found.rows.iter().map(|row| hit(l, row, &terms, app.live.directory())).collect(),
        more: (found.has_more && page < LAST_PAGE).then(|| query.url(page + 1)),
        query: query.q.clone(),
        ..MessageSearch::default()
    };
    if kind == Kind::Partial {
        return Ok(Fragment(chat::hit_list(l, &view)).into_response());
    }
    let (conversations, senders) = choices(&app, &user, l).await?;
    let view = MessageSearch {
        conversations: (conversations, query.conversation),
        senders: (senders, query.by),
        from: query.from,
        to: query.to,
        ..view
    };
    Ok(Page::new(Nav::Chat, t(l, "find.title"), seq, chat::search_panel(l, &view)).into_response())
}

/// The viewer's conversations and the people in them.
async fn choices(app: &App, user: &CurrentUser, l: Locale) -> AppResult<(Choices, Choices)> {
    let conversations = queries::list_named(&app.db, user.id).await?.into_iter();
    let mass = |name: String| if name.is_empty() { t(l, "find.mass").to_owned() } else { name };
    let conversations = conversations.map(|(id, name)| (id.to_string(), mass(name))).collect();
    let senders = queries::list_company(&app.db, user.id).await?.into_iter();
    Ok((conversations, senders.map(|(id, name)| (id.to_string(), name)).collect()))
}

fn hit(l: Locale, row: &HitRow, terms: &Terms, directory: &Directory) -> HitView {
    HitView {
        conversation_id: row.conversation_id.to_string(),
        number: row.number,
        conversation: row.conversation.clone(),
        sender: person_view(&row.sender, directory),
        at: local_time(l, row.created_at),
        snippet: snippet(&row.body, terms),
    }
}

/// The part of a body around its first match, on one line, with every match marked.
fn snippet(body: &str, terms: &Terms) -> Vec<Found> {
    let line = body.split_whitespace().collect::<Vec<_>>().join(" ");
    let parts = marked(&line, terms);
    let before: usize = parts
        .iter()
        .map_while(|part| if let Found::Text(text) = part { Some(text.chars().count()) } else { None })
        .sum();
    let skip =
        if parts.iter().any(|part| matches!(part, Found::Match(_))) { before.saturating_sub(BEFORE_CHARS) } else { 0 };
    cut(parts, skip)
}

/// A text in runs of letters and digits and what stands between them; runs that match are marked.
fn marked(line: &str, terms: &Terms) -> Vec<Found> {
    let mut parts: Vec<Found> = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let is_word = first.is_alphanumeric();
        // An accent that stands alone belongs to the letter before it.
        let goes_on =
            |c: char| c.is_alphanumeric() == is_word || (is_word && unicode_normalization::char::is_combining_mark(c));
        let end = rest.find(|c| !goes_on(c)).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end.max(first.len_utf8()));
        rest = after;
        if is_word && terms.matches(run) {
            parts.push(Found::Match(run.to_owned()));
        } else if let Some(Found::Text(text)) = parts.last_mut() {
            text.push_str(run);
        } else {
            parts.push(Found::Text(run.to_owned()));
        }
    }
    parts
}

/// Leaves out what comes before, and what is beyond the length of a snippet.
fn cut(parts: Vec<Found>, mut skip: usize) -> Vec<Found> {
    let mut left = SNIPPET_CHARS;
    let mut shown = Vec::new();
    if skip > 0 {
        shown.push(Found::Text("…".to_owned()));
    }
    for part in parts {
        let text = match &part {
            Found::Text(text) | Found::Match(text) => text,
        };
        let count = text.chars().count();
        let taken: String = text.chars().skip(skip).take(left).collect();
        skip = skip.saturating_sub(count);
        left -= taken.chars().count();
        if !taken.is_empty() {
            shown.push(if matches!(part, Found::Match(_)) { Found::Match(taken) } else { Found::Text(taken) });
        }
        if left == 0 {
            shown.push(Found::Text("…".to_owned()));
            break;
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(parts: &[Found]) -> String {
        let part = |p: &Found| match p {
            Found::Text(text) => text.clone(),
            Found::Match(text) => format!("[{text}]"),
        };
        parts.iter().map(part).collect()
    }

    #[test]
    fn matches_are_marked_as_they_were_written() {
        let cases = [
            ("El niño, ¡y los NIÑOS!", "nin", "El [niño], ¡y los [NIÑOS]!"),
            ("Llamó a José\n\nPeña", "jose pena", "Llamó a [José] [Peña]"),
            ("Jose\u{301} dijo", "jose", "[Jose\u{301}] dijo"),
            ("a:b \"OR\" c*", "or", "a:b \"[OR]\" c*"),
            ("<b>hola</b>", "hola", "<b>[hola]</b>"),
            ("nada", "otra", "nada"),
        ];
        for (body, typed, expected) in cases {
            assert_eq!(text(&snippet(body, &Terms::new(typed))), expected, "{body}");
        }
    }

    #[test]
    fn a_long_text_is_shown_around_its_first_match() {
        let body = format!("{} acuerdo {}", "antes ".repeat(100), "después ".repeat(100));
        let shown = text(&snippet(&body, &Terms::new("acuerdo")));
        assert!(shown.starts_with('…') && shown.ends_with('…') && shown.contains("[acuerdo]"), "{shown}");
        assert!(shown.chars().count() <= SNIPPET_CHARS + 4, "{shown}");
        assert_eq!(shown.find('[').map(|at| shown[..at].chars().count()), Some(BEFORE_CHARS + 1));
    }

    #[test]
    fn the_next_page_keeps_what_was_chosen() {
        let query = SearchQuery { q: "a&b ñ".into(), from: "2026-01-02".into(), ..SearchQuery::default() };
        assert_eq!(query.url(2), "/chat/search?q=a%26b%20%C3%B1&from=2026-01-02&page=2");
    }
}
