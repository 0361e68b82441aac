//! The sections `[[networks.*.providers]]`: whom to ask, with keys taken from the environment.
//!
//! No message here shows a URL or a header's value: both may hold keys.

use std::collections::BTreeSet;

use url::Url;

use super::error::quoted;
use super::read::{Document, Section};
use super::settings::Provider;

const HEADERS_MAX: usize = 16;

/// Reads a network's providers. One that is wrong is reported and left out.
pub(super) fn read(sections: Vec<Section<'_>>) -> Vec<Provider> {
    let mut hosts = BTreeSet::new();
    let mut providers = Vec::new();
    for section in sections {
        let (document, place, path) = (section.document, section.place.clone(), section.path().to_owned());
        let Some(provider) = provider(section) else {
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

fn provider(mut section: Section<'_>) -> Option<Provider> {
    let document = section.document;
    let url = section.text("url");
    if !section.has("url") {
        let message = format!("`{}` needs a `url`", section.path());
        document.refuse(section.place.clone(), message);
    }
    let headers = section.section("headers");
    section.close();
    let headers = read_headers(headers);
    let url = url?;
    let read = expand(&url.value, document).and_then(|text| node_url(&text).map_err(str::to_owned));
    match read {
        Ok(url) => Some(Provider { url, headers }),
        Err(fault) => {
            document.refuse(url.place, format!("`{}` {fault}", url.name));
            None
        }
    }
}

pub(super) fn node_url(text: &str) -> Result<Url, &'static str> {
    let fault = "is not a URL; write it like \"https://node.example.com/rpc\"";
    let url = Url::parse(text).map_err(|_| fault)?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("must begin with https:// or http://");
    }
    if url.fragment().is_some() {
        return Err("must not have a fragment (#)");
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
