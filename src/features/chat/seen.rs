//! Receipts: how far the others have read, and who is typing.

use uuid::Uuid;
use views::{
    chat::{Kind, SeenView, Stretch, seen_footer, typing as typing_frame},
    dom,
    live::morph,
    text::Locale,
};

use super::queries::{self, MessageRow, OpenRow, SeenRow};
use crate::{
    app::App,
    auth::CurrentUser,
    db::DbResult,
    features::people::local_time,
    ids::{ConversationId, UserId},
    live::{LiveTx, Topic},
};

/// Others of a conversation up to which receipts are shown: in larger ones each message would tell its sender as often
/// as there are readers.
const MOST: usize = 30;

/// The line under the last message as this viewer sees it: only its sender learns who read it. What the page shows
/// of the last message says what it can.
pub async fn under(
    app: &App,
    user: &CurrentUser,
    id: ConversationId,
    open: &OpenRow,
    shown: &Stretch,
) -> DbResult<Option<SeenView>> {
    let (l, me) = (user.look.locale, user.id.to_string());
    let last = shown.messages.last().filter(|last| last.number == open.last_number && open.kind != Kind::Broadcast);
    match last {
        Some(last) if last.notice.is_some() || last.is_deleted => Ok(None),
        Some(last) if last.sender.id != me => Ok(Some(unread(last.sender.id.clone()))),
        _ => {
            let rows = queries::seen(&mut &app.db, id).await?;
            Ok(view(l, &rows).map(|v| if v.sender == me { v } else { unread(v.sender) }))
        }
    }
}

/// The line under a message that was just sent: the same for everyone.
pub fn sent(l: Locale, row: &MessageRow) -> maud::Markup {
    let id = row.conversation_id.to_string();
    let view = row.notice.is_none().then(|| unread(row.sender.id.to_string()));
    morph(&dom::seen(&id), seen_footer(l, &id, view.as_ref()))
}

/// Somebody read up to `number`. If that is the last message, its sender's screens show it; nobody else is told.
pub async fn moved(tx: &mut LiveTx, reader: UserId, id: ConversationId, number: i64) -> DbResult<()> {
    let rows = queries::seen(&mut **tx, id).await?;
    let Some(first) = rows.first().filter(|row| row.last_number == number && rows.len() <= MOST) else { return Ok(()) };
    if first.sender_id != reader {
        let sender = Topic::User(first.sender_id.0);
        tx.append(sender, |l| {
            let conversation = id.to_string();
            morph(&dom::seen(&conversation), seen_footer(l, &conversation, view(l, &rows).as_ref()))
        });
    }
    Ok(())
}

/// Says to who has the conversation on the screen that the person is typing in it.
pub fn typing(app: &App, user: &CurrentUser, conversation: Uuid) {
    let (app, id, name) = (app.clone(), user.id, format!("{} {}", user.first_name, user.last_name));
    tokio::spawn(async move {
        // Recipients of a mass message do not learn of each other.
        match queries::may_be_heard(&app.db, id, ConversationId(conversation)).await {
            Ok(true) => app.live.ephemeral(Topic::Conversation(conversation), |_| {
                typing_frame(&conversation.to_string(), &id.to_string(), &name)
            }),
            Ok(false) => {}
            Err(error) => tracing::debug!(%error, "typing was not told"),
        }
    });
}

fn unread(sender: String) -> SeenView {
    SeenView { sender, ..SeenView::default() }
}

fn view(l: Locale, rows: &[SeenRow]) -> Option<SeenView> {
    let sender = rows.first()?.sender_id.to_string();
    if rows.len() > MOST {
        return Some(unread(sender));
    }
    let others = rows.iter().filter(|row| row.name.is_some()).count();
    let readers = rows.iter().filter(|row| row.has_seen).filter_map(|row| {
        let at = row.seen_at.unwrap_or(row.sent_at);
        Some((row.name.clone()?, local_time(l, at)))
    });
    Some(SeenView { sender, others, readers: readers.collect() })
}
