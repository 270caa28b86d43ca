//! Alarms: the region of what rings, on every page, and the page of one's own.

use maud::{Markup, html};

use crate::text::{Locale, fill, t};
use crate::time::{TimeView, time};
use crate::ui::{self, Address, PagerView};
use crate::{dom, paths};

/// Cards on the screen at once: a person with more has them all on their page.
pub const MOST: usize = 50;
/// For how many minutes one may be put off.
pub const SNOOZES: [i64; 3] = [5, 10, 30];
/// The code of the tab of what is coming.
pub const COMING: &str = "coming";
/// The code of the tab of what was acknowledged.
pub const DONE: &str = "done";

/// An alarm of the viewer.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AlarmView {
    /// Its UUID.
    pub id: String,
    /// What it says, in the reader's language.
    pub title: String,
    /// Where it leads.
    pub href: String,
    /// Where it stands among others that ring.
    pub sort: String,
    /// When it was due; in lists when it rings, or was acknowledged.
    pub at: TimeView,
    /// When it rang, in milliseconds: a script tells one ring from the next by it.
    pub rung_ms: String,
    /// Whether nobody else acknowledged it.
    pub is_escalation: bool,
    /// Whether the viewer put it off.
    pub is_snoozed: bool,
}

/// The page of one's own alarms.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PageView {
    /// Code of the tab; empty for what rings.
    pub tab: &'static str,
    /// Its alarms.
    pub rows: Vec<AlarmView>,
    /// The address of the tab.
    pub address: Address,
    /// The way on.
    pub pager: PagerView,
    /// What the list is refreshed by.
    pub keys: &'static str,
}

/// The region that every page has: what rings until it is acknowledged.
pub fn ringing(l: Locale, alarms: &[AlarmView]) -> Markup {
    html! {
        section.ringing id=(dom::ringing().id()) aria-label=(t(l, "alarms.region")) aria-live="assertive"
            data-max=(MOST) data-system=(t(l, "alarms.notice")) {
            @for alarm in alarms { (ringing_card(l, alarm)) }
        }
    }
}

/// An alarm that rings.
pub fn ringing_card(l: Locale, a: &AlarmView) -> Markup {
    html! {
        article.alarm id=(dom::alarm(&a.id).id()) data-alarm=(a.id) data-rung=(a.rung_ms) data-sort=(a.sort) {
            div.alarm-head {
                (ui::icon("bell"))
                a.alarm-title href=(a.href) { (a.title) }
            }
            p.alarm-when {
                (escalated(l, a))
                (t(l, "alarms.due")) " " time data-relative datetime=(a.at.iso) title=(a.at.long) { (a.at.text) }
            }
            (answers(l, a))
        }
    }
}

/// Acknowledging, and putting off.
fn answers(l: Locale, a: &AlarmView) -> Markup {
    let (known, later) = (paths::alarm_acknowledge(&a.id), paths::alarm_snooze(&a.id));
    html! {
        div.alarm-answers {
            form method="post" action=(known) hx-post=(known) hx-swap="none" {
                button.btn.btn-primary.btn-sm type="submit" {
                    (t(l, "alarms.acknowledge")) span.visually-hidden { ": " (a.title) }
                }
            }
            form.alarm-later method="post" action=(later) hx-post=(later) hx-swap="none" {
                span aria-hidden="true" { (t(l, "alarms.snooze")) }
                @for minutes in SNOOZES {
                    @let n = minutes.to_string();
                    button.btn.btn-sm type="submit" name="minutes" value=(n)
                        aria-label=(fill(l, "alarms.snooze.label", &[("n", &n), ("title", &a.title)])) {
                        (fill(l, "alarms.minutes", &[("n", &n)]))
                    }
                }
            }
        }
    }
}

fn escalated(l: Locale, a: &AlarmView) -> Markup {
    html! {
        @if a.is_escalation { span.alarm-mark { (ui::icon("alert-triangle")) (t(l, "alarms.escalated")) } " " }
        @if a.is_snoozed { span.alarm-mark { (ui::icon("clock")) (t(l, "alarms.snoozed")) } " " }
    }
}

/// The page.
pub fn panel(l: Locale, v: &PageView) -> Markup {
    let tab = |code: &'static str, key: &str| {
        let href = Address::new(paths::ALARMS).with("tab", code).href();
        html! { a href=(href) aria-current=[(v.tab == code).then_some("page")] { (t(l, key)) } }
    };
    let none = match v.tab {
        COMING => "alarms.coming.none",
        DONE => "alarms.done.none",
        _ => "alarms.ringing.none",
    };
    html! {
        header.page-head { h1 { (t(l, "alarms.title")) } }
        nav.tabs aria-label=(t(l, "alarms.title")) {
            (tab("", "alarms.ringing"))
            (tab(COMING, "alarms.coming"))
            (tab(DONE, "alarms.done"))
        }
        (ui::live_list(l, &dom::alarms(), v.keys, html! {
            @if v.rows.is_empty() { (ui::empty("bell", t(l, none), None)) }
            ul.alarm-list { @for row in &v.rows { (item(l, v.tab, row)) } }
            @if v.pager.leads_anywhere() { (ui::pager(l, &v.address, &v.pager)) }
        }))
    }
}

/// An alarm in a list; the one that rings can be answered here too.
fn item(l: Locale, tab: &str, a: &AlarmView) -> Markup {
    html! {
        li.alarm-row {
            div {
                a href=(a.href) { (a.title) }
                p.quiet {
                    (escalated(l, a))
                    @match tab {
                        COMING => { (t(l, "alarms.rings")) " " (long(&a.at)) }
                        DONE => { (t(l, "alarms.acknowledged")) " " (long(&a.at)) }
                        _ => { (t(l, "alarms.due")) " " (long(&a.at)) }
                    }
                }
            }
            @if tab.is_empty() { (answers(l, a)) }
        }
    }
}

/// The day too: lists reach back and ahead.
fn long(at: &TimeView) -> Markup {
    time(&TimeView { text: at.long.clone(), ..at.clone() })
}
