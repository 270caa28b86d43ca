//! Counts the statements of a request, so that tests can assert them and the log can show them.

use std::{cell::Cell, future::Future};

tokio::task_local! {
    static COUNT: Cell<u64>;
}

/// Statements that one request ran; left in the response's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatementCount(pub u64);

/// Runs `future` with a count of its own and answers both. Tasks that it spawns are not counted.
pub async fn counted<F: Future>(future: F) -> (F::Output, StatementCount) {
    COUNT
        .scope(Cell::new(0), async {
            let output = future.await;
            (output, StatementCount(COUNT.with(Cell::get)))
        })
        .await
}

pub(super) fn count() {
    metrics::counter!("crea_statements_total").increment(1);
    // Outside a request nobody else counts.
    let _ = COUNT.try_with(|count| count.set(count.get() + 1));
}
