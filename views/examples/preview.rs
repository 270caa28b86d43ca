//! Writes every page, in both languages and themes, with its files, into a folder to look at:
//!
//!     cargo run -p views --example preview -- target/preview
//!     python3 -m http.server -d target/preview 8099

use std::path::PathBuf;
use std::{env, fs, io};

use views::layout::{Look, Theme, me_css};
use views::text::Locale;
use views::{assets, paths};

#[path = "../tests/pages/marks.rs"]
mod marks;
#[path = "../tests/pages/sample.rs"]
mod sample;

fn main() -> io::Result<()> {
    let out = PathBuf::from(env::args().nth(1).unwrap_or_else(|| "target/preview".into()));
    fs::create_dir_all(out.join("assets"))?;
    for asset in assets::ASSETS {
        fs::write(out.join(asset.url.trim_start_matches('/')), asset.bytes)?;
    }
    fs::write(out.join(paths::ME_CSS.trim_start_matches('/')), me_css(&sample::id(1)))?;
    for locale in Locale::ALL {
        for theme in [Theme::Light, Theme::Dark] {
            let look = Look { locale, theme, ..Look::default() };
            for (name, page) in sample::all(look) {
                fs::write(out.join(format!("{name}-{}-{}.html", locale.code(), theme.code())), page.into_string())?;
            }
        }
    }
    Ok(())
}
