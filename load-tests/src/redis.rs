//! What Redis counts: commands and bytes. It counts for everyone who uses it, so a run needs one of its own.

use anyhow::{Context, Result};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Figures of `INFO` since Redis began.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Counted {
    pub commands: f64,
    /// Into it and out of it.
    pub bytes: f64,
}

/// Asks `redis://HOST:PORT[/…]`.
pub async fn count(url: &str) -> Result<Counted> {
    let host = url.strip_prefix("redis://").and_then(|rest| rest.split('/').next());
    let host = host.context("only redis://HOST:PORT can be asked for its figures")?;
    let mut stream = TcpStream::connect(host).await.context("connecting to Redis")?;
    stream.write_all(b"INFO stats\r\nQUIT\r\n").await?;
    let mut text = String::new();
    stream.read_to_string(&mut text).await?;
    parse(&text).context("Redis does not tell its figures")
}

fn parse(info: &str) -> Option<Counted> {
    let figure = |name: &str| info.lines().find_map(|line| line.strip_prefix(name)?.trim().parse::<f64>().ok());
    let bytes = figure("total_net_input_bytes:")? + figure("total_net_output_bytes:")?;
    Some(Counted { commands: figure("total_commands_processed:")?, bytes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read() {
        let info =
            "$9\r\n# Stats\r\ntotal_commands_processed:7\r\ntotal_net_input_bytes:10\r\ntotal_net_output_bytes:5\r\n";
        assert_eq!(parse(info), Some(Counted { commands: 7.0, bytes: 15.0 }));
        assert_eq!(parse("-NOAUTH\r\n"), None);
    }
}
