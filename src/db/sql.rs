//! One SQL text for both engines: a statement with its arguments, owned.
//!
//! Only literals can enter the text, so a value can reach the database as a parameter alone.

use std::fmt::Write as _;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{AssertSqlSafe, Postgres, Sqlite, postgres::PgArguments, sqlite::SqliteArguments};
use uuid::Uuid;

/// One bound value. A `None` keeps its type, so that PostgreSQL learns the right one.
#[derive(Clone, Debug)]
pub enum Arg {
    /// boolean
    Bool(Option<bool>),
    /// bigint
    I64(Option<i64>),
    /// double precision
    F64(Option<f64>),
    /// text
    Text(Option<String>),
    /// timestamptz, truncated to milliseconds: what both engines keep
    At(Option<DateTime<Utc>>),
    /// date
    Day(Option<NaiveDate>),
    /// uuid
    Id(Option<Uuid>),
    /// jsonb; objects and arrays only
    Json(Option<serde_json::Value>),
}

macro_rules! arg_from {
    ($($from:ty => $variant:ident),* $(,)?) => {$(
        impl From<$from> for Arg {
            fn from(value: $from) -> Self { Self::$variant(Some(value.into())) }
        }
        impl From<Option<$from>> for Arg {
            fn from(value: Option<$from>) -> Self { Self::$variant(value.map(Into::into)) }
        }
    )*};
}
arg_from!(bool => Bool, i64 => I64, f64 => F64, String => Text, &str => Text, DateTime<Utc> => At,
    NaiveDate => Day, Uuid => Id, serde_json::Value => Json);

impl From<&String> for Arg {
    fn from(value: &String) -> Self {
        Self::Text(Some(value.clone()))
    }
}

/// A statement under construction: `sql!("select … where id = $1", id).push(" limit ").bind(50)`.
#[derive(Clone, Debug)]
pub struct Sql {
    text: String,
    args: Vec<Arg>,
}

impl Sql {
    /// Starts from a literal and its arguments; use [`sql!`](crate::sql).
    pub fn new(text: &'static str, args: Vec<Arg>) -> Self {
        Self { text: text.to_owned(), args }
    }

    /// Appends a literal.
    #[must_use]
    pub fn push(mut self, text: &'static str) -> Self {
        self.text.push_str(text);
        self
    }

    /// Appends the next placeholder, bound to `value`.
    #[must_use]
    pub fn bind(mut self, value: impl Into<Arg>) -> Self {
        self.args.push(value.into());
        let _ = write!(self.text, "${}", self.args.len());
        self
    }

    /// Appends `($4, $5, …)`; `(null)` when empty, which matches nothing.
    ///
    /// Both engines cache statements by their text: the list is padded to a power of two with its last value.
    #[must_use]
    pub fn list<T: Into<Arg>>(mut self, values: impl IntoIterator<Item = T>) -> Self {
        let mut args: Vec<Arg> = values.into_iter().map(Into::into).collect();
        let Some(last) = args.last().cloned() else {
            return self.push("(null)");
        };
        args.resize(args.len().next_power_of_two(), last);
        for (i, arg) in args.into_iter().enumerate() {
            self = self.push(if i == 0 { "(" } else { ", " }).bind(arg);
        }
        self.push(")")
    }

    /// Appends `($4, $5), ($6, $7)` for a multi-row insert.
    #[must_use]
    pub fn rows(mut self, rows: impl IntoIterator<Item = Vec<Arg>>) -> Self {
        for (i, row) in rows.into_iter().enumerate() {
            self = self.push(if i == 0 { "(" } else { ", (" });
            for (j, arg) in row.into_iter().enumerate() {
                self = if j == 0 { self.bind(arg) } else { self.push(", ").bind(arg) };
            }
            self = self.push(")");
        }
        self
    }

    /// Appends the rows of another statement, its placeholders counted on.
    #[must_use]
    pub fn union_all(self, other: Self) -> Self {
        self.push(" union all ").then(other)
    }

    /// Appends another statement, its placeholders counted on.
    #[must_use]
    pub fn then(mut self, other: Self) -> Self {
        let before = self.args.len();
        let mut pieces = other.text.split('$');
        self.text.push_str(pieces.next().unwrap_or_default());
        for piece in pieces {
            let rest = piece.trim_start_matches(|c: char| c.is_ascii_digit());
            let _ = match piece[..piece.len() - rest.len()].parse::<usize>() {
                Ok(n) => write!(self.text, "${}{rest}", n + before),
                Err(_) => write!(self.text, "${piece}"),
            };
        }
        self.args.extend(other.args);
        self
    }

    /// Puts the whole statement between two literals: a page that is cut first, and joined to afterwards.
    #[must_use]
    pub fn within(mut self, before: &'static str, after: &'static str) -> Self {
        self.text.insert_str(0, before);
        self.text.push_str(after);
        self
    }

    /// The text as it will be sent.
    pub fn text(&self) -> &str {
        &self.text
    }
}

macro_rules! bind_all {
    ($query:expr, $args:expr) => {{
        let mut query = $query;
        for arg in $args {
            query = match arg {
                Arg::Bool(x) => query.bind(x),
                Arg::I64(x) => query.bind(x),
                Arg::F64(x) => query.bind(x),
                Arg::Text(x) => query.bind(x),
                Arg::At(x) => query.bind(x.map(crate::clock::to_millis)),
                Arg::Day(x) => query.bind(x),
                Arg::Id(x) => query.bind(x),
                Arg::Json(x) => query.bind(x.map(sqlx::types::Json)),
            };
        }
        query
    }};
}

type QueryAs<'q, DB, T, A> = sqlx::query::QueryAs<'q, DB, T, A>;
type Query<'q, DB, A> = sqlx::query::Query<'q, DB, A>;

impl Sql {
    pub(super) fn lite<T: super::Row>(self) -> QueryAs<'static, Sqlite, T, SqliteArguments> {
        bind_all!(sqlx::query_as(AssertSqlSafe(self.text)), self.args)
    }

    pub(super) fn pg<T: super::Row>(self) -> QueryAs<'static, Postgres, T, PgArguments> {
        bind_all!(sqlx::query_as(AssertSqlSafe(self.text)), self.args)
    }

    pub(super) fn lite_exec(self) -> Query<'static, Sqlite, SqliteArguments> {
        bind_all!(sqlx::query(AssertSqlSafe(self.text)), self.args)
    }

    pub(super) fn pg_exec(self) -> Query<'static, Postgres, PgArguments> {
        bind_all!(sqlx::query(AssertSqlSafe(self.text)), self.args)
    }
}

/// Makes a [`Sql`] of a literal and its arguments, `$1` first.
#[macro_export]
macro_rules! sql {
    ($text:literal $(, $arg:expr)* $(,)?) => {
        $crate::db::Sql::new($text, vec![$($crate::db::Arg::from($arg)),*])
    };
}

#[cfg(test)]
mod tests {
    #[test]
    fn statements_are_joined_with_their_placeholders_counted_on() {
        let both = sql!("select a from t where x = $1 and y = $2", 1_i64, "y").union_all(sql!(
            "select b from u where x = $2 or z = $1 or j = '$.a'",
            3_i64,
            4_i64
        ));
        let expected = "select a from t where x = $1 and y = $2 union all \
                        select b from u where x = $4 or z = $3 or j = '$.a'";
        assert_eq!(both.text(), expected);
    }

    #[test]
    fn a_list_is_padded_and_an_empty_one_matches_nothing() {
        let three = sql!("select 1 where x in ").list([1_i64, 2, 3]);
        assert_eq!(three.text(), "select 1 where x in ($1, $2, $3, $4)");
        let none = sql!("select 1 where x in ").list(Vec::<i64>::new());
        assert_eq!(none.text(), "select 1 where x in (null)");
    }

    #[test]
    fn rows_number_their_placeholders_through() {
        let sql =
            sql!("insert into t values ").rows([vec![1_i64.into(), true.into()], vec![2_i64.into(), false.into()]]);
        assert_eq!(sql.text(), "insert into t values ($1, $2), ($3, $4)");
    }
}
