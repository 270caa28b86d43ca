//! Unread counts: exact in every tab of a person, whatever happens in which order.

use uuid::Uuid;

use crate::{
    harness::both_dbs,
    tab::{Server, Tab},
    talk::{Person, mark, pair, person},
};

use crea::auth::Role;

/// Every tab of `who` shows these figures: of the conversation in its list, in the dock, and the total.
async fn all_show(tabs: &mut [Tab], talk: Uuid, figure: i64, total: i64) {
    for tab in tabs {
        tab.until(&format!("{figure} unread of {total} on {}", tab.path.clone()), |tab| {
            [format!("u-{talk}"), format!("du-{talk}")].iter().all(|id| tab.count(id) == Some(figure))
                && ["unread-total", "unread-rail"].iter().all(|id| tab.count(id) == Some(total))
        })
        .await;
    }
}

async fn three_tabs(server: &Server, who: &Person, talk: Uuid) -> Vec<Tab> {
    let mut tabs = Vec::new();
    for path in ["/", "/chat", &format!("/chat/{talk}")] {
        tabs.push(Tab::open(server, &who.client, path).await);
    }
    tabs
}

both_dbs!(counts_are_equal_in_every_tab_while_messages_and_reading_alternate, |app| {
    let (ana, luis, campaign) = pair(&app).await;
    let eva = person(&app, "eva", Role::Asesor, &campaign).await;
    let server = Server::start(&app).await;
    let (with_ana, with_eva) = (ana.talk_to(&luis).await, eva.talk_to(&luis).await);
    ana.write(with_ana, "antes de abrir").await;
    eva.write(with_eva, "también antes").await;
    let mut his = three_tabs(&server, &luis, with_ana).await;
    let mut hers = three_tabs(&server, &ana, with_ana).await;
    all_show(&mut his, with_ana, 1, 2).await;

    ana.write(with_ana, "dos").await;
    ana.write(with_ana, "tres").await;
    all_show(&mut his, with_ana, 3, 4).await;
    luis.read(with_ana, 2).await;
    all_show(&mut his, with_ana, 1, 2).await;
    eva.write(with_eva, "otra").await;
    all_show(&mut his, with_eva, 2, 3).await;
    luis.write(with_ana, "lo mío no se cuenta").await;
    ana.write(with_ana, "cinco").await;
    all_show(&mut his, with_ana, 2, 4).await;
    all_show(&mut hers, with_ana, 1, 1).await;
    luis.read(with_ana, 5).await;
    luis.read(with_ana, 1).await;
    all_show(&mut his, with_ana, 0, 2).await;
    luis.read(with_eva, 2).await;
    all_show(&mut his, with_eva, 0, 0).await;
    ana.read(with_ana, 5).await;
    all_show(&mut hers, with_ana, 0, 0).await;
});

both_dbs!(what_was_read_elsewhere_is_read_in_a_tab_that_comes_back_or_shows_an_older_page, |app| {
    let (ana, luis, _) = pair(&app).await;
    let server = Server::start(&app).await;
    let talk = ana.talk_to(&luis).await;
    ana.write(talk, "uno").await;
    let mut away = Tab::open(&server, &luis.client, "/chat").await;
    let mut walking = Tab::open(&server, &luis.client, "/").await;
    let mut between = Tab::load(&server, &luis.client, "/chat").await;
    let drawn = walking.fetch("/chat").await;
    all_show(std::slice::from_mut(&mut away), talk, 1, 1).await;
    away.disconnect();
    luis.read(talk, 1).await;
    all_show(std::slice::from_mut(&mut walking), talk, 0, 0).await;
    walking.show(&drawn).await;
    away.connect(&server).await;
    between.connect(&server).await;
    all_show(&mut [away, walking, between], talk, 0, 0).await;
});

both_dbs!(counts_stay_exact_while_one_tab_reads_what_others_are_writing, |app| {
    let (ana, luis, campaign) = pair(&app).await;
    let eva = person(&app, "eva", Role::Asesor, &campaign).await;
    let server = Server::start(&app).await;
    let (with_ana, with_eva) = (ana.talk_to(&luis).await, eva.talk_to(&luis).await);
    ana.write(with_ana, "uno").await;
    eva.write(with_eva, "uno").await;
    let mut his = three_tabs(&server, &luis, with_ana).await;
    let writers = [(ana.clone(), with_ana), (eva.clone(), with_eva)].map(|(who, talk)| {
        tokio::spawn(async move {
            for n in 2..=18 {
                who.write(talk, &format!("mensaje {n}")).await;
            }
        })
    });
    // Another tab reads what it sees, which is behind what is being written.
    let mut reading = Tab::open(&server, &luis.client, &format!("/chat/{with_ana}")).await;
    for number in 2..=14 {
        let list = format!("m-{with_ana}");
        let highest = |tab: &Tab| tab.document.by_id(&list).unwrap().elements().count() >= number;
        reading.until("a next message", highest).await;
        luis.read(with_ana, i64::try_from(number).unwrap()).await;
        // A tab that opens in between begins with the right figures.
        if number % 4 == 0 {
            his.push(Tab::open(&server, &luis.client, "/chat").await);
            drop(his.remove(0));
        }
    }
    for writer in writers {
        writer.await.unwrap();
    }
    his.push(reading);
    all_show(&mut his, with_ana, 4, 22).await;
    // Counts may be read ahead of delivery: the rest of the page follows.
    let head = mark(&app).await;
    for tab in &mut his {
        tab.until_seq(head).await;
        assert_eq!(tab.difference(crate::oracle::Dots::Ignored).await, None);
    }
});
