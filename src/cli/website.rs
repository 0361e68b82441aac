//! The web site of a store: one written form, so that two spellings of one site are one.
//!
//! Crypto Pay's page ties a project to a real domain; the other APIs leave the site open.

use anyhow::{Context as _, bail};
use url::{Host, Url};

use crate::domain::shop::Dialect;

/// Reads a web site and writes it in its one form: `https://shop.example`, lower case, no trailing slash.
///
/// # Errors
/// When it is no web address or, for Crypto Pay, not on a real domain.
pub fn parse(text: &str, dialect: Dialect) -> anyhow::Result<String> {
    let text = text.trim();
    let whole = if text.contains("://") {
        text.to_owned()
    } else {
        format!("https://{text}")
    };
    let url = Url::parse(&whole)
        .with_context(|| format!("`{text}` is not a web address; write it like https://shop.example"))?;
    if !matches!(url.scheme(), "http" | "https") {
        bail!("`{text}` is not a web address; write it like https://shop.example");
    }
    if !url.username().is_empty() || url.password().is_some() {
        bail!("a web site's address has no user name or password; write it like https://shop.example");
    }
    match url.host() {
        Some(Host::Domain(name)) if dialect != Dialect::CryptoPay || is_real(name) => {}
        Some(Host::Ipv4(_) | Host::Ipv6(_)) if dialect != Dialect::CryptoPay => {}
        _ => bail!(
            "a crypto-pay store's web site must be on a real domain, such as https://shop.example; \
                    localhost and IP addresses are refused"
        ),
    }
    let mut site = url;
    site.set_query(None);
    site.set_fragment(None);
    Ok(site.as_str().trim_end_matches('/').to_owned())
}

/// The host of a web site in its one form, without `www.`: what must be unique over stores.
#[must_use]
pub fn host(site: &str) -> Option<String> {
    let url = Url::parse(site).ok()?;
    let host = url.host_str()?;
    Some(host.strip_prefix("www.").unwrap_or(host).to_owned())
}

fn is_real(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let top = name.rsplit('.').next().unwrap_or_default();
    name.len() <= 253
        && name.contains('.')
        && name.split('.').all(is_label)
        && !top.bytes().all(|byte| byte.is_ascii_digit())
        && !matches!(
            top,
            "localhost" | "local" | "localdomain" | "internal" | "invalid"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_spellings_of_one_site_are_one() {
        for text in [
            "shop.example",
            "https://SHOP.example/",
            " https://shop.example ",
            "https://shop.example/?a=1#b",
        ] {
            assert_eq!(
                parse(text, Dialect::CryptoPay).unwrap(),
                "https://shop.example",
                "{text}"
            );
        }
        assert_eq!(host("https://www.shop.example/de").unwrap(), "shop.example");
    }

    #[test]
    fn crypto_pay_wants_a_real_domain() {
        for text in [
            "http://localhost",
            "localhost:3000",
            "https://127.0.0.1",
            "https://[::1]",
            "https://shop",
            "https://a_b.example",
            "https://-a.example",
            "https://x.local",
            "https://shop.localhost",
            "ftp://shop.example",
            "https://",
            "",
            "https://u:p@shop.example",
        ] {
            assert!(parse(text, Dialect::CryptoPay).is_err(), "{text}");
        }
    }

    #[test]
    fn other_dialects_take_a_site_on_this_machine() {
        assert_eq!(
            parse("http://localhost:3000/", Dialect::Payhook).unwrap(),
            "http://localhost:3000"
        );
        assert!(parse("mailto:a@b.example", Dialect::Payhook).is_err());
    }
}
