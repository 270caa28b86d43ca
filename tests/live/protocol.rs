//! The wire by hand, from outside: what a browser never sends, and what it may.

use std::time::Duration;

use crea::live::Topic;
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tokio_tungstenite::tungstenite::Message;

use crate::{
    harness::{PATIENCE, TestApp, eventually, one_db},
    tab::{Server, Socket, Tab, open_socket},
    talk::pair,
};

/// A socket of a signed-in person, at the present.
async fn signed_in(app: &TestApp, server: &Server, cookie: &str) -> Socket {
    let query = format!("cursor={}", app.live.cursor().await.unwrap());
    open_socket(server.address, &query, &[("cookie", cookie), ("sec-fetch-site", "same-origin")]).await.unwrap()
}

async fn next(socket: &mut Socket) -> Message {
    tokio::time::timeout(PATIENCE, socket.next()).await.expect("nothing came").expect("it ended").unwrap()
}

/// The code of the close that follows whatever else comes.
async fn closed(mut socket: Socket) -> u16 {
    loop {
        if let Message::Close(frame) = next(&mut socket).await {
            return frame.expect("a close without a code").code.into();
        }
    }
}

one_db!(a_ping_is_answered_with_its_own_bytes_and_a_close_with_its_own_code, |app| {
    let server = Server::start(&app).await;
    let (ana, ..) = pair(&app).await;
    let mut socket = signed_in(&app, &server, &ana.client.cookie()).await;
    socket.send(Message::Ping("are you there".into())).await.unwrap();
    loop {
        if let Message::Pong(bytes) = next(&mut socket).await {
            assert_eq!(&bytes[..], b"are you there");
            break;
        }
    }
    socket.close(None).await.unwrap();
    while let Some(Ok(_)) = socket.next().await {}
    eventually("it is forgotten", async || (app.live.hub().figures().0 == 0).then_some(())).await;
});

one_db!(what_no_browser_sends_closes_with_its_code_and_leaves_others_alone, |app| {
    let server = Server::start(&app).await;
    let (ana, luis, _) = pair(&app).await;
    let talk = ana.talk_to(&luis).await;
    let mut his = Tab::open(&server, &luis.client, &format!("/chat/{talk}")).await;
    let cookie = ana.client.cookie();
    let masked = |first: u8, payload: &[u8]| {
        // A mask of zeros is a mask: the payload stays legible.
        [&[first, 0x80 | payload.len() as u8, 0, 0, 0, 0][..], payload].concat()
    };
    for (name, bytes, code) in [
        ("unmasked", vec![0x81, 1, b'x'], 1002),
        ("an extension", masked(0xC1, b"x"), 1002),
        ("binary", masked(0x82, b"x"), 1003),
        ("no text", masked(0x81, &[0xFF]), 1007),
        ("a gigabyte", vec![0x81, 0xFF, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0], 1009),
        ("pieces without an end", [masked(0x01, b""), masked(0x00, b"").repeat(100)].concat(), 1009),
    ] {
        let mut socket = signed_in(&app, &server, &cookie).await;
        socket.get_mut().write_all(&bytes).await.unwrap();
        assert_eq!(closed(socket).await, code, "{name}");
    }
    let seen = ana.write(talk, "sigue").await;
    his.until("the other is served", |tab| tab.shows(seen)).await;
});

one_db!(a_message_may_come_in_pieces_and_in_the_same_packet_as_the_request, |app| {
    let server = Server::start(&app).await;
    let (ana, ..) = pair(&app).await;
    let cursor = app.live.cursor().await.unwrap();
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let request = format!(
        "GET /live?cursor={cursor} HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\nSec-Fetch-Site: same-origin\r\n\
         Connection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        server.address,
        ana.client.cookie()
    );
    let said = br#"{"show":"","page":7}"#;
    let (first, rest) = said.split_at(5);
    let mut bytes = request.into_bytes();
    for (kind, piece) in [(0x01, first), (0x80, rest)] {
        bytes.extend([kind, 0x80 | piece.len() as u8, 0, 0, 0, 0]);
        bytes.extend(piece);
    }
    stream.write_all(&bytes).await.unwrap();
    let mut answer = Vec::new();
    let read = async {
        while !String::from_utf8_lossy(&answer).contains("shown=\"7\"") {
            assert!(stream.read_buf(&mut answer).await.unwrap() > 0, "{}", String::from_utf8_lossy(&answer));
        }
    };
    tokio::time::timeout(PATIENCE, read).await.expect("the page is not heard");
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.starts_with("HTTP/1.1 101 ") && answer.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), "{answer}");
});

one_db!(a_request_that_is_no_handshake_is_refused, |app| {
    let server = Server::start(&app).await;
    let (ana, ..) = pair(&app).await;
    let cookie = ana.client.cookie();
    let same = ("sec-fetch-site", "same-origin");
    for (name, headers, status) in [
        ("another version", vec![("sec-websocket-version", "8")], 426),
        ("a short key", vec![("sec-websocket-key", "c2hvcnQ=")], 400),
        ("another protocol", vec![("upgrade", "h2c")], 426),
    ] {
        let headers = headers.into_iter().chain([("cookie", cookie.as_str()), same]).collect::<Vec<_>>();
        let refused = open_socket(server.address, "cursor=0", &headers).await.map(drop);
        assert_eq!(refused.map_err(|status| status.as_u16()), Err(status), "{name}");
    }
    let page = ana.client.send(axum::http::Method::GET, "/live?cursor=0", &[same], &[]).await;
    assert_eq!(page.status, 426);
});

one_db!(a_flood_of_pings_waits_and_is_not_remembered, |app| {
    let server = Server::start(&app).await;
    let (ana, luis, _) = pair(&app).await;
    let talk = ana.talk_to(&luis).await;
    let mut his = Tab::open(&server, &luis.client, &format!("/chat/{talk}")).await;
    let mut flood = signed_in(&app, &server, &ana.client.cookie()).await;
    let ping = [&[0x89, 0x80 | 100, 0, 0, 0, 0][..], &[b'x'; 100]].concat().repeat(1_000);
    // It is read at the pace at which it is answered: soon the kernel takes no more.
    let mut sent = 0_usize;
    while tokio::time::timeout(Duration::from_millis(500), flood.get_mut().write_all(&ping)).await.is_ok() {
        sent += ping.len();
        assert!(sent < 64 * 1024 * 1024, "everything was read");
    }
    let seen = ana.write(talk, "sigue").await;
    his.until("the other is served", |tab| tab.shows(seen)).await;
});

one_db!(a_socket_that_is_closed_while_it_is_full_reads_nothing_that_waited, |app| {
    let server = Server::start(&app).await;
    let (ana, _, campaign) = pair(&app).await;
    let mut socket = signed_in(&app, &server, &ana.client.cookie()).await;
    next(&mut socket).await;
    let topic = Topic::Campaign(campaign.id.0);
    let filler = "x".repeat(20 * 1024);
    let mut tx = app.live.begin().await.unwrap();
    for _ in 0..400 {
        tx.append(topic.clone(), |_| maud::html! { p { (filler) } });
    }
    tx.append(topic, |_| maud::html! { p { "after it was full" } });
    app.live.commit(tx).await.unwrap();
    let head = app.live.cursor().await.unwrap();
    eventually("it is delivered", async || (app.live.hub().figures().1 == head).then_some(())).await;
    app.live.hub().reset_all(head);
    let (mut heard, mut code) = (String::new(), None);
    while code.is_none() {
        match next(&mut socket).await {
            Message::Text(text) => heard.push_str(&text),
            Message::Close(frame) => code = frame.map(|f| u16::from(f.code)),
            _ => {}
        }
    }
    assert_eq!(code, Some(1013));
    assert!(heard.contains("xxx") && !heard.contains("after it was full"));
});
