//! Sign-in throttling (design: security baseline). An attempt is counted as failed before its password is looked at,
//! so that many at once cannot slip through between the count and the check.

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use crate::{
    db::{Db, DbResult, Tx},
    sql,
};

/// Failures of one account from one address before it is locked for that address.
const PER_ACCOUNT_AND_ADDRESS: i64 = 5;
/// Failures of one account, from anywhere, before it is locked.
const PER_ACCOUNT: i64 = 10;
/// Failures of one address above which it is slowed down; never locked, since a floor shares one address.
const PER_ADDRESS: i64 = 100;
/// For how long failures count.
pub const WINDOW: Duration = Duration::minutes(15);
/// How far the clocks of two instances may be apart. What is noted later than that was noted by a clock that was ahead
/// and has come back: held against an account, it would lock it for as long again.
const SKEW: Duration = Duration::minutes(1);

/// What to do with an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Look at the password.
    Check,
    /// Look at it, after a pause.
    Slow,
    /// Refuse, even the right password.
    Locked,
}

/// Counts an attempt (as failed, until [`succeeded`]) and says what to do with it. `account_hash` is a digest of what
/// was typed: whether such an account exists makes no difference.
pub async fn attempt(db: &Db, id: Uuid, account_hash: &str, ip: &str, now: DateTime<Utc>) -> DbResult<Verdict> {
    db.exec(sql!(
        "insert into sign_in_attempt (id, account_hash, ip, is_failure, at) values ($1, $2, $3, true, $4)",
        id,
        account_hash,
        ip,
        now
    ))
    .await?;
    let since = now - WINDOW;
    let (both, account, address): (i64, i64, i64) = db
        .one(sql!(
            "select count(*) filter (where account_hash = $1 and ip = $2), \
                    count(*) filter (where account_hash = $1), \
                    count(*) filter (where ip = $2) \
             from sign_in_attempt where is_failure and at > $3 and at <= $4 and (account_hash = $1 or ip = $2)",
            account_hash,
            ip,
            since,
            now + SKEW
        ))
        .await?;
    Ok(judge(both, account, address))
}

/// The figures include the attempt itself.
fn judge(both: i64, account: i64, address: i64) -> Verdict {
    if both > PER_ACCOUNT_AND_ADDRESS || account > PER_ACCOUNT {
        Verdict::Locked
    } else if address > PER_ADDRESS {
        Verdict::Slow
    } else {
        Verdict::Check
    }
}

/// The password was right: the account's failures from this address no longer count.
pub async fn succeeded(db: &Db, account_hash: &str, ip: &str) -> DbResult<()> {
    db.exec(sql!(
        "update sign_in_attempt set is_failure = false where account_hash = $1 and ip = $2",
        account_hash,
        ip
    ))
    .await?;
    Ok(())
}

/// Accounts whose next attempt is refused, from somewhere at least, by the digest of what is typed to sign in.
pub async fn list_locked(db: &Db, now: DateTime<Utc>) -> DbResult<Vec<String>> {
    let rows: Vec<(String,)> = db
        .all(sql!(
            "select distinct account_hash from ( \
                 select account_hash, count(*) as here, sum(count(*)) over (partition by account_hash) as anywhere \
                 from sign_in_attempt where is_failure and at > $1 and at <= $2 group by account_hash, ip) counted \
             where here >= $3 or anywhere >= $4 order by account_hash",
            now - WINDOW,
            now + SKEW,
            PER_ACCOUNT_AND_ADDRESS,
            PER_ACCOUNT
        ))
        .await?;
    Ok(rows.into_iter().map(|(digest,)| digest).collect())
}

/// Failures of these accounts no longer count; answers how many did.
pub async fn unlock(tx: &mut Tx, account_hashes: &[String]) -> DbResult<u64> {
    let forget = sql!("update sign_in_attempt set is_failure = false where is_failure and account_hash in ");
    tx.exec(forget.list(account_hashes.iter().map(String::as_str))).await
}

/// Attempts older than a day are of no use.
pub async fn prune(db: &Db, now: DateTime<Utc>) -> DbResult<u64> {
    db.exec(sql!("delete from sign_in_attempt where at < $1", now - Duration::days(1))).await
}

#[cfg(test)]
mod tests {
    use super::{Verdict, judge};

    #[test]
    fn the_sixth_failure_is_locked_and_a_floor_never_is() {
        let cases = [
            (1, 1, 1, Verdict::Check),
            (5, 5, 5, Verdict::Check),
            (6, 6, 6, Verdict::Locked),
            (1, 11, 1, Verdict::Locked),
            (1, 1, 101, Verdict::Slow),
            (1, 1, 10_000, Verdict::Slow),
        ];
        for (both, account, address, verdict) in cases {
            assert_eq!(judge(both, account, address), verdict, "{both} {account} {address}");
        }
    }
}
