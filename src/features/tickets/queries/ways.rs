//! The ways in which a person reads tickets. Each has an index of its own, which begins with whose tickets they are and in
//! which state, goes on in the order of a list, and holds what filters ask for. So a list walks some index in its order
//! for each way and state until a page is full, and what is merged of them is a page: as quick with 200,000 tickets as
//! with 200.
//!
//! This is where to look. Who may read what is asked again of every row, by [`Viewer::push_reads`].

use super::{
    super::model::{Priority, Status},
    Viewer,
    filter::{After, Filter, Requester, Sort, Tab},
    find::in_states,
};
use crate::{
    auth::Role,
    db::{Db, DbResult, Sql},
    sql,
};

/// By what a person reads a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Whoever is staff of all.
    All,
    /// One of the few people opened it whom the filter asks for, and the person reads it.
    Asked,
    /// It was opened again, as the filter asks, and the person reads it.
    Reopened,
    /// It is of a campaign that they steer.
    Steered,
    /// They work on it.
    Given,
    /// They opened it.
    Opened,
    /// They follow it.
    Followed,
}

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

/// What one index is walked for: the states, and the priorities where the index has them before the order.
struct Arm<'a> {
    way: Way,
    states: &'a [Status],
    priorities: &'a [Priority],
}

/// Begins a statement with the campaigns that the person steers, as `steered (id)`: what counts and walks refers to.
pub(super) fn knowing_steered(viewer: Viewer, sql: Sql) -> Sql {
    if viewer.is_staff_of_all() || viewer.role != Role::Supervisor {
        return sql;
    }
    let steered = sql!(
        "with steered as materialized (select m.campaign_id as id from membership m \
           join campaign c on c.id = m.campaign_id and c.is_active where m.user_id = $1) ",
        viewer.id
    );
    steered.then(sql)
}

impl Walk<'_> {
    /// Each ticket is found in one of them, the first that fits.
    fn ways(&self) -> &'static [Way] {
        match self.filter.tab {
            // Few people opened few tickets, and few are opened again, whoever looks.
            _ if matches!(self.filter.requester, Requester::Few(_)) => &[Way::Asked],
            Tab::Mine => &[Way::Given, Way::Opened],
            _ if self.filter.is_reopened && self.viewer.may_be_staff() => &[Way::Reopened],
            _ if self.viewer.is_staff_of_all() => &[Way::All],
            _ if self.viewer.role == Role::Supervisor => &[Way::Steered, Way::Given, Way::Opened, Way::Followed],
            _ => &[Way::Given, Way::Opened, Way::Followed],
        }
    }

    /// Joins what `cut` makes of every arm; `None` when the filter leaves nothing.
    fn arms(&self, cut: impl Fn(&Arm<'_>) -> Sql) -> Option<Sql> {
        let states = if self.filter.is_of_nobody() { Vec::new() } else { self.filter.states() };
        let mut all = Vec::new();
        for &way in self.ways() {
            let has_urgency = matches!(way, Way::All | Way::Steered);
            let priorities = if has_urgency { self.filter.priorities.as_slice() } else { &[] };
            // What somebody follows has no order: it is looked up, all states at once. PostgreSQL is given states and
            // priorities as rows: planning an arm takes it longer than walking one.
            let is_whole = way == Way::Followed || self.db.is_postgres();
            for states in states.chunks(if is_whole { states.len().max(1) } else { 1 }) {
                match priorities {
                    some @ [_, _, ..] if !is_whole => {
                        all.extend(some.chunks(1).map(|priorities| cut(&Arm { way, states, priorities })));
                    }
                    priorities => all.push(cut(&Arm { way, states, priorities })),
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
        Some(knowing_steered(self.viewer, all.bind(limit)))
    }

    /// Whether there are more than `walked` after a row.
    pub async fn goes_beyond(&self, after: After, walked: i64) -> DbResult<bool> {
        let Some(sql) = self.first(after, walked + 1) else { return Ok(false) };
        let (count,): (i64,) = self.db.one(sql.within("select count(*) from (", ") n")).await?;
        Ok(count > walked)
    }

    /// A `select` of `id`: of each state the first `limit`.
    pub fn first_of_each(&self, limit: i64) -> Option<Sql> {
        let all = self.arms(|arm| {
            // All states at once, and all of them are looked up before any is cut.
            let most = if arm.way == Way::Followed { i64::MAX } else { limit };
            self.cut(arm, After::Nothing, most)
        })?;
        let all = all.within(
            "select n.id from (select p.id, \
               row_number() over (partition by p.status order by p.updated_at desc, p.id desc) as place from (",
            ") p) n where n.place <= ",
        );
        Some(knowing_steered(self.viewer, all.bind(limit)))
    }

    /// How many there are, counted up to `most`, as a `select` of one number; it stands behind [`knowing_steered`].
    pub fn count(&self, most: i64) -> Sql {
        let Some(all) = self.arms(|arm| self.one_each(arm, most)) else { return sql!("select cast(0 as bigint)") };
        all.push(" limit ").bind(most).within("select count(*) from (", ") n")
    }

    fn cut(&self, arm: &Arm<'_>, after: After, limit: i64) -> Sql {
        const ROW: &str = "select t.id, t.updated_at, t.urgency, t.status from ";
        let whole = |sql: Sql| {
            let sql = self.filter.beyond(self.narrow(self.tickets(sql, arm.way), arm), after);
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
        let row = sql!("select x.id, x.updated_at, x.urgency, x.status from ");
        match (self.lead(arm), self.db) {
            (None, _) => whole(row.push("(").push(ROW)).push(") x"),
            // For each row that leads its first ones.
            (Some(lead), Db::Sqlite { .. }) => {
                whole(row.then(lead).push(" cross join ticket x where x.id in (select t.id from ")).push(")")
            }
            (Some(lead), Db::Postgres(_)) => whole(row.then(lead).push(" cross join lateral (").push(ROW)).push(") x"),
        }
    }

    fn one_each(&self, arm: &Arm<'_>, most: i64) -> Sql {
        let one = sql!("select 1 as one from ");
        match (self.lead(arm), self.db) {
            (None, _) => self.narrow(self.tickets(one, arm.way), arm),
            (Some(lead), Db::Sqlite { .. }) => {
                self.narrow(self.tickets(one.then(lead).push(" cross join "), arm.way), arm)
            }
            (Some(lead), Db::Postgres(_)) => {
                let sql = self.tickets(one.then(lead).push(" cross join lateral (select 1 from "), arm.way);
                // In the order of the index, so that it is walked, whatever the engine believes of a share.
                self.narrow(sql, arm).push(" order by t.updated_at desc limit ").bind(most).push(") x")
            }
        }
    }

    /// Whose tickets an arm walks, and for PostgreSQL in which states and of which priorities: a join of rows, for each of
    /// which the index is walked. None where one walk is all.
    fn lead(&self, arm: &Arm<'_>) -> Option<Sql> {
        let mut all = Vec::new();
        match (arm.way, &self.filter.requester) {
            (Way::Steered, _) => all.push(sql!("steered k")),
            (Way::Asked, Requester::Few(people)) => {
                let people = sql!("(select id from app_user where id in ").list(people.iter().copied());
                all.push(people.push(") k"));
            }
            _ => {}
        }
        if self.db.is_postgres() && arm.way != Way::Followed {
            let rows = arm.states.iter().map(|state| vec![state.code().into()]);
            all.push(sql!("(values ").rows(rows).push(") s (status)"));
            if !arm.priorities.is_empty() {
                let rows = arm.priorities.iter().map(|priority| vec![priority.urgency().into()]);
                all.push(sql!("(values ").rows(rows).push(") u (urgency)"));
            }
        }
        all.into_iter().reduce(|all, next| all.push(" cross join ").then(next))
    }

    /// Appends the tickets that a way leads to, as `t`, and the condition of the way.
    fn tickets(&self, sql: Sql, way: Way) -> Sql {
        let me = self.viewer.id;
        match (way, self.db) {
            (Way::All, _) | (Way::Reopened, Db::Postgres(_)) => sql.push("ticket t where true"),
            // It would rather walk a wider index, not knowing how few are opened again.
            (Way::Reopened, Db::Sqlite { .. }) => sql.push("ticket t indexed by ticket_reopened_idx where true"),
            (Way::Asked, _) => sql.push("ticket t where t.requester_id = k.id"),
            (Way::Steered, _) => sql.push("ticket t where t.campaign_id = k.id"),
            (Way::Given, _) => sql.push("ticket t where t.assignee_id = ").bind(me),
            (Way::Opened, _) => sql.push("ticket t where t.requester_id = ").bind(me),
            // The followed ones lead, each looked up by its id, whatever the engine believes of their number.
            (Way::Followed, Db::Sqlite { .. }) => {
                sql.push("ticket_follower f cross join ticket t where t.id = f.ticket_id and f.user_id = ").bind(me)
            }
            (Way::Followed, Db::Postgres(_)) => sql
                .push(
                    "ticket_follower f cross join lateral (select * from ticket o where o.id = f.ticket_id offset 0) t \
                     where f.user_id = ",
                )
                .bind(me),
        }
    }

    /// Appends states and filter, and that no way before this one finds the ticket.
    fn narrow(&self, sql: Sql, arm: &Arm<'_>) -> Sql {
        let has_rows = self.db.is_postgres() && arm.way != Way::Followed;
        let sql = if has_rows { sql.push(" and t.status = s.status") } else { in_states(sql, arm.states) };
        let mut sql = match arm.priorities {
            [_, ..] if has_rows => sql.push(" and t.urgency = u.urgency"),
            [priority] => sql.push(" and t.urgency = ").bind(priority.urgency()),
            _ => self.filter.of_priority(sql),
        };
        if self.filter.tab == Tab::Unassigned {
            sql = sql.push(" and t.assignee_id is null");
        }
        sql = match arm.way {
            // Found by what is asked for, not by what the person is to them.
            Way::Asked | Way::Reopened => self.viewer.push_reads(self.filter.tab.push(sql, self.viewer).push(" and ")),
            way => {
                self.ways().iter().take_while(|before| **before != way).fold(sql, |sql, way| self.besides(sql, *way))
            }
        };
        if arm.way != Way::Asked {
            sql = self.filter.of_requester(sql);
        }
        self.filter.narrow_besides(sql, self.viewer)
    }

    /// Appends that the way does not find the ticket.
    fn besides(&self, sql: Sql, way: Way) -> Sql {
        let me = self.viewer.id;
        match way {
            Way::Steered => sql.push(" and t.campaign_id not in (select id from steered)"),
            Way::Given => sql.push(" and (t.assignee_id is null or t.assignee_id <> ").bind(me).push(")"),
            Way::Opened => sql.push(" and t.requester_id <> ").bind(me),
            // Nothing is looked for after these.
            Way::All | Way::Asked | Way::Reopened | Way::Followed => sql,
        }
    }
}
