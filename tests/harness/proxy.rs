//! A network between a client and an instance that is slow, breaks in the middle of a frame, or goes silent.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
};

/// Bytes that are passed on without end.
const ENDLESS: i64 = i64::MAX;

/// See the module. Everything set holds for connections that are open as well.
#[derive(Clone)]
pub struct Proxy {
    /// Where clients connect.
    pub address: SocketAddr,
    weather: Arc<Weather>,
}

struct Weather {
    delay_ms: AtomicU64,
    /// Bytes that still pass from the server before everything is cut.
    left: AtomicI64,
    silent: watch::Sender<bool>,
    cut: watch::Sender<u64>,
}

impl Proxy {
    /// Stands before `server`, and passes everything on.
    pub async fn start(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let weather = Weather {
            delay_ms: AtomicU64::new(0),
            left: AtomicI64::new(ENDLESS),
            silent: watch::Sender::new(false),
            cut: watch::Sender::new(0),
        };
        let proxy = Self { address: listener.local_addr().unwrap(), weather: Arc::new(weather) };
        let weather = Arc::clone(&proxy.weather);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(server) = TcpStream::connect(server).await else { continue };
                let (from_client, to_client) = client.into_split();
                let (from_server, to_server) = server.into_split();
                tokio::spawn(Arc::clone(&weather).carry(from_client, to_server, false));
                tokio::spawn(Arc::clone(&weather).carry(from_server, to_client, true));
            }
        });
        proxy
    }

    /// Holds everything back for so long, each way.
    pub fn delay(&self, by: Duration) {
        self.weather.delay_ms.store(by.as_millis() as u64, Ordering::Relaxed);
    }

    /// Cuts every connection after so many more bytes from the server; new ones pass.
    pub fn cut_after(&self, bytes: i64) {
        self.weather.left.store(bytes, Ordering::Relaxed);
    }

    /// Passes nothing on, either way, and closes nothing: what a cable that was pulled looks like.
    pub fn go_silent(&self, silent: bool) {
        self.weather.silent.send_replace(silent);
    }

    /// Cuts every connection now.
    pub fn cut(&self) {
        self.weather.cut.send_modify(|cuts| *cuts += 1);
    }
}

impl Weather {
    async fn carry(self: Arc<Self>, mut from: OwnedReadHalf, mut to: OwnedWriteHalf, from_server: bool) {
        let (mut cut, mut silent) = (self.cut.subscribe(), self.silent.subscribe());
        let mut buffer = [0; 4_096];
        loop {
            let read = tokio::select! {
                _ = cut.changed() => return,
                read = from.read(&mut buffer) => read,
            };
            let Ok(read @ 1..) = read else {
                // A cable that was pulled carries no farewell either.
                tokio::select! {
                    _ = cut.changed() => {}
                    _ = silent.wait_for(|silent| !silent) => {}
                }
                return;
            };
            tokio::time::sleep(Duration::from_millis(self.delay_ms.load(Ordering::Relaxed))).await;
            tokio::select! {
                _ = cut.changed() => return,
                quiet = silent.wait_for(|silent| !silent) => if quiet.is_err() { return },
            }
            let passing = if from_server { self.pass(read) } else { read };
            if to.write_all(&buffer[..passing]).await.is_err() {
                return;
            }
            if passing < read {
                self.left.store(ENDLESS, Ordering::Relaxed);
                self.cut.send_modify(|cuts| *cuts += 1);
                return;
            }
        }
    }

    /// How many of these bytes pass.
    fn pass(&self, read: usize) -> usize {
        let left = self.left.load(Ordering::Relaxed);
        if left == ENDLESS {
            return read;
        }
        self.left.store(left - read as i64, Ordering::Relaxed);
        usize::try_from(left.max(0)).unwrap_or_default().min(read)
    }
}
