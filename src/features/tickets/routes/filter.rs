//! What the address of a list asks for, and the address of what was asked.

use chrono::{Days, NaiveDate};
use serde::Deserialize;
use views::{paths, tickets::COLUMNS, ui::Address};

use super::super::{
    model::{Application, Kind, Priority, Status},
    queries::{After, Filter, Requester, Sort, Tab, Text, Who},
};
use crate::{
    db::{Db, DbResult},
    features::people::local_midnight,
};

/// Longest text that is looked for, in characters.
const TEXT_CHARS: usize = 100;

/// A list as its address asks for it. What the address misspells counts as not asked.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "Vec<(String, String)>")]
pub struct ListQuery {
    tab: Option<Tab>,
    /// What is looked for, as it was typed.
    pub text: String,
    /// About one application.
    pub application: Option<Application>,
    /// Of one kind.
    pub kind: Option<Kind>,
    /// In one of these states.
    pub statuses: Vec<Status>,
    /// Of one of these priorities.
    pub priorities: Vec<Priority>,
    /// Words of the name of who opened it.
    pub requester: String,
    /// Who works on it.
    pub assignee: Option<Who>,
    /// Opened on this day or later.
    pub since: Option<NaiveDate>,
    /// Opened on this day or before.
    pub until: Option<NaiveDate>,
    /// Opened again since, and nothing else.
    pub is_reopened: bool,
    /// In an order that was chosen.
    pub sort: Option<Sort>,
    /// The columns that are shown, where some are not; the first one always is.
    pub columns: Vec<&'static str>,
    /// Where the page begins.
    pub after: After,
}

impl From<Vec<(String, String)>> for ListQuery {
    fn from(pairs: Vec<(String, String)>) -> Self {
        let mut query = Self::default();
        for (name, value) in &pairs {
            query.read(name, value);
        }
        if query.columns.len() == COLUMNS.len() {
            query.columns.clear();
        }
        query
    }
}

impl ListQuery {
    fn read(&mut self, name: &str, value: &str) {
        let short = || value.trim().chars().take(TEXT_CHARS).collect();
        match name {
            "filtro" => self.tab = Tab::from_code(value),
            "q" => self.text = short(),
            "application" => self.application = Application::from_code(value),
            "kind" => self.kind = Kind::from_code(value),
            "status" => add(&mut self.statuses, Status::from_code(value)),
            "priority" => add(&mut self.priorities, Priority::from_code(value)),
            "requester" => self.requester = short(),
            "assignee" => self.assignee = Who::from_code(value),
            "since" => self.since = value.parse().ok(),
            "until" => self.until = value.parse().ok(),
            "reopened" => self.is_reopened = value == "1",
            "columns" => add(&mut self.columns, COLUMNS.into_iter().find(|column| *column == value)),
            "sort" => self.sort = Sort::from_code(value),
            "after" => self.after = After::from_word(value),
            _ => {}
        }
    }

    /// The tab that is open: the one of the address, or what people expect. Who looks for something, or names states,
    /// means those that are done as well.
    pub fn tab(&self) -> Tab {
        self.tab.unwrap_or_else(|| self.usual_tab())
    }

    fn usual_tab(&self) -> Tab {
        if self.text.is_empty() && self.statuses.is_empty() { Tab::Open } else { Tab::All }
    }

    /// The filter of the statement; what is looked for is looked up.
    pub async fn filter(&self, db: &Db) -> DbResult<Filter> {
        let text = Text::read(db, &self.text).await?;
        let usual = if text.as_ref().is_some_and(Text::is_ranked) { Sort::Relevance } else { Sort::Updated };
        let day_after = |day: NaiveDate| day.checked_add_days(Days::new(1));
        Ok(Filter {
            tab: self.tab(),
            text,
            application: self.application,
            kind: self.kind,
            statuses: self.statuses.clone(),
            priorities: self.priorities.clone(),
            requester: Requester::read(db, &self.requester).await?,
            assignee: self.assignee,
            since: self.since.and_then(local_midnight),
            until: self.until.and_then(day_after).and_then(local_midnight),
            is_reopened: self.is_reopened,
            sort: self.sort.unwrap_or(usual),
        })
    }

    /// The address of its first page, spelled right.
    pub fn address(&self) -> Address {
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        self.of_tab(self.tab())
            .with("q", &self.text)
            .with_each("status", self.statuses.iter().map(|status| status.code()))
            .with_each("priority", self.priorities.iter().map(|priority| priority.code()))
            .with("application", self.application.map_or("", Application::code))
            .with("kind", self.kind.map_or("", Kind::code))
            .with("assignee", &self.assignee.map(Who::code).unwrap_or_default())
            .with("requester", &self.requester)
            .with("since", &day(self.since))
            .with("until", &day(self.until))
            .with("reopened", if self.is_reopened { "1" } else { "" })
            .with("sort", self.sort.map_or("", Sort::code))
            .with_each("columns", self.columns.iter().copied())
    }

    /// The address of the same list in another tab.
    pub fn in_tab(&self, tab: Tab) -> Address {
        Self { tab: Some(tab), ..self.clone() }.address()
    }

    /// The whole tab, in the same order and columns.
    pub fn widened(&self) -> Address {
        let (tab, columns) = (Some(self.tab()), self.columns.clone());
        Self { tab, sort: self.sort, columns, ..Self::default() }.address()
    }

    fn of_tab(&self, tab: Tab) -> Address {
        Address::new(paths::TICKETS).with("filtro", if tab == self.usual_tab() { "" } else { tab.code() })
    }

    /// Whether anything narrows the tab.
    pub fn is_narrowed(&self) -> bool {
        self.address().pairs().iter().any(|(name, _)| !["filtro", "sort", "columns"].contains(&name.as_str()))
    }
}

/// Adds what is not there yet.
fn add<T: PartialEq>(all: &mut Vec<T>, one: Option<T>) {
    all.extend(one.filter(|one| !all.contains(one)));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> ListQuery {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>().into()
    }

    #[test]
    fn an_address_is_spelled_right_whatever_was_asked() {
        let cases: [(&[(&str, &str)], &str); 7] = [
            (&[], "/tickets"),
            (&[("filtro", "abiertos"), ("status", "XX"), ("since", "ayer"), ("sort", "up")], "/tickets"),
            (&[("reopened", "1"), ("filtro", "todos")], "/tickets?filtro=todos&reopened=1"),
            (&[("status", "AB"), ("status", "EP"), ("status", "AB")], "/tickets?status=AB&status=EP"),
            (&[("filtro", "abiertos"), ("q", " caja ")], "/tickets?filtro=abiertos&q=caja"),
            (&[("filtro", "todos"), ("q", "caja"), ("after", "50")], "/tickets?q=caja"),
            (&[("assignee", "nadie"), ("sort", "priority")], "/tickets?assignee=nadie&sort=priority"),
        ];
        for (pairs, expected) in cases {
            assert_eq!(read(pairs).address().href(), expected);
        }
    }

    #[test]
    fn who_looks_for_something_looks_among_all_unless_a_tab_is_named() {
        assert_eq!(read(&[]).tab(), Tab::Open);
        assert_eq!(read(&[("q", "caja")]).tab(), Tab::All);
        assert_eq!(read(&[("status", "CE")]).tab(), Tab::All);
        assert_eq!(read(&[("status", "CE"), ("filtro", "mios")]).tab(), Tab::Mine);
        assert!(
            read(&[("q", "caja")]).is_narrowed() && !read(&[("filtro", "mios"), ("sort", "priority")]).is_narrowed()
        );
    }
}
