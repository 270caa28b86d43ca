//! Search over messages: the page, what it finds, and what it never does.

use chrono::Duration;
use crea::{
    auth::{Module, Role},
    sql,
};
use views::text::{Locale, t};

use crate::harness::{both_dbs, one_db, talk};

both_dbs!(a_search_finds_ones_own_messages_and_leads_to_their_place, |app| {
    let own = app.campaign(Module::Core).await;
    let ana = app.user("ana").campaign(&own).insert().await;
    let luz = app.user("luz").role(Role::Supervisor).campaign(&own).insert().await;
    let pia = app.user("pia").campaign(&own).insert().await;
    let (hers, boss, third) = (app.sign_in(&ana).await, app.sign_in(&luz).await, app.sign_in(&pia).await);
    let id = talk::open(&hers, &luz).await;
    talk::say(&hers, &id, "El niño firmó el <b>Acuerdo</b>").await;
    talk::say(&boss, &id, "Otra cosa").await;
    let other = talk::open(&third, &luz).await;
    talk::say(&third, &other, "acuerdo ajeno").await;

    let page = hers.get("/chat/search?q=nino%20ACUER").await;
    assert_eq!(page.status, 200);
    assert_eq!(page.attrs(".hit", "href"), [format!("/chat/{id}?at=1")]);
    assert_eq!(page.texts(".hit mark"), ["niño", "Acuerdo"]);
    assert_eq!(page.count(".hit b"), 0, "what was written is text");
    assert_eq!(page.texts("select[name=in] option").len(), 2, "one's own conversations, and all of them");
    assert_eq!(page.texts("select[name=by] option").len(), 3);

    let found = |path: String, browser: crate::harness::Client| async move {
        let answer = browser.get_partial(&path).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert!(!answer.text.contains("<html"), "while typing only the list comes");
        answer.attrs(".hit", "href")
    };
    assert_eq!(
        found("/chat/search?q=acuerdo".into(), boss.clone()).await.len(),
        2,
        "who takes part in both finds both"
    );
    assert!(found(format!("/chat/search?q=acuerdo&in={other}"), hers.clone()).await.is_empty());
    assert_eq!(found(format!("/chat/search?q=acuerdo&by={}", ana.id), boss.clone()).await.len(), 1);
    assert_eq!(found("/chat/search?q=acuerdo&from=2026-11-22&to=2026-11-22".into(), boss.clone()).await.len(), 2);
    assert!(found("/chat/search?q=acuerdo&to=2026-11-21".into(), boss.clone()).await.is_empty());
    assert!(found("/chat/search?q=acuerdo&from=2026-11-23".into(), boss.clone()).await.is_empty());
    assert_eq!(
        found("/chat/search?q=acuerdo&in=x&by=x&from=x&page=x".into(), boss).await.len(),
        2,
        "nonsense is nothing"
    );

    app.db.exec(sql!("delete from participant where user_id = $1", ana.id)).await.unwrap();
    assert!(found("/chat/search?q=acuerdo".into(), hers).await.is_empty(), "who is no longer in finds nothing");
});

one_db!(a_search_that_finds_nothing_says_what_to_do, |app| {
    let ana = app.user("ana").insert().await;
    let hers = app.sign_in(&ana).await;
    for (query, key) in [("", "find.start"), ("a", "find.short")] {
        let page = hers.get(&format!("/chat/search?q={query}")).await;
        assert!(page.text.contains(t(Locale::Es, key)), "{query}");
    }
    let page = hers.get("/chat/search?q=nada").await;
    assert!(page.texts(".hits .nothing p")[0].contains("nada"), "{}", page.text);
    assert_eq!(page.attrs(".hits .nothing a", "href"), ["/chat/search"]);
});

one_db!(a_long_answer_goes_on_and_keeps_what_was_chosen, |app| {
    let own = app.campaign(Module::Core).await;
    let ana = app.user("ana").campaign(&own).insert().await;
    let luz = app.user("luz").role(Role::Supervisor).campaign(&own).insert().await;
    let hers = app.sign_in(&ana).await;
    let id = talk::open(&hers, &luz).await;
    for n in 0..35 {
        talk::say(&hers, &id, &format!("acuerdo {n}")).await;
        app.clock.advance(Duration::seconds(4));
    }
    let first = hers.get(&format!("/chat/search?q=acuerdo&by={}", ana.id)).await;
    let more = first.attrs(".hits .conv-more a", "href");
    assert!(more[0].contains("by=") && more[0].contains("page=1"), "{more:?}");
    let second = hers.get(&more[0]).await;
    let mut seen = first.attrs(".hit", "href");
    seen.extend(second.attrs(".hit", "href"));
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 35);
    assert_eq!(second.count(".hits .conv-more"), 0);
});
