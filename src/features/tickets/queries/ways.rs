//! The ways in which a person reads tickets. Each has an index of its own, which begins with whose tickets they are and in
//! which state, goes on in the order of a list, and holds what filters ask for. So a list walks some index in its order
//! for each way and state until a page is full, and what is merged of them is a page: as quick with 200,000 tickets as
//! with 200.
//!
//! This is where to look. Who may read what is asked again of every row, by [`Viewer::push_reads`].

use super::{
    super::model::{Priority, Status},
    Viewer,
    filter::{After, Filter, Sort, Tab},
    find::in_states,
};
use crate::{
    auth::Role,
    db::{Db, Sql},
    sql,
};

/// By what a person reads a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Whoever is staff of all.
    All,
    /// It is of a campaign that they steer.
    Steered,
    /// They work on it.
    Given,
    /// They opened it.
    Opened,
    /// They follow it.
    Followed,
}

/// The campaigns that a supervisor steers, in front of the id.
const STEERED: &str = "(select m.campaign_id from membership m join campaign c on c.id = m.campaign_id and c.is_active \
     where m.user_id = ";

/// The tickets that a person reads and a filter leaves, but for its text.
#[derive(Clone, Copy)]
pub(super) struct Walk<'a> {
    /// Where.
    pub db: &'a Db,
    /// Who.
    pub viewer: Viewer,
    /// Which.
    pub filter: &'a Filter,
}

/// What one index is walked for: the states, and the priority where the index has it before the order.
struct Arm<'a> {
    way: Way,
    states: &'a [Status],
    priority: Option<Priority>,
}

impl Walk<'_> {
    /// Each ticket is found in one of them, the first that fits.
    fn ways(&self) -> &'static [Way] {
        match self.filter.tab {
            Tab::Mine => &[Way::Given, Way::Opened],
            _ if self.viewer.is_staff_of_all() => &[Way::All],
            _ if self.viewer.role == Role::Supervisor => &[Way::Steered, Way::Given, Way::Opened, Way::Followed],
            _ => &[Way::Given, Way::Opened, Way::Followed],
        }
    }

    /// Joins what `cut` makes of every arm; `None` when the filter leaves nothing.
    fn arms(&self, cut: impl Fn(&Arm<'_>) -> Sql) -> Option<Sql> {
        let states = self.filter.states();
        let mut all = Vec::new();
        for &way in self.ways() {
            // What somebody follows has no order: it is looked up, all states at once.
            let size = if way == Way::Followed { states.len().max(1) } else { 1 };
            for states in states.chunks(size) {
                match (way, self.filter.priorities.as_slice()) {
                    (Way::All | Way::Steered, priorities) if !priorities.is_empty() => all
                        .extend(priorities.iter().map(|&priority| cut(&Arm { way, states, priority: Some(priority) }))),
                    _ => all.push(cut(&Arm { way, states, priority: None })),
                }
            }
        }
        all.into_iter().reduce(Sql::union_all)
    }

    /// A `select` of `id`, `updated_at`, `urgency`, `status`: the first `limit` in the order of the filter, after a row.
    pub fn first(&self, after: After, limit: i64) -> Option<Sql> {
        let all = self.arms(|arm| self.cut(arm, after, limit))?;
        let all = all.within("select p.id, p.updated_at, p.urgency, p.status from (", ") p");
        let all = match self.filter.sort {
            Sort::Priority => all.push(" order by p.urgency desc, p.updated_at desc, p.id desc limit "),
            _ => all.push(" order by p.updated_at desc, p.id desc limit "),
        };
        Some(all.bind(limit))
    }

    /// How many there are, counted up to `most`, as a `select` of one number.
    pub fn count(&self, most: i64) -> Sql {
        let Some(all) = self.arms(|arm| self.one_each(arm, most)) else { return sql!("select cast(0 as bigint)") };
        all.push(" limit ").bind(most).within("select count(*) from (", ") n")
    }

    fn cut(&self, arm: &Arm<'_>, after: After, limit: i64) -> Sql {
        const ROW: &str = "select t.id, t.updated_at, t.urgency, t.status";
        let whole = |sql: Sql| self.filter.beyond(self.narrow(self.from(sql, arm.way), arm), after);
        let order = |sql: Sql| {
            sql.push(match (self.filter.sort, arm.way) {
                (Sort::Priority, Way::All | Way::Steered) => {
                    " order by t.urgency desc, t.updated_at desc, t.id desc limit "
                }
                // A sum, so that SQLite keeps to the index of the person: it has the fewer tickets.
                (Sort::Priority, _) => " order by t.urgency + 0 desc, t.updated_at desc, t.id desc limit ",
                _ => " order by t.updated_at desc, t.id desc limit ",
            })
            .bind(limit)
        };
        let row = sql!("select x.id, x.updated_at, x.urgency, x.status from (");
        match (arm.way, self.db) {
            // Of each campaign its first ones.
            (Way::Steered, Db::Sqlite { .. }) => {
                let sql = row.push(STEERED).bind(self.viewer.id).push(")) k cross join ticket x where x.id in (");
                order(whole(sql.push("select t.id"))).push(")")
            }
            (Way::Steered, Db::Postgres(_)) => {
                let sql = row.push(STEERED).bind(self.viewer.id).push(")) k cross join lateral (").push(ROW);
                order(whole(sql)).push(") x")
            }
            _ => order(whole(row.push(ROW))).push(") x"),
        }
    }

    fn one_each(&self, arm: &Arm<'_>, most: i64) -> Sql {
        let one = sql!("select 1 as one");
        match (arm.way, self.db) {
            (Way::Steered, Db::Sqlite { .. }) => {
                let sql = one.push(" from ").push(STEERED).bind(self.viewer.id).push(") k cross join ticket t where");
                self.narrow(sql.push(" t.campaign_id = k.campaign_id"), arm)
            }
            (Way::Steered, Db::Postgres(_)) => {
                let sql =
                    one.push(" from ").push(STEERED).bind(self.viewer.id).push(") k cross join lateral (select 1");
                // In the order of the index, so that it is walked, whatever the engine believes of one campaign's share.
                self.narrow(self.from(sql, arm.way), arm)
                    .push(" order by t.updated_at desc limit ")
                    .bind(most)
                    .push(") x")
            }
            _ => self.narrow(self.from(one, arm.way), arm),
        }
    }

    /// Appends from where, with the condition of the way.
    fn from(&self, sql: Sql, way: Way) -> Sql {
        let me = self.viewer.id;
        match (way, self.db) {
            (Way::All, _) => sql.push(" from ticket t where true"),
            (Way::Steered, _) => sql.push(" from ticket t where t.campaign_id = k.campaign_id"),
            (Way::Given, _) => sql.push(" from ticket t where t.assignee_id = ").bind(me),
            (Way::Opened, _) => sql.push(" from ticket t where t.requester_id = ").bind(me),
            // The followed ones lead, each looked up by its id, whatever the engine believes of their number.
            (Way::Followed, Db::Sqlite { .. }) => sql
                .push(" from ticket_follower f cross join ticket t where t.id = f.ticket_id and f.user_id = ")
                .bind(me),
            (Way::Followed, Db::Postgres(_)) => sql
                .push(
                    " from ticket_follower f cross join lateral (select * from ticket o where o.id = f.ticket_id offset 0) t \
                     where f.user_id = ",
                )
                .bind(me),
        }
    }

    /// Appends states and filter, and that no way before this one finds the ticket.
    fn narrow(&self, sql: Sql, arm: &Arm<'_>) -> Sql {
        let sql = in_states(sql, arm.states);
        let mut sql = match arm.priority {
            Some(priority) => sql.push(" and t.urgency = ").bind(priority.urgency()),
            None => self.filter.of_priority(sql),
        };
        if self.filter.tab == Tab::Unassigned {
            sql = sql.push(" and t.assignee_id is null");
        }
        for before in self.ways().iter().take_while(|way| **way != arm.way) {
            sql = self.besides(sql, *before);
        }
        self.filter.narrow_besides(sql, self.viewer)
    }

    /// Appends that the way does not find the ticket.
    fn besides(&self, sql: Sql, way: Way) -> Sql {
        let me = self.viewer.id;
        match way {
            Way::Steered => self.viewer.push_staff(sql.push(" and not (")).push(")"),
            Way::Given => sql.push(" and (t.assignee_id is null or t.assignee_id <> ").bind(me).push(")"),
            Way::Opened => sql.push(" and t.requester_id <> ").bind(me),
            // Nothing is looked for after these.
            Way::All | Way::Followed => sql,
        }
    }
}
