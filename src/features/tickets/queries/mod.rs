//! SQL of tickets. Who may see one is in every statement that a person's request runs.

mod assign;
mod entries;
mod files;
mod find;
mod list;
mod people;
mod scope;
mod write;

pub use assign::{Candidate, add_to_pool, is_in_pool, list_candidates, next_in_pool};
pub use entries::{EntryRow, NewEntry, insert_entry, list_entries};
pub use files::{find_file, insert_files, list_files};
pub use find::{TicketRow, find_changed, find_for, find_for_write, is_there, number_of};
pub use list::{COUNTED, Filter, Place, Sort, Tab, count_by_tab, list_for, numbered_for};
pub use people::{MOST_PEOPLE, followers, list_campaigns, list_people, list_supervisors, part_of};
pub use scope::Viewer;
pub use write::{NewTicket, answered, assign, classify, insert, is_any_accepted, move_to, sla_of, take_accepted};
