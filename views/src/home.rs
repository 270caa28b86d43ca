//! The start page: what waits, one's campaigns, who is there.

use maud::{Markup, html};

use crate::chat::{ConversationRow, LIST, conversation_row};
use crate::presence::PersonView;
use crate::text::{Locale, fill, t};
use crate::{dom, paths, ui};

/// A campaign as its card shows it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CampaignCard {
    /// The campaign's name.
    pub name: String,
    /// Code of its module: `telefonica`, `tarjeta_plata`…
    pub module: String,
    /// Active members.
    pub members: i64,
}

/// What the start page shows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct HomeView {
    /// First name of the person.
    pub name: String,
    /// The last active conversations; style hides those without unread messages.
    pub conversations: Vec<ConversationRow>,
    /// Their campaigns.
    pub campaigns: Vec<CampaignCard>,
    /// What names these campaigns when they or who is in them change, separated by spaces.
    pub keys: String,
    /// Colleagues; style hides those who are not connected, so that a dot is all that has to change.
    pub colleagues: Vec<PersonView>,
}

/// The start page.
pub fn panel(l: Locale, v: &HomeView) -> Markup {
    html! {
        header.page-head { h1 { (fill(l, "home.title", &[("name", &v.name)])) } }
        div.home {
            section.home-unread aria-labelledby="home-unread" {
                h2 id="home-unread" { (t(l, "home.unread")) }
                // Live rows come here too; style hides those that have nothing unread.
                ul.conv-list id=(dom::conversation_list().id()) data-max=(LIST) data-roving { @for row in &v.conversations { (conversation_row(l, row)) } }
                div.when-read { (ui::empty("circle-check", t(l, "home.unread.none"), Some((paths::CHAT, t(l, "home.open_chat"))))) }
            }
            section aria-labelledby="home-campaigns" {
                h2 id="home-campaigns" { (t(l, "home.campaigns")) }
                (ui::live_list(l, &dom::home_campaigns(), &v.keys, html! {
                    @if v.campaigns.is_empty() { p.quiet { (t(l, "home.campaigns.none")) } }
                    @else { (campaigns(l, &v.campaigns)) }
                }))
            }
            section aria-labelledby="home-online" {
                h2 id="home-online" { (t(l, "home.online")) }
                (ui::live_list(l, &dom::colleagues(), &v.keys, html! {
                    ul.people {
                        @for person in &v.colleagues {
                            li {
                                (ui::avatar_with_dot(l, person))
                                span.who { span.clip { (person.name) } span.quiet.clip { (person.role_word(l)) } }
                            }
                        }
                    }
                }))
                p.quiet.nobody { (t(l, "home.online.none")) }
            }
        }
    }
}

/// The campaigns as a table: name, module, connected of members.
fn campaigns(l: Locale, cards: &[CampaignCard]) -> Markup {
    html! {
        table.plain-table {
            thead { tr {
                th scope="col" { (t(l, "home.campaign")) }
                th scope="col" { (t(l, "home.module")) }
                th.end scope="col" { (t(l, "home.members")) }
            } }
            tbody {
                @for card in cards {
                    tr {
                        th scope="row" { (card.name) }
                        td { (t(l, &format!("module.{}", card.module))) }
                        td.end.num { (card.members) }
                    }
                }
            }
        }
    }
}
