//! Work that is done once a day: whichever instance comes first does it.

use chrono::{DateTime, Duration, NaiveDate, Utc};

use crate::{
    db::{Db, DbResult, Tx},
    sql,
};

/// After which a claim of an instance that did not finish is another's; so is one that a clock noted which was ahead.
const LEASE: Duration = Duration::hours(1);

/// Takes up the work of a day; false when it is done, or under way elsewhere.
pub async fn claim(db: &Db, name: &'static str, day: NaiveDate, now: DateTime<Utc>) -> DbResult<bool> {
    let claimed = db
        .exec(sql!(
            "insert into nightly (name, day, claimed_at, done_at) values ($1, $2, $3, null) \
             on conflict (name) do update set day = excluded.day, claimed_at = excluded.claimed_at, done_at = null \
             where nightly.day < excluded.day or (nightly.done_at is null \
                 and (nightly.claimed_at < $4 or nightly.claimed_at > $5))",
            name,
            day,
            now,
            now - LEASE,
            now + LEASE
        ))
        .await?;
    Ok(claimed == 1)
}

/// The work of the day is done.
pub async fn finish(tx: &mut Tx, name: &'static str, now: DateTime<Utc>) -> DbResult<()> {
    tx.exec(sql!("update nightly set done_at = $2 where name = $1", name, now)).await?;
    Ok(())
}
