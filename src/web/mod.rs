//! HTTP: what a request is, how an answer is made, and everything around the handlers. Knows no feature.

pub mod assets;
pub mod client;
pub mod download;
pub mod errors;
pub mod extract;
pub mod headers;
pub mod health;
pub mod hx;
pub mod listen;
pub mod live;
pub mod metrics;
pub mod origin;
pub mod page;
pub mod request;
pub mod routes;
pub mod session;
mod upgrade;

pub use client::ClientIp;
pub use download::Download;
pub use extract::{Form, Path, Query};
pub use hx::Kind;
pub use page::{Fragment, Page, redirect};
pub use routes::{Access, Routes};
