//! The board of tickets → what screens show: where each may be taken by who looks.

use std::collections::HashMap;

use views::{
    text::Locale,
    tickets::{BoardCardView, BoardColumnView, BoardStepView, BoardView},
};

use super::{
    model::{Asks, Status, steps},
    present::{self, People},
    present_figures,
    queries::{TicketRow, Viewer},
};
use crate::paging::Paged;

/// The columns; `totals` are all tickets of each state, also those that are not shown.
pub fn board(
    l: Locale,
    viewer: Viewer,
    columns: &[(Status, Paged<TicketRow>)],
    totals: &HashMap<Status, i64>,
    people: &People<'_>,
) -> BoardView {
    let column = |(status, page): &(Status, Paged<TicketRow>)| BoardColumnView {
        status: status.code().to_owned(),
        total: totals.get(status).copied().unwrap_or_default(),
        cards: page.rows.iter().map(|row| card(l, viewer, row, people)).collect(),
        more: page.has_more.then(|| present_figures::states(&[*status])),
    };
    BoardView { columns: columns.iter().map(column).collect() }
}

fn card(l: Locale, viewer: Viewer, row: &TicketRow, people: &People<'_>) -> BoardCardView {
    let step = |step: super::model::Step| BoardStepView {
        to: step.to.code().to_owned(),
        asks: match step.asks {
            Asks::Nothing => "",
            Asks::Reason => "reason",
            Asks::Solution => "solution",
        },
    };
    BoardCardView {
        row: present::row(l, row, people),
        version: row.version,
        steps: steps(row.status, row.part(viewer)).map(step).collect(),
    }
}
