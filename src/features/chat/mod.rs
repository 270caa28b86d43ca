//! Chat: conversations of two, groups, mass messages and what is about a record; unread counts, reading.

mod card;
mod change;
mod changed;
mod draft;
mod export;
mod files;
mod groups;
mod links;
mod live;
mod membership;
mod mentions;
mod model;
mod notice;
mod options;
mod own;
mod page;
mod pick;
mod present;
mod queries;
mod quote;
mod read;
mod record;
mod repeat;
mod retention;
mod routes;
mod search;
mod seen;
mod send;

pub use card::card_view;
pub use files::release as release_files;
pub use links::{pieces, pieces_with};
pub use live::{has_card, joined, placed, standing, takes_part, tally_html};
pub use membership::leave_campaign_groups;
pub use mentions::find as find_names;
pub use model::{Body, BodyError, Previous, starts};
pub use present::{Dock, rows};
pub use queries::{CardRow, find_card, find_card_for_write, find_fresh_card, list_waiting, push_waits};
pub use queries::{
    ListRow, MentionRow, MessageRow, NewMessage, Said, find_message, find_or_create, insert_message, list_for,
    list_with_pinned, number_next, push_unread_total, unread_total,
};
pub use queries::{Narrow, fill_index, find_messages, index_message, unindex_messages};
pub use record::record_renamed;
pub use retention::forget_old_messages;
pub use routes::routes;
pub use seen::typing;
pub use send::open_direct_with;
