//! What a list of tickets is narrowed to, its order, and where a page of it begins.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    super::model::{Application, Kind, Priority, Status},
    Text, TicketRow, Viewer,
    find::in_states,
};
use crate::{
    db::{Db, DbResult, Sql},
    ids::UserId,
    sql,
};

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
    /// Everything, also what is done.
    All,
}

impl Tab {
    /// All of them, as they stand in the page.
    pub const ALL: [Self; 5] = [Self::Open, Self::Mine, Self::Unassigned, Self::Closed, Self::All];

    /// The word in the address.
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "abiertos",
            Self::Closed => "cerrados",
            Self::Mine => "mios",
            Self::Unassigned => "sin-asignar",
            Self::All => "todos",
        }
    }

    /// The tab of a word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tab| tab.code() == code)
    }

    /// The states of what it holds.
    fn states(self) -> &'static [Status] {
        match self {
            Self::Open | Self::Unassigned => &Status::OPEN,
            Self::Closed => &[Status::Resolved, Status::Closed],
            Self::Mine => &[Status::Open, Status::InProgress, Status::Pending, Status::Resolved],
            Self::All => Status::ALL,
        }
    }

    /// Appends what it holds.
    pub(super) fn push(self, sql: Sql, viewer: Viewer) -> Sql {
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
            Self::All => sql,
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
    /// What says best what is looked for first, of these the last change. For a text that has ranks.
    Relevance,
}

impl Sort {
    /// The word in the address; what is usual needs none.
    pub fn code(self) -> &'static str {
        match self {
            Self::Updated => "updated",
            Self::Priority => "priority",
            Self::Relevance => "",
        }
    }

    /// The order of a word; relevance is nobody's choice.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Updated, Self::Priority].into_iter().find(|sort| sort.code() == code)
    }
}

/// Whom a ticket is given to, as a filter asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Whoever looks.
    Me,
    /// Nobody yet.
    Nobody,
    /// One person.
    Person(UserId),
}

impl Who {
    /// The word in the address.
    pub fn code(self) -> String {
        match self {
            Self::Me => "yo".to_owned(),
            Self::Nobody => "nadie".to_owned(),
            Self::Person(id) => id.to_string(),
        }
    }

    /// Who a word means.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "yo" => Some(Self::Me),
            "nadie" => Some(Self::Nobody),
            id => id.parse().ok().map(Self::Person),
        }
    }

    fn push(self, sql: Sql, viewer: Viewer) -> Sql {
        match self {
            Self::Me => sql.push(" and t.assignee_id = ").bind(viewer.id),
            Self::Nobody => sql.push(" and t.assignee_id is null"),
            Self::Person(id) => sql.push(" and t.assignee_id = ").bind(id),
        }
    }
}

/// Whose tickets, by a name that was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Requester {
    /// No name was typed.
    #[default]
    Anybody,
    /// These have such a name, and nobody else.
    Few(Vec<UserId>),
    /// Too many to name them: the words.
    Many(String),
}

/// People of a name whose tickets are looked up one person after the other.
const FEW: i64 = 8;

impl Requester {
    /// Looks up who has words in their name that begin so.
    pub async fn read(db: &Db, typed: &str) -> DbResult<Self> {
        if typed.is_empty() {
            return Ok(Self::Anybody);
        }
        let sql = sql!("select u.id from app_user u where true").and_words(typed, "u.name_folded", &[]);
        let found: Vec<(UserId,)> = db.all(sql.push(" limit ").bind(FEW + 1)).await?;
        Ok(match i64::try_from(found.len()) {
            Ok(0..=FEW) => Self::Few(found.into_iter().map(|(id,)| id).collect()),
            _ => Self::Many(typed.to_owned()),
        })
    }
}

/// What a list is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// The tab.
    pub tab: Tab,
    /// Saying this.
    pub text: Option<Text>,
    /// About one application.
    pub application: Option<Application>,
    /// Of one kind.
    pub kind: Option<Kind>,
    /// In one of these states.
    pub statuses: Vec<Status>,
    /// Of one of these priorities.
    pub priorities: Vec<Priority>,
    /// Opened by somebody whose name has words that begin so.
    pub requester: Requester,
    /// Given to somebody.
    pub assignee: Option<Who>,
    /// Opened at or after.
    pub since: Option<DateTime<Utc>>,
    /// Opened before.
    pub until: Option<DateTime<Utc>>,
    /// Opened again since, and nothing else.
    pub is_reopened: bool,
    /// The order.
    pub sort: Sort,
}

/// Where a page begins: urgency, last change and id of the row before it.
pub type Place = (i64, DateTime<Utc>, Uuid);

/// Rows that a text's ranks are paged through.
const SKIPPED: std::ops::Range<i64> = 1..10 * super::search::RANKED;

/// Where a page begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum After {
    /// At the top.
    #[default]
    Nothing,
    /// After a row.
    Row(Place),
    /// After so many rows, by relevance.
    Rows(i64),
}

impl After {
    /// Reads the word of an address: `50`, or `URGENCY-MILLISECONDS-UUID`.
    pub fn from_word(word: &str) -> Self {
        let row = || {
            let (urgency, rest) = word.split_once('-')?;
            let (ms, id) = rest.split_once('-')?;
            let at = DateTime::from_timestamp_millis(ms.parse().ok()?)?;
            Some(Self::Row((urgency.parse().ok()?, at, id.parse().ok()?)))
        };
        let rows = || word.parse().ok().filter(|rows| SKIPPED.contains(rows)).map(Self::Rows);
        rows().or_else(row).unwrap_or_default()
    }

    /// The word for the page after a row that is the last of `size`.
    pub fn next(self, sort: Sort, last: &TicketRow, size: i64) -> String {
        match (sort, self) {
            (Sort::Relevance, Self::Rows(rows)) => (rows + size).to_string(),
            (Sort::Relevance, _) => size.to_string(),
            _ => format!("{}-{}-{}", last.priority.urgency(), last.updated_at.timestamp_millis(), last.id),
        }
    }
}

impl Filter {
    /// A tab, whole.
    pub(super) fn of(tab: Tab) -> Self {
        Self { tab, ..Self::default() }
    }

    /// The states that it leaves; none: it leaves nothing.
    pub(super) fn states(&self) -> Vec<Status> {
        let is_asked = |status: &Status| self.statuses.is_empty() || self.statuses.contains(status);
        self.tab.states().iter().copied().filter(is_asked).collect()
    }

    /// Appends all that it asks of ticket `t`, but for the text.
    pub(super) fn narrow(&self, sql: Sql, viewer: Viewer) -> Sql {
        let sql = in_states(self.tab.push(sql, viewer), &self.statuses);
        self.narrow_besides(self.of_requester(self.of_priority(sql)), viewer)
    }

    /// Appends the priorities that it asks for.
    pub(super) fn of_priority(&self, sql: Sql) -> Sql {
        match self.priorities.is_empty() {
            true => sql,
            false => sql.push(" and t.priority in ").list(self.priorities.iter().map(|priority| priority.code())),
        }
    }

    /// Appends whose tickets it asks for.
    pub(super) fn of_requester(&self, sql: Sql) -> Sql {
        match &self.requester {
            Requester::Anybody => sql,
            Requester::Few(people) => sql.push(" and t.requester_id in ").list(people.iter().copied()),
            Requester::Many(words) => {
                let sql = sql.push(" and t.requester_id in (select u.id from app_user u where true");
                sql.and_words(words, "u.name_folded", &[]).push(")")
            }
        }
    }

    /// Whether nobody has the name that it asks for.
    pub(super) fn is_of_nobody(&self) -> bool {
        matches!(&self.requester, Requester::Few(people) if people.is_empty())
    }

    /// Appends what it asks besides tab, states, priorities, requester and text.
    pub(super) fn narrow_besides(&self, mut sql: Sql, viewer: Viewer) -> Sql {
        if let Some(application) = self.application {
            sql = sql.push(" and t.application = ").bind(application.code());
        }
        if let Some(kind) = self.kind {
            sql = sql.push(" and t.kind = ").bind(kind.code());
        }
        if let Some(assignee) = self.assignee {
            sql = assignee.push(sql, viewer);
        }
        if self.is_reopened {
            sql = sql.push(" and t.reopened > 0");
        }
        if let Some(since) = self.since {
            sql = sql.push(" and t.created_at >= ").bind(since);
        }
        match self.until {
            Some(until) => sql.push(" and t.created_at < ").bind(until),
            None => sql,
        }
    }

    /// Appends that ticket `t` comes after a row.
    pub(super) fn beyond(&self, sql: Sql, after: After) -> Sql {
        let After::Row((urgency, at, id)) = after else { return sql };
        let sql = match self.sort {
            Sort::Updated => sql.push(" and (t.updated_at, t.id) < ("),
            Sort::Priority => sql.push(" and (t.urgency, t.updated_at, t.id) < (").bind(urgency).push(", "),
            Sort::Relevance => return sql,
        };
        sql.bind(at).push(", ").bind(id).push(")")
    }
}
