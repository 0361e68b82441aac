//! `Authorization: Bearer {api_key}:{api_secret}`: how it is read, and how the secret is compared. Knows no key.

use axum::http::{HeaderMap, header};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::web::api::header::only;

/// Longer than any key or secret, short enough to look up and to hash.
const PART_BYTES_MAX: usize = 256;

/// What a request says of who sends it. Nothing of it has been checked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Bearer<'a> {
    /// The API key.
    pub(super) key: &'a str,
    secret: &'a str,
    as_sent: &'a str,
}

impl<'a> Bearer<'a> {
    /// Reads the header; `None` when it has not the form, or there is not one of it.
    pub(super) fn read(headers: &'a HeaderMap) -> Option<Self> {
        let (scheme, credentials) = only(headers, header::AUTHORIZATION)?.split_once(' ')?;
        // Schemes are told apart without regard to case (RFC 9110, 11.1).
        if !scheme.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let as_sent = credentials.trim_matches(' ');
        let (key, secret) = as_sent.split_once(':')?;
        let fits = |part: &str| {
            (1..=PART_BYTES_MAX).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_graphic())
        };
        (fits(key) && fits(secret)).then_some(Self { key, secret, as_sent })
    }

    /// Key and secret together: where one pair worked, another secret for the same key is another attempt.
    pub(super) const fn as_sent(&self) -> &'a str {
        self.as_sent
    }

    /// Whether the secret is this one. Takes the same time for every secret, also for one of another length: what is
    /// compared are hashes.
    pub(super) fn knows(&self, secret: &[u8]) -> bool {
        let sent = Sha256::digest(self.secret.as_bytes());
        bool::from(sent.ct_eq(&Sha256::digest(secret)))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn headers(values: &[&[u8]]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::AUTHORIZATION, HeaderValue::from_bytes(value).unwrap());
        }
        headers
    }

    #[test]
    fn a_key_and_a_secret_are_read_whatever_the_case_of_the_scheme() {
        for value in [
            "Bearer pk_1:sk_2",
            "bearer pk_1:sk_2",
            "BEARER pk_1:sk_2",
            "Bearer   pk_1:sk_2 ",
        ] {
            let headers = headers(&[value.as_bytes()]);
            let bearer = Bearer::read(&headers).unwrap();
            assert_eq!((bearer.key, bearer.secret), ("pk_1", "sk_2"), "{value}");
        }
    }

    #[test]
    fn what_has_another_form_is_nobody() {
        let (long, most) = ("x".repeat(257), "x".repeat(256));
        let long_key = format!("Bearer {long}:sk_2");
        let long_secret = format!("Bearer pk_1:{long}");
        for value in [
            &b""[..],
            b"Bearer",
            b"Bearer ",
            b"Bearer pk_1",
            b"Bearer :",
            b"Bearer pk_1:",
            b"Bearer :sk_2",
            b"Basic pk_1:sk_2",
            b"Bearerpk_1:sk_2",
            b"Bearer\tpk_1:sk_2",
            b"Bearer pk_1: sk_2",
            b"Bearer pk_1 :sk_2",
            b"Bearer pk_1:sk_\xc3\xa9",
            b"Bearer pk_\xff:sk_2",
            b"pk_1:sk_2",
            long_key.as_bytes(),
            long_secret.as_bytes(),
        ] {
            assert!(
                Bearer::read(&headers(&[value])).is_none(),
                "{}",
                String::from_utf8_lossy(value)
            );
        }
        assert!(Bearer::read(&HeaderMap::new()).is_none());
        assert!(Bearer::read(&headers(&[format!("Bearer {most}:{most}").as_bytes()])).is_some());
    }

    #[test]
    fn two_headers_are_nobodys() {
        let same: [&[u8]; 2] = [b"Bearer pk_1:sk_2", b"Bearer pk_1:sk_2"];
        assert!(Bearer::read(&headers(&same)).is_none());
    }

    #[test]
    fn a_secret_is_known_whole_or_not_at_all() {
        let headers = headers(&[b"Bearer pk_1:sk_2:3"]);
        let bearer = Bearer::read(&headers).unwrap();
        assert_eq!(bearer.key, "pk_1");
        assert!(bearer.knows(b"sk_2:3"));
        for other in [&b""[..], b"sk_2", b"sk_2:", b"sk_2:4", b"sk_2:33", b"SK_2:3"] {
            assert!(!bearer.knows(other));
        }
    }
}
