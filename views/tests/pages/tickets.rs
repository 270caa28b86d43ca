//! Tickets with believable and with extreme data.

use maud::Markup;
use views::chat::Piece;
use views::layout::{Look, Nav};
use views::presence::Presence;
use views::tickets::{
    ActionsView, BulkRowView, BulkView, COLUMNS, DetailView, EntryView, FollowersView, FormView, KeptBarView, KeptView,
    LinkView, ListPageView, MacroFormView, MacroView, Outcome, RowView, StepView, TabView, TicketView, ValueView,
    WordsView, board_panel, bulk_panel, bulk_refused, bulk_results, columns, detail_panel, figures_panel,
    followers_panel, form_panel, list_panel, macro_form_panel, macros_panel, service_panel, table_row, words_panel,
};
use views::ui::{Address, Column, FileView, ListView, Order, PagerView, UploadLimits, UploadView, empty};

use super::ticket_floor::{board, figures, service};
use super::{HOSTILE, at, inside, person};

pub(super) const ID: &str = "019a0000-0000-7000-8000-0000000000a1";

/// Every page of tickets, by name.
pub fn all(look: Look) -> Vec<(&'static str, Markup)> {
    let l = look.locale;
    let page = |main: Markup| inside(look, Nav::Tickets, "Tickets", main);
    let tabs = [("abiertos", "2", "/tickets", true), ("cerrados", "1000+", "/tickets?filtro=cerrados", false)]
        .map(|(code, count, href, open)| (code.to_owned(), count.to_owned(), href.to_owned(), open));
    vec![
        ("tickets", page(list_panel(l, &list_page(look, true, tabs.to_vec()), "tickets"))),
        ("tickets-bulk-refused", page(bulk_panel(l, &bulk_refused(l, "tickets.bulk.whom_missing")))),
        ("tickets-bulk", page(bulk_panel(l, &bulk_results(l, &bulk_rows())))),
        ("tickets-none", page(list_panel(l, &list_page(look, false, tabs.to_vec()), "tickets"))),
        ("ticket-board", page(board_panel(l, &board(3), "tickets"))),
        ("ticket-board-none", page(board_panel(l, &board(0), "tickets"))),
        ("ticket-service", page(service_panel(l, &service()))),
        ("ticket-figures", page(figures_panel(l, &figures(&[3, 0, 12, 1_204, 7]), "tickets"))),
        ("ticket-figures-none", page(figures_panel(l, &figures(&[0; 5]), "tickets"))),
        ("ticket", page(detail_panel(l, &detail()))),
        (
            "ticket-closed",
            page(detail_panel(
                l,
                &DetailView { ticket: TicketView { status: "CE".to_owned(), ..ticket() }, ..detail() },
            )),
        ),
        ("ticket-past", page(detail_panel(l, &DetailView { is_past: true, before: Some(4), ..detail() }))),
        ("ticket-followers", page(followers_panel(l, &followers(true)))),
        ("ticket-followers-none", page(followers_panel(l, &followers(false)))),
        ("ticket-words", page(words_panel(l, &words()))),
        ("ticket-macros", page(macros_panel(l, &macros()))),
        ("ticket-macros-none", page(macros_panel(l, &[]))),
        ("ticket-macro", page(macro_form_panel(l, &macro_form()))),
        ("ticket-macro-new", page(macro_form_panel(l, &MacroFormView::default()))),
        ("ticket-new", page(form_panel(l, &form()))),
    ]
}

pub(super) fn row(number: i64, title: &str) -> RowView {
    RowView {
        id: format!("019a0000-0000-7000-8000-0000000000b{number}"),
        number,
        title: title.to_owned(),
        application: "VICIDIAL".to_owned(),
        kind: "IN".to_owned(),
        status: ["AB", "EP", "PE", "RS", "CE"][number as usize % 5].to_owned(),
        priority: ["BA", "ME", "AL", "CR"][number as usize % 4].to_owned(),
        requester: person(1, "Ana Ruiz", "asesor", Presence::Available),
        assignee: (number % 2 == 0).then(|| person(2, HOSTILE, "backoffice", Presence::Offline)),
        updated: at(9, 30),
        due: (number % 3 == 0).then(|| at(9, 30)),
    }
}

fn bulk() -> BulkView {
    let people = vec![("nadie".to_owned(), HOSTILE.to_owned())];
    BulkView { key: ID.to_owned(), people, priorities: vec![("CR".to_owned(), "Crítica".to_owned())] }
}

fn bulk_rows() -> Vec<BulkRowView> {
    let row = |outcome| BulkRowView { ticket: Some((ID.to_owned(), 7, HOSTILE.to_owned())), outcome };
    let refused = Outcome::Refused("tickets.bulk.forbidden");
    vec![row(Outcome::Done), row(Outcome::Same), row(refused), BulkRowView::gone()]
}

fn list_page(look: Look, is_filled: bool, tabs: Vec<TabView>) -> ListPageView {
    let view = |n: usize, is_own: bool| KeptView {
        id: format!("019a0000-0000-7000-8000-0000000000c{n}"),
        name: HOSTILE.to_owned(),
        href: format!("/tickets?q={n}"),
        is_own,
        is_shared: !is_own,
    };
    let columns = if is_filled { vec![COLUMNS[0], COLUMNS[1]] } else { vec![] };
    let kept =
        KeptBarView { kept: vec![view(1, true), view(2, false)], columns, next: ID.to_owned(), may_share: is_filled };
    ListPageView { list: list(look, is_filled), tabs, kept, bulk: is_filled.then(bulk) }
}

fn list(look: Look, is_filled: bool) -> ListView {
    let address = Address::new("/tickets");
    let rows =
        if is_filled { vec![row(0, "No abre la cartera"), row(1, HOSTILE), row(2, "x"), row(3, "y")] } else { vec![] };
    ListView {
        title_key: "tickets.title",
        total: is_filled.then_some(4),
        filters: vec![],
        columns: columns(
            Column::words("tickets.column.updated").sorted(address.clone(), Some(Order::Descending)),
            Column::words("tickets.column.priority").sorted(address.with("sort", "priority"), None),
        ),
        rows: rows.iter().map(|row| table_row(look.locale, row, true)).collect(),
        pager: PagerView::keyset(None, None),
        empty: empty("ticket", "No hay tickets", None),
        address,
    }
}

fn ticket() -> TicketView {
    TicketView {
        id: ID.to_owned(),
        number: 123,
        title: HOSTILE.to_owned(),
        description: vec![Piece::Text(HOSTILE.to_owned())],
        campaign: "Cartera Norte".to_owned(),
        application: "CARTERA".to_owned(),
        kind: "RQ".to_owned(),
        priority: "CR".to_owned(),
        status: "EP".to_owned(),
        requester: person(1, "Ana Ruiz", "asesor", Presence::Available),
        assignee: Some(person(2, HOSTILE, "backoffice", Presence::Offline)),
        followers: vec![person(3, HOSTILE, "asesor", Presence::Offline), person(4, "Eva", "asesor", Presence::Away)],
        created: at(9, 30),
        first_response: Some(at(9, 30)),
        resolved: Some(at(9, 30)),
        closed: Some(at(9, 30)),
        respond_by: Some(at(9, 30)),
        resolve_by: Some(at(9, 30)),
        is_merged: true,
        took: Some("1 d 02 h 15 m".to_owned()),
    }
}

fn entries() -> Vec<EntryView> {
    let entry = |number: i64, field: &str, new: ValueView| EntryView {
        id: format!("019a0000-0000-7000-8000-0000000000c{number}"),
        number,
        author: Some(person(1, "Ana Ruiz", "asesor", Presence::Available)),
        at: at(9, 30),
        field: field.to_owned(),
        new,
        reason: HOSTILE.to_owned(),
        ..EntryView::default()
    };
    let said = |number: i64, is_note: bool| EntryView {
        files: upload().files,
        body: vec![
            Piece::Mention { ids: vec![ID.to_owned()], text: "@Ana".to_owned() },
            Piece::Text(HOSTILE.to_owned()),
        ],
        is_note,
        ..entry(number, "", ValueView::Nothing)
    };
    let by_itself = EntryView { author: None, ..entry(3, "assignee", ValueView::Words(HOSTILE.to_owned())) };
    vec![
        entry(1, "created", ValueView::Nothing),
        entry(6, "description", ValueView::Words(HOSTILE.to_owned())),
        entry(7, "title", ValueView::Words(HOSTILE.to_owned())),
        entry(2, "status", ValueView::Key("tickets.status.EP".to_owned())),
        by_itself,
        said(4, false),
        said(5, true),
    ]
}

fn detail() -> DetailView {
    let step = |to: &str, asks_key| StepView { from: "EP".to_owned(), to: to.to_owned(), asks_key };
    let pair = |code: &str| vec![(code.to_owned(), HOSTILE.to_owned())];
    DetailView {
        ticket: ticket(),
        entries: entries(),
        actions: ActionsView {
            version: 4,
            steps: vec![step("PE", Some("tickets.reason")), step("RS", Some("tickets.solution")), step("CE", None)],
            candidates: Some(pair("2")),
            assignee: "2".to_owned(),
            class: Some(("CARTERA".to_owned(), "IN".to_owned(), "ME".to_owned())),
            applications: pair("CARTERA"),
            kinds: pair("IN"),
            priorities: pair("ME"),
            typed: Some(("PE".to_owned(), HOSTILE.to_owned())),
            follows: Some(true),
            links: vec![link(false), link(true)],
            can_link: true,
            can_merge: true,
            errors: vec![("reason".to_owned(), "field.required".to_owned())],
            conflict: vec![("Estado".to_owned(), HOSTILE.to_owned(), "Abierto".to_owned())],
            ..ActionsView::default()
        },
        can_note: true,
        macros: vec![(ID.to_owned(), HOSTILE.to_owned())],
        can_keep_macros: true,
        draft: HOSTILE.to_owned(),
        draft_error: Some("field.required".to_owned()),
        upload: upload(),
        next_entry: ID.to_owned(),
        ..DetailView::default()
    }
}

fn link(is_fixed: bool) -> LinkView {
    LinkView {
        key: "tickets.links.blocks",
        id: ID.to_owned(),
        number: 7,
        title: HOSTILE.to_owned(),
        status: "EP".to_owned(),
        is_fixed,
    }
}

fn macros() -> Vec<MacroView> {
    let one = |is_active, application: Option<&str>| MacroView {
        id: ID.to_owned(),
        name: HOSTILE.to_owned(),
        application: application.map(str::to_owned),
        body: HOSTILE.to_owned(),
        is_active,
    };
    vec![one(true, Some("CARTERA")), one(false, None)]
}

fn macro_form() -> MacroFormView {
    MacroFormView {
        id: Some(ID.to_owned()),
        name: HOSTILE.to_owned(),
        body: HOSTILE.to_owned(),
        errors: vec![("name".to_owned(), "field.too_long".to_owned())],
        conflict: vec![("Nombre".to_owned(), HOSTILE.to_owned(), "Mío".to_owned())],
        ..MacroFormView::default()
    }
}

fn words() -> WordsView {
    WordsView {
        ticket: ID.to_owned(),
        number: 123,
        title: HOSTILE.to_owned(),
        description: HOSTILE.to_owned(),
        version: 2,
        errors: vec![("title".to_owned(), "field.too_long".to_owned())],
        conflict: vec![("Asunto".to_owned(), HOSTILE.to_owned(), "Mío".to_owned())],
    }
}

fn followers(is_filled: bool) -> FollowersView {
    FollowersView {
        ticket: ID.to_owned(),
        number: 123,
        title: HOSTILE.to_owned(),
        followers: if is_filled {
            vec![(ticket().requester, true), (ticket().followers.remove(0), false)]
        } else {
            vec![]
        },
        candidates: is_filled.then(|| vec![("2".to_owned(), HOSTILE.to_owned())]),
        error_key: is_filled.then_some("tickets.followers.gone"),
    }
}

fn upload() -> UploadView {
    let file =
        FileView { id: ID.to_owned(), name: HOSTILE.to_owned(), size: "1,4 MB".to_owned(), ..FileView::default() };
    let (count_key, size_key, help_key) = ("file.error.ticket_count", "file.error.size", "file.help.ticket");
    let limits = UploadLimits { files: 5, file_bytes: 10_485_760, count_key, size_key, help_key };
    UploadView { id: ID.to_owned(), url: "/tickets/x/files".to_owned(), files: vec![file], limits }
}

fn form() -> FormView {
    FormView {
        key: ID.to_owned(),
        title: HOSTILE.to_owned(),
        description: HOSTILE.to_owned(),
        upload: upload(),
        errors: vec![
            ("title".to_owned(), "field.too_long".to_owned()),
            ("campaign".to_owned(), "tickets.campaign.gone".to_owned()),
        ],
        ..FormView::default()
    }
}
