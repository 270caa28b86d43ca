//! What load balancers, Prometheus and caches ask.

use axum::http::Method;
use serde_json::Value;

use crate::harness::{both_dbs, one_db, with_redis};

both_dbs!(a_ready_instance_says_what_it_has, |app| {
    let answer = app.browser().get("/readyz").await;
    assert_eq!(answer.status, 200);
    let state: Value = serde_json::from_str(&answer.text).unwrap();
    assert_eq!(state["ready"], true);
    assert_eq!(state["storage"], "up");
    assert_eq!((&state["database"], &state["redis"]), (&Value::from("up"), &Value::from("none")));
    assert!(state["outbox_lag"].as_i64().is_some());
    assert_eq!(app.browser().get("/healthz").await.text, "ok");
});

with_redis!(a_ready_instance_tells_of_its_redis_and_stays_ready_without_it, |app| {
    let redis = |app: crate::harness::TestApp| async move {
        let answer = app.browser().get("/readyz").await;
        assert_eq!(answer.status, 200);
        let state: Value = serde_json::from_str(&answer.text).unwrap();
        state["redis"].as_str().unwrap().to_owned()
    };
    crate::harness::eventually("Redis is up", || async { (redis(app.clone()).await == "up").then_some(()) }).await;
    let lost = app.instance_with(|config| config.redis_url = Some("redis://127.0.0.1:1/".to_owned())).await;
    assert_eq!(redis(lost).await, "down");
});

one_db!(figures_need_the_token_when_there_is_one, |app| {
    let guarded = app.instance_with(|config| config.metrics_token = Some("a token of its own".to_owned())).await;
    let ask = |token: Option<&'static str>| {
        let browser = guarded.browser();
        async move {
            let headers: Vec<_> = token.map(|token| ("authorization", token)).into_iter().collect();
            browser.send(Method::GET, "/metrics", &headers, &[]).await.status.as_u16()
        }
    };
    assert_eq!(ask(Some("Bearer a token of its own")).await, 200);
    for wrong in
        [None, Some("Bearer"), Some("Bearer another"), Some("a token of its own"), Some("Bearer a token of its ow")]
    {
        assert_eq!(ask(wrong).await, 404, "{wrong:?}: nothing is there");
    }
});

one_db!(without_a_token_figures_are_for_this_machine_alone, |app| {
    assert_eq!(app.browser().get("/metrics").await.status, 200);
    assert_eq!(app.browser().at([10, 0, 0, 1]).get("/metrics").await.status, 404);
    let proxied = [("x-forwarded-for", "127.0.0.1")];
    assert_eq!(app.browser().send(Method::GET, "/metrics", &proxied, &[]).await.status, 404, "a proxy stands between");
});

one_db!(assets_are_kept_for_good_and_named_by_their_content, |app| {
    app.user("ana").insert().await;
    let browser = app.browser();
    let page = browser.get("/sign-in").await;
    let mut files = page.attrs("script", "src");
    files.extend(page.attrs("link[rel=stylesheet]", "href").into_iter().filter(|href| href.starts_with("/assets/")));
    assert!(files.len() >= 2, "{files:?}");
    for file in files {
        let plain = browser.get(&file).await;
        assert_eq!(plain.status, 200, "{file}");
        assert_eq!(plain.header("cache-control"), "public, max-age=31536000, immutable", "{file}");
        assert_eq!(plain.header("content-encoding"), "");
    }
    let missing = browser.get("/assets/app.css").await;
    assert_eq!(missing.status, 404);
    assert!(!missing.header("cache-control").contains("immutable"));
});
