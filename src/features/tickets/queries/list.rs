//! Lists of tickets: what a person may read, narrowed, in an order, read on by key.

use sqlx::FromRow;

use super::{
    Filter, Sort, Tab, TicketRow, ViewRow, Viewer,
    filter::After,
    find::{count_found, select_found, select_page},
    views::views_for,
    ways::{Walk, knowing_steered},
};
use crate::{
    db::{Db, DbResult, Sql, search::Lead},
    ids::{TicketViewId, UserId},
    paging::Paged,
    sql,
};

/// Rows above which a total is told as "more than".
pub const COUNTED: i64 = 1_000;
/// Tickets that a common word is looked for in, in the order of the list: these, and where there are more, of whom too few
/// say it for a page, those. By then the words are known to be the rarer ones, and lead.
const WALKED: [(i64, Lead); 2] = [(2_000, Lead::Records), (20_000, Lead::Words)];

/// Appends the order of a list to a query for tickets `t`, and where it is cut.
fn in_order(sql: Sql, sort: Sort, after: After, limit: i64) -> Sql {
    let sql = sql.push(match sort {
        Sort::Updated => " order by t.updated_at desc, t.id desc limit ",
        Sort::Priority => " order by t.urgency desc, t.updated_at desc, t.id desc limit ",
        Sort::Relevance => " order by f.rank, t.updated_at desc, t.id desc limit ",
    });
    match after {
        After::Rows(rows) if sort == Sort::Relevance => sql.bind(limit).push(" offset ").bind(rows),
        _ => sql.bind(limit),
    }
}

/// Tickets that the person may read and the filter leaves; at most `size`.
pub async fn list_for(db: &Db, viewer: Viewer, filter: &Filter, after: After, size: i64) -> DbResult<Paged<TicketRow>> {
    let (walk, limit) = (Walk { db, viewer, filter }, Paged::<TicketRow>::limit(size));
    let cut = |sql: Sql| in_order(sql, filter.sort, after, limit);
    let rows = match &filter.text {
        Some(text) if !text.is_common() => {
            let sql = filter.narrow(select_found(db, text.found(db), viewer), viewer);
            db.all(cut(filter.beyond(sql, after))).await?
        }
        Some(text) => {
            let mut rows = Vec::new();
            for (walked, lead) in WALKED {
                let Some(among) = walk.first(after, walked) else { break };
                rows = db.all(cut(select_found(db, text.found_among(db, among, lead), viewer))).await?;
                let is_full = i64::try_from(rows.len()).is_ok_and(|found| found == limit);
                if is_full || lead == Lead::Words || !walk.goes_beyond(after, walked).await? {
                    break;
                }
            }
            rows
        }
        None => match walk.first(after, limit) {
            Some(page) => db.all(cut(select_page(page, viewer))).await?,
            None => Vec::new(),
        },
    };
    Ok(Paged::new(rows, size))
}

/// How many the filter leaves, counted up to one more than [`COUNTED`]; `None` for a text that very many say.
fn total(db: &Db, viewer: Viewer, filter: &Filter) -> Sql {
    match &filter.text {
        Some(text) if text.is_ranked() => {
            let sql = filter.narrow(count_found(db, text.found(db), viewer), viewer);
            sql.push(" limit ").bind(COUNTED + 1).push(") found_rows")
        }
        Some(_) => sql!("select cast(null as bigint)"),
        None => Walk { db, viewer, filter }.count(COUNTED + 1),
    }
}

/// How many each tab holds, each counted up to one more than [`COUNTED`], in the order of [`Tab::ALL`].
pub type Counts = [i64; 5];

/// What stands above a list.
#[derive(Clone, Debug)]
pub struct Above {
    /// How many each tab holds.
    pub counts: Counts,
    /// How many the filter leaves, if somebody counted; as the tabs do.
    pub total: Option<i64>,
    /// Filters under a name.
    pub kept: Vec<ViewRow>,
}

#[derive(FromRow)]
struct AboveRow {
    open: i64,
    mine: i64,
    unassigned: i64,
    closed: i64,
    total: Option<i64>,
    id: Option<TicketViewId>,
    owner_id: Option<UserId>,
    name: Option<String>,
    query: Option<String>,
    is_shared: Option<bool>,
}

/// Counts the tabs and what a filter leaves, `None` for a whole tab, and reads the filters that are kept: one statement.
pub async fn read_above(db: &Db, viewer: Viewer, filter: Option<&Filter>) -> DbResult<Above> {
    let mut sql = sql!("select n.*, v.id, v.owner_id, v.name, v.query, v.is_shared from (select (");
    for (tab, name) in [
        (Tab::Open, ") as open, ("),
        (Tab::Mine, ") as mine, ("),
        (Tab::Unassigned, ") as unassigned, ("),
        (Tab::Closed, ") as closed, ("),
    ] {
        let filter = Filter::of(tab);
        sql = sql.then(Walk { db, viewer, filter: &filter }.count(COUNTED + 1)).push(name);
    }
    let total = filter.map_or_else(|| sql!("select cast(null as bigint)"), |filter| total(db, viewer, filter));
    let sql = sql.then(total).push(") as total) n left join (").then(views_for(viewer));
    let sql = knowing_steered(viewer, sql.push(") v on true order by v.place, v.name, v.id"));
    let rows: Vec<AboveRow> = db.all(sql).await?;
    // What is open and what is done is everything.
    let all = |row: &AboveRow| (row.open + row.closed).min(COUNTED + 1);
    let counted = rows.first().map(|row| ([row.open, row.mine, row.unassigned, row.closed, all(row)], row.total));
    let (counts, total) = counted.unwrap_or_default();
    Ok(Above { counts, total, kept: rows.into_iter().filter_map(AboveRow::view).collect() })
}

impl AboveRow {
    /// The kept filter of the row; none when nothing is kept.
    fn view(self) -> Option<ViewRow> {
        let Self { id, owner_id, name, query, is_shared, .. } = self;
        Some(ViewRow { id: id?, owner_id: owner_id?, name: name?, query: query?, is_shared: is_shared? })
    }
}
