//! The real binary as a child process, and HTTP to it over a socket.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio},
    time::Duration,
};

use uuid::Uuid;

/// Longest wait of a request; a server that says nothing for so long has hung.
const PATIENCE: Duration = Duration::from_secs(20);

/// A command of the binary in `dir`, with these settings and no others.
pub fn crea(dir: &Path, args: &[&str], settings: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_crea"));
    command.args(args).current_dir(dir).env_clear().envs(settings.iter().copied());
    command
}

/// Runs it to its end, with this on its standard input.
pub fn run(dir: &Path, args: &[&str], settings: &[(&str, &str)], input: &str) -> Output {
    let mut command = crea(dir, args, settings);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin: ChildStdin = child.stdin.take().unwrap();
    // A command that refuses its arguments reads nothing.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    child.wait_with_output().unwrap()
}

/// A serving process; killed when it goes out of scope.
pub struct Server {
    child: Child,
    log: PathBuf,
    /// Kept open: a server that cannot print ends.
    output: BufReader<ChildStdout>,
    /// Where it listens.
    pub address: SocketAddr,
    /// What it printed before it listened.
    pub printed: Vec<String>,
}

impl Server {
    /// Starts it on a free port and waits until it listens.
    ///
    /// # Panics
    /// It ended before that; its log is printed.
    pub fn start(dir: &Path, args: &[&str], settings: &[(&str, &str)]) -> Self {
        let log = dir.join(format!("server-{}.log", Uuid::new_v4().simple()));
        let mut command = crea(dir, args, settings);
        command.env("BIND", "127.0.0.1:0").stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.stderr(std::fs::File::create(&log).unwrap()).spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let mut server = Self { child, log, output, address: ([127, 0, 0, 1], 0).into(), printed: Vec::new() };
        let mut line = String::new();
        while server.output.read_line(&mut line).unwrap() > 0 {
            let line = std::mem::take(&mut line).trim_end().to_owned();
            if let Some(address) = line.strip_prefix("listening on http://") {
                server.address = address.parse().unwrap();
                return server;
            }
            server.printed.push(line);
        }
        let printed = &server.printed;
        panic!("the server ended: {printed:?}");
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// `kill -TERM`, then its exit code.
    pub fn stop(&mut self) -> Option<i32> {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("{} said:\n{}", self.address, std::fs::read_to_string(&self.log).unwrap_or_default());
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a server answered over the wire.
pub struct Reply {
    /// The status.
    pub status: u16,
    /// Status line and headers.
    pub head: String,
    /// The body.
    pub body: String,
}

impl Reply {
    /// The cookie that it sets, as a browser sends it back.
    pub fn cookie(&self) -> String {
        let line = self.head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap_or_default();
        line.split(';').next().unwrap().to_owned()
    }

    /// Where it redirects to.
    pub fn location(&self) -> &str {
        self.head.lines().find_map(|line| line.strip_prefix("location: ")).unwrap_or_default()
    }
}

/// What `/metrics` of a server says of one figure; its name with the labels, if it has any.
pub fn figure(server: SocketAddr, name: &str) -> Option<f64> {
    let reply = request(server, "/metrics", "", None).unwrap();
    reply.body.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok())
}

/// One request on a connection of its own. `form` is already encoded; without it the request is a GET.
///
/// # Errors
/// The server is gone, or it broke off in the middle.
pub fn request(server: SocketAddr, path: &str, cookie: &str, form: Option<&str>) -> std::io::Result<Reply> {
    let mut stream = TcpStream::connect(server)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let method = if form.is_some() { "POST" } else { "GET" };
    let form = form.unwrap_or_default();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nhost: {server}\r\nconnection: close\r\ncookie: {cookie}\r\n\
         sec-fetch-site: same-origin\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: {}\r\n\r\n{form}",
        form.len()
    )?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    // The end of the headers is the proof that the answer arrived.
    let broken = || std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
    let (head, body) = text.split_once("\r\n\r\n").ok_or_else(broken)?;
    let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or_else(broken)?;
    Ok(Reply { status, head: head.to_owned(), body: body.to_owned() })
}
