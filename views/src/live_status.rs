//! How the live engine does, instance by instance, for administrators. Every instance draws its own tile, once a
//! second while somebody looks.

use maud::{Markup, html};

use crate::admin::{AdminTab, tabs};
use crate::text::{Locale, fill, t};
use crate::time::{TimeView, time};
use crate::{dom, ui};

/// One instance at one moment. Figures are text, ready to be shown.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct InstanceView {
    /// Its id.
    pub id: String,
    /// A short name of it.
    pub name: String,
    /// Since when it runs.
    pub since: TimeView,
    /// Whether it hears Redis: `up`, `down`, or `none` when it is not configured.
    pub redis: &'static str,
    /// The drawing's number: another one says that the feed is alive.
    pub tick: u64,
    /// Figures that one looks at first.
    pub head: Vec<FigureView>,
    /// All others.
    pub rest: Vec<FigureView>,
}

/// One figure with its name.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FigureView {
    /// Ends the key of its name, `live_status.figure.…`.
    pub key: &'static str,
    /// What it is.
    pub text: String,
    /// Whether somebody should look into it.
    pub is_bad: bool,
}

/// The page, with the tile of the instance that drew it; the others' come by the live connection.
pub fn panel(l: Locale, own: &InstanceView) -> Markup {
    html! {
        (tabs(l, AdminTab::Live))
        header.page-head { h1 { (t(l, "live_status.title")) } }
        p.field-help { (t(l, "live_status.intro")) }
        div.instances id=(dom::instances().id()) data-feed { (tile(l, own)) }
    }
}

/// The tile of an instance.
pub fn tile(l: Locale, v: &InstanceView) -> Markup {
    let redis = format!("live_status.redis.{}", v.redis);
    html! {
        section.instance id=(dom::instance(&v.id).id()) data-sort=(v.name) data-tile=(v.tick) aria-label=(fill(l, "live_status.instance", &[("name", &v.name)])) {
            header {
                h2 { (fill(l, "live_status.instance", &[("name", &v.name)])) }
                span.tag data-tone=(if v.redis == "down" { "danger" } else { "muted" }) { (t(l, &redis)) }
                span.instance-age data-tile-age=(t(l, "live_status.age")) {}
            }
            dl.figures-head { @for f in &v.head { (figure(l, f)) } }
            dl.figures-rest { @for f in &v.rest { (figure(l, f)) } }
            p.instance-since { (t(l, "live_status.since")) " " (time(&v.since)) }
        }
    }
}

fn figure(l: Locale, f: &FigureView) -> Markup {
    html! {
        div data-bad[f.is_bad] {
            dt { (t(l, &format!("live_status.figure.{}", f.key))) }
            dd { @if f.is_bad { (ui::icon("alert-triangle")) " " } (f.text) }
        }
    }
}
