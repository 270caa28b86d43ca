//! Groups across screens and instances: who hears them from when to when.

use crea::auth::Role;
use uuid::Uuid;

use crate::{
    harness::{TestApp, both_dbs, with_redis},
    oracle::Dots,
    tab::{Server, Tab},
    talk::{Person, mark, pair, person},
};

/// Every tab is at the present and shows what a fresh page does.
async fn settled(app: &TestApp, tabs: &mut [&mut Tab]) {
    let head = mark(app).await;
    for tab in tabs {
        tab.until_seq(head).await;
        let path = tab.path.clone();
        assert_eq!(tab.difference(Dots::Ignored).await, None, "{path}");
    }
}

fn has(tab: &Tab, id: &str) -> bool {
    tab.document.by_id(id).is_some()
}

fn heard(tab: &Tab, text: &str) -> bool {
    tab.frames.iter().any(|frame| frame.contains(text))
}

with_redis!(a_group_comes_to_life_on_every_screen_of_its_people_on_two_instances, |app| {
    let other = app.second_instance().await;
    let (one, two) = (Server::start(&app).await, Server::start(&other).await);
    let (ana, luis, campaign) = pair(&app).await;
    let eva = person(&app, "eva", Role::Asesor, &campaign).await;
    let mut anas = Tab::open(&two, &ana.client, "/chat").await;
    let mut evas = Tab::open(&one, &eva.client, "/chat").await;
    let group = luis.make_group(&campaign, "Turno", &[&ana]).await;
    let row = format!("c-{group}");
    anas.until("the row of the group", |tab| has(tab, &row)).await;
    ana.write(group, "presente").await;
    let mut open = Tab::open(&two, &luis.client, &format!("/chat/{group}")).await;
    luis.add_to_group(group, &eva).await;
    evas.until("the row", |tab| has(tab, &row)).await;
    open.until("the member", |tab| has(tab, &format!("in-{group}-{}", eva.id()))).await;
    luis.rename_group(group, "Turno nuevo").await;
    settled(&app, &mut [&mut anas, &mut evas, &mut open]).await;
    assert!(!heard(&evas, "presente"), "what was said before she came never reached her");
});

both_dbs!(who_is_let_in_again_sees_the_group_on_the_screen_that_said_it_was_gone, |app| {
    let (ana, luis, campaign) = pair(&app).await;
    let eva = person(&app, "eva", Role::Supervisor, &campaign).await;
    let server = Server::start(&app).await;
    let group = luis.make_group(&campaign, "Turno", &[&ana, &eva]).await;
    let mut tab = Tab::open(&server, &ana.client, &format!("/chat/{group}")).await;
    let gone = |tab: &Tab| tab.document.root().find(&|e| e.attr("data-names") == Some(&*group.to_string())).is_some();
    luis.remove_from_group(group, &ana).await;
    tab.until("it is gone", gone).await;
    luis.add_to_group(group, &ana).await;
    let next = luis.write(group, "de vuelta").await;
    let head = mark(&app).await;
    tab.until_seq(head).await;
    assert!(!gone(&tab) && tab.shows(next));
    assert_eq!(tab.difference(Dots::Ignored).await, None);
});

both_dbs!(who_is_taken_out_hears_nothing_more_and_sees_why, |app| {
    let server = Server::start(&app).await;
    let (ana, luis, campaign) = pair(&app).await;
    let eva = person(&app, "eva", Role::Asesor, &campaign).await;
    let group = luis.make_group(&campaign, "Turno", &[&ana, &eva]).await;
    luis.write(group, "para todos").await;
    let mut list = Tab::open(&server, &ana.client, "/chat").await;
    let mut inside = Tab::open(&server, &ana.client, &format!("/chat/{group}")).await;
    let mut evas = Tab::open(&server, &eva.client, &format!("/chat/{group}")).await;
    luis.remove_from_group(group, &ana).await;
    inside.until("the sentence", |tab| !has(tab, &format!("m-{group}"))).await;
    luis.write(group, "ya sin ella").await;
    evas.until("the next message", |tab| heard(tab, "ya sin ella")).await;
    settled(&app, &mut [&mut list, &mut evas]).await;
    assert_eq!(list.count("unread-total"), Some(0), "what she no longer sees is not unread");
    inside.until_seq(mark(&app).await).await;
    assert!(!heard(&inside, "ya sin ella") && !heard(&list, "ya sin ella"));
});

both_dbs!(what_was_said_before_joining_is_not_replayed_to_a_tab_that_was_away, |app| {
    let server = Server::start(&app).await;
    let (ana, luis, campaign) = pair(&app).await;
    let eva = person(&app, "eva", Role::Asesor, &campaign).await;
    let mut away = Tab::open(&server, &eva.client, "/chat").await;
    away.disconnect();
    let group = luis.make_group(&campaign, "Turno", &[&ana]).await;
    ana.write(group, "secreto de antes").await;
    luis.add_to_group(group, &eva).await;
    ana.write(group, "bienvenida").await;
    away.connect(&server).await;
    away.until("what came after", |tab| heard(tab, "bienvenida")).await;
    settled(&app, &mut [&mut away]).await;
    assert!(!heard(&away, "secreto de antes"));
});

both_dbs!(what_happens_to_an_old_message_does_not_reach_who_came_later, |app| {
    let server = Server::start(&app).await;
    let (ana, luis, campaign) = pair(&app).await;
    let eva = person(&app, "eva", Role::Asesor, &campaign).await;
    let group = luis.make_group(&campaign, "Turno", &[&ana]).await;
    let old = ana.write(group, "secreto de antes").await;
    luis.add_to_group(group, &eva).await;
    let path = format!("/chat/{group}");
    let mut his = Tab::open(&server, &luis.client, &path).await;
    let mut evas = Tab::open(&server, &eva.client, &path).await;
    luis.react(group, old, "like").await;
    ana.edit(group, old, "secreto corregido").await;
    his.until("the edit", |tab| heard(tab, "secreto corregido")).await;
    settled(&app, &mut [&mut his, &mut evas]).await;
    assert!(!heard(&evas, "secreto") && !heard(&evas, &old.to_string()), "not even that there is one");

    let answer = luis.answer(group, old, "lo cito").await;
    evas.until("what luis chose to show", |tab| tab.shows(answer)).await;
    ana.edit(group, old, "del todo corregido").await;
    evas.until("the quote", |tab| heard(tab, "del todo corregido")).await;
    settled(&app, &mut [&mut his, &mut evas]).await;
    assert!(!heard(&evas, &format!("msg-{old}")), "the message itself stays away");
    ana.edit(group, ana.write(group, "de ahora").await, "de ahora, mejor").await;
    evas.until("what is said since she came", |tab| heard(tab, "de ahora, mejor")).await;
    settled(&app, &mut [&mut his, &mut evas]).await;
});

both_dbs!(a_conversation_about_a_record_is_called_as_the_record_is, |app| {
    let server = Server::start(&app).await;
    let (ana, _, campaign) = pair(&app).await;
    let opened = ana.client.post(&format!("/records/campaign/{}/conversation", campaign.id), &[]).await;
    let path = opened.location().to_owned();
    let talk: Uuid = path.trim_start_matches("/chat/").parse().unwrap_or_else(|_| panic!("{}", opened.text));
    ana.write(talk, "sobre la campaña").await;
    let mut open = Tab::open(&server, &ana.client, &path).await;
    let mut list = Tab::open(&server, &ana.client, "/chat?kind=group").await;
    let record = crea::features::records::Record { kind: crea::features::records::Kind::Campaign, id: campaign.id.0 };
    let mut tx = app.live.begin().await.unwrap();
    crea::features::chat::record_renamed(&mut tx, record, "Otro nombre").await.unwrap();
    app.live.commit(tx).await.unwrap();
    for tab in [&mut open, &mut list] {
        tab.until("the new name", |tab| heard(tab, "Otro nombre")).await;
    }
    settled(&app, &mut [&mut open, &mut list]).await;
});

both_dbs!(mute_pin_and_unread_follow_to_every_tab_of_the_person_alone, |app| {
    let server = Server::start(&app).await;
    let (ana, luis, campaign) = pair(&app).await;
    let group = luis.make_group(&campaign, "Turno", &[&ana]).await;
    luis.write(group, "uno").await;
    let mut list = Tab::open(&server, &ana.client, "/chat").await;
    let mut open = Tab::open(&server, &ana.client, &format!("/chat/{group}")).await;
    let mut his = Tab::open(&server, &luis.client, "/chat").await;
    ana.switch(group, "pin", true).await;
    list.until("the pinned row", |tab| has(tab, &format!("pin-{group}"))).await;
    luis.write(group, "dos").await;
    ana.switch(group, "mute", true).await;
    list.until("a total without it", |tab| tab.count("unread-total") == Some(0)).await;
    luis.write(group, "tres").await;
    settled(&app, &mut [&mut list, &mut open, &mut his]).await;
    assert_eq!(list.count(&format!("pu-{group}")), Some(3), "the pinned row counts too");
    ana.read(group, 4).await;
    ana.switch(group, "unread", true).await;
    ana.switch(group, "mute", false).await;
    list.until("one unread", |tab| tab.count("unread-total") == Some(1)).await;
    ana.switch(group, "pin", false).await;
    settled(&app, &mut [&mut list, &mut open, &mut his]).await;
    assert!(!has(&list, &format!("pin-{group}")) && !has(&his, &format!("pin-{group}")));
});

both_dbs!(a_list_of_one_kind_follows_its_kind_alone, |app| {
    let server = Server::start(&app).await;
    let (ana, luis, campaign) = pair(&app).await;
    let mut groups = Tab::open(&server, &ana.client, "/chat?kind=group").await;
    let mut directs = Tab::open(&server, &ana.client, "/chat?kind=direct").await;
    let direct: Uuid = luis.talk_to(&ana).await;
    luis.write(direct, "a solas").await;
    let group = luis.make_group(&campaign, "Turno", &[&ana]).await;
    groups.until("the group", |tab| has(tab, &format!("c-{group}"))).await;
    directs.until("the direct one", |tab| has(tab, &format!("c-{direct}"))).await;
    settled(&app, &mut [&mut groups, &mut directs]).await;
});

both_dbs!(a_changed_record_is_told_to_who_may_see_it_without_a_word_of_it, |app| {
    let server = Server::start(&app).await;
    let (ana, _, campaign) = pair(&app).await;
    let stranger = person(&app, "pia", Role::Asesor, &app.campaign(crea::auth::Module::Core).await).await;
    let mut hers = Tab::open(&server, &ana.client, "/chat").await;
    let mut others = Tab::open(&server, &stranger.client, "/chat").await;
    let boss = person(&app, "zoe", Role::Administrador, &campaign).await;
    let form = [
        ("version", "1"),
        ("code", "otra"),
        ("name", &*campaign.name),
        ("module", campaign.module.code()),
        ("time_zone", "America/Bogota"),
        ("currency", "COP"),
    ];
    let answer = boss.client.post(&format!("/campaigns/{}", campaign.id), &form).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let said = format!("<hx-record of=\"campaign:{}\">", campaign.id);
    hers.until("word of the record", |tab| heard(tab, &said)).await;
    others.until_seq(mark(&app).await).await;
    assert!(!heard(&others, &said));
});

impl Person {
    /// Makes a group of a campaign.
    pub async fn make_group(&self, campaign: &crate::harness::Campaign, title: &str, people: &[&Person]) -> Uuid {
        let mut form = vec![("title", title.to_owned()), ("campaign", campaign.id.to_string())];
        form.extend(people.iter().map(|p| ("people", p.id())));
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = self.client.post("/chat/groups", &form).await;
        answer.location().strip_prefix("/chat/").unwrap_or_else(|| panic!("{}", answer.text)).parse().unwrap()
    }

    /// Adds somebody to a group.
    pub async fn add_to_group(&self, group: Uuid, who: &Person) {
        let answer = self.client.post(&format!("/chat/groups/{group}/people"), &[("people", &who.id())]).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
    }

    /// Takes somebody out of a group.
    pub async fn remove_from_group(&self, group: Uuid, who: &Person) {
        let answer = self.client.post(&format!("/chat/groups/{group}/removal"), &[("user_id", &who.id())]).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
    }

    /// Gives a group another title.
    pub async fn rename_group(&self, group: Uuid, title: &str) {
        let answer = self.client.post(&format!("/chat/groups/{group}/title"), &[("title", title)]).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
    }

    /// Leaves a group.
    pub async fn leave_group(&self, group: Uuid) {
        let answer = self.client.post(&format!("/chat/{group}/leave"), &[]).await;
        assert_eq!(answer.location(), "/chat", "{}", answer.text);
    }

    /// Mutes, pins or marks as unread.
    pub async fn switch(&self, talk: Uuid, what: &str, on: bool) {
        let on = on.to_string();
        let answer = self.client.post(&format!("/chat/{talk}/{what}"), &[("on", &on)]).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
    }
}
