//! Groups, mass messages and pinned conversations in the lists, and the forms of groups.

use maud::Markup;
use views::chat::{
    self, Campaign, ChatPage, ConversationPanel, ConversationRow, Kind, MemberView, MessageView, Pick, PickForm, Piece,
    Recipient, Tab,
};
use views::layout::{Look, Nav};

use super::{HOSTILE, LONG, at, id, inside, messages, open, people, rows};

/// The pages, by name.
pub fn pages(look: Look) -> Vec<(&'static str, Markup)> {
    let l = look.locale;
    let page = |title: &str, view: ChatPage| inside(look, Nav::Chat, title, chat::page_panel(l, &view));
    let list = || ChatPage {
        can_group: true,
        is_first: true,
        pinned: group_rows(),
        conversations: group_rows().into_iter().chain(rows()).collect(),
        ..ChatPage::default()
    };
    let group = ConversationPanel {
        kind: Kind::Group,
        title: LONG.into(),
        people: vec![],
        members: people()
            .into_iter()
            .enumerate()
            .map(|(n, person)| MemberView { person, sort: n.to_string() })
            .collect(),
        created_by: Some(people().remove(1)),
        campaign: "Retención móvil".into(),
        is_muted: true,
        is_pinned: true,
        stretch: super::find::stretch(group_messages(), None, None),
        ..open()
    };
    let broadcast =
        ConversationPanel { kind: Kind::Broadcast, people: vec![people().remove(0)], can_write: false, ..open() };
    let add = PickForm { group: Some(id(100)), picks: vec![], ..pick_form() };
    vec![
        ("group-open", page("Turno", ChatPage { open: Some(group), ..list() })),
        (
            "group-tab",
            page("Grupos", ChatPage { tab: Tab::Group, conversations: group_rows(), pinned: vec![], ..list() }),
        ),
        ("group-new", page("Nuevo grupo", ChatPage { pick: Some(pick_form()), ..list() })),
        ("group-add", page("Agregar", ChatPage { pick: Some(add), ..list() })),
        ("broadcast-open", page("Masivo", ChatPage { open: Some(broadcast), ..list() })),
    ]
}

/// A group, what is about a record and a mass message, as lists show them.
fn group_rows() -> Vec<ConversationRow> {
    let row = |n: usize, kind, title: &str, line: &str, notice: Option<&str>| ConversationRow {
        id: id(300 + n),
        sort: n.to_string(),
        kind,
        title: title.into(),
        last_by: people()[n].id.clone(),
        people: vec![people().remove(n)],
        last_line: line.into(),
        last_notice: notice.map(str::to_owned),
        last_at: Some(at(13, 10 + n)),
        unread: [0, 3, 0, 12][n],
        is_muted: n.is_multiple_of(2),
    };
    vec![
        row(0, Kind::Group, "Turno de la noche", "Marta Ospina, Camila Rojas", Some("added")),
        row(1, Kind::Group, HOSTILE, "¿Quién cubre la franja de 1 a 2?", None),
        row(2, Kind::Record, "Retención móvil", "Queda cerrada la semana.", None),
        row(3, Kind::Broadcast, "", "Mañana hay capacitación a las 8:00. Por favor confirmen.", None),
    ]
}

/// Notices between messages.
fn group_messages() -> Vec<MessageView> {
    let mut all = messages();
    for (n, code, what) in [(0, "created", LONG), (1, "added", "Marta Ospina, Camila Rojas"), (4, "renamed", HOSTILE)] {
        all[n].notice = Some(code.into());
        all[n].body = vec![Piece::Text(what.into())];
    }
    all
}

fn pick_form() -> PickForm {
    let campaign = |n, name: &str| Campaign { id: id(n), name: name.into() };
    PickForm {
        title: HOSTILE.into(),
        campaigns: vec![campaign(401, "Retención móvil"), campaign(402, "Portabilidad")],
        campaign: id(402),
        query: "ma".into(),
        picks: people().into_iter().enumerate().map(|(n, person)| Pick { person, is_chosen: n < 2 }).collect(),
        more: true,
        errors: vec![
            ("title".into(), "chat.error.group_title".into()),
            ("people".into(), "chat.error.group_full".into()),
        ],
        key: id(901),
        ..PickForm::default()
    }
}

/// Whom one may write to.
pub fn recipients() -> Vec<Recipient> {
    people()
        .into_iter()
        .map(|person| Recipient { person, campaigns: "Cobranzas Bogotá, Retención móvil".into() })
        .collect()
}

/// The body `text`, with its first address as a link.
pub fn body(text: &str) -> Vec<Piece> {
    match text.find("https://") {
        None => vec![Piece::Text(text.into())],
        Some(start) => {
            let end = text[start..].find(' ').map_or(text.len(), |n| start + n);
            let link = text[start..end].to_owned();
            vec![
                Piece::Text(text[..start].into()),
                Piece::Link { href: link.clone(), text: link },
                Piece::Text(text[end..].into()),
            ]
        }
    }
}
