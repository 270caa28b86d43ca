//! Figures of tickets → what screens show, each with the way to the tickets behind it.

use chrono::Duration;
use views::{
    paths,
    text::{Locale, t},
    tickets::{CardView, FiguresView},
    ui::{Address, ChartView, PartView},
};

use super::{
    figures::Figures,
    model::{Priority, Status},
    present::{People, took},
    queries::Tab,
};

/// People that the chart of the backlog shows.
pub const HELPERS: usize = 12;

/// Cards and charts.
pub fn figures(l: Locale, figures: &Figures, people: &People<'_>) -> FiguresView {
    let sums = &figures.sums;
    let count = |key, n: i64, href| CardView { key, text: n.to_string(), href };
    let mean = |key, minutes: i64, of: i64, href| CardView {
        key,
        text: if of == 0 { "–".to_owned() } else { took(Duration::minutes(minutes / of)) },
        href,
    };
    let in_states = |states: &[Status]| figures.in_states(states);
    let done = list(Tab::Closed, &[]);
    let cards = vec![
        count("total", sums.tickets, Some(list(Tab::All, &[]))),
        count(
            "working",
            in_states(&[Status::Open, Status::InProgress]),
            Some(states(&[Status::Open, Status::InProgress])),
        ),
        count("done", in_states(&[Status::Resolved, Status::Closed]), Some(done.clone())),
        count("pending", in_states(&[Status::Pending]), Some(states(&[Status::Pending]))),
        mean("resolve", sums.resolve_minutes, sums.resolved, Some(done.clone())),
        mean("answer", sums.answer_minutes, sums.answered, Some(list(Tab::All, &[]))),
        CardView { key: "in_time", text: percent(sums.in_time, sums.resolved), href: Some(done) },
        count("reopened", sums.reopened, Some(list(Tab::All, &[("reopened", "1")]))),
    ];
    FiguresView { cards, charts: vec![by_state(l, figures), by_priority(l, figures), backlog(l, figures, people)] }
}

fn by_state(l: Locale, figures: &Figures) -> ChartView {
    let part = |status: &Status| PartView {
        label: t(l, &format!("tickets.status.{}", status.code())).to_owned(),
        value: figures.in_states(&[*status]),
        tone: views::tickets::status_tone(status.code()),
        href: Some(states(&[*status])),
    };
    let parts = Status::ALL.iter().map(part).collect();
    ChartView { title_key: "tickets.figures.by_state", is_round: false, parts }
}

fn by_priority(l: Locale, figures: &Figures) -> ChartView {
    let part = |priority: &Priority| PartView {
        label: t(l, &format!("tickets.priority.{}", priority.code())).to_owned(),
        value: figures.of_priority(*priority),
        tone: views::tickets::priority_tone(priority.code()),
        href: Some(list(Tab::All, &[("priority", priority.code())])),
    };
    let parts = Priority::ALL.iter().rev().map(part).collect();
    ChartView { title_key: "tickets.figures.by_priority", is_round: true, parts }
}

fn backlog(l: Locale, figures: &Figures, people: &People<'_>) -> ChartView {
    let part = |&(id, open): &(Option<crate::ids::UserId>, i64)| match id {
        Some(id) => PartView {
            label: people.name(id),
            value: open,
            tone: "info",
            href: Some(list(Tab::Open, &[("assignee", &id.to_string())])),
        },
        None => PartView {
            label: t(l, "tickets.unassigned").to_owned(),
            value: open,
            tone: "warning",
            href: Some(list(Tab::Unassigned, &[])),
        },
    };
    let mut parts: Vec<PartView> = figures.backlog.iter().take(HELPERS).map(part).collect();
    let others: i64 = figures.backlog.iter().skip(HELPERS).map(|(_, open)| open).sum();
    if others > 0 {
        let label = t(l, "tickets.figures.others").to_owned();
        parts.push(PartView { label, value: others, tone: "closed", href: Some(list(Tab::Open, &[])) });
    }
    ChartView { title_key: "tickets.figures.backlog", is_round: false, parts }
}

/// The list of these states.
pub fn states(states: &[Status]) -> String {
    let is_open = states.iter().all(|status| status.is_open());
    let words: Vec<_> = states.iter().map(|status| ("status", status.code())).collect();
    list(if is_open { Tab::Open } else { Tab::Closed }, &words)
}

/// THE way from a figure to the list behind it.
fn list(tab: Tab, words: &[(&str, &str)]) -> String {
    let tab = if tab == Tab::default() { "" } else { tab.code() };
    let address = Address::new(paths::TICKETS).with("filtro", tab);
    // Several states are several words of the same name.
    let name = words.first().map_or("", |(name, _)| *name);
    address.with_each(name, words.iter().map(|(_, value)| *value)).href()
}

/// `92 %`; a dash of nothing.
fn percent(part: i64, of: i64) -> String {
    if of == 0 { "–".to_owned() } else { format!("{} %", (part * 100 + of / 2) / of) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_leads_to_what_it_counts() {
        assert_eq!(states(&[Status::Pending]), "/tickets?status=PE");
        assert_eq!(states(&[Status::Open, Status::InProgress]), "/tickets?status=AB&status=EP");
        assert_eq!(states(&[Status::Closed]), "/tickets?filtro=cerrados&status=CE");
        assert_eq!(list(Tab::All, &[("priority", "CR")]), "/tickets?filtro=todos&priority=CR");
        assert_eq!([percent(0, 0), percent(2, 3), percent(3, 3)], ["–", "67 %", "100 %"]);
    }
}
