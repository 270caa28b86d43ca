//! What the oracle itself is held to.

use super::{Document, Dots, Said, difference, swap::natural};

const PAGE: &str = concat!(
    "<!doctype html><html><body data-me=\"u3\" data-presence-labels='{\"available\":\"Disponible\",\"offline\":\"Sin conexión\"}'>",
    "<span id=\"unread-total\" data-count=\"1\" hx-morph-skip>1</span><span id=\"unread-rail\"></span>",
    "<details id=\"agent-state\"></details><aside id=\"dock\"></aside>",
    "<main id=\"main\" data-seq=\"4\"><ul id=\"l\" data-max=\"3\">",
    "<li id=\"r-2\" data-sort=\"2\">dos<b id=\"n-2\" hx-morph-skip>7</b></li><li id=\"r-10\" data-sort=\"10\">diez</li>",
    "</ul><p id=\"p\">antes</p><i data-presence=\"u1\" data-state=\"offline\"></i>",
    "<i data-presence=\"u2\" data-state=\"available\"></i><i data-presence=\"u3\" data-state=\"on_call\"></i><time datetime=\"t\">hace 1 min</time>",
    "<form data-composer=\"c\"><input name=\"id\" value=\"x\"><input name=\"body\" value=\"y\"></form>",
    "<div data-feed><i>3</i></div></main></body></html>",
);

fn partial(target: &str, swap: &str, content: &str) -> String {
    format!("<hx-partial hx-target=\"#{target}\" hx-swap=\"{swap}\">{content}</hx-partial>")
}

fn after(frame: &str) -> Document {
    let mut page = Document::new(PAGE);
    page.apply(frame);
    page
}

fn rows(page: &Document) -> Vec<String> {
    page.by_id("l").unwrap().elements().map(|row| row.id().unwrap().to_owned()).collect()
}

fn text(page: &Document, id: &str) -> String {
    page.by_id(id).unwrap().text()
}

#[test]
fn place_puts_rows_in_the_natural_order_of_their_keys() {
    let page = after(&partial("l", "place", "<li id=\"r-9\" data-sort=\"9\">nueve</li>"));
    assert_eq!(rows(&page), ["r-2", "r-9", "r-10"]);
    assert_eq!(natural("a9b", "a10"), std::cmp::Ordering::Less);
    assert_eq!(natural("007", "7"), std::cmp::Ordering::Equal);
    assert_eq!(natural("8", "80"), std::cmp::Ordering::Less);
}

#[test]
fn place_morphs_a_known_row_moves_it_when_its_key_changed_and_passes_by_what_is_skipped() {
    let page =
        after(&partial("l", "place", "<li id=\"r-2\" data-sort=\"11\">once<b id=\"n-2\" hx-morph-skip>0</b></li>"));
    assert_eq!(rows(&page), ["r-10", "r-2"]);
    assert_eq!(text(&page, "r-2"), "once7");
}

#[test]
fn place_trims_the_list_to_what_it_may_show() {
    let page = after(&partial("l", "place", "<li id=\"a\" data-sort=\"1\"></li><li id=\"b\" data-sort=\"3\"></li>"));
    assert_eq!(rows(&page), ["a", "r-2", "b"]);
}

#[test]
fn place_takes_a_row_out_of_another_list() {
    let page = after(&partial("dock", "place", "<li id=\"r-2\" data-sort=\"5\">dos</li>"));
    assert_eq!(rows(&page), ["r-10"]);
    assert_eq!(text(&page, "dock"), "dos");
}

#[test]
fn every_other_swap_does_what_it_says() {
    assert_eq!(text(&after(&partial("p", "outerMorph", "<p id=\"p\" class=\"x\">luego</p>")), "p"), "luego");
    let morphed = after(&partial("unread-total", "outerMorph", "<span id=\"unread-total\" data-count=\"9\">9</span>"));
    assert_eq!(text(&morphed, "unread-total"), "1", "a skipped element does not morph");
    let replaced = after(&partial("unread-total", "outerHTML", "<span id=\"unread-total\" data-count=\"9\">9</span>"));
    assert_eq!(text(&replaced, "unread-total"), "9", "but it is replaced");
    assert_eq!(text(&after(&partial("p", "textContent", "a<b>b</b>")), "p"), "ab");
    assert!(after(&partial("p", "delete", "")).by_id("p").is_none());
    assert_eq!(rows(&after(&partial("r-10", "beforebegin", "<li id=\"x\"></li>"))), ["r-2", "x", "r-10"]);
    assert_eq!(rows(&after(&partial("l", "beforeend", "<li id=\"x\"></li>"))), ["r-2", "r-10", "x"]);
}

#[test]
fn a_missing_target_is_harmless_and_the_rest_of_the_frame_applies() {
    let gone = partial("none", "place", "<li id=\"r-2\"></li>") + &partial("none", "outerMorph", "<p id=\"p\"></p>");
    let page = after(&(gone + &partial("p", "textContent", "luego")));
    assert_eq!(text(&page, "p"), "luego");
    assert_eq!(rows(&page), ["r-2", "r-10"]);
}

#[test]
fn a_later_part_finds_what_an_earlier_one_brought() {
    let first = partial("l", "place", "<li id=\"new\" data-sort=\"3\"><b id=\"badge\">0</b></li>");
    let page = after(&(first + &partial("badge", "outerHTML", "<b id=\"badge\">5</b>")));
    assert_eq!(text(&page, "badge"), "5");
}

#[test]
fn a_row_of_a_table_keeps_its_cells() {
    let page = after(&partial("p", "outerHTML", "<tr id=\"t\"><td>1</td></tr>"));
    assert_eq!(page.by_id("t").unwrap().elements().next().unwrap().name, "td");
}

#[test]
fn presence_is_set_after_the_swaps_for_one_or_for_all() {
    let row =
        partial("l", "place", "<li id=\"x\" data-sort=\"1\"><i data-presence=\"u1\" data-state=\"offline\"></i></li>");
    let page = after(&format!("<hx-presence of=\"u1\" state=\"available\"></hx-presence>{row}"));
    let dots = |page: &Document| {
        let mut found = Vec::new();
        page.root().clone().each(&mut |e| {
            if let Some(of) = e.attr("data-presence") {
                found.push(format!("{of} {} {}", e.attr("data-state").unwrap(), e.attr("title").unwrap_or("-")));
            }
        });
        found
    };
    assert_eq!(dots(&page), ["u1 available Disponible", "u1 available Disponible", "u2 available -", "u3 on_call -"]);
    let page = after("<hx-presence all=\"u1:available\"></hx-presence>");
    assert_eq!(dots(&page), ["u1 available Disponible", "u2 offline Sin conexión", "u3 offline Sin conexión"]);
}

#[test]
fn a_row_that_was_drawn_behind_the_feed_shows_what_the_feed_said() {
    let mut page = after("<hx-presence of=\"u1\" state=\"available\"></hx-presence>");
    page.apply(&partial("p", "outerHTML", "<i id=\"x\" data-presence=\"u1\" data-state=\"offline\"></i>"));
    assert_eq!(page.by_id("x").unwrap().attr("data-state"), Some("available"));
    page.apply("<hx-presence all=\"\"></hx-presence>");
    page.apply(&partial("x", "outerMorph", "<i id=\"x\" data-presence=\"u1\" data-state=\"break\"></i>"));
    assert_eq!(page.by_id("x").unwrap().attr("data-state"), Some("offline"), "nobody else is there");
    page.lose_feed();
    page.apply(&partial("x", "outerMorph", "<i id=\"x\" data-presence=\"u1\" data-state=\"offline\"></i>"));
    assert_eq!(page.by_id("x").unwrap().attr("data-state"), Some("offline"));
}

#[test]
fn the_connection_is_told_apart_from_the_page() {
    let said = Document::new(PAGE).apply("<hx-live seq=\"9\" shown=\"2\" reset></hx-live>");
    assert_eq!(said, Said { seq: Some("9".into()), shown: Some(2), reset: true, ..Said::default() });
    let said = Document::new(PAGE).apply("<hx-live retry=\"300\"></hx-live>");
    assert_eq!(said, Said { retry: Some(300), ..Said::default() });
    assert_eq!(Document::new(PAGE).apply("<hx-live seq=\"1\" delayed=\"1\"></hx-live>").delayed, Some(true));
}

#[test]
fn a_reset_draws_the_regions_and_the_counters_anew() {
    let mut page = Document::new(PAGE);
    page.refresh(&PAGE.replace("antes", "luego").replace(">7<", ">0<").replace(">1<", ">3<"));
    assert_eq!(text(&page, "p"), "luego");
    assert_eq!(text(&page, "unread-total"), "3");
    assert_eq!(text(&page, "n-2"), "7", "skipped, and not a counter");
}

#[test]
fn the_comparison_forgives_the_closed_list_and_nothing_else() {
    let page = Document::new(PAGE);
    let same = |dots, from: &str, to: &str| {
        assert!(PAGE.contains(from), "{from}");
        difference(page.root(), Document::new(&PAGE.replace(from, to)).root(), dots)
    };
    for (from, to) in [
        ("data-seq=\"4\"", "data-seq=\"5\""),
        ("hace 1 min", "ahora"),
        ("value=\"x\"", "value=\"z\""),
        ("on_call", "break"),
        ("<i>3</i>", "<i>4</i><i>5</i>"),
    ] {
        assert_eq!(same(Dots::Compared, from, to), None, "{from}");
    }
    assert_eq!(same(Dots::Ignored, "data-state=\"offline\"", "data-state=\"away\""), None);
    for (from, to) in [
        ("data-state=\"offline\"", "data-state=\"away\""),
        ("antes", "luego"),
        (">7<", ">8<"),
        ("value=\"y\"", "value=\"z\""),
        ("datetime=\"t\"", "datetime=\"u\""),
        ("<p id=\"p\">antes</p>", ""),
        ("data-count=\"1\"", "data-count=\"2\""),
        ("<aside id=\"dock\"></aside>", ""),
    ] {
        assert!(same(Dots::Compared, from, to).is_some(), "a comparison blind to {from}");
    }
    let order = same(Dots::Compared, "data-sort=\"10\">diez</li>", "data-sort=\"10\">diez</li><li></li>");
    assert!(order.unwrap().starts_with("#main"), "it says where");
}
