//! Pure maud components of CREA: data in, markup out.
//!
//! Nothing here reads a clock, the environment, a database or a request: the same data gives the same bytes, so
//! that an answer and a pushed event can share one component and one rendering can go to every viewer. Ids come
//! from [`dom`], addresses from [`paths`], words from [`text`].

pub mod account;
pub mod admin;
pub mod alarms;
pub mod assets;
pub mod audit_log;
pub mod broadcasts;
pub mod campaigns;
pub mod chat;
pub mod dom;
pub mod employees;
pub mod error;
pub mod home;
pub mod layout;
pub mod live;
pub mod live_status;
pub mod mail;
pub mod notices;
pub mod paths;
pub mod people;
pub mod presence;
pub mod reset;
pub mod search;
pub mod settings;
pub mod setup;
pub mod sign_in;
pub mod text;
pub mod tickets;
pub mod time;
pub mod ui;
