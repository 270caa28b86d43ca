//! Events of alarms. Each of its people hears them alone, by `User`; the card is the same for all.

use views::{
    alarms::{AlarmView, ringing_card},
    dom,
    live::{changed, place, remove},
    text::Locale,
};

use super::queries::Dropped;
use crate::{
    ids::{AlarmId, UserId},
    live::{LiveTx, Topic},
};

/// The key of every list of alarms: each person's shows their own.
pub const LIST: &str = "alarms";

/// It rings on all their screens.
pub fn rang(tx: &mut LiveTx, users: &[UserId], card: impl Fn(Locale) -> AlarmView) {
    tx.append_each(users.iter().map(|user| Topic::User(user.0)), |l| {
        maud::html! { (place(&dom::ringing(), ringing_card(l, &card(l)))) (changed(LIST)) }
    });
}

/// It rings for this person no more: they acknowledged it, or put it off.
pub fn answered(tx: &mut LiveTx, user: UserId, id: AlarmId) {
    tx.append(Topic::User(user.0), |_| gone(id));
}

/// What takes an alarm off a screen: the event's, and the answer to whoever took it off.
pub fn gone(id: AlarmId) -> maud::Markup {
    maud::html! { (remove(&dom::alarm(&id.to_string()))) (changed(LIST)) }
}

/// It was taken from these people, on whose screens or lists it was.
pub fn taken(tx: &mut LiveTx, dropped: &[Dropped]) {
    for row in dropped {
        if row.is_rung {
            answered(tx, row.user_id, row.alarm_id);
        } else {
            planned(tx, [row.user_id]);
        }
    }
}

/// What is coming for these people is something else now.
pub fn planned(tx: &mut LiveTx, users: impl IntoIterator<Item = UserId>) {
    tx.append_each(users.into_iter().map(|user| Topic::User(user.0)), |_| changed(LIST));
}
