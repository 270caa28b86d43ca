//! Text search: word prefixes over folded text, ranked. The one place where the engines differ: SQLite has FTS5,
//! PostgreSQL has `tsvector` under GIN.
//!
//! Both get words that Rust made ([`words`]): letters and digits without accents or case. So both find the same, and
//! nothing that a person types (`"`, `*`, `:`, `OR`) is ever syntax. The scope of a record (the conversation of a
//! message) is a word of its own in the same index, so a search within some scopes costs what these hold, not what
//! everybody wrote.
//!
//! A feature writes entries in the transaction of its record, and reads `hit(record_id, rank)`, to be joined with its
//! own tables; those decide once more who may see what.

use uuid::Uuid;

use super::{Db, DbResult, Tx};
use crate::{fold::fold, sql};

mod query;

pub use query::{Lead, among, count_up_to, hits, rows, unranked_rows};

/// Longest word that is kept, in characters; what comes after is not searched.
const WORD_CHARS: usize = 60;
/// Words of one text that are kept: more than a message can hold, and fewer than an index entry may have positions.
const WORDS: usize = 12_000;
/// Words of a query that count; all of them must match.
const QUERY_WORDS: usize = 8;
/// Number of the advisory lock under which the tables are made on PostgreSQL.
const LOCK: i64 = 0x5ea7_c43a;

/// What can be searched. The name is stored; a new feature adds a variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Index {
    /// Messages; their scope is the conversation.
    Message,
    /// What everybody reads of a ticket who reads it; one scope.
    Ticket,
    /// What its staff reads of a ticket that has internal notes; one scope.
    TicketNotes,
}

impl Index {
    /// The name that is stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Ticket => "ticket",
            Self::TicketNotes => "ticket_notes",
        }
    }
}

/// A text to be found again.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// What is found.
    pub record: Uuid,
    /// Where it belongs.
    pub scope: Uuid,
    /// What it says, as it was written.
    pub text: &'a str,
}

/// What somebody looks for: words that must all match, each as the beginning of a word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms(Vec<String>);

impl Terms {
    /// Reads what was typed.
    pub fn new(typed: &str) -> Self {
        let mut found = words(typed);
        found.truncate(QUERY_WORDS);
        Self(found)
    }

    /// Whether there is too little to look for: no word of two characters.
    pub fn are_too_short(&self) -> bool {
        !self.0.iter().any(|word| word.chars().count() >= 2)
    }

    /// The folded words.
    pub fn words(&self) -> &[String] {
        &self.0
    }

    /// Whether a word of a text is one that was looked for.
    pub fn matches(&self, word: &str) -> bool {
        words(word).iter().any(|word| self.0.iter().any(|term| word.starts_with(term.as_str())))
    }
}

/// The words of a text, as the index keeps them: folded runs of letters and digits.
pub fn words(text: &str) -> Vec<String> {
    let folded = fold(text);
    let runs = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    runs.take(WORDS).map(|word| word.chars().take(WORD_CHARS).collect()).collect()
}

const SQLITE_TABLES: [&str; 3] = [
    "create table if not exists search_entry (id integer primary key, index_name text not null, record_id uuid not null, \
       scope_id uuid not null, unique (index_name, record_id))",
    // The text itself is kept by the feature: the index alone is stored. Every character but ASCII punctuation and
    // space belongs to a word, which is what `words` leaves over.
    "create virtual table if not exists search_text using fts5(scope, words, content='', contentless_delete=1, \
       tokenize='ascii', prefix='2 3')",
    "create table if not exists search_index (name text primary key)",
];

const POSTGRES_TABLES: [&str; 3] = [
    "create table if not exists search_entry (index_name text not null, record_id uuid not null, \
       scope_id uuid not null, words tsvector not null, primary key (index_name, record_id))",
    "create index if not exists search_entry_words_idx on search_entry using gin (words)",
    "create table if not exists search_index (name text primary key)",
];

/// Makes the tables where they are missing, at the end of the migrations; instances that start together take turns.
pub(super) async fn create(tx: &mut Tx) -> DbResult<()> {
    match tx {
        Tx::Sqlite(tx) => {
            for table in SQLITE_TABLES {
                sqlx::query(table).execute(tx.connection()?).await?;
            }
        }
        Tx::Postgres(tx) => {
            sqlx::query("select pg_advisory_xact_lock($1)").bind(LOCK).execute(&mut **tx).await?;
            for table in POSTGRES_TABLES {
                sqlx::query(table).execute(&mut **tx).await?;
            }
        }
    }
    Ok(())
}

/// Whether the feature has written all of its records into the index: false when the tables were just made.
pub async fn is_filled(db: &Db, index: Index) -> DbResult<bool> {
    let (filled,): (bool,) =
        db.one(sql!("select exists (select 1 from search_index where name = $1)", index.code())).await?;
    Ok(filled)
}

/// Remembers that the index is complete.
pub async fn set_filled(db: &Db, index: Index) -> DbResult<()> {
    db.exec(sql!("insert into search_index (name) values ($1) on conflict (name) do nothing", index.code())).await?;
    Ok(())
}

/// Writes an entry, or writes it anew. Two statements on SQLite, one on PostgreSQL.
pub async fn put(tx: &mut Tx, index: Index, entry: Entry<'_>) -> DbResult<()> {
    let Some(id) = enter(tx, index, entry, true).await? else { return Ok(()) };
    let replace = sql!(
        "insert or replace into search_text (rowid, scope, words) values ($1, $2, $3)",
        id,
        scope_word(entry.scope),
        words(entry.text).join(" ")
    );
    tx.exec(replace).await?;
    Ok(())
}

/// As [`put`], but an entry that is there stays as it is: a backfill never undoes what an edit wrote meanwhile.
pub async fn put_missing(tx: &mut Tx, index: Index, entry: Entry<'_>) -> DbResult<()> {
    let Some(id) = enter(tx, index, entry, false).await? else { return Ok(()) };
    let insert = sql!(
        "insert into search_text (rowid, scope, words) values ($1, $2, $3)",
        id,
        scope_word(entry.scope),
        words(entry.text).join(" ")
    );
    tx.exec(insert).await?;
    Ok(())
}

/// The row of the entry; on SQLite its number, under which the words are to be written, unless that is done.
async fn enter(tx: &mut Tx, index: Index, entry: Entry<'_>, replace: bool) -> DbResult<Option<i64>> {
    let (index, record, scope) = (index.code(), entry.record, entry.scope);
    match tx {
        Tx::Sqlite(_) => {
            let insert = sql!(
                "insert into search_entry (index_name, record_id, scope_id) values ($1, $2, $3) ",
                index,
                record,
                scope
            );
            let insert = insert.push(if replace {
                "on conflict (index_name, record_id) do update set scope_id = excluded.scope_id returning id"
            } else {
                "on conflict (index_name, record_id) do nothing returning id"
            });
            Ok(tx.opt::<(i64,)>(insert).await?.map(|(id,)| id))
        }
        Tx::Postgres(_) => {
            let insert = sql!(
                "insert into search_entry (index_name, record_id, scope_id, words) \
                 values ($1, $2, $3, cast($4 as tsvector)) ",
                index,
                record,
                scope,
                vector(entry)
            );
            let insert = insert.push(if replace {
                "on conflict (index_name, record_id) do update set scope_id = excluded.scope_id, words = excluded.words"
            } else {
                "on conflict (index_name, record_id) do nothing"
            });
            tx.exec(insert).await?;
            Ok(None)
        }
    }
}

/// Takes records out of the index; those that are not in it are no error.
pub async fn remove(tx: &mut Tx, index: Index, records: &[Uuid]) -> DbResult<()> {
    if let Tx::Sqlite(_) = tx {
        let text = sql!(
            "delete from search_text where rowid in (select id from search_entry where index_name = $1 and record_id in ",
            index.code()
        );
        tx.exec(text.list(records.iter().copied()).push(")")).await?;
    }
    let entry = sql!("delete from search_entry where index_name = $1 and record_id in ", index.code());
    tx.exec(entry.list(records.iter().copied())).await?;
    Ok(())
}

/// A scope as a word that no text holds: a text's words have no underscore.
fn scope_word(scope: Uuid) -> String {
    format!("_{}", scope.simple())
}

/// `'_scope':1 'hola':2 …`: positions count for the rank; PostgreSQL's own parser, which sees addresses and signs
/// where people wrote words, is passed by.
fn vector(entry: Entry<'_>) -> String {
    let words = words(entry.text).into_iter().map(|word| format!("'{word}'"));
    let all = std::iter::once(format!("'{}'", scope_word(entry.scope))).chain(words);
    all.enumerate().map(|(n, word)| format!("{word}:{}", n + 1)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_runs_of_letters_and_digits() {
        let cases = [
            ("¿Año Nuevo, José?", vec!["ano", "nuevo", "jose"]),
            ("a:b*c \"OR\" (d)", vec!["a", "b", "c", "or", "d"]),
            ("30 % de $1.234.567", vec!["30", "de", "1", "234", "567"]),
            ("", vec![]),
            ("-- '; drop", vec!["drop"]),
        ];
        for (text, expected) in cases {
            assert_eq!(words(text), expected, "{text}");
        }
    }

    #[test]
    fn a_query_needs_a_word_of_two_characters() {
        for (typed, short) in [("", true), ("a", true), ("* \"", true), ("a b", true), ("7 de", false), ("ñu", false)]
        {
            assert_eq!(Terms::new(typed).are_too_short(), short, "{typed}");
        }
        assert_eq!(Terms::new("a b c d e f g h i j").words().len(), QUERY_WORDS);
    }

    #[test]
    fn a_word_matches_by_its_beginning_however_it_is_accented() {
        let terms = Terms::new("acuer númer");
        for (word, matches) in [("Acuerdo", true), ("NUMEROS", true), ("desacuerdo", false), ("", false)] {
            assert_eq!(terms.matches(word), matches, "{word}");
        }
    }
}
