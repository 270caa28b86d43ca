//! What a text frame of `/live` says, as far as the load asks: numbers, and the messages shown.

/// One event of a frame: `<hx-live seq="N" …></hx-live>` and the markup after it. A frame may hold several.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Event<'a> {
    /// Its number; a heartbeat and the greeting carry the current one. Counters belong to the event before them and
    /// have none.
    pub seq: Option<u64>,
    /// The server cannot replay and asks for the page again.
    pub is_reset: bool,
    /// The greeting, which tells that the named page's topics are live.
    pub is_greeting: bool,
    /// Ids of the messages that the markup shows, each once; of a mass message, that of its conversation.
    pub messages: Vec<&'a str>,
}

/// Cuts a frame into its events. Text that does not start with `<hx-live` gives none.
pub fn events(frame: &str) -> Vec<Event<'_>> {
    frame.split("<hx-live").skip(1).map(event).collect()
}

fn event(text: &str) -> Event<'_> {
    let (tag, markup) = text.split_once('>').unwrap_or((text, ""));
    let after = |mark| markup.split(mark).skip(1).filter_map(|rest: &str| rest.split('"').next());
    let mut messages: Vec<&str> = after(" id=\"msg-").chain(after("<hx-received of=\"")).collect();
    messages.sort_unstable();
    messages.dedup();
    Event {
        seq: attribute(tag, "seq").and_then(|seq| seq.parse().ok()),
        is_reset: attribute(tag, "reset").is_some() || tag.split_whitespace().any(|word| word == "reset"),
        is_greeting: attribute(tag, "shown").is_some(),
        messages,
    }
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    crate::user::between(tag, &format!(" {name}=\""), "\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_cut_into_its_events() {
        let frame = concat!(
            "<hx-live seq=\"17\"></hx-live><hx-partial hx-target=\"#m-c\" hx-swap=\"place\"><li class=\"msg\" id=\"msg-a\">hx-live seq=\"9\"</li></hx-partial>",
            "<hx-live seq=\"18\"></hx-live><hx-partial><li id=\"msg-b\"></li><li id=\"msg-b\"></li></hx-partial>",
        );
        let found = events(frame);
        assert_eq!(found[0], Event { seq: Some(17), messages: vec!["a"], ..Event::default() });
        assert_eq!(found[1], Event { seq: Some(18), messages: vec!["b"], ..Event::default() });
        assert_eq!(found.len(), 2);
        let mass =
            events("<hx-live seq=\"19\"></hx-live><hx-partial></hx-partial><hx-received of=\"c\"></hx-received>");
        assert_eq!(mass[0].messages, ["c"]);
    }

    #[test]
    fn greeting_heartbeat_and_reset_are_told_apart() {
        assert_eq!(
            events("<hx-live seq=\"5\" shown=\"0\"></hx-live>"),
            [Event { seq: Some(5), is_greeting: true, ..Event::default() }]
        );
        assert_eq!(events("<hx-live seq=\"5\"></hx-live>"), [Event { seq: Some(5), ..Event::default() }]);
        for reset in ["<hx-live seq=\"5\" reset></hx-live>", "<hx-live seq=\"5\" reset=\"\"></hx-live>"] {
            assert_eq!(events(reset), [Event { seq: Some(5), is_reset: true, ..Event::default() }]);
        }
        assert_eq!(events("<h1>Error</h1>"), []);
    }
}
