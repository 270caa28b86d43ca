//! Answers: a page for the shell to wrap, a fragment, a redirect.

use std::sync::Arc;

use axum::{
    http::{Extensions, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use maud::Markup;
use views::layout::Nav;

use super::Kind;
use crate::live::Topic;

/// The inside of a page. The shell around it (rail, dock, counters) is drawn by a middleware, so that a feature need
/// not know what else is on the screen.
#[derive(Clone)]
pub struct Page(Arc<Inside>);

/// What a handler says of its page.
pub struct Inside {
    /// Where in the navigation.
    pub nav: Nav,
    /// Of the tab, translated.
    pub title: String,
    /// The cursor that was read before the data.
    pub seq: i64,
    /// Topics beyond those that every socket holds.
    pub topics: Vec<Topic>,
    /// The main region.
    pub main: Markup,
    /// What stands in the search box.
    pub query: String,
    /// 200, or 422 for a form that is shown again.
    pub status: StatusCode,
    /// What was read for it and stands around it too.
    carried: Extensions,
}

impl Inside {
    /// What [`Page::carry`] left, by its type.
    pub fn carried<T: Clone + Send + Sync + 'static>(&self) -> Option<&T> {
        self.carried.get()
    }
}

impl Page {
    /// A page without topics of its own.
    pub fn new(nav: Nav, title: &str, seq: i64, main: Markup) -> Self {
        let inside = Inside {
            nav,
            title: title.to_owned(),
            seq,
            topics: Vec::new(),
            main,
            query: String::new(),
            status: StatusCode::OK,
            carried: Extensions::new(),
        };
        Self(Arc::new(inside))
    }

    /// With topics that its live regions need.
    #[must_use]
    pub fn topics(self, topics: Vec<Topic>) -> Self {
        self.with(|inside| inside.topics = topics)
    }

    /// With what was searched.
    #[must_use]
    pub fn query(self, query: &str) -> Self {
        self.with(|inside| inside.query = query.to_owned())
    }

    /// With another status.
    #[must_use]
    pub fn status(self, status: StatusCode) -> Self {
        self.with(|inside| inside.status = status)
    }

    /// With what the shell shows as well, so that it need not be read again.
    #[must_use]
    pub fn carry<T: Clone + Send + Sync + 'static>(self, value: T) -> Self {
        self.with(|inside| drop(inside.carried.insert(value)))
    }

    fn with(mut self, change: impl FnOnce(&mut Inside)) -> Self {
        // Not shared before it is answered.
        if let Some(inside) = Arc::get_mut(&mut self.0) {
            change(inside);
        }
        self
    }

    /// What it holds.
    pub fn inside(&self) -> &Inside {
        &self.0
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let mut response = self.0.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Markup that htmx asked for.
pub struct Fragment(pub Markup);

impl IntoResponse for Fragment {
    fn into_response(self) -> Response {
        ([(header::VARY, HeaderValue::from_static("HX-Request-Type"))], Html(self.0.into_string())).into_response()
    }
}

/// Sends the browser to `url`: 303, or for a form that htmx sent the whole page anew.
pub fn redirect(kind: Kind, url: &str) -> Response {
    let value = HeaderValue::from_str(url).unwrap_or(HeaderValue::from_static("/"));
    if kind == Kind::Partial {
        return (StatusCode::OK, [("hx-redirect", value)]).into_response();
    }
    (StatusCode::SEE_OTHER, [(header::LOCATION, value)]).into_response()
}
