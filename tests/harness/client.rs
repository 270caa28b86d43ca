//! A browser without a network: requests go straight into the router, cookies are kept.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use crea::db::statements::StatementCount;
use scraper::{Html, Selector};
use tower::ServiceExt as _;

/// A browser. Clones are further tabs of it: they share the cookies.
#[derive(Clone)]
pub struct Client {
    router: Router,
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
    /// Where it says that it is.
    pub ip: IpAddr,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, when it is text.
    pub text: String,
    /// The body.
    pub bytes: Vec<u8>,
    /// How many statements the request ran.
    pub statements: u64,
}

impl Client {
    pub(super) fn new(router: Router) -> Self {
        Self { router, cookies: Arc::default(), ip: Ipv4Addr::LOCALHOST.into() }
    }

    /// The same tab, at another address.
    pub fn at(&self, ip: [u8; 4]) -> Self {
        Self { ip: IpAddr::from(ip), ..self.clone() }
    }

    /// The same browser, talking to another instance.
    pub fn on(&self, app: &super::TestApp) -> Self {
        Self { router: app.router.clone(), ..self.clone() }
    }

    /// The same browser, talking to a router of the test's own.
    pub fn through(&self, router: Router) -> Self {
        Self { router, ..self.clone() }
    }

    /// What it sends as `cookie`.
    pub fn cookie(&self) -> String {
        let cookies = self.cookies.lock().unwrap();
        cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// Sets a cookie as if it had been there.
    pub fn set_cookie(&self, name: &str, value: &str) {
        self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
    }

    /// Another browser with the same cookies: what a thief of them has.
    pub fn copy(&self) -> Self {
        let cookies = self.cookies.lock().unwrap().clone();
        Self { router: self.router.clone(), cookies: Arc::new(Mutex::new(cookies)), ip: self.ip }
    }

    /// A link that was clicked.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], &[]).await
    }

    /// htmx asking for a fragment.
    pub async fn get_partial(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[("hx-request", "true"), ("hx-request-type", "partial")], &[]).await
    }

    /// A form that was sent without JavaScript.
    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.send(Method::POST, path, &[("sec-fetch-site", "same-origin")], form).await
    }

    /// A form that htmx sent for a fragment.
    pub async fn post_htmx(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let headers = [("sec-fetch-site", "same-origin"), ("hx-request", "true"), ("hx-request-type", "partial")];
        self.send(Method::POST, path, &headers, form).await
    }

    /// Any request: these headers and the cookies, a form as body unless the method is GET.
    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], form: &[(&str, &str)]) -> Answer {
        let body = if method == Method::GET { String::new() } else { encode(form) };
        self.send_bytes(method, path, headers, body.into_bytes()).await
    }

    /// Any request with any body.
    pub async fn send_bytes(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
        let mut request = Request::builder().method(&method).uri(path).header(header::HOST, "127.0.0.1:8080");
        let cookie = self.cookie();
        if !cookie.is_empty() {
            request = request.header(header::COOKIE, cookie);
        }
        if method == Method::POST && !headers.iter().any(|(name, _)| *name == "content-type") {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(Body::from(body)).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(self.ip, 50_000)));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let statements = response.extensions().get::<StatementCount>().map_or(0, |count| count.0);
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        self.keep_cookies(&parts.headers);
        Answer { status: parts.status, headers: parts.headers, text, bytes: bytes.to_vec(), statements }
    }

    fn keep_cookies(&self, headers: &HeaderMap) {
        let mut cookies = self.cookies.lock().unwrap();
        for line in headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            // How long it lasts is by the machine's clock; tests move another one.
            if value.is_empty() {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

impl Answer {
    /// A header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Where it redirects to.
    pub fn location(&self) -> &str {
        self.header("location")
    }

    /// The body as a document; a fragment becomes the body of one.
    pub fn html(&self) -> Html {
        Html::parse_document(&self.text)
    }

    /// How many elements match.
    pub fn count(&self, selector: &str) -> usize {
        self.html().select(&parse(selector)).count()
    }

    /// The texts of the elements that match, trimmed.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let text = |element: scraper::ElementRef<'_>| element.text().collect::<String>().trim().to_owned();
        self.html().select(&parse(selector)).map(text).collect()
    }

    /// An attribute of each element that matches and has it.
    pub fn attrs(&self, selector: &str, name: &str) -> Vec<String> {
        let html = self.html();
        html.select(&parse(selector)).filter_map(|e| e.value().attr(name)).map(str::to_owned).collect()
    }
}

fn parse(selector: &str) -> Selector {
    Selector::parse(selector).unwrap_or_else(|error| panic!("{selector}: {error}"))
}

fn encode(form: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (name, value) in form {
        if !text.is_empty() {
            text.push('&');
        }
        percent(&mut text, name);
        text.push('=');
        percent(&mut text, value);
    }
    text
}

fn percent(text: &mut String, value: &str) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() {
            text.push(char::from(byte));
        } else {
            write!(text, "%{byte:02X}").unwrap();
        }
    }
}
