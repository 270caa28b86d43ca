//! Parses every page and looks for what would break it: doubled ids, lost targets, missing labels, unescaped text.

#![allow(clippy::unwrap_used)] // A test that fails on a missing part says enough by doing so.

mod html;
mod marks;
mod sample;
mod sources;
mod texts;
