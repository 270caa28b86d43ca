//! Access: signing in and out, the first-run set-up, one's own account.

mod account;
mod live;
mod model;
mod queries;
mod setup;
mod sign_in;

use views::paths;

use crate::web::{Access, Routes};

pub use account::browser;
pub use live::{revoke_all, revoke_one};
pub use model::{refuse_email, refuse_name};
pub use queries::{SessionRow, end_session, end_sessions, list_sessions};
pub use setup::setup_code;
pub use sign_in::{digest as login_digest, start as start_session};

/// Routes of this feature.
pub fn routes() -> Routes {
    Routes::new()
        .get(paths::SIGN_IN, Access::Public, sign_in::show_sign_in)
        .post(paths::SIGN_IN, Access::Public, sign_in::sign_in)
        .post(paths::SIGN_OUT, Access::Public, sign_in::sign_out)
        .get(paths::SETUP, Access::Public, setup::show_setup)
        .post(paths::SETUP, Access::Public, setup::set_up)
        .get(paths::ACCOUNT, Access::SignedIn, account::show_account)
        .post(paths::PASSWORD, Access::SignedIn, account::change_password)
        .post(paths::LOOK, Access::Public, account::change_look)
        .post(paths::SESSIONS, Access::SignedIn, account::end_other_sessions)
        .post("/account/sessions/{id}", Access::SignedIn, account::end_session)
}
