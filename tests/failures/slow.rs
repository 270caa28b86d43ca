//! Clients that take their time to say what they want: they are cut off, and hold up nobody.

use std::time::{Duration, Instant};

use crea::web::listen;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::timeout,
};

use crate::harness::{
    one_db,
    process::{self, Reply},
};

one_db!(headers_that_do_not_end_are_not_waited_for, |app| {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = listen::serve(listener, app.router.clone(), Duration::from_secs(1), std::future::pending());
    tokio::spawn(server);
    let since = Instant::now();
    let whisper = tokio::spawn(async move {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nhost: crea\r\n").await.unwrap();
        let mut answer = [0; 64];
        // A little every now and then, as long as somebody listens.
        loop {
            match timeout(Duration::from_millis(100), stream.read(&mut answer)).await {
                Ok(ended) => return ended.unwrap_or_default(),
                Err(_) => drop(stream.write_all(b"x-slow: 1\r\n").await),
            }
        }
    });
    let ask = || tokio::task::spawn_blocking(move || process::request(address, "/healthz", "", None).unwrap());
    let Reply { status, .. } = ask().await.unwrap();
    assert_eq!(status, 200, "others are served meanwhile");
    timeout(Duration::from_secs(5), whisper).await.expect("cut off in time").unwrap();
    assert!(since.elapsed() >= Duration::from_millis(900), "nobody was cut off at once");
    assert_eq!(ask().await.unwrap().status, 200);
});
