//! Compiles the texts of `i18n/` and the files of `../assets` into static tables.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use sha2::{Digest, Sha256};

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let assets = here.join("../assets");
    for folder in ["css", "js", "vendor"] {
        println!("cargo::rerun-if-changed=../assets/{folder}");
    }
    println!("cargo::rerun-if-changed=../assets/icons.svg");
    println!("cargo::rerun-if-changed=../assets/favicon.svg");
    println!("cargo::rerun-if-changed=../assets/favicon-unread.svg");
    println!("cargo::rerun-if-changed=i18n");
    println!("cargo::rerun-if-changed=build.rs");
    put(&out.join("texts.rs"), texts(&here.join("i18n"))?)?;
    put(&out.join("assets.rs"), table(&assets, &out)?)?;
    Ok(())
}

/// Writes a file anew and not in place: a build folder that was copied by hard links must not change its copies.
fn put(path: &Path, bytes: impl AsRef<[u8]>) -> Outcome<()> {
    if path.exists() {
        fs::remove_file(path)?;
    }
    Ok(fs::write(path, bytes)?)
}

/// The files of `folder` with the given ending, by name; none when the folder is not there.
fn files(folder: &Path, ending: &str) -> Outcome<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == ending) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// `static TEXTS: &[(key, es, en)]`, sorted by key. A text that one language lacks is empty there.
fn texts(folder: &Path) -> Outcome<String> {
    let mut all: BTreeMap<String, [String; 2]> = BTreeMap::new();
    for (at, language) in ["es", "en"].into_iter().enumerate() {
        for path in files(&folder.join(language), "toml")? {
            let parsed: BTreeMap<String, String> =
                toml::from_str(&fs::read_to_string(&path)?).map_err(|e| format!("{}: {e}", path.display()))?;
            for (key, text) in parsed {
                let slot = &mut all.entry(key.clone()).or_default()[at];
                if !slot.is_empty() {
                    return Err(format!("{}: {key} is written twice", path.display()).into());
                }
                *slot = text;
            }
        }
    }
    let mut code = String::from("static TEXTS: &[(&str, &str, &str)] = &[\n");
    for (key, [es, en]) in all {
        writeln!(code, "({key:?}, {es:?}, {en:?}),")?;
    }
    code.push_str("];\n");
    Ok(code)
}

/// `pub static ASSETS: &[Asset]`; file names carry the first 8 hex digits of the content's SHA-256.
fn table(assets: &Path, out: &Path) -> Outcome<String> {
    let read = |path: PathBuf| -> Outcome<Vec<u8>> { Ok(if path.is_file() { fs::read(path)? } else { Vec::new() }) };
    let mut css = Vec::new();
    for path in files(&assets.join("css"), "css")? {
        css.extend(fs::read(path)?);
        css.push(b'\n');
    }
    let vendor = assets.join("vendor");
    let mut scripts = ["htmx.min.js", "hx-ws.min.js", "hx-sse.min.js"].map(|name| vendor.join(name)).to_vec();
    scripts.extend(files(&assets.join("js"), "js")?);
    let mut js = Vec::new();
    for path in scripts {
        // A file that does not end its last statement must not run into the next one.
        js.extend(read(path)?);
        js.extend(b"\n;\n");
    }
    let js_type = "text/javascript; charset=utf-8";
    let css_type = "text/css; charset=utf-8";
    let rows = [
        ("app.css", css, css_type),
        ("app.js", js, js_type),
        ("favicon.svg", read(assets.join("favicon.svg"))?, "image/svg+xml"),
        ("favicon-unread.svg", read(assets.join("favicon-unread.svg"))?, "image/svg+xml"),
        ("icons.svg", read(assets.join("icons.svg"))?, "image/svg+xml"),
        ("vendor.css", read(vendor.join("tabler.css"))?, css_type),
    ];
    let mut code =
        String::from("/// Every file that the server hands out, sorted by name.\npub static ASSETS: &[Asset] = &[\n");
    for (name, bytes, content_type) in rows {
        let file = out.join(name);
        put(&file, &bytes)?;
        let (stem, ending) = name.split_once('.').ok_or("an asset has no ending")?;
        let hash = hex::encode(Sha256::digest(&bytes));
        let url = format!("/assets/{stem}-{}.{ending}", &hash[..8]);
        let packed = |ending: &str| -> Outcome<String> {
            let path = vendor.join(format!("tabler.css.{ending}"));
            if name != "vendor.css" || !path.is_file() {
                return Ok("None".into());
            }
            let copy = out.join(format!("{name}.{ending}"));
            put(&copy, fs::read(path)?)?;
            Ok(format!("Some(include_bytes!({copy:?}))"))
        };
        writeln!(
            code,
            "Asset {{ name: {name:?}, url: {url:?}, content_type: {content_type:?}, bytes: include_bytes!({file:?}), br: {}, gz: {} }},",
            packed("br")?,
            packed("gz")?,
        )?;
    }
    code.push_str("];\n");
    Ok(code)
}
