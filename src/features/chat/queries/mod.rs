//! SQL of chat. Who reads or writes is a participant, in every statement.

mod attachments;
mod cards;
mod conversations;
mod drafts;
mod export;
mod extras;
mod list;
mod marks;
mod messages;
mod participants;
mod retention;
mod search;
mod seen;
mod sending;

pub use attachments::{find_file, insert_attachments, list_attachments, take_orphans};
pub use cards::*;
pub use conversations::*;
pub use drafts::{clear_draft, find_draft, save_draft, spend_draft};
pub use export::{
    ExportRow, KnownRow, count_exports_in, count_messages, find_known, list_former, list_people_of, list_whole,
};
pub use extras::{Extras, MentionRow, QuoteRow, ReactionRow, extras};
pub use list::*;
pub use marks::*;
pub use messages::*;
pub use participants::*;
pub use retention::{delete_messages, find_outdated, forget_up_to, lock_outdated};
pub use search::{
    HitRow, Narrow, fill_index, find_messages, index_message, list_company, list_named, unindex_messages,
};
pub use seen::{SeenRow, list_others, may_be_heard, seen};
pub use sending::*;
