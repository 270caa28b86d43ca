//! Clients that misbehave or vanish are counted by cause on `/metrics` of a running process, and two people who write to
//! each other through it notice nothing.

use crea::live::{Topic, door::PER_USER};

use crate::{
    floor::Floor,
    harness::{
        Backend, Database, eventually,
        proxy::Proxy,
        raw::{End, Raw, frame, unmasked},
        redis_url, skip_without,
    },
    talk::mark,
};

/// One more than the longest message that the server takes.
const TOO_LONG: usize = 8 * 1024 + 1;
const LAG: &str = "crea_sockets_closed_total{cause=\"lag\"}";
const PROTOCOL: &str = "crea_sockets_closed_total{cause=\"protocol\"}";

/// Somebody with sockets on the process, who can do everything wrong.
async fn dial(floor: &Floor) -> Raw {
    let (cookie, cursor) = (floor.ana.client.cookie(), floor.app.live.cursor().await.unwrap());
    Raw::open(floor.process.address, &cookie, &format!("cursor={cursor}")).await.expect("accepted")
}

/// Waits until a figure of the process is this.
async fn until_figure(floor: &Floor, name: &str, wanted: f64) {
    eventually(name, || async { (floor.figure(name).await == Some(wanted)).then_some(()) }).await;
}

/// The process is ready, nobody was told of anything, and both people are served.
async fn others_go_on(floor: &mut Floor) {
    floor.exchange().await;
    let state = floor.ask("/readyz").await;
    assert!(state.status == 200 && state.body.contains("\"ready\":true"), "{}", state.body);
    assert_eq!((floor.hers.delayed, floor.his.delayed), (Some(false), Some(false)));
}

/// A shared floor, on the Redis of all tests: nothing of it is broken.
async fn run(test: &str, body: impl AsyncFnOnce(&mut Floor)) {
    match redis_url() {
        Some(redis) if !skip_without(Backend::Postgres, test) => {
            Floor::run(Database::migrated(Backend::Postgres).await, redis, body).await;
        }
        _ => println!("skipped: {test}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_breaks_the_protocol_floods_or_crowds_is_counted_by_cause() {
    run("what_breaks_the_protocol", async |floor| {
        let hello = br#"{"idle":false}"#;
        let wrong = [
            ("garbage", b"GET / HTTP/1.1\r\n\r\n".to_vec(), 1002),
            ("unmasked", unmasked(0x81, hello), 1002),
            ("no text", frame(0x81, &[0xc3, 0x28]), 1007),
            ("huge", frame(0x81, &[b'x'; TOO_LONG]), 1009),
            ("fragmented without an end", [frame(0x01, b""), frame(0x00, b"").repeat(100)].concat(), 1009),
        ];
        for (n, (what, bytes, code)) in wrong.into_iter().enumerate() {
            let mut raw = dial(floor).await;
            raw.bytes(&bytes).await;
            assert_eq!(raw.end().await, Some(End::Code(code)), "{what}");
            assert_eq!(floor.figure(PROTOCOL).await, Some(n as f64 + 1.0), "{what}");
            others_go_on(floor).await;
        }

        let mut babbling = dial(floor).await;
        babbling.say("no words of ours").await;
        until_figure(floor, "crea_socket_garbage_total", 1.0).await;
        assert_eq!(floor.figure("crea_socket_slowed_total").await, None, "nobody was too fast yet");
        babbling.bytes(&frame(0x89, b"flood").repeat(40)).await;
        eventually("the flood is slowed down", async || {
            floor.figure("crea_socket_slowed_total").await.filter(|slowed| *slowed >= 1.0)
        })
        .await;
        others_go_on(floor).await;

        let mut crowd = Vec::new();
        for _ in 1..PER_USER {
            let mut raw = dial(floor).await;
            raw.until("shown=").await;
            crowd.push(raw);
        }
        assert_eq!(dial(floor).await.end().await, Some(End::Code(4429)));
        assert_eq!(floor.figure("crea_socket_refused_total{cause=\"user\"}").await, Some(1.0));
        assert_eq!(floor.figure(LAG).await, Some(0.0), "each under its own name");
        others_go_on(floor).await;
        floor.is_whole().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_never_reads_and_whose_line_is_dead_shows_as_a_queue_and_then_as_a_lag() {
    run("who_never_reads", async |floor| {
        let mut deaf = dial(floor).await;
        deaf.until("shown=").await;
        let proxy = Proxy::start(floor.process.address).await;
        let (cookie, cursor) = (floor.ana.client.cookie(), floor.app.live.cursor().await.unwrap());
        let mut half_open = Raw::open(proxy.address, &cookie, &format!("cursor={cursor}")).await.expect("accepted");
        half_open.until("shown=").await;
        proxy.go_silent(true);
        until_figure(floor, "crea_sockets", 3.0).await;
        let (filler, mut deepest) = ("x".repeat(64 * 1024), 0.0_f64);
        // The kernels of both ends take some; then it waits with us; then it is too much.
        while floor.figure(LAG).await < Some(2.0) {
            let mut tx = floor.app.live.begin().await.unwrap();
            let nowhere = |_| maud::html! { hx-partial hx-target="#nowhere" hx-swap="delete" { (filler) } };
            tx.append(Topic::Everyone, nowhere);
            floor.app.live.commit(tx).await.unwrap();
            let head = mark(&floor.app).await;
            floor.hers.until_seq(head).await;
            floor.his.until_seq(head).await;
            deepest = deepest.max(floor.figure("crea_queue_deepest_frames").await.unwrap());
            assert!(head < 2_000, "nobody is cut off");
        }
        assert!(deepest >= 1.0, "what waits for them is seen");
        until_figure(floor, "crea_sockets", 1.0).await;
        until_figure(floor, "crea_queue_frames", 0.0).await;
        assert_eq!(floor.figure(PROTOCOL).await, Some(0.0), "each under its own name");
        others_go_on(floor).await;
        floor.is_whole().await;
        proxy.go_silent(false);
    })
    .await;
}
