//! What others see of somebody: a name, a role, a photo, whether there is an account. It changes on open screens, too.

use crea::{auth::Role, features::broadcasts::run_once, sql};
use uuid::Uuid;

use crate::{
    harness::{Campaign, Client, TestApp, both_dbs},
    oracle::Dots,
    tab::{Server, Tab},
    talk::{Person, mark, pair, person},
};

/// Stores the form of an account as an administrator does.
pub async fn edit(admin: &Client, who: &Person, last_name: &str, role: &str, campaign: Option<&Campaign>) {
    let path = format!("/people/{}", who.id());
    let version = admin.get(&path).await.attrs("[name=version]", "value").concat();
    let first = who.user.name.split(' ').next().unwrap();
    let mut form = vec![
        ("first_name", first),
        ("last_name", last_name),
        ("email", &*who.user.email),
        ("role", role),
        ("version", &*version),
    ];
    let campaign = campaign.map(|campaign| campaign.id.to_string());
    form.extend(campaign.as_deref().map(|id| ("campaign", id)));
    let answer = admin.post(&path, &form).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
}

/// Every tab is up to date, and shows what a fresh page shows.
async fn all_equal_a_fresh_page(app: &TestApp, tabs: &mut [Tab]) {
    let head = mark(app).await;
    for tab in tabs {
        tab.until_seq(head).await;
        assert_eq!(tab.difference(Dots::Ignored).await, None, "{}", tab.path);
    }
}

fn show(tabs: &[Tab], words: &str) -> Vec<bool> {
    let main = |tab: &Tab| tab.document.by_id("main").is_some_and(|main| main.text().contains(words));
    tabs.iter().map(main).collect()
}

both_dbs!(a_name_and_a_role_change_on_every_open_screen, |app| {
    let (ana, luis, campaign) = pair(&app).await;
    let boss = person(&app, "jefa", Role::Administrador, &campaign).await;
    let server = Server::start(&app).await;
    let talk = ana.talk_to(&luis).await;
    let said = ana.write(talk, "hola").await;
    luis.answer(talk, said, "qué tal").await;
    luis.react(talk, said, "like").await;
    let group = luis.make_group(&campaign, "Turno", &[&ana]).await;
    ana.write(group, "en el grupo").await;
    let (key, chosen) = (Uuid::now_v7().to_string(), campaign.id.to_string());
    let form =
        [("key", &*key), ("body", "Aviso"), ("importance", "normal"), ("campaign", &*chosen), ("role", "asesor")];
    let roll_call = luis.client.post("/broadcasts", &form).await.location().to_owned();
    run_once(&app).await.unwrap();
    let mut tabs = Vec::new();
    for path in ["/", "/chat", &format!("/chat/{talk}"), &format!("/chat/{group}"), &roll_call, "/chat?kind=group"] {
        tabs.push(Tab::open(&server, &luis.client, path).await);
    }
    let stranger = person(&app, "eve", Role::Asesor, &app.campaign(crea::auth::Module::Core).await).await;
    let mut elsewhere = Tab::open(&server, &stranger.client, "/").await;

    edit(&boss.client, &ana, "Zuluaga", "asesor", Some(&campaign)).await;
    all_equal_a_fresh_page(&app, &mut tabs).await;
    // The list of groups names by their first word who wrote last.
    assert_eq!(show(&tabs, "Zuluaga"), [true, true, true, true, true, false]);
    edit(&boss.client, &ana, "Zuluaga", "backoffice", Some(&campaign)).await;
    all_equal_a_fresh_page(&app, &mut tabs).await;
    assert_eq!(show(&tabs, "Backoffice"), [true, false, true, true, true, false]);

    elsewhere.until_seq(mark(&app).await).await;
    assert_eq!(elsewhere.views, 1, "who shows nothing of her draws nothing");
    assert!(!elsewhere.was_sent("Zuluaga"), "nor is told the name");
});

both_dbs!(a_sender_who_is_renamed_is_so_on_cards_and_lists, |app| {
    let (ana, luis, campaign) = pair(&app).await;
    let boss = person(&app, "jefa", Role::Administrador, &campaign).await;
    let server = Server::start(&app).await;
    let mut sent = String::new();
    // The list names senders where there are several.
    for who in [&boss, &luis] {
        let (key, chosen) = (Uuid::now_v7().to_string(), campaign.id.to_string());
        let form =
            [("key", &*key), ("body", "Aviso"), ("importance", "critical"), ("campaign", &*chosen), ("role", "asesor")];
        who.client.post("/broadcasts", &form).await.location().clone_into(&mut sent);
    }
    run_once(&app).await.unwrap();
    let card = sent.replace("/broadcasts/", "/chat/");
    let mut tabs = vec![
        Tab::open(&server, &ana.client, "/").await,
        Tab::open(&server, &ana.client, "/chat?kind=broadcast").await,
        Tab::open(&server, &ana.client, &card).await,
        Tab::open(&server, &boss.client, "/broadcasts").await,
    ];
    edit(&boss.client, &luis, "Zuluaga", "supervisor", Some(&campaign)).await;
    all_equal_a_fresh_page(&app, &mut tabs).await;
    assert_eq!(show(&tabs, "Zuluaga"), [true, true, true, true]);
});

both_dbs!(an_account_that_closes_or_opens_leaves_and_joins_its_colleagues, |app| {
    let (ana, luis, campaign) = pair(&app).await;
    let boss = person(&app, "jefa", Role::Administrador, &campaign).await;
    let server = Server::start(&app).await;
    let talk = ana.talk_to(&luis).await;
    ana.write(talk, "hola").await;
    let mut tabs = Vec::new();
    for path in ["/", &format!("/chat/{talk}")] {
        tabs.push(Tab::open(&server, &luis.client, path).await);
    }
    for (active, shown) in [("0", false), ("1", true)] {
        let answer = boss.client.post(&format!("/people/{}/state", ana.user.id), &[("active", active)]).await;
        assert_eq!(answer.status, 303);
        all_equal_a_fresh_page(&app, &mut tabs).await;
        let colleagues = tabs[0].document.by_id("colleagues").unwrap().text();
        assert_eq!(colleagues.contains("Ana"), shown, "{colleagues}");
        let composer = tabs[1].document.root().find(&|e| e.attr("data-composer").is_some());
        assert_eq!(composer.is_some(), shown, "nobody is there to be written to");
    }
    // Out of the campaign by the form of the account, and back by the list of members.
    edit(&boss.client, &ana, "Ruiz", "asesor", None).await;
    all_equal_a_fresh_page(&app, &mut tabs).await;
    assert!(!tabs[0].document.by_id("colleagues").unwrap().text().contains("Ana"));
    let path = format!("/campaigns/{}/members", campaign.id);
    assert_eq!(boss.client.post(&path, &[("user", &ana.id())]).await.status, 303);
    all_equal_a_fresh_page(&app, &mut tabs).await;
    assert!(tabs[0].document.by_id("colleagues").unwrap().text().contains("Ana"));
});

both_dbs!(what_one_changes_of_oneself_is_seen_by_all_and_in_one_s_other_tabs, |app| {
    let (ana, luis, _) = pair(&app).await;
    app.db.exec(sql!("update app_user set photo_version = 7 where id = $1", ana.user.id)).await.unwrap();
    let server = Server::start(&app).await;
    let mut tabs = vec![Tab::open(&server, &ana.client, "/").await, Tab::open(&server, &luis.client, "/").await];
    let form = [("first_name", "Anabel"), ("last_name", "Zuluaga")];
    assert_eq!(ana.client.post("/account", &form).await.status, 303);
    all_equal_a_fresh_page(&app, &mut tabs).await;
    assert!(tabs[0].document.by_id("me").unwrap().text().contains("Anabel Zuluaga"), "the menu of the other tab");
    assert_eq!(show(&tabs, "Anabel"), [true, true]);
    let photos = |tab: &Tab| tab.document.root().find(&|e| e.name == "img").is_some();
    assert!(tabs.iter().all(photos));
    assert_eq!(ana.client.post("/account/photo/removal", &[]).await.status, 303);
    all_equal_a_fresh_page(&app, &mut tabs).await;
    assert!(!tabs.iter().any(photos));
});
