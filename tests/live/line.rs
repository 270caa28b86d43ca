//! A line between an instance and its Redis that can be cut and mended, so that the Redis of all tests stays up.

use std::net::SocketAddr;

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// The line. It passes everything on until it is cut.
#[derive(Clone)]
pub struct Line {
    address: SocketAddr,
    is_cut: watch::Sender<bool>,
}

impl Line {
    /// A line to the server of this URL (`redis://host:port/`), on a free port.
    pub async fn to(url: &str) -> Self {
        let target = url.trim_start_matches("redis://").trim_end_matches('/').to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let line = Self { address: listener.local_addr().unwrap(), is_cut: watch::Sender::new(false) };
        let is_cut = line.is_cut.clone();
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let (target, mut cut) = (target.clone(), is_cut.subscribe());
                tokio::spawn(async move {
                    let Ok(mut far) = TcpStream::connect(target).await else { return };
                    tokio::select! {
                        _ = cut.wait_for(|cut| *cut) => {}
                        _ = copy_bidirectional(&mut near, &mut far) => {}
                    }
                });
            }
        });
        line
    }

    /// As `REDIS_URL` says it.
    pub fn url(&self) -> String {
        format!("redis://{}/", self.address)
    }

    /// Ends every connection and every one that comes; or lets them through again.
    pub fn set_cut(&self, cut: bool) {
        self.is_cut.send_replace(cut);
    }

    /// Whether it is cut.
    pub fn is_cut(&self) -> bool {
        *self.is_cut.borrow()
    }
}
