//! The files that the server hands out: style sheets, the script bundle, icons.
//!
//! Addresses carry a hash of the content, so that browsers may keep them for ever.

/// One embedded file.
#[derive(Debug)]
pub struct Asset {
    /// What the code calls it: `app.css`.
    pub name: &'static str,
    /// Where it is served: `/assets/app-3f2a9c1d.css`.
    pub url: &'static str,
    /// The content type, with its charset.
    pub content_type: &'static str,
    /// The content.
    pub bytes: &'static [u8],
    /// The same compressed with brotli, when it was done beforehand.
    pub br: Option<&'static [u8]>,
    /// The same compressed with gzip, when it was done beforehand.
    pub gz: Option<&'static [u8]>,
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The address of an asset; one that leads nowhere when there is none of that name.
pub fn url(name: &str) -> &'static str {
    ASSETS.iter().find(|a| a.name == name).map_or("/assets/none", |a| a.url)
}
