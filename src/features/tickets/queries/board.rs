//! Tickets by state: the last ones of each, for the board.

use super::{super::model::Status, Filter, Tab, TicketRow, Viewer, find::select_page, ways::Walk};
use crate::{
    db::{Db, DbResult},
    paging::Paged,
};

/// The tickets that the person may read, by state: of each the `most` that changed last, and whether there are more.
pub async fn list_board(db: &Db, viewer: Viewer, most: i64) -> DbResult<Vec<(Status, Paged<TicketRow>)>> {
    let filter = Filter::of(Tab::All);
    let page = Walk { db, viewer, filter: &filter }.first_of_each(Paged::<TicketRow>::limit(most));
    let Some(page) = page else { return Ok(Vec::new()) };
    let sql = select_page(page, viewer).push(" order by t.updated_at desc, t.id desc");
    let mut rows: Vec<TicketRow> = db.all(sql).await?;
    let mut columns = Vec::new();
    for status in Status::ALL {
        let (of_state, others) = rows.into_iter().partition(|row| row.status == *status);
        columns.push((*status, Paged::new(of_state, most)));
        rows = others;
    }
    Ok(columns)
}
