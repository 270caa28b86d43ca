//! What every answer and every write must hold to (design: security baseline).

use axum::http::Method;

use crate::harness::{PASSWORD, one_db};

const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
    font-src 'self'; connect-src 'self'; media-src 'self' blob:; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'";

one_db!(every_answer_carries_the_security_headers, |app| {
    let ana = app.user("ana").insert().await;
    let browser = app.sign_in(&ana).await;
    for path in ["/", "/chat", "/account", "/me.css", "/nowhere", "/healthz", "/readyz", "/assets/none.js"] {
        let answer = browser.get(path).await;
        assert_eq!(answer.header("content-security-policy"), CSP, "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(answer.headers.get_all("cache-control").iter().count(), 1, "{path}");
        assert!(!answer.header("cache-control").contains("public"), "{path}: {}", answer.header("cache-control"));
        assert_eq!(answer.header("x-request-id").len(), 12, "{path}");
        assert_eq!(answer.header("strict-transport-security"), "", "plain http promises nothing");
    }
});

one_db!(pages_hold_to_the_policy_without_exception, |app| {
    let ana = app.user("ana").insert().await;
    let browser = app.sign_in(&ana).await;
    for page in [browser.get("/").await, browser.get("/chat").await, app.browser().get("/sign-in").await] {
        assert_eq!(page.count("[style]") + page.count("style"), 0);
        assert_eq!(page.count("script:not([src])"), 0);
        for attribute in ["onclick", "onload", "onerror", "hx-on", "hx-vals^='js:'"] {
            assert_eq!(page.count(&format!("[{attribute}]")), 0, "{attribute}");
        }
        for source in page.attrs("script, link, img", "src").iter().chain(&page.attrs("link", "href")) {
            assert!(source.starts_with('/') && !source.starts_with("//"), "{source}");
        }
    }
});

one_db!(the_cookie_is_out_of_reach_of_scripts_and_of_other_sites, |app| {
    let ana = app.user("ana").insert().await;
    let sign_in = [("login", &*ana.email), ("password", PASSWORD)];
    let plain = app.browser().post("/sign-in", &sign_in).await;
    let cookie = plain.header("set-cookie");
    assert!(cookie.starts_with("crea="), "{cookie}");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"), "{cookie}");
    assert!(!cookie.contains("Secure") && !cookie.contains("Domain"), "{cookie}");
    let https = app.instance_with(|config| config.public_url = "https://crea.example".to_owned()).await;
    let secure = https.browser().post("/sign-in", &sign_in).await;
    let cookie = secure.header("set-cookie");
    assert!(cookie.starts_with("__Host-crea=") && cookie.contains("Secure") && cookie.contains("HttpOnly"), "{cookie}");
    assert_eq!(secure.header("strict-transport-security"), "max-age=31536000");
});

one_db!(only_our_own_pages_write, |app| {
    let ana = app.user("ana").insert().await;
    let browser = app.sign_in(&ana).await;
    let state = [("state", "on_call")];
    for (headers, expected, why) in [
        (vec![("sec-fetch-site", "same-origin")], 303, "our page"),
        (vec![("sec-fetch-site", "none")], 403, "no page at all"),
        (vec![("sec-fetch-site", "cross-site")], 403, "another site"),
        (
            vec![("sec-fetch-site", "same-site"), ("origin", "http://127.0.0.1:8080")],
            403,
            "a sibling, whatever it says",
        ),
        (vec![("origin", "http://127.0.0.1:8080")], 303, "an older browser"),
        (vec![("origin", "http://evil.example")], 403, "another site in an older browser"),
        (vec![("origin", "null")], 403, "a sandboxed frame"),
        (vec![], 403, "no sign of a page"),
    ] {
        let answer = browser.send(Method::POST, "/agent-state", &headers, &state).await;
        assert_eq!(answer.status.as_u16(), expected, "{why}");
    }
    for method in [Method::PUT, Method::DELETE, Method::PATCH] {
        assert_eq!(browser.send(method.clone(), "/agent-state", &[], &state).await.status, 403, "{method}");
    }
});

one_db!(a_socket_of_another_site_is_refused_before_anything_else, |app| {
    let ana = app.user("ana").insert().await;
    let browser = app.sign_in(&ana).await;
    let upgrade = [
        ("connection", "upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    let ask = |site: (&'static str, &'static str)| {
        let (browser, headers) = (browser.clone(), upgrade.into_iter().chain([site]).collect::<Vec<_>>());
        async move { browser.send(Method::GET, "/live?cursor=0", &headers, &[]).await.status.as_u16() }
    };
    assert_ne!(ask(("sec-fetch-site", "same-origin")).await, 403, "our page gets further");
    assert_eq!(ask(("sec-fetch-site", "cross-site")).await, 403);
    assert_eq!(ask(("origin", "http://evil.example")).await, 403);
});

one_db!(pages_of_people_are_not_kept_by_caches, |app| {
    let ana = app.user("ana").insert().await;
    let browser = app.sign_in(&ana).await;
    for path in ["/", "/chat", "/account"] {
        let page = browser.get(path).await;
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
        assert!(page.header("vary").to_lowercase().contains("hx-request-type"), "{path}: {}", page.header("vary"));
    }
    assert_eq!(browser.get("/me.css").await.header("cache-control"), "private, no-cache");
    assert!(browser.get("/me.css").await.text.contains(&ana.id.to_string()));
});
