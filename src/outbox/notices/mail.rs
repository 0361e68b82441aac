//! Letters over SMTP. The server's name is resolved here and not by the C library, which a static binary cannot rely on;
//! its certificate is checked against the name all the same.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use futures_util::future::BoxFuture;
use lettre::message::{Mailbox, MessageBuilder, header};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};

use super::{Letters, Said};
use crate::domain::notice::{Destination, MailSecurity};
use crate::domain::time::UnixMillis;
use crate::net::resolve::Lookup;
use crate::outbox::guard::Guard;

/// How long one command of the conversation may take.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(10);

/// A letter, and where it is handed in.
pub struct Mail {
    host: String,
    port: u16,
    security: MailSecurity,
    user: String,
    password: String,
    from: String,
    to: String,
    said: Said,
    at: UnixMillis,
}

impl Mail {
    /// What is said at a time, as a letter; `None` where the destination is no mailbox.
    pub(super) fn of(destination: Destination, said: &Said, at: UnixMillis) -> Option<Self> {
        match destination {
            Destination::Email {
                host,
                port,
                security,
                user,
                password,
                from,
                to,
            } => Some(Self {
                host,
                port,
                security,
                user,
                password,
                from,
                to,
                said: said.clone(),
                at,
            }),
            Destination::Telegram { .. } | Destination::Ntfy { .. } | Destination::Webhook { .. } => None,
        }
    }
}

/// Hands letters in over SMTP.
pub struct Smtp {
    lookup: Arc<dyn Lookup>,
    guard: Guard,
}

impl Smtp {
    /// Resolves names by `lookup`, and goes nowhere that the guard refuses.
    #[must_use]
    pub fn new(lookup: Arc<dyn Lookup>, guard: Guard) -> Self {
        Self { lookup, guard }
    }

    fn tls(mail: &Mail) -> Result<Tls, String> {
        if mail.security == MailSecurity::Plain {
            return Ok(Tls::None);
        }
        let mut parameters = TlsParameters::builder(mail.host.clone());
        for root in webpki_root_certs::TLS_SERVER_ROOT_CERTS {
            let root = Certificate::from_der(root.to_vec()).map_err(|error| error.to_string())?;
            parameters = parameters.add_root_certificate(root);
        }
        let parameters = parameters.build_rustls().map_err(|error| error.to_string())?;
        Ok(match mail.security {
            MailSecurity::Tls => Tls::Wrapper(parameters),
            MailSecurity::StartTls => Tls::Required(parameters),
            MailSecurity::Plain => Tls::None,
        })
    }

    async fn hand_in(&self, mail: Mail) -> Result<(), String> {
        let found = self
            .lookup
            .lookup(&mail.host)
            .await
            .map_err(|error| error.to_string())?;
        let address = found
            .into_iter()
            .find(|ip| self.guard.allows(*ip))
            .ok_or("the mail server's name leads to no address that is allowed")?;
        if mail.security == MailSecurity::Plain && !mail.user.is_empty() && !address.is_loopback() {
            return Err(
                "a password goes to another machine over TLS only: choose tls or starttls".to_owned(),
            );
        }
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(address.to_string())
            .port(mail.port)
            .tls(Self::tls(&mail)?)
            .hello_name(ClientId::Domain("payd".to_owned()))
            .timeout(Some(COMMAND_TIMEOUT));
        let message = message(&mail)?;
        if !mail.user.is_empty() {
            builder = builder.credentials(Credentials::new(mail.user, mail.password));
        }
        let sent = builder.build().send(message).await;
        sent.map(|_| ())
            .map_err(|error| match std::error::Error::source(&error) {
                Some(source) => format!("{error}: {source}"),
                None => error.to_string(),
            })
    }
}

impl Letters for Smtp {
    fn send(&self, mail: Mail) -> BoxFuture<'_, Result<(), String>> {
        Box::pin(self.hand_in(mail))
    }
}

/// One line without what steers or turns a line around: readers of mail show a title as it is.
fn title(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_steering =
        |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    words.join(" ").replace(is_steering, "\u{fffd}")
}

fn message(mail: &Mail) -> Result<lettre::Message, String> {
    let mailbox = |text: &str, what: &str| {
        text.parse::<Mailbox>()
            .map_err(|error| format!("the address {what} is none: {error}"))
    };
    let builder: MessageBuilder = lettre::Message::builder();
    builder
        .from(mailbox(&mail.from, "that it is from")?)
        .to(mailbox(&mail.to, "that it goes to")?)
        .subject(title(&mail.said.title))
        .date(mail.at.utc().map_or(SystemTime::UNIX_EPOCH, SystemTime::from))
        .header(header::ContentType::TEXT_PLAIN)
        .body(mail.said.text.clone())
        .map_err(|error| error.to_string())
}
