//! SQL of tickets. Who may see one is in every statement that a person's request runs.

mod answers;
mod assign;
mod backlog;
mod board;
mod entries;
mod files;
mod filter;
mod find;
mod follow;
mod leavers;
mod links;
mod list;
mod mention;
mod people;
mod scope;
mod search;
mod service;
mod tally;
mod views;
mod ways;
mod write;

pub use answers::{
    MacroData, MacroRow, find_macro, insert_macro, list_macros, list_macros_for, set_macro_active, update_macro,
};
pub use assign::{add_to_pool, is_in_pool, list_candidates, next_in_pool};
pub use backlog::{list_waiting, take_waiting};
pub use board::list_board;
pub use entries::{EntryRow, NewEntry, insert_entry, list_entries};
pub use files::{find_file, insert_files, list_files};
pub use filter::{After, Filter, Requester, Sort, Tab, Who};
pub use find::{TicketRow, find_changed, find_for, find_for_read, find_for_write, is_there, number_of};
pub use follow::{
    MOST_FOLLOWERS, follow, followers, is_nameable, list_nameable, list_named, readers_of_notes, unfollow,
};
pub use leavers::{has_left_any, take_left};
pub use links::{LinkRow, can_link, find_numbered, link, list_linked, list_links, lock_both, set_merged, unlink};
pub use list::{COUNTED, list_for, read_above};
pub use mention::{insert_mentions, list_mentions};
pub use people::{MOST_PEOPLE, list_campaigns, list_people, list_people_and_servers, list_supervisors, part_of};
pub use scope::Viewer;
pub use search::{Text, fill_index, index_ticket};
pub use service::{PoolRow, find_load, find_person, list_pools, list_promises, put_load, put_promise};
pub use tally::{Sums, backlog_for, fill_tally, list_own, recount, sums_for};
pub use views::{ViewRow, delete_view, insert_view, rename_view};
pub use write::{
    NewTicket, answered, assign, classify, insert, is_any_accepted, move_to, reword, sla_of, take_accepted,
};
