//! SQL of chat. Who reads or writes is a participant, in every statement.

mod conversations;
mod extras;
mod marks;
mod messages;
mod search;

pub use conversations::{
    ListRow, OpenRow, find_for, find_for_write, find_or_create, find_recipient, list_for, list_ids_for, lock,
    read_up_to, takes_part, tallies,
};
pub use extras::{Extras, MentionRow, QuoteRow, ReactionRow, extras};
pub use marks::{insert_mentions, list_names, may_quote};
pub use messages::{
    MessageRow, NewMessage, Numbered, count_sent_since, find_message, find_sent, insert_message, list_messages,
    number_next,
};
pub use search::{
    HitRow, Narrow, fill_index, find_messages, index_message, list_company, list_named, unindex_messages,
};
