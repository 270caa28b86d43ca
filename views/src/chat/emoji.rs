//! The choice of an emoji: a small set in groups, found by words of both languages.

use maud::{Markup, html};

use crate::text::{Locale, t};
use crate::ui;

/// Groups, each with its emoji: the sign and the code of its text. Those that an office uses; the keyboard of every
/// system has the rest.
const GROUPS: [(&str, &[(&str, &str)]); 4] = [
    (
        "emoji.group.faces",
        &[
            ("😀", "grin"),
            ("😃", "joy"),
            ("😄", "laugh"),
            ("😁", "beam"),
            ("😅", "relief"),
            ("😂", "tears"),
            ("🙂", "smile"),
            ("😉", "wink"),
            ("😊", "blush"),
            ("😍", "love"),
            ("😎", "cool"),
            ("🤔", "think"),
            ("😐", "neutral"),
            ("🙄", "eyes_up"),
            ("😬", "awkward"),
            ("😴", "sleep"),
            ("😕", "confused"),
            ("😟", "worried"),
            ("😢", "sad"),
            ("😭", "cry"),
            ("😡", "angry"),
            ("😱", "shock"),
            ("🤒", "sick"),
            ("🥳", "party"),
        ],
    ),
    (
        "emoji.group.hands",
        &[
            ("👍", "yes"),
            ("👎", "no"),
            ("👌", "perfect"),
            ("👏", "applause"),
            ("🙌", "celebrate"),
            ("🙏", "please"),
            ("🤝", "deal"),
            ("👋", "hello"),
            ("✋", "wait"),
            ("💪", "strength"),
            ("🤞", "luck"),
            ("👉", "right"),
            ("👆", "up"),
            ("👇", "down"),
            ("🙋", "raise"),
            ("🤷", "shrug"),
            ("🤦", "facepalm"),
            ("👀", "look"),
            ("❤️", "heart"),
            ("💔", "broken_heart"),
        ],
    ),
    (
        "emoji.group.work",
        &[
            ("📞", "call"),
            ("🎧", "headset"),
            ("📱", "mobile"),
            ("💻", "computer"),
            ("📧", "mail"),
            ("📎", "clip"),
            ("📄", "document"),
            ("📋", "list"),
            ("📊", "chart"),
            ("📈", "rise"),
            ("📉", "fall"),
            ("📅", "calendar"),
            ("⏰", "alarm"),
            ("⏳", "waiting"),
            ("💰", "money"),
            ("💳", "card"),
            ("🧾", "receipt"),
            ("📦", "parcel"),
            ("🔒", "lock"),
            ("🔑", "key"),
            ("📌", "pin"),
            ("🎯", "goal"),
            ("🏆", "trophy"),
            ("☕", "coffee"),
        ],
    ),
    (
        "emoji.group.signs",
        &[
            ("✅", "done"),
            ("❌", "wrong"),
            ("⚠️", "warning"),
            ("🚨", "urgent"),
            ("❓", "question"),
            ("❗", "attention"),
            ("ℹ️", "info"),
            ("🔴", "red"),
            ("🟡", "yellow"),
            ("🟢", "green"),
            ("⭐", "star"),
            ("🔥", "fire"),
            ("💯", "hundred"),
            ("🎉", "confetti"),
            ("🚀", "rocket"),
            ("💡", "idea"),
        ],
    ),
];

/// The button and its panel. Choosing needs a script: without one the button is not shown.
pub(super) fn picker(l: Locale) -> Markup {
    html! {
        details.menu.emoji data-menu data-emoji-picker {
            summary.icon-btn aria-label=(t(l, "emoji.open")) title=(t(l, "emoji.open")) { (ui::icon("mood-smile")) }
            div.menu-panel.emoji-panel {
                label {
                    span.visually-hidden { (t(l, "emoji.search")) }
                    input.form-control type="search" data-emoji-search placeholder=(t(l, "emoji.search")) autocomplete="off" spellcheck="false";
                }
                div.emoji-groups {
                    @for (title, emoji) in GROUPS {
                        section data-emoji-group {
                            p.menu-title { (t(l, title)) }
                            div.emoji-grid role="group" aria-label=(t(l, title)) { @for (sign, code) in emoji { (choice(l, sign, code)) } }
                        }
                    }
                }
                p.quiet data-emoji-none role="status" hidden { (t(l, "emoji.none")) }
            }
        }
    }
}

/// One emoji: its first word is its name, all words of both languages find it.
fn choice(l: Locale, sign: &str, code: &str) -> Markup {
    let key = format!("emoji.{code}");
    let name = t(l, &key).split(',').next().unwrap_or_default();
    let words = Locale::ALL.map(|l| t(l, &key)).join(" ").replace(',', "").to_lowercase();
    html! { button type="button" data-emoji=(sign) data-words=(words) aria-label=(name) title=(name) { (sign) } }
}
