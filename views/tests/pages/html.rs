//! Rules that hold for the markup of every page and fragment.

use std::collections::BTreeSet;

use maud::Markup;
use scraper::{ElementRef, Html, Selector};
use views::chat::{self, ConversationRow, MessageView, Piece};
use views::dom::{self, DomId};
use views::layout::{self, AgentStateView, Look, Theme};
use views::live::{self, Tone};
use views::presence::Presence;
use views::text::Locale;

use crate::sample::{self, HOSTILE};

fn select<'a>(page: &'a Html, what: &str) -> Vec<ElementRef<'a>> {
    page.select(&Selector::parse(what).unwrap()).collect()
}

/// Every page in both languages, parsed, with its name and source.
fn pages() -> Vec<(String, String, Html)> {
    let mut all = Vec::new();
    for locale in Locale::ALL {
        let look = Look { locale, theme: Theme::Auto, ..Look::default() };
        for (name, page) in sample::all(look) {
            let source = page.into_string();
            let parsed = Html::parse_document(&source);
            all.push((format!("{name} ({})", locale.code()), source, parsed));
        }
    }
    all
}

/// Fragments as answers and frames send them.
fn fragments() -> Vec<Markup> {
    let l = Locale::Es;
    let row = ConversationRow { id: sample::id(100), sort: "7".into(), ..ConversationRow::default() };
    let message =
        MessageView { id: sample::id(200), conversation_id: sample::id(100), number: 39, ..MessageView::default() };
    let conversation = sample::id(100);
    let state = AgentStateView::default();
    vec![
        live::place(&dom::conversation_list(), chat::conversation_row(l, &row)),
        live::place(&dom::dock_list(), chat::dock_row(l, &row)),
        live::morph(&dom::conversation_row(&conversation), chat::conversation_row(l, &row)),
        live::morph(&dom::dock_row(&conversation), chat::dock_row(l, &row)),
        live::place(&dom::messages(&conversation), chat::message(l, &message)),
        live::replace(&dom::unread(&conversation), chat::unread_badge(l, &dom::unread(&conversation), 3, false)),
        live::replace(
            &dom::dock_unread(&conversation),
            chat::unread_badge(l, &dom::dock_unread(&conversation), 3, false),
        ),
        live::replace(&dom::unread_total(), chat::unread_badge(l, &dom::unread_total(), 0, false)),
        live::replace(&dom::unread_rail(), chat::unread_badge(l, &dom::unread_rail(), 100, false)),
        live::place(&chat::list_of(chat::Tab::Group), chat::conversation_row(l, &row)),
        live::morph(&dom::pinned_row(&sample::id(300)), chat::pinned_row(l, &row)),
        live::replace(&dom::pinned_unread(&sample::id(300)), chat::unread_badge(l, &dom::unread_total(), 3, true)),
        live::morph(&dom::pinned(), chat::pinned(l, &[])),
        live::replace(&dom::talk(&conversation), chat::talk_gone(l, &conversation)),
        live::morph(&dom::talk_title(&conversation), chat::talk_title(&conversation, HOSTILE)),
        live::morph(&dom::talk_menu(&conversation), chat::talk_menu(l, &chat::TalkMenu::default())),
        live::place(&dom::members(&conversation), maud::html! {}),
        live::remove(&dom::member(&conversation, &sample::id(2))),
        live::replace(&dom::member_count(&conversation), chat::member_count(l, &conversation, 3)),
        live::morph(&dom::rename(&conversation), chat::rename_form(l, &conversation, HOSTILE)),
        live::replace(&dom::picks(), maud::html! {}),
        live::morph(&dom::agent_state(), layout::agent_state(l, &state)),
        live::morph(
            &dom::quote(&sample::id(202)),
            chat::quote(l, &conversation, &sample::id(202), &chat::QuoteView::default()),
        ),
        live::remove(&dom::message(&sample::id(200))),
        live::text(&dom::results(), "…"),
        live::before(&dom::older(&conversation), chat::message(l, &message)),
        live::morph(&dom::recipients(), maud::html! {}),
        live::replace(&dom::dialog(), maud::html! {}),
        live::replace(&dom::composer(&conversation), maud::html! {}),
        live::replace(&dom::main(), maud::html! {}),
        live::replace(&dom::live(), maud::html! {}),
        live::replace(&dom::message_template(), chat::message_template(l, &Default::default())),
        chat::older(l, &conversation, std::slice::from_ref(&message), Some(9), true),
        chat::newer(l, &conversation, &[message], 9, true),
        live::toast(l, Tone::Danger, HOSTILE),
    ]
}

#[test]
fn ids_are_unique_and_labels_lead_to_them() {
    for (name, _, page) in pages() {
        let mut ids = BTreeSet::new();
        for el in select(&page, "[id]") {
            let id = el.attr("id").unwrap();
            assert!(ids.insert(id), "{name}: #{id} twice");
        }
        for attr in ["for", "aria-labelledby", "aria-describedby", "aria-controls"] {
            for el in select(&page, &format!("[{attr}]")) {
                for id in el.attr(attr).unwrap().split(' ') {
                    assert!(ids.contains(id), "{name}: {attr}={id} leads nowhere");
                }
            }
        }
    }
}

#[test]
fn every_target_of_a_swap_is_on_some_page() {
    let pages = pages();
    for fragment in fragments() {
        let source = fragment.into_string();
        let parsed = Html::parse_fragment(&source);
        let partials = select(&parsed, "hx-partial");
        assert!(!partials.is_empty(), "{source}");
        for partial in partials {
            let target = partial.attr("hx-target").unwrap();
            let found = pages.iter().any(|(_, _, page)| !select(page, target).is_empty());
            assert!(found, "no page has {target}");
        }
    }
    for (name, _, page) in &pages {
        for el in select(page, "[hx-target]") {
            let target = el.attr("hx-target").unwrap();
            assert_eq!(select(page, target).len(), 1, "{name}: hx-target={target}");
        }
    }
}

#[test]
fn targets_are_valid_selectors_even_for_ids_that_start_with_a_digit() {
    let uuid = "01935c3e-7a00-7000-8000-000000000001";
    let of_record: [fn(&str) -> DomId; 8] = [
        dom::conversation_row,
        dom::dock_row,
        dom::unread,
        dom::dock_unread,
        dom::messages,
        dom::message,
        dom::older,
        dom::composer,
    ];
    let mut seen = BTreeSet::new();
    for id in of_record.map(|make| make(uuid)) {
        assert!(Selector::parse(&id.target()).is_ok(), "{}", id.target());
        assert_eq!(id.target(), format!("#{}", id.id()));
        assert!(seen.insert(id.id().to_owned()), "{} is made twice", id.id());
    }
}

#[test]
fn every_input_and_every_button_has_a_name() {
    for (name, _, page) in pages() {
        for el in select(&page, "input:not([type=hidden]), textarea, select") {
            let by_for = el.attr("id").is_some_and(|id| !select(&page, &format!("label[for='{id}']")).is_empty());
            let inside = el.ancestors().filter_map(ElementRef::wrap).any(|a| a.value().name() == "label");
            assert!(by_for || inside, "{name}: no label: {}", el.html());
        }
        for el in select(&page, "button, a[href], summary") {
            // The pill of new messages gets its words with its number, and is hidden until then.
            let named = el.attr("aria-label").is_some()
                || el.text().any(|t| !t.trim().is_empty())
                || el.attr("data-new-pill").is_some()
                || !select(&Html::parse_fragment(&el.html()), "img[alt]:not([alt=''])").is_empty();
            assert!(named, "{name}: no words: {}", el.html());
        }
    }
}

#[test]
fn what_people_type_stays_text() {
    let pages = pages();
    let shown = |what: &str| {
        pages
            .iter()
            .any(|(_, _, page)| select(page, what).iter().any(|el| el.text().collect::<String>().contains(HOSTILE)))
    };
    assert!(shown(".msg-text"), "a hostile message is among the samples");
    assert!(shown(".conv-name"), "a hostile name is among the samples");
    assert!(shown("textarea"), "a hostile draft is among the samples");
    for (name, source, page) in &pages {
        assert!(
            select(page, "img:not([src^='/files/'], .face > img[src^='/people/']), [onerror]").is_empty(),
            "{name}: an element came out of a text"
        );
        assert!(!source.contains("<img src=x"), "{name}: unescaped");
    }
    let toast = live::toast(Locale::Es, Tone::Info, HOSTILE).into_string();
    assert!(!toast.contains("<img"), "{toast}");
}

#[test]
fn a_link_that_would_run_code_leads_nowhere() {
    for href in [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        " https://x",
        "//evil.example",
        "héllo wörld",
    ] {
        let piece = Piece::Link { href: href.into(), text: "x".into() };
        let html =
            chat::message(Locale::Es, &MessageView { body: vec![piece], ..MessageView::default() }).into_string();
        assert!(html.contains("href=\"#\""), "{href}: {html}");
    }
    let good = Piece::Link { href: "https://ejemplo.com/?a=1&b=\"".into(), text: "x".into() };
    let html = chat::message(Locale::Es, &MessageView { body: vec![good], ..MessageView::default() }).into_string();
    assert!(html.contains("href=\"https://ejemplo.com/?a=1&amp;b=&quot;\"") && html.contains("noopener"), "{html}");
}

#[test]
fn nothing_asks_for_what_the_content_policy_refuses() {
    let all = pages().into_iter().map(|(_, source, _)| source).chain(fragments().into_iter().map(|f| f.into_string()));
    for source in all {
        let page = Html::parse_document(&source);
        assert!(select(&page, "[style], style, [hx-swap-oob], script:not([src])").is_empty());
        for el in select(&page, "*") {
            for (attr, value) in el.value().attrs() {
                assert!(!attr.starts_with("on") && !attr.starts_with("hx-on"), "{attr}");
                assert!(!value.trim_start().starts_with("js:"), "{attr}={value}");
                assert!(attr != "hx-trigger" || !value.contains('['), "trigger filter: {value}");
            }
        }
    }
}

#[test]
fn a_message_and_a_row_are_the_same_for_every_viewer() {
    // What is one's own is told by the style sheet alone, and that one cannot be broken out of.
    assert!(layout::me_css("01935c3e-7a00-7000-8000-000000000001").contains("[data-sender=\"01935c3e"));
    assert_eq!(layout::me_css("\"]{}*{display:none}"), "");
}

#[test]
fn a_counter_is_hidden_at_zero_and_capped_above_99() {
    let badge = |n| chat::unread_badge(Locale::Es, &dom::unread_total(), n, false).into_string();
    assert!(badge(0).contains(" hidden") && badge(-1).contains("data-count=\"0\""));
    assert!(badge(1).contains("1 mensaje sin leer") && !badge(1).contains(" hidden"));
    assert!(badge(140).contains("99+") && badge(140).contains("data-count=\"140\""));
}

#[test]
fn presence_frames_have_their_agreed_form() {
    assert_eq!(
        live::presence("a", Presence::OnCall).into_string(),
        r#"<hx-presence of="a" state="on_call"></hx-presence>"#
    );
    let all = [("a".to_owned(), Presence::Available), ("b".to_owned(), Presence::Break)];
    assert_eq!(live::presence_all(&all).into_string(), r#"<hx-presence all="a:available b:break"></hx-presence>"#);
}

#[test]
fn a_message_on_its_way_is_the_same_item_with_its_states() {
    // What a template holds is not part of the document: opened up, it can be searched.
    let template = chat::message_template(Locale::Es, &Default::default()).into_string();
    let page = Html::parse_fragment(&template.replace("template", "ul"));
    for part in ["#msg-__id__[data-state=sending]", "[data-body]", "time", "[data-reason]", "[data-retry]"] {
        assert_eq!(select(&page, part).len(), 1, "{part}");
    }
    let sent = chat::message(Locale::Es, &MessageView::default()).into_string();
    assert!(!sent.contains("data-state") && !sent.contains("data-retry"), "{sent}");
}
