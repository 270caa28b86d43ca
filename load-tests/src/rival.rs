//! Servers to compare with: our own reference, and nginx with nchan where it is installed. One channel, no people.

use std::io::Write as _;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use tempfile::TempDir;
use uuid::Uuid;

use crate::http::Server;
use crate::process::{self, Process};
use crate::sockets::Sockets;
use crate::{open, reference, writer};

const NGINX: [&str; 2] = ["/usr/sbin/nginx", "/usr/bin/nginx"];
const NCHAN: &str = "/usr/lib/nginx/modules/ngx_nchan_module.so";
const OPENING: usize = 32;

/// A running rival.
pub struct Rival {
    pub process: Process,
    server: Server,
    address: SocketAddr,
    /// Frames carry growing numbers, as those of the product do.
    sent: AtomicU64,
    _dir: Option<TempDir>,
}

impl Rival {
    /// The cheapest possible broadcaster, on the core of the server.
    pub async fn reference() -> Result<Self> {
        let mut command = process::on_core(process::SERVER_CORE, &std::env::current_exe()?);
        command.arg("reference");
        Self::of(Process::start(command, reference::LISTENING)?, None).await
    }

    /// nginx with nchan in one process; `None` where it is not installed.
    pub async fn nchan() -> Result<Option<Self>> {
        let Some(nginx) = NGINX.map(PathBuf::from).into_iter().find(|path| path.exists()) else { return Ok(None) };
        if !Path::new(NCHAN).exists() {
            return Ok(None);
        }
        let dir = TempDir::new()?;
        // Free a moment ago; nginx cannot be asked for any port.
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let file = dir.path().join("nginx.conf");
        std::fs::File::create(&file)?.write_all(config(dir.path(), address).as_bytes())?;
        let mut command = process::on_core(process::SERVER_CORE, &nginx);
        command.arg("-p").arg(dir.path()).arg("-c").arg(&file).stderr(std::process::Stdio::null());
        let process = Process::start_at(command, address).await?;
        Self::of(process, Some(dir)).await.map(Some)
    }

    async fn of(process: Process, dir: Option<TempDir>) -> Result<Self> {
        let server = Server::at(&format!("http://{}", process.address)).await?;
        let address = process.address.parse().context("no address")?;
        Ok(Self { process, server, address, sent: AtomicU64::new(0), _dir: dir })
    }

    /// Opens sockets until there are so many.
    pub async fn open(&self, sockets: &mut Sockets, to: usize) -> Result<()> {
        let opening = (sockets.opened()..to).map(|n| open::socket(self.address, open::source(n), "/sub", ""));
        let mut opened = stream::iter(opening).buffered(OPENING);
        while let Some((stream, rest)) = opened.try_next().await? {
            sockets.add(stream, rest)?;
        }
        // Nobody greets here: a moment for the last handshake to be taken in.
        tokio::time::sleep(Duration::from_millis(200)).await;
        Ok(())
    }

    /// Sends one text frame of `bytes` to every socket.
    pub async fn send(&self, message: Uuid, bytes: usize) -> Result<()> {
        let tag = format!("<hx-live seq=\"{}\"></hx-live>", self.sent.fetch_add(1, Ordering::Relaxed) + 1);
        let text = format!("{tag}{}", writer::markup(message, bytes.saturating_sub(tag.len())));
        let answer = self.server.post_text("/pub", &text).await?;
        ensure!((200..300).contains(&answer.status), "a rival answered {}", answer.status);
        Ok(())
    }
}

fn config(dir: &Path, address: SocketAddr) -> String {
    let dir = dir.display();
    format!(
        "load_module {NCHAN};\ndaemon off;\nmaster_process off;\nworker_processes 1;\nworker_rlimit_nofile 65000;\n\
         pid {dir}/nginx.pid;\nerror_log {dir}/error.log warn;\nevents {{ worker_connections 60000; }}\n\
         http {{\n  access_log off;\n  client_body_temp_path {dir}/body;\n  proxy_temp_path {dir}/proxy;\n  \
         fastcgi_temp_path {dir}/fastcgi;\n  uwsgi_temp_path {dir}/uwsgi;\n  scgi_temp_path {dir}/scgi;\n  \
         keepalive_requests 1000000;\n  server {{\n    listen {address} backlog=4096;\n    \
         location = /sub {{ nchan_subscriber websocket; nchan_channel_id load; nchan_subscriber_first_message newest; }}\n    \
         location = /pub {{ nchan_publisher http; nchan_channel_id load; nchan_message_buffer_length 100; }}\n  }}\n}}\n"
    )
}
