//! The administration's pages and the tabs that lead from one to another.

use maud::{Markup, html};

use crate::paths;
use crate::text::{Locale, t};

/// A page of the administration.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AdminTab {
    /// Accounts.
    People,
    /// Campaigns.
    Campaigns,
    /// Employees.
    Employees,
    /// Conversations for an investigation.
    Conversations,
    /// The audit log.
    Audit,
    /// How the live engine does.
    Live,
    /// Who serves tickets, and what is promised.
    Tickets,
    /// What holds for the whole system.
    Settings,
}

impl AdminTab {
    /// Every page, in the order of the tabs, with its address and the key of its name.
    const ALL: &[(AdminTab, &str, &str)] = &[
        (AdminTab::People, paths::PEOPLE, "admin.people"),
        (AdminTab::Campaigns, paths::CAMPAIGNS, "admin.campaigns"),
        (AdminTab::Employees, paths::EMPLOYEES, "admin.employees"),
        (AdminTab::Conversations, paths::INVESTIGATIONS, "investigation.tab"),
        (AdminTab::Audit, paths::AUDIT, "admin.audit"),
        (AdminTab::Live, paths::LIVE_STATUS, "live_status.tab"),
        (AdminTab::Tickets, paths::TICKET_SERVICE, "admin.tickets"),
        (AdminTab::Settings, paths::SETTINGS, "admin.settings"),
    ];
}

/// The tabs, with the open one marked.
pub fn tabs(l: Locale, open: AdminTab) -> Markup {
    html! {
        nav.tabs aria-label=(t(l, "admin.title")) {
            @for (tab, href, key) in AdminTab::ALL {
                a href=(href) aria-current=[(*tab == open).then_some("page")] { (t(l, key)) }
            }
        }
    }
}
