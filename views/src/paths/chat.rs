//! Conversations, messages and what hangs on them.

use super::FilePaths;

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

/// Files of messages.
pub const CHAT_FILES: FilePaths = FilePaths { file, thumbnail: file_thumbnail, removal: file_removal };

/// One file of a message.
pub fn file(id: &str) -> String {
    format!("/files/{id}")
}

/// The small picture of a file of a message.
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
