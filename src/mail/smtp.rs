//! The way out: one SMTP server, named by `SMTP_URL`.

use std::time::Duration;

use anyhow::Context as _;
use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
};
use uuid::Uuid;

use super::Mail;

/// Longest wait for one answer of the server.
const PATIENCE: Duration = Duration::from_secs(15);
/// Characters kept of what a server said.
const WHY_CHARS: usize = 300;

/// A connection to the server, kept between mails.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// Why a mail was not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Whether it will never be taken.
    pub is_final: bool,
    /// In the server's words; never the mail's.
    pub why: String,
}

impl Smtp {
    /// `smtps://` is TLS from the start; `smtp://` is STARTTLS, required unless the server is this machine.
    ///
    /// # Errors
    /// Neither a server nor a sender can be read from the settings.
    pub fn new(url: &str, from: &str) -> anyhow::Result<Self> {
        let from = from.parse().context("MAIL_FROM must be an address, as CREA <crea@example.com>")?;
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(&with_tls(url)).context("SMTP_URL")?;
        Ok(Self { transport: builder.timeout(Some(PATIENCE)).build(), from })
    }

    /// Whether the server answers and takes our name and password.
    ///
    /// # Errors
    /// It does not.
    pub async fn check(&self) -> anyhow::Result<()> {
        anyhow::ensure!(self.transport.test_connection().await?, "the server does not answer");
        Ok(())
    }

    /// Sends one mail; `id` makes the Message-ID, so that a second try is seen to be the same mail.
    ///
    /// # Errors
    /// The server is away or does not want it.
    pub async fn send(&self, id: Uuid, mail: &Mail) -> Result<(), Refusal> {
        let message = self.message(id, mail).map_err(|error| Refusal { is_final: true, why: error.to_string() })?;
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            Err(error) => {
                let is_final = error.status().is_some_and(|code| is_final(code.into()));
                let why = format!("{:#}", anyhow::Error::new(error));
                Err(Refusal { is_final, why: why.chars().take(WHY_CHARS).collect() })
            }
        }
    }

    fn message(&self, id: Uuid, mail: &Mail) -> anyhow::Result<Message> {
        let to = mail.to.parse().map_err(|_| anyhow::anyhow!("the address cannot be written to"))?;
        // No vacation answers, please.
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
        Ok(Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(&mail.subject)
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()))
            .multipart(MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone()))?)
    }
}

/// Whether a reply code means never. A refused password (53x) is the operator's to mend: the mail waits.
fn is_final(code: u16) -> bool {
    (500..600).contains(&code) && !(530..540).contains(&code)
}

/// Says in the address how to encrypt, when its writer did not.
fn with_tls(url: &str) -> String {
    let place = url.strip_prefix("smtp://").map(|rest| rest.rsplit_once('@').map_or(rest, |(_, place)| place));
    let Some(place) = place.filter(|_| !url.contains("tls=")) else { return url.to_owned() };
    let server = place.split(['/', '?']).next().unwrap_or_default();
    let host = server.rsplit_once(':').map_or(server, |(host, _)| host);
    if ["localhost", "127.0.0.1", "[::1]"].contains(&host) {
        url.to_owned()
    } else {
        format!("{url}{}tls=required", if url.contains('?') { '&' } else { '?' })
    }
}

#[cfg(test)]
mod tests {
    use super::{is_final, with_tls};

    #[test]
    fn a_mail_is_given_up_for_what_it_is_and_not_for_how_we_are_set_up() {
        for (code, expected) in [(550, true), (554, true), (535, false), (530, false), (421, false), (451, false)] {
            assert_eq!(is_final(code), expected, "{code}");
        }
    }

    #[test]
    fn a_password_never_travels_in_the_clear() {
        let cases = [
            ("smtp://mail.example", "smtp://mail.example?tls=required"),
            ("smtp://u:p@mail.example:587", "smtp://u:p@mail.example:587?tls=required"),
            ("smtp://mail.example?tls=opportunistic", "smtp://mail.example?tls=opportunistic"),
            ("smtps://u:p@mail.example", "smtps://u:p@mail.example"),
            ("smtp://127.0.0.1:2525", "smtp://127.0.0.1:2525"),
            ("smtp://127.0.0.1.evil.example", "smtp://127.0.0.1.evil.example?tls=required"),
            ("smtp://u:localhost@mail.example", "smtp://u:localhost@mail.example?tls=required"),
        ];
        for (url, expected) in cases {
            assert_eq!(with_tls(url), expected, "{url}");
        }
    }
}
