//! What is asked of the index: pieces of statements that a feature joins with its own tables.

use uuid::Uuid;

use super::{Index, Terms, scope_word};
use crate::{
    db::{Db, DbResult, Sql},
    sql,
};

/// Records that PostgreSQL judges by how common a word is.
const SAMPLE: i64 = 1_000;

/// The beginning of a query: `with hit as (…)`, rows `(record_id, rank)` of these scopes, the best with the smallest
/// rank. The feature goes on with its `select … from hit`.
pub fn hits(db: &Db, index: Index, terms: &Terms, scopes: &[Uuid]) -> Sql {
    rows(db, index, terms, scopes).within("with hit as materialized (", ") ")
}

/// The same rows, as a `select` of its own, to be joined with those of another index.
pub fn rows(db: &Db, index: Index, terms: &Terms, scopes: &[Uuid]) -> Sql {
    match db {
        Db::Sqlite { .. } => sql!(
            "select e.record_id, bm25(search_text, 0.0, 1.0) as rank \
             from search_text cross join search_entry e on e.id = search_text.rowid \
             where search_text match $1 and e.index_name = $2",
            fts5_query(terms, scopes),
            index.code()
        ),
        Db::Postgres(_) => sql!(
            "select e.record_id, cast(-ts_rank(e.words, cast($1 as tsquery)) as double precision) as rank \
             from search_entry e where e.words @@ cast($2 as tsquery) and e.index_name = $3",
            word_query(terms),
            tsquery(terms, scopes),
            index.code()
        ),
    }
}

/// The same rows without a rank (it is 0 for all): to rank them, SQLite reads all that each word has for itself.
pub fn unranked_rows(db: &Db, index: Index, terms: &Terms, scopes: &[Uuid]) -> Sql {
    match db {
        Db::Sqlite { .. } => sql!(
            "select e.record_id, 0.0 as rank from search_text cross join search_entry e on e.id = search_text.rowid \
             where search_text match $1 and e.index_name = $2",
            fts5_query(terms, scopes),
            index.code()
        ),
        Db::Postgres(_) => sql!(
            "select e.record_id, cast(0 as double precision) as rank \
             from search_entry e where e.words @@ cast($1 as tsquery) and e.index_name = $2",
            tsquery(terms, scopes),
            index.code()
        ),
    }
}

/// How many records match, counted up to one more than `most`, of as many as `total` selects. PostgreSQL judges by the newest
/// ones, since it would read the whole table to count.
pub async fn count_up_to(
    db: &Db,
    index: Index,
    terms: &Terms,
    scopes: &[Uuid],
    (most, total): (i64, Sql),
) -> DbResult<i64> {
    let found = match db {
        Db::Sqlite { .. } => {
            sql!("select 1 as one from search_text where search_text match $1 limit ", fts5_query(terms, scopes))
                .bind(most + 1)
        }
        Db::Postgres(_) => sql!(
            "select 1 as one from (select words from search_entry where index_name = $1 order by record_id desc limit $2) e \
             where ts_match_vq(e.words, cast($3 as tsquery))",
            index.code(),
            SAMPLE,
            word_query(terms)
        ),
    };
    let sql = total.within("select count(*), (", ") from (").then(found).push(") found");
    let (count, total): (i64, i64) = db.one(sql).await?;
    Ok(match db {
        Db::Sqlite { .. } => count,
        Db::Postgres(_) => (count.saturating_mul(total) / SAMPLE.min(total).max(1)).min(most + 1),
    })
}

/// What a search among some records begins with: the shorter side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lead {
    /// The records: each is asked for the words.
    Records,
    /// The words: whatever has them is looked for among the records.
    Words,
}

/// Rows `(record_id, index_name)` of what matches among the records that the table `of` has as `id`. For words that very
/// many records have: what is looked at is a part, and none is ranked.
pub fn among(db: &Db, indexes: [Index; 2], terms: &Terms, (of, lead): (&'static str, Lead)) -> Sql {
    let entries = |sql: Sql| sql.list(indexes.map(Index::code));
    match db {
        Db::Sqlite { .. } if lead == Lead::Words => {
            let sql = sql!(
                "select e.record_id, e.index_name from (select rowid as id from search_text where search_text match "
            );
            let sql = sql.bind(format!("{{words}} : ({})", fts5_words(terms)));
            let sql = entries(sql.push(") s cross join search_entry e where e.id = s.id and e.index_name in "));
            sql.push(" and +e.record_id in (select w.id from ").push(of).push(" w)")
        }
        Db::Postgres(_) if lead == Lead::Words => {
            let sql = sql!("select e.record_id, e.index_name from search_entry e where e.words @@ cast(");
            let sql = entries(sql.bind(word_query(terms)).push(" as tsquery) and e.index_name in "));
            sql.push(" and e.record_id in (select w.id from ").push(of).push(" w)")
        }
        // The text is walked once, whatever it finds; the plus keeps SQLite from asking it once for each record.
        Db::Sqlite { .. } => {
            let sql = sql!(
                "select e.record_id, e.index_name from (select rowid as id from search_text where search_text match "
            );
            let sql = sql.bind(format!("{{words}} : ({})", fts5_words(terms)));
            let sql =
                sql.push(" and +rowid in (select o.id from ").push(of).push(" w cross join search_entry o where ");
            let sql = entries(sql.push("o.record_id = w.id and o.index_name in "));
            sql.push(")) s cross join search_entry e where e.id = s.id")
        }
        // The function, not its operator: what the index finds for such a word is most of the table.
        Db::Postgres(_) => {
            let sql = sql!("select e.record_id, e.index_name from ").push(of).push(
                " w cross join lateral (select * from search_entry o where o.record_id = w.id and o.index_name in ",
            );
            let sql = entries(sql).push(" offset 0) e where ts_match_vq(e.words, cast(");
            sql.bind(word_query(terms)).push(" as tsquery))")
        }
    }
}

/// `{scope} : ("a" OR "b") AND {words} : ("hola" * AND "mund" *)`. Words are letters and digits: nothing to escape.
fn fts5_query(terms: &Terms, scopes: &[Uuid]) -> String {
    let scopes: Vec<String> = scopes.iter().map(|id| format!("\"{}\"", id.simple())).collect();
    format!("{{scope}} : ({}) AND {{words}} : ({})", scopes.join(" OR "), fts5_words(terms))
}

fn fts5_words(terms: &Terms) -> String {
    terms.0.iter().map(|word| format!("\"{word}\" *")).collect::<Vec<_>>().join(" AND ")
}

fn word_query(terms: &Terms) -> String {
    terms.0.iter().map(|word| format!("'{word}':*")).collect::<Vec<_>>().join(" & ")
}

fn tsquery(terms: &Terms, scopes: &[Uuid]) -> String {
    let scopes: Vec<String> = scopes.iter().map(|id| format!("'{}'", scope_word(*id))).collect();
    format!("({}) & {}", scopes.join(" | "), word_query(terms))
}
