//! What a text frame of `/live` says, as far as the load asks: numbers, and the messages shown.
//!
//! Read in one pass over the bytes, since the generator shares the machine with the server that it measures.

use std::sync::LazyLock;

use memchr::memmem::Finder;
use uuid::Uuid;

static EVENT: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("<hx-live"));
static MESSAGE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(" id=\"msg-"));
/// A row of a list of tickets.
static TICKET: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("=\"#ticket-status-"));
static RECEIVED: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("<hx-received of=\""));

/// One event of a frame: `<hx-live seq="N" …></hx-live>` and the markup after it. A frame may hold several.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// Its number; a heartbeat and the greeting carry the current one. Counters belong to the event before them and
    /// have none.
    pub seq: Option<u64>,
    /// The server cannot replay and asks for the page again.
    pub is_reset: bool,
    /// The greeting, which tells that the named page's topics are live.
    pub is_greeting: bool,
    /// When to come back, in milliseconds, said before the server closes.
    pub retry_ms: Option<u64>,
    /// Messages and tickets that the markup shows, each once; of a mass message, its conversation.
    pub messages: Vec<Uuid>,
}

/// Cuts a frame into its events and hands each over. Text that does not start with `<hx-live` gives none.
pub fn events(frame: &[u8], mut found: impl FnMut(Event)) {
    let mut starts = EVENT.find_iter(frame).peekable();
    while let Some(start) = starts.next() {
        let end = starts.peek().copied().unwrap_or(frame.len());
        found(event(&frame[start + EVENT.needle().len()..end]));
    }
}

fn event(text: &[u8]) -> Event {
    let close = memchr::memchr(b'>', text).unwrap_or(text.len());
    let (tag, markup) = text.split_at(close);
    let tag = std::str::from_utf8(tag).unwrap_or_default();
    let mut messages = Vec::new();
    for finder in [&*MESSAGE, &*RECEIVED, &*TICKET] {
        for at in finder.find_iter(markup) {
            let id = markup.get(at + finder.needle().len()..).and_then(|rest| rest.get(..36));
            // Our own rows nest their parts under ids that begin alike, as `msg-ID-body`: those are the same message.
            if let Some(id) = id.and_then(|id| Uuid::try_parse_ascii(id).ok())
                && !messages.contains(&id)
            {
                messages.push(id);
            }
        }
    }
    Event {
        seq: attribute(tag, "seq"),
        is_reset: tag.split_whitespace().any(|word| word == "reset" || word.starts_with("reset=")),
        is_greeting: attribute(tag, "shown").is_some(),
        retry_ms: attribute(tag, "retry"),
        messages,
    }
}

fn attribute(tag: &str, name: &str) -> Option<u64> {
    let value = tag.split_whitespace().find_map(|word| word.strip_prefix(name)?.strip_prefix("=\""))?;
    value.split('"').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(frame: &str) -> Vec<Event> {
        let mut found = Vec::new();
        events(frame.as_bytes(), |event| found.push(event));
        found
    }

    #[test]
    fn a_frame_is_cut_into_its_events() {
        let [a, b, c] = [1, 2, 3].map(Uuid::from_u128);
        let frame = format!(
            "<hx-live seq=\"17\"></hx-live><hx-partial hx-target=\"#m-c\" hx-swap=\"place\"><li class=\"msg\" id=\"msg-{a}\">hx-live seq=\"9\"</li></hx-partial>\
             <hx-live seq=\"18\"></hx-live><hx-partial><li id=\"msg-{b}\"></li><li id=\"msg-{b}\"></li></hx-partial>",
        );
        let found = all(&frame);
        assert_eq!(found[0], Event { seq: Some(17), messages: vec![a], ..Event::default() });
        assert_eq!(found[1], Event { seq: Some(18), messages: vec![b], ..Event::default() });
        assert_eq!(found.len(), 2);
        let mass = all(&format!("<hx-live seq=\"19\"></hx-live><hx-partial></hx-partial><hx-received of=\"{c}\">"));
        assert_eq!(mass[0].messages, [c]);
    }

    #[test]
    fn greeting_heartbeat_reset_and_retry_are_told_apart() {
        let five = Event { seq: Some(5), ..Event::default() };
        assert_eq!(all("<hx-live seq=\"5\" shown=\"0\"></hx-live>"), [Event { is_greeting: true, ..five }]);
        assert_eq!(all("<hx-live seq=\"5\"></hx-live>"), [Event { seq: Some(5), ..Event::default() }]);
        for reset in ["<hx-live seq=\"5\" reset></hx-live>", "<hx-live seq=\"5\" reset=\"\"></hx-live>"] {
            assert_eq!(all(reset), [Event { seq: Some(5), is_reset: true, ..Event::default() }]);
        }
        assert_eq!(all("<hx-live retry=\"900\"></hx-live>"), [Event { retry_ms: Some(900), ..Event::default() }]);
        assert_eq!(all("<h1>Error</h1>"), []);
    }
}
