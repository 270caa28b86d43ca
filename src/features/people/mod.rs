//! People: who they are, as every other feature shows them, and the search for them.

mod live;
mod model;
mod present;
mod queries;
mod routes;

pub use live::{
    colleague_changed, held_topics, members_changed, people_changed, rights_changed, shares_campaign, standing,
};
pub use model::{Reach, reach};
pub use present::{
    DEFAULT_ZONE, day_text, local_day, local_instant, local_midnight, local_time, me_view, person_view, zone_time,
};
pub use queries::{
    Account, NewUser, PERSON_COLUMNS, PersonRow, account_by_id, account_by_login, campaigns_of, count_campaign_members,
    has_users, insert_user, list_accounts, list_colleagues, list_reachable, note_sign_in, set_active, set_password,
};
pub use routes::{recipients, routes};
