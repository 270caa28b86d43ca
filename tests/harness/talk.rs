//! Conversations as people make them: through the routes.

use uuid::Uuid;

use super::{Answer, Client, User};

/// Opens the conversation with somebody; answers its id.
pub async fn open(browser: &Client, other: &User) -> String {
    let answer = browser.post("/chat/direct", &[("user_id", &other.id.to_string())]).await;
    let id = answer.location().strip_prefix("/chat/").map(str::to_owned);
    id.unwrap_or_else(|| panic!("{} cannot be written to: {} {}", other.name, answer.status, answer.text))
}

/// Sends a message as the composer does; answers its id and what came back.
pub async fn say(browser: &Client, conversation: &str, body: &str) -> (String, Answer) {
    let id = Uuid::now_v7().to_string();
    let answer = send_as(browser, conversation, &id, body).await;
    (id, answer)
}

/// Sends a message under an id that was chosen before.
pub async fn send_as(browser: &Client, conversation: &str, id: &str, body: &str) -> Answer {
    browser.post_htmx(&format!("/chat/{conversation}/messages"), &[("id", id), ("body", body)]).await
}

/// Marks as read up to a number.
pub async fn read(browser: &Client, conversation: &str, number: i64) -> Answer {
    browser.post_htmx(&format!("/chat/{conversation}/read"), &[("number", &number.to_string())]).await
}
