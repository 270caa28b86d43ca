//! The last look before a mass message goes out.

use maud::{Markup, html};

use super::{ComposeView, PreviewView, card::CardView, importance_mark};
use crate::chat::body_piece;
use crate::text::{Locale, plural, t};
use crate::time::TimeView;
use crate::{paths, ui};

/// What is about to be sent.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ReviewView {
    /// What the form holds; carried along unchanged.
    pub form: ComposeView,
    /// The message as recipients will see it.
    pub card: CardView,
    /// When it will be sent; none: now.
    pub due: Option<TimeView>,
    /// Whom it will reach.
    pub preview: PreviewView,
}

/// The page.
pub fn panel(l: Locale, v: &ReviewView) -> Markup {
    let more = v.preview.count - i64::try_from(v.preview.names.len()).unwrap_or(0);
    let (key, icon) = if v.due.is_some() { ("broadcasts.schedule", "clock") } else { ("broadcasts.send", "send") };
    html! {
        header.page-head { h1 { (t(l, "broadcasts.review.title")) } }
        div.stack.mass-form {
            article.mass-card data-importance=(v.card.importance) {
                header.mass-head {
                    (importance_mark(l, &v.card.importance))
                    p.mass-who { strong { (v.card.sender.name) } " · " (v.card.sender.role_word(l)) }
                }
                p.mass-text dir="auto" { @for piece in &v.card.body { (body_piece(piece)) } }
            }
            dl.facts {
                dt { (t(l, "broadcasts.asks.short")) } dd { @if v.card.asks { (t(l, "broadcasts.yes")) } @else { (t(l, "broadcasts.no")) } }
                dt { (t(l, "broadcasts.due")) } dd { @if let Some(at) = &v.due { (at.long) } @else { (t(l, "broadcasts.now")) } }
                @if let Some(at) = &v.card.expires { dt { (t(l, "broadcasts.expires")) } dd { (at.long) } }
                dt { (t(l, "broadcasts.audience")) }
                dd {
                    p { strong { (plural(l, "broadcasts.preview", v.preview.count)) } }
                    p.quiet { (v.preview.names.join(", ")) @if more > 0 { " " (plural(l, "broadcasts.preview.more", more)) } }
                }
            }
            div.actions {
                form method="post" action=(paths::BROADCASTS) {
                    (fields(&v.form))
                    button.btn.btn-primary type="submit" name="step" value="send" { (ui::icon(icon)) (plural(l, key, v.preview.count)) }
                }
                form method="post" action=(paths::BROADCASTS_REVIEW) hx-push-url="false" {
                    (fields(&v.form))
                    button.btn type="submit" name="step" value="edit" { (t(l, "broadcasts.edit")) }
                }
            }
        }
    }
}

/// All that was typed and chosen, to be sent again.
fn fields(v: &ComposeView) -> Markup {
    let chosen = |name: &'static str, choices: &[super::Choice]| {
        html! { @for c in choices { @if c.is_chosen { input type="hidden" name=(name) value=(c.value); } } }
    };
    html! {
        @for (name, value) in [("key", &v.key), ("body", &v.body), ("importance", &v.importance), ("due", &v.due), ("expires", &v.expires)] {
            input type="hidden" name=(name) value=(value);
        }
        @if v.asks { input type="hidden" name="asks" value="1"; }
        @if v.everyone { input type="hidden" name="everyone" value="1"; }
        (chosen("campaign", &v.campaigns))
        (chosen("role", &v.roles))
        @for pick in &v.people { @if pick.is_chosen { input type="hidden" name="person" value=(pick.person.id); } }
    }
}
