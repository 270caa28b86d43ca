//! Ended sessions close their sockets, on every instance.

use std::time::Duration;

use crate::{
    app::App,
    ids::{SessionId, UserId},
    live::{Control, LiveTx, Topic},
};

/// How long a browser has to load a page under its new session before screens of the old one are closed.
const GRACE: Duration = Duration::from_secs(2);

/// All screens of a person close.
pub fn revoke_all(tx: &mut LiveTx, user: UserId) {
    tx.control(Topic::User(user.0), Control::Revoke { user: user.0, only: None, except: None });
}

/// The screens of one session close.
pub fn revoke_one(tx: &mut LiveTx, user: UserId, session: SessionId) {
    tx.control(Topic::User(user.0), Control::Revoke { user: user.0, only: Some(session.0), except: None });
}

/// All screens of a person but those of one session close.
pub fn revoke_others(tx: &mut LiveTx, user: UserId, keep: SessionId) {
    tx.control(Topic::User(user.0), Control::Revoke { user: user.0, only: None, except: Some(keep.0) });
}

/// The screens of a session that was followed by another in the same browser close once that has had time to load.
pub fn revoke_soon(app: App, user: UserId, session: SessionId) {
    tokio::spawn(async move {
        tokio::time::sleep(GRACE).await;
        let done = async {
            let mut tx = app.live.begin().await?;
            revoke_one(&mut tx, user, session);
            app.live.commit(tx).await
        };
        if let Err(error) = done.await {
            tracing::warn!(%error, "screens of an ended session stay open");
        }
    });
}
