//! The web site of a store: one written form, so that two spellings of one site are one; and which addresses are on its
//! domain.
//!
//! Crypto Pay's page ties a project to a real domain; the other APIs leave the site open.

use url::{Host, Url};

use super::shop::{Dialect, Shop};

/// The longest address that a customer is sent to, in bytes.
pub const URL_BYTES_MAX: usize = 2048;

/// Why a text is not taken as a store's web site.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WebsiteError {
    /// Not the address of a web site.
    #[error("`{0}` is not a web address; write it like https://shop.example")]
    NotAnAddress(String),
    /// With a user name or a password.
    #[error("a web site's address has no user name or password; write it like https://shop.example")]
    HasUser,
    /// Crypto Pay's page refuses localhost, IP addresses and invalid hosts.
    #[error(
        "a crypto-pay store's web site must be on a real domain, such as https://shop.example; localhost and IP addresses \
         are refused"
    )]
    NotARealDomain,
}

/// A store of an API that ties it to its web site has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the store has no web site yet: `payd store set NAME --website https://...`")]
pub struct NoWebsite;

/// Reads a web site and writes it in its one form: `https://shop.example`, lower case, no trailing slash or dot.
///
/// # Errors
/// [`WebsiteError`] when it is no web address or, for Crypto Pay, not on a real domain.
pub fn parse(text: &str, dialect: Dialect) -> Result<String, WebsiteError> {
    let text = text.trim();
    let not_an_address = || WebsiteError::NotAnAddress(text.to_owned());
    let whole = if text.contains("://") {
        text.to_owned()
    } else {
        format!("https://{text}")
    };
    let mut site = Url::parse(&whole).map_err(|_| not_an_address())?;
    if !matches!(site.scheme(), "http" | "https") {
        return Err(not_an_address());
    }
    if !site.username().is_empty() || site.password().is_some() {
        return Err(WebsiteError::HasUser);
    }
    let domain = match site.host() {
        Some(Host::Domain(name)) if dialect != Dialect::CryptoPay || is_real(name) => Some(name.to_owned()),
        Some(Host::Ipv4(_) | Host::Ipv6(_)) if dialect != Dialect::CryptoPay => None,
        _ => return Err(WebsiteError::NotARealDomain),
    };
    if let Some(rooted) = domain.as_deref().and_then(|name| name.strip_suffix('.')) {
        site.set_host(Some(rooted)).map_err(|_| not_an_address())?;
    }
    // No domain has a part without a letter; of one with more than the dot at the end, there were many forms.
    if site
        .domain()
        .is_some_and(|name| name.split('.').any(str::is_empty))
    {
        return Err(not_an_address());
    }
    site.set_query(None);
    site.set_fragment(None);
    Ok(site.as_str().trim_end_matches('/').to_owned())
}

/// The host of a web site in its one form, without `www.`: what must be unique over stores.
#[must_use]
pub fn host(site: &str) -> Option<String> {
    let url = Url::parse(site).ok()?;
    let host = url.host_str()?;
    Some(without_www(host.strip_suffix('.').unwrap_or(host)).to_owned())
}

/// The host of a page that a customer may be sent to: a plain http or https address, as browsers read it. `None` for
/// everything that two readers could read in two ways.
#[must_use]
pub fn page_host(text: &str) -> Option<String> {
    let is_doubtful = |c: char| c.is_control() || c.is_whitespace() || c == '\\';
    if text.len() > URL_BYTES_MAX || text.chars().any(is_doubtful) {
        return None;
    }
    let (scheme, rest) = text.split_once("://")?;
    if !matches!(&*scheme.to_ascii_lowercase(), "http" | "https") || rest.starts_with('/') {
        return None;
    }
    // What stands before an @ is no host, whatever it looks like.
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return None;
    }
    let url = Url::parse(text).ok()?;
    url.host_str().filter(|host| !host.is_empty()).map(str::to_owned)
}

/// Whether a page's host is the domain of `site`, with or without `www.`. Another domain below it is not.
#[must_use]
pub fn is_on_domain_of(page_host: &str, site: &str) -> bool {
    host(site).is_some_and(|host| host == without_www(page_host))
}

impl Shop {
    /// The web site on whose domain the pages have to be that its customers are sent back to; `None` for any domain.
    ///
    /// # Errors
    /// [`NoWebsite`] when there has to be one.
    pub fn required_site(&self) -> Result<Option<&str>, NoWebsite> {
        match self.dialect {
            Dialect::CryptoPay => self.website.as_deref().map(Some).ok_or(NoWebsite),
            Dialect::Payhook | Dialect::Soko | Dialect::UsdtPayments | Dialect::Cryptopayment => Ok(None),
        }
    }
}

/// `www.example.com` and `example.com` are one site; `www.com` is a domain of its own.
fn without_www(host: &str) -> &str {
    host.strip_prefix("www.")
        .filter(|rest| rest.contains('.'))
        .unwrap_or(host)
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
            "https://shop.example./",
            "https://shop.example/?a=1#b",
        ] {
            assert_eq!(
                parse(text, Dialect::CryptoPay).unwrap(),
                "https://shop.example",
                "{text}"
            );
        }
        assert_eq!(host("https://www.shop.example/de").unwrap(), "shop.example");
        assert_eq!(host("https://shop.example.:8443").unwrap(), "shop.example");
        assert_eq!(host("https://www.com").unwrap(), "www.com");
        assert_eq!(
            parse("https://Bücher.example", Dialect::CryptoPay).unwrap(),
            "https://xn--bcher-kva.example"
        );
    }

    #[test]
    fn a_domain_has_no_part_without_a_letter_so_that_one_site_has_one_form() {
        for text in [
            "https://shop.example..",
            "https://shop.example...",
            "shop..example",
            ".shop.example",
        ] {
            for dialect in [Dialect::Payhook, Dialect::CryptoPay] {
                assert!(parse(text, dialect).is_err(), "{text}");
            }
        }
    }

    #[test]
    fn crypto_pay_wants_a_real_domain() {
        for text in [
            "http://localhost",
            "localhost:3000",
            "https://localhost.",
            "https://127.0.0.1",
            "https://127.1",
            "https://2130706433",
            "https://0x7f000001",
            "https://[::1]",
            "https://shop",
            "https://a_b.example",
            "https://-a.example",
            "https://x.local",
            "https://shop.localhost",
            "https://shop.example..",
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

    #[test]
    fn a_page_is_on_the_site_only_when_a_browser_goes_to_its_domain() {
        let site = "https://merchant-site.com";
        for (text, is_on_site) in [
            ("https://merchant-site.com/success", true),
            ("http://merchant-site.com", true),
            ("HTTPS://Merchant-Site.COM/success?order=1#top", true),
            ("https://www.merchant-site.com/success", true),
            ("https://merchant-site.com:8443/success", true),
            ("https://merchant-site%2Ecom/success", true),
            ("https://merchant-site.com/?to=https://evil.com", true),
            // Another domain.
            ("https://merchant-site.com.evil.com/success", false),
            ("https://evil.com/merchant-site.com", false),
            ("https://evil-merchant-site.com", false),
            ("https://merchant-site.co", false),
            ("https://merchant-site.com-evil.com", false),
            ("https://pay.merchant-site.com", false),
            ("https://www.www.merchant-site.com", false),
            ("https://com", false),
            ("https://1.2.3.4", false),
            // User info.
            ("https://merchant-site.com@evil.com/", false),
            ("https://merchant-site.com:443@evil.com/", false),
            ("https://user:password@merchant-site.com/", false),
            ("https://@merchant-site.com/", false),
            ("https://evil.com\\@merchant-site.com/", false),
            ("https://evil.com#@merchant-site.com/", false),
            ("https://evil.com?@merchant-site.com/", false),
            ("https://evil.com/@merchant-site.com/", false),
            // Slashes.
            ("https:\\\\merchant-site.com", false),
            ("https://evil.com\\.merchant-site.com", false),
            ("https:///merchant-site.com", false),
            ("https:merchant-site.com", false),
            ("https:/merchant-site.com", false),
            ("//merchant-site.com", false),
            ("/success", false),
            ("merchant-site.com", false),
            // Schemes.
            ("javascript:alert(1)//://merchant-site.com", false),
            ("javascript://merchant-site.com/%0aalert(1)", false),
            ("data:text/html,merchant-site.com", false),
            ("ftp://merchant-site.com", false),
            ("file://merchant-site.com", false),
            // Hosts that only look right.
            ("https://merchant-site.com./", false),
            ("https://merch\u{430}nt-site.com/", false),
            ("https://xn--merchnt-site-cfj.com/", false),
            ("https://merchant-site.com%00.evil.com/", false),
            ("https://merchant-site.com%2f.evil.com/", false),
            ("https://merchant-site.com%23.evil.com/", false),
            ("https://merchant-site。com.evil.com/", false),
            // Ports.
            ("https://merchant-site.com:", true),
            ("https://merchant-site.com:99999/", false),
            ("https://merchant-site.com:80:80/", false),
            ("https://merchant-site.com:evil.com/", false),
            // What parsers drop.
            (" https://merchant-site.com", false),
            ("https://merchant-site.com/\n", false),
            ("https://merchant\t-site.com/", false),
            ("https://merchant-site.com/a b", false),
            ("", false),
        ] {
            let found = page_host(text).is_some_and(|host| is_on_domain_of(&host, site));
            assert_eq!(found, is_on_site, "{text}");
        }
        let longest = format!("https://merchant-site.com/{}", "a".repeat(URL_BYTES_MAX - 26));
        assert!(page_host(&longest).is_some());
        assert_eq!(page_host(&format!("{longest}a")), None);
    }

    #[test]
    fn a_site_with_letters_of_another_script_is_met_in_both_its_spellings() {
        let site = parse("https://bücher.example", Dialect::CryptoPay).unwrap();
        for (text, is_on_site) in [
            ("https://bücher.example/danke", true),
            ("https://BÜCHER.example/danke", true),
            ("https://xn--bcher-kva.example/danke", true),
            ("https://bucher.example/danke", false),
            ("https://bücher.example.evil.com/danke", false),
        ] {
            let found = page_host(text).is_some_and(|host| is_on_domain_of(&host, &site));
            assert_eq!(found, is_on_site, "{text}");
        }
        // The site itself may be known with www.
        assert!(is_on_domain_of(
            "merchant-site.com",
            "https://www.merchant-site.com/de"
        ));
    }
}
