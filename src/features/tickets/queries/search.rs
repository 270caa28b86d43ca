//! Search over tickets: subject, description and what was said, and the two entries that each has in the index.
//!
//! The first entry holds what everybody reads who reads the ticket; the second, which a ticket with internal notes has,
//! also holds the notes, and is found by those alone who read them. So nobody learns by searching what a note says.

use uuid::Uuid;

use crate::{
    db::{
        Db, DbResult, Sql, Tx,
        search::{self, Entry, Index, Lead, Terms},
    },
    ids::TicketId,
    sql,
};

/// The one scope of each index.
const ALL: Uuid = Uuid::from_u128(0x71_c4e7);
const NOTES: Uuid = Uuid::from_u128(0x71_c4e8);
/// Tickets that are ranked. What more of them say tells little: these come in the order of the list.
pub const RANKED: i64 = 2_000;
/// Tickets that are all looked up. What more of them say is looked for among those that come first in the list.
const LOOKED_UP: i64 = 5_000;
/// What was said last in a ticket, and is found; the index bounds its words besides.
const SAID: i64 = 300;
/// Tickets that a backfill writes in one transaction.
const BATCH: i64 = 500;

/// What somebody looks for in tickets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// The number of a ticket, where a number was typed.
    pub number: Option<i64>,
    /// The words; none for `#123`.
    terms: Option<Terms>,
    spread: Spread,
}

/// How many tickets say something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Spread {
    /// Few enough to rank them.
    #[default]
    Rare,
    /// Few enough to look all of them up.
    Usual,
    /// Too many for either.
    Common,
}

impl Spread {
    fn of(tickets: i64) -> Self {
        match (tickets > RANKED, tickets > LOOKED_UP) {
            (false, _) => Self::Rare,
            (true, false) => Self::Usual,
            (true, true) => Self::Common,
        }
    }
}

impl Text {
    /// Reads what was typed; `None` when it is too little to look for.
    pub async fn read(db: &Db, typed: &str) -> DbResult<Option<Self>> {
        let typed = typed.trim();
        let bare = typed.strip_prefix('#').unwrap_or(typed);
        let number = bare.parse::<i64>().ok().filter(|number| *number > 0);
        let is_number = number.is_some() && bare != typed;
        let terms = Some(Terms::new(typed)).filter(|terms| !terms.are_too_short() && !is_number);
        let Some(words) = &terms else { return Ok(number.map(|_| Self { number, ..Self::default() })) };
        let total = sql!("select n from counter where name = 'tickets'");
        let spread = Spread::of(search::count_up_to(db, Index::Ticket, words, &[ALL], (LOOKED_UP, total)).await?);
        Ok(Some(match number {
            // A number that thousands of tickets say is looked for as a number.
            Some(_) if spread != Spread::Rare => Self { number, ..Self::default() },
            _ => Self { number, spread, terms },
        }))
    }

    /// Whether what is found has a rank.
    pub fn is_ranked(&self) -> bool {
        self.spread == Spread::Rare
    }

    /// Whether too many tickets say it to look all of them up.
    pub(super) fn is_common(&self) -> bool {
        self.spread == Spread::Common
    }

    /// `with found as (…)`: ids and ranks of what says it, and whether a note alone does, to go on with
    /// ` select … from found f`. Nothing for a common word.
    pub(super) fn found(&self, db: &Db) -> Sql {
        let number = self.number.map(|number| {
            sql!("select id as record_id, cast(-1000000 as double precision) as rank, 0 as is_note from ticket where number = ")
                .bind(number)
        });
        let all = match (&self.terms, number) {
            (Some(terms), number) if !self.is_common() => {
                let rows = if self.is_ranked() { search::rows } else { search::unranked_rows };
                let notes = rows(db, Index::TicketNotes, terms, &[NOTES])
                    .within("select record_id, rank, 1 as is_note from (", ") n");
                let said = rows(db, Index::Ticket, terms, &[ALL])
                    .within("select record_id, rank, 0 as is_note from (", ") s")
                    .union_all(notes);
                number.into_iter().fold(said, Sql::union_all)
            }
            (_, Some(number)) => number,
            _ => return sql!(""),
        };
        all.within(
            "with found as materialized (select record_id, min(rank) as rank, min(is_note) as is_note from (",
            ") h group by record_id) ",
        )
    }

    /// The same for a common word, of the tickets that `among` selects by their `id`: no more of them are looked into, and
    /// none is ranked.
    pub(super) fn found_among(&self, db: &Db, among: Sql, lead: Lead) -> Sql {
        let none = Terms::default();
        let terms = self.terms.as_ref().unwrap_or(&none);
        let hits = search::among(db, [Index::Ticket, Index::TicketNotes], terms, ("walk", lead));
        let walk = among.within(
            "with walk as materialized (",
            "), found as materialized (select h.record_id, min(case when h.index_name = ",
        );
        let sql = walk.bind(Index::Ticket.code()).push(" then 0 else 1 end) as is_note from (");
        sql.then(hits).push(") h group by h.record_id) ")
    }
}

/// What the index is to hold of a ticket: for all who read it, and for its staff when there are notes.
struct Said {
    all: String,
    staff: Option<String>,
}

async fn said(tx: &mut Tx, id: TicketId) -> DbResult<Said> {
    let (title, description): (String, String) =
        tx.one(sql!("select title, description from ticket where id = $1", id)).await?;
    let rows: Vec<(bool, String, String)> = tx
        .all(
            sql!(
                "select kind = 'note', body, reason from ticket_entry \
                 where ticket_id = $1 and (body <> '' or reason <> '') order by number desc limit ",
                id
            )
            .bind(SAID),
        )
        .await?;
    // The subject counts twice.
    let mut all = format!("{title} {title} {description}");
    for (_, body, reason) in rows.iter().filter(|(is_note, ..)| !is_note) {
        all.extend([" ", body, " ", reason]);
    }
    let mut staff = String::new();
    for (_, body, _) in rows.iter().filter(|(is_note, ..)| *is_note) {
        staff.extend([body, " "]);
    }
    let staff = (!staff.is_empty()).then(|| format!("{staff}{all}"));
    Ok(Said { all, staff })
}

/// Makes a ticket findable by what it says now. Call it in the transaction that opens it, or says something in it.
pub async fn index_ticket(tx: &mut Tx, id: TicketId) -> DbResult<()> {
    let said = said(tx, id).await?;
    search::put(tx, Index::Ticket, Entry { record: id.0, scope: ALL, text: &said.all }).await?;
    if let Some(text) = &said.staff {
        search::put(tx, Index::TicketNotes, Entry { record: id.0, scope: NOTES, text }).await?;
    }
    Ok(())
}

/// Writes every ticket into an index that was just made. Bounded transactions; a second instance, or one that was
/// stopped half-way, does no harm.
pub async fn fill_index(db: &Db) -> DbResult<()> {
    if search::is_filled(db, Index::Ticket).await? {
        return Ok(());
    }
    let mut after: Option<Uuid> = None;
    loop {
        let mut tx = db.begin().await?;
        let page = sql!("select id from ticket where ").bind(after).push(" is null or id > ").bind(after);
        let page: Vec<(TicketId,)> = tx.all(page.push(" order by id limit ").bind(BATCH)).await?;
        for (id,) in &page {
            let said = said(&mut tx, *id).await?;
            search::put_missing(&mut tx, Index::Ticket, Entry { record: id.0, scope: ALL, text: &said.all }).await?;
            if let Some(text) = &said.staff {
                search::put_missing(&mut tx, Index::TicketNotes, Entry { record: id.0, scope: NOTES, text }).await?;
            }
        }
        tx.commit().await?;
        let Some((last,)) = page.last() else { break };
        after = Some(last.0);
    }
    search::set_filled(db, Index::Ticket).await
}
