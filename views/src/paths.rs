//! Every address of the product, as a constant or a function.

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
/// POST: ends all other sessions.
pub const SESSIONS: &str = "/account/sessions";
/// POST: changes the agent state.
pub const AGENT_STATE: &str = "/agent-state";
/// Conversations.
pub const CHAT: &str = "/chat";
/// Choice of a recipient.
pub const CHAT_NEW: &str = "/chat/new";
/// Conversations for an investigation, found by their people.
pub const INVESTIGATIONS: &str = "/investigations";
/// Search over one's own messages.
pub const CHAT_SEARCH: &str = "/chat/search";
/// Form of a new group; POST: makes it.
pub const GROUP_NEW: &str = "/chat/groups";
/// Search for people.
pub const SEARCH: &str = "/search";
/// Accounts, for administrators.
pub const PEOPLE: &str = "/people";
/// Campaigns, for administrators; POST: a new one.
pub const CAMPAIGNS: &str = "/campaigns";
/// The form of a new campaign.
pub const CAMPAIGN_NEW: &str = "/campaigns/new";
/// The form of a new user.
pub const PEOPLE_NEW: &str = "/people/new";
/// The audit log.
pub const AUDIT: &str = "/audit";
/// The audit log as a spreadsheet.
pub const AUDIT_EXPORT: &str = "/audit/export";
/// What holds for the whole system; POST: changes it.
pub const SETTINGS: &str = "/settings";
/// Mass messages; POST: sends one.
pub const BROADCASTS: &str = "/broadcasts";
/// The form of a mass message.
pub const BROADCASTS_NEW: &str = "/broadcasts/new";
/// POST: the last look before sending, or the form again.
pub const BROADCASTS_REVIEW: &str = "/broadcasts/review";
/// POST: whom it would reach.
pub const BROADCASTS_PREVIEW: &str = "/broadcasts/preview";
/// POST: people to choose from.
pub const BROADCASTS_PEOPLE: &str = "/broadcasts/people";
/// The form that takes a file of people, and its POST.
pub const PEOPLE_IMPORT: &str = "/people/import";
/// An empty file with the right heads.
pub const PEOPLE_TEMPLATE: &str = "/people/import/template";
/// The style sheet that tells what is one's own.
pub const ME_CSS: &str = "/me.css";
/// The socket.
pub const LIVE: &str = "/live";

/// Conversations of a kind; all of them without.
pub fn chat_tab(kind: &str) -> String {
    if kind.is_empty() { CHAT.to_owned() } else { format!("/chat?kind={kind}") }
}

/// Where the conversations of a kind go on.
pub fn chat_after(kind: &str, place: &str) -> String {
    let kind = if kind.is_empty() { String::new() } else { format!("&kind={kind}") };
    format!("/chat?after={place}{kind}")
}

/// One conversation.
pub fn conversation(id: &str) -> String {
    format!("/chat/{id}")
}

/// POST: a new message; GET with `before`: older ones.
pub fn messages(id: &str) -> String {
    format!("/chat/{id}/messages")
}

/// The messages before a number, for a list at the end of the conversation or for one further up.
pub fn messages_before(id: &str, number: i64, is_live: bool) -> String {
    let list = if is_live { "" } else { "&up=1" };
    format!("/chat/{id}/messages?before={number}{list}")
}

/// The messages after a number, for a list that is not at the end of the conversation.
pub fn messages_after(id: &str, number: i64) -> String {
    format!("/chat/{id}/messages?after={number}")
}

/// One conversation, read on from a message.
pub fn conversation_from(id: &str, number: i64) -> String {
    format!("/chat/{id}?from={number}")
}

/// One message with all that one may do with it; POST: changes what it says.
pub fn message(id: &str, message: &str) -> String {
    format!("/chat/{id}/messages/{message}")
}

/// POST: deletes one's own message.
pub fn message_delete(id: &str, message: &str) -> String {
    format!("/chat/{id}/messages/{message}/delete")
}

/// POST: reacts to a message, or takes the reaction back.
pub fn message_reactions(id: &str, message: &str) -> String {
    format!("/chat/{id}/messages/{message}/reactions")
}

/// The people whom a message of a conversation may name.
pub fn message_names(id: &str) -> String {
    format!("/chat/{id}/names")
}

/// A message among those around it.
pub fn message_at(id: &str, number: i64) -> String {
    format!("/chat/{id}?at={number}")
}

/// POST: files for the next message.
pub fn files(id: &str) -> String {
    format!("/chat/{id}/files")
}

/// POST: what stands in the composer.
pub fn draft(id: &str) -> String {
    format!("/chat/{id}/draft")
}

/// One file.
pub fn file(id: &str) -> String {
    format!("/files/{id}")
}

/// The small picture of a file.
pub fn file_thumbnail(id: &str) -> String {
    format!("/files/{id}/thumbnail")
}

/// POST: takes back a file that is not sent.
pub fn file_removal(id: &str) -> String {
    format!("/files/{id}/removal")
}

/// POST: exports a conversation for an investigation.
pub fn investigation(id: &str) -> String {
    format!("/investigations/{id}")
}

/// POST: marks as read up to a number.
pub fn message_read(id: &str) -> String {
    format!("/chat/{id}/read")
}

/// POST: marks as unread.
pub fn message_unread(id: &str) -> String {
    format!("/chat/{id}/unread")
}

/// POST: mutes, or no longer.
pub fn mute(id: &str) -> String {
    format!("/chat/{id}/mute")
}

/// POST: pins, or no longer.
pub fn pin(id: &str) -> String {
    format!("/chat/{id}/pin")
}

/// POST: leaves a group.
pub fn leave(id: &str) -> String {
    format!("/chat/{id}/leave")
}

/// POST: renames a group.
pub fn group_title(id: &str) -> String {
    format!("/chat/groups/{id}/title")
}

/// Choice of who joins a group; POST: adds them.
pub fn group_people(id: &str) -> String {
    format!("/chat/groups/{id}/people")
}

/// POST: takes a person out of a group.
pub fn group_removal(id: &str) -> String {
    format!("/chat/groups/{id}/removal")
}

/// The card of a record.
pub fn record_card(kind: &str, id: &str) -> String {
    format!("/records/{kind}/{id}/card")
}

/// POST: opens the conversation about a record.
pub fn record_conversation(kind: &str, id: &str) -> String {
    format!("/records/{kind}/{id}/conversation")
}

/// POST: opens the direct conversation with a person.
pub fn direct() -> &'static str {
    "/chat/direct"
}

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

/// Mass messages that wait for their time.
pub fn broadcasts_scheduled() -> &'static str {
    "/broadcasts?state=scheduled"
}

/// The roll-call of a mass message.
pub fn broadcast(id: &str) -> String {
    format!("/broadcasts/{id}")
}

/// POST: the recipient confirms it.
pub fn broadcast_confirm(id: &str) -> String {
    format!("/broadcasts/{id}/confirm")
}

/// POST: opens the direct conversation with its sender.
pub fn broadcast_reply(id: &str) -> String {
    format!("/broadcasts/{id}/reply")
}

/// POST: reminds those who are missing.
pub fn broadcast_remind(id: &str) -> String {
    format!("/broadcasts/{id}/remind")
}

/// POST: takes back one that is scheduled.
pub fn broadcast_cancel(id: &str) -> String {
    format!("/broadcasts/{id}/cancel")
}

/// The roll-call as a spreadsheet.
pub fn broadcast_export(id: &str) -> String {
    format!("/broadcasts/{id}/export")
}

/// A campaign; POST: changes it.
pub fn campaign(id: &str) -> String {
    format!("/campaigns/{id}")
}

/// POST: opens or closes a campaign.
pub fn campaign_state(id: &str) -> String {
    format!("/campaigns/{id}/state")
}

/// Who is in a campaign; POST: adds people.
pub fn campaign_members(id: &str) -> String {
    format!("/campaigns/{id}/members")
}

/// POST: takes people out of a campaign.
pub fn campaign_removal(id: &str) -> String {
    format!("/campaigns/{id}/members/removal")
}

/// When a campaign works; POST: sets its hours.
pub fn campaign_calendar(id: &str) -> String {
    format!("/campaigns/{id}/calendar")
}

/// POST: adds holidays.
pub fn campaign_holidays(id: &str) -> String {
    format!("/campaigns/{id}/holidays")
}

/// POST: takes holidays out.
pub fn campaign_holiday_removal(id: &str) -> String {
    format!("/campaigns/{id}/holidays/removal")
}

/// A user: detail, and the POST that changes it.
pub fn user(id: &str) -> String {
    format!("/people/{id}")
}

/// POST: lets a user sign in, or no longer.
pub fn user_state(id: &str) -> String {
    format!("/people/{id}/state")
}

/// POST: forgets a user's wrong passwords.
pub fn user_lock(id: &str) -> String {
    format!("/people/{id}/lock")
}

/// POST: ends one session of a user, or all.
pub fn user_sessions(id: &str) -> String {
    format!("/people/{id}/sessions")
}

/// POST: invites a user again, or takes the invitation back.
pub fn user_invitation(id: &str) -> String {
    format!("/people/{id}/invitation")
}

/// The page of an invitation's link, and its POST.
pub fn invitation(token: &str) -> String {
    format!("/invitation/{token}")
}

/// The page of a link to a new password, and its POST.
pub fn reset(token: &str) -> String {
    format!("/reset/{token}")
}

/// The page of a link that confirms an e-mail address, and its POST.
pub fn confirm_email(token: &str) -> String {
    format!("/account/email/{token}")
}

/// POST: takes a person's second factor away, for who lost it.
pub fn reset_factor(id: &str) -> String {
    format!("/people/{id}/two-factor")
}

/// What came of a file of people; POST: imports its good rows.
pub fn people_import(id: &str) -> String {
    format!("/people/import/{id}")
}

/// The bad rows of a file with their reasons, to take away.
pub fn people_import_report(id: &str) -> String {
    format!("/people/import/{id}/report")
}

/// POST: links for who was imported and still waits.
pub fn people_import_links(id: &str) -> String {
    format!("/people/import/{id}/links")
}
