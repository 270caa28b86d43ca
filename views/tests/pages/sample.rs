//! Every page with believable and with extreme data, for the tests and for the preview.

use maud::{Markup, html};
use views::chat::{ChatPage, ConversationPanel, ConversationRow, MessageView, RecipientsView};
use views::error::ErrorView;
use views::home::{CampaignCard, HomeView};
use views::layout::{self, Look, Nav, ShellView};
use views::presence::{AgentStateView, PersonView, Presence};
use views::search::SearchView;
use views::setup::SetupView;
use views::sign_in::SignInView;
use views::time::TimeView;
use views::{chat, error, home, search, setup, sign_in};

#[path = "accounts.rs"]
mod accounts;
#[path = "admin.rs"]
mod admin;
#[path = "alarms.rs"]
mod alarms;
#[path = "find.rs"]
mod find;
#[path = "groups.rs"]
mod groups;
#[path = "lists.rs"]
mod lists;
#[path = "ticket_floor.rs"]
mod ticket_floor;
#[path = "tickets.rs"]
mod tickets;

/// What a hostile person would call himself, or write.
pub const HOSTILE: &str = "<img src=x onerror=alert(1)>\"'&";

/// A name without a place to break it.
pub const LONG: &str = "María-Fernanda-de-los-Ángeles Villavicencio-Castañeda-Rodríguez-Santamaría del Rosario";

/// UUID number `n`.
pub fn id(n: usize) -> String {
    format!("01935c3e-7a00-7000-8000-{n:012}")
}

/// A time of the day.
pub fn at(hour: usize, minute: usize) -> TimeView {
    let text = format!("{hour:02}:{minute:02}");
    TimeView {
        iso: format!("2026-11-22T{text}:00Z"),
        day: "22 nov".to_owned(),
        long: format!("22 nov 2026, {text}"),
        text,
    }
}

/// A person.
pub fn person(n: usize, name: &str, role: &str, presence: Presence) -> PersonView {
    let initials = name.split(' ').filter_map(|w| w.chars().next()).take(2).collect();
    // Every third has a photo.
    let photo_version = if n.is_multiple_of(3) { 1_763_900_000_000 } else { 0 };
    PersonView { id: id(n), name: name.into(), initials, role: role.into(), photo_version, presence }
}

pub fn me() -> PersonView {
    person(1, "Ana Beltrán", "asesor", Presence::Available)
}

pub fn people() -> Vec<PersonView> {
    vec![
        person(2, "Luis Cárdenas", "supervisor", Presence::Available),
        person(3, "Marta Ospina", "backoffice", Presence::OnCall),
        person(4, "Jorge Iván Restrepo", "administrador", Presence::Break),
        person(5, LONG, "calidad", Presence::Away),
        person(6, HOSTILE, "supervisor", Presence::Offline),
        person(7, "Camila Rojas", "asesor", Presence::Available),
        person(8, "Diego Hernández", "asesor", Presence::OnCall),
    ]
}

pub(crate) fn rows() -> Vec<ConversationRow> {
    let lines = [
        "¿Ya confirmó el cliente la portabilidad? Necesito el número de ticket antes de las 4.",
        "Listo, quedó registrado en la bandeja.",
        "Mañana hay capacitación a las 8:00.",
        "https://intranet.ejemplo.com/una/direccion/muy/larga/sin/espacios/que/no/cabe/en/la/columna",
        HOSTILE,
        "Gracias",
        "",
    ];
    people()
        .into_iter()
        .zip(lines)
        .enumerate()
        .map(|(n, (other, line))| ConversationRow {
            id: id(100 + n),
            sort: (n + 1).to_string(),
            last_by: if n % 2 == 1 { me().id } else { other.id.clone() },
            people: vec![me(), other],
            last_line: line.into(),
            last_at: (n != 6).then(|| at(14, 40 - n * 5)),
            unread: [2, 0, 0, 140, 1, 0, 0][n],
            ..ConversationRow::default()
        })
        .collect()
}

pub(crate) fn messages() -> Vec<MessageView> {
    let other = people().remove(0);
    let lines = [
        (false, true, 9, 2, "Buenos días, Ana. ¿Cómo va la cola de reclamos?"),
        (true, true, 9, 4, "Buenos días, Luis."),
        (true, false, 9, 4, "Quedan 12 abiertos, tres de ellos vencen hoy."),
        (
            false,
            true,
            9,
            6,
            "Perfecto. Este es el formato nuevo: https://intranet.ejemplo.com/formatos/reclamos-v3.pdf por favor úselo desde hoy.",
        ),
        (false, false, 9, 7, "Línea uno\nLínea dos\n\nLínea cuatro, después de un espacio."),
        (true, true, 14, 30, HOSTILE),
        (
            true,
            false,
            14,
            31,
            "Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ),
        (
            false,
            true,
            14,
            40,
            "¿Ya confirmó el cliente la portabilidad? Necesito el número de ticket antes de las 4, porque el operador cierra la ventana de cambios y si no entra hoy tendríamos que reprogramar la visita técnica para la próxima semana, con lo que se pierde la promesa de fecha que le dimos.",
        ),
        (true, true, 14, 41, "Sí."),
    ];
    lines
        .into_iter()
        .enumerate()
        .map(|(n, (mine, first, hour, minute, text))| MessageView {
            id: id(200 + n),
            conversation_id: id(100),
            number: n as i64 + 31,
            sender: if mine { me() } else { other.clone() },
            body: groups::body(text),
            at: at(hour, minute),
            starts_group: first,
            day: match n {
                0 => Some("21 nov 2026".into()),
                5 => Some("22 nov 2026".into()),
                _ => None,
            },
            ..MessageView::default()
        })
        .collect()
}

pub(crate) fn open() -> ConversationPanel {
    ConversationPanel {
        id: id(100),
        people: vec![me(), people().remove(0)],
        stretch: find::stretch(crate::marks::hang(messages()), Some(31), None),
        can_write: true,
        last_number: 39,
        last_read: 37,
        message_id: id(900),
        files: crate::marks::upload(100),
        ..ConversationPanel::default()
    }
}

fn shell(look: Look, nav: Nav) -> ShellView {
    ShellView {
        look,
        me: me(),
        email: "ana.beltran@ejemplo.com".into(),
        state: AgentStateView { presence: Presence::Available, reason: None, since: at(8, 2) },
        campaigns: vec!["Retención móvil".into(), "Cobranzas Bogotá".into(), "Portabilidad".into()],
        nav,
        can: vec!["chat.write", "ManagePeople"],
        unread_total: 143,
        dock: rows(),
        seq: 1234,
        ringing: alarms::ringing(),
        ..ShellView::default()
    }
}

fn home_view() -> HomeView {
    let card = |name: &str, module: &str, members| CampaignCard { name: name.into(), module: module.into(), members };
    HomeView {
        name: "Ana".into(),
        conversations: rows(),
        campaigns: vec![
            card("Retención móvil", "telefonica", 48),
            card("Cobranzas Bogotá", "tarjeta_plata", 112),
            card("Portabilidad y nuevas líneas para clientes empresariales de la región Caribe", "core", 9),
        ],
        keys: id(70),
        colleagues: people(),
    }
}

/// A page of a signed-in person.
pub(crate) fn inside(look: Look, nav: Nav, title: &str, main: Markup) -> Markup {
    layout::page(&shell(look, nav), title, main)
}

/// Every page, by name.
pub fn all(look: Look) -> Vec<(&'static str, Markup)> {
    let l = look.locale;
    let chat = |title: &str, view: ChatPage| inside(look, Nav::Chat, title, chat::page_panel(l, &view));
    let list = || ChatPage { conversations: rows(), more_before: Some("/chat?before=7".into()), ..ChatPage::default() };
    let empty_shell = ShellView {
        look,
        me: me(),
        insecure: true,
        delayed: true,
        campaigns: vec![LONG.into()],
        ..ShellView::default()
    };
    let not_found = ErrorView {
        status: 404,
        title_key: "error.404.title",
        text_key: "error.404.text",
        request_id: "01935c3e-7a00-7000-8000-00000000beef".into(),
    };
    let wrong = SignInView {
        login: HOSTILE.into(),
        error_key: Some("sign_in.locked".into()),
        wait_s: Some(840),
        next: "/chat".into(),
    };
    let set_up = SetupView {
        first_name: HOSTILE.into(),
        errors: vec![("email".into(), "field.email".into()), ("last_name".into(), "field.required".into())],
        ..SetupView::default()
    };
    let failed = ConversationPanel {
        draft: HOSTILE.into(),
        error_key: Some("chat.error.rate".into()),
        stretch: find::stretch(messages(), None, Some(39)),
        ..open()
    };
    let closed = ConversationPanel { can_write: false, stretch: find::stretch(vec![], None, None), ..open() };
    let mut all = groups::pages(look);
    all.extend(lists::all(look));
    all.extend(alarms::pages(look));
    all.extend(accounts::all(look));
    all.extend(tickets::all(look));
    all.extend([
        ("home", inside(look, Nav::Home, "Inicio", home::panel(l, &home_view()))),
        (
            "home-empty",
            layout::page(
                &empty_shell,
                "Inicio",
                home::panel(l, &HomeView { name: LONG.into(), ..HomeView::default() }),
            ),
        ),
        ("chat-list", chat("Chat", list())),
        (
            "chat-empty",
            layout::page(
                &ShellView { nav: Nav::Chat, ..empty_shell.clone() },
                "Chat",
                chat::page_panel(l, &ChatPage::default()),
            ),
        ),
        ("chat-open", chat("Luis Cárdenas", ChatPage { open: Some(open()), ..list() })),
        ("forms-with-files", inside(look, Nav::Home, "Archivos", crate::marks::two_forms(l))),
        ("chat-error", chat("Luis Cárdenas", ChatPage { open: Some(failed), ..list() })),
        ("chat-closed", chat("Luis Cárdenas", ChatPage { open: Some(closed), ..list() })),
        (
            "chat-new",
            chat(
                "Nuevo",
                ChatPage {
                    recipients: Some(RecipientsView {
                        people: groups::recipients(),
                        more: true,
                        ..RecipientsView::default()
                    }),
                    ..list()
                },
            ),
        ),
        (
            "chat-new-none",
            chat(
                "Nuevo",
                ChatPage {
                    recipients: Some(RecipientsView { query: HOSTILE.into(), ..RecipientsView::default() }),
                    ..list()
                },
            ),
        ),
        (
            "search",
            inside(
                look,
                Nav::Search,
                "Buscar",
                search::panel(l, &SearchView { query: "ma".into(), people: groups::recipients(), more: true }),
            ),
        ),
        (
            "search-none",
            inside(
                look,
                Nav::Search,
                "Buscar",
                search::panel(l, &SearchView { query: HOSTILE.into(), ..SearchView::default() }),
            ),
        ),
        ("find", inside(look, Nav::Chat, "Buscar mensajes", chat::search_panel(l, &find::found()))),
        ("find-none", inside(look, Nav::Chat, "Buscar mensajes", chat::search_panel(l, &find::nothing()))),
        ("campaign-new", inside(look, Nav::People, "Nueva", views::campaigns::form_panel(l, &admin::new_campaign()))),
        ("campaign", inside(look, Nav::People, "Campaña", views::campaigns::form_panel(l, &admin::campaign()))),
        (
            "campaign-members",
            inside(look, Nav::People, "Campaña", views::campaigns::members_panel(l, &admin::members())),
        ),
        ("campaign-nobody", inside(look, Nav::People, "Campaña", views::campaigns::members_panel(l, &admin::nobody()))),
        (
            "campaign-calendar",
            inside(look, Nav::People, "Campaña", views::campaigns::calendar_panel(l, &admin::calendar())),
        ),
        ("audit", inside(look, Nav::People, "Auditoría", views::audit_log::panel(l, &admin::audit(l)))),
        ("live-status", inside(look, Nav::People, "En vivo", views::live_status::panel(l, &admin::instance()))),
        ("settings", inside(look, Nav::People, "Ajustes", views::settings::panel(l, &admin::settings()))),
        ("error-inside", inside(look, Nav::Home, "404", html! { (error::error_panel(l, &not_found)) })),
        ("error", layout::plain_page(&look, "404", error::error_panel(l, &not_found))),
        ("sign-in", layout::plain_page(&look, "Iniciar sesión", sign_in::panel(l, &SignInView::default()))),
        ("sign-in-wrong", layout::plain_page(&look, "Iniciar sesión", sign_in::panel(l, &wrong))),
        ("setup", layout::plain_page(&look, "Configuración", setup::panel(l, &set_up))),
    ]);
    all
}
