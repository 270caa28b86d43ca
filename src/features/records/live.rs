//! A record changed: its cards say so.

use views::live::record_changed;

use super::Record;
use crate::live::LiveTx;

/// Tells who may see the record that it is another now: their screens fetch its cards anew, each its own. Nothing of
/// the record is in the event.
pub fn changed(tx: &mut LiveTx, record: Record) {
    tx.append(record.topic(), |_| record_changed(record.kind.code(), &record.id.to_string()));
}
