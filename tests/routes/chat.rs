//! The pages of chat: lists, counters, groups, days, older messages.

use chrono::Duration;
use crea::auth::{Module, Role};
use views::text::{Locale, t};

use crate::harness::{Answer, Client, TestApp, User, both_dbs, one_db, talk};

struct Floor {
    ana: User,
    luz: User,
    hers: Client,
    boss: Client,
    id: String,
}

async fn floor(app: &TestApp) -> Floor {
    let own = app.campaign(Module::Core).await;
    let ana = app.user("ana").campaign(&own).insert().await;
    let luz = app.user("luz").role(Role::Supervisor).campaign(&own).insert().await;
    let (hers, boss) = (app.sign_in(&ana).await, app.sign_in(&luz).await);
    let id = talk::open(&hers, &luz).await;
    Floor { ana, luz, hers, boss, id }
}

/// Sends without meeting the limit.
async fn many(app: &TestApp, from: &Client, id: &str, count: i64) {
    for n in 1..=count {
        assert_eq!(talk::say(from, id, &format!("mensaje {n}")).await.1.status, 200);
        app.clock.advance(Duration::seconds(4));
    }
}

/// The total in the bar, and the figure of one conversation.
fn unread(page: &Answer, id: &str) -> (String, String) {
    let figure = |selector: &str| page.attrs(selector, "data-count").join(" ");
    (figure("#unread-total"), figure(&format!("#u-{id}")))
}

both_dbs!(counters_are_exact_on_every_page_and_fall_by_reading_alone, |app| {
    let f = floor(&app).await;
    many(&app, &f.hers, &f.id, 3).await;
    for path in ["/", "/chat"] {
        assert_eq!(unread(&f.boss.get(path).await, &f.id), ("3".into(), "3".into()), "{path}");
        assert_eq!(unread(&f.hers.get(path).await, &f.id), ("0".into(), "0".into()), "one's own are read: {path}");
    }
    f.boss.get(&format!("/chat/{}", f.id)).await;
    assert_eq!(unread(&f.boss.get("/chat").await, &f.id).0, "3", "opening is not reading: the screen may be hidden");
    assert_eq!(talk::read(&f.boss, &f.id, 2).await.status, 204);
    assert_eq!(unread(&f.boss.get("/chat").await, &f.id), ("1".into(), "1".into()));
    assert_eq!(talk::read(&f.boss, &f.id, 1).await.status, 204);
    assert_eq!(unread(&f.boss.get("/chat").await, &f.id), ("1".into(), "1".into()), "never backwards");
    let tab = app.sign_in(&f.luz).await;
    talk::read(&f.boss, &f.id, 3).await;
    assert_eq!(unread(&tab.get("/").await, &f.id), ("0".into(), "0".into()), "in every browser of the person");
});

both_dbs!(the_total_is_the_sum_of_all_conversations_and_not_of_the_page, |app| {
    let own = app.campaign(Module::Core).await;
    let luz = app.user("luz").role(Role::Supervisor).campaign(&own).insert().await;
    let boss = app.sign_in(&luz).await;
    let count = views::layout::DOCK_LIST + 2;
    for _ in 0..count {
        let agent = app.user("agent").campaign(&own).insert().await;
        let browser = app.sign_in(&agent).await;
        let id = talk::open(&browser, &luz).await;
        talk::say(&browser, &id, "hola").await;
    }
    let page = boss.get("/").await;
    assert_eq!(page.attrs("#unread-total", "data-count"), [count.to_string()]);
    assert_eq!(page.count("#dock-conversations > .conv"), views::layout::DOCK_LIST, "the dock shows fewer");
});

one_db!(groups_and_days_are_drawn_as_they_were_stored, |app| {
    let f = floor(&app).await;
    talk::say(&f.hers, &f.id, "uno").await;
    app.clock.advance(Duration::minutes(5));
    talk::say(&f.hers, &f.id, "dos").await;
    talk::say(&f.boss, &f.id, "tres").await;
    app.clock.advance(Duration::minutes(6));
    talk::say(&f.boss, &f.id, "cuatro").await;
    app.clock.advance(Duration::hours(15));
    let (hers, boss) = (app.sign_in(&f.ana).await, app.sign_in(&f.luz).await);
    talk::say(&boss, &f.id, "cinco").await;
    for browser in [hers, boss] {
        let page = browser.get(&format!("/chat/{}", f.id)).await;
        assert_eq!(page.texts(".msgs .msg-first [data-body]"), ["uno", "tres", "cuatro", "cinco"]);
        assert_eq!(page.count(".msgs .msg-day"), 2);
        assert_eq!(page.texts(".msgs .msg:has(.msg-day) [data-body]"), ["uno", "cinco"]);
    }
});

one_db!(paging_upward_meets_every_message_once, |app| {
    let f = floor(&app).await;
    many(&app, &f.hers, &f.id, 112).await;
    let page = f.boss.get(&format!("/chat/{}", f.id)).await;
    let mut seen = page.attrs(".msgs .msg", "data-sort");
    let mut next = page.attrs(&format!("#older-{} a", f.id), "href");
    while let Some(url) = next.first().cloned() {
        let older = f.boss.get_partial(&url).await;
        assert_eq!(older.attrs("hx-partial", "hx-swap").first().map(String::as_str), Some("place"));
        // Without scripts the same link opens the page from there.
        let plain = f.boss.get(&url).await;
        assert!(plain.location().starts_with(&format!("/chat/{}?before=", f.id)), "{}", plain.location());
        let whole = f.boss.get(plain.location()).await;
        let numbers = older.attrs("hx-partial .msg", "data-sort");
        assert_eq!(whole.attrs(".msgs .msg", "data-sort"), numbers);
        seen.splice(0..0, numbers);
        next = older.attrs("a[href*='before=']", "href");
        if next.is_empty() {
            assert!(older.text.contains(t(Locale::Es, "chat.beginning")));
        }
    }
    assert_eq!(seen, (1..=112).map(|n| n.to_string()).collect::<Vec<_>>());
});

one_db!(the_list_of_conversations_goes_on_beyond_fifty, |app| {
    let own = app.campaign(Module::Core).await;
    let luz = app.user("luz").role(Role::Supervisor).campaign(&own).insert().await;
    for n in 0..53 {
        let agent = app.user("agent").campaign(&own).insert().await;
        let browser = app.sign_in(&agent).await;
        let id = talk::open(&browser, &luz).await;
        talk::say(&browser, &id, &n.to_string()).await;
        // The last ones share a millisecond.
        app.clock.advance(Duration::milliseconds(i64::from(n < 45)));
    }
    let boss = app.sign_in(&luz).await;
    let first = boss.get("/chat").await;
    let ids = |page: &Answer, list: &str| page.attrs(&format!("{list} > .conv"), "id");
    let mut seen = ids(&first, "#conversations");
    assert_eq!(seen.len(), 50);
    let sorts = first.attrs("#conversations > .conv", "data-sort");
    // Decimal integers of any length.
    assert!(sorts.is_sorted_by_key(|s| (s.len(), s.clone())), "{sorts:?}");
    let more = first.attrs("a[href^='/chat?after=']", "href");
    let second = boss.get(&more[0]).await;
    let rest = ids(&second, "#conversations-after");
    assert_eq!(rest.len(), 3, "{}", second.text);
    assert_eq!(ids(&second, "#conversations").len(), 0, "live rows do not enter a later page");
    seen.extend(rest);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 53);
    assert_eq!(ids(&boss.get("/chat?after=nonsense").await, "#conversations").len(), 50, "nonsense is the beginning");
});

one_db!(an_empty_chat_says_so_and_offers_whom_to_write_to, |app| {
    let own = app.campaign(Module::Core).await;
    let ana = app.user("ana").campaign(&own).insert().await;
    let luz = app.user("luz").role(Role::Supervisor).campaign(&own).insert().await;
    let hers = app.sign_in(&ana).await;
    let page = hers.get("/chat").await;
    assert!(page.text.contains(t(Locale::Es, "chat.empty")), "{}", page.text);
    assert_eq!(page.attrs("#unread-total", "data-count"), ["0"]);
    let choose = hers.get("/chat/new").await;
    assert_eq!(choose.attrs("[name=user_id]", "value"), [luz.id.to_string()]);
});

one_db!(a_page_carries_its_cursor_and_the_topics_of_its_live_regions, |app| {
    let f = floor(&app).await;
    talk::say(&f.hers, &f.id, "hola").await;
    let head = app.live.cursor().await.unwrap();
    let page = f.boss.get(&format!("/chat/{}", f.id)).await;
    assert!(page.text.contains(&format!("conversation:{}", f.id)), "the open conversation is named");
    assert!(
        page.attrs("[data-seq]", "data-seq").contains(&head.to_string()),
        "{:?}",
        page.attrs("[data-seq]", "data-seq")
    );
});
