//! Access: signing in and out, a second factor, a forgotten password, the first-run set-up, one's own account.

mod current;
mod email;
mod factor;
mod live;
mod look;
mod mails;
mod model;
mod photo;
mod profile;
mod queries;
mod reset;
mod security;
mod setup;
mod sign_in;
mod sign_in_code;
mod two_factor;

use axum::{
    http::StatusCode,
    response::{Html, IntoResponse as _, Response},
};
use maud::Markup;
use views::{
    layout::{Look, plain_page},
    paths,
};

use crate::{
    auth::Capability,
    features::people::Account,
    web::{Access, Routes},
};

pub use live::{revoke_all, revoke_one};
pub use mails::{email_changed, letter};
pub use model::{refuse_email, refuse_name, refuse_phone};
pub use photo::{SIDE as PHOTO_SIDE, key as photo_key};
pub use queries::{
    SessionRow, end_session, end_sessions, has_factor, list_sessions, locale_of, photo_version, set_photo_version,
};
pub use security::browser;
pub use setup::setup_code;
pub use sign_in::{digest as login_digest, start as start_session};

/// Routes of this feature.
pub fn routes() -> Routes {
    Routes::new()
        .get(paths::SIGN_IN, Access::Public, sign_in::show_sign_in)
        .post(paths::SIGN_IN, Access::Public, sign_in::sign_in)
        .get(paths::SIGN_IN_CODE, Access::Public, sign_in_code::show_code)
        .post(paths::SIGN_IN_CODE, Access::Public, sign_in_code::check_code)
        .post(paths::SIGN_OUT, Access::Public, sign_in::sign_out)
        .get(paths::RESET, Access::Public, reset::show_request)
        .post(paths::RESET, Access::Public, reset::request)
        .get("/reset/{token}", Access::Public, reset::show_choose)
        .post("/reset/{token}", Access::Public, reset::choose)
        .get(paths::SETUP, Access::Public, setup::show_setup)
        .post(paths::SETUP, Access::Public, setup::set_up)
        .get(paths::ACCOUNT, Access::SignedIn, profile::show_account)
        .post(paths::ACCOUNT, Access::SignedIn, profile::save_profile)
        .post_up_to(paths::PHOTO, Access::SignedIn, photo::BODY_BYTES, photo::upload)
        .post(paths::PHOTO_REMOVAL, Access::SignedIn, photo::remove)
        .get("/people/{id}/photo", Access::SignedIn, photo::show_photo)
        .post(paths::EMAIL, Access::SignedIn, email::ask)
        .get("/account/email/{token}", Access::Public, email::show_confirm)
        .post("/account/email/{token}", Access::Public, email::confirm)
        .get(paths::SECURITY, Access::SignedIn, security::show_security)
        .post(paths::PASSWORD, Access::SignedIn, security::change_password)
        .post(paths::SESSIONS, Access::SignedIn, security::end_other_sessions)
        .post("/account/sessions/{id}", Access::SignedIn, security::end_session)
        .get(paths::TWO_FACTOR, Access::SignedIn, two_factor::show_factor)
        .post(paths::TWO_FACTOR, Access::SignedIn, two_factor::begin)
        .post(paths::RECOVERY_CODES, Access::SignedIn, two_factor::show_codes)
        .post(paths::DISABLE_FACTOR, Access::SignedIn, two_factor::disable)
        .post("/people/{id}/two-factor", Access::Can(Capability::ManagePeople), two_factor::reset_factor)
        .get(paths::LOOK, Access::SignedIn, look::show_look)
        .post(paths::LOOK, Access::Public, look::change_look)
}

/// A page outside the shell: for who is not signed in, or must do this before all else.
fn gate(look: Look, status: StatusCode, title: &str, main: Markup) -> Response {
    (status, Html(plain_page(&look, title, main).into_string())).into_response()
}

/// What is known of a person, and no password of theirs may resemble.
fn known(account: &Account) -> [&str; 4] {
    [&account.email, account.document.as_deref().unwrap_or_default(), &account.first_name, &account.last_name]
}
