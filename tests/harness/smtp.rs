//! A mail server on loopback that speaks SMTP (RFC 5321) and keeps what it is given.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

/// A mail that arrived.
#[derive(Clone, Debug)]
pub struct Received {
    /// The envelope's recipients.
    pub to: Vec<String>,
    /// Headers and bodies, lines ended by `\n`.
    pub data: String,
}

/// The server, until the test ends.
#[derive(Clone)]
pub struct Smtp {
    address: SocketAddr,
    kept: Arc<Mutex<Vec<Received>>>,
    replies: Arc<Mutex<VecDeque<&'static str>>>,
}

impl Smtp {
    /// Listens on a free port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self { address: listener.local_addr().unwrap(), kept: Arc::default(), replies: Arc::default() };
        let at_work = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = at_work.clone();
                // A client that hangs up is no failure of the server.
                tokio::spawn(async move { server.talk(stream).await.ok() });
            }
        });
        server
    }

    /// As `SMTP_URL` says it.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// Answers the next mail's content with this instead of taking it, as `451 later` or `550 never`.
    pub fn refuse(&self, reply: &'static str) {
        self.replies.lock().unwrap().push_back(reply);
    }

    /// What was taken so far.
    pub fn kept(&self) -> Vec<Received> {
        self.kept.lock().unwrap().clone()
    }

    async fn talk(&self, stream: TcpStream) -> std::io::Result<()> {
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        let mut to = Vec::new();
        write.write_all(b"220 test.example ESMTP\r\n").await?;
        while let Some(line) = lines.next_line().await? {
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
            let reply = match verb.as_str() {
                "EHLO" | "HELO" => "250-test.example\r\n250-8BITMIME\r\n250 SMTPUTF8",
                "MAIL" => {
                    to.clear();
                    "250 sender ok"
                }
                "RCPT" => {
                    let address = line.split(['<', '>']).nth(1).unwrap_or_default();
                    to.push(address.to_owned());
                    "250 recipient ok"
                }
                "DATA" if to.is_empty() => "503 whom to?",
                "DATA" => {
                    write.write_all(b"354 end with a dot\r\n").await?;
                    let mut data = String::new();
                    while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                        // A dot at the start of a line was doubled (RFC 5321, 4.5.2).
                        data.push_str(line.strip_prefix('.').unwrap_or(&line));
                        data.push('\n');
                    }
                    let refusal = self.replies.lock().unwrap().pop_front();
                    if refusal.is_none() {
                        self.kept.lock().unwrap().push(Received { to: to.clone(), data });
                    }
                    refusal.unwrap_or("250 taken")
                }
                "RSET" | "NOOP" => "250 ok",
                "QUIT" => {
                    write.write_all(b"221 bye\r\n").await?;
                    return Ok(());
                }
                _ => "502 not known here",
            };
            write.write_all(format!("{reply}\r\n").as_bytes()).await?;
        }
        Ok(())
    }
}

impl Received {
    /// A header's value, or nothing.
    pub fn header(&self, name: &str) -> String {
        let head = self.data.split("\n\n").next().unwrap_or_default();
        let start = format!("{}: ", name.to_lowercase());
        let found = head.lines().find(|line| line.to_lowercase().starts_with(&start));
        found.map_or_else(String::new, |line| line[start.len()..].trim().to_owned())
    }

    /// Everything, with quoted-printable undone: enough to find words and links.
    pub fn plain(&self) -> String {
        let joined = self.data.replace("=\n", "");
        let mut bytes = Vec::new();
        let mut rest = joined.as_bytes();
        while let Some((first, more)) = rest.split_first() {
            let code = (*first == b'=').then(|| more.get(..2)).flatten();
            match code.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok()) {
                Some(byte) => {
                    bytes.push(byte);
                    rest = &more[2..];
                }
                None => {
                    bytes.push(*first);
                    rest = more;
                }
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The path of the first link that starts with `/start`.
    pub fn link(&self, start: &str) -> String {
        let plain = self.plain();
        let at = plain.find(start).unwrap_or_else(|| panic!("no {start} in {plain}"));
        plain[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '/' || *c == '-').collect()
    }
}
