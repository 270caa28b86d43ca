//! What a tab shows, and how it differs from a fresh page.

use uuid::Uuid;

use crate::{
    oracle::{Document, Dots, difference},
    tab::Tab,
};

impl Tab {
    /// Whether a message is shown in the open conversation.
    pub fn shows(&self, message: Uuid) -> bool {
        self.document.by_id(&format!("msg-{message}")).is_some()
    }

    /// The figure of a counter (`unread-total`, `u-ID`); `None` when the page does not have it.
    pub fn count(&self, id: &str) -> Option<i64> {
        self.document.by_id(id)?.attr("data-count")?.parse().ok()
    }

    /// What the first dot of a person shows.
    pub fn dot(&self, user: &str) -> Option<String> {
        let dot = self.document.root().find(&|e| e.attr("data-presence") == Some(user))?;
        dot.attr("data-state").map(str::to_owned)
    }

    /// How this document differs from a fresh one of the same page.
    pub async fn difference(&self, dots: Dots) -> Option<String> {
        let fresh = self.client.get(&self.path).await;
        assert_eq!(fresh.status, 200, "{}", fresh.text);
        difference(self.document.root(), Document::new(&fresh.text).root(), dots)
    }

    /// Whether a word that was pushed is in any frame so far.
    pub fn was_sent(&self, word: &str) -> bool {
        self.frames.iter().any(|frame| frame.contains(word))
    }
}
