//! The sections `[[networks.*.providers]]`: whom to ask, with keys taken from the environment.
//!
//! No message here shows a URL or a header's value: both may hold keys.

use std::collections::BTreeSet;
use std::fmt;

use url::Url;

use super::error::quoted;
use super::read::{Document, Section};
use super::settings::{ProviderKind, shown_host};
use crate::domain::network::Family;

/// A node to ask. Its URL and headers may hold keys, so it shows its host only.
#[derive(Clone, PartialEq, Eq)]
pub struct Provider {
    url: Url,
    headers: Vec<(String, String)>,
    kind: ProviderKind,
    ws: Option<Url>,
    requests_per_second: Option<u32>,
}

impl Provider {
    /// Where to post calls. A secret.
    #[must_use]
    pub const fn url(&self) -> &Url {
        &self.url
    }

    /// Headers to send along, names in lower case. Their values are secrets.
    #[must_use]
    pub fn headers(&self) -> &[(String, String)] {
        &self.headers
    }

    /// What it speaks.
    #[must_use]
    pub const fn kind(&self) -> ProviderKind {
        self.kind
    }

    /// Where it tells of new blocks by itself, if it does (`ws` or `wss`). A secret.
    #[must_use]
    pub const fn ws(&self) -> Option<&Url> {
        self.ws.as_ref()
    }

    /// How often it may be asked, when that was set.
    #[must_use]
    pub const fn requests_per_second(&self) -> Option<u32> {
        self.requests_per_second
    }

    /// The host and, when it is not the scheme's own, the port: fit to be shown, and what tells providers apart.
    #[must_use]
    pub fn host(&self) -> String {
        shown_host(&self.url)
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider")
            .field("host", &self.host())
            .finish_non_exhaustive()
    }
}

const HEADERS_MAX: usize = 16;
const REQUESTS_PER_SECOND_MAX: u32 = 10_000;

/// Reads the providers of a network of `family`. One that is wrong is reported and left out.
pub(super) fn read(sections: Vec<Section<'_>>, family: Family) -> Vec<Provider> {
    let mut hosts = BTreeSet::new();
    let mut providers = Vec::new();
    for section in sections {
        let (document, place, path) = (section.document, section.place.clone(), section.path().to_owned());
        let Some(provider) = provider(section, family) else {
            continue;
        };
        if !hosts.insert(provider.host()) {
            let message = format!(
                "`{path}` names {} twice; one host's agreement with itself proves nothing, so remove one",
                provider.host()
            );
            document.refuse(place, message);
        }
        providers.push(provider);
    }
    providers
}

fn provider(mut section: Section<'_>, family: Family) -> Option<Provider> {
    let document = section.document;
    let url = section.text("url");
    if !section.has("url") {
        let message = format!("`{}` needs a `url`", section.path());
        document.refuse(section.place.clone(), message);
    }
    let kinds = kinds(family);
    let kind = match kinds {
        [only] => *only,
        _ => section.word("kind", None, kind_of(url.as_ref().map(|url| &*url.value))),
    };
    let ws = match family {
        Family::Evm { .. } => section.text("ws"),
        Family::Bitcoin(_) | Family::Litecoin(_) | Family::Tron => None,
    };
    let requests_per_second = section.number("requests_per_second", 1..=REQUESTS_PER_SECOND_MAX, "requests");
    let headers = section.section("headers");
    section.close();
    let headers = read_headers(headers);
    let ws = ws.map(|ws| {
        let read = expand(&ws.value, document).and_then(|text| url_of(&text, &["wss", "ws"]));
        read.map_err(|fault| document.refuse(ws.place, format!("`{}` {fault}", ws.name)))
    });
    let url = url?;
    let schemes: &[&str] = match kind {
        ProviderKind::Node | ProviderKind::Esplora => &["https", "http"],
        ProviderKind::Electrum => &["ssl", "tcp"],
    };
    match expand(&url.value, document).and_then(|text| url_of(&text, schemes)) {
        Ok(url) => Some(Provider {
            url,
            headers,
            kind,
            ws: ws.transpose().ok()?,
            requests_per_second: requests_per_second.map(|field| field.value),
        }),
        Err(fault) => {
            document.refuse(url.place, format!("`{}` {fault}", url.name));
            None
        }
    }
}

/// What providers of a family can speak.
const fn kinds(family: Family) -> &'static [ProviderKind] {
    match family {
        Family::Bitcoin(_) | Family::Litecoin(_) => {
            &[ProviderKind::Node, ProviderKind::Esplora, ProviderKind::Electrum]
        }
        Family::Evm { .. } | Family::Tron => &[ProviderKind::Node],
    }
}

/// What a provider speaks when it is not said: the scheme tells Electrum servers from nodes.
fn kind_of(url: Option<&str>) -> ProviderKind {
    match url {
        Some(url) if url.starts_with("ssl:") || url.starts_with("tcp:") => ProviderKind::Electrum,
        Some(_) | None => ProviderKind::Node,
    }
}

pub(super) fn url_of(text: &str, schemes: &[&str]) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|_| "is not a URL; write it like \"https://node.example.com/rpc\"")?;
    if !schemes.contains(&url.scheme()) {
        let begins: Vec<String> = schemes.iter().map(|scheme| format!("{scheme}://")).collect();
        return Err(format!("must begin with {}", begins.join(" or ")));
    }
    // Schemes that URLs do not know by themselves come without a check of the host.
    let host = url.host_str().unwrap_or_default();
    if host.is_empty() || (matches!(url.scheme(), "ssl" | "tcp") && url.port().is_none()) {
        return Err("needs a host and a port, like \"ssl://electrum.example.com:50002\"".to_owned());
    }
    if url.fragment().is_some() {
        return Err("must not have a fragment (#)".to_owned());
    }
    Ok(url)
}

pub(super) fn read_headers(section: Section<'_>) -> Vec<(String, String)> {
    let document = section.document;
    let place = section.place.clone();
    let path = section.path().to_owned();
    let mut headers = Vec::new();
    for (name, value) in section.named_texts("text in quotes") {
        let lower = name.value.to_ascii_lowercase();
        if !is_header_name(&lower) {
            document.refuse(
                name.place,
                format!("{} cannot name a header", quoted(&name.value)),
            );
            continue;
        }
        let read = expand(value.value, document).and_then(|text| {
            let fits = text.len() <= 4096 && text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
            fits.then_some(text)
                .ok_or_else(|| "must be one line of plain ASCII".to_owned())
        });
        match read {
            Ok(text) => headers.push((lower, text)),
            Err(fault) => document.refuse(value.place, format!("`{}` {fault}", value.name)),
        }
    }
    if headers.len() > HEADERS_MAX {
        document.refuse(place, format!("`{path}` has more than {HEADERS_MAX} headers"));
    }
    headers
}

/// RFC 9110, 5.6.2: a token; less those that the client itself sets.
fn is_header_name(name: &str) -> bool {
    let own = [
        "connection",
        "content-length",
        "content-type",
        "host",
        "transfer-encoding",
    ];
    !own.contains(&name)
        && (1..=64).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// Puts variables of the environment where `${NAME}` stands, so that keys stay out of the file.
pub(super) fn expand(text: &str, document: &Document<'_>) -> Result<String, String> {
    let mut parts = text.split("${");
    let mut expanded = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part
            .split_once('}')
            .filter(|(name, _)| is_variable_name(name))
            .ok_or("has a `${` that no variable follows; write it like `${NODE_KEY}`")?;
        let value = document.variable(name).ok_or_else(|| {
            format!("needs the environment variable {name}, which is not set; set it where payd is started")
        })?;
        expanded.push_str(&value);
        expanded.push_str(rest);
    }
    Ok(expanded)
}

fn is_variable_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
