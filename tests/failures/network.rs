//! A network that is slow, breaks in the middle of a frame, or goes silent: the tab comes back by its cursor, and shows
//! what a fresh page shows.

use std::time::{Duration, Instant};

use crea::live::Topic;
use uuid::Uuid;

use crate::{
    harness::{TestApp, both_dbs, eventually, one_db, proxy::Proxy},
    oracle::Dots,
    tab::{Server, Tab},
    talk::{Person, mark, pair},
};

/// Two people in a conversation: Luis through a network that the test spoils, Ana beside the server.
struct Line {
    proxy: Proxy,
    /// What Luis' tab connects to.
    through: Server,
    ana: Person,
    talk: Uuid,
    /// Luis, as pages write him.
    luis: String,
    hers: Tab,
    his: Tab,
}

impl Line {
    async fn new(app: &TestApp) -> Self {
        let server = Server::start(app).await;
        let proxy = Proxy::start(server.address).await;
        let through = Server { app: app.clone(), address: proxy.address };
        let (ana, luis, _) = pair(app).await;
        let talk = ana.talk_to(&luis).await;
        let path = format!("/chat/{talk}");
        let hers = Tab::open(&server, &ana.client, &path).await;
        let his = Tab::open(&through, &luis.client, &path).await;
        Self { proxy, through, ana, talk, luis: luis.id(), hers, his }
    }

    /// Ana writes, and sees it herself at once, whatever the network of others does.
    async fn write(&mut self) -> Uuid {
        self.through.app.clock.advance(chrono::TimeDelta::seconds(4));
        let since = Instant::now();
        let id = self.ana.write(self.talk, "una línea que no cabe en un solo paquete").await;
        self.hers.until("her own tab shows it", |tab| tab.shows(id)).await;
        assert!(since.elapsed() < Duration::from_secs(3), "{:?}", since.elapsed());
        id
    }

    /// Says more than any kernel on the way takes from a server whose client takes nothing.
    async fn fill(&mut self) {
        let (app, filler) = (self.through.app.clone(), "x".repeat(512 * 1024));
        let render = |_| maud::html! { hx-partial hx-target="#nowhere" hx-swap="delete" { (filler) } };
        for _ in 0..40 {
            let mut tx = app.live.begin().await.unwrap();
            tx.append(Topic::Everyone, render);
            app.live.commit(tx).await.unwrap();
            self.his.drain().await;
            self.hers.drain().await;
        }
    }

    async fn is_whole(&mut self, sent: &[Uuid]) {
        let head = mark(&self.through.app).await;
        self.his.until_seq(head).await;
        assert!(sent.iter().all(|id| self.his.shows(*id)));
        assert_eq!(self.his.resets, 0, "what was missed was replayed");
        assert_eq!(self.his.difference(Dots::Ignored).await, None);
    }
}

both_dbs!(a_connection_that_breaks_inside_a_frame_goes_on_where_it_was, |app| {
    let mut line = Line::new(&app).await;
    let mut sent = Vec::new();
    // Inside the header, inside the first partial, between frames, far behind.
    for bytes in [1, 3, 60, 400, 900, 2_500] {
        line.proxy.cut_after(bytes);
        let mut written = 0;
        while line.his.closed.is_none() && written < 12 {
            sent.push(line.write().await);
            written += 1;
            line.his.drain().await;
        }
        assert_eq!(line.his.until_closed().await, 1006, "after {bytes} bytes");
        sent.push(line.write().await);
        line.his.connect(&line.through).await;
        line.is_whole(&sent).await;
    }
    let totals = app.live.hub().meters.totals();
    assert!(totals.replays >= 6 && totals.resets == 0, "who came back is counted: {totals:?}");
});

one_db!(a_slow_line_is_late_and_whole_and_slows_nobody_else, |app| {
    let mut line = Line::new(&app).await;
    line.proxy.delay(Duration::from_millis(400));
    let mut sent = Vec::new();
    for _ in 0..5 {
        sent.push(line.write().await);
    }
    assert!(!line.his.shows(sent[4]));
    line.is_whole(&sent).await;
});

one_db!(a_line_that_goes_silent_is_given_up_by_the_server_and_the_tab_comes_back, |app| {
    let mut line = Line::new(&app).await;
    line.proxy.go_silent(true);
    let mut sent = vec![line.write().await];
    // The browser gives up after 45 s of silence; it comes back by another way while its old connection is half open.
    let direct = Server::start(&app).await;
    line.his.disconnect();
    sent.push(line.write().await);
    line.his.connect(&direct).await;
    line.is_whole(&sent).await;
    // The server finds out once it cannot get rid of what it has to say.
    line.fill().await;
    let sockets = async || (app.live.hub().figures().0 == 2).then_some(());
    eventually("the half-open socket is gone", sockets).await;
    assert_eq!(app.live.hub().meters.totals().lagged, 1, "it is counted");
    sent.push(line.write().await);
    line.is_whole(&sent).await;
    line.proxy.go_silent(false);
});

both_dbs!(who_is_behind_a_line_that_went_silent_goes_offline_for_the_others_and_comes_back, |app| {
    let mut line = Line::new(&app).await;
    let luis = line.luis.clone();
    line.hers.until("he is there", |tab| tab.dot(&luis).as_deref() == Some("available")).await;
    line.proxy.go_silent(true);
    line.fill().await;
    assert!(line.his.is_connected(), "nobody told him anything");
    let alone = async || (app.live.hub().figures().0 == 1).then_some(());
    eventually("his connection is given up", alone).await;
    line.hers.until("he went", |tab| tab.dot(&luis).as_deref() == Some("offline")).await;
    line.proxy.go_silent(false);
    line.his.disconnect();
    line.his.connect(&line.through).await;
    line.hers.until("he is back", |tab| tab.dot(&luis).as_deref() == Some("available")).await;
    let sent = [line.write().await];
    line.is_whole(&sent).await;
});
