//! Lists of tickets: what a person may read, narrowed, in an order, read on by key.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    super::model::{Application, Kind, Priority, Status},
    TicketRow, Viewer,
    find::select_for,
};
use crate::{
    db::{Db, DbResult, Sql},
    ids::UserId,
    paging::Paged,
    sql,
};

/// Rows above which a total is told as "more than".
pub const COUNTED: i64 = 1_000;

/// A tab of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// What somebody is to work on.
    #[default]
    Open,
    /// What is resolved or closed.
    Closed,
    /// What the person works on or has opened, and is not done.
    Mine,
    /// What nobody works on yet.
    Unassigned,
}

impl Tab {
    /// All of them, as they stand in the page.
    pub const ALL: [Self; 4] = [Self::Open, Self::Mine, Self::Unassigned, Self::Closed];

    /// The word in the address.
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "abiertos",
            Self::Closed => "cerrados",
            Self::Mine => "mios",
            Self::Unassigned => "sin-asignar",
        }
    }

    /// The tab of a word; another word is the first one.
    pub fn from_code(code: &str) -> Self {
        Self::ALL.into_iter().find(|tab| tab.code() == code).unwrap_or_default()
    }

    fn push(self, sql: Sql, viewer: Viewer) -> Sql {
        match self {
            Self::Open => sql.push(" and t.status in ('AB', 'EP', 'PE')"),
            Self::Closed => sql.push(" and t.status in ('RS', 'CE')"),
            Self::Mine => sql
                .push(" and t.status <> 'CE' and (t.assignee_id = ")
                .bind(viewer.id)
                .push(" or t.requester_id = ")
                .bind(viewer.id)
                .push(")"),
            Self::Unassigned => sql.push(" and t.status in ('AB', 'EP', 'PE') and t.assignee_id is null"),
        }
    }
}

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// The last change first.
    #[default]
    Updated,
    /// The most urgent first, of these the last change.
    Priority,
}

/// What a list is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// The tab.
    pub tab: Tab,
    /// About one application.
    pub application: Option<Application>,
    /// Of one kind.
    pub kind: Option<Kind>,
    /// In one of these states.
    pub statuses: Vec<Status>,
    /// Of one of these priorities.
    pub priorities: Vec<Priority>,
    /// Opened by one person.
    pub requester: Option<UserId>,
    /// Given to one person.
    pub assignee: Option<UserId>,
    /// Opened at or after.
    pub since: Option<DateTime<Utc>>,
    /// Opened before.
    pub until: Option<DateTime<Utc>>,
    /// The order.
    pub sort: Sort,
}

/// Where a page begins: urgency, last change and id of the row before it.
pub type Place = (i64, DateTime<Utc>, Uuid);

impl Filter {
    fn narrow(&self, sql: Sql, viewer: Viewer) -> Sql {
        let mut sql = self.tab.push(sql, viewer);
        if let Some(application) = self.application {
            sql = sql.push(" and t.application = ").bind(application.code());
        }
        if let Some(kind) = self.kind {
            sql = sql.push(" and t.kind = ").bind(kind.code());
        }
        if !self.statuses.is_empty() {
            sql = sql.push(" and t.status in ").list(self.statuses.iter().map(|status| status.code()));
        }
        if !self.priorities.is_empty() {
            sql = sql.push(" and t.priority in ").list(self.priorities.iter().map(|priority| priority.code()));
        }
        if let Some(requester) = self.requester {
            sql = sql.push(" and t.requester_id = ").bind(requester);
        }
        if let Some(assignee) = self.assignee {
            sql = sql.push(" and t.assignee_id = ").bind(assignee);
        }
        if let Some(since) = self.since {
            sql = sql.push(" and t.created_at >= ").bind(since);
        }
        match self.until {
            Some(until) => sql.push(" and t.created_at < ").bind(until),
            None => sql,
        }
    }

    fn page(&self, sql: Sql, after: Option<Place>) -> Sql {
        match (self.sort, after) {
            (Sort::Updated, None) => sql.push(" order by t.updated_at desc, t.id desc limit "),
            (Sort::Updated, Some((_, at, id))) => sql
                .push(" and (t.updated_at, t.id) < (")
                .bind(at)
                .push(", ")
                .bind(id)
                .push(") order by t.updated_at desc, t.id desc limit "),
            (Sort::Priority, None) => sql.push(" order by t.urgency desc, t.updated_at desc, t.id desc limit "),
            (Sort::Priority, Some((urgency, at, id))) => sql
                .push(" and (t.urgency, t.updated_at, t.id) < (")
                .bind(urgency)
                .push(", ")
                .bind(at)
                .push(", ")
                .bind(id)
                .push(") order by t.urgency desc, t.updated_at desc, t.id desc limit "),
        }
    }
}

/// Tickets that the person may read and the filter leaves, after a row; at most `size`.
pub async fn list_for(
    db: &Db,
    viewer: Viewer,
    filter: &Filter,
    after: Option<Place>,
    size: i64,
) -> DbResult<Paged<TicketRow>> {
    let sql = filter.page(filter.narrow(select_for(viewer), viewer), after);
    Ok(Paged::new(db.all(sql.bind(Paged::<TicketRow>::limit(size))).await?, size))
}

/// How many the filter leaves, counted up to one more than [`COUNTED`].
pub async fn numbered_for(db: &Db, viewer: Viewer, filter: &Filter) -> DbResult<i64> {
    let sql = filter.narrow(viewer.push_reads(sql!("select 1 as one from ticket t where ")), viewer);
    let sql = sql.push(" limit ").bind(COUNTED + 1);
    let (count,): (i64,) = db.one(sql.within("select count(*) from (", ") found")).await?;
    Ok(count)
}

/// How many each tab holds, each counted up to one more than [`COUNTED`], in the order of [`Tab::ALL`].
pub type Counts = [i64; 4];

/// Counts every tab in one statement.
pub async fn count_by_tab(db: &Db, viewer: Viewer) -> DbResult<Counts> {
    let of = |tab: Tab| {
        let sql = tab.push(viewer.push_reads(sql!("select 1 as one from ticket t where ")), viewer);
        sql.push(" limit ").bind(COUNTED + 1)
    };
    let parts = Tab::ALL.map(|tab| match tab {
        Tab::Open => of(tab).within("select 0 as place, count(*) as n from (", ") found"),
        Tab::Mine => of(tab).within("select 1 as place, count(*) as n from (", ") found"),
        Tab::Unassigned => of(tab).within("select 2 as place, count(*) as n from (", ") found"),
        Tab::Closed => of(tab).within("select 3 as place, count(*) as n from (", ") found"),
    });
    let all = parts.into_iter().reduce(Sql::union_all).unwrap_or_else(|| sql!("select 0 as place, 0 as n"));
    let rows: Vec<(i64, i64)> =
        db.all(all.within("select cast(place as bigint), n from (", ") counted order by place")).await?;
    let mut counts = Counts::default();
    for (count, (_, n)) in counts.iter_mut().zip(rows) {
        *count = n;
    }
    Ok(counts)
}
