//! Alarms: the region that every page has, and the page of one's own.

use maud::Markup;
use views::alarms::AlarmView;
use views::layout::{Look, Nav};
use views::ui::{Address, PagerView};

use super::{HOSTILE, LONG, at, inside};

/// Alarms that ring, one of them for whoever stands in.
pub fn ringing() -> Vec<AlarmView> {
    let alarm = |n: usize, title: &str, is_escalation| AlarmView {
        id: format!("01935c3e-7a00-7000-8000-0000000a1a{n:02}"),
        title: title.into(),
        href: "/chat".into(),
        sort: n.to_string(),
        at: at(9, n),
        rung_ms: "1795359600000".into(),
        is_escalation,
        is_snoozed: is_escalation,
    };
    vec![alarm(1, HOSTILE, false), alarm(2, LONG, true)]
}

/// One's own alarms in each of their tabs.
pub fn pages(look: Look) -> Vec<(&'static str, Markup)> {
    let page = |tab, rows| {
        let address = Address::new("/alarms").with("tab", tab);
        let pager = PagerView::keyset(None, Some(address.with("after", "1.x")));
        let view = views::alarms::PageView { tab, rows, address, pager, keys: "alarms" };
        inside(look, Nav::Alarms, "Alarmas", views::alarms::panel(look.locale, &view))
    };
    vec![
        ("alarms", page("", ringing())),
        ("alarms-coming", page(views::alarms::COMING, ringing())),
        ("alarms-none", page(views::alarms::DONE, Vec::new())),
    ]
}
