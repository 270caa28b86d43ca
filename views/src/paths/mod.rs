//! Every address of the product, as a constant or a function.

mod admin;
mod alarms;
mod broadcasts;
mod chat;
mod tickets;

pub use admin::*;
pub use alarms::*;
pub use broadcasts::*;
pub use chat::*;
pub use tickets::*;

/// The start page.
pub const HOME: &str = "/";
/// Sign-in form and its POST.
pub const SIGN_IN: &str = "/sign-in";
/// The second step of a sign-in and its POST.
pub const SIGN_IN_CODE: &str = "/sign-in/code";
/// Asks for a link to a new password.
pub const RESET: &str = "/reset";
/// POST: ends the session.
pub const SIGN_OUT: &str = "/sign-out";
/// First-run set-up of an empty database.
pub const SETUP: &str = "/setup";
/// One's own account; POST: changes the profile.
pub const ACCOUNT: &str = "/account";
/// How one signs in: password, second factor, sessions.
pub const SECURITY: &str = "/account/security";
/// POST: asks for another e-mail address.
pub const EMAIL: &str = "/account/email";
/// The second factor; POST: begins an enrolment.
pub const TWO_FACTOR: &str = "/account/two-factor";
/// POST: confirms an enrolment or renews the recovery codes, and shows them.
pub const RECOVERY_CODES: &str = "/account/two-factor/codes";
/// POST: switches the second factor off.
pub const DISABLE_FACTOR: &str = "/account/two-factor/disable";
/// POST: changes the password.
pub const PASSWORD: &str = "/account/password";
/// Language, theme and density, and the POST that changes them.
pub const LOOK: &str = "/account/look";
/// POST: takes a photo of oneself.
pub const PHOTO: &str = "/account/photo";
/// POST: takes one's photo away.
pub const PHOTO_REMOVAL: &str = "/account/photo/removal";
/// POST: ends all other sessions.
pub const SESSIONS: &str = "/account/sessions";
/// POST: changes the agent state.
pub const AGENT_STATE: &str = "/agent-state";
/// Search for people.
pub const SEARCH: &str = "/search";
/// The style sheet that tells what is one's own.
pub const ME_CSS: &str = "/me.css";
/// The socket.
pub const LIVE: &str = "/live";
/// What the socket carries, as a stream of server-sent events.
pub const LIVE_SSE: &str = "/live/sse";
/// What the socket carries, asked for every few seconds.
pub const LIVE_POLL: &str = "/live/poll";
/// POST: what a tab without a socket has to say.
pub const LIVE_SAY: &str = "/live/say";

/// POST: ends one session.
pub fn session(id: &str) -> String {
    format!("/account/sessions/{id}")
}

/// An address with a query; fields without a value are left out.
pub fn with_query(path: &str, fields: &[(&str, &str)]) -> String {
    let mut url = path.to_owned();
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_empty()) {
        url.push(if url.contains('?') { '&' } else { '?' });
        url.push_str(name);
        url.push('=');
        for byte in value.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                url.push(char::from(byte));
            } else {
                url.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    url
}

/// Where a feature has its files, by their ids.
#[derive(Clone, Copy, Debug)]
pub struct FilePaths {
    /// One file.
    pub file: fn(&str) -> String,
    /// The small picture of a file.
    pub thumbnail: fn(&str) -> String,
    /// POST: takes back a file that is not sent.
    pub removal: fn(&str) -> String,
}

/// The page of a link to a new password, and its POST.
pub fn reset(token: &str) -> String {
    format!("/reset/{token}")
}

/// The page of a link that confirms an e-mail address, and its POST.
pub fn confirm_email(token: &str) -> String {
    format!("/account/email/{token}")
}
