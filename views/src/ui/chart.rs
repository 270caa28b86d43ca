//! Charts drawn by the server: bars in a row each, or a ring. What is drawn stands beside it in words and numbers, so
//! the drawing itself says nothing to who cannot see it; each part may lead to what it counts.

use maud::{Markup, html};

use crate::text::{Locale, t};

/// A part of a chart.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PartView {
    /// What is counted.
    pub label: String,
    /// How many.
    pub value: i64,
    /// Its colour, as tags have it: `info`, `busy`, `warning`, `success`, `danger`, `closed`.
    pub tone: &'static str,
    /// Where what it counts is listed.
    pub href: Option<String>,
}

/// A chart.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ChartView {
    /// Key of its name.
    pub title_key: &'static str,
    /// A ring of the whole; bars otherwise.
    pub is_round: bool,
    /// The parts, as they are read.
    pub parts: Vec<PartView>,
}

/// The chart.
pub fn chart(l: Locale, v: &ChartView) -> Markup {
    let total: i64 = v.parts.iter().map(|part| part.value).sum();
    html! {
        figure.chart data-round[v.is_round] {
            figcaption { h2 { (t(l, v.title_key)) } }
            @if total == 0 { p.quiet { (t(l, "chart.empty")) } }
            @else if v.is_round { (ring(&v.parts, total)) (legend(v, total)) }
            @else { (legend(v, v.parts.iter().map(|part| part.value).max().unwrap_or(1))) }
        }
    }
}

/// Every part by its name and number; `whole` is what fills a bar, and what a share is of.
fn legend(v: &ChartView, whole: i64) -> Markup {
    html! {
        ul.chart-parts {
            @for part in &v.parts {
                li.chart-part data-tone=(part.tone) {
                    @match &part.href {
                        Some(href) => a href=(href) { (words(v, part, whole)) },
                        None => span { (words(v, part, whole)) },
                    }
                }
            }
        }
    }
}

fn words(v: &ChartView, part: &PartView, whole: i64) -> Markup {
    html! {
        span.chart-label { (part.label) }
        " "
        span.chart-value.num { (part.value) }
        @if v.is_round { " " span.quiet.num { (share(part.value, whole)) } }
        @else {
            svg.chart-bar viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" {
                rect.chart-back width="100" height="8" {}
                rect.chart-fill width=(tenths(part.value, whole)) height="8" {}
            }
        }
    }
}

fn ring(parts: &[PartView], total: i64) -> Markup {
    let drawn = parts.iter().scan(0, |before, part| {
        let at = *before;
        *before += part.value;
        Some((at, part))
    });
    html! {
        svg.chart-ring viewBox="0 0 120 120" aria-hidden="true" {
            @for (before, part) in drawn.filter(|(_, part)| part.value > 0) {
                circle.chart-arc data-tone=(part.tone) cx="60" cy="60" r="46" pathLength="100"
                    stroke-dasharray={ (tenths(part.value, total)) " 100" }
                    stroke-dashoffset={ "-" (tenths(before, total)) } {}
            }
            text.chart-total x="60" y="60" { (total) }
        }
    }
}

/// Of a hundred, with a digit behind the point.
fn tenths(value: i64, whole: i64) -> String {
    let of_thousand = value * 1_000 / whole.max(1);
    format!("{}.{}", of_thousand / 10, of_thousand % 10)
}

/// `33 %`.
fn share(value: i64, whole: i64) -> String {
    format!("{} %", (value * 100 + whole / 2) / whole.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(is_round: bool, values: &[i64]) -> ChartView {
        let part =
            |value: &i64| PartView { label: "Alta".into(), value: *value, tone: "warning", href: Some("/x".into()) };
        ChartView { title_key: "tickets.figures.by_state", is_round, parts: values.iter().map(part).collect() }
    }

    #[test]
    fn bars_are_as_long_as_the_longest_and_a_ring_is_whole() {
        let bars = chart(Locale::Es, &view(false, &[2, 0, 8])).into_string();
        assert!(
            bars.contains(r#"width="25.0""#) && bars.contains(r#"width="0.0""#) && bars.contains(r#"width="100.0""#)
        );
        let ring = chart(Locale::Es, &view(true, &[1, 0, 2])).into_string();
        assert!(
            ring.contains(r#"stroke-dasharray="33.3 100""#) && ring.contains(r#"stroke-dashoffset="-33.3""#),
            "{ring}"
        );
        assert_eq!(ring.matches("<circle").count(), 2, "nothing is drawn of nothing");
        assert!(ring.contains("67 %") && !ring.contains("style="));
        assert!(!chart(Locale::Es, &view(true, &[0, 0])).into_string().contains("<svg"));
    }
}
