//! Who receives a message, and who must not.

use crea::{
    auth::{Module, Role},
    live::Topic,
};

use crate::{
    harness::{TestApp, both_dbs},
    tab::{Server, Tab},
    talk::{Person, pair, person},
};

/// A page that holds no conversation and one that does, of two people, and a stranger of each kind.
struct Floor {
    server: Server,
    ana: Person,
    luis: Person,
    eva: Person,
    other_boss: Person,
    other_agent: Person,
}

async fn floor(app: &TestApp) -> Floor {
    let (ana, luis, campaign) = pair(app).await;
    let eva = person(app, "eva", Role::Asesor, &campaign).await;
    let elsewhere = app.campaign(Module::Core).await;
    let other_boss = person(app, "marta", Role::Supervisor, &elsewhere).await;
    let other_agent = person(app, "raul", Role::Asesor, &elsewhere).await;
    Floor { server: Server::start(app).await, ana, luis, eva, other_boss, other_agent }
}

both_dbs!(a_message_reaches_both_people_and_neither_a_colleague_nor_a_supervisor_of_another_campaign, |app| {
    let Floor { server, ana, luis, eva, other_boss, other_agent } = floor(&app).await;
    let talk = ana.talk_to(&luis).await;
    let path = format!("/chat/{talk}");
    let mut hers = Tab::open(&server, &ana.client, &path).await;
    let mut his = Tab::open(&server, &luis.client, "/").await;
    let mut colleague = Tab::open(&server, &eva.client, "/chat").await;
    let mut stranger = Tab::open(&server, &other_boss.client, "/").await;

    let secret = ana.write(talk, "palabra reservada").await;
    // What is theirs comes after it: they would have seen the first one by now.
    let to_colleague = eva.talk_to(&luis).await;
    luis.write(to_colleague, "para Eva").await;
    let to_stranger = other_boss.talk_to(&other_agent).await;
    other_agent.write(to_stranger, "para Marta").await;

    hers.until("the sender's own tab shows it", |tab| tab.shows(secret)).await;
    his.until("it reaches the other", |tab| tab.was_sent("palabra reservada")).await;
    colleague.until("the colleague receives her own", |tab| tab.was_sent("para Eva")).await;
    stranger.until("the supervisor receives his own", |tab| tab.was_sent("para Marta")).await;
    for tab in [&colleague, &stranger] {
        assert!(!tab.was_sent("palabra reservada") && !tab.was_sent(&talk.to_string()));
    }
    assert!(!hers.was_sent("para Eva") && !his.was_sent("para Marta"));
});

both_dbs!(foreign_and_forged_topics_give_nothing_in_the_query_or_later_and_the_tab_stays_connected, |app| {
    let Floor { server, ana, luis, eva, other_boss, other_agent } = floor(&app).await;
    let talk = ana.talk_to(&luis).await;
    let own = eva.talk_to(&luis).await;
    let foreign = [
        Topic::Conversation(talk),
        Topic::User(luis.user.id.0),
        Topic::User(ana.user.id.0),
        Topic::Tray("todo".into()),
        Topic::Board(talk),
    ];
    let named = foreign.map(|t| t.to_string()).join(" ") + " conversation:x everyone:1 role:x ;select 1";
    let before = app.live.cursor().await.unwrap();

    let mut asked = Tab::load(&server, &eva.client, "/").await;
    asked.forge(&named);
    asked.connect(&server).await;
    let mut told = Tab::open(&server, &eva.client, "/").await;
    let show = serde_json::json!({ "show": named, "page": 0, "since": before });
    told.send(&show.to_string()).await;
    told.send("not json at all").await;
    told.send("{\"show\":7}").await;
    let mut owner = Tab::open(&server, &luis.client, "/").await;

    ana.write(talk, "palabra reservada").await;
    luis.choose("break", "lunch").await;
    eva.write(own, "palabra propia").await;
    owner.until("the owner hears the first", |tab| tab.was_sent("palabra reservada")).await;
    owner.until("and his own state", |tab| tab.was_sent("#agent-state")).await;
    for tab in [&mut asked, &mut told] {
        tab.until("what comes later is hers", |tab| tab.was_sent("palabra propia")).await;
        assert!(!tab.was_sent("palabra reservada") && !tab.was_sent(&talk.to_string()), "a foreign topic was heard");
        assert!(!tab.was_sent("#agent-state"), "a foreign person's topic was heard");
        assert!(tab.is_connected());
    }

    // A reconnect with the same wishes replays nothing foreign either.
    asked.disconnect();
    asked.cursor = before.to_string();
    asked.frames.clear();
    asked.connect(&server).await;
    asked.until("her own is replayed", |tab| tab.was_sent("palabra propia")).await;
    assert!(!asked.was_sent("palabra reservada"));
    drop((other_boss, other_agent));
});

both_dbs!(the_first_message_of_a_new_conversation_reaches_a_connected_recipient, |app| {
    let Floor { server, ana, luis, eva, .. } = floor(&app).await;
    let mut his = Tab::open(&server, &luis.client, "/chat").await;
    let mut also_his = Tab::open(&server, &luis.client, "/").await;
    let mut stranger = Tab::open(&server, &eva.client, "/chat").await;
    let talk = ana.talk_to(&luis).await;
    assert!(his.document.by_id(&format!("c-{talk}")).is_none(), "nothing is shown before a first message");
    ana.write(talk, "hola por primera vez").await;
    for tab in [&mut his, &mut also_his] {
        tab.until("the row appears", |tab| tab.document.by_id(&format!("c-{talk}")).is_some()).await;
        tab.until("and is counted", |tab| tab.count("unread-total") == Some(1)).await;
        assert_eq!(tab.closed, None);
    }
    let own = eva.talk_to(&luis).await;
    luis.write(own, "y a Eva").await;
    stranger.until("the stranger's own new conversation", |tab| tab.was_sent("y a Eva")).await;
    assert!(!stranger.was_sent("por primera vez"));
});
