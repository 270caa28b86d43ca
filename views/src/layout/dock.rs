//! The dock: conversations beside the work.

use maud::{Markup, html};

use crate::chat::{ConversationRow, dock_row};
use crate::text::{Locale, t};
use crate::{dom, paths, ui};

/// Conversations in the dock at once.
pub const LIST: usize = 20;

/// The dock; a script folds it to a strip and remembers it.
pub(super) fn dock(l: Locale, rows: &[ConversationRow]) -> Markup {
    html! {
        aside.dock id="dock" aria-label=(t(l, "dock.title")) {
            div.dock-head {
                button.icon-btn type="button" data-dock-toggle aria-expanded="true" aria-controls=(dom::dock_list().id())
                    aria-label=(t(l, "dock.toggle")) title=(t(l, "dock.toggle")) { (ui::icon("layout-sidebar-right")) }
                h2 { (t(l, "dock.title")) }
                a.icon-btn href=(paths::CHAT_NEW) data-go="n" aria-label=(t(l, "chat.new")) title=(t(l, "chat.new")) { (ui::icon("message-plus")) }
            }
            ul.conv-list id=(dom::dock_list().id()) data-max=(LIST) data-roving { @for row in rows { (dock_row(l, row)) } }
            p.dock-empty { (t(l, "chat.empty")) }
        }
    }
}
