//! The document around every page: head, rail, top bar, dock, toasts.
//!
//! Navigation replaces `main` alone; all the rest stays, with the socket that hangs on it.

use maud::{DOCTYPE, Markup, html};

use crate::alarms::{AlarmView, ringing};
use crate::broadcasts::{CardView, critical};
use crate::chat::ConversationRow;
use crate::text::{Locale, t};
use crate::{assets, dom, live, paths, ui};

mod dock;
mod look;
mod menu;
mod rail;
mod top;

pub use crate::presence::{AgentStateView, PersonView, Presence};
pub use crate::time::TimeView;
pub use dock::LIST as DOCK_LIST;
pub use look::{Density, Look, Theme};
pub use menu::agent_state;
pub(crate) use menu::{density_key, locale_word, theme_key};

/// htmx without timers between swaps, without pauses in hidden tabs, and deaf to a proxy's error pages.
const HTMX_CONFIG: &str = r#"{"noSwap":[204,304,"5xx"],"defaultSettleDelay":0,"ws":{"pauseOnBackground":false,"reconnectMaxDelay":10000},"sse":{"pauseOnBackground":false,"reconnectMaxDelay":10000}}"#;

/// Links and forms fetch whole pages, of which `main` alone is taken.
const BOOST: &str = r##"{"target":"#main","select":"#main","swap":"outerHTML"}"##;

/// The page that is open, for the rail.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Nav {
    /// The start page.
    #[default]
    Home,
    /// Conversations.
    Chat,
    /// Mass messages.
    Broadcasts,
    /// Tickets.
    Tickets,
    /// Search for people.
    Search,
    /// One's own account.
    Account,
    /// One's own alarms.
    Alarms,
    /// Administration: people, campaigns, employees, audit, settings.
    People,
}

impl Nav {
    /// The value of `data-page`.
    pub fn code(self) -> &'static str {
        match self {
            Nav::Home => "home",
            Nav::Chat => "chat",
            Nav::Broadcasts => "broadcasts",
            Nav::Tickets => "tickets",
            Nav::Search => "search",
            Nav::Account => "account",
            Nav::Alarms => "alarms",
            Nav::People => "people",
        }
    }
}

/// What the shell shows around a page.
#[derive(Clone, Debug, Default)]
pub struct ShellView {
    /// Language, theme, density.
    pub look: Look,
    /// The person who looks.
    pub me: PersonView,
    /// Their e-mail address.
    pub email: String,
    /// Their agent state.
    pub state: AgentStateView,
    /// Names of their campaigns.
    pub campaigns: Vec<String>,
    /// The page that is open.
    pub nav: Nav,
    /// What they may do; live items show their buttons by it, the server checks again.
    pub can: Vec<&'static str>,
    /// Unread messages of all conversations.
    pub unread_total: i64,
    /// The conversations of the dock.
    pub dock: Vec<ConversationRow>,
    /// Whether the page came over plain http from elsewhere.
    pub insecure: bool,
    /// The cursor that was read before the page's data.
    pub seq: i64,
    /// Topics of this page beyond those that every socket holds, separated by spaces.
    pub topics: String,
    /// Whether live delivery is late at the moment.
    pub delayed: bool,
    /// What the search box holds.
    pub query: String,
    /// Critical messages that wait for the viewer.
    pub critical: Vec<CardView>,
    /// Mass messages that no screen of the viewer has shown yet: ids separated by spaces.
    pub unreceived: String,
    /// Alarms that ring for the viewer.
    pub ringing: Vec<AlarmView>,
}

/// The whole document of a signed-in person.
pub fn page(shell: &ShellView, title: &str, main: Markup) -> Markup {
    let l = shell.look.locale;
    html! {
        (DOCTYPE)
        html lang=(l.code()) data-bs-theme=(bs_theme(shell.look)) data-theme=(shell.look.theme.code())
            data-density=(shell.look.density.code()) data-live=[shell.delayed.then_some("delayed")] {
            head {
                (head(title))
                link rel="stylesheet" href=(paths::ME_CSS);
            }
            body.app data-me=(shell.me.id) data-can=(shell.can.join(" ")) data-text-network=(t(l, "error.network"))
                data-text-server=(t(l, "error.server")) data-presence-labels=(presence_labels(l)) hx-boost:inherited=(BOOST)
                hx-status:422:inherited="push:false" hx-status:4xx:inherited="swap:none" {
                a.skip href={ "#" (dom::main().id()) } { (t(l, "shell.skip")) }
                div id=(dom::live().id()) hx-preserve hx-ws:connect=(paths::LIVE) hx-swap="none" {}
                @if shell.insecure { p.insecure role="status" { (ui::icon("alert-triangle")) (t(l, "shell.insecure")) } }
                (top::bar(shell))
                (critical(l, &shell.critical, &shell.unreceived))
                (ringing(l, &shell.ringing))
                div.frame {
                    (rail::rail(l, shell.nav, shell.unread_total, &shell.can))
                    main id=(dom::main().id()) hx-history-elt tabindex="-1" data-seq=(shell.seq) data-topics=(shell.topics)
                        data-page=(shell.nav.code()) data-nav=(shell.nav.code()) { (main) }
                    (dock::dock(l, &shell.dock))
                }
                div.toasts id=(dom::toasts().id()) role="status" aria-live="polite" {}
                dialog.sheet id=(dom::dialog().id()) aria-label=(t(l, "shell.dialog")) {}
                (menu::keys(l))
                (crate::chat::message_template(l, &shell.me))
                (crate::chat::message_menu(l))
                (crate::chat::mention_list(l))
                (crate::notices::toast_template(l))
                template id="toast-template" { (live::toast_item(l, ui::Tone::Danger, "")) }
            }
        }
    }
}

/// A document without a signed-in person: sign-in, set-up, errors. No socket, no boost.
pub fn plain_page(look: &Look, title: &str, main: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(look.locale.code()) data-bs-theme=(bs_theme(*look)) data-theme=(look.theme.code())
            data-density=(look.density.code()) {
            head { (head(title)) }
            body.plain {
                main id=(dom::main().id()) {
                    p.brand { (ui::icon("crea")) span.visually-hidden { "CREA" } }
                    (main)
                }
            }
        }
    }
}

/// The style sheet that tells one person's own messages and name: `GET /me.css`, private.
///
/// Fragments are the same for all viewers, so what is one's own can only be told here. An id that is not made of
/// letters, digits and dashes gives an empty sheet: it would be code.
pub fn me_css(user_id: &str) -> String {
    if user_id.is_empty() || !user_id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        return String::new();
    }
    format!(
        ".conv [data-person=\"{user_id}\"]{{display:none}}\n\
         .conv [data-person-only=\"{user_id}\"]{{display:inline}}\n\
         .msg[data-sender=\"{user_id}\"]{{--msg-side:flex-end;--msg-ground:var(--own);--msg-edge:var(--own-edge);\
         --msg-face:none;--msg-name:none;--msg-head:none;--msg-more:-1}}\n\
         .mention[data-mentions~=\"{user_id}\"]{{--mention:var(--amber-soft);--mention-ink:var(--amber)}}\n\
         .seen[data-sender=\"{user_id}\"]{{display:flex}}\n\
         .react[data-reactors~=\"{user_id}\"]{{--react:var(--own);--react-edge:var(--accent)}}\n"
    )
}

/// What every document's head holds.
fn head(title: &str) -> Markup {
    html! {
        meta charset="utf-8";
        meta name="viewport" content="width=device-width, initial-scale=1";
        meta name="htmx-config" content=(HTMX_CONFIG);
        meta name="color-scheme" content="light dark";
        title { (title) " · CREA" }
        link rel="icon" type="image/svg+xml" href=(assets::url("favicon.svg")) data-unread-href=(assets::url("favicon-unread.svg"));
        link rel="stylesheet" href=(assets::url("vendor.css"));
        link rel="stylesheet" href=(assets::url("app.css"));
        script defer src=(assets::url("app.js")) {}
    }
}

/// Bootstrap's own attribute knows no "auto": it starts light, a script follows the device.
fn bs_theme(look: Look) -> &'static str {
    if look.theme == Theme::Dark { "dark" } else { "light" }
}

/// The words of every presence as a JSON object, for the script that changes dots.
fn presence_labels(l: Locale) -> String {
    let words: Vec<String> = Presence::ALL.iter().map(|p| format!("{:?}:{:?}", p.code(), p.word(l))).collect();
    format!("{{{}}}", words.join(","))
}

/// Says what is wrong with the connection; style shows the line of `html[data-live]`.
fn connection(l: Locale) -> Markup {
    html! {
        div.connection id="connection" role="status" aria-live="polite" {
            p data-when="off" {
                (ui::icon("wifi-off")) span { (t(l, "live.off")) " " span.num aria-hidden="true" data-live-age=(t(l, "live.age")) {} }
            }
            p data-when="poll" { (ui::icon("clock")) span { (t(l, "live.poll")) } }
            p data-when="delayed" { (ui::icon("clock")) span { (t(l, "live.delayed")) } }
            p data-when="revoked" {
                (ui::icon("lock")) span { (t(l, "live.revoked")) }
                a href=(paths::SIGN_IN) hx-boost="false" { (t(l, "live.sign_in")) }
            }
            p data-when="recovered" { (ui::icon("circle-check")) span { (t(l, "live.recovered")) } }
        }
    }
}
