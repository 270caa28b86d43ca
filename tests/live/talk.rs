//! People who write to each other.

use axum::http::StatusCode;
use crea::{
    auth::{Module, Role},
    live::Topic,
};
use uuid::Uuid;

use crate::harness::{Answer, Campaign, Client, TestApp, User};

/// Somebody with a browser.
#[derive(Clone)]
pub struct Person {
    /// The account.
    pub user: User,
    /// A browser in which it is signed in.
    pub client: Client,
}

impl Person {
    /// Their id as pages write it.
    pub fn id(&self) -> String {
        self.user.id.to_string()
    }

    /// The conversation with somebody, made when there is none.
    pub async fn talk_to(&self, other: &Person) -> Uuid {
        let answer = self.client.post("/chat/direct", &[("user_id", &other.id())]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        answer.location().strip_prefix("/chat/").expect("a conversation").parse().unwrap()
    }

    /// Writes; answers the message's id.
    pub async fn write(&self, conversation: Uuid, body: &str) -> Uuid {
        let id = Uuid::now_v7();
        let answer = self.put(conversation, id, body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        id
    }

    /// Sends a message under an id, once more or for the first time.
    pub async fn put(&self, conversation: Uuid, id: Uuid, body: &str) -> Answer {
        let id = id.to_string();
        self.client.post_htmx(&format!("/chat/{conversation}/messages"), &[("id", &*id), ("body", body)]).await
    }

    /// Reads up to a number.
    pub async fn read(&self, conversation: Uuid, number: i64) {
        let form = [("number", number.to_string())];
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = self.client.post_htmx(&format!("/chat/{conversation}/read"), &form).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text);
    }

    /// Answers a message of the conversation; answers the new one's id.
    pub async fn answer(&self, conversation: Uuid, quoted: Uuid, body: &str) -> Uuid {
        let id = Uuid::now_v7();
        let (new, quoted) = (id.to_string(), quoted.to_string());
        let form = [("id", new.as_str()), ("body", body), ("quoted_id", quoted.as_str())];
        let answer = self.client.post_htmx(&format!("/chat/{conversation}/messages"), &form).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        id
    }

    /// Changes what a message of theirs says.
    pub async fn edit(&self, conversation: Uuid, message: Uuid, body: &str) {
        self.change(conversation, message, "", &[("body", body)]).await;
    }

    /// Deletes a message of theirs.
    pub async fn delete(&self, conversation: Uuid, message: Uuid) {
        self.change(conversation, message, "/delete", &[]).await;
    }

    /// Adds a reaction, or takes it back.
    pub async fn react(&self, conversation: Uuid, message: Uuid, kind: &str) {
        self.change(conversation, message, "/reactions", &[("kind", kind)]).await;
    }

    async fn change(&self, conversation: Uuid, message: Uuid, what: &str, form: &[(&str, &str)]) {
        let path = format!("/chat/{conversation}/messages/{message}{what}");
        let answer = self.client.post_htmx(&path, form).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text);
    }

    /// Chooses an agent state.
    pub async fn choose(&self, state: &str, reason: &str) {
        let answer = self.client.post_htmx("/agent-state", &[("state", state), ("reason", reason)]).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }
}

/// An event for everybody that changes nothing: a tab that is past it has applied all that was before.
pub async fn mark(app: &TestApp) -> i64 {
    let mut tx = app.live.begin().await.unwrap();
    tx.append(Topic::Everyone, |_| maud::html! { hx-partial hx-target="#nowhere" hx-swap="delete" {} });
    app.live.commit(tx).await.unwrap();
    app.live.cursor().await.unwrap()
}

/// Somebody of a campaign, signed in.
pub async fn person(app: &TestApp, name: &str, role: Role, campaign: &Campaign) -> Person {
    let user = app.user(name).role(role).campaign(campaign).insert().await;
    let client = app.sign_in(&user).await;
    Person { user, client }
}

/// Two people of one campaign who may write to each other: the agent Ana and the supervisor Luis.
pub async fn pair(app: &TestApp) -> (Person, Person, Campaign) {
    let campaign = app.campaign(Module::Telefonica).await;
    let ana = person(app, "ana", Role::Asesor, &campaign).await;
    let luis = person(app, "luis", Role::Supervisor, &campaign).await;
    (ana, luis, campaign)
}
