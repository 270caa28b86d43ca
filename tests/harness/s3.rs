//! An object store of a test's own that speaks S3, checks every signature and keeps its objects in a folder. It may be
//! killed and started again. Knows nothing of CREA: the storage's own tests use it too.

use std::{
    net::{SocketAddr, TcpListener as StdListener},
    path::{Path, PathBuf},
};

use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use s3s::{
    auth::SimpleAuth,
    service::{S3Service, S3ServiceBuilder},
};
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    runtime::Runtime,
};

/// The bucket that is there.
pub const BUCKET: &str = "crea-files";
/// The only key pair.
pub const ACCESS_KEY: &str = "crea-tests";
/// Its secret half.
pub const SECRET_KEY: &str = "of-no-use-elsewhere";

/// See the module.
pub struct S3Server {
    /// Where it listens, also after a restart.
    pub address: SocketAddr,
    root: TempDir,
    serving: Option<Runtime>,
}

impl S3Server {
    /// Starts it, empty.
    pub fn start() -> Self {
        let root = TempDir::new().unwrap();
        std::fs::create_dir(root.path().join(BUCKET)).unwrap();
        let mut server = Self { address: SocketAddr::from(([127, 0, 0, 1], 0)), root, serving: None };
        server.restart();
        server
    }

    /// As `S3_ENDPOINT` names it.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Cuts every connection and takes no more; what was stored stays.
    pub fn kill(&mut self) {
        if let Some(runtime) = self.serving.take() {
            runtime.shutdown_background();
        }
    }

    /// Listens again where it did.
    pub fn restart(&mut self) {
        self.kill();
        let listener = StdListener::bind(self.address).unwrap();
        listener.set_nonblocking(true).unwrap();
        self.address = listener.local_addr().unwrap();
        let mut builder = S3ServiceBuilder::new(FileSystem::new(self.root.path()).unwrap());
        builder.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
        let service = builder.build();
        // Threads of its own: it answers also while the test's own thread is busy, and can be ended at any point.
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.spawn(serve(listener, service));
        self.serving = Some(runtime);
    }

    /// Names of the files in the bucket, whole or not, sorted.
    pub fn objects(&self) -> Vec<String> {
        let bucket = self.root.path().join(BUCKET);
        let mut found = Vec::new();
        walk(&bucket, &mut |path| found.push(path.strip_prefix(&bucket).unwrap().display().to_string()));
        found.sort();
        found
    }

    /// Uploads, parts and files that are no object yet: the server keeps them beside the buckets.
    pub fn unfinished(&self) -> usize {
        let beside = std::fs::read_dir(self.root.path()).unwrap().map(|entry| entry.unwrap().file_name());
        beside.filter(|name| [".upload", ".tmp."].iter().any(|of| name.to_string_lossy().starts_with(of))).count()
    }

    /// Where an object's bytes are.
    pub fn file(&self, name: &str) -> PathBuf {
        self.root.path().join(BUCKET).join(name)
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        self.kill();
    }
}

async fn serve(listener: StdListener, service: S3Service) {
    let listener = TcpListener::from_std(listener).unwrap();
    while let Ok((socket, _)) = listener.accept().await {
        let service = service.clone();
        tokio::spawn(async move {
            let _ = Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(socket), service).await;
        });
    }
}

fn walk(folder: &Path, met: &mut impl FnMut(&Path)) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { walk(&path, met) } else { met(&path) }
    }
}

/// Status and body of a plain GET, as a browser sends it that holds a link.
pub async fn fetch(url: &str) -> (u16, Vec<u8>) {
    let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut socket = TcpStream::connect(host).await.unwrap();
    let request = format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).await.unwrap();
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let status = std::str::from_utf8(&answer[9..12]).unwrap().parse().unwrap();
    (status, answer.split_off(end + 4))
}
