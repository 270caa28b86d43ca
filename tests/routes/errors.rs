//! What people read when something is not there, not allowed, or our fault.

use axum::{Router, body::Body, http::Method, middleware, routing::get};
use crea::{
    error::{AppError, AppResult},
    web,
};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use views::text::{Locale, t};

use crate::harness::{Answer, TestApp, one_db};

/// An error page: its title, and the number that is also in the header.
fn holds(answer: &Answer, status: u16, title: &str) {
    assert_eq!(answer.status.as_u16(), status);
    assert_eq!(answer.texts("h1"), [t(Locale::Es, title)]);
    assert_eq!(answer.texts(".error-request code"), [answer.header("x-request-id")]);
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(answer.attrs("html", "lang"), ["es"]);
}

one_db!(what_is_not_there_is_a_page_with_a_request_number, |app| {
    holds(&app.browser().get("/nowhere").await, 404, "error.404.title");
    let ana = app.user("ana").insert().await;
    let browser = app.sign_in(&ana).await;
    let one = browser.get("/chat/no-id").await;
    holds(&one, 404, "error.404.title");
    let two = browser.get("/chat/no-id").await;
    assert_ne!(one.header("x-request-id"), two.header("x-request-id"));
});

one_db!(a_toast_answers_htmx_with_the_same_number, |app| {
    let ana = app.user("ana").insert().await;
    let answer = app.sign_in(&ana).await.get_partial("/chat/00000000-0000-0000-0000-000000000000").await;
    assert_eq!(answer.status, 404);
    assert_eq!(answer.attrs("hx-partial", "hx-target"), ["#toasts"]);
    assert!(
        answer.text.contains(t(Locale::Es, "error.404.text")) && answer.text.contains(answer.header("x-request-id"))
    );
    assert!(!answer.text.contains("<html"));
});

one_db!(errors_speak_the_language_of_the_person, |app| {
    let english = [("accept-language", "en")];
    let answer = app.browser().send(Method::GET, "/nowhere", &english, &[]).await;
    assert_eq!(answer.texts("h1"), [t(Locale::En, "error.404.title")]);
});

one_db!(another_method_and_too_long_a_form_are_refused_as_pages, |app| {
    let ana = app.user("ana").insert().await;
    let browser = app.sign_in(&ana).await;
    holds(&browser.get("/sign-out").await, 405, "error.405.title");
    let long = "x".repeat(70 * 1024);
    holds(&browser.post("/sign-in", &[("login", &long), ("password", "x")]).await, 413, "error.413.title");
    let fits = "x".repeat(60 * 1024);
    assert_eq!(app.browser().post("/sign-in", &[("login", &fits), ("password", "x")]).await.status, 422);
});

/// Routes that fail, behind the layers that real ones have.
fn broken(app: &TestApp) -> Router {
    let panics = async || -> AppResult<String> { panic!("secret of the house") };
    let fails = async || -> AppResult<String> { Err(anyhow::anyhow!("password=hunter2").into()) };
    let down = async || -> AppResult<String> { Err(AppError::from(sqlx::Error::PoolTimedOut)) };
    Router::new()
        .route("/panics", get(panics))
        .route("/fails", get(fails))
        .route("/down", get(down))
        .route("/fine", get(async || Body::from("fine")))
        .layer(
            ServiceBuilder::new()
                .layer(middleware::from_fn_with_state(app.app.clone(), web::request::layer))
                .layer(middleware::from_fn(web::errors::layer))
                .layer(CatchPanicLayer::custom(web::request::panicked)),
        )
        .with_state(app.app.clone())
}

one_db!(a_panic_is_a_page_and_the_next_request_is_served, |app| {
    let browser = app.browser().through(broken(&app));
    holds(&browser.get("/panics").await, 500, "error.500.title");
    assert_eq!(browser.get("/fine").await.text, "fine");
});

one_db!(failures_tell_a_number_and_nothing_of_what_is_inside, |app| {
    let browser = app.browser().through(broken(&app));
    for path in ["/panics", "/fails"] {
        let page = browser.get(path).await;
        holds(&page, 500, "error.500.title");
        let toast = browser.get_partial(path).await;
        assert!(toast.text.contains(toast.header("x-request-id")));
        for text in [page.text, toast.text] {
            assert!(!text.contains("secret") && !text.contains("hunter2") && !text.contains("panic"), "{text}");
        }
    }
    let page = browser.get("/down").await;
    holds(&page, 503, "error.503.title");
});

one_db!(a_closed_database_is_503_and_not_ready, |app| {
    let ana = app.user("ana").insert().await;
    let browser = app.sign_in(&ana).await;
    assert_eq!((browser.get("/").await.status.as_u16(), browser.get("/readyz").await.status.as_u16()), (200, 200));
    app.db.close().await;
    assert_eq!(browser.get("/sign-in").await.status, 503);
    let ready = browser.get("/readyz").await;
    assert_eq!(ready.status, 503);
    assert!(ready.text.contains("\"database\":\"down\""), "{}", ready.text);
    assert_eq!(browser.get("/healthz").await.status, 200, "the process itself lives");
});
