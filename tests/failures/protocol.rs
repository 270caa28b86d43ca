//! What a client can do wrong on the socket: it is closed with the code of RFC 6455 in under five seconds, and nobody
//! else notices. Against bytes, so that it holds for whatever reads them.

use std::time::{Duration, Instant};

use crea::live::Topic;
use uuid::Uuid;

use crate::{
    harness::{
        TestApp, eventually, one_db,
        raw::{End, Raw, frame, unmasked},
    },
    tab::{Server, Tab},
    talk::{Person, pair},
};

/// Longest message of a browser that the server takes.
const LONGEST: usize = 8 * 1024;

/// A server, a tab that must not notice anything, and the person who misbehaves.
struct Wire {
    server: Server,
    ana: Person,
    talk: Uuid,
    his: Tab,
}

impl Wire {
    async fn new(app: &TestApp) -> Self {
        let server = Server::start(app).await;
        let (ana, luis, _) = pair(app).await;
        let talk = ana.talk_to(&luis).await;
        let his = Tab::open(&server, &luis.client, &format!("/chat/{talk}")).await;
        Self { server, ana, talk, his }
    }

    /// A socket of Ana's that is live.
    async fn open(&self) -> Raw {
        let cursor = self.server.app.live.cursor().await.unwrap();
        let cookie = self.ana.client.cookie();
        let mut raw = Raw::open(self.server.address, &cookie, &format!("cursor={cursor}")).await.expect("accepted");
        raw.until("shown=").await;
        raw
    }

    /// The other's tab still hears at once.
    async fn others_hear(&mut self) {
        let since = Instant::now();
        self.server.app.clock.advance(chrono::TimeDelta::seconds(4));
        let id = self.ana.write(self.talk, "sigue").await;
        self.his.until("the other is served", |tab| tab.shows(id)).await;
        assert!(since.elapsed() < Duration::from_secs(3), "{:?}", since.elapsed());
        assert_eq!(self.his.closed, None);
    }
}

/// Closed in time, with this code.
async fn ends_with(raw: &mut Raw, code: u16, what: &str) {
    assert_eq!(raw.end().await, Some(End::Code(code)), "{what}");
}

one_db!(frames_that_break_the_protocol_close_with_1002, |app| {
    let mut wire = Wire::new(&app).await;
    let hello = br#"{"idle":true}"#;
    let cases: [(&str, Vec<u8>); 10] = [
        ("not masked", unmasked(0x81, hello)),
        ("a reserved bit", frame(0xc1, hello)),
        ("a reserved opcode", frame(0x83, hello)),
        ("a reserved control opcode", frame(0x8b, b"")),
        ("a ping of more than 125 bytes", frame(0x89, &[b'x'; 126])),
        ("a ping in fragments", frame(0x09, b"x")),
        ("a continuation of nothing", frame(0x80, hello)),
        ("a new message within a message", [frame(0x01, b"{"), frame(0x81, b"}")].concat()),
        ("a close of one byte", frame(0x88, b"x")),
        ("HTTP", b"GET / HTTP/1.1\r\nhost: x\r\n\r\n".to_vec()),
    ];
    for (what, bytes) in cases {
        let mut raw = wire.open().await;
        raw.bytes(&bytes).await;
        ends_with(&mut raw, 1002, what).await;
    }
    assert_eq!(app.live.hub().meters.totals().malformed, 10, "each is counted");
    wire.others_hear().await;
});

one_db!(a_message_that_is_too_long_closes_with_1009, |app| {
    let mut wire = Wire::new(&app).await;
    let long = vec![b'x'; LONGEST + 1];
    let claims = |length: u64| [&[0x81, 0xff][..], &length.to_be_bytes(), b"mask"].concat();
    let cases: [(&str, Vec<u8>); 4] = [
        ("one byte more", frame(0x81, &long)),
        ("a terabyte, to come", claims(1 << 40)),
        ("more than there is", claims(u64::MAX)),
        ("in fragments", [frame(0x01, &long[..5_000]), frame(0x80, &long[..5_000])].concat()),
    ];
    for (what, bytes) in cases {
        let mut raw = wire.open().await;
        raw.bytes(&bytes).await;
        ends_with(&mut raw, 1009, what).await;
    }
    let mut raw = wire.open().await;
    raw.bytes(&frame(0x81, &long[..LONGEST])).await;
    raw.bytes(&frame(0x89, b"still there")).await;
    assert_eq!(raw.pong().await, b"still there", "the longest that is allowed");
    wire.others_hear().await;
});

one_db!(text_that_is_no_text_closes_with_1007, |app| {
    let mut wire = Wire::new(&app).await;
    for bytes in [frame(0x81, &[0xc3, 0x28]), [frame(0x01, &[0xc3]), frame(0x80, &[0x28])].concat()] {
        let mut raw = wire.open().await;
        raw.bytes(&bytes).await;
        ends_with(&mut raw, 1007, "no text").await;
    }
    wire.others_hear().await;
});

one_db!(what_is_odd_and_allowed_is_understood, |app| {
    let mut wire = Wire::new(&app).await;
    let mut raw = wire.open().await;
    // A letter of two bytes cut in the middle, a ping between the parts, an empty part, and every byte on its own.
    let show = r#"{"show":"á","page":7,"since":null}"#.as_bytes();
    let cut = show.iter().position(|byte| *byte == 0xc3).unwrap() + 1;
    let parts = [frame(0x01, &show[..cut]), frame(0x89, b"between"), frame(0x00, b""), frame(0x80, &show[cut..])];
    for byte in parts.concat() {
        raw.bytes(&[byte]).await;
    }
    assert_eq!(raw.pong().await, b"between");
    raw.until("shown=\"7\"").await;
    // Garbage inside a good frame costs nothing, nor does a pong that nobody asked for.
    for text in ["", "not json", "{\"show\":7}", "[[[[[[[[", "{\"typing\":\"x\"}"] {
        raw.say(text).await;
    }
    raw.bytes(&frame(0x8a, b"unasked")).await;
    raw.say(r#"{"show":"","page":8,"since":null}"#).await;
    raw.until("shown=\"8\"").await;
    raw.bytes(&frame(0x88, &1000_u16.to_be_bytes())).await;
    ends_with(&mut raw, 1000, "a close").await;
    wire.others_hear().await;
});

one_db!(a_flood_of_pings_and_of_words_holds_up_nobody_else, |app| {
    let mut wire = Wire::new(&app).await;
    let pings = frame(0x89, b"flood").repeat(20_000);
    let words = frame(0x81, br#"{"idle":false}"#).repeat(5_000);
    let mut floods = Vec::new();
    for bytes in [pings, words] {
        let mut raw = wire.open().await;
        // It never reads an answer.
        floods.push(tokio::spawn(async move {
            raw.bytes(&bytes).await;
            raw
        }));
    }
    for _ in 0..5 {
        wire.others_hear().await;
    }
    floods.iter().for_each(tokio::task::JoinHandle::abort);
});

one_db!(a_hundred_clients_that_never_read_do_not_slow_the_others, |app| {
    let mut wire = Wire::new(&app).await;
    let mut deaf = Vec::new();
    for _ in 0..5 {
        let (eva, ..) = pair(&app).await;
        let (cookie, address) = (eva.client.cookie(), wire.server.address);
        for _ in 0..20 {
            deaf.push(Raw::open(address, &cookie, "cursor=0").await.expect("accepted"));
        }
    }
    let all = async |n: usize| (app.live.hub().figures().0 == n).then_some(());
    eventually("all are connected", || all(101)).await;
    let filler = "x".repeat(96 * 1024);
    for _ in 0..60 {
        let mut tx = app.live.begin().await.unwrap();
        tx.append(Topic::Everyone, |_| maud::html! { hx-partial hx-target="#nowhere" hx-swap="delete" { (filler) } });
        app.live.commit(tx).await.unwrap();
        let seq = app.live.cursor().await.unwrap();
        wire.his.until_seq(seq).await;
    }
    wire.others_hear().await;
    eventually("the deaf ones are cut off", || all(1)).await;
    assert_eq!(app.live.hub().meters.totals().lagged, 100, "each is counted once");
    wire.others_hear().await;
    assert!(wire.his.is_connected());
});
