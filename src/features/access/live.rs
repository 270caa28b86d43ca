//! Ended sessions close their sockets, on every instance.

use crate::{
    ids::{SessionId, UserId},
    live::{Control, LiveTx, Topic},
};

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
