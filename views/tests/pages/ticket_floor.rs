//! Tickets as those see them who steer a floor: in columns, in figures, and who serves what.

use views::tickets::{
    BoardCardView, BoardColumnView, BoardStepView, BoardView, CardView, FiguresView, PoolMemberView, PoolView,
    PromiseView, ServiceView,
};
use views::ui::{ChartView, PartView};

use super::HOSTILE;
use super::tickets::{ID, row};

pub(super) fn board(cards: i64) -> BoardView {
    let step = |to: &str, asks| BoardStepView { to: to.to_owned(), asks };
    let card = |n: i64| BoardCardView {
        row: row(n, if n == 1 { HOSTILE } else { "No abre la cartera" }),
        version: 2,
        steps: if n == 2 { vec![] } else { vec![step("RS", "solution"), step("CE", "reason")] },
    };
    let column = |(place, status): (usize, &str)| BoardColumnView {
        status: status.to_owned(),
        total: 1_234,
        cards: if place == 0 { (0..cards).map(card).collect() } else { Vec::new() },
        more: (cards > 0).then(|| format!("/tickets?status={status}")),
    };
    BoardView { columns: ["AB", "EP", "PE", "RS", "CE"].into_iter().enumerate().map(column).collect() }
}

pub(super) fn service() -> ServiceView {
    let wrong = |field: &str, key: &str| (field.to_owned(), key.to_owned());
    let promise = |priority: &str| PromiseView {
        priority: priority.to_owned(),
        respond: "1".to_owned(),
        resolve: HOSTILE.to_owned(),
    };
    let member = |id: &str, name: &str| PoolMemberView {
        id: id.to_owned(),
        name: name.to_owned(),
        has_account: id.is_empty(),
        weight: "2".to_owned(),
        capacity: "x".to_owned(),
        is_active: !id.is_empty(),
        open: 4,
        drawn: "2--true".to_owned(),
        conflict: vec![("Peso".to_owned(), "3".to_owned(), HOSTILE.to_owned())],
        errors: vec![wrong("capacity", "ticket_service.capacity.range"), wrong("person", "ticket_service.person.none")],
    };
    let pool = |application: &str, members| PoolView {
        application: application.to_owned(),
        members,
        new: member("", HOSTILE),
    };
    ServiceView {
        promises: vec![promise("CR"), promise("BA")],
        drawn: "60-240".to_owned(),
        errors: vec![wrong("resolve_CR", "ticket_service.hours.range")],
        pools: vec![pool("CARTERA", vec![member(ID, "Ana Ruiz")]), pool("OTRO", Vec::new())],
        conflict: vec![("Alta · Solución (h)".to_owned(), "9".to_owned(), HOSTILE.to_owned())],
        saved: true,
    }
}

pub(super) fn figures(values: &[i64]) -> FiguresView {
    let href = || Some("/tickets?status=AB".to_owned());
    let keys = ["total", "working", "done", "pending", "resolve", "answer", "in_time", "reopened"];
    let card = |key| CardView { key, text: "1 d 02 h 15 m".to_owned(), href: (key != "reopened").then(href).flatten() };
    let tones = ["info", "busy", "warning", "success", "danger"];
    let part = |n: usize| PartView {
        label: [HOSTILE, "Ana Ruiz"][n % 2].to_owned(),
        value: values[n],
        tone: tones[n],
        href: (n > 0).then(href).flatten(),
    };
    let chart = |title_key, is_round| ChartView { title_key, is_round, parts: (0..values.len()).map(part).collect() };
    FiguresView {
        cards: keys.map(card).to_vec(),
        charts: vec![chart("tickets.figures.by_state", false), chart("tickets.figures.by_priority", true)],
    }
}
