//! Language, theme and density.

use maud::{Markup, html};

use super::{Tab, page};
use crate::layout::{self, Density, Look, Theme};
use crate::paths;
use crate::text::{Locale, t};
use crate::ui;

/// The page that changes the look of pages.
pub fn panel(l: Locale, look: Look) -> Markup {
    let themes = Theme::ALL.map(|x| (x.code(), t(l, layout::theme_key(x)), x == look.theme));
    let densities = Density::ALL.map(|x| (x.code(), t(l, layout::density_key(x)), x == look.density));
    let locales = Locale::ALL.map(|x| (x.code(), layout::locale_word(x), x == look.locale));
    let form = html! {
        form.stack method="post" action=(paths::LOOK) {
            input type="hidden" name="next" value=(paths::LOOK);
            (radios(t(l, "account.locale"), "locale", &locales))
            (radios(t(l, "account.theme"), "theme", &themes))
            (radios(t(l, "account.density"), "density", &densities))
            div.actions { (ui::submit(t(l, "account.look.button"))) }
        }
    };
    page(l, Tab::Look, html! { section aria-label=(t(l, "account.look")) { (form) } })
}

/// A row of choices of which one holds.
fn radios(title: &str, name: &str, choices: &[(&str, &str, bool)]) -> Markup {
    html! {
        fieldset.radios {
            legend.form-label { (title) }
            div.choices {
                @for (code, word, chosen) in choices {
                    label.choice { input type="radio" name=(name) value=(code) checked[*chosen]; span { (word) } }
                }
            }
        }
    }
}
