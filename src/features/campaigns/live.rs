//! Rights that change with a campaign: the screens of whoever it concerns are drawn anew, at once and everywhere.

use crate::{features::access, ids::UserId, live::LiveTx};

/// The screens of these people close and come back with what they may see now. Their sessions go on.
pub fn rights_changed(tx: &mut LiveTx, users: &[UserId]) {
    for user in users {
        access::revoke_all(tx, *user);
    }
}
