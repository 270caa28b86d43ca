//! Who reads a ticket: its requester, its assignee, its followers and its staff (domain: tickets, section 3).

use uuid::Uuid;

use crate::{
    auth::{CurrentUser, Role},
    db::{DbResult, Reader, Sql},
    ids::UserId,
    sql,
};

/// Who looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// The account.
    pub id: UserId,
    /// The one role.
    pub role: Role,
    /// Passes every check.
    pub is_superuser: bool,
}

impl Viewer {
    /// The person behind a request.
    pub fn of(user: &CurrentUser) -> Self {
        Self { id: user.id, role: user.role, is_superuser: user.is_superuser }
    }

    /// What happens by itself sees everything, and is nobody.
    pub const SYSTEM: Self = Self { id: UserId(Uuid::nil()), role: Role::Administrador, is_superuser: true };

    /// The person as they are today; `None` for a closed account.
    pub async fn find(from: &mut impl Reader, id: Uuid) -> DbResult<Option<Self>> {
        let rows: Vec<(Role, bool)> =
            from.read(sql!("select role, is_superuser from app_user where id = $1 and is_active", id)).await?;
        Ok(rows.first().map(|&(role, is_superuser)| Self { id: UserId(id), role, is_superuser }))
    }

    /// Whether the person is staff of every ticket.
    pub fn is_staff_of_all(self) -> bool {
        self.is_superuser || self.role == Role::Administrador
    }

    /// Whether the person is staff of some tickets, if any of their campaigns has any.
    pub fn may_be_staff(self) -> bool {
        self.is_staff_of_all() || self.role == Role::Supervisor
    }

    /// Appends whether the person is staff of ticket `t`, as a condition.
    pub fn push_staff(self, sql: Sql) -> Sql {
        match self.role {
            _ if self.is_staff_of_all() => sql.push("true"),
            Role::Supervisor => sql
                .push(
                    "t.campaign_id in (select m.campaign_id from membership m join campaign c on c.id = m.campaign_id \
                       and c.is_active where m.user_id = ",
                )
                .bind(self.id)
                .push(")"),
            _ => sql.push("false"),
        }
    }

    /// Appends whether the person reads the internal notes of ticket `t`, as a condition.
    pub fn push_reads_notes(self, sql: Sql) -> Sql {
        self.push_staff(sql.push("(t.assignee_id = ").bind(self.id).push(" or ")).push(")")
    }

    /// Appends whether the person may read ticket `t`, as a condition.
    pub fn push_reads(self, sql: Sql) -> Sql {
        if self.is_staff_of_all() {
            return sql.push("true");
        }
        let sql = sql.push("(t.requester_id = ").bind(self.id).push(" or t.assignee_id = ").bind(self.id);
        let sql = sql
            .push(" or t.id in (select f.ticket_id from ticket_follower f where f.user_id = ")
            .bind(self.id)
            .push(")");
        if self.role == Role::Supervisor { self.push_staff(sql.push(" or ")).push(")") } else { sql.push(")") }
    }
}
