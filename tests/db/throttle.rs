//! Sign-in attempts as rows.

use chrono::Duration;
use crea::{
    auth::throttle::{Verdict, attempt, list_locked, prune, succeeded},
    sql,
};
use uuid::Uuid;

use crate::harness::{TestApp, both_dbs};

async fn judge(app: &TestApp, account: &str, ip: &str) -> Verdict {
    attempt(&app.db, Uuid::now_v7(), account, ip, app.now()).await.unwrap()
}

both_dbs!(the_sixth_failure_from_one_address_is_locked_for_that_account_alone, |app| {
    for _ in 0..5 {
        assert_eq!(judge(&app, "ana", "10.0.0.1").await, Verdict::Check);
    }
    assert_eq!(judge(&app, "ana", "10.0.0.1").await, Verdict::Locked);
    assert_eq!(judge(&app, "luis", "10.0.0.1").await, Verdict::Check, "another account");
    assert_eq!(judge(&app, "ana", "10.0.0.2").await, Verdict::Check, "another address");
});

both_dbs!(an_account_is_locked_everywhere_after_ten_failures, |app| {
    for n in 0..10 {
        assert_eq!(judge(&app, "ana", &format!("10.0.0.{n}")).await, Verdict::Check);
    }
    assert_eq!(judge(&app, "ana", "10.0.1.1").await, Verdict::Locked);
});

both_dbs!(an_address_is_slowed_down_after_a_hundred_failures_and_never_locked, |app| {
    for n in 0..100 {
        assert_eq!(judge(&app, &format!("account {n}"), "10.0.0.1").await, Verdict::Check);
    }
    assert_eq!(judge(&app, "one more", "10.0.0.1").await, Verdict::Slow);
});

both_dbs!(failures_count_for_a_quarter_of_an_hour, |app| {
    for _ in 0..6 {
        judge(&app, "ana", "10.0.0.1").await;
    }
    app.clock.advance(Duration::minutes(15) - Duration::milliseconds(1));
    assert_eq!(judge(&app, "ana", "10.0.0.1").await, Verdict::Locked);
    app.clock.advance(Duration::minutes(15));
    assert_eq!(judge(&app, "ana", "10.0.0.1").await, Verdict::Check);
});

both_dbs!(failures_that_a_clock_noted_which_was_ahead_do_not_count, |app| {
    app.clock.advance(Duration::hours(1));
    for _ in 0..6 {
        judge(&app, "ana", "10.0.0.1").await;
    }
    // Two instances are never quite of one mind: this much back changes nothing.
    app.clock.advance(Duration::seconds(-20));
    assert_eq!(judge(&app, "ana", "10.0.0.1").await, Verdict::Locked);
    assert_eq!(list_locked(&app.db, app.now()).await.unwrap(), ["ana"]);
    app.clock.advance(Duration::minutes(-60));
    assert!(list_locked(&app.db, app.now()).await.unwrap().is_empty());
    for _ in 0..5 {
        assert_eq!(judge(&app, "ana", "10.0.0.1").await, Verdict::Check);
    }
    assert_eq!(judge(&app, "ana", "10.0.0.1").await, Verdict::Locked, "the limit holds");
});

both_dbs!(a_success_clears_the_failures_of_that_address, |app| {
    for ip in ["10.0.0.1", "10.0.0.2"] {
        for _ in 0..4 {
            judge(&app, "ana", ip).await;
        }
    }
    succeeded(&app.db, "ana", "10.0.0.1").await.unwrap();
    let (left,): (i64,) = app.db.one(sql!("select count(*) from sign_in_attempt where is_failure")).await.unwrap();
    assert_eq!(left, 4, "those of the other address stay");
});

both_dbs!(attempts_are_forgotten_after_a_day, |app| {
    judge(&app, "ana", "10.0.0.1").await;
    app.clock.advance(Duration::hours(23));
    judge(&app, "luis", "10.0.0.1").await;
    app.clock.advance(Duration::hours(2));
    assert_eq!(prune(&app.db, app.now()).await.unwrap(), 1);
});
