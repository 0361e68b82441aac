//! Where a channel leads and with what credentials. Shows no secret of itself.

use std::fmt;

use super::ChannelKind;

crate::domain::vocabulary! {
    /// How a letter travels to its server.
    MailSecurity, "mail security" {
        /// TLS from the first byte (port 465, RFC 8314).
        Tls = "tls",
        /// TLS after a greeting (port 587); nothing is sent without it.
        StartTls = "starttls",
        /// Without: for a server on this machine.
        Plain = "plain",
    }
}

/// Where a channel leads.
#[derive(Clone, PartialEq, Eq)]
pub enum Destination {
    /// A letter.
    Email {
        /// The server's host.
        host: String,
        /// Its port.
        port: u16,
        /// How the letter gets there.
        security: MailSecurity,
        /// Who signs in there; empty for nobody.
        user: String,
        /// With what.
        password: String,
        /// The address that it is from.
        from: String,
        /// The address that it goes to.
        to: String,
    },
    /// A message of a bot.
    Telegram {
        /// The server of the Bot API.
        server: String,
        /// The bot's token.
        token: String,
        /// The chat.
        chat: String,
    },
    /// A push.
    Ntfy {
        /// The server.
        server: String,
        /// The topic, which whoever knows it can read.
        topic: String,
        /// An access token; empty for none.
        token: String,
    },
    /// A post.
    Webhook {
        /// Where to.
        url: String,
        /// What it is signed with.
        secret: String,
    },
}

impl fmt::Debug for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Destination({})", self.kind())
    }
}

/// A field of a destination that is missing or cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the field `{0}` is missing or is not one")]
pub struct BadField(pub &'static str);

/// The Bot API's own server.
pub const TELEGRAM_SERVER: &str = "https://api.telegram.org";

/// The server of ntfy's makers.
pub const NTFY_SERVER: &str = "https://ntfy.sh";

/// Longer than any field is.
const FIELD_BYTES_MAX: usize = 512;

impl Destination {
    /// How the merchant is reached.
    #[must_use]
    pub const fn kind(&self) -> ChannelKind {
        match self {
            Self::Email { .. } => ChannelKind::Email,
            Self::Telegram { .. } => ChannelKind::Telegram,
            Self::Ntfy { .. } => ChannelKind::Ntfy,
            Self::Webhook { .. } => ChannelKind::Webhook,
        }
    }

    /// The fields by name: what [`Self::read`] reads.
    #[must_use]
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Email {
                host,
                port,
                security,
                user,
                password,
                from,
                to,
            } => vec![
                ("host", host.clone()),
                ("port", port.to_string()),
                ("security", security.word().to_owned()),
                ("user", user.clone()),
                ("password", password.clone()),
                ("from", from.clone()),
                ("to", to.clone()),
            ],
            Self::Telegram { server, token, chat } => vec![
                ("server", server.clone()),
                ("token", token.clone()),
                ("chat", chat.clone()),
            ],
            Self::Ntfy { server, topic, token } => vec![
                ("server", server.clone()),
                ("topic", topic.clone()),
                ("token", token.clone()),
            ],
            Self::Webhook { url, secret } => vec![("url", url.clone()), ("secret", secret.clone())],
        }
    }

    /// Reads a destination from its fields, of which `get` gives the values; empty for one that is not there.
    ///
    /// # Errors
    /// [`BadField`]: the first that is wrong.
    pub fn read<'f>(kind: ChannelKind, get: impl Fn(&'static str) -> &'f str) -> Result<Self, BadField> {
        let text = |name: &'static str| {
            let value = get(name).trim();
            let is_plain = value.len() <= FIELD_BYTES_MAX && !value.chars().any(char::is_control);
            is_plain.then(|| value.to_owned()).ok_or(BadField(name))
        };
        let needed = |name| text(name).and_then(|value| filled(value, name));
        Ok(match kind {
            ChannelKind::Email => Self::Email {
                host: needed("host")?,
                port: needed("port")?
                    .parse()
                    .ok()
                    .filter(|port| *port != 0)
                    .ok_or(BadField("port"))?,
                security: needed("security")?.parse().map_err(|_| BadField("security"))?,
                user: text("user")?,
                password: text("password")?,
                from: mailbox(needed("from")?, "from")?,
                to: mailbox(needed("to")?, "to")?,
            },
            ChannelKind::Telegram => Self::Telegram {
                server: or(text("server")?, TELEGRAM_SERVER),
                token: needed("token").and_then(|token| {
                    let is_one = token
                        .chars()
                        .all(|c| c.is_ascii_alphanumeric() || ":_-".contains(c));
                    is_one.then_some(token).ok_or(BadField("token"))
                })?,
                chat: needed("chat")?,
            },
            ChannelKind::Ntfy => Self::Ntfy {
                server: or(text("server")?, NTFY_SERVER),
                topic: needed("topic").and_then(|topic| {
                    let is_one = topic
                        .chars()
                        .all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
                    is_one.then_some(topic).ok_or(BadField("topic"))
                })?,
                token: text("token")?,
            },
            ChannelKind::Webhook => Self::Webhook {
                url: needed("url")?,
                secret: needed("secret")?,
            },
        })
    }

    /// What may be shown of it: where it leads, without what opens anything.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Email { to, .. } => to.clone(),
            Self::Telegram { chat, .. } => chat.clone(),
            Self::Ntfy { server, .. } => host(server).to_owned(),
            Self::Webhook { url, .. } => host(url).to_owned(),
        }
    }
}

/// The host of a URL, and its port where it names one.
#[must_use]
pub fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let authority = rest.get(..end).unwrap_or_default();
    authority.rsplit('@').next().unwrap_or_default()
}

fn filled(value: String, name: &'static str) -> Result<String, BadField> {
    if value.is_empty() {
        Err(BadField(name))
    } else {
        Ok(value)
    }
}

fn or(value: String, default: &str) -> String {
    // Also what stands between the slashes at its end: what is written down reads back to itself.
    let bare = value.trim_end_matches(|char: char| char == '/' || char.is_whitespace());
    if bare.is_empty() {
        default.to_owned()
    } else {
        bare.to_owned()
    }
}

fn mailbox(value: String, name: &'static str) -> Result<String, BadField> {
    let is_one = value
        .rsplit_once('@')
        .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
    if is_one { Ok(value) } else { Err(BadField(name)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: ChannelKind, fields: &[(&str, &'static str)]) -> Result<Destination, BadField> {
        let get = |name: &'static str| {
            let found = fields.iter().find(|(known, _)| *known == name);
            found.map_or("", |(_, value)| *value)
        };
        Destination::read(kind, get)
    }

    #[test]
    fn a_server_has_neither_slashes_nor_spaces_at_its_end() {
        for (typed, server) in [
            ("https://ntfy.example/", "https://ntfy.example"),
            ("https://ntfy.example / /", "https://ntfy.example"),
            ("//", NTFY_SERVER),
        ] {
            let read = read(ChannelKind::Ntfy, &[("server", typed), ("topic", "t")]).unwrap();
            assert_eq!(read.fields()[0], ("server", server.to_owned()), "{typed}");
        }
    }

    #[test]
    fn what_is_missing_or_wrong_is_named_and_what_is_right_comes_back_as_it_was() {
        let email = [
            ("host", "mail.example"),
            ("port", "465"),
            ("security", "tls"),
            ("from", "payd@example.com"),
            ("to", "me@example.com"),
        ];
        let whole = read(ChannelKind::Email, &email).unwrap();
        let fields = whole.fields();
        let again = Destination::read(ChannelKind::Email, |name| {
            let found = fields.iter().find(|(known, _)| *known == name);
            found.map_or("", |(_, value)| value.as_str())
        });
        assert_eq!(again, Ok(whole));
        for (field, value) in [
            ("host", ""),
            ("port", "0"),
            ("port", "x"),
            ("security", "ssl"),
            ("to", "me"),
            ("from", "a@b\r\nBcc: c@d"),
        ] {
            let mut wrong = email.to_vec();
            wrong.retain(|(name, _)| *name != field);
            wrong.push((field, value));
            assert_eq!(
                read(ChannelKind::Email, &wrong),
                Err(BadField(field)),
                "{value:?}"
            );
        }
        assert_eq!(
            read(ChannelKind::Ntfy, &[("topic", "a/b")]),
            Err(BadField("topic"))
        );
        assert_eq!(
            read(ChannelKind::Telegram, &[("token", "1:a/x"), ("chat", "1")]),
            Err(BadField("token"))
        );
        let bot = read(ChannelKind::Telegram, &[("token", "1:a"), ("chat", "-7")]).unwrap();
        assert!(format!("{bot:?}").len() < 30, "no secret: {bot:?}");
        assert_eq!(bot.shown(), "-7");
    }
}
